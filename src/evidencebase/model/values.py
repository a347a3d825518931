"""The kinds of value that records are made of: ids, published numbers, fragments, periods.

Published numbers are decimals that keep their digits: `14.0` stays `14.0`.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

MAX_FRAGMENT_WORDS = 12
MAX_FRAGMENT_CHARACTERS = 90


def _number(value: object) -> Decimal:
    """Take a YAML number as the decimal that was written; text, booleans and NaN are refused."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError("write a plain number such as 7.7 or 30975: no quotes, spaces, commas or underscores")  # noqa: TRY004
    number = Decimal(value)
    if not number.is_finite():
        raise ValueError("a published figure is a finite number")
    if number.as_tuple().exponent > 0:  # type: ignore[operator]
        raise ValueError("write the figure out in full, as printed, without an exponent")
    return number


def _year(value: object) -> object:
    """A bare year is a number to YAML and a period to people."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _short(value: str) -> str:
    words = len(value.split())
    if words > MAX_FRAGMENT_WORDS or len(value) > MAX_FRAGMENT_CHARACTERS:
        raise ValueError(
            f"{words} words and {len(value)} characters: a fragment has at most {MAX_FRAGMENT_WORDS} words"
            f" and {MAX_FRAGMENT_CHARACTERS} characters; keep the figure and what makes it unique"
        )
    return value


_ONE_PERIOD = r"(mid-)?\d{4}(-\d{2}){0,2}"
_PRINTED_SPAN = re.compile(r"(?P<first>\d{4})/(?P<next>\d{2})")


def _period(value: object) -> object:
    """A period as it is kept: a bare year as text, `2017/18` as `2017-18`, `{from, to}` as both ends with a slash."""
    if isinstance(value, dict):
        if set(value) != {"from", "to"}:
            raise ValueError("pooled years have a `from` and a `to`, and nothing else")
        ends = [_period(value["from"]), _period(value["to"])]
        if not all(isinstance(end, str) and re.fullmatch(_ONE_PERIOD, end) for end in ends):
            raise ValueError("both ends are periods: a year, 2017-18, 2018-12 or mid-2018")
        return f"{ends[0]}/{ends[1]}"
    value = _year(value)
    printed = _PRINTED_SPAN.fullmatch(value) if isinstance(value, str) else None
    if printed is None:
        return value
    if (int(printed["first"]) + 1) % 100 != int(printed["next"]):
        raise ValueError("write years that do not follow each other as {from: 2017, to: 2019}")
    return f"{printed['first']}-{printed['next']}"


Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=120)]
Text = Annotated[str, Field(min_length=1, max_length=10_000)]
Number = Annotated[Decimal, BeforeValidator(_number, json_schema_input_type=float)]
Fragment = Annotated[str, Field(min_length=1), AfterValidator(_short)]
Period = Annotated[
    str,
    BeforeValidator(_period, json_schema_input_type=str | int | dict[Literal["from", "to"], str | int]),
    Field(pattern=rf"^{_ONE_PERIOD}(/{_ONE_PERIOD})?$"),
]
Direction = Literal["higher", "lower", "no-difference", "mixed"]
Basis = Literal["document", "publication", "general-knowledge"]
Strength = Literal["strong", "moderate", "weak", "not-gradable", "outside"]
Path = tuple[str | int, ...]


class Model(BaseModel):
    """Strict and immutable: an unknown key is an error, not a silent loss."""

    model_config = ConfigDict(extra="forbid", frozen=True)
