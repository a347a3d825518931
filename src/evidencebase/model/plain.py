"""Results as JSON shows them, and text of others made safe to show."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

_LONGEST_SHOWN = 80


def plain(value: Any) -> Any:
    """Turn a result into what JSON holds: decimals become numbers, dataclasses and tuples their contents."""
    if hasattr(value, "as_dict"):
        return value.as_dict()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if is_dataclass(value):
        return fields_of(value)
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return value


def fields_of(value: Any) -> dict[str, Any]:
    """Give the fields of a dataclass by name, as JSON shows them."""
    return {field.name: plain(getattr(value, field.name)) for field in fields(value)}


def printable(text: str) -> str:
    """Replace what could steer a terminal or break a line: control characters become spaces."""
    return "".join(char if char.isprintable() else " " for char in text)


def shown(text: str) -> str:
    """Quote text of others in a message: on one line, not endless, without control characters."""
    clean = printable(text)
    cut = clean if len(clean) <= _LONGEST_SHOWN else f"{clean[: _LONGEST_SHOWN - 3]}..."
    return f"'{cut}'"
