"""One table of kinds, and one declaration of what an entry names, which everything else follows from."""

from __future__ import annotations

import pytest

from evidencebase.checks.context import Context
from evidencebase.checks.references import check_references, check_vocabulary
from evidencebase.database.tables import TABLES
from evidencebase.loading import load
from evidencebase.model.kinds import BY_ONE, KINDS, RECORDS, VOCABULARY
from evidencebase.model.naming import Named, _naming, named
from evidencebase.model.records import Conclusion, Estimate
from evidencebase.model.values import Model
from evidencebase.model.vocabulary import Vocabulary

# How the pattern of an id shows in the type of a field.
PATTERN = "[a-z0-9]+(-[a-z0-9]+)*"
# Fields that hold an id and name no entry of the base, and why.
NAME_NOTHING = {
    "id": "the entry's own",
    "key": "the entry's own; of a loader spec, a column of its CSV",
    "extracted_by": "the role of a reader",
    "by": "the role of a reader",
    "code": "a code of a check",
    "unit": "of a column of a CSV: a unit, or the thing counted",
    "is_": "characteristics and their levels, which a check of its own knows",
    "broader": "of a level: others of its characteristic, which a check of its own knows",
    "constructs": "constructs, known by the measures alone",
    "dimension": "what a characteristic is about",
    "universe": "the thing counted",
    "concept": "a construct, known by the measures alone",
    "type": "a kind of place",
    "protected_characteristics": "characteristics of the Equality Act",
    "table": "a table of the document it stands beside",
    "column": "a column of that table",
    "label": "a column of a CSV",
    "figures": "numbers of the record itself",
    "when": "fields of an appraisal",
    "columns": "columns of a CSV",
    **dict.fromkeys(("lower", "upper", "interval", "cases", "n", "p"), "of a loader spec, a column of its CSV"),
    "values": "columns of a CSV",
    "record": "a record or table, by the id it is reviewed under",
    "to": "a record, by a template",
}


def models(model: type[Model] = Model) -> list[type[Model]]:
    """Every model of the program."""
    return [each for sub in model.__subclasses__() for each in (sub, *models(sub))]


@pytest.mark.parametrize("model", models(), ids=lambda model: model.__name__)
def test_a_field_that_holds_an_id_says_of_what_or_is_known_to_name_nothing(model):
    told = {name: str((field.annotation, field.metadata)) for name, field in model.model_fields.items()}
    silent = {name for name, text in told.items() if PATTERN in text and "Names(" not in text}
    assert silent - set(NAME_NOTHING) == set()


def test_what_a_record_names_has_its_path_and_its_kinds():
    anchor = {"document": "report", "fragment": "7 of them"}
    conclusion = Conclusion(
        id="c", group="nurses", measure="sleep", direction="higher", supports=["a", "b"], stated_in=[anchor],
        links=[{"type": "contradicts", "to": "d"}],
    )  # fmt: skip
    judged = ("findings", "claims", "estimates", "populations")
    assert list(named("conclusions", conclusion)) == [
        Named(("links", 0, "to"), ("conclusions",), "d"),
        Named(("group",), ("groups",), "nurses"),
        Named(("measure",), ("measures",), "sleep"),
        Named(("supports", 0), judged, "a"),
        Named(("supports", 1), judged, "b"),
        Named(("stated_in", 0, "document"), ("documents",), "report"),
    ]


def test_the_parts_of_a_total_are_of_its_own_kind():
    total = Estimate(id="t", total={"parts": ["a"]})
    assert list(named("estimates", total)) == [Named(("total", "parts", 0), ("estimates",), "a")]


def test_names_are_of_kinds_there_are():
    told = {kind for model in models() for _, _, kinds in _naming(model) for kind in kinds or ()}
    assert told - set(KINDS) == set()


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_a_kind_has_a_table_with_its_key_and_its_label(kind):
    (table,) = [table for table in TABLES if table.name == kind.name]
    assert {kind.key, kind.label} <= {column.name for column in table.columns}
    assert BY_ONE[kind.one] is kind


def test_the_vocabulary_has_a_field_for_each_of_its_kinds():
    assert set(Vocabulary.model_fields) == {*VOCABULARY, "rubric"}


def test_every_kind_of_record_is_read_and_what_it_names_is_checked(base):
    base.change("evidence/findings/northshire-report.yml", "group: nurses", "group: nurces")
    base.change("schema/places.yml", "type: county}", "type: county, broader: [nowhere], excludes: [elsewhere]}")
    loaded, _ = load(base.folder)
    context = Context(base=loaded, matching=None, lock=None, today=None)

    (unknown, *_) = check_references(context)
    assert unknown.code == "reference-group"
    assert unknown.hint == "did you mean nurses?"
    assert [problem.message for problem in check_vocabulary(context)] == [
        "nowhere is none of the places", "elsewhere is none of the places"
    ]  # fmt: skip
    assert set(RECORDS) >= {entry.kind for entry in loaded.entries.values()}
