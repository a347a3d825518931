"""Indicators."""

from __future__ import annotations

from collections.abc import Iterator

from evidencebase.citing.statements import statement
from evidencebase.database.cells import Row, Selection, life_cells
from evidencebase.database.columns import CAVEATS, CONTEXT, DIGEST, ID, INFERRED, READ_IN, STATUS, Column, Table
from evidencebase.model.records import Indicator


def indicators_rows(selection: Selection) -> Iterator[Row]:
    """A row for every indicator."""
    for entry, record in selection.records(Indicator):
        yield {
            "id": record.id,
            "statement": statement(entry, selection.base),
            "measure": record.measure,
            "group": record.group,
            "place": record.place,
            "finding": record.finding,
            "data_set": record.data_set,
            "next_release": record.next_release,
            "next_release_as_published": record.next_release_as_published,
            "document": entry.document,
            **life_cells(selection, entry),
        }


INDICATORS = Table(
    "indicators",
    "Figures that a document says are watched, and where.",
    rows=indicators_rows,
    label="statement",
    indexed=("measure", "group", "place", "finding"),
    stated=("measure", "group", "place", "document", "status"),
    fields=("measure", "group", "place", "finding", "data_set", "next_release", "next_release_as_published"),
    cites=("document",),
    columns=(
        ID,
        Column("statement", "TEXT NOT NULL", "What it says"),
        Column("measure", "TEXT NOT NULL REFERENCES measures(id)", "What is watched"),
        Column("group", "TEXT REFERENCES groups(id)", "Of whom"),
        Column("place", "TEXT REFERENCES places(id)", "Where"),
        Column("finding", "TEXT REFERENCES findings(id)", "Its latest figure in this base"),
        Column("data_set", "TEXT NOT NULL", "Where its figures are published"),
        Column("next_release", "TEXT", "When its next figure is due, as a date"),
        Column("next_release_as_published", "TEXT", "When its next figure is due, as the document says it"),
        READ_IN,
        CONTEXT,
        INFERRED,
        CAVEATS,
        STATUS,
        DIGEST,
    ),
)
