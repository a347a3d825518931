"""Which records say different things of the same people, place and time.

Two figures conflict where they cannot be one figure printed with different digits, and no link explains them; two
claims where they point apart; any two records where a link says that they contradict each other. A claim can be at odds
with the figures it names, a conclusion with its support, and a tested "no difference" with what other documents say.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

from evidencebase.base import Entry
from evidencebase.model.records import BESIDE, Claim, Conclusion, Finding, Record
from evidencebase.model.relations import within
from evidencebase.rules.rounding import agree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from decimal import Decimal

    from evidencebase.base import Base

OPPOSITE = {"higher": "lower", "lower": "higher"}
"""The direction seen from the other side; the others are the same from both."""
_DIRECTED = (*OPPOSITE, "no-difference")
By = Literal["figures", "directions", "link"]
R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Conflict(Generic[R]):
    """Two records in conflict, the one read first before the other.

    `by` is what shows it: their figures, their directions, or a link; `because` are the reasons that the links of the
    two give, by the id of the record that gives it. `linked` says whether a link of any type ties the two: it explains
    their difference, or admits it.
    """

    one: Entry[R]
    other: Entry[R]
    by: By
    linked: bool
    because: tuple[str, ...] = ()


def conflicts(base: Base, entries: Iterable[Entry[R]]) -> list[Conflict[R]]:
    """Every conflict among entries, in their order. `entries` are those that stand: what was withdrawn says nothing."""
    listed = list(entries)
    order = {entry.key: index for index, entry in enumerate(listed)}
    found = [*_links(listed, order), *_figures(base, listed), *_directions(listed)]
    return sorted(found, key=lambda each: (order[each.one.key], order[each.other.key]))


def _links(entries: list[Entry[R]], order: dict[str, int]) -> Iterator[Conflict[R]]:
    """Records that a link calls contradictory; the link is symmetric and may be written on both of them."""
    told: dict[tuple[int, int], dict[str, str]] = {}
    for entry in entries:
        for link in entry.record.links:
            if link.type == "contradicts" and link.to in order:
                first, second = sorted((order[entry.key], order[link.to]))
                reasons = told.setdefault((first, second), {})
                reasons |= {entry.key: link.because} if link.because else {}
    for (first, second), reasons in told.items():
        because = tuple(dict.fromkeys(reasons[key] for key in sorted(reasons)))
        yield Conflict(entries[first], entries[second], "link", linked=True, because=because)


def _figures(base: Base, entries: list[Entry[R]]) -> Iterator[Conflict[R]]:
    alike: dict[tuple[object, ...], list[tuple[Entry[R], Finding]]] = {}
    for entry in entries:
        finding = entry.record
        if isinstance(finding, Finding):
            alike.setdefault(_question(base, entry, finding), []).append((entry, finding))
    for same in alike.values():
        for (one, first), (other, second) in combinations(same, 2):
            if not agree(first, second) and not tied(one, other):
                yield Conflict(one, other, "figures", linked=False)


def _question(base: Base, entry: Entry, finding: Finding) -> tuple[object, ...]:
    """What a figure is of. An unknown place or period is only the same within one study."""
    against = tuple(str(getattr(finding, name)) for name in BESIDE)
    unknown = f"study {finding.study or finding.id}"
    where, when = finding.place or unknown, finding.period or unknown
    return finding.statistic, finding.measure, finding.group, where, when, base.unit(entry), against


def _directions(entries: list[Entry[R]]) -> Iterator[Conflict[R]]:
    alike: dict[tuple[object, ...], list[tuple[Entry[R], str]]] = {}
    for entry in entries:
        claim = entry.record
        if isinstance(claim, Claim) and claim.group and claim.direction in _DIRECTED:
            swap = claim.against is not None and claim.against < claim.group
            pair = (claim.against, claim.group) if swap else (claim.group, claim.against)
            way = OPPOSITE.get(claim.direction, claim.direction) if swap else claim.direction
            key = (claim.measure, *pair, claim.beside, claim.place, claim.period, tuple(sorted(claim.adjusted_for)))
            alike.setdefault(key, []).append((entry, way))
    for same in alike.values():
        for (one, way), (other, its) in combinations(same, 2):
            if way != its:
                yield Conflict(one, other, "directions", linked=tied(one, other))


def tied(one: Entry, other: Entry) -> bool:
    """Whether a link of any type stands between two records, on either of them."""
    return any(link.to == other.key for link in one.record.links) or any(
        link.to == one.key for link in other.record.links
    )


@dataclass(frozen=True, slots=True)
class Unborne:
    """The figures that a claim names, in their unit, and that do not bear out its direction: its own, and the others.

    Of a "no difference" they are two whose published intervals, of one confidence, share no value.
    """

    own: tuple[Decimal, ...]
    others: tuple[Decimal, ...]


def unborne(base: Base, claim: Claim) -> Unborne | None:
    """Whether the figures that a claim names speak against its direction; None where they do not, or say nothing."""
    own, others = _sides(base, claim)
    if not own or not others:
        return None
    against = {
        "higher": max(own) <= min(others),
        "lower": min(own) >= max(others),
        "no-difference": _intervals_apart(base, claim),
    }
    return Unborne(tuple(own), tuple(others)) if against.get(claim.direction or "") else None


def _sides(base: Base, claim: Claim) -> tuple[list[Decimal], list[Decimal]]:
    """The values of the claim's group, and those it is compared with."""
    own: list[Decimal] = []
    others: list[Decimal] = []
    for finding in _named(base, claim):
        if finding.value is not None:
            mine = _is_of(base, finding.group, claim.group) and (claim.place in (None, finding.place))
            theirs = claim.against is None or _is_of(base, finding.group, claim.against)
            if mine and not (claim.against and finding.group == claim.against):
                own.append(finding.value)
            elif theirs:
                others.append(finding.value)
    return own, others


