"""The knowledge base in memory: every record with its place, found by id, kind or model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic

from typing_extensions import TypeVar

from evidencebase.bibliography import Bibliography
from evidencebase.folder import BaseFolder
from evidencebase.model.amounts import figure
from evidencebase.model.anchors import Anchor
from evidencebase.model.content import Canonical, canonical, digest
from evidencebase.model.ledger import Document, Review, SetAside
from evidencebase.model.naming import Named, named
from evidencebase.model.plain import shown
from evidencebase.model.records import Estimate, Finding, Population, Record, Study
from evidencebase.model.values import Path
from evidencebase.model.vocabulary import Vocabulary, head
from evidencebase.problems import Place, UsageError, did_you_mean
from evidencebase.reading.tables import Table

R = TypeVar("R", bound=Record)
R_co = TypeVar("R_co", bound=Record, covariant=True, default=Record)


@dataclass(frozen=True)
class Entry(Generic[R_co]):
    """A record with what is known about how it stands in the files.

    `kind` is the folder name (`findings`). `authored` is the mapping as written, over which `digest`
    is taken. `table` is the table that made the record, None for one written by hand. `digest_of` is the digest of the
    base's format.
    """

    kind: str
    record: R_co
    authored: dict[str, Any] = field(repr=False)
    place_of: Callable[[Path], Place] = field(repr=False)
    table: Table | None = None
    anchor_places: dict[int, Place] = field(default_factory=dict, repr=False)
    digest_of: Callable[[Any], str] = field(default=digest, repr=False)

    @cached_property
    def key(self) -> str:
        """The id of the record."""
        return self.record.ident

    def of(self, model: type[R]) -> Entry[R] | None:
        """The entry, known as one of that type; None where its record is of another."""
        return self if isinstance(self.record, model) else None  # type: ignore[return-value]

    @cached_property
    def names(self) -> tuple[Named, ...]:
        """Every id the record names: where in it, of which kinds it may be, and the id."""
        return tuple(named(self.kind, self.record))

    @cached_property
    def document(self) -> str | None:
        """The document a record was first read from, where that is not only where a word of it stands; None without."""
        anchors = [anchor for _, anchor, _ in self.record.anchored()]
        own = (anchor.document for anchor in anchors if anchor.for_ is None)
        return next(own, anchors[0].document if anchors else None)

    @cached_property
    def documents(self) -> frozenset[str]:
        """The documents the record was read from."""
        return frozenset(anchor.document for _, anchor, _ in self.record.anchored())

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content as written, by the rule of the base's format: numbers keep their digits."""
        return self.digest_of(self.authored)

    def place(self, path: Path = ()) -> Place:
        """Where a part of the record is written; for a cell of a table, its place in the CSV."""
        if len(path) > 1 and path[0] == "anchors" and path[1] in self.anchor_places:
            return self.anchor_places[int(path[1])]
        return self.place_of(path)


