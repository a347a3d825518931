"""What becomes of one field of a record, as it is told: its state, the place of its words, the reader's reason."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from evidencebase.base import Entry

_TOLD = {
    "named": "printed here",
    "broader": "only something broader is printed",
    "narrower": "only something narrower is printed",
    "elsewhere": "found elsewhere",
    "farther": "printed farther off than another",
    "no-form": "no printed form of it is known",
    "unnamed": "not printed around the passage",
    "contradicted": "another is printed",
    "silent": "left empty; nothing of the kind is printed",
    "overlooked": "printed, and not recorded",
}
_WHERE = {
    "for": "at a place the record gives",
    "context": "said of the whole section",
    "section": "the study named last in the section",
    "fieldwork": "as the study was carried out",
    "document": "what the document is about",
    "figures": "from the two figures",
    "paragraph": "in a sentence before",
    "lead-in": "in what leads into the list",
}


class WordState(StrEnum):
    """Where the word of a field stands."""

    NAMED = "named"
    BROADER = "broader"
    NARROWER = "narrower"
    ELSEWHERE = "elsewhere"
    INFERRED = "inferred"
    FARTHER = "farther"
    NO_FORM = "no-form"
    UNNAMED = "unnamed"
    CONTRADICTED = "contradicted"
    SILENT = "silent"
    OVERLOOKED = "overlooked"


@dataclass(frozen=True)
class Ruling:
    """What became of one field of a record.

    `field` is its path (`measure`, `group.age`, `versus.place`). `start` and `end` are offsets in the text as read of
    the words that name it, or of those that name `rival`; `words` are these words. `remembered` says that the lock
    answered, the document not being at hand.
    """

    entry: Entry
    field: str
    state: WordState
    scope: str = ""
    document: str | None = None
    start: int | None = None
    end: int | None = None
    words: str = ""
    rival: str | None = None
    reason: str | None = None
    remembered: bool = False

    @property
    def told(self) -> str:
        """Where the word stands, for who reads the record: never more than the state says."""
        where = f" ({_WHERE.get(self.scope, self.scope)})" if self.scope else ""
        if self.state is WordState.INFERRED:
            return f"not printed; taken so because {self.reason}"
        return f"{_TOLD[self.state]}{where}"


def value_of(entry: Entry, path: str) -> object:
    """What a record says in a field, by its path (`versus.place`); None where it has no such field, or is silent."""
    value: object = entry.record
    for step in path.split("."):
        value = getattr(value, step, None)
    return value


def reason_for(entry: Entry, name: str) -> str | None:
    """Why a reader takes a field so although no passage names it; None where the record does not say."""
    inferred = next((entry.record.inferred[each] for each in paths(name) if each in entry.record.inferred), None)
    return inferred if inferred is None or isinstance(inferred, str) else inferred.because


def paths(field: str) -> tuple[str, ...]:
    """The paths under which a reader may answer for a field: its own, and those around it (`group` for `group.age`)."""
    steps = field.split(".")
    return tuple(".".join(steps[:count]) for count in range(len(steps), 0, -1) if steps[:count] != ["versus"])
