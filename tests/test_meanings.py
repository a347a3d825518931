"""The measure of changed meanings: one field a change, the digits kept, and each outcome counted as what it is."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from evidencebase.loading import load
from evidencebase.provenance.library import Library
from test_passages import load_bench

INVENTED = Path(__file__).parent.parent / "bench" / "invented"
TEXTS = INVENTED / "texts"
HARBOUR = INVENTED.parent / "harbour"


@pytest.fixture(scope="module")
def meanings():
    return load_bench("meanings")


@pytest.fixture(scope="module")
def base():
    return load(INVENTED)[0]


@pytest.fixture(scope="module")
def every(meanings, base):
    changes = meanings.Changes(base, Library(base, TEXTS))
    return {entry.key: changes.of(entry) for entry in changes.entries()}


def records_of(folder):
    """Every record of a copy as written, by its id: one a line."""
    lines = [line for file in folder.glob("evidence/*/*.yml") for line in file.read_text().splitlines()]
    return {found[1]: line for line in lines if (found := re.match(r'- \{"id": "([^"]+)"', line))}


def test_the_invented_base_has_no_error_on_the_documents_it_was_read_from(meanings):
    assert [each for each in meanings.product(INVENTED, TEXTS) if each["severity"] == "error"] == []


def test_every_record_of_the_harbour_base_is_changed_and_only_words_are_in_doubt_in_it(meanings):
    base, _ = load(HARBOUR)
    changes = meanings.Changes(base, Library(base, HARBOUR / "documents"))
    entries = list(changes.entries())
    assert {entry.kind for entry in entries} == {"findings", "claims"}
    assert [entry.key for entry in entries if not changes.of(entry)] == []
    errors = [each for each in meanings.product(HARBOUR, HARBOUR / "documents") if each["severity"] == "error"]
    assert [each for each in errors if not each["code"].startswith(("word-", "review-"))] == []


def test_a_change_keeps_the_digits_and_the_passages(every, base):
    for key, changes in every.items():
        true = base.by_id[key].authored
        for change in changes:
            kept = ("value", "range", "n", "interval", "anchors", "inferred")
            assert [change.data.get(name) for name in kept] == [true.get(name) for name in kept]
            touched = {name for name in {*true, *change.data} if true.get(name) != change.data.get(name)}
            assert 1 <= len(touched) <= 2, change
            assert len(touched) == 1 or "swapped" in change.kind, change


def test_a_neighbour_stands_near_the_passage(every):
    found = {(each.field, each.kind, each.what) for each in every["boys-cooked"] if each.family == "neighbour"}
    assert ("group", "in the same sentence", "boys to girls") in found
    assert ("group.sex", "the other sex", "boys to girls") in found
    assert ("study", "the other wave", "lunch-survey-2023 to lunch-survey-2021") in found


def test_a_financial_year_moves_to_the_next_as_a_whole(meanings):
    assert [meanings.shifted(each, 1) for each in ("2017-18", "2019", "1999-00", "2017/2019", "2018-12")] == [
        "2018-19", "2020", "2000-01", "2018/2020", "2019-12",
    ]  # fmt: skip


def test_a_financial_year_printed_with_a_slash_is_no_pooled_years(meanings):
    assert meanings.period_text("2022/23") == "2022-23"
    assert meanings.period_text({"from": "2018/19", "to": 2022}) == "2018-19/2022"


def test_the_same_seed_makes_the_same_changes_and_another_makes_others(meanings, base):
    def made(seed):
        changes = meanings.Changes(base, Library(base, TEXTS), seed)
        return [each.what for entry in changes.entries() for each in changes.of(entry)]

    assert made(1) == made(1) != made(2)


def test_a_checker_that_notices_nothing_catches_nothing(meanings):
    found = meanings.measure(INVENTED, TEXTS, check=lambda *_: [])
    assert {came for _, came in found.outcomes} == {"missed"}
    assert (found.false_errors, found.false_warnings) == (0, 0)
    assert found.weighed("any")["missed"] == pytest.approx(100)


def test_a_checker_that_refuses_all_shows_as_false_errors_and_catches_nothing(meanings):
    def refuses(folder, documents):
        return [{"severity": "error", "code": "word-contradicted", "record": key} for key in records_of(folder)]

    found = meanings.measure(INVENTED, TEXTS, check=refuses)
    assert found.false_errors == found.records
    assert {came for _, came in found.outcomes} == {"missed"}


def test_a_checker_that_knows_the_truth_catches_every_change(meanings, base):
    true = {key: meanings.written(entry.authored) for key, entry in base.by_id.items()}

    def knows(folder, documents):
        return [
            {"severity": "error", "code": "word-contradicted", "record": key}
            for key, line in records_of(folder).items()
            if line != f"- {true[key]}"
        ]

    found = meanings.measure(INVENTED, TEXTS, check=knows)
    assert {came for _, came in found.outcomes} == {"error"}
    assert found.false_errors == 0
    assert json.loads(json.dumps(meanings.as_json(found)))["weighed"]["neighbour"]["error"] == pytest.approx(100)


@pytest.mark.parametrize(
    ("severity", "code", "expected"),
    [
        ("error", "word-contradicted", "error"),
        ("warning", "word-unnamed", "warning"),
        ("error", "claim-says-otherwise", "says"),
        ("error", "fit-place", "other"),
    ],
)
def test_a_problem_counts_as_what_it_is(meanings, severity, code, expected):
    counts = meanings.Counter({(severity, code): 1})
    assert meanings.outcome(meanings.Counter(), counts) == expected
    assert meanings.outcome(counts, counts) == "missed"
