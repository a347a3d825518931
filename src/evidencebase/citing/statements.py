"""The statement of a record: one sentence composed from its own fields.

A statement is never stored with the record: it is made from the fields and the measure's phrase, so that it
cannot drift from them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from evidencebase.base import Base, Entry
from evidencebase.model.amounts import CURRENCY_SIGNS
from evidencebase.model.periods import shown as shown_period
from evidencebase.model.records import (
    Body,
    Claim,
    Conclusion,
    Context,
    Estimate,
    Finding,
    Indicator,
    Population,
    Record,
    Response,
    Study,
    Versus,
)
from evidencebase.model.statistics import STATISTICS
from evidencebase.rules.conflict import Conflict
from evidencebase.rules.product import called, measured

_DIRECTIONS = {
    "higher": "higher",
    "lower": "lower",
    "no-difference": "not different",
    "mixed": "mixed",
    "not-printed": "different",
}
_TRENDS = {
    "higher": "rising",
    "lower": "falling",
    "no-difference": "unchanged",
    "mixed": "up and down",
    "not-printed": "changing",
}
_RAISED = {
    "higher": "raised",
    "lower": "lowered",
    "no-difference": "not changed",
    "mixed": "raised and lowered",
    "not-printed": "changed",
}
_LINKED = {
    "higher": "higher, linked with",
    "lower": "lower, linked with",
    "no-difference": "not linked with",
    "mixed": "up and down, linked with",
    "not-printed": "linked with",
}
_MODALITY = {
    "suggested": "suggested, as stated",
    "possible": "possible, as stated",
    "projected": "a projection",
    "reported": "reported from others",
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


def held_words(findings: int, claims: int, conclusions: int, strongest: str | None) -> str:
    """How much is held on a group and a measure, and from how strong a source, as every map says it."""
    parts = [f"{findings} finding{'' if findings == 1 else 's'}"]
    parts += [f"{claims} claim{'' if claims == 1 else 's'}"] if claims else []
    parts += [f"{conclusions} stated in conclusion"] if conclusions else []
    return ", ".join([*parts, f"strongest source {strongest}" if strongest else "no source graded"])


def conflict_words(conflict: Conflict[Any]) -> str:
    """Why two records are in conflict, in words."""
    if conflict.because:
        return "; ".join(conflict.because)
    return {
        "figures": "same measure, group, place and period",
        "directions": "the claims point apart",
        "link": "linked as contradicting",
    }[conflict.by]


def _where_when(record: Record, base: Base) -> str:
    place, period = base.label("places", record.about.place), shown_period(record.about.period)
    return (f" in {place}" if place else "") + (f" ({period})" if period else "")


def _finding(entry: Entry[Finding], base: Base) -> str:
    record = entry.record
    measure = base.vocabulary.measures.get(record.measure)
    group = base.label("groups", record.group)
    phrase = measure.phrase if measure else record.measure
    place = base.label("places", record.place)
    where = f" in {place}" if place else ""
    when = f" ({shown_period(record.period)})" if record.period else ""
    shown = base.figure(entry)
    unit = base.unit(entry)
    against = _compared_with(record, base)
    if record.suppressed is None and unit == "percent" and record.statistic in ("prevalence", "proportion", "share"):
        return f"{shown} of {group or 'those asked'}{where} {phrase}{when}{against}"
    if record.suppressed is None and unit == "persons" and group:
        return f"{shown} {group}{where} {phrase}{when}{against}"
    subject = f", for {group}" if group else ""
    head = measure.label if measure else record.measure
    horizon = f", over {record.horizon}" if record.horizon else ""
    return f"{head}: {shown}{_counted(record, unit, base)}{subject}{horizon}{where}{when}{against}"


def _counted(record: Finding, unit: str | None, base: Base) -> str:
    """The unit behind a number that does not print it already: " times", " libraries"."""
    if unit == "times" and record.suppressed is None:
        return " times"
    if unit is None or unit in ("percent", "persons", "rank", "times") or record.suppressed is not None:
        return ""
    known = base.vocabulary.units.get(unit)
    if _is_currency(unit) or (known and known.dimension == "rate" and known.words):
        return ""
    return f" {known.label if known else _plural(unit)}"


def _compared_with(record: Finding, base: Base) -> str:
    """What a figure is against; a level alone only where the statistic is a comparison."""
    versus = record.versus
    compares = record.statistic is not None and "versus" in STATISTICS[record.statistic].needs
    if versus is None or not (compares or versus.group or versus.place or versus.period):
        return ""
    return f", compared with {_other(versus, base, '', '')}"


def _other(versus: Versus, base: Base, among: str, inside: str) -> str:
    """What is compared with, in words: "among men in England (2016), in the lowest fifth"."""
    group, place = base.label("groups", versus.group), base.label("places", versus.place)
    said = [f"{among}{group}" if group else "", f"{'in ' if group else inside}{place}" if place else ""]
    if versus.period:
        when = shown_period(versus.period)
        said.append(f"({when})" if group or place else f"{inside}{when}")
    if versus.level:
        said.append(f"({versus.level})" if any(said) else versus.level)
    return " ".join(part for part in said if part)


def _is_currency(unit: str | None) -> bool:
    return bool(unit) and str(unit).split("-")[0] in CURRENCY_SIGNS


def _plural(unit: str | None) -> str:
    return str(unit or "").replace("-", " ")


def _claim(entry: Entry[Claim], base: Base) -> str:
    record = entry.record
    if record.says:
        return record.says
    measure = base.label("measures", record.measure)
    group = base.label("groups", record.group)
    whom = f" among {group}" if group else ""
    by = _exposed(record, base)
    adjusted = f", adjusted for {', '.join(record.adjusted_for)}" if record.adjusted_for else ""
    tail = _than(record, base)
    note = "; ".join(
        filter(None, (_SIGNIFICANCE[record.significance] + adjusted, _MODALITY.get(record.modality or "")))
    )
    direction = str(record.direction)
    if record.kind == "trend":
        said = f"{_TRENDS[direction]}{whom}{by and f' with {by}'}"
    elif record.link == "raises":
        said = f"{_RAISED[direction]}{by and f' by {by}'}{whom}"
    elif record.link == "linked":
        said = f"{_LINKED[direction]} {by or group}{whom if by else ''}"
    else:
        said = f"{_DIRECTIONS[direction]}{whom}{by and f' with {by}'}"
    return f"{measure}: {said}{tail}{_where_when(record, base)}; {note}"


def _exposed(record: Claim, base: Base) -> str:
    """The label of what a claim says its group is exposed to: a group, a measure, or a record's own words."""
    key = record.exposure
    if key is None:
        return ""
    kind = next((kind for kind in ("groups", "measures") if key in getattr(base.vocabulary, kind)), None)
    if kind:
        return base.label(kind, key)
    entry = base.by_id.get(key)
    label = getattr(entry.record, "label", None) if entry else None
    return label or (statement(entry, base) if entry else key)


