"""What the checks warned of."""

from __future__ import annotations

from collections.abc import Iterator

from evidencebase.database.cells import Row, Selection
from evidencebase.database.columns import NUMBER, Column, Table


def problems_rows(selection: Selection) -> Iterator[Row]:
    """A row for every note and warning that depends on nothing but the records."""
    for problem in selection.problems:
        yield {
            "severity": str(problem.severity),
            "code": problem.code,
            "record_id": problem.record,
            "message": problem.message,
            "hint": problem.hint,
            "path": problem.path,
            "line": problem.line,
        }


PROBLEMS = Table(
    "problems",
    "What the checks warned of, and what is odd in what was published.",
    rows=problems_rows,
    facets=("severity", "code"),
    indexed=("severity", "code", "record_id"),
    searched=("code", "message"),
    columns=(
        NUMBER,
        Column(
            "severity", "TEXT NOT NULL", "note for what is odd in the sources, warning for what is odd in the records"
        ),
        Column("code", "TEXT NOT NULL", "Code of the check"),
        Column("record_id", "TEXT", "The record"),
        Column("message", "TEXT NOT NULL", "What is odd"),
        Column("hint", "TEXT NOT NULL", "What to do, or the likely cause"),
        Column("path", "TEXT", "File of the record"),
        Column("line", "INTEGER", "Line in that file"),
    ),
)
