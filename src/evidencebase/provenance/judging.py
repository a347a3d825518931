"""What becomes of each field of one record: named where it was read, elsewhere, or contradicted there.

Each field is looked for near (the fragment, the clause of the figure, its sentence, row, column and caption), then
wide (the sentences before it, what leads into its list, the headings), then elsewhere: by an anchor `for` it, its
context, or by rule. The first that fits decides. A passage that names another entry contradicts the record; one that
names none leaves a question.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from evidencebase.base import Entry
from evidencebase.model.periods import years
from evidencebase.model.records import Claim, Conclusion, Context, Estimate, Finding, Record
from evidencebase.model.relations import within
from evidencebase.provenance.asking import Fit, Question, questions
from evidencebase.provenance.matching import Outcome
from evidencebase.provenance.mentions import Mention, Reading, Words
from evidencebase.provenance.rulings import Ruling, WordState, paths, reason_for, value_of
from evidencebase.provenance.standing import Stand, stand
from evidencebase.provenance.wording import Wording, of_claim, of_finding
from evidencebase.reading.language import stems
from evidencebase.reading.structure import Part, Span

_ELSE = ("place", "period", "study")
_MARKS = ("level", "age", "sex")
_LISTING = ("and", "or", "&", ",", ", and", "/")
_SAID_OF = {(), ("with",), ("who", "are"), ("with", "a"), ("with", "an"), ("in",), ("of",), ("who", "have"), ("aged",)}
_OF_THE_WORLD = ("relation", "trend", "extent")
_NULL_NEAR = {
    "place": ("fragment", "clause", "sentence", "row", "column", "caption"),
    "period": ("fragment", "clause", "sentence", "row", "column", "caption"),
    "study": ("fragment", "clause", "sentence", "row", "column", "caption", "note"),
}
_COMPARED = ("group", "level", "age", "sex", "place", "period", "head", "national")


def rulings_of(words: Words, entry: Entry, outcomes: list[Outcome]) -> Iterator[Ruling]:
    """Every ruling of one record; none where no passage of it stands in a document at hand."""
    stands = [here for outcome in outcomes if (here := stand(words, outcome)) is not None]
    if not stands:
        return
    given = _given_places(words, outcomes)
    asked = list(questions(words, entry))
    said = isinstance(entry.record, Claim | Conclusion)
    asked = [replace(each, said=said, taken=_others_of(asked, each.field)) for each in asked]
    case = _Case(words, entry, stands, given, asked, {each.field: _own_spans(each, stands) for each in asked})
    yield from (_judged(case, question) for question in asked)
    yield from _left_out(case)
    yield from _null(case)
    for each in _worded(words, entry, stands):
        yield _of_wording(entry, _given_words(case, each))


def _worded(words: Words, entry: Entry, stands: list[Stand]) -> Iterator[Wording]:
    record = entry.record
    if isinstance(record, Finding):
        yield from of_finding(words.language, record, stands)
    elif isinstance(record, Claim | Conclusion):
        yield from of_claim(words.base, record, stands)


def _given_words(case: _Case, found: Wording) -> Wording:
    """A wording that the passages do not bear out, as the anchor given for it has it."""
    places = [place for name in paths(found.field) for place in case.given.get(name, ())]
    if found.state is WordState.NAMED or not places:
        return found
    stands = [
        Stand(reading, span, (("fragment", span), ("sentence", span)), (), given=True) for reading, span in places
    ]
    there = next((each for each in _worded(case.words, case.entry, stands) if each.field == found.field), found)
    return replace(there, state=WordState.ELSEWHERE, scope="for") if there.state is WordState.NAMED else found


def _of_wording(entry: Entry, found: Wording) -> Ruling:
    state = found.state
    reason = None if state is WordState.NAMED else reason_for(entry, found.field)
    state = WordState.INFERRED if reason is not None else state
    words, document = "", None
    if found.reading is not None and found.span is not None:
        document = found.reading.document.key
        words = " ".join(found.reading.document.text[slice(*found.span)].split())
    start, end = found.span or (None, None)
    rival = found.names if start is not None and state in (WordState.CONTRADICTED, WordState.OVERLOOKED) else None
    return Ruling(entry, found.field, state, found.scope, document, start, end, words, rival, reason)


def _null(case: _Case) -> Iterator[Ruling]:
    """Fields left empty: silent where the passage names nothing of the kind, overlooked where it does."""
    words, entry, stands = case.words, case.entry, case.stands
    asked, record = {each.field for each in case.asked}, entry.record
    if isinstance(record, Estimate):  # which has them from its population
        return
    for name in _NULL_NEAR:
        if name in asked or not hasattr(record, name) or getattr(record, name) is not None:
            continue
        asking = Question(name, (name,), lambda _: Fit.NONE)
        if (reason := reason_for(entry, name)) is not None:
            yield replace(_ruling(entry, asking, WordState.INFERRED, None), reason=reason)
            continue
        hit = _given_to_none(case, name) or _beside(words, record, name, stands)
        yield _ruling(entry, asking, WordState.OVERLOOKED if hit else WordState.SILENT, hit)
    if not isinstance(record, Claim) or record.versus is not None or reason_for(entry, "versus") is not None:
        return
    named = _against_whom(words, stands) if record.kind in _OF_THE_WORLD else None
    if against := _given_to_none(case, "versus") or named:
        yield _ruling(entry, Question("versus", (), lambda _: Fit.NONE), WordState.OVERLOOKED, against)


def _given_to_none(case: _Case, name: str) -> _Hit | None:
    """The place that an anchor gives for a field that is empty."""
    given = [place for field, places in case.given.items() if field.split(".")[0] == name for place in places]
    if not given:
        return None
    reading, (start, end) = given[0]
    return _Hit("for", Fit.RIVAL, Mention(start, end, name, frozenset()), reading)


def _beside(words: Words, record: Record, name: str, stands: list[Stand]) -> _Hit | None:
    """What is printed of an empty field where the record was read, or is known of its study."""
    world = not isinstance(record, Claim) or record.kind in _OF_THE_WORLD
    far = world and not (name == "period" and isinstance(record, Claim))  # in whose sentence a year may be of anything
    scopes = _NULL_NEAR[name] if far else ("fragment",)
    for each in stands:
        spans = [*each.near, *(("clause", span) for span in each.clause if world), *each.wide]
        for scope, span in ((scope, span) for scope, span in spans if scope in scopes):
            for mention in each.reading.within(name, *span):
                dated = name == "period" and (each.reading.touching("study", *span) or _priced(record, mention))
                if not mention.inside and not dated:
                    return _Hit(scope, Fit.RIVAL, mention, each.reading)
    study = words.base.studies.get(getattr(record, "study", None) or "")
    told = {"period": study.fieldwork, "place": study.universe.place}.get(name) if study is not None else None
    return _somewhere("fieldwork", stands, (told,)) if told and world else None


def _priced(record: Record, mention: Mention) -> bool:
    """Whether a year is that of the prices."""
    year = getattr(record, "price_year", None)
    return year is not None and years(str(year)) in mention.names


def _against_whom(words: Words, stands: list[Stand]) -> _Hit | None:
    """People, a place or a time behind the "than" of a fragment: what a claim is compared with."""
    for each in stands:
        for start, end in each.compared(words.clause_end):
            within = start, min(end, each.passage[1])
            named = [mention for kind in _COMPARED for mention in each.reading.within(kind, *within)]
            if named:
                return _Hit("fragment", Fit.RIVAL, named[0], each.reading)
    return None


def _given_places(words: Words, outcomes: list[Outcome]) -> dict[str, list[tuple[Reading, Span]]]:
    """The passages that anchors `for` a field give, by the field."""
    found: dict[str, list[tuple[Reading, Span]]] = {}
    for outcome in outcomes:
        reading = words.reading(outcome.anchor.document)
        if outcome.anchor.for_ and outcome.passes and reading is not None:
            for name in outcome.anchor.for_:
                passage = outcome.passage
                found.setdefault(name, []).append((reading, (passage.source_start, passage.source_end)))
    return found


@dataclass(frozen=True)
class _Hit:
    """A mention in a scope, and how it fits."""

    scope: str
    fit: Fit
    mention: Mention
    reading: Reading


@dataclass(frozen=True)
class _Case:
    """One record, where its anchors stand, what is asked of it, and the mentions near them that name each field."""

    words: Words
    entry: Entry
    stands: list[Stand]
    given: dict[str, list[tuple[Reading, Span]]]
    asked: list[Question]
    own: dict[str, list[tuple[Reading, Mention]]]

    def others(self, question: Question) -> list[tuple[Reading, Mention]]:
        """The mentions that name the record's other fields; of the names of groups those of its own alone."""
        record = self.entry.record
        versus = getattr(record, "versus", None)
        groups = {getattr(record, "group", None), getattr(record, "exposure", None), getattr(versus, "group", None)}
        return [
            (reading, mention)
            for field, spans in self.own.items()
            if field != question.field
            for reading, mention in spans
            if mention.kind != "group" or mention.names & groups
        ]

    @cached_property
    def called(self) -> frozenset[str]:
        """The stems of the name of the record's own group."""
        group = self.words.base.vocabulary.groups.get(getattr(self.entry.record, "group", None) or "")
        return frozenset(stem for each in (group.label, *group.words) for stem in stems(each)) if group else frozenset()

    @property
    def marking(self) -> list[Question]:
        """What is asked of marks of people and of measures: not of everybody, and not of place, period and study."""
        return [each for each in self.asked if not (each.anybody or each.field.startswith(_ELSE))]


