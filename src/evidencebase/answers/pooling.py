"""Pooling: findings of one measure, or anybody's table of counts, into one percent or one rate.

Only what is one measure with one cut-off is pooled, and no sample twice. What was left out is said, with the reason.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evidencebase.answers.csvfile import Faults, number, read_csv
from evidencebase.answers.names import find_group, find_measure
from evidencebase.answers.usable import unsound
from evidencebase.model.plain import fields_of, printable, shown
from evidencebase.model.records import Finding
from evidencebase.model.vocabulary import PERCENT
from evidencebase.numbers import Pooled, pool, pool_rates, proportion_interval, rate_interval
from evidencebase.numbers.distributions import normal_quantile
from evidencebase.problems import EvidenceError, UsageError
from evidencebase.provenance.seal import Reviews
from evidencebase.rules.editions import replaced
from evidencebase.rules.overlap import overlap
from evidencebase.rules.precision import RATES, is_weighted, precision, study_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from evidencebase.base import Base, Entry

COLUMNS = ("study", "x", "n")
RATE_COLUMNS = ("study", "cases", "time")
_OF_EVENTS = ("incidence", "rate", "prevalence")
_FEWEST = 2
_FEW = 4
_HUNDRED = 100
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Pooling:
    """How to pool, as `evidencebase.numbers.pool` takes it; `scale` is for percents, rates take the log."""

    scale: str = "logit"
    method: str = "common"
    hartung_knapp: bool = False
    confidence: float = 95


@dataclass(frozen=True, slots=True)
class Sample:
    """One study's part: x of n, or x events in n person-years; both may be fractions. `id` is None from a table.

    `implied` says that x and n are what a published interval implies, and were not counted.
    """

    study: str
    x: float
    n: float
    id: str | None = None
    group: str | None = None
    implied: bool = False


@dataclass(frozen=True, slots=True)
class PooledStudy:
    """One study with its own interval, in the unit of the pooled figure, and its weight in it, in percent.

    The interval of a percent is Wilson's, of a rate Byar's (exact below ten events), or that on the log scale of a rate
    whose published interval was taken.
    """

    study: str
    id: str | None
    group: str | None
    x: float
    n: float
    estimate: float
    lower: float
    upper: float
    weight: float


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A finding of the measure that was not pooled, and why."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Synthesis:
    """A pooled percent or rate with its studies, what was left out and what a reader should know."""

    title: str
    measure: str | None
    group: str | None
    pooled: Pooled
    studies: tuple[PooledStudy, ...]
    left_out: tuple[LeftOut, ...]
    notes: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Give the shape printed by `evidence pool --format json`: the pooled figures at the top level."""
        own = fields_of(self)
        pooled = {key: value for key, value in fields_of(own.pop("pooled") and self.pooled).items() if key != "notes"}
        return {"title": own.pop("title"), "measure": own.pop("measure"), "group": own.pop("group")} | pooled | own


def pool_findings(
    base: Base, measure: str | None = None, group: str | None = None, how: Pooling | None = None
) -> Synthesis:
    """Pool the findings of one measure, in one group where it is named.

    Raises UsageError for an unknown measure or group, or where several measures could be meant; EvidenceError, with
    everything left out and why, where fewer than two independent findings remain.
    """
    chosen = find_measure(base, measure, _poolable_measures(base), "findings with a number of people asked")
    per = _per(base, chosen.unit)
    people = find_group(base, group) if group is not None else None
    reviews = Reviews(base)
    samples: list[tuple[Finding, Sample]] = []
    left: list[LeftOut] = []
    notes: list[str] = []
    for entry in _largest_first(base, chosen.id):
        record = entry.record
        reason = _unfit(base, entry, reviews, chosen.unit if per else PERCENT) or _other_people(
            base, record, people.id if people else None
        )
        clash = next(((other, why) for other, _ in samples if (why := overlap(base, record, other))), None)
        if reason is None and clash is not None:
            reason = f"its sample overlaps that of {clash[0].id}, which is pooled: {clash[1]}"
        if reason is None and samples and _standard(record) != _standard(samples[0][0]):
            reason = f"standardised or adjusted otherwise than {samples[0][0].id}, which is pooled"
        if reason is not None:
            left.append(LeftOut(entry.key, reason))
            continue
        sample, note = _rate_sample(base, entry, per) if per else _sample(base, entry)
        samples.append((record, sample))
        notes += [note] if note else []
    if len(samples) < _FEWEST:
        raise _too_few(chosen.label, people.label if people else None, samples, left)
    _same_people(base, chosen.label, samples, left)
    title = chosen.label + (f", {people.label}" if people else "")
    names = (chosen.id, people.id if people else None)
    return _pooled(title, [each for _, each in samples], how, tuple(left), notes, names, per)


