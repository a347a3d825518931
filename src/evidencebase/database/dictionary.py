"""The data dictionary: what every table and column says, in the database itself, for whoever opens it with what."""

from __future__ import annotations

from collections.abc import Iterator

from evidencebase.database.cells import Row, as_json
from evidencebase.database.columns import NUMBER, Column, Table

DICTIONARY = Table(
    "data_dictionary",
    "What every table and column of this database says.",
    facets=("table_name",),
    indexed=("table_name",),
    columns=(
        NUMBER,
        Column("table_name", "TEXT NOT NULL", "The table"),
        Column("column_name", "TEXT", "The column; empty for the table as a whole"),
        Column("description", "TEXT NOT NULL", "What it says"),
        Column("settings", "TEXT", "How Datasette shows the table, as JSON; empty for a column"),
    ),
)


def dictionary_rows(tables: tuple[Table, ...]) -> Iterator[Row]:
    """A row for every table, and one for each of its columns."""
    for table in tables:
        yield _row(table.name, None, table.says, as_json(table.settings))
        for column in table.columns:
            yield _row(table.name, column.name, column.says, None)


def _row(table: str, column: str | None, says: str, settings: str | None) -> Row:
    return {"table_name": table, "column_name": column, "description": says, "settings": settings}
