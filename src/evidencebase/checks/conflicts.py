"""Records that contradict each other without a link that says so: figures, claims, conclusions."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TypeVar

from evidencebase.base import Base, Entry
from evidencebase.checks.check import check
from evidencebase.checks.context import Context, note, warning
from evidencebase.checks.lookup import documents, listed, standing
from evidencebase.model.amounts import amount
from evidencebase.model.records import Claim, Conclusion, Finding
from evidencebase.model.relations import within
from evidencebase.problems import Code, Problem, Severity
from evidencebase.rules.conflict import OPPOSITE, By, Conflict, conflicts

_LINK_HINT = "link them (`contradicts`, `same-sample`, `supersedes`) with a reason, or correct one of them"
Values = list[Decimal]
R = TypeVar("R", Finding, Claim)


@check(
    Code(
        "conflict-finding",
        Severity.WARNING,
        "two figures for the same measure, group, place and period",
        "One of them is wrong, or they are of different studies, and a link says so.",
        "value: 41\n---\nvalue: 47   # same measure, group, place and period",
        "links: [{type: contradicts, to: swim-2019-children-council, because: asked of parents}]",
    ),
)
def check_findings(context: Context) -> Iterator[Problem]:
    """Findings of one measure, group, place and period that differ, and no link that explains it."""
    told: set[str] = set()
    for each in _conflicts(context, Finding, "figures"):
        if each.other.key not in told:
            told.add(each.other.key)
            base = context.base
            message = (
                f"{base.figure(each.other)} here, {base.figure(each.one)} in {each.one.key}:"
                " same measure, group, place and period"
            )
            yield warning(each.other, ("value",), "conflict-finding", message, _LINK_HINT)


def _conflicts(context: Context, model: type[R], by: By) -> list[Conflict[R]]:
    entries = [entry for entry, _ in standing(context, model)]
    return [each for each in conflicts(context.base, entries) if each.by == by]


@check(
    Code(
        "conflict-claim",
        Severity.WARNING,
        "two claims say opposite things of the same groups, without a link",
        "A reader of one must be led to the other.",
        "direction: higher\n---\ndirection: no-difference   # same measure, groups, place and period",
        "links: [{type: contradicts, to: girls-swim-alike, because: another survey}]",
    ),
    Code(
        "published-two-directions",
        Severity.NOTE,
        "a document says two things of the same figures",
        "More often in one sentence, similar in the next.",
        "direction: higher\n---\ndirection: no-difference   # same groups, same study, linked",
        "Quote both, or neither.",
    ),
)
def check_claims(context: Context) -> Iterator[Problem]:
    """Claims that say opposite things of the same groups; within one study, a document that says both."""
    true = context.faithful
    for each in _conflicts(context, Claim, "directions"):
        first, entry = each.one, each.other
        said, claim = first.record, entry.record
        words = f"{_says(context.base, claim)} here, and {_says(context.base, said)} in {first.key}"
        same = said.study == claim.study and documents(first) & documents(entry)
        if not each.linked:
            yield warning(entry, ("direction",), "conflict-claim", f"{words}, without a link", _LINK_HINT)
        elif same and {(one.kind, one.key) for one in (first, entry)} <= true:
            message = f"{words}: the document says both of the same figures"
            yield note(entry, ("direction",), "published-two-directions", message, "quote both, or neither")


def _says(base: Base, claim: Claim) -> str:
    other = base.label("groups", claim.against)
    joint = (" than " if claim.direction in OPPOSITE else " from ") if other else ""
    way = claim.direction if claim.direction in OPPOSITE else "no different"
    return f"“{base.label('groups', claim.group)}: {way}{joint}{other}”"


@check(
    Code(
        "conflict-not-borne-out",
        Severity.WARNING,
        "a claim that the figures it names do not bear out",
        "Direction, group or figures are misread.",
        "group: girls\nversus: {group: boys}\ndirection: lower\nfindings: [girls-45, boys-38]",
        "direction: higher",
    ),
)
def check_borne_out(context: Context) -> Iterator[Problem]:
    """Claims of a direction that the figures they name do not bear out."""
    base = context.base
    for entry, claim in standing(context, Claim):
        if claim.direction not in ("higher", "lower", "no-difference"):
            continue
        own, others = _sides(base, claim)
        if not own or not others:
            continue
        shown = f"{_range(base, claim, own)} against {_range(base, claim, others)}"
        if claim.direction == "higher" and max(own) <= min(others):
            fault = f"said to be higher; the figures it names are {shown}"
        elif claim.direction == "lower" and min(own) >= max(others):
            fault = f"said to be lower; the figures it names are {shown}"
        elif claim.direction == "no-difference" and _apart(base, claim):
            fault = f"said not to differ; the published intervals do not overlap ({shown})"
        else:
            continue
        hint = "compare direction, group and figures with the passage"
        yield warning(entry, ("direction",), "conflict-not-borne-out", fault, hint)


def _sides(base: Base, claim: Claim) -> tuple[Values, Values]:
    """The values of the claim's group, and those it is compared with."""
    own: Values = []
    others: Values = []
    for finding in _figures(base, claim):
        if finding.value is not None:
            mine = _is_of(base, finding.group, claim.group) and (claim.place in (None, finding.place))
            theirs = claim.against is None or _is_of(base, finding.group, claim.against)
            if mine and not (claim.against and finding.group == claim.against):
                own.append(finding.value)
            elif theirs:
                others.append(finding.value)
    return own, others