def _than(record: Claim, base: Base) -> str:
    """The comparator as it follows the direction; empty where none is printed."""
    if record.versus is None:
        return ""
    if record.kind == "relation" and record.link in (None, "differs"):
        if record.direction in ("higher", "lower"):
            return f" than {_other(record.versus, base, 'among ', 'in ')}"
        if record.direction == "no-difference":
            return f" from {_other(record.versus, base, 'that of ', 'that in ')}"
    return f", compared with {_other(record.versus, base, '', '')}"


def _population(entry: Entry[Population], base: Base) -> str:
    record = entry.record
    group = base.label("groups", record.group)
    counted = "" if record.unit == "persons" else f" (counted as {_plural(record.unit)})"
    return f"{base.figure(entry)} {group}{counted}{_where_when(record, base)}"


def _estimate(entry: Entry[Estimate], base: Base) -> str:
    record = entry.record
    finding = base.get(Finding, record.finding)
    population = base.get(Population, record.population)
    measures = measured(base, record) or [record.measure or ""]
    phrases = [base.vocabulary.measures[key].phrase for key in measures if key in base.vocabulary.measures]
    group = base.label("groups", record.group or (population.group if population else None))
    place = base.label("places", record.place or (population.place if population else None))
    phrase = " or ".join(phrases) or "are affected"
    shown = base.figure(entry) or "a number of"
    where = f" in {place}" if place else ""
    rate_place = base.label("places", finding.place) if finding else ""
    rate = f"the rate for {rate_place}" if rate_place else "the published rate"
    other = base.label("measures", called(base, record))
    named = f"; {'the document' if record.anchors else 'this base'} calls it “{other}”" if other else ""
    if record.total:
        return f"in all, {shown} {group}{where} who {phrase} would be expected if the published rates applied{named}"
    return f"{shown} {group}{where} who {phrase} would be expected if {rate} applied{named}"


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


def _body(entry: Entry[Body], base: Base) -> str:
    record = entry.record
    asked = record.question
    exposed = f" in view of {base.label('groups', asked.exposure)}" if asked.exposure else ""
    constructs = ", ".join(construct.replace("-", " ") for construct in asked.constructs)
    return f"{asked.type} of {constructs} among {base.label('groups', asked.group)}{exposed}: the evidence on it"


def _context(entry: Entry[Context], base: Base) -> str:
    record = entry.record
    given = ", ".join(
        shown_period(value) if name == "period" else base.label(_GIVEN[name], value)
        for name, value in record.gives
        if value is not None
    )
    return f"from “{record.from_}” to “{record.to}”, {base.label('documents', record.document)}: {given}"


_GIVEN = {"study": "studies", "place": "places", "measure": "measures", "group": "groups"}


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
    Body: _body,
    Context: _context,
}
