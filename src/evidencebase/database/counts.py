"""The numbers that the front page and the facets show, counted once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from evidencebase.database.cells import Row
from evidencebase.database.columns import NUMBER, Column, Table, quoted

OUTCOMES = "outcomes"
COUNTS = Table(
    "counts",
    "How many there are of what: the numbers that the front page and the facets show.",
    facets=("of", "by"),
    indexed=("of", "by"),
    columns=(
        NUMBER,
        Column(
            "of", "TEXT NOT NULL", "What is counted: rows of a table, or outcomes, the findings that the base is about"
        ),
        Column("by", "TEXT", "The column they are told apart by; empty for all of them"),
        Column("value", "TEXT", "The value of that column"),
        Column("number", "INTEGER NOT NULL", "How many"),
    ),
)


def counts_rows(connection: sqlite3.Connection, tables: Iterable[Table], outcomes: tuple[str, ...]) -> Iterator[Row]:
    """A row for every table, and for every value of a column that its page offers as a facet.

    `outcomes` are the constructs that the base is about: the findings about them are counted apart, by strength.
    """
    for table in tables:
        yield from _counted(connection, table.name, table.name, table.facets)
    if outcomes:
        marks = ", ".join("?" * len(outcomes))
        about = f"findings_readable WHERE construct IN ({marks})"
        yield from _counted(connection, OUTCOMES, about, ("strength", "construct"), outcomes)


def _counted(
    connection: sqlite3.Connection, of: str, rows: str, columns: Iterable[str], values: tuple[str, ...] = ()
) -> Iterator[Row]:
    total = connection.execute(f"SELECT count(*) FROM {rows}", values).fetchone()[0]  # noqa: S608 - names of our own
    yield {"of": of, "by": None, "value": None, "number": total}
    for column in columns:
        name = quoted(column)
        sql = f"SELECT {name}, count(*) FROM {rows} GROUP BY 1 ORDER BY 1"  # noqa: S608 - names of our own
        for value, number in connection.execute(sql, values).fetchall():
            yield {"of": of, "by": column, "value": value, "number": number}
