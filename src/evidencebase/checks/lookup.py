"""What several checks need: the records by kind, whether they are true to their documents, and labels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Literal, TypeVar

from evidencebase.base import Base, Entry
from evidencebase.checks.context import Context
from evidencebase.provenance.seal import Reviews, Status
from evidencebase.records import Estimate, Finding, Population, Record, Study
from evidencebase.vocabulary import Group, Vocabulary

R = TypeVar("R", bound=Record)
_KINDS: dict[type[Record], str] = {
    Finding: "findings",
    Population: "populations",
    Estimate: "estimates",
    Study: "studies",
}
_GONE = (Status.WITHDRAWN, Status.SUPERSEDED, Status.REJECTED)
_LISTED = 4


def get(base: Base, model: type[R], key: str | None) -> R | None:
    """The record of one type under an id; None where there is none."""
    entry = base.entries.get((_KINDS[model], key or ""))
    return entry.record if entry is not None and isinstance(entry.record, model) else None


def each(base: Base, model: type[R]) -> Iterator[tuple[Entry, R]]:
    """Every entry of one type with its record."""
    for entry in base.entries.values():
        if isinstance(entry.record, model):
            yield entry, entry.record


def standing(context: Context, model: type[R]) -> Iterator[tuple[Entry, R]]:
    """The entries of one type that stand: neither withdrawn, superseded nor rejected. Drafts stand too."""
    reviews = Reviews(context.base)
    for entry, record in each(context.base, model):
        if reviews.status(entry) not in _GONE:
            yield entry, record


def faithful(context: Context) -> set[tuple[str, str]]:
    """The (kind, id) of every record that is true to its document: it has anchors, and all of them hold."""
    held: set[tuple[str, str]] = set()
    failed: set[tuple[str, str]] = set()
    for outcome in context.matching.outcomes:
        key = (outcome.entry.kind, outcome.entry.key)
        (held if outcome.passes else failed).add(key)
    return held - failed


def within(vocabulary: Vocabulary, kind: Literal["groups", "places"], inner: str, outer: str) -> bool:
    """Whether one group or place is the other, or a narrower one."""
    return inner == outer or outer in vocabulary.ancestors(kind, inner)


def name(base: Base, kind: str, key: str | None) -> str:
    """The label of a measure, group, place or study, and the id where it has none; empty for None."""
    if key is None:
        return ""
    if kind == "studies":
        study = get(base, Study, key)
        return (study.label if study else None) or key
    item = getattr(base.vocabulary, kind).get(key)
    return item.label if item else key


def group_of(base: Base, entry: Entry) -> str | None:
    """The group of a record: its own, else that of the population of an estimate."""
    record = entry.record
    population = get(base, Population, record.population) if isinstance(record, Estimate) else None
    own: str | None = getattr(record, "group", None)
    return own or (population.group if population else None)


def partition(whole: Group, parts: list[Group]) -> bool:
    """Whether the parts make up the whole: both sexes, or age bands from its first year to its last."""
    ages = {(part.age_min, part.age_max) for part in parts}
    if len(parts) == 2 and len(ages) == 1 and {part.sex for part in parts} == {"female", "male"}:
        return True
    bands = sorted((part.age_min or 0, 120 if part.age_max is None else part.age_max) for part in parts)
    joined = all(low == high + 1 for (_, high), (low, _) in pairwise(bands))
    span = (whole.age_min or 0, 120 if whole.age_max is None else whole.age_max)
    return len(parts) > 1 and joined and (bands[0][0], bands[-1][1]) == span


def documents(entry: Entry) -> set[str]:
    """The documents a record was read from."""
    return {anchor.document for _, anchor, _ in entry.record.anchored()}


def listed(names: Iterable[str]) -> str:
    """Names in a sentence, in their order and without repetition: the first few, and how many more."""
    every = list(dict.fromkeys(names))
    shown, rest = every[:_LISTED], len(every) - _LISTED
    if rest > 0:
        return f"{', '.join(shown)} and {rest} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown)
