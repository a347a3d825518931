"""One record with its chain, and findings by words and facets, in the terminal and as JSON."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

import pytest

from evidencebase.answers.chain import chain
from evidencebase.answers.search import search
from evidencebase.loading import load
from evidencebase.problems import EvidenceError, UsageError
from evidencebase.provenance.lock import read_lock


def ids(base, *words: str, **facets: str) -> list[str]:
    return [hit.id for hit in search(load(base.folder)[0], words, **facets)]


def test_a_finding_is_shown_from_its_figure_to_why_its_source_is_trusted(base, run):
    base.accept_all()
    base.lock()
    done = run("show", "nurses-sleep-badly", "--base", base.folder)
    assert done.returncode == 0, done.stderr
    steps = [
        "23.5% of nurses in Northshire sleep badly on most nights (2021)",
        "reviewed",
        "23.5%  precision unknown",
        f"“23.5% of nurses said”  matched on {datetime.now(tz=UTC).date()} in this edition",
        "Sleep in Northshire (northshire-report)",
        "Shift Work Survey 2021",
        "strong: large, random and neutral",
        "nurses-sleep-worse-than-teachers",
        "evidence/findings/northshire-report.yml:",
    ]
    places = [done.stdout.find(step) for step in steps]
    assert -1 not in places, steps[places.index(-1)]
    assert "\x1b[" not in done.stdout


def test_the_same_as_json(base, run):
    base.lock()
    done = run("show", "nurses-sleep-badly", "--base", base.folder, "--format", "json")
    told = json.loads(done.stdout)
    assert told["status"] == "draft"
    assert [passage["words"] for passage in told["passages"]] == ["23.5% of nurses said", "Nurses 1,200 23.5% 282"]
    assert [passage["state"] for passage in told["passages"]] == ["exact", "exact"]
    assert [passage["line"] for passage in told["passages"]] == [5, 17]
    assert told["source"]["strength"] == "strong"
    assert "nurses-sleep-worse-than-teachers" in told["rests_on_it"]


def test_without_a_lock_the_passage_says_that_nothing_vouches_for_it(base):
    loaded, _ = load(base.folder)
    lock, _ = read_lock(loaded)
    assert {link.state for link in chain(loaded, lock, "nurses-sleep-badly").passages} == {
        "not vouched for by the lock"
    }


@pytest.mark.parametrize(
    ("key", "statement", "words", "place"),
    [
        (
            "northshire-nurses", "1,200 nurses in Northshire (2021)", "Nurses 1,200 23.5% 282",
            "tables/northshire-report-table-1.csv:2:15",
        ),
        (
            "northshire-bad-sleep-total",
            "In all, 498 shift workers in Northshire who sleep badly on most nights would be expected if the published rates applied",
            "Approx. Total 3,600 498", "tables/northshire-report-table-1.csv:4:30",
        ),
        ("shift-work-survey-2021", "Shift Work Survey 2021", "The survey asked 4,210 people", "studies.yml:1:3"),
        (
            "nurses-sleep-worse-than-teachers",
            "Sleeps badly on most nights: higher among nurses than among teachers in Northshire; significance not stated",
            "slept badly on most nights, compared with", "claims/northshire-report.yml:1:3",
        ),
    ],
)  # fmt: skip
def test_every_kind_of_record_has_its_chain(base, key, statement, words, place):
    loaded, _ = load(base.folder)
    lock, _ = read_lock(loaded)
    found = chain(loaded, lock, key)
    assert (found.id, found.statement, found.place) == (key, statement, f"evidence/{place}")
    assert [(passage.document, passage.words) for passage in found.passages] == [("northshire-report", words)]


def test_an_estimate_rests_on_its_rate_its_population_and_the_study_of_its_rate(base):
    loaded, _ = load(base.folder)
    lock, _ = read_lock(loaded)
    found = chain(loaded, lock, "northshire-bad-sleep-nurses")
    assert found.rests_on == ["northshire-nurses", "nurses-sleep-badly", "shift-work-survey-2021"]
    assert found.through["shift-work-survey-2021"] == "nurses-sleep-badly"
    assert found.source.study == "shift-work-survey-2021"
    assert found.statement.startswith("282 nurses in Northshire")
    assert "would be expected" in found.statement
    assert found.statement.endswith("if the rate for Northshire applied")


def test_an_unknown_id_is_answered_with_near_ones(base):
    loaded, _ = load(base.folder)
    with pytest.raises(EvidenceError) as told:
        chain(loaded, read_lock(loaded)[0], "nurse-sleeps-badly")
    assert "nurses-sleep-badly" in told.value.hint


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("nurses",), ["nurses-sleep-badly"]),
        (("NURS",), ["nurses-sleep-badly"]),
        (("badly", "teachers"), ["teachers-sleep-badly"]),
        (("23.5",), ["nurses-sleep-badly"]),
        (("23.5%",), ["nurses-sleep-badly"]),
        (("3.5",), []),
        (("long-distance",), ["drivers-sleep-badly"]),
        (("shift work survey",), ["drivers-sleep-badly", "nurses-sleep-badly", "teachers-sleep-badly"]),
        ((), ["drivers-sleep-badly", "nurses-sleep-badly", "teachers-sleep-badly"]),
        (("[",), []),
        (("(2021",), ["drivers-sleep-badly", "nurses-sleep-badly", "teachers-sleep-badly"]),
        (("nurses", "teachers"), []),
    ],
)
def test_every_word_must_begin_a_word_somewhere_in_the_finding(base, words, found):
    assert ids(base, *words) == found


def test_facets_are_ids_or_words_and_take_in_what_is_narrower(base):
    base.change(
        "schema/groups.yml", "{id: nurses, label: nurses}", "{id: nurses, label: nurses, broader: [shift-workers]}"
    )
    assert ids(base, group="nurses") == ["nurses-sleep-badly"]
    assert ids(base, group="shift-workers") == ["nurses-sleep-badly"]
    assert ids(base, group="distance drivers") == ["drivers-sleep-badly"]
    assert ids(base, measure="sleeps badly", place="northshire", strength="strong", group="teachers") == [
        "teachers-sleep-badly"
    ]
    assert ids(base, strength="weak") == []


@pytest.mark.parametrize("facet", ["group", "measure", "place"])
def test_a_facet_that_fits_nothing_says_what_there_is(base, facet):
    with pytest.raises(UsageError, match=r"'qqq' is none of the \w+ of this base"):
        ids(base, **{facet: "qqq"})


def test_a_base_without_that_vocabulary_says_so(base):
    base.write("schema/places.yml", "[]\n")
    with pytest.raises(UsageError) as told:
        ids(base, place="northshire")
    assert told.value.hint == "the base has none: see schema/places.yml"


def test_the_list_in_text_json_and_csv(base, run):
    done = run("search", "nurses", "--base", base.folder)
    assert done.returncode == 0
    assert "nurses-sleep-badly" in done.stdout
    done = run("search", "--strength", "strong", "--base", base.folder, "--format", "json")
    told = json.loads(done.stdout)
    assert [hit["id"] for hit in told] == ["drivers-sleep-badly", "nurses-sleep-badly", "teachers-sleep-badly"]
    assert {hit["strength"] for hit in told} == {"strong"}
    done = run("search", "teachers", "--base", base.folder, "--format", "csv")
    assert [row["figure"] for row in csv.DictReader(io.StringIO(done.stdout))] == ["9.0%"]


def test_finding_nothing_is_said(base, run):
    done = run("search", "zebras", "--base", base.folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("No finding fits.")
    assert json.loads(run("search", "zebras", "--base", base.folder, "--format", "json").stdout) == []


@pytest.mark.parametrize(
    "arguments", [("show", "teachers-sleep-badly"), ("search", "teachers"), ("cite", "teachers-sleep-badly")]
)
def test_a_record_that_could_not_be_read_is_told_of_beside_what_could(base, run, arguments):
    base.change("evidence/findings/northshire-report.yml", "value: 31", "value: thirty-one")
    done = run(*arguments, "--base", base.folder)
    assert done.returncode == 0, done.stderr
    assert "in the base; records may be missing here" in done.stderr
