"""A table ready to hand on: written as CSV, XLSX, Markdown, HTML or text, with its footnotes.

Text of others never becomes a formula, markup or a control sequence in what is written.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from evidencebase.citing import escaping
from evidencebase.citing.escaping import markup
from evidencebase.model.plain import plain, printable
from evidencebase.rendering.html import TABLES, page

Cell = str | int | float | Decimal | None
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A titled table. The first column names its rows; `notes` are the footnotes."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()


def to_csv(sheet: Sheet) -> str:
    """Write the rows as CSV; text that a spreadsheet would compute gets an apostrophe before it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(sheet.columns)
    for row in sheet.rows:
        writer.writerow([_inert(cell) for cell in row])
    return out.getvalue()


def _inert(cell: Cell) -> Cell:
    if isinstance(cell, str):
        text = printable(cell)
        return f"'{text}" if cell.startswith(_STARTS_FORMULA) else text
    return cell


def to_markdown(sheet: Sheet) -> str:
    """Write the table and its notes as Markdown (GitHub's tables)."""
    numeric = _numeric(sheet)
    rule = ["---:" if each else "---" for each in numeric]
    lines = [f"## {_marked(sheet.title)}", "", _bars([_marked(name) for name in sheet.columns]), _bars(rule)]
    lines += [_bars([_marked(_words(cell)) for cell in row]) for row in sheet.rows]
    notes = [f"{number}. {_marked(note)}" for number, note in enumerate(sheet.notes, start=1)]
    return "\n".join([*lines, "", *notes]).rstrip() + "\n"


def _bars(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _marked(text: str) -> str:
    """Escaped, on one line."""
    return escaping.markdown(printable(text))


def to_html(sheet: Sheet) -> str:
    """Write a page of its own: a captioned table, row and column headings, notes; nothing from outside."""
    numeric = _numeric(sheet)
    head = "".join(f'<th scope="col">{markup(name)}</th>' for name in sheet.columns)
    body = "\n".join(f"<tr>{_html_row(row, numeric)}</tr>" for row in sheet.rows)
    notes = "".join(f"<li>{markup(printable(note))}</li>" for note in sheet.notes)
    caption = f"<caption>{markup(printable(sheet.title))}</caption>"
    table = f"{caption}\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>"
    return page(sheet.title, f"<table>{table}</table>\n<h2>Notes</h2>\n<ol>{notes}</ol>", TABLES)


def _html_row(row: tuple[Cell, ...], numeric: list[bool]) -> str:
    cells = [f'<th scope="row">{markup(printable(_words(row[0])))}</th>'] if row else []
    for cell, is_number in zip(row[1:], numeric[1:], strict=True):
        kind = ' class="number"' if is_number else ""
        cells.append(f"<td{kind}>{markup(printable(_words(cell)))}</td>")
    return "".join(cells)


def _numeric(sheet: Sheet) -> list[bool]:
    columns = zip(*sheet.rows, strict=True) if sheet.rows else [()] * len(sheet.columns)
    return [any(isinstance(c, int | float | Decimal) for c in column) for column in columns]


def _words(cell: Cell) -> str:
    if cell is None:
        return ""
    return f"{cell:,}" if isinstance(cell, int | Decimal) else str(cell)


def to_xlsx(sheet: Sheet) -> bytes:
    """Write a workbook: the table on one sheet, its footnotes on another; no cell is ever a formula."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    table, notes = book.active, book.create_sheet("footnotes")
    table.title = "table"
    _put(table, [(sheet.title,), (), sheet.columns, *sheet.rows])
    _put(notes, [("note", "text"), *enumerate(sheet.notes, start=1)])
    bold = Font(bold=True)
    for cell in (*table[1], *table[3], *notes[1]):
        cell.font = bold
    table.freeze_panes = "B4"
    for index, name in enumerate(sheet.columns, start=1):
        longest = max([len(name), *(len(_words(row[index - 1])) for row in sheet.rows)])
        table.column_dimensions[table.cell(3, index).column_letter].width = min(60, max(10, longest + 2))
    notes.column_dimensions["B"].width = 120
    for row in (*table.iter_rows(min_row=3), *notes.iter_rows(min_row=2)):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _put(target: object, rows: Sequence[tuple[Cell, ...]]) -> None:
    """Write cells; text goes in as text whatever it starts with, and is quoted so that editing keeps it text."""
    longest = 32_767
    for at, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            if value is None:
                continue
            cell = target.cell(at, column)  # type: ignore[attr-defined]
            if isinstance(value, str):
                text = printable(value)[:longest]
                cell.value = text
                cell.data_type = "s"
                cell.quotePrefix = text.startswith(_STARTS_FORMULA)
            else:
                cell.value = plain(value)
                cell.number_format = "#,##0" if isinstance(cell.value, int) else "General"


WRITERS: dict[str, Callable[[Sheet], str | bytes]] = {
    "csv": to_csv,
    "html": to_html,
    "markdown": to_markdown,
    "xlsx": to_xlsx,
}
