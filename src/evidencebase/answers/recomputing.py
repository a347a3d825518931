"""The base's own local estimates, computed again from the rates and populations they are linked to.

Everything is exact decimal arithmetic; nothing is rounded but the last figure. Published and recomputed stand side by
side, with the rule of rounding that leads from one to the other, and the cause where they part.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import TYPE_CHECKING, Any

from evidencebase.model.plain import fields_of
from evidencebase.model.records import Estimate, Finding, Population
from evidencebase.model.vocabulary import PERCENT
from evidencebase.problems import EvidenceError
from evidencebase.rules.precision import study_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evidencebase.base import Base, Entry

ROUNDINGS = {
    "half up": ROUND_HALF_UP,
    "half even": ROUND_HALF_EVEN,
    "half down": ROUND_HALF_DOWN,
    "down": ROUND_DOWN,
    "up": ROUND_UP,
}
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class RecomputedRow:
    """One estimate: `rate` (percent) of `population` (in `population_unit`), exactly, and as published.

    `roundings` are the rules that give the published figure; none means it cannot be had from the two. `fit` says
    where the rate does not fit the population or the label. `equal` is None where there is nothing to compare.
    """

    id: str
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
    fit: tuple[str, ...]
    strength: str
    study: str
    document: str | None
    table: str | None


@dataclass(frozen=True, slots=True)
class RecomputedTotal:
    """A total of estimates, or of populations, against the two ways to add them up.

    `of_rounded` adds the published parts; `of_exact` adds them before rounding. `off` is published minus the
    sum of the published parts. `explanation` says which of the two it is, or that it is neither.
    """

    id: str
    kind: str
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
    exact = {row.id: row.exact for row in rows}
    totals = [_total(base, entry, exact, rounding) for entry in entries if entry.record.total is not None]
    totals += [_population_total(base, entry) for entry, record in base.each(Population) if record.total]
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


def rounded(value: Decimal, rule: str = "half up", like: Decimal | None = None) -> Decimal:
    """Round to whole ones, or to the decimals of `like`, by one of `ROUNDINGS`."""
    quantum = Decimal(1)
    if like is not None:
        exponent = like.as_tuple().exponent
        quantum = Decimal(1).scaleb(exponent) if isinstance(exponent, int) else quantum
    return value.quantize(quantum, ROUNDINGS[rule])


def _row(base: Base, entry: Entry[Estimate]) -> RecomputedRow:
    record = entry.record
    finding_entry = base.entry(Finding, record.finding)
    finding, people = base.get(Finding, record.finding), base.get(Population, record.population)
    rate = finding.value if finding else None
    usable = finding_entry is not None and rate is not None and base.unit(finding_entry) == PERCENT
    exact = rate * people.value / _HUNDRED if usable and rate is not None and people else None
    published = record.published
    roundings = _roundings(exact, published)
    study = study_of(finding, base) if finding else None
    return RecomputedRow(
        id=entry.key,
        group=base.label("groups", record.group or (people.group if people else None)),
        place=base.label("places", record.place or (people.place if people else None)),
        rate=rate,
        finding=record.finding,
        measure=base.label("measures", record.measure or (finding.measure if finding else None)),
        population=people.value if people else None,
        population_id=record.population,
        population_unit=people.unit if people else None,
        exact=exact,
        recomputed=rounded(exact, like=published) if exact is not None else None,
        published=published,
        equal=None if exact is None or published is None else bool(roundings),
        roundings=roundings,
        explanation=_explain_row(exact, published, roundings),
        fit=tuple(_fit(base, record, finding, people)),
        strength=study.strength if study else "not graded",
        study=base.label("studies", finding.study if finding else None) or "not credited",
        document=_document(entry),
        table=_table(entry),
    )


def _roundings(exact: Decimal | None, published: Decimal | None) -> tuple[str, ...]:
    if exact is None or published is None:
        return ()
    return tuple(name for name in ROUNDINGS if rounded(exact, name, published) == published)


def _explain_row(exact: Decimal | None, published: Decimal | None, roundings: tuple[str, ...]) -> str:
    if exact is None:
        return "cannot be recomputed: its rate is no percent, or its rate or population is missing"
    if published is None:
        return "computed by this base, not published"
    if roundings:
        return f"rate x population, rounded {roundings[0]}"
    return f"off by {published - rounded(exact, like=published)}: no rounding of {exact.normalize():f} gives it"


def _fit(base: Base, record: Estimate, finding: Finding | None, people: Population | None) -> list[str]:
    """Name what parts the rate from the population or the label; checks judge it, here it is only said."""
    found: list[str] = []
    if finding is None or people is None:
        return found
    group = base.vocabulary.groups.get(finding.group or "")
    if group and people.unit != group.universe:
        found.append(f"a rate of {group.universe} applied to {people.unit}")
    if record.measure and record.measure != finding.measure:
        printed, real = base.label("measures", record.measure), base.label("measures", finding.measure)
        found.append(f"labelled '{printed}', the rate is of '{real}'")
    if finding.group != people.group and group is not None:
        found.append(f"a rate of {group.label} applied to {base.label('groups', people.group)}")
    if record.override:
        found.append(f"overridden: {record.override}")
    return found


def _document(entry: Entry[Estimate | Population]) -> str | None:
    anchors = entry.record.anchors
    return anchors[0].document if anchors else None


def _table(entry: Entry) -> str | None:
    return entry.table.spec.locator or entry.table.spec.table if entry.table else None


def _total(
    base: Base, entry: Entry[Estimate], exact: dict[str, Decimal | None], rounding: str | None
) -> RecomputedTotal:
    record = entry.record
    parts = record.total.parts if record.total else []
    published = record.value
    printed = [_published_part(base, part) for part in parts]
    of_rounded = sum((each for each in printed if each is not None), Decimal(0)) if None not in printed else None
    leaves = _leaves(base, parts)
    values = [exact.get(leaf) for leaf in leaves]
    of_exact = sum((each for each in values if each is not None), Decimal(0)) if values and None not in values else None
    recomputed = rounded(of_exact, rounding or "half up", published) if of_exact is not None else None
    off = published - of_rounded if published is not None and of_rounded is not None else None
    explained, explanation = _explain_total(published, of_rounded, of_exact, recomputed)
    return RecomputedTotal(
        id=entry.key,
        kind="estimate",
        group=base.label("groups", record.group),
        place=base.label("places", record.place),
        parts=tuple(parts),
        of_rounded=of_rounded,
        of_exact=of_exact,
        recomputed=recomputed,
        published=published,
        off=off,
        explained=explained,
        explanation=explanation,
        others=(),
        document=_document(entry),
        table=_table(entry),
    )


def _published_part(base: Base, part: str) -> Decimal | None:
    estimate = base.get(Estimate, part)
    return estimate.value if estimate else None


def _leaves(base: Base, parts: Sequence[str], depth: int = 0) -> list[str]:
    """Give the estimates at the bottom of a total, totals of totals opened."""
    found: list[str] = []
    for part in parts:
        estimate = base.get(Estimate, part)
        total = estimate.total if estimate else None
        found += _leaves(base, total.parts, depth + 1) if total is not None and depth < 8 else [part]
    return found


def _explain_total(
    published: Decimal | None, of_rounded: Decimal | None, of_exact: Decimal | None, recomputed: Decimal | None
) -> tuple[bool | None, str]:
    if published is None:
        return None, "computed by this base, not published"
    if of_rounded is None and recomputed is None:
        return None, "cannot be recomputed: a part is missing"
    exact = f"{of_exact.normalize():f}" if of_exact is not None else "unknown"
    if published == of_rounded:
        if recomputed is None or recomputed == published:
            return True, "the sum of the rows as printed"
        return True, f"the sum of the rows as printed; unrounded they add up to {exact}, which would be {recomputed}"
    if published == recomputed:
        return True, f"a sum of unrounded parts ({exact}); the rows as printed add up to {of_rounded}"
    return False, f"neither the sum of the rows as printed ({of_rounded}) nor that of the unrounded parts ({exact})"


def _population_total(base: Base, entry: Entry[Population]) -> RecomputedTotal:
    record = entry.record
    parts = record.total.parts if record.total else []
    values = [each.value for part in parts if (each := base.get(Population, part))]
    whole = sum(values, Decimal(0)) if len(values) == len(parts) else None
    off = record.value - whole if whole is not None else None
    explanation = "the sum of its parts"
    if whole is None:
        explanation = "cannot be recomputed: a part is missing"
    elif off:
        explanation = f"its parts add up to {whole}"
    return RecomputedTotal(
        id=entry.key,
        kind="population",
        group=base.label("groups", record.group),
        place=base.label("places", record.place),
        parts=tuple(parts),
        of_rounded=whole,
        of_exact=whole,
        recomputed=whole,
        published=record.value,
        off=off,
        explained=None if whole is None else not off,
        explanation=explanation,
        others=(),
        document=_document(entry),
        table=_table(entry),
    )


def _with_others(base: Base, totals: list[RecomputedTotal]) -> list[RecomputedTotal]:
    """Note, beside each total, other totals of the same people by another breakdown."""
    keys: dict[str, tuple[Any, ...]] = {}
    alike: dict[tuple[Any, ...], list[RecomputedTotal]] = {}
    for total in totals:
        about = base.by_id[total.id].record.about
        # A total whose people are not named is like no other.
        key = (total.kind, about.measure, about.group or total.id, about.place, about.period)
        keys[total.id] = key
        alike.setdefault(key, []).append(total)
    return [_noted(total, alike[keys[total.id]]) for total in totals]


def _noted(total: RecomputedTotal, alike: list[RecomputedTotal]) -> RecomputedTotal:
    others = tuple(
        f"{other.id} gives {other.published} for the same people, from other rates of other parts of them"
        for other in alike
        if other.id != total.id and other.published != total.published
    )
    if not others:
        return total
    return replace(total, others=others)
