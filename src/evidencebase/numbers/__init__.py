"""Intervals, comparisons and pooling: the statistics of the base, each formula with its source.

Percent go in and out as people write them: 5.5 is 5.5%, never 0.055. Every result carries its
confidence (percent: 95) and the name of its method. Whatever cannot be a count, a number of people
or a confidence raises ValueError with the reason.
"""

from __future__ import annotations

from evidencebase.numbers.comparisons import (
    ProportionTest,
    difference_interval,
    two_proportion_z_from_percent,
)
from evidencebase.numbers.intervals import (
    RATE_METHODS,
    Bounds,
    Interval,
    intervals_overlap,
    proportion_interval,
    proportion_methods,
    rate_interval,
    wilson_from_percent,
)
from evidencebase.numbers.pooling import POOL_METHODS, POOL_SCALES, Pooled, pool, pool_rates

__all__ = [
    "POOL_METHODS",
    "POOL_SCALES",
    "RATE_METHODS",
    "Bounds",
    "Interval",
    "Pooled",
    "ProportionTest",
    "difference_interval",
    "intervals_overlap",
    "pool",
    "pool_rates",
    "proportion_interval",
    "proportion_methods",
    "rate_interval",
    "two_proportion_z_from_percent",
    "wilson_from_percent",
]
