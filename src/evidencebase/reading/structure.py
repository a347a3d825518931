"""How a text hangs together: its headings, paragraphs, lists with what leads into them, captions, rows and sentences.

Offsets are those of the text as it was read. A line says what it is by how it begins and ends; nothing is known of
the topic. Copies of printed pages put an empty line between any two lines, so an empty line alone parts no paragraph.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from operator import attrgetter, itemgetter

Span = tuple[int, int]
_BEGIN, _FINISH, _START = itemgetter(0), itemgetter(1), attrgetter("start")

_LONGEST_HEADING = 110
_HEADING_DEPTH = 6
_SHORTEST_RUN = 3
_LONGEST_ROW = 70
_CAPTION = re.compile(
    r"\s*(?:Table|Figure|Fig\.|Chart|Map|Box|Graph)\s+[A-Z]?\d+(?:\.\d+)*[a-z]?\s*(?:[:.–—-]\s|(?=[A-Z]))"
)
_SOURCE = re.compile(r"\s*(?:Sources?|Notes?|Base)\s*:", re.IGNORECASE)
_ITEM = re.compile(r"\s*(?:[•▪●◦‣∙·*–-]|\(?[a-z]\)|[a-z]\.|\(?[ivx]{1,4}[.)]|\d{1,2}[.)])\s+(?=\S)")
_NUMBERED = re.compile(r"\s*(?:#{1,6}\s+|\d{1,2}(?:\.\d{1,2}){0,4}\.?\s+|(?:Appendix|Chapter|Section|Part)\s+\w+:?\s*)")
_SECTION = re.compile(r"\s*\d{1,2}(?:\.\d{1,2})+\.?\s+[A-Z]")
_NOTE = re.compile(r"([⁰¹²³⁴⁵⁶⁷⁸⁹]+)\s*(?=[\"'“‘(]?[A-Z])")
_NUMBERED_NOTE = re.compile(r"\s*(\d{1,3})[.)]\s")
_MARK = re.compile(r"(?<![\n⁰¹²³⁴⁵⁶⁷⁸⁹])[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_PLAIN_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_REFERENCES = re.compile(r"\b(?:references|notes|endnotes|footnotes|bibliography|sources)\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d[\d,.]*\s?%?")
_ENDS = re.compile(r"[.!?:;][\"'”’)\]]*[\d⁰¹²³⁴⁵⁶⁷⁸⁹,\s]*$")
# A full stop ends a sentence before a space and a capital; a note's number may hang on it.
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”’)\]]*(?:\d{1,3}|[⁰¹²³⁴⁵⁶⁷⁸⁹]+)?(?:,\d{1,3})*\s+(?=[\"'“‘(\[]?[A-Z0-9•])")
_ABBREVIATED = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|approx|ca|cf|vs|no|nos|dr|mr|mrs|ms|prof|st|fig|al|vol|pp|p|ed|eds)|\b[A-Z])\.$",
    re.IGNORECASE,
)


class Part(StrEnum):
    """What a stretch of text is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    CAPTION = "caption"
    SOURCE = "source"
    NOTE = "note"
    ROW = "row"


@dataclass(frozen=True)
class Unit:
    """One stretch of text of one kind: `lead_in` leads into an item of a list, `headings` are those it stands under."""

    part: Part
    start: int
    end: int
    headings: tuple[Span, ...] = ()
    lead_in: Span | None = None

    @property
    def span(self) -> Span:
        """From its first to behind its last character."""
        return self.start, self.end


@dataclass
class _Line:
    start: int
    end: int
    words: str
    after_gap: bool


