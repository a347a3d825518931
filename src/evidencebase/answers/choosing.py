"""Which finding's rate to apply to a local group: fit first, then the strength of its source.

Fit is, in this order: the definition of the people, their age band, the place (a survey of the place itself
beats any rate carried to it), the date. What does not fit is rejected, with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from evidencebase.answers.names import folded
from evidencebase.answers.usable import unsound
from evidencebase.checks.fit import because
from evidencebase.model.ages import AgeBand, bands_in_name, without_bands
from evidencebase.model.appraisals import strength_order
from evidencebase.model.records import Finding, Population
from evidencebase.model.relations import age_band
from evidencebase.model.vocabulary import PERCENT
from evidencebase.provenance.seal import Reviews
from evidencebase.rules.fit import MISFITS, Lowering, Rule, Use, lowerings, years_apart
from evidencebase.rules.precision import study_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evidencebase.answers.populations import LocalGroup
    from evidencebase.base import Base, Entry
    from evidencebase.model.vocabulary import Group, PlaceEntry

# A rate of other people may not be put on a new population, nor one of all to a part of them.
_REFUSED: frozenset[Rule] = MISFITS - {"place-unknown", "older-than-10-years"} | {"broader-group"}
_NEVER = 1_000
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Lowered:
    """One rule that lowers the applicability of an estimate, and what made it hold, in words."""

    rule: Rule
    because: str


def lowered(base: Base, found: Iterable[Lowering]) -> list[Lowered]:
    """Say what lowers an estimate, as `check` says it."""
    return [Lowered(each.rule, because(base, each)) for each in found]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A finding that could give the rate. `misfits` must be overridden; `lowered` are rules of applicability."""

    entry: Entry[Finding]
    finding: Finding
    misfits: tuple[Lowered, ...]
    lowered: tuple[Lowered, ...]
    direct: bool
    order: tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A finding that was looked at and not used, and why."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Choice:
    """The finding chosen for a group, None where none fits, and every one rejected."""

    chosen: Candidate | None
    because: str
    rejected: tuple[Rejected, ...]