def _judged(case: _Case, question: Question) -> Ruling:
    """The first state that fits, in the order of the docstring above."""
    if (given := _as_given(case, question)) is not None:
        return given
    stands, own = case.stands, case.others(question)
    decisive = None if question.said or question.compared else _decided(question, stands, own)
    near = _near(case, question, own)
    marked = _marked(question, near, decisive) if question.unmarked else None
    found = decisive if decisive is not None and decisive.fit is Fit.OWN else None
    if found is None and decisive is None:
        found = _first(near, Fit.OWN) or _wide(question, stands)
    how = _how(case, question, found, near) if found is not None and marked is None else None
    if found is not None and how in (WordState.NAMED, WordState.ELSEWHERE):
        return _ruling(case.entry, question, how, found)
    if (reason := reason_for(case.entry, question.field)) is not None:
        return replace(_ruling(case.entry, question, WordState.INFERRED, None), reason=reason)
    if marked is not None:
        return _ruling(case.entry, question, WordState.NARROWER, marked)
    if found is not None:
        return _ruling(case.entry, question, WordState.FARTHER, found)
    return _lacking(case, question, near, decisive)


def _near(case: _Case, question: Question, own: list[tuple[Reading, Mention]]) -> list[_Hit]:
    """What is near and may speak for or against a field: of all anchors the fragment before the sentence of any."""
    near = [
        hit
        for each in case.stands
        for name, span in each.near
        for hit in _hits(question, each.reading, name, span)
        if not _within_own(hit, own) and (hit.scope != "note" or _of_a_note(question, hit))
    ]
    near.sort(key=lambda hit: hit.scope != "fragment")
    return _on_its_side(case.words, question, near, case.stands) if question.said else near


