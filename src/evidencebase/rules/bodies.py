"""What makes up a body of evidence: the records that answer its question, whoever wrote them."""

from __future__ import annotations

from dataclasses import dataclass

from evidencebase.base import Base, Entry
from evidencebase.model.records import Body, Claim, Finding
from evidencebase.model.relations import within


@dataclass(frozen=True)
class Member:
    """A record that answers the question; `excluded_because` says why it is left out, None where it counts."""

    entry: Entry
    excluded_because: str | None = None


def members(base: Base, body: Body) -> list[Member]:
    """Every finding and claim that answers the question of a body, by id, those left out with the reason.

    It measures one of the constructs, in the group or a narrower one, with the exposure where the question has one,
    and is credited to a study or to the document's own data.
    """
    excluded = {each.id: each.because for each in body.excludes}
    found = [
        Member(entry, excluded.get(entry.key))
        for kind in ("findings", "claims")
        for entry in base.of(kind)
        if isinstance(entry.record, Finding | Claim) and _answers(base, entry.record, body)
    ]
    return sorted(found, key=lambda member: (member.entry.kind, member.entry.key))


def _answers(base: Base, record: Finding | Claim, body: Body) -> bool:
    asked = body.question
    measure = base.vocabulary.measures.get(record.measure or "")
    if measure is None or measure.concept not in asked.constructs or record.study is None:
        return False
    if record.group is None or not within(base.vocabulary, "groups", record.group, asked.group):
        return False
    return asked.exposure is None or _exposed(base, record, asked.exposure)


def _exposed(base: Base, record: Finding | Claim, exposure: str) -> bool:
    """Whether a record is of people who have an exposure, or sets them against others."""
    named = [record.group, record.versus.group if record.versus else None]
    if isinstance(record, Claim):
        named.append(record.exposure)
    return any(name is not None and within(base.vocabulary, "groups", name, exposure) for name in named)
