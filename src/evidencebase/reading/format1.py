"""Format 1, read as format 2: what becomes of each field, for loading in memory and for rewriting the files.

Nothing is guessed: what format 1 did not say stays unset and is named in `unread`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from hashlib import sha256
from typing import Any

from evidencebase.model.content import digest


def digest_as_written(mapping: Any) -> str:
    """The digest that format 1 took of a mapping, over which its reviews and lock lines stand: only nulls dropped."""
    return sha256(_as_written(mapping).encode("utf-8")).hexdigest()


def _as_written(value: Any) -> str:
    if isinstance(value, dict):
        items = (f"{json.dumps(str(key))}:{_as_written(value[key])}" for key in sorted(value) if value[key] is not None)
        return "{" + ",".join(items) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(_as_written(item) for item in value) + "]"
    return str(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)


def reviews(items: list[Any], kind_of: Callable[[str], str | None]) -> list[Any]:
    """The verdicts of `reviews.yml`: each follows the one on the same record that stood above it.

    `kind_of` gives the kind of a record by its id: the figure that was entered is named as the record names it.
    """
    last: dict[Any, str] = {}
    made: list[Any] = []
    for item in items:
        if not isinstance(item, dict):
            made.append(item)
            continue
        verdict = {name: value for name, value in item.items() if name != "value" and value is not None}
        record = verdict.get("record")
        if item.get("value") is not None:
            figure = "published" if kind_of(str(record)) == "estimates" else "value"
            verdict["entered"] = {figure: str(item["value"])}
        if isinstance(record, str):
            if record in last:
                verdict.setdefault("follows", [last[record]])
            last[record] = digest(verdict)[:16]
        made.append(verdict)
    return made
