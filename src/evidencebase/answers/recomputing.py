"""The base's own local estimates, computed again from the rates and populations they are linked to.

Everything is exact decimal arithmetic; nothing is rounded but the last figure. Published and recomputed stand side by
side, with the rule of rounding that leads from one to the other, and the cause where they part.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from evidencebase.answers.choosing import Lowered, lowered
from evidencebase.model.plain import fields_of
from evidencebase.model.records import Estimate, Finding, Population
from evidencebase.problems import EvidenceError
from evidencebase.rules.applicability import of_estimate
from evidencebase.rules.fit import MISFITS
from evidencebase.rules.precision import study_of
from evidencebase.rules.product import Product, Total, measured, product, total
from evidencebase.rules.rounding import ROUNDINGS, rounded

if TYPE_CHECKING:
    from evidencebase.base import Base, Entry


@dataclass(frozen=True, slots=True)
class RecomputedRow:
    """One estimate: `rate` (percent) of `population` (in `population_unit`), exactly, and as published.

    `applicability` is high, moderate, low or very low, empty where rate or population is missing; `lowered` are the
    rules that lower it. `fit` are those of them that make it a misfit, as `evidence check` says it of the estimate.
    `roundings` are the rules that give the published figure; none means it cannot be had from the two. `equal` is None
    where there is nothing to compare.
    """

    id: str
    applicability: str
    lowered: tuple[Lowered, ...]
    fit: tuple[str, ...]
    group: str
    place: str
    rate: Decimal | None
    finding: str | None
    measure: str
    population: Decimal | None
    population_id: str | None
    population_unit: str | None
    exact: Decimal | None
    recomputed: Decimal | None
    published: Decimal | None
    equal: bool | None
    roundings: tuple[str, ...]
    explanation: str
    strength: str
    study: str
    document: str | None
    table: str | None


@dataclass(frozen=True, slots=True)
class RecomputedTotal:
    """A total of estimates, or of populations, against the two ways to add them up.

    `applicability` is that of the least applicable part, empty for people. `of_rounded` adds the published parts;
    `of_exact` adds them before rounding. `off` is published minus the sum of the published parts. `explanation` says
    which of the two it is, or that it is neither.
    """

    id: str
    kind: str
    applicability: str
    group: str
    place: str
    parts: tuple[str, ...]
    of_rounded: Decimal | None
    of_exact: Decimal | None
    recomputed: Decimal | None
    published: Decimal | None
    off: Decimal | None
    explained: bool | None
    explanation: str
    others: tuple[str, ...]
    document: str | None
    table: str | None


@dataclass(frozen=True, slots=True)
class Recomputed:
    """Every estimate of a base beside what it recomputes to. `rounding` reproduces the most rows."""

    rows: tuple[RecomputedRow, ...]
    totals: tuple[RecomputedTotal, ...]
    rounding: str | None
    rows_equal: int
    rows_off: int
    totals_off: int
    totals_explained: int

    def as_dict(self) -> dict[str, Any]:
        """Give the shape printed by `evidence estimate --format json`."""
        return fields_of(self)


def recompute(base: Base) -> Recomputed:
    """Compute the estimates of a base again. Raises EvidenceError where the base has none."""
    entries = [entry for entry, _ in base.each(Estimate)]
    if not entries:
        message = "this base has no estimates of its own"
        raise EvidenceError(message, "give a population with --population FILE.csv --place NAME")
    rows = [_row(base, entry) for entry in entries if entry.record.total is None]
    counted = Counter(name for row in rows for name in row.roundings if row.published is not None)
    # Counter keeps the order of ROUNDINGS among equals, so the most common rule wins a tie.
    rounding = max(ROUNDINGS, key=lambda name: counted[name]) if counted else None
    totals = [_total(base, entry, rounding) for entry in entries if entry.record.total is not None]
    totals += [_total(base, entry, rounding) for entry, record in base.each(Population) if record.total]
    seen = _with_others(base, totals)
    return Recomputed(
        rows=tuple(rows),
        totals=tuple(seen),
        rounding=rounding,
        rows_equal=sum(row.equal is True for row in rows),
        rows_off=sum(row.equal is False for row in rows),
        totals_off=sum(bool(total.off) for total in seen),
        totals_explained=sum(bool(total.off) and total.explained is True for total in seen),
    )


def _row(base: Base, entry: Entry[Estimate]) -> RecomputedRow:
    record = entry.record
    finding, people = base.get(Finding, record.finding), base.get(Population, record.population)
    made, published = product(base, record), record.published
    study = study_of(finding, base) if finding else None
    applicable = of_estimate(base, record)
    found = lowered(base, applicable.lowered) if applicable else []
    misfits = [each.because for each in found if each.rule in MISFITS]
    return RecomputedRow(
        id=entry.key,
        applicability=applicable.level if applicable else "",
        lowered=tuple(found),
        fit=(*misfits, *([f"overridden: {record.override}"] if record.override else [])),
        group=base.label("groups", record.group or (people.group if people else None)),
        place=base.label("places", record.place or (people.place if people else None)),
        rate=finding.value if finding else None,
        finding=record.finding,
        measure=base.label("measures", next(iter(measured(base, record)), record.measure)),
        population=people.value if people else None,
        population_id=record.population,
        population_unit=people.unit if people else None,
        exact=made.exact,
        recomputed=rounded(made.exact, like=published) if made.exact is not None else None,
        published=published,
        equal=made.holds,
        roundings=made.roundings,
        explanation=_explain_row(made, published),
        strength=study.strength if study else "not graded",
        study=base.label("studies", finding.study if finding else None) or "not credited",
        document=_document(entry),
        table=_table(entry),
    )


def _explain_row(made: Product, published: Decimal | None) -> str:
    if made.exact is None and made.span is None:
        return "cannot be recomputed: its rate is no percent, or its rate or population is missing"
    if published is None:
        return "computed by this base, not published"
    if made.roundings:
        return f"rate x population, rounded {made.roundings[0]}"
    if made.holds:
        return "rate x population, from a rate that is printed rounded"
    if made.exact is None or made.holds is None:
        return "the rate is not exact"
    off = published - rounded(made.exact, like=published)
    return f"off by {off}: no rounding of {made.exact.normalize():f} gives it"


def _document(entry: Entry[Estimate | Population]) -> str | None:
    anchors = entry.record.anchors
    return anchors[0].document if anchors else None


def _table(entry: Entry) -> str | None:
    return entry.table.spec.locator or entry.table.spec.table if entry.table else None


def _total(base: Base, entry: Entry[Estimate] | Entry[Population], rounding: str | None) -> RecomputedTotal:
    record = entry.record
    added = total(base, record)
    of_exact, published = added.of_exact, added.published
    off = published - added.of_printed if published is not None and added.of_printed is not None else None
    explained, explanation = _explain_total(added)
    applicable = of_estimate(base, record) if isinstance(record, Estimate) else None
    return RecomputedTotal(
        id=entry.key,
        kind="estimate" if isinstance(record, Estimate) else "population",
        applicability=applicable.level if applicable else "",
        group=base.label("groups", record.group),
        place=base.label("places", record.place),
        parts=tuple(record.total.parts if record.total else ()),
        of_rounded=added.of_printed,
        of_exact=of_exact,
        recomputed=rounded(of_exact, rounding or "half up", published) if of_exact is not None else None,
        published=published,
        off=off,
        explained=explained,
        explanation=explanation,
        others=(),
        document=_document(entry),
        table=_table(entry),
    )


def _explain_total(added: Total) -> tuple[bool | None, str]:
    if added.published is None:
        return None, "computed by this base, not published"
    if added.of_printed is None and added.of_exact is None:
        return None, "cannot be recomputed: a part is missing"
    exact = f"{added.of_exact.normalize():f}" if added.of_exact is not None else "unknown"
    if added.how == "printed":
        would = rounded(added.of_exact, like=added.published) if added.of_exact is not None else added.published
        also = "" if would == added.published else f"; unrounded they add up to {exact}, which would be {would}"
        return True, f"the sum of the rows as printed{also}"
    if added.how == "zeros":
        return True, f"the sum of the rows as printed ({added.of_printed}), rounded"
    if added.how == "exact":
        return True, f"a sum of unrounded parts ({exact}); the rows as printed add up to {added.of_printed}"
    neither = f"neither the sum of the rows as printed ({added.of_printed}) nor that of the unrounded parts ({exact})"
    return False, neither


def _with_others(base: Base, totals: list[RecomputedTotal]) -> list[RecomputedTotal]:
    """Note, beside each total, other totals of the same people by another breakdown."""
    keys: dict[str, tuple[Any, ...]] = {}
    alike: dict[tuple[Any, ...], list[RecomputedTotal]] = {}
    for each in totals:
        about = base.by_id[each.id].record.about
        # A total whose people are not named is like no other.
        key = (each.kind, about.measure, about.group or each.id, about.place, about.period)
        keys[each.id] = key
        alike.setdefault(key, []).append(each)
    return [_noted(each, alike[keys[each.id]]) for each in totals]


def _noted(noted: RecomputedTotal, alike: list[RecomputedTotal]) -> RecomputedTotal:
    others = tuple(
        f"{other.id} gives {other.published} for the same people, from other rates of other parts of them"
        for other in alike
        if other.id != noted.id and other.published != noted.published
    )
    if not others:
        return noted
    return replace(noted, others=others)
