"""Which records say different things of the same people, place and time.

Two figures conflict where they cannot be one figure printed with different digits, and no link explains them; two
claims where they point apart; any two records where a link says that they contradict each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

from evidencebase.base import Entry
from evidencebase.model.records import BESIDE, Claim, Finding, Record
from evidencebase.rules.rounding import agree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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
