"""What a figure is, against itself: its statistic, unit, comparator and counts; and claims that nobody has read yet."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from evidencebase.checks.context import Context, error, note, warning
from evidencebase.checks.lookup import listed
from evidencebase.model.records import MAX_SAYS, Claim, Finding
from evidencebase.model.statistics import STATISTICS
from evidencebase.model.vocabulary import PERCENT
from evidencebase.problems import Problem, Severity
from evidencebase.rules.rounding import prints_as

_PLAIN = ("prevalence", "proportion", "share")


def check_statistics(context: Context) -> Iterator[Problem]:
    """Statistics whose unit is of another dimension, or without what they cannot do without."""
    base = context.base
    for entry, finding in base.each(Finding):
        if finding.statistic is None:
            message = "nobody has read which statistic this figure is; an older format did not say"
            hint = "read the passage, write `statistic`, take it out of `unread`, and have the record reviewed"
            yield warning(entry, ("unread",), "statistic-unread", message, hint)
            continue
        kind, unit = STATISTICS[finding.statistic], base.unit(entry)
        dimension = base.vocabulary.dimension(unit) if unit else None
        if dimension is not None and dimension not in kind.takes:
            message = f"a {finding.statistic} in {unit}, which is a {dimension}: it is {kind.meaning}"
            hint = f"name the statistic that is printed, or its unit: a {finding.statistic} takes {listed(kind.takes)}"
            yield error(entry, ("statistic",), "unit-dimension", message, hint)
        lacking = [name for name in kind.needs if not getattr(finding, name)]
        if "versus" in lacking:
            message = f"a {finding.statistic} against nothing: it is {kind.meaning}"
            hint = "say under `versus` against which group, place, period or level, in the words of the document"
            yield error(entry, ("statistic",), "statistic-versus", message, hint)
        if rest := [name for name in lacking if name != "versus"]:
            message = f"a {finding.statistic} without {listed(rest)}: it is {kind.meaning}"
            yield note(entry, ("statistic",), "statistic-needs", message, "add it where the document prints it")


def check_cases(context: Context) -> Iterator[Problem]:
    """Percents that are not their cases of their number asked; a weighted rate need not be."""
    for entry, finding in context.base.each(Finding):
        plain = finding.statistic in _PLAIN and context.base.unit(entry) == PERCENT and not finding.weighted
        if not plain or finding.cases is None or not finding.n or finding.value is None or finding.qualifiers:
            continue
        exact = finding.cases / finding.n * Decimal(100)
        if not prints_as((exact, exact), finding.value):
            message = f"{finding.cases} of {finding.n} are {exact:.2f}%, not {finding.value}%"
            hint = "compare all three with the passage; a weighted rate says `weighted: true`"
            yield warning(entry, ("cases",), "arithmetic-cases", message, hint)


def check_suppressed(context: Context) -> Iterator[Problem]:
    """Withheld numbers whose mark stands in none of their passages."""
    for entry, finding in context.base.each(Finding):
        mark = finding.suppressed
        passages = [context.base.passage(anchor) or "" for _, anchor, _ in entry.record.anchored()]
        if mark is not None and not any(mark in words for words in passages):
            message = f"suppressed, printed as {mark}: that stands in none of the record's passages"
            yield error(entry, ("suppressed",), "statistic-suppressed", message, "anchor it where the mark is printed")


def check_claims(context: Context) -> Iterator[Problem]:
    """Sentences that are too long for one, and what nobody has read of claims yet: one note for each file."""
    unread: dict[str, list[str]] = {}
    first: dict[str, Problem] = {}
    for entry, claim in context.base.each(Claim):
        if claim.says and len(claim.says) > MAX_SAYS:
            message = f"says: {len(claim.says)} characters; a sentence has at most {MAX_SAYS}"
            yield warning(entry, ("says",), "claim-says", message, "say it more shortly, and no more than the passage")
        if claim.unread:
            problem = note(entry, ("unread",), "claim-unread", "", "")
            first.setdefault(problem.path, problem)
            unread.setdefault(problem.path, []).append(entry.key)
    for path, keys in unread.items():
        message = f"{len(keys)} claims here name fields under `unread` that nobody has read yet: {listed(keys)}"
        hint = "read each passage again, write the fields, take them out of `unread`, and have the claim reviewed"
        yield Problem(Severity.NOTE, "claim-unread", first[path].place, message, hint)
