"""Measures, groups and places by the names people type for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidencebase.estimating.people import GroupNames, folded, nearest
from evidencebase.estimating.plain import printable, shown
from evidencebase.problems import UsageError
from evidencebase.vocabulary import PlaceEntry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evidencebase.base import Base
    from evidencebase.vocabulary import Group, Measure

DEFAULT_MEASURE = "lonely-often-or-always"
_LONGEST_PLACE = 120


def find_measure(base: Base, name: str | None, usable: Sequence[str], having: str) -> Measure:
    """Find the measure that was named by id or label, else the base's main one, else the only one there is.

    `usable` are the ids that would do; `having` says what they have. Raises UsageError for an unknown name, or
    where none was named and several would do.
    """
    measures = base.vocabulary.measures
    if name is not None:
        names = {folded(each): key for key, measure in measures.items() for each in (key, measure.label)}
        if folded(name) in names:
            return measures[names[folded(name)]]
        near = nearest(folded(name), names)
        hint = f"the nearest are {', '.join(near)}" if near else "see schema/measures.yml"
        raise UsageError(f"no measure of this base is called {shown(name)}", hint)
    known = [each for each in usable if each in measures]
    if DEFAULT_MEASURE in known or len(known) == 1:
        return measures[DEFAULT_MEASURE if DEFAULT_MEASURE in known else known[0]]
    if not known:
        raise UsageError(f"this base has no measure with {having}", "name a measure with --measure")
    raise UsageError(f"several measures have {having}: {', '.join(known)}", "name one with --measure")


def find_group(base: Base, name: str) -> Group:
    """Find a group as `GroupNames.find` does. Raises UsageError for a name that is none."""
    try:
        return GroupNames(base.vocabulary).find(name)
    except ValueError as error:
        raise UsageError(str(error), "see schema/groups.yml") from error


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
