"""Reviews and seals: what was reviewed, as exactly which content, and where a record is in its life."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from evidencebase.base import Base, Entry
from evidencebase.model.ledger import Review
from evidencebase.model.records import Study


class Status(StrEnum):
    """Where a record is in its life; derived from reviews and links, never written."""

    DRAFT = "draft"
    REVIEWED = "reviewed"
    BROKEN = "seal-broken"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Sealed:
    """The id and the digest under which an entry is reviewed: its own, or its table's."""

    key: str
    digest: str


def sealed(entry: Entry) -> Sealed:
    """What a review of an entry is a review of: the record, or the whole table that made it."""
    if entry.table is not None:
        return Sealed(entry.table.spec.id, entry.table.digest)
    return Sealed(entry.key, entry.digest)


def counts(status: Status) -> bool:
    """Whether a record in this state counts for anything: neither withdrawn nor rejected."""
    return status not in (Status.WITHDRAWN, Status.REJECTED)


def stands(status: Status) -> bool:
    """Whether a record in this state says what the base holds now: it counts, and nothing newer replaces it."""
    return counts(status) and status is not Status.SUPERSEDED


class Reviews:
    """The reviews of a base, by what they are of."""

    def __init__(self, base: Base) -> None:
        self._of: dict[str, list[Review]] = {}
        for review, _ in base.reviews:
            self._of.setdefault(review.record, []).append(review)
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

    def of(self, key: str) -> list[Review]:
        """The reviews of a record or table, oldest first."""
        return self._of.get(key, [])

    def last(self, entry: Entry) -> Review | None:
        """The newest review of the entry; None where there is none. Nobody's acceptance of their own reading counts."""
        found = self.of(entry.key) + (self.of(sealed(entry).key) if entry.table else [])
        extractor = entry.table.spec.extracted_by if entry.table else entry.record.extracted_by
        return next((each for each in reversed(found) if each.verdict != "accept" or each.by != extractor), None)

    def status(self, entry: Entry) -> Status:
        """Draft, reviewed, superseded, withdrawn ...: what the newest review and the links make of it."""
        last = self.last(entry)
        if last is None:
            return Status.DRAFT
        if last.verdict == "withdraw":
            return Status.WITHDRAWN
        expected = sealed(entry).digest if last.record != entry.key or entry.table is None else entry.digest
        if last.digest != expected:
            return Status.BROKEN
        if last.verdict == "reject":
            return Status.REJECTED
        return Status.SUPERSEDED if entry.key in self._superseded else Status.REVIEWED
