"""The map of the evidence, as `evidence map` gives it: a row a group, a column a measure, and the cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from evidencebase.database.cells import Row, Selection, listed
from evidencebase.database.columns import Column, Table


def groups_rows(selection: Selection) -> Iterator[Row]:
    """A row for every group with evidence or an offer, in the order of the vocabulary."""
    made = selection.map
    held = Counter[str]()
    for cell in made.cells.values():
        held[cell.group] += 3 * len(cell.findings) + len(cell.claims)
    for position, group in enumerate(made.groups, 1):
        yield {
            "group": group.id,
            "position": position,
            "weight": held[group.id],
            "evidence": group.evidence,
            "narrower_evidence": group.narrower_evidence,
            "offers": len(group.direct),
            "broader_offers": len(group.broader),
            "responses": listed(list(group.direct)),
            "gap": group.gap,
        }


def cells_rows(selection: Selection) -> Iterator[Row]:
    """A row for every cell that holds something."""
    for cell in selection.map.cells.values():
        yield {
            "group": cell.group,
            "measure": cell.column,
            "findings": len(cell.findings),
            "claims": len(cell.claims),
            "conclusions": len(cell.conclusions),
            "strongest": cell.strongest,
            "direction": cell.direction,
            "conflicts": len(cell.conflicts),
            "shows_need": int(cell.shows_need),
            "says": cell.text,
        }


_GROUP = Column("group", "TEXT NOT NULL REFERENCES groups(id)", "Whom it is about")

MAP_GROUPS = Table(
    "map_groups",
    "The rows of the map: groups with evidence or an offer, and the gap between the two.",
    rows=groups_rows,
    facets=("gap",),
    indexed=("group", "gap"),
    columns=(
        _GROUP,
        Column("position", "INTEGER NOT NULL", "Place in the order of the vocabulary"),
        Column("weight", "INTEGER NOT NULL", "How much is held on it: three for a finding, one for a claim"),
        Column("evidence", "INTEGER NOT NULL", "Cells that are evidence of need"),
        Column("narrower_evidence", "INTEGER NOT NULL", "Cells of narrower groups that are evidence of need"),
        Column("offers", "INTEGER NOT NULL", "Responses that name the group"),
        Column("broader_offers", "INTEGER NOT NULL", "Responses that name a broader group"),
        Column("responses", "TEXT", "Ids of the responses that name the group"),
        Column("gap", "TEXT", "Need without offer, offer only through a broader group, or offer without evidence"),
    ),
)
MAP_CELLS = Table(
    "map_cells",
    "The cells of the map that hold something: a group and a measure of need.",
    rows=cells_rows,
    facets=("measure", "strongest", "direction"),
    indexed=("group", "measure", "strongest", "direction"),
    columns=(
        _GROUP,
        Column("measure", "TEXT NOT NULL REFERENCES measures(id)", "What was measured"),
        Column("findings", "INTEGER NOT NULL", "Findings: figures"),
        Column("claims", "INTEGER NOT NULL", "Claims: said without a figure"),
        Column("conclusions", "INTEGER NOT NULL", "Conclusions that documents state"),
        Column("strongest", "TEXT", "Strength of the strongest source credited; empty where none is"),
        Column("direction", "TEXT", "What the claims say, mixed where they differ"),
        Column(
            "conflicts", "INTEGER NOT NULL", "Conflicts of its records with each other or with those of another cell"
        ),
        Column("shows_need", "INTEGER NOT NULL", "0 where every claim points to less need than others have"),
        Column("says", "TEXT NOT NULL", "The cell in words"),
    ),
)
