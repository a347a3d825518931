"""Pooling: findings of one measure, or anybody's table of counts, into one percent.

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
from evidencebase.numbers import Pooled, pool, proportion_interval
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
_FEWEST = 2
_FEW = 4
_HUNDRED = 100
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Pooling:
    """How to pool, as `evidencebase.numbers.pool` takes it."""

    scale: str = "logit"
    method: str = "common"
    hartung_knapp: bool = False
    confidence: float = 95


@dataclass(frozen=True, slots=True)
class Sample:
    """One study's part: x of n, where both may be fractions. `id` is the finding's, None from a table."""

    study: str
    x: float
    n: float
    id: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class PooledStudy:
    """One study with its own Wilson interval and its weight in the pooled figure, all in percent."""

    study: str
    id: str | None
    group: str | None
    x: float
    n: float
    percent: float
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
    """A pooled percent with its studies, what was left out and what a reader should know."""

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
    people = find_group(base, group) if group is not None else None
    reviews = Reviews(base)
    samples: list[tuple[Finding, Sample]] = []
    left: list[LeftOut] = []
    notes: list[str] = []
    for entry in _largest_first(base, chosen.id):
        record = entry.record
        reason = _unfit(base, entry, reviews) or _other_people(base, record, people.id if people else None)
        clash = next(((other, why) for other, _ in samples if (why := overlap(base, record, other))), None)
        if reason is None and clash is not None:
            reason = f"its sample overlaps that of {clash[0].id}, which is pooled: {clash[1]}"
        if reason is not None:
            left.append(LeftOut(entry.key, reason))
            continue
        sample, note = _sample(base, entry)
        samples.append((record, sample))
        notes += [note] if note else []
    if len(samples) < _FEWEST:
        raise _too_few(chosen.label, people.label if people else None, samples, left)
    _same_people(base, chosen.label, samples, left)
    title = chosen.label + (f", {people.label}" if people else "")
    return _pooled(
        title, [each for _, each in samples], how, tuple(left), notes, (chosen.id, people.id if people else None)
    )


def pool_counts(file: Path, how: Pooling | None = None) -> Synthesis:
    """Pool anybody's table: a CSV with the columns study, x and n.

    Raises EvidenceError, with file and line, for a table that cannot be right: see `read_csv`; besides, x > n,
    negative numbers, a study without a name or named twice, fewer than two studies.
    """
    table = read_csv(file, COLUMNS)
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
            x, n = (float(number(row.cells[column], column, whole=False)) for column in ("x", "n"))
            proportion_interval(x, n)
        except ValueError as error:
            faults.add(row.line, str(error), "x is how many of the n people asked were counted")
            continue
        samples.append(Sample(name, x, n))
    if not faults.found and len(samples) < _FEWEST:
        faults.add(table.rows[-1].line, "only one study: pooling needs at least 2")
    faults.raise_if_any()
    notes = [f"the column {shown(name)} was not used" for name in table.ignored]
    return _pooled(printable(file.name), samples, how, (), notes, (None, None))


def _pooled(
    title: str,
    samples: Sequence[Sample],
    how: Pooling | None,
    left: tuple[LeftOut, ...],
    notes: list[str],
    names: tuple[str | None, str | None],
) -> Synthesis:
    chosen = how or Pooling()
    try:
        result = pool(
            [each.x for each in samples],
            [each.n for each in samples],
            chosen.scale,
            chosen.method,
            hartung_knapp=chosen.hartung_knapp,
            confidence=chosen.confidence,
        )
    except ValueError as error:
        raise EvidenceError(
            f"{title} cannot be pooled: {error}", "check x and n of every study, and the options"
        ) from error
    studies = []
    for sample, weight in zip(samples, result.weights, strict=True):
        own = proportion_interval(sample.x, sample.n, chosen.confidence)
        studies.append(
            PooledStudy(
                sample.study, sample.id, sample.group, sample.x, sample.n, own.estimate, own.lower, own.upper, weight
            )
        )
    return Synthesis(title, *names, result, tuple(studies), left, (*notes, *result.notes))


def _poolable_measures(base: Base) -> list[str]:
    counted: dict[str, int] = {}
    for record in base.findings.values():
        if record.n is not None and record.statistic in RATES:
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


def _unfit(base: Base, entry: Entry[Finding], reviews: Reviews) -> str | None:
    record = entry.record
    if reason := unsound(entry, reviews):
        return reason
    weighted = is_weighted(record, base)
    checks = (
        (record.statistic not in RATES or base.unit(entry) != PERCENT, f"a {record.statistic}, no percent of people"),
        (bool(record.qualifiers), "the figure is not exact (" + ", ".join(record.qualifiers) + ")"),
        (record.interval is None and record.n is None, "the number of people asked is not published"),
        (weighted is True and record.interval is None, "weighted, so its n will not do, and no interval is published"),
    )
    return next((reason for holds, reason in checks if holds), None)


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
    from evidencebase.numbers.distributions import normal_quantile

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
