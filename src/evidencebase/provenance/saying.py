"""The sentence that a claim says in own words, held to its record: it names what the record names, and no other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from evidencebase.base import Entry
from evidencebase.model.records import Claim
from evidencebase.provenance.asking import Fit, questions
from evidencebase.provenance.mentions import Mention, Words, read_words
from evidencebase.provenance.rulings import Ruling, WordState
from evidencebase.provenance.standing import Stand
from evidencebase.provenance.wording import of_sentence
from evidencebase.reading.documents import DocumentText

_TELLS = ("relation", "trend", "extent")


def rulings_of_saying(words: Words, entry: Entry) -> Iterator[Ruling]:
    """What the `says` of a claim contradicts: fields of which it names another, and not this one."""
    record = entry.record
    if not isinstance(record, Claim) or not record.says:
        return
    document = DocumentText("says", Path("says"), "", "text/plain", record.says)
    reading = read_words(document, words.lexicon)
    whole = (0, len(record.says))
    asked = list(questions(words, entry))
    named = [
        (question, mention, question.fits(mention))
        for question in asked
        for kind in question.kinds
        for mention in reading.within(kind, *whole)
    ]
    ours = [mention for _, mention, fit in named if fit is Fit.OWN]
    told = record.kind in _TELLS
    for question in asked:
        if question.field in ("measure", "exposure") and not told:
            continue  # a statement or a definition speaks around its measure
        fits = [(mention, fit) for each, mention, fit in named if each is question]
        if any(fit is Fit.OWN for _, fit in fits):
            continue
        rival = next((m for m, fit in fits if fit is Fit.RIVAL and not m.inside and not _shares(m, ours)), None)
        if rival is not None:
            yield _ruling(entry, question.field, record.says[rival.start : rival.end])
    stand = Stand(reading, whole, (("fragment", whole), ("sentence", whole)), ())
    for field, printed in of_sentence(words.base, record, stand) if told else ():
        yield _ruling(entry, field, printed)


def _shares(mention: Mention, ours: list[Mention]) -> bool:
    return any(each.start < mention.end and mention.start < each.end for each in ours)


def _ruling(entry: Entry, field: str, printed: str) -> Ruling:
    return Ruling(entry, field, WordState.CONTRADICTED, "says", words=printed)
