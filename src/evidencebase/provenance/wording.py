"""How a passage puts it: qualifiers, the kind of statistic, direction, significance, hedge and link, by the word lists.

These fields name no entry of a vocabulary. Printed and not recorded is as much a fault as recorded and not printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from evidencebase.base import Base
from evidencebase.model.records import Claim, Finding
from evidencebase.provenance.mentions import Mention, Reading
from evidencebase.provenance.standing import Stand
from evidencebase.reading.language import Language
from evidencebase.reading.numerals import Numeral, numerals
from evidencebase.reading.structure import Span

_BETWEEN = re.compile(r"[.\s*(\"'“‘£€$~]*(?:an?\s|the\s)?[\s*(\"'“‘£€$~]*")
_SIGNS = {"~": "about", "≈": "about", ">": "over", "<": "under", "≥": "at-least", "≤": "up-to"}
_NEGATED_WITHIN = 24
_NEGATED_WORDS = 1
_WORD_BEFORE = 8
_COMPARES = ("comparison", "directions", "significance")
_TURNED = {"raises": "linked", "linked": "raises"}
_SHARES = ("prevalence", "proportion", "share", "rate")  # "a national average of 6.8%" is one
_UP, _DOWN, _SAME = "higher", "lower", "no-difference"
_OPPOSITE = {_UP: {_DOWN, _SAME}, _DOWN: {_UP, _SAME}, _SAME: {_UP, _DOWN}}


@dataclass(frozen=True)
class Wording:
    """A field that the words of a passage bear out (`held`), contradict, or leave open, with the words it is about.

    `printed` says that the fault is a word that stands there and is not recorded.
    """

    field: str
    held: bool | None
    scope: str = ""
    reading: Reading | None = None
    span: Span | None = None
    names: str = ""
    printed: bool = False


def of_finding(language: Language, record: Finding, stands: list[Stand]) -> Iterator[Wording]:
    """The qualifiers of a figure, both ways, and the kind of statistic."""
    yield from _qualifiers(record, stands)
    if record.statistic is not None:
        yield _statistic(language, record, stands)


def _qualifiers(record: Finding, stands: list[Stand]) -> Iterator[Wording]:
    beside = [(stand, found) for stand in stands if stand.figure is not None for found in _before(stand)]
    printed = [names for _, (_, names) in beside]
    if any(stand.figure is not None for stand in stands):
        for name in record.qualifiers:
            if any(name in names for names in printed):
                where = next((stand, span) for stand, (span, names) in beside if name in names)
                yield Wording(f"qualifiers.{name}", True, "clause", where[0].reading, where[1], name)
            else:
                yield Wording(f"qualifiers.{name}", False, names=name)
    for stand, (span, names) in beside:
        if not names & set(record.qualifiers):
            yield Wording("qualifiers", False, "clause", stand.reading, span, ", ".join(sorted(names)), printed=True)
            return


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
    start, end = stand.sentence
    for numeral in numerals(stand.reading.document.text[start:end]):
        if start + numeral.start <= stand.figure[0] < start + numeral.end:
            return numeral, start + numeral.start
    return None, stand.figure[0]


def _statistic(language: Language, record: Finding, stands: list[Stand]) -> Wording:
    """Whether a mean is called one; most statistics have no word of their own and are taken at the reader's."""
    named = {"cost-mean": "mean"}.get(record.statistic or "", record.statistic)
    mentions = [
        (stand, m) for stand in stands for _, span in stand.near for m in stand.reading.within("statistics", *span)
    ]
    own = next(((stand, m) for stand, m in mentions if named in m.names), None)
    if own is not None:
        return Wording("statistic", True, "sentence", own[0].reading, (own[1].start, own[1].end), str(named))
    if named in language.statistics:
        return Wording("statistic", None, names=str(named))
    clause = [
        (stand, m) for stand in stands for span in stand.clause for m in stand.reading.within("statistics", *span)
    ]
    plain = {"rank", "percentile", "risk-ratio", *(["mean"] if record.statistic in _SHARES else [])}
    other = next(((stand, m) for stand, m in clause if not m.names & plain), None)
    if other is not None:
        names = ", ".join(sorted(map(str, other[1].names)))
        return Wording(
            "statistic", False, "clause", other[0].reading, (other[1].start, other[1].end), names, printed=True
        )
    return Wording("statistic", True)


def of_claim(base: Base, record: Claim, stands: list[Stand]) -> Iterator[Wording]:
    """The direction, significance, hedge and link of a claim against its passages."""
    if record.direction in _OPPOSITE:
        measure = base.vocabulary.measures.get(record.measure or "")
        found = _direction(str(record.direction), measure.polarity if measure else "neutral", stands)
        yield found if found.held is not None else _of_figures(base, record)
    yield from _significance(record, stands)
    if record.modality is not None:
        yield _modality(record, stands)
    if record.link is not None:
        yield _link(record.link, stands)


def _direction(own: str, polarity: str, stands: list[Stand]) -> Wording:
    """A direction is borne out by its own words, by harm to what is good or bad, or by a word that has no direction.

    What is linked or at risk goes up with what it is linked to, unless a word says otherwise.
    """
    harmed = {"positive": _DOWN, "negative": _UP}.get(polarity)
    bearing = {own, "weak", *(["harm"] if harmed in (own, None) else []), *(["toward"] if own == _UP else [])}
    against = _OPPOSITE[own] | ({"toward"} if own != _UP else set())
    for scope in ("fragment", "sentence"):
        found = list(_directions(stands, scope))
        if hit := next((each for each in found if own in each[2]), None) or next(
            (each for each in found if bearing & each[2]), None
        ):
            strong = next((each for each in found if each[2] <= _OPPOSITE[own]), None)
            if own in hit[2] or strong is None:
                return Wording("direction", True, scope, hit[0].reading, hit[1], own)
        if opposed := next((each for each in found if each[2] & against), None):
            stand, span, names = opposed
            return Wording("direction", False, scope, stand.reading, span, ", ".join(sorted(names)))
    return Wording("direction", None)


