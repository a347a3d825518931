"""Pages of every kind of record that has none of its own: claims, estimates, bodies, conclusions and so on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from evidencebase.database.tables import BY_NAME
from evidencebase.model.kinds import BY_ONE
from evidencebase.model.records import Certainty
from evidencebase.rendering.text import listed
from evidencebase.site.citations import citations
from evidencebase.site.queries import (
    AMONG,
    conflicts,
    finding,
    findings_by_id,
    links,
    named,
    one,
    passages,
    problems,
    resting,
    rows,
    seal,
    several,
    study,
    words,
)

if TYPE_CHECKING:
    import sqlite3

Model = dict[str, Any]
_NAMED: Final = {"measure": "measure", "group": "group", "than": "group", "place": "place", "study": "study",
                 "document": "document", "finding": "finding", "population": "population"}  # fmt: skip


def record_page(kind: str) -> Callable[[sqlite3.Connection, str], Model | None]:
    """The page of one kind of record: what all records have, and what only this kind has."""
    reading = f"SELECT * FROM {BY_ONE[kind].name} WHERE id = ?"

    def page(connection: sqlite3.Connection, key: str) -> Model | None:
        record = one(connection, reading, key)
        if record is None:
            return None
        anchors = passages(connection, kind, key)
        measured = study(connection, record.get("study"))
        tied = links(connection, kind, key)
        return {
            "record": record,
            "seal": seal(connection, BY_ONE[kind].name, key),
            "kind": kind,
            "anchors": anchors,
            "words": words(connection, kind, key),
            "study": measured,
            "fields": _fields(connection, kind, record),
            "conflicts": conflicts(connection, key),
            "lowered": (record.get("applicability_lowered") or "").splitlines(),
            "links": [link for link in tied if link["type"] != "contradicts"],
            "problems": problems(connection, key),
            "citations": citations(connection, kind, key),
            "resting": resting(connection, kind, key),
            **_MORE.get(kind, _nothing)(connection, record),
        }

    return page


def _fields(connection: sqlite3.Connection, kind: str, record: Model) -> list[tuple[str, Any, str | None]]:
    """The fields that say what a record is about: name, words, and the kind of record they lead to."""
    shown_fields = BY_NAME[BY_ONE[kind].name].fields
    pairs = [(_NAMED[name], record[name]) for name in shown_fields if name in _NAMED and record[name]]
    words = named(connection, pairs)
    shown = []
    for name in shown_fields:
        value = record[name]
        if value is not None:
            leads = _NAMED.get(name)
            shown.append((name, words.get((leads, value), value) if leads else value, leads))
    return shown


def _nothing(_connection: sqlite3.Connection, _record: Model) -> Model:
    return {}


def _estimate(connection: sqlite3.Connection, record: Model) -> Model:
    rate = finding(connection, record["finding"]) if record["finding"] else None
    population = one(connection, "SELECT * FROM populations WHERE id = ?", record["population"])
    parts = listed(record["parts"])
    words = named(connection, [("estimate", part) for part in parts])
    return {
        "rate": rate,
        "people": population,
        "study": study(connection, rate["study"]) if rate else None,
        "parts": [{"id": part, "statement": words.get(("estimate", part), part)} for part in parts],
        "parts_kind": "estimate",
    }


def _population(connection: sqlite3.Connection, record: Model) -> Model:
    parts = listed(record["parts"])
    words = named(connection, [("population", part) for part in parts])
    return {
        "parts": [{"id": part, "statement": words.get(("population", part), part)} for part in parts],
        "parts_kind": "population",
    }


def _conclusion(connection: sqlite3.Connection, record: Model) -> Model:
    support = rows(connection, "SELECT * FROM conclusion_support WHERE conclusion = ? ORDER BY id", record["id"])
    for row in support:
        row["mark"] = "disputes" if row["role"] == "disputes" else ""
    return {
        "support": _graded(connection, support),
        "support_title": "What supports and disputes it",
        "certainty": rows(connection, "SELECT * FROM certainty WHERE conclusion = ? ORDER BY id", record["id"]),
    }


def _body(connection: sqlite3.Connection, record: Model) -> Model:
    members = rows(connection, "SELECT * FROM body_members WHERE body = ? ORDER BY id", record["id"])
    for row in members:
        row["mark"] = f"left out: {row['excluded_because']}" if row["excluded_because"] else ""
    judged = {name: record[name].partition(": ") for name in Certainty.model_fields}
    return {
        "support": _graded(connection, members),
        "support_title": "The records that answer it",
        "certainty": [{"domain": name, "rating": rating, "reason": reason}
                      for name, (rating, _, reason) in judged.items()],
    }  # fmt: skip


def _graded(connection: sqlite3.Connection, named_rows: list[Model]) -> list[Model]:
    """Rows that name findings and claims, with what these say and how strong their sources are."""
    words = named(connection, [(row["record_type"], row["record_id"]) for row in named_rows])
    graded = findings_by_id(connection, [row["record_id"] for row in named_rows if row["record_type"] == "finding"])
    claims = [row["record_id"] for row in named_rows if row["record_type"] == "claim"]
    judged = rows(connection, f"SELECT id, strength FROM claims WHERE id IN {AMONG}", several(claims))
    strengths = {row["id"]: row["strength"] for row in judged}
    for row in named_rows:
        key = row["record_id"]
        row["statement"] = words.get((row["record_type"], key), key)
        row["strength"] = graded[key]["strength"] if key in graded else strengths.get(key)
    return named_rows


def _response(connection: sqlite3.Connection, record: Model) -> Model:
    return {
        "groups": rows(
            connection,
            'SELECT g.id, g.label FROM response_groups r JOIN groups g ON g.id = r."group" '
            "WHERE r.response = ? ORDER BY g.label", record["id"],
        ),
    }  # fmt: skip


_MORE: Final[dict[str, Callable[[Any, Model], Model]]] = {
    "body": _body,
    "estimate": _estimate,
    "population": _population,
    "conclusion": _conclusion,
    "response": _response,
}
