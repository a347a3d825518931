"""Quantiles and tail areas against scipy, and where their values are known in closed form."""

from __future__ import annotations

import math
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special  # type: ignore[import-untyped,unused-ignore]

from evidencebase.numbers import proportion_interval, rate_interval
from evidencebase.numbers.distributions import beta_quantile, chi_squared_p, poisson_exact, root, t_quantile

CONFIDENCES = st.floats(80, 99.99)
SIZES = st.floats(0, 6).map(lambda power: round(10**power))  # as many small ones as large ones


def tail_of(confidence: float) -> float:
    return 0.5 - confidence / 200


@given(SIZES, st.floats(0, 1), CONFIDENCES, st.sampled_from([0.0, 0.5]))
@settings(deadline=None, max_examples=300)
def test_quantiles_of_beta_are_those_of_scipy(n: int, share: float, confidence: float, half: float) -> None:
    x = max(1, round(share * n))
    a, b = x + half, n - x + 1 - half
    expected = special.betaincinv(a, b, tail_of(confidence))
    assert beta_quantile(tail_of(confidence), a, b) == pytest.approx(expected, rel=1e-12, abs=0)


@given(SIZES, CONFIDENCES)
@settings(deadline=None, max_examples=150)
def test_exact_limits_of_a_count_are_those_of_scipy(events: int, confidence: float) -> None:
    lower, upper = poisson_exact(events, confidence)
    assert lower == pytest.approx(special.gammaincinv(events, tail_of(confidence)), rel=1e-12, abs=0)
    assert upper == pytest.approx(special.gammaincinv(events + 1, 1 - tail_of(confidence)), rel=1e-12, abs=0)


@given(st.integers(1, 3000), st.floats(0, 4))
@settings(deadline=None, max_examples=300)
def test_tails_of_chi_squared_are_those_of_scipy(degrees: int, times: float) -> None:
    expected = special.chdtrc(degrees, times * degrees)
    assert chi_squared_p(times * degrees, degrees) == pytest.approx(expected, rel=1e-11, abs=1e-300)


@given(st.integers(1, 5000), CONFIDENCES)
@settings(deadline=None, max_examples=300)
def test_quantiles_of_t_are_those_of_scipy(degrees: int, confidence: float) -> None:
    # At 99.99% one float of confidence more or less moves the quantile of one degree by 2e-12 of itself.
    expected = special.stdtrit(degrees, 0.5 + confidence / 200)
    assert t_quantile(confidence, degrees) == pytest.approx(expected, rel=4e-12)


@pytest.mark.parametrize("n", [1, 2, 20, 10**6, 10**15])
def test_limits_of_nobody_everybody_and_one_are_what_their_formulas_give(n: int) -> None:
    z = proportion_interval(0, n, method="exact")
    assert z.upper / 100 == pytest.approx(-math.expm1(math.log(0.025) / n), rel=1e-9)
    one = proportion_interval(1, n, method="exact")
    assert one.lower / 100 == pytest.approx(-math.expm1(math.log(0.975) / n), rel=1e-9)
    assert proportion_interval(n, n, method="exact").lower / 100 == pytest.approx(0.025 ** (1 / n), rel=1e-12)


def test_closed_forms_of_chi_squared_and_t() -> None:
    assert chi_squared_p(0, 5) == 1
    assert chi_squared_p(1e-300, 1) == 1
    for x in (0.1, 1.0, 30.0, 1400.0):
        assert chi_squared_p(x, 2) == pytest.approx(math.exp(-x / 2), rel=1e-12)
        assert chi_squared_p(x, 1) == pytest.approx(math.erfc(math.sqrt(x / 2)), rel=1e-12)
    assert t_quantile(95, 1) == pytest.approx(math.tan(math.pi * 0.475), rel=1e-12)  # Cauchy
    assert t_quantile(95, 2) == pytest.approx(0.95 * math.sqrt(2 / (1 - 0.95**2)), rel=1e-12)
    assert t_quantile(95, 10) == pytest.approx(2.228138851986274748, rel=1e-14)  # to 40 digits by mpmath


def test_many_events_take_no_time() -> None:
    interval = rate_interval(10**8, 1, multiplier=1, method="exact")
    assert interval.lower == pytest.approx(special.gammaincinv(10**8, 0.025), rel=1e-12)


def test_a_root_is_found_to_the_last_digit_and_refused_where_there_is_none() -> None:
    assert root(lambda x: x * x - 2, 0.0, 2.0) == pytest.approx(math.sqrt(2), rel=3e-16)
    assert root(lambda x: 1e-9 - x, 0.0, 1.0) == pytest.approx(1e-9, rel=3e-16)
    with pytest.raises(ValueError, match="does not cross zero between 1 and 2"):
        root(lambda x: x, 1.0, 2.0)


def test_no_scientific_library_is_loaded() -> None:
    code = (
        "import sys, evidencebase.numbers as n; "
        "n.proportion_interval(1, 10, method='exact'); n.rate_interval(5, 10); n.difference_interval(1, 10, 2, 10); "
        "n.pool([1, 5, 3], [10, 10, 20], method='REML', hartung_knapp=True); "
        "print([m for m in ('numpy', 'scipy', 'statsmodels', 'pandas') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
