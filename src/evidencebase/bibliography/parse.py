"""A `.bib` file as a `Bibliography`, and every fault of it as a problem with its place and mend."""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from evidencebase.bibliography.crossref import inherit
from evidencebase.bibliography.cursor import LINE_END, Block, Fault, RawField, balanced
from evidencebase.bibliography.dates import MONTH_MACROS
from evidencebase.bibliography.model import Bibliography, Entry
from evidencebase.bibliography.scanner import scan
from evidencebase.bibliography.types import KNOWN_TYPES
from evidencebase.problems import EvidenceError, Place, Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MAX_BYTES: Final = 64 * 1024 * 1024
"""Larger files are refused: they are no bibliography of a base, and decoding would exhaust the machine."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WHITE = re.compile(r"[ \t\r\n\f\v]+")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_MAX_ANCESTORS = 8
_SHARE_OF_CONTROL = 0.05
_SAMPLE = 4096


@dataclass(frozen=True, slots=True)
class _Source:
    """A text, the name it is shown by, and where its lines start."""

    text: str
    shown: str
    line_starts: tuple[int, ...]

    def place(self, offset: int) -> Place:
        """Line and column of an offset, both from 1."""
        line = bisect_right(self.line_starts, offset)
        return Place(self.shown, line, offset - self.line_starts[line - 1] + 1)

    def problem(self, fault: Fault, record: str | None = None) -> Problem:
        """The fault as people see it."""
        severity = Severity.ERROR if fault.is_error else Severity.WARNING
        return Problem(severity, fault.code, self.place(fault.offset), fault.message, fault.hint, record)


def _source(text: str, shown: str) -> _Source:
    return _Source(text, shown, (0, *(match.end() for match in LINE_END.finditer(text))))


def decode_bytes(data: bytes, shown: str) -> tuple[str, list[Problem]]:
    """The text of a file: UTF-8, UTF-16 or UTF-32 with a byte order mark, else Latin-1 with a problem.

    The byte order mark is not part of the text. Binary data gives an empty text and an error.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            text = data.decode(encoding, errors="replace").removeprefix("\ufeff")
            return text, [] if encoding == "utf-8" and "\ufffd" not in text else [_odd(shown, encoding, text)]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        guessed = _utf16_without_mark(data)
        if guessed:
            return data.decode(guessed, errors="replace"), [_odd(shown, guessed, "")]
        text = data.decode("latin-1")
        if _is_binary(text):
            return "", [_binary(shown)]
        line = len(LINE_END.findall(text, 0, error.start)) + 1
        hint = "save the file as UTF-8; read here as Latin-1, so check the accents"
        message = f"byte {error.start} is not UTF-8"
        return text, [Problem(Severity.WARNING, "citation-encoding", Place(shown, line), message, hint)]
    guessed = _utf16_without_mark(data)
    if guessed:
        return data.decode(guessed, errors="replace"), [_odd(shown, guessed, "")]
    return ("", [_binary(shown)]) if _is_binary(text) else (text, [])


def _utf16_without_mark(data: bytes) -> str:
    """UTF-16 of mostly ASCII text has a zero in every other byte."""
    sample = data[:_SAMPLE]
    half = len(sample) // 2
    if half and sample[1::2].count(0) > half * 0.7:
        return "utf-16-le"
    if half and sample[::2].count(0) > half * 0.7:
        return "utf-16-be"
    return ""


def _is_binary(text: str) -> bool:
    sample = text[:_SAMPLE]
    return "\x00" in sample or len(_CONTROL.findall(sample)) > len(sample) * _SHARE_OF_CONTROL


def _odd(shown: str, encoding: str, text: str) -> Problem:
    broken = "\ufffd" in text
    message = f"the file is {encoding.upper()}" + (" with broken characters" if broken else "")
    severity = Severity.ERROR if broken else Severity.WARNING
    hint = "save it as UTF-8, which BibTeX and biber read"
    return Problem(severity, "citation-encoding", Place(shown, 1), message, hint)


def _binary(shown: str) -> Problem:
    hint = "name a .bib, .ris or CSL-JSON text file"
    return Problem(Severity.ERROR, "citation-not-text", Place(shown, 1), "the file is not text", hint)


def read_text(path: Path, shown: str | None = None) -> tuple[str, list[Problem]]:
    """The decoded text of a bibliography file of any format.

    Raises EvidenceError if it cannot be opened or is larger than `MAX_BYTES`.
    """
    name = shown or str(path)
    try:
        if not path.is_file():
            raise EvidenceError(f"{name} is no file", "name an existing .bib, .ris or CSL-JSON file")
        size = path.stat().st_size
        if size > MAX_BYTES:
            hint = f"split it: the limit is {MAX_BYTES // 1024**2} MB"
            raise EvidenceError(f"{name} is too large ({size / 1024**2:.0f} MB)", hint)
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise EvidenceError(f"{name} cannot be read: {reason}", "check the path and its permissions") from error
    return decode_bytes(data, name)


def read_bibtex(path: Path, shown: str | None = None) -> tuple[Bibliography, list[Problem]]:
    """Every entry of a `.bib` file and every fault in it. `shown` is the path as people should see it.

    Raises EvidenceError only if the file cannot be opened or is larger than `MAX_BYTES`.
    """
    name = shown or str(path)
    text, problems = read_text(path, name)
    bibliography, more = parse_bibtex(text, name)
    return bibliography, [*problems, *more]


