"""Searching the records of a base by words and by strength, group, measure and place."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any

from evidencebase.base import Base, Entry
from evidencebase.citing.statements import statement
from evidencebase.model.appraisals import strength_order
from evidencebase.model.plain import shown
from evidencebase.model.records import Finding
from evidencebase.problems import UsageError, did_you_mean
from evidencebase.provenance.seal import Reviews


@dataclass(frozen=True)
class Hit:
    """A finding that fits."""

    id: str
    statement: str
    figure: str
    strength: str | None
    group: str | None
    measure: str
    place: str | None
    period: str | None
    status: str

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


def search(
    base: Base,
    words: tuple[str, ...] = (),
    *,
    strength: str | None = None,
    group: str | None = None,
    measure: str | None = None,
    place: str | None = None,
) -> list[Hit]:
    """Findings in which every word stands (in the statement, passages, labels, caveats or id), strongest first.

    `group`, `measure` and `place` are ids or words of a label; a group or place takes in the narrower ones.
    Raises UsageError, naming what there is, where one of them fits nothing.
    """
    groups = _narrower(base, "groups", _ids(base, "groups", group))
    places = _narrower(base, "places", _ids(base, "places", place))
    measures = _ids(base, "measures", measure)
    reviews = Reviews(base)
    hits = []
    for entry, record in base.each(Finding):
        study = base.studies.get(record.study or "")
        if strength is not None and (study is None or study.strength != strength):
            continue
        wanted = ((groups, record.group), (places, record.place), (measures, record.measure))
        if any(allowed is not None and value not in allowed for allowed, value in wanted):
            continue
        if _has_words(_haystack(base, entry), words):
            hits.append(_hit(base, entry, record, study.strength if study else None, str(reviews.status(entry))))
    return sorted(hits, key=lambda hit: (strength_order(hit.strength), hit.measure, hit.group or "", hit.id))


def _hit(base: Base, entry: Entry, record: Finding, strength: str | None, status: str) -> Hit:
    return Hit(
        record.id,
        statement(entry, base),
        base.figure(entry),
        strength,
        record.group,
        record.measure,
        record.place,
        record.period,
        status,
    )


def _haystack(base: Base, entry: Entry[Finding]) -> str:
    record = entry.record
    parts = [statement(entry, base), entry.key, *record.caveats, base.label("studies", record.study)]
    parts += [base.label("groups", record.group), base.label("measures", record.measure)]
    parts += [words for anchor in record.anchors if (words := base.passage(anchor))]
    return " ".join(parts).casefold()


def _has_words(text: str, words: tuple[str, ...]) -> bool:
    return all(re.search(rf"(?<!\w){re.escape(word.casefold())}", text) for word in " ".join(words).split())


def _ids(base: Base, kind: str, wanted: str | None) -> set[str] | None:
    """The ids that a word means: the id itself, else every one whose label or id holds the words."""
    if wanted is None:
        return None
    table = base.vocabulary.terms(kind)
    if wanted in table:
        return {wanted}
    words = wanted.casefold().split()
    found = {key for key, item in table.items() if all(word in f"{item.label} {key}".casefold() for word in words)}
    if not found or not words:
        otherwise = f"see schema/{kind}.yml" if table else f"the base has none: see schema/{kind}.yml"
        raise UsageError(f"{shown(wanted)} is none of the {kind} of this base", did_you_mean(wanted, table, otherwise))
    return found


def _narrower(base: Base, kind: Any, wanted: set[str] | None) -> set[str] | None:
    if wanted is None:
        return None
    table = base.vocabulary.terms(kind)
    return wanted | {key for key in table if wanted & set(base.vocabulary.ancestors(kind, key))}
