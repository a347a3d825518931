"""What is wrong with entries that could be read: fields their type needs, DOI, ISBN, year, duplicates.

Pure functions. The year of today is a parameter, so that the same base gives the same result.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidencebase.bibliography.identifiers import bare_doi, has_doi_prefix, is_doi, is_isbn
from evidencebase.bibliography.latex import latex_to_text, verbatim
from evidencebase.bibliography.names import split_names, top_level_commas
from evidencebase.bibliography.types import REQUIRED, Need
from evidencebase.problems import Place, Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from evidencebase.bibliography.model import Bibliography, Entry

_NO_DATE = re.compile(
    r"^\(?(?:forthcoming|in press|in preparation|to appear|submitted|n\.?\s?d\.?|no date|undated)\)?$",
    re.IGNORECASE,
)
_FOUR_DIGITS = re.compile(r"^\d{4}$")
_WORD = re.compile(r"\w+")
_NEAR_TITLE = 93.0
_LONG_TITLE = 15
_FIRST_PRINTED = 1450
_COMPARED = 200
_PARTS_OF_NAME = 3


def check_entry(entry: Entry, path: str, latest_year: int) -> Iterator[Problem]:
    """What is wrong with one entry. Years after `latest_year` (commonly next year) are faults."""
    for code, severity, message, hint in (
        *_missing(entry),
        *_doi(entry),
        *_isbn(entry),
        *_year(entry, latest_year),
        *_names(entry),
    ):
        place = Place(path, entry.line, entry.column)
        yield Problem(severity, code, place, f"“{entry.key}”: {message}", hint, entry.key or None)


def check_bibliography(bibliography: Bibliography, latest_year: int) -> list[Problem]:
    """Every fault of every entry, and likely duplicates, in the order of the file."""
    problems = [
        problem
        for entry in bibliography
        if entry.type not in {"set", "xdata"}
        for problem in check_entry(entry, bibliography.path, latest_year)
    ]
    problems.extend(_duplicate(pair, bibliography.path) for pair in likely_duplicates(bibliography))
    return sorted(problems, key=lambda problem: (problem.line or 0, problem.column or 0, problem.code))


def _duplicate(pair: DuplicatePair, path: str) -> Problem:
    return Problem(
        Severity.WARNING,
        "citation-likely-duplicate",
        Place(path, pair.second.line, pair.second.column),
        f"“{pair.second.key}” looks like “{pair.first.key}” (line {pair.first.line}): {pair.reason}",
        "keep one and cite it everywhere, or make the difference plain (edition, volume, DOI)",
        pair.second.key or None,
    )


_Finding = tuple[str, Severity, str, str]


def _missing(entry: Entry) -> Iterator[_Finding]:
    for need in REQUIRED.get(entry.type, ()):
        if not any(entry.raw(name) for name in need):
            yield (
                "citation-missing-field",
                Severity.WARNING,
                f"@{entry.type} needs {_either(need)}",
                f"add {need[0]} = {{...}}" + ("" if len(need) == 1 else f", or {_either(need[1:])}"),
            )


def _either(need: Need) -> str:
    return need[0] if len(need) == 1 else f"{', '.join(need[:-1])} or {need[-1]}"


def _doi(entry: Entry) -> Iterator[_Finding]:
    written = verbatim(entry.raw("doi"))
    if not written:
        return
    bare = bare_doi(written)
    if not is_doi(bare):
        hint = "write the bare DOI, such as 10.1000/182"
        yield "citation-bad-doi", Severity.ERROR, f"“{written}” is no DOI", hint
    elif has_doi_prefix(written):
        message = f"the DOI is written with an address before it: “{written}”"
        yield "citation-doi-prefix", Severity.WARNING, message, f"write doi = {{{bare}}}"


def _isbn(entry: Entry) -> Iterator[_Finding]:
    for number in re.split(r"[,;/]|\s+(?=97[89])|\s+and\s+", entry.isbn):
        bare = re.sub(r"\(.*?\)", "", number).strip()
        if bare and not is_isbn(bare):
            yield (
                "citation-bad-isbn",
                Severity.ERROR,
                f"“{bare}” is no ISBN: its check digit or length is wrong",
                "compare it with the imprint page; an ISBN has 10 or 13 digits, several are parted by commas",
            )


def _year(entry: Entry, latest_year: int) -> Iterator[_Finding]:
    written = entry.text("date") or entry.text("year")
    if not written or _NO_DATE.match(written):
        return
    hint = "write the year of publication in four digits"
    year = entry.year
    if year is None or (not entry.raw("date") and not _FOUR_DIGITS.match(written)):
        yield "citation-bad-year", Severity.ERROR, f"“{written}” is no year", hint
    elif year > latest_year:
        yield "citation-bad-year", Severity.ERROR, f"the year {year} is still to come", hint
    elif 0 <= year < _FIRST_PRINTED:
        yield "citation-odd-year", Severity.WARNING, f"the year {year} is before printing", hint


def _names(entry: Entry) -> Iterator[_Finding]:
    for field in ("author", "editor"):
        for name in split_names(entry.raw(field)):
            if len(top_level_commas(name)) > _PARTS_OF_NAME and "=" not in name:
                message = f"the {field} “{latex_to_text(name)[:60]}” has more than two commas"
                hint = "part people by “and”; put the name of a body in braces: {Department, Ministry, State}"
                yield "citation-bad-name", Severity.WARNING, message, hint


# -- the same work twice


@dataclass(frozen=True, slots=True)
class DuplicatePair:
    """Two entries that look like one work, and why."""

    first: Entry
    second: Entry
    reason: str


def normal_title(title: str) -> str:
    """A title to be compared: letters and digits only, no accents, lower case."""
    decomposed = unicodedata.normalize("NFKD", title.casefold())
    return " ".join(_WORD.findall("".join(char for char in decomposed if not unicodedata.combining(char))))


def first_author(entry: Entry) -> str:
    """The family name of the first author or editor, else the body that published it, to be compared."""
    names = entry.authors or entry.editors
    if names:
        name = names[0]
        return normal_title(name.literal or name.family)
    return normal_title(entry.text("institution", "organization", "publisher"))


def same_work(one: Entry, other: Entry) -> str:
    """Why two entries are likely one work; empty if they are not.

    Equal DOIs decide, and different ones too. Otherwise title, year and first author must agree; a title
    that differs in a few letters counts where year and author are known.
    """
    if one.doi and other.doi:
        return "same DOI" if one.doi.lower() == other.doi.lower() else ""
    parted = ("volume", "edition", "number")
    if any(one.text(name) != other.text(name) for name in parted if _both(one, other, name)):
        return ""
    if one.year != other.year or first_author(one) != first_author(other):
        return ""
    titles = normal_title(one.title), normal_title(other.title)
    if titles[0] == titles[1]:
        return "same title, year and first author" if titles[0] else ""
    known = one.year is not None and bool(first_author(one))
    return _near(*titles) if known and min(map(len, titles)) >= _LONG_TITLE else ""


def _near(one: str, other: str) -> str:
    """Titles that differ in a few letters; a different number is another work (part 1, part 2)."""
    if re.findall(r"\d+", one) != re.findall(r"\d+", other):
        return ""
    from rapidfuzz import fuzz

    score = fuzz.ratio(one, other)
    return f"same year and first author, titles {score:.0f}% alike" if score >= _NEAR_TITLE else ""


def _both(one: Entry, other: Entry, name: str) -> bool:
    return bool(one.raw(name) and other.raw(name))


def likely_duplicates(entries: Iterable[Entry]) -> list[DuplicatePair]:
    """Pairs of entries that are likely one work, each later entry paired with the first like it."""
    listed = list(entries)
    buckets: dict[object, list[int]] = defaultdict(list)
    for index, entry in enumerate(listed):
        author, title = first_author(entry), normal_title(entry.title)
        if entry.doi:
            buckets["doi", entry.doi.lower()].append(index)
        if title:
            buckets["title", entry.year, author, title].append(index)
        if author and entry.year is not None:
            buckets["author", entry.year, author].append(index)
    found: dict[int, DuplicatePair] = {}
    for indexes in buckets.values():
        for position, second in enumerate(indexes):
            for first in indexes[max(0, position - _COMPARED) : position]:
                if second not in found and (reason := same_work(listed[first], listed[second])):
                    found[second] = DuplicatePair(listed[first], listed[second], reason)
    return [found[index] for index in sorted(found)]