class Rates:
    """The rates of one measure in a base, by the group they are of."""

    def __init__(self, base: Base, measure: str) -> None:
        self.base = base
        self.measure = measure
        self.reviews = Reviews(base)
        self._of: dict[str, list[Entry[Finding]]] = {}
        self._like: dict[str, list[Entry[Finding]]] = {}
        concept = base.vocabulary.measures[measure].concept
        for entry, record in base.each(Finding):
            if record.group is None:
                continue
            other = base.vocabulary.measures.get(record.measure)
            if record.measure == measure:
                self._of.setdefault(record.group, []).append(entry)
            elif other is not None and other.concept == concept and record.statistic == "prevalence":
                self._like.setdefault(record.group, []).append(entry)
        self._definitions: dict[str, set[str]] = {}
        for _, people in base.each(Population):
            if people.definition:
                self._definitions.setdefault(people.group, set()).add(folded(people.definition))

    def groups(self) -> list[Group]:
        """Give the groups with a rate that can be applied, in the order of the vocabulary."""
        groups = self.base.vocabulary.groups
        return [
            group
            for key, group in groups.items()
            if any(unusable(self.base, entry, self.reviews) is None for entry in self._of.get(key, []))
        ]

    def choose(self, local: LocalGroup, place: PlaceEntry, reference: str | None, *, override: bool) -> Choice:
        """Choose the rate for a local group; with `override` one that does not fit, where none fits."""
        rejected: list[Rejected] = []
        candidates: list[Candidate] = []
        for entry in self._near(local.group):
            reason = unusable(self.base, entry, self.reviews)
            if reason is not None:
                rejected.append(Rejected(entry.key, reason))
                continue
            candidates.append(self._candidate(entry, local, place, reference))
        candidates.sort(key=lambda each: each.order)
        fitting = [each for each in candidates if not each.misfits]
        usable = fitting or (candidates if override else [])
        chosen = usable[0] if usable else None
        rejected += [Rejected(each.entry.key, _lost(each, chosen)) for each in candidates if each is not chosen]
        for entry in self._like.get(local.group.id, []):
            measure = self.base.label("measures", entry.record.measure)
            rejected.append(Rejected(entry.key, f"another measure: {measure}"))
        return Choice(chosen, self._because(chosen, fitting, candidates), tuple(rejected))

    def _near(self, group: Group) -> Iterable[Entry[Finding]]:
        """Give the rates of the group itself, then those of broader groups."""
        for key in (group.id, *self.base.vocabulary.ancestors("groups", group.id)):
            yield from self._of.get(key, [])

    def _candidate(
        self, entry: Entry[Finding], local: LocalGroup, place: PlaceEntry, reference: str | None
    ) -> Candidate:
        finding = entry.record
        use = Use(finding, local.group, local.unit, place, reference)
        found = [*lowered(self.base, lowerings(self.base, use)), *self._stated(finding, local)]
        misfits = [each for each in found if each.rule in _REFUSED]
        others = [*self._definition(local), *(each for each in found if each.rule not in _REFUSED)]
        direct = finding.place == place.id
        apart = years_apart(finding.period, reference)
        study = study_of(finding, self.base)
        kinds = {each.rule for each in misfits}
        order = (
            "other-counting-unit" in kinds,
            bool(kinds & {"other-definition", "broader-group"}),
            "other-age-band" in kinds,
            "other-place" in kinds,
            0 if direct else 2 if finding.place is None else 1,
            apart if apart is not None else _NEVER,
            strength_order(study.strength if study else None),
            entry.key,
        )
        return Candidate(entry, finding, tuple(misfits), tuple(others), direct, order)

    def _stated(self, finding: Finding, local: LocalGroup) -> list[Lowered]:
        """A count whose own definition names other ages than those of the rate."""
        measured = self.base.vocabulary.groups.get(finding.group or "", local.group)
        band, stated = age_band(measured), _stated_band(local.definition)
        if band is None or stated is None or stated == band:
            return []
        return [Lowered("other-age-band", f"a rate of ages {band} on a count defined as {stated}")]

    def _definition(self, local: LocalGroup) -> list[Lowered]:
        """Lower a count whose definition is in words that this base does not know for the group."""
        if local.definition is None:
            return []
        known = self._known(local.group)
        # A band that disagrees is a misfit of its own; here the words around it are judged.
        if {folded(local.definition), folded(without_bands(local.definition))} & known:
            return []
        words = f"the count is defined as '{local.definition}', which could not be compared"
        return [Lowered("other-definition", words)]

    def _known(self, group: Group) -> set[str]:
        words = {group.id, group.label, self.base.vocabulary.condition(group) or group.id, group.universe, *group.words}
        words |= {"", "people", "adults", "children", "residents", "usual residents", "resident population"}
        return {folded(each) for each in words} | self._definitions.get(group.id, set())

    def _because(self, chosen: Candidate | None, fitting: list[Candidate], candidates: list[Candidate]) -> str:
        if chosen is None:
            if not candidates:
                name = self.base.label("measures", self.measure)
                return f"nothing in this base: no rate of '{name}' for this group"
            # The best of those that do not fit says what is wrong most plainly.
            return f"no rate fits; the nearest, {candidates[0].entry.key}: {_words(candidates[0].misfits)}"
        if not fitting:
            return f"overridden: {_words(chosen.misfits)}"
        if len(fitting) == 1:
            return "the only rate that fits"
        return "a survey of the place itself" if chosen.direct else f"the best fit of {len(fitting)} rates"


def _stated_band(definition: str | None) -> AgeBand | None:
    bands = bands_in_name(definition) if definition else []
    return bands[0] if len(bands) == 1 else None


def _words(misfits: tuple[Lowered, ...]) -> str:
    return "; ".join(each.because for each in misfits)


_ORDER = ("counting unit", "definition", "age band", "place", "place", "date", "source strength", "id")


def _lost(candidate: Candidate, chosen: Candidate | None) -> str:
    """Say on which step a candidate lost, in the order of fit."""
    if candidate.misfits:
        return f"does not fit: {_words(candidate.misfits)}"
    if chosen is None:
        return "not needed"
    pairs = zip(_ORDER, candidate.order, chosen.order, strict=True)
    aspect = next((name for name, mine, best in pairs if mine != best), "id")
    if aspect == "id":
        return "fits as well as the chosen one; the first by id was taken"
    better = {"place": "nearer to the place", "date": "nearer in time", "source strength": "of a stronger source"}
    return f"the chosen rate is {better.get(aspect, f'better by {aspect}')}"


def unusable(base: Base, entry: Entry[Finding], reviews: Reviews) -> str | None:
    """Say why a finding cannot be applied as a rate at all; None where it can."""
    finding = entry.record
    if reason := unsound(entry, reviews):
        return reason
    checks = (
        (finding.statistic != "prevalence", f"a {finding.statistic}, not the share of a group"),
        (base.unit(entry) != PERCENT, f"in {base.unit(entry)}, not percent"),
        (finding.value is not None and not 0 <= finding.value <= _HUNDRED, "not between 0 and 100 percent"),
    )
    return next((reason for holds, reason in checks if holds), None)
