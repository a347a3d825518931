"""Intervals of one proportion and one rate: published values, properties, refusals."""

from __future__ import annotations

import dataclasses
import math
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from evidencebase.numbers import (
    Interval,
    intervals_overlap,
    proportion_interval,
    proportion_methods,
    rate_interval,
    wilson_from_percent,
)

CONFIDENCES = st.floats(80, 99.99)
METHODS = st.sampled_from(proportion_methods())


@st.composite
def counts(draw: st.DrawFn, most: int = 5000) -> tuple[int, int]:
    n = draw(st.integers(1, most))
    return draw(st.integers(0, n)), n


# Newcombe 1998a, table I: methods 3 (score), 4 (with continuity correction), 5 (Clopper-Pearson).
@pytest.mark.parametrize(
    ("x", "n", "method", "lower", "upper"),
    [
        (81, 263, "wilson", 0.2553, 0.3662),
        (15, 148, "wilson", 0.0624, 0.1605),
        (0, 20, "wilson", 0.0000, 0.1611),
        (1, 29, "wilson", 0.0061, 0.1718),
        (81, 263, "wilson-cc", 0.2535, 0.3682),
        (15, 148, "wilson-cc", 0.0598, 0.1644),
        (0, 20, "wilson-cc", 0.0000, 0.2005),
        (1, 29, "wilson-cc", 0.0018, 0.1963),
        (81, 263, "exact", 0.2527, 0.3676),
        (15, 148, "exact", 0.0578, 0.1617),
        (0, 20, "exact", 0.0000, 0.1684),
        (1, 29, "exact", 0.0009, 0.1776),
    ],
)
def test_intervals_are_those_newcombe_published(x: int, n: int, method: str, lower: float, upper: float) -> None:
    interval = proportion_interval(x, n, method=method)
    assert round(interval.lower / 100, 4) == lower
    assert round(interval.upper / 100, 4) == upper
    assert (interval.confidence, interval.method, interval.unit) == (95.0, method, "percent")


def test_the_continuity_correction_stops_where_half_are_counted_as_in_r() -> None:
    corrected, plain = (proportion_interval(5, 10, method=name) for name in ("wilson-cc", "wilson"))
    assert (corrected.lower, corrected.upper) == (plain.lower, plain.upper)
    assert round(plain.lower, 4) == 23.6593  # prop.test(5, 10)


@given(counts(10**7), CONFIDENCES)
@settings(deadline=None, max_examples=60)
def test_wilson_and_agresti_coull_agree_with_statsmodels(pair: tuple[int, int], confidence: float) -> None:
    from statsmodels.stats.proportion import (  # type: ignore[import-untyped,unused-ignore]
        proportion_confint,
    )

    for ours, theirs in (("wilson", "wilson"), ("agresti-coull", "agresti_coull")):
        interval = proportion_interval(*pair, confidence, ours)
        lower, upper = proportion_confint(*pair, alpha=1 - confidence / 100, method=theirs)
        assert interval.lower == pytest.approx(100 * lower, abs=1e-9)
        assert interval.upper == pytest.approx(100 * upper, abs=1e-9)


@given(counts(300), CONFIDENCES)
@settings(deadline=None, max_examples=60)
def test_exact_limits_leave_half_of_the_error_in_each_binomial_tail(pair: tuple[int, int], confidence: float) -> None:
    from scipy.stats import binom  # type: ignore[import-untyped,unused-ignore]

    x, n = pair
    interval = proportion_interval(x, n, confidence, "exact")
    tail = (1 - confidence / 100) / 2
    if x > 0:
        assert binom.sf(x - 1, n, interval.lower / 100) == pytest.approx(tail, rel=1e-6)
    if x < n:
        assert binom.cdf(x, n, interval.upper / 100) == pytest.approx(tail, rel=1e-6)


@given(counts(), CONFIDENCES, METHODS)
@settings(deadline=None)
def test_limits_lie_within_0_and_100_around_the_estimate(pair: tuple[int, int], confidence: float, method: str) -> None:
    interval = proportion_interval(*pair, confidence, method)
    assert 0 <= interval.lower <= interval.estimate <= interval.upper <= 100
    assert interval.lower < interval.upper


