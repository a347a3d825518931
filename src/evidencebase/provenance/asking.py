"""What is asked of the words of a record: one question a field, and how what a passage names fits it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial

from evidencebase.base import Base, Entry
from evidencebase.model.ages import AgeBand
from evidencebase.model.hierarchy import marks
from evidencebase.model.periods import years
from evidencebase.model.records import Claim, Estimate, Versus
from evidencebase.model.relations import age_band, within
from evidencebase.model.vocabulary import Group, Measure
from evidencebase.provenance.mentions import Mention, Words


class Fit(StrEnum):
    """How what is named stands to what the record says."""

    OWN = "own"
    BROADER = "broader"
    NARROWER = "narrower"
    RIVAL = "rival"
    NONE = "none"


Fitting = Callable[[Mention], Fit]


@dataclass(frozen=True)
class Question:
    """One field to be judged: its path, the kind of mention that names it, and how a mention fits it.

    `forms` are what a document may print of it. `compared` says that it is of what is compared with; `said`, that it
    is of a claim and no figure; `anybody`, that nothing marks the group, or tells the measure from others of its
    construct. Words that fit what is `taken` name another field of the record.
    """

    field: str
    kinds: tuple[str, ...]
    fits: Fitting
    forms: frozenset[tuple[str, object]] = frozenset()
    compared: bool = False
    anybody: bool = False
    said: bool = False
    taken: tuple[Question, ...] = ()

    @property
    def unmarked(self) -> bool:
        """Whether words that mark fewer people, or a narrower measure, tell against it."""
        return self.anybody and not self.compared


def questions(words: Words, entry: Entry) -> Iterator[Question]:
    """What is asked of a record: one question a field that names an entry of the vocabulary."""
    record, vocabulary = entry.record, words.base.vocabulary
    measure = vocabulary.measures.get(getattr(record, "measure", None) or "")
    if measure is not None and not isinstance(record, Estimate):  # an estimate is of what its rate measures
        yield _of_measure(words.base, "measure", measure)
    if (group := vocabulary.groups.get(getattr(record, "group", None) or "")) is not None:
        yield from _of_group(words, "group", group)
    for name, ask in _PLAIN.items():
        if (value := getattr(record, name, None)) is not None:
            yield ask(words.base, name, value)
    unit = vocabulary.units.get(words.base.unit(entry) or "")
    if unit is not None and unit.dimension == "count":
        yield _of_unit(unit.id)
    if (study := getattr(record, "study", None)) is not None:
        yield _of_study(words.base, study, getattr(record, "period", None))
    if isinstance(record, Claim) and record.exposure is not None:
        yield from _of_exposure(words, record.exposure)
    if isinstance(versus := getattr(record, "versus", None), Versus):
        yield from (replace(each, compared=True) for each in _of_versus(words, versus))


def _of_versus(words: Words, versus: Versus) -> Iterator[Question]:
    """What a figure or claim is compared with."""
    if (other := words.base.vocabulary.groups.get(versus.group or "")) is not None:
        yield from _of_group(words, "versus.group", other)
    for name, ask in _PLAIN.items():
        if (value := getattr(versus, name)) is not None:
            yield ask(words.base, f"versus.{name}", value)


def _of_exposure(words: Words, exposure: str) -> Iterator[Question]:
    """What people are exposed to: a measure or a group, named as the subject or the object of the sentence."""
    vocabulary = words.base.vocabulary
    if exposure in vocabulary.measures:
        yield _of_measure(words.base, "exposure", vocabulary.measures[exposure])
    elif exposure in vocabulary.groups:
        yield from _of_group(words, "exposure", vocabulary.groups[exposure])


def general(measure: Measure) -> bool:
    """Whether a measure is meant in general: no cut-off, recall or question tells it from others of its construct."""
    return not (measure.options_counted or measure.recall or measure.question or measure.response_options)


def _of_measure(base: Base, path: str, own: Measure) -> Question:
    measures = base.vocabulary.measures

    def fits(mention: Mention) -> Fit:
        if own.id in mention.names:
            return Fit.OWN
        others = [measures[name] for name in mention.names if name in measures]
        kin = [each for each in others if each.concept == own.concept and own.id != each.complement_of != own.id]
        if any(general(each) for each in kin):
            return Fit.BROADER
        return Fit.NARROWER if kin and general(own) else Fit.RIVAL

    return Question(path, ("measure",), fits, frozenset({("measure", own.id)}), anybody=general(own))


def _of_group(words: Words, path: str, own: Group) -> Iterator[Question]:
    """A group in its parts, each named or not by itself: ages, sex, levels; one that nothing marks, as a whole.

    A level that is only a word for everybody (adults) is asked for where nothing else marks the group.
    """
    band = age_band(own)
    if band is not None:
        yield Question(f"{path}.age", ("age", "group"), _part(words.base, own, "age", partial(_age_fit, band)))
    own_marks = marks(own)
    everybody = {name for name, levels in own_marks.items() if all(words.generic(name, level) for level in levels)}
    for name, levels in own_marks.items():
        if name == "sex":
            yield Question(f"{path}.sex", ("sex", "group"), _part(words.base, own, "sex", partial(_sex_fit, levels)))
        elif name not in everybody:
            chosen = frozenset((name, level) for level in levels)
            forms = frozenset(("level", each) for each in chosen)
            yield Question(
                f"{path}.{name}",
                ("level", "group"),
                _part(words.base, own, name, partial(_level_fit, words, chosen)),
                forms,
            )
    if own.condition:
        whole = frozenset({("group", own.id)})
        yield Question(f"{path}.condition", ("group",), partial(_group_fit, words.base, own), whole)
    elif band is None and not set(own_marks) - everybody:
        yield Question(path, ("group", "head", "age", "sex", "level"), partial(_anybody_fit, words, own), anybody=True)


def _part(base: Base, group: Group, trait: str, fit: Fitting) -> Fitting:
    """How a mention fits one mark of a group; the name of a whole group tells every mark of it."""

    def fits(mention: Mention) -> Fit:
        if mention.kind != "group":
            return fit(mention)
        if group.id in mention.names:
            return Fit.OWN
        named = [base.vocabulary.groups[name] for name in mention.names if name in base.vocabulary.groups]
        if all(within(base.vocabulary, "groups", each.id, group.id) for each in named):
            return Fit.NARROWER
        told = frozenset(mark for each in named for mark in _marks_of(each, trait))
        return fit(replace(mention, names=told)) if told else Fit.NONE

    return fits


def _marks_of(group: Group, trait: str) -> Iterator[object]:
    """What the name of a group tells of one mark, in the shape of a mention of it."""
    if trait == "age":
        band = age_band(group)
        yield from () if band is None else (band,)
    else:
        yield from (level if trait == "sex" else (trait, level) for level in marks(group).get(trait, ()))


def _age_fit(own: AgeBand, mention: Mention) -> Fit:
    if own in mention.names:
        return Fit.OWN
    other = next(band for band in mention.names if isinstance(band, AgeBand))
    if other.low <= own.low and own.last <= other.last:
        return Fit.BROADER
    return Fit.NARROWER if own.low <= other.low and other.last <= own.last else Fit.RIVAL


def _sex_fit(levels: frozenset[str], mention: Mention) -> Fit:
    return Fit.OWN if levels & mention.names else Fit.RIVAL


def _level_fit(words: Words, chosen: frozenset[tuple[str, str]], mention: Mention) -> Fit:
    if chosen & mention.names:
        return Fit.OWN
    trait = next(iter(chosen))[0]
    same = [each for each in mention.names if isinstance(each, tuple) and each[0] == trait]
    if not same:
        return Fit.NONE
    above = words.levels
    if any(other[1] in above.get(each, ()) for other in same for each in chosen):
        return Fit.BROADER
    if any(each[1] in above.get(other, ()) for other in same for each in chosen):
        return Fit.NARROWER
    return Fit.RIVAL


def _group_fit(base: Base, own: Group, mention: Mention) -> Fit:
    if own.id in mention.names:
        return Fit.OWN
    names = [str(name) for name in mention.names]
    if any(within(base.vocabulary, "groups", own.id, name) for name in names):
        return Fit.BROADER
    if any(within(base.vocabulary, "groups", name, own.id) for name in names):
        return Fit.NARROWER
    return Fit.RIVAL


def _anybody_fit(words: Words, own: Group, mention: Mention) -> Fit:
    """For a group that nothing marks: a word for everybody names it; whatever marks people names a narrower group."""
    if mention.kind == "head":
        return Fit.OWN
    if mention.kind == "group":
        return _group_fit(words.base, own, mention)
    if mention.kind == "level" and all(words.generic(*each) for each in mention.names if isinstance(each, tuple)):
        return Fit.OWN
    return Fit.NARROWER


def _of_place(base: Base, path: str, own: str) -> Question:
    def fits(mention: Mention) -> Fit:
        if own in mention.names:
            return Fit.OWN
        names = [str(name) for name in mention.names]
        if any(within(base.vocabulary, "places", own, name) for name in names):
            return Fit.BROADER
        return Fit.NARROWER if any(within(base.vocabulary, "places", name, own) for name in names) else Fit.RIVAL

    return Question(path, ("place",), fits, frozenset({("place", own)}))


def _of_period(_: Base, path: str, own: str) -> Question:
    wanted = years(own)

    def fits(mention: Mention) -> Fit:
        (other,) = mention.names
        if wanted is None or not isinstance(other, tuple):
            return Fit.NONE
        if other == wanted:
            return Fit.OWN
        if other[0] <= wanted[0] and wanted[1] <= other[1]:
            return Fit.BROADER
        return Fit.NARROWER if wanted[0] <= other[0] and other[1] <= wanted[1] else Fit.RIVAL

    return Question(path, ("period",), fits)


def _of_unit(own: str) -> Question:
    """What is counted: contacts are no people. Signs of money and of shares are read with the number."""
    return Question(
        "unit", ("unit",), lambda mention: Fit.OWN if own in mention.names else Fit.RIVAL, frozenset({("unit", own)})
    )


def _of_study(base: Base, own: str, period: str | None) -> Question:
    """A study by its name; where waves share the name, the year beside it or the record's own period tells which."""
    study = base.studies.get(own)
    wave = years(study.fieldwork) if study is not None and study.fieldwork else None
    told = period is not None and wave is not None and years(period) == wave

    def fits(mention: Mention) -> Fit:
        if own not in mention.names:
            return Fit.RIVAL
        return Fit.OWN if len(mention.names) == 1 or mention.joint or told else Fit.BROADER

    return Question("study", ("study",), fits, frozenset({("study", own)}))


_PLAIN: dict[str, Callable[[Base, str, str], Question]] = {
    "place": _of_place, "period": _of_period,
}  # fmt: skip
