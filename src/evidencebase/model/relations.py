"""Groups and places beside each other: whether one holds, overlaps, or together make up another."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from evidencebase.model.ages import AgeBand

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evidencebase.model.vocabulary import Group, Vocabulary


def age_band(group: Group) -> AgeBand | None:
    """Give the age band of a group; None where its ages are not stated."""
    if group.age_min is None and group.age_max is None:
        return None
    return AgeBand(group.age_min or 0, group.age_max)


def disjoint(one: Group, other: Group) -> bool:
    """Tell whether nobody can be in both: their age bands do not meet, or their sexes differ.

    Conditions are words and prove nothing: a nurse may be a widower. Groups of another counting unit
    (households) are never taken for disjoint from groups of people.
    """
    if one.universe != other.universe:
        return False
    if one.sex and other.sex and one.sex != other.sex:
        return True
    a, b = age_band(one), age_band(other)
    return a is not None and b is not None and (a.last < b.low or b.last < a.low)


def overlapping_pair(groups: Iterable[Group]) -> tuple[Group, Group] | None:
    """Find two groups that are not known to be disjoint, in quick time for groups that only differ in age."""
    seen: list[Group] = []
    for group in groups:
        for other in seen:
            if group.id == other.id or not disjoint(group, other):
                return other, group
        seen.append(group)
    return None


def differences(vocabulary: Vocabulary, one: Group, other: Group) -> list[str]:
    """Name the characteristics in which two groups differ: age band, sex, characteristics, condition, counting unit."""
    pairs = {
        "age band": (age_band(one), age_band(other)),
        "sex": (one.sex, other.sex),
        "characteristics": (vocabulary.conditions(one), vocabulary.conditions(other)),
        "condition": (one.condition, other.condition),
        "counting unit": (one.universe, other.universe),
    }
    found = [name for name, (a, b) in pairs.items() if a != b]
    return found or ([] if one.id == other.id else ["definition"])


def within(vocabulary: Vocabulary, kind: Literal["groups", "places"], inner: str, outer: str) -> bool:
    """Whether one group or place is the other, or a narrower one."""
    return inner == outer or outer in vocabulary.ancestors(kind, inner)


def partition(whole: Group, parts: list[Group]) -> bool:
    """Whether the parts make up the whole: both sexes, or age bands from its first year to its last."""
    ages = {(part.age_min, part.age_max) for part in parts}
    if len(parts) == 2 and len(ages) == 1 and {part.sex for part in parts} == {"female", "male"}:
        return True
    bands = sorted((part.age_min or 0, 120 if part.age_max is None else part.age_max) for part in parts)
    joined = all(low == high + 1 for (_, high), (low, _) in pairwise(bands))
    span = (whole.age_min or 0, 120 if whole.age_max is None else whole.age_max)
    return len(parts) > 1 and joined and (bands[0][0], bands[-1][1]) == span
