"""A rate used where it does not fit, and studies credited with people they did not ask."""

from __future__ import annotations

from collections.abc import Iterator

from evidencebase.base import Base
from evidencebase.checks.context import Context, note, warning
from evidencebase.model.ages import read_band
from evidencebase.model.appraisals import Universe
from evidencebase.model.periods import years
from evidencebase.model.records import Claim, Estimate, Finding, Population, Study
from evidencebase.model.relations import within
from evidencebase.model.values import Path
from evidencebase.model.vocabulary import Group, Vocabulary
from evidencebase.problems import Problem

MAX_YEARS_APART = 10
_PEOPLE = "persons"
Fault = tuple[Path, str, str, str]


def check_fit(context: Context) -> Iterator[Problem]:
    """Rates on populations of another counting unit, group, age band, place or time, or called another measure.

    An `override` with its reason turns the warnings of its estimate into one note that repeats the reason.
    """
    base = context.base
    for entry, estimate in base.each(Estimate):
        finding, population = base.get(Finding, estimate.finding), base.get(Population, estimate.population)
        if finding is None or population is None:
            continue
        faults = [
            *_unit(base, finding, population),
            *_group(base, finding, population),
            *_place(base, finding, population),
            *_period(finding, population),
            *_measure(base, estimate, finding),
        ]
        if faults and estimate.override:
            codes = ", ".join(sorted({code for _, code, _, _ in faults}))
            message = f"used all the same ({codes}), because: {estimate.override}"
            yield note(entry, ("override",), "fit-override", message, "show the reason wherever the number shows")
            continue
        for path, code, message, hint in faults:
            yield warning(entry, path, code, message, hint)


def _unit(base: Base, finding: Finding, population: Population) -> Iterator[Fault]:
    rated = base.vocabulary.groups.get(finding.group or "")
    counted = rated.universe if rated else _PEOPLE
    if counted != population.unit:
        message = (
            f"a rate of {counted} ({base.label('groups', finding.group) or 'group not stated'}) is put on"
            f" {population.unit} ({base.label('groups', population.group)})"
        )
        hint = f"use a population counted in {counted}, or say in `override` why it may stand"
        yield ("population",), "fit-unit", message, hint


def _group(base: Base, finding: Finding, population: Population) -> Iterator[Fault]:
    groups = base.vocabulary.groups
    rated, counted = groups.get(finding.group or ""), groups.get(population.group)
    if rated is None or counted is None or rated.universe != population.unit:
        return
    if within(base.vocabulary, "groups", counted.id, rated.id):
        if not _inside(_ages(base.vocabulary, counted), _ages(base.vocabulary, rated)):
            yield _age_fault(rated, counted)
        return
    if not _inside(_ages(base.vocabulary, counted), _ages(base.vocabulary, rated)) and _bounded(counted):
        yield _age_fault(rated, counted)
        return
    message = f"a rate of {rated.label} is put on {counted.label}, who are not known to be the same or a part of them"
    hint = "use a rate of this group; or give it its `broader` group in schema/groups.yml, if it is a part"
    yield ("finding",), "fit-group", message, hint


def _age_fault(rated: Group, counted: Group) -> Fault:
    message = f"a rate of {rated.label} is put on {counted.label}: other ages"
    return ("finding",), "fit-age", message, "use a rate of these ages, or say in `override` why it may stand"


def _bounded(group: Group) -> bool:
    return group.age_min is not None or group.age_max is not None


def _ages(vocabulary: Vocabulary, group: Group) -> tuple[int, int]:
    """The ages of a group in whole years; bounds it does not give are those of its nearest broader group."""
    low, high = group.age_min, group.age_max
    for key in vocabulary.ancestors("groups", group.id):
        broader = vocabulary.groups.get(key)
        if broader is not None:
            low = broader.age_min if low is None else low
            high = broader.age_max if high is None else high
    return (0 if low is None else low), (120 if high is None else high)


def _inside(inner: tuple[int, int], outer: tuple[int, int]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _place(base: Base, finding: Finding, population: Population) -> Iterator[Fault]:
    if population.place is None:
        return
    where = base.label("places", population.place)
    hint = "use a rate of this place or of one around it, or say in `override` why it may stand"
    if finding.place is None:
        yield ("finding",), "fit-place", f"a rate of unknown place is put on people in {where}", hint
    elif not within(base.vocabulary, "places", population.place, finding.place):
        message = f"a rate of {base.label('places', finding.place)} is put on people in {where}"
        yield ("finding",), "fit-place", message, hint


def _period(finding: Finding, population: Population) -> Iterator[Fault]:
    rated = years(finding.period) if finding.period else None
    counted = years(population.period) if population.period else None
    if rated is None or counted is None:
        return
    apart = max(counted[0] - rated[1], rated[0] - counted[1])
    if apart > MAX_YEARS_APART:
        message = f"a rate of {finding.period} is put on the people of {population.period}, {apart} years apart"
        yield ("finding",), "fit-period", message, "use a rate and a population nearer to each other in time"


def _measure(base: Base, estimate: Estimate, finding: Finding) -> Iterator[Fault]:
    if estimate.measure is not None and estimate.measure != finding.measure:
        called, own = base.label("measures", estimate.measure), base.label("measures", finding.measure)
        message = f"the number is given as “{called}”; its rate is of “{own}”"
        hint = "read it as what the rate measures, whatever the table calls it"
        yield ("measure",), "fit-measure", message, hint


def check_universes(context: Context) -> Iterator[Problem]:
    """Findings and claims credited to a study that did not ask such people, or not there."""
    base = context.base
    for entry in base.entries.values():
        record = entry.record
        if not isinstance(record, Finding | Claim):
            continue
        study = base.get(Study, record.study)
        group = base.vocabulary.groups.get(record.group or "")
        if study is None or (isinstance(record, Claim) and record.kind != "direction"):
            continue
        outside = _outside(base, study.universe, group, record.place)
        if outside:
            message = f"credited to {base.label('studies', study.key)}, which covers {outside}"
            hint = "compare the credit with the document; where it stands so, mark the attribution and say why"
            yield warning(entry, ("study",), "fit-universe", message, hint)


def _outside(base: Base, universe: Universe, group: Group | None, place: str | None) -> str:
    """What a study covers, against what it is credited with; empty where it fits or is not known."""
    vocabulary = base.vocabulary
    if group is not None and universe.ages and group.universe == _PEOPLE:
        asked_ages = read_band(universe.ages)
        youngest, oldest = _ages(vocabulary, group)
        if asked_ages is not None and (oldest < asked_ages.low or youngest > asked_ages.last):
            return f"ages {universe.ages}; this is of {group.label}"
    asked = vocabulary.groups.get(universe.group or "")
    if asked is not None and group is not None and group.universe == asked.universe:
        related = within(vocabulary, "groups", group.id, asked.id)
        wider = within(vocabulary, "groups", asked.id, group.id)
        if wider and not related:
            return f"{asked.label} only; this is of {group.label} as a whole"
    if place and universe.place and place in vocabulary.places and universe.place in vocabulary.places:
        inside = within(vocabulary, "places", place, universe.place)
        if not inside:
            return f"{base.label('places', universe.place)}; this is of {base.label('places', place)}"
    return ""
