"""Records that contradict each other without a link that says so: figures, claims, conclusions."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TypeVar

from evidencebase.base import Base
from evidencebase.checks.check import check
from evidencebase.checks.context import Context, note, warning
from evidencebase.checks.lookup import listed, standing
from evidencebase.model.amounts import amount
from evidencebase.model.records import Claim, Conclusion, Finding
from evidencebase.problems import Code, Problem, Severity
from evidencebase.rules.conflict import OPPOSITE, By, Conflict, conflicts, denied_by, disagreements, unborne

_LINK_HINT = "link them (`contradicts`, `same-sample`, `supersedes`) with a reason, or correct one of them"
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
        same = said.study == claim.study and first.documents & entry.documents
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
        if (figures := unborne(base, claim)) is None:
            continue
        shown = f"{_range(base, claim, figures.own)} against {_range(base, claim, figures.others)}"
        if claim.direction == "no-difference":
            fault = f"said not to differ; the published intervals do not overlap ({shown})"
        else:
            fault = f"said to be {claim.direction}; the figures it names are {shown}"
        hint = "compare direction, group and figures with the passage"
        yield warning(entry, ("direction",), "conflict-not-borne-out", fault, hint)


def _range(base: Base, claim: Claim, values: tuple[Decimal, ...]) -> str:
    measure = base.vocabulary.measures.get(claim.measure or "")
    unit = measure.unit if measure else None
    low, high = min(values), max(values)
    return amount(low, unit) if low == high else f"{amount(low, unit)} to {amount(high, unit)}"


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
    claims = [entry for entry, _ in standing(context, Claim)]
    for entry, others in disagreements(base, claims):
        where = listed(document for other in others for document in sorted(other.documents))
        message = (
            f"no significant difference is found here for {base.label('groups', entry.record.group)};"
            f" {where} say {listed(str(other.record.direction) for other in others)} of them: the sources disagree"
        )
        yield note(entry, ("direction",), "conflict-sources", message, "cite both sides, each with its strength")


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
    for entry, conclusion in standing(context, Conclusion):
        if against := denied_by(context.base, conclusion):
            message = f"concludes {conclusion.direction}; {listed(against)}, its support, says otherwise of the group"
            hint = "move it to `disputes`, or correct the direction"
            yield warning(entry, ("supports",), "conflict-conclusion", message, hint)
