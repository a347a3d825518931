"""A CSV that somebody hands to a command: every fault is named with its line, and nothing is guessed."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from evidencebase.model.plain import shown
from evidencebase.problems import EvidenceError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 100_000
_MAX_FAULTS = 20
_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?", re.ASCII)
_LARGEST = Decimal(10) ** 15


@dataclass
class Faults:
    """What is wrong with a file, line by line; raised together, so that one run names every fault."""

    path: str
    found: list[str] = field(default_factory=list)
    hint: str = ""

    def add(self, line: int, message: str, hint: str = "") -> None:
        """Note one fault; the first hint stands for all."""
        self.found.append(f"{self.path}:{line}: {message}")
        self.hint = self.hint or hint

    def raise_if_any(self) -> None:
        """Raise EvidenceError with every fault, the first twenty in words."""
        if not self.found:
            return
        more = len(self.found) - _MAX_FAULTS
        lines = self.found[:_MAX_FAULTS] + ([f"and {more} more"] if more > 0 else [])
        raise EvidenceError("\n  ".join(lines), self.hint)


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One row: its line in the file, counted from 1, and its cells by column."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A file that was read whole. `ignored` names the columns that nobody asked for."""

    path: str
    rows: tuple[CsvRow, ...]
    ignored: tuple[str, ...]


def read_csv(file: Path, required: Sequence[str], optional: Sequence[str] = ()) -> CsvFile:
    """Read a comma-separated file with a heading line; names of columns in any case, a byte order mark or not.

    Raises EvidenceError, with file and line, for a file that cannot be read, is over 20 MB or 100,000 rows, is
    not UTF-8, separates columns by something else, lacks a required column, has none or uneven rows, or
    holds a formula in a column that is read.
    """
    records = _records(str(file), _text(file))
    if not records:
        raise EvidenceError(f"{file}:1: the file is empty", f"its first line is {','.join(required)}")
    line, heading = records[0]
    names = [name.strip().casefold() for name in heading]
    _check_heading(str(file), line, names, required)
    faults = Faults(str(file))
    rows = []
    for at, cells in records[1:]:
        if len(cells) != len(names):
            message = f"{len(cells)} cells under {len(names)} headings"
            faults.add(at, message, "give every row as many cells as there are headings; quote a cell with a comma")
            continue
        row = {name: cell.strip() for name, cell in zip(names, cells, strict=True) if name in {*required, *optional}}
        for name, cell in row.items():
            if is_formula(cell):
                hint = "save the values, not the formulas (in a spreadsheet: paste special, values)"
                faults.add(at, f"{name} is a formula, {shown(cell)}, not a value", hint)
        rows.append(CsvRow(at, row))
    if not rows and not faults.found:
        faults.add(line, "there is a heading but no row", "add one row for each entry")
    faults.raise_if_any()
    return CsvFile(str(file), tuple(rows), tuple(n for n in names if n and n not in {*required, *optional}))


def is_formula(cell: str) -> bool:
    """Tell whether a spreadsheet would compute this cell rather than show it."""
    return cell[:1] in ("=", "@", "\t", "\r") or (cell[:1] in ("+", "-") and not _NUMBER.fullmatch(cell))


def number(text: str, name: str, *, whole: bool) -> Decimal:
    """Read a count of 0 or more: 76944, "76,944" or 76944.0. Raises ValueError with the reason otherwise."""
    if not text:
        raise ValueError(f"{name} is missing")
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{name} is {shown(text)}, which is not a number: write it as 76944")
    value = Decimal(text.replace(",", ""))
    if value < 0:
        raise ValueError(f"{name} is {text}: a count cannot be negative")
    if value > _LARGEST:
        raise ValueError(f"{name} is {shown(text)}: nobody has counted that many")
    if whole and value != value.to_integral_value():
        raise ValueError(f"{name} is {text}: write whole ones, not thousands or averages")
    return value.to_integral_value() if whole else value


def _text(file: Path) -> str:
    try:
        if not file.is_file():
            what = "is a folder" if file.is_dir() else "is not there" if not file.exists() else "is not a plain file"
            raise EvidenceError(f"{file} {what}", "name a CSV file")
        if file.stat().st_size > MAX_BYTES:
            raise EvidenceError(
                f"{file}:1: the file is over {MAX_BYTES // 1024 // 1024} MB", "cut it to what is needed"
            )
        raw = file.read_bytes()
    except OSError as error:
        raise EvidenceError(f"{file} cannot be read: {error.strerror}", "check its name and permissions") from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = f"{file}:{line}: not UTF-8 (byte {error.start})"
        raise EvidenceError(message, "save it as CSV UTF-8") from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise EvidenceError(f"{file}:{line}: this is not text: it holds a zero byte", "save it as CSV UTF-8")
    return text


def _records(path: str, text: str) -> list[tuple[int, list[str]]]:
    """Give every record that is not blank, with the line it starts on."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    found: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found.append((line, cells))
            line = reader.line_num + 1
            if len(found) > MAX_ROWS + 1:
                raise EvidenceError(f"{path}:{line}: over {MAX_ROWS:,} rows", "cut the file to what is needed")
    except csv.Error as error:
        raise EvidenceError(f"{path}:{line}: {error}", "check the quotes and commas of this line") from error
    return found


def _check_heading(path: str, line: int, names: list[str], required: Sequence[str]) -> None:
    at = f"{path}:{line}"
    wanted = ",".join(required)
    if len(names) == 1:
        for mark, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
            if mark in names[0]:
                message = f"{at}: columns are separated by {word}, not commas"
                raise EvidenceError(message, "save it as comma-separated CSV, and write numbers without decimal commas")
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        message = f"{at}: the column {', '.join(map(shown, twice))} stands twice"
        raise EvidenceError(message, "keep one of them")
    missing = [name for name in required if name not in names]
    if missing:
        listed = " and ".join(shown(name) for name in missing)
        head = ", ".join(shown(name) for name in names[:12])
        message = f"{at}: no column {listed}; the heading is {head}"
        raise EvidenceError(message, f"the first line names the columns: {wanted}")
