"""How a passage puts it: qualifiers, the kind of statistic, direction, significance, hedge and link, by the word lists.

These fields name no entry of a vocabulary. Printed and not recorded is as much a fault as recorded and not printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from evidencebase.base import Base
from evidencebase.model.records import Claim, Conclusion, Finding
from evidencebase.provenance.mentions import Reading
from evidencebase.provenance.rulings import WordState
from evidencebase.provenance.standing import Stand
from evidencebase.reading.language import Language
from evidencebase.reading.numerals import Numeral
from evidencebase.reading.structure import Span

_BETWEEN = re.compile(r"[.\s*(\"'“‘£€$~]*(?:an?\s|the\s)?[\s*(\"'“‘£€$~]*")
_PARTS = re.compile(r"[,;:()–—]")
_SIGNS = {"~": "about", "≈": "about", ">": "over", "<": "under", "≥": "at-least", "≤": "up-to"}
_NEGATED_WITHIN = 24
_NEGATED_WORDS = 1
_WORD_BEFORE = 8
_COMPARES = ("comparison", "directions", "significance")
_HEDGED = frozenset(("possible", "suggested", "projected", "ability"))
_SHARES = ("prevalence", "proportion", "share", "rate")  # "a national average of 6.8%" is one
_UP, _DOWN, _SAME, _MIXED = "higher", "lower", "no-difference", "mixed"
_OPPOSITE = {_UP: {_DOWN, _SAME}, _DOWN: {_UP, _SAME}, _SAME: {_UP, _DOWN}}
_TURN = {_UP: _DOWN, _DOWN: _UP}
_BESIDE = ("fragment", "sentence")
_AROUND = ("fragment", "sentence", "lead-in", "heading")


@dataclass(frozen=True)
class _Hit:
    """Words of a list in a scope of a record, and what they stand for."""

    scope: str
    stand: Stand
    span: Span
    names: frozenset[str]


@dataclass(frozen=True)
class Wording:
    """A field that the words of a passage bear out, contradict or leave open, with the words it is about."""

    field: str
    state: WordState
    scope: str = ""
    reading: Reading | None = None
    span: Span | None = None
    names: str = ""


def _found(field: str, state: WordState, hit: _Hit | None, names: str = "") -> Wording:
    if hit is None:
        return Wording(field, state, names=names)
    return Wording(field, state, hit.scope, hit.stand.reading, hit.span, names or ", ".join(sorted(hit.names)))


def of_finding(language: Language, record: Finding, stands: list[Stand]) -> Iterator[Wording]:
    """The qualifiers of a figure, both ways, the kind of statistic, and what it is adjusted for."""
    yield from _qualifiers(record, stands)
    if record.statistic is not None:
        yield _statistic(language, record, stands)
    yield from _adjusted(record, stands)


def _qualifiers(record: Finding, stands: list[Stand]) -> Iterator[Wording]:
    beside = [_Hit("clause", stand, *found) for stand in stands if stand.figure is not None for found in _before(stand)]
    if any(stand.figure is not None for stand in stands):
        for name in record.qualifiers:
            hit = next((each for each in beside if name in each.names), None)
            state = WordState.NAMED if hit else WordState.CONTRADICTED
            yield _found(f"qualifiers.{name}", state, hit, name)
    if hit := next((each for each in beside if not each.names & set(record.qualifiers)), None):
        yield _found("qualifiers", WordState.OVERLOOKED, hit)


def _before(stand: Stand) -> Iterator[tuple[Span, frozenset[str]]]:
    """The qualifiers directly before the figure, and those in its own sign."""
    numeral, start = _numeral(stand)
    if numeral is None:
        return
    reading = stand.reading
    text = reading.document.text
    sign = _SIGNS.get(numeral.relation or "")
    if sign is not None:
        yield (start, start + 1), frozenset({sign})
    end = start
    while True:
        near = [
            each
            for each in reading.within("qualifiers", max(0, end - 40), end)
            if _BETWEEN.fullmatch(text[each.end : end]) and not reading.touching("age", each.start, each.end)
        ]
        if not near:
            return
        yield (near[-1].start, near[-1].end), frozenset(map(str, near[-1].names))
        end = near[-1].start


def _numeral(stand: Stand) -> tuple[Numeral | None, int]:
    """The number of the figure as its sentence has it, words beside it included, and where it starts in the text."""
    if stand.figure is None:
        return None, 0
    start = stand.sentence[0]
    for numeral in stand.reading.numerals(stand.sentence):
        if start + numeral.start <= stand.figure[0] < start + numeral.end:
            return numeral, start + numeral.start
    return None, stand.figure[0]


def _statistic(language: Language, record: Finding, stands: list[Stand]) -> Wording:
    """Whether a mean is called one; most statistics have no word of their own and are taken at the reader's."""
    named = {"cost-mean": "mean"}.get(record.statistic or "", str(record.statistic))
    if own := next((each for each in _every(stands, "statistics") if named in each.names), None):
        return _found("statistic", WordState.NAMED, own, named)
    if named in language.statistics:
        return Wording("statistic", WordState.UNNAMED, names=named)
    clause = [
        _Hit("clause", stand, (each.start, each.end), frozenset(map(str, each.names)))
        for stand in stands
        for span in stand.clause
        for each in stand.reading.within("statistics", *span)
    ]
    plain = {"rank", "percentile", "risk-ratio", *(["mean"] if record.statistic in _SHARES else [])}
    other = next((each for each in clause if not each.names & plain), None)
    return _found("statistic", WordState.OVERLOOKED if other else WordState.NAMED, other)


