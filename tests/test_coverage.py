"""Coverage: every number of a document is a record's, set aside with a reason, or shown as unread."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from evidencebase.cli.coverage import command
from evidencebase.provenance.coverage import rule
from evidencebase.provenance.rows import NumberIndex
from test_passages import document

REPORT = "documents/northshire-report.txt"


def reasons(text):
    """Each number of a text as printed, with the rule that sets it aside."""
    read = document(text)
    return {each.printed.strip(): rule(read, each) for each in NumberIndex(read).numbers}


@pytest.mark.parametrize(
    ("text", "number", "reason"),
    [
        ("So it was in 2018 here", "2018", "date"), ("so 25 May was fine", "25", "date"), ("so on 12/05/2021 they", "12", "date"),
        ("so on May 25 they", "25", "date"), ("so in 2017-18 they", "18", "date"),
        ("so in May 201845 they", "201845", "date"), ("so in May 25, 2018, they", "25", "date"),
        ("1. Introduction\ntext", "1", "heading"), ("text\n1.2.1 Adults\ntext", "1.2.1", "heading"), ("text\n13\ntext", "13", "heading"),
        ("text\n(3) Some people", "3", "heading"), ("text\n • 4. Some people", "4", "heading"),
        ("see Table 12 and", "12", "reference"), ("see figure 3 and", "3", "reference"), ("on page 14 of", "14", "reference"),
        ("section 4 says", "4", "reference"), ("see Appendix 2 for", "2", "reference"),
        ("those aged 16 to 24 were", "16", "age-band"), ("those aged 16 to 24 were", "24", "age-band"),
        ("those 65 or over were", "65", "age-band"), ("over 75s were", "75", "age-band"),
        ("see https://example.org/a/51/b for", "51", "identifier"), ("write to a5@example.org or", "5", "identifier"),
        ("call 01234 567890 now", "01234", "identifier"), ("live at LE3 8RA now", "8", "identifier"), ("see doi:10.1000/182 for", "182", "identifier"),
    ],
)  # fmt: skip
def test_what_is_plainly_no_figure_is_set_aside_with_its_reason(text, number, reason):
    found = reasons(text)
    if number in found:
        assert found[number] == reason
    else:
        assert not any(number in printed for printed in found), found  # not read as a number at all


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2018% of them", "2018%"), ("text\n13%\ntext", "13%"), ("text\n1% Introduction", "1%"), ("see Table 12% of", "12%"),
        ("so £2018 was paid", "£2018"), ("text\n£13\ntext", "£13"), ("aged 16% to 24% of", "16%"), ("those over 65% were", "65%"),
        ("see https://example.org/51%/b for", "51%"), ("page £14 of", "£14"), ("13 per cent Of all", "13 per cent"),
        ("see section 5 per cent", "5 per cent"), ("on 61 to 65% of", "61"),
    ],
)  # fmt: skip
def test_a_percentage_or_a_sum_is_never_set_aside_by_rule(text, number):
    assert reasons(text)[number] is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("some 4,210 people", "4,210"), ("text\n24,437 14.0% 3,421\n", "24,437"), ("text\n1,234\ntext", "1,234"),
        ("so 31 nurses said", "31"), ("an odds ratio of 2.4 for", "2.4"), ("<5 people", "<5"), ("text\n5 of them", "5"),
        ("nearly eight people", "eight"), ("some 130 years", "130"), ("in May 12 nurses fell", "12"),
    ],
)  # fmt: skip
def test_what_may_be_a_figure_is_left_to_a_reader(text, number):
    assert reasons(text)[number] is None


@settings(deadline=None)
@given(
    st.sampled_from(["{}%", "{} per cent", "£{}", "€{}", "${}", "£{}m"]),
    st.one_of(st.integers(0, 2100), st.decimals(0, 99, places=1)),
    st.sampled_from(["1. {}\n", "{}\n", "{} Introduction\n", "see Table {} for", "aged {} to 24", "in {} here", "see www.a.org/{} x",
                     "page {}", "25 May {}", "({}) All", "over {} of"]),
)  # fmt: skip
def test_no_place_sets_a_percentage_or_a_sum_aside(style, number, place):
    found = reasons("text\n" + place.format(style.format(number)))
    assert any(printed.strip().endswith(("%", "per cent", "m")) or printed[0] in "£€$" for printed in found)
    for printed, reason in found.items():
        if "%" in printed or "cent" in printed or printed[0] in "£€$":
            assert reason is None, printed


def covered(base, *options):
    done = CliRunner().invoke(command, ["--base", str(base.folder), "--format", "json", *options])
    assert not done.exception or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, json.loads(done.stdout)


def test_every_number_of_a_fully_read_document_is_accounted_for(base):
    code, answer = covered(base, "--strict")
    assert code == 0
    (document,) = answer["documents"]
    assert set(document) >= {"document", "figures", "anchored", "set_aside", "unread"}
    assert document["document"] == "northshire-report"
    assert document["figures"] == document["anchored"] + document["set_aside"] + len(document["unread"])
    assert (document["figures"], document["anchored"], document["unread"]) == (16, 12, [])
    assert document["set_aside_by_reason"] == {"date": 2, "heading": 1, "reference": 1}


def test_an_unread_number_is_shown_with_its_line_and_fails_only_when_strict(base, run):
    base.change(REPORT, "4,210 people.", "4,210 people. Some 77% of pilots slept.")
    base.rehash()
    code, answer = covered(base)
    assert code == 0
    (unread,) = answer["documents"][0]["unread"]
    assert unread["line"] == 8
    assert "77% of pilots" in unread["text"]
    assert len(unread["text"]) <= 90
    assert covered(base, "--strict")[0] == 1
    table = run("coverage", "--base", base.folder).stdout
    assert "77%" in table
    assert "northshire-report:8" in table


SET_ASIDE = """
- {document: northshire-report, fragment: "77% of pilots", number: "77%", reason: restated-elsewhere}
"""


def test_a_number_set_aside_by_a_record_is_counted_with_its_reason(base):
    base.change(REPORT, "4,210 people.", "4,210 people. Some 77% of pilots slept.")
    base.rehash()
    base.write("evidence/set-asides/northshire-report.yml", SET_ASIDE)
    code, answer = covered(base, "--strict")
    assert code == 0
    assert answer["documents"][0]["set_aside_by_reason"]["restated-elsewhere"] == 1
    assert base.codes("anchor") == []


def test_a_set_aside_number_that_is_not_there_is_an_error_and_sets_nothing_aside(base):
    base.change(REPORT, "4,210 people.", "4,210 people. Some 78% of pilots slept.")
    base.rehash()
    base.write("evidence/set-asides/northshire-report.yml", SET_ASIDE)
    assert base.codes("anchor") == ["anchor-not-found"]
    assert len(covered(base)[1]["documents"][0]["unread"]) == 1


def test_a_figure_whose_record_fails_is_unread(base):
    base.change("evidence/findings/northshire-report.yml", "value: 31", "value: 32")
    unread = [each["text"] for each in covered(base)[1]["documents"][0]["unread"]]
    assert len(unread) == 1
    assert "31%" in unread[0]


def test_a_document_that_is_not_at_hand_is_named_and_fails_when_strict(base):
    (base.folder / REPORT).unlink()
    code, answer = covered(base)
    assert (code, answer["documents"]) == (0, [])
    assert answer["not_at_hand"][0]["document"] == "northshire-report"
    assert covered(base, "--strict")[0] == 1


def test_a_document_that_is_not_in_the_base_is_a_usage_error(base, run):
    done = run("coverage", "southshire-report", "--base", base.folder)
    assert done.returncode == 2
    assert "northshire-report" in done.stderr
    assert "Traceback" not in done.stderr
