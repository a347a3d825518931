"""Rates, their units, standards and intervals: held to what the document prints, and one answer everywhere."""

from __future__ import annotations

import pytest

from bases import DOCUMENT, FINDINGS, changed, write_base
from commands import codes, evidence, rows

UNITS = "schema/units.yml"
MEASURES = "schema/measures.yml"
PER = """\
- {id: percent, label: percent, words: ["%", per cent], dimension: proportion, factor: 0.01}
- {id: per-1000, label: per 1000, words: ["per 1,000", per thousand], dimension: rate, factor: 0.001}
- {id: per-100000, label: per 100000, words: ["per 100,000", "per 100,000 population"], dimension: rate, factor: 0.00001}
- {id: persons, label: persons, words: [people], dimension: count, factor: 1}
- {id: times, label: times, words: [times], dimension: ratio, factor: 1}
- {id: rank, label: rank, dimension: rank, factor: 1}
"""
MEASURE = "- {id: cramp, label: Cramp, construct: cramp, unit: per-100000, phrase: were treated for cramp}\n"
TEXT = """
Among children in England there were 247.6 cases of cramp per 100,000 children (95% CI 236.6 to 258.9): 1,500 cases
among 605,816 children. They were ranked 6. The odds ratio was 1.40. Among girls it was 61.2 per 1,000 population.
"""
FRAGMENT = "there were 247.6 cases of cramp per 100,000 children"
CI = ("(95% CI 236.6 to 258.9)", "{lower: null, upper: null}")
COUNTS = ("1,500 cases among 605,816 children", "{cases: null, n: null}")


def rate(value="247.6", *, more="", fragment=FRAGMENT, group="children", statistic="incidence", anchors=()):
    """A finding of a rate with its passage."""
    extra = "".join(
        f'    - {{document: millbrook-2020, fragment: "{each}", figures: {figures}, locator: "1"}}\n'
        for each, figures in anchors
    )
    return (
        f"- id: cramp-rate\n  statistic: {statistic}\n  measure: cramp\n  group: {group}\n  place: england\n"
        f'  period: "2019"\n  value: {value}\n{more}  study: millbrook-register\n  anchors:\n'
        f'    - {{document: millbrook-2020, fragment: "{fragment}", locator: "1"}}\n{extra}'
    )


def based(tmp_path, record, *changes):
    """The folder of a base with one rate."""
    add = {DOCUMENT: TEXT, FINDINGS: record, UNITS: PER, MEASURES: MEASURE}
    return write_base(tmp_path / "base", changed(*changes, add=add))


def found(folder, family=""):
    return [code for _, code, record in codes(folder, family) if record == "cramp-rate"]


def test_a_rate_in_its_printed_unit_passes(tmp_path):
    assert codes(based(tmp_path, rate()), "anchor") == []


def test_a_rate_printed_per_100000_and_recorded_per_1000_is_an_error(tmp_path):
    assert found(based(tmp_path, rate(more="  unit: per-1000\n")), "anchor") == ["anchor-figure-absent"]


def test_a_rate_printed_per_1000_and_recorded_per_100000_is_an_error(tmp_path):
    record = rate("61.2", group="girls", fragment="Among girls it was 61.2 per 1,000 population")
    assert found(based(tmp_path, record), "anchor") == ["anchor-figure-absent"]
    other = rate(
        "61.2", group="girls", fragment="Among girls it was 61.2 per 1,000 population", more="  unit: per-1000\n"
    )
    assert found(based(tmp_path / "b", other), "anchor") == []


def test_a_rate_printed_per_100000_is_no_count_of_people(tmp_path):
    record = rate("61.2", statistic="count", group="girls", fragment="61.2 per 1,000", more="  unit: persons\n")
    assert found(based(tmp_path, record), "anchor") == ["anchor-figure-absent"]


def test_a_ratio_needs_what_it_is_against(tmp_path):
    ratio = rate("1.40", statistic="odds-ratio", fragment="The odds ratio was 1.40", more="  unit: times\n")
    assert found(based(tmp_path, ratio), "statistic") == ["statistic-versus"]
    told = ratio.replace("unit: times\n", "unit: times\n  versus: {group: adults}\n")
    assert found(based(tmp_path / "b", told), "statistic") == []


