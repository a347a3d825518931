"""Format 1, read as format 2: what becomes of each field, for loading in memory and for rewriting the files.

Nothing is guessed: what format 1 did not say stays unset and is named in `unread`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any

from evidencebase.model.content import digest

_MEAN = re.compile(r"\b(?:average|mean)\b", re.IGNORECASE)
_ENTERED = {"estimates": "published", "studies": "n"}
_TOTAL = re.compile(r"\b(?:total|altogether|in all)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Change:
    """What becomes of one field of a mapping: the fields that stand in its place, none where its words went elsewhere.

    `decided` is false where the old field does not say which of the new ones it is, so that somebody has to read again.
    """

    field: str
    becomes: dict[str, Any]
    decided: bool = True


def changes(kind: str, old: Any) -> list[Change]:
    """What becomes of the fields of a record or entry of a kind (its folder: `findings`, `groups`)."""
    if not isinstance(old, dict) or kind not in _BY_KIND:
        return []
    return list(_BY_KIND[kind](old))


def converted(kind: str, old: Any) -> tuple[Any, dict[str, str]]:
    """A mapping of format 1 as one of format 2, and for each field that is new the old one it came from."""
    by_field = {change.field: change for change in changes(kind, old)}
    if not by_field:
        return old, {}
    new: dict[str, Any] = {}
    origin: dict[str, str] = {}
    for name, value in old.items():
        if name in by_field:
            new |= by_field[name].becomes
            origin |= dict.fromkeys(by_field[name].becomes, name)
        else:
            new[name] = value
    return new, origin


def _finding(old: dict[str, Any]) -> Iterator[Change]:
    if old.get("statistic") == "cost":
        statistic = _cost(old)
        yield Change("statistic", {"statistic": statistic} if statistic else {"unread": ["statistic"]}, bool(statistic))
    elif old.get("statistic") == "rank" and old.get("unit") == "percent":
        yield Change("statistic", {"statistic": "percentile"})  # a rank of a hundred
    yield from _qualifier(old)
    against = old.get("comparator")
    if isinstance(against, dict):
        versus = {"group": against.get("group"), "level": against.get("outcome")}
        rest = {name: value for name, value in against.items() if name not in ("group", "outcome")}
        named = {"versus": {name: value for name, value in versus.items() if value is not None}, **rest}
        yield Change("comparator", {name: value for name, value in named.items() if value not in (None, {}, [])})
    elif "comparator" in old and against is None:
        yield Change("comparator", {})


def _cost(old: dict[str, Any]) -> str | None:
    """Which cost a finding is, where its own passage says so: each on average, or all together."""
    anchors = old.get("anchors")
    fragments = [str(each.get("fragment")) for each in anchors if isinstance(each, dict)] if anchors else []
    mean, total = (any(word.search(each) for each in fragments) for word in (_MEAN, _TOTAL))
    return ("cost-mean" if mean else "cost-total") if mean != total else None


def _qualifier(old: dict[str, Any]) -> Iterator[Change]:
    if "qualifier" in old:
        qualifier = old["qualifier"]
        yield Change("qualifier", {"qualifiers": [qualifier]} if qualifier is not None else {})


def _claim(old: dict[str, Any]) -> Iterator[Change]:
    if isinstance(old.get("kind"), str):
        related = old["kind"] == "direction"
        unread = ["exposure", "link", "modality"] if related else ["modality"]
        yield Change("kind", {"kind": "relation" if related else old["kind"], "unread": unread})
    if "than" in old:
        yield Change("than", {"versus": {"group": old["than"]}} if old["than"] is not None else {})
    if "summary" in old:
        yield Change("summary", {"says": old["summary"]})


def _group(old: dict[str, Any]) -> Iterator[Change]:
    low, high, sex = (old.get(name) for name in ("age_min", "age_max", "sex"))
    marks: dict[str, Any] = {}
    if low is not None or high is not None:
        marks["age"] = f"{low}+" if high is None else f"{low}-{high}" if low is not None else _under(high)
    if sex is not None:
        marks["sex"] = sex
    written = [name for name in old if name in ("age_min", "age_max", "sex")]
    for name in written:
        yield Change(name, {"is": marks} if marks and name == written[0] else {})
    if "labels_as_published" in old:
        yield Change("labels_as_published", {"words": old["labels_as_published"]})


def _under(high: Any) -> str:
    return f"under {high + 1}" if isinstance(high, int) else str(high)


_BY_KIND: dict[str, Callable[[dict[str, Any]], Iterator[Change]]] = {
    "findings": _finding,
    "claims": _claim,
    "populations": _qualifier,
    "groups": _group,
}
KINDS = tuple(_BY_KIND)


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
            figure = _ENTERED.get(kind_of(str(record)) or "", "value")
            verdict["entered"] = {figure: str(item["value"])}
        if isinstance(record, str):
            if record in last:
                verdict.setdefault("follows", [last[record]])
            last[record] = digest(verdict)[:16]
        made.append(verdict)
    return made
