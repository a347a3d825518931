"""Periods as published: a year, a survey year, a month, a day, a mid-year, a span of years."""

from __future__ import annotations

import re

_SPAN = re.compile(r"(?P<first>\d{4})[-/](?P<last>\d{2}|\d{4})")
_MONTHS = 12
YEAR = r"(?:19|20)\d\d"
"""A calendar year in running text, for patterns."""
YEARS = re.compile(rf"\b{YEAR}\b(?:\s?[-/]\s?(?:(?:19|20)?\d\d)\b)?")
"""Years, and spans of years, as running text prints them: 2018, 2017-18, 2017 / 2018."""


def years(period: str) -> tuple[int, int] | None:
    """First and last calendar year of a period ("2017-18" is 2017 to 2018; "2018-12" is December 2018).

    Two digits after a hyphen are the following year where they can be; else a month. None where it is no period.
    """
    ends = period.split("/")
    if len(ends) == 2 and len(ends[1]) > 2:
        first_, last_ = years(ends[0]), years(ends[1])
        return (first_[0], last_[1]) if first_ and last_ and first_[0] <= last_[1] else None
    text = period.removeprefix("mid-")
    span = _SPAN.fullmatch(text)
    if span:
        first = int(span["first"])
        last = int(span["last"]) if len(span["last"]) == 4 else first // 100 * 100 + int(span["last"])
        if len(span["last"]) == 2 and last % 100 != (first + 1) % 100 and 1 <= int(span["last"]) <= _MONTHS:
            return first, first
        if len(span["last"]) == 2 and last < first:
            last += 100
        return (first, last) if first <= last else None
    match = re.fullmatch(r"(\d{4})(-\d{2}-\d{2})?", text)
    return (int(match[1]), int(match[1])) if match else None


def shown(period: str | None) -> str:
    """A period as people read it: pooled years as "2017 to 2019", everything else as it is kept; empty for None."""
    return " to ".join(period.split("/")) if period else ""