@dataclass(frozen=True)
class Structure:
    """The units of one text in their order; each question of the whole text is answered once."""

    text: str = field(repr=False)
    _sentences: dict[int, list[Span]] = field(default_factory=dict, init=False, repr=False)
    _of_parts: dict[tuple[Part, ...], list[Unit]] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def units(self) -> list[Unit]:
        """Every unit, in order."""
        return _without_runs(_units(self.text), self.text)

    @cached_property
    def _starts(self) -> list[int]:
        return [unit.start for unit in self.units]

    @cached_property
    def _notes(self) -> dict[str, list[Unit]]:
        found: dict[str, list[Unit]] = {}
        for unit in self.units:
            if (mark := self._noted(unit)) is not None:
                found.setdefault(mark, []).append(unit)
        return found

    def index(self, offset: int) -> int:
        """The position among the units of the first that starts behind an offset."""
        return bisect_right(self._starts, offset)

    def unit(self, offset: int) -> Unit | None:
        """The unit that an offset stands in, or the one before it; None before the first."""
        index = bisect_right(self._starts, offset) - 1
        return self.units[index] if index >= 0 else None

    def next_of(self, parts: tuple[Part, ...], offset: int) -> Unit | None:
        """The first unit of one of these kinds that starts behind an offset."""
        return _first_behind(self._all_of(parts), offset)

    def _all_of(self, parts: tuple[Part, ...]) -> list[Unit]:
        if parts not in self._of_parts:
            self._of_parts[parts] = [unit for unit in self.units if unit.part in parts]
        return self._of_parts[parts]

    def sentences(self, unit: Unit) -> list[Span]:
        """The sentences of a unit; a heading, caption or row is one."""
        if unit.start not in self._sentences:
            self._sentences[unit.start] = self._parted(unit)
        return self._sentences[unit.start]

    def _parted(self, unit: Unit) -> list[Span]:
        if unit.part not in (Part.PARAGRAPH, Part.ITEM):
            return [unit.span]
        found, start = [], unit.start
        for match in _SENTENCE_END.finditer(self.text, unit.start, unit.end):
            # What goes before the sign is looked at, not what a note's number put behind it.
            if _ABBREVIATED.search(self.text, max(start, match.start() - 8), match.start()):
                continue
            found.append((start, match.end()))
            start = match.end()
        return [*found, (start, unit.end)] if start < unit.end else found

    def around(self, start: int, end: int) -> Span:
        """From the beginning of the sentence in which a passage starts to the end of that in which it ends."""
        first, last = self.unit(start), self.unit(max(start, end - 1))
        if first is None or last is None:
            return start, end
        opening, closing = self.sentences(first), self.sentences(last)
        begin = opening[max(0, bisect_right(opening, start, key=_BEGIN) - 1)][0]
        index = bisect_left(closing, end, key=_FINISH)
        return min(begin, start), closing[index][1] if index < len(closing) else end

    def before(self, start: int) -> list[Span]:
        """The sentences of the paragraph or item that stand before the one of an offset, the nearest first."""
        unit = self.unit(start)
        if unit is None:
            return []
        return [span for span in self.sentences(unit) if span[1] <= start][::-1]

    def notes(self, start: int, end: int) -> list[Span]:
        """The notes whose marks stand between two offsets: of each mark the first note behind it."""
        marks = [match[0] for match in _MARK.finditer(self.text, start, min(end + 4, len(self.text)))]
        found = (_first_behind(self._notes.get(mark.translate(_PLAIN_DIGITS), []), start) for mark in marks)
        return [unit.span for unit in found if unit is not None]

    def _noted(self, unit: Unit) -> str | None:
        """The mark of which a unit is the note: a raised number, or that of a numbered list of references."""
        if unit.part is Part.NOTE and (raised := _NOTE.match(self.text, unit.start)):
            return raised[1].translate(_PLAIN_DIGITS)
        numbered = _NUMBERED_NOTE.match(self.text, unit.start)
        heading = self.text[slice(*unit.headings[-1])] if unit.headings else ""
        return numbered[1] if numbered and _REFERENCES.search(heading) else None

    def section(self, offset: int) -> Span:
        """From the last heading before an offset to the next one behind it."""
        headings = self._all_of((Part.HEADING,))
        index = bisect_right(headings, offset, key=_START)
        first = headings[index - 1].start if index else 0
        return first, headings[index].start if index < len(headings) else len(self.text)


def _first_behind(units: list[Unit], offset: int) -> Unit | None:
    """The first of these units, which are in order, that starts behind an offset."""
    index = bisect_right(units, offset, key=_START)
    return units[index] if index < len(units) else None


def _lines(text: str) -> list[_Line]:
    lines, start, gap = [], 0, True
    for raw in text.split("\n"):
        words = raw.strip()
        if words:
            lines.append(_Line(start, start + len(raw), words, gap))
            gap = False
        else:
            gap = True
        start += len(raw) + 1
    return lines


def _part(line: _Line, before: _Line | None, after: _Line | None) -> Part:
    """What begins with a line; a paragraph where nothing says otherwise."""
    words = line.words
    if _NOTE.match(words):
        return Part.NOTE
    if _SOURCE.match(words):
        return Part.SOURCE
    if _CAPTION.match(words) and not _runs_on(before, line):
        return Part.CAPTION
    if _row(words):
        return Part.ROW
    if _heading(line, before, after):
        return Part.HEADING
    return Part.ITEM if _ITEM.match(words) else Part.PARAGRAPH


def _row(words: str) -> bool:
    """Whether a line is a row of a table: a short label and then numbers, or cells apart by bars or tabs."""
    numbers = _NUMBER.findall(words)
    rest = _NUMBER.sub(" ", words)
    if words.count("|") >= 2 or "\t" in words:
        return bool(numbers)
    if re.match(r"\d{1,2}(?:\.\d{1,2})+\.?\s+[A-Z]", words):
        return False
    return len(numbers) >= 2 and len(rest.split()) <= 6 and words[-1] in "0123456789%"