def _as_given(case: _Case, question: Question) -> Ruling | None:
    """What the anchors given for a field make of it; None where none is given, or a rule may find what it misses."""
    places = [place for name in paths(question.field) for place in case.given.get(name, ())]
    for reading, span in places:
        hits = _hits(question, reading, "for", span)
        fewer = _first(hits, Fit.NARROWER) if question.unmarked else None
        if hit := fewer or _first(hits, Fit.OWN):
            return _ruling(case.entry, question, WordState.NARROWER if fewer else WordState.ELSEWHERE, hit)
    if _given_in_vain(case, question):
        return _ruling(case.entry, question, WordState.UNNAMED, _somewhere("for", case.stands))
    return None


def _given_in_vain(case: _Case, question: Question) -> bool:
    """Whether the record says where people or a measure are named, and nothing of them is named there.

    Of a place, a period or a study a rule may find what an anchor misses.
    """
    if question.field.startswith(_ELSE):
        return False
    for name in paths(question.field):
        if name in case.given:
            of_it = [each for each in case.asked if name in paths(each.field)]
            return not any(
                _first(_hits(each, reading, "for", span), Fit.OWN)
                for each in of_it
                for reading, span in case.given[name]
            )
    return False


def _of_a_note(question: Question, hit: _Hit) -> bool:
    """Whether a note or the line of a source tells what is asked: who measured, and when; never against it."""
    return hit.fit is Fit.OWN and question.field in ("study", "period")


