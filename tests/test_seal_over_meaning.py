"""The seal covers meaning: what a change of the vocabulary, a document, a study, a table or the rubric does to records."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing

import pytest

from evidencebase.database import build_database
from evidencebase.problems import EvidenceError
from sealed_base import (
    CHARACTERISTICS,
    DOCUMENTS,
    FINDINGS,
    GROUPS,
    LOADER,
    MEASURES,
    PLACES,
    REVIEWS,
    RUBRIC,
    SOURCES,
    STUDIES,
    TABLE,
    UNITS,
    SealedBase,
)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Made once: reviewing and locking it takes longer than all that is tested on it."""
    return SealedBase(tmp_path_factory.mktemp("made") / "base").sealed()


@pytest.fixture
def base(made, tmp_path):
    shutil.copytree(made.folder, tmp_path / "base")
    copy = object.__new__(SealedBase)
    copy.folder = tmp_path / "base"
    return copy


def faults(base) -> list[tuple[str, str | None]]:
    return [(problem.code, problem.record) for problem in base.problems()]


def test_a_base_that_is_reviewed_whole_checks_clean_and_builds_with_the_documents_and_without(base):
    for _ in range(2):
        done = base.run("check")
        assert done.returncode == 0, done.stdout
        assert base.run("build").returncode == 0
        base.without_documents() if (base.folder / "documents/parks.txt").exists() else None


MEANING = {
    "a measure's phrase": (MEASURES, "phrase: visit a park every day", "phrase: never visit a park", "measures/visits-daily"),
    "a measure's unit": (MEASURES, "unit: percent", "unit: persons", "measures/visits-daily"),
    "a measure's cut-off": (MEASURES, "options_counted: [every day]", "options_counted: [never]", "measures/visits-daily"),
    "a group's ages": (GROUPS, "age: 16-24", "age: 16-25", "groups/young-people"),
    "a group's sex": (GROUPS, "sex: female", "sex: male", "groups/women"),
    "a group's label": (GROUPS, "label: women", "label: mothers", "groups/women"),
    "a place's label": (PLACES, "label: Aldshire", "label: Bexshire", "places/aldshire"),
    "a unit's label": (UNITS, "label: per cent", "label: per thousand", "units/percent"),
    "a document's title": (DOCUMENTS, "title: Parks in Aldshire", "title: Parks in Bexshire", "documents/parks"),
    "a document's publisher": (DOCUMENTS, "publisher: Aldshire", "publisher: Bexshire", "documents/parks"),
    "what a word means in a document": (DOCUMENTS, "the county: {place", "our county: {place", "documents/parks"),
    "a bibliography entry": (SOURCES, "{{Office of Parks}}", "{{Friends of Parks}}", "sources/parks-survey-2021"),
    "a study's appraisal": (STUDIES, "{value: random, basis", "{value: census, basis", "parks-survey-2021"),
    "a study's words": (STUDIES, "words: [Parks Survey 2021]", "words: [Parks Survey 2021, it]", "parks-survey-2021"),
    "a rule of the rubric": (RUBRIC, "reason: large and random", "reason: large", "rubric/strength"),
    "a threshold of the rubric": (RUBRIC, "large_from: 1000", "large_from: 10", "rubric/strength"),
    "a table's cell": (TABLE, "50,200", "50,300", "parks-table-1"),
    "a table's loader": (LOADER, "older: grown-ups", "older: women", "parks-table-1"),
    "a word added to an entry": (MEASURES, "[visited a park every day]", "[visited a park every day, daily]", "measures/visits-daily"),
    "a value": (FINDINGS, "value: 7.7", "value: 7.70", "young-visit-daily"),
}  # fmt: skip


@pytest.mark.parametrize("documents", [True, False], ids=["with the documents", "without"])
@pytest.mark.parametrize("what", MEANING)
def test_a_change_of_meaning_without_a_review_stops_check_and_build(base, what, documents):
    name, old, new, key = MEANING[what]
    base.change(name, old, new)
    if not documents:
        base.without_documents()
    assert faults(base) == [("review-seal-broken", key)]
    with pytest.raises(EvidenceError, match="errors; the first is "):  # ages and units contradict the passage too
        build_database(base.folder)
    assert not (base.folder / "evidence.db").exists()


@pytest.mark.parametrize("what", ["a measure's phrase", "a document's title", "a table's cell"])
def test_the_commands_refuse_it_and_say_where_it_is(base, what):
    name, old, new, key = MEANING[what]
    base.change(name, old, new)
    base.without_documents()
    done = base.run("check", "--format", "json")
    assert done.returncode == 1
    told = json.loads(done.stdout)["problems"]
    (problem,) = (each for each in told if each["code"].startswith("review"))
    assert (problem["record"], problem["path"]) == (key, name)
    done = base.run("build")
    assert done.returncode == 1
    assert key in done.stderr
    assert not (base.folder / "evidence.db").exists()


