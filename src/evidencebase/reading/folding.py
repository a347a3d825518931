"""Folding: two texts that a reader would call the same become the same, and no digit is ever lost.

What is folded: white space, line ends, quotes, dashes, ligatures, vulgar fractions, raised decimal
points, superscripts, hyphens at a line's end. What is never thrown away: digits, decimal points,
signs, `%`, `<`, `>`, currency, brackets, thousands commas. Every offset in the folded text leads
back to its place in the text as it was read.

Three private characters stand for what may be present or absent in print: `OPTIONAL_HYPHEN` for a
hyphen at a line's end between letters, and ten footnote digits for superscripts and for digits that
stand between a letter or punctuation and a space.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from hashlib import sha256

FOLDING_VERSION = "1"
OPTIONAL_HYPHEN = "\ue000"
_FOOTNOTE_ZERO = 0xE010
_FOOTNOTES = "".join(chr(_FOOTNOTE_ZERO + digit) for digit in range(10))
# With a note that stands alone between spaces goes one of them.
IGNORABLE = re.compile(f"(?<![^ ])[{_FOOTNOTES}]+(?: |$)|[{OPTIONAL_HYPHEN}{_FOOTNOTES}]+")
_AS_FOOTNOTE = str.maketrans("0123456789", _FOOTNOTES)

_SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_SUPERSCRIPTS = {ord(char): chr(_FOOTNOTE_ZERO + digit) for digit, char in enumerate(_SUPERSCRIPT)}
_UNSEEN = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff"
_PLAIN = {
    **dict.fromkeys("‘’‚‛′´`ʼ", "'"), **dict.fromkeys("“”„‟″«»", '"'), **dict.fromkeys("‐‑‒–—―−﹣", "-"), "…": "...",
    **dict.fromkeys("⁄∕", "/"), **dict.fromkeys(_UNSEEN, ""),
    # The private characters that mark what may be absent cannot come from a document.
    **dict.fromkeys((OPTIONAL_HYPHEN, *_FOOTNOTES), "\ufffd"),
}  # fmt: skip
_RAISED_DOTS = "·•‧∙⋅˙"

_WORD = re.compile(r"[^\W_]+")
_SHORT = 200_000

_FOLDABLE = re.compile(
    r"(?P<hyphen>(?<=[^\W_])[-‐\u00ad][^\S\n]*\n\s*(?=[^\W_]))"
    rf"|(?P<before_percent>\s[\s{_UNSEEN}]*(?=[%％]))"
    rf"|(?P<space>\s(?:[{_UNSEEN}]*\s)+|[^\S ])"
    r"|(?P<other>(?:[A-Za-z](?=[\u0300-\u036f]))?[^\x00-\x7f\s]+)"
)
# A note's number hangs on a word or on closing punctuation that itself follows something other than a
# digit, so that the 5 of "2018.5" or the 954 of "2,954" can never be taken for one.
_FOOTNOTE = re.compile(
    rf"(?:(?<=[^\W\d_{_SUPERSCRIPT}¼-¾⅐-⅞①-⑳])"
    r"|(?<=[^\d\s⁰¹²³⁴⁵⁶⁷⁸⁹<>=≤≥~±(\[{/+*£$€-][.,;:!?)\]'\"])|(?<=[%)]))\d{1,2}(?=\s|$)"
)
_FOOTNOTE_WITHIN = re.compile(_FOOTNOTE.pattern.replace(r"(?=\s|$)", r"(?=\s)"))
_RUNS_INTO_NUMBER = re.compile(rf"[{_SUPERSCRIPT}]{{1,40}}[.,]?[\d¼-¾⅐-⅞]")


@dataclass(frozen=True)
class _Map:
    """A piecewise map of offsets: at `here[i]` the other text stands at `there[i]`, one to one from there on."""

    here: array[int] = field(default_factory=lambda: array("Q", [0]))
    there: array[int] = field(default_factory=lambda: array("Q", [0]))

    def note(self, here: int, there: int) -> None:
        self.here.append(here)
        self.there.append(there)

    def lead(self, offset: int) -> int:
        """The offset in the other text."""
        index = bisect_right(self.here, offset) - 1
        return self.there[index] + offset - self.here[index]


@dataclass(frozen=True)
class Folded:
    """A folded text. `text` is without what may be absent; `marked` still has it."""

    source: str = field(repr=False)
    marked: str
    text: str
    to_source: _Map = field(repr=False)
    to_marked: _Map = field(repr=False)

    def places(self, words: str) -> Iterator[int]:
        """Every offset at which the words stand, in order, their first and last word whole.

        A long text is searched through the rarest of the words.
        """
        if len(self.text) <= _SHORT:
            start = self.text.find(words)
            while start >= 0:
                yield start
                start = self.text.find(words, start + 1)
            return
        rarest = min(_WORD.finditer(words), key=lambda match: len(self._words.get(match[0], ())), default=None)
        if rarest is None:
            yield from (match.start() for match in re.finditer(f"(?={re.escape(words)})", self.text))
            return
        for offset in self._words.get(rarest[0], ()):
            start = offset - rarest.start()
            if start >= 0 and self.text.startswith(words, start):
                yield start

    @cached_property
    def _words(self) -> dict[str, array[int]]:
        index: dict[str, array[int]] = {}
        for match in _WORD.finditer(self.text):
            word = match[0]
            if word in index:
                index[word].append(match.start())
            else:
                index[word] = array("Q", (match.start(),))
        return index

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]` stands in the source."""
        first = self.to_source.lead(self.to_marked.lead(start))
        last = self.to_source.lead(self.to_marked.lead(end - 1)) + 1 if end > start else first
        while last < len(self.source) and unicodedata.combining(self.source[last]):
            last += 1
        return first, last

    def marked_span(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]` stands in `marked`."""
        first = self.to_marked.lead(start)
        return first, (self.to_marked.lead(end - 1) + 1 if end > start else first)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the folded text: equal for renditions that differ in nothing that counts."""
        return sha256(self.marked.encode("utf-8")).hexdigest()


def fold(source: str, *, goes_on: bool = False) -> Folded:
    """Fold a text, keeping the way back to it.

    `goes_on` says that it is cut from a longer one: digits at its very end ("vitamin B12") are then no note.
    """
    marked, to_source = _fold_characters(source)
    notes = _FOOTNOTE_WITHIN if goes_on else _FOOTNOTE
    marked = notes.sub(lambda match: match[0].translate(_AS_FOOTNOTE), marked)
    text, to_marked = _drop_ignorable(marked)
    return Folded(source, marked, text, to_source, to_marked)


def _fold_characters(source: str) -> tuple[str, _Map]:
    if source.isascii() and source.isprintable() and "  " not in source and " %" not in source:
        return source, _Map()  # most fragments have nothing to fold
    pieces: list[str] = []
    back = _Map()
    last = length = 0
    for match in _FOLDABLE.finditer(source):
        for start, end, piece in _replacements(match):
            pieces += (source[last:start], piece)
            length += start - last
            if len(piece) != end - start:
                for index in range(len(piece)):
                    back.note(length + index, min(start + index, end - 1))
                back.note(length + len(piece), end)
            length += len(piece)
            last = end
    pieces.append(source[last:])
    return "".join(pieces), back


def _replacements(match: re.Match[str]) -> Iterator[tuple[int, int, str]]:
    """What takes the place of a match: one piece, or one for each character where none of them combine."""
    start, end = match.span()
    if match.lastgroup != "other":
        yield start, end, _replacement(match)
        return
    characters = [_character(match.string, place) for place in range(start, end)]
    folded = "".join(characters)
    composed = unicodedata.normalize("NFC", folded)
    if composed != folded:
        yield start, end, composed
        return
    for place, character in enumerate(characters, start):
        yield place, place + 1, character


def _replacement(match: re.Match[str]) -> str:
    kind = match.lastgroup
    text, start, end = match.string, match.start(), match.end()
    if kind == "hyphen":
        if text[start - 1].isnumeric() or text[end].isnumeric():
            return "-"
        return OPTIONAL_HYPHEN
    if kind == "before_percent":
        return ""
    return " "


def _character(text: str, place: int) -> str:
    char, before, after = text[place], text[place - 1 : place], text[place + 1 : place + 2]
    if char in _SUPERSCRIPT:
        # Left out before a digit, a note's number would make one number of two: 5²3 is not 53.
        return char if _RUNS_INTO_NUMBER.match(text, place) else _SUPERSCRIPTS[ord(char)]
    if char in _PLAIN:
        return _PLAIN[char]
    if char in _RAISED_DOTS:
        return "." if before.isdecimal() and after.isdecimal() else char
    if unicodedata.category(char) == "No" and unicodedata.decomposition(char).startswith("<fraction>"):
        return char if after.isnumeric() and after not in _SUPERSCRIPT else _fraction(char, before)
    plain = unicodedata.normalize("NFKC", char)
    if char.isdecimal():
        return plain
    joins = (plain[0].isnumeric() and before.isnumeric()) or (plain[-1].isnumeric() and after.isnumeric())
    return char if joins or any(part.isspace() for part in plain) else plain


def _fraction(char: str, before: str) -> str:
    """A vulgar fraction as a decimal ("2½" is 2.5); one without a finite decimal stays a fraction ("2 1/3")."""
    value = Fraction(unicodedata.numeric(char)).limit_denominator(100)
    if 1000 % value.denominator:
        return (" " if before.isnumeric() else "") + unicodedata.normalize("NFKC", char).replace("\u2044", "/")
    decimal = format(float(value), "g")
    return decimal[1:] if before.isdecimal() else decimal


def _drop_ignorable(marked: str) -> tuple[str, _Map]:
    pieces: list[str] = []
    back = _Map()
    last = length = 0
    for match in IGNORABLE.finditer(marked):
        pieces.append(marked[last : match.start()])
        length += match.start() - last
        last = match.end()
        back.note(length, last)
    pieces.append(marked[last:])
    return "".join(pieces), back