def _marked(question: Question, near: list[_Hit], decisive: _Hit | None) -> _Hit | None:
    """What marks the people or the measure of a figure or a fragment where the record is of all or in general."""
    if decisive is not None and decisive.fit is Fit.NARROWER:
        return decisive
    if question.kinds == ("measure",):
        plain = decisive is not None or (
            question.said and any(h.scope == "fragment" and h.fit is Fit.OWN for h in near)
        )
        return None if plain else _first(near, Fit.NARROWER)
    for hit in near:
        alone = hit.mention.kind == "measure" or not hit.reading.touching("measure", hit.mention.start, hit.mention.end)
        if hit.scope == "fragment" and hit.fit is Fit.NARROWER and alone and not hit.mention.inside:
            return hit
    return None


def _how(case: _Case, question: Question, found: _Hit, near: list[_Hit]) -> WordState:
    """How a field is named: in the note of a mark, farther off than another in the fragment of a claim, or plainly."""
    if found.scope == "note":
        return WordState.ELSEWHERE
    if not question.said or question.compared or found.scope == "fragment" or question.field.startswith("exposure"):
        return WordState.NAMED
    others = question.field.startswith("group") and _others_in_fragment(case)
    return WordState.FARTHER if others or _fragment_rival(near) else WordState.NAMED


def _others_in_fragment(case: _Case) -> bool:
    """Whether the fragments of a claim mark people, and none of those that the claim is about."""
    people = [each for each in case.asked if each.field.startswith("group")]
    marked = False
    for each in case.stands:
        if any(hit.fit is Fit.OWN for one in people for hit in _hits(one, each.reading, "fragment", each.passage)):
            return False
        sides = list(each.compared(case.words.clause_end))
        marks = (mention for kind in _MARKS for mention in each.reading.within(kind, *each.passage))
        marked = marked or any(
            _strange(case, each.reading, mark) and not any(_covers(side, mark) for side in sides) for mark in marks
        )
    return marked


def _lacking(case: _Case, question: Question, near: list[_Hit], decisive: _Hit | None) -> Ruling:
    """The state of a field that no passage of its record names."""
    words, entry, stands = case.words, case.entry, case.stands
    if decisive is not None and decisive.fit is Fit.RIVAL:
        return _ruling(entry, question, WordState.CONTRADICTED, decisive)
    if hit := _elsewhere(words, entry, question, stands):
        return _ruling(entry, question, WordState.ELSEWHERE, hit)
    related = [decisive] if decisive is not None else near
    for fit, state in ((Fit.BROADER, WordState.BROADER), (Fit.NARROWER, WordState.NARROWER)):
        if hit := _first(related, fit):
            return _ruling(entry, question, state, hit)
    apart = question.compared or question.field.startswith("exposure")
    rival = None if apart else next((h for h in near if h.fit is Fit.RIVAL and not h.mention.inside), None)
    if hit := rival or _against(case, question, near):
        return _ruling(entry, question, WordState.CONTRADICTED, hit)
    no_form = question.forms and not question.forms & words.printed
    return _ruling(entry, question, WordState.NO_FORM if no_form else WordState.UNNAMED, None)