def parse_bibtex(text: str, shown: str = "bibliography") -> tuple[Bibliography, list[Problem]]:
    """Every entry of a BibTeX or BibLaTeX text and every fault in it. Never raises for bad text.

    Entries come in the order of the file, with strings filled in, those with a repeated key too.
    """
    source = _source(text, shown)
    blocks, faults = scan(text)
    reader = _Reader(source)
    entries = reader.read(blocks)
    entries = reader.with_inheritance(entries)
    owners = [(block.start, block.end, block.key) for block in blocks if block.kind == "entry"]
    problems = [source.problem(fault, _owner(owners, fault.offset)) for fault in faults]
    problems.extend(reader.problems)
    problems.sort(key=lambda problem: (problem.line or 0, problem.column or 0))
    return Bibliography(tuple(entries), reader.strings, tuple(reader.preamble), shown), problems


def _owner(owners: list[tuple[int, int, str]], offset: int) -> str | None:
    index = bisect_right(owners, (offset, 1 << 62, "")) - 1
    if index >= 0 and owners[index][0] <= offset <= owners[index][1]:
        return owners[index][2] or None
    return None


class _Reader:
    """Turns blocks into entries; keeps the strings defined so far, as BibTeX does."""

    def __init__(self, source: _Source) -> None:
        self.source = source
        self.strings: dict[str, str] = {}
        self.preamble: list[str] = []
        self.problems: list[Problem] = []
        self._keys: dict[str, int] = {}
        self._offsets: dict[int, int] = {}

    def read(self, blocks: list[Block]) -> list[Entry]:
        """The entries of the blocks, without what they inherit."""
        entries = []
        for block in blocks:
            if block.kind == "entry":
                entries.append(self._entry(block))
            elif block.kind == "string":
                self.strings[block.key] = self._value(block.fields[0], None)
            else:
                self.preamble.append(self._value(block.fields[0], None))
        return entries

    def _problem(self, code: str, offset: int, message: str, hint: str, key: str | None, **more: bool) -> None:
        self.problems.append(self.source.problem(Fault(code, offset, message, hint, **more), key or None))

    def _entry(self, block: Block) -> Entry:
        place = self.source.place(block.start)
        self._check_key(block)
        if block.type not in KNOWN_TYPES:
            self._problem(
                "citation-unknown-type",
                block.start,
                f"@{block.type} is no entry type of BibTeX or biblatex",
                "use @misc or the type that fits; styles treat an unknown type as @misc",
                block.key,
                is_error=False,
            )
        fields: dict[str, str] = {}
        for field in block.fields:
            value = self._value(field, block.key).strip(" ")
            if field.name in fields:
                same = fields[field.name] == value
                self._problem(
                    "citation-duplicate-field",
                    field.offset,
                    f"{field.name} is given twice in “{block.key}”; the first counts"
                    + ("" if same else ", and the second differs"),
                    f"delete one {field.name}",
                    block.key,
                    is_error=not same,
                )
                continue
            fields[field.name] = value
        return Entry(
            block.key,
            block.type,
            fields,
            line=place.line or 1,
            column=place.column or 1,
            start=block.start,
            end=block.end,
        )

    def _check_key(self, block: Block) -> None:
        first = self._keys.setdefault(block.key.lower(), block.start)
        if first != block.start:
            line = self.source.place(first).line
            self._problem(
                "citation-duplicate-key",
                block.start,
                f"the key “{block.key}” is already used in line {line}; BibTeX reads the first only",
                "give this entry another key, or delete it if it is the same work",
                block.key,
            )

    def _value(self, field: RawField, key: str | None) -> str:
        parts = []
        for token in field.tokens:
            if token.kind != "macro":
                parts.append(token.text)
                continue
            name = token.text.lower()
            value = self.strings.get(name, MONTH_MACROS.get(name))
            if value is None:
                self._problem(
                    "citation-undefined-string",
                    token.offset,
                    f"the string “{token.text}” is not defined before this place; BibTeX leaves it empty",
                    f'define it above: @string{{{name} = "..."}}, or put the text in braces',
                    key,
                    is_error=False,
                )
                value = token.text
            parts.append(value)
        joined = _WHITE.sub(" ", "".join(parts))
        return joined if all(token.kind != "quoted" for token in field.tokens) else balanced(joined)

    def with_inheritance(self, entries: list[Entry]) -> list[Entry]:
        """The entries with what `xdata` and `crossref` give them."""
        by_key: dict[str, Entry] = {}
        for entry in entries:
            by_key.setdefault(entry.key.lower(), entry)
        return [
            replace(entry, inherited=self._inherited(entry, by_key))
            if "crossref" in entry.fields or "xdata" in entry.fields
            else entry
            for entry in entries
        ]

    def _inherited(self, entry: Entry, by_key: Mapping[str, Entry]) -> dict[str, str]:
        taken: dict[str, str] = {}
        waiting = _parents(entry.fields)
        seen = {entry.key.lower()}
        for _ in range(_MAX_ANCESTORS):
            if not waiting:
                break
            key = waiting.pop(0)
            parent = by_key.get(key.lower())
            if parent is None or key.lower() in seen:
                self._unusable_parent(entry, key, parent)
                continue
            seen.add(key.lower())
            taken.update(inherit(entry.type, {**taken, **entry.fields}, parent.fields))
            waiting.extend(_parents(parent.fields))
        return taken

    def _unusable_parent(self, entry: Entry, key: str, parent: Entry | None) -> None:
        fault = "refers to itself through" if parent else "takes fields from a missing entry,"
        self._problem(
            "citation-crossref",
            entry.start,
            f"“{entry.key}” {fault} “{key}”",
            "add that entry to the file, or write the fields here and delete crossref",
            entry.key,
        )


def _parents(fields: Mapping[str, str]) -> list[str]:
    """The keys an entry takes fields from, `xdata` first, as biber does."""
    data = [key.strip() for key in fields.get("xdata", "").split(",")]
    return [key for key in (*data, fields.get("crossref", "").strip()) if key]
