"""Where an anchor stands among the words of its document: what is near, what hangs on its figure, what is wide."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter

from evidencebase.provenance.matching import Outcome
from evidencebase.provenance.mentions import Reading, Words, spaced
from evidencebase.reading.structure import Part, Span, Unit

_ROW_LABEL = 200
_LONGEST_TABLE = 80
_DIGIT = re.compile(r"[-+<>~£€$]?\d")
_MAIN = ("value", "low", "published", "high")
_LABEL = re.compile(r"\w+\s+[A-Z]?\d+")
_NUMBERED = ("age", "period", "group", "level")
_NUMBER = re.compile(r"\s*[£€$~]?\d")
_LONGER = re.compile(r"[\d.]*\d")
_STOP = re.compile(r"[,;:.](?!\d)|[()]|\s[-–—]\s")


@dataclass(frozen=True)
class Stand:
    """Where one anchor of a record stands among the words of its document, near to far.

    `clause` are the words that go with its figure: those behind it, and those before it. `given` says that a reader
    gives the place for a word, and not for a figure.
    """

    reading: Reading
    passage: Span
    near: tuple[tuple[str, Span], ...]
    wide: tuple[tuple[str, Span], ...]
    clause: tuple[Span, ...] = ()
    order: tuple[int, int] | None = None
    figure: Span | None = None
    given: bool = False

    @property
    def sentence(self) -> Span:
        """The sentence of the passage; the passage itself where it is a cell."""
        return next((span for name, span in self.near if name == "sentence"), self.passage)

    @property
    def paragraph(self) -> Span:
        """The paragraph or item of the passage."""
        unit = self.reading.structure.unit(self.passage[0])
        return unit.span if unit is not None and unit.end >= self.passage[1] else self.sentence

    def compared(self, clause_end: re.Pattern[str]) -> Iterator[Span]:
        """What stands behind "than" or "compared with" in the sentence, up to where the clause ends."""
        start, end = self.sentence
        text = self.reading.document.text
        for mention in self.reading.within("comparison", start, end):
            stop = clause_end.search(text, mention.end, end)
            side = (mention.end, stop.start() if stop else end)
            if not _NUMBER.match(text, *side):
                yield side

    @property
    def decisive(self) -> tuple[tuple[str, Span], ...]:
        """The scopes that hang on the figure itself."""
        return tuple(each for each in self.near if each[0] in ("row", "column", "caption"))


def stand(words: Words, outcome: Outcome) -> Stand | None:
    """Where an anchor with figures stands; None where it is not matched here, or is `for` words only."""
    anchor = outcome.anchor
    reading = words.reading(anchor.document)
    if reading is None or not outcome.passes or outcome.vouched or anchor.for_ or anchor.picture:
        return None
    passage = (outcome.passage.source_start, outcome.passage.source_end)
    if anchor.table is not None:
        return _table_stand(words, reading, outcome, passage)
    structure = reading.structure
    sentence = structure.around(*passage)
    unit = structure.unit(passage[0])
    near = [("fragment", passage), ("sentence", sentence), *(("note", span) for span in structure.notes(*sentence))]
    if unit is not None and unit.part is Part.ROW:
        near += _around_row(reading, unit)
    wide = [("paragraph", span) for span in structure.before(sentence[0])]
    if unit is not None:
        wide += [("lead-in", unit.lead_in)] if unit.lead_in else []
        wide += [("heading", span) for span in reversed(unit.headings)]
    figure = next((outcome.numbers[name] for name in _MAIN if name in outcome.numbers), None)
    clause: tuple[Span, ...] = ()
    order = at = None
    if figure is not None:
        at = reading.document.folded.span(*figure)
        clause = _clauses(reading, sentence, at, words.clause_end)
        order = _order(reading, sentence, at)
    return Stand(reading, passage, tuple(near), tuple(wide), clause, order, at)


def _clauses(reading: Reading, sentence: Span, figure: Span, clause_end: re.Pattern[str]) -> tuple[Span, ...]:
    """The words behind a figure up to the next figure, comma or conjunction, and those before it, as far.

    The numbers of an age, a year or a name are no figures; a name around the figure goes with it.
    """
    text, (start, end) = reading.document.text, sentence
    others = [
        (start + each.start, start + each.end)
        for each in reading.numerals(sentence)
        if (each.unit or each.value is None or not each.in_words)
        and not any(reading.touching(kind, start + each.start, start + each.end) for kind in _NUMBERED)
    ]
    following = min((a for a, _ in others if a >= figure[1]), default=end)
    behind = text[figure[1] : following]
    stop = clause_end.search(behind)
    after = (figure[1], figure[1] + (stop.start() if stop else len(behind)))
    last = max((b for _, b in others if b <= figure[0]), default=start)
    own = clause_end.search(text, last, figure[0]) if last > start else None  # what goes with the figure before
    preceding = own.start() if own else last
    stops = list(_STOP.finditer(text, preceding, figure[0]))
    opened = next((match for match in reversed(stops) if match[0] not in "()"), None)
    before = (opened.end() if opened else preceding, figure[0])
    around = [each for kind in ("measure", "group", "level") for each in reading.touching(kind, *figure)]
    return (*((each.start, each.end) for each in around), after, before)


def _order(reading: Reading, sentence: Span, figure: Span) -> tuple[int, int] | None:
    """Which figure of how many, in a sentence that says "respectively"; None in any other."""
    if not reading.within("respectively", *sentence):
        return None
    start = sentence[0]
    spans = [(start + each.start, start + each.end) for each in reading.numerals(sentence) if each.unit is not None]
    index = next((number for number, (first, last) in enumerate(spans) if first <= figure[0] < last), None)
    return None if index is None else (index, len(spans))


def _table_stand(words: Words, reading: Reading, outcome: Outcome, passage: Span) -> Stand | None:
    table = words.base.tables.get((outcome.anchor.document, outcome.anchor.table or ""))
    column = table.spec.columns.get(outcome.anchor.column or "") if table else None
    row = table.rows.get(outcome.anchor.row or "") if table else None
    if table is None or column is None or row is None:
        return None
    caption = _last(reading.places(table.spec.caption or ""), 0, passage[0])
    first = caption[1] if caption else 0
    label = _label(reading, row.cells.get(table.spec.label or "", ""), max(first, passage[0] - _ROW_LABEL), passage[0])
    heading = _last(reading.places(column.heading or ""), first, passage[0])
    near = [("row", label), ("column", heading), ("caption", caption), ("note", _source_of(reading, passage[1]))]
    unit = reading.structure.unit(caption[0] if caption else passage[0])
    wide = [("paragraph", span) for span in _told_of(reading, caption)] if caption else []
    wide += [("heading", span) for span in reversed(unit.headings)] if unit else []
    whole = reading.structure.unit(caption[0]) if caption else None
    near = [
        (name, whole.span if name == "caption" and whole and whole.part is Part.CAPTION else span)
        for name, span in near
    ]
    return Stand(reading, passage, tuple((name, span) for name, span in near if span), tuple(wide))


def _around_row(reading: Reading, row: Unit) -> list[tuple[str, Span]]:
    """What names the numbers of a row that no loader reads: its label, its table's caption, the source under it."""
    units = reading.structure.units
    position = reading.structure.index(row.start) - 1
    number = _DIGIT.search(reading.document.text, row.start, row.end)
    found = [("row", (row.start, number.start() if number else row.end))]
    for unit in reversed(units[max(0, position - _LONGEST_TABLE) : position]):
        if unit.part is Part.CAPTION:
            found.append(("caption", unit.span))
        if unit.part in (Part.CAPTION, Part.HEADING, Part.SOURCE):
            break
    source = _source_of(reading, row.end)
    return [*found, *([("note", source)] if source else [])]


def _told_of(reading: Reading, caption: Span) -> list[Span]:
    """The sentences that speak of a table by its number: what it is made of is often said there alone."""
    text = reading.document.text
    label = _LABEL.match(text, caption[0])
    places = reading.places(label[0]) if label else []
    return [
        reading.structure.around(start, start + 1)
        for start, end in places
        if not (caption[0] <= start < caption[1] or _LONGER.match(text, end)) and label and text[start:end] == label[0]
    ]


def _source_of(reading: Reading, end: int) -> Span | None:
    """The line under a table that says where it is from."""
    unit = reading.structure.next_of((Part.SOURCE, Part.CAPTION, Part.HEADING), end)
    return unit.span if unit is not None and unit.part is Part.SOURCE else None


def _last(places: list[Span], start: int, end: int) -> Span | None:
    """The last of these places, which are in order, that lies between two offsets."""
    index = bisect_right(places, end, key=itemgetter(1)) - 1
    return places[index] if index >= 0 and places[index][0] >= start else None


def _label(reading: Reading, words: str, start: int, end: int) -> Span | None:
    """Where the label of a row stands last between two offsets, whatever space is between its words."""
    found = spaced(words, reading.document.text[start:end])
    return (start + found[-1][0], start + found[-1][1]) if found else None
