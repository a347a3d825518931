"""What a table of the database is: its columns with what they say, its rows, and how people look through it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from evidencebase.database.cells import Row, Selection


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its SQL type with constraints, and what it says to a person who has only the database."""

    name: str
    sql: str
    says: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table and everything that is made of it: SQL, rows, indexes, search, and what Datasette shows.

    `facets` are offered on its page, in that order. `indexed` are the columns that pages and facets ask for,
    `searched` those of the full text search. `stated` stand below each statement in its list, `fields` on the page of
    a row; `cites` name sources, so that a list can be taken away as a bibliography. `rows` gives a mapping of every
    column but a numbered id; it is None for a table that the build fills itself.
    """

    name: str
    says: str
    columns: tuple[Column, ...]
    rows: Callable[[Selection], Iterator[Row]] | None = None
    title: str | None = None
    label: str | None = None
    sort_desc: str | None = None
    size: int | None = None
    facets: tuple[str, ...] = ()
    indexed: tuple[str, ...] = ()
    searched: tuple[str, ...] = ()
    stated: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()

    @property
    def sql(self) -> str:
        """The statement that creates it."""
        lines = (f"  {quoted(column.name)} {column.sql}" for column in self.columns)
        return f"CREATE TABLE {self.name} (\n" + ",\n".join(lines) + "\n)"

    @property
    def written(self) -> tuple[str, ...]:
        """The columns a row holds: all but the number that SQLite gives it."""
        return tuple(column.name for column in self.columns if column != NUMBER)

    @property
    def settings(self) -> dict[str, Any]:
        """How Datasette shows it, under Datasette's own names."""
        told = {
            "title": self.title,
            "label_column": self.label,
            "sort_desc": self.sort_desc,
            "size": self.size,
            "facets": list(self.facets),
        }
        return {name: value for name, value in told.items() if value}


def quoted(name: str) -> str:
    """A name as SQL takes it: `group`, `by` and `on` are words of SQL itself."""
    return f'"{name}"' if name in ("by", "group", "on") else name


NUMBER = Column("id", "INTEGER PRIMARY KEY", "Number of the row")
ID = Column("id", "TEXT PRIMARY KEY", "Id, never reused")
READ_IN = Column("document", "TEXT REFERENCES documents(key)", "Where it was read first")
CONTEXT = Column("context", "TEXT", "The part of the document that says once what holds of this record too")
INFERRED = Column("inferred", "TEXT", "What no passage names, each with the reason why it is taken so")
CAVEATS = Column("caveats", "TEXT", "What to keep in mind")
STATUS = Column("status", "TEXT NOT NULL", "draft, reviewed, superseded or broken (changed since its review)")
DIGEST = Column("digest", "TEXT NOT NULL", "SHA-256 of the record as authored")