def test_a_changed_characteristic_is_a_change_of_the_groups_it_makes(base):
    base.change(FINDINGS, "group: women", "group: dog-owners")
    base.accepts("women-visit-daily")
    base.change(CHARACTERISTICS, "label: keeps a dog", "label: keeps a cat")
    (problem,) = base.problems()
    assert (problem.record, problem.touches) == ("characteristics/dog", ("women-visit-daily",))


NOTHING = {
    "search words": (MEASURES, "also: [green space]", "also: [commons]"),
    "notes": (MEASURES, "  unit: percent", "  unit: percent\n  notes: [asked in summer]"),
    "search words of a level": (CHARACTERISTICS, "also: [hound]", "also: [hound, puppy]"),
    "an address": (DOCUMENTS, "https://example.org/parks", "https://example.org/other"),
    "a licence": (DOCUMENTS, "licence: OGL", "licence: CC BY"),
    "a comment": (GROUPS, "- {id: women", "# of all ages\n- {id: women"),
    "the order of keys": (GROUPS, "{id: women, label: women,", "{label: women, id: women,"),
    "what is empty": (PLACES, "type: county", "type: county, code: null, excludes: []"),
    "quotes": (MEASURES, "phrase: visit a park every day", 'phrase: "visit a park every day"'),
    "white space in a bibliography": (SOURCES, "{Parks Survey 2021}", "{Parks   Survey\n  2021}"),
    "an address in a bibliography": (SOURCES, "year = {2021}", "year = {2021}, url = {https://example.org}"),
    "quotes in a table": (TABLE, ",16 to 24,", ',"16 to 24",'),
}  # fmt: skip


@pytest.mark.parametrize("what", NOTHING)
def test_what_changes_no_meaning_breaks_no_seal(base, what):
    base.change(*NOTHING[what])
    assert base.problems() == []


@pytest.mark.parametrize(
    "name",
    [
        MEASURES,
        GROUPS,
        PLACES,
        UNITS,
        CHARACTERISTICS,
        RUBRIC,
        STUDIES,
        FINDINGS,
        DOCUMENTS,
        TABLE,
        LOADER,
        SOURCES,
        REVIEWS,
    ],
)
def test_line_ends_break_no_seal(base, name):
    base.write(name, base.read(name).replace("\n", "\r\n"))
    assert base.problems() == []


def test_an_unrelated_record_appended_breaks_no_seal(base):
    more = base.read(FINDINGS).split("- id: women")[0].replace("young-visit", "more-visit")
    base.write(FINDINGS, base.read(FINDINGS) + more)
    assert faults(base) == [("review-missing", "more-visit-daily")]


def test_another_rendition_of_a_document_breaks_no_seal(base):
    base.change(DOCUMENTS, "renditions: [", "renditions: [{file: parks-2.txt, sha256: " + "0" * 64 + "}, ")
    assert base.problems() == []


def test_one_change_is_one_problem_that_lists_what_it_touches_and_one_review_mends_it(base):
    base.change(MEASURES, "phrase: visit a park every day", "phrase: go to a park every day")
    (problem,) = base.problems()
    assert problem.touches == ("young-visit-daily", "women-visit-daily")
    assert "2 records rest on it: young-visit-daily and women-visit-daily" in problem.message
    assert "evidence review measures/visits-daily --by NAME --verdict accept" in problem.hint
    done = base.run("review", "measures/visits-daily", "--by", "reader-c", "--verdict", "accept")
    assert done.returncode == 0, done.stderr
    assert "phrase: go to a park every day" in done.stdout
    assert "7.7% of people aged 16 to 24 in Aldshire go to a park every day" in done.stdout
    assert base.run("check").returncode == 0
    assert base.run("build").returncode == 0


def test_a_document_touches_every_record_read_from_it_or_from_its_tables(base):
    base.change(DOCUMENTS, "title: Parks in Aldshire", "title: Parks in Bexshire")
    (problem,) = base.problems()
    assert set(problem.touches) == {
        "young-visit-daily", "women-visit-daily", "aldshire-young-people", "aldshire-grown-ups", "parks-survey-2021",
    }  # fmt: skip


def test_with_drafts_the_touched_records_go_in_marked_as_broken(base):
    base.change(MEASURES, "phrase: visit a park every day", "phrase: never visit a park")
    done = base.run("build", "--drafts")
    assert done.returncode == 0, done.stderr
    with closing(sqlite3.connect(base.folder / "evidence.db")) as connection:
        assert set(connection.execute("SELECT status FROM findings")) == {("seal-broken",)}


def test_an_entry_that_nobody_reviewed_stops_what_names_it(base):
    base.change(FINDINGS, "group: women", "group: everyone")
    base.write(GROUPS, base.read(GROUPS) + "- {id: everyone, label: everyone}\n")
    base.accepts("women-visit-daily")
    assert faults(base) == [("review-missing", "groups/everyone")]
    base.lock()
    with pytest.raises(EvidenceError, match="groups/everyone"):
        build_database(base.folder)
    base.accepts("groups/everyone")
    assert build_database(base.folder).rows["findings"] == 2
