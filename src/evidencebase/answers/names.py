"""Measures, groups and places by the names people type for them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from evidencebase.model.ages import AgeBand, read_band
from evidencebase.model.plain import printable, shown
from evidencebase.model.relations import age_band
from evidencebase.model.vocabulary import PlaceEntry
from evidencebase.problems import UsageError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evidencebase.base import Base
    from evidencebase.model.vocabulary import Group, Measure, Vocabulary

_LONGEST_PLACE = 120


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
            for name in {folded(each) for each in (group.id, group.label, *group.words)}:
                self._named.setdefault(name, []).append(group.id)
            band = age_band(group)
            if band and group.universe == "persons" and not group.sex and not vocabulary.condition(group):
                self._banded.setdefault(band, []).append(group.id)

    def find(self, text: str) -> Group:
        """Find a group by id, label, published label, or age band alone ("16-24") where one group has it.

        Raises UsageError with the nearest names for a name that is none, or with the ids of several.
        """
        if text in self._groups:
            return self._groups[text]
        band = read_band(text)
        found = self._named.get(folded(text)) or (self._plainest(band) if band else [])
        if len(found) == 1:
            return self._groups[found[0]]
        if found:
            raise UsageError(f"the group {shown(text)} could be {' or '.join(found)}", "write the id")
        hint = did_you_mean(text, self._known(), "see schema/groups.yml")
        raise UsageError(f"no group of this base is called {shown(text)}", hint)

    def _known(self) -> list[str]:
        return [name for group in self._groups.values() for name in (group.id, group.label)]

    def _plainest(self, band: AgeBand) -> list[str]:
        """Give the groups of just this age band; one whose id is all about age comes before the others."""
        found = self._banded.get(band, [])
        digits = [str(band.low), "plus" if band.high is None else str(band.high)]
        plain = [name for name in found if name.split("-")[1:] == digits]
        return plain if len(plain) == 1 else found


def find_measure(base: Base, name: str | None, usable: Sequence[str], having: str) -> Measure:
    """Find the measure that was named by id or label, else the first of the base's outcomes, else the only one.

    `usable` are the ids that would do; `having` says what they have. The outcomes are the constructs that
    metadata.yml names; the order is that of schema/measures.yml. Raises UsageError for an unknown name, or
    where none was named and several would do.
    """
    measures = base.vocabulary.measures
    if name is not None:
        names = {folded(each): key for key, measure in measures.items() for each in (key, measure.label)}
        if folded(name) in names:
            return measures[names[folded(name)]]
        hint = did_you_mean(name, measures, "see schema/measures.yml")
        raise UsageError(f"no measure of this base is called {shown(name)}", hint)
    known = [each for each in usable if each in measures]
    if not known:
        raise UsageError(f"this base has no measure with {having}", "name a measure with --measure")
    main = [each for each in measures if each in known and measures[each].concept in base.outcomes]
    if main or len(known) == 1:
        return measures[(main or known)[0]]
    raise UsageError(f"several measures have {having}: {', '.join(known)}", "name one with --measure")


def find_group(base: Base, name: str) -> Group:
    """Find a group as `GroupNames.find` does, which raises UsageError for a name that is none."""
    return GroupNames(base.vocabulary).find(name)


def find_place(base: Base, name: str) -> PlaceEntry:
    """Find a place by id, label or GSS code; a name that is none becomes a place of that name, without relations."""
    clean = " ".join(printable(name).split())
    if not clean:
        raise UsageError("the place has no name", "name it with --place")
    if len(clean) > _LONGEST_PLACE:
        raise UsageError(f"the place {shown(clean)} is too long a name", f"keep it under {_LONGEST_PLACE} characters")
    for place in base.vocabulary.places.values():
        if folded(clean) in {folded(each) for each in (place.id, place.label, place.code or place.id)}:
            return place
    return PlaceEntry(id="not-in-this-base", label=clean, type="not-in-this-base")
