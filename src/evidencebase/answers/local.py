"""Local estimates for a new place: published rates on a local population, graded and cited row by row."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from evidencebase.answers.choosing import Candidate, Choice, Lowered, Rates, Rejected
from evidencebase.answers.names import find_measure, find_place
from evidencebase.answers.populations import LocalGroup, LocalPopulation, read_population, template
from evidencebase.model.plain import fields_of, printable
from evidencebase.model.records import Finding
from evidencebase.model.relations import overlapping_pair
from evidencebase.model.vocabulary import PERCENT
from evidencebase.problems import EvidenceError, UsageError
from evidencebase.provenance.seal import Status
from evidencebase.rules.applicability import level
from evidencebase.rules.precision import UNKNOWN, Precision, precision, study_of, why_unknown
from evidencebase.rules.product import share_of
from evidencebase.rules.rounding import rounded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from evidencebase.base import Base
    from evidencebase.model.vocabulary import Measure, PlaceEntry

WHAT_IT_IS = (
    "Each number is a published rate multiplied by the local count: what would be expected if the rate applied, "
    "not a count of people found."
)
THREE_GRADES = (
    "Source strength is of the study, precision of the rate, applicability of the rate to this place and these people: "
    "three different things."
)
SAMPLING_ONLY = "sampling error of the rate only"
LEAVES_OUT = (
    "left out: error in the population count, how far the place differs from where the rate was measured, change "
    "since then, people the survey does not reach, and how they answered"
)


@dataclass(frozen=True, slots=True)
class Source:
    """What a row cites: the finding, where it was read and who measured it."""

    finding: str
    rate: Decimal
    rate_text: str
    place: str
    period: str | None
    group: str
    study: str
    strength: str
    documents: tuple[str, ...]
    document_titles: tuple[str, ...]
    locators: tuple[str, ...]
    reviewed: bool
    caveats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LocalRow:
    """One group. `expected` is None where nothing fits and the row is refused, with `reason` saying why.

    Source strength, precision and applicability stand apart: a strong source can be unfit for a place. `lower`
    and `upper` are persons, of the sampling error alone; None where the precision of the rate is unknown.
    """

    group: str
    label: str
    count: Decimal
    unit: str
    period: str | None
    definition: str | None
    statement: str
    reason: str
    rejected: tuple[Rejected, ...]
    line: int
    expected: Decimal | None = None
    exact: Decimal | None = None
    lower: Decimal | None = None
    upper: Decimal | None = None
    source: Source | None = None
    source_strength: str = ""
    precision: str = ""
    applicability: str = ""
    lowered: tuple[Lowered, ...] = ()
    interval_covers: str = ""
    direct: bool = False
    override: str | None = None


@dataclass(frozen=True, slots=True)
class LocalTotal:
    """The sum over groups, or why there is none. `left_out` are groups without an estimate."""

    expected: Decimal | None
    lower: Decimal | None
    upper: Decimal | None
    count: Decimal | None
    text: str
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LocalTable:
    """A table of local estimates, ready for a needs assessment."""

    place: str
    measure: str
    measure_label: str
    rows: tuple[LocalRow, ...]
    total: LocalTotal
    notes: tuple[str, ...]
    override: str | None

    def as_dict(self) -> dict[str, Any]:
        """Give the shape printed by `evidence estimate --population ... --format json`."""
        return fields_of(self)


def estimate_local(
    base: Base, population: Path, place: str, measure: str | None = None, override: str | None = None
) -> LocalTable:
    """Apply the base's rates to the local population in a CSV.

    `place` is the name of the place; `measure` an id or label, chosen where only one would do. `override` is the reason
    for using rates that do not fit; it then stands in every such row. Raises UsageError for a measure or place
    that will not do, EvidenceError for a population file with faults, or where no row can be estimated.
    """
    if override is not None and not override.strip():
        raise UsageError("--override is empty", "say why rates that do not fit may be used; it is printed in the table")
    reason = " ".join(printable(override).split()) if override else None
    chosen = find_measure(base, measure, rated_measures(base), "rates that can be applied")
    where = find_place(base, place)
    people = read_population(base, population, any_unit=reason is not None)
    rates = Rates(base, chosen.id)
    rows = [_row(base, rates, local, where, chosen, reason) for local in people.groups]
    if all(row.expected is None for row in rows):
        lines = [f"{people.path}:{row.line}: {row.label}: {row.reason}" for row in rows]
        hint = f"see `evidence estimate --template --measure {chosen.id}` for the groups with a rate"
        raise EvidenceError("\n  ".join(["no group could be estimated", *lines]), hint)
    return LocalTable(
        place=where.label,
        measure=chosen.id,
        measure_label=chosen.label,
        rows=tuple(rows),
        total=total_of(base, rows),
        notes=tuple(_notes(base, people, where, rows)),
        override=reason,
    )


def population_template(base: Base, measure: str | None = None) -> str:
    """Write a population file to fill in, with every group that has a rate of the measure."""
    chosen = find_measure(base, measure, rated_measures(base), "rates that can be applied")
    groups = Rates(base, chosen.id).groups()
    if not groups:
        raise EvidenceError(f"this base has no rate of '{chosen.label}' that can be applied", "name another --measure")
    return template(groups)


def rated_measures(base: Base) -> list[str]:
    """Give the measures with a prevalence in percent of some group, in the order of the vocabulary."""
    rated = {
        record.measure
        for entry, record in base.each(Finding)
        if record.statistic == "prevalence"
        and record.group is not None
        and record.value is not None
        and base.unit(entry) == PERCENT
    }
    return [key for key in base.vocabulary.measures if key in rated]


def _row(
    base: Base, rates: Rates, local: LocalGroup, place: PlaceEntry, measure: Measure, override: str | None
) -> LocalRow:
    choice = rates.choose(local, place, local.period or _as_at(base), override=override is not None)
    if choice.chosen is None:
        return _refused(local, choice)
    candidate = choice.chosen
    finding = candidate.finding
    assert finding.value is not None  # noqa: S101 - a candidate has a rate
    exact = share_of(finding.value, local.count)
    expected = rounded(exact)
    known = precision(candidate.entry, base)
    lower, upper = _limits(known, local.count)
    lowered = (*candidate.misfits, *candidate.lowered)
    source = _source(base, rates, candidate)
    return LocalRow(
        **_of(local, choice),
        expected=expected,
        exact=exact,
        lower=lower,
        upper=upper,
        statement=_statement(base, candidate, local, place, measure, expected),
        source=source,
        source_strength=source.strength,
        precision=_precision_words(base, candidate, known, lower, upper),
        applicability=level(lowered),
        lowered=lowered,
        interval_covers=f"{SAMPLING_ONLY}; {LEAVES_OUT}" if known else f"no interval; {LEAVES_OUT}",
        direct=candidate.direct,
        override=override if candidate.misfits else None,
    )


def _refused(local: LocalGroup, choice: Choice) -> LocalRow:
    return LocalRow(**_of(local, choice), statement=f"refused: {choice.because}")


def _of(local: LocalGroup, choice: Choice) -> dict[str, Any]:
    """Give what a row has whether or not a rate fits: whom it counts, and what was chosen or not."""
    return {
        "group": local.group.id,
        "label": local.group.label,
        "count": local.count,
        "unit": local.unit,
        "period": local.period,
        "definition": local.definition,
        "reason": choice.because,
        "rejected": choice.rejected,
        "line": local.line,
    }


def _limits(known: Precision | None, count: Decimal) -> tuple[Decimal | None, Decimal | None]:
    if known is None:
        return None, None
    low, high = (rounded(share_of(Decimal(repr(each)), count)) for each in (known.lower, known.upper))
    return low, high


def _statement(
    base: Base, candidate: Candidate, local: LocalGroup, place: PlaceEntry, measure: Measure, expected: Decimal
) -> str:
    finding = candidate.finding
    rate_place = base.label("places", finding.place) or "the source, whose place is not stated,"
    about = "about " if finding.qualifiers else ""
    people = local.group.label if local.unit == local.group.universe else f"{local.unit} ({local.group.label})"
    return (
        f"{about}{expected:,} {people} in {place.label} would be expected to {_infinitive(measure.phrase)} "
        f"if the rate for {rate_place} applied"
    )


_NO_INFINITIVE = ("are", "were", "do", "did", "had", "said", "felt", "found", "lost", "made", "went", "took")


def _infinitive(phrase: str) -> str:
    """Make a measure's phrase follow "to": what cannot ("are unable", "said that ...") is put behind "those who"."""
    verb = phrase.split(" ", 1)[0]
    past = verb.endswith("ed") and not verb.endswith("eed")
    return f"be among those who {phrase}" if past or verb in _NO_INFINITIVE else phrase


