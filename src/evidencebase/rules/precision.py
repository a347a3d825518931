"""The precision of a finding: the interval published with it, or one computed where that is honest.

A Wilson interval holds for a simple random sample. From the n of a weighted survey it would be too narrow and
would look like a measurement, so it is computed only where the sample is random and known not to be weighted.
A rate of events has Byar's interval, or the exact one of few events, where its cases and people are published, make
up the rate, and were counted in full or in such a sample.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, cast

from evidencebase.model.amounts import amount, rate_form
from evidencebase.model.amounts import interval as published_interval
from evidencebase.model.plain import fields_of
from evidencebase.model.records import Finding, Study
from evidencebase.model.vocabulary import PERCENT
from evidencebase.numbers import rate_interval, wilson_from_percent
from evidencebase.rules.rounding import place_value, prints_as

if TYPE_CHECKING:
    from evidencebase.base import Base, Entry

UNKNOWN = "precision unknown"
WILSON = "Wilson, from the published percent and n"
_HUNDRED = Decimal(100)
RATES = ("prevalence", "share")
_OF_EVENTS = ("incidence", "rate")
_COUNTED_IN_FULL = ("administrative", "census")
_METHODS = {"byar": "Byar", "exact": "exact, Poisson"}


@dataclass(frozen=True, slots=True)
class Precision:
    """The interval of a figure, in `unit` (percent: 5.5 is 5.5%).

    `confidence` is a percent, None where it was not published. `source` says whether the interval was
    published with the figure or computed here; `method` by which formula. `text` reads in a table.
    """

    lower: float
    upper: float
    confidence: float | None
    method: str
    source: Literal["published", "computed"]
    unit: str | None
    text: str

    def as_dict(self) -> dict[str, Any]:
        """Give the fields by name."""
        return fields_of(self)


def precision(entry: Entry[Finding], base: Base) -> Precision | None:
    """Give the interval of a finding; None is "precision unknown", and `why_unknown` says why.

    The published interval comes first. Else Wilson's (95%) from the published percent and n, where the sample is
    random and the finding, or its study, says that it is not weighted; of a rate of events Byar's (95%), exact below
    ten, from the published cases and people.
    """
    record = entry.record
    unit = base.unit(entry)
    if record.interval is not None:
        published = record.interval
        confidence = float(published.confidence) if published.confidence is not None else None
        return Precision(
            float(published.lower),
            float(published.upper),
            confidence,
            published.method or "method not published",
            "published",
            unit,
            published_interval(record, unit, base.vocabulary.units),
        )
    if why_unknown(entry, base) is not None or record.value is None or record.n is None:
        return None
    if record.cases is not None and _of_events(record, base, unit):
        return _rate(record.value, record.cases, record.n, unit, base)
    wilson = wilson_from_percent(record.value, record.n)
    text = f"95% interval {wilson.lower:.1f}% to {wilson.upper:.1f}% ({WILSON})"
    return Precision(wilson.lower, wilson.upper, wilson.confidence, WILSON, "computed", PERCENT, text)


def why_unknown(entry: Entry[Finding], base: Base) -> str | None:
    """Say why a finding's precision is unknown, in words; None where it is known."""
    record = entry.record
    if record.interval is not None:
        return None
    study = study_of(record, base)
    weighted = is_weighted(record, base)
    if _of_events(record, base, base.unit(entry)):
        return _why_no_rate(record, base, base.unit(entry))
    reasons = (
        (not _percent_of_people(record, base.unit(entry)), "no interval is published, and it is no percent"),
        (record.value is None, "no interval is published, and the figure is a range"),
        (bool(record.qualifiers), "no interval is published, and the figure is not exact"),
        (record.n is None, "neither an interval nor the number asked is published"),
        (weighted is True, "the survey is weighted and no interval is published"),
        (weighted is None, "no interval is published, and whether the survey is weighted is not known"),
        (not _random(study), "no interval is published, and the sample is not known to be random"),
        (not _countable(record), "the percent or the number asked cannot be right"),
    )
    return next((reason for holds, reason in reasons if holds), None)


