"""Published tables: a CSV with the numbers exactly as printed, and the spec that makes records of it.

A spec can rename, set constants, map values and choose rows. It cannot compute: every number of a
record made from a table is a cell of that table.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from evidencebase.model.content import canonical
from evidencebase.model.tables import Create, TableSpec
from evidencebase.problems import Place, Problem, Severity
from evidencebase.reading.folding import fold
from evidencebase.reading.numerals import Numeral, numerals, parse_number

MAX_CSV_BYTES = 1024 * 1024 * 1024
# What statistical offices print where they withhold a number: GSS marks in brackets, stars, "<5".
_WITHHELD = re.compile(r"\*{1,3}|X|\[[a-z]{1,2}\]|[<≤]\s?\d{1,3}|\.\.|[:#]")
_LIMITS = re.compile(r"[(\[]?\s*(?:to|-|,|;)\s*[)\]]?")
_CELL = re.compile(r'("(?:[^"]|"")*"|[^,]*)(?:,|$)')


@dataclass(frozen=True)
class Row:
    """One row: its key, its cells as printed, and the place of each."""

    key: str
    cells: dict[str, str]
    places: dict[str, Place]


@dataclass(frozen=True)
class Table:
    """A published table with the spec that reads it. `bytes_digest` is what a review sealed in format 1."""

    spec: TableSpec
    place: Place
    rows: dict[str, Row]
    bytes_digest: str = field(repr=False)

    @cached_property
    def said(self) -> str:
        """What the spec says, with the order of its columns, in one canonical text."""
        spec = self.spec.model_dump(by_alias=True, exclude_unset=True)
        return canonical({"spec": spec, "columns": list(self.spec.columns)})

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the content of both: the spec, and every cell by its row and heading."""
        total = sha256(self.said.encode())
        for key in sorted(self.rows):
            total.update(canonical({key: self.rows[key].cells}).encode())
        return total.hexdigest()

    def names(self, row: Row) -> dict[str, str]:
        """What `{name}` may stand for in this row."""
        mapped = {name: mapping[row.key] for name, mapping in self.spec.values.items() if row.key in mapping}
        return row.cells | mapped

    def numbers(self, row: Row) -> list[tuple[str, str]]:
        """The printed numbers of a row in their order, as (column, text)."""
        return [(name, row.cells[name]) for name in self.spec.columns if row.cells[name]]

    def anchor(self, row: Row, column: str, figures: dict[str, int | None] | None) -> dict[str, Any]:
        """The anchor of a cell, with the figures it carries: None for the mark of a number that is withheld."""
        place = {"table": self.spec.table, "row": row.key, "column": column, "figures": figures}
        return {"document": self.spec.document, **place, "locator": self.spec.locator}

    def printed(self, row: Row, column: str) -> list[Numeral]:
        """The numbers of a cell as folded text: two of an interval, none where the number is withheld."""
        cell = fold(row.cells.get(column, "")).text
        return [] if self.mark(row, column) else numerals(cell)

    def mark(self, row: Row, column: str) -> str:
        """What a cell prints in place of a number that is withheld; empty for a number."""
        cell = row.cells.get(column, "")
        return cell if column not in self.spec.reads("p") and withheld(cell) else ""

    def created(self) -> Iterator[tuple[str, dict[str, Any], Row, str]]:
        """Every record the spec makes: kind, mapping, row and column. Only a finding can be of a withheld number."""
        for rule in self.spec.create:
            for row in self.rows.values():
                withheld_count = rule.kind != "finding" and self.mark(row, rule.column)
                if rule.takes(row.key) and row.cells.get(rule.column) and not withheld_count:
                    yield rule.kind, self._record(rule, row), row, rule.column

    def attached(self) -> Iterator[tuple[str, Row, str]]:
        """Every cell that belongs to a record made elsewhere: that record's id, row and column."""
        for rule in self.spec.attach:
            for row in self.rows.values():
                if rule.takes(row.key) and row.cells.get(rule.column) and not self.mark(row, rule.column):
                    yield fill(rule.to, self.names(row)), row, rule.column

    def _record(self, rule: Create, row: Row) -> dict[str, Any]:
        names = self.names(row)
        record: dict[str, Any] = fill(rule.record, names)
        mark = self.mark(row, rule.column)
        numeral = parse_number(row.cells[rule.column])
        value = numeral.value if numeral else None
        field_name = "published" if rule.kind == "estimate" else "value"
        if isinstance(record.get("total"), dict):
            record["total"] = self._parts(rule, record["total"])
        if rule.kind == "estimate" and isinstance(record.get("total"), dict):
            record["total"]["published"] = value
        elif mark:
            record["suppressed"] = mark
        else:
            record[field_name] = value
        beside = self._beside(rule, row, record)
        record.setdefault("extracted_by", self.spec.extracted_by)
        also = [
            other.anchor.model_dump(exclude_none=True, by_alias=True)
            for other in self.spec.also
            if other.to == record.get("id")
        ]
        own = self.anchor(row, rule.column, None if mark else {field_name: None})
        given = record.get("anchors") or []
        record["anchors"] = [own, *beside, *(given if isinstance(given, list) else [given]), *also]
        return record

    def _beside(self, rule: Create, row: Row, record: dict[str, Any]) -> list[dict[str, Any]]:
        """Put the further figures of a row into its record: the anchor of each cell that prints one."""
        limits: dict[str, Any] = {}
        anchors = []
        for name, column in rule.beside().items():
            found = self.printed(row, column)
            if not found:
                continue
            values = [numeral.value for numeral in found]
            if name == "interval":
                limits |= dict(zip(("lower", "upper"), values, strict=False))
                anchors.append(self.anchor(row, column, {"lower": 1, "upper": 2}))
                continue
            if name in ("lower", "upper"):
                limits[name] = values[0]
            elif name == "p":
                record[name] = {"value": values[0], "relation": found[0].relation or "="}
            else:
                record[name] = values[0]
            anchors.append(self.anchor(row, column, {name: None}))
        if rule.interval or rule.lower:
            # Confidence and method stand in the template; a row that prints no limits has no interval.
            template = record.pop("interval", None)
            if limits:
                record["interval"] = {**(template if isinstance(template, dict) else {}), **limits}
        return anchors

    def _parts(self, rule: Create, total: dict[str, Any]) -> dict[str, Any]:
        """A template in `parts` is filled for every row that this rule does not make a record of."""
        template = rule.record["total"].get("parts")
        if not isinstance(template, str):
            return dict(total)
        others = [row for row in self.rows.values() if not rule.takes(row.key)]
        return {**total, "parts": [fill(template, self.names(row)) for row in others]}


