"""What the statistics accept: every refusal is a ValueError that says which argument and why."""

from __future__ import annotations

import math
from decimal import Decimal
from numbers import Real
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_TYPE_NAMES = {bool: "true or false", str: "text", bytes: "text", type(None): "missing"}

LOWEST_CONFIDENCE = 80.0
HIGHEST_CONFIDENCE = 99.99
PERCENT = 100.0
LARGEST_COUNT = 2.0**53  # beyond it a float no longer tells one person from none
SMALLEST_CELL = 1e-6  # a smaller part of a person is a rounding error

Number = int | float | Decimal


def number(value: object, name: str) -> float:
    """Read `value` as a finite float.

    Takes int, float, Decimal and other real numbers (those of numpy too). Raises ValueError for anything
    else: true and false, text (even "5"), None, NaN, infinity, whole numbers too large for a float.
    """
    if isinstance(value, bool) or not isinstance(value, (Real, Decimal)):
        reason = _TYPE_NAMES.get(type(value), f"a {type(value).__name__}")
        shown = "" if value is None else f" ({value!r:.40})"
        raise ValueError(f"{name} is {reason}{shown}: give a number")  # noqa: TRY004 - one kind for bad input
    try:
        result = float(value)
    except (OverflowError, ValueError):
        raise ValueError(f"{name} is too large or not a number: give a finite number") from None
    if not math.isfinite(result):
        raise ValueError(f"{name} is {result}: give a finite number")
    return result


def whole(value: float, name: str, method: str) -> int:
    """Read `value` as an int; raises ValueError if it is not a whole number, which `method` needs."""
    if not value.is_integer():
        raise ValueError(f"{name} is {value:g}: {method} needs whole numbers")
    return int(value)


def sample_size(value: object, name: str = "n") -> float:
    """Read a number of people asked: at least 1, not always whole (an effective n is not)."""
    size = number(value, name)
    if size <= 0:
        raise ValueError(f"{name} is {size:g}: give the number of people asked, above 0")
    if size < 1:
        raise ValueError(f"{name} is {size:g}: fewer than one person tells nothing")
    return _countable(size, name)


def _countable(value: float, name: str) -> float:
    if value > LARGEST_COUNT:
        raise ValueError(f"{name} is {value:g}: too large to be counted exactly")
    return value


def non_negative(value: object, name: str) -> float:
    """Read a number of 0 or more, not so large that a count could not be exact."""
    result = number(value, name)
    if result < 0:
        raise ValueError(f"{name} is {result:g}: it cannot be negative")
    return _countable(abs(result), name)  # abs: -0.0 becomes 0.0


def count_of(x: object, n: object, names: tuple[str, str] = ("x", "n")) -> tuple[float, float]:
    """Read `x` of `n` people, as floats: 0 <= x <= n, n >= 1. Raises ValueError otherwise."""
    count, size = non_negative(x, names[0]), sample_size(n, names[1])
    if count > size:
        raise ValueError(
            f"{names[0]} is {count:.15g} but {names[1]} is only {size:.15g}: a part cannot exceed its whole"
        )
    if 0 < count < SMALLEST_CELL:
        raise ValueError(f"{names[0]} is {count:g}: all but nobody, a rounding error; round it")
    return count, size


def percentage(value: object, name: str = "percent") -> float:
    """Read a percent from 0 to 100. Raises ValueError otherwise."""
    result = non_negative(value, name)
    if result > PERCENT:
        raise ValueError(f"{name} is {result:g}: a percent of people lies between 0 and 100")
    return result


def confidence_level(value: object) -> float:
    """Read a confidence in percent, 80 to 99.99. Raises ValueError otherwise."""
    level = number(value, "confidence")
    if not LOWEST_CONFIDENCE <= level <= HIGHEST_CONFIDENCE:
        hint = " (it is in percent: 95, not 0.95)" if 0 < level <= 1 else ""
        raise ValueError(f"confidence is {level:g}: give a percent from 80 to 99.99{hint}")
    return level


def choice(value: object, name: str, allowed: Collection[str]) -> str:
    """Read one of `allowed`. Raises ValueError naming them otherwise."""
    if not isinstance(value, str) or value not in allowed:
        raise ValueError(f"{name} is {value!r:.40}: choose one of {', '.join(sorted(allowed))}")
    return value


def listed(values: object, name: str) -> list[object]:
    """Read a list, tuple, array or other iterable. Raises ValueError for text and single values."""
    if isinstance(values, (str, bytes, dict)) or not hasattr(values, "__iter__"):
        raise ValueError(f"{name} is not a list: give one number for each study")
    items: Iterable[object] = values
    return list(items)


def studies(x: object, n: object) -> list[tuple[float, float]]:
    """Read (x, n) of each study. Raises ValueError for unequal lists, fewer than two studies, bad counts."""
    return [_study(count, size, f"study {i}") for i, (count, size) in enumerate(_pairs(x, n, "n"), start=1)]


def events(x: object, time: object) -> list[tuple[float, float]]:
    """Read (events, person-time) of each study. Raises ValueError for unequal lists, fewer than two, bad numbers."""
    return [_rate(count, size, f"study {i}") for i, (count, size) in enumerate(_pairs(x, time, "time"), start=1)]


def _pairs(x: object, other: object, name: str) -> list[tuple[object, object]]:
    """Read x of each of two studies or more beside another number of it."""
    counts, sizes = listed(x, "x"), listed(other, name)
    if len(counts) != len(sizes):
        raise ValueError(f"x has {len(counts)} numbers and {name} has {len(sizes)}: each study has one of both")
    if len(counts) < 2:
        raise ValueError(f"pooling needs at least 2 studies, there are {len(counts)}")
    return list(zip(counts, sizes, strict=True))


def _rate(x: object, time: object, which: str) -> tuple[float, float]:
    count, size = non_negative(x, f"{which}: x"), non_negative(time, f"{which}: time")
    if size <= 0:
        raise ValueError(f"{which}: time is {size:g}: give the people or person-years, above 0")
    if 0 < count < SMALLEST_CELL or size < SMALLEST_CELL:
        raise ValueError(f"{which}: {count:g} in {size:g}: a rounding error, not a rate; round it")
    return count, size


def _study(x: object, n: object, which: str) -> tuple[float, float]:
    count, size = count_of(x, n, (f"{which}: x", f"{which}: n"))
    # A cell that is only a rounding error away from empty would get a log odds of its own making.
    if 0 < size - count < SMALLEST_CELL:
        raise ValueError(f"{which}: x is {count!r} of {size:.15g}: all but everybody, a rounding error; round it")
    return count, size
