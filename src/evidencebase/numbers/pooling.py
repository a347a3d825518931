"""Proportions, or rates, of several studies pooled into one, with what the studies do not agree on.

The conventions are those of R's metafor (Viechtbauer 2010), whose results the tests hold these against.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from evidencebase.numbers import arguments
from evidencebase.numbers.distributions import chi_squared_p, normal_quantile, t_quantile
from evidencebase.numbers.heterogeneity import (
    Effects,
    dersimonian_laird,
    i_squared,
    i_squared_from_q,
    paule_mandel,
    restricted_likelihood,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evidencebase.numbers.arguments import Number

_TAU2 = {"DL": dersimonian_laird, "PM": paule_mandel, "REML": restricted_likelihood}
POOL_METHODS = ("common", *_TAU2)
POOL_SCALES = ("logit", "freeman-tukey")

_LARGEST_LOG = 700.0  # beyond it a float is infinite
_DOUBT = 0.1  # the usual level for the test of heterogeneity, which has little power
Study = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Pooled:
    """The pooled percent or rate of `k` studies.

    `estimate`, `lower`, `upper` and the prediction limits, where a further study's true value would be
    expected, are in `unit` ("percent", "per 100000"); the prediction limits are None for a common effect, which
    leaves nothing to predict. `tau2` is the between-study variance and `se` the standard error of `scale_estimate`,
    all on `scale`. `i2` is a percent. `q` is Cochran's Q and `q_p` its p value (a proportion). `weights` are
    percents, in the order of the studies, and add up to 100. `notes` say what a reader should know.
    """

    estimate: float
    lower: float
    upper: float
    prediction_lower: float | None
    prediction_upper: float | None
    confidence: float
    method: str
    scale: str
    hartung_knapp: bool
    k: int
    tau2: float
    i2: float
    q: float
    q_p: float
    weights: tuple[float, ...]
    scale_estimate: float
    se: float
    notes: tuple[str, ...]
    unit: str = "percent"


def pool(
    x: Iterable[Number],
    n: Iterable[Number],
    scale: str = "logit",
    method: str = "common",
    *,
    hartung_knapp: bool = False,
    confidence: Number = 95,
) -> Pooled:
    """Pool the proportions x of n of two or more independent studies.

    `scale`: "logit" (log odds; 0.5 is added to both cells, only in studies with an empty one) or
    "freeman-tukey" (double arcsine, turned back with the harmonic mean of n). `method`: "common" effect,
    or random effects with the between-study variance of "DL" (DerSimonian and Laird), "PM" (Paule and
    Mandel) or "REML". `hartung_knapp` takes intervals of random effects from Hartung and Knapp's variance
    and Student's t. `confidence` is a percent from 80 to 99.99. x and n may be fractions.

    Raises ValueError for lists that are empty or unequal, fewer than 2 studies, x > n, n below 1, negative
    or non-finite numbers, an unknown scale or method, Hartung-Knapp with a common effect.
    """
    data = arguments.studies(x, n)
    arguments.choice(scale, "scale", POOL_SCALES)
    effects = logit_effects(data) if scale == "logit" else freeman_tukey_effects(data)
    shares = [100 * count / size for count, size in data]
    empty = [count in (0, size) for count, size in data] if scale == "logit" else []
    found = _pooled(effects, _Back(scale, data), method, hartung_knapp=hartung_knapp, confidence=confidence)
    return replace(found, notes=(*_data_notes(found, shares, empty, "both cells"), *found.notes))


def pool_rates(
    x: Iterable[Number],
    time: Iterable[Number],
    method: str = "common",
    *,
    hartung_knapp: bool = False,
    confidence: Number = 95,
    multiplier: Number = 100_000,
) -> Pooled:
    """Pool the rates of two or more independent studies: x events in `time` people or person-years of each.

    The scale is the log of the rate, whose variance is Poisson's 1/x; 0.5 is added to x, only in studies without an
    event. The result is per `multiplier`. Methods and options are those of `pool`. x and time may be fractions: a rate
    that is published with its interval counts as the events that would make it so precise, in the time that gives it.

    Raises ValueError as `pool` does, but that there may be more events than people.
    """
    data = arguments.events(x, time)
    per = arguments.number(multiplier, "multiplier")
    if per <= 0:
        raise ValueError(f"multiplier is {per:g}: give what the rate is per, above 0 (100000)")
    back = _Back("log", data, per)
    found = _pooled(log_rate_effects(data), back, method, hartung_knapp=hartung_knapp, confidence=confidence)
    rates = [per * events / size for events, size in data]
    empty = [events == 0 for events, _ in data]
    return replace(found, notes=(*_data_notes(found, rates, empty, "the events"), *found.notes))


@dataclass(frozen=True, slots=True)
class _Back:
    """The way back from a scale: to percent, or to a rate per `per`."""

    scale: str
    data: list[Study]
    per: float = 100.0

    @property
    def unit(self) -> str:
        return f"per {self.per:.15g}" if self.scale == "log" else "percent"

    def __call__(self, centre: float, spread: float) -> tuple[float, float, float]:
        """Turn centre - spread, centre and centre + spread back."""
        low, middle, high = (self._one(point) for point in (centre - spread, centre, centre + spread))
        return low, middle, high

    def _one(self, point: float) -> float:
        if self.scale == "log":
            return self.per * math.exp(min(point, _LARGEST_LOG))
        if self.scale == "logit":
            return self.per * _expit(point)
        n = len(self.data) / math.fsum(1 / size for _, size in self.data)
        return self.per * _inverse_double_arcsine(point, n)


def _pooled(effects: Effects, back: _Back, method: str, *, hartung_knapp: bool, confidence: Number) -> Pooled:
    arguments.choice(method, "method", POOL_METHODS)
    level = arguments.confidence_level(confidence)
    if hartung_knapp and method == "common":
        raise ValueError("Hartung-Knapp is for random effects: choose method DL, PM or REML with it")
    tau2 = _TAU2[method](effects) if method in _TAU2 else 0.0
    weights = effects.weights(tau2)
    centre, se = effects.mean(weights), _standard_error(effects, tau2, hartung_knapp=hartung_knapp)
    quantile = t_quantile(level, effects.degrees) if hartung_knapp else normal_quantile(level)
    lower, estimate, upper = back(centre, quantile * se)
    predicted = back(centre, quantile * math.hypot(se, math.sqrt(tau2)))
    q_p = chi_squared_p(effects.q(), effects.degrees)
    total = math.fsum(weights)
    return Pooled(
        estimate=estimate,
        lower=lower,
        upper=upper,
        prediction_lower=None if method == "common" else predicted[0],
        prediction_upper=None if method == "common" else predicted[2],
        confidence=level,
        method=method,
        scale=back.scale,
        hartung_knapp=hartung_knapp,
        k=len(effects.y),
        tau2=tau2,
        i2=i_squared_from_q(effects) if method == "common" else i_squared(effects, tau2),
        q=effects.q(),
        q_p=q_p,
        weights=tuple(100 * weight / total for weight in weights),
        scale_estimate=centre,
        se=se,
        notes=tuple(_model_notes(effects, method, q_p, hartung_knapp=hartung_knapp)),
        unit=back.unit,
    )


def logit_effects(data: Iterable[Study]) -> Effects:
    """Take log odds and their variances, 1/x + 1/(n - x); 0.5 added to both cells where one is empty."""
    cells = [(x + 0.5, n - x + 0.5) if x in (0, n) else (x, n - x) for x, n in data]
    return Effects(tuple(math.log(a / b) for a, b in cells), tuple(1 / a + 1 / b for a, b in cells))


def log_rate_effects(data: Iterable[Study]) -> Effects:
    """Take logs of rates and their variances, 1/x; 0.5 added to the events where there are none."""
    cells = [(x or 0.5, size) for x, size in data]
    return Effects(tuple(math.log(x / size) for x, size in cells), tuple(1 / x for x, _ in cells))


def freeman_tukey_effects(data: Iterable[Study]) -> Effects:
    """Take double arcsines (Freeman and Tukey 1950), halved as metafor does, with variance 1 / (4n + 2)."""
    rows = list(data)
    return Effects(tuple(_double_arcsine(x, n) for x, n in rows), tuple(1 / (4 * n + 2) for _, n in rows))


def _double_arcsine(x: float, n: float) -> float:
    return (math.asin(math.sqrt(x / (n + 1))) + math.asin(math.sqrt((x + 1) / (n + 1)))) / 2


def _standard_error(effects: Effects, tau2: float, *, hartung_knapp: bool) -> float:
    """Give the standard error of the mean; Hartung and Knapp (2001) scale it by the spread observed."""
    variance = 1 / math.fsum(effects.weights(tau2))
    if hartung_knapp:
        variance *= effects.q(tau2) / effects.degrees
    return math.sqrt(variance)


def _expit(value: float) -> float:
    if value < 0:
        odds = math.exp(value)
        return odds / (1 + odds)
    return 1 / (1 + math.exp(-value))


def _inverse_double_arcsine(value: float, n: float) -> float:
    """Apply Miller's inverse (1978) for a sample of n; 0 or 1 where no count of n could give `value`."""
    if value <= _double_arcsine(0, n):
        return 0.0
    if value >= _double_arcsine(n, n):
        return 1.0
    sine = math.sin(2 * value)
    inner = sine + (sine - 1 / sine) / n
    return 0.5 * (1 - math.copysign(math.sqrt(max(1 - inner * inner, 0.0)), math.cos(2 * value)))


def _data_notes(found: Pooled, values: list[float], empty: list[bool], to: str) -> list[str]:
    notes = []
    if added := [str(i) for i, none in enumerate(empty, start=1) if none]:
        where = "one was empty" if to == "both cells" else "there were none"
        notes.append(f"0.5 was added to {to} where {where}: study {', '.join(added)}")
    if found.se > 0 and found.lower == found.upper:
        notes.append("the interval collapsed in turning back from this scale: the studies differ too much in size")
    if not min(values) - 1e-9 <= found.estimate <= max(values) * (1 + 1e-12) + 1e-9:
        what = "percent" if found.unit == "percent" else "rate"
        notes.append(f"the pooled {what} lies outside the studies' own, an artefact of the {found.scale} scale")
    return notes


def _model_notes(effects: Effects, method: str, q_p: float, *, hartung_knapp: bool) -> list[str]:
    if method == "common" and q_p < _DOUBT:
        return ["the studies differ by more than chance: a common effect does not fit them"]
    # With the variance between them taken in, studies that differ widely fall short of k - 1 by a hair as well.
    if hartung_knapp and effects.q() < effects.degrees * (1 - 1e-9):
        return ["the studies agree better than chance would have it: Hartung-Knapp is too sure of itself"]
    return []
