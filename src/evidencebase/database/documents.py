"""Documents, the numbers of them that were set aside, and how many nobody has read."""

from __future__ import annotations

from collections.abc import Iterator

from evidencebase.database.cells import Row, Selection, as_json
from evidencebase.database.columns import NUMBER, Column, Table
from evidencebase.model.ledger import Document


def documents_rows(selection: Selection) -> Iterator[Row]:
    """A row for every document."""
    base = selection.base
    for document in sorted(base.documents.values(), key=lambda each: each.key):
        rendition = document.renditions[0] if document.renditions else None
        yield {
            "key": document.key,
            "title": base.label("documents", document.key),
            "source": document.key if base.bibliography and document.key in base.bibliography else None,
            "publisher": document.publisher,
            "date": document.date,
            "words": as_json(meant) if (meant := _meant(document)) else None,
            "url": document.url,
            "licence": document.licence,
            "media_type": rendition.media_type if rendition else None,
            "sha256": rendition.sha256 if rendition else None,
            "retracted": document.retracted.said if document.retracted else None,
        }


def _meant(document: Document) -> dict[str, dict[str, str]]:
    """What words mean in a document, as it is written."""
    return {word: meant.model_dump(exclude_none=True) for word, meant in document.words.items()}


def set_asides_rows(selection: Selection) -> Iterator[Row]:
    """A row for every number set aside by a record."""
    for item, _ in selection.base.aside:
        yield {"document": item.document, "fragment": item.fragment, "number": item.number, "reason": item.reason}


def coverage_rows(selection: Selection) -> Iterator[Row]:
    """A row for every document, as the lock counted it."""
    for key in sorted(selection.lock.coverage.keys() & selection.base.documents.keys()):
        covered = selection.lock.coverage[key]
        yield {
            "document": key,
            "figures": covered.figures,
            "anchored": covered.anchored,
            "set_aside": sum(covered.set_aside.values()),
            "unread": covered.unread,
            "set_aside_by_reason": as_json(covered.set_aside),
        }


DOCUMENTS = Table(
    "documents",
    "Where figures were read.",
    rows=documents_rows,
    label="title",
    cites=("source",),
    columns=(
        Column("key", "TEXT PRIMARY KEY", "Key, as in the bibliography"),
        Column("title", "TEXT", "Title"),
        Column("source", "TEXT REFERENCES sources(key)", "Its entry in the bibliography"),
        Column("publisher", "TEXT", "Who published it"),
        Column("date", "TEXT", "When it was published"),
        Column("words", "TEXT", "What words such as the county mean in it, as JSON"),
        Column("url", "TEXT", "Where it is published"),
        Column("licence", "TEXT", "Under what terms"),
        Column("media_type", "TEXT", "Kind of file that was read"),
        Column("sha256", "TEXT", "SHA-256 of the file that was read"),
        Column("retracted", "TEXT", "That it was retracted or corrected, and why"),
    ),
)
SET_ASIDES = Table(
    "set_asides",
    "Numbers in documents that are no findings, each with the reason.",
    rows=set_asides_rows,
    title="Numbers set aside",
    facets=("document", "reason"),
    indexed=("document", "reason"),
    columns=(
        NUMBER,
        Column("document", "TEXT NOT NULL REFERENCES documents(key)", "The document"),
        Column("fragment", "TEXT NOT NULL", "The words around it"),
        Column("number", "TEXT NOT NULL", "The number as printed"),
        Column(
            "reason",
            "TEXT NOT NULL",
            "date, age-band, heading, reference, identifier, quantity-of-text or restated-elsewhere",
        ),
    ),
)
COVERAGE = Table(
    "coverage",
    "How many numbers of each document are in a record, set aside or unread.",
    rows=coverage_rows,
    columns=(
        Column("document", "TEXT PRIMARY KEY REFERENCES documents(key)", "The document"),
        Column("figures", "INTEGER NOT NULL", "Numbers found in its text"),
        Column("anchored", "INTEGER NOT NULL", "Numbers that a record resolves"),
        Column("set_aside", "INTEGER NOT NULL", "Numbers set aside with a reason"),
        Column("unread", "INTEGER NOT NULL", "Numbers nobody has dealt with"),
        Column("set_aside_by_reason", "TEXT", "How many were set aside for each reason, as JSON"),
    ),
)
