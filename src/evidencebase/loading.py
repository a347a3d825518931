"""Reading a whole base: the records, the vocabularies, the bibliography, the tables and the reviews.

`load(folder)` never stops at the first fault. It returns what it could read and every problem found.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path as FilePath
from typing import Any, TypeVar

from evidencebase.base import Base, Entry
from evidencebase.bibliography import read_bibtex
from evidencebase.files import JOURNAL, interrupted
from evidencebase.folder import METADATA, BaseFolder, find_base
from evidencebase.model.content import digest
from evidencebase.model.kinds import BY_ONE, KINDS, RECORDS, VOCABULARY
from evidencebase.model.ledger import Document, Review, SetAside
from evidencebase.model.records import Record
from evidencebase.model.tables import TableSpec
from evidencebase.model.values import Model, Path
from evidencebase.model.vocabulary import Rubric, Vocabulary
from evidencebase.problems import EvidenceError, Place, Problem, Severity
from evidencebase.reading import format1
from evidencebase.reading.shapes import make_from, record_id
from evidencebase.reading.tables import Table, read_table
from evidencebase.reading.yaml import Source, read_yaml

FORMAT = 2
T = TypeVar("T", bound=Model)


def load(folder: FilePath | str | BaseFolder | None = None) -> tuple[Base, list[Problem]]:
    """Read a whole base: the records, the vocabularies, the bibliography and the tables.

    Returns the base and every problem of shape found on the way. Raises UsageError where the folder is no base.
    """
    if not isinstance(folder, BaseFolder):
        folder = find_base(FilePath(folder) if folder is not None else None)
    loader = _Loader(Base(folder))
    loader.read_all()
    return loader.base, loader.problems


def _always(place: Place) -> Callable[[Path], Place]:
    return lambda _: place


class _Loader:
    """Reads the files of one base, keeping every problem."""

    def __init__(self, base: Base) -> None:
        self.base = base
        self.problems: list[Problem] = []
        self.written: dict[str, tuple[str, Place]] = {}

    def read_all(self) -> None:
        self._metadata()
        if interrupted(self.base.folder.path):
            hint = "run `evidence migrate`: it puts the old files back first"
            self._problem("shape-interrupted", Place(JOURNAL), "a change of this base was stopped half way", hint)
        self._vocabulary()
        self._bibliography()
        self._documents()
        for kind, model in RECORDS.items():
            for source, index in self._items(self._files(kind)):
                self._record(kind, model, source, (index,))
        self._tables()
        self._ledger()

    def _files(self, kind: str) -> list[FilePath]:
        """The files a kind stands in: one of its own, or those of its folder."""
        place = KINDS[kind].place
        return self._below(place.removesuffix("/")) if place.endswith("/") else self._single(place)

    def _single(self, name: str) -> list[FilePath]:
        """The file of that name, where there is one; what stands in its place but is no file is a problem."""
        file = self.base.folder.path / name
        if not os.path.lexists(file):
            return []
        why = self.base.folder.unfit(file)
        if why:
            self._left_out(file, why)
        return [] if why else [file]

    def _below(self, folder: str) -> list[FilePath]:
        """The YAML files below a folder; what looks like one and cannot be read is a problem."""
        found, left_out = self.base.folder.files(folder, ".yml")
        for file, why in left_out:
            self._left_out(file, why)
        return found

    def _left_out(self, file: FilePath, why: str) -> None:
        hint = "put a plain file there that may be read, or remove it"
        self._problem("shape-unreadable", Place(self.base.folder.shown(file)), why, hint)

    def _source(self, file: FilePath) -> Source | None:
        source, problems = read_yaml(file, self.base.folder.shown(file))
        self.problems += problems
        return source

    def _items(self, files: list[FilePath]) -> Iterator[tuple[Source, int]]:
        """Every item of the lists in these files."""
        for file in files:
            source = self._source(file)
            if source is None or source.data is None:
                continue
            if not isinstance(source.data, list):
                hint = "start every record with `- `"
                self._problem("shape-list", source.place(), "this file is not a list of records", hint)
                continue
            yield from ((source, index) for index in range(len(source.data)))

    def _problem(self, code: str, place: Place, message: str, hint: str, record: str | None = None) -> None:
        self.problems.append(Problem(Severity.ERROR, code, place, message, hint, record))

    def _made(self, model: type[T], source: Source, path: Path, kind: str = "") -> T | None:
        """A model of the data at a path; of a base of format 1, of what `kind` becomes in the format of today."""
        data = source.data
        for step in path:
            data = data[step]
        new, place_of = self._as_today(kind, data, lambda inner: source.place(path + inner))
        made, problems = make_from(model, new, place_of, record_id(data))
        self.problems += problems
        return made

    def _as_today(self, kind: str, data: Any, place_of: Callable[[Path], Place]) -> tuple[Any, Callable[[Path], Place]]:
        if self.base.format == FORMAT:
            return data, place_of
        new, origin = format1.converted(kind, data)
        if not origin:
            return new, place_of
        return new, lambda inner: place_of((origin.get(str(inner[0]), inner[0]), *inner[1:]) if inner else inner)

    def _metadata(self) -> None:
        source = self._source(self.base.folder.path / METADATA)
        if source is None:
            return
        self.base.metadata = source.data if isinstance(source.data, dict) else {}
        own = self.base.metadata.get("evidencebase")
        found = own.get("format") if isinstance(own, dict) else None
        place = source.place(("evidencebase", "format"))
        if found == FORMAT and not isinstance(found, bool):
            return
        if found == 1 and not isinstance(found, bool):
            self.base.format = 1
            message = f"the base is written in format 1, and read as format {FORMAT}"
            hint = "run `evidence migrate` to see what would change, and `evidence migrate --write` to change it"
            self.problems.append(Problem(Severity.WARNING, "shape-format", place, message, hint))
            return
        hint = f"write `evidencebase: {{format: {FORMAT}}}`; a newer format needs a newer version of this program"
        self._problem("shape-format", place, f"not a base of format {FORMAT}", hint)

    def _vocabulary(self) -> None:
        read: dict[str, Any] = {}
        for name, model in VOCABULARY.items():
            read[name] = {}
            for source, index in self._items(self._files(name)):
                item = self._made(model, source, (index,), name)
                if item is None:
                    continue
                place = source.place((index, "id"))
                if item.id in read[name]:
                    message = f"{name}: the id {item.id} stands twice"
                    self._problem("shape-duplicate-id", place, message, "remove or rename one of them", item.id)
                read[name].setdefault(item.id, item)
                self.base.vocabulary_places.setdefault((name, item.id), place)
        rubric = None
        for file in self._single("schema/strength.yml"):
            source_ = self._source(file)
            rubric = self._made(Rubric, source_, ()) if source_ else None
        self.base.vocabulary = Vocabulary.model_construct(None, rubric=rubric, **read)

    def _bibliography(self) -> None:
        for file in self._files("sources"):
            try:
                self.base.bibliography, problems = read_bibtex(file, self.base.folder.shown(file))
            except EvidenceError as error:
                self._left_out(file, error.message)
            else:
                self.problems += problems

    def _documents(self) -> None:
        for source, index in self._items(self._files("documents")):
            document = self._made(Document, source, (index,))
            if document is None:
                continue
            place = source.place((index, "key"))
            if document.key in self.base.documents:
                self._problem("shape-duplicate-id", place, f"{document.key} stands twice", "remove one", document.key)
            self.base.documents.setdefault(document.key, document)
            self.base.document_places.setdefault(document.key, place)

    def _record(self, kind: str, model: type[Record], source: Source, path: Path) -> None:
        authored = source.data[path[0]]
        new, place_of = self._as_today(kind, authored, lambda inner: source.place(path + inner))
        record, problems = make_from(model, new, place_of, record_id(authored))
        self.problems += problems
        if record is not None:
            self._enter(Entry(kind, record, authored, place_of, digest_of=self._digest_of))

    @property
    def _digest_of(self) -> Callable[[Any], str]:
        return digest if self.base.format == FORMAT else format1.digest_as_written

    def _enter(self, entry: Entry) -> None:
        place = entry.place(("id",)) if "id" in entry.authored else entry.place(("key",))
        # A study and the entry of a document may share a key; records that are cited by id may not.
        if entry.key in self.written:
            kind, first = self.written[entry.key]
            hint = "ids are never reused: rename one of them"
            message = f"the id {entry.key} is already that of one of the {kind}, at {first}"
            self._problem("shape-duplicate-id", place, message, hint, entry.key)
            return
        self.written[entry.key] = (entry.kind, place)
        self.base.entries[entry.kind, entry.key] = entry

    def _tables(self) -> None:
        for file in self._below("loaders"):
            source = self._source(file)
            if source is None:
                continue
            spec = self._made(TableSpec, source, ())
            table = self._table(spec, file, source) if spec else None
            if table is None:
                continue
            if (table.spec.document, table.spec.table) in self.base.tables:
                message = f"{table.spec.id} has a spec already"
                self._problem("shape-duplicate-id", source.place(("table",)), message, "remove one", table.spec.id)
                continue
            self.base.tables[table.spec.document, table.spec.table] = table
            self._create(table)
        for table in self.base.tables.values():
            self._attach(table)

    def _table(self, spec: TableSpec, file: FilePath, source: Source) -> Table | None:
        path = self.base.folder.path / spec.file
        why = self.base.folder.unfit(path)
        if why:
            hint = "name a CSV inside the base"
            self._problem("shape-path", source.place(("file",)), f"{spec.file!r} {why}", hint, spec.id)
            return None
        table, problems = read_table(spec, file.read_bytes(), path, spec.file)
        self.problems += problems
        return table

    def _create(self, table: Table) -> None:
        for kind, mapping, row, column in table.created():
            folder = BY_ONE[kind].name
            new, place_of = self._as_today(folder, mapping, _always(row.places[column]))
            record, problems = make_from(RECORDS[folder], new, place_of, str(mapping.get("id")))
            self.problems += problems
            if record is not None:
                cells = {"row": dict(table.numbers(row))}
                self._enter(Entry(folder, record, mapping | cells, place_of, table, digest_of=self._digest_of))

    def _attach(self, table: Table) -> None:
        for key, row, column in table.attached():
            place = row.places[column]
            kind = self.written.get(key, (None, None))[0]
            if kind is None or not hasattr(self.base.entries[kind, key].record, "anchors"):
                message = f"column {column} of row {row.key} is attached to {key}, which is no record of this base"
                hint = "mend `to:` in the loader spec, or add the record"
                self._problem("reference-attached", place, message, hint, table.spec.id)
                continue
            entry = self.base.entries[kind, key]
            field_name = "published" if kind == "estimates" else "value"
            mapping = table.anchor(row, column, {field_name: None})
            anchors = [*entry.record.anchors, mapping]  # type: ignore[attr-defined]
            record = entry.record.model_validate(
                entry.record.model_dump(exclude_unset=True, by_alias=True)
                | {
                    "anchors": [
                        a if isinstance(a, dict) else a.model_dump(exclude_unset=True, by_alias=True) for a in anchors
                    ]
                }
            )
            places = entry.anchor_places | {len(anchors) - 1: place}
            self.base.entries[kind, key] = Entry(
                kind, record, entry.authored, entry.place_of, entry.table, places, self._digest_of
            )

    def _ledger(self) -> None:
        for source, index in self._items(self._below("evidence/set-asides")):
            item = self._made(SetAside, source, (index,))
            if item is not None:
                self.base.aside.append((item, source.place((index, "fragment"))))
        self._reviews()

    def _reviews(self) -> None:
        """Every verdict: one file a reviewer, and the one file of format 1. The order of lines means nothing."""
        found: dict[str, tuple[Review, Place]] = {}
        kinds = {key: kind for key, (kind, _) in self.written.items()}
        for file in self._single("evidence/reviews.yml"):
            read = list(self._items([file]))
            converted = format1.reviews([source.data[index] for source, index in read], kinds.get)
            for (source, index), mapping in zip(read, converted, strict=True):
                self._review(found, source, index, mapping)
        for source, index in self._items(self._below("evidence/reviews")):
            self._review(found, source, index, source.data[index])
        # In the one file of format 1 the order of lines was their meaning: each follows the one above it.
        self.base.reviews = list(found.values()) if self.base.format == 1 else in_order(found)

    def _review(self, found: dict[str, tuple[Review, Place]], source: Source, index: int, mapping: Any) -> None:
        named = str(mapping.get("record")) if isinstance(mapping, dict) else None
        review, problems = make_from(Review, mapping, lambda inner: source.place((index, *inner)), named)
        self.problems += problems
        if review is not None:
            found.setdefault(review.ident, (review, source.place((index,))))


def in_order(reviews: dict[str, tuple[Review, Place]]) -> list[tuple[Review, Place]]:
    """Verdicts by their id, the earliest first: by day, and each after those it follows, wherever its line stands."""
    ranks: dict[str, tuple[str, int]] = {}

    def rank(key: str) -> tuple[str, int]:
        waiting = [key]
        while waiting:
            here = waiting[-1]
            review = reviews[here][0]
            before = [each for each in review.follows if each in reviews]
            missing = [each for each in before if each not in ranks]
            if missing:
                waiting += missing
                continue
            waiting.pop()
            ranks[here] = (
                max([review.on, *(ranks[each][0] for each in before)]),
                max([0, *(ranks[each][1] + 1 for each in before)]),
            )
        return ranks[key]

    return [reviews[key] for key in sorted(reviews, key=lambda key: (rank(key), key))]
