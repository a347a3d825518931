"""How records hang together."""

from __future__ import annotations

from collections.abc import Iterator

from evidencebase.database.cells import Row, Selection
from evidencebase.database.columns import NUMBER, Column, Table
from evidencebase.model.kinds import KINDS

# The fields through which a record hangs together with another, beside its links and the columns of its own table.
_LINKED = ("findings", "rests_on", "supersedes")


def links_rows(selection: Selection) -> Iterator[Row]:
    """A row for every link, and for every record that rests on another."""
    for entry in selection.entries:
        kind = KINDS[entry.kind].one
        for link in entry.record.links:
            yield _link(kind, entry.key, link.type, kind, link.to, link.because)
        for path, kinds, key in sorted(entry.names, key=lambda named: str(named.path[0])):
            if path[0] in _LINKED:
                other = selection.base.by_id.get(key)
                to_kind = KINDS[kinds[0]].one if len(kinds) == 1 else KINDS[other.kind].one if other else "unknown"
                yield _link(kind, entry.key, str(path[0]).replace("_", "-"), to_kind, key)


def _link(from_type: str, from_id: str, kind: str, to_type: str, to_id: str, because: str | None = None) -> Row:
    return {
        "from_type": from_type,
        "from_id": from_id,
        "type": kind,
        "to_type": to_type,
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
        Column("type", "TEXT NOT NULL", "contradicts, supersedes, same-sample, findings or rests-on"),
        Column("to_type", "TEXT NOT NULL", "Kind of the record linked to"),
        Column("to_id", "TEXT NOT NULL", "Id of the record linked to"),
        Column("because", "TEXT", "Why"),
    ),
)
