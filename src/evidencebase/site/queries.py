"""Reading the database: small queries, each on an index. A page runs all of its queries in one go."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from evidencebase.model.appraisals import STRENGTHS
from evidencebase.model.kinds import BY_ONE

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

Row = dict[str, Any]
PAGE: Final = 60
"""How many records a page lists before it points to the whole list."""
SORTED: Final = 5_000
"""Up to how many records are put in order; of more, the first that come are shown, so that pages stay quick."""
_FINDINGS = """
SELECT f.*, r.figure, r.passage, g.label AS group_label, m.label AS measure_label, p.label AS place_label,
       s.label AS study_label, d.title AS document_title
FROM findings f JOIN findings_readable r ON r.id = f.id JOIN measures m ON m.id = f.measure
LEFT JOIN groups g ON g.id = f."group" LEFT JOIN places p ON p.id = f.place
LEFT JOIN studies s ON s.key = f.study LEFT JOIN documents d ON d.key = f.document
"""
STRONGEST: Final = (
    "CASE {}.strength "
    + " ".join(f"WHEN '{name}' THEN {rank}" for rank, name in enumerate(STRENGTHS))
    + f" ELSE {len(STRENGTHS)} END"
)
_BY_STRENGTH = f" ORDER BY {STRONGEST.format('f')}, f.measure, f.value DESC, f.id"
AMONG: Final = "(SELECT value FROM json_each(?))"
"""For `IN`: the values of one parameter made by `several`, so that no SQL is put together from data."""
_WHERE = {
    ("findings", "group"): 'f."group" = :key',
    ("findings", "measure"): "f.measure = :key",
    ("findings", "place"): "f.place = :key",
    ("findings", "study"): "f.study = :key",
    ("findings", "document"): "f.document = :key",
}


def rows(connection: sqlite3.Connection, sql: str, *values: object, **named: object) -> list[Row]:
    """All rows of a query as dictionaries."""
    cursor = connection.execute(sql, named or values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def several(keys: Iterable[str | None]) -> str:
    """Keys as the one parameter that AMONG takes."""
    return json.dumps([key for key in keys if key is not None])


def one(connection: sqlite3.Connection, sql: str, *values: object) -> Row | None:
    """The first row of a query."""
    found = rows(connection, sql, *values)
    return found[0] if found else None


def number(connection: sqlite3.Connection, sql: str, *values: object) -> int:
    """The one number a query gives."""
    return int(connection.execute(sql, values).fetchone()[0] or 0)


def finding(connection: sqlite3.Connection, key: str) -> Row | None:
    """One finding with the labels of everything it names."""
    return one(connection, f"{_FINDINGS} WHERE f.id = ?", key)


def findings_of(connection: sqlite3.Connection, column: str, key: str, limit: int = PAGE) -> tuple[list[Row], int]:
    """The strongest findings about a group, measure, place, study or document, and how many there are."""
    where = _WHERE["findings", column]
    counting = f"SELECT count(*) FROM findings f WHERE {where}"
    total = int(connection.execute(counting, {"key": key}).fetchone()[0])
    order = _BY_STRENGTH if total <= SORTED else ""
    return rows(connection, f"{_FINDINGS} WHERE {where}{order} LIMIT {int(limit)}", key=key), total


def findings_by_id(connection: sqlite3.Connection, keys: Iterable[str]) -> dict[str, Row]:
    """Findings by id."""
    return {row["id"]: row for row in rows(connection, f"{_FINDINGS} WHERE f.id IN {AMONG}", several(keys))}


def records_of(connection: sqlite3.Connection, table: str, column: str, key: str) -> tuple[list[Row], int]:
    """The claims, conclusions, estimates ... that name a group, measure, place, study or document."""
    columns = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
    if column not in columns:
        return [], 0
    where = f'FROM {table} t WHERE t."{column}" = ?'
    total = number(connection, f"SELECT count(*) {where}", key)
    graded = f" ORDER BY {STRONGEST.format('t')}, t.id" if "strength" in columns and total <= SORTED else ""
    return rows(connection, f"SELECT t.* {where}{graded} LIMIT {PAGE}", key), total


def passages(connection: sqlite3.Connection, kind: str, key: str) -> list[Row]:
    """Where a record was read: every anchor with its document, and the figures it carries."""
    found = rows(
        connection,
        "SELECT a.*, d.title AS document_title, d.url AS document_url FROM anchors a "
        "JOIN documents d ON d.key = a.document WHERE a.record_id = ? AND a.record_type = ? ORDER BY a.id",
        key,
        kind,
    )
    figures = rows(connection, "SELECT * FROM figures WHERE record_id = ? AND record_type = ? ORDER BY id", key, kind)
    for anchor in found:
        same = [each for each in figures
                if (each["document"], each["fragment"]) == (anchor["document"], anchor["fragment"])]  # fmt: skip
        anchor["values"] = [each["value_text"] for each in same]
        anchor["fields"] = [each["field"] for each in same]
    return found


def words(connection: sqlite3.Connection, kind: str, key: str) -> list[Row]:
    """Where each word of a record is printed, or that it is not: what a reader could overlook first."""
    return rows(
        connection,
        "SELECT field, state, told FROM words WHERE record_id = ? AND record_type = ? "
        "ORDER BY state IN ('named', 'silent'), id",
        key,
        kind,
    )


def named(connection: sqlite3.Connection, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """What to call records, by kind and id; a record that is not in the database is missing from the answer."""
    wanted: dict[str, list[str]] = {}
    for kind, key in pairs:
        wanted.setdefault(kind, []).append(key)
    found: dict[tuple[str, str], str] = {}
    for kind, keys in wanted.items():
        if kind not in BY_ONE:
            continue
        its = BY_ONE[kind]
        sql = f"SELECT {its.key}, {its.label} FROM {its.name} WHERE {its.key} IN {AMONG}"
        found.update({(kind, row[0]): row[1] or row[0] for row in connection.execute(sql, (several(keys),))})
    return found


def links(connection: sqlite3.Connection, kind: str, key: str) -> list[Row]:
    """The typed links of a record in both directions, with what the other end says."""
    found = rows(
        connection,
        "SELECT type, because, to_type AS kind, to_id AS id, 1 AS outward FROM links "
        "WHERE from_id = ?1 AND from_type = ?2 UNION ALL "
        "SELECT type, because, from_type, from_id, 0 FROM links WHERE to_id = ?1 AND to_type = ?2",
        key,
        kind,
    )
    words = named(connection, ((link["kind"], link["id"]) for link in found))
    for link in found:
        link["statement"] = words.get((link["kind"], link["id"]))
    return found


def conflicts(connection: sqlite3.Connection, key: str) -> list[Row]:
    """The records a record is in conflict with, with what they say and why."""
    found = rows(
        connection,
        "SELECT other_type AS kind, other_id AS id, shown_by, linked, because FROM conflicts WHERE record_id = ? "
        "ORDER BY id",
        key,
    )
    words = named(connection, ((each["kind"], each["id"]) for each in found))
    for each in found:
        each["statement"] = words.get((each["kind"], each["id"]))
    return found


def resting(connection: sqlite3.Connection, kind: str, key: str) -> dict[str, list[Row]]:
    """What rests on a record (`above`) and what it rests on (`below`), by kind: each with how, and through what.

    Of each kind the first PAGE, those that rest directly before the others, and how many there are in all.
    """
    found = {"above": _resting(connection, "rests_on", "record", kind, key)}
    return found | {"below": _resting(connection, "record", "rests_on", kind, key)}


def _resting(connection: sqlite3.Connection, one_end: str, other: str, kind: str, key: str) -> list[Row]:
    where = f"FROM resting WHERE {one_end}_type = ? AND {one_end}_id = ?"
    parts = []
    counting = f"SELECT {other}_type AS kind, count(*) AS total {where} GROUP BY 1 ORDER BY 1"
    for row in rows(connection, counting, kind, key):
        tied = rows(
            connection,
            f"SELECT {other}_id AS id, how, through {where} AND {other}_type = ? ORDER BY how, {other}_id LIMIT {PAGE}",
            kind, key, row["kind"],
        )  # fmt: skip
        about = BY_ONE[row["kind"]]
        chosen = f"SELECT * FROM {about.name} WHERE {about.key} IN {AMONG}"
        records = {each[about.key]: each for each in rows(connection, chosen, several(each["id"] for each in tied))}
        filled = [{**records[each["id"]], **each, "statement": records[each["id"]][about.label]} for each in tied]
        parts.append({"kind": row["kind"], "total": row["total"], "rows": filled})
    return parts


def counted(connection: sqlite3.Connection, of: str, by: str) -> dict[str | None, int]:
    """How many there are of something, by the values of a column."""
    return dict(connection.execute('SELECT value, number FROM counts WHERE "of" = ? AND "by" = ?', (of, by)).fetchall())


def totals(connection: sqlite3.Connection) -> dict[str, int]:
    """How many rows every table has, and how many findings are about the outcomes of the base, where it names some."""
    return dict(connection.execute('SELECT "of", number FROM counts WHERE "by" IS NULL').fetchall())


def seal(connection: sqlite3.Connection, kind: str, key: str) -> Row | None:
    """What the verdicts say of a record of a kind (`findings`), and which entries under it nobody has read."""
    found = one(connection, "SELECT * FROM seals WHERE kind = ? AND key = ?", kind, key)
    if found:
        found["unread"] = (found["unread"] or "").split("; ") if found["unread"] else []
    return found


def problems(connection: sqlite3.Connection, key: str) -> list[Row]:
    """What is odd about a record."""
    return rows(connection, "SELECT * FROM problems WHERE record_id = ? ORDER BY id", key)


def facts(connection: sqlite3.Connection) -> dict[str, str]:
    """What the database was built from."""
    return {name: value or "" for name, value in connection.execute("SELECT name, value FROM build")}


def study(connection: sqlite3.Connection, key: str | None) -> Row | None:
    """A study with its appraisal."""
    found = one(connection, "SELECT s.*, p.label AS place_label FROM studies s LEFT JOIN places p ON p.id = s.place "
                "WHERE s.key = ?", key)  # fmt: skip
    if found:
        found["rubric"] = facts(connection).get("rubric")
        found["appraisals"] = rows(connection, "SELECT * FROM appraisals WHERE study = ? ORDER BY id", key)
    return found


def sources(connection: sqlite3.Connection, keys: Iterable[str | None]) -> list[Row]:
    """Bibliography entries by key, each once, in the order asked."""
    wanted = list(dict.fromkeys(key for key in keys if key))
    found = {
        row["key"]: row for row in rows(connection, f"SELECT * FROM sources WHERE key IN {AMONG}", several(wanted))
    }
    return [found[key] for key in wanted if key in found]
