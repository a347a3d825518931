"""Coverage: every number of a document is a record's figure, set aside with a reason, or unread.

Rules set aside what is plainly no figure: years, ages, headings, cross-references, addresses. A
percentage or a sum of money is never set aside by rule; it takes a record of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from evidencebase.base import Base
from evidencebase.model.periods import YEAR
from evidencebase.model.records import Finding
from evidencebase.provenance.figures import is_age_or_date
from evidencebase.provenance.library import Library
from evidencebase.provenance.matching import Matching
from evidencebase.provenance.passages import locate
from evidencebase.reading.dates import MONTH, in_date
from evidencebase.reading.documents import DocumentText
from evidencebase.reading.numerals import Numeral, numerals

_CONTEXT = 60
_SHOWN = 90
_YEAR = re.compile(YEAR)
_YEAR_AND_NOTE = re.compile(rf"{YEAR}\.?\d{{1,2}}")
_MONTH_BEFORE = re.compile(rf"\b{MONTH}\s$", re.IGNORECASE)
_YEAR_BEFORE = re.compile(rf"{YEAR}\s?[-/]\s?$")
_NAMED = re.compile(
    r"\b(?:tables?|figures?|sections?|appendix|paragraphs?|part|priority|chapter|volume|vol|page|note|item|no|ext|phase"
    r"|version)\.?\s$",
    re.IGNORECASE,
)
# The number of an indicator or form behind its acronym: "NHS 5A", "WHO 2b".
_ACRONYM = re.compile(r"\b[A-Z]{3,}\s$")
_LETTERED = re.compile(r"[A-Za-z]\b")
_HEADING = re.compile(r"[(]?\d{1,2}(?:\.\d{1,2}){0,3}[.)]?(?=\s+\S)|\d{1,3}(?=\s*$)", re.MULTILINE)
_ADDRESS = re.compile(
    r"https?://\S+|www\.\S+|\S+@\S+|\b[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}\b|\b\d{2,5}\s\d{3,}(?:\s\d{3,})?\b"
    r"|\S*(?:%20|/{2,})\S*|\bdoi:\S+"
)


@dataclass(frozen=True)
class Unread:
    """A number that nobody has accounted for: its line and the words around it."""

    line: int
    text: str
    number: str


@dataclass
class Coverage:
    """How one document has been read. `figures` counts its numbers; `set_aside` counts by reason."""

    document: str
    rendition: str | None
    figures: int = 0
    anchored: int = 0
    set_aside: Counter[str] = field(default_factory=Counter)
    unread: list[Unread] = field(default_factory=list)
    why: str = ""

    def as_dict(self) -> dict[str, object]:
        """The shape printed by `evidence coverage --format json`."""
        return {
            "document": self.document,
            "figures": self.figures,
            "anchored": self.anchored,
            "set_aside": sum(self.set_aside.values()),
            "set_aside_by_reason": dict(sorted(self.set_aside.items())),
            "unread": [{"line": each.line, "text": each.text} for each in self.unread],
        }


def coverage(base: Base, library: Library, matching: Matching) -> list[Coverage]:
    """The coverage of every document of the base, from the anchors that were matched in it."""
    return [_document(base, library, matching, key) for key in base.documents]


def _withheld(matching: Matching, key: str, text: DocumentText) -> Iterator[tuple[int, int]]:
    """The numbers printed in place of those withheld ("<5"): each is read, by the record that keeps it as its mark."""
    for outcome in matching.outcomes:
        record, start, end = outcome.entry.record, outcome.passage.start, outcome.passage.end
        if outcome.anchor.document == key and isinstance(record, Finding) and record.suppressed is not None:
            for numeral in numerals(text.folded.text[start:end]):
                if numeral.printed.strip() == record.suppressed:
                    yield start + numeral.start, start + numeral.end


def _document(base: Base, library: Library, matching: Matching, key: str) -> Coverage:
    held = library.held(key)
    if held.text is None or not held.known:
        return Coverage(key, None, why=held.why)
    text = held.text
    anchored = {
        span
        for outcome in matching.outcomes
        if outcome.anchor.document == key and outcome.passes and not outcome.vouched and not outcome.anchor.picture
        for span in outcome.numbers.values()
    }
    anchored |= set(_withheld(matching, key, text))
    aside = _set_aside(base, text)
    result = Coverage(key, text.sha256)
    for numeral in _countable(library.index(text).numbers):
        result.figures += 1
        if any(first < numeral.end and numeral.start < last for first, last in anchored):
            result.anchored += 1
        elif reason := aside.get(numeral.start) or rule(text, numeral):
            result.set_aside[reason] += 1
        else:
            result.unread.append(_unread(text, numeral))
    return result


def _countable(found: list[Numeral]) -> list[Numeral]:
    """Every number but the word "one", which is mostly a pronoun."""
    return [each for each in found if not (each.in_words and each.printed.lower() == "one")]


def _set_aside(base: Base, text: DocumentText) -> dict[int, str]:
    """The numbers that records set aside, by their offset in the folded text."""
    found: dict[int, str] = {}
    for item, _ in base.aside:
        if item.document != text.key:
            continue
        passage = locate(text, item.fragment, item.prefix, item.suffix, item.after)
        if not passage.state.passes:
            continue
        for numeral in numerals(text.folded.text[passage.start : passage.end]):
            if numeral.printed.strip() == item.number.strip():
                found[passage.start + numeral.start] = item.reason
    return found


def rule(text: DocumentText, numeral: Numeral) -> str | None:
    """The reason a number is plainly no figure about a document's subject; None where it may be one."""
    if numeral.unit is not None or numeral.relation is not None or numeral.in_words:
        return None
    folded = text.folded.text
    before = folded[max(0, numeral.start - _CONTEXT) : numeral.start]
    after = folded[numeral.end : numeral.end + _CONTEXT]
    passage = before + numeral.printed + after
    local = next((each for each in numerals(passage) if each.start == len(before)), None)
    printed = numeral.printed
    noted = _YEAR_AND_NOTE.fullmatch(printed) and _MONTH_BEFORE.search(before)
    year = _YEAR.fullmatch(printed) or _YEAR_BEFORE.search(before)
    dated = year or noted or in_date(len(before), len(before) + len(printed), passage)
    reasons = (
        ("identifier", _in_address(text, numeral)),
        ("date", dated),
        ("heading", _starts_line(text, numeral)),
        ("reference", _NAMED.search(before) or (_ACRONYM.search(before) and _LETTERED.match(after))),
        ("age-band", local is not None and is_age_or_date(local, passage)),
    )
    return next((reason for reason, holds in reasons if holds), None)


