"""What something says, apart from how it is written: one canonical text for each content, and its digest."""

from __future__ import annotations

import json
from decimal import Decimal
from hashlib import sha256
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import Any

_EMPTY = ("null", "[]", "{}")


class Canonical(str):
    """Content that is written in its canonical form already: what goes into many digests is written once."""

    __slots__ = ()


def digest(content: Any) -> str:
    """SHA-256, in hexadecimal, of the canonical JSON of plain data.

    Keys are sorted and numbers keep their digits; what is null or an empty list or mapping is as if it were not
    written. Comments, the order of keys and line ends are no content.
    """
    return sha256(canonical(content).encode("utf-8")).hexdigest()


def canonical(value: Any) -> str:
    """The canonical JSON of plain data, as it is digested."""
    if isinstance(value, dict):
        kept = []
        for key in sorted(value):
            item = value[key]
            part = encode_basestring(item) if item.__class__ is str else canonical(item)  # most are
            if part not in _EMPTY:
                kept.append(f"{encode_basestring_ascii(str(key))}:{part}")
        return "{" + ",".join(kept) + "}"
    if isinstance(value, str):
        return value if isinstance(value, Canonical) else encode_basestring(value)
    if isinstance(value, list | tuple):
        return "[" + ",".join([canonical(item) for item in value]) + "]"
    if isinstance(value, Decimal):
        return str(value)
    return "null" if value is None else json.dumps(value, ensure_ascii=False)
