"""The records of a knowledge base: what a published finding is, and everything it stands on.

Read this file to understand the domain. A *document* is where a figure was read; a *study* is who
measured it. A *finding* is a published figure about a group, a *claim* a finding without a figure.
A *population* counts a group in a place; an *estimate* is a rate applied to a population. A
*conclusion* is a judgement a document rests on findings; a *body* is the evidence on one question,
judged once; a *response* is what is offered or recommended; a *context* is what a section says once
of all its figures. Every one of them carries *anchors*: the passages it was read from.

Published numbers are decimals that keep their digits: `14.0` stays `14.0`.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import Field, StrictBool, model_validator

from evidencebase.model.anchors import NO_UNIT, Anchor, FieldPath, Figure
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
    AnyId,
    BodyId,
    ConclusionId,
    ContextId,
    DocumentKey,
    EvidenceId,
    FindingId,
    GroupId,
    MeasureId,
    OwnKindId,
    PlaceId,
    PopulationId,
    StudyKey,
    UnitId,
)
from evidencebase.model.statistics import Statistic
from evidencebase.model.values import Direction, Fragment, Id, Model, Number, Path, Period, Strength, Text

__all__ = [
    "Anchor",
    "Body",
    "Certainty",
    "Claim",
    "Conclusion",
    "Context",
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
    "Reach",
    "Record",
    "Response",
    "Retraction",
    "Study",
    "Suppression",
    "Versus",
]

Qualifier = Literal["about", "estimated", "over", "just-over", "up-to", "at-least", "under", "nearly"]
MAX_SAYS = 200
# What a figure is, beside its statistic, measure, group, place, period and unit: where these differ, two are not alike.
BESIDE = ("versus", "adjusted_for", "horizon", "price_year", "standardised", "out_of", "metric")
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


class Inference(Model):
    """What no passage names: why it is taken so, and the place it is taken from."""

    because: Text
    from_: Anchor = Field(alias="from")


class Record(Model):
    """What every reviewed record has. `extracted_by` names the reader who made it, by role.

    `context` names the section that says once what holds of this figure too. `inferred` gives, for a field by its
    path (`group`, `versus.place`), the reason why it is taken so although no passage names it.
    """

    context: ContextId | None = None
    inferred: dict[FieldPath, Text | Inference] = {}
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


class Versus(Model):
    """What a figure or claim is against: a group, a place, a period, or a level in words."""

    group: GroupId | None = None
    place: PlaceId | None = None
    period: Period | None = None
    level: Text | None = None

    @model_validator(mode="after")
    def _of_something(self) -> Self:
        if not any((self.group, self.place, self.period, self.level)):
            raise ValueError("say against what: a group, a place, a period or a level")
        return self


class Probability(Model):
    """A p-value as printed: `<` 0.001."""

    value: Number
    relation: Literal["=", "<", ">", "≤", "≥"] = "="


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
    """A published figure about a group. `unit` is the measure's unless given; `period` is of the data.

    `statistic` is None only where `unread` says that nobody has read it yet. `suppressed` is what is printed in place
    of a number that was withheld. `cases` of `n` make up the value. `horizon` is the time a risk or a sum runs over,
    `out_of` how many a rank is among, `metric` the scale of a score or the kind of an effect size.
    """

    id: Id
    statistic: Statistic | None = None
    measure: MeasureId
    group: GroupId | None = None
    place: PlaceId | None = None
    period: Period | None = None
    value: Number | None = None
    range: Range | None = None
    suppressed: Annotated[str, Field(min_length=1, max_length=20)] | None = None
    unit: UnitId | None = None
    qualifiers: list[Qualifier] = []
    cases: Number | None = None
    n: Number | None = None
    weighted: StrictBool | None = None
    interval: Interval | None = None
    p: Probability | None = None
    versus: Versus | None = None
    adjusted_for: list[Text] = []
    horizon: Text | None = None
    price_year: Period | None = None
    standardised: Literal["none", "direct", "indirect"] | None = None
    standard: Text | None = None
    out_of: Number | None = None
    metric: Text | None = None
    unread: list[Literal["statistic"]] = []
    anchors: list[Anchor] = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if sum(each is not None for each in (self.value, self.range, self.suppressed)) != 1:
            raise ValueError("a finding has a value, a range, or what is printed for a suppressed number: one of them")
        if (self.statistic is None) == ("statistic" not in self.unread):
            raise ValueError("a finding says which statistic it is, or names it in `unread`")
        return self

    def figures(self) -> list[Figure]:
        """Value or both ends of the range in the record's unit, the interval, and the plain numbers beside them."""
        ends = {"value": self.value}
        if self.range:
            ends = {"low": self.range.low, "high": self.range.high}
        if self.interval:
            ends |= {"lower": self.interval.lower, "upper": self.interval.upper}
        found = [Figure(field=name, value=value, unit=self.unit) for name, value in ends.items() if value is not None]
        counts = {"n": self.n, "cases": self.cases}
        found += [
            Figure(field=name, value=value, unit="persons") for name, value in counts.items() if value is not None
        ]
        plain = {"p": self.p.value if self.p else None, "out-of": self.out_of}
        return found + [
            Figure(field=name, value=value, unit=NO_UNIT) for name, value in plain.items() if value is not None
        ]


