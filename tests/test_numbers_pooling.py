"""Pooling: published values, independent implementations, properties, refusals."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from evidencebase.numbers import POOL_METHODS, POOL_SCALES, pool
from evidencebase.numbers.heterogeneity import (
    Effects,
    dersimonian_laird,
    i_squared,
    i_squared_from_q,
    paule_mandel,
    restricted_likelihood,
)
from evidencebase.numbers.pooling import freeman_tukey_effects, logit_effects

if TYPE_CHECKING:
    import random

Studies = list[tuple[int, int]]
RANDOM_EFFECTS = ("DL", "PM", "REML")

# Colditz and others 1994: BCG vaccination, cases and non-cases among the vaccinated and the controls.
BCG = [
    (4, 119, 11, 128),
    (6, 300, 29, 274),
    (3, 228, 11, 209),
    (62, 13536, 248, 12619),
    (33, 5036, 47, 5761),
    (180, 1361, 372, 1079),
    (8, 2537, 10, 619),
    (505, 87886, 499, 87892),
    (29, 7470, 45, 7232),
    (17, 1699, 65, 1600),
    (186, 50448, 141, 27197),
    (5, 2493, 3, 2338),
    (27, 16886, 29, 17825),
]


@st.composite
def studies(draw: st.DrawFn, most: int = 8) -> Studies:
    sizes = draw(st.lists(st.integers(2, 3000), min_size=2, max_size=most))
    return [(draw(st.integers(0, n)), n) for n in sizes]


def unzip(data: Studies) -> tuple[list[int], list[int]]:
    return [x for x, _ in data], [n for _, n in data]


@pytest.fixture
def log_risk_ratios() -> Effects:
    y = tuple(math.log((a / (a + b)) / (c / (c + d))) for a, b, c, d in BCG)
    v = tuple(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d) for a, b, c, d in BCG)
    return Effects(y, v)


@pytest.mark.parametrize(
    ("estimator", "tau2", "i2"),
    [
        (dersimonian_laird, 0.3088, 92.12),
        (restricted_likelihood, 0.3132, 92.22),
        (paule_mandel, 0.3181, None),
    ],
)
def test_heterogeneity_of_the_bcg_trials_is_as_published(
    log_risk_ratios: Effects, estimator: object, tau2: float, i2: float | None
) -> None:
    estimate = estimator(log_risk_ratios)  # type: ignore[operator]
    assert estimate == pytest.approx(tau2, abs=5e-5)
    if i2 is not None:
        assert i_squared(log_risk_ratios, estimate) == pytest.approx(i2, abs=5e-3)
    assert log_risk_ratios.q() == pytest.approx(152.2330, abs=5e-5)


def test_the_mean_of_the_bcg_trials_is_as_published(log_risk_ratios: Effects) -> None:
    weights = log_risk_ratios.weights(restricted_likelihood(log_risk_ratios))
    assert log_risk_ratios.mean(weights) == pytest.approx(-0.7145, abs=5e-5)
    assert 1 / math.sqrt(math.fsum(weights)) == pytest.approx(0.1798, abs=5e-5)


def test_two_equal_studies_pool_to_what_a_single_one_twice_as_large_says() -> None:
    pooled = pool([20, 20], [100, 100])
    se = math.sqrt(1 / 40 + 1 / 160)
    assert pooled.estimate == pytest.approx(20)
    assert pooled.scale_estimate == pytest.approx(math.log(0.25))
    assert pooled.se == pytest.approx(se)
    assert pooled.upper == pytest.approx(100 / (1 + 4 * math.exp(-1.959963985 * se)))
    assert pooled.weights == pytest.approx((50, 50))
    assert (pooled.k, pooled.q, pooled.i2, pooled.tau2) == (2, 0, 0, 0)
    assert pooled.notes == ()


@given(studies(), st.sampled_from(POOL_SCALES))
@settings(deadline=None, max_examples=60)
def test_pooling_agrees_with_statsmodels_where_its_variance_is_not_negative(data: Studies, scale: str) -> None:
    import numpy as np
    from statsmodels.stats.meta_analysis import (  # type: ignore[import-untyped,unused-ignore]
        combine_effects,
    )

    effects = logit_effects(data) if scale == "logit" else freeman_tukey_effects(data)
    assume(effects.q() > 1.001 * effects.degrees)
    y, v = np.array(effects.y), np.array(effects.v)
    expected = combine_effects(y, v, method_re="chi2", use_t=True)
    pooled = pool(*unzip(data), scale, "DL")
    assert pooled.tau2 == pytest.approx(expected.tau2, rel=1e-9, abs=1e-12)
    assert pooled.scale_estimate == pytest.approx(expected.mean_effect_re, rel=1e-9, abs=1e-9)
    assert pooled.se == pytest.approx(expected.sd_eff_w_re, rel=1e-9)
    hartung_knapp = pool(*unzip(data), scale, "DL", hartung_knapp=True)
    assert hartung_knapp.se == pytest.approx(expected.sd_eff_w_re_hksj, rel=1e-6)


def restricted_log_likelihood(effects: Effects, tau2: float) -> float:
    weights = [1 / (v + tau2) for v in effects.v]
    mean = sum(w * y for w, y in zip(weights, effects.y, strict=True)) / sum(weights)
    squares = sum(w * (y - mean) ** 2 for w, y in zip(weights, effects.y, strict=True))
    return 0.5 * (sum(map(math.log, weights)) - math.log(sum(weights)) - squares)


@given(studies(), st.lists(st.floats(0, 50), min_size=5, max_size=5))
@settings(deadline=None)
def test_no_other_variance_is_likelier_than_the_reml_estimate(data: Studies, others: list[float]) -> None:
    effects = logit_effects(data)
    tau2 = restricted_likelihood(effects)
    best = restricted_log_likelihood(effects, tau2)
    for other in (*others, 0.0, tau2 * 0.9, tau2 * 1.1, tau2 + 0.01):
        assert restricted_log_likelihood(effects, other) <= best + 1e-9


@given(studies())
@settings(deadline=None)
def test_q_at_the_paule_mandel_estimate_is_its_expectation(data: Studies) -> None:
    effects = logit_effects(data)
    tau2 = paule_mandel(effects)
    if tau2 > 0:
        assert effects.q(tau2) == pytest.approx(effects.degrees, rel=1e-9)
    else:
        assert effects.q() <= effects.degrees


@given(studies(), st.sampled_from(POOL_METHODS))
@settings(deadline=None)
def test_the_pooled_percent_lies_within_the_studies(data: Studies, method: str) -> None:
    data = [(min(max(x, 1), n - 1), n) for x, n in data]
    pooled = pool(*unzip(data), method=method)
    shares = [100 * x / n for x, n in data]
    assert min(shares) - 1e-9 <= pooled.estimate <= max(shares) + 1e-9
    assert not any("outside" in note for note in pooled.notes)


@given(st.lists(st.integers(0, 60), min_size=2, max_size=8), st.sampled_from(POOL_METHODS))
@settings(deadline=None)
def test_freeman_tukey_stays_within_studies_of_equal_size(x: list[int], method: str) -> None:
    pooled = pool(x, [60] * len(x), "freeman-tukey", method)
    assert min(x) / 0.6 - 1e-6 <= pooled.estimate <= max(x) / 0.6 + 1e-6


@given(studies(), st.randoms(use_true_random=False), st.sampled_from(POOL_SCALES), st.sampled_from(POOL_METHODS))
@settings(deadline=None)
def test_the_order_of_the_studies_does_not_matter(
    data: Studies, shuffler: random.Random, scale: str, method: str
) -> None:
    order = list(range(len(data)))
    shuffler.shuffle(order)
    one = pool(*unzip(data), scale, method)
    other = pool(*unzip([data[i] for i in order]), scale, method)
    assert (one.estimate, one.lower, one.upper, one.tau2) == (
        other.estimate,
        other.lower,
        other.upper,
        other.tau2,
    )
    assert (one.q, one.q_p, one.i2) == (other.q, other.q_p, other.i2)
    assert tuple(one.weights[i] for i in order) == other.weights


@given(
    data=studies(),
    scale=st.sampled_from(POOL_SCALES),
    method=st.sampled_from(RANDOM_EFFECTS),
    hartung_knapp=st.booleans(),
)
@settings(deadline=None)
def test_limits_nest_and_stay_within_0_and_100(*, data: Studies, scale: str, method: str, hartung_knapp: bool) -> None:
    narrow, wide = (
        pool(*unzip(data), scale, method, hartung_knapp=hartung_knapp, confidence=level) for level in (80, 99)
    )
    for pooled in (narrow, wide):
        assert pooled.prediction_lower is not None
        assert pooled.prediction_upper is not None
        assert 0 <= pooled.prediction_lower <= pooled.lower <= pooled.estimate
        assert pooled.estimate <= pooled.upper <= pooled.prediction_upper <= 100
        assert sum(pooled.weights) == pytest.approx(100)
        assert pooled.tau2 >= 0
        assert 0 <= pooled.i2 <= 100
        assert 0 <= pooled.q_p <= 1
    assert wide.lower <= narrow.lower
    assert narrow.upper <= wide.upper


@given(studies(), st.sampled_from(POOL_METHODS))
@settings(deadline=None)
def test_those_counted_and_those_not_pool_to_mirrored_percents(data: Studies, method: str) -> None:
    counted = pool(*unzip(data), method=method)
    others = pool(*unzip([(n - x, n) for x, n in data]), method=method)
    assert counted.estimate == pytest.approx(100 - others.estimate, abs=1e-6)
    assert counted.lower == pytest.approx(100 - others.upper, abs=1e-6)


def test_half_a_count_is_added_only_in_studies_with_an_empty_cell() -> None:
    effects = logit_effects([(0, 10), (10, 10), (3, 10)])
    assert effects.y == pytest.approx((math.log(0.5 / 10.5), math.log(10.5 / 0.5), math.log(3 / 7)))
    assert effects.v == pytest.approx((1 / 0.5 + 1 / 10.5, 1 / 10.5 + 1 / 0.5, 1 / 3 + 1 / 7))
    pooled = pool([0, 10, 3], [10, 10, 10], method="DL")
    assert "0.5 was added to both cells where one was empty: study 1, 2" in pooled.notes


def test_studies_closer_than_chance_have_no_variance_between_them() -> None:
    for method in RANDOM_EFFECTS:
        pooled = pool([20, 41, 61], [100, 200, 300], method=method)
        common = pool([20, 41, 61], [100, 200, 300])
        assert (pooled.tau2, pooled.i2) == (0, 0)
        assert (pooled.estimate, pooled.lower, pooled.upper) == (common.estimate, common.lower, common.upper)


def test_a_common_effect_predicts_nothing_and_takes_i2_from_q() -> None:
    pooled = pool([10, 40, 15], [100, 100, 90])
    assert pooled.prediction_lower is None
    assert pooled.prediction_upper is None
    assert pooled.i2 == pytest.approx(100 * (pooled.q - 2) / pooled.q)
    assert i_squared_from_q(logit_effects([(20, 100), (41, 200)])) == 0


def test_a_common_effect_over_studies_that_disagree_carries_a_note() -> None:
    assert any("by more than chance" in note for note in pool([10, 40], [100, 100]).notes)
    assert not pool([10, 40], [100, 100], method="REML").notes


def test_hartung_knapp_says_when_studies_agree_better_than_chance() -> None:
    pooled = pool([20, 41, 61], [100, 200, 300], method="REML", hartung_knapp=True)
    assert pooled.upper - pooled.lower < 4
    assert any("too sure of itself" in note for note in pooled.notes)


def test_freeman_tukey_says_when_unequal_studies_mislead_it() -> None:
    collapsed = pool([0, 0], [10, 1000], "freeman-tukey")
    assert collapsed.lower == collapsed.upper == 0
    assert any("collapsed" in note for note in collapsed.notes)
    outside = pool([1, 100, 100], [10, 1000, 100_000], "freeman-tukey", "common")
    assert any("outside the studies' own" in note for note in outside.notes) == (not 0.1 <= outside.estimate <= 10)
    assert any("outside the studies' own" in note for note in pool([0, 0], [10, 20]).notes)


def test_fractions_of_people_are_pooled() -> None:
    low, middle, high = (pool([x, 30], [50, 100]).estimate for x in (10, 10.5, 11))
    assert low < middle < high


def test_any_iterable_of_studies_is_taken() -> None:
    import numpy as np

    expected = pool([10, 20], [50, 60])
    assert pool((10, 20), (50, 60)) == expected
    assert pool(iter([10, 20]), (n for n in (50, 60))) == expected
    assert pool(np.array([10, 20]), np.array([50, 60])) == expected


@pytest.mark.parametrize(
    ("x", "n", "reason"),
    [
        ([], [], "at least 2 studies, there are 0"),
        ([1], [10], "at least 2 studies, there are 1"),
        ([1, 2], [10], "x has 2 numbers and n has 1"),
        ([1, 11], [10, 10], "study 2: x is 11 but study 2: n is only 10"),
        ([-1, 1], [10, 10], "study 1: x is -1"),
        ([1, 1], [10, 0], "study 2: n is 0"),
        ([1, math.nan], [10, 10], "study 2: x is nan"),
        ([1, 1], [math.inf, 10], "study 1: n is inf"),
        ([True, 1], [10, 10], "study 1: x is true or false"),
        (["1", 1], [10, 10], "study 1: x is text"),
        ([None, 1], [10, 10], "study 1: x is missing"),
        ([1e-9, 1], [10, 10], "study 1: x is 1e-09: all but nobody"),
        ([9.9999999999, 1], [10, 10], r"study 1: x is 9\.9999999999 of 10: all but everybody"),
        ("12", [10, 10], "x is not a list"),
        ([1, 2], 10, "n is not a list"),
        (None, [10, 10], "x is not a list"),
        ({1: 2}, [10, 10], "x is not a list"),
    ],
)
def test_what_cannot_be_pooled_is_refused_with_the_reason(x: object, n: object, reason: str) -> None:
    for scale in POOL_SCALES:
        with pytest.raises(ValueError, match=reason):
            pool(x, n, scale)  # type: ignore[arg-type]


def test_unknown_choices_are_refused_with_the_ones_there_are() -> None:
    with pytest.raises(ValueError, match="scale is 'arcsine': choose one of freeman-tukey, logit"):
        pool([1, 2], [10, 10], "arcsine")
    with pytest.raises(ValueError, match="method is 'dl': choose one of DL, PM, REML, common"):
        pool([1, 2], [10, 10], method="dl")
    with pytest.raises(ValueError, match="Hartung-Knapp is for random effects"):
        pool([1, 2], [10, 10], method="common", hartung_knapp=True)


@pytest.mark.parametrize("confidence", [0.95, 79, 100, math.nan, "95", None, True])
def test_a_confidence_outside_80_to_99_99_is_refused(confidence: object) -> None:
    with pytest.raises(ValueError, match="confidence is"):
        pool([1, 2], [10, 10], confidence=confidence)  # type: ignore[arg-type]
