"""Seals: what was reviewed, as exactly which content, and where a record is in its life.

Everything that gives a record its meaning has a seal of its own: the record (or the table that makes it), the entries
of the vocabulary, the documents, the entries of the bibliography and the rubric. A record is whole only if its own
seal and those of all it names hold: its measure and that measure's unit, its group, its study and where that was
published. A change of one entry is therefore one fault, at that entry, with the records it touches.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from evidencebase.base import Base, Entry
from evidencebase.model.content import digest
from evidencebase.model.kinds import VOCABULARY
from evidencebase.model.ledger import Review
from evidencebase.model.naming import named
from evidencebase.model.records import Study
from evidencebase.model.values import Model
from evidencebase.problems import Place
from evidencebase.reading.tables import Table

RUBRIC = "strength"
ENTRIES = (*VOCABULARY, "documents", "sources", "rubric")
# What stands beside an entry and says nothing of what it means itself: that another is broader, or was there before.
_BESIDE = frozenset({"links", "supersedes", "broader", "excludes", "complement_of", "comparable_with"})
# Search words, notes, and where something can be had under which terms: none of it says what a figure means.
_WITHOUT_MEANING = frozenset({"also", "notes", "url", "urldate", "licence", "license", "renditions"})

Name = tuple[str, str]
"""The kind and the id of something sealed: `("measures", "swims")`; a table is of the kind `tables`."""


class Status(StrEnum):
    """Where a record is in its life; derived from reviews and links, never written."""

    DRAFT = "draft"
    REVIEWED = "reviewed"
    BROKEN = "seal-broken"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class Seal(StrEnum):
    """What the verdicts on one thing say of the content it has now. `carried`: nobody has read it."""

    ACCEPTED = "accepted"
    CARRIED = "carried"
    BROKEN = "broken"
    MISSING = "missing"
    REJECTED = "rejected"
    UNRESOLVED = "unresolved"
    WITHDRAWN = "withdrawn"

    @property
    def holds(self) -> bool:
        """Whether what names this thing can be whole."""
        return self in (Seal.ACCEPTED, Seal.CARRIED)


_STATUS = {
    Seal.ACCEPTED: Status.REVIEWED,
    Seal.CARRIED: Status.DRAFT,
    Seal.BROKEN: Status.BROKEN,
    Seal.MISSING: Status.DRAFT,
    Seal.REJECTED: Status.REJECTED,
    Seal.UNRESOLVED: Status.REJECTED,
    Seal.WITHDRAWN: Status.WITHDRAWN,
}


@dataclass(frozen=True)
class Sealed:
    """One thing under a seal: its content and digest, where it stands, who made it.

    `entry` is the record, `table` the table; an entry of the vocabulary has neither.
    """

    kind: str
    key: str
    content: Any = field(repr=False)
    digest: str
    place: Place
    entry: Entry | None = field(default=None, repr=False)
    table: Table | None = field(default=None, repr=False)

    @property
    def name(self) -> Name:
        """Kind and id."""
        return self.kind, self.key

    @property
    def extracted(self) -> bool:
        """Whether it was read from a document by someone: a record or a table, not an entry."""
        return self.kind not in ENTRIES

    @property
    def shown(self) -> str:
        """The id by which people and `evidence review` name it: `measures/swims`, or the id of a record or table."""
        return shown_name(self.name)


@dataclass(frozen=True)
class Root:
    """A seal that does not hold, and every record that names this thing, directly or through what it names."""

    of: Sealed
    seal: Seal
    touched: tuple[Entry, ...]


def shown_name(name: Name) -> str:
    """A kind and id as people write it."""
    kind, key = name
    return f"{kind}/{key}" if kind in ENTRIES else key


def meaning(content: dict[str, Any]) -> dict[str, Any]:
    """The part of an entry's content that says what it means, in its levels too."""
    kept = {key: value for key, value in content.items() if key not in _WITHOUT_MEANING}
    if isinstance(kept.get("levels"), list):
        kept["levels"] = [meaning(level) if isinstance(level, dict) else level for level in kept["levels"]]
    return kept


def counts(status: Status) -> bool:
    """Whether a record in this state counts for anything: neither withdrawn nor rejected."""
    return status not in (Status.WITHDRAWN, Status.REJECTED)


def stands(status: Status) -> bool:
    """Whether a record in this state says what the base holds now: it counts, and nothing newer replaces it."""
    return counts(status) and status is not Status.SUPERSEDED


