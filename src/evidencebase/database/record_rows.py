"""Rows of findings, claims, populations, estimates, conclusions, responses and indicators."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from evidencebase.base import Base
from evidencebase.citing.statements import statement
from evidencebase.database.cells import (
    SINGULAR,
    Row,
    Selection,
    first_document,
    flag,
    integer,
    life_cells,
    listed,
    real,
    strength_of,
    subject_cells,
    value_cells,
)
from evidencebase.model.amounts import interval
from evidencebase.model.records import (
    Claim,
    Conclusion,
    Estimate,
    Finding,
    Indicator,
    Population,
    Response,
)
from evidencebase.rules.certainty import certainty_level

_RANKS: dict[str | None, int] = {"strong": 3, "moderate": 2, "weak": 1}


def findings_rows(selection: Selection) -> Iterator[Row]:
    """A row for every finding."""
    base = selection.base
    for entry, record in selection.records(Finding):
        against = record.comparator
        unit = base.unit(entry)
        yield {
            "id": record.id,
            "statement": statement(entry, base),
            "statistic": record.statistic,
            **subject_cells(record),
            **value_cells(record.value),
            "low": real(record.range.low if record.range else None),
            "high": real(record.range.high if record.range else None),
            "unit": unit,
            "qualifier": record.qualifier,
            "n": integer(record.n),
            "weighted": flag(record.weighted),
            "interval_lower": real(record.interval.lower if record.interval else None),
            "interval_upper": real(record.interval.upper if record.interval else None),
            "interval_confidence": real(record.interval.confidence if record.interval else None),
            "interval_method": record.interval.method if record.interval else None,
            "precision": interval(record, unit),
            "comparator_group": against.group if against else None,
            "comparator_outcome": against.outcome if against else None,
            "comparator_adjusted_for": listed(against.adjusted_for) if against else None,
            "comparator_horizon": against.horizon if against else None,
            "comparator_price_year": against.price_year if against else None,
            "study": record.study,
            "document": first_document(entry),
            "strength": strength_of(base, record.study),
            "attribution": record.attribution,
            "credited_as": record.credited_as,
            "attribution_reason": record.attribution_reason,
            "secondary": int(all(anchor.document != record.study for anchor in record.anchors)),
            **life_cells(selection, entry),
        }


def readable_rows(selection: Selection) -> Iterator[Row]:
    """A row for every finding with labels for ids: what a person opens first."""
    base = selection.base
    for entry, record in selection.records(Finding):
        yield {
            "id": record.id,
            "statement": statement(entry, base),
            "figure": base.figure(entry),
            "value": real(record.value if record.value is not None else record.range.low if record.range else None),
            "group": base.label("groups", record.group) or None,
            "measure": base.label("measures", record.measure),
            "place": base.label("places", record.place) or None,
            "period": record.period,
            "strength": strength_of(base, record.study),
            "strength_rank": _RANKS.get(strength_of(base, record.study), 0),
            "precision": interval(record, base.unit(entry)),
            "study": base.label("studies", record.study) or None,
            "document": base.label("documents", first_document(entry)) or None,
            "passage": next((words for anchor in record.anchors if (words := base.passage(anchor))), None),
            "caveats": "; ".join(record.caveats) or None,
        }


def claims_rows(selection: Selection) -> Iterator[Row]:
    """A row for every claim."""
    base = selection.base
    for entry, record in selection.records(Claim):
        yield {
            "id": record.id,
            "statement": statement(entry, base),
            "kind": record.kind,
            **subject_cells(record),
            "than": record.than,
            "direction": record.direction,
            "significance": record.significance,
            "adjusted_for": listed(record.adjusted_for),
            "study": record.study,
            "document": first_document(entry),
            "strength": strength_of(base, record.study),
            "attribution": record.attribution,
            **life_cells(selection, entry),
        }


def populations_rows(selection: Selection) -> Iterator[Row]:
    """A row for every population."""
    for entry, record in selection.records(Population):
        yield {
            "id": record.id,
            "statement": statement(entry, selection.base),
            "group": record.group,
            "place": record.place,
            "period": record.period,
            "unit": record.unit,
            **value_cells(record.value),
            "qualifier": record.qualifier,
            "definition": record.definition,
            "includes": listed(record.includes),
            "excludes": listed(record.excludes),
            "parts": listed(record.total.parts) if record.total else None,
            "study": record.study,
            "document": first_document(entry),
            **life_cells(selection, entry),
        }


def estimates_rows(selection: Selection) -> Iterator[Row]:
    """A row for every estimate, published beside recomputed."""
    base = selection.base
    for entry, record in selection.records(Estimate):
        finding = base.get(Finding, record.finding)
        population = base.get(Population, record.population)
        yield {
            "id": record.id,
            "statement": statement(entry, base),
            "finding": record.finding,
            "population": record.population,
            "measure": record.measure or (finding.measure if finding else None),
            "group": record.group or (population.group if population else None),
            "place": record.place or (population.place if population else None),
            "period": record.period or (population.period if population else None),
            "unit": base.unit(entry),
            "published": real(record.value),
            "published_text": str(record.value) if record.value is not None else None,
            "recomputed": real(rate_times_population(base, record)),
            "parts": listed(record.total.parts) if record.total else None,
            "override": record.override,
            "strength": strength_of(base, finding.study if finding else None),
            "document": first_document(entry),
            **life_cells(selection, entry),
        }


def rate_times_population(base: Base, record: Estimate) -> Decimal | None:
    """An estimate recomputed: its rate in percent times its population; None where either is unknown."""
    rate = base.entries.get(("findings", record.finding or ""))
    population = base.entries.get(("populations", record.population or ""))
    if rate is None or population is None or base.unit(rate) != "percent":
        return None
    value, count = getattr(rate.record, "value", None), getattr(population.record, "value", None)
    return value * count / 100 if value is not None and count is not None else None


def conclusions_rows(selection: Selection) -> Iterator[Row]:
    """A row for every conclusion."""
    for entry, record in selection.records(Conclusion):
        yield {
            "id": record.id,
            "statement": statement(entry, selection.base),
            "group": record.group,
            "measure": record.measure,
            "direction": record.direction,
            "place": record.place,
            "document": record.stated_in[0].document,
            "certainty": f"certainty: {certainty_level(record.certainty)}",
            **life_cells(selection, entry),
        }


def conclusion_support_rows(selection: Selection) -> Iterator[Row]:
    """A row for every record that a conclusion rests on or that disputes it."""
    by_id = selection.base.by_id
    for entry in selection.of("conclusions"):
        for role in ("supports", "disputes"):
            for key in getattr(entry.record, role):
                kind = SINGULAR[by_id[key].kind] if key in by_id else "unknown"
                yield {"conclusion": entry.key, "role": role, "record_type": kind, "record_id": key}


def certainty_rows(selection: Selection) -> Iterator[Row]:
    """A row for every GRADE domain of every conclusion."""
    for entry in selection.of("conclusions"):
        if isinstance(entry.record, Conclusion):
            for name, domain in entry.record.certainty:
                yield {"conclusion": entry.key, "domain": name, "rating": domain.rating, "reason": domain.reason}


def responses_rows(selection: Selection) -> Iterator[Row]:
    """A row for every response."""
    for entry, record in selection.records(Response):
        yield {
            "id": record.id,
            "statement": statement(entry, selection.base),
            "kind": record.kind,
            "label": record.label,
            "place": record.place,
            "period": record.period,
            "provider": record.provider,
            "effectiveness": record.effectiveness,
            "document": first_document(entry),
            **life_cells(selection, entry),
        }


def response_groups_rows(selection: Selection) -> Iterator[Row]:
    """A row for every group that a response addresses."""
    for entry in selection.of("responses"):
        for group in getattr(entry.record, "groups", []):
            yield {"response": entry.key, "group": group}


def indicators_rows(selection: Selection) -> Iterator[Row]:
    """A row for every indicator."""
    for entry, record in selection.records(Indicator):
        yield {
            "id": record.id,
            "statement": statement(entry, selection.base),
            "measure": record.measure,
            "group": record.group,
            "place": record.place,
            "finding": record.finding,
            "data_set": record.data_set,
            "next_release": record.next_release,
            "next_release_as_published": record.next_release_as_published,
            "document": first_document(entry),
            **life_cells(selection, entry),
        }
