"""Deliberately corrupted figures, and harmless changes of documents: what a checker accepts of each.

    python bench/corruptions.py --documents DIR [--peer PYTHON]

Every case is a record of the base changed in one way, sealed anew and without a lock, so that only
matching can catch it. `--peer` names a Python that has linkml-reference-validator: it then judges the quotes
of the same cases. It looks at quotes only, so that a spoilt figure beside a true quote passes it.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

from evidencebase.base import Base, Entry
from evidencebase.loading import load
from evidencebase.model.kinds import RECORDS
from evidencebase.problems import Place
from evidencebase.provenance.library import Held, Library
from evidencebase.provenance.lock import Lock
from evidencebase.provenance.matching import Matching, match_base, match_entry
from evidencebase.reading.documents import DocumentText
from evidencebase.reading.numerals import numerals
from evidencebase.reading.tables import Row
from evidencebase.reading.yaml import INVISIBLE

SEED = 20261122
PER_CLASS = 200


@dataclass(frozen=True)
class Case:
    """One corruption: the class it is of, the record, what it becomes, and which anchor was touched."""

    kind: str
    entry: Entry
    changed: dict[str, Any]
    anchor: int
    what: str


def written(entry: Entry) -> dict[str, Any]:
    """A record as plain data, with the anchors that tables attach."""
    return entry.record.model_dump(exclude_none=True, by_alias=True)


def figure_path(data: dict[str, Any]) -> tuple[str, ...] | None:
    """Where the main figure of a record stands."""
    for path in (("value",), ("published",), ("total", "published"), ("range", "low")):
        value: Any = data
        for step in path:
            value = value.get(step) if isinstance(value, dict) else None
        if value is not None:
            return path
    return None


def with_value(data: dict[str, Any], path: tuple[str, ...], value: Decimal) -> dict[str, Any]:
    """A copy with another main figure."""
    made = copy.deepcopy(data)
    target = made
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    return made


def with_fragment(data: dict[str, Any], index: int, fragment: str) -> dict[str, Any]:
    """A copy with another fragment."""
    made = copy.deepcopy(data)
    made["anchors"][index]["fragment"] = fragment
    return made


def carriers(data: dict[str, Any]) -> list[int]:
    """The anchors with a fragment that carry the main figure."""
    return [
        index
        for index, anchor in enumerate(data.get("anchors", []))
        if anchor.get("fragment")
        and (not anchor.get("figures") or {"value", "published", "low"} & set(anchor["figures"]))
    ]


def main_token(fragment: str, value: Decimal) -> Any:
    """The number of a fragment that is the figure, if it is printed in digits."""
    found = [each for each in numerals(fragment) if each.value == value and not each.in_words]
    return found[0] if found else None


def digits_changed(text: str, rng: random.Random) -> str:
    """One digit of a number changed to another."""
    places = [index for index, char in enumerate(text) if char.isdigit()]
    place = rng.choice(places)
    other = rng.choice([digit for digit in "123456789" if digit != text[place]])
    return text[:place] + other + text[place + 1 :]


def number_corruptions(text: str, rng: random.Random) -> dict[str, str]:
    """Every way in which a number as text can be spoilt."""
    plain = text
    found = {"a digit changed": digits_changed(plain, rng)}
    if "." in plain:
        whole, part = plain.split(".")
        found["the decimal point dropped"] = whole + part
        moved = whole[:-1] + "." + whole[-1] + part if len(whole) > 1 else whole + part[0] + "." + part[1:]
        found["the decimal point moved"] = moved.rstrip(".")
    elif len(plain) > 1:
        found["the decimal point moved"] = plain[:-1] + "." + plain[-1]
    if len(plain.replace(".", "")) > 1:
        found["a leading digit cut"] = plain[1:].lstrip(".,")
        found["a trailing digit cut"] = plain[:-1].rstrip(".,")
    return {kind: changed for kind, changed in found.items() if changed and changed != plain}


def value_cases(base: Base, rng: random.Random) -> Iterator[Case]:
    """The record's figure spoilt, its fragment true."""
    for entry, data, path, value in figures(base):
        for kind, text in number_corruptions(str(value), rng).items():
            yield Case(kind, entry, with_value(data, path, Decimal(text)), 0, f"value {value} to {text}")
        yield Case("a sign added", entry, with_value(data, path, -value), 0, f"value {value} to -{value}")
        if entry.kind in ("findings", "populations"):
            unit = base.unit(entry)
            for other in ("percent", "persons", "gbp", "households"):
                if other != unit and {other, unit} & {"percent", "gbp", "households"}:
                    yield Case(
                        "the unit changed", entry, copy.deepcopy(data) | {"unit": other}, 0, f"{unit} to {other}"
                    )


