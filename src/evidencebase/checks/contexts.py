"""Contexts: what a section says once holds only of what stands in it, and only where the record says nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from evidencebase.base import Entry
from evidencebase.checks.check import check
from evidencebase.checks.context import Context, error
from evidencebase.model.records import Context as Section
from evidencebase.problems import Code, Problem, Severity
from evidencebase.provenance.matching import Outcome

_FIELDS = ("study", "period", "place", "measure", "group")


@check(
    Code(
        "context-disagrees",
        Severity.ERROR,
        "a record says something else than the section it names as its context",
        "What a section says once holds of all figures in it, or the record is not of it.",
        "context: pool-report-2   # gives: {place: millbrook}\nplace: ashford",
        "place: ashford   # no context",
    ),
    Code(
        "context-span",
        Severity.ERROR,
        "a record stands outside the section it names as its context",
        "What section 2 says once does not hold of a figure in section 3.",
        'context: pool-report-2   # from "2 Millbrook" to "3 Ashford"\nanchors: [...]   # in section 3',
        "context: pool-report-3",
    ),
)
def check_contexts(context: Context) -> Iterator[Problem]:
    """Records outside the context they name, and fields that it contradicts."""
    stands: dict[tuple[str, str], list[Outcome]] = {}
    for outcome in context.matching.outcomes:
        if outcome.passes:
            stands.setdefault((outcome.entry.kind, outcome.entry.key), []).append(outcome)
    for entry in context.base.entries.values():
        section = context.base.get(Section, entry.record.context)
        if section is not None:
            yield from _contradicted(entry, section)
            yield from _outside(
                entry, section, stands.get((entry.kind, entry.key), []), stands.get(("contexts", section.id), [])
            )


def _contradicted(entry: Entry, section: Section) -> Iterator[Problem]:
    for name in _FIELDS:
        given, own = getattr(section.gives, name), getattr(entry.record, name, None)
        if given is not None and own is not None and own != given:
            message = f"{name}: {own}, where its context {section.id} gives {given}"
            hint = "correct the one that is wrong; a record that differs from its section names no context"
            yield error(entry, (name,), "context-disagrees", message, hint)


def _outside(entry: Entry, section: Section, own: list[Outcome], its: list[Outcome]) -> Iterator[Problem]:
    """Whether none of the passages that carry a record stands between the two ends of its context."""
    ends = {outcome.path: outcome.passage.source_start for outcome in its}
    first, last = ends.get(("from",)), ends.get(("to",))
    carrying = [outcome for outcome in own if outcome.anchor.for_ is None]
    inside = [each.passage.source_start for each in carrying if each.anchor.document == section.document]
    if carrying and not inside:
        message = f"no passage of this record is of {section.document}, where its context {section.id} is"
        yield error(entry, ("context",), "context-span", message, "name a context of its own document")
    elif inside and first is not None and last is not None and not any(first <= at <= last for at in inside):
        message = f"stands outside its context {section.id}, from “{section.from_}” to “{section.to}”"
        hint = "name the context that holds its passage, or none"
        yield error(entry, ("context",), "context-span", message, hint)
