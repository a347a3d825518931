"""What is past its date: indicators with newer data, superseded studies and records, retracted sources."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date

from evidencebase.base import Base, Entry
from evidencebase.checks.check import check
from evidencebase.checks.context import Context, error, warning
from evidencebase.checks.lookup import listed
from evidencebase.model.periods import years
from evidencebase.model.records import (
    Claim,
    Finding,
    Indicator,
    Record,
    Retraction,
    Study,
)
from evidencebase.problems import Code, Problem, Severity
from evidencebase.rules.editions import replaced
from evidencebase.rules.resting import Resting


def last_day(period: str) -> date | None:
    """The last day of a period: of a day, a month, a year or a span of years. None where it is no period."""
    parts = [int(part) for part in period.split("-") if part.isdigit()]
    span = years(period)
    if span is None:
        return None
    try:
        if len(parts) == 3:
            return date(parts[0], parts[1], parts[2])
        if len(parts) == 2 and span[0] == span[1]:
            return date(parts[0], parts[1], calendar.monthrange(parts[0], parts[1])[1])
    except ValueError:
        return None
    return date(span[1], 12, 31)


@check(
    Code(
        "stale-indicator",
        Severity.WARNING,
        "newer data were due",
        "The date of the next release lies in the past.",
        "next_release: 2021-06",
        "Record the new figure as a finding, and: next_release: 2022-06",
    ),
)
def check_indicators(context: Context) -> Iterator[Problem]:
    """Indicators whose next release was due before today."""
    for entry, indicator in context.base.each(Indicator):
        due = last_day(indicator.next_release) if indicator.next_release else None
        if due is not None and due < context.today:
            message = f"newer data were due by {due.isoformat()} ({indicator.data_set})"
            hint = "look for the release; record its figure as a new finding and the next date"
            yield warning(entry, ("next_release",), "stale-indicator", message, hint)


@check(
    Code(
        "stale-superseded",
        Severity.WARNING,
        "records rest on an edition that a newer one supersedes",
        "Computed from `supersedes` of the studies, never stored.",
        "study: swim-survey-2018   # swim-survey-2019 supersedes it",
        "Look the figures up in the newer edition, or say that they are not the latest.",
    ),
)
def check_editions(context: Context) -> Iterator[Problem]:
    """Studies that a newer edition supersedes, and how many records still rest on them; one warning a study."""
    base = context.base
    newer = {older: entry for entry, study in base.each(Study) for older in replaced(study)}
    resting: dict[str, list[Finding | Claim]] = {}
    figures: dict[str, set[tuple[object, ...]]] = {}
    for _, record in base.each(Record):
        if isinstance(record, Finding | Claim) and record.study in newer:
            resting.setdefault(record.study, []).append(record)
        if isinstance(record, Finding) and record.study:
            figures.setdefault(record.study, set()).add((record.measure, record.group, record.place))
    for key, records in resting.items():
        if base.get(Study, key) is None:
            continue
        latest = _latest(newer, key)
        known = figures.get(latest.key, set())
        renewed = [record.id for record in records if (record.measure, record.group, record.place) in known]
        rest = "rests" if len(records) == 1 else "rest"
        message = f"{base.label('studies', latest.key)} is newer; {_count(records)} still {rest} on this edition"
        if renewed:
            message += f", and the newer one has a figure in place of {listed(renewed)}"
        hint = "look the figures up in the newer edition; say in the text that they are not the latest"
        yield warning(base.entries["studies", key], ("key",), "stale-superseded", message, hint)


def _latest(newer: dict[str, Entry[Study]], key: str) -> Entry[Study]:
    """The last of a chain of editions; a chain that comes back to itself is left where it does."""
    seen = {key}
    entry = newer[key]
    while entry.key in newer and entry.key not in seen:
        seen.add(entry.key)
        entry = newer[entry.key]
    return entry


def _count(records: list[Finding | Claim]) -> str:
    findings = sum(isinstance(record, Finding) for record in records)
    claims = len(records) - findings
    named = [f"{n} {word}{'s' * (n != 1)}" for n, word in ((findings, "finding"), (claims, "claim")) if n]
    return " and ".join(named)


@check(
    Code(
        "stale-record",
        Severity.WARNING,
        "a record rests on one that another supersedes",
        "Whoever follows the chain ends at an old figure.",
        "finding: swim-2018-children   # superseded by swim-2019-children",
        "finding: swim-2019-children",
    ),
)
def check_superseded(context: Context) -> Iterator[Problem]:
    """Records that rest on a record which another one supersedes."""
    base = context.base
    replaced = {
        link.to: entry.key
        for entry in base.entries.values()
        if entry.kind != "studies"
        for link in entry.record.links
        if link.type == "supersedes"
    }
    if not replaced:
        return
    resting = Resting(base.entries.values())
    for entry in base.entries.values():
        for key in (each.on for each in resting.below(entry.key) if not each.through):
            if key in replaced and entry.key != replaced[key]:
                message = f"rests on {key}, which {replaced[key]} supersedes"
                yield warning(entry, (), "stale-record", message, f"rest it on {replaced[key]}, or say why not")


@check(
    Code(
        "stale-retracted",
        Severity.ERROR,
        "a record rests on a source that was retracted or corrected",
        "It reaches everything that rests on it, through estimates and conclusions too.",
        "retracted: {kind: corrected, on: 2021-03, reason: Table 2 counted twice}",
        "Read the source again; withdraw the record, or suppress this with the reason why it stands.",
    ),
)
def check_retractions(context: Context) -> Iterator[Problem]:
    """Everything that rests on a document or study that was retracted or corrected, however far away."""
    base = context.base
    sources = {key: document.retracted for key, document in base.documents.items() if document.retracted}
    sources |= {entry.key: study.retracted for entry, study in base.each(Study) if study.retracted}
    for key, source in _reached(base, sources).items() if sources else ():
        retraction = sources[source]
        when = f" on {retraction.on}" if retraction.on else ""
        message = f"rests on {source}, which was {retraction.kind}{when}: {retraction.reason}"
        hint = "read the source again; withdraw the record, or suppress this with the reason why it stands"
        yield error(base.by_id[key], (), "stale-retracted", message, hint)


def _reached(base: Base, sources: dict[str, Retraction]) -> dict[str, str]:
    """Every record that rests on one of the sources, directly or through others, with that source."""
    named = {entry.key: source for entry in base.entries.values() if (source := _source(entry, sources))}
    resting, reached = Resting(base.entries.values()), dict(named)
    for key, source in named.items():
        for each in resting.above(key):
            reached.setdefault(each.record, source)
    return reached


def _source(entry: Entry, sources: dict[str, Retraction]) -> str | None:
    """The retracted source that a record rests on directly."""
    named = [entry.record.about.study, *(anchor.document for _, anchor, _ in entry.record.anchored())]
    if entry.kind == "studies":
        named.append(entry.key)
    return next((key for key in named if key in sources), None)