@given(counts(), CONFIDENCES, METHODS)
@settings(deadline=None)
def test_those_counted_and_those_not_have_mirrored_limits(
    pair: tuple[int, int], confidence: float, method: str
) -> None:
    x, n = pair
    counted, others = (proportion_interval(c, n, confidence, method) for c in (x, n - x))
    assert counted.lower == pytest.approx(100 - others.upper, abs=1e-9)
    assert counted.upper == pytest.approx(100 - others.lower, abs=1e-9)


@given(counts(), CONFIDENCES, CONFIDENCES, METHODS)
@settings(deadline=None)
def test_higher_confidence_is_wider(pair: tuple[int, int], one: float, other: float, method: str) -> None:
    low, high = sorted((one, other))
    assume(high - low > 1e-3)
    narrow, wide = (proportion_interval(*pair, level, method) for level in (low, high))
    assert wide.lower <= narrow.lower
    assert narrow.upper <= wide.upper
    assert wide.upper - wide.lower > narrow.upper - narrow.lower


@given(counts(1000), st.integers(2, 50))
@settings(deadline=None)
def test_more_people_with_the_same_share_are_more_precise(pair: tuple[int, int], times: int) -> None:
    x, n = pair
    few, many = proportion_interval(x, n), proportion_interval(times * x, times * n)
    assert many.upper - many.lower < few.upper - few.lower


@pytest.mark.parametrize("method", ["wilson", "wilson-cc", "exact", "jeffreys"])
def test_nobody_and_everybody_have_limits_of_exactly_0_and_100(method: str) -> None:
    for n in (1, 3, 17, 1000, 999_983):
        assert proportion_interval(0, n, method=method).lower == 0.0
        assert proportion_interval(n, n, method=method).upper == 100.0


def test_the_estimate_is_not_off_by_a_rounding_error() -> None:
    assert proportion_interval(7, 100).estimate == 7.0
    assert rate_interval(9, 1000).estimate == 900.0
    assert wilson_from_percent(5.5, 1000).estimate == 5.5


def test_any_kind_of_real_number_gives_the_same_interval() -> None:
    import numpy as np

    expected = proportion_interval(81, 263)
    for x, n in (
        (81.0, 263.0),
        (Decimal(81), Decimal(263)),
        (Fraction(81), 263),
        (np.int64(81), np.float64(263)),
    ):
        assert proportion_interval(x, n, Decimal(95)) == expected  # type: ignore[arg-type]


def test_a_fraction_of_a_person_is_taken_by_wilson_and_refused_by_the_exact_interval() -> None:
    below, between, above = (proportion_interval(x, 40).upper for x in (10, 10.5, 11))
    assert below < between < above
    for method in ("exact", "jeffreys"):
        with pytest.raises(ValueError, match=r"x is 10\.5: the .* interval needs whole numbers"):
            proportion_interval(10.5, 40, method=method)
        with pytest.raises(ValueError, match=r"n is 40\.5: the .* interval needs whole numbers"):
            proportion_interval(10, 40.5, method=method)


NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("x", "n", "reason"),
    [
        (11, 10, "x is 11 but n is only 10: a part cannot exceed its whole"),
        (-1, 10, "x is -1: it cannot be negative"),
        (0, 0, "n is 0: give the number of people asked, above 0"),
        (0, -5, "n is -5: give the number of people asked, above 0"),
        (0, 0.5, "n is 0.5: fewer than one person"),
        (NAN, 10, "x is nan"),
        (1, NAN, "n is nan"),
        (INF, 10, "x is inf"),
        (1, INF, "n is inf"),
        (Decimal("NaN"), 10, "x is nan"),
        (Decimal("sNaN"), 10, "x is too large or not a number"),
        (1, 10**400, "n is too large"),
        (1, 1e300, r"n is 1e\+300: too large to be counted"),
        (5e-324, 10, "x is 4.94066e-324: all but nobody, a rounding error"),
        (True, 10, r"x is true or false \(True\)"),
        (1, True, r"n is true or false \(True\)"),
        ("5", 10, r"x is text \('5'\): give a number"),
        (None, 10, "x is missing: give a number"),
        (1, None, "n is missing: give a number"),
        (1j, 10, "x is a complex"),
        ([1], 10, "x is a list"),
    ],
)
def test_what_cannot_be_a_count_is_refused_with_the_reason(x: object, n: object, reason: str) -> None:
    for method in proportion_methods():
        with pytest.raises(ValueError, match=reason):
            proportion_interval(x, n, method=method)  # type: ignore[arg-type]


