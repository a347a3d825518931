"""Finding a fragment in a document: exactly, at whole words and numbers, and in one place only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from evidencebase.reading.documents import DocumentText
from evidencebase.reading.folding import IGNORABLE, Folded, fold
from evidencebase.reading.numerals import may_go_on, number_spans
from evidencebase.reading.yaml import INVISIBLE

MATCHER_VERSION = "1"
_MAX_HYPHENS = 5
_WINDOW = 60
_BESIDE = 200
_NEAR = 24
_JOINED_BEFORE = re.compile(r"\d%?[-/:'_]$")
_JOINED_AFTER = re.compile(r"[-/:'_]\d|\+(?!\d)|\s?€(?!\s?\d)")
_HYPHEN = re.compile(r"(?<=[^\W\d_])(?:- ?)(?=[^\W\d_])|\ue000")


class State(StrEnum):
    """What became of an anchor. Only `exact` and `folded` pass, and what is only drawn, which a person has `seen`."""

    EXACT = "exact"
    FOLDED = "folded"
    AMBIGUOUS = "ambiguous"
    NOT_FOUND = "not-found"
    FIGURE_ABSENT = "figure-absent"
    OTHER_RENDITION = "other-rendition"
    NO_DOCUMENT = "no-document"
    SEEN = "seen"

    @property
    def passes(self) -> bool:
        """Whether the anchor holds."""
        return self in (State.EXACT, State.FOLDED, State.SEEN)


@dataclass(frozen=True, slots=True)
class Passage:
    """Where a fragment stands: offsets in the folded text, and in the document as it was read."""

    state: State
    start: int = 0
    end: int = 0
    source_start: int = 0
    source_end: int = 0
    places: int = 0


def locate(
    document: DocumentText,
    fragment: str,
    prefix: str | None = None,
    suffix: str | None = None,
    after: str | None = None,
    near: int | None = None,
) -> Passage:
    """Find a fragment, with the words that must stand directly before and after it.

    `after` is a passage that stands in one place; of several places the first behind it is then meant. `near` is an
    offset in the folded text; of several places the nearest to it is then meant.

    State `not-found` where it is nowhere, `ambiguous` (with the number of `places`) where it is in more
    than one place, else `exact` (character for character) or `folded`.
    """
    if INVISIBLE.search(fragment + (prefix or "") + (suffix or "")):
        return Passage(State.NOT_FOUND)
    text = document.folded
    first = 0
    if after is not None:
        heading = locate(document, after)
        if not heading.state.passes:
            return Passage(heading.state, places=heading.places)
        first = heading.end
    cut = fragment.strip()
    wanted = fold(cut)
    ways = [wanted]
    if wanted.marked and IGNORABLE.match(wanted.marked[-1]):
        ways.append(fold(cut, goes_on=True))
    ahead, behind = (spellings(fold(part.strip())) if part else [""] for part in (prefix, suffix))
    found = sorted(
        {
            (start, end)
            for way in ways
            for start, end in _occurrences(text, way, first)
            if any(_stands_before(text.text, part, start, end) for part in ahead)
            and any(_stands_after(text.text, part, start, end) for part in behind)
        }
    )
    if after is not None:
        found = found[:1]
    elif near is not None:
        found = sorted(found, key=lambda place: _apart(near, place))[:1]
    if not found:
        return Passage(State.NOT_FOUND)
    if len(found) > 1:
        return Passage(State.AMBIGUOUS, places=len(found))
    ((start, end),) = found
    source_start, source_end = text.span(start, end)
    exact = document.text[source_start:source_end] == fragment
    return Passage(State.EXACT if exact else State.FOLDED, start, end, source_start, source_end, 1)


def _apart(offset: int, place: tuple[int, int]) -> int:
    """How many characters lie between an offset and a place."""
    return max(place[0] - offset, offset - place[1], 0)


def spellings(wanted: Folded) -> list[str]:
    """The ways a fragment may stand in the folded text: a hyphen between letters may fall at a line's end."""
    marked = IGNORABLE.sub(lambda match: "\ue000" if "\ue000" in match[0] else "", wanted.marked)
    pieces = _HYPHEN.split(marked)
    plain = _HYPHEN.sub(lambda match: "-" if match[0] == "\ue000" else match[0], marked)
    if not 1 < len(pieces) <= _MAX_HYPHENS + 1:
        return [plain]
    others = [
        "".join(piece + joint for piece, joint in zip(pieces, (*joints, ""), strict=True))
        for joints in product(("-", "", "- "), repeat=len(pieces) - 1)
    ]
    return [plain, *(other for other in others if other != plain)]


