"""A rate used where it does not fit, and studies credited with people they did not ask."""

from __future__ import annotations

from collections.abc import Iterator

from evidencebase.checks.check import check
from evidencebase.checks.context import Context, note, warning
from evidencebase.model.records import Claim, Estimate, Finding
from evidencebase.model.values import Path
from evidencebase.problems import Code, Problem, Severity
from evidencebase.rules.applicability import lowered_of
from evidencebase.rules.fit import universe_fit

_MEND = "say in `override` why it may stand"
_FAULTS: dict[str, tuple[str, Path, str]] = {
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
"""The misfits of an estimate: code, field and mend. That its study did not ask such people is said of the rate."""


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

    An `override` with its reason turns the warnings of its estimate into one note that repeats the reason.
    """
    for entry, estimate in context.base.each(Estimate):
        lowered = lowered_of(context.base, estimate) or []
        faults = [(*_FAULTS[each.rule], each.because) for each in lowered if each.rule in _FAULTS]
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
        if isinstance(record, Finding) or (isinstance(record, Claim) and record.direction):
            for each in universe_fit(context.base, record):
                hint = "compare the credit with the document; where it stands so, mark the attribution and say why"
                yield warning(entry, ("study",), "fit-universe", each.because, hint)
