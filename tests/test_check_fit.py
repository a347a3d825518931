"""Rates used where they do not fit, and studies credited with people they did not ask."""

from __future__ import annotations

import pytest

from bases import CLAIMS, DOCUMENT, FINDINGS, GROUPS, PLACES, STUDIES, changed, found, problems
from evidencebase.problems import Severity

OWN = "evidence/estimates/own.yml"
POPULATION = """\
- id: counted
  group: {group}
  place: {place}
  period: "{period}"
  unit: {unit}
  value: 90
  anchors: [{{document: millbrook-2020, fragment: "a further 90"}}]
"""
ESTIMATE = "- {id: own, finding: girls-able, population: counted}\n"


def used_on(group="girls", place="millbrook", period="2018", unit="persons", estimate=ESTIMATE, changes=()):
    """The base with a rate of girls put on another population."""
    text = POPULATION.format(group=group, place=place, period=period, unit=unit)
    added = {"evidence/populations/counted.yml": text, OWN: estimate, DOCUMENT: "\nThere are a further 90.\n"}
    return changed(*changes, add=added)


def fit_codes(folder, files):
    return sorted(problem.code for problem in problems(folder, files) if problem.code.startswith("fit-"))


def test_a_rate_of_the_country_on_the_same_group_of_a_town_fits(tmp_path):
    assert fit_codes(tmp_path, used_on()) == []


def test_a_rate_on_a_part_of_its_group_fits(tmp_path):
    part = "- {id: club-girls, label: girls in a club, is: {age: 5-15, sex: female}, broader: [girls]}\n"
    files = used_on("club-girls")
    files[GROUPS] += part
    assert fit_codes(tmp_path, files) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"group": "boys"}, "fit-group"),
        ({"group": "children"}, "fit-group"),
        ({"group": "adults"}, "fit-age"),
        ({"group": "homes", "unit": "households"}, "fit-unit"),
        ({"period": "2031"}, "fit-period"),
        ({"estimate": "- {id: own, finding: girls-able, population: counted, measure: swims-weekly}\n"}, "fit-measure"),
    ],
)
def test_what_does_not_fit_is_a_warning(tmp_path, changes, code):
    (warning,) = [problem for problem in problems(tmp_path, used_on(**changes)) if problem.code.startswith("fit-")]
    assert (warning.code, warning.severity, warning.record) == (code, Severity.WARNING, "own")
    assert warning.hint


def test_ten_years_apart_is_not_too_far(tmp_path):
    assert fit_codes(tmp_path, used_on(period="2029")) == []


def test_a_rate_of_another_town_does_not_fit(tmp_path):
    files = used_on(changes=[(FINDINGS, "place: england", "place: ashford"), (FINDINGS, "In England 45", "45")])
    assert "fit-place" in fit_codes(tmp_path, files)


def test_a_rate_of_unknown_place_does_not_fit(tmp_path):
    files = used_on(changes=[(FINDINGS, "  place: england\n", "")])
    messages = {problem.message for problem in problems(tmp_path, files) if problem.code == "fit-place"}
    assert messages == {"a rate of unknown place is put on people in Millbrook"}


def test_a_narrower_group_with_other_ages_does_not_fit(tmp_path):
    files = used_on("older-girls")
    files[GROUPS] += "- {id: older-girls, label: girls aged 12 to 17, is: {age: 12-17}, broader: [girls]}\n"
    assert fit_codes(tmp_path, files) == ["fit-age"]


def test_an_override_turns_the_warnings_into_one_note_with_its_reason(tmp_path):
    estimate = "- {id: own, finding: girls-able, population: counted, override: nothing nearer is published}\n"
    files = used_on("boys", period="2031", estimate=estimate)
    (note,) = [problem for problem in problems(tmp_path, files) if problem.code.startswith("fit-")]
    assert (note.code, note.severity) == ("fit-override", Severity.NOTE)
    assert "fit-group, fit-period" in note.message
    assert "nothing nearer is published" in note.message


@pytest.mark.parametrize("ages", ["16+", "18-30", "0-4"])
def test_a_study_credited_with_people_of_other_ages_is_a_warning(tmp_path, ages):
    warnings = found(tmp_path, "fit-universe", changed((STUDIES, "ages: 5-15", f"ages: {ages}")))
    assert {warning.record for warning in warnings} == {"girls-able", "boys-able", "girls-more-often"}
    assert all(f"covers ages {ages}" in warning.message for warning in warnings)


def test_a_study_of_some_of_these_ages_may_be_credited(tmp_path):
    assert not found(tmp_path, "fit-universe", changed((STUDIES, "ages: 5-15", "ages: 10-17")))


def test_a_study_of_one_group_credited_with_everybody_is_a_warning(tmp_path):
    files = changed(
        (STUDIES, "{ages: 5-15, place: england}", "{group: swimmers}"), (CLAIMS, "group: girls", "group: children")
    )
    (warning,) = found(tmp_path, "fit-universe", files)
    assert "children in a swimming club only; this is of children aged 5 to 15 as a whole" in warning.message


def test_a_study_of_another_place_is_a_warning(tmp_path):
    warnings = found(tmp_path, "fit-universe", changed((STUDIES, "place: england", "place: ashford")))
    assert warnings
    assert all("covers Ashford; this is of England" in warning.message for warning in warnings)


def test_a_country_around_the_place_of_a_study_does_not_matter(tmp_path):
    wider = (
        PLACES,
        "type: country}",
        "type: country, broader: [kingdom]}\n- {id: kingdom, label: the Kingdom, type: country}",
    )
    assert not found(tmp_path, "fit-universe", changed(wider, (STUDIES, "place: england", "place: kingdom")))


def test_a_rate_of_households_on_households_fits(tmp_path):
    files = used_on(
        "homes",
        unit="households",
        estimate="- {id: own, finding: homes-able, population: counted}\n",
        changes=[(DOCUMENT, "3 Watching", "A pool is near 12% of homes.\n3 Watching")],
    )
    files[FINDINGS] += (
        "- {id: homes-able, statistic: share, measure: able-to-swim, group: homes, place: england, value: 12,"
        ' anchors: [{document: millbrook-2020, fragment: "near 12% of homes"}]}\n'
    )
    assert fit_codes(tmp_path, files) == []
