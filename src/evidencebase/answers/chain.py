"""The chain behind a record: record, passage, document, study, strength and why, and what rests on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from evidencebase.base import Base, Entry
from evidencebase.checks.fit import because
from evidencebase.citing.statements import conflict_words, statement
from evidencebase.model.records import Estimate, Finding, Study
from evidencebase.provenance.lock import Lock, remembered
from evidencebase.provenance.matching import Outcome, remember
from evidencebase.provenance.seal import Reviews, counts, stands
from evidencebase.provenance.words import remembered as words_of
from evidencebase.provenance.words import told
from evidencebase.rules.applicability import of_estimate
from evidencebase.rules.conflict import conflicts
from evidencebase.rules.precision import precision_words
from evidencebase.rules.resting import Resting


@dataclass(frozen=True)
class Quoted:
    """One passage: its words, where it stands, and what the lock says of it.

    `names` are the fields whose words it carries (`study`, `group.age`); none where it carries the figure or the claim.
    """

    document: str
    title: str
    locator: str | None
    words: str | None
    state: str
    matched: str
    line: int | None
    page: int | None
    names: list[str] = field(default_factory=list)


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
class Against:
    """A record in conflict with this one: its id and what it says, why, and whether a link ties the two."""

    id: str
    statement: str
    because: str
    linked: bool


@dataclass(frozen=True)
class Chain:
    """Everything a reader needs to trust a record, or not to.

    `applicability` is that of an estimate, empty for all else, and `lowered` what lowers it, a reason for each step.
    `rests_on_it` and `rests_on` are ids, those that name each other first; `through` says of the others which
    record lies between. `words` says of each field where its word stands, as the lock remembers it.
    """

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
    words: dict[str, str] = field(default_factory=dict)
    applicability: str = ""
    lowered: list[str] = field(default_factory=list)
    conflicts: list[Against] = field(default_factory=list)
    rests_on_it: list[str] = field(default_factory=list)
    rests_on: list[str] = field(default_factory=list)
    through: dict[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


def chain(base: Base, lock: Lock, key: str) -> Chain:
    """The chain of one record. Raises UsageError, with the nearest ids, where there is none of that id."""
    entry = base.find(key)
    record: Any = entry.record
    precision = precision_words(entry, base)
    rate = base.get(Finding, record.finding) if isinstance(record, Estimate) else None
    reviews = Reviews(base)
    resting = Resting(each for each in base.entries.values() if counts(reviews.status(each)))
    above, below = resting.above(entry.key), resting.below(entry.key)
    applicable = of_estimate(base, record) if isinstance(record, Estimate) else None
    study = key if entry.kind == "studies" else getattr(record, "study", None) or (rate.study if rate else None)
    return Chain(
        id=entry.key,
        kind=entry.kind,
        status=str(reviews.status(entry)),
        statement=statement(entry, base),
        figure=base.figure(entry),
        precision=precision,
        passages=[_quoted(base, outcome) for outcome in remember(base, lock, entry)],
        source=_source(base, study),
        caveats=list(record.caveats),
        place=str(entry.place()),
        words={each.field: told(base, lock, each) for each in words_of(base, lock, entry)},
        applicability=applicable.level if applicable else "",
        lowered=[because(base, each) for each in applicable.lowered] if applicable else [],
        conflicts=list(_against(base, reviews, entry)),
        rests_on_it=[each.record for each in above],
        rests_on=[each.on for each in below],
        through={each.record: each.through for each in above if each.through}
        | {each.on: each.through for each in below if each.through},
    )


def _quoted(base: Base, outcome: Outcome) -> Quoted:
    anchor, line = outcome.anchor, outcome.lock_line
    return Quoted(
        document=anchor.document,
        title=base.label("documents", anchor.document),
        locator=anchor.locator,
        words=base.passage(anchor),
        state=str(outcome.state) if outcome.passes else "not vouched for by the lock",
        matched=remembered(anchor, line),
        line=line.line if line else None,
        page=line.page if line else None,
        names=list(anchor.for_ or ()),
    )


def _against(base: Base, reviews: Reviews, entry: Entry) -> Iterator[Against]:
    standing = [each for each in base.of(entry.kind) if stands(reviews.status(each))]
    for found in conflicts(base, standing):
        for one, other in ((found.one, found.other), (found.other, found.one)):
            if one.key == entry.key:
                yield Against(other.key, statement(other, base), conflict_words(found), found.linked)


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
        retracted=study.retracted.said if study.retracted else None,
    )
