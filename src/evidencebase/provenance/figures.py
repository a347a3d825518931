"""Which printed number each figure of a record is: one number token, by value, digits and unit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from evidencebase.model.periods import YEAR
from evidencebase.model.records import Figure
from evidencebase.model.vocabulary import CURRENCIES, PERCENT
from evidencebase.reading.dates import in_date
from evidencebase.reading.numerals import Numeral, numerals, ordinals, same_figure

# Ages and dates stand beside figures everywhere; they are a record's figure only where it says so by number.
_AGE_BEFORE = re.compile(
    r"\b(?:ages?|aged|age of|over|under|between)\s*\(?$|\baged? (?:\d+|\d+ to|\d+-|over|under)\s?$", re.IGNORECASE
)
_AGE_AFTER = re.compile(
    r"\s?\+|\s?(?:-|to)\s?\d+[\s-]?years?\b|[\s-]years?[\s-]old|\s(?:or|and)\s(?:over|under|above|older|more)\b|s\b",
    re.IGNORECASE,
)
_AGE_RANGE_END = re.compile(r"(?:\b\d{1,2}\s?(?:-|to|and)\s?)$", re.IGNORECASE)
_AGED = re.compile(r"\b(?:ages?|aged)\b[^.;%]{0,24}$", re.IGNORECASE)
_HOUSEHOLDS = re.compile(r"\bhouseholds?\b", re.IGNORECASE)
_OTHER = {"persons": "households", "households": "persons"}
_NOUNS = {
    "households": r"households?",
    "persons": r"people|persons?|residents?|adults?|children|pupils?|respondents?|women|men|females?|males?"
    r"|participants?|users?|girls?|boys?|mothers?|fathers?|parents?|carers?|pensioners?|patients?",
}
_SCALES = {"thousand": "1000", "million": "1000000"}
_PER = re.compile(
    r"(?:\b(?:per|(?:in|for) every)\s|/\s?(?=10))(?P<of>\d{1,3}(?:,\d{3})+|\d{2,7})(?![\d.,/]*\d)|"
    r"\bper\s(?:an?\s|one\s)?(?:(?P<ten>hundred)\s)?(?P<scale>thousand|million)\b",
    re.IGNORECASE,
)
_BESIDE = re.compile(r"\s?\(?(?:[a-z-]+\s){0,3}", re.IGNORECASE)
_NO_WORDS: Mapping[str, tuple[str, ...]] = {}


@lru_cache(maxsize=64)
def _noun_after(unit: str, words: tuple[str, ...]) -> re.Pattern[str]:
    """A noun that counts in a unit, up to two words after a number: the plain ones, and those of the vocabulary.

    A group of households may be labelled by whoever lives there; girls are people all the same.
    """
    of_others = re.compile(rf"\b(?:{_NOUNS[_OTHER[unit]]})$", re.IGNORECASE)
    nouns = "|".join([_NOUNS[unit], *(re.escape(word) for word in words if not of_others.search(word))])
    return re.compile(rf"\s(?:[a-z-]+\s){{0,2}}?({nouns})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Resolved:
    """A figure and the number it was resolved to; `why` says why not, where there is none."""

    field: str
    numeral: Numeral | None
    why: str = ""
    ambiguous: bool = False


def resolve(
    figure: Figure,
    unit: str | None,
    passage: str,
    index: int | None = None,
    counted: Mapping[str, tuple[str, ...]] = _NO_WORDS,
) -> Resolved:
    """Resolve one figure of a record in the folded text of its passage.

    `unit` is the figure's unit; None lets any pass. `index` says which number of the passage, from 1. `counted`
    are further nouns by the unit they count in: those of the vocabulary.
    """
    found = numerals(passage)
    if unit == "rank":
        found = found + ordinals(passage)
    if index is not None:
        chosen = found[index - 1] if index <= len(found) else None
        if chosen is None:
            return Resolved(figure.field, None, f"the fragment has {len(found)} numbers, not {index}")
        reason = _mismatch(figure.value, unit, chosen, passage, counted)
        return Resolved(figure.field, None if reason else chosen, reason)
    fitting = [each for each in found if not _mismatch(figure.value, unit, each, passage, counted)]
    eligible = [each for each in fitting if not is_age_or_date(each, passage)]
    if len(eligible) == 1:
        return Resolved(figure.field, eligible[0])
    if len(eligible) > 1:
        why = f"{len(eligible)} numbers of the fragment are {figure.value}"
        return Resolved(figure.field, None, why, ambiguous=True)
    if fitting:
        return Resolved(figure.field, None, f"{fitting[0].printed} stands there as an age or a date")
    return Resolved(figure.field, None, _nearest(figure.value, unit, found, passage, counted))


def _mismatch(
    value: Decimal, unit: str | None, numeral: Numeral, passage: str, counted: Mapping[str, tuple[str, ...]]
) -> str:
    """Why a number is not the figure; empty where it is."""
    if numeral.value != value:
        return f"{numeral.printed.strip()} is not {value}"
    if not same_figure(value, numeral):
        return f"it is printed as {numeral.printed.strip()}, with other digits"
    if unit is not None and not _unit_fits(unit, numeral, passage, counted):
        return f"it is printed as {numeral.printed.strip()}{_noun(numeral, passage)}, not in {unit}"
    return ""


def _unit_fits(unit: str, numeral: Numeral, passage: str, counted: Mapping[str, tuple[str, ...]]) -> bool:
    if unit == PERCENT:
        return numeral.unit == PERCENT
    currency = next((name for name in CURRENCIES if unit == name or unit.startswith(f"{name}-")), None)
    if currency:
        return numeral.unit == currency
    if numeral.unit is not None or rate_disagrees(unit, counted.get(unit, ()), passage, numeral.end):
        return False
    other = _OTHER.get(unit)
    rival = _noun_after(other, counted.get(other, ())).match(passage, numeral.end) if other else None
    if rival is None:
        return True
    own = _noun_after(unit, counted.get(unit, ())).match(passage, numeral.end)
    if own is None or own.start(1) == rival.start(1):
        return own is not None
    first, second = (own, rival) if own.start(1) < rival.start(1) else (rival, own)
    # The first noun is what is counted ("households of lodgers"), unless the next takes it in ("adult households").
    return (second if second.start(1) == first.end(1) + 1 else first) is own


def rate_disagrees(unit: str, forms: tuple[str, ...], text: str, end: int | None = None) -> str:
    """What a text prints a number to be a rate of ("per 100,000") where its unit is another; empty where it agrees.

    `forms` are the printed forms of the unit. Behind the number, which ends at `end`, stands what it is a rate of; a
    rate that prints nothing there is of what the rest of the text names.
    """
    own = _rates(unit, forms)
    beside = _BESIDE.match(text, end) if end is not None else None
    behind = _PER.match(text, beside.end()) if beside else None
    if behind is None and end is not None:
        behind = _PER.match(text, end + 1) or _PER.match(text, end)
    named = [behind] if behind else [*_PER.finditer(text)] if own else []
    return "" if not named or own & {_per(match) for match in named} else named[0][0]


@lru_cache(maxsize=64)
def _rates(unit: str, forms: tuple[str, ...]) -> frozenset[str]:
    """How many a unit is a rate of, by its printed forms; nothing where it is no rate."""
    return frozenset(_per(match) for form in (*forms, unit.replace("-", " ")) for match in _PER.finditer(form))


def _per(match: re.Match[str]) -> str:
    """How many a rate is of, in plain digits."""
    if match["of"]:
        return match["of"].replace(",", "")
    return _SCALES[match["scale"].lower()] + ("00" if match["ten"] else "")


def names_unit(unit: str, passage: str) -> bool:
    """Whether a passage names a counting unit that is never taken for granted: households, unlike people."""
    return unit != "households" or bool(_HOUSEHOLDS.search(passage))


def _noun(numeral: Numeral, passage: str) -> str:
    match = re.match(r"\s(?:per\s[\d,]*\d|[a-z]+)", passage[numeral.end :])
    return match[0] if match and numeral.unit is None else ""


def is_age_or_date(numeral: Numeral, passage: str) -> bool:
    """Whether a number stands as an age, a bound of one, a year, or in a date."""
    if numeral.unit is not None or numeral.value is None:
        return False
    dated = in_date(numeral.start, numeral.end, passage)
    if dated or numeral.in_words:
        return dated
    before, after = passage[: numeral.start], passage[numeral.end :]
    if re.fullmatch(YEAR, numeral.printed) or re.search(rf"\b{YEAR}\s?[-/]$", before):
        return True
    if numeral.value > 120 or "," in numeral.printed:
        return False
    if re.match(r"s\b", after) and not re.search(r"\b(?:over|under)[\s-]$", before, re.IGNORECASE):
        return False
    return bool(
        _AGE_AFTER.match(after)
        or (_AGE_BEFORE.search(before) and not re.search(r"\b(?:over|under|between)\s*\(?$", before, re.IGNORECASE))
        or (_AGE_RANGE_END.search(before) and re.match(r"[\s-]years?\b", after))
        or (_AGED.search(before) and re.fullmatch(r"\d{1,3}", numeral.printed) and _in_age_run(before))
    )


def _in_age_run(before: str) -> bool:
    """Whether only ages stand between "aged" and here ("aged 19, 20 and 21")."""
    tail = before[max(found.start() for found in re.finditer(r"\b(?:ages?|aged)\b", before, re.IGNORECASE)) :]
    return bool(
        re.fullmatch(
            r"(?:ages?|aged)\s(?:over\s|under\s|between\s)?(?:\d{1,3}(?!\d)(?:\s?(?:,|-|to|and|or)\s?|\s)*)*",
            tail,
            re.IGNORECASE,
        )
    )


def _nearest(
    value: Decimal, unit: str | None, found: list[Numeral], passage: str, counted: Mapping[str, tuple[str, ...]]
) -> str:
    same = [each for each in found if each.value == value]
    if same:
        return _mismatch(value, unit, same[0], passage, counted)
    printed = ", ".join(each.printed.strip() for each in found) or "no number"
    return f"the fragment has {printed}"