def _of_events(record: Finding, base: Base, unit: str | None) -> bool:
    known = base.vocabulary.units.get(unit or "")
    return record.statistic in _OF_EVENTS and known is not None and known.dimension == "rate" and bool(known.factor)


def _why_no_rate(record: Finding, base: Base, unit: str | None) -> str | None:
    """Say why a rate of events has no interval; None where its cases and people are known, and make it up."""
    study = study_of(record, base)
    in_full = study is not None and study.design in _COUNTED_IN_FULL
    adjusted = bool(record.adjusted_for) or record.standardised in ("direct", "indirect")
    cases, people = record.cases, record.n
    reasons = (
        (record.value is None, "no interval is published, and the figure is not one number"),
        (bool(record.qualifiers), "no interval is published, and the figure is not exact"),
        (adjusted, "no interval is published, and the rate is standardised or adjusted"),
        (cases is None or not people, "neither an interval nor the cases and the people are published"),
        (is_weighted(record, base) is True, "the survey is weighted and no interval is published"),
        (
            not in_full and not (is_weighted(record, base) is False and _random(study)),
            "no interval is published, and neither a full count nor a simple random sample is known",
        ),
        (
            not _makes_up(record, base, unit),
            "no interval is published, and the cases and people do not make up the rate",
        ),
    )
    return next((reason for holds, reason in reasons if holds), None)


def _makes_up(record: Finding, base: Base, unit: str | None) -> bool:
    """Whether the cases of n, in the unit, print as the rate: n may be other people than the rate is of."""
    if record.value is None or record.cases is None or not record.n or record.cases < 0 or record.cases % 1:
        return False
    exact = record.cases / record.n * _per(base, unit)
    return record.n >= 1 and prints_as((exact, exact), record.value)


def _per(base: Base, unit: str | None) -> Decimal:
    """How many people the rate is of: 100,000 for a unit whose factor is 0.00001."""
    return 1 / (base.vocabulary.units[unit or ""].factor or Decimal(1))


def _rate(value: Decimal, cases: Decimal, n: Decimal, unit: str | None, base: Base) -> Precision:
    found = rate_interval(cases, n, multiplier=_per(base, unit))
    method = f"{_METHODS[found.method]}, from the published cases and people"
    shown = [amount(Decimal(limit).quantize(place_value(value)), None) for limit in (found.lower, found.upper)]
    form = rate_form(unit, base.vocabulary.units)
    text = f"{found.confidence:g}% interval {shown[0]} to {shown[1]}{form} ({method})"
    return Precision(found.lower, found.upper, found.confidence, method, "computed", unit, text)


def precision_words(entry: Entry, base: Base) -> str:
    """Give the interval in words, or "precision unknown", as every page and sentence says; empty if no finding."""
    if not isinstance(entry.record, Finding):
        return ""
    known = precision(cast("Entry[Finding]", entry), base)
    return known.text if known else UNKNOWN


def precision_text(entry: Entry[Finding], base: Base) -> str:
    """Give the interval in words, or "precision unknown" with the reason."""
    known = precision(entry, base)
    return known.text if known else f"{UNKNOWN}: {why_unknown(entry, base)}"


def is_weighted(record: Finding, base: Base) -> bool | None:
    """Tell whether a figure is weighted: as the finding says, else as its study says, else None."""
    if record.weighted is not None:
        return record.weighted
    study = study_of(record, base)
    return study.weighted if study else None


def study_of(record: Finding, base: Base) -> Study | None:
    """Give the study that measured a finding, None where none is known."""
    return base.studies.get(record.study or "")


def _percent_of_people(record: Finding, unit: str | None) -> bool:
    return record.statistic in RATES and unit == PERCENT


def _random(study: Study | None) -> bool:
    return study is not None and study.sampling.value == "random"


def _countable(record: Finding) -> bool:
    return record.value is not None and record.n is not None and 0 <= record.value <= _HUNDRED and record.n >= 1
