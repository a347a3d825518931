"""What several checks need: the records by kind, whether they are true to their documents, and labels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from evidencebase.base import Base, Entry
from evidencebase.checks.context import Context
from evidencebase.model.records import Estimate, Population, Record
from evidencebase.provenance.seal import stands

R = TypeVar("R", bound=Record)
_LISTED = 4


def standing(context: Context, model: type[R]) -> Iterator[tuple[Entry[R], R]]:
    """The entries of one type that stand: neither withdrawn, superseded nor rejected. Drafts stand too."""
    reviews = context.reviews
    for entry, record in context.base.each(model):
        if stands(reviews.status(entry)):
            yield entry, record


def group_of(base: Base, entry: Entry) -> str | None:
    """The group of a record: its own, else that of the population of an estimate."""
    record = entry.record
    population = base.get(Population, record.population) if isinstance(record, Estimate) else None
    return record.about.group or (population.group if population else None)


def listed(names: Iterable[str]) -> str:
    """Names in a sentence, in their order and without repetition: the first few, and how many more."""
    every = list(dict.fromkeys(names))
    shown, rest = every[:_LISTED], len(every) - _LISTED
    if rest > 0:
        return f"{', '.join(shown)} and {rest} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown)