def fragment_cases(base: Base, rng: random.Random) -> Iterator[Case]:
    """The fragment spoilt; the record's figure with it where it can be, so that the two agree."""
    for entry, data, path, value in figures(base):
        for index in carriers(data):
            fragment = data["anchors"][index]["fragment"]
            token = main_token(fragment, value)
            if token is None:
                continue
            number = re.search(r"[\d.,]*\d", token.printed)
            if number is None:
                continue
            start, end = token.start + number.start(), token.start + number.end()
            for kind, text in number_corruptions(number[0], rng).items():
                spoilt = fragment[:start] + text + fragment[end:]
                yield Case(kind, entry, with_fragment(data, index, spoilt), index, spoilt)
                try:
                    both = with_value(with_fragment(data, index, spoilt), path, Decimal(text.replace(",", "")))
                except ArithmeticError:
                    continue
                yield Case(f"{kind}, in record and fragment", entry, both, index, spoilt)
            yield from sign_cases(entry, data, index, fragment, start, end)
            yield from disguise_cases(entry, data, index, fragment, start, end)


def sign_cases(entry: Entry, data: Any, index: int, fragment: str, start: int, end: int) -> Iterator[Case]:
    """Signs, %, <, > and currency dropped or added."""
    before, after = fragment[start - 1 : start], fragment[end : end + 1]
    spoilt = {
        "a sign added": fragment[:start] + "-" + fragment[start:],
        "< added": fragment[:start] + "<" + fragment[start:],
        "> added": fragment[:start] + ">" + fragment[start:],
        "a currency added": fragment[:start] + "£" + fragment[start:],
    }
    if before in "£$€<>~-" and before:
        spoilt["a currency or sign dropped"] = fragment[: start - 1] + fragment[start:]
    if after == "%":
        spoilt["% dropped"] = fragment[:end] + fragment[end + 1 :]
    else:
        spoilt["% added"] = fragment[:end] + "%" + fragment[end:]
    for kind, text in spoilt.items():
        yield Case(kind, entry, with_fragment(data, index, text), index, text)


def disguise_cases(entry: Entry, data: Any, index: int, fragment: str, start: int, end: int) -> Iterator[Case]:
    """Invisible, full-width and look-alike characters in the record."""
    digit = fragment[start]
    wide = chr(0xFF10 + int(digit)) if digit.isdigit() else "７"
    letter = next((place for place, char in enumerate(fragment) if char in "aeop"), None)
    spoilt = [fragment[:start] + wide + fragment[start + 1 :], fragment[:end] + "\u200b" + fragment[end:]]
    if letter is not None:
        lookalike = {"a": "а", "e": "е", "o": "о", "p": "р"}[fragment[letter]]
        spoilt.append(fragment[:letter] + lookalike + fragment[letter + 1 :])
    for text in spoilt:
        yield Case("a disguised character", entry, with_fragment(data, index, text), index, text)


def moved_cases(base: Base, rng: random.Random) -> Iterator[Case]:
    """The value set to another number of the fragment; value and passage both moved to another group's."""
    every = list(figures(base))
    for entry, data, path, value in every:
        for index in carriers(data):
            fragment = data["anchors"][index]["fragment"]
            for other in numerals(fragment):
                if other.value is not None and other.value != value and not other.in_words:
                    changed = with_value(data, path, other.value)
                    yield Case("another number of the fragment", entry, changed, index, f"{value} to {other.value}")
    for entry, data, path, _ in every:
        group = data.get("group")
        for other, there, other_path, other_value in rng.sample(every, 40):
            same = other.kind == entry.kind and other_path == path and there.get("measure") == data.get("measure")
            if other.key == entry.key or there.get("group") == group or not same:
                continue
            anchors = [copy.deepcopy(there["anchors"][index]) for index in carriers(there)]
            if not anchors or any(anchor.get("shared") for anchor in anchors):
                continue
            changed = with_value(data, path, other_value) | {"anchors": anchors}
            what = f"{entry.key} takes {other.key}"
            yield Case("value and passage of another group", entry, changed, 0, what)


