"""A rate used where it does not fit, and studies credited with people they did not ask."""

from __future__ import annotations

from collections.abc import Iterator

from evidencebase.checks.context import Context, note, warning
from evidencebase.model.records import Claim, Estimate, Finding
from evidencebase.model.values import Path
from evidencebase.problems import Problem
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


def check_universes(context: Context) -> Iterator[Problem]:
    """Findings and claims credited to a study that did not ask such people, or not there."""
    for entry in context.base.entries.values():
        record = entry.record
        if isinstance(record, Finding) or (isinstance(record, Claim) and record.direction):
            for each in universe_fit(context.base, record):
                hint = "compare the credit with the document; where it stands so, mark the attribution and say why"
                yield warning(entry, ("study",), "fit-universe", each.because, hint)
