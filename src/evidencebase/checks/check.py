"""A check: a pure function, and beside it every code it raises with what that means."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from evidencebase.checks.context import Context
from evidencebase.problems import Code, Problem

LEAVE = "The record is right: it says what is printed. Say in `caveats` which figure to use."
"""The mend of what is odd in what was published."""
Looks = Callable[[Context], Iterator[Problem]]


@dataclass(frozen=True, slots=True)
class Check:
    """What a check looks for, and the codes that it is the first to raise; called, it looks."""

    looks: Looks
    codes: tuple[Code, ...]

    def __call__(self, context: Context) -> Iterator[Problem]:
        """Every problem of this kind."""
        return self.looks(context)


def check(*codes: Code) -> Callable[[Looks], Check]:
    """Make a check of a function, by decorating it with its codes."""
    return lambda looks: Check(looks, codes)
