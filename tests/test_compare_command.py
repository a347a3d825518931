"""`evidence compare`: two figures side by side, or the reasons they may not be compared."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from bases import FINDINGS, MEASURES, STUDIES, changed, write_base
from evidencebase.answers.comparing import compare
from evidencebase.loading import load
from evidencebase.numbers import difference_interval
from evidencebase.problems import EvidenceError

SHIPPED = Path(__file__).parent.parent
RANDOM = (
    STUDIES,
    "universe: {ages: 5-15, place: england}",
    "universe: {ages: 5-15, place: england}\n  sampling: {value: random, basis: document}\n  weighted: false",
)
SECOND = """- key: other-survey
  label: Other survey
  mode: telephone
  universe: {place: england}
  strength: weak
"""


def finding(key: str, **fields: object) -> str:
    given = {
        "statistic": "prevalence",
        "measure": "able-to-swim",
        "group": "girls",
        "place": "england",
        "period": '"2019"',
        "value": "40",
        "study": "swim-survey-2019",
    } | fields
    lines = [f"- id: {key}", *(f"  {name}: {value}" for name, value in given.items() if value is not None)]
    return "\n".join([*lines, '  anchors: [{document: millbrook-2020, fragment: "45.0% of girls"}]', ""])


def beside(folder, *changes, add=None, ids=("girls-able", "other")):
    base, problems = load(write_base(folder, changed(*changes, add=add)))
    assert not problems, problems
    return compare(base, *ids)


def aspects(result, *, prevents=True):
    return {reason.aspect for reason in result.reasons if reason.prevents is prevents}


def test_two_sexes_of_one_simple_sample_are_compared_with_newcombes_interval(tmp_path):
    result = beside(tmp_path, RANDOM, ids=("girls-able", "boys-able"))
    expected = difference_interval(180, 400, 190, 500)
    assert result.comparable
    assert result.difference.estimate == Decimal("7.0")
    assert (result.difference.lower, result.difference.upper) == pytest.approx(
        (expected.lower, expected.upper), abs=1e-9
    )
    assert "Newcombe" in result.difference.method
    assert result.difference.significant


def test_a_claim_of_a_significant_difference_is_held_against_the_numbers(tmp_path):
    result = beside(tmp_path / "a", RANDOM, ids=("girls-able", "boys-able"))
    assert [(claim.id, claim.borne_out) for claim in result.claims] == [("girls-more-often", True)]
    close = beside(tmp_path / "b", RANDOM, (FINDINGS, "value: 38.0", "value: 44.0"), ids=("girls-able", "boys-able"))
    assert [claim.borne_out for claim in close.claims] == [False]


def test_without_known_sampling_the_difference_has_no_interval_and_says_why(tmp_path):
    result = beside(tmp_path, ids=("girls-able", "boys-able"))
    assert result.comparable
    assert result.difference.lower is None
    assert "precision unknown" in result.difference.interval_unknown
    assert result.claims[0].borne_out is None


def test_published_intervals_give_the_interval_of_the_difference(tmp_path):
    result = beside(
        tmp_path,
        (FINDINGS, "  n: 400\n", "  interval: {lower: 41, upper: 49, confidence: 95}\n"),
        (FINDINGS, "  n: 500\n", "  interval: {lower: 35, upper: 41, confidence: 95}\n"),
        ids=("girls-able", "boys-able"),
    )
    assert (result.difference.lower, result.difference.upper) == pytest.approx((7 - 5, 7 + 5))
    assert "MOVER" in result.difference.method


def test_intervals_of_different_confidence_give_none_of_the_difference(tmp_path):
    result = beside(
        tmp_path,
        (FINDINGS, "  n: 400\n", "  interval: {lower: 41, upper: 49, confidence: 95}\n"),
        (FINDINGS, "  n: 500\n", "  interval: {lower: 35, upper: 41, confidence: 90}\n"),
        ids=("girls-able", "boys-able"),
    )
    assert result.difference.lower is None
    assert "confidence" in result.difference.interval_unknown


def test_a_complement_is_named_and_turned(tmp_path):
    result = beside(tmp_path, add={FINDINGS: finding("other", measure="unable-to-swim", value="55.5")})
    assert not result.comparable
    assert result.difference is None
    reason = next(each for each in result.reasons if each.aspect == "complement")
    assert "100 - x" in reason.message
    assert "44.5%" in reason.message


def test_another_measure_is_not_compared(tmp_path):
    result = beside(tmp_path, add={FINDINGS: finding("other", measure="swims-weekly")})
    assert "measure" in aspects(result)


def test_another_cut_off_of_one_question_is_not_compared(tmp_path):
    options = (MEASURES, "phrase: swim every week}", "phrase: swim every week, options_counted: [weekly]}")
    assert "cut-off" in aspects(beside(tmp_path, options, add={FINDINGS: finding("other", measure="swims-weekly")}))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"group": "adults", "place": "millbrook"}, {"age band", "place"}),
        ({"place": "millbrook", "period": '"2015"'}, {"place", "period"}),
        ({"group": "homes"}, {"counting unit"}),
        ({"group": "swimmers", "period": '"2015"'}, {"group", "period", "age band"}),
        ({"study": "other-survey", "place": "millbrook"}, {"place", "source"}),
        ({"statistic": "share"}, {"measure"}),
    ],
)
def test_what_differs_in_more_than_one_respect_is_not_compared(tmp_path, fields, expected):
    result = beside(tmp_path, add={FINDINGS: finding("other", **fields), STUDIES: SECOND})
    assert not result.comparable
    assert aspects(result) | aspects(result, prevents=False) >= expected


def test_another_way_of_asking_is_a_reason(tmp_path):
    mode = (STUDIES, "- key: swim-survey-2019\n", "- key: swim-survey-2019\n  mode: online\n")
    result = beside(tmp_path, mode, add={FINDINGS: finding("other", study="other-survey"), STUDIES: SECOND})
    assert "mode" in aspects(result)


def test_two_years_of_one_survey_are_compared(tmp_path):
    result = beside(tmp_path, add={FINDINGS: finding("other", period='"2015"')})
    assert result.comparable
    assert result.difference.estimate == Decimal("5.0")


def test_people_who_may_be_in_both_samples_get_no_interval(tmp_path):
    result = beside(tmp_path, RANDOM, add={FINDINGS: finding("other", group="children", n=900)})
    assert result.difference.lower is None
    assert "may be in both" in result.difference.interval_unknown


def test_an_unknown_id_names_the_nearest(tmp_path):
    base, _ = load(write_base(tmp_path))
    with pytest.raises(EvidenceError) as caught:
        compare(base, "girls-abel", "boys-able")
    assert "girls-able" in caught.value.hint
    with pytest.raises(EvidenceError, match="not a finding"):
        compare(base, "girls-more-often", "boys-able")
    with pytest.raises(EvidenceError, match="twice"):
        compare(base, "boys-able", "boys-able")


def test_the_command_prints_text_json_and_markdown(tmp_path, run):
    write_base(tmp_path)
    arguments = ("compare", "girls-able", "boys-able", "--base", tmp_path)
    text, markdown = run(*arguments), run(*arguments, "--format", "markdown")
    assert (text.returncode, markdown.returncode) == (0, 0)
    assert "45.0%" in text.stdout
    assert "+7.0 percentage points" in text.stdout
    assert "precision unknown" in text.stdout
    assert markdown.stdout.startswith("## Side by side")
    shown = json.loads(run(*arguments, "--format", "json").stdout)
    assert shown["comparable"] is True
    assert shown["difference"]["estimate"] == 7
    missing = run("compare", "girls-able", "no-such", "--base", tmp_path)
    assert (missing.returncode, missing.stdout) == (2, "")
    assert "Traceback" not in missing.stderr


def test_the_command_gives_the_ratio_of_simple_samples_its_interval_and_no_other(tmp_path, run):
    write_base(tmp_path / "simple", changed(RANDOM))
    simple = ("compare", "girls-able", "boys-able", "--base", tmp_path / "simple")
    # 180 of 400 and 190 of 500: 1.184 x and / exp(1.96 sqrt(1/180 - 1/400 + 1/190 - 1/500))
    assert "ratio 1.18 (first divided by second), 95% interval 1.01 to 1.38 (Katz)\n" in run(*simple).stdout
    shown = json.loads(run(*simple, "--format", "json").stdout)["difference"]
    assert (shown["ratio_lower"], shown["ratio_upper"]) == pytest.approx((1.0134, 1.3839), abs=1e-4)
    write_base(tmp_path / "unknown")
    unknown = run("compare", "girls-able", "boys-able", "--base", tmp_path / "unknown").stdout
    assert "ratio 1.18 (first divided by second)\n" in unknown


def test_complements_of_the_shipped_base_are_not_compared():
    base, _ = load(SHIPPED)
    result = compare(
        base,
        "ascof-5a-part-1-2024-25-leicester-service-users-enough-social-contact",
        "leicestershire-asc-survey-2018-users-not-enough-social-contact",
    )
    assert {"complement", "place", "period"} <= aspects(result)
    assert any("42.6%" in reason.message for reason in result.reasons)
