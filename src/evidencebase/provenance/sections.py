"""What a section says once of several records: a context proposed in the place of an anchor for each.

It is made only where three records or more of one section ask for the same, and no record of it says anything else.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from evidencebase.base import Base, Entry
from evidencebase.model.records import Context, Given
from evidencebase.problems import Place
from evidencebase.provenance.grounding import Asked, Proposal
from evidencebase.provenance.judging import rulings_of
from evidencebase.provenance.library import Library
from evidencebase.provenance.matching import outcomes_of
from evidencebase.provenance.mentions import Reading, Words
from evidencebase.provenance.quoting import fragment_of, only_here, runs
from evidencebase.provenance.rulings import WordState
from evidencebase.reading.structure import Part, Span

_FEWEST = 3
_ORDER = ("id", "document", "from", "to", "gives", "anchors", "extracted_by")
_LONGEST_ID = 40


@dataclass(frozen=True)
class Gathered:
    """A context to be made, and the records that would name it: each gets from it what `context.gives` says."""

    context: Context
    entries: tuple[Entry, ...]

    @property
    def written(self) -> dict[str, Any]:
        """The context as it is written, its fields in the order in which people read them."""
        content = self.context.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude_none=True)
        return {name: content[name] for name in _ORDER if name in content}

    def answers(self, asked: Asked) -> bool:
        """Whether it answers for a field of a record."""
        given = getattr(self.context.gives, asked.ruling.field, None) is not None
        return given and any(each.key == asked.ruling.entry.key for each in self.entries)


@dataclass
class _Asking:
    """The records of one section that ask for one value of a field, each with the proposal that would answer it."""

    value: str
    proposals: dict[str, Proposal] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)


def gather(base: Base, library: Library, words: Words, asked: list[Asked]) -> list[Gathered]:
    """The contexts that would answer what three records or more of a section ask for in one way."""
    found: list[Gathered] = []
    taken: set[str] = set()
    for (document, section, keys), gives in sorted(_asking(asked).items(), key=lambda each: -len(each[0][2])):
        if len(keys) < _FEWEST or taken & keys:
            continue
        if any(_otherwise(base, library, document, section, name, of.value) for name, of in gives.items()):
            continue
        ids = {*base.by_id, *(each.context.id for each in found)}
        entries = tuple(next(iter(gives.values())).entries.values())
        context = _context(section, gives, ids)
        if context is not None and _holds(base, library, words, Gathered(context, entries)):
            readers = {entry.record.extracted_by for entry in entries}
            context = context.model_copy(update={"extracted_by": readers.pop() if len(readers) == 1 else None})
            found.append(Gathered(context, entries))
            taken |= keys
    return found


def _asking(asked: list[Asked]) -> dict[tuple[str, Span, frozenset[str]], dict[str, _Asking]]:
    """What records ask for, by the document, the section and their ids: of each field the value that they ask for.

    Left out are those that have a context, and those of tables: what holds of all rows stands in the spec.
    """
    single: dict[tuple[str, Span, str, str], _Asking] = {}
    for each in asked:
        entry, chosen, name = each.ruling.entry, each.chosen, each.ruling.field
        if chosen is None or name not in Given.model_fields or entry.record.context is not None or entry.table:
            continue
        section = chosen.at.reading.structure.section(chosen.at.passage[0])
        value = str(getattr(entry.record, name))
        of = single.setdefault((chosen.anchor.document, section, name, value), _Asking(value))
        of.entries[entry.key], of.proposals[entry.key] = entry, chosen
    found: dict[tuple[str, Span, frozenset[str]], dict[str, _Asking]] = defaultdict(dict)
    for (document, section, name, _), of in single.items():
        found[document, section, frozenset(of.entries)][name] = of
    return found


def _otherwise(base: Base, library: Library, document: str, section: Span, name: str, value: str) -> bool:
    """Whether another record that stands in the section says something else."""
    for entry in base.entries.values():
        if document in entry.documents and getattr(entry.record, name, None) not in (None, value):
            for each in outcomes_of(base, library, entry):
                inside = section[0] <= each.passage.source_start < section[1]
                if each.passes and each.anchor.for_ is None and each.anchor.document == document and inside:
                    return True
    return False


def _context(section: Span, gives: dict[str, _Asking], ids: set[str]) -> Context | None:
    """The context of a section; None where no fragments of it that stand in one place hold the passages."""
    proposals = [each for of in gives.values() for each in of.proposals.values()]
    reading, passages = proposals[0].at.reading, [each.at.passage[0] for each in proposals]
    first, last = only_here(reading, _openings(reading, section)), only_here(reading, _ends(reading, section))
    if first is None or last is None or not first[1] <= min(passages) <= max(passages) <= last[1]:
        return None
    document = reading.document.key
    anchors: list[dict[str, str | None]] = []
    for of in gives.values():
        named = ((fragment_of(reading, each.mention, None), each) for each in of.proposals.values())
        fragment, named_by = next(((words, each) for words, each in named if words), (None, proposals[0]))
        if fragment is None:
            return None
        anchor = {"document": document, "fragment": fragment, "locator": named_by.anchor.locator}
        anchors += [] if anchor in anchors else [anchor]
    slug = re.sub(r"[^a-z0-9]+", "-", (anchors[0]["locator"] or "").lower())[:_LONGEST_ID].strip("-") or "section"
    content = {
        "id": next(each for each in _names(f"{document}-{slug}") if each not in ids),
        "document": document,
        "from": first[0],
        "to": last[0],
        "gives": {name: of.value for name, of in gives.items()},
        "anchors": anchors,
    }
    return Context.model_validate(content)


def _names(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name}-{number}" for number in range(2, 1000))


def _openings(reading: Reading, section: Span) -> Iterator[Span]:
    """Where a section begins: its heading, else the first words of the sentences under it."""
    for unit in reading.structure.units:
        if section[0] <= unit.start < section[1]:
            for sentence in reading.structure.sentences(unit):
                yield from runs(reading, sentence)


def _ends(reading: Reading, section: Span) -> Iterator[Span]:
    """Where a section ends: the next heading, else its own last words."""
    units = reading.structure.units
    following = next((unit for unit in units if unit.start >= section[1]), None)
    if following is not None and following.part is Part.HEADING:
        yield from runs(reading, following.span)
    within = [unit for unit in units if section[0] <= unit.start < section[1]]
    for unit in within[-1:]:
        yield from runs(reading, reading.structure.sentences(unit)[-1], closing=True)


def _holds(base: Base, library: Library, words: Words, made: Gathered) -> bool:
    """Whether its own fragments match, and by it each record's field is named elsewhere."""
    context = Entry("contexts", made.context, {}, lambda _: Place(""))
    entries = [
        replace(entry, record=entry.record.model_copy(update={"context": made.context.id})) for entry in made.entries
    ]
    new = {(each.kind, each.key): each for each in (context, *entries)}
    with_it = replace(base, entries=base.entries | new)
    judged = replace(words, base=with_it)
    if any(not each.passes or each.problems for each in outcomes_of(with_it, library, context)):
        return False
    given = made.context.gives.model_dump(exclude_none=True)
    return all(
        ruling.state is WordState.ELSEWHERE
        for entry in entries
        for ruling in rulings_of(judged, entry, outcomes_of(with_it, library, entry))
        if ruling.field in given
    )
