"""Records that contradict each other, and intervals and significance against the numbers."""

from __future__ import annotations

import pytest

from bases import CLAIMS, CONCLUSIONS, DOCUMENT, FINDINGS, STUDIES, changed, found, problems
from evidencebase.problems import Severity

AGAIN = """\
- id: girls-able-again
  statistic: prevalence
  measure: able-to-swim
  group: girls
  place: england
  period: "2019"
  value: 49
  anchors: [{document: millbrook-2020, fragment: "says 49% of girls"}]
"""
TEXT = "\nAnother count says 49% of girls.\n"


@pytest.mark.parametrize(("value", "conflict"), [("49", True), ("46", False), ("45.04", False), ("44.96", False)])
def test_a_figure_said_to_be_about_conflicts_only_with_what_it_cannot_stand_for(tmp_path, value, conflict):
    again = AGAIN.replace("value: 49", f"value: {value}\n  qualifiers: [about]")
    about = changed(add={FINDINGS: again, DOCUMENT: TEXT})
    assert bool(found(tmp_path, "conflict-finding", about)) is conflict


def test_two_figures_of_the_same_thing_without_a_link(tmp_path):
    (warning,) = found(tmp_path, "conflict-finding", changed(add={FINDINGS: AGAIN, DOCUMENT: TEXT}))
    assert warning.severity is Severity.WARNING
    assert warning.record == "girls-able-again"
    assert "49% here, 45.0% in girls-able" in warning.message


@pytest.mark.parametrize(
    "difference",
    [
        ('period: "2019"', 'period: "2017"'),
        ("place: england", "place: ashford"),
        ("measure: able-to-swim", "measure: swims-weekly"),
        ("group: girls", "group: children"),
        ("  place: england\n", ""),
        ("value: 49", "value: 49\n  qualifiers: [up-to]"),
        ("value: 49", "value: 49\n  adjusted_for: [age]"),
        ("value: 49", "value: 49\n  links: [{type: contradicts, to: girls-able, because: another question}]"),
    ],
)
def test_another_period_place_measure_group_adjustment_or_a_link_explains_it(tmp_path, difference):
    files = changed(add={FINDINGS: AGAIN.replace(*difference), DOCUMENT: TEXT})
    assert not found(tmp_path, "conflict-finding", files)


def test_one_figure_with_fewer_digits_is_no_conflict(tmp_path):
    files = changed(add={FINDINGS: AGAIN.replace("49", "45"), DOCUMENT: TEXT.replace("49", "45")})
    assert not found(tmp_path, "conflict-finding", files)


def test_a_withdrawn_figure_is_in_no_conflict(tmp_path):
    review = "- {record: girls-able-again, digest: %s, by: reader-b, on: 2021-01-01, verdict: withdraw}\n" % ("0" * 64)
    files = changed(
        add={FINDINGS: AGAIN, DOCUMENT: TEXT, "evidence/reviews.yml": review.replace("2021-01-01", '"2021-01-01"')}
    )
    assert not found(tmp_path, "conflict-finding", files)


OTHER = """\
- id: boys-alike
  kind: relation
  measure: able-to-swim
  group: boys
  versus: {group: girls}
  place: england
  period: "2019"
  direction: no-difference
  study: swim-survey-2019
  anchors: [{document: millbrook-2020, fragment: "boys do much the same"}]
"""
ALIKE = "\nBut boys do much the same.\n"


def test_claims_that_say_opposite_things_without_a_link(tmp_path):
    (warning,) = found(tmp_path, "conflict-claim", changed(add={CLAIMS: OTHER, DOCUMENT: ALIKE}))
    assert warning.severity is Severity.WARNING


def test_the_same_claim_the_other_way_round_is_no_conflict(tmp_path):
    files = changed(add={CLAIMS: OTHER.replace("no-difference", "lower"), DOCUMENT: ALIKE})
    assert not found(tmp_path, "conflict-claim", files)