@pytest.mark.parametrize(
    ("statistic", "unit", "given"),
    [
        ("rank", "rank", ""), ("risk", "per-100000", ""), ("score", "persons", ""),
        ("incidence", "per-100000", "  standardised: direct\n"), ("standardised-ratio", "times", ""),
    ],
)  # fmt: skip
def test_a_statistic_without_what_it_is_read_by_is_a_warning(tmp_path, statistic, unit, given):
    more = f"  unit: {unit}\n{given}"
    folder = based(tmp_path, rate("6", statistic=statistic, fragment="They were ranked 6", more=more))
    assert ("warning", "statistic-needs", "cramp-rate") in codes(folder, "statistic")
    needs = {"rank": "out_of: 6", "risk": "horizon: a year", "score": "metric: points"}
    told = f"{more}  {needs.get(statistic, 'standard: England 2011')}\n"
    folder = based(tmp_path / "b", rate("6", statistic=statistic, fragment="They were ranked 6", more=told))
    assert "statistic-needs" not in found(folder)


def test_a_standardised_ratio_is_not_directly_standardised(tmp_path):
    more = "  unit: times\n  standardised: direct\n  standard: England 2011\n"
    record = rate("6", statistic="standardised-ratio", fragment="They were ranked 6", more=more)
    assert found(based(tmp_path, record), "statistic") == ["statistic-standardised"]


def test_a_rate_is_its_cases_of_its_people(tmp_path):
    whole = rate(more="  cases: 1500\n  n: 605816\n", anchors=[COUNTS])
    assert found(based(tmp_path, whole), "arithmetic") == []
    wrong = whole.replace("cases: 1500", "cases: 1600")
    folder = based(tmp_path / "b", wrong)
    assert found(folder, "arithmetic") == ["arithmetic-cases"]
    adjusted = wrong.replace("  cases", "  standardised: direct\n  standard: England 2011\n  cases")
    assert found(based(tmp_path / "c", adjusted), "arithmetic") == []


INTERVAL = "  interval: {lower: 236.6, upper: 258.9, confidence: 95}\n"


def test_the_confidence_of_an_interval_is_the_printed_one(tmp_path):
    assert found(based(tmp_path, rate(more=INTERVAL, anchors=[CI])), "interval") == []
    other = rate(more=INTERVAL.replace("95", "99"), anchors=[CI])
    assert found(based(tmp_path / "b", other), "interval") == ["interval-confidence"]


def test_a_confidence_that_is_not_printed_is_not_recorded(tmp_path):
    record = rate(more=INTERVAL, anchors=[("CI 236.6 to 258.9", CI[1])])
    assert found(based(tmp_path, record), "interval") == ["interval-confidence"]
    left_out = record.replace(", confidence: 95", "")
    assert found(based(tmp_path / "b", left_out), "interval") == []


def test_a_computed_interval_of_a_rate_is_the_same_answer_everywhere(tmp_path):
    record = rate(more="  cases: 1500\n  n: 605816\n", anchors=[COUNTS])
    folder = based(tmp_path, record)
    (row,) = rows(folder, "select precision, statement from findings where id = 'cramp-rate'")
    (easy,) = rows(folder, "select precision, figure from findings_readable where id = 'cramp-rate'")
    assert row["precision"] == easy["precision"]
    assert row["precision"].startswith("95% interval 235.2 to 260.5 per 100,000 (Byar")
    assert easy["figure"] == "247.6 per 100,000"
    assert "247.6 per 100,000" in row["statement"]
    shown = evidence("show", "cramp-rate", "--base", folder, "--format", "json").json
    assert shown["precision"] == row["precision"]
    beside = evidence("compare", "cramp-rate", "girls-able", "--base", folder, "--format", "json").json
    assert beside["first"]["precision"] == row["precision"]


def test_girls_are_people_where_a_group_of_households_bears_their_name(tmp_path):
    groups = "schema/groups.yml"
    folder = based(
        tmp_path,
        rate(),
        (
            groups,
            "{id: homes, label: homes, universe: households, words: [households]}",
            "{id: homes, label: girls alone, universe: households}",
        ),
    )
    assert codes(folder, "anchor") == []
    folder = based(
        tmp_path / "b",
        rate(),
        (
            groups,
            "{id: homes, label: homes, universe: households, words: [households]}",
            "{id: homes, label: girls, universe: households}",
        ),
    )
    assert codes(folder, "anchor") == []
