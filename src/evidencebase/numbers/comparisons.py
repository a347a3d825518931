"""Two proportions beside each other: their difference and ratio, and whether they are more than chance."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidencebase.numbers import arguments
from evidencebase.numbers.distributions import normal_p, normal_quantile
from evidencebase.numbers.intervals import Interval, wilson_bounds

if TYPE_CHECKING:
    from evidencebase.numbers.arguments import Number

_NEWCOMBE = "newcombe"
_POINTS = "percentage points"
_LARGEST_LOG = 300.0  # beyond it the limits of a ratio overflow


@dataclass(frozen=True, slots=True)
class ProportionTest:
    """A z test of two published percents.

    `estimate`, `lower`, `upper`: first minus second in percentage points, with Newcombe's interval.
    `z` and `p_value` (a proportion, two-sided) are None where both percents are 0 or both 100.
    `ratio_lower`, `ratio_upper`: limits of the first divided by the second (2 is twice as many), None where a
    percent is 0 or both are 100.
    """

    estimate: float
    lower: float
    upper: float
    confidence: float
    method: str
    unit: str
    z: float | None
    p_value: float | None
    ratio_lower: float | None
    ratio_upper: float | None


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two counts of two samples, validated."""

    x1: float
    n1: float
    x2: float
    n2: float

    @property
    def excess(self) -> float:
        """x1 n2 - x2 n1: zero exactly where the proportions are equal."""
        return self.x1 * self.n2 - self.x2 * self.n1

    @property
    def difference(self) -> float:
        """First proportion minus the second."""
        return self.excess / (self.n1 * self.n2)

    @property
    def total(self) -> float:
        return self.n1 + self.n2

    @property
    def counted(self) -> float:
        return self.x1 + self.x2

    @property
    def degenerate(self) -> bool:
        """Nobody or everybody counted in both: a margin of the table is zero, no test exists."""
        return self.counted in (0, self.total)


def _pair(x1: object, n1: object, x2: object, n2: object) -> _Pair:
    return _Pair(*arguments.count_of(x1, n1, ("x1", "n1")), *arguments.count_of(x2, n2, ("x2", "n2")))


def _newcombe(pair: _Pair, level: float, method: str = _NEWCOMBE) -> Interval:
    """Give Newcombe's hybrid score interval of the difference (1998, method 10): limits from Wilson's."""
    z = normal_quantile(level)
    p1, p2, d = pair.x1 / pair.n1, pair.x2 / pair.n2, pair.difference
    l1, u1 = wilson_bounds(pair.x1, pair.n1, z)
    l2, u2 = wilson_bounds(pair.x2, pair.n2, z)
    lower = max(d - math.hypot(p1 - l1, u2 - p2), -1.0)
    upper = min(d + math.hypot(u1 - p1, p2 - l2), 1.0)
    return Interval(100 * pair.excess / (pair.n1 * pair.n2), 100 * lower, 100 * upper, level, method, _POINTS)


def difference_interval(x1: Number, n1: Number, x2: Number, n2: Number, confidence: Number = 95) -> Interval:
    """Give the difference x1/n1 - x2/n2 with its interval in percentage points (Newcombe 1998, method 10).

    The samples are independent and simple; the counts may be fractions.
    Raises ValueError for x > n, n below 1, negative or non-finite numbers, another confidence.
    """
    return _newcombe(_pair(x1, n1, x2, n2), arguments.confidence_level(confidence))


def _z(pair: _Pair) -> float | None:
    """Test the difference with the variance pooled under equality; None where that is zero."""
    if pair.degenerate:
        return None
    share = pair.counted / pair.total
    variance = share * (1 - share) * (1 / pair.n1 + 1 / pair.n2)
    return pair.difference / math.sqrt(variance)


def _ratio_limits(pair: _Pair, z: float) -> tuple[float | None, float | None]:
    """Give the limits of the ratio of the proportions (Katz and others 1978): exp(log ratio ± z standard errors).

    None where they are undefined: nothing is added to an empty cell to hide it.
    """
    if pair.x1 == 0 or pair.x2 == 0:
        return None, None
    variance = (1 / pair.x1 - 1 / pair.n1) + (1 / pair.x2 - 1 / pair.n2)
    if variance <= 0 or z * math.sqrt(variance) > _LARGEST_LOG:
        return None, None
    ratio = (pair.x1 / pair.n1) / (pair.x2 / pair.n2)
    spread = math.exp(z * math.sqrt(variance))
    return ratio / spread, ratio * spread


def two_proportion_z_from_percent(
    p1: Number, n1: Number, p2: Number, n2: Number, confidence: Number = 95
) -> ProportionTest:
    """Test whether two published percents (5.5 is 5.5%) of n1 and n2 people differ.

    Gives z (the variance pooled, no correction), p, Newcombe's interval of the difference and that of Katz and
    others of the ratio. Counts are percent x n, not rounded, and the method says so; give effective n for
    weighted surveys.
    Raises ValueError for a percent outside 0 to 100, n below 1, another confidence.
    """
    s1, s2 = arguments.sample_size(n1, "n1"), arguments.sample_size(n2, "n2")
    share1, share2 = arguments.percentage(p1, "p1") / 100, arguments.percentage(p2, "p2") / 100
    pair = _Pair(share1 * s1, s1, share2 * s2, s2)
    level = arguments.confidence_level(confidence)
    interval = _newcombe(pair, level, "newcombe and pooled z (from published percents and n)")
    z = _z(pair)
    ratio_lower, ratio_upper = _ratio_limits(pair, normal_quantile(level))
    return ProportionTest(
        estimate=interval.estimate,
        lower=interval.lower,
        upper=interval.upper,
        confidence=level,
        method=interval.method,
        unit=interval.unit,
        z=z,
        p_value=None if z is None else normal_p(z),
        ratio_lower=ratio_lower,
        ratio_upper=ratio_upper,
    )
