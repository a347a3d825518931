"""Words and figures for pages: everything that comes from a record is escaped here or by the template."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from evidencebase.model.appraisals import GRADES, strength_rank
from evidencebase.reading.numerals import numerals

if TYPE_CHECKING:
    from collections.abc import Iterable

START, END = "\ue000", "\ue001"
_WORD = re.compile(r"\w+(?:[.,]\d+)*")
_NOTHING = Markup(
    '<span class="soft" aria-hidden="true">\u00b7</span><span class="hidden">nothing in this edition</span>'
)
_CELL = Markup(
    '<a href="{}" class="cell {}"><span aria-hidden="true">{} {} + {}</span> <span class="hidden">{}</span></a>'
)
_STATES = {"exact": "matched exactly", "folded": "matched with spacing or characters folded"}
_PLAIN_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


def marked(fragment: str | None, values: Iterable[str | None]) -> Markup:
    """A fragment with each of its published figures in <mark>; a figure in words is marked as words."""
    text = fragment or ""
    spans = sorted({span for value in values if value for span in _spans(text, value)})
    parts: list[Markup] = []
    at = 0
    for first, last in spans:
        if first < at:
            continue
        parts += [escape(text[at:first]), Markup("<mark>"), escape(text[first:last]), Markup("</mark>")]
        at = last
    parts.append(escape(text[at:]))
    return Markup("").join(parts)


def _spans(text: str, value: str) -> list[tuple[int, int]]:
    """Where a figure stands; the ends of a range ("61 to 65") are two figures."""
    wanted = [number for part in value.split(" to ") if (number := _decimal(part)) is not None]
    found: list[tuple[int, int]] = []
    for numeral in numerals(text):
        if numeral.value in wanted:
            at = text.find(numeral.printed)
            while at >= 0:
                found.append((at, at + len(numeral.printed)))
                at = text.find(numeral.printed, at + 1)
    exact = [span for span in found if _bounded(text, *span)]
    if exact:
        return exact
    return [match.span() for match in _PLAIN_NUMBER.finditer(text) if _decimal(match.group()) in wanted]


def _bounded(text: str, first: int, last: int) -> bool:
    before, after = text[first - 1 : first], text[last : last + 1]
    return not ((before.isalnum() or before == ".") and text[first].isalnum()) and not (
        after.isdigit() and text[last - 1].isdigit()
    )


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", "").strip())
    except InvalidOperation:
        return None


def highlighted(text: str | None) -> Markup:
    """The text of a search hit, its private-use marks turned into <mark>."""
    safe = str(escape(text or ""))
    return Markup(safe.replace(START, "<mark>").replace(END, "</mark>"))  # noqa: S704 - escaped above


def fts_query(words: str) -> str:
    """Words as people type them, as a query of full-text search: all of them, no operators."""
    return " ".join(f'"{word}"' for word in _WORD.findall(words))


def state_of(state: str | None) -> str:
    """What the lock says of passages in a state."""
    return _STATES.get(state or "", "not matched, as far as the lock says")


def badge(strength: str | None) -> Markup:
    """The source strength as a word with dots, so that it does not rest on colour."""
    if not strength_rank(strength):
        return Markup('<span class="badge none">not graded</span>')
    return Markup('<span class="badge {0}"><span aria-hidden="true">{1}</span> {0}</span>').format(
        strength, _dots(strength)
    )


def _dots(strength: str | None) -> str:
    full = strength_rank(strength)
    return "\u25cf" * full + "\u25cb" * (len(GRADES) - full)


def map_cell(cell: dict[str, Any] | None, address: str) -> Markup:
    """A cell of the map: its strongest source as dots, findings + claims; a dot where this edition holds nothing."""
    if not cell:
        return _NOTHING
    best = cell["strongest"]
    return _CELL.format(address, best or "none", _dots(best), cell["findings"], cell["claims"], cell["says"])


def count(number: int | None, noun: str, plural: str | None = None) -> str:
    """A count with its noun: "1 finding", "1,204 findings"."""
    number = number or 0
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def shown(value: float | None, unit: str | None) -> str:
    """A number of a chart's axis or table in its unit: 7.5%, £1,200, 40."""
    if value is None:
        return ""
    text = f"{value:,.6g}" if abs(value) < 1_000_000 else f"{value:,.0f}"
    sign = {"gbp": "\u00a3", "eur": "\u20ac", "usd": "$"}.get((unit or "").split("-")[0], "")
    return f"{sign}{text}%" if unit == "percent" else f"{sign}{text}"


def listed(text: str | None) -> list[str]:
    """The items of a column that holds several, parted by semicolons."""
    return [item for part in (text or "").split(";") if (item := part.strip())]


def first_upper(text: str | None) -> str:
    """A label at the start of a line."""
    return (text or "")[:1].upper() + (text or "")[1:]