def _against(case: _Case, question: Question, near: list[_Hit]) -> _Hit | None:
    """What tells against a field that nothing names: other people near, another study before, the study's own time."""
    words, entry, stands = case.words, case.entry, case.stands
    root = question.field.split(".", maxsplit=1)[0]
    if root == "group":
        return _other_side(case, question) or _other_people(case)
    if root == "versus":
        return next((hit for hit in near if hit.fit is Fit.RIVAL and not hit.mention.inside), None)
    if root == "study":
        last = _named_last(stands)
        return _Hit("section", Fit.RIVAL, last[1], last[0]) if last and question.fits(last[1]) is Fit.RIVAL else None
    study = words.base.studies.get(getattr(entry.record, "study", None) or "")
    told = {"period": study.fieldwork, "place": study.universe.place}.get(root) if study is not None else None
    if told is None or (
        root == "place" and within(words.base.vocabulary, "places", str(entry.record.about.place), told)
    ):
        return None
    return _somewhere("fieldwork", stands, (told,))


def _other_side(case: _Case, question: Question) -> _Hit | None:
    """Whom a claim is compared with, where the passage speaks of them and compares them with the claim's own people."""
    if not question.said:
        return None
    against = [each for field, spans in case.own.items() if field.startswith("versus.group") for each in spans]
    for each in case.stands:
        sides = list(each.compared(case.words.clause_end))
        hits = _hits(question, each.reading, "sentence", each.sentence)
        if any(hit.fit is Fit.OWN and _covers(side, hit.mention) for hit in hits for side in sides):
            for reading, mention in against:
                if reading is each.reading and not any(_covers(side, mention) for side in sides):
                    return _Hit("sentence", Fit.RIVAL, mention, reading)
    return None


def _other_people(case: _Case) -> _Hit | None:
    """Marks of people that the clause of a figure, or else the fragment or sentence, names and the record does not."""
    stands, own = case.stands, case.marking
    if any(case.own[each.field] for each in own if each.field.startswith("group")):
        return None  # another part of the group is named: who is meant is told
    for each in stands:
        for scope, span in (*(("clause", span) for span in each.clause), *each.near):
            named = [mention for kind in _MARKS for mention in each.reading.within(kind, *span)]
            strange = [mention for mention in named if _strange(case, each.reading, mention)]
            if strange and scope != "note":
                return _Hit(scope, Fit.RIVAL, strange[0], each.reading)
            if named and scope == "clause":
                break
    return None


def _left_out(case: _Case) -> Iterator[Ruling]:
    """People whom the clause of a figure names by a mark that the record leaves out: women, of adults."""
    words, entry, stands = case.words, case.entry, case.stands
    people = [each for each in case.asked if each.field.split(".", maxsplit=1)[0] == "group"]
    if not people or "group.people" in entry.record.inferred:
        return
    if isinstance(entry.record, Claim | Conclusion):
        if hit := _marked_beside(case, people):
            yield _ruling(entry, Question("group.people", (), lambda _: Fit.NONE), WordState.OVERLOOKED, hit)
        return
    if not isinstance(entry.record, Finding):
        return
    for each in stands:
        for span in each.clause:
            named = [mention for kind in _MARKS for mention in each.reading.within(kind, *span)]
            around = [mention for kind in _MARKS for mention in each.reading.within(kind, *each.sentence)]
            ours = [m for m in around if not _strange(case, each.reading, m)]
            sides = list(each.compared(words.clause_end))
            strange = [
                mention
                for mention in named
                if mention not in ours
                and not any(_joined(each.reading, mention, other) for other in ours)
                and not any(_covers(side, mention) for side in sides)
            ]
            if strange:
                hit = _Hit("clause", Fit.RIVAL, strange[0], each.reading)
                yield _ruling(entry, Question("group.people", (), lambda _: Fit.NONE), WordState.OVERLOOKED, hit)
                return
            if named:
                break


def _marked_beside(case: _Case, people: list[Question]) -> _Hit | None:
    """A mark in the same breath as the people of a claim that the claim leaves out: "older" of older carers."""
    for each in case.stands:
        hits = [h for question in people for h in _hits(question, each.reading, "fragment", each.passage)]
        ours = [hit.mention for hit in hits if hit.fit is Fit.OWN]
        fewer = next((hit for hit in hits if hit.fit is Fit.NARROWER and hit.mention.kind == "group"), None)
        if fewer is not None and not ours:
            return replace(fewer, fit=Fit.RIVAL)
        marks = [mention for kind in _MARKS for mention in each.reading.within(kind, *each.passage)]
        for mark in marks:
            strange = mark not in ours and _strange(case, each.reading, mark)
            listed = any(_listed(each.reading, mark, mine) for mine in ours)
            if strange and not listed and any(_between(each.reading, mark, mine) in _SAID_OF for mine in ours):
                return _Hit("fragment", Fit.RIVAL, mark, each.reading)
    return None


