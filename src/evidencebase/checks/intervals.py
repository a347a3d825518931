"""Published intervals, and what is called significant, against the numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from evidencebase.base import Base
from evidencebase.checks.check import check
from evidencebase.checks.context import Context, error, note, warning
from evidencebase.model.amounts import amount, number
from evidencebase.model.anchors import Anchor
from evidencebase.model.records import Claim, Finding, Study
from evidencebase.model.vocabulary import PERCENT
from evidencebase.problems import Code, Problem, Severity
from evidencebase.reading.folding import fold
from evidencebase.rules.precision import is_weighted

_Z_95 = 1.96
_LEAST_DESIGN_EFFECT = 1.5
_SPLITS = (0.4, 0.5, 0.6)


@check(
    Code(
        "interval-order",
        Severity.ERROR,
        "the lower limit is above the upper",
        "The limits were swapped in reading.",
        "interval: {lower: 45, upper: 37}",
        "interval: {lower: 37, upper: 45}",
    ),
    Code(
        "interval-outside",
        Severity.ERROR,
        "the value lies outside its own interval",
        "Mostly the limits of another row.",
        "value: 41\ninterval: {lower: 22, upper: 30}",
        "value: 41\ninterval: {lower: 37, upper: 45}",
    ),
)
def check_limits(context: Context) -> Iterator[Problem]:
    """Intervals whose limits are the wrong way round, or that do not hold their value."""
    for entry, finding in context.base.each(Finding):
        interval = finding.interval
        if interval is None:
            continue
        if interval.lower > interval.upper:
            message = f"the lower limit {interval.lower} is above the upper limit {interval.upper}"
            hint = "swap them, if the document prints them so"
            yield error(entry, ("interval", "lower"), "interval-order", message, hint)
        elif finding.value is not None and not interval.lower <= finding.value <= interval.upper:
            message = f"{finding.value} lies outside its interval, {interval.lower} to {interval.upper}"
            hint = "compare value and limits with the document; is the interval another row's?"
            yield error(entry, ("interval",), "interval-outside", message, hint)


@check(
    Code(
        "interval-confidence",
        Severity.ERROR,
        "the confidence of an interval is not printed with it, or another is",
        "95 is taken for granted, and sometimes it is 99: the confidence is recorded only where it is printed.",
        'interval: {lower: 37, upper: 45, confidence: 95}\nanchors: [{document: d, fragment: "41 (99% CI 37 to 45)"}]',
        'interval: {lower: 37, upper: 45, confidence: 99}\nanchors: [{document: d, fragment: "41 (99% CI 37 to 45)"}]',
    ),
)
def check_confidence(context: Context) -> Iterator[Problem]:
    """Intervals whose confidence stands in none of the record's passages, headings of its columns and captions."""
    base = context.base
    for entry, finding in base.each(Finding):
        if finding.interval is None or finding.interval.confidence is None:
            continue
        recorded = finding.interval.confidence
        printed = {level for _, anchor, _ in entry.record.anchored() for level in _levels(_around(base, anchor))}
        if recorded in printed:
            continue
        if printed:
            others = " and ".join(f"{level}%" for level in sorted(printed))
            message = f"the confidence is recorded as {recorded}%, the passage prints {others}"
        else:
            message = f"the confidence of {recorded}% is printed in none of the record's passages"
        hint = "leave it out unless it is printed; anchor it where it is: `for: [interval]` and the words, as “95% CI”"
        yield error(entry, ("interval", "confidence"), "interval-confidence", message, hint)


_LEVEL = r"(\d{2}(?:\.\d{1,2})?)(?:\s?%|\s?per\s?cent)?"
_CALLED = r"(?:C\.?I\.?s?|CLs?|UCL|LCL|confidence(?:\s(?:intervals?|limits?))?|upper|lower|UCI|LCI)(?![a-z])"
_CONFIDENCE = re.compile(
    rf"\b{_LEVEL}\s?{_CALLED}|\b{_CALLED}\s?[(:=-]?\s?(?:at\s)?{_LEVEL}(?=\s?[)%]|$)", re.IGNORECASE
)


def _levels(words: str) -> Iterator[Decimal]:
    """The confidence that words print beside an interval, in percent: 95 of "95% CI"."""
    for match in _CONFIDENCE.finditer(words):
        yield Decimal(match[1] or match[2])


def _around(base: Base, anchor: Anchor) -> str:
    """The words of an anchor; of a cell also the headings of its table, and its caption."""
    table = base.tables.get((anchor.document, anchor.table or ""))
    headings = [column.heading for column in table.spec.columns.values()] if table else []
    printed = [base.passage(anchor), table.spec.caption if table else None, *headings]
    return "; ".join(fold(words).text for words in printed if words)


