"""What a printed number can stand for: rounded half up or to even, cut off, or rounded up."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal

from evidencebase.model.records import Finding

Span = tuple[Decimal, Decimal]
ROUNDINGS = {
    "half up": ROUND_HALF_UP,
    "half even": ROUND_HALF_EVEN,
    "half down": ROUND_HALF_DOWN,
    "down": ROUND_DOWN,
    "up": ROUND_UP,
}
"""The ways of rounding, the most common first."""


def rounded(value: Decimal, rule: str = "half up", like: Decimal | None = None) -> Decimal:
    """Round to whole ones, or to the decimals of `like`, by one of `ROUNDINGS`."""
    quantum = Decimal(1)
    if like is not None:
        exponent = like.as_tuple().exponent
        quantum = Decimal(1).scaleb(exponent) if isinstance(exponent, int) else quantum
    return value.quantize(quantum, ROUNDINGS[rule])


def place_value(printed: Decimal) -> Decimal:
    """The value of the last printed digit: 0.1 for 7.7, 1 for 5925."""
    return Decimal(1).scaleb(int(printed.as_tuple().exponent))


def unrounded(printed: Decimal) -> Span:
    """The lowest and highest number that rounds to the printed one: 7.65 to 7.75 for 7.7."""
    half = place_value(printed) / 2
    return printed - half, printed + half


def prints_as(span: Span, printed: Decimal) -> bool:
    """Whether some number of the span is printed so under rounding half up or even, down, or up."""
    step = place_value(printed)
    return span[0] < printed + step and span[1] > printed - step


def rate_span(finding: Finding) -> Span | None:
    """The rates that a published rate can stand for; None where a qualifier leaves it open."""
    if finding.range is not None and not finding.qualifiers:
        return finding.range.low, finding.range.high
    if finding.value is None or finding.qualifiers:
        return None
    return unrounded(finding.value)


def figure_span(finding: Finding) -> Span | None:
    """The lowest and highest value that a printed figure can stand for, its qualifiers included.

    "about 27%" stands for 26 to 28, "about 2,500" for 2,400 to 2,600: one step of the last digit that is no zero.
    """
    if finding.range is not None:
        low, high = unrounded(finding.range.low)[0], unrounded(finding.range.high)[1]
    elif finding.value is not None:
        low, high = unrounded(finding.value)
    else:
        return None
    value = finding.value if finding.value is not None else high
    step = _step(value)
    reach = [_REACH[qualifier] for qualifier in finding.qualifiers]
    below, above = (max((each[side] for each in reach), default=Decimal(0)) for side in (0, 1))
    return low - below * step, high + above * step


_FAR = Decimal(10) ** 30
_REACH = {
    "about": (Decimal(1), Decimal(1)),
    "estimated": (Decimal(1), Decimal(1)),
    "over": (Decimal(0), _FAR),
    "just-over": (Decimal(0), Decimal(1)),
    "at-least": (Decimal(0), _FAR),
    "up-to": (_FAR, Decimal(0)),
    "under": (_FAR, Decimal(0)),
    "nearly": (Decimal(1), Decimal(0)),
}
"""How many steps below and above itself a qualified figure reaches."""


def _step(value: Decimal) -> Decimal:
    digits = value.normalize().as_tuple()
    exponent = digits.exponent if isinstance(digits.exponent, int) else 0
    return max(Decimal(1).scaleb(exponent), place_value(value)) if value else place_value(value)


def agree(one: Finding, other: Finding) -> bool:
    """Whether two figures can be one, printed with different digits: 14 and 14.0, 5 and 5.3, about 27 and 26.4."""
    spans = figure_span(one), figure_span(other)
    if spans[0] is None or spans[1] is None:
        return True
    return max(spans[0][0], spans[1][0]) < min(spans[0][1], spans[1][1])


def rounded_to_zeros(exact: Decimal, printed: Decimal) -> bool:
    """Whether a whole number is the other rounded to tens, hundreds ...: 31,900 for 31,878."""
    if printed == 0 or printed != printed.to_integral_value():
        return False
    zeros = len(str(int(printed))) - len(str(int(printed)).rstrip("0"))
    return zeros > 0 and abs(exact - printed) <= Decimal(10) ** zeros / 2