def _between(reading: Reading, one: Mention, other: Mention) -> tuple[str, ...] | None:
    """The words between two mentions, as in "carers with asthma"; None where they overlap."""
    first, second = sorted((one, other), key=lambda mention: mention.start)
    words = reading.document.text[first.end : second.start].lower().split()
    return tuple(words) if first.end <= second.start else None


def _joined(reading: Reading, one: Mention, other: Mention) -> bool:
    """Whether two marks are told in one breath: "African and Bangladeshi"."""
    first, second = sorted((one, other), key=lambda mention: mention.start)
    return reading.document.text[first.end : second.start].strip().lower() in ("", *_LISTING)


def _strange(case: _Case, reading: Reading, mention: Mention) -> bool:
    """Whether a mark of people is no word for everybody, nor of the group's own name, nor of what else is recorded."""
    if mention.inside or mention.joint or reading.touching("measure", mention.start, mention.end):
        return False
    if all(isinstance(name, tuple) and case.words.generic(*map(str, name)) for name in mention.names):
        return False
    if set(stems(reading.document.text[mention.start : mention.end])) <= case.called:
        return False
    touching = (
        (question.fits(other), other.kind)
        for question in case.marking
        for kind in question.kinds
        for other in reading.touching(kind, mention.start, mention.end)
        if _covers((other.start, other.end), mention)
    )
    return all(fit in (Fit.RIVAL, Fit.NONE) or (fit, kind) == (Fit.NARROWER, "group") for fit, kind in touching)


def _fragment_rival(near: list[_Hit]) -> _Hit | None:
    """What the fragment of a claim names instead."""
    return next(
        (hit for hit in near if hit.scope == "fragment" and hit.fit is Fit.RIVAL and not hit.mention.inside), None
    )


def _hits(question: Question, reading: Reading, scope: str, span: Span) -> list[_Hit]:
    """Every mention in a scope that speaks of the field; what is part of a longer name of fewer does not."""
    found = [
        _Hit(scope, fit, mention, reading)
        for kind in question.kinds
        for mention in reading.within(kind, *span)
        if (fit := question.fits(mention)) is not Fit.NONE and not _taken(question, reading, mention)
    ]
    found = [hit for hit in found if hit.fit is Fit.OWN or not _of_both(question, hit)]
    longer = [hit.mention for hit in found if hit.mention.kind in ("group", "level") and hit.fit is Fit.NARROWER]
    return [hit for hit in found if hit.fit is not Fit.OWN or not any(_inside(hit.mention, each) for each in longer)]


def _inside(mention: Mention, longer: Mention) -> bool:
    return (
        longer.start <= mention.start
        and mention.end <= longer.end
        and mention.end - mention.start < longer.end - longer.start
    )


def _others_of(asked: list[Question], field: str) -> tuple[Question, ...]:
    """The fields whose words a field may not take for its own: people those of measures, a measure those of marks."""
    if field == "measure":
        return tuple(each for each in asked if each.field.startswith("group.") and "level" in each.kinds)
    taking = ("measure",) if field == "exposure" else ("measure", "exposure")
    return tuple(each for each in asked if each.field in taking and each.kinds == ("measure",))


def _taken(question: Question, reading: Reading, mention: Mention) -> bool:
    """Whether words name another field of the record: "asthmatic" is not at once what is measured and in whom."""
    return mention.kind in ("level", "group", "measure") and any(
        other.fits(each) is Fit.OWN
        for other in question.taken
        for kind in other.kinds
        if kind in ("measure", "level")
        for each in reading.touching(kind, mention.start, mention.end)
        if _covers((each.start, each.end), mention)
    )


