"""Where else a document names what a passage does not: anchors `for` words, and printed words to think about.

A proposal is judged before it is made, as if it stood in the record: one that would not make the field `elsewhere` is
none. It may be written only where its section names nothing else of the kind, so that a record which is wrong does not
come to pass by it. What a passage contradicts is shown and never answered; what is `inferred` only a reader can say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

from evidencebase.base import Base, Entry
from evidencebase.model.records import Anchor, Record
from evidencebase.provenance.asking import Fit, Question, questions
from evidencebase.provenance.judging import rulings_of
from evidencebase.provenance.library import Library
from evidencebase.provenance.matching import Outcome, figure_at, outcomes_of
from evidencebase.provenance.mentions import Mention, Reading, Words
from evidencebase.provenance.quoting import fragment_of, holds, locator_of, parted, words_at
from evidencebase.provenance.rulings import Ruling, WordState
from evidencebase.provenance.standing import Stand, stand
from evidencebase.provenance.words import OPEN
from evidencebase.reading.language import TOKEN, stem, stems
from evidencebase.reading.structure import Part, Span

_SHOWN = 3
_TELLING, _SHARE, _LONGEST_LIKE = 4, 0.5, 6
_WORDLESS = (WordState.UNNAMED, WordState.BROADER, WordState.NO_FORM)
_MENDABLE = (WordState.UNNAMED, WordState.BROADER, WordState.NARROWER, WordState.FARTHER)
_OF_ITS_OWN = (Part.CAPTION, Part.SOURCE, Part.NOTE)
_SAID_ONCE = ("group", "place", "period", "study")  # by a section, of all that stands in it
_MARKS = ("age", "sex", "level", "group")


class Where(StrEnum):
    """How near to a passage a mention stands, the nearest first."""

    SECTION = "section"
    CAPTION = "caption"
    HEADING = "heading"
    DOCUMENT = "document"


@dataclass(frozen=True)
class Located:
    """Words of a document, and where they stand: the line, and of a PDF the page, both from 1."""

    words: str
    line: int
    page: int | None

    @classmethod
    def at(cls, reading: Reading, mention: Mention) -> Located:
        """Where a mention stands."""
        document = reading.document
        return cls(words_at(reading, mention.span), document.line(mention.start), document.page(mention.start))


@dataclass(frozen=True)
class Proposal:
    """An anchor that would say where a field is named, and how near to which passage the mention stands.

    `why_not` tells why it is only shown; empty where it may be written.
    """

    anchor: Anchor
    where: Where
    at: Stand = field(repr=False)
    mention: Mention = field(repr=False)
    why_not: str = ""

    @property
    def written(self) -> dict[str, Any]:
        """The anchor as it is written."""
        content = self.anchor.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return {name: content[name] for name in ("document", "fragment", "for", "locator") if name in content}

    @property
    def place(self) -> Located:
        """Where the words that name the field stand."""
        return Located.at(self.at.reading, self.mention)


@dataclass(frozen=True)
class Asked:
    """A field that asks for something: its ruling, what could answer it, and printed words like those of its entry.

    `own` is where the document names nearest what the record says, where the passage contradicts it.
    """

    ruling: Ruling
    proposals: tuple[Proposal, ...] = ()
    like: tuple[str, ...] = ()
    own: Located | None = None

    @property
    def chosen(self) -> Proposal | None:
        """The nearest proposal that may be written."""
        return next((each for each in self.proposals if not each.why_not), None)


@dataclass
class Grounding:
    """What was asked of how many records, and of the others why nothing could be.

    `failing` are those whose anchors do not hold in the document at hand, `absent` those whose document is not.
    """

    asked: list[Asked] = field(default_factory=list)
    records: int = 0
    failing: dict[str, str] = field(default_factory=dict)
    absent: dict[str, str] = field(default_factory=dict)


def ground(base: Base, library: Library, words: Words, entries: Iterable[Entry]) -> Grounding:
    """What each of these records leaves open, and where its document could answer; nothing is written."""
    found = Grounding()
    for entry in entries:
        record = _Record(base, library, words, entry)
        if record.stands:
            found.records += 1
            found.asked += record.asked()
        else:
            held = any(library.held(key).text is not None for key in entry.documents)
            (found.failing if held else found.absent)[entry.key] = record.why
    return found


def anchors_of(record: Record) -> str:
    """The field in which a record has its anchors."""
    return "anchors" if hasattr(record, "anchors") else "stated_in"


@dataclass(frozen=True)
class _Candidate:
    """A mention that would name a field, and how near to which passage it stands."""

    where: Where
    apart: int
    at: Stand
    mention: Mention


@dataclass
class _Record:
    """One record with all that is asked of it."""

    base: Base
    library: Library
    words: Words
    entry: Entry

    @cached_property
    def outcomes(self) -> list[Outcome]:
        return outcomes_of(self.base, self.library, self.entry)

    @cached_property
    def rulings(self) -> list[Ruling]:
        return list(rulings_of(self.words, self.entry, self.outcomes))

    @cached_property
    def stands(self) -> list[Stand]:
        return [here for outcome in self.outcomes if (here := stand(self.words, outcome)) is not None]

    @cached_property
    def questions(self) -> dict[str, Question]:
        return {each.field: each for each in questions(self.words, self.entry)}

    @property
    def _for(self) -> list[Anchor]:
        return [outcome.anchor for outcome in self.outcomes if outcome.anchor.for_ is not None]

    @property
    def why(self) -> str:
        """Why nothing can be asked of it."""
        faults = [problem.message for outcome in self.outcomes for problem in outcome.problems]
        return "; ".join(dict.fromkeys(faults)) or "it has no passage in a text"

    def asked(self) -> Iterator[Asked]:
        """Every field that asks for something. Words that answer two fields are proposed once for both."""
        chosen: list[tuple[Reading, Span, str]] = []
        for ruling in self.rulings:
            if ruling.state not in OPEN:
                continue
            question = self.questions.get(ruling.field)
            if question is None:
                yield Asked(ruling)
                continue
            candidates = self._candidates(question)
            if ruling.state is WordState.CONTRADICTED:
                nearest = candidates[0] if candidates else None
                yield Asked(ruling, own=Located.at(nearest.at.reading, nearest.mention) if nearest else None)
                continue
            proposals: list[Proposal] = []
            for each in candidates if ruling.state in _MENDABLE else ():
                made = self._proposal(ruling, question, each, chosen)
                if made is not None and made.anchor not in [other.anchor for other in proposals]:
                    proposals.append(made)
                if len(proposals) == _SHOWN:
                    break
            yield Asked(ruling, tuple(proposals), self._like(question) if ruling.state in _WORDLESS else ())

    def _candidates(self, question: Question) -> list[_Candidate]:
        """Every mention of what the record says, the nearest first.

        One within a longer name is none, and a word for everybody tells nothing of whom a passage is.
        """
        found: dict[tuple[str, int, int], _Candidate] = {}
        for at in self.stands:
            for kind in (each for each in question.kinds if each != "head"):
                for mention in at.reading.mentions.get(kind, ()):
                    if not mention.inside and question.fits(mention) is Fit.OWN:
                        where, apart = _nearness(at, mention)
                        place = at.reading.document.key, mention.start, mention.end
                        new = _Candidate(where, apart, at, mention)
                        found[place] = min(found.get(place, new), new, key=_order)
        return sorted(found.values(), key=_order)

    def _proposal(
        self, ruling: Ruling, question: Question, of: _Candidate, chosen: list[tuple[Reading, Span, str]]
    ) -> Proposal | None:
        """The anchor that a mention makes, where the field is named elsewhere with it and the anchor holds."""
        reading, mention = of.at.reading, of.mention
        document = reading.document
        fragment = next((text for its, span, text in chosen if its is reading and holds(span, mention.span)), None)
        fragment = fragment or fragment_of(reading, mention, figure_at(document.key, self.outcomes))
        if fragment is None:
            return None
        locator = locator_of(reading, mention.start)
        content = {"document": document.key, "fragment": fragment, "for": [ruling.field], "locator": locator}
        anchor = Anchor.model_validate({name: value for name, value in content.items() if value is not None})
        with_it = self._with(anchor)
        last = with_it.outcomes[-1]
        state = next((each.state for each in with_it.rulings if each.field == ruling.field), None)
        if state is not WordState.ELSEWHERE or last.problems:
            return None
        why_not = next(self._against_writing(ruling, question, of), "")
        if not why_not:
            chosen.append((reading, (last.passage.source_start, last.passage.source_end), fragment))
        return Proposal(anchor, of.where, of.at, mention, why_not)

    def _with(self, anchor: Anchor) -> _Record:
        """The record as it would be with one anchor more."""
        name = anchors_of(self.entry.record)
        record = self.entry.record.model_copy(update={name: [*getattr(self.entry.record, name), anchor]})
        return _Record(self.base, self.library, self.words, replace(self.entry, record=record))

    def _against_writing(self, ruling: Ruling, question: Question, of: _Candidate) -> Iterator[str]:
        """Why a proposal is only shown: each way in which a record that is wrong could come to pass by it."""
        unit = of.at.reading.structure.unit(of.mention.start)
        several = {name for kind, name in question.forms if kind == "level"}
        if ruling.state is WordState.NARROWER or (ruling.state is WordState.BROADER and question.field == "place"):
            yield f"the passage names something {ruling.state}: whether the record is right is to be read first"
        if any(ruling.field.startswith(name) for anchor in self._for for name in anchor.for_ or ()):
            yield "the record gives a place for it already, which does not name it"
        if of.where is Where.DOCUMENT:
            yield "it stands in another section"
        if question.field in ("study", "period") and unit is not None and unit.part in _OF_ITS_OWN:
            yield f"the {unit.part} that names it may be of something else"
        if question.field.split(".", maxsplit=1)[0] not in _SAID_ONCE:
            yield "a section speaks of several such: which of them is meant is to be read first"
        if of.mention.kind == "level" and not several <= of.mention.names:
            yield "it names one of several that the record says"
        if rival := self._rival(question):
            yield f"the section names “{rival}” too"

    def _rival(self, question: Question) -> str:
        """What the sections and headings of the record's passages name of the kind that is no part of the record.

        Of people it is whatever marks them: a section that speaks of others too does not tell whom a figure is of.
        """
        people = question.field.startswith("group")
        for at in self.stands:
            unit = at.reading.structure.unit(at.passage[0])
            spans = [at.reading.structure.section(at.passage[0]), *(unit.headings if unit else ())]
            for kind in _MARKS if people else question.kinds:
                for mention in (each for span in spans for each in at.reading.within(kind, *span)):
                    against = not self._everybody(mention) if people else _against(question, mention)
                    if against and not mention.inside and not self._of_the_record(at.reading, mention):
                        return words_at(at.reading, mention.span)
        return ""

    def _everybody(self, mention: Mention) -> bool:
        return all(isinstance(name, tuple) and self.words.generic(*map(str, name)) for name in mention.names)

    def _of_the_record(self, reading: Reading, mention: Mention) -> bool:
        """Whether what is named lies within words that name something the record says."""
        return any(
            question.fits(other) is Fit.OWN and holds(other.span, mention.span)
            for question in self.questions.values()
            for kind in question.kinds
            for other in reading.touching(kind, mention.start, mention.end)
        )

    def _like(self, question: Question) -> tuple[str, ...]:
        """Words around the passages that share most of their stems with a form of the entry, and name no other."""
        forms = [form for each in question.forms for form in self.words.lexicon.printed.get(each, ())]
        wanted = [found for form in forms if len(found := {each for each in stems(form) if len(each) >= _TELLING}) > 1]
        shares: dict[str, float] = {}
        for at in self.stands:
            for _, span in (*at.near, *at.wide):
                for words, share in _alike(at.reading, span, wanted):
                    if not any(holds(each.span, words) for kind in question.kinds
                               for each in at.reading.touching(kind, *words)):  # fmt: skip
                        printed = words_at(at.reading, words)
                        shares[printed] = max(share, shares.get(printed, 0))
        return tuple(sorted(shares, key=lambda each: (-shares[each], len(each), each))[:_SHOWN])


def _alike(reading: Reading, span: Span, wanted: list[set[str]]) -> Iterator[tuple[Span, float]]:
    """Short runs of words in a span that share at least half, and two, of the stems of one of several forms."""
    text = reading.document.text
    tokens = [(stem(match[0]), match.start(), match.end()) for match in TOKEN.finditer(text, *span)]
    for form in wanted:
        told = [next((each for each in form if _akin(each, token)), None) for token, _, _ in tokens]
        for first in (index for index, each in enumerate(told) if each is not None):
            run = told[first : first + _LONGEST_LIKE]
            last = max(index for index, each in enumerate(run) if each is not None)
            share = len(set(run) - {None}) / len(form)
            words = tokens[first][1], tokens[first + last][2]
            if share >= _SHARE and last and not parted(text, *words):
                yield words, share


def _akin(one: str, other: str) -> bool:
    """Whether two stems are of one word: week and weekly."""
    short, long = sorted((one, other), key=len)
    return len(short) >= _TELLING and long.startswith(short)


def _against(question: Question, mention: Mention) -> bool:
    """Whether a mention is of another than the record says; most places lie in each other, and still are others."""
    fit = question.fits(mention)
    return fit is Fit.RIVAL or (fit in (Fit.BROADER, Fit.NARROWER) and question.field == "place")


def _order(each: _Candidate) -> tuple[int, int]:
    return list(Where).index(each.where), each.apart


def _nearness(at: Stand, mention: Mention) -> tuple[Where, int]:
    """How near to a passage a mention stands, and how many characters lie between."""
    structure, start = at.reading.structure, at.passage[0]
    apart = max(mention.start - at.passage[1], start - mention.end, 0)
    unit, own = structure.unit(mention.start), structure.unit(start)
    first, last = structure.section(start)
    if first <= mention.start < last:
        part = unit.part if unit is not None else Part.PARAGRAPH
        near = {Part.CAPTION: Where.CAPTION, Part.HEADING: Where.HEADING}.get(part, Where.SECTION)
        return near, apart
    above = own is not None and unit is not None and unit.span in own.headings
    return (Where.HEADING if above else Where.DOCUMENT), apart