@check(
    Code(
        "interval-weighted",
        Severity.WARNING,
        "a Wilson interval of a weighted figure, unlabelled",
        "Wilson's formula takes the sample for a simple one; weighting makes it less precise than that.",
        "weighted: true\ninterval: {lower: 37, upper: 45, method: wilson}",
        "weighted: true\ninterval: {lower: 35, upper: 47, method: wilson on effective n}",
    ),
)
def check_methods(context: Context) -> Iterator[Problem]:
    """Intervals by a formula for simple random samples on weighted figures, without saying so."""
    for entry, finding in context.base.each(Finding):
        method = (finding.interval.method or "").lower() if finding.interval else ""
        told = any(word in method for word in ("effective", "design", "weighted"))
        if "wilson" in method and not told and is_weighted(finding, context.base):
            message = "a Wilson interval of a weighted figure: it takes the sample for a simple one and is too narrow"
            hint = "say so in the method (“wilson, effective n”), or give the interval that the survey publishes"
            yield warning(entry, ("interval", "method"), "interval-weighted", message, hint)


@check(
    Code(
        "interval-significant",
        Severity.NOTE,
        "a difference called significant that the numbers do not bear out",
        "The two-sample z test on the published percentages and numbers asked gives less than 1.96.",
        "significance: significant   # 45% of 50 and 38% of 50: z is 0.71",
        "The survey's own test may know more; do not repeat the word without it.",
    ),
    Code(
        "interval-similar",
        Severity.NOTE,
        "a difference called statistically similar that the numbers call significant",
        "Only a large design effect would make it so; the message says how large.",
        "significance: not-significant   # 6.2% and 4.9% of about 5,000 each",
        "Find the survey's own intervals before repeating that the two are alike.",
    ),
)
def check_significance(context: Context) -> Iterator[Problem]:
    """Differences called significant, or not, that the percentages and the numbers asked do not bear out.

    The two-sample z test of published percentages, as for simple random samples. A difference that is said not
    to be significant is reported only where a design effect of 1.5 would still leave it so.
    """
    base = context.base
    told: set[tuple[str, ...]] = set()
    for entry, claim in base.each(Claim):
        if claim.significance not in ("significant", "not-significant"):
            continue
        pair = _pair(base, claim)
        tested = _tested(base, *pair) if pair else None
        if pair is None or tested is None or (claim.significance, *sorted(finding.id for finding in pair)) in told:
            continue
        told.add((claim.significance, *sorted(finding.id for finding in pair)))
        z, how = tested
        shown = " and ".join(amount(finding.value, PERCENT) for finding in pair if finding.value is not None)
        if claim.significance == "significant" and z < _Z_95:
            message = f"{shown} is called significant; z is {z:.2f} {how}, below {_Z_95}"
            hint = "the survey's own test may know more; do not repeat the word without it"
            yield note(entry, ("significance",), "interval-significant", message, hint)
        elif claim.significance == "not-significant" and z >= _Z_95 * _LEAST_DESIGN_EFFECT**0.5:
            effect = (z / _Z_95) ** 2
            message = (
                f"{shown} is called statistically similar; z is at least {z:.2f} {how}, so the survey's design effect"
                f" would have to be above {effect:.1f} for the difference not to be significant at 95%"
            )
            hint = "find the survey's own intervals before repeating that the two are alike"
            yield note(entry, ("significance",), "interval-similar", message, hint)


def _pair(base: Base, claim: Claim) -> tuple[Finding, Finding] | None:
    """The two percentages that a claim compares: of its group, and of the other; None unless there are just two."""
    if claim.adjusted_for or claim.against is None or len(claim.findings) != 2:
        return None
    found = {finding.group: finding for key in claim.findings if (finding := base.get(Finding, key))}
    one, other = found.get(claim.group), found.get(claim.against)
    if one is None or other is None or one.measure != other.measure or one.study != other.study:
        return None
    measure = base.vocabulary.measures.get(one.measure)
    return (one, other) if measure and measure.unit == PERCENT and one.value and other.value else None


def _tested(base: Base, one: Finding, other: Finding) -> tuple[float, str] | None:
    """The size of z, and on how many people; None where neither the figures nor their study say how many."""
    if one.n and other.n:
        how = f"for {number(one.n)} and {number(other.n)} people drawn at random"
        z = _z(one, other, float(one.n), float(other.n))
        return None if z is None else (z, how)
    study = base.get(Study, one.study)
    groups = [base.vocabulary.groups.get(finding.group or "") for finding in (one, other)]
    sexes = {group.sex for group in groups if group}
    ages = {(group.age_min, group.age_max) for group in groups if group}
    if study is None or study.size.n is None or sexes != {"female", "male"} or len(ages) != 1:
        return None
    size = float(study.size.n)
    found = [_z(one, other, size * share, size * (1 - share)) for share in _SPLITS]
    least = [z for z in found if z is not None]
    how = f"if the {number(study.size.n)} people of {base.label('studies', study.key)} divide 40:60 or more evenly"
    return (min(least), how) if least else None


def _z(one: Finding, other: Finding, n1: float, n2: float) -> float | None:
    from evidencebase.numbers import two_proportion_z_from_percent

    value, against = one.value or Decimal(0), other.value or Decimal(0)
    z = two_proportion_z_from_percent(float(value), n1, float(against), n2).z
    return None if z is None else abs(z)
