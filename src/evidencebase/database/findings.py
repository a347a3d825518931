"""Findings: field by field, and as people read them."""

from __future__ import annotations

from collections.abc import Iterator

from evidencebase.citing.statements import statement
from evidencebase.database.cells import (
    Row,
    Selection,
    flag,
    integer,
    life_cells,
    listed,
    real,
    strength_of,
    subject_cells,
    value_cells,
)
from evidencebase.database.columns import CAVEATS, CONTEXT, DIGEST, ID, INFERRED, READ_IN, STATUS, Column, Table
from evidencebase.model.appraisals import strength_rank
from evidencebase.model.periods import shown
from evidencebase.model.records import Finding
from evidencebase.rules.precision import precision_words


def findings_rows(selection: Selection) -> Iterator[Row]:
    """A row for every finding."""
    base = selection.base
    for entry, record in selection.records(Finding):
        versus = record.versus
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
            "suppressed": record.suppressed,
            "qualifier": listed(record.qualifiers),
            "cases": integer(record.cases),
            "n": integer(record.n),
            "weighted": flag(record.weighted),
            "interval_lower": real(record.interval.lower if record.interval else None),
            "interval_upper": real(record.interval.upper if record.interval else None),
            "interval_confidence": real(record.interval.confidence if record.interval else None),
            "interval_method": record.interval.method if record.interval else None,
            "precision": precision_words(entry, base),
            "p_relation": record.p.relation if record.p else None,
            "p_value": real(record.p.value if record.p else None),
            "comparator_group": versus.group if versus else None,
            "comparator_place": versus.place if versus else None,
            "comparator_period": shown(versus.period if versus else None) or None,
            "comparator_level": versus.level if versus else None,
            "adjusted_for": listed(record.adjusted_for),
            "horizon": record.horizon,
            "price_year": record.price_year,
            "standardised": record.standardised,
            "standard": record.standard,
            "out_of": real(record.out_of),
            "metric": record.metric,
            "unread": listed(record.unread),
            "study": record.study,
            "document": entry.document,
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
        measure = base.vocabulary.measures.get(record.measure)
        yield {
            "id": record.id,
            "statement": statement(entry, base),
            "figure": base.figure(entry),
            "value": real(record.value if record.value is not None else record.range.low if record.range else None),
            "group": base.label("groups", record.group) or None,
            "measure": base.label("measures", record.measure),
            "construct": measure.concept if measure else None,
            "place": base.label("places", record.place) or None,
            "period": shown(record.period) or None,
            "strength": strength_of(base, record.study),
            "strength_rank": strength_rank(strength_of(base, record.study)),
            "precision": precision_words(entry, base),
            "study": base.label("studies", record.study) or None,
            "document": base.label("documents", entry.document) or None,
            "passage": next((words for anchor in record.anchors if (words := base.passage(anchor))), None),
            "caveats": "; ".join(record.caveats) or None,
        }


