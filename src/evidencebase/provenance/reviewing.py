"""Reviewing: a second reader re-enters the figures from the passage before the record is shown.

Each reader has a file of their own, so that two who review on two branches meet no conflict. A verdict is added to its
end as text: what stands there is never rewritten. It names the verdicts it follows: those on the same thing, and the
reader's own last one, so that a line that was changed or taken away leaves a gap.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from evidencebase.base import Base
from evidencebase.files import alone, write_whole
from evidencebase.folder import BaseFolder
from evidencebase.model.ledger import Review
from evidencebase.model.plain import shown
from evidencebase.problems import EvidenceError, UsageError, did_you_mean
from evidencebase.provenance.seal import Reviews, Seal, Sealed
from evidencebase.reading.numerals import numerals, parse_number, same_figure
from evidencebase.reading.yaml import INVISIBLE, parse_yaml

REVIEWS = "evidence/reviews"
MIGRATION = "migrate"
HIDDEN = "▒▒▒"
_BOUNDS = ("<", ">", "≤", "≥")
_HEADER = (
    "# yaml-language-server: $schema=../../schema/reviews.schema.json\n"
    "# Only ever added to: who judged which content. `evidence review` writes it.\n"
)
_APART = re.compile(r"[;\s]+")


def subject(reviews: Reviews, key: str) -> Sealed:
    """What is reviewed under an id: a record, a table, or an entry (`measures/ID`).

    Raises UsageError where there is none, EvidenceError where a table made the record and is reviewed in its place.
    """
    base = reviews.base
    kind, _, rest = key.partition("/")
    if found := reviews.things.get((kind, rest)):
        return found
    if ("tables", key) in reviews.things:
        return reviews.things["tables", key]
    entry = base.by_id.get(key)
    if entry is None:
        known = [thing.shown for thing in reviews.things.values()]
        hint = did_you_mean(key, known, "`evidence check --select review` lists them")
        raise UsageError(f"{shown(key)} is no record, table or entry of this base", hint)
    if entry.table is not None:
        hint = f"review the table: `evidence review {entry.table.spec.id}`"
        raise EvidenceError(f"{key} is a cell of {entry.table.spec.id}, which is reviewed as a whole", hint)
    return reviews.things[entry.kind, entry.key]


def queue(reviews: Reviews) -> list[str]:
    """The ids that still need a reader: tables, records, entries; last the entries that are carried, read by nobody."""
    waiting: dict[int, list[str]] = {0: [], 1: [], 2: [], 3: []}
    for name, seal in reviews.seals.items():
        thing = reviews.things[name]
        if seal is Seal.CARRIED:
            waiting[3].append(thing.shown)
        elif seal not in (Seal.ACCEPTED, Seal.WITHDRAWN):
            waiting[0 if thing.table else 1 if thing.extracted else 2].append(thing.shown)
    return [key for keys in waiting.values() for key in keys]


def expected(of: Sealed) -> dict[str, str | Decimal]:
    """The figures a reviewer has to enter, by name: those of a record, or a table's printed cells (`row.column`)."""
    if of.table is not None:
        rows = of.table.rows.values()
        return {f"{row.key}.{column}": text for row in rows for column, text in of.table.numbers(row)}
    return {figure.field: figure.value for figure in of.entry.record.figures()} if of.entry else {}


