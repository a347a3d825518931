"""Claims."""

from __future__ import annotations

from collections.abc import Iterator

from evidencebase.citing.statements import statement
from evidencebase.database.cells import Row, Selection, first_document, life_cells, listed, strength_of, subject_cells
from evidencebase.database.columns import CAVEATS, DIGEST, ID, READ_IN, STATUS, Column, Table
from evidencebase.model.records import Claim


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
            "credited_as": record.credited_as,
            "attribution_reason": record.attribution_reason,
            **life_cells(selection, entry),
        }


CLAIMS = Table(
    "claims",
    "Findings without a figure: comparisons, definitions, stated limitations.",
    rows=claims_rows,
    label="statement",
    size=50,
    facets=("kind", "direction", "strength", "measure", "document"),
    indexed=(
        "group",
        "than",
        "measure",
        "place",
        "period",
        "direction",
        "significance",
        "study",
        "document",
        "kind",
        "strength",
    ),
    searched=("statement", "caveats"),
    stated=("strength", "kind", "measure", "group", "place", "period", "study", "document", "status"),
    fields=(
        "kind",
        "measure",
        "group",
        "than",
        "place",
        "period",
        "direction",
        "significance",
        "adjusted_for",
        "attribution",
        "credited_as",
        "attribution_reason",
    ),
    cites=("study", "document"),
    columns=(
        ID,
        Column("statement", "TEXT NOT NULL", "What it says"),
        Column("kind", "TEXT NOT NULL", "direction, definition, limitation and the like"),
        Column("measure", "TEXT REFERENCES measures(id)", "What it is about"),
        Column("group", "TEXT REFERENCES groups(id)", "The people it is about"),
        Column("than", "TEXT REFERENCES groups(id)", "The people they are compared with"),
        Column("place", "TEXT REFERENCES places(id)", "Where"),
        Column("period", "TEXT", "When the data were collected"),
        Column("direction", "TEXT", "higher, lower, no-difference or mixed"),
        Column("significance", "TEXT NOT NULL", "significant, not-significant, not-tested or not-stated, as published"),
        Column("adjusted_for", "TEXT", "What the comparison was adjusted for"),
        Column("study", "TEXT REFERENCES studies(key)", "Who found it"),
        READ_IN,
        Column("strength", "TEXT", "Source strength of the study"),
        Column("attribution", "TEXT NOT NULL", "Whether the study is stated, inferred or corrected by this base"),
        Column("credited_as", "TEXT", "How the document credits the claim, where that differs"),
        Column("attribution_reason", "TEXT", "Why another study is named than the document credits"),
        CAVEATS,
        STATUS,
        DIGEST,
    ),
)
