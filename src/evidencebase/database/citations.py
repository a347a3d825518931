"""What is said of each record, and whom it is cited from: `evidence cite` makes of it a citation in any style."""

from __future__ import annotations

from collections.abc import Iterator

from evidencebase.citing.sentences import said
from evidencebase.database.cells import Row, Selection, listed
from evidencebase.database.columns import NUMBER, Column, Table
from evidencebase.model.kinds import KINDS
from evidencebase.problems import EvidenceError


def citations_rows(selection: Selection) -> Iterator[Row]:
    """A row for every record whose sources stand in the bibliography; without them it cannot be cited."""
    for entry in selection.entries:
        try:
            found = said(entry, selection.base, selection.reviews.status(entry))
        except EvidenceError:
            continue
        yield {
            "record_type": KINDS[entry.kind].one,
            "record_id": entry.key,
            "sentence": found.sentence,
            "sources": listed(list(found.cited.studies)),
            "cited_in": listed(list(found.cited.through)),
            "locator": found.cited.locator,
            "warning": found.warning or None,
        }


CITATIONS = Table(
    "citations",
    "What may be said of each record, and whom to cite for it.",
    rows=citations_rows,
    title="What to say of a record, and whom to cite",
    label="sentence",
    facets=("record_type",),
    indexed=("record_id", "record_type"),
    columns=(
        NUMBER,
        Column("record_type", "TEXT NOT NULL", "Kind of the record"),
        Column("record_id", "TEXT NOT NULL", "Id of the record"),
        Column("sentence", "TEXT NOT NULL", "The statement with precision, credit and source strength or certainty"),
        Column("sources", "TEXT", "Whom to cite: keys of sources, parted by semicolons"),
        Column("cited_in", "TEXT", "As cited in: the sources it was read in, where those are others"),
        Column("locator", "TEXT", "Where in the last of them it stands"),
        Column("warning", "TEXT", "What must be said aloud of the record, such as that nobody reviewed it"),
    ),
)
