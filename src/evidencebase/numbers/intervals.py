"""Confidence intervals of one proportion and one rate.

Wilson's formula is wanted for counts that are not whole (a published percent times n, an effective n), a
million times over, and with limits that are exactly 0 and 100 where nobody or everybody is counted. The tests
hold the formulas against R, scipy and statsmodels.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from evidencebase.numbers import arguments
from evidencebase.numbers.distributions import beta_quantile, normal_quantile, poisson_exact

if TYPE_CHECKING:
    from evidencebase.numbers.arguments import Number

EXACT_BELOW = 10  # Public Health England's convention: Byar's approximation from 10 events on
RATE_METHODS = ("byar", "exact")

_WILSON = ("wilson", "wilson-cc")
_OTHERS = ("exact", "agresti-coull", "jeffreys")
_MOST_EVENTS = 1_000_000_000  # beyond it the exact limits take minutes, and Byar's are theirs to eight digits


class Bounds(Protocol):
    """Anything with a lower and an upper limit, of one scale."""

    @property
    def lower(self) -> Number:
        """The lower limit."""

    @property
    def upper(self) -> Number:
        """The upper limit."""


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its confidence interval.

    `estimate`, `lower` and `upper` are in `unit`: "percent", "percentage points" or "per 100000".
    `confidence` is in percent (95). `method` names the formula, with what was done to get there.
    """

    estimate: float
    lower: float
    upper: float
    confidence: float
    method: str
    unit: str


def proportion_methods() -> tuple[str, ...]:
    """Name what `proportion_interval` takes as `method`."""
    return (*_WILSON, *_OTHERS)


def wilson_bounds(x: float, n: float, z: float, correction: float = 0.0) -> tuple[float, float]:
    """Give Wilson's score limits (1927) of x of n, as proportions.

    `correction` moves x outwards, by 0.5 for the continuity correction, before each limit is taken.
    The limits are mirror images, so that x of n and n - x of n add up to 1.
    """
    lower = _score_lower((x - correction) / n, n, z)
    return lower, 1 - _score_lower((n - x - correction) / n, n, z)


def _score_lower(p: float, n: float, z: float) -> float:
    # The product of the quadratic's roots gives the lower one without cancellation near zero.
    if p <= 0:
        return 0.0
    half = z * z / (2 * n)
    upper_root = p + half + z * math.sqrt(max(p * (1 - p), 0.0) / n + half / (2 * n))
    return p * p / upper_root


def _continuity_correction(x: float, n: float) -> float:
    # Half a count, but never past the middle: prop.test of R corrects towards the tested 50%.
    return min(0.5, abs(x - n / 2))


def proportion_interval(x: Number, n: Number, confidence: Number = 95, method: str = "wilson") -> Interval:
    """Give the confidence interval of x of n people, in percent.

    `confidence` is a percent from 80 to 99.99. `method`:

    - "wilson": score interval (Wilson 1927). x and n may be fractions.
    - "wilson-cc": the same with Yates's continuity correction, as R's `prop.test` applies it.
    - "exact": Clopper and Pearson (1934). Whole numbers only.
    - "agresti-coull": Agresti and Coull (1998), cut off at 0 and 100. x and n may be fractions.
    - "jeffreys": Beta(x + 1/2, n - x + 1/2), reaching to 0 for x = 0 and to 100 for x = n (Brown, Cai and
      DasGupta 2001). Whole numbers only.

    These hold for simple random samples. For a weighted survey give an effective n.
    Raises ValueError for x > n, n below 1, negative or non-finite numbers, another confidence or method.
    """
    count, size = arguments.count_of(x, n)
    level = arguments.confidence_level(confidence)
    name = arguments.choice(method, "method", proportion_methods())
    lower, upper = _bounds(count, size, level, name)
    return _percent(100 * count / size, lower, upper, level, name)


def _bounds(x: float, n: float, level: float, method: str) -> tuple[float, float]:
    if method == "wilson":
        return wilson_bounds(x, n, normal_quantile(level))
    if method == "wilson-cc":
        return wilson_bounds(x, n, normal_quantile(level), _continuity_correction(x, n))
    if method == "agresti-coull":
        return _agresti_coull(x, n, normal_quantile(level))
    arguments.whole(x, "x", f"the {method} interval")
    arguments.whole(n, "n", f"the {method} interval")
    tail = 0.5 - level / 200
    # Clopper and Pearson take one more of what is not counted at each end, Jeffreys half of each.
    own, other = (0.0, 1.0) if method == "exact" else (0.5, 0.5)
    lower = beta_quantile(tail, x + own, n - x + other) if x > 0 else 0.0
    return lower, 1 - beta_quantile(tail, n - x + own, x + other) if x < n else 1.0


