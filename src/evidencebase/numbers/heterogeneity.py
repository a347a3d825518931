"""How far studies differ beyond chance: the between-study variance, by three estimators, and I².

Plain lists and `math.fsum`: sums come out the same whatever the order of the studies.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidencebase.numbers.distributions import root

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_HALVINGS = 48


@dataclass(frozen=True, slots=True)
class Effects:
    """One effect per study (`y`), on the scale they are pooled on, with its sampling variance (`v`)."""

    y: tuple[float, ...]
    v: tuple[float, ...]

    @property
    def degrees(self) -> int:
        """Number of studies less one."""
        return len(self.y) - 1

    def weights(self, tau2: float) -> list[float]:
        """Give inverse variances, with `tau2` between studies."""
        return [1 / (variance + tau2) for variance in self.v]

    def mean(self, weights: Sequence[float]) -> float:
        """Take the weighted mean of the effects."""
        return math.fsum(w * y for w, y in zip(weights, self.y, strict=True)) / math.fsum(weights)

    def q(self, tau2: float = 0.0) -> float:
        """Compute Cochran's Q (1954): the weighted sum of squares around the weighted mean, at `tau2`."""
        weights = self.weights(tau2)
        centre = self.mean(weights)
        return math.fsum(w * (y - centre) ** 2 for w, y in zip(weights, self.y, strict=True))


def typical_variance(effects: Effects) -> float:
    """Give the typical within-study variance of Higgins and Thompson (2002, equation 9)."""
    return effects.degrees / _information(effects.weights(0.0))


def _information(weights: Sequence[float]) -> float:
    total = math.fsum(weights)
    return math.fsum(w * (total - w) for w in weights) / total


def i_squared(effects: Effects, tau2: float) -> float:
    """Give I² in percent as the share of `tau2` in the total variance (Higgins and Thompson 2002)."""
    return 100 * tau2 / (tau2 + typical_variance(effects))


def i_squared_from_q(effects: Effects) -> float:
    """Give I² in percent from Q, never below 0 (Higgins and others 2003); used where there is no `tau2`."""
    q = effects.q()
    return 100 * (q - effects.degrees) / q if q > effects.degrees else 0.0


def dersimonian_laird(effects: Effects) -> float:
    """Estimate `tau2` by the moments of DerSimonian and Laird (1986), 0 where it would be negative."""
    return max(0.0, (effects.q() - effects.degrees) / _information(effects.weights(0.0)))


def paule_mandel(effects: Effects) -> float:
    """Find the `tau2` at which Q equals its expectation, k - 1 (Paule and Mandel 1982); 0 if Q is less."""

    def excess(tau2: float) -> float:
        return effects.q(tau2) - effects.degrees

    return root(excess, 0.0, _beyond(effects, excess)) if excess(0.0) > 0 else 0.0


def restricted_likelihood(effects: Effects) -> float:
    """Find the REML estimate (Viechtbauer 2005): the `tau2` >= 0 of the highest restricted likelihood.

    The likelihood can have more than one peak, so every downward crossing of its derivative is found, on
    a grid of halvings, and the highest peak is taken; the boundary 0 is one of them.
    """

    def score(tau2: float) -> float:
        weights = effects.weights(tau2)
        centre = effects.mean(weights)
        squares = math.fsum((w * (y - centre)) ** 2 for w, y in zip(weights, effects.y, strict=True))
        return squares - _information(weights)

    top = _beyond(effects, score)
    grid = [0.0, *(math.ldexp(top, -i) for i in range(_HALVINGS, -1, -1))]
    signs = [score(tau2) > 0 for tau2 in grid]
    peaks = [root(score, grid[i], grid[i + 1]) for i in range(len(grid) - 1) if signs[i] and not signs[i + 1]]
    if not signs[0]:
        peaks.append(0.0)
    return max(peaks, key=lambda tau2: _restricted_log_likelihood(effects, tau2))


def _restricted_log_likelihood(effects: Effects, tau2: float) -> float:
    weights = effects.weights(tau2)
    logs = math.fsum(math.log(w) for w in weights)
    return 0.5 * (logs - math.log(math.fsum(weights)) - effects.q(tau2))


def _beyond(effects: Effects, equation: Callable[[float], float]) -> float:
    """Find a `tau2` above every root of `equation`, which is negative for all that are large enough."""
    high = max(max(effects.y) - min(effects.y), math.sqrt(max(effects.v))) ** 2
    while equation(high) > 0:
        high *= 2
    return high
