"""Where a document names what: one pass over its words finds every entry, whatever the number of records.

A *form* is a way in which documents print an entry: its label, its `words`; ages, sexes and years are understood
without. The longest form wins: "often or always" is not "often". All offsets are those of the text as it was read.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from evidencebase.base import Base
from evidencebase.model.ages import AgeBand, bands_at, speaks_of_age
from evidencebase.model.hierarchy import level_ancestors
from evidencebase.model.periods import YEAR, YEARS, years
from evidencebase.model.vocabulary import Group
from evidencebase.provenance.library import Library
from evidencebase.reading.documents import DocumentText
from evidencebase.reading.language import TOKEN, Language, stem, stems
from evidencebase.reading.structure import Part, Structure

_GAP = 4
_LONGEST = 200
_YEAR_AFTER, _YEAR_BEFORE, _YEAR_NEXT = 14, 25, 6
_NAMES = ("place", "study")  # printed with a capital: "Crisis" is a charity, "crisis" is none
_LISTS = ("qualifiers", "directions", "significance", "hedges", "links", "statistics")
_WORDS = ("negations", "comparison", "respectively", "national", "comparing")
_SHARED = {"measure": "measures", "place": "places", "level": "characteristics"}
_SLIPS = ("measure", "group", "place", "study")
# "(DCMS, 2018)", "(2012)": when something was published, not when it was measured.
_CREDIT = re.compile(rf"\(\s*(?:[^()\d]{{0,80}}[,\s]\s*)?{YEAR}[a-z]?\s*\)")
_WHO = re.compile(
    r"^(?:people|persons|residents|those|adults|children|pupils|users|respondents)?\s*"
    r"(?:who\s+(?:are|have|is|live|do|were)?|with(?:\s+an?)?|aged|of|whose|in|from|living\s+in)?\s*",
    re.IGNORECASE,
)
_YEAR_TAIL = re.compile(rf",?\s*(?:published in\s*)?\(?\b(?:mid-)?{YEAR}(?:[-/]\d{{2,4}})?\)?")

Value = tuple[str, ...] | AgeBand | str


@dataclass(frozen=True, slots=True)
class Mention:
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
    pieces: tuple[tuple[str, ...], ...]
    kind: str
    name: object
    capital: bool = False


@dataclass
class _Forms:
    """Forms by the stem they begin with, and what they name."""

    forms: dict[str, list[_Form]] = field(default_factory=lambda: defaultdict(list))
    named: set[tuple[str, object]] = field(default_factory=set)

    def add(self, kind: str, name: object, words: str) -> None:
        """Add one form; "often ... late" may have up to four words where the dots are."""
        pieces = tuple(piece for part in words.split("...") if (piece := stems(part)))
        if pieces:
            capital = kind in _NAMES and words.strip()[:1].isupper()
            self.forms[pieces[0][0]].append(_Form(pieces, kind, name, capital))
            self.named.add((kind, name))


class Lexicon(_Forms):
    """Every form of a base, the longest first."""

    def __init__(self, base: Base, language: Language) -> None:
        super().__init__()
        self.base, self.language = base, language
        for kind, name, words in self._words():
            self.add(kind, name, words)
        for forms in self.forms.values():
            forms.sort(key=lambda form: -sum(map(len, form.pieces)))

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
    _starts: dict[str, list[int]] = field(default_factory=dict, repr=False)

    def within(self, kind: str, start: int, end: int) -> list[Mention]:
        """The mentions of a kind that stand wholly between two offsets, in order."""
        found = self.mentions.get(kind, [])
        if kind not in self._starts:
            self._starts[kind] = [each.start for each in found]
        starts = self._starts[kind]
        return [each for each in found[bisect_left(starts, start) : bisect_left(starts, end)] if each.end <= end]

    def touching(self, kind: str, start: int, end: int) -> list[Mention]:
        """The mentions of a kind that share a character with what stands between two offsets."""
        return [
            each
            for each in self.within(kind, start - _LONGEST, end + _LONGEST)
            if each.start < end and start < each.end
        ]


def read_words(document: DocumentText, lexicon: Lexicon) -> Reading:
    """Find every mention of a document, once."""
    text, language = document.text, lexicon.language
    structure = Structure(text)
    tokens = [(stem(match[0]), match.start(), match.end()) for match in TOKEN.finditer(text)]
    found = list(_matches(text, tokens, lexicon))
    found += [Mention(start, end, "age", frozenset({band})) for band, start, end in bands_at(text)]
    found += _ages_of_lists(text, structure)
    years_ = list(_years(text))
    found += [each for each in years_ if not _under_source(each, structure)]
    meant = lexicon.base.documents[document.key].words if document.key in lexicon.base.documents else {}
    for words, entry in meant.items():
        own = _Forms()
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


def _matches(text: str, tokens: list[tuple[str, int, int]], lexicon: _Forms) -> Iterator[Mention]:
    words = [each[0] for each in tokens]
    for index, (word, start, _) in enumerate(tokens):
        for form in lexicon.forms.get(word, ()):
            if form.capital and not text[start].isupper():
                continue
            last = _ends(words, index, form.pieces)
            if last is not None:
                joint = (
                    len(form.pieces) > 1
                    or "and" in form.pieces[0]
                    or any(c in text[start : tokens[last][2]] for c in "&/")
                )
                yield Mention(start, tokens[last][2], form.kind, frozenset({form.name}), joint)


def _ends(words: list[str], index: int, pieces: tuple[tuple[str, ...], ...]) -> int | None:
    """The index of the last word of a form that begins at an index; None where it does not stand there."""
    at = index
    for number, piece in enumerate(pieces):
        places = range(at, at + 1) if number == 0 else range(at, at + _GAP + 1)
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
            replace(each, names=spans[key].names | each.names, joint=each.joint or spans[key].joint)
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
        ):
            inside.add(each)
        elif each.end > widest.end:
            widest = each
    return {
        kind: [replace(each, inside=True) if each in inside else each for each in mentions]
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
    """Ages that only the line above a list, or the heading of its part, calls so: "by age: 5 to 7"."""
    for unit in structure.units:
        if unit.part not in (Part.ITEM, Part.ROW):
            continue
        above = [*unit.headings[-1:], *([unit.lead_in] if unit.lead_in else [])]
        if any(speaks_of_age(text[slice(*span)]) for span in above):
            for band, start, end in bands_at(text[unit.start : unit.end], of_ages=True):
                yield Mention(unit.start + start, unit.start + end, "age", frozenset({band}))


def _years(text: str) -> Iterator[Mention]:
    """Years that may be periods of data: not those of credits."""
    credits_ = [match.span() for match in _CREDIT.finditer(text)]
    for match in YEARS.finditer(text):
        span = years(match[0].replace(" ", ""))
        if span is not None and not any(start <= match.start() < end for start, end in credits_):
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
    starts = [each.start for each in periods]
    return periods[bisect_left(starts, unit.start) : bisect_left(starts, unit.end)]


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
    return replace(mention, start=start, end=end, names=fitting or another)


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

    def generic(self, trait: str, level: str) -> bool:
        """Whether a level is only a word for everybody, such as adults, so that a passage need not name it."""
        found = self.base.vocabulary.characteristics.get(trait)
        forms = (
            [{stems(form) for form in (each.label, *each.words)} for each in found.levels if each.id == level]
            if found
            else []
        )
        return bool(forms) and forms[0] <= self._everybody

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
