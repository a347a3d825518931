"""Records in conflict, for the pages of both."""

from __future__ import annotations

from collections.abc import Iterator

from evidencebase.citing.statements import conflict_words
from evidencebase.database.cells import Row, Selection
from evidencebase.database.columns import NUMBER, Column, Table
from evidencebase.model.kinds import KINDS
from evidencebase.rules.conflict import conflicts


def conflicts_rows(selection: Selection) -> Iterator[Row]:
    """A row for every conflict between records that stand, seen from each of the two."""
    for each in conflicts(selection.base, selection.standing):
        for entry, other in ((each.one, each.other), (each.other, each.one)):
            yield {
                "record_type": KINDS[entry.kind].one,
                "record_id": entry.key,
                "other_type": KINDS[other.kind].one,
                "other_id": other.key,
                "shown_by": each.by,
                "linked": int(each.linked),
                "because": conflict_words(each),
            }


CONFLICTS = Table(
    "conflicts",
    "Records that say different things of the same people, place and time; each pair from both sides.",
    rows=conflicts_rows,
    facets=("shown_by", "linked"),
    indexed=("record_id", "other_id", "shown_by", "linked"),
    columns=(
        NUMBER,
        Column("record_type", "TEXT NOT NULL", "Kind of the record"),
        Column("record_id", "TEXT NOT NULL", "Id of the record"),
        Column("other_type", "TEXT NOT NULL", "Kind of the record it is in conflict with"),
        Column("other_id", "TEXT NOT NULL", "Id of the record it is in conflict with"),
        Column("shown_by", "TEXT NOT NULL", "figures, directions, or a link"),
        Column("linked", "INTEGER NOT NULL", "1 where a link ties the two, which explains or admits the difference"),
        Column("because", "TEXT NOT NULL", "Why they are in conflict"),
    ),
)