def of_claim(base: Base, record: Claim | Conclusion, stands: list[Stand]) -> Iterator[Wording]:
    """The direction, significance, hedge and link of a claim against its passages; of a conclusion, its direction."""
    if record.direction in _OPPOSITE:
        found = _direction(base, record, stands)
        asked = found.state is WordState.UNNAMED and isinstance(record, Claim)
        yield _of_figures(base, record) if asked and isinstance(record, Claim) else found
    elif record.direction == _MIXED:
        yield _mixed(stands)
    if isinstance(record, Conclusion):
        return
    yield from _significance(record, stands)
    if record.modality is not None:
        yield _modality(record, stands)
    if record.link is not None:
        link, given = _link(record.link, stands), _of_figures(base, record)
        told = link.state is WordState.UNNAMED and record.link == "differs" and given.state is WordState.ELSEWHERE
        yield replace(given, field="link", names="differs") if told else link
    yield from _adjusted(record, stands)


def of_sentence(base: Base, record: Claim, stand: Stand) -> Iterator[tuple[str, str]]:
    """What the sentence of a claim says otherwise than its fields: the field, and the words, or what is missing."""
    found = _direction(base, record, [stand]) if record.direction in _OPPOSITE else None
    if found is not None and found.state is WordState.CONTRADICTED and found.span is not None:
        yield "direction", stand.reading.document.text[slice(*found.span)]
    hedges = [each for each in _mentions([stand], "hedges", "fragment") if each.names & _HEDGED]
    weak = [each for each in hedges if "ability" not in each.names and not _compares(each)]
    if record.modality == "asserted" and weak:
        yield "modality", stand.reading.document.text[slice(*weak[0].span)]
    if record.modality in _HEDGED and not hedges:
        yield "modality", "no hedge"
    tested = next(_mentions([stand], "significance", "fragment"), None)
    if tested is not None and record.significance not in tested.names:
        yield "significance", stand.reading.document.text[slice(*tested.span)]


def _compares(hedge: _Hit) -> bool:
    """Whether a word of a hedge compares: "more likely"."""
    return "reported" not in hedge.names and bool(
        hedge.stand.reading.within("comparing", hedge.span[0] - _WORD_BEFORE, hedge.span[0])
    )


def _direction(base: Base, record: Claim | Conclusion, stands: list[Stand]) -> Wording:
    """A direction is borne out by its own words, by harm to what is good or bad, or by a word that has no direction.

    What is linked or at risk goes up with what it is linked to, unless a word says otherwise.
    """
    own = str(record.direction)
    harmed, moved = _signs(base, record)
    bearing = {
        own,
        *(["weak"] if own != _SAME and moved in (own, None) else []),
        *(["harm"] if own != _SAME and harmed in (own, None) else []),
        *(["good"] if own not in (_SAME, harmed) else []),
        *(["toward"] if own == _UP else []),
    }
    for scope in _AROUND:
        found = list(_directions(stands, scope))
        bears = next((each for each in found if own in each.names), None)
        strong = next((each for each in found if each.names <= _OPPOSITE[own]), None)
        if bears is None and strong is None:
            bears = next((each for each in found if bearing & each.names), None)
        if bears is not None:
            return _found("direction", WordState.NAMED, bears, own)
        against = _OPPOSITE[own] | {_MIXED} | ({"toward"} if own == _DOWN or scope == "fragment" else set())
        opposed = next((each for each in found if each.names & against), None)
        if opposed is not None and scope != "heading":  # which announces, and says nothing of this
            return _found("direction", WordState.CONTRADICTED, opposed)
    return Wording("direction", WordState.UNNAMED)


