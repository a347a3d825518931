"""What an anchor accepts, and what it never accepts."""

from __future__ import annotations

import pytest

FINDINGS = "evidence/findings/northshire-report.yml"
CSV = "evidence/tables/northshire-report-table-1.csv"
LOADER = "loaders/northshire-report-table-1.yml"


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        (FINDINGS, "value: 23.5", "value: 23.6", "anchor-figure-absent"),
        (FINDINGS, "value: 23.5", "value: 2.35", "anchor-figure-absent"),
        (FINDINGS, "value: 23.5", "value: 235", "anchor-figure-absent"),
        (FINDINGS, "value: 23.5", "value: 3.5", "anchor-figure-absent"),
        (FINDINGS, "value: 23.5", "value: 23", "anchor-figure-absent"),
        (FINDINGS, "value: 23.5", "value: 23.50", "anchor-figure-absent"),
        (FINDINGS, "value: 23.5", "value: -23.5", "anchor-figure-absent"),
        (FINDINGS, "value: 9.0", "value: 9", "anchor-figure-absent"),
        (FINDINGS, '"23.5% of nurses said"', '"23.6% of nurses said"', "anchor-not-found"),
        (FINDINGS, '"23.5% of nurses said"', '"3.5% of nurses said"', "anchor-not-found"),
        (FINDINGS, '"23.5% of nurses said"', '"23,5% of nurses said"', "anchor-not-found"),
        (FINDINGS, '"23.5% of nurses said"', '"23.5 of nurses said"', "anchor-not-found"),
        (FINDINGS, '"23.5% of nurses said"', '"£23.5% of nurses said"', "anchor-not-found"),
        (FINDINGS, '"23.5% of nurses said"', '"<23.5% of nurses said"', "anchor-not-found"),
        (FINDINGS, '"23.5% of nurses said"', '"-23.5% of nurses said"', "anchor-not-found"),
        (FINDINGS, '"23.5% of nurses said"', '"23.5% of teachers said"', "anchor-not-found"),
        (FINDINGS, '"23.5% of nurses said"', '"of nurses said"', "anchor-figure-absent"),
        (FINDINGS, "group: nurses\n  place: northshire\n  period: 2021\n  value: 23.5", "group: nurses\n  place: northshire\n  period: 2019\n  value: 23.5", None),
        (FINDINGS, "  value: 31", "  value: 31\n  unit: persons", "anchor-figure-absent"),
        (FINDINGS, "  value: 31", "  value: 31\n  n: 4211", "anchor-figure-absent"),
        ("evidence/studies.yml", "n: 4210", "n: 4120", "anchor-figure-absent"),
        (CSV, '"1,200"', '"1,300"', "anchor-not-found"),
        (CSV, "23.5%", "23.6%", "anchor-not-found"),
        (CSV, "282", "283", "anchor-not-found"),
        (CSV, "498", "489", "anchor-not-found"),
        (CSV, "nurses,Nurses,", "nurses,Teachers,", "anchor-not-found"),
        (LOADER, "table: table-1", "table: table-2", None),
        (LOADER, 'heading: "Total no. in Northshire"', 'heading: "Total no. in Southshire"', "anchor-heading"),
        (LOADER, 'caption: "Table 1: Estimated', 'caption: "Table 2: Estimated', "anchor-heading"),
    ],
)  # fmt: skip
def test_one_changed_character_is_an_error_at_its_record(base, name, old, new, code):
    base.change(name, old, new)
    report = base.check(ignore=("review",))
    found = [problem for problem in report.problems if problem.code.startswith("anchor")]
    if code is None:
        assert found == []
    else:
        assert code in {problem.code for problem in found}
        assert all(problem.line and problem.record and problem.hint for problem in found)


def test_swapped_columns_show_in_the_headings_even_when_the_csv_follows(base):
    base.change(CSV, "group,printed,population,rate,number", "group,printed,number,rate,population")
    text = base.read(LOADER)
    columns = text[text.index("columns:") : text.index("values:")]
    swapped = """columns:
  number: {unit: persons, heading: "No. sleeping badly"}
  rate: {unit: percent, heading: "% sleeping badly"}
  population: {unit: persons, heading: "Total no. in Northshire"}
"""
    base.write(LOADER, text.replace(columns, swapped))
    assert "anchor-heading" in base.codes("anchor")


def test_the_numbers_of_the_next_row_do_not_pass_under_this_rows_label(base):
    base.change(CSV, 'nurses,Nurses,"1,200",23.5%,282', 'nurses,Nurses,"2,400",9.0%,216')
    assert "anchor-not-found" in base.codes("anchor")


def test_value_and_passage_of_another_group_are_taken_already(base):
    base.change(FINDINGS, "value: 31", "value: 9.0")
    base.change(FINDINGS, '"long-distance drivers the figure was 31%"', '"9.0% of teachers"')
    assert base.codes("anchor").count("anchor-number-taken") >= 1


def test_one_printed_number_serves_two_records_only_where_both_say_so(base):
    second = base.read(FINDINGS) + base.read(FINDINGS).split("- id: drivers")[1].join(["- id: lorry", ""])
    base.write(FINDINGS, second)
    assert base.codes("anchor").count("anchor-number-taken") == 2
    base.write(FINDINGS, second.replace('was 31%"', 'was 31%", shared: true'))
    assert "anchor-number-taken" not in base.codes("anchor")


