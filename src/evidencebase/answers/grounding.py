"""Where documents name what the passages of records do not, and writing that down: what `evidence ground` does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evidencebase.base import Base, Entry
from evidencebase.checks.words import phrased
from evidencebase.folder import BaseFolder
from evidencebase.loading import load
from evidencebase.model.anchors import Anchor
from evidencebase.model.kinds import RECORDS
from evidencebase.model.plain import plain
from evidencebase.problems import EvidenceError, Severity, UsageError
from evidencebase.provenance.grounding import Asked, Grounding, ground
from evidencebase.provenance.judging import rulings_of
from evidencebase.provenance.library import Library, documents_folder
from evidencebase.provenance.matching import outcomes_of
from evidencebase.provenance.mentions import Words
from evidencebase.provenance.placing import place
from evidencebase.provenance.sections import Gathered, gather
from evidencebase.provenance.words import ASKED
from evidencebase.reading.language import language_of


@dataclass
class Grounded:
    """What was asked, what could answer it, and what was written.

    `written` are the files; `became` gives, by kind, id and field, the state of each field that was answered, read
    again from the base as it is now; `changed` counts the records that are no longer as they were.
    """

    base: Base
    grounding: Grounding
    contexts: list[Gathered]
    written: list[str] = field(default_factory=list)
    became: dict[tuple[str, str, str], str] = field(default_factory=dict)
    changed: int = 0

    @property
    def unasked(self) -> dict[str, str]:
        """Why nothing could be asked of some records, by their ids."""
        return self.grounding.failing | self.grounding.absent

    def answer(self, asked: Asked) -> Anchor | Gathered | None:
        """What would be written, or was, for a field: an anchor of its own, a context, or nothing."""
        context = next((each for each in self.contexts if each.answers(asked)), None)
        return context or (asked.chosen.anchor if asked.chosen else None)

    def state(self, asked: Asked) -> str | None:
        """What a field has become by the writing; None where nothing was written for it."""
        ruling = asked.ruling
        return self.became.get((ruling.entry.kind, ruling.entry.key, ruling.field))

    def as_dict(self) -> dict[str, Any]:
        """The shape printed by `evidence ground --format json`."""
        return {
            "records": self.grounding.records,
            "fields": [self._field(each) for each in self.grounding.asked],
            "contexts": [
                {"context": each.written, "records": [entry.key for entry in each.entries]} for each in self.contexts
            ],
            "written": self.written,
            "changed": self.changed,
            "not_asked": [{"record": key, "why": why} for key, why in self.unasked.items()],
        }

    def _field(self, asked: Asked) -> dict[str, Any]:
        ruling, answer = asked.ruling, self.answer(asked)
        return {
            "record": ruling.entry.key,
            "kind": ruling.entry.kind,
            "field": ruling.field,
            "state": str(ruling.state),
            "message": phrased(self.base, ruling),
            "passage": ruling.words or None,
            "named_at": plain(asked.own),
            "proposals": [
                {
                    "anchor": each.written,
                    "where": str(each.where),
                    "line": each.place.line,
                    "page": each.place.page,
                    "write": each.anchor is answer,
                    "why_not": each.why_not or None,
                }
                for each in asked.proposals
            ],
            "context": answer.context.id if isinstance(answer, Gathered) else None,
            "words_like_it": list(asked.like),
            "became": self.state(asked),
        }


def ground_base(
    folder: BaseFolder, documents: Path | None = None, ids: Iterable[str] = (), *, write: bool = False
) -> Grounded:
    """Ask what each record named (all, where none is) leaves open; with `write` put what is sound into the files.

    Raises UsageError for an id that is no record, or one of which no words are asked; EvidenceError where nothing could
    be asked because no document is at hand, or the files cannot be written.
    """
    base, problems = load(folder)
    entries = _entries(base, ids)
    fault = next((problem for problem in problems if problem.severity is Severity.ERROR), None)
    if write and fault is not None:
        raise EvidenceError(f"{fault.place}: {fault.message}", f"mend it first: {fault.hint}")
    library, words = _reader(base, documents)
    grounding = ground(base, library, words, entries)
    if not grounding.records and not grounding.failing:
        why = next(iter(grounding.absent.values()), "the base has no record whose words are asked for")
        hint = "put the documents into the base's documents folder, or name theirs with --documents"
        raise EvidenceError(f"no record could be asked, so nothing was checked: {why}", hint)
    found = Grounded(base, grounding, gather(base, library, words, grounding.asked))
    if write:
        _write(found, documents)
    return found


def _entries(base: Base, ids: Iterable[str]) -> list[Entry]:
    """The records named, each once; every one whose words are asked for where none is named."""
    named = {key: base.find(key) for key in ids}
    for key, entry in named.items():
        if not isinstance(entry.record, ASKED):
            kinds = ", ".join(kind for kind, model in RECORDS.items() if issubclass(model, ASKED))
            raise UsageError(f"{key} is one of the {entry.kind}, of which no words are asked", f"name one of: {kinds}")
    return list(named.values()) or [each for each in base.entries.values() if isinstance(each.record, ASKED)]


def _reader(base: Base, documents: Path | None) -> tuple[Library, Words]:
    library = Library(base, documents_folder(base, documents))
    return library, Words(base, library, language_of(base.folder.path))


def _write(found: Grounded, documents: Path | None) -> None:
    writing = place(found.base, found.grounding.asked, found.contexts)
    if not writing.files:
        return
    writing.write()
    found.written = sorted(found.base.folder.shown(file) for file in writing.files)
    found.changed = len(writing.records)
    base, _ = load(found.base.folder)
    library, words = _reader(base, documents)
    states = {
        (entry.kind, entry.key, ruling.field): str(ruling.state)
        for old in writing.records
        if (entry := base.entries.get((old.kind, old.key))) is not None
        for ruling in rulings_of(words, entry, outcomes_of(base, library, entry))
    }
    for each in found.grounding.asked:
        name = each.ruling.entry.kind, each.ruling.entry.key, each.ruling.field
        if found.answer(each) is not None and name in states:
            found.became[name] = states[name]
