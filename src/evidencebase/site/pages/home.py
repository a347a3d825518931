"""The front page, the map of the evidence, the search and the two pages about the base itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from evidencebase.rendering.text import END, START, fts_query
from evidencebase.site.queries import SORTED, STRONGEST, number, rows

if TYPE_CHECKING:
    import sqlite3

Model = dict[str, Any]
_COLUMNS: Final = 6
_ROWS: Final = 24
_HITS: Final = 8
_RANK: Final = {"strong": 0, "moderate": 1, "weak": 2}
_BY_CELL: Final = """
SELECT "group", measure, strength, count(*) AS number FROM {}
WHERE "group" IS NOT NULL AND measure IS NOT NULL GROUP BY 1, 2, 3
"""
_COVERAGE: Final = """
SELECT d.key, d.title, d.url, c.figures, c.anchored, c.set_aside, c.unread, c.set_aside_by_reason
FROM documents d LEFT JOIN coverage c ON c.document = d.key ORDER BY d.key
"""
_RULES: Final = (
    "SELECT strength, strength_reason, count(*) AS number FROM studies GROUP BY 1, 2 ORDER BY "
    + STRONGEST.format("studies")
    + ", number DESC"
)
_COUNT: Final = "SELECT count(*) FROM {}"
_COUNTED: Final = ("claims", "estimates", "conclusions", "responses", "studies", "documents", "populations")
_SEARCHED: Final = (
    ("group", "groups", "id", "label", None),
    ("finding", "findings_readable", "id", "statement", "passage"),
    ("measure", "measures", "id", "label", "phrase"),
    ("claim", "claims", "id", "statement", None),
    ("conclusion", "conclusions", "id", "statement", None),
    ("response", "responses", "id", "statement", None),
    ("study", "studies", "key", "label", None),
    ("estimate", "estimates", "id", "statement", None),
    ("population", "populations", "id", "statement", None),
    ("place", "places", "id", "label", None),
)


def home(connection: sqlite3.Connection) -> Model:
    """What the base is, how much it holds at each strength, the map, what is odd, what is covered."""
    return {
        "strengths": {row["strength"]: row["number"] for row in rows(
            connection, "SELECT strength, count(*) AS number FROM findings GROUP BY strength")},
        "findings": number(connection, "SELECT count(*) FROM findings"),
        "counts": {table: number(connection, _COUNT.format(table)) for table in _COUNTED},
        "drafts": number(connection, "SELECT count(*) FROM findings WHERE status = 'draft'"),
        "unchecked": number(connection, "SELECT count(*) FROM anchors WHERE state NOT IN ('exact', 'folded')"),
        "anchors": number(connection, "SELECT count(*) FROM anchors"),
        "odd": rows(connection, "SELECT * FROM problems WHERE severity = 'note' ORDER BY id LIMIT 8"),
        "odd_total": number(connection, "SELECT count(*) FROM problems WHERE severity = 'note'"),
        "coverage": coverage(connection),
        "map": evidence_map(connection, _ROWS, _COLUMNS),
    }  # fmt: skip


def coverage(connection: sqlite3.Connection) -> list[Model]:
    """Every document with what has become of its numbers."""
    found = rows(connection, _COVERAGE)
    for row in found:
        row["reasons"] = json.loads(row["set_aside_by_reason"] or "{}")
        row["findings"] = number(connection, "SELECT count(*) FROM findings WHERE document = ?", row["key"])
    return found


def evidence_map(connection: sqlite3.Connection, most_rows: int | None, columns: int) -> Model:
    """Groups against measures: how many findings and claims, the strongest of them; need and offer beside."""
    cells: dict[tuple[str, str], Model] = {}
    for table in ("findings", "claims"):
        for row in rows(connection, _BY_CELL.format(table)):
            cell = cells.setdefault((row["group"], row["measure"]), {"findings": 0, "claims": 0, "strength": None})
            cell[table] += row["number"]
            cell["strength"] = _stronger(cell["strength"], row["strength"])
    need = _counts(connection, 'SELECT "group", count(*) FROM conclusions GROUP BY 1')
    offer = _counts(connection, 'SELECT "group", count(*) FROM response_groups GROUP BY 1')
    by_measure = _totals(cells, 1)
    chosen = sorted(by_measure, key=lambda name: (-by_measure[name], name))[:columns]
    by_group = _totals(cells, 0)
    best = _best(cells, chosen)
    names = sorted(
        {*by_group, *need, *offer},
        key=lambda name: (-best.get(name, 0), -need.get(name, 0), -by_group.get(name, 0), name),
    )
    labels = _counts(connection, "SELECT id, label FROM groups")
    measures = _counts(connection, "SELECT id, label FROM measures")
    return {
        "measures": [(name, measures.get(name, name)) for name in chosen],
        "total": len(names),
        "rows": [
            {
                "id": name,
                "label": labels.get(name, name),
                "cells": [cells.get((name, measure)) for measure in chosen],
                "other": _other(cells, name, chosen),
                "need": need.get(name, 0),
                "offer": offer.get(name, 0),
            }
            for name in names[:most_rows]
        ],
    }


def _best(cells: dict[tuple[str, str], Model], chosen: list[str]) -> dict[str, int]:
    """For each group, how strong its strongest figure of the measures shown is: what a reader looks for first."""
    best: dict[str, int] = {}
    for (group, measure), cell in cells.items():
        if cell["findings"] and measure in chosen:
            best[group] = max(best.get(group, 0), 3 - _RANK.get(cell["strength"] or "", 3))
    return best


def _counts(connection: sqlite3.Connection, sql: str) -> dict[Any, Any]:
    return dict(connection.execute(sql).fetchall())


def _totals(cells: dict[tuple[str, str], Model], end: int) -> dict[str, int]:
    totals: dict[str, int] = {}
    for key, cell in cells.items():
        totals[key[end]] = totals.get(key[end], 0) + 3 * cell["findings"] + cell["claims"]
    return totals


def _other(cells: dict[tuple[str, str], Model], group: str, chosen: list[str]) -> Model | None:
    """The sum of a group's cells outside the chosen measures."""
    rest = [cell for (name, measure), cell in cells.items() if name == group and measure not in chosen]
    if not rest:
        return None
    total: Model = {"findings": 0, "claims": 0, "strength": None}
    for cell in rest:
        total["findings"] += cell["findings"]
        total["claims"] += cell["claims"]
        total["strength"] = _stronger(total["strength"], cell["strength"])
    return total


