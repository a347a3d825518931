"""Numbers in text: each one parsed to its value and unit, so that figures are compared as numbers.

Understood: thousands commas, decimals, signs, `%` and "per cent", currency with k, m, bn and
"million", "1 in 5", "3/4", ranges that share a unit ("61 to 65%"), number words ("eight", "two-thirds")
and a word beside its figure ("nearly two-thirds (62%)", one number). Plain white space never
groups thousands: "1 234" is two numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

_MAGNITUDES = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000, "trillion": 1_000_000_000_000}
_ABBREVIATED = {"k": 1_000, "m": 1_000_000, "mn": 1_000_000, "bn": 1_000_000_000, "tn": 1_000_000_000_000}
_SCALES = _MAGNITUDES | _ABBREVIATED | {"hundred": 100}
_CURRENCY = {"£": "gbp", "€": "eur", "$": "usd"}
_UNITS = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SMALL = {word: value for value, word in enumerate(_UNITS)} | {word: 20 + 10 * i for i, word in enumerate(_TENS)}
_PARTS = {"half": 2, "halves": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_ORDINAL_WORDS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_ORDINALS = {word: value for value, word in enumerate(_ORDINAL_WORDS, start=1)}

_WORD = "|".join([*_UNITS[::-1], *_TENS])
_BELOW_HUNDRED = rf"(?:(?:{'|'.join(_TENS)})(?:[\s-](?:{'|'.join(_UNITS[1:10])})\b)?|(?:{_WORD}))"
_HUNDREDS = (
    rf"(?:(?:a|{_WORD})\shundred(?:\sand\s{_BELOW_HUNDRED})?|{_BELOW_HUNDRED}|a(?=\s(?:{'|'.join(_MAGNITUDES)})))"
)
_BIG = "|".join(_MAGNITUDES)
_PART = "|".join(f"{part}s?" for part in _PARTS)
_MIXED = rf"(?:(?:{_WORD})\sand\s)?(?:an?\s|(?:{_WORD})[\s-])?(?:{_PART})"
# The first line is only for speed: it leaves the places where no number can start.
_NUMBER = re.compile(
    rf"(?=[-+\d.<>≤≥~±£€$]|(?<![\w-])(?=[aefhmnoqstz])(?:an?\s|minus\s|{_WORD}|{'|'.join(_PARTS)}))(?:"
    r"(?<![\w.,£€$<>~/-])(?P<part>[1-9]\d{0,2})(?:\sin\s(?:every\s)?|/(?=(?:[2-9]|10)\b))(?P<of>1,?000|[1-9]\d{0,2})\b(?![.,/-]\d|%)"
    r"|(?P<relation>(?<![^\s(])(?:[<>]=?|[≤≥~±])\s?)?"
    r"(?P<sign>(?<![\w)\]%.,])[-+]|\bminus\s)?"
    r"(?P<currency>[£€$]\s?)?"
    r"(?P<digits>(?<![\w])\d+(?:[.,]\d+)*|(?<![\w.,])\.\d+)"
    r"(?P<percent>\s?%|[\s-](?:per[\s-]?cent|percentage[\s-]points?)\b)?"
    rf"(?P<scale>(?:\s?(?:bn|mn|tn)|(?(currency)\s?)[km]|[\s-](?:{_BIG}|hundred))\b)?"
    r"(?P<suffix>(?:st|nd|rd|th|e[+-]?\d+)\b|\s?‰)?"
    r"(?P<behind>\s?€(?!\s?\d))?"
    rf"|(?<![\w-])(?P<words>{_MIXED}(?:\sof)?(?:\san?)?\s(?:{_BIG})(?=(?P<scaled>))"
    rf"|(?:{_WORD})\sand\s(?:an?\s|(?:{_WORD})[\s-])?(?:{_PART})(?=(?P<mixed>))"
    rf"|(?:an?\s|(?:{_WORD})[\s-])?(?:{_PART})(?=[\s.,;:)]|$)(?=(?P<fraction>))"
    rf"|(?:{_WORD})\sin\s(?:every\s)?(?:{_WORD})\b(?=(?P<ratio>))"
    rf"|(?:{_HUNDREDS}\s(?:{_BIG})(?:(?:,\s(?=[a-z]+\shundred)|\s(?:and\s)?){_HUNDREDS}(?:\s(?:{_BIG}))?)*"
    rf"|{_HUNDREDS}))(?![\w])"
    r"(?P<percent_in_words>(?:(?:\sof)?\s(?:an?|one))?[\s-](?:per[\s-]?cent|percentage[\s-]points?)\b)?)",
    re.IGNORECASE,
)
_ANY_WORD = "|".join([*_UNITS, *_TENS, *_PARTS, *_MAGNITUDES, "hundred", "thirds", "quarters", "fifths"])
_GOES_ON_BEFORE = re.compile(
    rf"(?:[^\w\s()\"'%;:?!*\[\]]|\d|\b(?:{_ANY_WORD}|an?|in|and|every|of|minus))[\s-]?$", re.IGNORECASE
)
_GOES_ON_AFTER = re.compile(
    r"[\s-]?(?:[%‰]|\d|hundred\b|[.,]\d|(?:per|percent|percentage|k|m|mn|bn|tn"
    rf"|(?:(?:and|in|every|of|an?)\s){{0,3}}(?:\d|{_ANY_WORD}))\b)",
    re.IGNORECASE,
)
_TO = re.compile(r"\s?-\s?|\s(?:to|up to|or)\s", re.IGNORECASE)
_AND = re.compile(r"\sand\s", re.IGNORECASE)
_BETWEEN = re.compile(r"\bbetween\s$", re.IGNORECASE)
_ENDS_IN_SCALE = re.compile(rf"(?:\d|\s|-)(k|m|mn|bn|tn|hundred|{_BIG})$", re.IGNORECASE)
_WHOLE = re.compile(r"\d+(\.\d+)?|\d{1,3}(,\d{3})+(\.\d+)?|\.\d+")


@dataclass(frozen=True, slots=True)
class Numeral:
    """One number of a text: `value` in `unit` (percent, a currency, or None for a plain count).

    `value` is None where the digits are no number (a section "1.2.1"). `printed` is the text it
    stands in, from `start` to `end`. `relation` keeps `<`, `>`, `~`. `exact` says that `value` has
    the very digits that are printed; it is false for words, fractions and scaled figures.
    """

    start: int
    end: int
    printed: str
    value: Decimal | None
    unit: str | None
    relation: str | None = None
    exact: bool = True
    in_words: bool = False


def numerals(text: str) -> list[Numeral]:
    """Every number of a (folded) text in order; ranges share their unit, words join the figure beside them."""
    found = [numeral for match in _NUMBER.finditer(text) for numeral in _numerals(match)]
    return _join_words(text, _share_units(text, found))


def ordinals(text: str) -> list[Numeral]:
    """Ordinal words ("second lowest"), for ranks only."""
    pattern = re.compile(rf"\b({'|'.join(_ORDINALS)})\b", re.IGNORECASE)
    digits = re.compile(r"\b(\d+)(?:st|nd|rd|th)\b")
    found = [
        Numeral(m.start(), m.end(), m[0], Decimal(_ORDINALS[_lower(m[0])]), None, in_words=True)
        for m in pattern.finditer(text)
    ]
    return found + [Numeral(m.start(), m.end(), m[0], Decimal(m[1]), None) for m in digits.finditer(text)]


def parse_number(printed: str) -> Numeral | None:
    """A table cell as printed ("76,944", "7.7%", "£1.2m"); None where it is not exactly one number."""
    found = numerals(printed.strip())
    if len(found) == 1 and found[0].printed == printed.strip() and found[0].value is not None:
        return found[0]
    return None


def same_figure(value: Decimal, numeral: Numeral) -> bool:
    """Whether a record's value is the printed one: the same number, and the same digits where digits are printed."""
    if numeral.value is None or value != numeral.value:
        return False
    return not numeral.exact or value.as_tuple().exponent == numeral.value.as_tuple().exponent


