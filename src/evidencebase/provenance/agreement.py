"""True quote, wrong claim: the ages, sex, period and place a passage names must be those of the record.

Only contradictions are reported. A passage that names nothing contradicts nothing.
"""

from __future__ import annotations

import re

from evidencebase.model.ages import bands_in_passage
from evidencebase.model.periods import YEARS, years
from evidencebase.model.values import Path
from evidencebase.model.vocabulary import Group, Vocabulary
from evidencebase.problems import Problem, Severity
from evidencebase.provenance.figures import is_age_or_date
from evidencebase.provenance.said import Said
from evidencebase.reading.numerals import numerals

_SEX = {
    "female": re.compile(r"\b(?:females?|women|girls|mothers)\b", re.IGNORECASE),
    "male": re.compile(r"\b(?:males?|men|boys|fathers)\b", re.IGNORECASE),
}
_BOTH_SEXES = re.compile(
    r"\b(?:girls|women|females|mothers) (?:and|or) (?:boys|men|males|fathers)\b"
    r"|\b(?:boys|men|males|fathers) (?:and|or) (?:girls|women|females|mothers)\b",
    re.IGNORECASE,
)
_STOP_AFTER = re.compile(r"[,;:.](?!\d)|\s(?:and|but|while|versus|compared|than|against)\s", re.IGNORECASE)
_BODY = re.compile(r"\s(?:County|City|Borough|District)\s(?:Council|Partnership)|'s\b", re.IGNORECASE)


def disagreements(vocabulary: Vocabulary, of: Said, path: Path, words: str, figure_at: int | None) -> list[Problem]:
    """What the words of a passage contradict in a record. `figure_at` is the offset of its figure in them."""
    faults = []
    # Most groups have neither ages nor a sex, which no clause can contradict.
    clause = _clause(words, figure_at) if any("age" in each.is_ or "sex" in each.is_ for each in of.groups) else ""
    if clause and (fault := _ages(clause, of) or _sex(clause, words, of.groups)):
        faults.append(("anchor-group-disagrees", fault, "give the record the group that the passage names"))
    if fault := _period(words, of.period):
        faults.append(("anchor-period-disagrees", fault, "give the record the period that the passage names"))
    if fault := _place(vocabulary, words, of):
        faults.append(("anchor-place-disagrees", fault, "give the record the place that the passage names"))
    entry = of.entry
    return [
        Problem(Severity.ERROR, code, entry.place(path), message, hint, entry.key) for code, message, hint in faults
    ]


def _clause(words: str, figure_at: int | None) -> str:
    """The words that go with a figure: those after it up to the next figure or a comma, else those before it."""
    if figure_at is None:
        return words
    figures = [each for each in numerals(words) if not is_age_or_date(each, words)]
    own = next((each for each in figures if each.start == figure_at), None)
    if own is None:
        return words
    after = words[own.end : min((each.start for each in figures if each.start > own.start), default=len(words))]
    stop = _STOP_AFTER.search(after)
    after = after[: stop.start()] if stop else after
    before = words[max((each.end for each in figures if each.start < own.start), default=0) : own.start]
    return after if bands_in_passage(after) or any(sex.search(after) for sex in _SEX.values()) else before


def _ages(clause: str, of: Said) -> str:
    bands = bands_in_passage(clause)
    bounded = [group for group in of.groups if group.age_min is not None or group.age_max is not None]
    if not bands or not bounded:
        return ""
    known = {(group.age_min, group.age_max) for group in of.around}
    if any((band.low, band.high) in known for band in bands):
        return ""
    band = bands[0]
    named = f"{band.low} to {band.high}" if band.high is not None else f"{band.low} or over"
    return f"the passage names ages {named}; the record is of {bounded[0].label}"


def _sex(clause: str, words: str, groups: tuple[Group, ...]) -> str:
    """Whether a clause names the other sex only; "girls and boys" anywhere in the passage names both."""
    if _BOTH_SEXES.search(words):
        return ""
    named = {sex for sex, pattern in _SEX.items() if pattern.search(clause)}
    sexes = {group.sex for group in groups if group.sex}
    if len(named) == 1 and sexes and not named & sexes:
        return f"the passage names {named.pop()}s; the record is of {groups[0].label}"
    return ""


def _period(words: str, period: str | None) -> str:
    if period is None:
        return ""
    named = [match[0] for match in YEARS.finditer(words)]
    spans = [years(name.replace(" ", "")) for name in named]
    own = years(period)
    if own is None or not any(spans):
        return ""
    if any(span and span[0] <= own[1] and own[0] <= span[1] for span in spans):
        return ""
    return f"the passage names {', '.join(named)}; the record's period is {period}"


def _place(vocabulary: Vocabulary, words: str, of: Said) -> str:
    if of.place is None:
        return ""
    named = []
    for other in vocabulary.places.values():
        label = other.label.removeprefix("the ")
        # Most words name no place: a plain look spares the pattern.
        match = re.search(rf"\b{re.escape(label)}\b", words) if label in words else None
        if match and not _BODY.match(words, match.end()):
            named.append(other)
    inside = of.place.id
    if not named or any(other.id in of.near or inside in vocabulary.ancestors("places", other.id) for other in named):
        return ""
    return f"the passage names {named[0].label}; the record's place is {of.place.label}"
