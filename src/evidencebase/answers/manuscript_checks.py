"""Checking a manuscript against the records it cites: figures, wording, strength, and the state of each record.

A manuscript filled by `evidence manuscript` is compared with what would be filled in today. One written by hand
is read for ids beside figures: the figure that stands nearest before the id, in its paragraph, must be the
record's.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from evidencebase.answers.manuscripts import FIGURED, citation, rendering, resolve, rounded, state_problems
from evidencebase.answers.notation import Lines, Mark, Syntax, blanked, marks
from evidencebase.citing.sentences import study_of
from evidencebase.model.records import Estimate, Finding, Population
from evidencebase.problems import Place, Problem, Severity
from evidencebase.provenance.seal import Reviews

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evidencebase.base import Base, Entry

_THOUSANDS = r"(?:,|\{,\}|\\,|[\u00a0\u202f\u2009])"
_NUMBER = re.compile(
    rf"(?:(?<![\w.,)–—-])[−-]|(?<![\w.]))(?:\d{{1,3}}(?:{_THOUSANDS}\d{{3}})+|\d+)(?:\.\d+)?(?![\w]|[.,]\d)"
)
_ATTRIBUTES = re.compile(r"\{[^{}]*\.evidence[^{}]*\}|\\evidence(?:\[[^\]]*\])?\{[^{}]*\}|<!--.*?-->", re.DOTALL)
_PERCENT = re.compile(r"\s*(?:\\?%|per\s?cent\b|percent\b)", re.IGNORECASE)
_CURRENCY = {"gbp": ("£", r"\pounds", "GBP"), "eur": ("€", r"\euro", "EUR"), "usd": ("$", r"\$", "USD")}
_CITATION = re.compile(r"\s*(?:\[[^\[\]]*@[^\[\]]*\]|~?\(?\\cite\w*\{[^}]*\}(?:,[^()]*\\cite\w*\{[^}]*\}\))?)")
_TOKEN = re.compile(r"(?<![\w@/.-])[a-z0-9]+(?:-[a-z0-9]+)+(?![\w-])")
_NAMED = re.compile(r"\bevidence:\s*([a-z0-9][\w-]*)")
_ROUND = re.compile(r"\s*\bround=(\d)\b")
_PARAGRAPH_END = re.compile(r"\n[ \t]*\n")
_SENTENCE_END = re.compile(r"[.!?]['”’)\]]*(?:\s|$)|\n[ \t]*\n")
_GRADE = re.compile(
    r"\b(strong|moderate|weak)(?=[\s-]+(?:evidence|sources?|stud(?:y|ies)|surveys?)\b)"
    r"|\bgraded (?:as )?(strong|moderate|weak)\b|\bsource strength:? (?:is |of )?(strong|moderate|weak)\b",
    re.IGNORECASE,
)
_QUALIFIERS = {
    "about": ("about", "around", "approximately", "roughly", "some", "~", "circa"),
    "estimated": ("estimated", "an estimated"),
    "over": ("over", "more than", "above"),
    "just-over": ("just over", "slightly more than"),
    "up-to": ("up to", "at most"),
    "at-least": ("at least",),
    "under": ("under", "less than", "fewer than", "below"),
    "nearly": ("nearly", "almost", "just under"),
}
_BEFORE = 40
_AROUND = 400


@dataclass(frozen=True, slots=True)
class Written:
    """A number as a manuscript prints it, with its offset and whether a percent sign follows."""

    value: Decimal
    text: str
    offset: int
    percent: bool


def check(text: str, syntax: Syntax, base: Base, path: str) -> tuple[list[Problem], int]:
    """Every fault of a manuscript's cited figures, in order, and how many citations were checked."""
    checker = _Checker(text, syntax, base, path)
    problems = checker.all()
    return sorted(problems, key=lambda problem: (problem.line or 0, problem.column or 0)), checker.checked


def numbers(text: str, start: int = 0) -> list[Written]:
    """The numbers of a text with their offsets."""
    return [
        Written(
            Decimal(re.sub(r"[^\d.-]", "", match.group().replace("−", "-"))),
            match.group(),
            start + match.start(),
            bool(_PERCENT.match(text, match.end())),
        )
        for match in _NUMBER.finditer(text)
    ]


def expected(entry: Entry) -> list[Decimal]:
    """The number or numbers that a record's figure is printed with."""
    record = entry.record
    if isinstance(record, Finding) and record.range:
        return [record.range.low, record.range.high]
    value = record.value if isinstance(record, Finding | Population | Estimate) else None
    return [value] if value is not None else []