def _agresti_coull(x: float, n: float, z: float) -> tuple[float, float]:
    """Give the limits of Agresti and Coull (1998), z²/2 added to those counted and to those not, cut off at 0 and 1."""
    size = n + z * z
    middle = (x + z * z / 2) / size
    half = z * math.sqrt(middle * (1 - middle) / size)
    return max(0.0, middle - half), min(1.0, middle + half)


def _percent(percent: float, lower: float, upper: float, level: float, method: str) -> Interval:
    return Interval(percent, 100 * lower, 100 * upper, level, method, "percent")


def wilson_from_percent(percent: Number, n: Number, confidence: Number = 95) -> Interval:
    """Give the Wilson interval, in percent, of a published percent (5.5 is 5.5%) of n people.

    The count is percent x n, not rounded: rounding it would invent a figure nobody published. The method
    says so: "wilson (from published percent and n)". The sample is taken for a simple one; for a weighted
    survey give an effective n. Raises ValueError for a percent outside 0 to 100, n below 1, another confidence.
    """
    published = arguments.percentage(percent)
    size = arguments.sample_size(n)
    level = arguments.confidence_level(confidence)
    lower, upper = wilson_bounds(published / 100 * size, size, normal_quantile(level))
    return _percent(published, lower, upper, level, "wilson (from published percent and n)")


def rate_interval(
    x: Number, n: Number, confidence: Number = 95, multiplier: Number = 100_000, method: str = "byar"
) -> Interval:
    """Give the confidence interval of a rate: x events in a population, or person-years, of n.

    `estimate`, `lower` and `upper` are per `multiplier` (100,000 unless told), as `unit` says. `method`:

    - "byar": Byar's approximation (Breslow and Day 1987, p. 69) from 10 events on, where x may be a
      fraction; exact below 10, as Public Health England does. The result's `method` says which it was.
    - "exact": Poisson limits (Garwood 1936) whatever x. Whole x only.

    Events can outnumber people (admissions), so x > n is no error here. Raises ValueError for a negative
    or non-finite x, n or multiplier not above 0, a fraction or more than 1,000 million where the exact limits are used.
    """
    events = arguments.non_negative(x, "x")
    base, per = arguments.number(n, "n"), arguments.number(multiplier, "multiplier")
    if base <= 0:
        raise ValueError(f"n is {base:g}: give the population or person-years, above 0")
    if per <= 0:
        raise ValueError(f"multiplier is {per:g}: give what the rate is per, above 0 (100000)")
    level = arguments.confidence_level(confidence)
    name = arguments.choice(method, "method", RATE_METHODS)
    if events < EXACT_BELOW:
        name = "exact"
    if name == "exact":
        if events > _MOST_EVENTS:
            raise ValueError(f"x is {events:.15g}: the exact interval is for up to 1,000 million events, take byar")
        lower, upper = poisson_exact(arguments.whole(events, "x", "the exact Poisson interval"), level)
    else:
        lower, upper = _byar(events, normal_quantile(level))
    scaled = [value * per / base for value in (events, lower, upper)]
    if not all(map(math.isfinite, scaled)):
        raise ValueError(f"the rate of {events:g} in {base:g} is too large to compute")
    rate, low, high = scaled
    return Interval(rate, low, high, level, name, f"per {per:.15g}")


def _byar(events: float, z: float) -> tuple[float, float]:
    above = events + 1
    lower = events * (1 - 1 / (9 * events) - z / (3 * math.sqrt(events))) ** 3
    return lower, above * (1 - 1 / (9 * above) + z / (3 * math.sqrt(above))) ** 3


def intervals_overlap(a: Bounds, b: Bounds) -> bool:
    """Tell whether two intervals share a value; touching limits do.

    Intervals that do not overlap differ significantly at their level or beyond; overlapping ones may
    still differ (Schenker and Gentleman 2001): take the interval of their difference.
    Raises ValueError for intervals of different confidence or unit, or with limits that are not numbers.
    """
    for what in ("confidence", "unit"):
        one, other = getattr(a, what, None), getattr(b, what, None)
        if one is not None and other is not None and one != other:
            raise ValueError(f"the intervals differ in {what} ({one} and {other}): they cannot be compared")
    a_lower, a_upper, b_lower, b_upper = (
        arguments.number(limit, "a limit") for limit in (a.lower, a.upper, b.lower, b.upper)
    )
    return a_lower <= b_upper and b_lower <= a_upper
