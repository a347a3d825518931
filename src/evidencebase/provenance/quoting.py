"""The few words of a document that may stand in a record: a fragment around a mention, and where it is, for people.

A fragment has at most 12 words and 90 characters, is never a whole sentence, and matches as `passages.py` matches.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from evidencebase.model.values import MAX_FRAGMENT_CHARACTERS, MAX_FRAGMENT_WORDS
from evidencebase.provenance.mentions import Mention, Reading
from evidencebase.provenance.passages import locate
from evidencebase.reading.structure import Part, Span

_NO_SENTENCE = (Part.HEADING, Part.CAPTION, Part.ROW)
_ENDS = re.compile(r"[.!?][\"'”’)\]]*\s*$")
_SHORTEST_END = 4
_LONGEST_LOCATOR = 60
_TOKENS = re.compile(r"[£$€]?\w[\w.,/@:+%’'–-]*(?<![.,:/])")
_PARTS = re.compile(r"[^\w\s%’'–-]")
_NUMBERED = re.compile(r"\s*(?:#+\s*)?((?:Section|Appendix|Chapter|Part)\s+\w+|\d{1,2}(?:\.\d{1,2})*(?=[.)]?\s))")
_LABELLED = re.compile(r"\s*(\w+\.?\s+[A-Z]?\d+(?:\.\d+)*)")


def words_at(reading: Reading, span: Span) -> str:
    """The words between two offsets, on one line."""
    return " ".join(reading.document.text[slice(*span)].split())


def holds(span: Span, other: Span) -> bool:
    """Whether one stretch of text lies within another."""
    return span[0] <= other[0] and other[1] <= span[1]


def parted(text: str, start: int, end: int) -> bool:
    """Whether a sign that parts words (a stop, a comma, a bracket) stands between two offsets."""
    return _PARTS.search(text, start, end) is not None


def fragment_of(reading: Reading, mention: Mention, near: int | None) -> str | None:
    """The fewest words around a mention that stand in one place, else those of which the nearest to `near` is meant.

    `near` is an offset in the folded text; None: they stand in one place. Words that go well together come first: no
    sign parts them, and none of those put to the mention ends them short. None where there is no such fragment.
    """
    text = reading.document.text
    spans = list(_windows(reading, mention))
    tidy = [span for span in spans if _tidy(text, span, mention)]
    for choice, place in ((tidy, None), (tidy, near), (spans, None), (spans, near)):
        for span in choice:
            words = words_at(reading, span)
            passage = locate(reading.document, words, near=place)
            if passage.state.passes and holds((passage.source_start, passage.source_end), mention.span):
                return words
    return None


def only_here(reading: Reading, spans: Iterable[Span]) -> tuple[str, int] | None:
    """The first of several stretches that makes a fragment which stands in one place, and where it starts."""
    for span in spans:
        words = words_at(reading, span)
        if len(words) <= MAX_FRAGMENT_CHARACTERS and len(words.split()) <= MAX_FRAGMENT_WORDS:
            passage = locate(reading.document, words)
            if passage.state.passes:
                return words, passage.source_start
    return None


def runs(reading: Reading, within: Span, *, closing: bool = False) -> Iterator[Span]:
    """The first words of a sentence or heading, or the last: of a heading as many as there are, else more and more."""
    tokens = [match.span() for match in _TOKENS.finditer(reading.document.text, *within)]
    sentence = _is_sentence(reading, within)
    most = min(MAX_FRAGMENT_WORDS, len(tokens) - sentence)
    for count in range(min(3, most), most + 1) if sentence else range(most, 0, -1):
        if count > 0:
            chosen = tokens[-count:] if closing else tokens[:count]
            yield chosen[0][0], chosen[-1][1]


def locator_of(reading: Reading, offset: int) -> str | None:
    """Where words stand, for people: a table by its number, a section by that of its heading, a page, or a heading."""
    text = reading.document.text
    unit = reading.structure.unit(offset)
    if unit is None:
        return None
    if unit.part is Part.CAPTION and (label := _LABELLED.match(text, *unit.span)):
        return label[1]
    headings = [*([unit.span] if unit.part is Part.HEADING else []), *reversed(unit.headings)]
    for span in headings:
        if number := _NUMBERED.match(text, *span):
            return number[1]
    if page := reading.document.page(offset):
        return f"page {page}"
    nearest = words_at(reading, headings[0]) if headings else ""
    return nearest if 0 < len(nearest) <= _LONGEST_LOCATOR else None


def _windows(reading: Reading, mention: Mention) -> Iterator[Span]:
    """The words of a mention, then with one more and one more around, as far as a fragment of its sentence goes."""
    structure, text = reading.structure, reading.document.text
    around = structure.around(*mention.span)
    tokens = [match.span() for match in _TOKENS.finditer(text, *around)]
    first = next((index for index, token in enumerate(tokens) if token[1] > mention.start), None)
    last = next((index for index, token in enumerate(tokens) if token[1] >= mention.end), None)
    if first is None or last is None:
        return
    most = min(MAX_FRAGMENT_WORDS, len(tokens) - _is_sentence(reading, around))
    for more in range(most - (last - first)):
        for before in sorted(range(more + 1), key=lambda count, more=more: abs(2 * count - more)):  # type: ignore[misc]
            left, right = first - before, last + more - before
            if left >= 0 and right < len(tokens):
                span = min(tokens[left][0], mention.start), max(tokens[right][1], mention.end)
                if len(words_at(reading, span)) <= MAX_FRAGMENT_CHARACTERS:
                    yield span


def _is_sentence(reading: Reading, span: Span) -> bool:
    """Whether a stretch is a sentence: no heading, caption or row, and it ends as sentences do."""
    unit = reading.structure.unit(span[0])
    part = unit.part if unit is not None else Part.PARAGRAPH
    return part not in _NO_SENTENCE and _ENDS.search(reading.document.text, *span) is not None


def _tidy(text: str, span: Span, mention: Mention) -> bool:
    """Whether the words put to a mention hang together with it: no sign parts them, and no short word ends them."""
    ends = text[span[0] : mention.start].split()[:1] + text[mention.end : span[1]].split()[-1:]
    apart = parted(text, span[0], mention.start) or parted(text, mention.end, span[1])
    return not apart and all(len(each) >= _SHORTEST_END for each in ends)
