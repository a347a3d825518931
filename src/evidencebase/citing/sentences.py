"""What an author writes of a record: the sentence, the citation behind it, and what must be said aloud.

Everything is composed from fields: the figure, its interval or “precision unknown”, group, place, period,
source strength, and who is cited through whom. Nothing is stored, so that nothing can drift.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidencebase.citing.statements import statement
from evidencebase.model.records import Claim, Conclusion, Credited, Estimate, Finding, Study
from evidencebase.problems import EvidenceError
from evidencebase.provenance.seal import Reviews, Status, counts
from evidencebase.rules.certainty import certainty_level
from evidencebase.rules.precision import precision_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from evidencebase.base import Base, Entry
    from evidencebase.bibliography import Entry as Source
    from evidencebase.citing.marked import Marked
    from evidencebase.citing.styles import Styled

_ALOUD = {
    Status.DRAFT: "NOT REVIEWED: no second reader has accepted this record and all that it names",
    Status.BROKEN: "SEAL BROKEN: this record, or something it names, was changed after its review",
    Status.SUPERSEDED: "SUPERSEDED: a newer record replaces this one",
    Status.REJECTED: "REJECTED: a reviewer did not accept this record",
    Status.WITHDRAWN: "WITHDRAWN: this record is no longer held",
}
_HINTS = {
    Status.DRAFT: "have it reviewed: evidence review {key} --by NAME",
    Status.BROKEN: "see what is to be reviewed again: evidence check --select review",
    Status.SUPERSEDED: "cite the record that supersedes it: evidence show {key}",
    Status.REJECTED: "mend the record, or cite another",
    Status.WITHDRAWN: "cite another record: evidence show {key} says why it was withdrawn",
}


@dataclass(frozen=True, slots=True)
class Cited:
    """Whom a record is cited from: who measured (`studies`), and the documents it was read in (`through`).

    `through` is empty where the record was read in the study's own publication, or no study is named: the
    sources then stand in `studies`. `locator` is where in the last of them it stands, None where several
    documents print it.
    """

    studies: tuple[str, ...]
    through: tuple[str, ...] = ()
    locator: str | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """Every source, in the order cited."""
        return tuple(dict.fromkeys((*self.studies, *self.through)))


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a record before any style: the sentence, whom it is cited from, what must be said aloud."""

    sentence: str
    cited: Cited
    warning: str = ""


def documents_of(entry: Entry) -> tuple[str, ...]:
    """The documents a record was read in, in the order of its anchors."""
    return tuple(dict.fromkeys(anchor.document for _, anchor, _ in entry.record.anchored()))


def cited(entry: Entry, base: Base) -> Cited:
    """Whom to cite for a record; an estimate without an anchor of its own cites those of its finding."""
    record = entry.record
    if isinstance(record, Study):
        return Cited((entry.key,))
    documents = documents_of(entry)
    if isinstance(record, Estimate) and not documents and record.finding in base.by_id:
        return cited(base.by_id[record.finding], base)
    study = getattr(record, "study", None)
    if study is not None and (not documents or study in documents):
        return Cited((study,), locator=_locator(entry, (study,)))
    locator = _locator(entry, documents)
    return Cited((study,), documents, locator) if study else Cited(documents, locator=locator)


def _locator(entry: Entry, documents: tuple[str, ...]) -> str | None:
    """Where the first anchor of a record's own stands; None where more than one document is cited for it."""
    anchors = [each for _, each, _ in entry.record.anchored() if each.document in documents and each.for_ is None]
    return next((anchor.locator for anchor in anchors if anchor.locator), None) if len(documents) == 1 else None


def study_of(entry: Entry, base: Base) -> Study | None:
    """The study that measured what a record says; an estimate's is that of its rate."""
    record = entry.record
    if isinstance(record, Study):
        return record
    if isinstance(record, Estimate):
        finding = base.get(Finding, record.finding)
        return base.get(Study, finding.study) if finding else None
    return base.get(Study, getattr(record, "study", None))


def strength(entry: Entry, base: Base) -> str:
    """The source strength in words, with who graded it; that it is not graded where no study is named."""
    study = study_of(entry, base)
    if study is None:
        return "source strength not graded: no study is named"
    rubric = base.vocabulary.rubric
    under = f" under {rubric.name}" if rubric else ""
    other = f" (debatable: {study.debatable.alternative})" if study.debatable else ""
    return f"source strength: graded {study.strength}{other} by this base{under}"


