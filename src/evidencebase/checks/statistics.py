"""What a figure is, against itself: its statistic, unit, comparator and counts; and claims that nobody has read yet."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from evidencebase.base import Base
from evidencebase.checks.check import check
from evidencebase.checks.context import Context, error, note, warning
from evidencebase.checks.lookup import listed
from evidencebase.model.amounts import amount, number
from evidencebase.model.records import MAX_SAYS, Claim, Finding
from evidencebase.model.statistics import STATISTICS, Need
from evidencebase.model.vocabulary import PERCENT
from evidencebase.problems import Code, Problem, Severity
from evidencebase.provenance.figures import rate_disagrees
from evidencebase.rules.rounding import prints_as, rounded

_PLAIN = ("prevalence", "proportion", "share")
_OF_EVENTS = ("rate", "incidence", "prevalence")


@check(
    Code(
        "statistic-unread",
        Severity.WARNING,
        "a figure of which nobody has read yet what statistic it is",
        "An older format did not tell a mean from a total; nothing was guessed when the base was migrated.",
        "unread: [statistic]\nvalue: 12000\nunit: gbp",
        "statistic: cost-mean\nvalue: 12000\nunit: gbp",
    ),
    Code(
        "unit-dimension",
        Severity.ERROR,
        "a statistic in a unit that it cannot have",
        "A prevalence is a part of a group; a number of people is a count.",
        "statistic: prevalence\nunit: persons\nvalue: 45",
        "statistic: count\nunit: persons\nvalue: 45",
    ),
    Code(
        "statistic-versus",
        Severity.ERROR,
        "a ratio or difference against nothing",
        "Two times more than whom? Without the comparator the number says nothing.",
        "statistic: risk-ratio\nvalue: 2.1",
        "statistic: risk-ratio\nvalue: 2.1\nversus: {group: non-swimmers}",
    ),
    Code(
        "statistic-needs",
        Severity.WARNING,
        "a statistic without what it is read by",
        "A risk runs over a time, a rank is among so many, a score is on a scale, a standardised rate is of a standard"
        " population. Without it the number cannot be set beside another.",
        "statistic: rank\nvalue: 6",
        "statistic: rank\nvalue: 6\nout_of: 151",
    ),
    Code(
        "statistic-standardised",
        Severity.ERROR,
        "a standardised ratio that says it is not standardised",
        "Observed cases are divided by those expected of the standard population: that is indirect standardisation.",
        "statistic: standardised-ratio\nstandardised: none",
        "statistic: standardised-ratio\nstandardised: indirect\nstandard: England and Wales 2011",
    ),
)
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
        if finding.statistic == "standardised-ratio" and finding.standardised in ("none", "direct"):
            message = f"a standardised-ratio, standardised: {finding.standardised}: it is {kind.meaning}"
            hint = "say `standardised: indirect`, or name the statistic that is printed"
            yield error(entry, ("standardised",), "statistic-standardised", message, hint)
        lacking = [name for name in _needs(finding) if not getattr(finding, name)]
        if "versus" in lacking:
            message = f"a {finding.statistic} against nothing: it is {kind.meaning}"
            hint = "say under `versus` against which group, place, period or level, in the words of the document"
            yield error(entry, ("statistic",), "statistic-versus", message, hint)
        if rest := [name for name in lacking if name != "versus"]:
            message = f"a {finding.statistic} without {listed(rest)}: it is {kind.meaning}"
            hint = "add it from the document; where none prints it, suppress the warning with that reason"
            yield warning(entry, ("statistic",), "statistic-needs", message, hint)


def _needs(finding: Finding) -> tuple[Need, ...]:
    """What a finding cannot do without: what its statistic needs, and the standard of whatever is standardised."""
    needs = STATISTICS[finding.statistic].needs if finding.statistic else ()
    standard: tuple[Need, ...] = ("standard",) if finding.standardised in ("direct", "indirect") else ()
    return tuple(dict.fromkeys((*needs, *standard)))


@check(
    Code(
        "arithmetic-cases",
        Severity.WARNING,
        "a percent or a rate that is not its cases of its number",
        "One of the three was read wrongly; only a weighted, standardised or adjusted rate may differ.",
        "value: 45\ncases: 40\nn: 100",
        "value: 40\ncases: 40\nn: 100",
    ),
)
def check_cases(context: Context) -> Iterator[Problem]:
    """Percents and rates that are not their cases of their number; a weighted or standardised one need not be."""
    base = context.base
    for entry, finding in base.each(Finding):
        unit = base.unit(entry)
        per = _per(base, finding, unit)
        if per is None or finding.cases is None or not finding.n or finding.value is None or finding.qualifiers:
            continue
        exact = finding.cases / finding.n * per
        if not prints_as((exact, exact), finding.value):
            units = base.vocabulary.units
            would = amount(rounded(exact, like=finding.value), unit, units)
            message = (
                f"{number(finding.cases)} of {number(finding.n)} are {would}, not {amount(finding.value, unit, units)}"
            )
            hint = "compare all three with the passage; a weighted rate says `weighted: true`, others `standardised`"
            yield warning(entry, ("cases",), "arithmetic-cases", message, hint)


def _per(base: Base, finding: Finding, unit: str | None) -> Decimal | None:
    """How many a plain percent (100) or a plain rate (100,000) is of; None of every other figure."""
    if finding.weighted or finding.adjusted_for or finding.standardised in ("direct", "indirect"):
        return None
    if finding.statistic in _PLAIN and unit == PERCENT:
        return Decimal(100)
    known = base.vocabulary.units.get(unit or "")
    is_rate = finding.statistic in _OF_EVENTS and known is not None and known.dimension == "rate"
    return 1 / known.factor if is_rate and known and known.factor else None


@check(
    Code(
        "statistic-heading",
        Severity.ERROR,
        "a table's heading prints another rate than its column's unit",
        "A rate per 1,000 taken for one per 100,000 is wrong by a hundred times.",
        'columns:\n  rate: {unit: per-1000, heading: "Rate per 100,000"}',
        'columns:\n  rate: {unit: per-100000, heading: "Rate per 100,000"}',
    ),
)
def check_headings(context: Context) -> Iterator[Problem]:
    """Columns of tables whose heading names a rate of so many, where their unit is a rate of another number."""
    for table in context.base.tables.values():
        for name, column in table.spec.columns.items():
            printed = rate_disagrees(column.unit, context.base.counted.get(column.unit, ()), column.heading or "")
            if printed:
                message = f"the heading of column {name} prints {printed}, its unit is {column.unit}"
                hint = "name the unit that is printed, or anchor the column to its own heading"
                yield Problem(Severity.ERROR, "statistic-heading", table.place, message, hint, table.spec.id)


@check(
    Code(
        "statistic-suppressed",
        Severity.ERROR,
        "the mark of a withheld number is in none of its passages",
        "What is printed in place of the number is all there is to match.",
        'suppressed: "<5"\nanchors: [{document: pool-report, fragment: "Ashford swimmers"}]',
        'suppressed: "<5"\nanchors: [{document: pool-report, fragment: "Ashford swimmers <5"}]',
    ),
)
def check_suppressed(context: Context) -> Iterator[Problem]:
    """Withheld numbers whose mark stands in none of their passages."""
    for entry, finding in context.base.each(Finding):
        mark = finding.suppressed
        passages = [context.base.passage(anchor) or "" for _, anchor, _ in entry.record.anchored()]
        if mark is not None and not any(mark in words for words in passages):
            message = f"suppressed, printed as {mark}: that stands in none of the record's passages"
            yield error(entry, ("suppressed",), "statistic-suppressed", message, "anchor it where the mark is printed")


@check(
    Code(
        "claim-says",
        Severity.WARNING,
        "a sentence of more than 200 characters",
        "A claim is one sentence; a longer one says more than one thing, and more than its passage.",
        "says: a sentence that goes on and on ...",
        "says: most children in clubs learn to swim before they are seven",
    ),
    Code(
        "claim-unread",
        Severity.NOTE,
        "claims with fields that nobody has read yet",
        "An older format did not ask for them. What is unread is not known, and no sentence says it.",
        "kind: relation\nunread: [exposure, link, modality]",
        "kind: relation\nlink: linked\nmodality: suggested",
    ),
)
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
