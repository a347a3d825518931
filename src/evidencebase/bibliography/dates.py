"""The date of publication, from `year` and `month` (BibTeX) or `date` (biblatex, EDTF)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from evidencebase.bibliography.latex import latex_to_text

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
MONTH_MACROS = {name[:3].lower(): name for name in MONTHS}

_YEAR = re.compile(
    r"^[\[(]?(?:c\.|ca\.?|circa)?\s*(-?(?:\d{4}(?=[a-z?~]?[\])]?\.?$)|\d{3}(?=[\])]?\.?$)))(?:[a-z]|\?|~)?[\])]?\.?$",
    re.IGNORECASE,
)
_ISO = re.compile(r"^([+-]?\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:T[\d:.+Z-]*)?[?~%]?$")
_DAY = re.compile(r"\b(\d{1,2})\b")
_MONTHS_IN_YEAR = 12
_DAYS_IN_MONTH = 31

DateParts = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Date:
    """A date of publication: `start` and perhaps `end` as (year, month, day), each as far as known.

    `literal` holds what could not be read as a date (“in press”), and is empty otherwise.
    """

    start: DateParts = ()
    end: DateParts = ()
    literal: str = ""


def parse_iso(text: str) -> DateParts:
    """`2019-05-04` → (2019, 5, 4); what is no ISO 8601 date gives ()."""
    match = _ISO.match(text.strip())
    if not match:
        return ()
    parts = [int(part) for part in match.groups() if part]
    if len(parts) > 1 and not 1 <= parts[1] <= _MONTHS_IN_YEAR:
        parts = parts[:1]
    if len(parts) > 2 and not 1 <= parts[2] <= _DAYS_IN_MONTH:
        parts = parts[:2]
    return tuple(parts)


def parse_biblatex_date(text: str) -> Date:
    """A biblatex `date`: a day, month or year, or a range with `/`, open at either end."""
    plain = latex_to_text(text)
    first, slash, last = plain.partition("/")
    start = parse_iso(first)
    end = parse_iso(last) if slash else ()
    if not start and not end:
        return Date(literal=plain)
    return Date(start or end, end if start else ())


def month_and_day(text: str) -> tuple[int, ...]:
    """`January~5`, `jan`, `5 March`, `03` → (month,) or (month, day); () if no month is named."""
    plain = latex_to_text(text).replace("\u00a0", " ").lower()
    if plain.isascii() and plain.isdigit():
        return (int(plain),) if 1 <= int(plain) <= _MONTHS_IN_YEAR else ()
    for number, name in enumerate(MONTHS, start=1):
        if re.search(rf"\b{name[:3].lower()}", plain):
            day = _DAY.search(plain)
            return (number, int(day.group(1))) if day and 1 <= int(day.group(1)) <= _DAYS_IN_MONTH else (number,)
    return ()


def parse_year(text: str) -> int | None:
    """The year of `2019`, `[2019]`, `2019a`, `c. 1900`; None for anything else."""
    match = _YEAR.match(latex_to_text(text).strip())
    return int(match.group(1)) if match else None


def parse_date(year: str, month: str, date: str, day: str = "") -> Date | None:
    """The date of an entry from its fields, each empty if absent; None if it has none."""
    if date.strip():
        return parse_biblatex_date(date)
    if not year.strip():
        return None
    number = parse_year(year)
    if number is None:
        return parse_biblatex_date(year)
    rest = month_and_day(month) if month else ()
    if len(rest) == 1 and day.strip().isdigit() and 1 <= int(day) <= _DAYS_IN_MONTH:
        rest = (*rest, int(day))
    return Date((number, *rest))
