"""Applicability: how far a rate may be carried to a place and its people, by stated rules.

A rate measured in the place itself, recently, in just these people, is highly applicable. Each rule that holds lowers
that by one step: high, moderate, low, very low. It says nothing of how good the source is, nor how precise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidencebase.model.records import Estimate, Finding, Population
from evidencebase.rules.fit import Lowering, Use, lowerings

if TYPE_CHECKING:
    from collections.abc import Collection

    from evidencebase.base import Base

LEVELS = ("high", "moderate", "low", "very low")


def level(lowered: Collection[object]) -> str:
    """Give the level that is left: a step down for each reason, never below very low."""
    return LEVELS[min(len(lowered), len(LEVELS) - 1)]


@dataclass(frozen=True, slots=True)
class Applicability:
    """How far the rate of an estimate can be carried to its population, and what lowers that."""

    level: str
    lowered: tuple[Lowering, ...]


def of_estimate(base: Base, estimate: Estimate) -> Applicability | None:
    """The applicability of an estimate; a total has that of the least applicable of its parts.

    None where a rate or a population is not in the base.
    """
    return _of(base, estimate, set())


def _of(base: Base, estimate: Estimate, seen: set[str]) -> Applicability | None:
    """`seen` are the totals gone through: one that is a part of itself has no applicability."""
    if estimate.total is None:
        return _of_rate(base, estimate)
    if estimate.id in seen:
        return None
    parts = [base.get(Estimate, key) for key in estimate.total.parts]
    found = [_of(base, part, {*seen, estimate.id}) if part else None for part in parts]
    known = [each for each in found if each is not None]
    if not known or len(known) < len(found):
        return None
    return max(known, key=lambda each: (LEVELS.index(each.level), len(each.lowered)))


def _of_rate(base: Base, estimate: Estimate) -> Applicability | None:
    rate, people = base.get(Finding, estimate.finding), base.get(Population, estimate.population)
    if rate is None or people is None:
        return None
    group = base.vocabulary.groups.get(people.group)
    place = base.vocabulary.places.get(people.place or "")
    use = Use(rate, group, people.unit, place, people.period, estimate.measure)
    lowered = lowerings(base, use)
    return Applicability(level(lowered), tuple(lowered))