def _of_both(question: Question, hit: _Hit) -> bool:
    """Whether words may name people as well as what is measured ("cycling alone"), and so stand against neither."""
    kinds = {"measure": ("level", "group"), "level": ("measure",), "group": ("measure",)}.get(hit.mention.kind, ())
    if hit.mention.kind == "measure" and not question.said:
        return False
    return any(hit.reading.touching(kind, hit.mention.start, hit.mention.end) for kind in kinds)


def _on_its_side(words: Words, question: Question, near: list[_Hit], stands: list[Stand]) -> list[_Hit]:
    """Without what stands behind "than" or "compared with": whom a claim is about stands before it."""
    if question.field.split(".", maxsplit=1)[0] != "group":
        return near
    sides = [(each.reading, span) for each in stands for span in each.compared(words.clause_end)]
    if not sides:
        return near
    return [
        hit for hit in near if not any(reading is hit.reading and _covers(span, hit.mention) for reading, span in sides)
    ]


def _covers(span: Span, mention: Mention) -> bool:
    return span[0] <= mention.start and mention.end <= span[1]


def _first(hits: Iterable[_Hit], fit: Fit) -> _Hit | None:
    return next((hit for hit in hits if hit.fit is fit), None)


def _decided(question: Question, stands: list[Stand], own: list[tuple[Reading, Mention]]) -> _Hit | None:
    """What the words that hang on a figure say: its row, column and caption, or its clause, behind it or before."""
    verdicts: list[_Hit] = []
    for each in stands:
        if each.decisive:
            hits = [hit for name, span in each.decisive for hit in _hits(question, each.reading, name, span)]
            if hit := (question.anybody and _first(hits, Fit.NARROWER)) or _first(hits, Fit.OWN):
                verdicts.append(hit)
            continue
        if each.order is not None and (hit := _in_order(question, each)):
            verdicts.append(hit)
            continue
        for span in each.clause:
            hits = [hit for hit in _hits(question, each.reading, "clause", span) if not _within_own(hit, own)]
            if any(hit.fit is not Fit.OWN and _goes_on(question, hit) for hit in hits):
                break
            hits += _joined_to(question, each, hits)
            if hits:
                verdicts.append(_foremost(question, hits))
                if verdicts[-1].fit in (Fit.OWN, Fit.RIVAL):
                    break
    return next((hit for hit in verdicts if hit.fit is Fit.OWN), verdicts[0] if verdicts else None)


def _joined_to(question: Question, at: Stand, hits: list[_Hit]) -> list[_Hit]:
    """What stands in one breath with a mark of the clause: "25% of women and men" is of both."""
    return [
        other
        for other in _hits(question, at.reading, "clause", at.sentence)
        if any(_listed(at.reading, hit.mention, other.mention) for hit in hits)
    ]


def _listed(reading: Reading, one: Mention, other: Mention) -> bool:
    """Whether two marks of a kind are joined by a word: "African and Bangladeshi"."""
    words = _between(reading, one, other)
    return one.kind == other.kind and bool(words) and " ".join(words or ()) in _LISTING


def _foremost(question: Question, hits: list[_Hit]) -> _Hit:
    """What counts of several in one clause: the record's own; where it is of everybody, what marks people."""
    if question.anybody and (marked := _first(hits, Fit.NARROWER)):
        return marked
    return _first(hits, Fit.OWN) or next((hit for hit in hits if not hit.mention.inside), hits[0])


def _goes_on(question: Question, hit: _Hit) -> bool:
    """Whether the words of a mention are part of longer ones that name what the record says ("A and B" of "A")."""
    mention = hit.mention
    around = hit.reading.touching(mention.kind, mention.start, mention.end)
    return any(question.fits(each) is Fit.OWN for each in around)


def _in_order(question: Question, at: Stand) -> _Hit | None:
    """What goes with a figure in "12% and 16% of men and women respectively": the name in the same place of its row."""
    index, count = at.order or (0, 0)
    hits = {hit.mention.start: hit for hit in _hits(question, at.reading, "sentence", at.sentence)}
    return hits[sorted(hits)[index]] if len(hits) == count else None


def _own_spans(question: Question, stands: list[Stand]) -> list[tuple[Reading, Mention]]:
    """The mentions near a record that name one of its fields: what lies within such words stands against nothing."""
    return [
        (hit.reading, hit.mention)
        for each in stands
        for name, span in each.near
        for hit in _hits(question, each.reading, name, span)
        if hit.fit is Fit.OWN
    ]