def test_a_document_that_says_both_of_the_same_figures_is_a_note_once_they_are_linked(tmp_path):
    linked = OTHER + "  links: [{type: same-sample, to: girls-more-often}]\n"
    files = changed(add={CLAIMS: linked, DOCUMENT: ALIKE})
    assert not found(tmp_path, "conflict-claim", files)
    (note,) = found(tmp_path / "again", "published-two-directions", files)
    assert note.severity is Severity.NOTE


def test_an_adjusted_claim_is_in_no_conflict_with_an_unadjusted_one(tmp_path):
    adjusted = OTHER + "  adjusted_for: [age]\n"
    assert not found(tmp_path, "conflict-claim", changed(add={CLAIMS: adjusted, DOCUMENT: ALIKE}))


def test_sources_that_disagree_about_a_group_are_a_note(tmp_path):
    from hashlib import sha256

    text = "Girls swim more.\n"
    said = """\
- id: ashford-girls
  kind: relation
  measure: able-to-swim
  group: girls
  direction: higher
  anchors: [{document: ashford-2021, fragment: "Girls swim more"}]
"""
    tested = (
        OTHER.replace("group: boys\n  versus: {group: girls}", "group: girls\n  versus: {group: boys}")
        + "  significance: not-significant\n"
    )
    tested += "  links: [{type: contradicts, to: girls-more-often}]\n"
    files = changed(add={CLAIMS: tested + said, DOCUMENT: ALIKE, "documents/ashford.txt": text})
    digest = sha256(text.encode()).hexdigest()
    files["evidence/documents.yml"] += (
        f"- {{key: ashford-2021, renditions: [{{file: ashford.txt, sha256: {digest}}}]}}\n"
    )
    (note,) = found(tmp_path, "conflict-sources", files)
    assert (note.severity, note.record) == (Severity.NOTE, "boys-alike")
    assert "ashford-2021 say higher" in note.message


def test_a_claim_that_its_figures_do_not_bear_out(tmp_path):
    (warning,) = found(tmp_path, "conflict-not-borne-out", changed((CLAIMS, "direction: higher", "direction: lower")))
    assert "said to be lower; the figures it names are 45.0% against 38.0%" in warning.message


def test_a_null_claim_against_intervals_that_lie_apart(tmp_path):
    files = changed(
        (CLAIMS, "direction: higher", "direction: no-difference"),
        (FINDINGS, "n: 400", "n: 400\n  interval: {lower: 42, upper: 48}"),
        (FINDINGS, "n: 500", "n: 500\n  interval: {lower: 36, upper: 40}"),
    )
    (warning,) = found(tmp_path, "conflict-not-borne-out", files)
    assert "do not overlap" in warning.message


@pytest.mark.parametrize(("other", "warnings"), [("95", 1), ("80", 0), (None, 0)])
def test_intervals_lie_apart_only_where_both_are_of_one_confidence(tmp_path, other, warnings):
    confidence = f", confidence: {other}" if other else ""
    files = changed(
        (CLAIMS, "direction: higher", "direction: no-difference"),
        (FINDINGS, "n: 400", "n: 400\n  interval: {lower: 42, upper: 48, confidence: 95}"),
        (FINDINGS, "n: 500", f"n: 500\n  interval: {{lower: 36, upper: 40{confidence}}}"),
    )
    assert len(found(tmp_path, "conflict-not-borne-out", files)) == warnings


def test_a_null_claim_against_overlapping_intervals_may_stand(tmp_path):
    files = changed(
        (CLAIMS, "direction: higher", "direction: no-difference"),
        (FINDINGS, "n: 400", "n: 400\n  interval: {lower: 39, upper: 48}"),
        (FINDINGS, "n: 500", "n: 500\n  interval: {lower: 36, upper: 40}"),
    )
    assert not found(tmp_path, "conflict-not-borne-out", files)


def test_a_conclusion_against_its_own_support(tmp_path):
    (warning,) = found(tmp_path, "conflict-conclusion", changed((CONCLUSIONS, "direction: higher", "direction: lower")))
    assert "girls-more-often, its support, says otherwise" in warning.message


