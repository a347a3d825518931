"""Figures set side by side: wholes outside their parts, trends with exceptions, small bases, comparisons."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from evidencebase.base import Base, Entry
from evidencebase.checks.check import LEAVE, check
from evidencebase.checks.context import Context, note
from evidencebase.checks.lookup import listed
from evidencebase.model.amounts import amount, number
from evidencebase.model.records import Claim, Conclusion, Estimate, Finding
from evidencebase.model.relations import partition
from evidencebase.model.vocabulary import PERCENT, Group
from evidencebase.problems import Code, Problem, Severity
from evidencebase.rules.rounding import unrounded

SMALL_BASE = 100
_ALIKE = 5
_HINT = "the record is true to the document: leave it, and say in its caveats what it can carry"


@check(
    Code(
        "published-whole",
        Severity.NOTE,
        "a rate for all lies outside the rates of its parts",
        "A whole is an average of its parts, whatever their sizes: one of the figures is misprinted or mislabelled.",
        "all children: 50%; girls: 45%; boys: 38%",
        LEAVE,
    ),
)
def check_wholes(context: Context) -> Iterator[Problem]:
    """A rate for a whole group that lies outside the rates of the parts that make it up."""
    base, true = context.base, context.faithful
    series: dict[tuple[object, ...], dict[str, Entry[Finding]]] = {}
    for entry, finding in base.each(Finding):
        usable = finding.value is not None and not finding.qualifiers and base.unit(entry) == PERCENT
        if usable and finding.group and finding.study and (entry.kind, entry.key) in true:
            key = (finding.study, finding.measure, finding.place, finding.period)
            series.setdefault(key, {}).setdefault(finding.group, entry)
    for by_group in series.values():
        children: dict[str, list[Group]] = {}
        for key_ in by_group:
            group = base.vocabulary.groups.get(key_)
            for broader in base.vocabulary.broader("groups", key_):
                if broader in by_group and group is not None:
                    children.setdefault(broader, []).append(group)
        for whole, parts in children.items():
            if partition(base.vocabulary.groups[whole], parts):
                yield from _whole(base, by_group[whole], [by_group[part.id] for part in parts])


def _whole(base: Base, whole: Entry[Finding], parts: list[Entry[Finding]]) -> Iterator[Problem]:
    values = [value for entry in parts if (value := entry.record.value) is not None]
    printed = whole.record.value or Decimal(0)
    low, high = unrounded(printed)
    if high < min(unrounded(value)[0] for value in values) or low > max(unrounded(value)[1] for value in values):
        shown = listed(amount(value, PERCENT) for value in values)
        groups = listed(base.label("groups", entry.record.group) for entry in parts)
        message = (
            f"{amount(printed, PERCENT)} of the whole lies outside its parts, {shown} ({groups}):"
            " a whole is an average of its parts"
        )
        yield note(whole, ("value",), "published-whole", message, _HINT)


@check(
    Code(
        "published-trend",
        Severity.NOTE,
        "a rate that is said to rise or fall with age, and does not at every step",
        "True on the whole, wrong of some neighbours.",
        "direction: lower   # 7.7%, 7.8%, 5.7%, 5.1%",
        "Say “on the whole”, or name the exceptions.",
    ),
)
def check_trends(context: Context) -> Iterator[Problem]:
    """A claim that a rate rises or falls with age, and the age bands that go the other way."""
    base, true = context.base, context.faithful
    for entry, claim in base.each(Claim):
        bands = _bands(base, claim)
        if claim.direction not in ("higher", "lower") or len(bands) < 4 or (entry.kind, entry.key) not in true:
            continue
        older = bands[-1][1] - bands[0][1]
        against = [
            f"{amount(second, PERCENT)} of {later.label} after {amount(first, PERCENT)} of {earlier.label}"
            for (earlier, first), (later, second) in pairwise(bands)
            if (second - first) * older < 0
        ]
        if against:
            way = "falls" if older < 0 else "rises"
            message = f"the rate {way} with age on the whole, not step by step: {listed(against)}"
            yield note(entry, ("findings",), "published-trend", message, "say “on the whole”, or name the exceptions")


def _bands(base: Base, claim: Claim) -> list[tuple[Group, Decimal]]:
    """The groups of a claim's figures with their values, youngest first; empty unless they are age bands in a row.

    A claim on two of the bands themselves is a comparison and no trend.
    """
    found: list[tuple[Group, Decimal]] = []
    for key in claim.findings:
        finding = base.get(Finding, key)
        group = base.vocabulary.groups.get(finding.group or "") if finding else None
        if finding is None or finding.value is None or group is None or group.age_min is None:
            return []
        if finding.measure != claim.measure or group.id in (claim.group, claim.against):
            return []
        found.append((group, finding.value))
    found.sort(key=lambda band: band[0].age_min or 0)
    in_row = all(
        earlier.age_max is not None and later.age_min == earlier.age_max + 1
        for (earlier, _), (later, _) in pairwise(found)
    )
    return found if in_row else []


@check(
    Code(
        "published-small-base",
        Severity.NOTE,
        "a rate of fewer than a hundred people without an interval",
        "The message gives the 95% Wilson interval (Wilson 1927) that so few answers would have at best.",
        "value: 8\nn: 50   # 3 to 19%",
        "Give the interval wherever the rate is used.",
    ),
)
def check_small_bases(context: Context) -> Iterator[Problem]:
    """Rates of fewer than a hundred people, with the interval that so few would give; one note for a study."""
    from evidencebase.numbers import wilson_from_percent

    base, true = context.base, context.faithful
    built_on: set[str] = {estimate.finding for _, estimate in base.each(Estimate) if estimate.finding}
    found: dict[tuple[str | None, str], list[tuple[Entry[Finding], Finding]]] = {}
    for entry, finding in base.each(Finding):
        small = finding.n is not None and 0 < finding.n < SMALL_BASE and finding.interval is None
        usable = finding.value is not None and base.unit(entry) == PERCENT and (entry.kind, entry.key) in true
        if small and usable:
            found.setdefault((finding.study, finding.measure), []).append((entry, finding))
    for findings in found.values():
        shown = []
        for _, finding in findings:
            if finding.value is not None and finding.n is not None:
                limits = wilson_from_percent(float(finding.value), float(finding.n))
                shown.append(f"{amount(finding.value, PERCENT)} could be {limits.lower:.0f} to {limits.upper:.0f}%")
        rest_on = sum(finding.id in built_on for _, finding in findings)
        sizes = listed(number(finding.n) for _, finding in findings if finding.n is not None)
        message = (
            f"{len(findings)} rate{'s' * (len(findings) > 1)} of {sizes} people each, printed without an interval:"
            f" {listed(shown)} (95%, Wilson, as if drawn at random)"
            + (f"; local estimates rest on {rest_on} of them" if rest_on else "")
        )
        entry = findings[0][0]
        yield note(entry, ("n",), "published-small-base", message, "give the interval wherever the rate is used")


@check(
    Code(
        "published-comparison",
        Severity.NOTE,
        "a group is said to be like the general population, and other rates of the base say otherwise",
        "The rates that this base has for people of the same ages lie outside the interval that so few answers give.",
        "direction: no-difference   # 30% of 50 people aged 65 or over; 5% of adults aged 65 or over elsewhere",
        "Say with which study and year the comparison is made.",
    ),
)
def check_comparisons(context: Context) -> Iterator[Problem]:
    """A group said to be like the general population, against the rates that this base has for people of its ages."""
    from evidencebase.numbers import wilson_from_percent

    base, true = context.base, context.faithful
    by_group: dict[tuple[str, str], list[Finding]] = {}
    for entry, finding in base.each(Finding):
        if finding.group and finding.value is not None and base.unit(entry) == PERCENT:
            by_group.setdefault((finding.measure, finding.group), []).append(finding)
    narrower: dict[str, list[str]] = {}
    for group in base.vocabulary.groups.values():
        for broader in base.vocabulary.broader("groups", group.id):
            narrower.setdefault(broader, []).append(group.id)
    for entry_, claim in base.each(Claim):
        figures = [found for key in claim.findings if (found := base.get(Finding, key))]
        if claim.direction != "no-difference" or len(figures) != 1 or (entry_.kind, entry_.key) not in true:
            continue
        own = figures[0]
        if own.group != claim.group or own.measure != claim.measure or own.value is None or not own.n:
            continue
        around = _of_these_ages(base, claim.group or "")
        wider = [key for key in around for key in (key, *narrower.get(key, [])) if _unconditioned(base, key)]
        others = [rate for key in dict.fromkeys(wider) for rate in by_group.get((own.measure, key), [])]
        limits = wilson_from_percent(float(own.value), float(own.n))
        outside = [one for one in others if one.value and not limits.lower <= one.value <= limits.upper]
        if others and len(outside) == len(others):
            shown = listed(
                f"{amount(one.value, PERCENT)} of {base.label('groups', one.group)}"
                for one in others
                if one.value is not None
            )
            other = base.label("groups", claim.against)
            alike = f"to be like {other}" if other else "not to differ"
            message = (
                f"said {alike}: {amount(own.value, PERCENT)} of"
                f" {number(own.n)} people (95% interval {limits.lower:.1f} to {limits.upper:.1f}%, as if drawn at"
                f" random), where {shown} is printed elsewhere in this base: other studies, other methods"
            )
            hint = "say with which study and year the comparison is made"
            yield note(entry_, ("findings",), "published-comparison", message, hint)


def _of_these_ages(base: Base, group: str) -> list[str]:
    """The broader groups of the same ages that are bounded by nothing else."""
    own = base.vocabulary.groups.get(group)
    return [
        key
        for key in base.vocabulary.ancestors("groups", group)
        if own is not None
        and own.age_min is not None
        and (found := base.vocabulary.groups.get(key))
        and (found.age_min, found.age_max) == (own.age_min, own.age_max)
        and _unconditioned(base, key)
    ]


def _unconditioned(base: Base, key: str) -> bool:
    group = base.vocabulary.groups.get(key)
    return group is not None and not base.vocabulary.condition(group) and group.sex is None


@check(
    Code(
        "published-list",
        Severity.NOTE,
        "one list of a document names what a longer one of it leaves out",
        "The lists repeat each other otherwise, so that the gap is easily missed.",
        "stated_in: [{document: millbrook-2020, fragment: swimmers, locator: Summary}]   # not in section 4",
        "Cite the list that is meant.",
    ),
)
def check_lists(context: Context) -> Iterator[Problem]:
    """Two lists of one document that name the same things, and what only the shorter of them names."""
    true = context.faithful
    stated: dict[str, dict[str, set[str]]] = {}
    entries: dict[str, Entry[Conclusion]] = {}
    for entry, conclusion in context.base.each(Conclusion):
        entries[entry.key] = entry
        if (entry.kind, entry.key) in true:
            for anchor in conclusion.stated_in:
                if anchor.locator:
                    stated.setdefault(anchor.document, {}).setdefault(anchor.locator, set()).add(entry.key)
    for document, lists in stated.items():
        if len(lists) < 2:
            continue
        longest = max(lists, key=lambda locator: (len(lists[locator]), locator))
        for key, entry in entries.items():
            where = [locator for locator, keys in lists.items() if key in keys]
            alike = [at for at in where if at != longest and len(lists[at] & lists[longest]) >= _ALIKE]
            if alike and longest not in where:
                message = (
                    f"{document} names it in {listed(alike)} and not in {longest}, which otherwise repeats and"
                    " lengthens that list"
                )
                yield note(entry, ("stated_in",), "published-list", message, _HINT)


@check(
    Code(
        "published-unsupported",
        Severity.NOTE,
        "a conclusion with nothing under it",
        "The document states it, and no finding or claim of this base supports it.",
        "supports: []",
        "supports: [swim-2019-children]",
    ),
)
def check_conclusions(context: Context) -> Iterator[Problem]:
    """A conclusion for which this base holds no finding or claim."""
    true = context.faithful
    for entry, conclusion in context.base.each(Conclusion):
        if not conclusion.supports and (entry.kind, entry.key) in true:
            message = "stated as a conclusion, and nothing in this base supports it"
            hint = "find what it rests on, or say so beside it"
            yield note(entry, ("supports",), "published-unsupported", message, hint)