def number_spans(text: str) -> list[tuple[int, int]]:
    """Where each number of a text stands, words and their figures apart."""
    return [match.span() for match in _NUMBER.finditer(text)]


def may_go_on(before: str, after: str) -> bool:
    """Whether a number could run on over the end of the text before, or into the text after, a passage."""
    return bool(_GOES_ON_BEFORE.search(before) or _GOES_ON_AFTER.match(after))


def _numerals(match: re.Match[str]) -> list[Numeral]:
    """One number, or the two of what looks like "1 in 5" and is not a share ("50 in 12 areas")."""
    if match["ratio"] is not None:
        return _ratio_in_words(match)
    if match["part"] is None:
        return [_numeral(match)]
    of = match["of"].replace(",", "")
    if int(match["part"]) < int(of):
        share = _percent(Fraction(int(match["part"]), int(of)))
        return [Numeral(match.start(), match.end(), match[0], share, "percent", exact=False)]
    return [
        Numeral(*match.span(name), match[name], Decimal(match[name].replace(",", "")), None) for name in ("part", "of")
    ]


def _numeral(match: re.Match[str]) -> Numeral:
    if match["words"]:
        value, unit = _words(_lower(match["words"]), match)
        if match["percent_in_words"]:  # half of one per cent is 0.5%
            value, unit = value / 100 if value is not None and unit else value, "percent"
        return Numeral(match.start(), match.end(), match[0], value, unit, exact=False, in_words=True)
    digits = match["digits"]
    # "5th" and "1e5" are one token each, and neither is 5.
    value = Decimal(digits.replace(",", "")) if _WHOLE.fullmatch(digits) and not match["suffix"] else None
    exact = True
    if value is not None and match["sign"] and match["sign"] != "+":
        value = -value
    unit = "percent" if match["percent"] else _CURRENCY.get((match["currency"] or match["behind"] or "").strip())
    if value is not None and match["scale"]:
        value, exact = value * _SCALES[_lower(match["scale"].strip().strip("-"))], False
    relation = match["relation"].strip() if match["relation"] else None
    return Numeral(match.start(), match.end(), match[0], value, unit, relation, exact)