def range_cases(base: Base) -> Iterator[Case]:
    """The ends of a range swapped."""
    for entry in base.of("findings"):
        data = written(entry)
        if "range" in data:
            low, high = data["range"]["low"], data["range"]["high"]
            yield Case(
                "low and high swapped", entry, data | {"range": {"low": high, "high": low}}, 0, f"{high} to {low}"
            )


def figures(base: Base) -> Iterator[tuple[Entry, dict[str, Any], tuple[str, ...], Decimal]]:
    """Every hand-written record with a main figure."""
    for entry in base.entries.values():
        if entry.table is not None or entry.kind not in ("findings", "populations", "estimates"):
            continue
        data = written(entry)
        path = figure_path(data)
        if path is not None:
            value: Any = data
            for step in path:
                value = value[step]
            yield entry, data, path, value


class Checker:
    """Our matching on one changed record beside all the others as they are."""

    def __init__(self, base: Base, library: Library) -> None:
        self.base, self.library = base, library
        self.whole: Matching = match_base(base, library, Lock())
        self.of: dict[str, list[Any]] = defaultdict(list)
        for outcome in self.whole.outcomes:
            self.of[outcome.entry.key].append(outcome)

    def accepts(self, case: Case) -> bool:
        """Whether the changed record passes: shape, anchors, figures, and no number taken twice."""
        if INVISIBLE.search(repr(case.changed)) or any(INVISIBLE.search(text) for text in strings(case.changed)):
            return False
        try:
            record = RECORDS[case.entry.kind].model_validate(case.changed)
        except ValueError:
            return False
        entry = Entry(case.entry.kind, record, case.changed, lambda _: Place("case.yml", 1, 1))
        return self.passes(entry)

    def passes(self, entry: Entry) -> bool:
        """Whether one entry holds beside the others."""
        return not match_entry(self.base, self.library, entry, self.whole.outcomes)

    def table_cases(self, rng: random.Random) -> Iterator[tuple[str, bool, str]]:
        """Tables spoilt cell by cell, columns swapped, rows taken from the next: (class, accepted, what)."""
        for key, table in list(self.base.tables.items()):
            users = [entry for entry in self.base.entries.values() if any(
                anchor.table == table.spec.table for _, anchor, _ in entry.record.anchored())]  # fmt: skip
            rows = list(table.rows.values())
            for index, row in enumerate(rows):
                for kind, changed in self._spoilt(table, row, rows[(index + 1) % len(rows)], rng):
                    self.base.tables[key] = replace(table, rows=table.rows | {row.key: changed})
                    concerned = [entry for entry in users if any(
                        anchor.row == row.key and anchor.table == table.spec.table
                        for _, anchor, _ in entry.record.anchored())]  # fmt: skip
                    yield (
                        kind,
                        all(self._with(entry, row, changed) for entry in concerned),
                        f"{table.spec.id} {row.key} {changed.cells}",
                    )
                    self.base.tables[key] = table

    def _with(self, entry: Entry, row: Row, changed: Row) -> bool:
        """Whether an entry made from the row passes with the changed cells, its figure following the cell."""
        data = written(entry)
        path = figure_path(data)
        if entry.table is not None and path is not None:
            for anchor in data["anchors"]:
                if anchor.get("row") == row.key and anchor.get("column"):
                    token = numerals(changed.cells[anchor["column"]])
                    if token and token[0].value is not None:
                        data = with_value(data, path, token[0].value)
                        break
        try:
            record = RECORDS[entry.kind].model_validate(data)
        except ValueError:
            return False
        return self.passes(Entry(entry.kind, record, data, lambda _: Place("case.csv", 1, 1), entry.table))

    def _spoilt(self, table: Any, row: Row, after: Row, rng: random.Random) -> Iterator[tuple[str, Row]]:
        columns = [name for name, _ in table.numbers(row)]
        for name in columns:
            text = row.cells[name]
            number = re.search(r"[\d.,]*\d", text)
            if number is None:
                continue
            for kind, spoilt in number_corruptions(number[0], rng).items():
                cell = text[: number.start()] + spoilt + text[number.end() :]
                yield f"{kind}, in a table", Row(row.key, row.cells | {name: cell}, row.places)
            spoilt_signs = {
                "a sign added, in a table": "-" + text,
                "< or > added, in a table": "<" + text,
                "a currency added, in a table": "£" + text,
                "% dropped, in a table" if text.endswith("%") else "% added, in a table": text[:-1]
                if text.endswith("%")
                else text + "%",
            }
            for kind, cell in spoilt_signs.items():
                yield kind, Row(row.key, row.cells | {name: cell}, row.places)
        for one, other in pairwise(columns):
            cells = row.cells | {one: row.cells[other], other: row.cells[one]}
            if cells != row.cells:
                yield "two columns swapped", Row(row.key, cells, row.places)
        taken = {name: after.cells[name] for name in columns if after.cells.get(name)}
        if after.key != row.key and set(taken) == set(columns) and taken != {name: row.cells[name] for name in columns}:
            yield "the next row's numbers", Row(row.key, row.cells | taken, row.places)


