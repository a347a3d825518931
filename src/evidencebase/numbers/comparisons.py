"""Two proportions beside each other: difference, ratio and tests."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidencebase.numbers import arguments
from evidencebase.numbers.distributions import chi_squared_p, fisher_exact_p, normal_p, normal_quantile
from evidencebase.numbers.intervals import Interval, wilson_bounds

if TYPE_CHECKING:
    from evidencebase.numbers.arguments import Number

_NEWCOMBE = "newcombe"
_POINTS = "percentage points"
_LARGEST_LOG = 300.0  # beyond it the limits of a ratio overflow
_LARGEST_EXACT = 10_000_000  # beyond it scipy's exact test slows down and, later, overflows


@dataclass(frozen=True, slots=True)
class Comparison:
    """The first proportion against the second.

    `percent_1`, `percent_2` in percent; `estimate`, `lower`, `upper`: the difference, first minus second,
    in percentage points. `ratio` is the first divided by the second (2 is twice as many).
    None means undefined: the ratio where nobody is counted in the second group, its limits where nobody
    is counted in either group or everybody in both, `z` and chi-squared where nobody or everybody is
    counted in both, `p_fisher` where counts are not whole or beyond 10 million. `notes` says why, in words.
    p values are proportions (0.05), two-sided.
    """

    percent_1: float
    percent_2: float
    estimate: float
    lower: float
    upper: float
    confidence: float
    method: str
    unit: str
    ratio: float | None
    ratio_lower: float | None
    ratio_upper: float | None
    ratio_method: str
    z: float | None
    p_z: float | None
    chi2: float | None
    p_chi2: float | None
    chi2_yates: float | None
    p_yates: float | None
    p_fisher: float | None
    notes: tuple[str, ...]

    @property
    def difference(self) -> float:
        """`estimate` by its other name: first minus second, percentage points."""
        return self.estimate


@dataclass(frozen=True, slots=True)
class ProportionTest:
    """A z test of two published percents.

    `estimate`, `lower`, `upper`: first minus second in percentage points, with Newcombe's interval.
    `z` and `p_value` (a proportion, two-sided) are None where both percents are 0 or both 100.
    """

    estimate: float
    lower: float
    upper: float
    confidence: float
    method: str
    unit: str
    z: float | None
    p_value: float | None


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


def compare_proportions(x1: Number, n1: Number, x2: Number, n2: Number, confidence: Number = 95) -> Comparison:
    """Compare x1 of n1 people with x2 of n2: difference, ratio, z, chi-squared and Fisher's exact test.

    Difference: Newcombe (1998). Ratio: Katz and others (1978). z: pooled variance, no correction;
    chi-squared (Pearson) is its square; with Yates's correction (1934) beside it. Independent, simple
    samples; counts may be fractions, but then there is no exact test.
    Raises ValueError as `difference_interval` does.
    """
    pair = _pair(x1, n1, x2, n2)
    level = arguments.confidence_level(confidence)
    interval = _newcombe(pair, level)
    ratio, ratio_lower, ratio_upper, ratio_notes = _ratio(pair, normal_quantile(level))
    z, chi2_yates = _z(pair), _yates(pair)
    p_fisher, fisher_notes = _fisher(pair)
    test_notes = ["no z or chi-squared: both are 0% or both 100%"] if pair.degenerate else []
    return Comparison(
        percent_1=100 * pair.x1 / pair.n1,
        percent_2=100 * pair.x2 / pair.n2,
        estimate=interval.estimate,
        lower=interval.lower,
        upper=interval.upper,
        confidence=level,
        method=interval.method,
        unit=interval.unit,
        ratio=ratio,
        ratio_lower=ratio_lower,
        ratio_upper=ratio_upper,
        ratio_method="katz",
        z=z,
        p_z=None if z is None else normal_p(z),
        chi2=None if z is None else z * z,
        p_chi2=None if z is None else normal_p(z),
        chi2_yates=chi2_yates,
        p_yates=None if chi2_yates is None else chi_squared_p(chi2_yates, 1),
        p_fisher=p_fisher,
        notes=(*ratio_notes, *test_notes, *fisher_notes),
    )


def _ratio(pair: _Pair, z: float) -> tuple[float | None, float | None, float | None, list[str]]:
    """Divide the proportions, with the log interval of Katz and others (1978)."""
    if pair.x2 == 0:
        return None, None, None, ["no ratio: nobody is counted in the second group"]
    ratio = (pair.x1 / pair.n1) / (pair.x2 / pair.n2)
    if pair.x1 == 0:
        return ratio, None, None, ["no interval of the ratio: nobody is counted in the first group"]
    variance = (1 / pair.x1 - 1 / pair.n1) + (1 / pair.x2 - 1 / pair.n2)
    if variance <= 0:
        return ratio, None, None, ["no interval of the ratio: everybody is counted in both groups"]
    log_spread = z * math.sqrt(variance)
    if log_spread > _LARGEST_LOG:
        return ratio, None, None, ["no interval of the ratio: too few are counted"]
    spread = math.exp(log_spread)
    return ratio, ratio / spread, ratio * spread, []


def _z(pair: _Pair) -> float | None:
    """Test the difference with the variance pooled under equality; None where that is zero."""
    if pair.degenerate:
        return None
    share = pair.counted / pair.total
    variance = share * (1 - share) * (1 / pair.n1 + 1 / pair.n2)
    return pair.difference / math.sqrt(variance)


def _yates(pair: _Pair) -> float | None:
    """Compute chi-squared with Yates's correction (1934), never turning the sign of observed - expected."""
    if pair.degenerate:
        return None
    deviation = abs(pair.excess) / pair.total
    corrected = deviation - min(0.5, deviation)
    margins = pair.counted * (pair.total - pair.counted) * pair.n1 * pair.n2
    return corrected**2 * pair.total**3 / margins


def _fisher(pair: _Pair) -> tuple[float | None, list[str]]:
    values = (pair.x1, pair.n1, pair.x2, pair.n2)
    if not all(value.is_integer() for value in values):
        return None, ["no exact test: it needs whole numbers"]
    if pair.total > _LARGEST_EXACT:
        return None, ["no exact test: beyond 10 million people z is as good"]
    x1, n1, x2, n2 = map(int, values)
    return fisher_exact_p(((x1, n1 - x1), (x2, n2 - x2))), []


def two_proportion_z_from_percent(
    p1: Number, n1: Number, p2: Number, n2: Number, confidence: Number = 95
) -> ProportionTest:
    """Test whether two published percents (5.5 is 5.5%) of n1 and n2 people differ.

    Gives z, p and Newcombe's interval. Counts are percent x n, not rounded, and the method says so;
    give effective n for weighted surveys.
    Raises ValueError for a percent outside 0 to 100, n below 1, another confidence.
    """
    s1, s2 = arguments.sample_size(n1, "n1"), arguments.sample_size(n2, "n2")
    share1, share2 = arguments.percentage(p1, "p1") / 100, arguments.percentage(p2, "p2") / 100
    pair = _Pair(share1 * s1, s1, share2 * s2, s2)
    level = arguments.confidence_level(confidence)
    interval = _newcombe(pair, level, "newcombe and pooled z (from published percents and n)")
    z = _z(pair)
    return ProportionTest(
        estimate=interval.estimate,
        lower=interval.lower,
        upper=interval.upper,
        confidence=level,
        method=interval.method,
        unit=interval.unit,
        z=z,
        p_value=None if z is None else normal_p(z),
    )
