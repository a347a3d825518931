"""Quantiles and tail areas, by the standard library: the only place that knows how they are computed.

Limits are always asked for from the side of a small tail, as positive sums and fractions that do not cancel;
the tests hold every function against scipy.
"""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import count
from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_LOG_ROOT_2PI = math.log(2 * math.pi) / 2
_ROUNDING = 2.0**-53
_SETTLED = 1e-15  # a fraction changes by the rounding of its own terms for ever, by less than this
_TINY = 1e-300  # stands in for a zero denominator (Lentz)
_SERIES_FROM = 16.0  # from here on the series of Stirling's remainder is right to the last digit


@lru_cache(maxsize=64)
def normal_quantile(confidence: float) -> float:
    """Give the half-width, in standard errors, of the central `confidence` percent: 1.96 for 95."""
    return NormalDist().inv_cdf(0.5 + confidence / 200)


@lru_cache(maxsize=256)
def t_quantile(confidence: float, degrees: int) -> float:
    """Give the same for Student's t with `degrees` of freedom.

    Both tails beyond t together are the incomplete beta function of v / (v + t²) for v/2 and 1/2, with v
    degrees of freedom (DLMF 8.17; Abramowitz and Stegun 26.5.27).
    """
    outside = (100 - confidence) / 100

    def excess(t: float) -> float:
        squares = degrees + t * t
        return outside - _beta_below(degrees / 2, 0.5, degrees / squares, t * t / squares)

    high = 2.0
    while excess(high) < 0:
        high *= 2
    return root(excess, 1.0, high)  # beyond 1 lies more than 20%, whatever the degrees


def normal_p(z: float) -> float:
    """Give the two-sided p value of a standard normal `z`, accurate far into the tail."""
    return math.erfc(abs(z) / math.sqrt(2))


def chi_squared_p(statistic: float, degrees: int) -> float:
    """Give the upper tail of chi-squared with `degrees` of freedom: a finite sum (Abramowitz and Stegun 26.4.4, 5)."""
    a, x = degrees / 2, statistic / 2
    return 1 - _gamma_below(a, x) if x < a else _gamma_above(a, x)


@lru_cache(maxsize=4096)
def poisson_exact(events: int, confidence: float) -> tuple[float, float]:
    """Give the exact limits of a Poisson mean given `events` (Garwood 1936): each leaves half the error in its tail."""
    tail = 0.5 - confidence / 200
    high = events + 40 * math.sqrt(events + 1) + 100
    upper = root(lambda mean: tail - _gamma_above(events + 1, mean), events + 1.0, high)
    return (root(lambda mean: _gamma_below(events, mean) - tail, 0.0, float(events)) if events else 0.0), upper


@lru_cache(maxsize=4096)
def beta_quantile(tail: float, a: float, b: float) -> float:
    """Give the value below which `tail` (at most 0.2) of the beta distribution of `a` (above 1) and `b` lies."""
    return root(lambda value: _beta_below(a, b, value, 1 - value) - tail, 0.0, a / (a + b))


def root(equation: Callable[[float], float], low: float, high: float) -> float:
    """Find where `equation` crosses zero between `low` and `high`, to the last digit of a float, by halving.

    Raises ValueError where both ends lie on one side of zero.
    """
    rising = equation(high) > 0
    if rising == (equation(low) > 0):
        raise ValueError(f"the equation does not cross zero between {low:g} and {high:g}")
    while low < (middle := (low + high) / 2) < high:
        low, high = (low, middle) if (equation(middle) > 0) == rising else (middle, high)
    return middle


def _gamma_above(a: float, x: float) -> float:
    """Give the regularised incomplete gamma function Q(a, x) for whole and half a, x from a on (DLMF 8.8.2, 8.4.6).

    Q(a, x) = Q(a-1, x) + x^(a-1) e^-x / gamma(a), down to nothing, or to Q(1/2, x) = erfc(√x).
    """
    power = a - 1
    term, total = _poisson(power, x), 0.0
    while power >= 0:
        total += term
        if term <= total * _ROUNDING:
            return total
        term *= power / x
        power -= 1
    return total + (math.erfc(math.sqrt(x)) if a % 1 else 0.0)


def _gamma_below(a: float, x: float) -> float:
    """Give P(a, x) = 1 - Q(a, x) for x up to a, by its series (DLMF 8.11.4)."""
    if x == 0:
        return 0.0
    term = total = _poisson(a, x)
    for step in count(1):
        term *= x / (a + step)
        total += term
        if term <= total * _ROUNDING:
            break
    return total


def _poisson(power: float, x: float) -> float:
    """Give x^power e^-x / gamma(power + 1), without the cancellation of its factors (Loader 2000)."""
    if power <= 0:
        return math.pow(x, power) * math.exp(-x) / math.gamma(power + 1)
    return math.exp(-_deviance(x, power) - _stirling(power) - math.log(power) / 2 - _LOG_ROOT_2PI)


def _beta_below(a: float, b: float, x: float, y: float) -> float:
    """Give the regularised incomplete beta function of `x` for `a` and `b`, y = 1 - x (DLMF 8.17.22).

    The continued fraction converges fast below the mean, a / (a + b); it is evaluated by Lentz's method
    (Thompson and Barnett 1986), the factor in front of it as Loader (2000) does.
    """
    if x <= 0:
        return 0.0
    n = a + b
    log_front = (
        -_deviance(n * x, a)
        - _deviance(n * y, b)
        + _stirling(n)
        - _stirling(a)
        - _stirling(b)
        + math.log(b / (a * n)) / 2
        - _LOG_ROOT_2PI
    )
    c, d = 1.0, 1 / _nonzero(1 - n * x / (a + 1))
    fraction = d
    for m in count(1):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d, c = 1 / _nonzero(1 + even * d), _nonzero(1 + even / c)
        fraction *= c * d
        odd = -(a + m) * (n + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d, c = 1 / _nonzero(1 + odd * d), _nonzero(1 + odd / c)
        fraction *= c * d
        if abs(c * d - 1) < _SETTLED:
            break
    return math.exp(log_front) * fraction


def _nonzero(value: float) -> float:
    return value or _TINY


def _deviance(x: float, mean: float) -> float:
    """Give mean log(mean / x) + x - mean, which is never negative."""
    u = (x - mean) / mean
    return mean * (u - (math.log1p(u) if u > -0.5 else math.log(x / mean)))


def _stirling(a: float) -> float:
    """Give what Stirling's formula lacks: log gamma(a) - (a - 1/2) log a + a - log √(2 pi) (DLMF 5.11.1)."""
    if a < _SERIES_FROM:
        return math.lgamma(a) - (a - 0.5) * math.log(a) + a - _LOG_ROOT_2PI
    r = 1 / (a * a)
    return (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r * (1 / 1188 - r * 691 / 360360))))) / a
