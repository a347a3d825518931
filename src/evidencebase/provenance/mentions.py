"""Where a document names what: one pass over its words finds every entry, whatever the number of records.

A *form* is a way in which documents print an entry: its label, its `words`; ages, sexes and years are understood
without. The longest form wins: "often or always" is not "often". All offsets are those of the text as it was read.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from evidencebase.base import Base
from evidencebase.model.ages import AgeBand, bands_at, speaks_of_age
from evidencebase.model.hierarchy import level_ancestors
from evidencebase.model.periods import YEAR, YEARS, years
from evidencebase.model.vocabulary import Group
from evidencebase.provenance.library import Library
from evidencebase.reading.documents import DocumentText
from evidencebase.reading.language import TOKEN, Language, stem, stems
from evidencebase.reading.numerals import Numeral, numerals
from evidencebase.reading.structure import Part, Span, Structure

_START = attrgetter("start")
_GAP = 8
_LONGEST = 200
_YEAR_AFTER, _YEAR_BEFORE, _YEAR_NEXT = 14, 25, 6
_NAMES = ("place", "study")  # printed with a capital: "Crisis" is a charity, "crisis" is none
_LISTS = ("qualifiers", "directions", "significance", "hedges", "links", "statistics")
_WORDS = ("idioms", "negations", "comparison", "respectively", "national", "comparing", "adjusted")
_SHARED = {"measure": "measures", "place": "places", "level": "characteristics"}
_SLIPS = ("measure", "group", "place", "study")
# "(DCMS, 2018)", "(2012)": when something was published, not when it was measured.
_CREDIT = re.compile(rf"\(\s*(?:[^()\d]{{0,80}}[,\s]\s*)?{YEAR}[a-z]?\s*\)")
_WHO = re.compile(
    r"^(?:people|persons|residents|those|adults|children|pupils|users|respondents)?\s*"
    r"(?:who\s+(?:are|have|is|live|do|were)?|with(?:\s+an?)?|aged|of|whose|in|from|living\s+in)?\s*",
    re.IGNORECASE,
)
_YEAR_TAIL = re.compile(rf",?\s*(?:published in\s*)?\(?\b(?:mid-)?{YEAR}(?:[-/]\d{{2,4}})?\)?\s*$")

Value = tuple[str, ...] | AgeBand | str


class Mention(NamedTuple):
    """Words of a document that name something: of which kind, and what (several where the words do not tell which).

    `joint` says that they join names ("asthma and eczema") or leave a gap, and so do not take what stands within them.
    `inside` says that they are part of a longer name of another kind, and so no name that stands against another.
    """

    start: int
    end: int
    kind: str
    names: frozenset[object]
    joint: bool = False
    inside: bool = False

    @property
    def span(self) -> tuple[int, int]:
        """From its first to behind its last character."""
        return self.start, self.end


@dataclass(frozen=True)
class _Form:
    """What a form names; `behind` are its pieces behind a gap, `joint` is that of its mentions."""

    kind: str
    names: frozenset[object]
    behind: tuple[tuple[str, ...], ...] = ()
    capital: bool = False
    joint: bool = False


@dataclass
class _Forms:
    """Forms by their stems, one after another: those whose first piece ends here, and the stems that may follow."""

    forms: list[_Form] = field(default_factory=list)
    after: dict[str, _Forms] = field(default_factory=dict)

    def add(self, kind: str, name: object, words: str) -> None:
        """Add one form; "often ... late" may have up to eight words where the dots are."""
        first, *behind = [piece for part in words.split("...") if (piece := stems(part))] or [()]
        node = self
        for each in first:
            node = node.after.setdefault(each, _Forms())
        if first:
            capital = kind in _NAMES and words.strip()[:1].isupper()
            joint = bool(behind) or "and" in first
            node.forms.append(_Form(kind, frozenset({name}), tuple(behind), capital, joint))


@dataclass(frozen=True)
class Lexicon:
    """Every form of a base."""

    base: Base
    language: Language

    @cached_property
    def forms(self) -> _Forms:
        """The forms, put together when a document is first read."""
        found = _Forms()
        for kind, name, words in self._words():
            found.add(kind, name, words)
        return found

    def _words(self) -> Iterator[tuple[str, object, str]]:
        yield from self._vocabulary()
        for head in self.language.generic:
            yield from (("head", head, each) for each in self.language.heads.get(head, []))
        for sex, words in self.language.sexes.items():
            yield from (("sex", sex, each) for each in words)
        for kind in _LISTS:
            for name, words in getattr(self.language, kind).items():
                yield from ((kind, name, each) for each in words)
        for kind in _WORDS:
            yield from ((kind, kind, each) for each in getattr(self.language, kind))

    def _vocabulary(self) -> Iterator[tuple[str, object, str]]:
        vocabulary = self.base.vocabulary
        for measure in vocabulary.measures.values():
            yield from (("measure", measure.id, each) for each in (_plain(measure.label), *measure.words))
        everybody = {stems(each) for head in self.language.generic for each in self.language.heads.get(head, [])}
        for group in vocabulary.groups.values():
            yield from (("group", group.id, each) for each in _group_forms(group) if stems(each) not in everybody)
        for trait in vocabulary.characteristics.values():
            for level in trait.levels:
                yield from (("level", (trait.id, level.id), each) for each in (level.label, *level.words))
        for place in vocabulary.places.values():
            yield from (("place", place.id, each.removeprefix("the ")) for each in (place.label, *place.words))
        for unit in vocabulary.units.values():
            if unit.dimension == "count":  # signs of money and of shares are read with the number
                counted = self.base.counted.get(unit.id, ())  # nurses are persons
                yield from (("unit", unit.id, each) for each in (unit.label, *unit.words, *counted))
        for study in self.base.studies.values():
            yield from (("study", study.key, _YEAR_TAIL.sub("", each)) for each in (study.label or "", *study.words))

    @cached_property
    def printed(self) -> dict[tuple[str, object], list[str]]:
        """How documents print each entry, by its kind and id."""
        found: dict[tuple[str, object], list[str]] = defaultdict(list)
        for kind, name, words in self._vocabulary():
            found[kind, name].append(words)
        return found

    def shared(self) -> dict[tuple[str, str], list[str]]:
        """Forms that name unrelated entries of one kind: by kind and words, their ids.

        Measures of one construct are related, studies that share the name of a survey, levels of one characteristic.
        """
        by_form: dict[tuple[str, str], set[str]] = defaultdict(set)
        vocabulary = self.base.vocabulary
        for kind, name, words in self._vocabulary():
            if kind in _SHARED:
                by_form[_SHARED[kind], " ".join(stems(words))].add(name[0] if isinstance(name, tuple) else str(name))
        found = {}
        for (kind, words), names in by_form.items():
            related = kind == "measures" and len({vocabulary.measures[name].concept for name in names}) == 1
            if len(names) > 1 and words and not related:
                found[kind, words] = sorted(names)
        return found


def _plain(label: str) -> str:
    """A label without what is said of it: "Wellbeing, measure not stated" is printed as "wellbeing"."""
    return label.split(",", maxsplit=1)[0]


def _group_forms(group: Group) -> Iterator[str]:
    """How a group is printed as a whole: its words, its label, and its label without "people who are"."""
    yield group.label
    yield from group.words
    rest = _WHO.sub("", group.label)
    if rest != group.label and len(stems(rest)) > 1 and group.age_min is None and group.age_max is None:
        yield rest


@dataclass(frozen=True)
class Reading:
    """A document read for words: its structure, and every mention in order."""

    document: DocumentText
    structure: Structure
    mentions: dict[str, list[Mention]]
    _numerals: dict[Span, list[Numeral]] = field(default_factory=dict, init=False, repr=False)
    _places: dict[str, list[Span]] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def _starts(self) -> dict[str, list[int]]:
        return {kind: [each.start for each in found] for kind, found in self.mentions.items()}

    def _between(self, kind: str, start: int, end: int) -> list[Mention]:
        """The mentions of a kind that start between two offsets, in order."""
        starts = self._starts.get(kind, [])
        return self.mentions[kind][bisect_left(starts, start) : bisect_left(starts, end)] if starts else []

    def within(self, kind: str, start: int, end: int) -> list[Mention]:
        """The mentions of a kind that stand wholly between two offsets, in order."""
        return [each for each in self._between(kind, start, end) if each.end <= end]

    def touching(self, kind: str, start: int, end: int) -> list[Mention]:
        """The mentions of a kind that share a character with what stands between two offsets."""
        around = self._between(kind, start - _LONGEST, end + _LONGEST)
        return [each for each in around if each.start < end and start < each.end <= end + _LONGEST]

    def numerals(self, span: Span) -> list[Numeral]:
        """The numbers of a sentence, their offsets counted from its first character; read once."""
        if span not in self._numerals:
            self._numerals[span] = numerals(self.document.text[slice(*span)])
        return self._numerals[span]

    def places(self, words: str) -> list[Span]:
        """Every place where words stand, whatever space is between them, in order; looked for once."""
        if words not in self._places:
            self._places[words] = spaced(words, self.document.text)
        return self._places[words]


def spaced(words: str, text: str) -> list[Span]:
    """Every place of a text where words stand, whatever space is between them."""
    pattern = r"\s+".join(map(re.escape, words.split()))
    return [match.span() for match in re.finditer(pattern, text)] if pattern else []


def read_words(document: DocumentText, lexicon: Lexicon) -> Reading:
    """Find every mention of a document, once."""
    text, language = document.text, lexicon.language
    structure = Structure(text)
    tokens = [(stem(match[0]), match.start(), match.end()) for match in TOKEN.finditer(text)]
    found = list(_matches(text, tokens, lexicon.forms))
    found += [Mention(start, end, "age", frozenset({band})) for band, start, end in bands_at(text)]
    found += _ages_of_lists(text, structure)
    years_ = list(_years(text, language))
    found += [each for each in years_ if not _under_source(each, structure)]
    meant = lexicon.base.documents[document.key].words if document.key in lexicon.base.documents else {}
    own = _Forms()
    for words, entry in meant.items():
        for kind in _SLIPS:
            if (name := getattr(entry, kind, None)) is not None:
                own.add(kind, name, words)
    found += _matches(text, tokens, own)
    by_kind: dict[str, list[Mention]] = defaultdict(list)
    for mention in found:
        by_kind[mention.kind].append(mention)
    kept = {kind: _longest(mentions) for kind, mentions in by_kind.items()}
    kept["place"] = [each for each in kept.get("place", []) if not _of_a_body(text, each, language)]
    kept["study"] = [_of_a_wave(each, _beside(years_, each, structure), lexicon.base) for each in kept.get("study", [])]
    return Reading(document, structure, _marked_inside(kept))


def _matches(text: str, tokens: list[tuple[str, int, int]], forms: _Forms) -> Iterator[Mention]:
    words = [*(each[0] for each in tokens), ""]
    for index, (word, start, _) in enumerate(tokens):
        node, at = forms.after.get(word), index + 1
        while node is not None:
            for form in node.forms:
                last = _ends(words, at, form.behind)
                if last is not None and not (form.capital and not text[start].isupper()):
                    end = tokens[last][2]
                    joint = form.joint or any(c in text[start:end] for c in "&/")
                    yield Mention(start, end, form.kind, form.names, joint)
            node, at = node.after.get(words[at]), at + 1


def _ends(words: list[str], at: int, behind: tuple[tuple[str, ...], ...]) -> int | None:
    """The index of the last word of a form whose first piece ends before an index; None where the rest is not there."""
    for piece in behind:
        places = range(at, at + _GAP + 1)
        here = next((place for place in places if tuple(words[place : place + len(piece)]) == piece), None)
        if here is None:
            return None
        at = here + len(piece)
    return at - 1


def _longest(mentions: Iterable[Mention]) -> list[Mention]:
    """Without those that stand within a longer one of their kind; what has the same words is one mention."""
    spans: dict[tuple[int, int], Mention] = {}
    for each in mentions:
        key = each.start, each.end
        spans[key] = (
            each._replace(names=spans[key].names | each.names, joint=each.joint or spans[key].joint)
            if key in spans
            else each
        )
    kept: list[Mention] = []
    reach = -1
    for each in sorted(spans.values(), key=lambda mention: (mention.start, -mention.end)):
        if each.end > reach or each.joint:
            kept.append(each)
        if each.end > reach and not each.joint:
            reach = each.end
    return kept


def _marked_inside(kept: dict[str, list[Mention]]) -> dict[str, list[Mention]]:
    """Each mention with whether it stands within a longer name of another kind: one sorted sweep."""
    named = [each for kind in (*_SLIPS, "level") for each in kept.get(kind, [])]
    named.sort(key=lambda mention: (mention.start, -mention.end))
    inside, widest = set(), Mention(-1, -1, "", frozenset())
    for each in named:
        if (
            each.end <= widest.end
            and (each.end - each.start) < (widest.end - widest.start)
            and each.kind != widest.kind
            and (each.kind, widest.kind) != ("level", "group")  # whose name tells its marks
        ):
            inside.add(each)
        elif each.end > widest.end:
            widest = each
    return {
        kind: [each._replace(inside=True) if each in inside else each for each in mentions]
        for kind, mentions in kept.items()
    }


def _of_a_body(text: str, mention: Mention, language: Language) -> bool:
    """Whether a place is part of the name of a council, a university, a strategy."""
    after = text[mention.end : mention.end + 60].lower()
    before = text[max(0, mention.start - 40) : mention.start].lower()
    follows = any(
        re.match(rf"(?:['’]s)?\s+(?:\w+\s+){{0,2}}?{re.escape(each)}\b", after) for each in language.bodies.after
    )
    return follows or any(re.search(rf"\b{re.escape(each)}\s+(?:the\s+)?$", before) for each in language.bodies.before)


def _ages_of_lists(text: str, structure: Structure) -> Iterator[Mention]:
    """Ages that only the line above a list, the heading of its part or the head of a table calls so: "by age"."""
    speak: dict[Span, bool] = {}  # many rows stand under one heading
    head = (0, 0)
    for before, unit in pairwise([None, *structure.units]):
        if unit is None or unit.part not in (Part.ITEM, Part.ROW):
            head = (unit.start, unit.end) if unit and unit.part is Part.CAPTION else (head[0], unit.end if unit else 0)
            continue
        above = [*unit.headings[-1:], *([unit.lead_in] if unit.lead_in else [])]
        if unit.part is Part.ROW and before is not None:
            above.append(head)
        speak |= {span: speaks_of_age(text[slice(*span)]) for span in above if span not in speak}
        if any(speak[span] for span in above):
            for band, start, end in bands_at(text[unit.start : unit.end], of_ages=True):
                yield Mention(unit.start + start, unit.start + end, "age", frozenset({band}))


def _years(text: str, language: Language) -> Iterator[Mention]:
    """Years that may be periods of data: not those of credits, and "(spring 2018)" is none."""
    dated = {each.lower() for each in language.dates}
    credits_ = [match.span() for match in _CREDIT.finditer(text) if not dated & {*match[0].lower().strip("( ").split()}]
    starts = [start for start, _ in credits_]
    for match in YEARS.finditer(text):
        span = years(match[0].replace(" ", ""))
        before = bisect_right(starts, match.start()) - 1
        if span is not None and not (before >= 0 and match.start() < credits_[before][1]):
            yield Mention(match.start(), match.end(), "period", frozenset({span}))


def _under_source(mention: Mention, structure: Structure) -> bool:
    """Whether a year stands in the line of a source, where it tells a wave of a survey and no period of a figure."""
    unit = structure.unit(mention.start)
    return unit is not None and unit.part is Part.SOURCE


def _beside(periods: list[Mention], mention: Mention, structure: Structure) -> list[Mention]:
    """The periods of the paragraph that a name stands in."""
    unit = structure.unit(mention.start)
    if unit is None:
        return []
    first = bisect_left(periods, unit.start, key=_START)
    return periods[first : bisect_left(periods, unit.end, first, key=_START)]


def _of_a_wave(mention: Mention, periods: list[Mention], base: Base) -> Mention:
    """A study's name with the years beside it ("2016-17 and 2017-18"): the waves of those years, or another wave."""
    beside = [each for each in periods if 0 <= each.start - mention.end <= _YEAR_AFTER][:1]
    if beside:
        for each in periods:
            if 0 <= each.start - beside[-1].end <= _YEAR_NEXT:
                beside.append(each)
    else:
        beside = [each for each in periods if 0 <= mention.start - each.end <= _YEAR_BEFORE][-1:]
    if not beside:
        return mention
    spans = {span for each in beside for span in each.names}
    waves = {name: _wave(base, str(name)) for name in mention.names}
    fitting = frozenset(name for name, its in waves.items() if its is None or its in spans)
    start, end = min(mention.start, beside[0].start), max(mention.end, beside[-1].end)
    another: frozenset[object] = frozenset({("another wave", *sorted(map(str, spans)))})
    return mention._replace(start=start, end=end, names=fitting or another)