def _lower(word: str) -> str:
    """Lower case as a search without regard to case takes it: ſ, İ and ı pass for s and i."""
    return word.casefold().replace("\u0307", "").replace("ı", "i")


def _ratio_in_words(match: re.Match[str]) -> list[Numeral]:
    """A ratio in words as a share ("one in five"), or the two numbers of "twelve in two areas"."""
    start = match.start("words")
    part, *_, whole = re.split(r"\s", match["words"])
    one, other = (Decimal(_SMALL[_lower(word)]) for word in (part, whole))
    if one < other:
        share = _percent(Fraction(int(one), int(other)))
        return [Numeral(start, match.end("words"), match["words"], share, "percent", exact=False, in_words=True)]
    second = match.end("words") - len(whole)
    return [
        Numeral(start, start + len(part), part, one, None, exact=False, in_words=True),
        Numeral(second, match.end("words"), whole, other, None, exact=False, in_words=True),
    ]


def _words(words: str, match: re.Match[str]) -> tuple[Decimal | None, str | None]:
    if match["scaled"] is not None:
        amount, magnitude = re.fullmatch(rf"(.+?)(?:\sof)?(?:\san?)?\s({_BIG})", words, re.DOTALL).groups()  # type: ignore[union-attr]
        return _finite(_mixed(amount) * _MAGNITUDES[magnitude]), None
    if match["mixed"] is not None:
        return _finite(_mixed(words)), None
    if match["fraction"] is not None:
        return _percent(_mixed(words)), "percent"
    total = current = 0
    for word in re.split(r",?[\s-]", words):
        if word in _SMALL:
            current += _SMALL[word]
        elif word == "hundred":
            current = (current or 1) * 100
        elif word in _MAGNITUDES:
            total, current = total + (current or 1) * _MAGNITUDES[word], 0
    return Decimal(total + current), None


def _mixed(words: str) -> Fraction:
    """A mixed number in words, such as "two and a half" or "a third", as a fraction."""
    *before, part = re.split(r"[\s-]", words)
    share = Fraction(1, _PARTS.get(part) or _PARTS[part.removesuffix("s")])
    if before and before[-1] in _SMALL:
        share *= _SMALL[before[-1]]
    return share + _SMALL[before[0]] if "and" in before else share


def _percent(share: Fraction) -> Decimal | None:
    """A share in percent, where it has a finite decimal (a third has none)."""
    return _finite(share * 100)


def _finite(number: Fraction) -> Decimal | None:
    return None if 10_000 % number.denominator else Decimal(number.numerator) / Decimal(number.denominator)


def _share_units(text: str, found: list[Numeral]) -> list[Numeral]:
    """Give both ends of a range one unit and scale: "61 to 65%", "between 3 and 4 per cent", "£5-10m"."""
    shared = list(found)
    for index in range(len(found) - 2, -1, -1):
        first, second = shared[index], shared[index + 1]
        between = text[first.end : second.start]
        is_range = _TO.fullmatch(between) or (
            _AND.fullmatch(between) and _BETWEEN.search(text[max(0, first.start - 10) : first.start])
        )
        if not is_range or first.in_words or second.in_words:
            continue
        if first.unit is None and second.unit == "percent":
            first = replace(first, unit=second.unit)
        elif first.unit in _CURRENCY.values() and second.unit is None and between.strip() == "-":
            second = replace(second, unit=first.unit)
        shared[index : index + 2] = [_share_scale(first, second), second]
    return shared


def _share_scale(first: Numeral, second: Numeral) -> Numeral:
    """The first end in the scale of the second: "5 to 10 million" starts at five million."""
    scale = _ENDS_IN_SCALE.search(second.printed)
    if scale is None or not first.exact or first.value is None or second.value is None:
        return first
    factor = _SCALES[_lower(scale[1])]
    if not 0 < first.value * factor < second.value:
        return first
    return replace(first, value=first.value * factor, exact=False)


def _join_words(text: str, found: list[Numeral]) -> list[Numeral]:
    """Drop a number word whose figure stands beside it in brackets: they are one number."""
    kept = []
    for index, numeral in enumerate(found):
        after = found[index + 1] if index + 1 < len(found) else None
        if numeral.in_words and after and re.fullmatch(r"\s?\(", text[numeral.end : after.start]):
            continue
        kept.append(numeral)
    return kept
