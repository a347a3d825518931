"""The statistics a finding can be: what each means, which units it takes, and what it cannot do without."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Statistic = Literal[
    "prevalence", "proportion", "share", "incidence", "rate", "risk", "count", "total", "mean", "median", "score",
    "cost-mean", "cost-total", "difference", "percent-change", "risk-ratio", "rate-ratio", "odds-ratio", "hazard-ratio",
    "standardised-ratio", "ratio", "correlation", "effect-size", "slope-index", "relative-index",
    "attributable-fraction", "life-expectancy", "years-of-life-lost", "rank", "percentile",
]  # fmt: skip
Dimension = Literal["proportion", "rate", "count", "currency", "time", "score", "ratio", "rank"]
Need = Literal["versus", "horizon", "out_of", "metric", "standard"]
_ANY: tuple[Dimension, ...] = get_args(Dimension)
_AMOUNT: tuple[Dimension, ...] = ("count", "currency", "time", "score", "proportion", "rate")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a statistic means, the dimensions of the units it takes, and the fields it needs beside its value."""

    meaning: str
    takes: tuple[Dimension, ...]
    needs: tuple[Need, ...] = ()


STATISTICS: dict[Statistic, Kind] = {
    "prevalence": Kind("the part of a group that has something at a time", ("proportion", "rate")),
    "proportion": Kind("the part of a group or set that has a property", ("proportion",)),
    "share": Kind("the part that one group makes up of a whole", ("proportion",)),
    "incidence": Kind("new cases in a group over a time", ("proportion", "rate", "count")),
    "rate": Kind("events for so many people, or in so much time", ("rate", "proportion")),
    "risk": Kind("the probability of an event within a time", ("proportion", "rate"), ("horizon",)),
    "count": Kind("how many were counted", ("count",)),
    "total": Kind("a sum over all of them", ("count", "currency", "time", "score")),
    "mean": Kind("the arithmetic mean", _AMOUNT),
    "median": Kind("the value in the middle", _AMOUNT),
    "score": Kind("points on a scale", ("score", "count"), ("metric",)),
    "cost-mean": Kind("money, the mean for each", ("currency",)),
    "cost-total": Kind("money, for all of them together", ("currency",)),
    "difference": Kind("one value less another, in their unit", _ANY, ("versus",)),
    "percent-change": Kind("a difference in percent of the value it is against", ("proportion",), ("versus",)),
    "risk-ratio": Kind("one risk divided by another", ("ratio",), ("versus",)),
    "rate-ratio": Kind("one rate divided by another", ("ratio",), ("versus",)),
    "odds-ratio": Kind("one odds divided by another", ("ratio",), ("versus",)),
    "hazard-ratio": Kind("one hazard divided by another", ("ratio",), ("versus",)),
    "standardised-ratio": Kind(
        "observed cases divided by those expected", ("ratio", "score", "proportion"), ("standard",)
    ),
    "ratio": Kind("one value divided by another, of what is not said", ("ratio",), ("versus",)),
    "correlation": Kind("how far two measures go together, from -1 to 1", ("score", "ratio")),
    "effect-size": Kind("a difference in a unit of spread", ("score", "ratio"), ("versus", "metric")),
    "slope-index": Kind("the difference across the whole range of a social rank, in the unit of the value", _ANY),
    "relative-index": Kind("the ratio across the whole range of a social rank", ("ratio",)),
    "attributable-fraction": Kind("the part of the cases that a cause accounts for", ("proportion",)),
    "life-expectancy": Kind("years still to live, on average", ("time",)),
    "years-of-life-lost": Kind("years not lived, up to an age", ("time", "rate", "count")),
    "rank": Kind("a place in an order", ("rank", "count"), ("out_of",)),
    "percentile": Kind("a place in an order, of a hundred", ("rank", "proportion")),
}
