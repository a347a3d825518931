"""Two findings side by side: what differs between them, and the difference where it means something.

A difference can be laid to one thing only where the two figures differ in that one thing: the group, the place
or the period. Another measure, cut-off, counting unit or mode, or two such things at once, and they are
shown beside each other without a difference, with the reasons.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from evidencebase.citing.statements import statement
from evidencebase.model.plain import fields_of, shown
from evidencebase.model.records import Claim, Finding
from evidencebase.model.vocabulary import PERCENT
from evidencebase.numbers import two_proportion_z_from_percent
from evidencebase.problems import UsageError
from evidencebase.rules.comparability import Reason, reasons
from evidencebase.rules.precision import Precision, precision, precision_text, study_of

if TYPE_CHECKING:
    from evidencebase.base import Base, Entry

MOVER = "from the two intervals (MOVER, Zou and Donner 2008; Newcombe's construction)"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two figures. `value` keeps its digits; None for a range."""

    id: str
    statement: str
    figure: str
    value: Decimal | None
    unit: str | None
    measure: str
    group: str
    place: str
    period: str | None
    study: str
    mode: str | None
    strength: str
    n: Decimal | None
    precision: str
    interval: Precision | None
    documents: tuple[str, ...]
    caveats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """The first figure minus the second, in percentage points or the unit of the figures.

    `lower` and `upper` are None, with `interval_unknown` saying why, where the precision of one is unknown.
    `ratio` is the first divided by the second. `z`, `p_value` (two-sided) and the limits of the ratio (Katz and
    others 1978) where both samples are simple.
    """

    estimate: Decimal
    unit: str
    lower: float | None = None
    upper: float | None = None
    confidence: float | None = None
    method: str | None = None
    z: float | None = None
    p_value: float | None = None
    ratio: float | None = None
    ratio_lower: float | None = None
    ratio_upper: float | None = None
    interval_unknown: str | None = None

    @property
    def significant(self) -> bool | None:
        """Whether the interval leaves out zero; None without an interval."""
        return None if self.lower is None or self.upper is None else not self.lower <= 0 <= self.upper


@dataclass(frozen=True, slots=True)
class SaidAbout:
    """A claim of the base that compares these two figures, and whether the numbers bear it out."""

    id: str
    significance: str
    borne_out: bool | None
    text: str


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Two figures, why they may not be compared (`reasons` that prevent it), and their difference if they may."""

    first: Side
    second: Side
    comparable: bool
    reasons: tuple[Reason, ...]
    difference: Difference | None
    claims: tuple[SaidAbout, ...]

    def as_dict(self) -> dict[str, Any]:
        """Give the shape printed by `evidence compare --format json`."""
        return fields_of(self)


def compare(base: Base, first: str, second: str) -> SideBySide:
    """Put two findings side by side.

    Raises UsageError where an id is none of this base, or names something that is not a finding.
    """
    one, other = _finding(base, first), _finding(base, second)
    if one.key == other.key:
        raise UsageError(f"{first} is named twice", "name two findings")
    found = tuple(reasons(base, one, other))
    comparable = not any(reason.prevents for reason in found)
    overlap = next((reason.message for reason in found if reason.aspect == "sample"), None)
    difference = _difference(base, one, other, overlap) if comparable else None
    return SideBySide(
        _side(base, one),
        _side(base, other),
        comparable,
        found,
        difference,
        tuple(_claims(base, one, other, difference)),
    )


def _finding(base: Base, key: str) -> Entry[Finding]:
    entry = base.entry(Finding, key)
    if entry is None:
        raise UsageError(f"{shown(key)} is one of the {base.find(key).kind}, not a finding", "name two findings")
    return entry


def _side(base: Base, entry: Entry[Finding]) -> Side:
    record = entry.record
    study = study_of(record, base)
    return Side(
        id=entry.key,
        statement=statement(entry, base),
        figure=base.figure(entry),
        value=record.value,
        unit=base.unit(entry),
        measure=base.label("measures", record.measure),
        group=base.label("groups", record.group) or "not stated",
        place=base.label("places", record.place) or "not stated",
        period=record.period,
        study=base.label("studies", record.study) or "not credited",
        mode=study.mode if study else None,
        strength=study.strength if study else "not graded",
        n=record.n,
        precision=precision_text(entry, base),
        interval=precision(entry, base),
        documents=tuple(dict.fromkeys(anchor.document for anchor in record.anchors)),
        caveats=tuple(record.caveats),
    )


def _difference(base: Base, one: Entry[Finding], other: Entry[Finding], overlap: str | None) -> Difference | None:
    a, b = one.record, other.record
    if a.value is None or b.value is None:
        return None
    unit = base.unit(one)
    points = "percentage points" if unit == PERCENT else str(unit)
    ratio = float(a.value / b.value) if b.value else None
    pair = precision(one, base), precision(other, base)
    if overlap is not None:
        return Difference(a.value - b.value, points, ratio=ratio, interval_unknown=overlap)
    if pair[0] is None or pair[1] is None:
        which = " and ".join(e.key for e, p in zip((one, other), pair, strict=True) if p is None)
        return Difference(a.value - b.value, points, ratio=ratio, interval_unknown=f"precision unknown of {which}")
    return _with_interval(a, b, (pair[0], pair[1]), points, ratio)


def _with_interval(
    a: Finding, b: Finding, pair: tuple[Precision, Precision], points: str, ratio: float | None
) -> Difference:
    """Give the difference with Newcombe's interval, or with the same construction from published intervals."""
    assert a.value is not None  # noqa: S101 - _difference has seen to it
    assert b.value is not None  # noqa: S101
    difference = a.value - b.value
    p, q = pair
    if p.source == q.source == "computed" and p.unit == PERCENT and a.n is not None and b.n is not None:
        test = two_proportion_z_from_percent(a.value, a.n, b.value, b.n)
        method = "Newcombe, from the published percents and n"
        return Difference(
            difference, points, test.lower, test.upper, test.confidence, method, test.z, test.p_value,
            ratio, test.ratio_lower, test.ratio_upper,
        )  # fmt: skip
    if p.confidence is None or p.confidence != q.confidence:
        unknown = "the confidence of the two intervals is not published, or not the same"
        return Difference(difference, points, ratio=ratio, interval_unknown=unknown)
    x, y = float(a.value), float(b.value)
    lower = float(difference) - math.hypot(x - p.lower, q.upper - y)
    upper = float(difference) + math.hypot(p.upper - x, y - q.lower)
    return Difference(difference, points, lower, upper, p.confidence, MOVER, ratio=ratio)


def _claims(base: Base, one: Entry, other: Entry, difference: Difference | None) -> list[SaidAbout]:
    """Find what the base's claims say of these two, and whether the interval of the difference agrees."""
    found = []
    for entry, claim in base.each(Claim):
        if {one.key, other.key} <= set(claim.findings):
            borne_out = _borne_out(claim, difference)
            found.append(SaidAbout(entry.key, claim.significance, borne_out, statement(entry, base)))
    return found


def _borne_out(claim: Claim, difference: Difference | None) -> bool | None:
    significant = difference.significant if difference else None
    said: dict[str, Literal[True, False]] = {"significant": True, "not-significant": False}
    if significant is None or claim.significance not in said:
        return None
    return significant == said[claim.significance]
