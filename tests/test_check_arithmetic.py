"""Sums, products, shares and sample sizes: errors in our own records, notes on what was published."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bases import DOCUMENT, FINDINGS, LOADER, TABLE, changed, found, problems
from evidencebase.model.records import Finding
from evidencebase.problems import Severity
from evidencebase.rules.rounding import agree, prints_as, rounded_to_zeros, unrounded


def printed(old, new):
    """A change of what is printed: in the document and in the table alike."""
    return [(DOCUMENT, old, new), (TABLE, old.replace(" ", ","), new.replace(" ", ","))]


def test_a_base_in_order_has_no_problem(tmp_path):
    assert problems(tmp_path) == []


def test_an_estimate_that_is_printed_wrong_is_a_note_with_the_rate_it_would_take(tmp_path):
    (note,) = found(tmp_path, "published-estimate", changed(*printed("45.0% 270", "45.0% 280")))
    assert note.severity is Severity.NOTE
    assert note.record == "millbrook-able-girls"
    assert "45.0% of 600 is 270" in note.message
    assert "46.67%" in note.message


def test_an_estimate_of_another_row_is_recognised(tmp_path):
    (note,) = found(tmp_path, "published-estimate", changed(*printed("45.0% 270", "45.0% 228")))
    assert "38.0% of the row “Boys”" in note.message


def test_digits_in_another_order_are_recognised(tmp_path):
    (note,) = found(tmp_path, "published-estimate", changed(*printed("45.0% 270", "45.0% 702")))
    assert "another order" in note.message


def test_an_estimate_that_the_document_does_not_print_is_an_error(tmp_path):
    (error,) = found(tmp_path, "arithmetic-estimate", changed((TABLE, "45.0%,270", "45.0%,280")))
    assert error.severity is Severity.ERROR
    assert error.path == TABLE
    assert error.line == 2


@pytest.mark.parametrize("number", ["269", "270", "271"])
def test_every_common_rounding_of_an_unrounded_rate_is_accepted(tmp_path, number):
    """600 times 44.95% to 45.05% is 269.7 to 270.3: cut off, rounded or rounded up."""
    files = changed(*printed("45.0% 270", f"45.0% {number}"))
    assert not found(tmp_path, "published-estimate", files)


def test_a_total_that_the_unrounded_parts_explain_is_a_note_that_says_so(tmp_path):
    changes = [
        (DOCUMENT, "Girls 600", "Girls 601"),
        (DOCUMENT, "Boys 600", "Boys 601"),
        (DOCUMENT, "1,200 498", "1,202 499"),
        (TABLE, "Girls,600", "Girls,601"),
        (TABLE, "Boys,600", "Boys,601"),
        (TABLE, '"1,200",,498', '"1,202",,499'),
    ]
    (note,) = found(tmp_path, "published-total", changed(*changes))
    assert "499; its parts add up to 498" in note.message
    assert "498.83, explains it" in note.message


@pytest.mark.parametrize(
    ("total", "cause"),
    [("228", "girls aged 5 to 15 (270) was left out"), ("768", "girls aged 5 to 15 (270) was counted twice"),
     ("489", "another order"), ("600", None), ("551", "the difference is 53")],
)  # fmt: skip
def test_the_cause_of_a_wrong_total_is_worked_out(tmp_path, total, cause):
    notes = found(
        tmp_path, "published-total", changed((DOCUMENT, "1,200 498", f"1,200 {total}"), (TABLE, ",,498", f",,{total}"))
    )
    assert len(notes) == 1
    assert cause is None or cause in notes[0].message


def test_a_total_of_people_is_checked_too(tmp_path):
    files = changed((DOCUMENT, "1,200 498", "1,300 498"), (TABLE, '"1,200"', '"1,300"'))
    assert [note.record for note in found(tmp_path, "published-total", files)] == ["millbrook-children"]


def test_a_total_rounded_to_hundreds_is_no_fault(tmp_path):
    files = changed((DOCUMENT, "1,200 498", "1,200 500"), (TABLE, ",,498", ",,500"))
    assert not found(tmp_path, "published-total", files)


def test_a_wrong_total_that_is_not_in_the_document_is_an_error(tmp_path):
    (error,) = found(tmp_path, "arithmetic-total", changed((TABLE, ",,498", ",,398")))
    assert error.severity is Severity.ERROR
    assert "millbrook-able-children" in error.hint


SHARE = """\
- id: clubs-number
  statistic: count
  measure: swims-weekly
  group: swimmers
  place: millbrook
  period: "2019"
  value: 90
  unit: persons
  anchors: [{document: millbrook-2020, fragment: "clubs asked 200 swimmers, of whom 90", figures: {value: 2}}]
- id: clubs-all
  statistic: count
  measure: asked
  group: swimmers
  place: millbrook
  period: "2019"
  value: 200
  anchors: [{document: millbrook-2020, fragment: "clubs asked 200 swimmers"}]