def _signs(base: Base, record: Claim | Conclusion) -> tuple[str | None, str | None]:
    """Where harm moves the measure of a claim, and where a word without a direction does: none where either may be.

    Asthma that affects sleep worsens it; what is good for people turns it round.
    """
    measures = base.vocabulary.measures
    measure, exposure = measures.get(record.measure or ""), measures.get(getattr(record, "exposure", None) or "")
    harmed = {"positive": _DOWN, "negative": _UP}.get(measure.polarity if measure else "neutral")
    if getattr(record, "exposure", None) is None:
        return harmed, harmed
    polarity = exposure.polarity if exposure else "neutral"
    if harmed is None or polarity == "neutral":
        return harmed, None
    return harmed, harmed if polarity == "negative" else _TURN[harmed]


def _mixed(stands: list[Stand]) -> Wording:
    """Whether a passage says that it goes both ways: in so many words, or by two directions."""
    found = [each for scope in _BESIDE for each in _directions(stands, scope)]
    own = next((each for each in found if _MIXED in each.names), None)
    if own is None and len({name for each in found for name in each.names if name in _OPPOSITE}) > 1:
        own = found[0]
    if own is not None:
        return _found("direction", WordState.NAMED, own, _MIXED)
    return _found("direction", WordState.CONTRADICTED if found else WordState.UNNAMED, next(iter(found), None))


def _of_figures(base: Base, record: Claim) -> Wording:
    """The direction that the two figures of a claim give, where no word does: its own beside the other's."""
    figures = [found for key in record.findings if (found := base.get(Finding, key)) and found.value is not None]
    versus = record.versus
    elsewhere = versus.place if versus is not None else None
    own = [each for each in figures if each.group == record.group and (elsewhere is None or each.place != elsewhere)]
    others = [each for each in figures if each not in own]
    if len(own) != 1 or len(others) != 1 or own[0].value is None or others[0].value is None:
        return Wording("direction", WordState.UNNAMED)
    gap = own[0].value - others[0].value
    given = _UP if gap > 0 else _DOWN if gap < 0 else _SAME
    if record.direction == _SAME:  # how near is alike only the document says
        return Wording("direction", WordState.UNNAMED)
    state = WordState.ELSEWHERE if given == record.direction else WordState.CONTRADICTED
    return Wording("direction", state, "figures", names=given)


def _directions(stands: list[Stand], scope: str) -> Iterator[_Hit]:
    """The words of a direction, without those that are part of a name; what is denied is no difference."""
    for hit in _mentions(stands, "directions", scope):
        reading, (start, end) = hit.stand.reading, hit.span
        around = [m for kind in ("measure", "level", "group") for m in reading.touching(kind, start, end)]
        if not hit.stand.given and any(each.end - each.start > end - start for each in around):
            continue
        denied = [
            each
            for each in reading.within("negations", max(0, start - _NEGATED_WITHIN), start)
            if len(reading.document.text[each.end : start].split()) <= _NEGATED_WORDS
        ]
        yield replace(hit, names=frozenset({_SAME})) if denied and _SAME not in hit.names else hit


def _significance(record: Claim, stands: list[Stand]) -> Iterator[Wording]:
    """A test is printed in the sentence or the one behind it, or it is not recorded."""
    own = str(record.significance)
    if own == "not-stated":
        if hit := next((each for scope in _BESIDE for each in _mentions(stands, "significance", scope)), None):
            yield _found("significance", WordState.OVERLOOKED, hit)
        return
    found = list(_every(stands, "significance"))
    for each in stands:
        behind = each.reading.structure.around(each.sentence[1], each.sentence[1] + 1)
        found += _in_span(each, "significance", "sentence", (behind[0], min(behind[1], each.paragraph[1])))
    if hit := next((each for each in found if own in each.names), None):
        yield _found("significance", WordState.NAMED, hit, own)
        return
    rest = [hit for each in stands for hit in _in_span(each, "significance", "paragraph", each.paragraph)]
    hit = next((each for each in rest if own in each.names), None)
    unsaid = WordState.UNNAMED if own == "not-tested" else WordState.CONTRADICTED  # few say that they did not test
    yield _found("significance", WordState.FARTHER if hit else unsaid, hit, own)


