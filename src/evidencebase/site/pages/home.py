"""The front page, the map of the evidence, the search and the two pages about the base itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from evidencebase.citing.statements import held_words
from evidencebase.model.appraisals import strongest
from evidencebase.model.kinds import KINDS
from evidencebase.rendering.text import END, START, fts_query, listed
from evidencebase.site.queries import AMONG, SORTED, STRONGEST, counted, facts, number, rows, several, totals

if TYPE_CHECKING:
    import sqlite3

Model = dict[str, Any]
_COLUMNS: Final = 6
_ROWS: Final = 24
_HITS: Final = 8
_MAP_GROUPS: Final = f"""
SELECT r.*, g.label, (SELECT count(*) FROM conclusions c WHERE c."group" = r."group") AS need,
  (SELECT min({STRONGEST.format("s")}) FROM (SELECT strongest AS strength FROM map_cells m WHERE m."group" = r."group"
    AND m.findings AND m.measure IN {AMONG}) s) AS best
FROM map_groups r JOIN groups g ON g.id = r."group"
ORDER BY best IS NULL, best, need DESC, r.weight DESC, r."group" LIMIT ?
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
_COUNTED: Final = ("claims", "estimates", "conclusions", "responses", "studies", "documents", "populations")
_SEARCHED: Final = (
    ("groups", None),
    ("findings_readable", "passage"),
    ("measures", "phrase"),
    ("claims", None),
    ("conclusions", None),
    ("responses", None),
    ("studies", None),
    ("estimates", None),
    ("populations", None),
    ("places", None),
)
"""The lists that a search looks through, in this order, and what else than its label shows a hit."""


def home(connection: sqlite3.Connection) -> Model:
    """What the base is, how much it holds at each strength, the map, what is odd, what is covered."""
    held = totals(connection)
    told = facts(connection)
    about = "outcomes" if "outcomes" in held else "findings"
    states = counted(connection, "anchors", "state")
    return {
        "strengths": counted(connection, about, "strength"),
        "constructs": listed(told.get("outcomes")),
        "findings": held["findings"],
        "outcomes": held.get("outcomes", held["findings"]),
        "counts": {table: held[table] for table in _COUNTED},
        "drafts": counted(connection, "findings", "status").get("draft", 0),
        "left_out": int(told.get("left_out") or 0),
        "unchecked": sum(number for state, number in states.items() if state not in ("exact", "folded")),
        "anchors": held["anchors"],
        "odd": rows(connection, "SELECT * FROM problems WHERE severity = 'note' ORDER BY id LIMIT 8"),
        "odd_total": counted(connection, "problems", "severity").get("note", 0),
        "coverage": coverage(connection),
        "examples": _examples(connection),
        "map": evidence_map(connection, _ROWS, _COLUMNS),
    }


def _examples(connection: sqlite3.Connection) -> list[str]:
    """Words to search for, from the base at hand: two groups that most is known of, and a figure."""
    groups = rows(
        connection,
        "SELECT value AS label FROM counts WHERE \"of\" = 'findings_readable' AND \"by\" = 'group' AND value <> '' "
        "ORDER BY number DESC, value LIMIT 2",
    )
    figures = rows(connection, "SELECT figure AS label FROM findings_readable ORDER BY strength_rank DESC, id LIMIT 1")
    return [row["label"] for row in (*groups, *figures)]


def coverage(connection: sqlite3.Connection) -> list[Model]:
    """Every document with what has become of its numbers."""
    found = rows(connection, _COVERAGE)
    read_in = counted(connection, "findings", "document")
    for row in found:
        row["reasons"] = json.loads(row["set_aside_by_reason"] or "{}")
        row["findings"] = read_in.get(row["key"], 0)
    return found


def evidence_map(connection: sqlite3.Connection, most_rows: int | None, columns: int) -> Model:
    """The map as the build stored it: the groups with most held first, the measures with most held as columns."""
    chosen = rows(
        connection,
        "SELECT c.measure AS id, m.label FROM map_cells c JOIN measures m ON m.id = c.measure "
        "GROUP BY 1 ORDER BY sum(3 * c.findings + c.claims) DESC, 1 LIMIT ?",
        columns,
    )
    names = [measure["id"] for measure in chosen]
    groups = rows(connection, _MAP_GROUPS, several(names), -1 if most_rows is None else most_rows)
    cells: dict[tuple[str, str], Model] = {
        (cell["group"], cell["measure"]): cell
        for cell in rows(
            connection,
            f'SELECT * FROM map_cells WHERE "group" IN {AMONG}',
            several(group["group"] for group in groups),
        )
    }
    return {
        "measures": [(measure["id"], measure["label"]) for measure in chosen],
        "total": totals(connection)["map_groups"],
        "rows": [
            {
                "id": group["group"],
                "label": group["label"],
                "cells": [cells.get((group["group"], name)) for name in names],
                "other": _together([c for (g, name), c in cells.items() if g == group["group"] and name not in names]),
                "need": group["need"],
                "offer": group["offers"],
                "gap": group["gap"],
            }
            for group in groups
        ],
    }


def _together(cells: list[Model]) -> Model | None:
    """The sum of cells, with the strongest source of all."""
    if not cells:
        return None
    total: Model = {name: sum(cell[name] for cell in cells) for name in ("findings", "claims", "conclusions")}
    best = strongest(cell["strongest"] for cell in cells)
    says = held_words(total["findings"], total["claims"], total["conclusions"], best)
    return total | {"strongest": best, "says": says}


def search(connection: sqlite3.Connection, words: str) -> Model:
    """Hits in everything people look for, best first, with the words marked."""
    hits = []
    match = fts_query(words)
    for table, more in _SEARCHED if match else ():
        kind = KINDS["findings" if table == "findings_readable" else table]
        found = _hits(connection, table, kind.key, kind.label, more, match)
        if found["total"]:
            hits.append({"kind": kind.one, "table": table, **found})
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
        "seals": rows(connection, "SELECT kind, state, count(*) AS number FROM seals GROUP BY 1, 2 ORDER BY 1, 2"),
        "states": counted(connection, "anchors", "state"),
        "rules": rows(connection, _RULES),
        "statuses": counted(connection, "findings", "status"),
        "coverage": coverage(connection),
    }  # fmt: skip
