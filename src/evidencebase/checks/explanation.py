"""One problem code explained."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a code means (`title`), why it matters, and an invented example: at fault, and mended.

    The examples are YAML unless the code is about another kind of file. `mend` says in words what to do
    where nothing in the base can be rewritten.
    """

    title: str
    why: str
    fault: str
    mend: str
