"""Figures as printed: numbers with their digits, amounts in their unit, intervals as published."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from evidencebase.model.records import Estimate, Finding, Population, Record
from evidencebase.model.vocabulary import Unit

CURRENCY_SIGNS = {"gbp": "£", "eur": "€", "usd": "$"}
_BARE: Mapping[str, Unit] = {}


def number(value: Decimal) -> str:
    """A number with its digits and thousands commas: 30,975 or 14.0."""
    return f"{value:,}"


def amount(value: Decimal, unit: str | None, units: Mapping[str, Unit] = _BARE) -> str:
    """A number in its unit: 7.7%, £12,000, 30,975; 247.6 per 100,000 where `units` has the printed form of a rate."""
    if unit == "percent":
        return f"{number(value)}%"
    sign = next((sign for name, sign in CURRENCY_SIGNS.items() if unit and unit.split("-")[0] == name), "")
    return f"{sign}{number(value)}{rate_form(unit, units)}"


def rate_form(unit: str | None, units: Mapping[str, Unit]) -> str:
    """How the unit of a rate is printed behind its number (" per 100,000"); empty for every other unit."""
    known = units.get(unit or "")
    return f" {known.words[0]}" if known and known.dimension == "rate" and known.words else ""


def figure(record: Record, unit: str | None, units: Mapping[str, Unit] = _BARE) -> str:
    """The figure of a record, in its unit, as it is published, with its qualifiers: "about 27%", "£250 to £2500".

    Of a withheld number it says what is printed in its place: "suppressed, printed as <5".
    """
    lead = qualified(record)
    if isinstance(record, Finding):
        if record.suppressed is not None:
            return f"suppressed, printed as {record.suppressed}"
        if record.range:
            return f"{lead}{amount(record.range.low, unit)} to {amount(record.range.high, unit, units)}"
        if record.value is not None:
            return lead + amount(record.value, unit, units)
    if isinstance(record, Population):
        return lead + amount(record.value, unit, units)
    if isinstance(record, Estimate) and record.value is not None:
        return amount(record.value, unit, units)
    return ""


def qualified(record: Record) -> str:
    """The words of degree before a figure, in the order recorded ("estimated about "); empty where there are none."""
    names = record.qualifiers if isinstance(record, Finding | Population) else []
    return "".join(f"{name.replace('-', ' ')} " for name in names)


def interval(record: Finding, unit: str | None, units: Mapping[str, Unit] = _BARE) -> str:
    """The published interval with its confidence and method, or "precision unknown"."""
    published = record.interval
    if published is None:
        return "precision unknown"
    limits = f"{amount(published.lower, unit)} to {amount(published.upper, unit, units)}"
    confidence = f"{published.confidence}% " if published.confidence is not None else ""
    method = f" ({published.method})" if published.method else ""
    return f"{confidence}interval {limits}, as published{method}"
