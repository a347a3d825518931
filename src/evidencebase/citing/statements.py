"""The statement of a record: one sentence composed from its own fields.

A statement is never stored with the record: it is made from the fields and the measure's phrase, so that it
cannot drift from them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from evidencebase.base import Base, Entry
from evidencebase.model.amounts import CURRENCY_SIGNS
from evidencebase.model.records import (
    Claim,
    Conclusion,
    Estimate,
    Finding,
    Indicator,
    Population,
    Record,
    Response,
    Study,
)
from evidencebase.rules.conflict import Conflict

_DIRECTIONS = {
    "higher": "higher",
    "lower": "lower",
    "no-difference": "not different",
    "mixed": "mixed",
}
_SIGNIFICANCE = {
    "significant": "a significant difference, as stated",
    "not-significant": "no significant difference, as stated",
    "not-tested": "not tested",
    "not-stated": "significance not stated",
}


def statement(entry: Entry, base: Base) -> str:
    """What a record says, in one sentence made of its fields."""
    text = _MAKERS[type(entry.record)](entry, base)
    return text[:1].upper() + text[1:]


def conflict_words(conflict: Conflict[Any]) -> str:
    """Why two records are in conflict, in words."""
    if conflict.because:
        return conflict.because
    return {
        "figures": "same measure, group, place and period",
        "directions": "the claims point apart",
        "link": "linked as contradicting",
    }[conflict.by]


def _where_when(record: Record, base: Base) -> str:
    place, period = base.label("places", record.about.place), record.about.period
    return (f" in {place}" if place else "") + (f" ({period})" if period else "")


def _finding(entry: Entry[Finding], base: Base) -> str:
    record = entry.record
    measure = base.vocabulary.measures.get(record.measure)
    group = base.label("groups", record.group)
    phrase = measure.phrase if measure else record.measure
    place = base.label("places", record.place)
    where = f" in {place}" if place else ""
    when = f" ({record.period})" if record.period else ""
    shown = base.figure(entry)
    unit = base.unit(entry)
    if unit == "percent" and record.statistic in ("prevalence", "share"):
        return f"{shown} of {group or 'those asked'}{where} {phrase}{when}"
    if unit == "persons" and group:
        return f"{shown} {group}{where} {phrase}{when}"
    subject = f", for {group}" if group else ""
    counted = "" if unit in ("percent", "persons", "rank", "times") or _is_currency(unit) else f" {_plural(unit)}"
    head = measure.label if measure else record.measure
    return f"{head}: {shown}{counted}{subject}{where}{when}"


def _is_currency(unit: str | None) -> bool:
    return bool(unit) and str(unit).split("-")[0] in CURRENCY_SIGNS


def _plural(unit: str | None) -> str:
    return str(unit or "").replace("-", " ")


def _claim(entry: Entry[Claim], base: Base) -> str:
    record = entry.record
    if record.kind != "direction":
        return record.summary or ""
    measure = base.label("measures", record.measure)
    group = base.label("groups", record.group)
    than = base.label("groups", record.than) or "others"
    joint = " from that of " if record.direction == "no-difference" else " than among "
    if record.direction == "mixed":
        joint = ", compared with "
    direction = _DIRECTIONS[record.direction or "mixed"]
    adjusted = f", adjusted for {', '.join(record.adjusted_for)}" if record.adjusted_for else ""
    tail = f"{joint}{than}" if record.than or record.direction != "mixed" else ""
    note = _SIGNIFICANCE[record.significance]
    return f"{measure}: {direction} among {group}{tail}{_where_when(record, base)}; {note}{adjusted}"


def _population(entry: Entry[Population], base: Base) -> str:
    record = entry.record
    group = base.label("groups", record.group)
    counted = "" if record.unit == "persons" else f" (counted as {_plural(record.unit)})"
    return f"{base.figure(entry)} {group}{counted}{_where_when(record, base)}"


def _estimate(entry: Entry[Estimate], base: Base) -> str:
    record = entry.record
    finding = base.get(Finding, record.finding)
    population = base.get(Population, record.population)
    measure = base.vocabulary.measures.get(record.measure or (finding.measure if finding else ""))
    group = base.label("groups", record.group or (population.group if population else None))
    place = base.label("places", record.place or (population.place if population else None))
    phrase = measure.phrase if measure else "are affected"
    shown = base.figure(entry) or "a number of"
    where = f" in {place}" if place else ""
    rate_place = base.label("places", finding.place) if finding else ""
    rate = f"the rate for {rate_place}" if rate_place else "the published rate"
    if record.total:
        return f"in all, {shown} {group}{where} who {phrase} would be expected if the published rates applied"
    return f"{shown} {group}{where} who {phrase} would be expected if {rate} applied"


def _conclusion(entry: Entry[Conclusion], base: Base) -> str:
    record = entry.record
    if record.label:
        return record.label
    group = base.label("groups", record.group)
    measure = base.label("measures", record.measure)
    return (
        f"{measure}: {_DIRECTIONS[record.direction]} among {group}{_where_when(record, base)}, as judged by a document"
    )


def _response(entry: Entry[Response], base: Base) -> str:
    record = entry.record
    provider = f", by {record.provider}" if record.provider else ""
    return f"{record.kind}: {record.label}{provider}{_where_when(record, base)}"


def _indicator(entry: Entry[Indicator], base: Base) -> str:
    record = entry.record
    return f"{base.label('measures', record.measure)}{_where_when(record, base)}, watched through {record.data_set}"


def _study(entry: Entry, base: Base) -> str:
    return base.label("studies", entry.key)


_MAKERS: dict[type[Record], Callable[[Entry[Any], Base], str]] = {
    Finding: _finding,
    Claim: _claim,
    Population: _population,
    Estimate: _estimate,
    Conclusion: _conclusion,
    Response: _response,
    Indicator: _indicator,
    Study: _study,
}