class _Checker:
    """One manuscript, its marks and its ids by hand."""

    def __init__(self, text: str, syntax: Syntax, base: Base, path: str) -> None:
        self.text, self.syntax, self.base, self.path = text, syntax, base, path
        self.lines = Lines(text)
        self.reviews = Reviews(base)
        self.checked = 0
        self.sentence_ends = [0, *(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]
        self.paragraphs = [0, *(match.end() for match in _PARAGRAPH_END.finditer(text))]

    def place(self, offset: int) -> Place:
        return Place(self.path, *self.lines.at(offset))

    def problem(self, code: str, offset: int, message: str, hint: str, record: str | None = None) -> Problem:
        return Problem(Severity.ERROR, f"manuscript-{code}", self.place(offset), message, hint, record)

    def all(self) -> list[Problem]:
        found = marks(self.text, self.syntax)
        problems: list[Problem] = []
        graded: list[tuple[int, int, Entry]] = []
        for mark in found:
            entries, faults = resolve(mark, self.base, self.reviews, self.path, self.lines)
            problems += faults
            self.checked += len(mark.ids)
            graded += [(*mark.whole, entry) for entry in entries]
            if len(entries) == len(mark.ids) and entries and not mark.faults:
                problems += self._mark(mark, entries)
        by_hand, ids = self._by_hand(found)
        return problems + by_hand + list(self._strengths(graded + ids, found))

    # -- marks

    def _mark(self, mark: Mark, entries: list[Entry]) -> Iterator[Problem]:
        content = self.text[mark.start : mark.end]
        bare = _CITATION.sub("", content).strip()
        key = " ".join(mark.ids)
        fill = "run `evidence manuscript` on the manuscript again"
        if not bare:
            yield self.problem("unfilled", mark.start, f"{key} is not filled in", fill, mark.ids[0])
            return
        if mark.show == "value":
            yield from self._figure(numbers(bare), entries[0], mark.decimals, mark.start, bare, self._offset(mark))
        now = rendering(mark, entries, self.base, self.syntax)
        bare_now = _CITATION.sub("", now).strip()
        if mark.show != "value" and _normal(bare) != _normal(bare_now):
            yield self._differs(mark, entries, bare, bare_now)
        if bare != content.strip() and mark.cite and mark.show != "table":
            keys = [citation(entry, self.base, self.syntax) for entry in entries]
            if any(each not in content for each in keys):
                message = f"{key} is cited otherwise than its record says"
                yield self.problem("citation", mark.start, message, f"cite {' '.join(keys)}", mark.ids[0])

    def _offset(self, mark: Mark) -> int:
        content = self.text[mark.start : mark.end]
        return mark.start + len(content) - len(content.lstrip())

    def _differs(self, mark: Mark, entries: list[Entry], bare: str, now: str) -> Problem:
        """The telling difference between what is written and what the records say now."""
        hint = "run `evidence manuscript` on the manuscript again, or write: " + _short(now)
        was, is_now = [each.text for each in numbers(bare)], [each.text for each in numbers(now)]
        ids = ", ".join(entry.key for entry in entries)
        if was != is_now:
            gone = [each for each in was if each not in is_now] or was
            new = [each for each in is_now if each not in was] or is_now
            message = f"“{_short(bare)}” prints {_and(gone)} where {ids} now says {_and(new)}"
            return self.problem("figure", self._offset(mark), message, hint, mark.ids[0])
        grades = ({m.group().lower() for m in _GRADE.finditer(each)} for each in (bare, now))
        code = "strength" if len(set(map(frozenset, grades))) > 1 else "wording"
        message = f"“{_short(bare)}” is not what {ids} says now"
        return self.problem(code, self._offset(mark), message, hint, mark.ids[0])

    # -- figures

    def _figure(
        self, found: list[Written], entry: Entry, decimals: int | None, at: int, bare: str, start: int
    ) -> Iterator[Problem]:
        """A figure in the text against its record, to the rounding the manuscript states."""
        shown = rounded(entry, decimals)
        want = expected(shown)
        figures = self.base.figure(shown)
        key = entry.key
        where = start + found[0].offset if found else start
        sentence = self.sentence(at)
        if [each.value for each in found] != want:
            printed = _and([each.text for each in found]) or f"“{_short(bare)}”"
            stated = "" if decimals is None else f" to {decimals} decimals"
            message = f"{printed} is not the figure of {key}, {figures}{stated}, in the sentence “{sentence}”"
            hint = f"write {figures}" + ("" if decimals is not None else ", or state the rounding: round=DECIMALS")
            yield self.problem("figure", where, message, hint, key)
            return
        unit = self.base.unit(entry) or ""
        if unit == "percent" and not found[-1].percent:
            message = f"{found[-1].text} lacks its percent sign in the sentence “{sentence}”"
            yield self.problem("unit", where, message, f"write {figures}", key)
        signs = _CURRENCY.get(unit.split("-")[0], ())
        if signs and not any(sign in self.text[max(0, at - _BEFORE) : where + _BEFORE] for sign in signs):
            message = f"{found[0].text} lacks its currency in the sentence “{sentence}”"
            yield self.problem("unit", where, message, f"write {figures}", key)
        qualifiers: list[str] = getattr(entry.record, "qualifiers", [])
        lead = self.text[max(0, where - _BEFORE) : where].lower()
        words = [word for qualifier in qualifiers for word in _QUALIFIERS[qualifier]]
        if words and not any(lead.rstrip("[({ £€$").endswith(word) for word in words):
            message = f"{key} is published as “{figures}”; the sentence “{sentence}” leaves the qualifier out"
            yield self.problem("qualifier", where, message, f"write {figures}", key)

    def sentence(self, offset: int) -> str:
        """The sentence around an offset, shortened for a message."""
        start, end = self.bounds(offset)
        start, end = max(start, offset - _AROUND), min(end, offset + _AROUND)
        bare = _ATTRIBUTES.sub("", _CITATION.sub("", self.text[start:end]))
        return _short(re.sub(r"[\[\]{}]", "", bare))

    def bounds(self, offset: int) -> tuple[int, int]:
        """Where the sentence around an offset starts and ends."""
        index = min(bisect_right(self.sentence_ends, offset), len(self.sentence_ends) - 1)
        return self.sentence_ends[index - 1], self.sentence_ends[index]

    # -- ids by hand

    def _by_hand(self, found: list[Mark]) -> tuple[list[Problem], list[tuple[int, int, Entry]]]:
        text = blanked(self.text, self.syntax, comments=False)
        for mark in found:
            first, last = mark.whole
            text = text[:first] + re.sub(r"[^\n]", "\x00", text[first:last]) + text[last:]
        problems: list[Problem] = []
        graded: list[tuple[int, int, Entry]] = []
        segment: tuple[int, int] = (0, 0)
        last_end = 0
        for key, start, end in _ids(text, self.base):
            self.checked += 1
            entry = self.base.by_id.get(key)
            if entry is None:
                hint = self.base.nearest(key)
                problems.append(self.problem("unknown-id", start, f"there is no record {key}", hint, key))
                continue
            opened = self.paragraphs[bisect_right(self.paragraphs, start) - 1]
            if re.search(r"\w", text[max(opened, last_end) : start].replace("evidence", "")):
                segment = (max(opened, last_end), start)
            last_end = end
            graded.append((start, end, entry))
            problems += state_problems(entry, self.reviews, self.base, self.place(start))
            problems += self._beside(text, entry, segment, end)
        return problems, graded

    def _beside(self, text: str, entry: Entry, segment: tuple[int, int], end: int) -> Iterator[Problem]:
        """The figure nearest before an id written by hand."""
        unit = self.base.unit(entry)
        stated = _ROUND.match(text, end)
        decimals = int(stated.group(1)) if stated else None
        count = len(expected(entry))
        before = numbers(text[slice(*segment)], segment[0])
        near = [each for each in before if each.percent or unit != "percent"] or before
        chosen = near[-count:]
        if count > 1 and len(before) >= count:
            # “10% to 20%” and “10 to 20%” are both written: the ends of a range are the last two numbers.
            chosen = before[-count:]
        if not chosen:
            message = f"no figure stands before {entry.key}"
            yield self.problem("figure", end, message, f"write {self.base.figure(entry)} before it", entry.key)
            return
        where = chosen[0].offset
        relative = [Written(each.value, each.text, each.offset - where, each.percent) for each in chosen]
        yield from self._figure(relative, entry, decimals, where, chosen[0].text, where)

    # -- strength

    def _strengths(self, graded: list[tuple[int, int, Entry]], found: list[Mark]) -> Iterator[Problem]:
        """Words such as “strong evidence” in a sentence that cites records."""
        inside = [(mark.start, mark.end) for mark in found if mark.show in ("sentence", "table")]
        clean = blanked(self.text, self.syntax, comments=True)
        for match in _GRADE.finditer(clean):
            if any(start <= match.start() < end for start, end in inside):
                continue
            start, end = self.bounds(match.start())
            near = [entry for first, last, entry in graded if first < end and last > start]
            if not near:
                continue
            word = next(group for group in match.groups() if group).lower()
            studies = [study_of(entry, self.base) for entry in near]
            grades = sorted({study.strength for study in studies if study})
            if word not in grades:
                ids = ", ".join(dict.fromkeys(entry.key for entry in near))
                held = f"graded {_and(list(grades))}" if grades else "not graded: no study is named"
                message = f"“{match.group()}” is said of {ids}, whose source is {held}"
                hint = f"write {' or '.join(grades)}" if grades else "leave the strength out"
                yield self.problem("strength", match.start(), message, hint, near[0].key)


def _ids(text: str, base: Base) -> list[tuple[str, int, int]]:
    """Ids of figures written by hand, and whatever is announced as one by `evidence:`."""
    found = {(match.start(1), match.end(1)): match.group(1) for match in _NAMED.finditer(text)}
    for match in _TOKEN.finditer(text):
        entry = base.by_id.get(match.group())
        if entry is not None and isinstance(entry.record, FIGURED) and base.figure(entry):
            found.setdefault((match.start(), match.end()), match.group())
    return [(key, start, end) for (start, end), key in sorted(found.items())]


def _normal(text: str) -> str:
    return " ".join(text.split())


def _short(text: str, most: int = 160) -> str:
    text = _normal(text)
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _and(items: list[str]) -> str:
    return " and ".join(items)
