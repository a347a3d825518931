"""Writing files so that a reader never sees half of one."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from evidencebase.problems import EvidenceError

JOURNAL = ".evidence-changing"
_INDEX = "index.json"
_STALE_SECONDS = 30
_PATIENCE_SECONDS = 60
_PAUSE_SECONDS = 0.02
_ROOM = "check the folder's permissions and free space"


def write_whole(file: Path, content: str | bytes) -> None:
    """Write a file beside its place, flush it to disk, and rename it into place.

    Raises EvidenceError where that cannot be done; the old file is then as it was.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    name = None
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(file.stat().st_mode & 0o777 if file.exists() else 0o644)
        Path(name).replace(file)
    except OSError as error:
        if name:
            with suppress(OSError):
                Path(name).unlink()
        message = f"{file} cannot be written: {error.strerror or error}"
        raise EvidenceError(message, _ROOM) from error


@contextmanager
def alone(file: Path) -> Iterator[None]:
    """Wait until nobody else writes a file, so that two who finish at once lose nothing.

    A file beside it, made only where there is none, says that someone writes; on every system, unlike the locks of
    one. One older than 30 seconds was left by a program that died. Raises EvidenceError where it cannot be made, or
    stays for a minute.
    """
    mark = file.with_name(f".{file.name}.lock")
    end = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(mark, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            break
        except FileExistsError:
            _clear_away(mark)
        except PermissionError as error:
            # Windows says so, for a moment, of a file that is just being removed.
            if not mark.exists():
                raise EvidenceError(f"{file.parent} cannot be written to: {error.strerror}", _ROOM) from error
        except OSError as error:
            raise EvidenceError(f"{file.parent} cannot be written to: {error.strerror}", _ROOM) from error
        if time.monotonic() > end:
            raise EvidenceError(f"{file} is being written by someone else", f"try again; else remove {mark.name}")
        time.sleep(_PAUSE_SECONDS)
    try:
        yield
    finally:
        with suppress(OSError):
            mark.unlink()


def _clear_away(mark: Path) -> None:
    """Remove what a program that died left; where two see it at once, only one of them moves it."""
    with suppress(OSError):
        seen = mark.stat()
        if time.time() - seen.st_mtime < _STALE_SECONDS:
            return
        aside = mark.with_name(f"{mark.name}-{os.getpid()}")
        mark.replace(aside)
        if aside.stat().st_mtime_ns != seen.st_mtime_ns:  # someone had moved it, and this is a new one
            aside.replace(mark)
        else:
            aside.unlink()


def replace_together(folder: Path, changes: Mapping[Path, bytes | None]) -> None:
    """Give several files of a folder new content, or remove them (None): all of them, or none.

    The old content is laid by first, in a folder that `put_back` reads: where the program is stopped between two
    files, the next run finds what it needs to undo the half. Raises EvidenceError where something cannot be written;
    every file is then as it was.
    """
    put_back(folder)
    journal = folder / JOURNAL
    old = {file: file.read_bytes() if file.exists() else None for file in changes}
    try:
        for index, (file, content) in enumerate(old.items()):
            if content is not None:
                write_whole(journal / str(index), content)
            new = changes[file]
            if new is not None:
                write_whole(journal / f"{index}.new", new)
        names = {str(index): [file.relative_to(folder).as_posix(), old[file] is None] for index, file in enumerate(old)}
        write_whole(journal / _INDEX, json.dumps(names))
        for index, (file, content) in enumerate(changes.items()):
            if content is None:
                file.unlink(missing_ok=True)
                continue
            file.parent.mkdir(parents=True, exist_ok=True)
            staged = journal / f"{index}.new"
            staged.chmod(file.stat().st_mode & 0o777 if file.exists() else 0o644)
            staged.replace(file)
    except OSError as error:
        put_back(folder)
        message = f"{error.filename or folder} cannot be written: {error.strerror or error}"
        raise EvidenceError(message, f"{_ROOM}; nothing was changed") from error
    except BaseException:
        put_back(folder)
        raise
    (journal / _INDEX).unlink()
    shutil.rmtree(journal, ignore_errors=True)


def interrupted(folder: Path) -> bool:
    """Whether a change of several files was stopped half way."""
    return (folder / JOURNAL / _INDEX).exists()


def put_back(folder: Path) -> bool:
    """Undo a change of several files that was stopped half way; whether there was one.

    Raises EvidenceError where the old content cannot be put back; it is then still laid by.
    """
    journal = folder / JOURNAL
    found = interrupted(folder)
    if found:
        try:
            names: dict[str, tuple[str, bool]] = json.loads((journal / _INDEX).read_text("utf-8"))
            for index, (name, was_absent) in names.items():
                file = (folder / name).resolve()
                if not file.is_relative_to(folder.resolve()):
                    raise ValueError(f"{name} is not in the folder")  # noqa: TRY301
                if was_absent:
                    file.unlink(missing_ok=True)
                else:
                    write_whole(file, (journal / index).read_bytes())
            (journal / _INDEX).unlink()
        except (OSError, ValueError, TypeError, AttributeError) as error:
            message = f"the old files cannot be put back: {error}"
            raise EvidenceError(message, f"they are in {journal}, by the names in {_INDEX}") from error
    shutil.rmtree(journal, ignore_errors=True)
    return found