@pytest.mark.parametrize("confidence", [0, 79.99, 99.991, 100, -95, NAN, INF, "95", None, True])
def test_a_confidence_outside_80_to_99_99_is_refused(confidence: object) -> None:
    for compute in (proportion_interval, rate_interval, wilson_from_percent):
        with pytest.raises(ValueError, match="confidence"):
            compute(10, 100, confidence)  # type: ignore[arg-type]


def test_a_confidence_given_as_a_proportion_is_explained() -> None:
    with pytest.raises(ValueError, match=r"it is in percent: 95, not 0\.95"):
        proportion_interval(1, 10, 0.95)


def test_the_ends_of_the_range_of_confidence_are_allowed() -> None:
    assert proportion_interval(1, 10, 80).upper < proportion_interval(1, 10, 99.99).upper


@pytest.mark.parametrize("method", ["wald", "", "Wilson", None, ["wilson"]])
def test_an_unknown_method_is_refused_with_the_ones_there_are(method: object) -> None:
    with pytest.raises(ValueError, match="choose one of agresti-coull, exact, jeffreys, wilson, wilson-cc"):
        proportion_interval(1, 10, method=method)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="choose one of byar, exact"):
        rate_interval(1, 10, method=method)  # type: ignore[arg-type]


# Garwood's table of exact Poisson limits.
@pytest.mark.parametrize(
    ("events", "lower", "upper"),
    [(0, 0.0, 3.689), (1, 0.0253, 5.572), (2, 0.242, 7.225), (5, 1.623, 11.668), (9, 4.115, 17.085)],
)
def test_rates_of_fewer_than_10_events_have_exact_limits(events: int, lower: float, upper: float) -> None:
    interval = rate_interval(events, 1, multiplier=1)
    assert interval.lower == pytest.approx(lower, abs=5e-4)
    assert interval.upper == pytest.approx(upper, abs=5e-4)
    assert interval.method == "exact"


@given(st.integers(0, 2000), CONFIDENCES)
@settings(deadline=None, max_examples=60)
def test_exact_limits_of_a_rate_leave_half_of_the_error_in_each_poisson_tail(events: int, confidence: float) -> None:
    from scipy.stats import poisson  # type: ignore[import-untyped,unused-ignore]

    interval = rate_interval(events, 1, confidence, multiplier=1, method="exact")
    tail = (1 - confidence / 100) / 2
    assert poisson.cdf(events, interval.upper) == pytest.approx(tail, rel=1e-6)
    if events:
        assert poisson.sf(events - 1, interval.lower) == pytest.approx(tail, rel=1e-6)


@given(st.integers(10, 100_000), st.floats(90, 99))
@settings(deadline=None)
def test_byars_limits_stay_close_to_the_exact_ones(events: int, confidence: float) -> None:
    byar, exact = (rate_interval(events, 1, confidence, 1, method) for method in ("byar", "exact"))
    assert byar.method == "byar"
    assert byar.lower == pytest.approx(exact.lower, rel=1e-2)
    assert byar.upper == pytest.approx(exact.upper, rel=1e-2)


