"""Responses, and whom they are for."""

from __future__ import annotations

from collections.abc import Iterator

from evidencebase.citing.statements import statement
from evidencebase.database.cells import Row, Selection, life_cells, listed
from evidencebase.database.columns import CAVEATS, CONTEXT, DIGEST, ID, INFERRED, NUMBER, READ_IN, STATUS, Column, Table
from evidencebase.model.periods import shown
from evidencebase.model.records import Response


def responses_rows(selection: Selection) -> Iterator[Row]:
    """A row for every response."""
    for entry, record in selection.records(Response):
        yield {
            "id": record.id,
            "statement": statement(entry, selection.base),
            "kind": record.kind,
            "label": record.label,
            "place": record.place,
            "period": shown(record.period) or None,
            "provider": record.provider,
            "reach": listed([f"{each.value} {each.unit}: {each.of}" for each in record.reach]),
            "effectiveness": record.effectiveness,
            "document": entry.document,
            **life_cells(selection, entry),
        }


def response_groups_rows(selection: Selection) -> Iterator[Row]:
    """A row for every group that a response addresses."""
    for entry, record in selection.records(Response):
        for group in record.groups:
            yield {"response": entry.key, "group": group}


RESPONSES = Table(
    "responses",
    "Services, programmes, policies, recommendations and actions.",
    rows=responses_rows,
    label="statement",
    size=50,
    facets=("kind", "place", "effectiveness", "document"),
    indexed=("kind", "place", "period", "provider", "effectiveness", "document"),
    searched=("statement", "caveats"),
    stated=("kind", "place", "period", "document", "status"),
    fields=("kind", "place", "period", "provider", "effectiveness"),
    cites=("document",),
    columns=(
        ID,
        Column("statement", "TEXT NOT NULL", "What it says"),
        Column("kind", "TEXT NOT NULL", "service, programme, policy, recommendation or action"),
        Column("label", "TEXT NOT NULL", "In own words"),
        Column("place", "TEXT REFERENCES places(id)", "Where"),
        Column("period", "TEXT", "When"),
        Column("provider", "TEXT", "Who provides it"),
        Column("reach", "TEXT", "How many it reaches, in their unit, and of whom or what"),
        Column("effectiveness", "TEXT NOT NULL", "What is recorded of its effect, or none-recorded"),
        READ_IN,
        CONTEXT,
        INFERRED,
        CAVEATS,
        STATUS,
        DIGEST,
    ),
)
RESPONSE_GROUPS = Table(
    "response_groups",
    "Which groups a response is for.",
    rows=response_groups_rows,
    title="Whom responses are for",
    indexed=("response", "group"),
    columns=(
        NUMBER,
        Column(
            "response",
            "TEXT NOT NULL REFERENCES responses(id)",
            "The service, programme, policy, recommendation or action",
        ),
        Column("group", "TEXT NOT NULL REFERENCES groups(id)", "The group"),
    ),
)