def read_entered(of: Sealed, texts: Iterable[str]) -> dict[str, str]:
    """What a reviewer entered, by the name of the figure.

    One figure is given as it is ("7.7"), several by name ("low=250 high=2500"), the cells of a table in their order.
    Raises UsageError where a name is missing or is none of the record's, EvidenceError where cells are too few or many.
    """
    wanted = list(expected(of))
    parts = [part for text in texts for part in _APART.split(text.strip()) if part]
    if of.table is not None:
        if len(parts) != len(wanted):
            message = f"{of.shown}: {len(wanted)} figures are wanted, {len(parts)} were entered"
            raise EvidenceError(message, "enter every printed number of the table, row by row")
        return dict(zip(wanted, parts, strict=True))
    if len(wanted) == 1 and len(parts) == 1 and "=" not in parts[0]:
        return {wanted[0]: parts[0]}
    by_name = {name: text for name, _, text in (part.partition("=") for part in parts)}
    if set(by_name) != set(wanted) or len(by_name) != len(parts) or not all(by_name.values()):
        how = " ".join(f"{name}=..." for name in wanted) or "no figure: it has none"
        raise UsageError(f"{of.shown}: enter every figure once", f"enter {how}")
    return by_name


def wrong(of: Sealed, entered: Mapping[str, str]) -> list[str]:
    """The figures that were entered and are not the record's, to the digit. Their names only, never the answer."""
    wanted = expected(of)
    return [name for name, text in entered.items() if name not in wanted or not _same(of, wanted[name], text)]


def _same(of: Sealed, value: str | Decimal, text: str) -> bool:
    if isinstance(value, str):
        return text == value
    numeral = parse_number(text)
    if numeral is None or not same_figure(value, numeral):
        return False
    return text[:1] not in _BOUNDS or bool(of.entry and getattr(of.entry.record, "qualifiers", None))


def hidden_passages(base: Base, of: Sealed) -> list[str]:
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


def make_review(
    reviews: Reviews, of: Sealed, by: str, on: str, verdict: Any, *, entered: Mapping[str, str] | None = None,
    note: str = "",
) -> Review:  # fmt: skip
    """A verdict on exactly what the thing is now, following those that stand on it.

    Raises EvidenceError where the reviewer extracted the record, nobody is named as its extractor, or a figure entered
    is not the record's; UsageError where an acceptance has no figure, or a rejection or withdrawal no reason.
    """
    if INVISIBLE.search(note):
        raise UsageError("the note holds an invisible or look-alike character", "retype it with plain characters")
    if verdict != "accept" and not note:
        raise UsageError(f"to {verdict} {of.shown} needs a reason", "add --note")
    given = dict(entered or {}) if verdict == "accept" else {}
    if verdict == "accept":
        _may_accept(of, reviews.extractor(of.name), by, given)
    kind = None if of.extracted else of.kind
    follows = [review.ident for review in reviews.heads(of.name)]
    try:
        return Review(
            record=of.key, kind=kind, digest=of.digest, by=by, on=on, verdict=verdict, follows=follows, entered=given,
            note=note or None,
        )  # fmt: skip
    except ValidationError as error:
        fault = error.errors()[0]
        hint = "name readers by role in kebab-case, such as reader-b; a note has at most 10,000 characters"
        raise UsageError(f"not a review: {fault['loc'][0]}: {fault['msg']}", hint) from error


def _may_accept(of: Sealed, extractor: str | None, by: str, entered: Mapping[str, str]) -> None:
    if of.extracted and extractor is None:
        raise EvidenceError(f"{of.shown} does not say who extracted it", "add `extracted_by`, then have it reviewed")
    if of.extracted and extractor == by:
        raise EvidenceError(f"{by} extracted {of.shown} and cannot accept it", "have it reviewed by another reader")
    if missing := [name for name in expected(of) if name not in entered]:
        figures = ", ".join(missing[:4])
        raise UsageError(f"{of.shown}: enter the figure as you read it: {figures}", "add --value, or use a terminal")
    if names := wrong(of, entered):
        message = f"{of.shown}: what you entered is not what the record has: {', '.join(names[:4])}"
        hint = "read the passage again; if you stand by it, reject the record: `--verdict reject --note REASON`"
        raise EvidenceError(message, hint)


