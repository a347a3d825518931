"""Bodies of evidence, and the records that make each up."""

from __future__ import annotations

from collections.abc import Iterator

from evidencebase.citing.statements import statement
from evidencebase.database.cells import Row, Selection, life_cells, listed
from evidencebase.database.columns import CAVEATS, CONTEXT, DIGEST, ID, INFERRED, NUMBER, STATUS, Column, Table
from evidencebase.model.kinds import KINDS
from evidencebase.model.records import Body
from evidencebase.rules.bodies import members
from evidencebase.rules.certainty import certainty_level

_DOMAINS = {
    "risk_of_bias": "How well the studies were done",
    "inconsistency": "Whether they agree",
    "indirectness": "Whether they are about these people and this outcome",
    "imprecision": "Whether they are large enough",
    "publication_bias": "Whether what was not published would say otherwise",
}


def bodies_rows(selection: Selection) -> Iterator[Row]:
    """A row for every body of evidence."""
    for entry, record in selection.records(Body):
        judged = {
            name: f"{domain.rating}: {domain.reason}" if domain.reason else domain.rating
            for name, domain in record.certainty
        }
        yield {
            "id": record.id,
            "statement": statement(entry, selection.base),
            "type": record.question.type,
            "constructs": listed(record.question.constructs),
            "group": record.question.group,
            "exposure": record.question.exposure,
            "certainty": f"certainty: {certainty_level(record.certainty)}",
            **judged,
            **life_cells(selection, entry),
        }


def body_members_rows(selection: Selection) -> Iterator[Row]:
    """A row for every record let in that answers the question of a body, with the reason where it is left out."""
    for _, record in selection.records(Body):
        for member in members(selection.base, record):
            if selection.has(member.entry.kind, member.entry.key):
                kind = KINDS[member.entry.kind].one
                yield {
                    "body": record.id,
                    "record_type": kind,
                    "record_id": member.entry.key,
                    "excluded_because": member.excluded_because,
                }


BODIES = Table(
    "bodies",
    "The evidence on one question, judged once.",
    rows=bodies_rows,
    label="statement",
    facets=("type", "certainty"),
    indexed=("group", "type", "certainty"),
    searched=("statement", "caveats"),
    stated=("certainty", "group", "status"),
    fields=("type", "constructs", "group", "exposure"),
    columns=(
        ID,
        Column("statement", "TEXT NOT NULL", "The question"),
        Column("type", "TEXT NOT NULL", "prevalence, prognosis or effect"),
        Column("constructs", "TEXT NOT NULL", "What the measures of its records stand for"),
        Column("group", "TEXT NOT NULL REFERENCES groups(id)", "In whom"),
        Column("exposure", "TEXT", "Exposed to what"),
        Column("certainty", "TEXT NOT NULL", "The level from GRADE's five domains, always written certainty: ..."),
        *(Column(name, "TEXT NOT NULL", says) for name, says in _DOMAINS.items()),
        CONTEXT,
        INFERRED,
        CAVEATS,
        STATUS,
        DIGEST,
    ),
)
BODY_MEMBERS = Table(
    "body_members",
    "Which findings and claims answer the question of a body.",
    rows=body_members_rows,
    title="What bodies of evidence are made of",
    indexed=("body", "record_id"),
    columns=(
        NUMBER,
        Column("body", "TEXT NOT NULL REFERENCES bodies(id)", "The body of evidence"),
        Column("record_type", "TEXT NOT NULL", "finding or claim"),
        Column("record_id", "TEXT NOT NULL", "Id of the finding or claim"),
        Column("excluded_because", "TEXT", "Why it is left out, where it is"),
    ),
)