- id: clubs-share
  statistic: share
  measure: swims-weekly
  group: swimmers
  place: millbrook
  period: "2019"
  value: 45
  anchors: [{document: millbrook-2020, fragment: "(45%) swim every week"}]
"""
SENTENCE = "\nIn Millbrook in 2019 the clubs asked 200 swimmers, of whom 90 (45%) swim every week.\n"


def test_a_share_that_is_its_part_of_its_whole_is_in_order(tmp_path):
    assert problems(tmp_path, changed(add={FINDINGS: SHARE, DOCUMENT: SENTENCE})) == []


def test_a_share_that_is_not_its_part_of_its_whole_is_a_note(tmp_path):
    text, records = SENTENCE.replace("45%", "54%"), SHARE.replace("45", "54")
    (note,) = found(tmp_path, "published-share", changed(add={FINDINGS: records, DOCUMENT: text}))
    assert "90 of 200 is 45.00%; 54% is printed" in note.message


def test_a_share_that_the_document_does_not_print_is_an_error(tmp_path):
    files = changed(add={FINDINGS: SHARE.replace("value: 45", "value: 54"), DOCUMENT: SENTENCE})
    (error,) = found(tmp_path, "arithmetic-share", files)
    assert error.severity is Severity.ERROR


def test_a_rate_and_a_number_without_their_whole_give_the_whole_that_was_meant(tmp_path):
    records = "- id: clubs-number" + SHARE.split("- id: clubs-number")[1].split("- id: clubs-all", maxsplit=1)[0]
    records += "- id: clubs-share" + SHARE.split("- id: clubs-share")[1]
    (note,) = found(tmp_path, "published-implied-base", changed(add={FINDINGS: records, DOCUMENT: SENTENCE}))
    assert "90 is 45% of 198 to 202" in note.message


ASKED = """\
- id: all-asked
  statistic: count
  measure: asked
  group: children
  place: england
  period: "2019"
  value: 900
  study: swim-survey-2019
  anchors: [{document: millbrook-2020, fragment: "(900 children)"}]
"""


def test_groups_that_make_up_all_who_were_asked_are_in_order(tmp_path):
    text = "\nThe Swimming Survey 2019 asked children aged 5 to 15 (900 children).\n"
    assert problems(tmp_path, changed(add={FINDINGS: ASKED, DOCUMENT: text})) == []


def test_groups_that_do_not_make_up_all_who_were_asked_are_a_note(tmp_path):
    files = changed(add={FINDINGS: ASKED.replace("900", "950"), DOCUMENT: "\nAsked in all (950 children).\n"})
    (note,) = found(tmp_path, "published-sample", files)
    assert "950 people were asked in all; the 2 groups make 900" in note.message


def test_groups_that_do_not_make_up_an_unmatched_sample_are_an_error(tmp_path):
    files = changed(add={FINDINGS: ASKED.replace("value: 900", "value: 950"), DOCUMENT: "\nAsked (900 children).\n"})
    assert [problem.record for problem in found(tmp_path, "arithmetic-sample", files)] == ["all-asked"]


def test_an_estimate_of_our_own_needs_no_anchor_and_no_arithmetic(tmp_path):
    own = "- {id: own, finding: girls-able, population: millbrook-girls}\n"
    assert problems(tmp_path, changed(add={"evidence/estimates/own.yml": own})) == []


def test_a_rate_with_a_qualifier_is_not_multiplied(tmp_path):
    files = changed(*printed("45.0% 270", "45.0% 280"), (FINDINGS, "value: 45.0", "value: 45.0\n  qualifiers: [about]"))
    assert not found(tmp_path, "published-estimate", files)


def test_missing_parts_are_left_to_the_reference_checks(tmp_path):
    files = changed((LOADER, 'total: {parts: "millbrook-able-{sex}"}', "total: {parts: [nobody]}"))
    codes = {problem.code for problem in problems(tmp_path, files)}
    assert "reference-record" in codes
    assert not codes & {"published-total", "arithmetic-total"}


decimals = st.decimals(min_value=0, max_value=100_000, places=3)


@given(decimals, st.sampled_from(["1", "0.1", "0.01"]))
def test_whatever_is_rounded_half_up_prints_so(exact, step):
    shown = exact.quantize(Decimal(step))
    assert prints_as((exact, exact), shown)
    low, high = unrounded(shown)
    assert low <= exact <= high


@given(decimals)
def test_a_number_agrees_with_itself_rounded_and_not_with_another(exact):
    shown = exact.quantize(Decimal(1))
    assert agree(figure(exact), figure(shown))
    assert not agree(figure(exact), figure(shown + 2))


def figure(value):
    return Finding.model_construct(id="a", statistic="mean", measure="m", value=value, range=None, qualifier=None)


def test_whole_hundreds_are_recognised():
    assert rounded_to_zeros(Decimal(31878), Decimal(31900))
    assert not rounded_to_zeros(Decimal(31878), Decimal(31800))
    assert not rounded_to_zeros(Decimal(31878), Decimal(31877))
