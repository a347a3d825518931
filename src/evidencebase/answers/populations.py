"""The local population an analyst brings: a CSV of groups and counts, every line checked before any is used."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidencebase.answers.csvfile import CsvFile, CsvRow, Faults, number, read_csv
from evidencebase.answers.names import GroupNames
from evidencebase.model.periods import years
from evidencebase.model.plain import shown
from evidencebase.problems import EvidenceError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal
    from pathlib import Path

    from evidencebase.base import Base
    from evidencebase.model.vocabulary import Group

REQUIRED = ("group", "count")
OPTIONAL = ("unit", "definition", "period")
UNITS = {
    "persons": ("persons", "person", "people", "residents", "individuals"),
    "households": ("households", "household", "dwellings", "homes"),
}


@dataclass(frozen=True, slots=True)
class LocalGroup:
    """One line: a group of the base with its local count, in `unit`; `unit_stated` as the file has it."""

    line: int
    group: Group
    count: Decimal
    unit: str
    definition: str | None
    period: str | None


@dataclass(frozen=True, slots=True)
class LocalPopulation:
    """The whole file. `blank` are groups whose count was left empty, as in a template partly filled."""

    path: str
    groups: tuple[LocalGroup, ...]
    blank: tuple[str, ...]
    ignored: tuple[str, ...]


def read_population(base: Base, file: Path, *, any_unit: bool = False) -> LocalPopulation:
    """Read a population file: group and count, and where given unit, definition and period.

    Groups are found by id, label, published label or plain age band. `any_unit` lets households stand where persons are
    needed, for estimates that override it. Raises EvidenceError naming every fault with its line.
    """
    table = read_csv(file, REQUIRED, OPTIONAL)
    names = GroupNames(base.vocabulary)
    faults = Faults(table.path)
    seen: dict[str, int] = {}
    found: list[LocalGroup] = []
    blank: list[str] = []
    for row in table.rows:
        group = _group(names, row, faults)
        if group is None:
            continue
        if group.id in seen:
            message = f"the group {shown(row.cells['group'])} stands in line {seen[group.id]} too"
            faults.add(row.line, message, "give each group one line")
            continue
        seen[group.id] = row.line
        if not row.cells["count"]:
            blank.append(group.id)
            continue
        local = _local(row, group, faults, any_unit=any_unit)
        if local is not None:
            found.append(local)
    faults.raise_if_any()
    if not found:
        raise EvidenceError(f"{file}: no group has a count", "fill in the column count; groups left empty are left out")
    return LocalPopulation(table.path, tuple(found), tuple(blank), _ignored(table))


def _ignored(table: CsvFile) -> tuple[str, ...]:
    return table.ignored


def _group(names: GroupNames, row: CsvRow, faults: Faults) -> Group | None:
    name = row.cells["group"]
    if not name:
        faults.add(row.line, "the group is missing", "see `evidence estimate --template`")
        return None
    try:
        return names.find(name)
    except UsageError as error:
        message = f"{error.message}; {error.hint}"
        faults.add(row.line, message, "write a group as `evidence estimate --template` lists it")
        return None


def _local(row: CsvRow, group: Group, faults: Faults, *, any_unit: bool) -> LocalGroup | None:
    cells = row.cells
    try:
        count = number(cells["count"], "count", whole=True)
    except ValueError as error:
        faults.add(row.line, str(error), "write the number of people in digits")
        return None
    unit = _unit(row, group, faults, any_unit=any_unit)
    period = cells.get("period") or None
    if period is not None and years(period) is None:
        hint = "write a year (2024), mid-2024, 2024-25 or 2024-06"
        faults.add(row.line, f"period is {shown(period)}, which is no period", hint)
        return None
    if unit is None:
        return None
    return LocalGroup(row.line, group, count, unit, cells.get("definition") or None, period)


def _unit(row: CsvRow, group: Group, faults: Faults, *, any_unit: bool) -> str | None:
    """Read the counting unit; without one the group's own is taken."""
    text = (row.cells.get("unit") or "").casefold()
    unit = next((name for name, words in UNITS.items() if text in words), None) if text else group.universe
    if unit is None and text == group.universe.casefold():
        unit = group.universe
    if unit is None:
        faults.add(row.line, f"unit is {shown(row.cells['unit'])}", f"write {' or '.join(UNITS)}")
        return None
    definition = (row.cells.get("definition") or "").casefold()
    counts_households = definition.startswith("household") and unit == "persons"
    if (unit != group.universe or counts_households) and not any_unit:
        counted = "households" if counts_households else unit
        message = f"{shown(row.cells['group'])} counts {counted}, and the rates of this group are of {group.universe}"
        hint = f"give the number of {group.universe}, or say why it may stand with --override REASON"
        faults.add(row.line, message, hint)
        return None
    return "households" if counts_households else unit


def template(groups: Iterable[Group]) -> str:
    """Write a population file to fill in: the groups with their counting unit, and empty counts."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*REQUIRED, *OPTIONAL])
    for group in groups:
        writer.writerow([group.id, "", group.universe, "", ""])
    return out.getvalue()