@pytest.mark.parametrize(
    "fragment",
    ["２3.5% of nurses said", "23.5% of nurses\u200b said", "23.5% of nurѕes said", "23.5% of nurses\u00ad said"],
)
def test_disguised_characters_in_a_record_are_errors(base, fragment):
    base.change(FINDINGS, "23.5% of nurses said", fragment)
    assert {"shape-invisible-character", "anchor-not-found"} & set(base.codes())


def test_a_figure_on_another_number_of_its_fragment_must_be_named_or_is_ambiguous(base):
    base.change("documents/northshire-report.txt", "the figure was 31%", "the figures were 31% and 31%")
    base.rehash()
    base.change(FINDINGS, "the figure was 31%", "the figures were 31% and 31%")
    assert base.codes("anchor") == ["anchor-ambiguous"]
    base.change(FINDINGS, 'and 31%", locator: "1"', 'and 31%", figures: {value: 2}')
    assert base.codes("anchor") == []
    base.change(FINDINGS, "figures: {value: 2}", "figures: {value: 3}")
    assert base.codes("anchor") == ["anchor-figure-absent"]


def test_a_fragment_printed_twice_needs_the_words_beside_it_or_the_heading_before_it(base):
    base.write(
        "documents/northshire-report.txt",
        base.read("documents/northshire-report.txt") + "\n9. Annex\n\n23.5% of nurses said so.\n",
    )
    base.rehash()
    assert base.codes("anchor") == ["anchor-ambiguous"]
    base.change(FINDINGS, '"23.5% of nurses said"', '"23.5% of nurses said", prefix: "Survey 2021,"')
    assert base.codes("anchor") == []
    base.change(FINDINGS, 'prefix: "Survey 2021,"', 'suffix: "so."')
    assert base.codes("anchor") == []
    base.change(FINDINGS, 'suffix: "so."', 'after: "9. Annex"')
    assert base.codes("anchor") == []
    base.change(FINDINGS, 'after: "9. Annex"', 'prefix: "nobody wrote this"')
    assert base.codes("anchor") == ["anchor-not-found"]


@pytest.mark.parametrize(
    ("passage", "fragment", "record", "code"),
    [
        ("12% of men aged 16 to 24 slept badly", "12% of men aged 16 to 24", "group: women-16-24", "anchor-group-disagrees"),
        ("12% of women aged 65 or over slept badly", "12% of women aged 65 or over", "group: women-16-24", "anchor-group-disagrees"),
        ("12% of women aged 16 to 24 slept badly", "12% of women aged 16 to 24", "group: women-16-24", None),
        ("in 2015, 12% of women slept badly", "in 2015, 12% of women slept", "group: women-16-24", "anchor-period-disagrees"),
        ("in Southshire, 12% of women slept badly", "in Southshire, 12% of women slept", "group: women-16-24", "anchor-place-disagrees"),
    ],
)  # fmt: skip
def test_a_true_quote_for_a_wrong_claim_is_an_error(base, passage, fragment, record, code):
    base.write("documents/northshire-report.txt", base.read("documents/northshire-report.txt") + f"\nAlso {passage}.\n")
    base.rehash()
    base.write(
        "schema/places.yml", base.read("schema/places.yml") + "- {id: southshire, label: Southshire, type: county}\n"
    )
    base.write(
        "schema/groups.yml",
        base.read("schema/groups.yml")
        + "- {id: women-16-24, label: women aged 16 to 24, is: {age: 16-24, sex: female}}\n",
    )
    base.write(
        "evidence/findings/more.yml",
        f"""
- id: women-sleep-badly
  statistic: prevalence
  measure: sleeps-badly
  {record}
  place: northshire
  period: 2021
  value: 12
  study: shift-work-survey-2021
  anchors: [{{document: northshire-report, fragment: "{fragment}"}}]
  extracted_by: reader-a
""",
    )
    assert base.codes("anchor") == ([code] if code else [])


def test_another_rendition_is_tried_and_reported_never_assumed(base):
    base.change("documents/northshire-report.txt", "Sleep in Northshire", "Sleep in  Northshire")
    report = base.check()
    codes = {problem.code for problem in report.problems if problem.code.startswith("anchor")}
    assert codes == {"anchor-other-rendition"}
    assert "stands in it too" in next(p for p in report.problems if p.code.startswith("anchor")).message


def test_a_similar_passage_is_a_hint_with_its_place_and_never_a_match(base):
    base.change(FINDINGS, "23.5% of nurses said", "23.5% of nurses claimed")
    problem = next(problem for problem in base.check().problems if problem.code == "anchor-not-found")
    assert "line 5" in problem.hint
    assert "23.5% of nurses" in problem.hint


def test_a_sample_size_without_a_passage_is_warned_of_and_stays_out_of_the_figures(base):
    text = base.read("evidence/studies.yml")
    start = text.index("    anchors: [{document")
    base.write("evidence/studies.yml", text[:start] + text[text.index("  strength: strong") :])
    report = base.check(ignore=("review",))
    assert [problem.code for problem in report.problems] == ["strength-passage", "strength-passage"]
    assert not report.fails()
    assert report.matching.counts["studies"].checked == 0
