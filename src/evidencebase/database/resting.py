"""What rests on what, as `evidence show` says it."""

from __future__ import annotations

from collections.abc import Iterator

from evidencebase.database.cells import Row, Selection
from evidencebase.database.columns import NUMBER, Column, Table
from evidencebase.model.kinds import KINDS
from evidencebase.rules.resting import Resting


def resting_rows(selection: Selection) -> Iterator[Row]:
    """A row for every pair of records of which one rests on the other."""
    kinds = {entry.key: KINDS[entry.kind].one for entry in selection.entries}
    for each in Resting(selection.entries).every():
        yield {
            "record_type": kinds[each.record],
            "record_id": each.record,
            "rests_on_type": kinds[each.on],
            "rests_on_id": each.on,
            "how": each.how,
            "through": each.through,
        }


RESTING = Table(
    "resting",
    "What rests on what: where the one turns out wrong, the other is to be looked at again.",
    rows=resting_rows,
    title="What rests on what",
    facets=("record_type", "rests_on_type", "how"),
    indexed=("record_id", "rests_on_id", "record_type", "rests_on_type", "how"),
    columns=(
        NUMBER,
        Column("record_type", "TEXT NOT NULL", "Kind of the record that rests on the other"),
        Column("record_id", "TEXT NOT NULL", "Id of the record that rests on the other"),
        Column("rests_on_type", "TEXT NOT NULL", "Kind of the record it rests on"),
        Column("rests_on_id", "TEXT NOT NULL", "Id of the record it rests on"),
        Column("how", "TEXT NOT NULL", "direct where it names the other itself, else through"),
        Column("through", "TEXT", "The record it names itself that leads to the other; empty where it is direct"),
    ),
)
