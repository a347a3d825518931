"""Why two findings may not be compared, aspect by aspect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidencebase.model.records import Finding
from evidencebase.model.relations import age_band, differences
from evidencebase.model.vocabulary import PERCENT
from evidencebase.rules.editions import editions
from evidencebase.rules.fit import years_apart
from evidencebase.rules.overlap import apart
from evidencebase.rules.precision import study_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evidencebase.base import Base, Entry
    from evidencebase.model.vocabulary import Measure


@dataclass(frozen=True, slots=True)
class Reason:
    """One respect in which two figures differ, or may. `prevents`: they are then not compared."""

    aspect: str
    message: str
    prevents: bool


def reasons(base: Base, one: Entry[Finding], other: Entry[Finding]) -> list[Reason]:
    """Give every reason for not comparing two findings, and every caution; none where they may be compared."""
    a, b = one.record, other.record
    found = [*_measure(base, one, other), *_people(base, a, b), *_mode(base, a, b)]
    found += [*_unstated(a, b), *_links(one, other), *_exactness(a, b), *_sample(base, a, b)]
    varying = _varying(base, a, b)
    if len(varying) > 1:
        listed = " and ".join((", ".join(varying[:-1]), varying[-1]))
        for aspect in varying:
            message = f"{_both(base, a, b, aspect)}; they differ in {listed}, so a difference could not be laid to one"
            found.append(Reason(aspect, message, prevents=True))
    return found


def _measure(base: Base, one: Entry[Finding], other: Entry[Finding]) -> Iterator[Reason]:
    a, b = one.record, other.record
    if a.statistic != b.statistic:
        yield Reason("measure", f"one is a {a.statistic}, the other a {b.statistic}", prevents=True)
    if a.measure != b.measure:
        first, second = (base.vocabulary.measures.get(key) for key in (a.measure, b.measure))
        yield _other_measure(base, (one, other), first, second)
    elif base.unit(one) != base.unit(other):
        yield Reason("unit", f"one is in {base.unit(one)}, the other in {base.unit(other)}", prevents=True)


def _other_measure(
    base: Base, entries: tuple[Entry[Finding], Entry[Finding]], first: Measure | None, second: Measure | None
) -> Reason:
    a, b = (entry.record for entry in entries)
    names = f"{base.label('measures', a.measure)} and {base.label('measures', b.measure)}"
    if first is None or second is None:
        return Reason("measure", f"other measures: {names}", prevents=True)
    if second.id == first.complement_of or first.id == second.complement_of:
        turned = ""
        if b.value is not None and base.unit(entries[1]) == PERCENT:
            turned = f" (here 100 - {b.value} = {100 - b.value}%)"
        return Reason("complement", f"{names}: one is the complement of the other, 100 - x{turned}", prevents=True)
    if second.id in first.comparable_with or first.id in second.comparable_with:
        return Reason("measure", f"other measures, held comparable by this base: {names}", prevents=False)
    if first.concept == second.concept and first.options_counted != second.options_counted:
        counted = " against ".join(", ".join(each.options_counted) or "options not stated" for each in (first, second))
        return Reason("cut-off", f"{names}: another cut-off or question; counted are {counted}", prevents=True)
    return Reason("measure", f"other measures: {names}", prevents=True)


def _people(base: Base, a: Finding, b: Finding) -> Iterator[Reason]:
    first, second = (base.vocabulary.groups.get(each.group or "") for each in (a, b))
    if first is None or second is None or first.id == second.id:
        return
    names = f"{first.label} and {second.label}"
    if first.universe != second.universe:
        message = f"{names}: one counts {first.universe}, the other {second.universe}"
        yield Reason("counting unit", message, prevents=True)
        return
    what = differences(base.vocabulary, first, second)
    bands = age_band(first), age_band(second)
    if "age band" in what and len(what) > 1:
        known = None not in bands
        detail = f"{bands[0]} against {bands[1]}" if known else "the ages of one are not stated"
        others = " and ".join(name for name in what if name != "age band")
        message = f"{names}: another age band ({detail}) as well as another {others}"
        yield Reason("age band", message, prevents=known)
    elif "age band" in what and None in bands:
        yield Reason("age band", f"{names}: the ages of one are not stated", prevents=False)


def _mode(base: Base, a: Finding, b: Finding) -> Iterator[Reason]:
    if a.study == b.study:
        if a.study is None:
            yield Reason("source", "neither is credited to a study, so they may be of two", prevents=False)
        return
    first, second = study_of(a, base), study_of(b, base)
    modes = [study.mode if study else None for study in (first, second)]
    if all(modes) and modes[0] != modes[1]:
        yield Reason("mode", f"answers were taken in another way: {modes[0]} against {modes[1]}", prevents=True)
    elif modes[0] != modes[1]:
        yield Reason("mode", "how answers were taken is not known of both", prevents=False)
    names = " and ".join(base.label("studies", each.study) or "a source not credited" for each in (a, b))
    kind = "two editions of one survey" if editions(base, a.study, b.study) else "two sources"
    yield Reason("source", f"{kind}: {names}", prevents=False)


def _unstated(a: Finding, b: Finding) -> Iterator[Reason]:
    for aspect, first, second in (("place", a.place, b.place), ("period", a.period, b.period)):
        if (first is None) == (second is None):
            continue
        silent = a.id if first is None else b.id
        yield Reason(aspect, f"the {aspect} of {silent} is not stated", prevents=a.study != b.study or a.study is None)


def _links(one: Entry, other: Entry) -> Iterator[Reason]:
    for entry, key in ((one, other.key), (other, one.key)):
        for link in entry.record.links:
            if link.to == key:
                because = f": {link.because}" if link.because else ""
                yield Reason("link", f"this base records {entry.key} as {link.type} {key}{because}", prevents=False)


def _exactness(a: Finding, b: Finding) -> Iterator[Reason]:
    for each in (a, b):
        if each.value is None:
            yield Reason("figure", f"{each.id} is a range, not one figure", prevents=True)
        elif each.qualifiers:
            degree = ", ".join(each.qualifiers)
            yield Reason("figure", f"{each.id} is not exact ({degree})", prevents=False)


def _sample(base: Base, a: Finding, b: Finding) -> Iterator[Reason]:
    if any(link.type == "same-sample" for each, key in ((a, b.id), (b, a.id)) for link in each.links if link.to == key):
        yield Reason("sample", "both are of one sample, so the two are not independent", prevents=False)
    elif a.study is not None and a.study == b.study and not apart(base, a, b) and not _other_wave(a, b):
        yield Reason("sample", "both are of one study, and some people may be in both", prevents=False)


def _other_wave(a: Finding, b: Finding) -> bool:
    """Whether two figures are of two times, neither a part of the other."""
    return bool(a.period and b.period and a.period != b.period and not _pooled_together(a.period, b.period))


def _pooled_together(one: str, other: str) -> bool:
    """Whether one period is of pooled years that the other touches."""
    return any("/" in each for each in (one, other)) and years_apart(one, other) == 0


def _varying(base: Base, a: Finding, b: Finding) -> list[str]:
    """Name what is known to vary between two findings, of group, place, period and source."""
    varying = []
    if a.group != b.group:
        first, second = (base.vocabulary.groups.get(each.group or "") for each in (a, b))
        what = differences(base.vocabulary, first, second) if first and second else []
        varying.append("age band" if what == ["age band"] else "group")
    varying += [name for name in ("place", "period") if _differ(getattr(a, name), getattr(b, name))]
    if a.study != b.study and not editions(base, a.study, b.study):
        varying.append("source")
    return varying


def _differ(first: str | None, second: str | None) -> bool:
    return first is not None and second is not None and first != second


def _both(base: Base, a: Finding, b: Finding, aspect: str) -> str:
    kinds = {"age band": "groups", "group": "groups", "place": "places", "source": "studies"}
    fields = {"age band": "group", "source": "study"}
    first, second = (getattr(each, fields.get(aspect, aspect)) for each in (a, b))
    if aspect in kinds:
        first, second = base.label(kinds[aspect], first), base.label(kinds[aspect], second)
    return f"{first or 'not stated'} against {second or 'not stated'}"
