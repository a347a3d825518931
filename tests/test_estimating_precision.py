"""The precision of a finding: published, computed where that is honest, else unknown with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from bases import FINDINGS, STUDIES, changed, write_base
from evidencebase.loading import load
from evidencebase.numbers import wilson_from_percent
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


def test_every_finding_of_the_shipped_base_has_an_interval_or_a_reason():
    base, _ = load(Path(__file__).parent.parent)
    for entry in base.of("findings"):
        found = precision(entry, base)
        assert (found is None) == (why_unknown(entry, base) is not None), entry.key
        if found is not None and found.source == "computed":
            assert entry.record.weighted is not True
