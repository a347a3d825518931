"""Tables of rates with their intervals, cases and marks of withheld numbers, loaded by a spec alone."""

from __future__ import annotations

import pytest

from bases import DOCUMENT, changed, write_base
from commands import checked, codes, rows
from evidencebase.loading import load
from test_rates import MEASURES, PER, UNITS

SPEC = "loaders/cramp.yml"
CSV = "evidence/tables/cramp.csv"
MEASURE = "- {id: cramp, label: Cramp, construct: cramp, unit: per-100000, phrase: were treated for cramp}\n"
TEXT = """
Table 9: Treated for cramp, per 100,000
Cases People DSR (95% CI) p
Ashford 1,500 605,816 247.6 (236.6 to 258.9) <0.001
Millbrook 12 9,000 133.3 (68.9 - 232.9) 0.04
England * 40,000 *
"""
CELLS = """\
place,printed,cases,people,rate,limits,p
ashford,Ashford,"1,500","605,816",247.6,(236.6 to 258.9),<0.001
millbrook,Millbrook,12,"9,000",133.3,(68.9 - 232.9),0.04
england,England,*,"40,000",*,,
"""
LOADER = """\
table: table-9
document: millbrook-2020
file: evidence/tables/cramp.csv
locator: Table 9
caption: "Table 9: Treated for cramp, per 100,000"
key: place
label: printed
columns:
  cases: {unit: persons, heading: Cases}
  people: {unit: persons, heading: People}
  rate: {unit: per-100000, heading: DSR}
  limits: {unit: per-100000, heading: 95% CI}
  p: {unit: number}
create:
  - kind: finding
    column: rate
    interval: limits
    cases: cases
    n: people
    p: p
    record:
      id: "cramp-{place}"
      statistic: incidence
      measure: cramp
      group: children
      place: "{place}"
      period: {from: 2017, to: 2019}
      interval: {confidence: 95}
      study: swim-survey-2019
extracted_by: reader-a
"""


def based(folder, *changes):
    """A base with a table of rates."""
    add = {DOCUMENT: TEXT, UNITS: PER, MEASURES: MEASURE, SPEC: LOADER, CSV: CELLS}
    files = changed(add=add)
    for path, old, new in changes:
        assert old in files[path], old
        files[path] = files[path].replace(old, new)
    return write_base(folder / "base", files)


def faults(folder):
    return [code for severity, code, _ in codes(folder) if severity == "error"]


def test_a_table_of_rates_with_intervals_cases_and_p_values_loads_by_its_spec(tmp_path):
    folder = based(tmp_path)
    assert faults(folder) == [], [each["message"] for each in checked(folder) if each["severity"] == "error"]
    got = {row["id"]: row for row in rows(folder, "select * from findings where measure = 'cramp'")}
    ashford = got["cramp-ashford"]
    assert (ashford["value_text"], ashford["cases"], ashford["n"]) == ("247.6", 1500, 605816)
    assert (ashford["interval_lower"], ashford["interval_upper"]) == (236.6, 258.9)
    assert (ashford["p_relation"], ashford["p_value"]) == ("<", 0.001)
    assert got["cramp-millbrook"]["p_relation"] == "="
    assert "2017" in ashford["period"]
    assert "2019" in ashford["period"]
    assert got["cramp-england"]["suppressed"] == "*"
    assert (got["cramp-england"]["cases"], got["cramp-england"]["n"]) == (None, 40000)


def test_each_figure_of_a_row_has_the_anchor_of_its_own_cell(tmp_path):
    base, problems = load(based(tmp_path))
    assert problems == []
    carried = {anchor.column: anchor.figures for anchor in base.findings["cramp-ashford"].anchors}
    limits = {"lower": 1, "upper": 2}
    assert carried == {
        "rate": {"value": None}, "limits": limits, "cases": {"cases": None}, "people": {"n": None}, "p": {"p": None}
    }  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new"),
    [("236.6", "236.7"), ("258.9", "285.9"), ("(68.9 - 232.9)", "(68.9 - 232.8)"), ("<0.001", "<0.01"),
     ('"1,500"', '"1,400"'), ('"605,816"', '"605,861"'), ("England,*", "England,<5"), (',*,"40', ',..,"40')],
)  # fmt: skip
def test_a_cell_that_is_not_printed_so_is_an_error(tmp_path, old, new):
    assert "anchor-not-found" in faults(based(tmp_path, (CSV, old, new)))