def _precision_words(
    base: Base, candidate: Candidate, known: Precision | None, lower: Decimal | None, upper: Decimal | None
) -> str:
    if known is None or lower is None or upper is None:
        return f"{UNKNOWN}: {why_unknown(candidate.entry, base)}"
    confidence = f"{known.confidence:g}%" if known.confidence is not None else "confidence not published"
    return f"{lower:,} to {upper:,} ({confidence}; {known.source} interval of the rate, {known.method})"


def _source(base: Base, rates: Rates, candidate: Candidate) -> Source:
    finding = candidate.finding
    assert finding.value is not None  # noqa: S101 - a candidate has a rate
    study = study_of(finding, base)
    documents = tuple(dict.fromkeys(anchor.document for anchor in finding.anchors))
    return Source(
        finding=candidate.entry.key,
        rate=finding.value,
        rate_text=base.figure(candidate.entry),
        place=base.label("places", finding.place) or "not stated",
        period=finding.period,
        group=base.label("groups", finding.group),
        study=base.label("studies", finding.study) or "not credited",
        strength=study.strength if study else "not graded",
        documents=documents,
        document_titles=tuple(base.label("documents", each) for each in documents),
        locators=tuple(dict.fromkeys(anchor.locator for anchor in finding.anchors if anchor.locator)),
        reviewed=rates.reviews.status(candidate.entry) is Status.REVIEWED,
        caveats=tuple(finding.caveats),
    )


