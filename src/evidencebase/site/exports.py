"""Bibliographies of whole lists: every row that the filters leave, not the page on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlencode

from datasette import Response
from datasette.utils.asgi import NotFound

from evidencebase.bibliography.formats import ENDINGS
from evidencebase.database.tables import BY_NAME
from evidencebase.model.kinds import KINDS
from evidencebase.site.citations import bibliography
from evidencebase.site.queries import AMONG, rows, several, sources

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import AsyncIterator

    from datasette.app import Datasette
    from datasette.utils.asgi import Request

_DROPPED: Final = ("_next", "_size", "_shape", "_facet", "_facet_size", "_labels", "_nocount", "_nofacet", "_col",
                   "_nl")  # fmt: skip
_BATCH: Final = 500


def is_cited(table: str) -> bool:
    """Whether the rows of a list name sources."""
    return bool(_cites(table))


def _cites(table: str) -> tuple[str, ...]:
    real = _named(table)
    return BY_NAME[real].cites if real in BY_NAME else ()


async def list_export(datasette: Datasette, request: Request, database: str, table: str, form: str) -> Response:
    """The sources of every row of a filtered list, each once, in one of the formats of ENDINGS.

    Datasette itself applies the filters, the search and the permissions, page after page. Raises NotFound
    where the list names no sources.
    """
    real = _named(table)
    if not is_cited(table):
        raise NotFound(f"{table} names no sources: there is no .{form} of it")
    keys: dict[str, None] = {}
    async for ids in _ids(datasette, request, database, table):
        keys |= await datasette.databases[database].execute_fn(lambda connection, ids=ids: _keys(connection, real, ids))
    found = await datasette.databases[database].execute_fn(lambda connection: _in_batches(connection, list(keys)))
    return written(found, form, table)


def written(found: list[dict[str, Any]], form: str, name: str) -> Response:
    """A bibliography as a file to keep."""
    its = ENDINGS[form]
    headers = {"content-disposition": f'attachment; filename="{_plain(name)}.{form}"', "cache-control": "max-age=5"}
    return Response(bibliography(found, its), content_type=f"{its.media_type}; charset=utf-8", headers=headers)


def _plain(name: str) -> str:
    return "".join(char if char.isascii() and (char.isalnum() or char in "-_") else "-" for char in name)[:100]


async def _ids(datasette: Datasette, request: Request, database: str, table: str) -> AsyncIterator[list[str]]:
    """The keys of every row of a list, as Datasette's own JSON gives them."""
    kept = [pair for pair in parse_qsl(request.query_string, keep_blank_values=True) if pair[0] not in _DROPPED]
    key = _key(table)
    fixed = [("_size", "max"), ("_shape", "objects"), ("_col", key), ("_nofacet", "1"), ("_nocount", "1")]
    following: list[tuple[str, str]] = []
    cookies = {"ds_actor": request.cookies["ds_actor"]} if "ds_actor" in request.cookies else {}
    while True:
        address = datasette.urls.table(database, table, format="json")
        answer = await datasette.client.get(f"{address}?{urlencode([*kept, *fixed, *following])}", cookies=cookies)
        data = answer.json()
        if answer.status_code != 200:
            raise NotFound(str(data.get("error") or "no such list"))
        yield [row[key] for row in data["rows"]]
        if not data.get("next"):
            return
        following = [("_next", str(data["next"]))]


def _named(table: str) -> str:
    """The table that names the sources of a list: `findings_readable` has their labels."""
    return "findings" if table == "findings_readable" else table


def _key(table: str) -> str:
    """The column that holds the id of a row."""
    return KINDS[table].key if table in KINDS else "id"


def _keys(connection: sqlite3.Connection, table: str, ids: list[str]) -> dict[str, None]:
    """The sources that records name, in the order of the records."""
    key = _key(table)
    found: dict[str, None] = {}
    for start in range(0, len(ids), _BATCH):
        part = ids[start : start + _BATCH]
        sql = f"SELECT * FROM {table} WHERE {key} IN {AMONG}"
        named = {row[key]: row for row in rows(connection, sql, several(part))}
        for each in part:
            found |= {named[each][column]: None for column in _cites(table) if each in named and named[each][column]}
    return found


def _in_batches(connection: sqlite3.Connection, keys: list[str]) -> list[dict[str, Any]]:
    return [row for start in range(0, len(keys), _BATCH) for row in sources(connection, keys[start : start + _BATCH])]


def record_sources(connection: sqlite3.Connection, table: str, key: str) -> list[dict[str, Any]] | None:
    """The bibliography entries of one record; None where there is no such record."""
    real = _named(table)
    if not is_cited(table) or not rows(connection, f"SELECT 1 FROM {real} WHERE {_key(real)} = ?", key):
        return None
    return sources(connection, _keys(connection, real, [key]))
