"""No word without its passage: the rulings on every record of a base, from its documents or from what the lock keeps.

Nothing here changes a record, and what is `inferred` only a reader can say.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from evidencebase.base import Base, Entry
from evidencebase.model.content import digest
from evidencebase.model.records import Anchor, Claim, Conclusion, Context, Estimate, Finding, Population
from evidencebase.provenance.judging import rulings_of
from evidencebase.provenance.lock import Lock, Named
from evidencebase.provenance.matching import Matching
from evidencebase.provenance.mentions import Words
from evidencebase.provenance.rulings import Ruling, WordState, reason_for

WORDS_VERSION = "2"
"""That of the rules by which words are found: another one makes what a lock remembers worthless."""
_WORDED = ("measures", "groups", "places", "studies")
ASKED = Finding | Claim | Conclusion | Population | Estimate
"""The records whose words are asked for."""
OPEN = frozenset(WordState) - {WordState.NAMED, WordState.ELSEWHERE, WordState.INFERRED, WordState.SILENT}
"""The states in which a field asks for something."""


@dataclass
class Worded:
    """Every ruling of a base, and the lines that a lock may keep of them."""

    rulings: list[Ruling] = field(default_factory=list)
    lines: list[Named] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """How many fields are in each state, by the kind of record."""
        found: dict[str, dict[str, int]] = {}
        for ruling in self.rulings:
            if ruling.entry.kind not in found:
                found[ruling.entry.kind] = dict.fromkeys(map(str, WordState), 0)
            found[ruling.entry.kind][ruling.state] += 1
        return found

    @property
    def by_document(self) -> dict[str, Worded]:
        """The rulings apart by document, each record with the one it was first read from."""
        found: dict[str, Worded] = {}
        for ruling in self.rulings:
            found.setdefault(ruling.entry.document or "", Worded()).rulings.append(ruling)
        return found

    @property
    def inferred(self) -> tuple[int, int]:
        """How many fields a reader has inferred, and of how many that say anything: an empty one says nothing."""
        states = Counter(ruling.state for ruling in self.rulings)
        return states[WordState.INFERRED], states.total() - states[WordState.SILENT]


def rule(words: Words, matching: Matching, lock: Lock, *, require_documents: bool = False) -> Worded:
    """The rulings on every record: from the documents at hand, else as the lock remembers this very content."""
    found = Worded()
    for key, entry in words.base.entries.items():
        if not isinstance(entry.record, ASKED):
            continue
        outcomes = matching.by_record.get(key, [])
        documents = {outcome.anchor.document for outcome in outcomes if not outcome.anchor.picture}
        held = {document: words.library.held(document) for document in documents}
        if documents and all(each.text is not None for each in held.values()):
            rulings = list(rulings_of(words, entry, outcomes))
            found.rulings += rulings
            if rulings and all(each.known for each in held.values()):
                renditions = {name: each.text.sha256 for name, each in sorted(held.items()) if each.text}
                found.lines.append(_line(words.base, entry, rulings, renditions))
        elif not require_documents:
            found.rulings += remembered(words.base, lock, entry)
    return found


def told(base: Base, lock: Lock, ruling: Ruling) -> str:
    """Where the word of a field stands, for who reads the record; of a place that the record gives, which.

    The words of such a place are those of the anchor that the lock has where the ruling is.
    """
    record = ruling.entry.record
    context = base.get(Context, record.context) if ruling.scope == "context" else None
    if context is not None:
        return f"{ruling.told}: {_quoted(context.anchors[0])}"
    for path, anchor, _ in record.anchored() if ruling.scope == "for" else ():
        line = lock.vouches(base, ruling.entry, path, anchor) if anchor.for_ else None
        if line is not None and ruling.start is not None and line.start <= ruling.start < line.end:
            return f"{ruling.told}: {_quoted(anchor)}"
    return ruling.told


def _quoted(anchor: Anchor) -> str:
    return ", ".join(each for each in (f"“{anchor.fragment}”" if anchor.fragment else "", anchor.locator) if each)


def remembered(base: Base, lock: Lock, entry: Entry) -> list[Ruling]:
    """What the lock says of the words of a record; nothing where its content, or that of what it names, is another."""
    lines = lock.words.get((entry.kind, entry.key), [])
    digest = _digest(base, entry) if lines else ""
    line = next((each for each in lines if each.digest == digest and each.words == WORDS_VERSION), None)
    if line is None or not _known(base, line):
        return []
    return [_recalled(entry, name, kept) for name, kept in line.fields.items()]


def _recalled(entry: Entry, name: str, kept: list[str | int | None]) -> Ruling:
    state, scope, document, start, end, rival = kept
    return Ruling(
        entry,
        name,
        WordState(str(state)),
        str(scope),
        _text(document),
        _place(start),
        _place(end),
        "",
        _text(rival),
        reason_for(entry, name),
        remembered=True,
    )


def _line(base: Base, entry: Entry, rulings: list[Ruling], renditions: dict[str, str]) -> Named:
    fields: dict[str, list[str | int | None]] = {
        each.field: [str(each.state), each.scope, each.document, each.start, each.end, each.rival] for each in rulings
    }
    return Named(entry.kind, entry.key, _digest(base, entry), renditions, fields, WORDS_VERSION)


def _known(base: Base, line: Named) -> bool:
    """Whether the documents are still known in the editions in which the words were found."""
    for key, sha256 in line.renditions.items():
        document = base.documents.get(key)
        if document is None or all(each.sha256 != sha256 for each in document.renditions):
            return False
    return True


def _digest(base: Base, entry: Entry) -> str:
    """SHA-256 over all of a base that the words of a record are read by: its content, and the entries it names."""
    names = {(kind, each.id) for each in entry.names for kind in each.kinds if kind in _WORDED}
    return digest({"record": entry.digest, "names": {f"{kind}/{key}": base.worded(kind, key) for kind, key in names}})


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _place(value: object) -> int | None:
    return value if isinstance(value, int) else None
