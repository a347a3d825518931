"""What a check may look at, and how it reports."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from evidencebase.base import Base, Entry
from evidencebase.model.values import Path
from evidencebase.problems import Problem, Severity
from evidencebase.provenance.lock import Lock
from evidencebase.provenance.matching import Matching
from evidencebase.provenance.mentions import Words
from evidencebase.provenance.seal import Reviews
from evidencebase.provenance.words import Worded


@dataclass(frozen=True)
class Context:
    """A base with its anchors matched. `today` is passed in, so that a check depends on nothing hidden."""

    base: Base
    matching: Matching
    lock: Lock
    today: date
    worded: Worded = field(default_factory=Worded)
    words: Words | None = None

    @cached_property
    def reviews(self) -> Reviews:
        """The verdicts of the base, and what they make of each record."""
        return Reviews(self.base)

    @cached_property
    def faithful(self) -> set[tuple[str, str]]:
        """The (kind, id) of every record that is true to its document: it has anchors, and all of them hold."""
        held: set[tuple[str, str]] = set()
        failed: set[tuple[str, str]] = set()
        for outcome in self.matching.outcomes:
            key = (outcome.entry.kind, outcome.entry.key)
            (held if outcome.passes else failed).add(key)
        return held - failed


def error(entry: Entry, path: Path, code: str, message: str, hint: str) -> Problem:
    """A problem that stops a build."""
    return Problem(Severity.ERROR, code, entry.place(path), message, hint, entry.key)


def warning(entry: Entry, path: Path, code: str, message: str, hint: str) -> Problem:
    """A problem that does not stop a build."""
    return Problem(Severity.WARNING, code, entry.place(path), message, hint, entry.key)


def note(entry: Entry, path: Path, code: str, message: str, hint: str) -> Problem:
    """What is odd in what was published; the record is true to it."""
    return Problem(Severity.NOTE, code, entry.place(path), message, hint, entry.key)
