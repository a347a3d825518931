"""The appraisal of a study: who did it, for whom, how people came into it, how many, and on what basis."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal, get_args

from pydantic import Field

from evidencebase.model.anchors import Anchor
from evidencebase.model.naming import GroupId, PlaceId
from evidencebase.model.values import Basis, Model, Number, Period, Strength, Text

STRENGTHS: tuple[Strength, ...] = get_args(Strength)
"""Every strength, the strongest first."""


GRADES: tuple[Strength, ...] = STRENGTHS[:3]
"""Those that say how well a survey was run; the others say that it could not be seen, or was none."""


def strength_rank(strength: str | None) -> int:
    """3 for strong, 2 for moderate, 1 for weak, 0 for what has no grade."""
    return len(GRADES) - GRADES.index(strength) if strength in GRADES else 0


def strength_order(strength: str | None) -> int:
    """The place of a strength among `STRENGTHS`, for sorting: what is not graded comes last."""
    return STRENGTHS.index(strength) if strength in STRENGTHS else len(STRENGTHS)


def strongest(strengths: Iterable[str | None]) -> str | None:
    """The strongest of some; None where none of them is graded."""
    return max((each for each in strengths if each in GRADES), key=strength_rank, default=None)


class Universe(Model):
    """Whom a study covers."""

    ages: Annotated[str, Field(pattern=r"^\d+(-\d+|\+)$")] | None = None
    place: PlaceId | None = None
    setting: Text | None = None
    group: GroupId | None = None


class Judgement(Model):
    """One field of an appraisal, and what it rests on."""

    value: Text | None = None
    basis: Basis | None = None
    anchors: list[Anchor] = []


class Conductor(Judgement):
    """Who carried the study out; a named body is taken as professional unless said otherwise."""

    professional: Literal["yes", "no", "unclear"] | None = None


class Commissioner(Judgement):
    """Who ordered the study. `kind` decides the strength; a funder is recorded apart and does not."""

    kind: Literal["neutral", "voluntary-sector", "think-tank", "commercial", "unclear"] = "unclear"


class Sampling(Judgement):
    """How people came into the study."""

    value: Literal["random", "census", "self-selecting", "purposive", "unclear"] = "unclear"


class Size(Judgement):
    """How big the study is; what counts as large stands in schema/strength.yml."""

    value: Literal["large", "small", "unclear"] = "unclear"
    n: Number | None = None


class Debatable(Model):
    """Another strength that a careful reader could give, and why."""

    alternative: Strength
    because: Text


class Retraction(Model):
    """A source was withdrawn or corrected by its publisher after it was read."""

    kind: Literal["retracted", "corrected"]
    on: Period | None = None
    reason: Text

    @property
    def said(self) -> str:
        """Which of the two, when, and why, in words."""
        return f"{self.kind}{f' in {self.on}' if self.on else ''}: {self.reason}"
