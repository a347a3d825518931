"""Who reviewed what, and what became of records that are no longer there."""

from __future__ import annotations

from collections.abc import Iterator

from evidencebase.database.cells import Row, Selection, listed
from evidencebase.database.columns import NUMBER, Column, Table
from evidencebase.model.kinds import KINDS
from evidencebase.model.ledger import Review
from evidencebase.provenance.seal import Status, shown_name


def _entered(review: Review) -> list[str]:
    named = review.entered.items()
    return [text if len(named) == 1 else f"{name} {text}" for name, text in named]


def reviews_rows(selection: Selection) -> Iterator[Row]:
    """A row for every review, oldest first."""
    for review, _ in selection.base.reviews:
        yield {
            "verdict_id": review.ident,
            "record_id": review.record,
            "kind": review.kind,
            "reviewer": review.by,
            "reviewed_on": review.on,
            "verdict": review.verdict,
            "value_text": listed(_entered(review)),
            "follows": listed(review.follows),
            "via": review.via,
            "note": review.note,
            "digest": review.digest,
        }


def seals_rows(selection: Selection) -> Iterator[Row]:
    """A row for everything that has a seal, by kind and id; what a table makes has the table's."""
    reviews, entries = selection.reviews, selection.base.entries
    for kind, key in sorted({*reviews.things, *entries}):
        entry = entries.get((kind, key))
        verdict = reviews.last(entry) if entry else reviews.verdict((kind, key))
        yield {
            "kind": kind,
            "key": key,
            "state": str(reviews.own(entry) if entry else reviews.seals[kind, key]),
            "by": verdict.by if verdict else None,
            "on": verdict.on if verdict else None,
            "unread": listed([shown_name(each) for each in reviews.unread((kind, key))]),
            "digest": reviews.digest(entry) if entry else reviews.things[kind, key].digest,
        }


def tombstones_rows(selection: Selection) -> Iterator[Row]:
    """A row for every record withdrawn or superseded, with the reason."""
    successors = {
        link.to: entry.key
        for entry in selection.base.entries.values()
        for link in entry.record.links
        if link.type == "supersedes"
    }
    for entry in sorted(selection.base.entries.values(), key=lambda each: each.key):
        status = selection.reviews.status(entry)
        if status not in (Status.WITHDRAWN, Status.SUPERSEDED):
            continue
        last = selection.reviews.last(entry)
        reason = f"superseded by {successors.get(entry.key)}"
        if status is Status.WITHDRAWN and last is not None:
            reason = last.note or ""
        kind = KINDS[entry.kind].one
        yield {"record_id": entry.key, "record_type": kind, "status": str(status), "reason": reason}


REVIEWS = Table(
    "reviews",
    "Who judged which content, when, with what verdict. Readers are named by role; a name proves nothing.",
    rows=reviews_rows,
    facets=("reviewer", "verdict"),
    indexed=("record_id", "reviewer", "verdict"),
    columns=(
        NUMBER,
        Column("verdict_id", "TEXT NOT NULL", "Id of the verdict, made from its content"),
        Column("record_id", "TEXT NOT NULL", "The record reviewed"),
        Column("kind", "TEXT", "Kind of what is no record, such as measures or documents"),
        Column("reviewer", "TEXT NOT NULL", "Role of the reviewer"),
        Column("reviewed_on", "TEXT NOT NULL", "Date"),
        Column(
            "verdict",
            "TEXT NOT NULL",
            "accept, reject or withdraw; carried for what stood in the base and nobody has read",
        ),
        Column("value_text", "TEXT", "The figures as the reviewer entered them"),
        Column("follows", "TEXT", "The verdicts that were known when this one was given"),
        Column("via", "TEXT", "migrate, where the verdict was carried over a change of form"),
        Column("note", "TEXT", "Note"),
        Column("digest", "TEXT NOT NULL", "SHA-256 of the content that was reviewed"),
    ),
)
SEALS = Table(
    "seals",
    "What the verdicts say of everything that gives a record its meaning, in the form it has in this edition.",
    rows=seals_rows,
    facets=("state", "kind", "by"),
    indexed=("kind", "key", "state", "by"),
    columns=(
        NUMBER,
        Column("kind", "TEXT NOT NULL", "findings, measures, documents, tables and so on"),
        Column("key", "TEXT NOT NULL", "Id of the record, table or entry"),
        Column(
            "state",
            "TEXT NOT NULL",
            "accepted, carried (read by nobody), broken (changed since), missing, rejected, unresolved, withdrawn",
        ),
        Column("by", "TEXT", "Who gave the verdict it stands on, by role"),
        Column("on", "TEXT", "When, as a date"),
        Column("unread", "TEXT", "The entries among all it names that nobody has read: they are only carried"),
        Column("digest", "TEXT NOT NULL", "SHA-256 of its content"),
    ),
)
TOMBSTONES = Table(
    "tombstones",
    "Records that were withdrawn or superseded. Their ids are never used again.",
    rows=tombstones_rows,
    columns=(
        Column("record_id", "TEXT PRIMARY KEY", "Id of the record"),
        Column("record_type", "TEXT NOT NULL", "Kind of the record"),
        Column("status", "TEXT NOT NULL", "withdrawn or superseded"),
        Column("reason", "TEXT", "Why"),
    ),
)
