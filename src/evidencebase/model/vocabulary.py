"""The vocabularies of `schema/`: what is measured, in whom, where, and how strong a source is."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from evidencebase.model.naming import GroupId, MeasureId, PlaceId
from evidencebase.model.records import Study
from evidencebase.model.values import Id, Model, Number, Strength, Text

PERCENT = "percent"
CURRENCIES = ("gbp", "eur", "usd")


class Term(Model):
    """What every entry of the vocabulary has."""

    id: Id
    label: Text


class Measure(Term):
    """What is measured. Two questions, recalls or cut-offs are two measures.

    `unit` is `percent`, a currency (`gbp`), `times`, or the thing counted (`persons`, `households`).
    `phrase` completes the statement "7.7% of adults aged 16 to 24 ...". `polarity` says whether a high
    figure is bad (`negative`), good (`positive`) or neither. `construct` (here `concept`, since pydantic
    keeps that name) is what the measure is meant to capture.
    """

    concept: Id = Field(alias="construct")
    instrument: Text | None = None
    question: Text | None = None
    response_options: list[Text] = []
    options_counted: list[Text] = []
    recall: Text | None = None
    unit: Id
    polarity: Literal["negative", "positive", "neutral"] = "neutral"
    complement_of: MeasureId | None = None
    comparable_with: list[MeasureId] = []
    phrase: Text
    notes: list[Text] = []


class Group(Term):
    """Who is meant. `label` reads in a sentence ("adults aged 16 to 24"); bounds are in whole years."""

    universe: Id = "persons"
    age_min: Annotated[int, Field(ge=0, le=120)] | None = None
    age_max: Annotated[int, Field(ge=0, le=120)] | None = None
    sex: Literal["female", "male"] | None = None
    condition: Text | None = None
    broader: list[GroupId] = []
    protected_characteristics: list[Id] = []
    labels_as_published: list[Text] = []
    notes: list[Text] = []


_HEAD_ENDS = re.compile(r"[,(]|\s(?:aged|in|of|on|at|from|with|without|who|whose|that|living|and|or)\b")


def head(label: str) -> str:
    """Whom a label of a group counts, without what tells them apart: "nurses" of "nurses in Northshire"."""
    return _HEAD_ENDS.split(label, maxsplit=1)[0].strip()


class PlaceEntry(Term):
    """Where. `code` is the GSS code; `excludes` names places that a reader could think are in it."""

    code: Annotated[str, Field(pattern=r"^[A-Z]\d{8}$")] | None = None
    vintage: Text | None = None
    type: Id
    broader: list[PlaceId] = []
    excludes: list[PlaceId] = []
    notes: list[Text] = []


class Rule(Model):
    """One row of the decision table: the strength where every field named here has one of its values."""

    when: dict[Id, list[Text]]
    strength: Strength
    reason: Text


class Rubric(Model):
    """The decision table that grades studies; the last rule must hold for all."""

    name: Text
    definitions: dict[Strength, Text]
    large_from: Number
    rules: list[Rule] = Field(min_length=1)

    def grade(self, study: Study) -> Rule:
        """The first rule that fits the study's appraisal; its strength and its reason."""
        facts = self.facts(study)
        fitting = (rule for rule in self.rules if all(facts[field] in rule.when[field] for field in rule.when))
        return next(fitting, self.rules[-1])

    def facts(self, study: Study) -> dict[str, str]:
        """The appraisal in the terms the rules use."""
        return {
            "design": study.design,
            "professional": study.conductor.professional or ("yes" if study.conductor.value else "unclear"),
            "size": self._size(study.size.value, study.size.n),
            "sampling": study.sampling.value,
            "commissioner": study.commissioner.kind,
        }

    def _size(self, stated: str, n: Decimal | None) -> str:
        if n is not None:
            return "large" if n >= self.large_from else "small"
        return stated


class Vocabulary(Model):
    """All of `schema/`."""

    measures: dict[str, Measure] = {}
    groups: dict[str, Group] = {}
    places: dict[str, PlaceEntry] = {}
    rubric: Rubric | None = None

    def terms(self, kind: str) -> dict[str, Term]:
        """The entries of one kind (`groups`) by id."""
        found: dict[str, Term] = getattr(self, kind)
        return found

    def ancestors(self, kind: str, key: str) -> list[str]:
        """Every broader group or place, nearest first, without the one asked for."""
        table: dict[str, Group] | dict[str, PlaceEntry] = getattr(self, kind)
        found: list[str] = []
        queue = list(table[key].broader) if key in table else []
        while queue:
            name = queue.pop(0)
            if name not in found and name != key:
                found.append(name)
                queue.extend(table[name].broader if name in table else [])
        return found