def _of_figures(base: Base, record: Claim) -> Wording:
    """The direction that the two figures of a claim give, where no word does: its own beside the other's."""
    figures = [found for key in record.findings if (found := base.get(Finding, key)) and found.value is not None]
    versus = record.versus
    own = [each for each in figures if each.group == record.group and (versus is None or each.place != versus.place)]
    others = [each for each in figures if each not in own]
    if len(own) != 1 or len(others) != 1 or own[0].value is None or others[0].value is None:
        return Wording("direction", None)
    gap = own[0].value - others[0].value
    given = _UP if gap > 0 else _DOWN if gap < 0 else _SAME
    if record.direction == _SAME:  # how near is alike only the document says
        return Wording("direction", None)
    return Wording("direction", given == record.direction, "figures", names=given)


def _directions(stands: list[Stand], scope: str) -> Iterator[tuple[Stand, Span, frozenset[str]]]:
    """The words of a direction, without those that are part of a name; what is denied is no difference."""
    for stand, mention in _mentions(stands, "directions", scope):
        reading = stand.reading
        around = [
            m for kind in ("measure", "level", "group") for m in reading.touching(kind, mention.start, mention.end)
        ]
        if any(each.end - each.start > mention.end - mention.start for each in around):
            continue
        names = frozenset(map(str, mention.names))
        denied = [
            each
            for each in reading.within("negations", max(0, mention.start - _NEGATED_WITHIN), mention.start)
            if len(reading.document.text[each.end : mention.start].split()) <= _NEGATED_WORDS
        ]
        yield stand, (mention.start, mention.end), frozenset({_SAME}) if denied and _SAME not in names else names


def _significance(record: Claim, stands: list[Stand]) -> Iterator[Wording]:
    found = [(stand, mention) for stand in stands for mention in stand.reading.within("significance", *stand.paragraph)]
    in_fragment = list(_mentions(stands, "significance", "fragment"))
    if record.significance in ("significant", "not-significant"):
        own = next((each for each in found if record.significance in each[1].names), None)
        if own is not None:
            yield Wording(
                "significance", True, "sentence", own[0].reading, (own[1].start, own[1].end), record.significance
            )
        else:
            yield Wording("significance", False, names=record.significance)
    elif in_fragment:
        stand, mention = in_fragment[0]
        names = ", ".join(sorted(map(str, mention.names)))
        yield Wording(
            "significance", False, "fragment", stand.reading, (mention.start, mention.end), names, printed=True
        )


def _modality(record: Claim, stands: list[Stand]) -> Wording:
    """The hedge of the passage: "can" is one only where the record says so, and "more likely" compares."""
    own = str(record.modality)
    hits = [
        (scope, each, mention)
        for scope in ("fragment", "sentence")
        for each, mention in _mentions(stands, "hedges", scope)
        if not each.reading.within("comparing", mention.start - _WORD_BEFORE, mention.start)
    ]
    weak = frozenset(("possible", "suggested", "projected"))
    if own == "asserted":
        hedged = next((hit for hit in hits if hit[0] == "fragment" and hit[2].names <= weak), None)
        return _about("modality", None if hedged is None else hedged, held=hedged is None, printed=True)
    bearing = {own, "ability"} if own == "possible" else {own}
    if hit := next((hit for hit in hits if bearing & hit[2].names), None):
        return _about("modality", hit, held=True)
    other = next((hit for hit in hits if hit[0] == "fragment"), None)
    return _about("modality", other, held=False if other else None)


def _link(own: str, stands: list[Stand]) -> Wording:
    """The printed verb: what is associated does not raise; a comparison says nothing of either."""
    hits = [(scope, *hit) for scope in ("fragment", "sentence") for hit in _mentions(stands, "links", scope)]
    if hit := next((hit for hit in hits if own in hit[2].names), None):
        return _about("link", hit, held=True)
    if own == "differs":  # any comparison says so: than, compared with, greatest
        compared = [
            (scope, *hit)
            for scope in ("fragment", "sentence")
            for kind in _COMPARES
            for hit in _mentions(stands, kind, scope)
        ]
        if compared:
            return _about("link", compared[0], held=True)
    other = next((hit for hit in hits if hit[0] == "fragment" and _TURNED.get(own) in hit[2].names), None)
    return _about("link", other, held=False if other else None)


def _about(field: str, hit: tuple[str, Stand, Mention] | None, *, held: bool | None, printed: bool = False) -> Wording:
    if hit is None:
        return Wording(field, held)
    scope, each, mention = hit
    names = ", ".join(sorted(map(str, mention.names)))
    return Wording(field, held, scope, each.reading, (mention.start, mention.end), names, printed and not held)


def _mentions(stands: Iterable[Stand], kind: str, scope: str) -> Iterator[tuple[Stand, Mention]]:
    for stand in stands:
        for name, span in stand.near:
            if name == scope:
                yield from ((stand, mention) for mention in stand.reading.within(kind, *span))
