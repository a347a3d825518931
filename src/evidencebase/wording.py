"""Records in words: figures as printed, and the statement composed from a record's own fields.

A statement is never stored: it is made from the fields and the measure's phrase, so that it cannot
drift from them.
"""

from __future__ import annotations

from decimal import Decimal

from evidencebase.base import Base, Entry
from evidencebase.reading.tables import Table
from evidencebase.records import (
    Anchor,
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

_CURRENCY_SIGNS = {"gbp": "£", "eur": "€", "usd": "$"}
_QUALIFIERS = {
    "about": "about ",
    "over": "over ",
    "just-over": "just over ",
    "up-to": "up to ",
    "at-least": "at least ",
    "under": "under ",
    "nearly": "nearly ",
}
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


def number(value: Decimal) -> str:
    """A number with its digits and thousands commas: 30,975 or 14.0."""
    return f"{value:,}"


def amount(value: Decimal, unit: str | None) -> str:
    """A number in its unit: 7.7%, £12,000, 30,975."""
    if unit == "percent":
        return f"{number(value)}%"
    sign = next((sign for name, sign in _CURRENCY_SIGNS.items() if unit and unit.split("-")[0] == name), "")
    return f"{sign}{number(value)}"


def figure(entry: Entry, base: Base) -> str:
    """The figure of a record as it is published, with its qualifier: "about 27%", "£250 to £2500"."""
    record = entry.record
    unit = base.unit(entry)
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


def label(base: Base, kind: str, key: str | None) -> str:
    """The label of a measure, group, place, study or document; the id where it has none."""
    if key is None:
        return ""
    if kind == "studies":
        study = base.studies.get(key)
        return (study.label if study else None) or title(base, key) or key
    if kind == "documents":
        document = base.documents.get(key)
        return (document.title if document else None) or title(base, key) or key
    item = getattr(base.vocabulary, kind).get(key)
    return item.label if item else key


def title(base: Base, key: str) -> str | None:
    """The title of a source in the bibliography."""
    found = base.bibliography.get(key) if base.bibliography else None
    return found.title if found else None


def statement(entry: Entry, base: Base) -> str:
    """What a record says, in one sentence made of its fields."""
    record = entry.record
    makers = {
        Finding: _finding,
        Claim: _claim,
        Population: _population,
        Estimate: _estimate,
        Conclusion: _conclusion,
        Response: _response,
        Indicator: _indicator,
        Study: _study,
    }
    text = makers[type(record)](entry, base)
    return text[:1].upper() + text[1:]


def passage_words(base: Base, anchor: Anchor) -> str | None:
    """The words an anchor stands on: its fragment, or for a table cell the row's printed label and numbers."""
    if anchor.fragment is not None:
        return anchor.fragment
    table: Table | None = base.tables.get((anchor.document, anchor.table or ""))
    row = table.rows.get(anchor.row or "") if table else None
    if table is None or row is None:
        return None
    words = [row.cells.get(table.spec.label or "", ""), *(text for _, text in table.numbers(row))]
    return " ".join(word for word in words if word)


def _where_when(record: Record, base: Base) -> str:
    place = label(base, "places", getattr(record, "place", None))
    period = getattr(record, "period", None)
    return (f" in {place}" if place else "") + (f" ({period})" if period else "")


def _finding(entry: Entry, base: Base) -> str:
    record = entry.record
    if not isinstance(record, Finding):
        return ""
    measure = base.vocabulary.measures.get(record.measure)
    group = label(base, "groups", record.group)
    phrase = measure.phrase if measure else record.measure
    place = label(base, "places", record.place)
    where = f" in {place}" if place else ""
    when = f" ({record.period})" if record.period else ""
    shown = figure(entry, base)
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
    return bool(unit) and str(unit).split("-")[0] in _CURRENCY_SIGNS


def _plural(unit: str | None) -> str:
    return str(unit or "").replace("-", " ")


def _claim(entry: Entry, base: Base) -> str:
    record = entry.record
    if not isinstance(record, Claim):
        return ""
    if record.kind != "direction":
        return record.summary or ""
    measure = label(base, "measures", record.measure)
    group = label(base, "groups", record.group)
    than = label(base, "groups", record.than) or "others"
    joint = " from that of " if record.direction == "no-difference" else " than among "
    if record.direction == "mixed":
        joint = ", compared with "
    direction = _DIRECTIONS[record.direction or "mixed"]
    adjusted = f", adjusted for {', '.join(record.adjusted_for)}" if record.adjusted_for else ""
    tail = f"{joint}{than}" if record.than or record.direction != "mixed" else ""
    note = _SIGNIFICANCE[record.significance]
    return f"{measure}: {direction} among {group}{tail}{_where_when(record, base)}; {note}{adjusted}"


def _population(entry: Entry, base: Base) -> str:
    record = entry.record
    if not isinstance(record, Population):
        return ""
    group = label(base, "groups", record.group)
    counted = "" if record.unit == "persons" else f" (counted as {_plural(record.unit)})"
    return f"{figure(entry, base)} {group}{counted}{_where_when(record, base)}"


def _estimate(entry: Entry, base: Base) -> str:
    record = entry.record
    if not isinstance(record, Estimate):
        return ""
    finding = base.get(Finding, record.finding)
    population = base.get(Population, record.population)
    measure = base.vocabulary.measures.get(record.measure or (finding.measure if finding else ""))
    group = label(base, "groups", record.group or (population.group if population else None))
    place = label(base, "places", record.place or (population.place if population else None))
    phrase = measure.phrase if measure else "are affected"
    shown = figure(entry, base) or "a number of"
    where = f" in {place}" if place else ""
    rate_place = label(base, "places", finding.place) if finding else ""
    rate = f"the rate for {rate_place}" if rate_place else "the published rate"
    if record.total:
        return f"in all, {shown} {group}{where} who {phrase} would be expected if the published rates applied"
    return f"{shown} {group}{where} who {phrase} would be expected if {rate} applied"


def _conclusion(entry: Entry, base: Base) -> str:
    record = entry.record
    if not isinstance(record, Conclusion):
        return ""
    if record.label:
        return record.label
    group = label(base, "groups", record.group)
    measure = label(base, "measures", record.measure)
    return (
        f"{measure}: {_DIRECTIONS[record.direction]} among {group}{_where_when(record, base)}, as judged by a document"
    )


def _response(entry: Entry, base: Base) -> str:
    record = entry.record
    if not isinstance(record, Response):
        return ""
    provider = f", by {record.provider}" if record.provider else ""
    return f"{record.kind}: {record.label}{provider}{_where_when(record, base)}"


def _indicator(entry: Entry, base: Base) -> str:
    record = entry.record
    if not isinstance(record, Indicator):
        return ""
    return f"{label(base, 'measures', record.measure)}{_where_when(record, base)}, watched through {record.data_set}"


def _study(entry: Entry, base: Base) -> str:
    return label(base, "studies", entry.key)
