"""What an entry names: ids of other entries, declared once, at the field that holds them.

A field whose type is one of those below names an entry of that kind. References, what rests on what, links and seals
all follow from it: `named(kind, entry)` gives every id with its path and the kinds it may be of.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, NamedTuple, get_args

from evidencebase.model.values import Id, Model, Path


@dataclass(frozen=True, slots=True)
class Names:
    """Marks an id as that of another entry, of one of these kinds; without any, of the kind of the entry itself."""

    kinds: tuple[str, ...] = ()


class Named(NamedTuple):
    """An id that an entry names: where in it, of which kinds it may be, and the id."""

    path: Path
    kinds: tuple[str, ...]
    id: str


MeasureId = Annotated[Id, Names(("measures",))]
GroupId = Annotated[Id, Names(("groups",))]
PlaceId = Annotated[Id, Names(("places",))]
DocumentKey = Annotated[Id, Names(("documents",))]
StudyKey = Annotated[Id, Names(("studies",))]
FindingId = Annotated[Id, Names(("findings",))]
PopulationId = Annotated[Id, Names(("populations",))]
ConclusionId = Annotated[Id, Names(("conclusions",))]
EvidenceId = Annotated[Id, Names(("findings", "claims", "estimates", "populations"))]
UnitId = Annotated[Id, Names(("units",))]
ContextId = Annotated[Id, Names(("contexts",))]
BodyId = Annotated[Id, Names(("bodies",))]
AnyId = Annotated[
    Id, Names(("groups", "measures", "findings", "claims", "populations", "estimates", "conclusions", "responses"))
]
OwnKindId = Annotated[Id, Names()]


def named(kind: str, entry: Model) -> Iterator[Named]:
    """Every id that an entry of a kind (`findings`) names, in the order of its fields, with its path as written."""
    for attribute, written, kinds in _naming(type(entry)):
        yield from _within(getattr(entry, attribute), (written,), kinds, kind)


def _within(value: Any, path: Path, kinds: tuple[str, ...] | None, own: str) -> Iterator[Named]:
    if isinstance(value, str):
        if kinds is not None:
            yield Named(path, kinds or (own,), value)
    elif isinstance(value, Model):
        yield from (Named((*path, *each.path), each.kinds, each.id) for each in named(own, value))
    elif isinstance(value, list | dict):
        for step, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _within(item, (*path, step), kinds, own)


@cache
def _naming(model: type[Model]) -> tuple[tuple[str, str, tuple[str, ...] | None], ...]:
    """The fields of a model that name something themselves or hold models: attribute, name as written, kinds."""
    found = []
    for attribute, field in model.model_fields.items():
        parts = [*_parts(field.annotation), *field.metadata]
        kinds = next((part.kinds for part in parts if isinstance(part, Names)), None)
        if kinds is not None or any(isinstance(part, type) and issubclass(part, Model) for part in parts):
            found.append((attribute, field.alias or attribute, kinds))
    return tuple(found)


def _parts(annotation: Any) -> Iterator[Any]:
    """A type and everything it is made of."""
    yield annotation
    for part in get_args(annotation):
        yield from _parts(part)