def _named(base: Base, claim: Claim) -> list[Finding]:
    """The figures a claim names that are of what it speaks of. Of a place in an order, a lower number can mean more."""
    found = [finding for key in claim.findings if (finding := base.get(Finding, key))]
    return [each for each in found if each.measure == claim.measure and each.statistic not in ("rank", "percentile")]


def _is_of(base: Base, group: str | None, wanted: str | None) -> bool:
    return group is not None and wanted is not None and within(base.vocabulary, "groups", group, wanted)


def _intervals_apart(base: Base, claim: Claim) -> bool:
    """Whether the published intervals of exactly two figures, of one confidence, share no value."""
    from evidencebase.numbers import intervals_overlap

    intervals = [finding.interval for finding in _named(base, claim)]
    if len(intervals) != 2 or intervals[0] is None or intervals[1] is None:
        return False
    one, other = intervals[0], intervals[1]
    return one.confidence == other.confidence and not intervals_overlap(one, other)


def disagreements(base: Base, claims: Iterable[Entry[Claim]]) -> Iterator[tuple[Entry[Claim], list[Entry[Claim]]]]:
    """Each tested "no difference" with the claims of other documents that its people are affected more, or less."""
    tested: list[Entry[Claim]] = []
    told: dict[tuple[str | None, str | None], list[Entry[Claim]]] = {}
    for entry in claims:
        claim = entry.record
        if claim.direction == "no-difference" and claim.significance == "not-significant":
            tested += [entry] if claim.against is not None and not claim.adjusted_for else []
        elif claim.direction in OPPOSITE and claim.group:
            told.setdefault((_concept(base, claim), claim.group), []).append(entry)
    for entry in tested:
        claim = entry.record
        others = [
            other
            for group in _same_people(base, claim.group or "")
            for other in told.get((_concept(base, claim), group), [])
            if not other.documents & entry.documents and same_construct(base, claim.measure, other.record.measure)
        ]
        if others:
            yield entry, others


def _concept(base: Base, claim: Claim) -> str | None:
    measure = base.vocabulary.measures.get(claim.measure or "")
    return measure.concept if measure else None


def _same_people(base: Base, group: str) -> list[str]:
    """A group, and those it is directly a part of that are marked by a condition of their own."""
    known = base.vocabulary.groups
    broader = base.vocabulary.broader("groups", group)
    return [group, *(key for key in broader if key in known and base.vocabulary.condition(known[key]))]


def denied_by(base: Base, conclusion: Conclusion) -> list[str]:
    """The claims under `supports` of a conclusion that say the opposite of it about the same group."""
    found = [(key, base.get(Claim, key)) for key in conclusion.supports]
    return [
        key
        for key, claim in found
        if claim is not None
        and claim.group == conclusion.group
        and same_construct(base, claim.measure, conclusion.measure)
        and _denies(claim, conclusion.direction)
    ]


def _denies(claim: Claim, direction: str) -> bool:
    """Whether a claim says the opposite. That there is no difference is denied only by one called significant."""
    if direction == "no-difference":
        return claim.direction in OPPOSITE and claim.significance == "significant"
    return claim.direction in (OPPOSITE.get(direction), "no-difference") and direction in OPPOSITE


def same_construct(base: Base, one: str | None, other: str | None) -> bool:
    """Whether two measures are one, or capture one construct and point the same way."""
    first, second = (base.vocabulary.measures.get(key or "") for key in (one, other))
    if one == other or first is None or second is None:
        return one == other
    return first.concept == second.concept and first.polarity == second.polarity
