"""Applicability: how far a rate may be carried to a place and its people, by stated rules.

A rate measured in the place itself, recently, in just these people, is highly applicable. Each rule that holds lowers
that by one step: high, moderate, low, very low. It says nothing of how good the source is, nor how precise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidencebase.model.records import Estimate, Finding, Population
from evidencebase.rules.fit import Lowered, fit, label_fit, universe_fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evidencebase.base import Base

LEVELS = ("high", "moderate", "low", "very low")


def level(lowered: Sequence[Lowered]) -> str:
    """Give the level that is left: a step down for each rule, never below very low."""
    return LEVELS[min(len(lowered), len(LEVELS) - 1)]


@dataclass(frozen=True, slots=True)
class Applicability:
    """How far the rate of an estimate can be carried to its population, and what lowers that."""

    level: str
    lowered: tuple[Lowered, ...]


def of_estimate(base: Base, estimate: Estimate) -> Applicability | None:
    """The applicability of an estimate; a total has that of the least applicable of its parts.

    None where a rate or a population is not in the base.
    """
    if estimate.total is not None:
        return _of_parts(base, estimate, set())
    lowered = lowered_of(base, estimate)
    return None if lowered is None else Applicability(level(lowered), tuple(lowered))


def lowered_of(base: Base, estimate: Estimate) -> list[Lowered] | None:
    """Every rule that lowers an estimate; None where its rate or its population is not in the base."""
    finding, population = base.get(Finding, estimate.finding), base.get(Population, estimate.population)
    if finding is None or population is None:
        return None
    group = base.vocabulary.groups.get(population.group)
    place = base.vocabulary.places.get(population.place or "")
    found = fit(base, finding, group, population.unit, place, population.period)
    return [*found, *label_fit(base, finding, estimate.measure), *universe_fit(base, finding)]


def _of_parts(base: Base, estimate: Estimate, seen: set[str]) -> Applicability | None:
    found: list[Applicability] = []
    for key in estimate.total.parts if estimate.total else ():
        part = base.get(Estimate, key)
        if part is None or key in seen:
            return None
        seen.add(key)
        lowered = lowered_of(base, part)
        own = Applicability(level(lowered), tuple(lowered)) if lowered is not None else _of_parts(base, part, seen)
        if own is None:
            return None
        found.append(own)
    return max(found, key=lambda each: (LEVELS.index(each.level), len(each.lowered))) if found else None
