"""The evidence-and-gap map: groups against measures, with the responses that address each group.

A cell tells how much a base holds, not how large a rate is. An empty cell is "nothing in this base", never "no
problem". A response that addresses a group is an offer, not a remedy: being offered is not being effective.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from evidencebase.base import Entry
from evidencebase.citing.statements import conflict_words, held_words
from evidencebase.model.appraisals import strongest
from evidencebase.model.plain import fields_of
from evidencebase.model.records import Claim, Conclusion, Finding, Response
from evidencebase.provenance.seal import Reviews, stands
from evidencebase.rules.conflict import Conflict, conflicts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from evidencebase.base import Base
    from evidencebase.model.vocabulary import Group

NOTHING = "nothing in this base"
_TURNED = {"higher": "lower", "lower": "higher", "no-difference": "no-difference", "mixed": "mixed"}
_PEOPLE = ("persons", "households")
By = Literal["measure", "construct"]


@dataclass(frozen=True, slots=True)
class Column:
    """A measure, or a construct with the measures that capture it."""

    id: str
    label: str
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """What the base holds on a group and a column: ids, the strongest source, the direction, the conflicts.

    `strongest` is None where no study credited has a grade. `direction` comes from the claims: mixed where they differ,
    None where none says one. `conflicts` are, in words, those of its findings and claims, whatever cell the other
    record is in. `shows_need` is false where every claim points to less need than others have.
    """

    group: str
    column: str
    findings: tuple[str, ...]
    claims: tuple[str, ...]
    conclusions: tuple[str, ...]
    strongest: str | None
    direction: str | None
    conflicts: tuple[str, ...]
    shows_need: bool

    @property
    def text(self) -> str:
        """Say the cell in words, for a screen reader or a tooltip."""
        parts = [held_words(len(self.findings), len(self.claims), len(self.conclusions), self.strongest)]
        parts += [self.direction.replace("-", " ")] if self.direction else []
        parts += [f"{len(self.conflicts)} in conflict"] if self.conflicts else []
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class MapGroup:
    """One row. `direct` responses name the group, `broader` ones a group it is part of.

    `gap` is "need without offer", "need, offer only through a broader group", "offer without evidence of need",
    or None. `evidence` counts the cells that show need; an offer is without evidence of need where neither the group
    nor a narrower one has any.
    """

    id: str
    label: str
    evidence: int
    narrower_evidence: int
    direct: tuple[str, ...]
    broader: tuple[str, ...]
    gap: str | None


NO_OFFER = "need without offer"
BROAD_OFFER = "need, offer only through a broader group"
NO_EVIDENCE = "offer without evidence of need"


@dataclass(frozen=True, slots=True)
class Map:
    """Groups against measures or constructs. `cells` holds only what is not empty, by (group, column)."""

    by: str
    scope: str
    as_at: str
    groups: tuple[MapGroup, ...]
    columns: tuple[Column, ...]
    cells: dict[tuple[str, str], Cell]
    effectiveness: dict[str, int]

    def cell(self, group: str, column: str) -> Cell | None:
        """Give a cell; None is "nothing in this base"."""
        return self.cells.get((group, column))

    def with_gap(self, gap: str) -> tuple[MapGroup, ...]:
        """Give the groups with one kind of gap."""
        return tuple(group for group in self.groups if group.gap == gap)

    @property
    def effectiveness_text(self) -> str:
        """Say what the base knows of whether responses work."""
        total = sum(self.effectiveness.values())
        evaluated, reported = self.effectiveness.get("evaluated", 0), self.effectiveness.get("reported", 0)
        if total == 0:
            return "no response is recorded in this base"
        if not evaluated and not reported:
            return f"no effectiveness is recorded of any of the {total} responses"
        says = f"{total - evaluated - reported} of {total} responses have no effectiveness recorded"
        kinds = [(evaluated, "evaluated"), (reported, "reported by its provider or document, not evaluated")]
        return "; ".join([says, *(f"{count} {words}" for count, words in kinds if count)])

    def as_dict(self) -> dict[str, Any]:
        """Give the shape printed by `evidence map --format json`; cells that are not listed hold nothing."""
        return {
            "by": self.by,
            "scope": self.scope,
            "as_at": self.as_at,
            "empty_cell": NOTHING,
            "groups": [fields_of(group) for group in self.groups],
            "columns": [fields_of(column) for column in self.columns],
            "cells": [fields_of(cell) | {"text": cell.text} for cell in self.cells.values()],
            "need_without_offer": [group.id for group in self.with_gap(NO_OFFER)],
            "offer_only_through_a_broader_group": [group.id for group in self.with_gap(BROAD_OFFER)],
            "offer_without_evidence_of_need": [group.id for group in self.with_gap(NO_EVIDENCE)],
            "effectiveness": dict(self.effectiveness),
            "effectiveness_text": self.effectiveness_text,
        }


@dataclass(frozen=True, slots=True, order=True)
class _Compared:
    """What a claim compares. Adjusted and unadjusted, or of two places, claims may point apart without conflict."""

    measure: str
    against: str
    beside: tuple[str, ...]
    place: str
    adjusted: bool


@dataclass
class _Content:
    """What gathers in a cell before it is summed up."""

    records: list[Entry[Any]] = field(default_factory=list)
    conclusions: list[str] = field(default_factory=list)
    directions: dict[_Compared, set[str]] = field(default_factory=dict)
    studies: set[str] = field(default_factory=set)


def evidence_map(base: Base, by: By = "measure", entries: Iterable[Entry] | None = None) -> Map:
    """Lay out what a base holds: each group against each measure, or construct, of need.

    `entries` are those to lay out: unless given all that stand, neither withdrawn, rejected nor superseded.

    Measures of need are those with a good and a bad end (polarity not neutral): what is offered or spent is no need.
    Groups are of persons or households.
    """
    if entries is None:
        reviews = Reviews(base)
        entries = (entry for entry in base.entries.values() if stands(reviews.status(entry)))
    held = list(entries)
    columns = _columns(base, by)
    turned = _turned(base, columns)
    contents = _gather(base, held, {measure: column.id for column in columns for measure in column.measures}, turned)
    good = {key for key, measure in base.vocabulary.measures.items() if measure.polarity == "positive"} - turned
    told = _conflicts(base, held)
    cells = {key: _cell(base, key, content, good, told) for key, content in sorted(contents.items())}
    groups = tuple(_groups(base, held, cells))
    order = {group.id: index for index, group in enumerate(groups)}
    filled = {column for _, column in cells}
    own = base.metadata.get("evidencebase")
    about: dict[str, Any] = own if isinstance(own, dict) else {}
    responses: Counter[str] = Counter(e.record.effectiveness for e in held if isinstance(e.record, Response))
    return Map(
        by=by,
        scope=str(about.get("scope") or ""),
        as_at=str(about.get("as_at") or ""),
        groups=groups,
        columns=tuple(column for column in columns if column.id in filled),
        cells=dict(sorted(cells.items(), key=lambda item: (order[item[0][0]], item[0][1]))),
        effectiveness=dict(responses),
    )


def _columns(base: Base, by: By) -> list[Column]:
    needs = [measure for measure in base.vocabulary.measures.values() if measure.polarity != "neutral"]
    if by == "measure":
        return [Column(measure.id, measure.label, (measure.id,)) for measure in needs]
    concepts: dict[str, list[str]] = {}
    for measure in needs:
        concepts.setdefault(measure.concept, []).append(measure.id)
    columns = [Column(name, name.replace("-", " "), tuple(measures)) for name, measures in concepts.items()]
    mixed = {column_of for column_of in columns if _turned(base, [column_of])}
    return [Column(c.id, f"{c.label} (higher is worse)", c.measures) if c in mixed else c for c in columns]


def _turned(base: Base, columns: list[Column]) -> set[str]:
    """Name the measures whose direction is turned: good ones that share a column with bad ones.

    "Less rest than others" and "more tiredness than others" then point the same way.
    """
    turned: set[str] = set()
    for column in columns:
        good = {each for each in column.measures if base.vocabulary.measures[each].polarity == "positive"}
        turned |= good if len(good) < len(column.measures) else set()
    return turned


def _gather(
    base: Base, entries: list[Entry], column_of: dict[str, str], turned: set[str]
) -> dict[tuple[str, str], _Content]:
    """Put each finding, claim and conclusion in its cell, in one pass over each."""
    contents: dict[tuple[str, str], _Content] = {}
    groups = base.vocabulary.groups

    def content(group: str | None, measure: str | None) -> _Content | None:
        known = groups.get(group or "")
        if known is None or known.universe not in _PEOPLE or measure not in column_of:
            return None
        return contents.setdefault((known.id, column_of[measure]), _Content())

    for entry in entries:
        record = entry.record
        if isinstance(record, Finding) and (at := content(record.group, record.measure)) is not None:
            at.records.append(entry)
            at.studies |= {record.study} if record.study else set()
        elif isinstance(record, Claim):
            for group, compared, direction in _said(record, turned):
                if (at := content(group, record.measure)) is not None:
                    at.records += [entry] if entry not in at.records else []
                    at.directions.setdefault(compared, set()).add(direction)
                    at.studies |= {record.study} if record.study else set()
        elif isinstance(record, Conclusion) and (at := content(record.group, record.measure)) is not None:
            at.conclusions.append(record.id)
    return contents


def _said(claim: Claim, turned: set[str]) -> Iterator[tuple[str | None, _Compared, str]]:
    """Give what a claim of a direction says of its group and, the other way round, of the one compared."""
    if claim.direction is None or claim.direction == "not-printed":
        return
    way = _TURNED[claim.direction] if claim.measure in turned else claim.direction
    for group, other, direction in ((claim.group, claim.against, way), (claim.against, claim.group, _TURNED[way])):
        beside = tuple(each or "" for each in claim.beside)
        compared = _Compared(str(claim.measure), other or "", beside, claim.place or "", bool(claim.adjusted_for))
        yield group, compared, direction


def _conflicts(base: Base, held: list[Entry]) -> dict[str, list[Conflict[Any]]]:
    """The conflicts of every finding and claim, by its id: the other may stand in another cell."""
    found: dict[str, list[Conflict[Any]]] = {}
    for each in conflicts(base, [entry for entry in held if isinstance(entry.record, Finding | Claim)]):
        for entry in (each.one, each.other):
            found.setdefault(entry.key, []).append(each)
    return found


def _cell(
    base: Base, key: tuple[str, str], content: _Content, good: set[str], told: dict[str, list[Conflict[Any]]]
) -> Cell:
    graded = {_strength(base, study) for study in content.studies}
    directions = {each for found in content.directions.values() for each in found}
    direction = None if not directions else next(iter(directions)) if len(directions) == 1 else "mixed"
    return Cell(
        group=key[0],
        column=key[1],
        findings=tuple(sorted(each.key for each in content.records if isinstance(each.record, Finding))),
        claims=tuple(sorted(each.key for each in content.records if isinstance(each.record, Claim))),
        conclusions=tuple(sorted(content.conclusions)),
        strongest=strongest(graded),
        direction=direction,
        conflicts=tuple(
            dict.fromkeys(_conflict(each) for entry in content.records for each in told.get(entry.key, ()))
        ),
        shows_need=_shows_need(content, good),
    )


def _shows_need(content: _Content, good: set[str]) -> bool:
    """Tell whether a cell is evidence of need: not where all its claims point to less of what is bad."""
    away = {compared: {"higher" if compared.measure in good else "lower"} for compared in content.directions}
    return not content.directions or any(found != away[compared] for compared, found in content.directions.items())


def _strength(base: Base, key: str) -> str | None:
    study = base.studies.get(key)
    return study.strength if study else None


def _conflict(found: Conflict[Any]) -> str:
    return f"{found.one.key} and {found.other.key}: {conflict_words(found)}"


def _groups(base: Base, entries: list[Entry], cells: dict[tuple[str, str], Cell]) -> Iterator[MapGroup]:
    """Give the groups that have evidence or a response, in the order of the vocabulary, with their gaps."""
    evidence = Counter(group for (group, _), cell in cells.items() if cell.shows_need)
    held = {group for group, _ in cells}
    direct = _responses(entries)
    ancestors = {key: base.vocabulary.ancestors("groups", key) for key in base.vocabulary.groups}
    narrower: Counter[str] = Counter()
    for key, count in evidence.items():
        for broader in ancestors[key]:
            narrower[broader] += count
    for group in base.vocabulary.groups.values():
        if group.universe in _PEOPLE and (group.id in held or direct.get(group.id)):
            yield _map_group(group, evidence, narrower, direct, ancestors[group.id])


def _responses(entries: list[Entry]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for entry in entries:
        if isinstance(entry.record, Response):
            for group in dict.fromkeys(entry.record.groups):
                found.setdefault(group, []).append(entry.key)
    return found


def _map_group(
    group: Group, evidence: Counter[str], narrower: Counter[str], direct: dict[str, list[str]], ancestors: list[str]
) -> MapGroup:
    own = tuple(direct.get(group.id, ()))
    broad = tuple(dict.fromkeys(each for key in ancestors for each in direct.get(key, ()) if each not in own))
    gap = None
    if evidence[group.id] and not own:
        gap = BROAD_OFFER if broad else NO_OFFER
    elif own and not evidence[group.id] and not narrower[group.id]:
        gap = NO_EVIDENCE
    return MapGroup(group.id, group.label, evidence[group.id], narrower[group.id], own, broad, gap)
