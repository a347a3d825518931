"""Adding references to a `.bib` file as an edit of its text.

A plan says what would happen: what is new, what looks like a work already there, which keys clash.
Nothing is merged unless it is asked for, and the rest of the file stays as it is, byte for byte.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from evidencebase.bibliography import Bibliography, Entry, first_author, parse_bibtex, same_work
from evidencebase.bibliography.bibtex import as_written, safe_key, unique_keys
from evidencebase.model.plain import shown
from evidencebase.problems import EvidenceError, UsageError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_TARGETS = {
    "journaltitle": "journal",
    "journal": "journaltitle",
    "location": "address",
    "address": "location",
}


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An incoming entry that looks like one already there, or like an earlier incoming one.

    `adds` are the fields that the existing entry lacks and a merge would give it. `existing` is None
    where the likeness is to another incoming entry, `twin`.
    """

    incoming: Entry
    existing: Entry | None
    twin: Entry | None
    reason: str
    adds: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class KeyClash:
    """An incoming entry whose key another work has, or that BibTeX cannot take, and the key suggested."""

    incoming: Entry
    key: str
    suggested: str


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would do. `new` holds the entries with the keys they would get.

    `skipped` are the duplicates, added by nobody unless `with_duplicates` or `merging` asks for it.
    """

    new: tuple[Entry, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    clashes: tuple[KeyClash, ...] = ()
    merges: tuple[Duplicate, ...] = ()
    taken_keys: frozenset[str] = frozenset()

    def merging(self, *keys: str) -> ImportPlan:
        """The plan with the duplicates of these incoming keys merged: missing fields go to the entry there.

        Raises UsageError if a key is not among the duplicates of an existing entry.
        """
        wanted = {key.lower() for key in keys}
        chosen = [d for d in self.duplicates if d.incoming.key.lower() in wanted and d.existing is not None]
        missing = wanted - {duplicate.incoming.key.lower() for duplicate in chosen}
        if missing:
            raise _no_duplicate(missing, [each for each in self.duplicates if each.existing is not None])
        rest = tuple(duplicate for duplicate in self.duplicates if duplicate not in chosen)
        return replace(self, duplicates=rest, merges=(*self.merges, *chosen))

    def with_duplicates(self, *keys: str) -> ImportPlan:
        """The plan with the duplicates of these incoming keys added as entries of their own.

        Raises UsageError if a key is not among the duplicates.
        """
        wanted = {key.lower() for key in keys}
        chosen = [duplicate for duplicate in self.duplicates if duplicate.incoming.key.lower() in wanted]
        missing = wanted - {duplicate.incoming.key.lower() for duplicate in chosen}
        if missing:
            raise _no_duplicate(missing, self.duplicates)
        added = [duplicate.incoming for duplicate in chosen]
        new_keys = unique_keys((e.key for e in added), [*self.taken_keys, *(e.key for e in self.new)])
        fresh = [replace(entry, key=key) for entry, key in zip(added, new_keys, strict=True)]
        clashes = [KeyClash(e, e.key, f.key) for e, f in zip(added, fresh, strict=True) if e.key != f.key]
        rest = tuple(duplicate for duplicate in self.duplicates if duplicate not in chosen)
        return replace(self, new=(*self.new, *fresh), duplicates=rest, clashes=(*self.clashes, *clashes))


def _no_duplicate(missing: Iterable[str], duplicates: Iterable[Duplicate]) -> UsageError:
    first, *_ = sorted(missing)
    otherwise = "name the key of an incoming entry listed as a duplicate"
    hint = did_you_mean(first, [duplicate.incoming.key for duplicate in duplicates], otherwise)
    return UsageError(f"no duplicate has the key {', '.join(map(shown, sorted(missing)))}", hint)


def _adds(existing: Entry, incoming: Entry) -> dict[str, str]:
    """The fields of `incoming` that `existing` has under no name."""
    adds = {}
    for name, value in incoming.all_fields.items():
        known = bool(existing.raw(name) or existing.raw(_TARGETS.get(name, name)))
        dated = name in {"date", "year", "month"} and existing.year is not None
        if not known and not dated and name not in {"crossref", "xdata"} and value.strip():
            adds[name] = value
    return adds


def _standing_alone(entry: Entry) -> Entry:
    """The entry with what it inherits written out: its parent may not come with it."""
    fields = {name: value for name, value in entry.all_fields.items() if name not in {"crossref", "xdata"}}
    return replace(entry, fields=fields, inherited={})


def _likeness(entry: Entry, others: list[Entry], index: dict[object, list[int]]) -> tuple[Entry, str] | None:
    candidates = {position for mark in _marks(entry) if mark for position in index.get(mark, [])}
    for position in sorted(candidates):
        other = others[position]
        same = other.key.lower() == entry.key.lower() and other.all_fields == entry.all_fields
        if reason := "same key and fields" if same else same_work(other, entry):
            return other, reason
    return None


def _marks(entry: Entry) -> list[object]:
    """What two entries share if they may be one work."""
    return [
        ("doi", entry.doi.lower()) if entry.doi else None,
        ("year and author", entry.year, first_author(entry)),
        ("key", entry.key.lower()),
    ]


def _index(entries: list[Entry]) -> dict[object, list[int]]:
    index: dict[object, list[int]] = {}
    for position, entry in enumerate(entries):
        for mark in set(_marks(entry)):
            index.setdefault(mark, []).append(position)
    return index


def plan_import(bib_text: str, incoming: list[Entry]) -> ImportPlan:
    """What adding `incoming` to the file of text `bib_text` would do. Changes nothing.

    Duplicates are told by DOI, then by title, year and first author, against the file and among the
    incoming entries. An entry with a key that another work has is planned with a new key.
    """
    present = list(parse_bibtex(bib_text)[0].entries)
    index = _index(present)
    fresh: list[Entry] = []
    fresh_index: dict[object, list[int]] = {}
    duplicates: list[Duplicate] = []
    for entry in map(_standing_alone, incoming):
        known = _likeness(entry, present, index)
        twin = None if known else _likeness(entry, fresh, fresh_index)
        if known:
            duplicates.append(Duplicate(entry, known[0], None, known[1], _adds(known[0], entry)))
        elif twin:
            duplicates.append(Duplicate(entry, None, twin[0], twin[1], {}))
        else:
            fresh.append(entry)
            for mark in set(_marks(entry)):
                fresh_index.setdefault(mark, []).append(len(fresh) - 1)
    taken = frozenset(entry.key for entry in present)
    keys = unique_keys((entry.key for entry in fresh), taken)
    new = tuple(replace(entry, key=key) for entry, key in zip(fresh, keys, strict=True))
    clashes = tuple(KeyClash(e, e.key, n.key) for e, n in zip(fresh, new, strict=True) if e.key != n.key)
    return ImportPlan(new, tuple(duplicates), clashes, (), taken)


def _newline(text: str) -> str:
    """The newline the file uses most."""
    crlf = text.count("\r\n")
    counts = {"\r\n": crlf, "\n": text.count("\n") - crlf, "\r": text.count("\r") - crlf}
    return max(counts, key=lambda mark: (counts[mark], mark == "\n"))


def _with_fields(text: str, entry: Entry, adds: Mapping[str, str], newline: str) -> str:
    """`text` with the fields put before the closing delimiter of `entry`."""
    body = text[entry.start : entry.end]
    if not body.endswith(("}", ")")):
        raise EvidenceError(
            f"“{entry.key}” (line {entry.line}) is not closed, so nothing can be merged into it",
            "mend the file first: evidence check names the place",
        )
    inside = body[:-1]
    kept = inside.rstrip()
    indent = re.search(r"[\r\n]([ \t]+)\w", inside)
    lead = indent.group(1) if indent else "  "
    written = as_written(Entry(entry.key, entry.type, adds)).splitlines()[1:-1]
    lines = [lead + line.strip() for line in written]
    comma = "" if kept.endswith(",") else ","
    closing = inside[len(kept) :] if re.search(r"[\r\n]", inside[len(kept) :]) else newline
    merged = kept + comma + newline + newline.join(lines) + closing + body[-1]
    return text[: entry.start] + merged + text[entry.end :]


def apply_plan(bib_text: str, plan: ImportPlan) -> str:
    """The text of the file after the plan: merges into entries there, new entries at the end.

    What is not touched stays byte for byte, with its newlines and byte order mark.
    Raises EvidenceError if the file has changed since the plan was made.
    """
    mark = "\ufeff" if bib_text.startswith("\ufeff") else ""
    text = bib_text.removeprefix(mark) if mark else bib_text
    newline = _newline(text)
    bibliography: Bibliography = parse_bibtex(text)[0]
    by_place = {(entry.key, entry.line): entry for entry in bibliography}
    targets: list[tuple[Entry, Mapping[str, str]]] = []
    for merge in plan.merges:
        wanted = merge.existing
        found = by_place.get((wanted.key, wanted.line)) if wanted else None
        if found is None or wanted is None or found != wanted:
            raise EvidenceError("the file has changed since the import was planned", "plan the import again")
        targets.append((found, merge.adds))
    for entry, adds in sorted(targets, key=lambda target: -target[0].start):
        if adds:
            text = _with_fields(text, entry, adds, newline)
    if plan.new:
        ending = "" if not text or text.endswith(("\n", "\r")) else newline
        blank = newline if text.strip() and not re.search(r"(\r\n|\r|\n)[ \t]*(\r\n|\r|\n)\Z", text) else ""
        added = "\n".join(as_written(entry, safe_key(entry.key)) for entry in plan.new)
        text += ending + blank + added.replace("\n", newline)
    return mark + text
