"""Places, groups and measures."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from evidencebase.database.cells import Row, Selection, listed
from evidencebase.database.columns import Column, Table
from evidencebase.model.vocabulary import Characteristic, Group, Level, Term, Unit


def vocabulary_rows(kind: str) -> Callable[[Selection], Iterator[Row]]:
    """The maker of rows for measures, groups or places."""

    def rows(selection: Selection) -> Iterator[Row]:
        for item in sorted(selection.base.vocabulary.terms(kind).values(), key=lambda each: each.id):
            fields = item.model_dump(mode="json", by_alias=True)
            yield {name: listed(value) for name, value in (fields | _cells(item)).items() if name != "is"}

    return rows


def _cells(item: Term) -> Row:
    """What people look for in an entry and its fields hold otherwise: ages, sex, levels by their names."""
    if isinstance(item, Group):
        marks = [f"{name}: {level if isinstance(level, str) else ', '.join(level)}" for name, level in item.is_.items()]
        return {"age_min": item.age_min, "age_max": item.age_max, "sex": item.sex, "characteristics": marks}
    if isinstance(item, Characteristic):
        return {
            "levels": [f"{level.id}: {level.label}{_inside(level)}" for level in item.levels],
            "words": [word for level in item.levels for word in level.words],
            "also": [word for level in item.levels for word in level.also],
        }
    return {"factor": float(item.factor)} if isinstance(item, Unit) and item.factor is not None else {}


def _inside(level: Level) -> str:
    return f" (of {', '.join(level.broader)})" if level.broader else ""


PLACES = Table(
    "places",
    "Where. Codes are those of the Government Statistical Service.",
    rows=vocabulary_rows("places"),
    label="label",
    facets=("type",),
    indexed=("type",),
    searched=("label", "code", "words", "also"),
    columns=(
        Column("id", "TEXT PRIMARY KEY", "Id"),
        Column("label", "TEXT NOT NULL", "What it is called"),
        Column("code", "TEXT", "GSS code"),
        Column("vintage", "TEXT", "Year of the boundaries"),
        Column("type", "TEXT NOT NULL", "country, county, unitary authority and the like"),
        Column("broader", "TEXT", "The place it is part of"),
        Column("excludes", "TEXT", "What its name might suggest and it does not include"),
        Column("words", "TEXT", "What documents call it"),
        Column("also", "TEXT", "Other names, for search"),
        Column("notes", "TEXT", "Notes"),
    ),
)
GROUPS = Table(
    "groups",
    "The people findings are about.",
    rows=vocabulary_rows("groups"),
    label="label",
    size=50,
    facets=("universe", "sex"),
    indexed=("universe", "sex"),
    searched=("label", "condition", "words", "also"),
    columns=(
        Column("id", "TEXT PRIMARY KEY", "Id"),
        Column("label", "TEXT NOT NULL", "What it is called"),
        Column("universe", "TEXT NOT NULL", "What is counted, such as persons or households"),
        Column("age_min", "INTEGER", "Youngest age, in years"),
        Column("age_max", "INTEGER", "Oldest age, in years"),
        Column("sex", "TEXT", "female, male or empty for both"),
        Column("condition", "TEXT", "What its members have in common"),
        Column("broader", "TEXT", "The groups it is part of"),
        Column("protected_characteristics", "TEXT", "Which protected characteristics of the Equality Act it touches"),
        Column("words", "TEXT", "What documents call it"),
        Column("also", "TEXT", "Other names, for search"),
        Column("characteristics", "TEXT", "What marks its members, characteristic by characteristic"),
        Column("notes", "TEXT", "Notes"),
    ),
)
MEASURES = Table(
    "measures",
    "What can be measured, and how it was asked.",
    rows=vocabulary_rows("measures"),
    label="label",
    size=50,
    facets=("construct", "unit", "polarity"),
    indexed=("construct", "unit", "polarity"),
    searched=("label", "construct", "question", "phrase", "words", "also"),
    columns=(
        Column("id", "TEXT PRIMARY KEY", "Id"),
        Column("label", "TEXT NOT NULL", "What it is called"),
        Column("construct", "TEXT NOT NULL", "What it stands for"),
        Column("instrument", "TEXT", "The question or scale"),
        Column("question", "TEXT", "The question in own words"),
        Column("response_options", "TEXT", "The answers to choose from"),
        Column("options_counted", "TEXT", "Which answers count"),
        Column("recall", "TEXT", "Over what time people were asked to remember"),
        Column("unit", "TEXT NOT NULL", "Unit of its figures"),
        Column("polarity", "TEXT NOT NULL", "negative if a higher figure is worse, positive if it is better"),
        Column(
            "complement_of",
            "TEXT REFERENCES measures(id) DEFERRABLE INITIALLY DEFERRED",
            "The measure it makes 100 percent with",
        ),
        Column("comparable_with", "TEXT", "Measures it may be compared with"),
        Column("phrase", "TEXT NOT NULL", "How it reads in a statement"),
        Column("words", "TEXT", "What documents call it"),
        Column("also", "TEXT", "Other names, for search"),
        Column("notes", "TEXT", "Notes"),
    ),
)
UNITS = Table(
    "units",
    "What figures are counted in, and how documents print it.",
    rows=vocabulary_rows("units"),
    label="label",
    facets=("dimension",),
    indexed=("dimension",),
    searched=("label", "words", "also"),
    columns=(
        Column("id", "TEXT PRIMARY KEY", "Id"),
        Column("label", "TEXT NOT NULL", "What it is called"),
        Column("words", "TEXT", "How documents print it"),
        Column("also", "TEXT", "Other names, for search"),
        Column("dimension", "TEXT NOT NULL", "proportion, rate, count, currency, time, score, ratio or rank"),
        Column("factor", "REAL", "How much one of it is in the base of its dimension, such as 0.01 for percent"),
        Column("notes", "TEXT", "Notes"),
    ),
)
CHARACTERISTICS = Table(
    "characteristics",
    "The properties by which groups differ, with their levels.",
    rows=vocabulary_rows("characteristics"),
    label="label",
    facets=("dimension",),
    indexed=("dimension",),
    searched=("label", "levels", "words", "also"),
    columns=(
        Column("id", "TEXT PRIMARY KEY", "Id"),
        Column("label", "TEXT NOT NULL", "What it is called"),
        Column("dimension", "TEXT NOT NULL", "The dimension it belongs to, such as ethnicity or disability"),
        Column("levels", "TEXT NOT NULL", "Its levels: the id and the name of each"),
        Column("words", "TEXT", "What documents call its levels"),
        Column("also", "TEXT", "Other names of its levels, for search"),
        Column("notes", "TEXT", "Notes"),
    ),
)