class Reviews:
    """The verdicts of a base, what each is of, and what follows: the seal of everything, the status of every record.

    In a base of format 1 only records and tables have seals, each for itself.
    """

    def __init__(self, base: Base) -> None:
        self.base = base
        self._tables = {table.spec.id: table for table in base.tables.values()}
        self._of: dict[Name, list[Review]] = {}
        for review, _ in base.reviews:
            self._of.setdefault(self.name(review), []).append(review)
        self._superseded = {
            link.to
            for entry in base.entries.values()
            for link in entry.record.links
            if link.type == "supersedes" and entry.kind != "studies"
        }
        self.retracted = {
            *(key for key, document in base.documents.items() if document.retracted),
            *(key for key, study in base.studies.items() if isinstance(study, Study) and study.retracted),
        }

    def name(self, review: Review) -> Name:
        """What a verdict is on: its kind is empty where there is no such record or table."""
        if review.kind:
            return review.kind, review.record
        entry = self.base.by_id.get(review.record)
        return ("tables" if review.record in self._tables else entry.kind if entry else "", review.record)

    def exists(self, name: Name) -> bool:
        """Whether this is a thing of the base, or a record that one of its tables makes."""
        return name in self.things or name in self.base.entries

    def extractor(self, name: Name) -> str | None:
        """Who read a record or table from its document."""
        kind, key = name
        if kind == "tables":
            return self._tables[key].spec.extracted_by
        return self.base.entries[name].record.extracted_by if name in self.base.entries else None

    @cached_property
    def things(self) -> dict[Name, Sealed]:
        """Everything that has a seal in this base."""
        return {thing.name: thing for thing in _things(self.base)}

    @cached_property
    def seals(self) -> dict[Name, Seal]:
        """The seal of everything that has one, each for itself."""
        return {name: self._seal(thing) for name, thing in self.things.items()}

    @cached_property
    def roots(self) -> list[Root]:
        """Every seal that does not hold and is more than withdrawn, with the records it touches."""
        found = []
        for name, seal in self.seals.items():
            withdrawn = seal is Seal.WITHDRAWN and (self.things[name].extracted or name not in self._named_by)
            if not seal.holds and not withdrawn:
                found.append(Root(self.things[name], seal, tuple(self.touched(name))))
        return found

    @cached_property
    def unwhole(self) -> dict[tuple[str, str], list[Seal]]:
        """For each record (kind and id) that is not whole, the seals that do not hold among what it names."""
        found: dict[tuple[str, str], list[Seal]] = {}
        for root in self.roots:
            for entry in root.touched:
                found.setdefault((entry.kind, entry.key), []).append(root.seal)
        return found

    @cached_property
    def counts(self) -> Counter[Seal]:
        """How many seals there are of each state."""
        return Counter(self.seals.values())

    def of(self, name: Name) -> list[Review]:
        """The verdicts on something, oldest first. Nobody's acceptance of their own reading counts."""
        return [review for review in self._of.get(name, []) if self._counts(name, review)]

    def heads(self, name: Name) -> list[Review]:
        """The verdicts that no other follows: several where two readers did not know of each other."""
        verdicts = self.of(name)
        followed = {each for review in verdicts for each in review.follows}
        return [review for review in verdicts if review.ident not in followed]

    def verdict(self, name: Name) -> Review | None:
        """The verdict that something stands on now: the newest on the content it has, else the newest."""
        heads = self.heads(name)
        thing = self.things.get(name)
        return next(
            (each for each in reversed(heads) if thing and each.digest == thing.digest), heads[-1] if heads else None
        )

    def last(self, entry: Entry) -> Review | None:
        """The verdict a record stands on: its own, or that on its table; None where there is none."""
        own = self.verdict((entry.kind, entry.key))
        return own or (self.verdict(sealed_name(entry)) if entry.table else None)

    def digest(self, entry: Entry) -> str:
        """The digest under which a record is reviewed: its own, or its table's."""
        return self.things[sealed_name(entry)].digest

    def status(self, entry: Entry) -> Status:
        """Draft, reviewed, superseded ...: what the verdicts, the links and all it names make of a record."""
        own = self.own(entry)
        if own is not Seal.ACCEPTED:
            return _STATUS[own]
        around = self.unwhole.get((entry.kind, entry.key), [])
        if around:
            return Status.DRAFT if all(seal is Seal.MISSING for seal in around) else Status.BROKEN
        return Status.SUPERSEDED if entry.key in self._superseded else Status.REVIEWED

    def own(self, entry: Entry) -> Seal:
        """The seal of a record, or of the table that made it; unless the record was withdrawn or rejected by itself."""
        seal = self.seals[sealed_name(entry)]
        if entry.table is not None and (apart := self.heads((entry.kind, entry.key))):
            verdicts = {review.verdict for review in apart}
            if "withdraw" in verdicts:
                return Seal.WITHDRAWN
            if "reject" in verdicts:
                return Seal.REJECTED
        return seal

    def _counts(self, name: Name, review: Review) -> bool:
        if review.kind:
            return True
        if review.verdict != "accept":
            return review.verdict != "carried"
        extractor = self.extractor(name)
        return review.by != extractor and (extractor is not None or self.base.format == 1)

    def _seal(self, thing: Sealed) -> Seal:
        heads = self.heads(thing.name)
        given = {review.verdict for review in heads}
        said = {review.verdict for review in heads if review.digest == thing.digest}
        if "withdraw" in given:  # it stays withdrawn, whatever becomes of its content
            return Seal.WITHDRAWN if given == {"withdraw"} else Seal.UNRESOLVED
        if "accept" in said:
            return Seal.UNRESOLVED if "reject" in said else Seal.ACCEPTED
        if "reject" in said:
            return Seal.REJECTED
        if "carried" in said and all(review.digest == thing.digest for review in self.of(thing.name)):
            return Seal.CARRIED
        # What was rejected and then mended waits for a review as a new record does.
        return Seal.MISSING if given <= {"reject"} else Seal.BROKEN

    @cached_property
    def _pairs(self) -> list[tuple[Name, Name]]:
        return list(_naming(self.base)) if self.base.format > 1 else []

    @cached_property
    def _named_by(self) -> dict[Name, list[Name]]:
        found: dict[Name, list[Name]] = {}
        for name, below in self._pairs:
            found.setdefault(below, []).append(name)
        return found

    @cached_property
    def _naming(self) -> dict[Name, list[Name]]:
        found: dict[Name, list[Name]] = {}
        for name, below in self._pairs:
            found.setdefault(name, []).append(below)
        return found

    def unread(self, name: Name) -> list[Name]:
        """The entries among all that something names, directly or through what it names, that nobody has read."""
        seen, waiting = {name}, deque([name])
        while waiting:
            for below in self._naming.get(waiting.popleft(), []):
                if below not in seen:
                    seen.add(below)
                    waiting.append(below)
        return sorted(each for each in seen - {name} if self.seals.get(each) is Seal.CARRIED)

    def touched(self, root: Name) -> list[Entry]:
        """Every record that names something, directly or through what it names."""
        found = []
        seen, waiting = {root}, deque([root])
        while waiting:
            for name in self._named_by.get(waiting.popleft(), []):
                if name not in seen:
                    seen.add(name)
                    waiting.append(name)
                    if name in self.base.entries:
                        found.append(self.base.entries[name])
        return found


