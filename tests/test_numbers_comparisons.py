"""Two proportions: published values, properties, refusals."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidencebase.numbers import (
    difference_interval,
    two_proportion_z_from_percent,
)

Table = tuple[int, int, int, int]
CONFIDENCES = st.floats(80, 99.99)


@st.composite
def tables(draw: st.DrawFn, most: int = 400) -> Table:
    n1, n2 = draw(st.integers(1, most)), draw(st.integers(1, most))
    return draw(st.integers(0, n1)), n1, draw(st.integers(0, n2)), n2


# Newcombe 1998b, table II, method 10.
@pytest.mark.parametrize(
    ("table", "lower", "upper"),
    [
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((6, 7, 2, 7), 0.0582, 0.8062),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((0, 10, 0, 20), -0.1611, 0.2775),
        ((0, 10, 0, 10), -0.2775, 0.2775),
        ((10, 10, 0, 20), 0.6791, 1.0000),
        ((10, 10, 0, 10), 0.6075, 1.0000),
    ],
)
def test_differences_are_those_newcombe_published(table: Table, lower: float, upper: float) -> None:
    interval = difference_interval(*table)
    assert round(interval.lower / 100, 4) == lower
    assert round(interval.upper / 100, 4) == upper
    assert (interval.confidence, interval.method, interval.unit) == (95.0, "newcombe", "percentage points")


def percents(table: Table) -> tuple[float, int, float, int]:
    """The counts as the percents a report would print, not rounded."""
    x1, n1, x2, n2 = table
    return 100 * x1 / n1, n1, 100 * x2 / n2, n2


def test_the_aspirin_trial_of_the_physicians_health_study_comes_out_as_published() -> None:
    test = two_proportion_z_from_percent(*percents((189, 11034, 104, 11037)))  # infarctions: placebo, aspirin
    assert test.ratio_lower == pytest.approx(1.43, abs=0.005)
    assert test.ratio_upper == pytest.approx(2.31, abs=0.005)
    assert test.z == pytest.approx(5.00, abs=0.005)


@given(tables(), CONFIDENCES)
@settings(deadline=None)
def test_a_difference_lies_within_its_limits_and_they_within_100_points(table: Table, confidence: float) -> None:
    interval = difference_interval(*table, confidence)
    assert -100 <= interval.lower <= interval.estimate <= interval.upper <= 100


@given(tables())
@settings(deadline=None, max_examples=50)
def test_the_two_groups_change_places_with_the_sign(table: Table) -> None:
    x1, n1, x2, n2 = table
    forth, back = difference_interval(*table), difference_interval(x2, n2, x1, n1)
    assert (back.estimate, back.lower, back.upper) == (-forth.estimate, -forth.upper, -forth.lower)
    there, again = (two_proportion_z_from_percent(*percents(each)) for each in (table, (x2, n2, x1, n1)))
    assert there.p_value == again.p_value
    if there.ratio_lower and there.ratio_upper:
        assert again.ratio_upper == pytest.approx(1 / there.ratio_lower)
        assert again.ratio_lower == pytest.approx(1 / there.ratio_upper)


@given(tables(), st.floats(80, 99), st.floats(0.5, 0.99))
@settings(deadline=None)
def test_higher_confidence_is_wider(table: Table, confidence: float, more: float) -> None:
    narrow, wide = difference_interval(*table, confidence), difference_interval(*table, confidence + more)
    assert wide.lower <= narrow.lower
    assert narrow.upper <= wide.upper
    assert wide.upper - wide.lower > narrow.upper - narrow.lower


@given(tables())
@settings(deadline=None, max_examples=50)
def test_the_interval_and_the_test_agree_with_those_of_statsmodels(table: Table) -> None:
    from statsmodels.stats.proportion import (  # type: ignore[import-untyped,unused-ignore]
        confint_proportions_2indep,
        proportions_ztest,
    )

    x1, n1, x2, n2 = table
    interval = difference_interval(*table)
    lower, upper = confint_proportions_2indep(x1, n1, x2, n2, method="newcomb", compare="diff")
    assert (interval.lower, interval.upper) == pytest.approx((100 * lower, 100 * upper), abs=1e-9)
    test = two_proportion_z_from_percent(*percents(table))
    assert (test.lower, test.upper) == pytest.approx((interval.lower, interval.upper), abs=1e-9)
    if x1 + x2 in (0, n1 + n2):
        assert test.z is test.p_value is None
        return
    assert (test.z, test.p_value) == pytest.approx(proportions_ztest([x1, x2], [n1, n2]), abs=1e-9)


@given(tables())
@settings(deadline=None, max_examples=50)
def test_the_interval_of_the_ratio_is_that_of_statsmodels(table: Table) -> None:
    from statsmodels.stats.proportion import (  # type: ignore[import-untyped,unused-ignore]
        confint_proportions_2indep,
    )

    x1, n1, x2, n2 = table
    test = two_proportion_z_from_percent(*percents(table))
    if x1 == 0 or x2 == 0 or (x1 == n1 and x2 == n2):
        assert test.ratio_lower is test.ratio_upper is None
        return
    expected = confint_proportions_2indep(x1, n1, x2, n2, method="log", compare="ratio")
    assert (test.ratio_lower, test.ratio_upper) == pytest.approx(expected, rel=1e-9)


def test_a_ratio_of_all_but_nobody_has_no_limits() -> None:
    test = two_proportion_z_from_percent(1e-5, 10, 15, 20)
    assert test.ratio_lower is test.ratio_upper is None


def test_p_values_far_in_the_tail_are_not_rounded_to_zero() -> None:
    p = two_proportion_z_from_percent(90, 1000, 10, 1000).p_value
    assert p is not None
    assert 0 < p < 1e-200


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ((11, 10, 1, 10), "x1 is 11 but n1 is only 10"),
        ((1, 10, 11, 10), "x2 is 11 but n2 is only 10"),
        ((1, 0, 1, 10), "n1 is 0"),
        ((1, 10, 1, -3), "n2 is -3"),
        ((-1, 10, 1, 10), "x1 is -1"),
        ((1, 10, math.nan, 10), "x2 is nan"),
        ((1, math.inf, 1, 10), "n1 is inf"),
        (("1", 10, 1, 10), "x1 is text"),
        ((1, 10, False, 10), "x2 is true or false"),
        ((1, 10, 1, None), "n2 is missing"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_the_reason(table: tuple[object, ...], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        difference_interval(*table)  # type: ignore[arg-type]


@pytest.mark.parametrize("confidence", [0.95, 79, 100, math.nan, "95", True])
def test_a_confidence_outside_80_to_99_99_is_refused(confidence: object) -> None:
    for compute in (difference_interval, two_proportion_z_from_percent):
        with pytest.raises(ValueError, match="confidence is"):
            compute(1, 10, 2, 10, confidence)  # type: ignore[arg-type]


def test_published_percents_are_tested_as_the_unrounded_counts_they_stand_for() -> None:
    test = two_proportion_z_from_percent(80, 70, 60, 80)
    counts = difference_interval(56, 70, 48, 80)
    assert (test.estimate, test.lower, test.upper) == pytest.approx((20, counts.lower, counts.upper))
    assert test.z == pytest.approx(20 / 100 / math.sqrt(104 / 150 * 46 / 150 * (1 / 70 + 1 / 80)))
    assert test.method == "newcombe and pooled z (from published percents and n)"


def test_percents_that_are_both_0_or_both_100_have_no_z() -> None:
    for percent in (0, 100):
        test = two_proportion_z_from_percent(percent, 50, percent, 70)
        assert test.z is None
        assert test.p_value is None
        assert test.lower < 0 < test.upper


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ((101, 10, 5, 10), "p1 is 101"),
        ((5, 10, -1, 10), "p2 is -1"),
        ((5, 0, 5, 10), "n1 is 0"),
        ((5, 10, 5, math.nan), "n2 is nan"),
    ],
)
def test_impossible_published_percents_are_refused(arguments: tuple[float, ...], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        two_proportion_z_from_percent(*arguments)
