"""Proportions of several studies pooled into one, with what the studies do not agree on.

The conventions are those of R's metafor (Viechtbauer 2010), whose results the tests hold these against.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
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

_DOUBT = 0.1  # the usual level for the test of heterogeneity, which has little power
Study = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Pooled:
    """The pooled percent of `k` studies.

    `estimate`, `lower`, `upper` and the prediction limits, where a further study's true percent would be
    expected, are in percent; the prediction limits are None for a common effect, which leaves nothing to
    predict. `tau2` is the between-study variance and `se` the standard error of `scale_estimate`, all on
    `scale`. `i2` is a percent. `q` is Cochran's Q and `q_p` its p value (a proportion). `weights` are
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
    arguments.choice(method, "method", POOL_METHODS)
    level = arguments.confidence_level(confidence)
    if hartung_knapp and method == "common":
        raise ValueError("Hartung-Knapp is for random effects: choose method DL, PM or REML with it")
    effects = logit_effects(data) if scale == "logit" else freeman_tukey_effects(data)
    tau2 = _TAU2[method](effects) if method in _TAU2 else 0.0
    weights = effects.weights(tau2)
    centre, se = effects.mean(weights), _standard_error(effects, tau2, hartung_knapp=hartung_knapp)
    quantile = t_quantile(level, effects.degrees) if hartung_knapp else normal_quantile(level)
    lower, estimate, upper = _back(scale, data, centre, quantile * se)
    predicted = _back(scale, data, centre, quantile * math.hypot(se, math.sqrt(tau2)))
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
        scale=scale,
        hartung_knapp=hartung_knapp,
        k=len(data),
        tau2=tau2,
        i2=i_squared_from_q(effects) if method == "common" else i_squared(effects, tau2),
        q=effects.q(),
        q_p=q_p,
        weights=tuple(100 * weight / total for weight in weights),
        scale_estimate=centre,
        se=se,
        notes=(
            *_data_notes(data, scale, estimate, collapsed=se > 0 and lower == upper),
            *_model_notes(effects, method, tau2, q_p, hartung_knapp=hartung_knapp),
        ),
    )


def logit_effects(data: Iterable[Study]) -> Effects:
    """Take log odds and their variances, 1/x + 1/(n - x); 0.5 added to both cells where one is empty."""
    cells = [(x + 0.5, n - x + 0.5) if x in (0, n) else (x, n - x) for x, n in data]
    return Effects(tuple(math.log(a / b) for a, b in cells), tuple(1 / a + 1 / b for a, b in cells))


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


def _back(scale: str, data: list[Study], centre: float, spread: float) -> tuple[float, float, float]:
    """Turn centre - spread, centre and centre + spread back into percent."""
    points = (centre - spread, centre, centre + spread)
    if scale == "logit":
        low, middle, high = (100 * _expit(point) for point in points)
    else:
        n = len(data) / math.fsum(1 / size for _, size in data)
        low, middle, high = (100 * _inverse_double_arcsine(point, n) for point in points)
    return low, middle, high


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


def _data_notes(data: list[Study], scale: str, estimate: float, *, collapsed: bool) -> list[str]:
    notes = []
    empty = [str(i) for i, (x, n) in enumerate(data, start=1) if x in (0, n)]
    if empty and scale == "logit":
        notes.append(f"0.5 was added to both cells where one was empty: study {', '.join(empty)}")
    if collapsed:
        notes.append("the interval collapsed in turning back from this scale: the studies differ too much in size")
    shares = [100 * x / n for x, n in data]
    if not min(shares) - 1e-9 <= estimate <= max(shares) + 1e-9:
        notes.append(f"the pooled percent lies outside the studies' own, an artefact of the {scale} scale")
    return notes


def _model_notes(effects: Effects, method: str, tau2: float, q_p: float, *, hartung_knapp: bool) -> list[str]:
    if method == "common" and q_p < _DOUBT:
        return ["the studies differ by more than chance: a common effect does not fit them"]
    if hartung_knapp and effects.q(tau2) < effects.degrees * (1 - 1e-9):
        return ["the studies agree better than chance would have it: Hartung-Knapp is too sure of itself"]
    return []