def sealed_name(entry: Entry) -> Name:
    """What a review of a record is a review of: the record, or the whole table that made it."""
    return ("tables", entry.table.spec.id) if entry.table is not None else (entry.kind, entry.key)


def _things(base: Base) -> Iterator[Sealed]:
    """Everything that has a seal: records and tables; and, from format 2 on, all that gives them their meaning."""
    for entry in base.entries.values():
        if entry.table is None:
            kept = entry.authored if base.format == 1 else meaning(entry.authored)
            own = entry.digest if kept == entry.authored else digest(kept)
            yield Sealed(entry.kind, entry.key, kept, own, entry.place(), entry)
    for table in base.tables.values():
        own = table.bytes_digest if base.format == 1 else table.digest
        yield Sealed("tables", table.spec.id, {}, own, table.place, table=table)
    if base.format == 1:
        return
    for kind in VOCABULARY:
        for key, term in base.vocabulary.terms(kind).items():
            content = term.model_dump(by_alias=True, exclude_unset=True)
            yield _entry(kind, key, content, base.vocabulary_places[kind, key])
    for key, document in base.documents.items():
        content = document.model_dump(by_alias=True, exclude_unset=True)
        yield _entry("documents", key, content, base.document_places[key])
    for source in base.bibliography or ():
        fields = {name: " ".join(value.split()) for name, value in source.all_fields.items()}
        place = Place(base.bibliography.path if base.bibliography else "", source.line, source.column)
        yield _entry("sources", source.key, {"type": source.type, **fields}, place)
    if base.vocabulary.rubric is not None:
        content = base.vocabulary.rubric.model_dump(by_alias=True, exclude_unset=True)
        yield _entry("rubric", RUBRIC, content, Place("schema/strength.yml", 1, 1))


def _entry(kind: str, key: str, content: dict[str, Any], place: Place) -> Sealed:
    kept = meaning(content)
    return Sealed(kind, key, kept, digest(kept), place)


def _naming(base: Base) -> Iterator[tuple[Name, Name]]:
    """What names what, as pairs: a record all it names, and its table and rubric; an entry what it is made of."""
    for name, entry in base.entries.items():
        below = {(kind, each.id) for each in entry.names if each.path[0] not in _BESIDE for kind in each.kinds}
        tables = [entry.table, *(base.tables.get((a.document, a.table or "")) for _, a, _ in entry.record.anchored())]
        below |= {("tables", table.spec.id) for table in tables if table is not None}
        if entry.kind == "studies":
            below |= {("sources", entry.key), ("rubric", RUBRIC)}
        yield from ((name, each) for each in sorted(below))
    for table in base.tables.values():
        yield from ((("tables", table.spec.id), each) for each in _of_columns(table))
    for key, document in base.documents.items():
        yield ("documents", key), ("sources", key)
        yield from ((("documents", key), each) for each in _of_entry(document, "documents"))
    for kind in VOCABULARY:
        for key, term in base.vocabulary.terms(kind).items():
            yield from (((kind, key), each) for each in _of_entry(term, kind))
    for group in base.vocabulary.groups.values():
        yield from ((("groups", group.id), ("characteristics", each)) for each in group.is_)


def _of_entry(entry: Model, kind: str) -> Iterator[Name]:
    return ((other, each.id) for each in named(kind, entry) if each.path[0] not in _BESIDE for other in each.kinds)


def _of_columns(table: Table) -> Iterator[Name]:
    yield "documents", table.spec.document
    yield from {("units", column.unit): None for column in table.spec.columns.values()}
