"""A passage like the one that was not found, offered as a hint with its place and never as an anchor."""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz import fuzz

from evidencebase.reading.documents import DocumentText

_MAX_TEXT = 2_000_000
_LIKE = 70


@dataclass(frozen=True, slots=True)
class Similar:
    """Words of a document that are like a fragment, and where they stand."""

    words: str
    line: int
    page: int | None

    def __str__(self) -> str:
        """A hint in a sentence."""
        where = f"page {self.page}, line {self.line}" if self.page else f"line {self.line}"
        return f"something like it stands at {where}: “{self.words}”"


def similar_passage(text: DocumentText, fragment: str) -> Similar | None:
    """The words of a document most like a fragment that is not in it; None where nothing is like it."""
    folded = text.folded
    if len(folded.text) > _MAX_TEXT:
        return None
    best = fuzz.partial_ratio_alignment(fragment, folded.text, score_cutoff=_LIKE)
    if best is None or best.dest_end <= best.dest_start:
        return None
    start, end = best.dest_start, best.dest_end
    while start > 0 and folded.text[start - 1] != " ":
        start -= 1
    while end < len(folded.text) and folded.text[end] != " ":
        end += 1
    place = folded.span(start, end)[0]
    return Similar(folded.text[start:end], text.line(place), text.page(place))
