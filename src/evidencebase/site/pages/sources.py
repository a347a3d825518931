"""Pages of a study (who measured) and of a document (where it was read)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from evidencebase.site.citations import citations
from evidencebase.site.queries import (
    findings_of,
    links,
    one,
    passages,
    problems,
    records_of,
    resting,
    rows,
    seal,
    study,
)

if TYPE_CHECKING:
    import sqlite3

Model = dict[str, Any]


def study_page(connection: sqlite3.Connection, key: str) -> Model | None:
    """A study: its appraisal field by field, its strength and why, its findings."""
    record = study(connection, key)
    if record is None:
        return None
    findings, total = findings_of(connection, "study", key)
    claims, claimed = records_of(connection, "claims", "study", key)
    return {
        "record": record,
        "study": record,
        "seal": seal(connection, "studies", key),
        "findings": findings,
        "findings_total": total,
        "claims": claims,
        "claims_total": claimed,
        "anchors": passages(connection, "study", key),
        "links": links(connection, "study", key),
        "problems": problems(connection, key),
        "citations": citations(connection, "study", key),
        "resting": _beyond(resting(connection, "study", key)),
        "editions": rows(connection, "SELECT key, label FROM studies WHERE supersedes = ? OR key = ? ORDER BY key",
                         key, record["supersedes"]),
    }  # fmt: skip


def _beyond(tied: Model) -> Model:
    """What rests on a study but for its own findings and claims, which its page lists already."""
    listed = ("finding", "claim")
    kept = [{**part, "rows": [row for row in part["rows"] if part["kind"] not in listed or row["how"] == "through"]}
            for part in tied["above"]]  # fmt: skip
    return {**tied, "above": [part for part in kept if part["rows"]]}


def document_page(connection: sqlite3.Connection, key: str) -> Model | None:
    """A document: what was read in it, how much of it is covered, what is odd in it."""
    record = one(connection, "SELECT * FROM documents WHERE key = ?", key)
    if record is None:
        return None
    covered = one(connection, "SELECT * FROM coverage WHERE document = ?", key)
    if covered:
        covered["reasons"] = json.loads(covered["set_aside_by_reason"] or "{}")
    findings, total = findings_of(connection, "document", key)
    model: Model = {
        "record": record,
        "coverage": covered,
        "seal": seal(connection, "documents", key),
        "findings": findings,
        "findings_total": total,
        "states": rows(connection, "SELECT state, count(*) AS number FROM anchors WHERE document = ? "
                       "GROUP BY state ORDER BY number DESC", key),
        "problems": rows(connection, "SELECT p.* FROM problems p WHERE p.record_id IN "
                         "(SELECT DISTINCT record_id FROM anchors WHERE document = ?) ORDER BY p.id LIMIT 60", key),
        "citations": citations(connection, "document", key),
    }  # fmt: skip
    for table in ("claims", "conclusions", "populations", "estimates", "responses"):
        model[table], model[f"{table}_total"] = records_of(connection, table, "document", key)
    return model