class Claim(Credited):
    """What a document says in words: a relation, a trend, an extent, a definition, a method, a limitation, a statement.

    `group` is in whom, `exposure` to what (an id of a group, a measure or a record). `versus` is None where no
    comparator is printed. `link` follows the printed verb: is higher than (`differs`), is associated with (`linked`),
    increases (`raises`). `modality` is the document's own hedge. `says` is the sentence in own words, where composing
    one would say more or less. `unread` names the fields that nobody has read yet.
    """

    id: Id
    kind: Literal["relation", "trend", "extent", "definition", "method", "limitation", "statement"]
    group: GroupId | None = None
    exposure: AnyId | None = None
    measure: MeasureId | None = None
    versus: Versus | None = None
    link: Literal["differs", "linked", "raises"] | None = None
    direction: Direction | Literal["not-printed"] | None = None
    significance: Literal["significant", "not-significant", "not-tested", "not-stated"] = "not-stated"
    modality: Literal["asserted", "suggested", "possible", "projected", "reported"] | None = None
    adjusted_for: list[Text] = []
    place: PlaceId | None = None
    period: Period | None = None
    says: Text | None = Field(default=None, json_schema_extra={"maxLength": MAX_SAYS})
    findings: list[EvidenceId] = []
    unread: list[Literal["exposure", "link", "modality"]] = []
    anchors: list[Anchor] = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.kind == "relation" and not (self.measure and (self.group or self.exposure) and self.direction):
            raise ValueError("a relation names its measure, its group or exposure, and its direction")
        if self.kind == "trend" and not (self.says or (self.measure and self.direction)):
            raise ValueError("a trend names its measure and its direction, or says it in its own words")
        if self.kind not in ("relation", "trend") and not self.says:
            raise ValueError(f"a {self.kind} says in its own words what it is: add `says`")
        if filled := [name for name in self.unread if getattr(self, name) is not None]:
            raise ValueError(f"{filled[0]} is given and named in `unread`: take it out there")
        return self

    @property
    def against(self) -> str | None:
        """The group it is compared with; None where it is compared with no group."""
        return self.versus.group if self.versus else None

    @property
    def beside(self) -> tuple[str | None, str | None, str | None]:
        """The place, period and level it is compared with."""
        return (self.versus.place, self.versus.period, self.versus.level) if self.versus else (None, None, None)


class Study(Record):
    """Who measured: a survey, a review, a model. Its strength is stated here and recomputed by the rubric.

    `read` says whether the study's own publication was read for its appraisal, or only what others write of it.
    `words` are its names as documents print them, `also` names for search only.
    """

    key: Id
    label: Text | None = None
    words: list[Text] = []
    also: list[Text] = []
    read: Literal["publication", "second-hand"] | None = None
    design: Literal["survey", "census", "administrative", "qualitative", "review", "model", "unclear"] = "survey"
    universe: Universe = Universe()
    conductor: Conductor = Conductor()
    commissioner: Commissioner = Commissioner()
    funder: Judgement | None = None
    sampling: Sampling = Sampling()
    size: Size = Size()
    waves: Text | None = None
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
    unit: UnitId
    value: Number
    qualifiers: list[Qualifier] = []
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
    unit: UnitId | None = None
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


class Leaning(Model):
    """A body that a conclusion rests on, and which way it speaks."""

    body: BodyId
    speaks: Literal["for", "against"]


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
    rests_on: list[Leaning] = []
    stated_in: list[Anchor] = Field(min_length=1)
    certainty: Certainty = Certainty()

    def anchored(self) -> Iterator[tuple[Path, Anchor, list[Figure]]]:
        """Where documents state it."""
        for index, anchor in enumerate(self.stated_in):
            yield ("stated_in", index), anchor, []


class Question(Model):
    """The question a body of evidence answers: how often, what follows, or what an exposure does, and in whom."""

    type: Literal["prevalence", "prognosis", "effect"]
    constructs: list[Id] = Field(min_length=1)
    group: GroupId
    exposure: AnyId | None = None


class Exclusion(Model):
    """A record that answers the question and is left out, and why."""

    id: EvidenceId
    because: Text


class Body(Record):
    """The evidence on one question, judged once. Its members follow from the question; only exclusions are written."""

    id: Id
    question: Question
    excludes: list[Exclusion] = []
    certainty: Certainty = Certainty()


class Given(Model):
    """What a section says once of all figures in it."""

    study: StudyKey | None = None
    period: Period | None = None
    place: PlaceId | None = None
    measure: MeasureId | None = None
    group: GroupId | None = None


class Context(Record):
    """A part of a document, from one fragment to another, and what it says once of all figures in it."""

    id: Id
    document: DocumentKey
    from_: Fragment = Field(alias="from")
    to: Fragment
    gives: Given
    anchors: list[Anchor] = Field(min_length=1)

    def anchored(self) -> Iterator[tuple[Path, Anchor, list[Figure]]]:
        """Where it starts and ends, and where it says what it gives."""
        for name, fragment in (("from", self.from_), ("to", self.to)):
            yield (name,), Anchor(document=self.document, fragment=fragment), []
        yield from super().anchored()


class Reach(Model):
    """How many a response reaches: `value` in `unit`, `of` whom or what, in words."""

    value: Number
    unit: UnitId
    of: Text
    anchors: list[Anchor] = Field(min_length=1)


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
    reach: list[Reach] = []
    effectiveness: Literal["none-recorded", "reported", "evaluated"] = "none-recorded"
    anchors: list[Anchor] = Field(min_length=1)

    def figures(self) -> list[Figure]:
        """How many it reaches, each in its unit: `reach-1`, `reach-2`."""
        return [
            Figure(field=f"reach-{index}", value=each.value, unit=each.unit)
            for index, each in enumerate(self.reach, start=1)
        ]

    def anchored(self) -> Iterator[tuple[Path, Anchor, list[Figure]]]:
        """Its own passages, which carry no figure, and those of each number it reaches."""
        for index, anchor in enumerate(self.anchors):
            yield ("anchors", index), anchor, []
        for figure, (place, each) in zip(self.figures(), enumerate(self.reach), strict=True):
            for index, anchor in enumerate(each.anchors):
                yield ("reach", place, "anchors", index), anchor, [figure]


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
