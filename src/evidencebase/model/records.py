"""The records of a knowledge base: what a published finding is, and everything it stands on.

Read this file to understand the domain. A *document* is where a figure was read; a *study* is who
measured it. A *finding* is a published figure about a group, a *claim* a finding without a figure.
A *population* counts a group in a place; an *estimate* is a rate applied to a population. A
*conclusion* is a judgement a document rests on findings; a *response* is what is offered or
recommended. Every one of them carries *anchors*: the passages it was read from.

Published numbers are decimals that keep their digits: `14.0` stays `14.0`.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal, NamedTuple, Self

from pydantic import Field, StrictBool, model_validator

from evidencebase.model.anchors import Anchor, Figure
from evidencebase.model.appraisals import (
    Commissioner,
    Conductor,
    Debatable,
    Judgement,
    Retraction,
    Sampling,
    Size,
    Universe,
)
from evidencebase.model.naming import (
    ConclusionId,
    EvidenceId,
    FindingId,
    GroupId,
    MeasureId,
    OwnKindId,
    PlaceId,
    PopulationId,
    StudyKey,
)
from evidencebase.model.values import Direction, Id, Model, Number, Path, Period, Strength, Text

__all__ = [
    "Anchor",
    "Certainty",
    "Claim",
    "Comparator",
    "Conclusion",
    "Domain",
    "Estimate",
    "Figure",
    "Finding",
    "Indicator",
    "Interval",
    "Link",
    "Parts",
    "Population",
    "Range",
    "Record",
    "Response",
    "Retraction",
    "Study",
    "Suppression",
]

Qualifier = Literal["about", "over", "just-over", "up-to", "at-least", "under", "nearly"]
Attribution = Literal["stated", "inferred", "corrected"]


class Link(Model):
    """A typed, symmetric relation between two records of one kind."""

    type: Literal["contradicts", "supersedes", "same-sample"]
    to: OwnKindId
    because: Text | None = None


class Suppression(Model):
    """A problem that is known and left: the code, and why. It is counted in every report."""

    code: Id
    reason: Text


class About(NamedTuple):
    """What a record is about, as ids and as written; None for what it leaves out or what its kind does not have."""

    measure: str | None
    group: str | None
    place: str | None
    period: str | None
    study: str | None


class Record(Model):
    """What every reviewed record has. `extracted_by` names the reader who made it, by role."""

    caveats: list[Text] = []
    links: list[Link] = []
    suppress: list[Suppression] = []
    extracted_by: Id | None = None

    @property
    def ident(self) -> str:
        """The id by which other records name this one: `id`, or `key` for a study."""
        return str(getattr(self, "id", None) or getattr(self, "key", ""))

    @property
    def about(self) -> About:
        """Measure, group, place, period and study, for whoever takes records of any kind."""
        return About(*(getattr(self, name, None) for name in About._fields))

    def figures(self) -> list[Figure]:
        """The numbers of this record that must be found in its passages, with their units."""
        return []

    def anchored(self) -> Iterator[tuple[Path, Anchor, list[Figure]]]:
        """Every anchor with its path in the record and the figures it may carry."""
        figures = self.figures()
        for index, anchor in enumerate(getattr(self, "anchors", [])):
            yield ("anchors", index), anchor, figures


class Range(Model):
    """A published range, both ends as printed."""

    low: Number
    high: Number

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low > self.high:
            raise ValueError("low is above high")
        return self


class Interval(Model):
    """A published interval: limits in the unit of the value, `confidence` in percent (95)."""

    lower: Number
    upper: Number
    confidence: Number | None = None
    method: Text | None = None


class Comparator(Model):
    """What a ratio or difference is against, and what it was adjusted for."""

    group: GroupId | None = None
    outcome: Text | None = None
    adjusted_for: list[Text] = []
    horizon: Text | None = None
    price_year: Period | None = None


class Credited(Record):
    """A record that is credited to a study; a credit put right keeps what the document says, and the reason."""

    study: StudyKey | None = None
    attribution: Attribution = "stated"
    credited_as: Text | None = None
    attribution_reason: Text | None = None

    @model_validator(mode="after")
    def _reasoned(self) -> Self:
        if self.attribution == "corrected" and not (self.credited_as and self.attribution_reason):
            raise ValueError("a corrected attribution says credited_as and attribution_reason")
        return self


class Finding(Credited):
    """A published figure about a group. `unit` is the measure's unless given; `period` is of the data."""

    id: Id
    statistic: Literal[
        "prevalence", "count", "mean", "share", "ratio", "risk-ratio", "odds-ratio", "difference", "cost", "rank"
    ]
    measure: MeasureId
    group: GroupId | None = None
    place: PlaceId | None = None
    period: Period | None = None
    value: Number | None = None
    range: Range | None = None
    unit: Id | None = None
    qualifier: Qualifier | None = None
    n: Number | None = None
    weighted: StrictBool | None = None
    interval: Interval | None = None
    comparator: Comparator | None = None
    anchors: list[Anchor] = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.value is None) == (self.range is None):
            raise ValueError("a finding has a value or a range, one of them")
        return self

    def figures(self) -> list[Figure]:
        """Value or both ends of the range in the record's unit, the interval, and n as a plain count."""
        ends = {"value": self.value}
        if self.range:
            ends = {"low": self.range.low, "high": self.range.high}
        if self.interval:
            ends |= {"lower": self.interval.lower, "upper": self.interval.upper}
        found = [Figure(field=name, value=value, unit=self.unit) for name, value in ends.items() if value is not None]
        return found + ([Figure(field="n", value=self.n, unit="persons")] if self.n is not None else [])