def _heading(line: _Line, before: _Line | None, after: _Line | None) -> bool:
    words = line.words
    if len(words) > _LONGEST_HEADING or words.endswith((".", ",", ";", ":")) or not words[:1].isprintable():
        return False
    letters = [char for char in words if char.isalpha()]
    if len(letters) < 3 or (_runs_on(before, line) and not _SECTION.match(words)):
        return False
    if words.startswith("#") or "".join(letters).isupper():
        return True
    numbered = _NUMBERED.match(words)
    opening = words[numbered.end() :] if numbered else words
    if not opening[:1].isupper():
        return False
    ends = after is None or after.words[:1].isupper() or not after.words[:1].isalpha()
    if numbered and numbered[0].strip()[:1].isdigit():
        return ends and len(opening.split()) <= 12
    short = len(words.split()) <= 9
    return (
        short
        and line.after_gap
        and ends
        and (after is None or after.after_gap or bool(_ITEM.match(after.words)))
        and not _ITEM.match(words)
    )


def _runs_on(before: _Line | None, line: _Line) -> bool:
    """Whether a line goes on with the sentence of the line before it."""
    if before is None or _ENDS.search(before.words):
        return False
    return line.words[:1].islower() or (not line.after_gap and len(before.words) > _LONGEST_HEADING // 2)


def _units(text: str) -> list[Unit]:
    """Lines put together to units, each with the headings above it and what leads into it."""
    lines = _lines(text)
    found: list[Unit] = []
    headings: list[tuple[int, Span]] = []
    lead_in: Span | None = None
    previous: _Line | None = None
    for index, line in enumerate(lines):
        part = _part(line, previous, lines[index + 1] if index + 1 < len(lines) else None)
        if part in (Part.PARAGRAPH, Part.HEADING) and found and _in_table(found[-1], line):
            part = Part.ROW
        if part is Part.PARAGRAPH and found and _continues(found[-1], previous, line):
            found[-1] = Unit(found[-1].part, found[-1].start, line.end, found[-1].headings, found[-1].lead_in)
            previous = line
            continue
        if part is Part.HEADING:
            depth = _depth(line.words)
            headings = [(its, span) for its, span in headings if its < depth]
            chain = tuple(span for _, span in headings)
            headings.append((depth, (line.start, line.end)))
            lead_in = None
        else:
            chain = tuple(span for _, span in headings)
            if part is Part.ITEM:
                last = found[-1] if found else None
                if last is not None and last.part is Part.PARAGRAPH:
                    lead_in = last.span
            elif part is Part.PARAGRAPH:
                lead_in = None
        found.append(Unit(part, line.start, line.end, chain, lead_in if part is Part.ITEM else None))
        previous = line
    return found


def _without_runs(units: list[Unit], text: str) -> list[Unit]:
    """Short lines one after another are a list, not headings without a text: they are led in by what stands above."""
    found = list(units)
    start = 0
    while start < len(found):
        end = start
        while end < len(found) and found[end].part is Part.HEADING and not _NUMBERED.match(text, found[end].start):
            end += 1
        if end - start >= _SHORTEST_RUN:
            above = found[start - 1].span if start else None
            for index in range(start, end):
                unit = found[index]
                found[index] = Unit(Part.ITEM, unit.start, unit.end, unit.headings[:-1] or unit.headings, above)
        start = max(end, start + 1)
    return found


def _in_table(above: Unit, line: _Line) -> bool:
    """Whether a short line under a caption or a row goes on with the table: no sentence, and under a row a number."""
    if above.part not in (Part.CAPTION, Part.ROW) or len(line.words) > _LONGEST_ROW or line.words.endswith("."):
        return False
    return (above.part is Part.CAPTION and not line.after_gap) or line.words[-1] in "0123456789%"


def _continues(unit: Unit, previous: _Line | None, line: _Line) -> bool:
    """Whether a plain line belongs to the unit above it."""
    if previous is None or unit.part in (Part.ROW, Part.HEADING):
        return False
    if unit.part in (Part.CAPTION, Part.SOURCE, Part.NOTE):
        return not line.after_gap and line.words[:1].islower()
    if not line.after_gap:
        return True
    goes_on = line.words[:1].islower() or (
        len(previous.words) > _LONGEST_HEADING // 2 and line.words[:1] in "(0123456789"
    )
    return not _ENDS.search(previous.words) and (goes_on or previous.words.endswith((",", "-")))


def _depth(words: str) -> int:
    """How deep a heading is: "1.2.1" three, marks of their number, capitals one, any other the deepest."""
    if words.startswith("#"):
        return len(words) - len(words.lstrip("#"))
    numbered = re.match(r"\d{1,2}(?:\.\d{1,2})*", words)
    if numbered:
        return numbered[0].count(".") + 1
    letters = [char for char in words if char.isalpha()]
    return 1 if letters and "".join(letters).isupper() else _HEADING_DEPTH