def _modality(record: Claim, stands: list[Stand]) -> Wording:
    """The hedge of the passage: "can" is one only where the record says so, and "more likely" compares."""
    own = str(record.modality)
    hits = [
        each for scope in (*_BESIDE, "lead-in") for each in _mentions(stands, "hedges", scope) if not _compares(each)
    ]
    beside = [each for each in hits if each.scope in _BESIDE]
    if own == "asserted":
        hedges = _HEDGED if record.kind in ("relation", "trend") else _HEDGED - {"ability"}
        hedged = next((each for each in beside if each.names <= hedges and _of_its_clause(each)), None)
        return _found("modality", WordState.OVERLOOKED if hedged else WordState.NAMED, hedged)
    bearing = {own, "ability"} if own == "possible" else {own}
    if hit := next((each for each in hits if bearing & each.names), None):
        return _found("modality", WordState.NAMED, hit, own)
    other = next((each for each in beside if each.scope == "fragment"), None)
    unsaid = own != "reported" and not beside  # who reports is often said by a note alone
    return _found("modality", WordState.CONTRADICTED if other or unsaid else WordState.UNNAMED, other)


def _of_its_clause(hedge: _Hit) -> bool:
    """Whether nothing parts a hedge from the passage: "evidence suggests that A, while B" does not hedge B."""
    stand, (start, end) = hedge.stand, hedge.span
    between = (end, stand.passage[0]) if end <= stand.passage[0] else (stand.passage[1], start)
    return not _PARTS.search(stand.reading.document.text, *between)


def _link(own: str, stands: list[Stand]) -> Wording:
    """The printed verb: what is associated does not raise; a comparison says nothing of either."""
    named = {scope: list(_mentions(stands, "links", scope)) for scope in _BESIDE}
    if own == "differs":  # any comparison says so
        named["fragment"] += [
            replace(each, names=frozenset({own})) for each in _mentions(stands, "comparison", "fragment")
        ]
    linked = any("linked" in each.names for each in named["fragment"])
    for scope, found in named.items():
        if hit := next((each for each in found if own in each.names), None):
            # "associated with increased risk" raises nothing
            farther = (scope != "fragment" and named["fragment"]) or (own == "raises" and linked)
            return _found("link", WordState.FARTHER if farther else WordState.NAMED, hit, own)
    compares = any(_mentions(stands, "comparison", "fragment"))  # "feel more confident" compares with nothing
    if other := next((each for each in named["fragment"] if compares or each.names != {"differs"}), None):
        return _found("link", WordState.CONTRADICTED, other)
    told = [each for scope in _BESIDE for kind in _COMPARES for each in _mentions(stands, kind, scope)]
    if own == "differs" and told and not named["sentence"]:
        return _found("link", WordState.NAMED, told[0])
    return Wording("link", WordState.UNNAMED)


def _adjusted(record: Claim | Finding, stands: list[Stand]) -> Iterator[Wording]:
    """What a figure or a relation is adjusted for: said beside it or in its section, or not recorded."""
    scopes = ("fragment", "sentence", "note", "paragraph", "lead-in", "caption")
    hit = next((each for scope in scopes for each in _mentions(stands, "adjusted", scope)), None)
    if not record.adjusted_for:
        if hit is not None and hit.scope in _BESIDE:
            yield _found("adjusted_for", WordState.OVERLOOKED, hit)
        return
    if hit is not None:
        yield _found("adjusted_for", WordState.NAMED, hit)
        return
    sections = (
        hit
        for each in stands
        for hit in _in_span(each, "adjusted", "section", each.reading.structure.section(each.passage[0]))
    )
    hit = next(sections, None)
    yield _found("adjusted_for", WordState.ELSEWHERE if hit else WordState.UNNAMED, hit)


def _every(stands: list[Stand], kind: str) -> Iterator[_Hit]:
    """The words of a kind in all that is near."""
    for stand in stands:
        for name, span in stand.near:
            yield from _in_span(stand, kind, name, span)


def _mentions(stands: list[Stand], kind: str, scope: str) -> Iterator[_Hit]:
    """The words of a kind in one scope."""
    for stand in stands:
        for name, span in (*stand.near, *stand.wide):
            if name == scope:
                yield from _in_span(stand, kind, scope, span)


def _in_span(stand: Stand, kind: str, scope: str, span: Span) -> Iterator[_Hit]:
    for each in stand.reading.within(kind, *span):
        if "none" in each.names or stand.reading.touching("idioms", each.start, each.end):
            continue
        yield _Hit(scope, stand, (each.start, each.end), frozenset(map(str, each.names)))
