"""Groups of people beside each other: their age bands, whether they overlap, which one was meant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from evidencebase.ages import AgeBand, read_band
from evidencebase.estimating.plain import shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evidencebase.vocabulary import Group, Vocabulary

_NEAREST = 3
_NEAR_ENOUGH = 45


def age_band(group: Group) -> AgeBand | None:
    """Give the age band of a group; None where its ages are not stated."""
    if group.age_min is None and group.age_max is None:
        return None
    return AgeBand(group.age_min or 0, group.age_max)


def disjoint(one: Group, other: Group) -> bool:
    """Tell whether nobody can be in both: their age bands do not meet, or their sexes differ.

    Conditions are words and prove nothing: a carer may be a widower. Groups of another counting unit
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


def differences(one: Group, other: Group) -> list[str]:
    """Name the characteristics in which two groups differ: age band, sex, condition, counting unit."""
    pairs = {
        "age band": (age_band(one), age_band(other)),
        "sex": (one.sex, other.sex),
        "condition": (one.condition, other.condition),
        "counting unit": (one.universe, other.universe),
    }
    found = [name for name, (a, b) in pairs.items() if a != b]
    return found or ([] if one.id == other.id else ["definition"])


def folded(text: str) -> str:
    """Fold case, white space and dashes, so that names can be matched as people type them."""
    return " ".join(re.sub(r"[-‐‑–—_]+", " ", text).split()).casefold()


class GroupNames:
    """The groups of a vocabulary by every name they go by."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._groups = vocabulary.groups
        self._named: dict[str, list[str]] = {}
        self._banded: dict[AgeBand, list[str]] = {}
        for group in vocabulary.groups.values():
            for name in {folded(each) for each in (group.id, group.label, *group.labels_as_published)}:
                self._named.setdefault(name, []).append(group.id)
            band = age_band(group)
            if band and group.universe == "persons" and not group.sex and not group.condition:
                self._banded.setdefault(band, []).append(group.id)

    def find(self, text: str) -> Group:
        """Find a group by id, label, published label, or age band alone ("16-24") where one group has it.

        Raises ValueError with the nearest names for a name that is none, or with the ids of several.
        """
        if text in self._groups:
            return self._groups[text]
        band = read_band(text)
        found = self._named.get(folded(text)) or (self._plainest(band) if band else [])
        if len(found) == 1:
            return self._groups[found[0]]
        if found:
            raise ValueError(f"the group {shown(text)} could be {' or '.join(found)}: write the id")
        nearest = self.nearest(text)
        near = f"; the nearest are {', '.join(nearest)}" if nearest else ""
        raise ValueError(f"no group of this base is called {shown(text)}{near}")

    def _plainest(self, band: AgeBand) -> list[str]:
        """Give the groups of just this age band; one whose id is all about age comes before the others."""
        found = self._banded.get(band, [])
        digits = [str(band.low), "plus" if band.high is None else str(band.high)]
        plain = [name for name in found if name.split("-")[1:] == digits]
        return plain if len(plain) == 1 else found

    def nearest(self, text: str) -> list[str]:
        """Give up to three ids whose names are like the text."""
        return nearest(folded(text), {name: ids[0] for name, ids in self._named.items()})


def nearest(text: str, names: dict[str, str]) -> list[str]:
    """Give up to three of the values whose names are most like the text, best first."""
    from rapidfuzz import fuzz, process

    scored = process.extract(text, list(names), scorer=fuzz.WRatio, limit=4 * _NEAREST, score_cutoff=_NEAR_ENOUGH)
    return list(dict.fromkeys(names[name] for name, _, _ in scored))[:_NEAREST]