def pool_counts(file: Path, how: Pooling | None = None, *, per: float | None = None) -> Synthesis:
    """Pool anybody's table: a CSV with the columns study, x and n; with `per`, of rates: study, cases and time.

    `time` is in people or person-years, and the pooled rate is per `per` of them. Raises EvidenceError, with file and
    line, for a table that cannot be right: see `read_csv`; besides, x > n, negative numbers, a study without a name or
    named twice, fewer than two studies.
    """
    columns = RATE_COLUMNS if per else COLUMNS
    table = read_csv(file, columns)
    faults = Faults(table.path)
    samples: list[Sample] = []
    seen: dict[str, int] = {}
    for row in table.rows:
        name = printable(row.cells["study"])[:_LONGEST_NAME].strip()
        if not name:
            faults.add(row.line, "the study has no name", "name every study")
        elif name.casefold() in seen:
            message = f"the study {shown(name)} stands in line {seen[name.casefold()]} too"
            faults.add(row.line, message, "pool each sample once; tell two samples of one author apart by name")
        seen.setdefault(name.casefold(), row.line)
        try:
            x, n = (float(number(row.cells[column], column, whole=False)) for column in columns[1:])
            _own(Sample(name, x, n), 95, per)
        except ValueError as error:
            what = "cases are events, time the people or person-years" if per else "x is how many of the n people asked"
            faults.add(row.line, str(error), f"{what} were counted")
            continue
        samples.append(Sample(name, x, n))
    if not faults.found and len(samples) < _FEWEST:
        faults.add(table.rows[-1].line, "only one study: pooling needs at least 2")
    faults.raise_if_any()
    notes = [f"the column {shown(name)} was not used" for name in table.ignored]
    return _pooled(printable(file.name), samples, how, (), notes, (None, None), per)


def _pooled(
    title: str,
    samples: Sequence[Sample],
    how: Pooling | None,
    left: tuple[LeftOut, ...],
    notes: list[str],
    names: tuple[str | None, str | None],
    per: float | None = None,
) -> Synthesis:
    chosen = how or Pooling()
    counts, sizes = [each.x for each in samples], [each.n for each in samples]
    adjusted, level = chosen.hartung_knapp, chosen.confidence
    try:
        if per:
            result = pool_rates(counts, sizes, chosen.method, hartung_knapp=adjusted, confidence=level, multiplier=per)
        else:
            result = pool(counts, sizes, chosen.scale, chosen.method, hartung_knapp=adjusted, confidence=level)
    except ValueError as error:
        raise EvidenceError(
            f"{title} cannot be pooled: {error}", "check x and n of every study, and the options"
        ) from error
    studies = []
    for sample, weight in zip(samples, result.weights, strict=True):
        own = _own(sample, chosen.confidence, per)
        studies.append(PooledStudy(sample.study, sample.id, sample.group, sample.x, sample.n, *own, weight))
    return Synthesis(title, *names, result, tuple(studies), left, (*notes, *result.notes))


def _own(sample: Sample, confidence: float, per: float | None) -> tuple[float, float, float]:
    """Give a study's own value with its limits: in percent, or per `per`. Raises ValueError for impossible counts."""
    if per and sample.implied:
        spread = math.exp(normal_quantile(confidence) / math.sqrt(sample.x))
        rate = per * sample.x / sample.n
        return rate, rate / spread, rate * spread
    if per:
        own = rate_interval(sample.x, sample.n, confidence, per)
    else:
        own = proportion_interval(sample.x, sample.n, confidence)
    return own.estimate, own.lower, own.upper