def carried(reviews: Reviews, on: str) -> list[Review]:
    """A verdict `carried` for every entry that has none yet: it stood in the base, and nobody has read it."""
    things = (thing for thing in reviews.things.values() if not thing.extracted and not reviews.of(thing.name))
    return [
        Review.model_validate({"record": thing.key, "kind": thing.kind, "digest": thing.digest, "by": MIGRATION,
                               "on": on, "verdict": "carried"})
        for thing in things
    ]  # fmt: skip


def carried_over(old: Reviews, new: Reviews) -> list[Review]:
    """The verdicts of a base in its old form, as verdicts on the same things in the new one.

    A verdict on exactly what a thing was gets the digest that it has now, `via: migrate`, and `was`, the old one; a
    verdict on anything else stays what it was. Everything else of it is kept, and what follows it follows it still.
    """
    became: dict[str, str] = {}
    made = []
    for review, _ in old.base.reviews:
        before = old.things.get(old.name(review))
        after = new.things.get(before.name) if before else None
        change: dict[str, Any] = {"follows": [became.get(each, each) for each in review.follows]}
        if before and after and review.digest == before.digest:
            change |= {"digest": after.digest, "via": "migrate", "was": before.digest}
        over = review.changed(**change)
        became[review.ident] = over.ident
        made.append(over)
    return made


def add_reviews(folder: BaseFolder, made: list[Review]) -> None:
    """Add verdicts to the ends of their readers' files, each in one piece; what stands there is kept byte for byte.

    Raises EvidenceError where a file cannot be read or written, or would not be a list of verdicts.
    """
    if folder.read_only:
        raise EvidenceError("the base inside the package is read-only", "work on a copy of it, named with --base")
    with ExitStack() as stack:
        files = {by: folder.path / REVIEWS / f"{by}.yml" for by in sorted({review.by for review in made})}
        for file in files.values():
            stack.enter_context(alone(file))
        old = {by: _read(file, f"{REVIEWS}/{by}.yml") for by, file in files.items()}
        last = {by: ends for by, (_, ends) in old.items()}
        lines = {by: "" if text.endswith(b"\n") else "\n" for by, (text, _) in old.items()}
        became: dict[str, str] = {}
        for review in made:
            follows = {*(became.get(each, each) for each in review.follows), *last[review.by]}
            chained = review.changed(follows=sorted(follows))
            became[review.ident] = chained.ident
            last[review.by] = [chained.ident]
            lines[review.by] += _line(chained)
        for by, file in files.items():
            new = old[by][0] + lines[by].encode()
            if parse_yaml(new.decode("utf-8-sig"), REVIEWS)[0] is None:  # such as a list in one line: `[]`
                raise _no_list(f"{REVIEWS}/{by}.yml")
            write_whole(file, new)


def _read(file: Path, shown: str) -> tuple[bytes, list[str]]:
    """What a reader's file has now, and the verdicts in it that no other of it follows: mostly the last line."""
    try:
        text = file.read_bytes() if file.exists() else _HEADER.encode()
        source, problems = parse_yaml(text.decode("utf-8-sig"), shown)
    except (OSError, UnicodeDecodeError) as error:
        raise EvidenceError(f"{shown} cannot be read: {error}", "mend the file first") from error
    if source is None or problems or not isinstance(source.data, list | None):
        raise _no_list(shown)
    try:
        stands = [Review.model_validate(item) for item in source.data or []]
    except ValidationError as error:
        raise _no_list(shown) from error
    followed = {each for review in stands for each in review.follows}
    return text, [review.ident for review in stands if review.ident not in followed]


def _no_list(shown: str) -> EvidenceError:
    return EvidenceError(f"{shown} is not a list of verdicts", "run `evidence check --select shape` and mend it")


def _line(review: Review) -> str:
    """A verdict as one line of JSON, which YAML reads too, in the order in which people read it."""
    content = review.model_dump(exclude_defaults=True)
    order = ("record", "kind", "by", "on", "verdict", "via", "note", "entered", "follows", "digest", "was")
    return f"- {json.dumps({name: content[name] for name in order if name in content}, ensure_ascii=False)}\n"
