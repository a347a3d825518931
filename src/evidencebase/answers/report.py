"""Checking a whole base: load it, match its anchors, run every check, and count what was not checked."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from evidencebase.base import Base
from evidencebase.checks import CHECKS, Context
from evidencebase.checks.explanations import EXPLANATIONS, codes_of
from evidencebase.folder import BaseFolder
from evidencebase.loading import load
from evidencebase.problems import Place, Problem, Severity
from evidencebase.provenance.library import Library, documents_folder
from evidencebase.provenance.lock import Lock, read_lock
from evidencebase.provenance.matching import Matching, match_base
from evidencebase.provenance.mentions import Words
from evidencebase.provenance.seal import Reviews, Seal
from evidencebase.provenance.words import Worded, rule
from evidencebase.reading.language import language_of


@dataclass
class Report:
    """The outcome of a check: what was matched, and every problem that was selected."""

    base: Base
    matching: Matching
    lock: Lock
    reviews: Reviews
    problems: list[Problem]
    suppressed: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    worded: Worded = field(default_factory=Worded)

    def count(self, severity: Severity) -> int:
        """How many problems there are of one severity."""
        return sum(problem.severity is severity for problem in self.problems)

    def fails(self, *, strict: bool = False) -> bool:
        """Whether the check fails: on errors, or on warnings too when `strict`."""
        return bool(self.count(Severity.ERROR) or (strict and self.count(Severity.WARNING)))

    def as_dict(self) -> dict[str, Any]:
        """The shape printed by `evidence check --format json`."""
        return {
            "summary": {
                "anchors": {kind: asdict(count) for kind, count in self.matching.counts.items()},
                "words": self.worded.counts,
                "errors": self.count(Severity.ERROR),
                "warnings": self.count(Severity.WARNING),
                "notes": self.count(Severity.NOTE),
                "suppressed": self.suppressed,
                "ignored": sum(self.left_out.values()),
                "seals": {str(seal): self.reviews.counts[seal] for seal in Seal},
            },
            "problems": [problem.as_dict() for problem in self.problems],
        }


def check_base(
    folder: BaseFolder | Path | str | None = None,
    documents: Path | None = None,
    *,
    require_documents: bool = False,
    select: tuple[str, ...] = (),
    ignore: tuple[str, ...] = (),
    today: date | None = None,
) -> Report:
    """Check a base as `evidence check` does.

    `documents` is the folder of the documents. `select` and `ignore` are problem codes or their prefixes.
    `today` is the date that staleness is judged by. Raises UsageError where `folder` is no base, or for a name that is
    no code.
    """
    selected = {code for name in select for code in codes_of(name)} or set(EXPLANATIONS)
    selected -= {code for name in ignore for code in codes_of(name)}
    base, problems = load(folder)
    lock, lock_problems = read_lock(base)
    library = Library(base, documents_folder(base, documents))
    matching = match_base(base, library, lock, require_documents=require_documents)
    words = Words(base, library, language_of(base.folder.path))
    worded = rule(words, matching, lock, require_documents=require_documents)
    context = Context(base, matching, lock, today or datetime.now(tz=UTC).date(), worded, words)
    problems += lock_problems + matching.problems
    problems += [problem for check in CHECKS for problem in check(context)]
    problems += _nothing_checked(matching)
    kept, suppressed = _unsuppressed(base, problems)
    chosen = [problem for problem in kept if problem.code in selected]
    left_out = Counter(problem.code for problem in kept if problem.code not in selected)
    return Report(base, matching, lock, context.reviews, sorted(set(chosen), key=_order), suppressed, left_out, worded)


def _order(problem: Problem) -> tuple[str, int, int, str, str]:
    return problem.path, problem.line or 0, problem.column or 0, problem.code, problem.message


def _unsuppressed(base: Base, problems: list[Problem]) -> tuple[list[Problem], int]:
    """Drop what a record suppresses with a reason. What fails its shape or its anchor cannot be suppressed."""
    known = {(entry.key, suppression.code) for entry in base.entries.values() for suppression in entry.record.suppress}
    kept = [
        problem
        for problem in problems
        if (problem.record, problem.code) not in known or problem.code.startswith(("shape-", "anchor-", "review-"))
    ]
    return kept, len(problems) - len(kept)


def _nothing_checked(matching: Matching) -> list[Problem]:
    """A base with no anchor to check has shown nothing: that is an error, never a pass."""
    if any(count.checked for count in matching.counts.values()):
        return []
    message = "no anchor was checked: there is nothing to vouch for"
    hint = "add records to evidence/, or name the right folder with --base"
    return [Problem(Severity.ERROR, "anchor-none", Place("evidence"), message, hint)]