def withheld(cell: str) -> bool:
    """Whether a cell prints a mark in place of a number: `*`, `X`, `[c]`, `..`, `<5`."""
    return bool(_WITHHELD.fullmatch(cell))


def limits(cell: str) -> tuple[Numeral, Numeral] | None:
    """The two limits of an interval in one cell: "236.6 to 258.9", "(236.6-258.9)"; None for anything else."""
    text = fold(cell).text
    found = numerals(text)
    if len(found) != 2:
        return None
    lower, upper = found
    between = text[: lower.start] + text[lower.end : upper.start] + text[upper.end :]
    if lower.value is None or upper.value is None or lower.value > upper.value or not _LIMITS.fullmatch(between):
        return None
    return lower, upper


def fill(template: Any, names: dict[str, str]) -> Any:
    """Put the row's words into a template; a name that is not known stays as it is and fails as an unknown id."""
    if isinstance(template, str):
        return re.sub(r"\{([\w-]+)\}", lambda match: names.get(match[1], match[0]), template)
    if isinstance(template, dict):
        return {key: fill(value, names) for key, value in template.items()}
    if isinstance(template, list):
        return [fill(value, names) for value in template]
    return template


def read_table(spec: TableSpec, spec_bytes: bytes, file: Path, shown: str) -> tuple[Table | None, list[Problem]]:
    """Read the CSV of a spec. Every row keeps the place of each cell; nothing is guessed or skipped."""

    def fault(code: str, message: str, hint: str, line: int = 1, column: int = 1) -> Problem:
        return Problem(Severity.ERROR, code, Place(shown, line, column), message, hint, spec.id)

    try:
        if file.stat().st_size > MAX_CSV_BYTES:
            return None, [fault("shape-too-large", "the table is over 1 GB", "split it")]
        raw = file.read_bytes()
        text = raw.decode("utf-8-sig")
    except OSError as error:
        return None, [fault("shape-unreadable", f"cannot be read: {error.strerror}", "see `file:` in the loader spec")]
    except UnicodeDecodeError as error:
        return None, [fault("shape-encoding", f"byte {error.start} is not UTF-8", "save the table as UTF-8")]
    try:
        lines = list(_records(text))
    except csv.Error as error:
        return None, [fault("shape-csv", str(error), "check the quotes and commas of this file")]
    wanted = [spec.key, *([spec.label] if spec.label else []), *spec.columns]
    header = lines[0][1] if lines else []
    if [name for name in header if name in wanted] != wanted or len(set(header)) != len(header):
        message = f"the header is {', '.join(header) or 'empty'}; the spec reads {', '.join(wanted)}, in that order"
        return None, [fault("shape-csv-header", message, "name and order the columns as they are printed")]
    rows: dict[str, Row] = {}
    problems = []
    for line, cells, columns in lines[1:]:
        if len(cells) != len(header):
            message = f"{len(cells)} cells under {len(header)} headings"
            problems.append(fault("shape-csv-row", message, 'quote a number with a comma: "76,944"', line))
            continue
        row = Row(
            cells[header.index(spec.key)],
            dict(zip(header, cells, strict=True)),
            {name: Place(shown, line, column) for name, column in zip(header, columns, strict=True)},
        )
        problems += _row_faults(spec, row, rows, fault)
        rows.setdefault(row.key, row)
    digest = sha256(spec_bytes + b"\0" + raw).hexdigest()
    return Table(spec, Place(shown, 1, 1), rows, digest), problems