def test_byars_limits_are_computed_from_10_events_on_as_breslow_and_day_write_them() -> None:
    # 65 events at 95%: 65 (1 - 1/585 - 1.959964/(3 sqrt 65))^3 and 66 (1 - 1/594 + 1.959964/(3 sqrt 66))^3
    interval = rate_interval(65, 100, multiplier=100)
    assert interval.lower == pytest.approx(65 * (1 - 1 / 585 - 1.9599639845 / (3 * math.sqrt(65))) ** 3)
    assert interval.upper == pytest.approx(66 * (1 - 1 / 594 + 1.9599639845 / (3 * math.sqrt(66))) ** 3)
    assert (interval.method, interval.unit) == ("byar", "per 100")
    assert rate_interval(9, 100).method == "exact"
    assert rate_interval(10, 100).method == "byar"


def test_a_rate_is_per_100_000_unless_told_and_its_limits_scale_with_it() -> None:
    usual, per_thousand = rate_interval(12, 3456), rate_interval(12, 3456, multiplier=1000)
    assert usual.unit == "per 100000"
    assert usual.estimate == pytest.approx(347.2222222)
    for end in ("estimate", "lower", "upper"):
        assert getattr(usual, end) == pytest.approx(100 * getattr(per_thousand, end))


def test_events_may_outnumber_people_in_a_rate() -> None:
    assert rate_interval(150, 100, multiplier=100).estimate == 150.0


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ((-1, 10), "x is -1"),
        ((1, 0), "n is 0: give the population"),
        ((1, -2), "n is -2"),
        ((NAN, 10), "x is nan"),
        ((1, INF), "n is inf"),
        ((True, 10), "x is true or false"),
        (("1", 10), "x is text"),
        ((5.5, 10), r"x is 5\.5: the exact Poisson interval needs whole numbers"),
        ((1, 10, 95, 0), "multiplier is 0"),
        ((1, 10, 95, -100), "multiplier is -100"),
        ((1, 10, 95, None), "multiplier is missing"),
        ((50, 1e-300, 95, 1e300), "too large to compute"),
        ((2_000_000_000, 1, 95, 1, "exact"), "x is 2000000000: the exact interval is for up to 1,000 million events"),
    ],
)
def test_what_cannot_be_a_rate_is_refused_with_the_reason(arguments: tuple[object, ...], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        rate_interval(*arguments)  # type: ignore[arg-type]


def test_a_fraction_of_an_event_is_taken_from_10_on() -> None:
    assert rate_interval(10.5, 100).lower > rate_interval(10, 100).lower


def test_a_published_percent_gives_wilsons_interval_of_the_unrounded_count_and_says_so() -> None:
    interval = wilson_from_percent(5.5, 1010)
    assert interval.method == "wilson (from published percent and n)"
    assert interval.lower == pytest.approx(proportion_interval(55.55, 1010).lower, abs=1e-12)
    assert interval.upper == pytest.approx(proportion_interval(55.55, 1010).upper, abs=1e-12)


@pytest.mark.parametrize("percent", [-0.1, 100.1, NAN, INF, "5%", None, True])
def test_a_percent_outside_0_to_100_is_refused(percent: object) -> None:
    with pytest.raises(ValueError, match="percent"):
        wilson_from_percent(percent, 100)  # type: ignore[arg-type]


def test_intervals_overlap_where_they_share_a_value() -> None:
    def interval(lower: float, upper: float) -> Interval:
        return Interval((lower + upper) / 2, lower, upper, 95, "published", "percent")

    middle = interval(5, 10)
    assert intervals_overlap(middle, interval(10, 12))
    assert intervals_overlap(interval(6, 7), middle)
    assert not intervals_overlap(middle, interval(10.1, 12))
    assert not intervals_overlap(interval(10.1, 12), middle)


def test_intervals_that_cannot_be_compared_are_refused() -> None:
    percent = proportion_interval(10, 100)
    with pytest.raises(ValueError, match=r"differ in confidence \(95\.0 and 90\.0\)"):
        intervals_overlap(percent, proportion_interval(10, 100, 90))
    with pytest.raises(ValueError, match="differ in unit"):
        intervals_overlap(percent, rate_interval(10, 100))
    with pytest.raises(ValueError, match="a limit is nan"):
        intervals_overlap(percent, Interval(1, NAN, 2, 95, "published", "percent"))


def test_a_result_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        proportion_interval(1, 10).lower = 0.0  # type: ignore[misc]
