"""Which groups lie within which, by what marks their members: ages within ages, a level within a wider one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from itertools import combinations, product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evidencebase.model.vocabulary import Characteristic, Group

_MOST_MARKS = 6
Mark = tuple[str, str]


def level_ancestors(characteristics: Mapping[str, Characteristic]) -> dict[Mark, tuple[str, ...]]:
    """The levels that each level of a characteristic lies within, nearest first."""
    found: dict[Mark, tuple[str, ...]] = {}
    for trait in characteristics.values():
        above = {level.id: level.broader for level in trait.levels}
        for level in above:
            found[trait.id, level] = tuple(each for each in all_above(level, above) if each != level)
    return found


def broader_groups(groups: Mapping[str, Group], characteristics: Mapping[str, Characteristic]) -> dict[str, list[str]]:
    """For each group those directly above it: what its entry says, and what its marks say.

    One group lies within another of the same universe where all that marks the other marks it too, by the same or a
    narrower level. Of two that lie above, the farther is left out. A group that nothing marks is above none by rule.
    """
    above = level_ancestors(characteristics)
    shelves: dict[tuple[str, frozenset[Mark], bool], list[Group]] = defaultdict(list)
    for group in groups.values():
        if group.is_ and group.condition is None:
            for marks in _registered(group):
                shelves[group.universe, marks, "age" in group.is_].append(group)
    wider = {
        key: {other.id for other in _above(group, shelves, above) if other.id != key and not _same(group, other)}
        for key, group in groups.items()
    }
    for key, group in groups.items():
        wider[key] |= {name for name in group.broader if name in groups}
    all_ = {key: all_above(key, wider) for key in groups}
    return {key: _nearest(key, wider, all_) for key in groups}


def marks(group: Group) -> dict[str, frozenset[str]]:
    """The levels that mark a group by characteristic, its sex among them, without its age."""
    return {
        name: frozenset((level,) if isinstance(level, str) else level)
        for name, level in group.is_.items()
        if name != "age"
    }


def _registered(group: Group) -> Iterator[frozenset[Mark]]:
    """Each choice of one level for each characteristic of a group."""
    chosen = [[(name, level) for level in sorted(levels)] for name, levels in marks(group).items()]
    return (frozenset(choice) for choice in product(*chosen))


def _above(
    group: Group,
    shelves: Mapping[tuple[str, frozenset[Mark], bool], list[Group]],
    above: Mapping[Mark, tuple[str, ...]],
) -> Iterator[Group]:
    """The groups that hold all members of a group, by marks."""
    own = marks(group)
    if len(own) > _MOST_MARKS:
        return
    choices = [
        [(name, wide) for level in sorted(levels)[:1] for wide in (level, *above.get((name, level), ()))]
        for name, levels in own.items()
    ]
    seen: set[str] = set()
    for size in range(len(choices) + 1):
        for kept in combinations(choices, size):
            for choice in product(*kept):
                for aged in (True, False):
                    for other in shelves.get((group.universe, frozenset(choice), aged), ()):
                        if other.id not in seen and _holds(other, group, above):
                            seen.add(other.id)
                            yield other


def _holds(outer: Group, inner: Group, above: Mapping[Mark, tuple[str, ...]]) -> bool:
    """Whether what marks one group marks all of another."""
    if "age" in outer.is_ and not _ages_within(inner, outer):
        return False
    own = marks(inner)
    for name, levels in marks(outer).items():
        if name not in own or any(not levels & {level, *above.get((name, level), ())} for level in own[name]):
            return False
    return bool(outer.is_)


def _ages_within(inner: Group, outer: Group) -> bool:
    if inner.age_min is None and inner.age_max is None:
        return False
    low, high = outer.age_min or 0, outer.age_max
    return low <= (inner.age_min or 0) and (high is None or (inner.age_max is not None and inner.age_max <= high))


def _same(one: Group, other: Group) -> bool:
    """Whether the same marks both."""
    return marks(one) == marks(other) and (one.age_min, one.age_max) == (other.age_min, other.age_max)


def _nearest(key: str, wider: Mapping[str, Collection[str]], all_: Mapping[str, Collection[str]]) -> list[str]:
    """Those above that are not also above another of them; `all_` is all that lies above each."""
    own = set(wider[key])
    farther = {name for other in own for name in all_[other] if key not in all_[name]}
    return sorted(own - farther)


def all_above(key: str, wider: Mapping[str, Collection[str]]) -> list[str]:
    """All that lie above one, the nearest first; itself too where they go round in a circle."""
    found: dict[str, None] = {}
    queue = [key]
    while queue:
        for name in wider.get(queue.pop(0), ()):
            if name not in found:
                found[name] = None
                queue.append(name)
    return list(found)
