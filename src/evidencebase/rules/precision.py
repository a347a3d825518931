"""The precision of a finding: the interval published with it, or one computed where that is honest.

A Wilson interval holds for a simple random sample. From the n of a weighted survey it would be too narrow and
would look like a measurement, so it is computed only where the sample is random and known not to be weighted.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from evidencebase.model.amounts import interval as published_interval
from evidencebase.model.plain import fields_of
from evidencebase.model.records import Finding, Study
from evidencebase.model.vocabulary import PERCENT
from evidencebase.numbers import wilson_from_percent

if TYPE_CHECKING:
    from evidencebase.base import Base, Entry

UNKNOWN = "precision unknown"
WILSON = "Wilson, from the published percent and n"
_HUNDRED = Decimal(100)
RATES = ("prevalence", "share")


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
    random and the finding, or its study, says that it is not weighted.
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
