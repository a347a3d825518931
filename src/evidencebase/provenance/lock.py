"""The lock: which anchor was matched in which rendition, so that a clone without the documents knows it too.

`evidence.lock` is sorted JSON lines. A line vouches for one anchor of exactly one content: the
record as written, the anchor, the row of the table, the unit. Any edit makes it worthless.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from evidencebase.base import Base, Entry
from evidencebase.files import write_whole
from evidencebase.model.records import Anchor
from evidencebase.model.values import Path as RecordPath
from evidencebase.problems import Place, Problem, Severity
from evidencebase.provenance.passages import MATCHER_VERSION
from evidencebase.reading.folding import FOLDING_VERSION

LOCK = "evidence/evidence.lock"
MATCHER = f"{FOLDING_VERSION}.{MATCHER_VERSION}"
Passing = Annotated[str, Field(pattern="^(exact|folded)$")]
Span = Annotated[list[int], Field(min_length=2, max_length=2)]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
_EXACT = ConfigDict(extra="forbid", strict=True)
_MEND = "write it anew with `evidence lock`; it is never edited by hand"


@dataclass(frozen=True)
class Vouched:
    """What the lock says of one anchor. Offsets are in the rendition as read; `figures` names each number's.

    `on` is the day it was matched; matched again as the same, it keeps its day.
    """

    __pydantic_config__ = _EXACT

    kind: str
    record: str
    anchor: str
    digest: str
    document: str
    rendition: str
    folded: str
    state: Passing
    start: int
    end: int
    line: int
    page: int | None = None
    figures: dict[str, Span] = field(default_factory=dict)
    matcher: str = MATCHER
    on: Day | None = None


@dataclass(frozen=True)
class Named:
    """What the lock says of the words of one record: of each field its state, scope, document and place, without text.

    `fields` gives, by the path of the field, [state, scope, document, start, end, rival]; `renditions` the documents.
    """

    __pydantic_config__ = _EXACT

    kind: str
    named: str
    digest: str
    renditions: dict[str, str]
    fields: dict[str, list[str | int | None]]
    words: str
    on: Day | None = None


@dataclass(frozen=True)
class Covered:
    """How much of one document had been read when the lock was written: counts only, never its text."""

    __pydantic_config__ = _EXACT

    coverage: str
    rendition: str
    figures: int
    anchored: int
    set_aside: dict[str, int]
    unread: int
    on: Day | None = None


_LINES: dict[str, type[Vouched | Covered | Named]] = {"anchor": Vouched, "coverage": Covered, "named": Named}
"""What a line may be, by the key that only its kind has: to try them all on each line takes six times as long."""


@dataclass
class Lock:
    """The anchors and the coverage that a lock file vouches for.

    Where two branches were merged and the file has several lines for one anchor, all are kept until it is written
    anew: each vouches for its own content only.
    """

    anchors: dict[tuple[str, str, str], list[Vouched]] = field(default_factory=dict)
    coverage: dict[str, Covered] = field(default_factory=dict)
    words: dict[tuple[str, str], list[Named]] = field(default_factory=dict)
    _asked: dict[tuple[str, str, str], tuple[Entry, Vouched | None]] = field(default_factory=dict, repr=False)

    def add(self, line: Vouched | Covered | Named) -> bool:
        """Add a line; whether it is the first of its anchor, record or document."""
        if isinstance(line, Named):
            named = self.words.setdefault((line.kind, line.named), [])
            named.append(line)
            return len(named) == 1
        if isinstance(line, Covered):
            return self.coverage.setdefault(line.coverage, line) is line
        lines = self.anchors.setdefault((line.kind, line.record, line.anchor), [])
        lines.append(line)
        return len(lines) == 1

    def since(self, line: Vouched | Covered | Named) -> str | None:
        """The day on which a line was first written as it is; None where it is not in this lock."""
        if isinstance(line, Covered):
            stands: list[Any] = [self.coverage.get(line.coverage)]
        elif isinstance(line, Named):
            stands = [*self.words.get((line.kind, line.named), [])]
        else:
            stands = [*self.anchors.get((line.kind, line.record, line.anchor), [])]
        return min((each.on for each in stands if each and each.on and replace(each, on=line.on) == line), default=None)

    def vouches(self, base: Base, entry: Entry, path: RecordPath, anchor: Anchor) -> Vouched | None:
        """The line for exactly this content, matched by this matcher in a known rendition; else None."""
        key = (entry.kind, entry.key, path_name(path))
        asked = self._asked.get(key)
        if asked is None or asked[0] is not entry:  # a build asks for each anchor three times
            asked = self._asked[key] = entry, self._vouched(base, entry, key, anchor)
        return asked[1]

    def _vouched(self, base: Base, entry: Entry, key: tuple[str, str, str], anchor: Anchor) -> Vouched | None:
        lines = self.anchors.get(key, [])
        document = base.documents.get(anchor.document)
        known = {rendition.sha256 for rendition in document.renditions} if document else set()
        lines = [line for line in lines if line.matcher == MATCHER and line.rendition in known]
        content = content_digest(base, entry, anchor) if lines else None
        return next((line for line in lines if line.digest == content), None)

    def text(self) -> str:
        """The file: one JSON object a line, sorted."""
        lines = [asdict(line) for each in self.anchors.values() for line in each]
        lines += [asdict(line) for line in self.coverage.values()]
        lines += [asdict(line) for each in self.words.values() for line in each]
        return "".join(sorted(json.dumps(line, sort_keys=True, ensure_ascii=False) + "\n" for line in lines))


def remembered(anchor: Anchor, line: Vouched | None) -> str:
    """What the lock alone lets say of an anchor: when it was matched, never that it matches."""
    if anchor.picture:
        return "seen on the page by a reader: no machine can match it"
    if line is None:
        return "not matched: the lock does not vouch for it"
    how = "" if line.state == "exact" else ", with spacing or characters folded"
    when = f"on {line.on} in this edition" if line.on else "when the lock was written"
    return f"matched {when}{how}"


def path_name(path: RecordPath) -> str:
    """A path in a record as one word: `anchors.0`."""
    return ".".join(str(step) for step in path)


def content_digest(base: Base, entry: Entry, anchor: Anchor) -> str:
    """SHA-256 over all that an anchor's match depends on."""
    table = base.tables.get((anchor.document, anchor.table)) if anchor.table else None
    row = table.rows.get(anchor.row or "") if table else None
    old = base.format == 1  # which took the record and the spec whole; their digests say as much, and are made once
    spec = table and (table.spec.model_dump(mode="json") if old else table.said)
    content: dict[str, Any] = {
        "record": entry.authored if old else entry.digest,
        "anchor": anchor.model_dump(mode="json", exclude_none=True),
        "unit": base.unit(entry),
        "row": row.cells if row else None,
        "spec": spec,
    }
    return entry.digest_of(content)


