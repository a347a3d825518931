"""Reviewing: a second reader re-enters the figure from the passage before the record is shown.

A review is added to the end of `reviews.yml` as text, so that what stands there is never rewritten.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from evidencebase.base import Base, Entry
from evidencebase.files import write_whole
from evidencebase.folder import BaseFolder
from evidencebase.model.ledger import Review
from evidencebase.model.plain import shown
from evidencebase.problems import EvidenceError, UsageError, did_you_mean
from evidencebase.provenance.matching import MAIN_FIGURES
from evidencebase.provenance.seal import Reviews, Status
from evidencebase.reading.numerals import numerals, parse_number, same_figure
from evidencebase.reading.tables import Table
from evidencebase.reading.yaml import INVISIBLE, parse_yaml

REVIEWS = "evidence/reviews.yml"
HIDDEN = "▒▒▒"
_BOUNDS = ("<", ">", "≤", "≥")
_HEADER = "# yaml-language-server: $schema=../schema/reviews.schema.json\n# Append-only: who reviewed which content.\n"


@dataclass(frozen=True)
class Subject:
    """What a review is of: a record, or a table with every record it makes."""

    key: str
    digest: str
    extracted_by: str | None
    entry: Entry | None = None
    table: Table | None = None


def subject(base: Base, key: str) -> Subject:
    """What is reviewed under an id. Raises EvidenceError where there is none, or a table made the record."""
    for table in base.tables.values():
        if table.spec.id == key:
            return Subject(key, table.digest, table.spec.extracted_by, table=table)
    entry = base.by_id.get(key)
    if entry is None:
        known = [*(table.spec.id for table in base.tables.values()), *base.by_id]
        hint = did_you_mean(key, known, "`evidence check --select review` lists them")
        raise UsageError(f"{shown(key)} is no record or table of this base", hint)
    if entry.table is not None:
        hint = f"review the table: `evidence review {entry.table.spec.id}`"
        raise EvidenceError(f"{key} is a cell of {entry.table.spec.id}, which is reviewed as a whole", hint)
    return Subject(key, entry.digest, entry.record.extracted_by, entry=entry)


def queue(base: Base) -> list[str]:
    """The ids that still need a review: unreviewed or changed since; tables first, each once."""
    reviews = Reviews(base)
    waiting = (Status.DRAFT, Status.BROKEN, Status.REJECTED)
    tables, records = [], []
    for entry in base.entries.values():
        if reviews.status(entry) not in waiting:
            continue
        if entry.table is not None:
            tables.append(entry.table.spec.id)
        else:
            records.append(entry.key)
    return [*dict.fromkeys(tables), *records]


def expected(of: Subject) -> list[tuple[str, str | Decimal]]:
    """The figures a reviewer has to enter, in order: (what it is, the figure or the printed cell)."""
    if of.table is not None:
        return [
            (f"{row.key}, {column}", text) for row in of.table.rows.values() for column, text in of.table.numbers(row)
        ]
    if of.entry is None:
        return []
    figures = of.entry.record.figures()
    return [(figure.field, figure.value) for figure in figures if figure.field in MAIN_FIGURES]


def differs(of: Subject, entered: str) -> str:
    """Why what was entered is not what the record says; empty where it is the same, to the digit."""
    wanted = expected(of)
    numbers = entered.split()
    if of.table is None and len(wanted) == 2:
        numbers = [numeral.printed for numeral in numerals(entered.replace("-", " to "))]
    if len(numbers) != len(wanted):
        return f"{len(wanted)} figures are wanted, {len(numbers)} were entered"
    for (name, value), text in zip(wanted, numbers, strict=True):
        numeral = parse_number(text)
        if isinstance(value, str):
            if text != value:
                return f"{name}: entered {text}, the record has {value}"
        elif numeral is None or not same_figure(value, numeral) or (text[:1] in _BOUNDS and not _qualified(of)):
            return f"{name}: entered {text}, the record has {value}"
    return ""


def _qualified(of: Subject) -> bool:
    return of.entry is not None and bool(getattr(of.entry.record, "qualifiers", ()))


def hidden_passages(base: Base, of: Subject) -> list[str]:
    """The passages of a record with every number hidden, so that the reader goes to the document for it."""
    if of.table is not None:
        return [f"{of.table.spec.locator or of.table.spec.table} of {of.table.spec.document}"]
    shown = []
    for _, anchor, _ in of.entry.record.anchored() if of.entry else ():
        words = base.passage(anchor) or ""
        for numeral in reversed(numerals(words)):
            words = words[: numeral.start] + HIDDEN + words[numeral.end :]
        shown.append(f"“{words}” ({anchor.document}{f', {anchor.locator}' if anchor.locator else ''})")
    return shown


def make_review(of: Subject, by: str, on: str, verdict: Any, *, entered: str | None = None, note: str = "") -> Review:
    """A review of exactly what the record is now.

    Raises EvidenceError where the reviewer extracted the record, or the figure entered is not the record's;
    UsageError where an acceptance has no figure, or a rejection or withdrawal no reason.
    """
    if INVISIBLE.search(note):
        raise UsageError("the note holds an invisible or look-alike character", "retype it with plain characters")
    if verdict == "accept" and of.extracted_by == by:
        raise EvidenceError(f"{by} extracted {of.key} and cannot accept it", "have it reviewed by another reader")
    if verdict != "accept" and not note:
        raise UsageError(f"to {verdict} {of.key} needs a reason", "add --note")
    wanted = expected(of)
    if verdict == "accept" and wanted:
        if not entered:
            raise UsageError(f"{of.key}: enter the figure as you read it", "add --value, or review it in a terminal")
        if why := differs(of, entered):
            raise EvidenceError(f"{of.key}: {why}", "read the passage again; then reject the record, or have it mended")
    single = wanted[0] if len(wanted) == 1 and verdict == "accept" else None
    given = {single[0]: str(single[1])} if single and isinstance(single[1], Decimal) else {}
    try:
        return Review(record=of.key, digest=of.digest, by=by, on=on, verdict=verdict, entered=given, note=note or None)
    except ValidationError as error:
        fault = error.errors()[0]
        hint = "name readers by role in kebab-case, such as reader-b; a note has at most 10,000 characters"
        raise UsageError(f"not a review: {fault['loc'][0]}: {fault['msg']}", hint) from error


def add_reviews(folder: BaseFolder, reviews: list[Review]) -> None:
    """Add reviews to the end of reviews.yml, in one piece; what stands there is kept byte for byte.

    Raises EvidenceError where the file cannot be read or written, or would not be a list of reviews.
    """
    if folder.read_only:
        raise EvidenceError("the base inside the package is read-only", "work on a copy of it, named with --base")
    file = folder.path / REVIEWS
    with _alone(file.parent):
        _append(file, reviews)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait for whoever writes there now, so that two readers who finish at once lose no review."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise EvidenceError(f"{folder} cannot be opened: {error.strerror}", "check its permissions") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _append(file: Path, reviews: list[Review]) -> None:
    try:
        old = file.read_bytes() if file.exists() else _HEADER.encode()
        lead = "" if old.endswith(b"\n") else "\n"
        new = old + (lead + "".join(_line(review) for review in reviews)).encode()
        read, _ = parse_yaml(new.decode("utf-8-sig"), REVIEWS)
    except (OSError, UnicodeDecodeError) as error:
        raise EvidenceError(f"{REVIEWS} cannot be read: {error}", "mend the file first") from error
    if read is None or not isinstance(read.data, list):
        raise EvidenceError(f"{REVIEWS} is not a list of reviews", "run `evidence check --select shape` and mend it")
    write_whole(file, new)


def _line(review: Review) -> str:
    parts = [f"record: {_word(review.record)}", f"by: {_word(review.by)}"]
    parts += [f"on: {review.on}", f"verdict: {review.verdict}"]
    if review.entered:
        parts.append(f"entered: {json.dumps(review.entered, ensure_ascii=False)}")
    if review.note:
        parts.append(f"note: {json.dumps(review.note, ensure_ascii=False)}")
    return "- {" + ", ".join([*parts, f"digest: {_word(review.digest)}"]) + "}\n"


def _word(text: str) -> str:
    """An id as YAML: in quotes where it would be read as a number or a truth value."""
    read, _ = parse_yaml(text, REVIEWS)
    return text if read is not None and read.data == text else json.dumps(text)