class Claim(Credited):
    """A finding without a figure: a direction, a definition, or a limitation the document states."""

    id: Id
    kind: Literal["direction", "definition", "limitation"]
    measure: MeasureId | None = None
    group: GroupId | None = None
    than: GroupId | None = None
    place: PlaceId | None = None
    period: Period | None = None
    direction: Direction | None = None
    significance: Literal["significant", "not-significant", "not-tested", "not-stated"] = "not-stated"
    adjusted_for: list[Text] = []
    findings: list[EvidenceId] = []
    summary: Text | None = None
    anchors: list[Anchor] = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.kind == "direction" and not (self.measure and self.group and self.direction):
            raise ValueError("a direction claim names its measure, its group and its direction")
        if self.kind != "direction" and not self.summary:
            raise ValueError(f"a {self.kind} says in its own words what it is: add a summary")
        return self


class Study(Record):
    """Who measured: a survey, a review, a model. Its strength is stated here and recomputed by the rubric."""

    key: Id
    label: Text | None = None
    design: Literal["survey", "census", "administrative", "qualitative", "review", "model", "unclear"] = "survey"
    universe: Universe = Universe()
    conductor: Conductor = Conductor()
    commissioner: Commissioner = Commissioner()
    funder: Judgement | None = None
    sampling: Sampling = Sampling()
    size: Size = Size()
    mode: Text | None = None
    fieldwork: Period | None = None
    weighted: StrictBool | None = None
    supersedes: StudyKey | None = None
    strength: Strength
    debatable: Debatable | None = None
    retracted: Retraction | None = None

    def judgements(self) -> list[tuple[str, Judgement]]:
        """The judgements of its appraisal, each under the name of its field."""
        given = [("funder", self.funder)] if self.funder else []
        return [
            ("conductor", self.conductor),
            ("commissioner", self.commissioner),
            *given,
            ("sampling", self.sampling),
            ("size", self.size),
        ]

    def figures(self) -> list[Figure]:
        """The sample size, a plain count of people; one without a passage is no figure of this base."""
        anchored = self.size.n is not None and self.size.anchors
        return [Figure(field="n", value=self.size.n, unit="persons")] if anchored and self.size.n is not None else []

    def anchored(self) -> Iterator[tuple[Path, Anchor, list[Figure]]]:
        """The anchors of each judgement; the size's carry the sample size, where it is given."""
        for name, judgement in self.judgements():
            figures = self.figures() if name == "size" else []
            for index, anchor in enumerate(judgement.anchors):
                yield (name, "anchors", index), anchor, figures


