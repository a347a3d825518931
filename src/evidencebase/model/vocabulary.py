"""The vocabularies of `schema/`: what is measured, in whom, where, and how strong a source is."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache, cached_property
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from evidencebase.model.hierarchy import all_above, broader_groups, marks
from evidencebase.model.naming import GroupId, MeasureId, PlaceId, UnitId
from evidencebase.model.records import Study
from evidencebase.model.statistics import Dimension
from evidencebase.model.values import Id, Model, Number, Strength, Text

PERCENT = "percent"
CURRENCIES = ("gbp", "eur", "usd")
_USUAL: dict[str, Dimension] = {PERCENT: "proportion", "times": "ratio", "rank": "rank", "years": "time"}


_AGES = re.compile(r"(?P<low>\d{1,3})(?:-(?P<high>\d{1,3})|(?P<open>\+))?|under (?P<under>[1-9]\d{0,2})")


@cache
def _ages(written: str) -> tuple[int | None, int | None]:
    """The youngest and the oldest age as written ("16-24", "75+", "under 50"); None where none is stated."""
    ages = _AGES.fullmatch(written)
    if ages is None:
        return None, None
    if ages["under"]:
        return None, int(ages["under"]) - 1
    return int(ages["low"]), None if ages["open"] else int(ages["high"] or ages["low"])


def _level(value: object) -> object:
    """An age of one year is a number to YAML."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


LevelOrLevels = Annotated[Text | list[Id], BeforeValidator(_level, json_schema_input_type=str | int | list[str])]


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
    unit: UnitId
    polarity: Literal["negative", "positive", "neutral"] = "neutral"
    complement_of: MeasureId | None = None
    comparable_with: list[MeasureId] = []
    phrase: Text
    words: list[Text] = []
    also: list[Text] = []
    notes: list[Text] = []


class Group(Term):
    """Who is meant. `label` reads in a sentence ("adults aged 16 to 24").

    `is` says what marks its members: `age` in whole years ("16-24", "75+", "under 50"), `sex`, and levels of the
    characteristics of `characteristics.yml`. `condition` says in words what no characteristic holds yet. `words` are
    its names as documents print them, `also` names for search only.
    """

    universe: Id = "persons"
    is_: dict[Id, LevelOrLevels] = Field(default={}, alias="is")
    condition: Text | None = None
    broader: list[GroupId] = []
    protected_characteristics: list[Id] = []
    words: list[Text] = []
    also: list[Text] = []
    notes: list[Text] = []

    @model_validator(mode="after")
    def _known(self) -> Self:
        age, sex = self.is_.get("age"), self.is_.get("sex")
        if age is not None and (not isinstance(age, str) or _AGES.fullmatch(age) is None):
            raise ValueError("is.age: write the ages as 16-24, 75+, under 50 or, for one year, 10")
        if sex is not None and sex not in ("female", "male"):
            raise ValueError("is.sex: write female or male")
        return self

    @property
    def age_min(self) -> int | None:
        """The youngest age, in whole years; None where none is stated."""
        return _ages(str(self.is_.get("age")))[0]

    @property
    def age_max(self) -> int | None:
        """The oldest age, in whole years; None where none is stated."""
        return _ages(str(self.is_.get("age")))[1]

    @property
    def sex(self) -> str | None:
        """Female or male; None where both, or not stated."""
        sex = self.is_.get("sex")
        return sex if isinstance(sex, str) else None


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
    words: list[Text] = []
    also: list[Text] = []
    notes: list[Text] = []


class Unit(Term):
    """What a figure is counted in: its printed forms, the first of which is shown, and what it measures.

    `factor` is how much one of it is in the base of its dimension: 0.01 for percent, 0.00001 for "per 100,000".
    """

    words: list[Text] = []
    also: list[Text] = []
    dimension: Dimension
    factor: Number | None = None
    notes: list[Text] = []


class Level(Term):
    """One value of a characteristic, and how documents print it. `broader` are the levels it lies within, if any."""

    broader: list[Id] = []
    words: list[Text] = []
    also: list[Text] = []


class Characteristic(Term):
    """A property by which groups differ: its dimension (ethnicity, disability, household ...) and its levels."""

    dimension: Id
    levels: list[Level] = Field(min_length=1)
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
    units: dict[str, Unit] = {}
    characteristics: dict[str, Characteristic] = {}
    rubric: Rubric | None = None

    def terms(self, kind: str) -> dict[str, Term]:
        """The entries of one kind (`groups`) by id."""
        found: dict[str, Term] = getattr(self, kind)
        return found

    def dimension(self, unit: str) -> Dimension:
        """What a unit measures; of one that `units.yml` does not hold, what its name says, else a count."""
        if unit in self.units:
            return self.units[unit].dimension
        if unit.split("-", maxsplit=1)[0] in CURRENCIES:
            return "currency"
        return _USUAL.get(unit, "count")

    @cached_property
    def _above(self) -> dict[str, dict[str, list[str]]]:
        """By kind, for each group and place those directly above it."""
        return {
            "groups": broader_groups(self.groups, self.characteristics),
            "places": {key: list(place.broader) for key, place in self.places.items()},
        }

    @cached_property
    def _ancestors(self) -> dict[tuple[str, str], list[str]]:
        return {}

    def conditions(self, group: Group) -> dict[str, frozenset[str]]:
        """What marks the members of a group beside age and sex: levels by characteristic, stages of life left out."""
        staged = {key for key, trait in self.characteristics.items() if trait.dimension == "age"}
        return {name: levels for name, levels in marks(group).items() if name != "sex" and name not in staged}

    def condition(self, group: Group) -> str:
        """What marks the members of a group beside age and sex, in words; empty where nothing does."""
        labels = {
            (trait.id, level.id): level.label for trait in self.characteristics.values() for level in trait.levels
        }
        found = [
            " or ".join(labels.get((name, level), level) for level in sorted(levels))
            for name, levels in self.conditions(group).items()
        ]
        return ", ".join([*([group.condition] if group.condition else []), *found])

    def broader(self, kind: str, key: str) -> list[str]:
        """The groups or places directly above one: of groups also those that its characteristics put above it."""
        return self._above[kind].get(key, [])

    def ancestors(self, kind: str, key: str) -> list[str]:
        """Every broader group or place, nearest first, without the one asked for."""
        if (kind, key) not in self._ancestors:
            found = all_above(key, self._above[kind])
            self._ancestors[kind, key] = [name for name in found if name != key]
        return self._ancestors[kind, key]