def _stronger(one_strength: str | None, other: str | None) -> str | None:
    return min((one_strength, other), key=lambda name: _RANK.get(name or "", 3))


def search(connection: sqlite3.Connection, words: str) -> Model:
    """Hits in everything people look for, best first, with the words marked."""
    hits = []
    match = fts_query(words)
    for kind, table, key, text, more in _SEARCHED if match else ():
        found = _hits(connection, table, key, text, more, match)
        if found["total"]:
            hits.append({"kind": kind, "table": table, **found})
    return {"words": words, "hits": hits}


def _hits(connection: sqlite3.Connection, table: str, key: str, text: str, more: str | None, match: str) -> Model:
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table}_fts)")]
    fields = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
    second = f"highlight({table}_fts, {columns.index(more)}, ?, ?)" if more else "NULL"
    graded = "t.strength" if "strength" in fields else "NULL"
    total = number(connection, f"SELECT count(*) FROM {table}_fts WHERE {table}_fts MATCH ?", match)
    by_strength = f"{STRONGEST.format('t')}, " if "strength" in fields else ""
    order = f"ORDER BY {by_strength}rank" if total <= SORTED else ""
    marks = [START, END] * (2 if more else 1)
    sql = (  # every name in it is one of _SEARCHED
        f"SELECT t.{key} AS id, highlight({table}_fts, {columns.index(text)}, ?, ?) AS words, {second} AS more, "
        f"{graded} AS strength FROM {table}_fts JOIN {table} t ON t.rowid = {table}_fts.rowid "
        f"WHERE {table}_fts MATCH ? {order} LIMIT {_HITS}"
    )
    return {"total": total, "rows": rows(connection, sql, *marks, match) if total else []}


def whole_map(connection: sqlite3.Connection) -> Model:
    """The map with every group."""
    return {"map": evidence_map(connection, None, 10)}


def method(connection: sqlite3.Connection) -> Model:
    """How records come about, who read and reviewed, what the words mean."""
    return {
        "reviewers": rows(connection, "SELECT reviewer, verdict, count(*) AS number FROM reviews GROUP BY 1, 2 "
                          "ORDER BY 1"),
        "states": rows(connection, "SELECT state, count(*) AS number FROM anchors GROUP BY state ORDER BY number DESC"),
        "rules": rows(connection, _RULES),
        "statuses": rows(connection, "SELECT status, count(*) AS number FROM findings GROUP BY status ORDER BY 1"),
        "coverage": coverage(connection),
    }  # fmt: skip
