"""Estimates, published beside recomputed."""

from __future__ import annotations

from collections.abc import Iterator

from evidencebase.checks.fit import because
from evidencebase.citing.statements import statement
from evidencebase.database.cells import Row, Selection, life_cells, listed, real, strength_of
from evidencebase.database.columns import CAVEATS, CONTEXT, DIGEST, ID, INFERRED, READ_IN, STATUS, Column, Table
from evidencebase.model.periods import shown
from evidencebase.model.records import Estimate, Finding, Population
from evidencebase.rules.applicability import of_estimate
from evidencebase.rules.product import called, measured, product


def estimates_rows(selection: Selection) -> Iterator[Row]:
    """A row for every estimate, published beside recomputed."""
    base = selection.base
    for entry, record in selection.records(Estimate):
        finding = base.get(Finding, record.finding)
        applicable = of_estimate(base, record)
        population = base.get(Population, record.population)
        yield {
            "id": record.id,
            "statement": statement(entry, base),
            "finding": record.finding,
            "population": record.population,
            "measure": next(iter(measured(base, record)), record.measure),
            "called": called(base, record),
            "group": record.group or (population.group if population else None),
            "place": record.place or (population.place if population else None),
            "period": shown(record.period or (population.period if population else None)) or None,
            "unit": base.unit(entry),
            "published": real(record.value),
            "published_text": str(record.value) if record.value is not None else None,
            "recomputed": real(product(base, record).exact),
            "parts": listed(record.total.parts) if record.total else None,
            "override": record.override,
            "applicability": applicable.level if applicable else None,
            "applicability_lowered": "\n".join(because(base, each) for each in applicable.lowered) or None
            if applicable
            else None,
            "strength": strength_of(base, finding.study if finding else None),
            "document": entry.document,
            **life_cells(selection, entry),
        }


ESTIMATES = Table(
    "estimates",
    "Rates applied to populations. Expected if the rate applied, not measured.",
    rows=estimates_rows,
    label="statement",
    size=50,
    facets=("applicability", "measure", "place", "document"),
    indexed=(
        "group",
        "measure",
        "called",
        "place",
        "period",
        "finding",
        "population",
        "strength",
        "applicability",
        "document",
    ),
    searched=("statement", "caveats"),
    stated=("strength", "measure", "place", "period", "document", "status"),
    fields=("measure", "group", "place", "period", "unit", "finding", "population"),
    cites=("document",),
    columns=(
        ID,
        Column("statement", "TEXT NOT NULL", "What it says"),
        Column("finding", "TEXT REFERENCES findings(id)", "The rate"),
        Column("population", "TEXT REFERENCES populations(id)", "The people it is applied to"),
        Column("measure", "TEXT REFERENCES measures(id)", "What the rate measures; of a total, its first rate"),
        Column(
            "called",
            "TEXT REFERENCES measures(id)",
            "What it is called in the document, where its rate measures another",
        ),
        Column("group", "TEXT REFERENCES groups(id)", "Of whom"),
        Column("place", "TEXT REFERENCES places(id)", "Where"),
        Column("period", "TEXT", "Of when the population is"),
        Column("unit", "TEXT", "Unit of the estimate, such as persons"),
        Column("published", "REAL", "The estimate as published, in its unit"),
        Column("published_text", "TEXT", "The estimate with its digits as published"),
        Column("recomputed", "REAL", "Rate times population before rounding, in its unit"),
        Column("parts", "TEXT", "The estimates it is the sum of"),
        Column("override", "TEXT", "Why a rate is used that does not fit"),
        Column("applicability", "TEXT", "How far the rate can be carried to them: high, moderate, low, very low"),
        Column("applicability_lowered", "TEXT", "What lowers the applicability, a line for each step"),
        Column("strength", "TEXT", "Source strength of the rate's study"),
        READ_IN,
        CONTEXT,
        INFERRED,
        CAVEATS,
        STATUS,
        DIGEST,
    ),
)