def _within_own(hit: _Hit, own: list[tuple[Reading, Mention]]) -> bool:
    if hit.fit is Fit.OWN:
        return False
    mention = hit.mention
    return any(
        reading is hit.reading and other.start < mention.end and mention.start < other.end for reading, other in own
    )


def _wide(question: Question, stands: list[Stand]) -> _Hit | None:
    """The nearest wide scope that names anything of the kind, if it names this."""
    for each in stands:
        for name, span in each.wide:
            hits = _hits(question, each.reading, name, span)
            if hit := _first(hits, Fit.OWN):
                return hit
            if any(hit.fit is Fit.RIVAL for hit in hits) and not question.field.startswith("exposure"):
                break
    return None


def _elsewhere(words: Words, entry: Entry, question: Question, stands: list[Stand]) -> _Hit | None:
    """What names it by rule: its context, the section's last study, a study's fieldwork, the document's own place."""
    value = value_of(entry, question.field)
    context = words.base.get(Context, entry.record.context)
    if context is not None and value is not None and getattr(context.gives, question.field, None) == value:
        return _somewhere("context", stands)
    study = words.base.studies.get(getattr(entry.record, "study", None) or "")
    if question.field == "study":
        return _last_of_section(question, stands)
    if question.field == "period" and study is not None and study.fieldwork:
        return _somewhere("fieldwork", stands) if years(study.fieldwork) == years(str(value)) else None
    if question.field == "place":
        meant = [words.base.documents[each.reading.document.key].words.values() for each in stands]
        national = any(each.reading.within("national", *each.sentence) for each in stands)
        covered = study.universe.place if study is not None else None
        if covered is not None and covered == value:
            return _somewhere("fieldwork", stands)
        if (
            covered in (None, value)
            and not national
            and any(each.place == value for entries in meant for each in entries)
        ):
            return _somewhere("document", stands)
    return None


def _somewhere(scope: str, stands: list[Stand], names: tuple[str, ...] = ()) -> _Hit:
    """What the vocabulary or a context says, and no words of the document."""
    return _Hit(scope, Fit.RIVAL if names else Fit.OWN, Mention(0, 0, "", frozenset(names)), stands[0].reading)


def _last_of_section(question: Question, stands: list[Stand]) -> _Hit | None:
    """The study that the section named last before a passage, if it is this one."""
    last = _named_last(stands)
    if last is None or (fit := question.fits(last[1])) not in (Fit.OWN, Fit.BROADER):
        return None
    return _Hit("section", fit, last[1], last[0])


def _named_last(stands: list[Stand]) -> tuple[Reading, Mention] | None:
    """The study that a section names last before a passage of it, captions and lines of sources left out."""
    for each in stands:
        start, _ = each.reading.structure.section(each.passage[0])
        named = [m for m in each.reading.within("study", start, each.passage[0]) if not _apart(each.reading, m)]
        if named:
            return each.reading, named[-1]
    return None


def _apart(reading: Reading, mention: Mention) -> bool:
    unit = reading.structure.unit(mention.start)
    return unit is not None and unit.part in (Part.CAPTION, Part.SOURCE)


def _ruling(entry: Entry, question: Question, state: WordState, hit: _Hit | None) -> Ruling:
    if hit is None:
        return Ruling(entry, question.field, state)
    document = hit.reading.document
    mention = hit.mention
    rival = None
    if state in (WordState.CONTRADICTED, WordState.BROADER, WordState.NARROWER) or hit.scope == "fieldwork":
        rival = ", ".join(sorted(_name(each) for each in mention.names))
    placed = mention.end > 0
    return Ruling(
        entry,
        question.field,
        state,
        hit.scope,
        document.key if placed or hit.scope != "context" else None,
        mention.start if placed else None,
        mention.end if placed else None,
        " ".join(document.text[mention.start : mention.end].split()),
        rival,
    )


def _name(value: object) -> str:
    if isinstance(value, tuple):
        return "/".join(map(str, value))
    return str(value)