def _per(base: Base, unit: str | None) -> float | None:
    """How many a rate of events is of (100,000); None for a unit that is no such rate."""
    known = base.vocabulary.units.get(unit or "")
    return float(1 / known.factor) if known and known.dimension == "rate" and known.factor else None


def _standard(record: Finding) -> tuple[str, str | None, tuple[str, ...]]:
    """What makes two rates comparable beside their measure: how they are standardised, to what, adjusted for what."""
    return record.standardised or "none", record.standard, tuple(sorted(record.adjusted_for))


def _poolable_measures(base: Base) -> list[str]:
    counted: dict[str, int] = {}
    for record in base.findings.values():
        measure = base.vocabulary.measures.get(record.measure)
        rate = (
            _per(base, measure.unit if measure else None)
            and record.statistic in _OF_EVENTS
            and (record.interval or record.cases)
        )
        if rate or (record.n is not None and record.statistic in RATES):
            counted[record.measure] = counted.get(record.measure, 0) + 1
    return [measure for measure, number_of in counted.items() if number_of >= _FEWEST]


def _largest_first(base: Base, measure: str) -> list[Entry[Finding]]:
    """Give the findings of a measure; of two overlapping samples the larger, then the later, is kept."""
    found = [entry for entry, record in base.each(Finding) if record.measure == measure]
    superseded = {older for study in base.studies.values() for older in replaced(study)}

    def order(entry: Entry[Finding]) -> tuple[bool, float, str]:
        record = entry.record
        return record.study in superseded, -float(record.n or 0), record.id

    return sorted(found, key=order)


def _unfit(base: Base, entry: Entry[Finding], reviews: Reviews, unit: str) -> str | None:
    record = entry.record
    if reason := unsound(entry, reviews):
        return reason
    if unit != PERCENT:
        return _unfit_rate(base, entry, unit)
    weighted = is_weighted(record, base)
    checks = (
        (record.statistic not in RATES or base.unit(entry) != PERCENT, f"a {record.statistic}, no percent of people"),
        (bool(record.qualifiers), "the figure is not exact (" + ", ".join(record.qualifiers) + ")"),
        (record.interval is None and record.n is None, "the number of people asked is not published"),
        (weighted is True and record.interval is None, "weighted, so its n will not do, and no interval is published"),
    )
    return next((reason for holds, reason in checks if holds), None)


def _unfit_rate(base: Base, entry: Entry[Finding], unit: str) -> str | None:
    record = entry.record
    checks = (
        (record.statistic not in _OF_EVENTS or base.unit(entry) != unit, f"a {record.statistic}, no rate in {unit}"),
        (record.value is None or not record.value > 0, "the figure is not one number above nothing"),
        (bool(record.qualifiers), "the figure is not exact (" + ", ".join(record.qualifiers) + ")"),
        (
            not _counted(base, record) and _implied_events(record) is None,
            "neither an interval with its confidence nor the cases and the people of a plain rate are published",
        ),
    )
    return next((reason for holds, reason in checks if holds), None)


def _counted(base: Base, record: Finding) -> bool:
    """Whether cases and people make up the rate: not of a weighted, standardised or adjusted one."""
    plain = _standard(record) == ("none", record.standard, ()) and not is_weighted(record, base)
    return plain and record.cases is not None and bool(record.n)


def _rate_sample(base: Base, entry: Entry[Finding], per: float) -> tuple[Sample, str | None]:
    """Give cases and people; of a rate with a published interval, the events that would make it so precise."""
    record = entry.record
    name = base.label("studies", record.study) or entry.key
    if _counted(base, record):
        return Sample(name, float(record.cases or 0), float(record.n or 0), entry.key, record.group), None
    events = _implied_events(record) or 1.0
    sample = Sample(name, events, events * per / float(record.value or 1), entry.key, record.group, implied=True)
    return sample, f"{entry.key}: its weight is that of {events:.0f} events, from its published interval"