def _as_at(base: Base) -> str | None:
    own = base.metadata.get("evidencebase")
    text = str(own.get("as_at") or "") if isinstance(own, dict) else ""
    return text or None


def total_of(base: Base, rows: Sequence[LocalRow]) -> LocalTotal:
    """Add up the rows where nobody can be in two of them; else say which two overlap.

    The interval of the sum adds the distances of independent intervals in squares (MOVER, Zou and Donner 2008).
    """
    estimated = [row for row in rows if row.expected is not None]
    left_out = tuple(row.label for row in rows if row.expected is None)
    if len(estimated) <= 1:
        return LocalTotal(None, None, None, None, "no total: only one group was estimated", left_out)
    if len({row.unit for row in estimated}) > 1:
        return LocalTotal(None, None, None, None, "no total: some rows count persons, some households", left_out)
    pair = overlapping_pair(base.vocabulary.groups[row.group] for row in estimated)
    if pair is not None:
        text = f"no total: {pair[0].label} and {pair[1].label} may share people, who would be counted twice"
        return LocalTotal(None, None, None, None, text, left_out)
    exact = sum((row.exact for row in estimated if row.exact is not None), Decimal(0))
    count = sum((row.count for row in estimated), Decimal(0))
    printed = sum((row.expected for row in estimated if row.expected is not None), Decimal(0))
    expected = rounded(exact)
    lower, upper = _total_limits(estimated, exact)
    parts = ["the sum before rounding"]
    parts += [f"the rows as shown add up to {printed:,}"] if printed != expected else []
    parts += [UNKNOWN] if lower is None else [f"{lower:,} to {upper:,} by sampling error alone"]
    parts += [f"without {', '.join(left_out)}"] if left_out else []
    return LocalTotal(expected, lower, upper, count, "; ".join(parts), left_out)


def _total_limits(rows: Sequence[LocalRow], exact: Decimal) -> tuple[Decimal | None, Decimal | None]:
    limits = [(row.exact, row.lower, row.upper) for row in rows]
    one_rate = len({row.source.finding for row in rows if row.source}) < len(rows)
    confidences = {row.precision.split("(")[-1].split(";")[0] for row in rows}
    if one_rate or len(confidences) > 1:
        return None, None
    below = above = 0.0
    for middle, low, high in limits:
        if middle is None or low is None or high is None:
            return None, None
        below, above = math.hypot(below, float(middle - low)), math.hypot(above, float(high - middle))
    return rounded(exact - Decimal(repr(below))), rounded(exact + Decimal(repr(above)))


def _notes(base: Base, people: LocalPopulation, place: PlaceEntry, rows: Sequence[LocalRow]) -> list[str]:
    found = [
        WHAT_IT_IS,
        THREE_GRADES,
        f"Where an interval is shown it carries the {SAMPLING_ONLY}; {LEAVES_OUT}.",
    ]
    if place.id not in base.vocabulary.places:
        found.append(f"{place.label} is no place of this base: that rates of a country hold there is assumed.")
    if place.excludes:
        names = ", ".join(base.label("places", each) for each in place.excludes)
        found.append(f"{place.label} here leaves out {names}.")
    if any(row.period is None for row in rows):
        as_at = _as_at(base)
        known = f"taken as the base's as-at date, {as_at}"
        basis = known if as_at else "not known, so the age of the data is not judged"
        found.append(f"Where the file gives no period for a count it is {basis}.")
    if people.blank:
        found.append(f"Left out, without a count in the file: {', '.join(people.blank)}.")
    if people.ignored:
        names = ", ".join(printable(each) for each in people.ignored)
        found.append(f"Columns of the file that were not used: {names}.")
    if any(row.source is not None and not row.source.reviewed for row in rows):
        found.append("Some rates come from records that are not reviewed; the rows say which.")
    return found
