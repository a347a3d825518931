"""What can be wrong: with the data (`Problem`), or with how the program was called (`UsageError`).

Loaders and checks never raise for bad data. They return what they could make of it together with
a list of problems, so that one run names every fault and not only the first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_NEAREST = 3
_LIKE = 50


class Severity(StrEnum):
    """How much a problem matters: an error stops a build, a warning does not, a note reports what was published."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file. `line` and `column` count from 1; None where there is no line to name."""

    path: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        """`path:line:column`, clickable in editors."""
        return ":".join(str(part) for part in (self.path, self.line, self.column) if part is not None)


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: what is wrong (`message`), where (`place`), how to mend it (`hint`).

    `code` is stable, kebab-case, and starts with its family (`anchor-not-found`).
    `record` is the id of the record at fault, None where a whole file is. `beside` is what the record
    says and what the document says instead, for showing side by side. `touches` are the ids of the records that are
    not whole because of it.
    """

    severity: Severity
    code: str
    place: Place
    message: str
    hint: str
    record: str | None = None
    beside: tuple[str, str] | None = field(default=None, compare=False)
    touches: tuple[str, ...] = field(default=(), compare=False)

    @property
    def path(self) -> str:
        """The file, as shown to people: relative to the base folder where it lies in it."""
        return self.place.path

    @property
    def line(self) -> int | None:
        """Line in the file, from 1."""
        return self.place.line

    @property
    def column(self) -> int | None:
        """Column in the line, from 1."""
        return self.place.column

    def as_dict(self) -> dict[str, object]:
        """The shape printed by `--format json`."""
        return {
            "severity": str(self.severity),
            "code": self.code,
            "record": self.record,
            "path": self.path,
            "line": self.line,
            "column": self.column,
            "message": self.message,
            "hint": self.hint,
            **({"touches": list(self.touches)} if self.touches else {}),
        }


@dataclass(frozen=True, slots=True)
class Code:
    """What a code means (`title`), why it matters, and an invented example: at fault, and mended.

    `severity` is the worst it is raised with. The examples are YAML unless the code is about another kind of file.
    `mend` says in words what to do where nothing in the base can be rewritten.
    """

    name: str
    severity: Severity
    title: str
    why: str
    fault: str
    mend: str


class EvidenceError(Exception):
    """What was asked cannot be done. The message is for people; no traceback is shown.

    `exit_code` is 1: the data, a file or the machine is at fault.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(EvidenceError):
    """The command or function was called with something it does not take: exit code 2."""

    exit_code = 2


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """Up to three of the known names that are most like one that is not known, best first."""
    from rapidfuzz import fuzz, process, utils

    like = process.extract(
        name, list(known), scorer=fuzz.WRatio, processor=utils.default_process, limit=_NEAREST, score_cutoff=_LIKE
    )
    return [found for found, _, _ in like]


def did_you_mean(name: str, known: Iterable[str], otherwise: str) -> str:
    """The mend for a name that is not known: those most like it, else `otherwise`."""
    near = nearest(name, known)
    return f"did you mean {', '.join(near)}?" if near else otherwise
