"""A rate times a population, and totals of such: what they come to, and how the published figure can come from that.

Everything is exact decimal arithmetic; a percent is 5.5, never 0.055.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from evidencebase.model.records import Estimate, Finding, Population
from evidencebase.model.vocabulary import PERCENT
from evidencebase.rules.rounding import ROUNDINGS, prints_as, rate_span, rounded, rounded_to_zeros

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evidencebase.base import Base
    from evidencebase.rules.rounding import Span

_HUNDRED = Decimal(100)
_DEEPEST = 8


def share_of(rate: Decimal, count: Decimal) -> Decimal:
    """A percent of a count, exactly: 38.5% of 200 is 77."""
    return rate * count / _HUNDRED


def percent_of(part: Decimal, whole: Decimal) -> Decimal:
    """Which percent a part is of a whole that is not 0: 77 of 200 is 38.5%."""
    return part * _HUNDRED / whole


@dataclass(frozen=True, slots=True)
class Product:
    """A rate times a population: `exact` from the rate as printed, and the `span` that the unrounded rate allows.

    `roundings` are the ways of rounding `exact` that give the published figure. `holds` says whether the published
    figure can be the product at all, whichever way either was rounded; None where there is nothing to compare.
    """

    exact: Decimal | None
    span: Span | None
    roundings: tuple[str, ...] = ()
    holds: bool | None = None


def measured(base: Base, estimate: Estimate) -> list[str]:
    """The measures of the rates that make up an estimate, its own or those of its parts; not what it is called by."""
    found: dict[str, None] = {}
    waiting, seen = [estimate], {estimate.id}
    while waiting:
        each = waiting.pop(0)
        if rate := base.get(Finding, each.finding):
            found[rate.measure] = None
        for key in each.total.parts if each.total else ():
            part = base.get(Estimate, key)
            if part is not None and key not in seen:
                seen.add(key)
                waiting.append(part)
    return list(found)


def called(base: Base, estimate: Estimate) -> str | None:
    """The measure that an estimate is called by, where its rates are of another; else None."""
    return estimate.measure if measured(base, estimate) not in ([], [estimate.measure]) else None


def product(base: Base, estimate: Estimate) -> Product:
    """The rate of an estimate times its population; nothing where the rate is no percent, or either is missing."""
    rate, population = base.entry(Finding, estimate.finding), base.get(Population, estimate.population)
    if rate is None or population is None or base.unit(rate) != PERCENT:
        return Product(None, None)
    finding, count, published = rate.record, population.value, estimate.published
    exact = share_of(finding.value, count) if finding.value is not None else None
    reach = rate_span(finding)
    span = (share_of(reach[0], count), share_of(reach[1], count)) if reach else None
    if published is None:
        return Product(exact, span)
    ways = tuple(name for name in ROUNDINGS if exact is not None and rounded(exact, name, published) == published)
    holds = True if ways else prints_as(span, published) if span else None
    return Product(exact, span, ways, holds)


How = Literal["printed", "zeros", "exact"]


@dataclass(frozen=True, slots=True)
class Total:
    """A total beside its parts: `of_printed` adds them as printed, `of_exact` before rounding; None if one is missing.

    `how` says which of them the published total is: the sum of the printed parts, that sum rounded to tens or
    hundreds, or the sum of the unrounded ones; None where it is neither, or where nothing is published.
    """

    published: Decimal | None
    of_printed: Decimal | None
    of_exact: Decimal | None
    how: How | None


def total(base: Base, record: Estimate | Population) -> Total:
    """The total of a record's parts. A part that is a total itself is opened for the exact sum."""
    parts = record.total.parts if record.total else []
    values = [_value(base, record, part) for part in parts]
    of_printed = _sum(values)
    exact = [_exact(base, leaf) for leaf in _leaves(base, parts)] if isinstance(record, Estimate) else values
    of_exact = _sum(exact)
    published = record.value
    how: How | None = None
    if published is not None:
        if published == of_printed:
            how = "printed"
        elif of_exact is not None and prints_as((of_exact, of_exact), published):
            how = "exact"
        elif of_printed is not None and rounded_to_zeros(of_printed, published):
            how = "zeros"
    return Total(published, of_printed, of_exact, how)


def _sum(values: Sequence[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if values and len(known) == len(values) else None


def _value(base: Base, record: Estimate | Population, part: str) -> Decimal | None:
    found = base.get(Estimate, part) if isinstance(record, Estimate) else base.get(Population, part)
    return found.value if found else None


def _exact(base: Base, key: str) -> Decimal | None:
    estimate = base.get(Estimate, key)
    return product(base, estimate).exact if estimate else None


def _leaves(base: Base, parts: Sequence[str], depth: int = 0) -> list[str]:
    """The estimates at the bottom of a total, totals of totals opened."""
    found: list[str] = []
    for part in parts:
        estimate = base.get(Estimate, part)
        below = estimate.total if estimate else None
        found += _leaves(base, below.parts, depth + 1) if below is not None and depth < _DEEPEST else [part]
    return found
