"""Conclusions, what they rest on, and their certainty domain by domain."""

from __future__ import annotations

from collections.abc import Iterator

from evidencebase.citing.statements import statement
from evidencebase.database.cells import Row, Selection, life_cells
from evidencebase.database.columns import CAVEATS, CONTEXT, DIGEST, ID, INFERRED, NUMBER, STATUS, Column, Table
from evidencebase.model.kinds import KINDS
from evidencebase.model.records import Conclusion
from evidencebase.rules.certainty import certainty_level


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
    for entry, record in selection.records(Conclusion):
        for role, named in (("supports", record.supports), ("disputes", record.disputes)):
            for key in named:
                kind = KINDS[by_id[key].kind].one if key in by_id else "unknown"
                yield {"conclusion": entry.key, "role": role, "record_type": kind, "record_id": key}
        for leaning in record.rests_on:
            yield {"conclusion": entry.key, "role": leaning.speaks, "record_type": "body", "record_id": leaning.body}


def certainty_rows(selection: Selection) -> Iterator[Row]:
    """A row for every GRADE domain of every conclusion."""
    for entry, record in selection.records(Conclusion):
        for name, domain in record.certainty:
            yield {"conclusion": entry.key, "domain": name, "rating": domain.rating, "reason": domain.reason}


CONCLUSIONS = Table(
    "conclusions",
    "Judgements that documents state, with the findings they rest on.",
    rows=conclusions_rows,
    label="statement",
    size=50,
    facets=("direction", "certainty", "place", "document"),
    indexed=("group", "measure", "direction", "place", "document", "certainty"),
    searched=("statement", "caveats"),
    stated=("certainty", "group", "measure", "place", "document", "status"),
    fields=("measure", "group", "place", "direction"),
    cites=("document",),
    columns=(
        ID,
        Column("statement", "TEXT NOT NULL", "What is concluded"),
        Column("group", "TEXT NOT NULL REFERENCES groups(id)", "About whom"),
        Column("measure", "TEXT NOT NULL REFERENCES measures(id)", "About what"),
        Column("direction", "TEXT NOT NULL", "higher, lower, no-difference or mixed"),
        Column("place", "TEXT REFERENCES places(id)", "Where"),
        Column("document", "TEXT REFERENCES documents(key)", "Where it is stated"),
        Column("certainty", "TEXT NOT NULL", "The level from GRADE's five domains, always written certainty: ..."),
        CONTEXT,
        INFERRED,
        CAVEATS,
        STATUS,
        DIGEST,
    ),
)
CONCLUSION_SUPPORT = Table(
    "conclusion_support",
    "Which findings, claims and bodies of evidence support or dispute a conclusion.",
    rows=conclusion_support_rows,
    title="What conclusions rest on",
    indexed=("conclusion", "record_id"),
    columns=(
        NUMBER,
        Column("conclusion", "TEXT NOT NULL REFERENCES conclusions(id)", "The conclusion"),
        Column("role", "TEXT NOT NULL", "supports or disputes; of a body of evidence, for or against"),
        Column("record_type", "TEXT NOT NULL", "finding, claim or body"),
        Column("record_id", "TEXT NOT NULL", "Id of the finding, claim or body"),
    ),
)
CERTAINTY = Table(
    "certainty",
    "GRADE's five domains for each conclusion.",
    rows=certainty_rows,
    title="Certainty, domain by domain",
    indexed=("conclusion",),
    columns=(
        NUMBER,
        Column("conclusion", "TEXT NOT NULL REFERENCES conclusions(id)", "The conclusion"),
        Column("domain", "TEXT NOT NULL", "risk_of_bias, inconsistency, indirectness, imprecision or publication_bias"),
        Column("rating", "TEXT NOT NULL", "not-serious, serious, very-serious or not-assessed"),
        Column("reason", "TEXT", "Why"),
    ),
)
