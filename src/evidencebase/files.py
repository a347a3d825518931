"""Writing files so that a reader never sees half of one."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

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
    try:
        with beside(file, f".{file.name}-") as new:
            new.write_bytes(data)
    except OSError as error:
        message = f"{file} cannot be written: {error.strerror or error}"
        raise EvidenceError(message, _ROOM) from error


@contextmanager
def beside(file: Path, prefix: str) -> Iterator[Path]:
    """A new file beside another, of a name with that prefix, which is flushed to disk and takes the other's place.

    It keeps the permissions of the file it replaces; where there is none it has those that the umask leaves. While it
    is written nobody can read more of it than that. Raises OSError where something cannot be written; the new file is
    removed then, as by any other exception, and the old one is as it was.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    kept = _permissions(file)
    new = file.with_name(f"{prefix}{token_hex(8)}")
    os.close(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666 if kept is None else 0o600))
    try:
        yield new
        with new.open("r+b") as stream:
            os.fsync(stream.fileno())
        if kept is not None:
            new.chmod(kept)
        new.replace(file)
    finally:
        with suppress(OSError):
            new.unlink()


def _permissions(file: Path) -> int | None:
    """Who may read and write a file; None where there is none."""
    return file.stat().st_mode & 0o777 if file.exists() else None


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
        journal.mkdir(mode=0o700, exist_ok=True)  # some of the files may be closed to others
        for index, (file, content) in enumerate(old.items()):
            if content is not None:
                write_whole(journal / str(index), content)
                shutil.copymode(file, journal / str(index))
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
            if (kept := _permissions(file)) is not None:
                staged.chmod(kept)
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
                    shutil.copymode(journal / index, file)
            (journal / _INDEX).unlink()
        except (OSError, ValueError, TypeError, AttributeError) as error:
            message = f"the old files cannot be put back: {error}"
            raise EvidenceError(message, f"they are in {journal}, by the names in {_INDEX}") from error
    shutil.rmtree(journal, ignore_errors=True)
    return found
