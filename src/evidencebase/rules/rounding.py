"""What a printed number can stand for: rounded half up or to even, cut off, or rounded up."""

from __future__ import annotations

from decimal import Decimal

from evidencebase.model.records import Finding

Span = tuple[Decimal, Decimal]


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
    if finding.range is not None and finding.qualifier is None:
        return finding.range.low, finding.range.high
    if finding.value is None or finding.qualifier is not None:
        return None
    return unrounded(finding.value)


def agree(one: Decimal, other: Decimal) -> bool:
    """Whether two figures can be one figure printed with different digits: 14 and 14.0, 5 and 5.3."""
    coarse, fine = sorted((one, other), key=place_value, reverse=True)
    low, high = unrounded(coarse)
    return low <= fine <= high


def rounded_to_zeros(exact: Decimal, printed: Decimal) -> bool:
    """Whether a whole number is the other rounded to tens, hundreds ...: 31,900 for 31,878."""
    if printed == 0 or printed != printed.to_integral_value():
        return False
    zeros = len(str(int(printed))) - len(str(int(printed)).rstrip("0"))
    return zeros > 0 and abs(exact - printed) <= Decimal(10) ** zeros / 2
