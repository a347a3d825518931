"""What became of each word of a record: where it is printed, or that a reader took it so."""

from __future__ import annotations

from collections.abc import Iterator

from evidencebase.database.cells import Row, Selection
from evidencebase.database.columns import NUMBER, Column, Table
from evidencebase.model.kinds import KINDS
from evidencebase.provenance.words import remembered, told


def words_rows(selection: Selection) -> Iterator[Row]:
    """A row for every field of every record whose words the lock remembers: a function of records and lock."""
    for entry in selection.entries:
        for ruling in remembered(selection.base, selection.lock, entry):
            yield {
                "record_type": KINDS[entry.kind].one,
                "record_id": entry.key,
                "field": ruling.field,
                "state": str(ruling.state),
                "scope": ruling.scope or None,
                "document": ruling.document,
                "start": ruling.start,
                "end": ruling.end,
                "rival": ruling.rival,
                "reason": ruling.reason,
                "told": told(selection.base, selection.lock, ruling),
            }


WORDS = Table(
    "words",
    "Where the words of a record are printed: one row for each record and field, as the lock remembers it.",
    rows=words_rows,
    facets=("record_type", "state", "scope", "document"),
    indexed=("record_id", "record_type", "state", "scope", "document"),
    columns=(
        NUMBER,
        Column("record_type", "TEXT NOT NULL", "Kind of the record"),
        Column("record_id", "TEXT NOT NULL", "Id of the record"),
        Column("field", "TEXT NOT NULL", "What is named: measure, group.age, place ..."),
        Column(
            "state",
            "TEXT NOT NULL",
            "named in the passage or around it; broader or narrower; elsewhere by rule or by an anchor for it; inferred"
            " by a reader; farther off than another; no-form known; unnamed; contradicted; of an empty field silent or"
            " overlooked",
        ),
        Column("scope", "TEXT", "Where: fragment, clause, sentence, row, column, caption, heading ..."),
        Column("document", "TEXT REFERENCES documents(key)", "In which document"),
        Column("start", "INTEGER", "Offset in the document as read at which the words start"),
        Column("end", "INTEGER", "Offset behind the words"),
        Column("rival", "TEXT", "What is named instead"),
        Column("reason", "TEXT", "Why a reader takes it so although no passage names it"),
        Column("told", "TEXT NOT NULL", "State and scope in words, as pages and `evidence show` say it"),
    ),
)