def _row_faults(spec: TableSpec, row: Row, rows: dict[str, Row], fault: Any) -> list[Problem]:
    problems = []
    at = row.places[spec.key]
    if not row.key or row.key in rows:
        message = f"the row key {row.key!r} stands twice or is empty"
        problems.append(fault("shape-duplicate-row", message, "give each row a key of its own", at.line, at.column))
    for name in spec.columns:
        cell, place = row.cells[name], row.places[name]
        if not cell or (withheld(cell) and name not in spec.reads("p")):
            continue
        if name in spec.reads("interval"):
            wrong, what = limits(cell) is None, "not the two limits of an interval, the lower one first"
            hint = 'write it exactly as printed, such as "236.6 to 258.9", or name two columns as lower and upper'
        else:
            # A column that no record is made of may print intervals too.
            free = name not in spec.single and limits(cell) is not None
            wrong, what = parse_number(cell) is None and not free, "not one number"
            hint = (
                "write the number exactly as printed, or the mark printed in its place (*, [c], <5); leave the cell"
                " empty where nothing is printed"
            )
        if wrong:
            message = f"{cell!r} in column {name} is {what}"
            problems.append(fault("shape-csv-number", message, hint, place.line, place.column))
    return problems


def _records(text: str) -> Iterator[tuple[int, list[str], list[int]]]:
    """Each CSV record with its first line and the column at which each cell starts."""
    source = text.split("\n")
    reader = csv.reader(io.StringIO(text), strict=True)
    line = 1
    for cells in reader:
        if cells:
            starts = [match.start() + 1 for match in _CELL.finditer(source[line - 1])][: len(cells)]
            yield line, [cell.strip() for cell in cells], starts + [1] * (len(cells) - len(starts))
        line = reader.line_num + 1
