"""Applicability: how far a rate may be carried to a place and its people, by stated rules.

A rate measured in the place itself, recently, in just these people, is highly applicable. Each rule that holds lowers
that by one step: high, moderate, low, very low. It says nothing of how good the source is, nor how precise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidencebase.model.periods import years

if TYPE_CHECKING:
    from collections.abc import Sequence

LEVELS = ("high", "moderate", "low", "very low")
OLD, VERY_OLD = 5, 10
RULES = {
    "other-place": "the rate was measured in another place",
    "place-unknown": "the place of the rate is not stated",
    "older-than-5-years": "the data are more than 5 years older or newer than the population",
    "older-than-10-years": "the data are more than 10 years older or newer than the population (a further step)",
    "period-unknown": "the period of the data is not stated",
    "other-definition": "the people are defined otherwise, or their definition could not be compared",
    "other-age-band": "the age band is another",
    "other-counting-unit": "the population counts another unit",
}


@dataclass(frozen=True, slots=True)
class Lowered:
    """One rule that holds for a row, and what made it hold."""

    rule: str
    because: str


def level(lowered: Sequence[Lowered]) -> str:
    """Give the level that is left: a step down for each rule, never below very low."""
    return LEVELS[min(len(lowered), len(LEVELS) - 1)]


def years_apart(period: str | None, other: str | None) -> int | None:
    """Give the years between two periods, 0 where they touch; None where one is no period."""
    spans = years(period) if period else None, years(other) if other else None
    if spans[0] is None or spans[1] is None:
        return None
    return max(0, spans[0][0] - spans[1][1], spans[1][0] - spans[0][1])


def by_age_of_data(period: str | None, reference: str | None) -> list[Lowered]:
    """Give the rules that the age of the data breaks, against `reference`: the population's period."""
    if period is None or years(period) is None:
        return [Lowered("period-unknown", "the period of the data is not stated")]
    apart = years_apart(period, reference)
    if apart is None or apart <= OLD:
        return []
    found = [Lowered("older-than-5-years", f"data of {period} for {reference}: {apart} years apart, more than {OLD}")]
    if apart > VERY_OLD:
        found.append(Lowered("older-than-10-years", f"more than {VERY_OLD} years apart"))
    return found
