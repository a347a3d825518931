"""Finding the knowledge base: the folder named, else one found by walking up, else the one that ships."""

from __future__ import annotations

import re
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

    def files(self, folder: str, suffix: str) -> list[Path]:
        """The files below a folder of the base, sorted; nothing behind a symbolic link that leaves the base."""
        root = self.path.resolve()
        found = sorted((self.path / folder).rglob(f"*{suffix}")) if (self.path / folder).is_dir() else []
        return [file for file in found if file.is_file() and file.resolve().is_relative_to(root)]


def is_base(folder: Path) -> bool:
    """Whether the folder has a metadata.yml that marks it as a base."""
    try:
        with (folder / METADATA).open("rb") as stream:
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
            raise UsageError(message, f"add `evidencebase: {{format: 1}}` to its {METADATA}, or name another folder")
        return BaseFolder(named.resolve(), read_only=named.resolve() == SHIPPED.resolve())
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if is_base(folder):
            return BaseFolder(folder)
    if is_base(SHIPPED):
        return BaseFolder(SHIPPED, read_only=True)
    message = f"no knowledge base in {here} or above it"
    raise UsageError(message, f"go to a folder with a {METADATA}, or name one with --base")