def test_a_conclusion_with_the_claim_under_disputes_may_stand(tmp_path):
    files = changed((CONCLUSIONS, "direction: higher", "direction: lower"), (CONCLUSIONS, "supports:", "disputes:"))
    assert not found(tmp_path, "conflict-conclusion", files)


# --- intervals and significance


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        ("{lower: 50, upper: 60}", "interval-outside"),
        ("{lower: 48, upper: 42}", "interval-order"),
        ("{lower: 42, upper: 48}", None),
    ],
)
def test_limits_that_do_not_hold_their_value_are_errors(tmp_path, limits, code):
    files = changed((FINDINGS, "n: 400", f"n: 400\n  interval: {limits}"))
    raised = [problem for problem in problems(tmp_path, files) if problem.code.startswith("interval-")]
    assert [problem.code for problem in raised] == ([code] if code else [])
    assert all(problem.severity is Severity.ERROR for problem in raised)


@pytest.mark.parametrize(("method", "warnings"), [("Wilson", 1), ("Wilson on effective n", 0), ("as published", 0)])
def test_wilson_from_weighted_data_needs_a_label(tmp_path, method, warnings):
    interval = f"n: 400\n  weighted: true\n  interval: {{lower: 42, upper: 48, method: {method}}}"
    assert len(found(tmp_path, "interval-weighted", changed((FINDINGS, "n: 400", interval)))) == warnings


def test_the_weighting_of_the_study_counts_where_the_figure_says_nothing(tmp_path):
    interval = "n: 400\n  interval: {lower: 42, upper: 48, method: wilson}"
    files = changed(
        (FINDINGS, "n: 400", interval),
        (STUDIES, "ages: 5-15, place: england}", "ages: 5-15, place: england}\n  weighted: true"),
    )
    assert len(found(tmp_path, "interval-weighted", files)) == 1


def test_significance_that_the_numbers_do_not_bear_out(tmp_path):
    files = changed(
        (DOCUMENT, "400 girls and 500 boys", "40 girls and 50 boys"),
        (FINDINGS, "400 girls and 500 boys", "40 girls and 50 boys"),
        (FINDINGS, "n: 400", "n: 40"),
        (FINDINGS, "n: 500", "n: 50"),
    )
    (note,) = found(tmp_path, "interval-significant", files)
    assert note.severity is Severity.NOTE
    assert "z is 0.67" in note.message


def test_a_large_difference_called_similar(tmp_path):
    files = changed(
        (
            CLAIMS,
            "direction: higher\n  significance: significant",
            "direction: no-difference\n  significance: not-significant",
        ),
        (DOCUMENT, "400 girls and 500 boys", "4000 girls and 5000 boys"),
        (FINDINGS, "400 girls and 500 boys", "4000 girls and 5000 boys"),
        (FINDINGS, "n: 400", "n: 4000"),
        (FINDINGS, "n: 500", "n: 5000"),
    )
    (note,) = found(tmp_path, "interval-similar", files)
    assert "called statistically similar; z is at least 6.7" in note.message
    assert "above 11.7" in note.message


def test_a_difference_that_a_design_effect_can_explain_may_be_called_similar(tmp_path):
    """z is 2.12 for 45% of 400 and 38% of 500: a design effect of 1.2 is enough to undo it."""
    claim = (
        CLAIMS,
        "direction: higher\n  significance: significant",
        "direction: no-difference\n  significance: not-significant",
    )
    assert not found(tmp_path, "interval-similar", changed(claim))


def test_the_size_of_the_study_serves_for_the_two_sexes(tmp_path):
    files = changed(
        (
            CLAIMS,
            "direction: higher\n  significance: significant",
            "direction: no-difference\n  significance: not-significant",
        ),
        (FINDINGS, "  n: 400\n", ""),
        (FINDINGS, "  n: 500\n", ""),
        (
            STUDIES,
            "  label: Swimming Survey 2019",
            "  label: Swimming Survey 2019\n  size: {value: large, n: 9000, basis: general-knowledge}",
        ),
    )
    (note,) = found(tmp_path, "interval-similar", files)
    assert "if the 9,000 people of Swimming Survey 2019 divide 40:60 or more evenly" in note.message