def read_lock(base: Base) -> tuple[Lock, list[Problem]]:
    """Read the lock of a base; a line that is no line of a lock is a problem and vouches for nothing."""
    file = base.folder.path / LOCK
    lock, problems = Lock(), []
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return lock, []
    except (OSError, UnicodeDecodeError) as error:
        return lock, [Problem(Severity.ERROR, "anchor-lock", Place(LOCK), f"cannot be read: {error}", _MEND)]
    readers = {f'"{key}"': TypeAdapter[Vouched | Covered | Named](kind) for key, kind in _LINES.items()}
    for number, line in enumerate(lines, 1):
        kinds = (_read(reader, line) for key, reader in readers.items() if key in line)
        read = next((each for each in kinds if each is not None), None)
        message = "not a line of a lock"
        if read is not None:
            message = "" if lock.add(read) else "a second line for one anchor, record or document"
        if message:
            problems.append(Problem(Severity.ERROR, "anchor-lock", Place(LOCK, number, 1), message, _MEND))
    return lock, problems


def _read(reader: TypeAdapter[Vouched | Covered | Named], line: str) -> Vouched | Covered | Named | None:
    """A line as one of its kinds; None where it is none of that kind."""
    try:
        return reader.validate_json(line)
    except ValidationError:
        return None


def write_lock(folder: Path, lock: Lock) -> Path:
    """Write the lock of a base in one piece."""
    file = folder / LOCK
    write_whole(file, lock.text())
    return file
