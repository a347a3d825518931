"""What rests on what: on its rate, its parts, its support, its study; directly, or through another record.

Where a record turns out wrong, what rests on it is to be looked at again. A record that is disputed, superseded or
contradicted by another does not rest on it.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from evidencebase.base import Entry

_CARRY = frozenset({"finding", "population", "findings", "supports", "rests_on", "total", "study"})
"""The fields that name what a record rests on."""


@dataclass(frozen=True, slots=True)
class Rests:
    """That `record` rests on `on`: directly where `through` is None, else through the record it names itself."""

    record: str
    on: str
    through: str | None = None

    @property
    def how(self) -> str:
        """`direct` or `through`."""
        return "through" if self.through else "direct"


class Resting:
    """What rests on what among entries. An id that is none of theirs carries nothing."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """`entries` are those that count: withdrawn and rejected records are none of them."""
        every = {entry.key: entry for entry in entries}
        self._below = {
            key: tuple(name for name in dict.fromkeys(_carrying(entry)) if name in every and name != key)
            for key, entry in every.items()
        }
        above: dict[str, list[str]] = defaultdict(list)
        for key, names in self._below.items():
            for name in names:
                above[name].append(key)
        self._above = above

    def below(self, key: str) -> list[Rests]:
        """What a record rests on: direct first, then through those, each once, by id."""
        direct = self._below.get(key, ())
        through: dict[str, str] = {}
        for first in sorted(direct):
            for name in self._reached(first, self._below):
                if name != key and name not in direct:
                    through.setdefault(name, first)
        found = [Rests(key, name) for name in sorted(direct)]
        return found + [Rests(key, name, first) for name, first in sorted(through.items())]

    def above(self, key: str) -> list[Rests]:
        """What rests on a record: direct first, then through those, each once, by id."""
        reached = [name for name in self._reached(key, self._above) if name != key]
        found = [next(each for each in self.below(name) if each.on == key) for name in reached]
        return sorted(found, key=lambda each: (each.how, each.record))

    def every(self) -> Iterator[Rests]:
        """Everything that rests on anything, by record."""
        for key in sorted(self._below):
            yield from self.below(key)

    @staticmethod
    def _reached(start: str, steps: dict[str, tuple[str, ...]] | dict[str, list[str]]) -> list[str]:
        """Everything that is reached from a record, nearest first; a circle is gone round once."""
        found: dict[str, None] = {}
        waiting = deque([start])
        while waiting:
            for name in steps.get(waiting.popleft(), ()):
                if name not in found:
                    found[name] = None
                    waiting.append(name)
        return list(found)


def _carrying(entry: Entry) -> Iterator[str]:
    """The ids that an entry names as what it rests on."""
    return (each.id for each in entry.names if each.path[0] in _CARRY)
