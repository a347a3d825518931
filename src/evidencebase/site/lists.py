"""What our list templates need beyond Datasette's own context."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from datasette.utils import path_with_replaced_args

from evidencebase.database.tables import BY_NAME
from evidencebase.model.kinds import KINDS
from evidencebase.rendering.text import END, START, fts_query
from evidencebase.site.exports import is_cited
from evidencebase.site.queries import AMONG, Row, rows, several

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable

    from datasette.app import Datasette
    from datasette.utils.asgi import Request

_KINDS: Final = {kind.name: kind.one for kind in KINDS.values()} | {"findings_readable": "finding"}


def list_helpers(datasette: Datasette, database: str, table: str | None, request: Request | None) -> dict[str, Any]:
    """Functions and facts for the templates of lists."""
    words = request.args.get("_search") if request else None

    async def details(display_rows: Iterable[Any]) -> dict[str, Row]:
        keys = [each["id"] if isinstance(each["id"], str) else each["id"]["value"] for each in display_rows]
        found: dict[str, Row] = await datasette.databases[database].execute_fn(
            lambda connection: _details(connection, keys, words)
        )
        return found

    def replaced(**arguments: str | None) -> str:
        kept = {name: value for name, value in arguments.items() if value is not None}
        gone = dict.fromkeys((name for name, value in arguments.items() if value is None), None)
        path = path_with_replaced_args(request, {**gone, **kept, "_next": None})
        return str(datasette.urls.path(path)) if not path.startswith(datasette.setting("base_url")) else path

    return {
        "finding_details": details,
        "replaced": replaced,
        "cited": is_cited(table or ""),
        "kind_of": _KINDS.get(table or ""),
        "kinds_of": _KINDS,
        "every_column": _wants_columns(request),
        "in_order": in_order,
        "stated": BY_NAME[table].stated if table in BY_NAME else (),
        "title_of": partial(title_of, tables_of(datasette, database)),
        "query_string": request.query_string if request else "",
    }


def _wants_columns(request: Request | None) -> bool:
    """Whether columns are asked for as they are: all, or some by name."""
    return bool(request and (request.args.get("_view") == "columns" or {"_col", "_nocol"} & set(request.args)))


def in_order(facets: list[Row], wanted: list[str] | None) -> list[Row]:
    """Facets in the order the metadata names them; others after."""
    order = [each for each in wanted or [] if isinstance(each, str)]
    return sorted(facets, key=lambda facet: order.index(facet["name"]) if facet["name"] in order else len(order))


def tables_of(datasette: Datasette, database: str) -> dict[str, Any]:
    """What is said of each table: by the base's own metadata, else by the database itself."""
    tables: dict[str, Any] | None = ((datasette.metadata("databases") or {}).get(database) or {}).get("tables")
    return tables or {}


def title_of(told: dict[str, Any], table: str) -> str:
    """What people call a table."""
    return str((told.get(table) or {}).get("title") or table.replace("_", " ").capitalize())


def _details(connection: sqlite3.Connection, keys: list[str], words: str | None) -> dict[str, Row]:
    """The numbers behind the findings of one page, and the words of a search marked in them."""
    found = rows(
        connection,
        "SELECT id, value, low, high, unit, interval_lower, interval_upper, secondary, status, n, measure, "
        f'"group", place, study, document FROM findings WHERE id IN {AMONG}',
        several(keys),
    )
    details = {row["id"]: row for row in found}
    if words and fts_query(words):
        marks = (START, END) * 2
        sql = (
            "SELECT t.id, highlight(findings_readable_fts, 0, ?, ?) AS statement, "
            "highlight(findings_readable_fts, 2, ?, ?) AS passage FROM findings_readable_fts "
            "JOIN findings_readable t ON t.rowid = findings_readable_fts.rowid "
            f"WHERE findings_readable_fts MATCH ? AND t.id IN {AMONG}"
        )
        for row in rows(connection, sql, *marks, fts_query(words), several(keys)):
            details.get(row["id"], {}).update(marked_statement=row["statement"], marked_passage=row["passage"])
    return details


def lister(datasette: Datasette, database: str) -> Callable[[], Any]:
    """Tables of a database with their counts, for the page on the data."""

    async def tables() -> list[Row]:
        counts = await datasette.databases[database].table_counts(500)
        hidden = set(await datasette.databases[database].hidden_table_names())
        told = tables_of(datasette, database)
        return [
            {
                "name": name,
                "title": title_of(told, name),
                "count": number,
                "description": (told.get(name) or {}).get("description"),
                "cited": is_cited(name),
            }
            for name, number in sorted(counts.items())
            if name not in hidden and not name.startswith("sqlite_")
        ]

    return tables
