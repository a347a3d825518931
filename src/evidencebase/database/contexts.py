"""What a section of a document says once of all its figures."""

from __future__ import annotations

from collections.abc import Iterator

from evidencebase.citing.statements import statement
from evidencebase.database.cells import Row, Selection, life_cells
from evidencebase.database.columns import CAVEATS, CONTEXT, DIGEST, ID, INFERRED, STATUS, Column, Table
from evidencebase.model.periods import shown
from evidencebase.model.records import Context


def contexts_rows(selection: Selection) -> Iterator[Row]:
    """A row for every context."""
    for entry, record in selection.records(Context):
        yield {
            "id": record.id,
            "statement": statement(entry, selection.base),
            "document": record.document,
            "starts": record.from_,
            "ends": record.to,
            "study": record.gives.study,
            "period": shown(record.gives.period) or None,
            "place": record.gives.place,
            "measure": record.gives.measure,
            "group": record.gives.group,
            **life_cells(selection, entry),
        }


CONTEXTS = Table(
    "contexts",
    "Parts of documents that say once what holds of every figure in them.",
    rows=contexts_rows,
    label="statement",
    facets=("document",),
    indexed=("document",),
    stated=("document", "status"),
    fields=("document", "starts", "ends", "study", "period", "place", "measure", "group"),
    cites=("document",),
    columns=(
        ID,
        Column("statement", "TEXT NOT NULL", "Where it is, and what it says"),
        Column("document", "TEXT REFERENCES documents(key)", "The document"),
        Column("starts", "TEXT NOT NULL", "The words it starts with"),
        Column("ends", "TEXT NOT NULL", "The words it ends with"),
        Column("study", "TEXT", "Who measured the figures in it"),
        Column("period", "TEXT", "When their data were collected"),
        Column("place", "TEXT REFERENCES places(id)", "Where"),
        Column("measure", "TEXT REFERENCES measures(id)", "What was measured"),
        Column("group", "TEXT REFERENCES groups(id)", "The people they are about"),
        CONTEXT,
        INFERRED,
        CAVEATS,
        STATUS,
        DIGEST,
    ),
)
