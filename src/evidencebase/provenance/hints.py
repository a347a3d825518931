"""A passage like the one that was not found, offered as a hint with its place and never as an anchor."""

from __future__ import annotations

from rapidfuzz import fuzz

from evidencebase.reading.documents import DocumentText

_MAX_TEXT = 2_000_000
_LIKE = 70


def similar_passage(text: DocumentText, fragment: str) -> str:
    """A hint for a fragment that is not in a document: the most similar words of it, and their line."""
    plain = "copy it from the document again: digits, signs and all"
    folded = text.folded
    if len(folded.text) > _MAX_TEXT:
        return plain
    best = fuzz.partial_ratio_alignment(fragment, folded.text, score_cutoff=_LIKE)
    if best is None or best.dest_end <= best.dest_start:
        return plain
    start, end = best.dest_start, best.dest_end
    while start > 0 and folded.text[start - 1] != " ":
        start -= 1
    while end < len(folded.text) and folded.text[end] != " ":
        end += 1
    place = folded.span(start, end)[0]
    page = text.page(place)
    where = f"page {page}, line {text.line(place)}" if page else f"line {text.line(place)}"
    return f"something like it stands at {where}: “{folded.text[start:end]}”"