@dataclass
class Base:
    """A knowledge base. `entries` holds every record under (kind, id); `aside` the numbers set aside.

    `format` is that in which its files are written; what is in memory is always of the newest.
    """

    folder: BaseFolder
    format: int = 2
    metadata: dict[str, Any] = field(default_factory=dict)
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    vocabulary_places: dict[tuple[str, str], Place] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    document_places: dict[str, Place] = field(default_factory=dict)
    bibliography: Bibliography | None = None
    tables: dict[tuple[str, str], Table] = field(default_factory=dict)
    entries: dict[tuple[str, str], Entry] = field(default_factory=dict)
    aside: list[tuple[SetAside, Place]] = field(default_factory=list)
    reviews: list[tuple[Review, Place]] = field(default_factory=list)
    _worded: dict[tuple[str, str], Canonical | None] = field(default_factory=dict, init=False, repr=False)

    def of(self, kind: str) -> Iterator[Entry]:
        """Every entry of one kind, in the order read."""
        return (entry for (its, _), entry in self.entries.items() if its == kind)

    def each(self, model: type[R]) -> Iterator[tuple[Entry[R], R]]:
        """Every entry of one type with its record."""
        for entry in self.entries.values():
            if found := entry.of(model):
                yield found, found.record

    def records(self, model: type[R]) -> dict[str, R]:
        """The records of one type by id: `base.records(Finding)`."""
        return {entry.key: record for entry, record in self.each(model)}

    def entry(self, model: type[R], key: str | None) -> Entry[R] | None:
        """The entry of a type under an id; None where there is none."""
        found = self.by_id.get(key) if key is not None else None
        return found.of(model) if found is not None else None

    def get(self, model: type[R], key: str | None) -> R | None:
        """The record of a type under an id; None where there is none."""
        found = self.entry(model, key)
        return found.record if found else None

    @cached_property
    def findings(self) -> dict[str, Finding]:
        """Findings by id."""
        return self.records(Finding)

    @cached_property
    def studies(self) -> dict[str, Study]:
        """Studies by key."""
        return self.records(Study)

    @cached_property
    def by_id(self) -> dict[str, Entry]:
        """Every entry by its id alone."""
        return {entry.key: entry for entry in self.entries.values()}

    def find(self, key: str) -> Entry:
        """The entry of an id that a person named. Raises UsageError, with the nearest ids, where there is none."""
        found = self.by_id.get(key)
        if found is None:
            raise UsageError(f"{shown(key)} is no record of this base", self.nearest(key))
        return found

    def nearest(self, key: str) -> str:
        """The mend for an id that is none: the ids most like it."""
        return did_you_mean(key, self.by_id, "find ids with: evidence search WORDS")

    @cached_property
    def counted(self) -> dict[str, tuple[str, ...]]:
        """The words that tell the unit of a number: what the labels of groups count, and the printed forms of rates."""
        found: dict[str, set[str]] = {}
        for group in self.vocabulary.groups.values():
            found.setdefault(group.universe, set()).update(map(head, (group.label, *group.words)))
        for unit in self.vocabulary.units.values():
            if unit.dimension == "rate":
                found.setdefault(unit.id, set()).update((unit.label, *unit.words))
        return {universe: tuple(sorted(words - {""})) for universe, words in found.items()}

    def worded(self, kind: str, key: str) -> Canonical | None:
        """All of an entry of the vocabulary, or of a study, by which words are read: made once."""
        if (kind, key) not in self._worded:
            said: Any = None
            if kind == "studies" and (study := self.studies.get(key)) is not None:
                said = [study.label, study.words, study.fieldwork, study.universe.place]
            elif kind != "studies" and (term := self.vocabulary.terms(kind).get(key)) is not None:
                said = term.model_dump(mode="json", by_alias=True, exclude={"also", "notes"})
            self._worded[kind, key] = None if said is None else Canonical(canonical(said))
        return self._worded[kind, key]

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The constructs that this base is about: `outcomes` of metadata.yml; none where it does not say."""
        told = self.metadata.get("evidencebase")
        named = told.get("outcomes") if isinstance(told, dict) else None
        return tuple(str(each) for each in named) if isinstance(named, list) else ()

    def label(self, kind: str, key: str | None) -> str:
        """The label of a measure, group, place, study or document; the id where it has none; empty for None."""
        if key is None:
            return ""
        if kind == "studies":
            study = self.studies.get(key)
            return (study.label if study else None) or self.title(key) or key
        if kind == "documents":
            document = self.documents.get(key)
            return (document.title if document else None) or self.title(key) or key
        item = self.vocabulary.terms(kind).get(key)
        return item.label if item else key

    def title(self, key: str) -> str | None:
        """The title of a source in the bibliography."""
        found = self.bibliography.get(key) if self.bibliography else None
        return found.title if found else None

    def figure(self, entry: Entry) -> str:
        """The figure of a record as it is published, with its qualifiers: "about 27%"."""
        return figure(entry.record, self.unit(entry), self.vocabulary.units)

    def passage(self, anchor: Anchor) -> str | None:
        """The words an anchor stands on: its fragment, or for a table cell the row's printed label and numbers."""
        if anchor.fragment is not None or anchor.picture:
            return anchor.fragment or anchor.reads
        table = self.tables.get((anchor.document, anchor.table or ""))
        row = table.rows.get(anchor.row or "") if table else None
        if table is None or row is None:
            return None
        words = [row.cells.get(table.spec.label or "", ""), *(text for _, text in table.numbers(row))]
        return " ".join(word for word in words if word)

    def unit(self, entry: Entry) -> str | None:
        """The unit of a record's figures: its own, else its measure's, else its population's."""
        record = entry.record
        if isinstance(record, Finding):
            measure = self.vocabulary.measures.get(record.measure)
            return record.unit or ("rank" if record.statistic == "rank" else measure.unit if measure else None)
        if isinstance(record, Estimate):
            population = self.get(Population, record.population)
            return record.unit or (population.unit if population else None)
        return record.unit if isinstance(record, Population) else None
