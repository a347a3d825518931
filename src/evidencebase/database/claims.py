"""Claims."""

from __future__ import annotations

from collections.abc import Iterator

from evidencebase.citing.statements import statement
from evidencebase.database.cells import Row, Selection, life_cells, listed, strength_of, subject_cells
from evidencebase.database.columns import CAVEATS, CONTEXT, DIGEST, ID, INFERRED, READ_IN, STATUS, Column, Table
from evidencebase.model.periods import shown
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
            "than": record.against,
            "comparator_place": record.versus.place if record.versus else None,
            "comparator_period": shown(record.versus.period if record.versus else None) or None,
            "comparator_level": record.versus.level if record.versus else None,
            "exposure": record.exposure,
            "link": record.link,
            "direction": record.direction,
            "significance": record.significance,
            "modality": record.modality,
            "adjusted_for": listed(record.adjusted_for),
            "says": record.says,
            "unread": listed(record.unread),
            "study": record.study,
            "document": entry.document,
            "strength": strength_of(base, record.study),
            "attribution": record.attribution,
            "credited_as": record.credited_as,
            "attribution_reason": record.attribution_reason,
            **life_cells(selection, entry),
        }


CLAIMS = Table(
    "claims",
    "What documents say in words: relations, trends, definitions, stated limitations.",
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
        "exposure",
        "than",
        "comparator_place",
        "comparator_period",
        "comparator_level",
        "link",
        "place",
        "period",
        "direction",
        "significance",
        "modality",
        "adjusted_for",
        "attribution",
        "credited_as",
        "attribution_reason",
    ),
    cites=("study", "document"),
    columns=(
        ID,
        Column("statement", "TEXT NOT NULL", "What it says"),
        Column("kind", "TEXT NOT NULL", "relation, trend, extent, definition, method, limitation or statement"),
        Column("measure", "TEXT REFERENCES measures(id)", "What it is about"),
        Column("group", "TEXT REFERENCES groups(id)", "The people it is about"),
        Column("than", "TEXT REFERENCES groups(id)", "The people they are compared with"),
        Column("comparator_place", "TEXT REFERENCES places(id)", "The place compared with"),
        Column("comparator_period", "TEXT", "The period compared with"),
        Column("comparator_level", "TEXT", "What else it is compared with, in words"),
        Column("exposure", "TEXT", "What they are exposed to: a group, a measure or a record"),
        Column("link", "TEXT", "differs, linked or raises, by the printed verb; empty if nobody has read it yet"),
        Column("place", "TEXT REFERENCES places(id)", "Where"),
        Column("period", "TEXT", "When the data were collected"),
        Column("direction", "TEXT", "higher, lower, no-difference, mixed or not-printed"),
        Column("significance", "TEXT NOT NULL", "significant, not-significant, not-tested or not-stated, as published"),
        Column("modality", "TEXT", "asserted, suggested, possible, projected or reported: the document's own hedge"),
        Column("says", "TEXT", "The sentence in own words, where composing one would say more or less"),
        Column("unread", "TEXT", "Fields that nobody has read in the document yet"),
        Column("adjusted_for", "TEXT", "What the comparison was adjusted for"),
        Column("study", "TEXT REFERENCES studies(key)", "Who found it"),
        READ_IN,
        Column("strength", "TEXT", "Source strength of the study"),
        Column("attribution", "TEXT NOT NULL", "Whether the study is stated, inferred or corrected by this base"),
        Column("credited_as", "TEXT", "How the document credits the claim, where that differs"),
        Column("attribution_reason", "TEXT", "Why another study is named than the document credits"),
        CONTEXT,
        INFERRED,
        CAVEATS,
        STATUS,
        DIGEST,
    ),
)
