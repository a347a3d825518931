"""Finding the knowledge base: the folder named, else one found by walking up, else the one that ships."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from evidencebase.problems import UsageError

METADATA = "metadata.yml"
SHIPPED = Path(__file__).parent / "shipped"
_MARK = re.compile(rb"^evidencebase\s*:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class BaseFolder:
    """The folder of a base. `read_only` is true of the base inside an installed package."""

    path: Path
    read_only: bool = False

    def shown(self, file: Path) -> str:
        """A path as people see it: relative to the base where it lies in it."""
        try:
            return file.relative_to(self.path).as_posix()
        except ValueError:
            return str(file)

    def files(self, folder: str, suffix: str) -> tuple[list[Path], list[tuple[Path, str]]]:
        """The files below a folder of the base, sorted, and what was left out there with the reason.

        Nothing is read from behind a symbolic link that leaves the base; no linked folder is entered.
        """
        found: list[Path] = []
        left_out: list[tuple[Path, str]] = []
        top = self.path / folder
        if not os.path.lexists(top):
            return found, left_out

        def unreadable(error: OSError) -> None:
            left_out.append((Path(error.filename or top), f"cannot be read: {error.strerror}"))

        for parent, folders, names in os.walk(top, onerror=unreadable):
            here = Path(parent)
            left_out += [(here / name, "is a link to a folder") for name in folders if (here / name).is_symlink()]
            for name in (name for name in (*folders, *names) if name.endswith(suffix) and not name.startswith(".#")):
                why = self.unfit(here / name)
                if why:
                    left_out.append((here / name, why))
                else:
                    found.append(here / name)
        return sorted(found), sorted(set(left_out))

    def unfit(self, file: Path) -> str:
        """Why a path is not a file of this base that can be read; empty where it is one."""
        try:
            mode = file.stat().st_mode
            inside = file.resolve().is_relative_to(self.path.resolve())
        except (OSError, RuntimeError, ValueError) as error:
            return f"cannot be read: {getattr(error, 'strerror', None) or error}"
        if stat.S_ISDIR(mode):
            return "is a folder, not a file"
        if not stat.S_ISREG(mode):
            return "is not a regular file"
        return "" if inside else "leads out of the base"


def is_base(folder: Path) -> bool:
    """Whether the folder has a metadata.yml that marks it as a base."""
    file = folder / METADATA
    try:
        if not file.is_file():
            return False
        with file.open("rb") as stream:
            return bool(_MARK.search(stream.read(1 << 20)))
    except OSError:
        return False


def find_base(named: Path | None = None, start: Path | None = None) -> BaseFolder:
    """The base to work on.

    `named` is the folder given with --base; without it the search walks up from `start` (the current
    folder) and ends at the base shipped in the package. Raises UsageError where there is none.
    """
    if named is not None:
        if not is_base(named):
            message = f"{named} is not a knowledge base: it has no {METADATA} with an `evidencebase:` entry"
            raise UsageError(message, f"add `evidencebase: {{format: 2}}` to its {METADATA}, or name another folder")
        return BaseFolder(named.resolve(), read_only=named.resolve() == SHIPPED.resolve())
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if is_base(folder):
            return BaseFolder(folder, read_only=folder == SHIPPED.resolve())
    if is_base(SHIPPED):
        return BaseFolder(SHIPPED, read_only=True)
    message = f"no knowledge base in {here} or above it"
    raise UsageError(message, f"go to a folder with a {METADATA}, or name one with --base")
