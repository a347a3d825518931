"""The precision of a finding: published, computed where that is honest, else unknown with the reason."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from bases import FINDINGS, STUDIES, changed, write_base
from evidencebase.loading import load
from evidencebase.numbers import rate_interval, wilson_from_percent
from evidencebase.rules.precision import precision, why_unknown

RANDOM = (
    STUDIES,
    "universe: {ages: 5-15, place: england}",
    "universe: {ages: 5-15, place: england}\n  sampling: {value: random, basis: document}",
)
UNWEIGHTED = (FINDINGS, "  n: 400\n", "  n: 400\n  weighted: false\n")


def known(folder, *changes, key="girls-able"):
    base, problems = load(write_base(folder, changed(*changes)))
    assert not problems
    entry = base.entries["findings", key]
    return precision(entry, base), why_unknown(entry, base)


def test_a_published_interval_is_given_as_it_was_published(tmp_path):
    interval = "  interval: {lower: 40.1, upper: 49.9, confidence: 95, method: design-based}\n"
    found, why = known(tmp_path, (FINDINGS, "  n: 400\n", f"  n: 400\n{interval}"))
    assert (found.lower, found.upper, found.confidence) == (40.1, 49.9, 95)
    assert (found.method, found.source, why) == ("design-based", "published", None)
    assert "40.1% to 49.9%" in found.text


def test_a_published_interval_counts_on_weighted_data_too(tmp_path):
    found, _ = known(tmp_path, (FINDINGS, "  n: 400\n", "  weighted: true\n  interval: {lower: 40.1, upper: 49.9}\n"))
    assert found.source == "published"
    assert found.confidence is None


def test_a_simple_random_sample_gets_wilsons_interval_and_says_so(tmp_path):
    found, why = known(tmp_path, RANDOM, UNWEIGHTED)
    expected = wilson_from_percent(45, 400)
    assert (found.lower, found.upper) == pytest.approx((expected.lower, expected.upper), abs=1e-12)
    assert (found.source, found.method, found.confidence, why) == (
        "computed",
        "Wilson, from the published percent and n",
        95,
        None,
    )
    assert found.as_dict()["source"] == "computed"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ([RANDOM], "whether the survey is weighted is not known"),
        ([UNWEIGHTED], "not known to be random"),
        ([RANDOM, (FINDINGS, "  n: 400\n", "  n: 400\n  weighted: true\n")], "the survey is weighted"),
        (
            [
                (STUDIES, "  strength: weak\n- key: millbrook", "  weighted: true\n  strength: weak\n- key: millbrook"),
                RANDOM,
            ],
            "the survey is weighted",
        ),
        ([RANDOM, (FINDINGS, "  n: 400\n", "  weighted: false\n")], "nor the number asked"),
        ([RANDOM, UNWEIGHTED, (FINDINGS, "  value: 45.0\n", "  value: 45.0\n  qualifiers: [about]\n")], "not exact"),
        ([RANDOM, UNWEIGHTED, (FINDINGS, "  value: 45.0\n", "  value: 145.0\n")], "cannot be right"),
        ([RANDOM, UNWEIGHTED, (FINDINGS, "  value: 45.0\n", "  range: {low: 40, high: 45}\n")], "a range"),
    ],
)
def test_precision_is_unknown_with_a_reason_where_no_interval_is_honest(tmp_path, changes, reason):
    found, why = known(tmp_path, *changes)
    assert found is None
    assert reason in why


def test_a_study_that_is_not_weighted_speaks_for_its_findings(tmp_path):
    change = (STUDIES, "  strength: weak\n- key: millbrook", "  weighted: false\n  strength: weak\n- key: millbrook")
    found, _ = known(tmp_path, change, RANDOM)
    assert found.source == "computed"


UNITS = '- {id: per-1000, label: "per 1,000", words: ["per 1,000"], dimension: rate, factor: 0.001}\n'
CENSUS = (STUDIES, "- key: swim-survey-2019\n", "- key: swim-survey-2019\n  design: census\n")


def as_rates(girls: str, boys: str, statistic: str = "rate") -> list[tuple[str, str, str]]:
    """The two figures of the small base as rates of events, 30 of 400 girls and 9 of 500 boys."""
    rate = "statistic: {0}\n  measure: able-to-swim\n  group: {1}\n"
    return [
        (FINDINGS, rate.format("prevalence", "girls"), rate.format(statistic, "girls") + "  unit: per-1000\n"),
        (FINDINGS, rate.format("prevalence", "boys"), rate.format(statistic, "boys") + "  unit: per-1000\n"),
        (FINDINGS, "  value: 45.0\n  n: 400\n", girls),
        (FINDINGS, "  value: 38.0\n  n: 500\n", boys),
    ]


GIRLS, BOYS = "  value: 75.0\n  cases: 30\n  n: 400\n", "  value: 18.0\n  cases: 9\n  n: 500\n"


def rated(folder, *changes, key="girls-able", girls=GIRLS, statistic="rate"):
    base, problems = load(
        write_base(folder, changed(*as_rates(girls, BOYS, statistic), *changes, add={"schema/units.yml": UNITS}))
    )
    assert not problems, problems
    entry = base.entries["findings", key]
    return precision(entry, base), why_unknown(entry, base)


def test_a_rate_counted_in_full_gets_byars_interval_and_the_exact_one_of_few_events(tmp_path):
    found, why = rated(tmp_path / "a", CENSUS)
    expected = rate_interval(30, 400, multiplier=1000)
    assert (found.lower, found.upper, why) == (expected.lower, expected.upper, None)
    assert found.text == "95% interval 50.6 to 107.1 per 1,000 (Byar, from the published cases and people)"
    few, _ = rated(tmp_path / "b", CENSUS, key="boys-able", statistic="incidence")
    assert few.text == "95% interval 8.2 to 34.2 per 1,000 (exact, Poisson, from the published cases and people)"


@pytest.mark.parametrize(
    ("changes", "girls", "reason"),
    [
        ([], GIRLS, "neither a full count nor a simple random sample is known"),
        ([RANDOM], GIRLS, "neither a full count nor a simple random sample is known"),
        ([CENSUS], GIRLS + "  weighted: true\n", "the survey is weighted"),
        ([CENSUS], GIRLS + "  standardised: direct\n", "standardised or adjusted"),
        ([CENSUS], GIRLS + "  adjusted_for: [age]\n", "standardised or adjusted"),
        ([CENSUS], GIRLS + "  qualifiers: [about]\n", "not exact"),
        ([CENSUS], GIRLS.replace("n: 400", "n: 450"), "do not make up the rate"),
        ([CENSUS], GIRLS.replace("cases: 30", "cases: 30.01"), "do not make up the rate"),
        ([CENSUS], GIRLS.replace("  cases: 30\n", ""), "neither an interval nor the cases"),
        ([CENSUS], GIRLS.replace("  n: 400\n", ""), "neither an interval nor the cases"),
    ],
)
def test_a_rate_has_no_interval_where_none_is_honest(tmp_path, changes, girls, reason):
    found, why = rated(tmp_path, *changes, girls=girls)
    assert found is None
    assert reason in why


def test_the_command_compares_rates_by_their_intervals(tmp_path, run):
    write_base(tmp_path, changed(CENSUS, *as_rates(GIRLS, BOYS), add={"schema/units.yml": UNITS}))
    done = run("compare", "girls-able", "boys-able", "--base", tmp_path, "--format", "json")
    shown = json.loads(done.stdout)
    assert "Byar" in shown["first"]["precision"]
    assert "exact, Poisson" in shown["second"]["precision"]
    one, other = rate_interval(30, 400, multiplier=1000), rate_interval(9, 500, multiplier=1000)
    lower = 57 - math.hypot(75 - one.lower, other.upper - 18)
    assert shown["difference"]["lower"] == pytest.approx(lower)
    assert "MOVER" in shown["difference"]["method"]


def test_every_finding_of_the_shipped_base_has_an_interval_or_a_reason():
    base, _ = load(Path(__file__).parent.parent)
    for entry in base.of("findings"):
        found = precision(entry, base)
        assert (found is None) == (why_unknown(entry, base) is not None), entry.key
        if found is not None and found.source == "computed":
            assert entry.record.weighted is not True