@pytest.mark.parametrize("cell", ["236.6", "236.6 258.9", "258.9 to 236.6", "236.6 to 258.9 to 260", "low to high"])
def test_limits_that_are_no_interval_are_refused_with_their_place(tmp_path, cell):
    found = checked(based(tmp_path, (CSV, "(236.6 to 258.9)", cell)))
    (problem,) = [each for each in found if each["code"] == "shape-csv-number"]
    assert "limits" in problem["message"]
    assert problem["line"] == 2


def test_a_column_that_no_record_is_made_of_may_print_intervals(tmp_path):
    assert (
        faults(based(tmp_path, (SPEC, "    interval: limits\n", ""), (SPEC, "      interval: {confidence: 95}\n", "")))
        == []
    )


def test_limits_may_stand_in_two_columns(tmp_path):
    folder = based(
        tmp_path,
        (DOCUMENT, "247.6 (236.6 to 258.9)", "247.6 236.6 258.9"),
        (DOCUMENT, "133.3 (68.9 - 232.9)", "133.3 68.9 232.9"),
        (CSV, "rate,limits,p", "rate,low,high,p"),
        (CSV, "(236.6 to 258.9)", "236.6,258.9"),
        (CSV, "(68.9 - 232.9)", "68.9,232.9"),
        (CSV, '"40,000",*,,', '"40,000",*,,,'),
        (SPEC, "limits: {unit: per-100000, heading: 95% CI}", "low: {unit: per-100000}\n  high: {unit: per-100000}"),
        (SPEC, "interval: limits", "lower: low\n    upper: high"),
        (SPEC, "heading: DSR", 'heading: "DSR (95% CI)"'),
    )
    assert faults(folder) == []
    (row,) = rows(folder, "select interval_lower low, interval_upper high from findings where id = 'cramp-ashford'")
    assert (row["low"], row["high"]) == (236.6, 258.9)


def test_an_interval_may_run_over_the_end_of_a_line(tmp_path):
    for number, printed in enumerate(("(68.9 -\n232.9)", "(68.9\n- 232.9)", "( 68.9-232.9 )")):
        folder = based(tmp_path / str(number), (DOCUMENT, "(68.9 - 232.9)", printed))
        assert faults(folder) == []
    other = based(tmp_path / "other", (DOCUMENT, "(68.9 - 232.9)", "(68.9 and 232.9)"))
    assert "anchor-not-found" in faults(other)


def test_a_rate_that_is_not_its_cases_of_its_people_is_noticed(tmp_path):
    folder = based(tmp_path, (CSV, "133.3", "143.3"), (DOCUMENT, "133.3", "143.3"))
    assert [record for _, code, record in codes(folder) if code == "arithmetic-cases"] == ["cramp-millbrook"]


def test_a_heading_per_100000_over_a_column_per_1000_is_an_error(tmp_path):
    folder = based(
        tmp_path,
        (SPEC, "rate: {unit: per-100000, heading: DSR}", 'rate: {unit: per-1000, heading: "DSR per 100,000"}'),
        (DOCUMENT, "People DSR (", "People DSR per 100,000 ("),
    )
    assert "statistic-heading" in faults(folder)


def test_a_spec_that_names_an_unknown_column_or_half_an_interval_is_refused(tmp_path):
    assert "shape-value" in faults(based(tmp_path, (SPEC, "interval: limits", "interval: limit")))
    assert faults(based(tmp_path / "b", (SPEC, "interval: limits", "lower: limits")))


def test_a_population_takes_no_interval(tmp_path):
    assert "shape-value" in faults(based(tmp_path, (SPEC, "kind: finding", "kind: population")))


def test_what_is_said_of_the_whole_table_stands_once_in_its_spec(tmp_path):
    said = "    record:\n      anchors: [{document: millbrook-2020, fragment: Treated for cramp, for: [measure]}]\n"
    folder = based(tmp_path, (SPEC, "    record:\n", said))
    assert faults(folder) == []
    base, _ = load(folder)
    of_words = [[anchor.fragment for anchor in base.findings[f"cramp-{place}"].anchors if anchor.for_]
                for place in ("ashford", "millbrook")]  # fmt: skip
    assert of_words == [["Treated for cramp"]] * 2


def test_a_spec_whose_anchors_are_no_list_is_refused(tmp_path):
    assert "shape-mapping" in faults(based(tmp_path, (SPEC, "    record:\n", "    record:\n      anchors: here\n")))
