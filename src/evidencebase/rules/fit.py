"""Whether a rate fits the people it is applied to: one list of reasons, whoever asks.

Each reason is a rule that holds. All of them lower the applicability of an estimate. `MISFITS` are the ones that make
a rate that of other people, another place, time or measure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidencebase.model.ages import read_band
from evidencebase.model.periods import years
from evidencebase.model.records import Claim, Finding, Study
from evidencebase.model.relations import differences, within

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evidencebase.base import Base
    from evidencebase.model.appraisals import Universe
    from evidencebase.model.vocabulary import Group, PlaceEntry, Vocabulary

PEOPLE = "persons"
OLD, VERY_OLD = 5, 10
RULES = {
    "other-counting-unit": "the population counts another unit",
    "other-definition": "the people are defined otherwise, or their definition could not be compared",
    "other-age-band": "the age band is another",
    "broader-group": "the rate is of a broader group, of which these are a part",
    "other-place": "the rate was measured in another place, which does not hold this one",
    "broader-place": "the rate was measured in a wider place around this one",
    "place-unknown": "the place of the rate is not stated",
    "older-than-5-years": "the data are more than 5 years older or newer than the population",
    "older-than-10-years": "the data are more than 10 years older or newer than the population (a further step)",
    "period-unknown": "the period of the data is not stated",
    "other-measure": "the number is called by another measure than its rate",
    "outside-universe": "the study did not ask such people, or not there",
}
MISFITS = frozenset(
    {
        "other-counting-unit",
        "other-definition",
        "other-age-band",
        "other-place",
        "place-unknown",
        "older-than-10-years",
        "other-measure",
        "outside-universe",
    }
)
"""The rules whose breach is a misfit, and not merely a step away from the people asked."""


@dataclass(frozen=True, slots=True)
class Lowered:
    """One rule that holds, and what made it hold, in words."""

    rule: str
    because: str


def fit(
    base: Base, finding: Finding, group: Group | None, unit: str, place: PlaceEntry | None, period: str | None
) -> list[Lowered]:
    """What parts a rate from the people it is applied to: counting unit, group, ages, place, time.

    `group` are those people, counted in `unit` (persons), in `place`, at `period`. A place that is none of the base
    is taken to lie in a country that the rate is of.
    """
    return [
        *_people(base, finding, group, unit),
        *_place(base, finding, place),
        *age_of_data(finding.period, period),
    ]


def _people(base: Base, finding: Finding, counted: Group | None, unit: str) -> Iterator[Lowered]:
    vocabulary = base.vocabulary
    rated = vocabulary.groups.get(finding.group or "")
    whom = counted.label if counted else "people not described"
    universe = rated.universe if rated else PEOPLE
    if universe != unit:
        asked = rated.label if rated else "group not stated"
        yield Lowered("other-counting-unit", f"a rate of {universe} ({asked}) is put on {unit} ({whom})")
    elif rated is not None and counted is not None and rated.id != counted.id:
        inside = _inside(_ages(vocabulary, counted), _ages(vocabulary, rated))
        part = within(vocabulary, "groups", counted.id, rated.id)
        bounded = counted.age_min is not None or counted.age_max is not None
        if not inside and (part or bounded):
            yield Lowered("other-age-band", f"a rate of {rated.label} is put on {whom}: other ages")
        elif part:
            yield Lowered("broader-group", f"a rate of {rated.label} is put on {whom}, who are a part of them")
        elif differences(rated, counted):
            why = "who are not known to be the same or a part of them"
            yield Lowered("other-definition", f"a rate of {rated.label} is put on {whom}, {why}")


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


def _place(base: Base, finding: Finding, place: PlaceEntry | None) -> Iterator[Lowered]:
    if place is None or finding.place == place.id:
        return
    if finding.place is None:
        yield Lowered("place-unknown", f"a rate of unknown place is put on people in {place.label}")
        return
    where = base.label("places", finding.place)
    known = base.vocabulary.places
    if within(base.vocabulary, "places", place.id, finding.place):
        yield Lowered("broader-place", f"a rate of {where}, carried to {place.label}")
    elif place.id not in known and finding.place in known and known[finding.place].type == "country":
        yield Lowered("broader-place", f"a rate of {where}; that {place.label} lies in it is taken as given")
    else:
        why = f"which does not contain {place.label}"
        yield Lowered("other-place", f"a rate of {where} is put on people in {place.label}: {where}, {why}")


def years_apart(period: str | None, other: str | None) -> int | None:
    """Give the years between two periods, 0 where they touch; None where one is no period."""
    spans = years(period) if period else None, years(other) if other else None
    if spans[0] is None or spans[1] is None:
        return None
    return max(0, spans[0][0] - spans[1][1], spans[1][0] - spans[0][1])


def age_of_data(period: str | None, reference: str | None) -> list[Lowered]:
    """Give the rules that the age of the data breaks, against `reference`: the population's period."""
    if period is None or years(period) is None:
        return [Lowered("period-unknown", "the period of the data is not stated")]
    apart = years_apart(period, reference)
    if apart is None or apart <= OLD:
        return []
    words = f"a rate of {period} is put on the people of {reference}, {apart} years apart"
    found = [Lowered("older-than-5-years", f"{words}: more than {OLD}")]
    if apart > VERY_OLD:
        found.append(Lowered("older-than-10-years", f"{words}: more than {VERY_OLD}"))
    return found


def label_fit(base: Base, finding: Finding, measure: str | None) -> list[Lowered]:
    """Whether a number is called by the measure of its rate. `measure` None: it is called nothing else."""
    if measure in (None, finding.measure):
        return []
    called, own = base.label("measures", measure), base.label("measures", finding.measure)
    return [Lowered("other-measure", f"the number is given as “{called}”; its rate is of “{own}”")]


def universe_fit(base: Base, record: Finding | Claim) -> list[Lowered]:
    """Whether the study that a record is credited to asked such people, and there."""
    study = base.get(Study, record.study)
    group = base.vocabulary.groups.get(record.group or "")
    outside = _outside(base, study.universe, group, record.place) if study else ""
    if study is None or not outside:
        return []
    return [Lowered("outside-universe", f"credited to {base.label('studies', study.key)}, which covers {outside}")]


def _outside(base: Base, universe: Universe, group: Group | None, place: str | None) -> str:
    """What a study covers, against what it is credited with; empty where it fits or is not known."""
    vocabulary = base.vocabulary
    if group is not None and universe.ages and group.universe == PEOPLE:
        asked_ages = read_band(universe.ages)
        youngest, oldest = _ages(vocabulary, group)
        if asked_ages is not None and (oldest < asked_ages.low or youngest > asked_ages.last):
            return f"ages {universe.ages}; this is of {group.label}"
    asked = vocabulary.groups.get(universe.group or "")
    if asked is not None and group is not None and group.universe == asked.universe:
        related = within(vocabulary, "groups", group.id, asked.id)
        wider = within(vocabulary, "groups", asked.id, group.id)
        if wider and not related:
            return f"{asked.label} only; this is of {group.label} as a whole"
    if place and universe.place and place in vocabulary.places and universe.place in vocabulary.places:
        inside = within(vocabulary, "places", place, universe.place)
        if not inside:
            return f"{base.label('places', universe.place)}; this is of {base.label('places', place)}"
    return ""