def precision(entry: Entry, base: Base) -> str:
    """The interval, published or computed, or “precision unknown”; empty for what is not a rate of a sample."""
    return precision_words(entry, base)


def credit(record: Credited) -> str:
    """How sure the study is, and how the document credits it where that differs; empty where it is plainly stated."""
    if record.attribution == "corrected":
        return f"attributed by correction, not to {record.credited_as}"
    printed = f"credited in the document as {record.credited_as}" if record.credited_as else ""
    if record.attribution == "inferred" and record.study is not None:
        return f"{printed}; the study is inferred" if printed else "the study is inferred"
    return printed


def details(entry: Entry, base: Base) -> list[str]:
    """What stands behind the statement: precision, sample, what the source leaves unsaid, strength or certainty."""
    record = entry.record
    found = [precision(entry, base)]
    if isinstance(record, Finding):
        found += [f"n = {record.n:,}" if record.n is not None else ""]
        unsaid = [name for name in ("group", "place", "period") if getattr(record, name) is None]
        found += [f"{' and '.join(unsaid)} not stated by the source"] if unsaid else []
    if isinstance(record, Credited):
        found += [credit(record)]
    if isinstance(record, Estimate) and record.override:
        found += [f"applied although it does not fit: {record.override}"]
    if isinstance(record, Conclusion):
        found += [f"certainty: {certainty_level(record.certainty)}"]
    if isinstance(record, Finding | Claim | Estimate):
        found += [strength(entry, base)]
    return [each for each in found if each]


def body(entry: Entry, base: Base) -> str:
    """The sentence without its citation and full stop."""
    if isinstance(entry.record, Study):
        return f"{base.label('studies', entry.key)}; {strength(entry, base)}"
    return "; ".join([statement(entry, base).rstrip("."), *details(entry, base)])


def aloud(status: Status) -> str:
    """What must be said aloud of a record in this state; empty for a reviewed one."""
    return _ALOUD.get(status, "")


def state_hint(status: Status, key: str) -> str:
    """How to mend that a record is in this state."""
    return _HINTS.get(status, "").format(key=key)


def refuse_withdrawn(entry: Entry, reviews: Reviews) -> None:
    """Raise EvidenceError for a record that was withdrawn or rejected: it may not be cited."""
    status = reviews.status(entry)
    if not counts(status):
        last = reviews.last(entry)
        why = f" ({last.note})" if last and last.note else ""
        raise EvidenceError(f"{entry.key} cannot be cited: {aloud(status)}{why}", state_hint(status, entry.key))


def sources_of(keys: Iterable[str], base: Base) -> list[Source]:
    """The bibliography entries of sources, each once. Raises EvidenceError where one has none."""
    found = []
    for key in dict.fromkeys(keys):
        entry = base.bibliography.get(key) if base.bibliography else None
        if entry is None:
            raise EvidenceError(f"{key} has no entry in evidence/sources.bib", f"add an entry with the key {key}")
        found.append(entry)
    return found


def said(entry: Entry, base: Base, status: Status) -> Said:
    """What is said of a record in a state. Raises EvidenceError where a source of it has no bibliography entry."""
    found = cited(entry, base)
    studies, through = (tuple(each.key for each in sources_of(keys, base)) for keys in (found.studies, found.through))
    return Said(body(entry, base), Cited(studies, through, found.locator), aloud(status))


def written(sentences: Iterable[Said], sources: Sequence[Source], style: str, shape: str) -> str:
    """Sentences with their citations, then the references to `sources`, in text, markdown, html or latex.

    This is what `evidence cite` prints and what the pages of the site offer for pasting. Raises UsageError for
    an unknown style.
    """
    from evidencebase.citing.styles import Styled

    styled = Styled(sources, style)
    texts = [_whole(each, styled).written(shape) for each in sentences]
    references = [mark.written(shape) for _, mark in styled.references()]
    if shape == "html":
        texts = [f"<p>{text}</p>" for text in texts]
        listed = "".join(f"\n  <li>{text}</li>" for text in references)
        return "\n".join([*texts, *([f'<ul class="references">{listed}\n</ul>'] if references else [])])
    heading = {"markdown": "## References", "latex": r"\section*{References}"}.get(shape, "References")
    return "\n\n".join([*texts, *([heading] if references else []), *references])


def _whole(each: Said, styled: Styled) -> Marked:
    from evidencebase.citing.marked import plain

    source = each.cited
    text = plain(each.sentence)
    if source.keys:
        text = text + " " + styled.cite(source.studies, source.through, source.locator)
    text += "."
    return text + f" [{each.warning}]" if each.warning else text
