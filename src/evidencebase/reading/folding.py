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
IGNORABLE = re.compile(f"[{OPTIONAL_HYPHEN}{_FOOTNOTES}]+")
_AS_FOOTNOTE = str.maketrans("0123456789", _FOOTNOTES)

_SUPERSCRIPTS = {ord(char): chr(_FOOTNOTE_ZERO + digit) for digit, char in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}
_PLAIN = {
    **dict.fromkeys("‘’‚‛′´`ʼ", "'"), **dict.fromkeys("“”„‟″«»", '"'), **dict.fromkeys("‐‑‒–—―−﹣", "-"), "…": "...",
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff", ""),
}  # fmt: skip
_RAISED_DOTS = "·•‧∙⋅˙"

_WORD = re.compile(r"[^\W_]+")
_SHORT = 200_000

_FOLDABLE = re.compile(
    r"(?P<hyphen>(?<=[^\W_])[-‐\u00ad][^\S\n]*\n\s*(?=[^\W_]))"
    r"|(?P<before_percent>\s+(?=[%％]))"
    r"|(?P<space>\s{2,}|[^\S ])"
    r"|(?P<other>[^\x00-\x7f\s]+)"
)
# A note's number hangs on a word or on closing punctuation that itself follows something other than a
# digit, so that the 5 of "2018.5" or the 954 of "2,954" can never be taken for one.
_FOOTNOTE = re.compile(r"(?:(?<=[^\W\d_])|(?<=[^\d\s][.,;:!?)\]'\"])|(?<=[%)]))\d{1,2}(?=\s|$)")


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
        last = self.to_source.lead(self.to_marked.lead(end - 1)) if end > start else first - 1
        return first, last + 1

    def marked_span(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]` stands in `marked`."""
        first = self.to_marked.lead(start)
        return first, (self.to_marked.lead(end - 1) + 1 if end > start else first)

    def digest(self) -> str:
        """SHA-256 of the folded text: equal for renditions that differ in nothing that counts."""
        return sha256(self.marked.encode("utf-8")).hexdigest()


def fold(source: str) -> Folded:
    """Fold a text, keeping the way back to it."""
    marked, to_source = _fold_characters(source)
    marked = _FOOTNOTE.sub(lambda match: match[0].translate(_AS_FOOTNOTE), marked)
    text, to_marked = _drop_ignorable(marked)
    return Folded(source, marked, text, to_source, to_marked)


def _fold_characters(source: str) -> tuple[str, _Map]:
    pieces: list[str] = []
    back = _Map()
    last = length = 0
    for match in _FOLDABLE.finditer(source):
        start, end = match.span()
        pieces.append(source[last:start])
        length += start - last
        piece = _replacement(match)
        pieces.append(piece)
        length += len(piece)
        if len(piece) != end - start:
            if piece:
                back.note(length - 1, end - 1)
            back.note(length, end)
        last = end
    pieces.append(source[last:])
    return "".join(pieces), back


def _replacement(match: re.Match[str]) -> str:
    kind = match.lastgroup
    text, start, end = match.string, match.start(), match.end()
    if kind == "hyphen":
        if text[start - 1].isdigit() or text[end].isdigit():
            return "-"
        return OPTIONAL_HYPHEN
    if kind == "before_percent":
        return ""
    if kind == "space":
        return " "
    before = text[start - 1 : start]
    after = text[end : end + 1]
    folded = "".join(
        _character(char, before if index == 0 else match[0][index - 1], (match[0] + after)[index + 1 : index + 2])
        for index, char in enumerate(match[0])
    )
    return unicodedata.normalize("NFC", folded)


def _character(char: str, before: str, after: str) -> str:
    if ord(char) in _SUPERSCRIPTS:
        return _SUPERSCRIPTS[ord(char)]
    if char in _PLAIN:
        return _PLAIN[char]
    if char in _RAISED_DOTS:
        return "." if before.isdigit() and after.isdigit() else char
    if unicodedata.category(char) == "No" and unicodedata.decomposition(char).startswith("<fraction>"):
        return _fraction(char, before)
    return unicodedata.normalize("NFKC", char)


def _fraction(char: str, before: str) -> str:
    """A vulgar fraction as a decimal ("2½" is 2.5); one without a finite decimal stays a fraction."""
    value = Fraction(unicodedata.numeric(char)).limit_denominator(100)
    if 1000 % value.denominator:
        return unicodedata.normalize("NFKC", char).replace("\u2044", "/")
    decimal = format(float(value), "g")
    return decimal[1:] if before.isdigit() else decimal


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
