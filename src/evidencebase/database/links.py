"""How records hang together."""

from __future__ import annotations

from collections.abc import Iterator

from evidencebase.database.cells import Row, Selection
from evidencebase.database.columns import NUMBER, Column, Table
from evidencebase.model.kinds import KINDS
from evidencebase.model.records import Study


def links_rows(selection: Selection) -> Iterator[Row]:
    """A row for every link that a record names as such, and for every edition of a study that supersedes another."""
    for entry in selection.entries:
        kind = KINDS[entry.kind].one
        for link in entry.record.links:
            yield _link(kind, entry.key, link.type, link.to, link.because)
        if isinstance(entry.record, Study) and entry.record.supersedes:
            yield _link(kind, entry.key, "supersedes", entry.record.supersedes)


def _link(kind: str, from_id: str, how: str, to_id: str, because: str | None = None) -> Row:
    return {
        "from_type": kind,
        "from_id": from_id,
        "type": how,
        "to_type": kind,
        "to_id": to_id,
        "because": because,
    }


LINKS = Table(
    "links",
    "How records hang together.",
    rows=links_rows,
    facets=("type",),
    indexed=("from_id", "to_id", "type"),
    columns=(
        NUMBER,
        Column("from_type", "TEXT NOT NULL", "Kind of the record that links"),
        Column("from_id", "TEXT NOT NULL", "Id of the record that links"),
        Column("type", "TEXT NOT NULL", "contradicts, supersedes or same-sample"),
        Column("to_type", "TEXT NOT NULL", "Kind of the record linked to"),
        Column("to_id", "TEXT NOT NULL", "Id of the record linked to"),
        Column("because", "TEXT", "Why"),
    ),
)