def _occurrences(text: Folded, wanted: Folded, first: int) -> Iterator[tuple[int, int]]:
    """Every place, from offset `first` on, where the fragment stands whole, in one spelling or another."""
    as_written, *others = spellings(wanted)
    for spelling in filter(None, (as_written, *others)):
        for start in text.places(spelling):
            end = start + len(spelling)
            if (
                start >= first
                and (spelling is as_written or _breaks_lines(text, wanted, spelling, start))
                and _bounded(text.text, start, end)
                and _same_notes(text, wanted, start, end)
            ):
                yield start, end


def _stands_before(text: str, part: str, start: int, end: int) -> bool:
    """Whether whole words stand directly before a place."""
    before = text[max(0, start - _BESIDE) : start].rstrip()
    ahead = start - (start - max(0, start - _BESIDE) - len(before)) - len(part)
    return not part or (before.endswith(part) and _bounded(text, ahead, end))


def _stands_after(text: str, part: str, start: int, end: int) -> bool:
    """Whether whole words stand directly after a place."""
    after = text[end : end + _BESIDE]
    behind = end + len(after) - len(after.lstrip())
    return not part or (text.startswith(part, behind) and _bounded(text, start, behind + len(part)))


def _breaks_lines(text: Folded, wanted: Folded, spelling: str, start: int) -> bool:
    """Whether the hyphens this spelling leaves out are hyphens at a line's end in the document."""
    first, last = text.marked_span(start, start + len(spelling))
    dropped = len(_HYPHEN.findall(wanted.marked)) - len(_HYPHEN.findall(spelling))
    return text.marked[first:last].count("\ue000") >= dropped


def _bounded(text: str, start: int, end: int) -> bool:
    """Whether the place starts and ends at whole words and whole numbers."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if (before.isalnum() and text[start].isalnum()) or (after.isalnum() and text[end - 1].isalnum()):
        return False
    if text[start].isdigit() and _JOINED_BEFORE.search(text[max(0, start - 3) : start]):
        return False
    if (text[end - 1].isdigit() or text[end - 1] == "%") and _JOINED_AFTER.match(text[end : end + 3]):
        return False
    if not may_go_on(text[max(0, start - _NEAR) : start], text[end : end + _NEAR]):
        return True
    left = max(0, start - _WINDOW)
    for first, last in number_spans(text[left : end + _WINDOW]):
        if left + first < start < left + last or left + first < end < left + last:
            return False
    return True


def _same_notes(text: Folded, wanted: Folded, start: int, end: int) -> bool:
    """Whether every footnote number that the fragment keeps stands in the document at the same place."""
    notes = _notes(wanted.marked)
    if not notes:
        return True
    first, last = text.marked_span(start, end)
    while last < len(text.marked) and "\ue010" <= text.marked[last] <= "\ue019":
        last += 1
    there = _notes(text.marked[first:last])
    return all(there.get(offset) == note for offset, note in notes.items())


def _notes(marked: str) -> dict[int, str]:
    """Footnote numbers by the offset, in the text without them, at which they stand."""
    found: dict[int, str] = {}
    if not IGNORABLE.search(marked):  # most passages have none
        return found
    offset = 0
    for char in marked:
        if "\ue010" <= char <= "\ue019":
            found[offset] = found.get(offset, "") + char
        elif char != "\ue000":
            offset += 1
    return found
