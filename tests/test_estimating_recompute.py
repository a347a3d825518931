"""`evidence estimate`: the base's own estimates, published beside recomputed."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from bases import DOCUMENT, FINDINGS, STUDIES, TABLE, changed, write_base
from evidencebase.answers.recomputing import recompute
from evidencebase.loading import load
from evidencebase.problems import EvidenceError

SHIPPED = Path(__file__).parent.parent


def recomputed(folder, *changes):
    base, problems = load(write_base(folder, changed(*changes)))
    assert not problems
    return recompute(base)


def total(result, kind="estimate"):
    return next(each for each in result.totals if each.kind == kind)


def test_rows_that_add_up_are_equal_and_name_the_rounding(tmp_path):
    result = recomputed(tmp_path)
    assert (result.rows_equal, result.rows_off, result.totals_off) == (2, 0, 0)
    assert result.rounding == "half up"
    assert [row.exact for row in result.rows] == [Decimal(270), Decimal(228)]
    assert total(result).explanation == "the sum of the rows as printed"


def test_rounding_down_is_recognized_where_only_it_fits(tmp_path):
    result = recomputed(
        tmp_path,
        (TABLE, "girls,Girls,600,45.0%,270", "girls,Girls,601,45.0%,270"),
        (TABLE, "boys,Boys,600,38.0%,228", "boys,Boys,602,38.0%,228"),
    )
    assert result.rounding == "down"
    assert result.rows[1].roundings == ("down",)


def test_a_row_that_no_rounding_gives_is_off_and_says_by_how_much(tmp_path):
    result = recomputed(tmp_path, (TABLE, "45.0%,270", "45.0%,280"))
    assert (result.rows_equal, result.rows_off) == (1, 1)
    assert result.rows[0].equal is False
    assert "off by 10" in result.rows[0].explanation


def test_a_total_of_unrounded_parts_is_explained(tmp_path):
    result = recomputed(
        tmp_path,
        (TABLE, "girls,Girls,600,45.0%,270", "girls,Girls,603,45.0%,271"),
        (TABLE, "boys,Boys,600,38.0%,228", "boys,Boys,601,38.0%,228"),
        (TABLE, ",498", ",500"),
    )
    assert total(result).off == 1
    assert total(result).explained
    assert "a sum of unrounded parts (499.73)" in total(result).explanation
    assert (result.totals_off, result.totals_explained) == (2, 2)


def test_check_and_estimate_explain_a_total_alike_that_is_round_as_well(tmp_path, run):
    changes = (
        (DOCUMENT, "Girls 600 45.0% 270", "Girls 603 45.0% 271"),
        (DOCUMENT, "Boys 600 38.0% 228\nTotal 1,200 498", "Boys 601 38.0% 228\nTotal 1,204 500"),
        (TABLE, "girls,Girls,600,45.0%,270", "girls,Girls,603,45.0%,271"),
        (TABLE, "boys,Boys,600,38.0%,228", "boys,Boys,601,38.0%,228"),
        (TABLE, '"1,200",,498', '"1,204",,500'),
    )
    write_base(tmp_path, changed(*changes))
    estimated = json.loads(run("estimate", "--base", tmp_path, "--format", "json").stdout)["totals"][0]
    assert estimated["explanation"] == "a sum of unrounded parts (499.73); the rows as printed add up to 499"
    checked = json.loads(run("check", "--base", tmp_path, "--format", "json").stdout)["problems"]
    (note,) = [each for each in checked if each["code"] == "published-total"]
    assert "its parts add up to 499: the sum of the unrounded parts, 499.73, explains it" in note["message"]


def test_a_total_that_neither_sum_gives_is_not_explained(tmp_path):
    result = recomputed(tmp_path, (TABLE, ",498", ",598"))
    assert total(result).explained is False
    assert "neither the sum of the rows as printed (498)" in total(result).explanation


def test_a_total_of_a_population_is_added_up_too(tmp_path):
    people = total(recomputed(tmp_path, (TABLE, '"1,200"', '"1,210"')), "population")
    assert (people.off, people.explained) == (10, False)


def test_a_base_without_estimates_says_what_to_do(tmp_path):
    files = {name: text for name, text in changed().items() if not name.startswith("loaders/")}
    base, _ = load(write_base(tmp_path, files))
    with pytest.raises(EvidenceError) as caught:
        recompute(base)
    assert "--population" in caught.value.hint


def test_the_needs_assessments_tables_recompute_and_each_total_that_is_off_is_explained():
    base, _ = load(SHIPPED)
    result = recompute(base)
    assert (result.rows_equal, result.rows_off, result.rounding) == (49, 0, "half up")
    off = {each.id: (each.published, each.of_rounded) for each in result.totals if each.off}
    assert off == {
        "leicestershire-lonely-by-age-total": (30975, 30976),
        "leicestershire-lonely-free-school-meals-total": (2022, 2021),
        "leicestershire-leaving-care-very-difficult-total": (105, 106),
        "leicestershire-lonely-by-household-type-total": (10898, 10897),
        "leicestershire-lonely-renting-households-total": (5695, 5696),
    }
    assert result.totals_explained == len(off)
    assert all(each.explained for each in result.totals)
    by_sex = next(each for each in result.totals if each.id == "leicestershire-lonely-by-gender-total")
    assert "30975" in by_sex.others[0]
    assert len({row.table for row in result.rows}) == 17


def test_a_rate_of_people_on_households_is_said_beside_the_row():
    base, _ = load(SHIPPED)
    rows = {row.id: row for row in recompute(base).rows}
    (why,) = rows["leicestershire-lonely-social-renting-households"].fit
    assert why.startswith("a rate of persons (people who rent their home) is put on households")


def test_a_study_that_did_not_ask_such_people_lowers_the_estimate_and_is_a_fault_of_the_rate(tmp_path, run):
    write_base(tmp_path, changed((STUDIES, "ages: 5-15", "ages: 16+")))
    row = json.loads(run("estimate", "--base", tmp_path, "--format", "json").stdout)["rows"][0]
    assert (row["applicability"], row["fit"]) == ("low", [])
    assert [each["rule"] for each in row["lowered"]] == ["broader-place", "outside-universe"]
    assert "covers ages 16+; this is of girls aged 5 to 15" in row["lowered"][1]["because"]
    found = json.loads(run("check", "--base", tmp_path, "--format", "json").stdout)["problems"]
    warned = {each["record"] for each in found if each["code"].startswith("fit-")}
    assert warned == {"girls-able", "boys-able", "girls-more-often"}


def test_a_total_is_as_applicable_as_the_least_applicable_of_its_parts(tmp_path, run):
    write_base(tmp_path, changed((FINDINGS, 'boys\n  place: england\n  period: "2019"\n', "boys\n  place: ashford\n")))
    result = json.loads(run("estimate", "--base", tmp_path, "--format", "json").stdout)
    girls, boys = result["rows"]
    (whole, *people) = result["totals"]
    assert (girls["applicability"], boys["applicability"]) == ("moderate", "low")
    assert boys["fit"] == ["a rate of Ashford is put on people in Millbrook: Ashford, which does not contain Millbrook"]
    assert whole["applicability"] == "low"
    assert {each["applicability"] for each in people} == {""}


def test_the_command_prints_applicability_first(tmp_path, run):
    write_base(tmp_path)
    text = run("estimate", "--base", tmp_path).stdout
    assert text.splitlines()[1].split()[:3] == ["estimate", "applicability", "rate"]
    assert "rate was measured in a wider place around this one (of 2)" in text
    head = run("estimate", "--base", tmp_path, "--format", "csv").stdout.splitlines()[0]
    assert head.startswith("estimate,applicability,")


def test_the_command_prints_text_and_json(tmp_path, run):
    write_base(tmp_path)
    text = run("estimate", "--base", tmp_path)
    assert text.returncode == 0
    assert "2 rows equal, 0 off." in text.stdout
    shown = json.loads(run("estimate", "--base", tmp_path, "--format", "json").stdout)
    assert shown["rows"][0]["published"] == shown["rows"][0]["recomputed"] == 270
    sheet = run("estimate", "--base", tmp_path, "--format", "csv").stdout
    assert sheet.count("\n") == 5
