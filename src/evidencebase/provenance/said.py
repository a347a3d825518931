"""What a record says that its passages must bear out, prepared once for all of its anchors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from evidencebase.base import Base, Entry
from evidencebase.model.anchors import Anchor, Figure
from evidencebase.model.values import Path
from evidencebase.model.vocabulary import Group, PlaceEntry


@dataclass(frozen=True)
class Said:
    """A record as matching needs it.

    `unit` is that of its figures. `groups` are those it names (its own, and whom it is compared with), `around`
    these and every broader one. `near` are the place, and the places around it. `counted` are the
    nouns of the vocabulary, by the unit they count in.
    """

    entry: Entry
    unit: str | None
    groups: tuple[Group, ...]
    around: tuple[Group, ...]
    period: str | None
    place: PlaceEntry | None
    near: frozenset[str]
    counted: Mapping[str, tuple[str, ...]]

    def anchored(self) -> Iterator[tuple[Path, Anchor, list[Figure]]]:
        """Every anchor with its path and the figures it may carry, each in its unit (None: any unit will do)."""
        for path, anchor, figures in self.entry.record.anchored():
            yield path, anchor, [each if each.unit else each.model_copy(update={"unit": self.unit}) for each in figures]


def said(base: Base, entry: Entry) -> Said:
    """Prepare a record for matching."""
    record, vocabulary = entry.record, base.vocabulary
    versus = getattr(record, "versus", None)
    names = [getattr(record, "group", None), versus.group if versus else None]
    groups = [vocabulary.groups[name] for name in names if name in vocabulary.groups]
    broader = sorted({name for group in groups for name in vocabulary.ancestors("groups", group.id)})
    place = vocabulary.places.get(getattr(record, "place", None) or "")
    return Said(
        entry,
        base.unit(entry),
        tuple(groups),
        (*groups, *(vocabulary.groups[name] for name in broader if name in vocabulary.groups)),
        getattr(record, "period", None),
        place,
        frozenset({place.id, *vocabulary.ancestors("places", place.id)} if place else ()),
        base.counted,
    )
