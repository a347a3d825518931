"""What every table's rows are made with: what goes in, and values as SQLite keeps them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from evidencebase.answers.evidence_map import Map, evidence_map
from evidencebase.base import Base, Entry
from evidencebase.model.periods import shown
from evidencebase.model.records import (
    Claim,
    Finding,
    Record,
)
from evidencebase.problems import Problem
from evidencebase.provenance.lock import Lock
from evidencebase.provenance.seal import Reviews, stands

Row = dict[str, Any]
R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Selection:
    """What goes into the database: the entries let in, their status, and the lock that vouches for them."""

    base: Base
    entries: list[Entry]
    reviews: Reviews
    lock: Lock
    problems: list[Problem]

    @cached_property
    def standing(self) -> list[Entry]:
        """The entries let in that nothing newer replaces."""
        return [entry for entry in self.entries if stands(self.reviews.status(entry))]

    @cached_property
    def map(self) -> Map:
        """The map of the evidence over what stands, laid out once for its rows and its cells."""
        return evidence_map(self.base, "measure", self.standing)

    def records(self, model: type[R]) -> Iterator[tuple[Entry[R], R]]:
        """The entries let in whose record is of one type, with that record, by id."""
        for entry in self.entries:
            if found := entry.of(model):
                yield found, found.record

    @cached_property
    def _ids(self) -> set[tuple[str, str]]:
        return {(entry.kind, entry.key) for entry in self.entries}

    def has(self, kind: str, key: str | None) -> bool:
        """Whether an id is that of an entry let in."""
        return (kind, key) in self._ids


def subject_cells(record: Finding | Claim) -> Row:
    """Measure, group, place and period, as ids."""
    period = shown(record.period) or None
    return {"measure": record.measure, "group": record.group, "place": record.place, "period": period}


def value_cells(value: Decimal | None) -> Row:
    """A published number twice: as a number, and with its digits as text."""
    return {"value": real(value), "value_text": str(value) if value is not None else None}


def life_cells(selection: Selection, entry: Entry, *, digest: bool = True) -> Row:
    """The caveats, the status and, with `digest`, the digest that a review seals."""
    record = entry.record
    inferred = [f"{path}: {each if isinstance(each, str) else each.because}" for path, each in record.inferred.items()]
    life = {
        "context": record.context,
        "inferred": listed(inferred),
        "caveats": "; ".join(entry.record.caveats) or None,
        "status": str(selection.reviews.status(entry)),
    }
    return life | ({"digest": selection.reviews.digest(entry)} if digest else {})


def strength_of(base: Base, study: str | None) -> str | None:
    """The strength of a study; None where it is not known."""
    found = base.studies.get(study or "")
    return found.strength if found else None


def real(value: Decimal | None) -> float | None:
    """A decimal as SQLite keeps it; the digits stand beside it as text."""
    return float(value) if value is not None else None


def integer(value: Decimal | None) -> int | None:
    """A count as a whole number."""
    return int(value) if value is not None else None


def flag(value: bool | None) -> int | None:  # noqa: FBT001
    """A truth value as 0 or 1; None where it is not known."""
    return int(value) if value is not None else None


def listed(value: Any) -> Any:
    """Lists of words as one text; everything else as it is."""
    return "; ".join(str(item) for item in value) or None if isinstance(value, list) else value


def as_json(value: Any) -> str:
    """Plain data as JSON with sorted keys, so that the same data give the same bytes."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