FINDINGS = Table(
    "findings",
    "Published figures about groups, field by field.",
    rows=findings_rows,
    title="Findings, field by field",
    label="statement",
    size=50,
    facets=("strength", "statistic", "measure", "place", "document", "status"),
    indexed=("group", "measure", "place", "period", "strength", "study", "document", "statistic", "status"),
    searched=("statement", "caveats"),
    stated=("strength", "group", "measure", "place", "period", "study", "document", "status"),
    cites=("study", "document"),
    columns=(
        ID,
        Column("statement", "TEXT NOT NULL", "What it says, composed from its fields"),
        Column(
            "statistic",
            "TEXT",
            "What kind of figure it is, such as prevalence, count, mean or odds-ratio; empty if nobody has read it yet",
        ),
        Column("measure", "TEXT NOT NULL REFERENCES measures(id)", "What was measured"),
        Column("group", "TEXT REFERENCES groups(id)", "The people it is about"),
        Column("place", "TEXT REFERENCES places(id)", "Where"),
        Column("period", "TEXT", "When the data were collected"),
        Column("value", "REAL", "The figure as a number, in its unit; percent is 5.5, never 0.055"),
        Column("value_text", "TEXT", "The figure with its digits as published"),
        Column("low", "REAL", "Lower end of a published range, in the unit"),
        Column("high", "REAL", "Upper end of a published range, in the unit"),
        Column("unit", "TEXT", "Unit of the figure, such as percent, persons or gbp"),
        Column("suppressed", "TEXT", "What is printed in place of a number that was withheld"),
        Column("qualifier", "TEXT", "about, estimated, over, just-over, up-to, at-least, under, nearly, as published"),
        Column("cases", "INTEGER", "Number of those counted, of the number asked, where published"),
        Column("n", "INTEGER", "Number of people or households asked, where published"),
        Column("weighted", "INTEGER", "1 if the rate is weighted, 0 if not, empty if not stated"),
        Column("interval_lower", "REAL", "Lower limit of the published interval, in the unit"),
        Column("interval_upper", "REAL", "Upper limit of the published interval, in the unit"),
        Column("interval_confidence", "REAL", "Confidence of the published interval, in percent"),
        Column("interval_method", "TEXT", "How the published interval was computed, where stated"),
        Column("precision", "TEXT NOT NULL", "The interval in words, or precision unknown"),
        Column("p_relation", "TEXT", "=, <, >, ≤ or ≥, as printed before the p-value"),
        Column("p_value", "REAL", "The p-value as published"),
        Column("comparator_group", "TEXT REFERENCES groups(id)", "The group compared with, for ratios and differences"),
        Column("comparator_place", "TEXT REFERENCES places(id)", "The place compared with"),
        Column("comparator_period", "TEXT", "The period compared with"),
        Column("comparator_level", "TEXT", "What else it is compared with, in words"),
        Column("adjusted_for", "TEXT", "What the comparison was adjusted for"),
        Column("horizon", "TEXT", "Over what time a risk, a cost or a saving is counted"),
        Column("price_year", "TEXT", "The year whose prices a cost is in"),
        Column("standardised", "TEXT", "none, direct or indirect: how a rate was standardised, where stated"),
        Column("standard", "TEXT", "The population it was standardised to"),
        Column("out_of", "REAL", "How many a rank is among"),
        Column("metric", "TEXT", "The scale of a score, or the kind of an effect size"),
        Column("unread", "TEXT", "Fields that nobody has read in the document yet"),
        Column("study", "TEXT REFERENCES studies(key)", "Who measured it"),
        READ_IN,
        Column("strength", "TEXT", "Source strength of the study"),
        Column("attribution", "TEXT NOT NULL", "Whether the study is stated, inferred or corrected by this base"),
        Column("credited_as", "TEXT", "How the document credits the figure, where that differs"),
        Column("attribution_reason", "TEXT", "Why another study is named than the document credits"),
        Column("secondary", "INTEGER NOT NULL", "1 if it was not read in the study's own publication"),
        CONTEXT,
        INFERRED,
        CAVEATS,
        STATUS,
        DIGEST,
    ),
)
FINDINGS_READABLE = Table(
    "findings_readable",
    "One row for each finding, with labels and its statement. What to open first.",
    rows=readable_rows,
    title="Findings",
    label="statement",
    sort_desc="strength_rank",
    size=50,
    facets=("strength", "construct", "group", "measure", "place", "period", "study", "document"),
    indexed=(
        "construct",
        "group",
        "measure",
        "place",
        "period",
        "strength",
        "study",
        "document",
        "strength_rank",
        "value",
    ),
    searched=("statement", "figure", "passage", "caveats", "study", "document"),
    columns=(
        Column("id", "TEXT PRIMARY KEY REFERENCES findings(id)", "Id of the finding, never reused"),
        Column("statement", "TEXT NOT NULL", "What the finding says, composed from its fields"),
        Column("figure", "TEXT NOT NULL", "The figure as published, with its unit and qualifier"),
        Column("value", "REAL", "The figure as a number, for sorting; the lower end of a range"),
        Column("group", "TEXT", "The people it is about"),
        Column("measure", "TEXT NOT NULL", "What was measured"),
        Column("construct", "TEXT", "What the measure is meant to capture"),
        Column("place", "TEXT", "Where"),
        Column(
            "period",
            "TEXT",
            "When the data were collected, not when they were published; empty if the document does not say",
        ),
        Column(
            "strength",
            "TEXT",
            "Source strength of the study: strong, moderate or weak, as schema/strength.yml defines "
            "them; empty if no study is named",
        ),
        Column(
            "strength_rank", "INTEGER NOT NULL", "3 strong, 2 moderate, 1 weak, 0 where no study is named, for sorting"
        ),
        Column(
            "precision",
            "TEXT NOT NULL",
            "The interval, published or computed from cases and people, or precision unknown",
        ),
        Column("study", "TEXT", "Who measured it"),
        Column("document", "TEXT", "Where it was read"),
        Column("passage", "TEXT", "The shortest words of the document that hold the figure"),
        CAVEATS,
    ),
)