class Parts(Model):
    """A total and what it is the sum of."""

    parts: list[OwnKindId] = Field(min_length=1)
    published: Number | None = None


class Population(Record):
    """How many there are of a group in a place: `value` in `unit` (persons, households ...)."""

    id: Id
    group: GroupId
    place: PlaceId | None = None
    period: Period | None = None
    unit: Id
    value: Number
    qualifier: Qualifier | None = None
    definition: Text | None = None
    includes: list[Text] = []
    excludes: list[Text] = []
    total: Parts | None = None
    study: StudyKey | None = None
    anchors: list[Anchor] = Field(min_length=1)

    def figures(self) -> list[Figure]:
        """The count, in its counting unit."""
        return [Figure(field="value", value=self.value, unit=self.unit)]


class Estimate(Record):
    """A rate applied to a population, or a total of such: as a document publishes it, or our own."""

    id: Id
    finding: FindingId | None = None
    population: PopulationId | None = None
    published: Number | None = None
    total: Parts | None = None
    measure: MeasureId | None = None
    group: GroupId | None = None
    place: PlaceId | None = None
    period: Period | None = None
    unit: Id | None = None
    override: Text | None = None
    anchors: list[Anchor] = []

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.total is None and not (self.finding and self.population):
            raise ValueError("an estimate names its finding and its population, or the parts of its total")
        if self.value is not None and not self.anchors:
            raise ValueError("a published estimate needs the anchor it was read from")
        return self

    @property
    def value(self) -> Decimal | None:
        """The published number; None for an estimate of our own."""
        return self.total.published if self.total else self.published

    def figures(self) -> list[Figure]:
        """The published number, in the unit of the population."""
        return [Figure(field="published", value=self.value, unit=self.unit)] if self.value is not None else []


class Domain(Model):
    """One GRADE domain of certainty, judged with a reason or left unassessed."""

    rating: Literal["not-serious", "serious", "very-serious", "not-assessed"] = "not-assessed"
    reason: Text | None = None

    @model_validator(mode="after")
    def _reasoned(self) -> Self:
        if self.rating != "not-assessed" and not self.reason:
            raise ValueError("a judged domain says why: add a reason")
        return self


class Certainty(Model):
    """GRADE's five domains."""

    risk_of_bias: Domain = Domain()
    inconsistency: Domain = Domain()
    indirectness: Domain = Domain()
    imprecision: Domain = Domain()
    publication_bias: Domain = Domain()


class Conclusion(Record):
    """A judgement resting on findings and claims, as a document states it."""

    id: Id
    group: GroupId
    measure: MeasureId
    direction: Direction
    place: PlaceId | None = None
    label: Text | None = None
    supports: list[EvidenceId] = []
    disputes: list[EvidenceId] = []
    stated_in: list[Anchor] = Field(min_length=1)
    certainty: Certainty = Certainty()

    def anchored(self) -> Iterator[tuple[Path, Anchor, list[Figure]]]:
        """Where documents state it."""
        for index, anchor in enumerate(self.stated_in):
            yield ("stated_in", index), anchor, []


class Response(Record):
    """What is offered, planned or recommended. Being offered is not being effective."""

    id: Id
    kind: Literal["service", "programme", "policy", "recommendation", "action"]
    label: Text
    place: PlaceId | None = None
    period: Period | None = None
    provider: Text | None = None
    groups: list[GroupId] = []
    rests_on: list[ConclusionId] = []
    findings: list[EvidenceId] = []
    effectiveness: Literal["none-recorded", "reported", "evaluated"] = "none-recorded"
    anchors: list[Anchor] = Field(min_length=1)


class Indicator(Record):
    """A measure a document says it will watch, where its data come from and when they are next due."""

    id: Id
    measure: MeasureId
    group: GroupId | None = None
    place: PlaceId | None = None
    finding: FindingId | None = None
    data_set: Text
    next_release: Period | None = None
    next_release_as_published: Text | None = None
    anchors: list[Anchor] = Field(min_length=1)
