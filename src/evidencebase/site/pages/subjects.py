"""Pages of a group, a measure and a place: need, evidence, offer and gaps in one view."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from evidencebase.rendering import charts
from evidencebase.rendering.text import listed
from evidencebase.site.queries import AMONG, findings_of, number, one, records_of, rows, seal, several

if TYPE_CHECKING:
    import sqlite3


Model = dict[str, Any]


def group_page(connection: sqlite3.Connection, key: str) -> Model | None:
    """A group: what is known, what is concluded, what is offered, and what is missing."""
    record = one(connection, "SELECT * FROM groups WHERE id = ?", key)
    if record is None:
        return None
    model = _about(connection, "group", key)
    responses = rows(
        connection,
        'SELECT r.* FROM response_groups g JOIN responses r ON r.id = g.response WHERE g."group" = ? '
        "ORDER BY r.kind, r.id LIMIT 60",
        key,
    )
    offered = number(connection, 'SELECT count(*) FROM response_groups WHERE "group" = ?', key)
    return {
        "record": record,
        **model,
        "seal": seal(connection, "groups", key),
        "responses": [(kind, list(each)) for kind, each in groupby(responses, key=lambda row: row["kind"])],
        "responses_total": offered,
        "than": rows(connection, "SELECT * FROM claims WHERE than = ? ORDER BY id LIMIT 20", key),
        "broader": _groups(connection, listed(record["broader"])),
        "narrower": rows(
            connection,
            "SELECT id, label FROM groups WHERE '; ' || broader || ';' LIKE '%; ' || ? || ';%' ORDER BY label LIMIT 40",
            key,
        ),
        "gaps": _gaps(connection, model, key),
        "plots": _plots_by_measure(model["findings"], record["label"]),
    }


def _groups(connection: sqlite3.Connection, keys: list[str]) -> list[Model]:
    return rows(connection, f"SELECT id, label FROM groups WHERE id IN {AMONG} ORDER BY label", several(keys))


def _gaps(connection: sqlite3.Connection, model: Model, key: str) -> list[str]:
    """What this edition does not hold about a group, in words: each of all its records, not of those shown."""

    def held(sql: str) -> bool:
        return one(connection, f"{sql} LIMIT 1", key) is not None

    of_group = 'FROM findings WHERE "group" = ?'
    answering = 'FROM response_groups g JOIN responses r ON r.id = g.response WHERE g."group" = ?'
    found, offered = model["findings_total"], held(f"SELECT 1 {answering}")
    gaps = {
        "No figure about this group.": not found,
        "No figure from a strong source.": found and not held(f"SELECT 1 {of_group} AND strength = 'strong'"),
        "No figure has a published interval.": found and not held(f"SELECT 1 {of_group} AND interval_lower NOT NULL"),
        "No count of how many people this is, so no local estimate.": not model["populations"],
        "Evidence of need, and no service or programme for this group.": (model["conclusions"] or found)
        and not held(f"SELECT 1 {answering} AND r.kind IN ('service', 'programme')"),
        "Responses are recorded, and no conclusion for them to rest on.": offered and not model["conclusions"],
        "No effectiveness is recorded for any response.": offered
        and not held(f"SELECT 1 {answering} AND r.effectiveness <> 'none-recorded'"),
    }
    return [words for words, missing in gaps.items() if missing]


def _plots_by_measure(findings: list[Model], label: str) -> list[tuple[str, charts.Chart]]:
    """One plot for each unit: figures of different measures share a scale, and each row names its measure."""
    plots = []
    drawn = charts.points(findings, "measure")
    for unit in dict.fromkeys(point.unit for point in drawn):
        same = [point for point in drawn if point.unit == unit]
        if len(same) > 1:
            plots.append((f"in {unit or 'numbers'}", charts.dot_plot(same, f"{label}: figures in {unit}")))
    return plots


def measure_page(connection: sqlite3.Connection, key: str) -> Model | None:
    """A measure: how it was asked, its rates by group, and over time."""
    record = one(connection, "SELECT * FROM measures WHERE id = ?", key)
    if record is None:
        return None
    model = _about(connection, "measure", key)
    other = listed(record["comparable_with"]) + ([record["complement_of"]] if record["complement_of"] else [])
    return {
        "record": record,
        **model,
        "seal": seal(connection, "measures", key),
        **measure_charts(model["findings"], record),
        "related": rows(
            connection, f"SELECT id, label FROM measures WHERE id IN {AMONG} ORDER BY label", several(other)
        ),
    }


def measure_charts(findings: list[Model], record: Model) -> Model:
    """The forest plot and the timeline of a measure; None where there is too little to draw."""
    drawn = [point for point in charts.points(findings, "group") if point.unit == record["unit"]]
    ordered = sorted(drawn, key=lambda point: -(point.middle or 0))
    dated = {point.period for point in drawn if point.period}
    return {
        "forest": charts.dot_plot(ordered, f"{record['label']}, by group") if ordered else None,
        "timeline": charts.timeline(drawn, f"{record['label']}, over time") if len(dated) > 1 else None,
    }


def place_page(connection: sqlite3.Connection, key: str) -> Model | None:
    """A place: figures measured there, people counted there, estimates and responses."""
    record = one(connection, "SELECT * FROM places WHERE id = ?", key)
    if record is None:
        return None
    model = _about(connection, "place", key)
    responses, offered = records_of(connection, "responses", "place", key)
    broader = rows(connection, "SELECT id, label FROM places WHERE id = ?", record["broader"])
    return {
        "record": record,
        **model,
        "seal": seal(connection, "places", key),
        "responses": [(kind, list(each)) for kind, each in
                      groupby(sorted(responses, key=lambda row: row["kind"]), key=lambda row: row["kind"])],
        "responses_total": offered,
        "broader": broader,
        "narrower": rows(connection, "SELECT id, label FROM places WHERE broader = ? ORDER BY label", key),
        "estimates_plot": estimates_plot(model["estimates"], record["label"]),
    }  # fmt: skip


def estimates_plot(estimates: list[Model], label: str) -> charts.Chart | None:
    """Local estimates as dots on one scale of persons."""
    drawn = [
        charts.Point(
            label=row["statement"].split(" would be expected")[0],
            note="",
            unit=row["unit"],
            strength=row["strength"],
            value=row["published"],
        )
        for row in estimates
        if row["published"] is not None and row["unit"] == "persons"
    ]
    return charts.dot_plot(drawn, f"Local estimates for {label}, in persons") if len(drawn) > 1 else None


def _about(connection: sqlite3.Connection, column: str, key: str) -> Model:
    """Findings, claims, conclusions, populations and estimates that name a subject."""
    findings, total = findings_of(connection, column, key)
    model: Model = {"findings": findings, "findings_total": total}
    for table in ("claims", "conclusions", "populations", "estimates"):
        model[table], model[f"{table}_total"] = records_of(connection, table, column, key)
    return model
