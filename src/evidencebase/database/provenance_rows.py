"""Rows of anchors, figures, links, reviews, tombstones, set-asides, coverage and problems."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from evidencebase.base import Base, Entry
from evidencebase.database.cells import (
    SINGULAR,
    Row,
    Selection,
    as_json,
    real,
    strength_of,
)
from evidencebase.model.records import (
    Anchor,
    Estimate,
    Figure,
    Finding,
    Population,
    Study,
)
from evidencebase.provenance.seal import Status


def anchors_rows(selection: Selection) -> Iterator[Row]:
    """A row for every anchor of every record, with what the lock says of it."""
    for entry in selection.entries:
        for path, anchor, _ in entry.record.anchored():
            line = selection.lock.vouches(selection.base, entry, path, anchor)
            yield {
                "record_type": SINGULAR[entry.kind],
                "record_id": entry.key,
                "path": ".".join(str(step) for step in path),
                "document": anchor.document,
                "locator": anchor.locator,
                "fragment": selection.base.passage(anchor),
                "prefix": anchor.prefix,
                "suffix": anchor.suffix,
                "table_name": anchor.table,
                "table_row": anchor.row,
                "table_column": anchor.column,
                "state": line.state if line else "no-document",
                "line": line.line if line else None,
                "page": line.page if line else None,
                "rendition": line.rendition if line else None,
            }


def figures_rows(selection: Selection) -> Iterator[Row]:
    """Every published number, one row for each anchor that carries it; both ends of a range are one row."""
    base = selection.base
    for entry in selection.entries:
        unit = base.unit(entry)
        about = _about(base, entry)
        for path, anchor, figures in entry.record.anchored():
            line = selection.lock.vouches(base, entry, path, anchor)
            carried = set(line.figures) if line else set(_named(anchor, figures))
            shared = {
                "record_type": SINGULAR[entry.kind],
                "record_id": entry.key,
                "document": anchor.document,
                "locator": anchor.locator,
                "fragment": base.passage(anchor),
                **about,
                "state": line.state if line else "no-document",
            }
            yield from ({**shared, **row} for row in _figure_rows(figures, carried, unit))


def _figure_rows(figures: list[Figure], carried: set[str], unit: str | None) -> Iterator[Row]:
    ends = {each.field: each for each in figures if each.field in ("low", "high", "lower", "upper")}
    for low, high, name in (("low", "high", "value"), ("lower", "upper", "interval")):
        if low in carried and high in carried and low in ends and high in ends:
            first, last = ends[low].value, ends[high].value
            text = f"{first} to {last}"
            yield _figure_row(name, None, text, unit, first, last)
    for each in figures:
        if each.field in carried and each.field not in ends:
            yield _figure_row(each.field, each.value, str(each.value), each.unit or unit)


def _figure_row(
    name: str,
    value: Decimal | None,
    text: str,
    unit: str | None,
    low: Decimal | None = None,
    high: Decimal | None = None,
) -> Row:
    return {
        "field": name,
        "value": real(value),
        "value_text": text,
        "low": real(low),
        "high": real(high),
        "unit": unit,
    }


def _named(anchor: Anchor, figures: list[Figure]) -> list[str]:
    return list(anchor.figures) if anchor.figures else [each.field for each in figures]


def _about(base: Base, entry: Entry) -> Row:
    """Measure, group, place, period, study and strength of a record's figures; an estimate has its finding's."""
    record: Any = entry.record
    finding = base.get(Finding, getattr(record, "finding", None))
    population = base.get(Population, getattr(record, "population", None))
    study = entry.key if entry.kind == "studies" else getattr(record, "study", None)
    study = study or (finding.study if finding and isinstance(record, Estimate) else None)
    return {
        "measure": getattr(record, "measure", None) or (finding.measure if finding else None),
        "group": getattr(record, "group", None) or (population.group if population else None),
        "place": getattr(record, "place", None) or (population.place if population else None),
        "period": getattr(record, "period", None) or (population.period if population else None),
        "study": study,
        "strength": strength_of(base, study),
    }


def links_rows(selection: Selection) -> Iterator[Row]:
    """A row for every link, and for every record that rests on another."""
    for entry in selection.entries:
        kind = SINGULAR[entry.kind]
        for link in entry.record.links:
            yield _link(kind, entry.key, link.type, kind, link.to, link.because)
        record = entry.record
        if isinstance(record, Study) and record.supersedes:
            yield _link(kind, entry.key, "supersedes", kind, record.supersedes)
        for name, kind_of in (("findings", None), ("rests_on", "conclusion")):
            for key in getattr(record, name, []):
                other = selection.base.by_id.get(key)
                to_kind = kind_of or (SINGULAR[other.kind] if other else "unknown")
                yield _link(kind, entry.key, name.replace("_", "-"), to_kind, key)


def _link(from_type: str, from_id: str, kind: str, to_type: str, to_id: str, because: str | None = None) -> Row:
    return {"from_type": from_type, "from_id": from_id, "type": kind, "to_type": to_type, "to_id": to_id,
            "because": because}  # fmt: skip


def reviews_rows(selection: Selection) -> Iterator[Row]:
    """A row for every review, oldest first."""
    for review, _ in selection.base.reviews:
        yield {
            "record_id": review.record,
            "reviewer": review.by,
            "reviewed_on": review.on,
            "verdict": review.verdict,
            "value_text": str(review.value) if review.value is not None else None,
            "note": review.note,
            "digest": review.digest,
        }


def tombstones_rows(selection: Selection) -> Iterator[Row]:
    """A row for every record withdrawn or superseded, with the reason."""
    successors = {
        link.to: entry.key
        for entry in selection.base.entries.values()
        for link in entry.record.links
        if link.type == "supersedes"
    }
    for entry in sorted(selection.base.entries.values(), key=lambda each: each.key):
        status = selection.reviews.status(entry)
        if status not in (Status.WITHDRAWN, Status.SUPERSEDED):
            continue
        last = selection.reviews.last(entry)
        reason = f"superseded by {successors.get(entry.key)}"
        if status is Status.WITHDRAWN and last is not None:
            reason = last.note or ""
        kind = SINGULAR[entry.kind]
        yield {"record_id": entry.key, "record_type": kind, "status": str(status), "reason": reason}


def set_asides_rows(selection: Selection) -> Iterator[Row]:
    """A row for every number set aside by a record."""
    for item, _ in selection.base.aside:
        yield {"document": item.document, "fragment": item.fragment, "number": item.number, "reason": item.reason}


def coverage_rows(selection: Selection) -> Iterator[Row]:
    """A row for every document, as the lock counted it."""
    for key in sorted(selection.lock.coverage.keys() & selection.base.documents.keys()):
        covered = selection.lock.coverage[key]
        yield {
            "document": key,
            "figures": covered.figures,
            "anchored": covered.anchored,
            "set_aside": sum(covered.set_aside.values()),
            "unread": covered.unread,
            "set_aside_by_reason": as_json(covered.set_aside),
        }


def problems_rows(selection: Selection) -> Iterator[Row]:
    """A row for every note and warning that depends on nothing but the records."""
    for problem in selection.problems:
        yield {
            "severity": str(problem.severity),
            "code": problem.code,
            "record_id": problem.record,
            "message": problem.message,
            "hint": problem.hint,
            "path": problem.path,
            "line": problem.line,
        }