def _implied_events(record: Finding) -> float | None:
    """Give the events whose Poisson variance on the log scale, 1/x, is that of the published interval."""
    published = record.interval
    if published is None or published.confidence is None or record.value is None:
        return None
    low, high = float(published.lower), float(published.upper)
    if not 0 < low <= record.value <= high or low == high:
        return None
    return (2 * normal_quantile(float(published.confidence)) / (math.log(high) - math.log(low))) ** 2


def _other_people(base: Base, record: Finding, wanted: str | None) -> str | None:
    if wanted is None or record.group == wanted:
        return None
    return f"of another group: {base.label('groups', record.group) or 'not stated'}"


def _sample(base: Base, entry: Entry[Finding]) -> tuple[Sample, str | None]:
    """Give x of n; for a weighted survey the n of the simple sample that is as precise as its interval says."""
    record = entry.record
    assert record.value is not None  # noqa: S101 - _unfit has seen to it
    name = base.label("studies", record.study) or entry.key
    share = float(record.value) / _HUNDRED
    note = None
    effective = _effective_n(base, entry) if is_weighted(record, base) is not False else None
    if effective is not None:
        size = effective
        note = f"{entry.key}: effective n {size:.0f}, from its published interval"
    else:
        size = float(record.n or 0)
        study = study_of(record, base)
        if is_weighted(record, base) is None:
            note = f"{entry.key}: whether it is weighted is not known; its n is taken for that of a simple sample"
        if study is None or study.sampling.value != "random":
            unsure = f"{entry.key}: the sample is not known to be random"
            note = f"{note}, and the sample is not known to be random" if note else unsure
    return Sample(name, share * size, size, entry.key, record.group), note


def _effective_n(base: Base, entry: Entry[Finding]) -> float | None:
    """Give the n whose logit variance, 1 / (n p (1-p)), is that of the published interval; None without one."""
    known = precision(entry, base)
    record = entry.record
    if known is None or known.source != "published" or known.confidence is None:
        return None
    share, low, high = (float(each) / _HUNDRED for each in (record.value or 0, known.lower, known.upper))
    if not 0 < low <= share <= high < 1 or low == high:
        return None
    spread = math.log(high / (1 - high)) - math.log(low / (1 - low))
    error = spread / (2 * normal_quantile(known.confidence))
    return max(1.0, 1 / (share * (1 - share) * error**2))


def _same_people(base: Base, measure: str, samples: list[tuple[Finding, Sample]], left: list[LeftOut]) -> None:
    """Refuse findings of different groups: their pooled percent would be of nobody in particular."""
    groups = {record.group for record, _ in samples}
    if len(groups) > 1:
        named = ", ".join(sorted(str(each) for each in groups))
        lines = [f"{record.id}: {base.label('groups', record.group) or 'group not stated'}" for record, _ in samples]
        lines += _by_reason(left)
        message = f"{measure}: the findings that could be pooled are of {len(groups)} different groups"
        raise UsageError("\n  ".join([message, *lines]), f"name one with --group: {named}")


def _too_few(
    measure: str, group: str | None, samples: list[tuple[Finding, Sample]], left: list[LeftOut]
) -> EvidenceError:
    of = f" of {group}" if group else ""
    kept = [f"{each.id}: could be pooled" for _, each in samples]
    lines = kept + _by_reason(left)
    message = f"{measure}{of}: pooling needs two independent findings with their numbers, there are {len(samples)}"
    hint = "see `evidence search` for what this base holds, or pool a table with --counts"
    return EvidenceError("\n  ".join([message, *lines]), hint)


def _by_reason(left: list[LeftOut]) -> list[str]:
    """Say what was left out, each reason once, with the ids where they are few."""
    reasons: dict[str, list[str]] = {}
    for each in left:
        reasons.setdefault(each.reason, []).append(each.id)
    return [
        f"{', '.join(ids)}: left out, {reason}" if len(ids) <= _FEW else f"{len(ids)} findings: left out, {reason}"
        for reason, ids in reasons.items()
    ]
