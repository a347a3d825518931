"""Populations."""

from __future__ import annotations

from collections.abc import Iterator

from evidencebase.citing.statements import statement
from evidencebase.database.cells import Row, Selection, life_cells, listed, value_cells
from evidencebase.database.columns import CAVEATS, CONTEXT, DIGEST, ID, INFERRED, READ_IN, STATUS, Column, Table
from evidencebase.model.periods import shown
from evidencebase.model.records import Population


def populations_rows(selection: Selection) -> Iterator[Row]:
    """A row for every population."""
    for entry, record in selection.records(Population):
        yield {
            "id": record.id,
            "statement": statement(entry, selection.base),
            "group": record.group,
            "place": record.place,
            "period": shown(record.period) or None,
            "unit": record.unit,
            **value_cells(record.value),
            "qualifier": listed(record.qualifiers),
            "definition": record.definition,
            "includes": listed(record.includes),
            "excludes": listed(record.excludes),
            "parts": listed(record.total.parts) if record.total else None,
            "study": record.study,
            "document": entry.document,
            **life_cells(selection, entry),
        }


POPULATIONS = Table(
    "populations",
    "How many people or households there are in a group and place.",
    rows=populations_rows,
    label="statement",
    size=50,
    facets=("place", "period", "unit", "document"),
    indexed=("group", "place", "period", "unit", "study", "document"),
    searched=("statement", "caveats"),
    stated=("place", "period", "document", "status"),
    fields=("group", "place", "period", "unit", "qualifier", "definition", "includes", "excludes"),
    cites=("study", "document"),
    columns=(
        ID,
        Column("statement", "TEXT NOT NULL", "What it says"),
        Column("group", "TEXT NOT NULL REFERENCES groups(id)", "Who is counted"),
        Column("place", "TEXT REFERENCES places(id)", "Where"),
        Column("period", "TEXT", "Of when the count is"),
        Column("unit", "TEXT NOT NULL", "What is counted, such as persons or households"),
        Column("value", "REAL NOT NULL", "The count, in its unit"),
        Column("value_text", "TEXT NOT NULL", "The count with its digits as published"),
        Column("qualifier", "TEXT", "about, over and the like, as published"),
        Column("definition", "TEXT", "Who counts as a member"),
        Column("includes", "TEXT", "Whom the count includes by name"),
        Column("excludes", "TEXT", "Whom the count leaves out by name"),
        Column("parts", "TEXT", "The populations it is the sum of"),
        Column("study", "TEXT REFERENCES studies(key)", "Who counted"),
        READ_IN,
        CONTEXT,
        INFERRED,
        CAVEATS,
        STATUS,
        DIGEST,
    ),
)
