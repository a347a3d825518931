"""Quantiles and tail areas: the only place that knows which library they come from."""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# scipy and statsmodels ship no types; `unused-ignore` keeps this right where stubs are installed.


@lru_cache(maxsize=64)
def normal_quantile(confidence: float) -> float:
    """Give the half-width, in standard errors, of the central `confidence` percent: 1.96 for 95."""
    return NormalDist().inv_cdf(0.5 + confidence / 200)


def t_quantile(confidence: float, degrees: int) -> float:
    """Give the same for Student's t with `degrees` of freedom."""
    from scipy.special import stdtrit  # type: ignore[import-untyped,unused-ignore]

    return float(stdtrit(degrees, 0.5 + confidence / 200))


def normal_p(z: float) -> float:
    """Give the two-sided p value of a standard normal `z`, accurate far into the tail."""
    return math.erfc(abs(z) / math.sqrt(2))


def chi_squared_p(statistic: float, degrees: int) -> float:
    """Give the upper tail of chi-squared with `degrees` of freedom."""
    from scipy.special import chdtrc  # type: ignore[import-untyped,unused-ignore]

    return float(chdtrc(degrees, statistic))


def poisson_exact(events: int, confidence: float) -> tuple[float, float]:
    """Give the exact limits of a Poisson mean given `events` (Garwood 1936), half chi-squared quantiles."""
    from scipy.special import gammaincinv  # type: ignore[import-untyped,unused-ignore]

    tail = 0.5 - confidence / 200
    lower = float(gammaincinv(events, tail)) if events else 0.0
    return lower, float(gammaincinv(events + 1, 1 - tail))


def fisher_exact_p(table: tuple[tuple[int, int], tuple[int, int]]) -> float:
    """Give the two-sided p value of Fisher's exact test: the tables no likelier than this one."""
    from scipy.stats import fisher_exact  # type: ignore[import-untyped,unused-ignore]

    return float(fisher_exact(table)[1])


def proportion_bounds(x: float, n: float, confidence: float, method: str) -> tuple[float, float]:
    """Ask `proportion_confint` of statsmodels, with its own names for `method`; proportions come out."""
    from statsmodels.stats.proportion import (  # type: ignore[import-untyped,unused-ignore]
        proportion_confint,
    )

    lower, upper = proportion_confint(x, n, alpha=1 - confidence / 100, method=method)
    return float(lower), float(upper)


def root(equation: Callable[[float], float], low: float, high: float) -> float:
    """Find where `equation` crosses zero between `low` and `high` (Brent 1973)."""
    from scipy.optimize import brentq  # type: ignore[import-untyped,unused-ignore]

    return float(brentq(equation, low, high, xtol=1e-300, rtol=1e-14, maxiter=1000))
