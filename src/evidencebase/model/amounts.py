"""Figures as printed: numbers with their digits, amounts in their unit, intervals as published."""

from __future__ import annotations

from decimal import Decimal

from evidencebase.model.records import Estimate, Finding, Population, Record

CURRENCY_SIGNS = {"gbp": "£", "eur": "€", "usd": "$"}
_QUALIFIERS = {
    "about": "about ",
    "over": "over ",
    "just-over": "just over ",
    "up-to": "up to ",
    "at-least": "at least ",
    "under": "under ",
    "nearly": "nearly ",
}


def number(value: Decimal) -> str:
    """A number with its digits and thousands commas: 30,975 or 14.0."""
    return f"{value:,}"


def amount(value: Decimal, unit: str | None) -> str:
    """A number in its unit: 7.7%, £12,000, 30,975."""
    if unit == "percent":
        return f"{number(value)}%"
    sign = next((sign for name, sign in CURRENCY_SIGNS.items() if unit and unit.split("-")[0] == name), "")
    return f"{sign}{number(value)}"


def figure(record: Record, unit: str | None) -> str:
    """The figure of a record, in its unit, as it is published, with its qualifier: "about 27%", "£250 to £2500"."""
    if isinstance(record, Finding):
        lead = _QUALIFIERS.get(record.qualifier or "", "")
        if record.range:
            return f"{lead}{amount(record.range.low, unit)} to {amount(record.range.high, unit)}"
        if record.value is not None:
            return lead + amount(record.value, unit)
    if isinstance(record, Population):
        return _QUALIFIERS.get(record.qualifier or "", "") + amount(record.value, unit)
    if isinstance(record, Estimate) and record.value is not None:
        return amount(record.value, unit)
    return ""


def interval(record: Finding, unit: str | None) -> str:
    """The published interval with its confidence and method, or "precision unknown"."""
    published = record.interval
    if published is None:
        return "precision unknown"
    limits = f"{amount(published.lower, unit)} to {amount(published.upper, unit)}"
    confidence = f"{published.confidence}% " if published.confidence is not None else ""
    method = f" ({published.method})" if published.method else ""
    return f"{confidence}interval {limits}, as published{method}"