def strings(value: Any) -> Iterator[str]:
    """Every text in plain data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


# --- harmless changes of a document ---------------------------------------------------------------------------------


def rewrapped(text: str, rng: random.Random) -> str:
    """Lines broken elsewhere."""
    return re.sub(r"(?<=\w) (?=\w)", lambda match: "\n" if rng.random() < 0.3 else match[0], text)


def hyphenated(text: str, rng: random.Random) -> str:
    """Long words broken at a line's end."""
    return re.sub(r"\b([a-z]{4})([a-z]{4,})\b", lambda m: f"{m[1]}-\n{m[2]}" if rng.random() < 0.3 else m[0], text)


def ligatured(text: str, _: random.Random) -> str:
    """fi and fl as one character."""
    return text.replace("ffi", "ﬃ").replace("fi", "ﬁ").replace("fl", "ﬂ")


def quoted(text: str, _: random.Random) -> str:
    """Straight quotes for curly ones and curly for straight."""
    swap = {"’": "'", "‘": "'", "“": '"', "”": '"', "'": "’", '"': "“"}
    return "".join(swap.get(char, char) for char in text)


def spaced(text: str, rng: random.Random) -> str:
    """Double, non-breaking and thin spaces."""
    spaces = (" ", "  ", "\u00a0", "\u2009", " \u00a0")
    return re.sub(r"(?<=\S) (?=\S)", lambda _: rng.choice(spaces), text)


def paged(text: str, rng: random.Random) -> str:
    """Page breaks between lines."""
    return re.sub(r"\n", lambda match: "\n\f\n" if rng.random() < 0.2 else match[0], text)


def footnoted(text: str, rng: random.Random) -> str:
    """Superscript footnote marks after words."""
    return re.sub(r"(?<=[a-z])(?= [a-z])", lambda _: rng.choice("¹²³⁴⁵") if rng.random() < 0.2 else "", text)


HARMLESS: dict[str, Callable[[str, random.Random], str]] = {
    "lines re-wrapped": rewrapped,
    "words hyphenated": hyphenated,
    "ligatures": ligatured,
    "quotes": quoted,
    "spaces": spaced,
    "page breaks": paged,
    "superscript footnotes": footnoted,
}


def harmless(base: Base, library: Library, rng: random.Random) -> Iterator[tuple[str, int, list[str]]]:
    """For each harmless change: how many anchors were tried in the changed documents, and which were refused."""
    for name, change in HARMLESS.items():
        changed = Library(base, library.folder)
        for key in base.documents:
            text = library.held(key).text
            if text is not None:
                other = DocumentText(key, text.path, text.sha256, text.media_type, change(text.text, rng))
                changed._held[key] = Held(key, other, known=True)
        result = match_base(base, changed, Lock())
        refused = [f"{o.entry.key}: {o.problems[0].message}" for o in result.outcomes if o.problems or not o.passes]
        yield name, len(result.outcomes), refused


def corruptions(base: Base, rng: random.Random) -> list[Case]:
    """Every corruption of every hand-written record, by class; at most PER_CLASS times three of each."""
    by_class: dict[str, list[Case]] = defaultdict(list)
    for case in (*value_cases(base, rng), *fragment_cases(base, rng), *moved_cases(base, rng), *range_cases(base)):
        by_class[case.kind].append(case)
    chosen: list[Case] = []
    for cases in by_class.values():
        rng.shuffle(cases)
        chosen += cases[: PER_CLASS * 3]
    return chosen


def run(base: Base, library: Library, *, show: int = 3) -> tuple[Counter[str], Counter[str], dict[str, list[str]]]:
    """Tried and accepted corruptions by class, and examples of those accepted."""
    rng = random.Random(SEED)
    checker = Checker(base, library)
    tried: Counter[str] = Counter()
    accepted: Counter[str] = Counter()
    examples: dict[str, list[str]] = defaultdict(list)
    results = [(case.kind, checker.accepts(case), f"{case.entry.key}: {case.what}") for case in corruptions(base, rng)]
    for kind, passed, what in (*results, *checker.table_cases(rng)):
        tried[kind] += 1
        if passed:
            accepted[kind] += 1
            if len(examples[kind]) < show:
                examples[kind].append(what)
    return tried, accepted, examples


