"""A rate used where it does not fit, and studies credited with people they did not ask."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from evidencebase.base import Base
from evidencebase.checks.check import check
from evidencebase.checks.context import Context, note, warning
from evidencebase.model.periods import shown
from evidencebase.model.records import Claim, Estimate, Finding
from evidencebase.model.values import Path
from evidencebase.problems import Code, Problem, Severity
from evidencebase.rules.applicability import of_estimate
from evidencebase.rules.fit import OLD, VERY_OLD, Lowering, Rule, outside, unit_of, years_apart

RULES: Final[dict[Rule, str]] = {
    "other-counting-unit": "the population counts another unit",
    "other-definition": "the people are defined otherwise, or their definition could not be compared",
    "other-age-band": "the age band is another",
    "broader-group": "the rate is of a broader group, of which these are a part",
    "other-place": "the rate was measured in another place, which does not hold this one",
    "broader-place": "the rate was measured in a wider place around this one",
    "place-unknown": "the place of the rate is not stated",
    "older-than-5-years": f"the data are more than {OLD} years older or newer than the population",
    "older-than-10-years": f"the data are more than {VERY_OLD} years older or newer (a further step)",
    "period-unknown": "the period of the data is not stated",
    "other-measure": "the number is called by another measure than its rate",
    "outside-universe": "the study did not ask such people, or not there",
}
"""What lowers the applicability of an estimate, in general."""
_MEND = "say in `override` why it may stand"
_FAULTS: dict[Rule, tuple[str, Path, str]] = {
    "other-counting-unit": (
        "fit-unit",
        ("population",),
        f"use a rate and a population of one counting unit, or {_MEND}",
    ),
    "other-definition": (
        "fit-group",
        ("finding",),
        "use a rate of this group; or give it its `broader` group in schema/groups.yml, if it is a part",
    ),
    "other-age-band": ("fit-age", ("finding",), f"use a rate of these ages, or {_MEND}"),
    "other-place": ("fit-place", ("finding",), f"use a rate of this place or of one around it, or {_MEND}"),
    "place-unknown": ("fit-place", ("finding",), f"use a rate of this place or of one around it, or {_MEND}"),
    "older-than-10-years": (
        "fit-period",
        ("finding",),
        "use a rate and a population nearer to each other in time",
    ),
    "other-measure": ("fit-measure", ("measure",), "read it as what the rate measures, whatever the table calls it"),
}
"""The misfits of an estimate: code, field and mend."""


def because(base: Base, lowering: Lowering) -> str:
    """What makes a rule hold of a rate and the people it is put on, as `check`, `estimate` and the page say it."""
    use, rate = lowering.use, lowering.use.rate
    if lowering.rule in ("other-counting-unit", "other-age-band", "broader-group", "other-definition"):
        return _of_people(base, lowering)
    if lowering.rule in ("place-unknown", "broader-place", "other-place"):
        return _of_place(base, lowering)
    if lowering.rule == "period-unknown":
        return "the period of the data is not stated"
    if lowering.rule in ("older-than-5-years", "older-than-10-years"):
        limit = OLD if lowering.rule == "older-than-5-years" else VERY_OLD
        apart = years_apart(rate.period, use.period)
        when, then = shown(rate.period), shown(use.period)
        return f"a rate of {when} is put on the people of {then}, {apart} years apart: more than {limit}"
    if lowering.rule == "other-measure":
        called, own = base.label("measures", use.called), base.label("measures", rate.measure)
        return f"the number is given as “{called}”; its rate is of “{own}”"
    return not_asked(base, rate)


def _of_people(base: Base, lowering: Lowering) -> str:
    use, known = lowering.use, base.vocabulary.groups.get(lowering.use.rate.group or "")
    rated, whom = base.label("groups", use.rate.group), use.group.label if use.group else "people not described"
    if lowering.rule == "other-counting-unit":
        return f"a rate of {unit_of(known)} ({rated or 'group not stated'}) is put on {use.unit} ({whom})"
    ends = {
        "other-age-band": ": other ages",
        "broader-group": ", who are a part of them",
        "other-definition": ", who are not known to be the same or a part of them",
    }
    return f"a rate of {rated} is put on {whom}{ends[lowering.rule]}"


def _of_place(base: Base, lowering: Lowering) -> str:
    use, where = lowering.use, base.label("places", lowering.use.rate.place)
    here = use.place.label if use.place else ""
    if lowering.rule == "place-unknown":
        return f"a rate of unknown place is put on people in {here}"
    if lowering.rule == "other-place":
        return f"a rate of {where} is put on people in {here}: {where}, which does not contain {here}"
    if use.place and use.place.id not in base.vocabulary.places:
        return f"a rate of {where}; that {here} lies in it is taken as given"
    return f"a rate of {where}, carried to {here}"


def not_asked(base: Base, record: Finding | Claim) -> str:
    """What a study covers, against what it is credited with; empty where nothing says that it did not ask them."""
    by, study = outside(base, record), base.studies.get(record.study or "")
    if by is None or study is None:
        return ""
    universe, group = study.universe, base.label("groups", record.group)
    covers = {
        "ages": f"ages {universe.ages}; this is of {group}",
        "group": f"{base.label('groups', universe.group)} only; this is of {group} as a whole",
        "place": f"{base.label('places', universe.place)}; this is of {base.label('places', record.place)}",
    }
    return f"credited to {base.label('studies', study.key)}, which covers {covers[by]}"


@check(
    Code(
        "fit-age",
        Severity.WARNING,
        "a rate on people of other ages",
        "What holds for ages 10 to 15 is not known to hold for ages 5 to 9.",
        "finding: swim-2019-children-10-15\npopulation: millbrook-children-5-9",
        "population: millbrook-children-10-15",
    ),
    Code(
        "fit-group",
        Severity.WARNING,
        "a rate on people who are not known to be the same, or a part of them",
        "The vocabulary says which group is part of which; where it says nothing, nothing is assumed.",
        "finding: swim-2019-children   # children\npopulation: millbrook-teachers",
        "population: millbrook-pupils   # groups.yml: pupils have `broader: [children]`",
    ),
    Code(
        "fit-measure",
        Severity.WARNING,
        "an estimate is called by another measure than its rate",
        "A rate of those who can swim gives no number of those who swim weekly.",
        "finding: swim-2019-children   # can-swim\nmeasure: swims-weekly",
        "measure: can-swim",
    ),
    Code(
        "fit-override",
        Severity.NOTE,
        "a misfit that is used on purpose, with its reason",
        "The reason is shown wherever the number is shown.",
        "override: there is no local rate; the pool is the same",
        "Nothing to mend: read the reason, and judge.",
    ),
    Code(
        "fit-period",
        Severity.WARNING,
        "rate and population more than ten years apart",
        "What was true of one generation is put on the next.",
        "finding: swim-2001-children   # 2001\npopulation: millbrook-children-2019",
        "finding: swim-2019-children",
    ),
    Code(
        "fit-place",
        Severity.WARNING,
        "a rate from elsewhere, or from an unknown place",
        "A rate of the country around a place is usual; a rate of another county is not.",
        "finding: ashford-swim-2019   # ashford\npopulation: millbrook-children",
        "finding: england-swim-2019   # millbrook lies in england",
    ),
    Code(
        "fit-unit",
        Severity.WARNING,
        "a rate of people on households, or the other way round",
        "A household has one or several people; the product counts neither.",
        "finding: renters-swim   # persons\npopulation: millbrook-renting-households   # households",
        "population: millbrook-renters   # persons",
    ),
)
def check_fit(context: Context) -> Iterator[Problem]:
    """Rates on populations of another counting unit, group, age band, place or time, or called another measure.

    An `override` with its reason turns the warnings of its estimate into one note that repeats the lowering.
    """
    for entry, estimate in context.base.each(Estimate):
        if estimate.total is not None or (applicable := of_estimate(context.base, estimate)) is None:
            continue  # a total fits as its parts do
        lowered = [each for each in applicable.lowered if each.rule in _FAULTS]
        faults = [(*_FAULTS[each.rule], because(context.base, each)) for each in lowered]
        if faults and estimate.override:
            codes = ", ".join(sorted({code for code, *_ in faults}))
            message = f"used all the same ({codes}), because: {estimate.override}"
            yield note(entry, ("override",), "fit-override", message, "show the reason wherever the number shows")
            continue
        for code, path, hint, message in faults:
            yield warning(entry, path, code, message, hint)


@check(
    Code(
        "fit-universe",
        Severity.WARNING,
        "a study is credited with people it did not ask, or with another place",
        "Either the credit is wrong, or the universe of the study.",
        "study: adult-swim-survey   # ages 16+\ngroup: children-10-12",
        "study: child-swim-survey",
    ),
)
def check_universes(context: Context) -> Iterator[Problem]:
    """Findings and claims credited to a study that did not ask such people, or not there."""
    for entry in context.base.entries.values():
        record = entry.record
        if not isinstance(record, Finding) and not (isinstance(record, Claim) and record.direction):
            continue
        if message := not_asked(context.base, record):
            hint = "compare the credit with the document; where it stands so, mark the attribution and say why"
            yield warning(entry, ("study",), "fit-universe", message, hint)