def _figures(base: Base, claim: Claim) -> list[Finding]:
    """The figures of a claim that are of what it speaks of."""
    return [
        finding
        for key in claim.findings
        if (finding := base.get(Finding, key))
        and finding.measure == claim.measure
        and finding.statistic not in ("rank", "percentile")
    ]


def _is_rank(finding: Finding) -> bool:
    """Whether a figure is a place in an order, where a lower number can mean more."""
    return finding.statistic in ("rank", "percentile")


def _is_of(base: Base, group: str | None, wanted: str | None) -> bool:
    return group is not None and wanted is not None and within(base.vocabulary, "groups", group, wanted)


def _range(base: Base, claim: Claim, values: Values) -> str:
    measure = base.vocabulary.measures.get(claim.measure or "")
    unit = measure.unit if measure else None
    low, high = min(values), max(values)
    return amount(low, unit) if low == high else f"{amount(low, unit)} to {amount(high, unit)}"


def _apart(base: Base, claim: Claim) -> bool:
    """Whether the published intervals of exactly two figures, of one confidence, share no value."""
    from evidencebase.numbers import intervals_overlap

    intervals = [finding.interval for finding in _figures(base, claim)]
    if len(intervals) != 2 or intervals[0] is None or intervals[1] is None:
        return False
    one, other = intervals[0], intervals[1]
    return one.confidence == other.confidence and not intervals_overlap(one, other)


@check(
    Code(
        "conflict-sources",
        Severity.NOTE,
        "one document finds no significant difference where others say there is one",
        "The sources disagree; a reader should see both sides with their strength.",
        "direction: no-difference\nsignificance: not-significant   # ashford-2021 says higher",
        "Cite both sides, each with its strength.",
    ),
)
def check_disagreements(context: Context) -> Iterator[Problem]:
    """A tested "no difference" of a group that other documents say is affected more, or less."""
    base = context.base
    tested: list[tuple[Entry[Claim], Claim]] = []
    told: dict[tuple[str, str], list[tuple[Entry[Claim], Claim]]] = {}
    for entry, claim in standing(context, Claim):
        null = claim.direction == "no-difference" and claim.significance == "not-significant"
        if null and claim.against is not None and not claim.adjusted_for:
            tested.append((entry, claim))
        elif claim.direction in OPPOSITE and claim.group:
            measure = base.vocabulary.measures.get(claim.measure or "")
            told.setdefault((measure.concept if measure else "", claim.group), []).append((entry, claim))
    for entry, claim in tested:
        measure = base.vocabulary.measures.get(claim.measure or "")
        others = [
            (other, said)
            for group in _same_people(base, claim.group or "")
            for other, said in told.get((measure.concept if measure else "", group), [])
            if not documents(other) & documents(entry) and _same_construct(base, claim.measure, said.measure or "")
        ]
        if others:
            where = listed(document for other, _ in others for document in sorted(documents(other)))
            message = (
                f"no significant difference is found here for {base.label('groups', claim.group)};"
                f" {where} say {listed(str(said.direction) for _, said in others)} of them: the sources disagree"
            )
            yield note(entry, ("direction",), "conflict-sources", message, "cite both sides, each with its strength")


def _same_people(base: Base, group: str) -> list[str]:
    """A group, and those it is directly a part of that are marked by a condition of their own."""
    known = base.vocabulary.groups
    broader = known[group].broader if group in known else []
    return [group, *(key for key in broader if key in known and known[key].condition)]


@check(
    Code(
        "conflict-conclusion",
        Severity.WARNING,
        "a conclusion rests on a claim that says the opposite",
        "What speaks against it belongs under `disputes`.",
        "direction: higher\nsupports: [girls-swim-less]",
        "direction: higher\nsupports: []\ndisputes: [girls-swim-less]",
    ),
)
def check_conclusions(context: Context) -> Iterator[Problem]:
    """Conclusions with a support that says the opposite of them about the same group."""
    base = context.base
    claims = {claim.id: claim for _, claim in base.each(Claim)}
    for entry, conclusion in standing(context, Conclusion):
        against = [
            key
            for key in conclusion.supports
            if (claim := claims.get(key))
            and claim.group == conclusion.group
            and _same_construct(base, claim.measure, conclusion.measure)
            and _denies(claim, conclusion.direction)
        ]
        if against:
            message = f"concludes {conclusion.direction}; {listed(against)}, its support, says otherwise of the group"
            hint = "move it to `disputes`, or correct the direction"
            yield warning(entry, ("supports",), "conflict-conclusion", message, hint)


def _denies(claim: Claim, direction: str) -> bool:
    """Whether a claim says the opposite. That there is no difference is denied only by one called significant."""
    if direction == "no-difference":
        return claim.direction in OPPOSITE and claim.significance == "significant"
    return claim.direction in (OPPOSITE.get(direction), "no-difference") and direction in OPPOSITE


def _same_construct(base: Base, one: str | None, other: str) -> bool:
    measures = base.vocabulary.measures
    if one == other:
        return True
    first, second = measures.get(one or ""), measures.get(other)
    same = first is not None and second is not None and first.concept == second.concept
    return same and first is not None and second is not None and first.polarity == second.polarity
