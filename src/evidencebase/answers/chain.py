"""The chain behind a record: record, passage, document, study, strength and why, and what rests on it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from evidencebase.base import Base, Entry
from evidencebase.citing.statements import statement
from evidencebase.model.amounts import interval
from evidencebase.model.kinds import RECORDS
from evidencebase.model.records import Anchor, Estimate, Finding, Study
from evidencebase.provenance.lock import Lock
from evidencebase.provenance.seal import Reviews


@dataclass(frozen=True)
class Quoted:
    """One passage: its words, where it stands, and what the lock says of it."""

    document: str
    title: str
    locator: str | None
    words: str | None
    state: str
    line: int | None
    page: int | None


@dataclass(frozen=True)
class Source:
    """Who measured, how strong the source is, why, and what else could be said."""

    study: str
    label: str
    strength: str
    reason: str
    alternative: str | None = None
    because: str | None = None
    retracted: str | None = None


@dataclass(frozen=True)
class Chain:
    """Everything a reader needs to trust a record, or not to."""

    id: str
    kind: str
    status: str
    statement: str
    figure: str
    precision: str
    passages: list[Quoted]
    source: Source | None
    caveats: list[str]
    place: str
    rests_on_it: list[str] = field(default_factory=list)
    rests_on: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


def chain(base: Base, lock: Lock, key: str) -> Chain:
    """The chain of one record. Raises UsageError, with the nearest ids, where there is none of that id."""
    entry = base.find(key)
    record: Any = entry.record
    precision = interval(record, base.unit(entry)) if isinstance(record, Finding) else ""
    rate = base.get(Finding, record.finding) if isinstance(record, Estimate) else None
    study = key if entry.kind == "studies" else getattr(record, "study", None) or (rate.study if rate else None)
    return Chain(
        id=entry.key,
        kind=entry.kind,
        status=str(Reviews(base).status(entry)),
        statement=statement(entry, base),
        figure=base.figure(entry),
        precision=precision,
        passages=[_quoted(base, lock, entry, path, anchor) for path, anchor, _ in record.anchored()],
        source=_source(base, study),
        caveats=list(record.caveats),
        place=str(entry.place()),
        rests_on_it=sorted(other.key for other in base.entries.values() if key in _names(other)),
        rests_on=sorted(name for name in _names(entry) if name in base.by_id),
    )


def _quoted(base: Base, lock: Lock, entry: Entry, path: Any, anchor: Anchor) -> Quoted:
    line = lock.vouches(base, entry, path, anchor)
    return Quoted(
        document=anchor.document,
        title=base.label("documents", anchor.document),
        locator=anchor.locator,
        words=base.passage(anchor),
        state=line.state if line else "not vouched for by the lock",
        line=line.line if line else None,
        page=line.page if line else None,
    )


def _source(base: Base, key: str | None) -> Source | None:
    study = base.get(Study, key)
    if study is None:
        return None
    rubric = base.vocabulary.rubric
    return Source(
        study=study.key,
        label=base.label("studies", study.key),
        strength=study.strength,
        reason=rubric.grade(study).reason if rubric else "",
        alternative=study.debatable.alternative if study.debatable else None,
        because=study.debatable.because if study.debatable else None,
        retracted=study.retracted.reason if study.retracted else None,
    )


def _names(entry: Entry) -> set[str]:
    """The ids of the records an entry rests on or speaks of."""
    return {named.id for named in entry.names if named.path[0] != "links" and set(named.kinds) & RECORDS.keys()}