def _in_address(text: DocumentText, numeral: Numeral) -> bool:
    start, end = text.folded.span(numeral.start, numeral.end)
    first = text.text.rfind("\n", 0, start) + 1
    last = text.text.find("\n", end)
    line = text.text[first : last if last >= 0 else len(text.text)]
    return any(first + found.start() <= start < first + found.end() for found in _ADDRESS.finditer(line))


def _starts_line(text: DocumentText, numeral: Numeral) -> bool:
    """Whether a number opens its line as the number of a heading, a list item or a page."""
    start, end = text.folded.span(numeral.start, numeral.end)
    first = text.text.rfind("\n", 0, start) + 1
    last = text.text.find("\n", end)
    line = text.text[first : last if last >= 0 else len(text.text)]
    lead = re.match(r"[\s\-•*(\f]*", line)
    opening = first + (lead.end() if lead else 0)
    heading = _HEADING.match(text.text, opening)
    if heading is None or not heading.start() <= start < heading.end():
        return False
    rest = text.text[heading.end() : first + len(line)].strip()
    alone = not rest
    # "24,437 14.0% 3,421" opens a table row, "1.2.1 Adults" a heading, and "13" alone a page.
    return (alone and "," not in heading[0]) or (
        bool(re.match(r"[A-Z\"'‘“\[]", rest)) and ("." in heading[0] or len(rest) > 1)
    )


def _unread(text: DocumentText, numeral: Numeral) -> Unread:
    start, _ = text.folded.span(numeral.start, numeral.end)
    folded = text.folded.text
    around = folded[max(0, numeral.start - 35) : numeral.end + 40]
    return Unread(text.line(start), " ".join(around.split())[:_SHOWN], numeral.printed.strip())
