"""Finding the rows of a published table in a document: the same numbers, in the same order, side by side."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from evidencebase.provenance.passages import Passage, State, locate, spellings
from evidencebase.reading.documents import DocumentText
from evidencebase.reading.folding import fold
from evidencebase.reading.numerals import Numeral, numerals
from evidencebase.reading.tables import Row, Table

_GAP = r"[\s|;:–—-]*"
_MAX_LABEL = 240


@dataclass(frozen=True)
class RowPlace:
    """Where a row stands: its passage, the numbers of each column, and why not where it is not found."""

    passage: Passage
    cells: dict[str, tuple[Numeral, ...]]
    why: str = ""


@dataclass(frozen=True)
class _Pattern:
    """What a row must look like: the printed form of each number, the column of each, and what stands between them."""

    numbers: list[str]
    columns: list[str]
    gaps: list[re.Pattern[str]]

    @classmethod
    def of(cls, table: Table, row: Row) -> _Pattern:
        """The pattern of a row. In a cell its own words stand between numbers; between cells only space and lines."""
        numbers, columns, gaps = [], [], []
        gap = ""
        for column, cell in table.numbers(row):
            text, at = fold(cell).text, 0
            for numeral in table.printed(row, column):
                gaps.append(gap + _spaced(text[at : numeral.start]))
                numbers.append(numeral.printed)
                columns.append(column)
                gap, at = "", numeral.end
            gap += _spaced(text[at:]) + _GAP
        return cls(numbers, columns, [re.compile(each) for each in gaps])


def _spaced(text: str) -> str:
    """A pattern of the words and signs of a cell, between any of which a line may end: "(0.84-" and "1.14)"."""
    return r"\s*".join(["", *map(re.escape, re.findall(r"\w+|[^\w\s]", text)), ""]) if text.strip() else r"\s*"


class NumberIndex:
    """Every number of one document in order, and where each printed form stands."""

    def __init__(self, document: DocumentText) -> None:
        self.document = document
        self._captions: dict[str, Passage] = {}

    @cached_property
    def numbers(self) -> list[Numeral]:
        """Every number of the folded text."""
        return numerals(self.document.folded.text)

    @cached_property
    def printed(self) -> dict[str, list[int]]:
        """The positions, in `numbers`, of each printed form."""
        index: dict[str, list[int]] = {}
        for position, numeral in enumerate(self.numbers):
            index.setdefault(numeral.printed, []).append(position)
        return index

    def row(self, table: Table, row: Row) -> RowPlace:
        """Find one row: its numbers in sequence with nothing but space between them, its label before them."""
        wanted = _Pattern.of(table, row)
        if not wanted.numbers:
            return RowPlace(Passage(State.NOT_FOUND), {}, "the row has no numbers")
        first, last = self._bounds(table)
        label = row.cells.get(table.spec.label or "", "")
        labels = spellings(fold(label)) if label else [""]
        everywhere = (self.printed.get(number, []) for number in wanted.numbers)
        ahead, rarest = min(enumerate(everywhere), key=lambda each: len(each[1]))
        in_sequence = [
            found
            for position in rarest
            if position >= ahead
            and (found := self._sequence(position - ahead, wanted))
            and first <= found[0].start
            and found[-1].end <= last
        ]
        text = self.document.folded.text
        # What stands before the first number of the row in its cell, or is withheld, stands behind the label.
        places = [
            found for found in in_sequence if any(_precedes(text, found[0].start, each, wanted) for each in labels)
        ]
        if not places:
            printed = " ".join(wanted.numbers)
            why = f"the document has no row with the numbers {printed} in this order"
            if in_sequence:
                why = f"the numbers {printed} do not follow the label {label!r}"
            return RowPlace(Passage(State.NOT_FOUND), {}, why)
        if len(places) > 1:
            return RowPlace(Passage(State.AMBIGUOUS, places=len(places)), {}, "the row stands in several places")
        (found,) = places
        start, end = found[0].start, found[-1].end
        source = self.document.folded.span(start, end)
        exact = self.document.text[source[0] : source[1]].split() == [text for _, text in table.numbers(row)]
        passage = Passage(State.EXACT if exact else State.FOLDED, start, end, *source, 1)
        cells: dict[str, tuple[Numeral, ...]] = {}
        for column, numeral in zip(wanted.columns, found, strict=True):
            cells[column] = (*cells.get(column, ()), numeral)
        return RowPlace(passage, cells)

    def heading_fault(self, table: Table) -> str:
        """Why the table's column headings do not stand, in their order, between its caption and its rows."""
        start, end = self._bounds(table)
        if table.spec.caption and start == 0:
            return f"the caption {table.spec.caption!r} is not in the document, or in several places"
        text = self.document.folded.text
        for name, column in table.spec.columns.items():
            if column.heading is None:
                continue
            found = [(text.find(each, start, end), len(each)) for each in spellings(fold(column.heading))]
            there = min((place for place in found if place[0] >= 0), default=None)
            if there is None:
                return f"the heading {column.heading!r} of column {name} does not stand where its column stands"
            start = there[0] + there[1]
        return ""

    def _bounds(self, table: Table) -> tuple[int, int]:
        """Where the table stands: from its caption, if the spec gives one, to the end of the text."""
        end = len(self.document.folded.text)
        if table.spec.caption is None:
            return 0, end
        caption = self._captions.get(table.spec.caption)
        if caption is None:  # every row of a table asks
            caption = self._captions[table.spec.caption] = locate(self.document, table.spec.caption)
        return (caption.end, end) if caption.state.passes else (0, end)

    def _sequence(self, position: int, wanted: _Pattern) -> list[Numeral]:
        found = self.numbers[position : position + len(wanted.numbers)]
        text = self.document.folded.text
        if [numeral.printed for numeral in found] != wanted.numbers:
            return []
        gaps = (text[one.end : other.start] for one, other in pairwise(found))
        return found if all(map(re.Pattern.fullmatch, wanted.gaps[1:], gaps)) else []


def _precedes(text: str, start: int, label: str, row: _Pattern) -> bool:
    """Whether a label stands directly before a place, at a word boundary."""
    before = text[max(0, start - _MAX_LABEL) : start]
    opening = re.search(rf"{_GAP}{row.gaps[0].pattern}$", before)
    if opening is None:
        return False
    before = before[: opening.start()].rstrip(" |;:")
    if not before.endswith(label):
        return False
    ahead = before[: len(before) - len(label)][-1:]
    return not (ahead.isalnum() and label[:1].isalnum())
