"""Whether a rate fits the people it is applied to: one list of reasons, whoever asks.

Each reason is a rule that holds. All of them lower the applicability of an estimate. `MISFITS` are the ones that make
a rate that of other people, another place, time or measure. What they say in words stands in `checks/fit.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from evidencebase.model.ages import read_band
from evidencebase.model.periods import years
from evidencebase.model.records import Claim, Finding, Study
from evidencebase.model.relations import differences, within

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evidencebase.base import Base
    from evidencebase.model.vocabulary import Group, PlaceEntry, Vocabulary

PEOPLE = "persons"
OLD, VERY_OLD = 5, 10
Rule = Literal[
    "other-counting-unit",
    "other-definition",
    "other-age-band",
    "broader-group",
    "other-place",
    "broader-place",
    "place-unknown",
    "older-than-5-years",
    "older-than-10-years",
    "period-unknown",
    "other-measure",
    "outside-universe",
]
# Not `outside-universe`: that a study did not ask such people is a fault of the rate, whatever it is put on.
MISFITS: frozenset[Rule] = frozenset(
    {
        "other-counting-unit",
        "other-definition",
        "other-age-band",
        "other-place",
        "place-unknown",
        "older-than-10-years",
        "other-measure",
    }
)
"""The rules whose breach is a misfit, and not merely a step away from the people asked."""


@dataclass(frozen=True, slots=True)
class Use:
    """A rate put on people: a group, counted in `unit` (persons), in a place, at a period.

    `called` is the measure that the number is given as, None where it is that of the rate. A place that is none of
    the base is taken to lie in a country that the rate is of.
    """

    rate: Finding
    group: Group | None
    unit: str
    place: PlaceEntry | None
    period: str | None
    called: str | None = None


@dataclass(frozen=True, slots=True)
class Lowering:
    """One rule that holds of a use, and lowers its applicability."""

    rule: Rule
    use: Use


def lowerings(base: Base, use: Use) -> list[Lowering]:
    """What parts a rate from the people it is put on, in a fixed order: people, place, time, name, study."""
    rules = [
        *_people(base.vocabulary, use),
        *_place(base.vocabulary, use),
        *age_of_data(use.rate.period, use.period),
        *_called(use),
    ]
    if outside(base, use.rate):
        rules.append("outside-universe")
    return [Lowering(rule, use) for rule in rules]


def _people(vocabulary: Vocabulary, use: Use) -> Iterator[Rule]:
    rated, counted = vocabulary.groups.get(use.rate.group or ""), use.group
    if unit_of(rated) != use.unit:
        yield "other-counting-unit"
    elif rated is not None and counted is not None and rated.id != counted.id:
        inside = _inside(_ages(vocabulary, counted), _ages(vocabulary, rated))
        part = within(vocabulary, "groups", counted.id, rated.id)
        bounded = counted.age_min is not None or counted.age_max is not None
        if not inside and (part or bounded):
            yield "other-age-band"
        elif part:
            yield "broader-group"
        elif differences(vocabulary, rated, counted):
            yield "other-definition"


def unit_of(group: Group | None) -> str:
    """What a rate of a group counts: persons, unless the group is of something else."""
    return group.universe if group else PEOPLE


def _ages(vocabulary: Vocabulary, group: Group) -> tuple[int, int]:
    """The ages of a group in whole years; bounds it does not give are those of its nearest broader group."""
    low, high = group.age_min, group.age_max
    for key in vocabulary.ancestors("groups", group.id):
        broader = vocabulary.groups.get(key)
        if broader is not None:
            low = broader.age_min if low is None else low
            high = broader.age_max if high is None else high
    return (0 if low is None else low), (120 if high is None else high)


def _inside(inner: tuple[int, int], outer: tuple[int, int]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _place(vocabulary: Vocabulary, use: Use) -> Iterator[Rule]:
    place, measured = use.place, use.rate.place
    if place is None or measured == place.id:
        return
    if measured is None:
        yield "place-unknown"
        return
    known = vocabulary.places
    given = place.id not in known and measured in known and known[measured].type == "country"
    yield "broader-place" if given or within(vocabulary, "places", place.id, measured) else "other-place"


def years_apart(period: str | None, other: str | None) -> int | None:
    """Give the years between two periods, 0 where they touch; None where one is no period."""
    spans = years(period) if period else None, years(other) if other else None
    if spans[0] is None or spans[1] is None:
        return None
    return max(0, spans[0][0] - spans[1][1], spans[1][0] - spans[0][1])


def age_of_data(period: str | None, reference: str | None) -> list[Rule]:
    """Give the rules that the age of the data breaks, against `reference`: the population's period."""
    if period is None or years(period) is None:
        return ["period-unknown"]
    apart = years_apart(period, reference)
    if apart is None or apart <= OLD:
        return []
    return ["older-than-5-years", "older-than-10-years"] if apart > VERY_OLD else ["older-than-5-years"]


def _called(use: Use) -> list[Rule]:
    return [] if use.called in (None, use.rate.measure) else ["other-measure"]


def outside(base: Base, record: Finding | Claim) -> Literal["ages", "group", "place"] | None:
    """In what a record lies outside what the study it is credited to covers; None where it does not, as far as known.

    The ages do not meet those asked, the group is wider than the group asked, or the place lies elsewhere.
    """
    vocabulary, study = base.vocabulary, base.get(Study, record.study)
    if study is None:
        return None
    universe, group, place = study.universe, vocabulary.groups.get(record.group or ""), record.place
    asked_ages = read_band(universe.ages) if universe.ages else None
    if asked_ages is not None and group is not None and group.universe == PEOPLE:
        youngest, oldest = _ages(vocabulary, group)
        if oldest < asked_ages.low or youngest > asked_ages.last:
            return "ages"
    asked = vocabulary.groups.get(universe.group or "")
    alike = asked is not None and group is not None and group.universe == asked.universe and group.id != asked.id
    if alike and within(vocabulary, "groups", str(universe.group), str(record.group)):
        return "group"
    known = place in vocabulary.places and universe.place in vocabulary.places
    if known and not within(vocabulary, "places", str(place), str(universe.place)):
        return "place"
    return None