def quotes(case: Case) -> list[tuple[str, str]]:
    """What a checker of quotes sees of a case: (document, quote) of the anchor that was touched."""
    anchors = case.changed.get("anchors", [])
    touched = anchors[case.anchor : case.anchor + 1]
    return [(anchor["document"], anchor["fragment"]) for anchor in touched if anchor.get("fragment")]


def ask_peer(python: str, asked: dict[str, tuple[str, list[str]]]) -> dict[str, list[bool]]:
    """Ask the peer about quotes: by name, (text, quotes) to whether each was found."""
    program = Path(__file__).parent / "peer_linkml.py"
    lines = "".join(json.dumps({"text": text, "quotes": wanted}) + "\n" for text, wanted in asked.values())
    done = subprocess.run([python, str(program)], input=lines, capture_output=True, text=True, check=True)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    return {name: answer["found"] for name, answer in zip(asked, answers, strict=True)}


def peer_on_corruptions(python: str, base: Base, library: Library) -> tuple[Counter[str], Counter[str]]:
    """Tried and accepted by class, by the peer."""
    by_document: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for case in corruptions(base, random.Random(SEED)):
        for document, quote in quotes(case):
            by_document[document].append((case.kind, quote))
    asked = {
        document: (text.text, [quote for _, quote in cases])
        for document, cases in by_document.items()
        if (text := library.held(document).text)
    }
    tried: Counter[str] = Counter()
    accepted: Counter[str] = Counter()
    for document, found in ask_peer(python, asked).items():
        for (kind, _), passed in zip(by_document[document], found, strict=True):
            tried[kind] += 1
            accepted[kind] += passed
    return tried, accepted


def peer_on_harmless(python: str, base: Base, library: Library) -> Iterator[tuple[str, int, int]]:
    """For each harmless change: quotes tried by the peer, and refused."""
    for name, change in HARMLESS.items():
        rng = random.Random(SEED)
        wanted: dict[str, list[str]] = defaultdict(list)
        for entry in base.entries.values():
            for _, anchor, _ in entry.record.anchored():
                if anchor.fragment:
                    wanted[anchor.document].append(anchor.fragment)
        asked = {
            key: (change(text.text, rng), found) for key, found in wanted.items() if (text := library.held(key).text)
        }
        answers = [found for each in ask_peer(python, asked).values() for found in each]
        yield name, len(answers), answers.count(False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=Path, required=True)
    parser.add_argument("--base", type=Path, default=Path(__file__).parent.parent)
    parser.add_argument("--peer", metavar="PYTHON")
    options = parser.parse_args()
    base, _ = load(options.base)
    library = Library(base, options.documents)
    tried, accepted, examples = run(base, library, show=100)
    print(f"{'corruption':58} {'tried':>6} {'accepted':>9}")
    for kind in sorted(tried):
        print(f"{kind:58} {tried[kind]:6} {accepted[kind]:9}")
        for example in examples[kind]:
            print(f"    {example[:150]}")
    print(f"{'all':58} {sum(tried.values()):6} {sum(accepted.values()):9}\n")
    print(f"{'harmless change':58} {'tried':>6} {'refused':>9}")
    for name, count, refused in harmless(base, library, random.Random(SEED)):
        print(f"{name:58} {count:6} {len(refused):9}")
        for example in refused[:8]:
            print(f"    {example[:150]}")
    if options.peer:
        peer_tried, peer_accepted = peer_on_corruptions(options.peer, base, library)
        print(f"\n{'linkml-reference-validator, corruption':58} {'tried':>6} {'accepted':>9}")
        for kind in sorted(peer_tried):
            print(f"{kind:58} {peer_tried[kind]:6} {peer_accepted[kind]:9}")
        total, passed = sum(peer_tried.values()), sum(peer_accepted.values())
        print(f"{'all':58} {total:6} {passed:9}  ({100 * passed / total:.0f}%)\n")
        print(f"{'linkml-reference-validator, harmless change':58} {'tried':>6} {'refused':>9}")
        for name, count, refused_count in peer_on_harmless(options.peer, base, library):
            print(f"{name:58} {count:6} {refused_count:9}")
    sys.exit(1 if sum(accepted.values()) else 0)


if __name__ == "__main__":
    main()
