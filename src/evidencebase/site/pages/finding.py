"""The page of a finding: the figure, how far to trust it, where it was read, and what rests on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidencebase.rendering import charts
from evidencebase.rendering.text import first_upper
from evidencebase.site.citations import citations
from evidencebase.site.queries import (
    SORTED,
    conflicts,
    finding,
    findings_by_id,
    links,
    number,
    one,
    passages,
    problems,
    resting,
    rows,
    seal,
    study,
    words,
)

if TYPE_CHECKING:
    import sqlite3

Model = dict[str, Any]
_COMPARED = 11


def page(connection: sqlite3.Connection, key: str) -> Model | None:
    """Everything the page of a finding shows; None where there is no such finding."""
    record = finding(connection, key)
    if record is None:
        return None
    anchors = passages(connection, "finding", key)
    alike = _alike(connection, record)
    drawn = charts.points([record, *alike], "group", chosen=key)
    ordered = sorted(drawn, key=lambda point: -(point.middle or 0))
    tied = links(connection, "finding", key)
    return {
        "record": record,
        "seal": seal(connection, "findings", key),
        "anchors": anchors,
        "words": words(connection, "finding", key),
        "study": study(connection, record["study"]),
        "alike": alike,
        "plot": charts.dot_plot(ordered, f"{record['measure_label']}: comparisons") if len(drawn) > 1 else None,
        "conflicts": conflicts(connection, key),
        "links": [link for link in tied if link["type"] != "contradicts"],
        "resting": resting(connection, "finding", key),
        "against": _against(connection, key),
        "problems": problems(connection, key),
        "said": safely_said(record, study(connection, record["study"])),
        "citations": citations(connection, "finding", key),
        "measure": one(connection, "SELECT * FROM measures WHERE id = ?", record["measure"]),
    }


def _alike(connection: sqlite3.Connection, record: Model) -> list[Model]:
    """Other findings of the same measure and unit: of the same group and place first."""
    many = number(connection, "SELECT count(*) FROM findings WHERE measure = ?", record["measure"]) > SORTED
    near = rows(
        connection,
        "SELECT id FROM findings WHERE measure = ?1 AND unit IS ?2 AND id <> ?3 AND statistic = ?4 "
        + ("" if many else 'ORDER BY ("group" IS ?5) DESC, (place IS ?6) DESC, (study IS ?7) DESC, id ')
        + "LIMIT ?8",
        record["measure"], record["unit"], record["id"], record["statistic"], record["group"], record["place"],
        record["study"], _COMPARED,
    )  # fmt: skip
    return list(findings_by_id(connection, [row["id"] for row in near]).values())


def _against(connection: sqlite3.Connection, key: str) -> list[Model]:
    """The conclusions that a finding speaks against."""
    return rows(
        connection,
        "SELECT c.* FROM conclusion_support s JOIN conclusions c ON c.id = s.conclusion "
        "WHERE s.record_id = ? AND s.role = 'disputes' ORDER BY c.id",
        key,
    )


def safely_said(record: Model, measured: Model | None) -> list[str]:
    """What may be said of a figure and what may not, from its own fields."""
    said = []
    group = record["group_label"] or "those asked"
    where = f" in {record['place_label']}" if record["place_label"] else ""
    when = f" in {record['period']}" if record["period"] else "; the document does not date the data"
    said.append(f"It is about {group}{where}{when}. It says nothing of other people, places or years.")
    if measured and (measured["ages"] or measured["place_label"]):
        asked = f"people aged {measured['ages']}" if measured["ages"] else "people"
        asked += f" in {measured['place_label']}" if measured["place_label"] else ""
        setting = f", living in {measured['setting']}" if measured["setting"] else ""
        said.append(f"The study asked {asked}{setting}: nobody else is counted in it.")
    if record["statistic"] in ("ratio", "risk-ratio", "odds-ratio", "difference"):
        said.append("It compares two groups. An association is not a cause.")
    elif record["statistic"] in ("prevalence", "share"):
        said.append("It says how common something is among them, not why: an association is not a cause.")
    if record["precision"] == "precision unknown":
        said.append("No interval was published with it: a small difference from another figure may be chance.")
    if record["secondary"]:
        said.append("It is second-hand: read in a document that reports it, not in the study's own publication.")
    if record["attribution"] != "stated":
        credited = f" (credited as {record['credited_as']})" if record["credited_as"] else ""
        because = f": {record['attribution_reason']}" if record["attribution_reason"] else ""
        said.append(f"Which study measured it is {record['attribution']}{credited}{because}.")
    said.extend(f"{first_upper(each)}." for each in (record["caveats"] or "").split("; ") if each)
    return said
