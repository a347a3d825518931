"""What tables and columns say, as Datasette asks for it: read from the database's own data dictionary."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from evidencebase.site.databases import ours

if TYPE_CHECKING:
    from datasette.app import Datasette

_SQL = "SELECT table_name, column_name, description, settings FROM data_dictionary ORDER BY id"


def described(datasette: Datasette, key: str | None) -> dict[str, Any]:
    """Descriptions, facets and sizes of the tables of our databases; the metadata a server is given comes after them.

    Datasette asks on every page, mostly for things of which the dictionary says nothing, and writes into the answer.
    """
    if key not in (None, "databases"):
        return {}
    return {"databases": {name: json.loads(_told(*_state(datasette, name))) for name in ours(datasette)}}


def _state(datasette: Datasette, name: str) -> tuple[str, int]:
    path = str(datasette.databases[name].path)
    return path, Path(path).stat().st_mtime_ns


@lru_cache(maxsize=64)
def _told(path: str, _changed: int) -> str:
    tables: dict[str, Any] = {}
    try:
        with closing(sqlite3.connect(f"file:{quote(path)}?mode=ro", uri=True)) as connection:
            for table, column, description, settings in connection.execute(_SQL):
                if column is None:
                    tables[table] = {"description": description, "columns": {}, **json.loads(settings)}
                else:
                    tables[table]["columns"][column] = description
    except sqlite3.OperationalError:  # a database that an older version built has no dictionary
        return "{}"
    return json.dumps({"tables": tables})