def _wave(base: Base, key: str) -> tuple[int, int] | None:
    study = base.studies[key]
    printed = YEARS.search(study.label or "")
    return years(printed[0].replace(" ", "")) if printed else years(study.fieldwork) if study.fieldwork else None


@dataclass
class Words:
    """The words of a base in the documents at hand: each document read once, each record asked once."""

    base: Base
    library: Library
    language: Language
    _readings: dict[str, Reading | None] = field(default_factory=dict)

    @cached_property
    def lexicon(self) -> Lexicon:
        """Every form of the vocabulary."""
        return Lexicon(self.base, self.language)

    def reading(self, key: str) -> Reading | None:
        """A document read for words; None where it is not at hand."""
        if key not in self._readings:
            held = self.library.held(key)
            self._readings[key] = read_words(held.text, self.lexicon) if held.text else None
        return self._readings[key]

    @cached_property
    def clause_end(self) -> re.Pattern[str]:
        """Where the words that go with a figure end behind it: at a sign that parts, or a word that begins a clause."""
        words = "|".join(map(re.escape, self.language.clause_ends))
        return re.compile(r"[,;:.](?!\d)|[()]|\s[-–—]\s" + (rf"|\s(?:{words})\s" if words else ""), re.IGNORECASE)

    @cached_property
    def levels(self) -> dict[tuple[str, str], tuple[str, ...]]:
        """The levels that each level of a characteristic lies within."""
        return level_ancestors(self.base.vocabulary.characteristics)

    @cached_property
    def _everybody(self) -> frozenset[tuple[str, ...]]:
        return frozenset(stems(form) for name in self.language.generic for form in self.language.heads.get(name, []))

    @cached_property
    def _generic(self) -> frozenset[tuple[str, str]]:
        return frozenset(
            (trait.id, level.id)
            for trait in self.base.vocabulary.characteristics.values()
            for level in trait.levels
            if {stems(form) for form in (level.label, *level.words)} <= self._everybody
        )

    def generic(self, trait: str, level: str) -> bool:
        """Whether a level is only a word for everybody, such as adults, so that a passage need not name it."""
        return (trait, level) in self._generic

    def common(self) -> tuple[int, dict[tuple[str, str], int]]:
        """How many sentences the documents at hand have, and in how many each entry is named, by kind and id."""
        total, counts = 0, Counter[tuple[str, str]]()
        for reading in filter(None, (self.reading(key) for key in self.base.documents)):
            for unit in reading.structure.units:
                for span in reading.structure.sentences(unit):
                    total += 1
                    named = {
                        (_SHARED[kind], str(name))
                        for kind in ("measure", "place")
                        for mention in reading.within(kind, *span)
                        for name in mention.names
                        if len(mention.names) == 1
                    }
                    counts.update(named)
        return total, dict(counts)

    @cached_property
    def printed(self) -> frozenset[tuple[str, object]]:
        """Every entry that some document at hand prints."""
        readings = [self.reading(key) for key in self.base.documents]
        return frozenset(
            (kind, name)
            for reading in readings
            if reading
            for kind, mentions in reading.mentions.items()
            for mention in mentions
            for name in mention.names
        )
