"""RIS, the tagged format of reference managers (Research Information Systems, 2001 and 2012 tags)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from evidencebase.bibliography.bibtex import unique_keys
from evidencebase.bibliography.dates import parse_biblatex_date
from evidencebase.bibliography.encoding import names_to_latex, text_to_latex, title_to_latex
from evidencebase.bibliography.keys import proposed_key
from evidencebase.bibliography.latex import maths_to_text
from evidencebase.bibliography.model import Entry
from evidencebase.bibliography.names import Name, parse_name
from evidencebase.problems import Place, Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

_RIS_TYPES = {
    **dict.fromkeys(("article", "suppperiodical", "review"), "JOUR"),
    **dict.fromkeys(("book", "mvbook", "manual", "reference", "mvreference"), "BOOK"),
    **dict.fromkeys(("collection", "mvcollection"), "EDBOOK"),
    **dict.fromkeys(("inbook", "incollection", "bookinbook", "suppbook", "suppcollection"), "CHAP"),
    **dict.fromkeys(("inproceedings", "conference"), "CPAPER"),
    **dict.fromkeys(("proceedings", "mvproceedings"), "CONF"),
    **dict.fromkeys(("phdthesis", "mastersthesis", "thesis"), "THES"),
    **dict.fromkeys(("techreport", "report"), "RPRT"),
    **dict.fromkeys(("online", "electronic", "www"), "ELEC"),
    **dict.fromkeys(("movie", "video"), "VIDEO"),
    **dict.fromkeys(("audio", "music"), "SOUND"),
    **dict.fromkeys(("artwork", "image"), "ART"),
    "booklet": "PAMP",
    "dataset": "DATA",
    "inreference": "ENCYC",
    "jurisdiction": "CASE",
    "legislation": "STAT",
    "letter": "PCOMM",
    "patent": "PAT",
    "periodical": "JFULL",
    "software": "COMP",
    "standard": "STAND",
    "unpublished": "UNPB",
}
_ENTRY_TYPES = {
    **{ris: kind for kind, ris in reversed(_RIS_TYPES.items())},
    **dict.fromkeys(("JOUR", "MGZN", "NEWS", "EJOUR", "INPR", "ABST"), "article"),
    **dict.fromkeys(("BOOK", "EBOOK", "CLSWK"), "book"),
    **dict.fromkeys(("CHAP", "ECHAP"), "incollection"),
    **dict.fromkeys(("DICT", "ENCYC"), "inreference"),
    **dict.fromkeys(("BILL", "STAT", "LEGAL"), "legislation"),
    **dict.fromkeys(("RPRT", "GOVDOC"), "report"),
    **dict.fromkeys(("ELEC", "BLOG", "WEB"), "online"),
    **dict.fromkeys(("MPCT", "VIDEO"), "video"),
    "THES": "thesis",
    "GEN": "misc",
    "DBASE": "dataset",
    "AGGR": "dataset",
}
_SUBTYPES = {"MGZN": "magazine", "NEWS": "newspaper"}
_LINE = re.compile(r"^([A-Z][A-Z0-9])  ?-(?: (.*)|\s*)$")
_SIMPLE = {
    "VL": "volume",
    "IS": "number",
    "PB": "publisher",
    "CY": "location",
    "PP": "location",
    "ET": "edition",
    "T3": "series",
    "LA": "langid",
    "M3": "type",
    "AB": "abstract",
    "N2": "abstract",
    "N1": "note",
    "J2": "shortjournal",
}
_AUTHORS, _EDITORS = ("AU", "A1"), ("ED", "A2", "A3")
_TITLES, _CONTAINERS = ("TI", "T1"), ("T2", "JO", "JF", "BT", "JA")
_MOST_PARTS = 3  # family, given, suffix
_WITH_INSTITUTION = frozenset({"report", "thesis"})


# -- writing


def _ris_name(name: Name) -> str:
    if name.others or name.literal:
        return "et al." if name.others else name.literal
    family = f"{name.particle} {name.family}".strip()
    parts = [family, name.given, name.suffix] if name.suffix else [family, name.given]
    return ", ".join(parts) if name.given or name.suffix else f"{family},"


def _ris_date(parts: tuple[int, ...]) -> str:
    written = [f"{part:0{4 if index == 0 else 2}d}" for index, part in enumerate(parts)]
    return "/".join([*written, *[""] * (3 - len(written))])


def _tags(entry: Entry) -> list[tuple[str, str]]:
    """The tags of an entry in the order they are written, without TY and ER."""
    pages = re.split(r"\s*[–—-]+\s*", entry.text("pages", "eid"), maxsplit=1)
    start = entry.date.start if entry.date else ()
    accessed = parse_biblatex_date(entry.raw("urldate")).start
    keywords = re.split(r"\s*[,;]\s*", entry.text("keywords"))
    subtype = "journal" if entry.type == "article" else "book"
    tags = [
        *(("AU", _ris_name(name)) for name in entry.authors),
        *(("A2" if subtype == "book" else "ED", _ris_name(name)) for name in entry.editors),
        ("TI", entry.title),
        ("T2", entry.container),
        ("T3", entry.text("series")),
        ("PY", f"{entry.year:04d}" if entry.year is not None else ""),
        ("DA", _ris_date(start) if len(start) > 1 else ""),
        ("VL", entry.text("volume")),
        ("IS", entry.text("number", "issue")),
        ("SP", pages[0]),
        ("EP", pages[1] if len(pages) > 1 else ""),
        ("ET", entry.text("edition")),
        ("PB", entry.publisher),
        ("CY", entry.text("location", "address")),
        ("SN", entry.isbn or entry.text("issn")),
        ("DO", entry.doi),
        ("UR", entry.url),
        ("Y2", _ris_date(accessed) if accessed else ""),
        ("LA", entry.text("langid", "language")),
        ("M3", entry.text("type")),
        *(("KW", keyword) for keyword in keywords),
        ("AB", entry.text("abstract")),
        ("N1", entry.text("note")),
    ]
    return [(tag, value) for tag, text in tags if (value := " ".join(maths_to_text(text).split()))]


def to_ris(entries: Iterable[Entry]) -> str:
    """The entries as RIS, one tag a line, records parted by a blank line."""
    listed = [entry for entry in entries if entry.type not in {"xdata", "set"}]
    records = []
    for entry, key in zip(listed, unique_keys(entry.key for entry in listed), strict=True):
        subtype = {"magazine": "MGZN", "newspaper": "NEWS"}.get(entry.text("entrysubtype"), "")
        kind = subtype or _RIS_TYPES.get(entry.type, "GEN")
        lines = [("TY", kind), ("ID", key), *_tags(entry), ("ER", "")]
        records.append("".join(f"{tag}  - {value}\n" for tag, value in lines))
    return "\n".join(records)


# -- reading


@dataclass(slots=True)
class _Record:
    line: int
    kind: str
    tags: dict[str, list[str]] = field(default_factory=dict)
    last: str = ""

    def first(self, *tags: str) -> str:
        return next((value for tag in tags for value in self.tags.get(tag, []) if value), "")

    def every(self, *tags: str) -> list[str]:
        return [value for tag in tags for value in self.tags.get(tag, []) if value]


def _person(text: str) -> Name:
    """`Family, Given, Suffix`; a name without a comma is a body."""
    text = text.strip()
    if text.lower().strip(".") in {"et al", "others"}:
        return Name(others=True)
    parts = [part.strip() for part in text.split(",")]
    if len(parts) == 1 or len(parts) > _MOST_PARTS or any(" and " in f" {part} " for part in parts):
        return Name(literal=text)
    last = parse_name(f"{text_to_latex(parts[0])}, x") if parts[0] else Name()
    suffix = parts[2] if len(parts) == _MOST_PARTS else ""
    return Name(family=last.family or parts[0], given=parts[1], particle=last.particle, suffix=suffix)


def _iso_date(text: str) -> str:
    """`2019/05/04/` and `2019` as ISO 8601; other text is kept as it is."""
    match = re.match(r"^\s*(-?\d{4})(?:[/-](\d{1,2}))?(?:[/-](\d{1,2}))?(?:/.*)?\s*$", text)
    if not match:
        return text_to_latex(text.strip("/ "))
    year, *rest = (part for part in match.groups() if part)
    return "-".join([year, *(part.zfill(2) for part in rest)])


def _entry(record: _Record) -> Entry:
    kind = _ENTRY_TYPES.get(record.kind, "misc")
    fields = {
        "author": names_to_latex([_person(name) for name in record.every(*_AUTHORS)]),
        "editor": names_to_latex([_person(name) for name in record.every(*_EDITORS)]),
        "title": title_to_latex(record.first(*_TITLES)),
        "date": _iso_date(record.first("DA") or record.first("PY", "Y1")),
    }
    container = record.first(*_CONTAINERS)
    if kind in {"article", "periodical"}:
        fields["journaltitle"] = text_to_latex(container)
    else:
        fields["booktitle"] = title_to_latex(container)
    for tag, name in _SIMPLE.items():
        fields[name] = fields.get(name) or text_to_latex(record.first(tag))
    if kind in _WITH_INSTITUTION:
        fields["institution"] = fields.pop("publisher")
    pages = [text_to_latex(record.first("SP")), text_to_latex(record.first("EP"))]
    fields["pages"] = "--".join(page for page in pages if page)
    number = record.first("SN")
    is_book = len(re.sub(r"\D", "", number)) > 8
    fields |= {
        "isbn" if is_book else "issn": number,
        "doi": record.first("DO"),
        "url": record.first("UR", "L2"),
    }
    fields["urldate"] = _iso_date(record.first("Y2"))
    fields["keywords"] = ", ".join(text_to_latex(word) for word in record.every("KW"))
    fields["entrysubtype"] = _SUBTYPES.get(record.kind, "")
    kept = {name: value for name, value in fields.items() if value}
    key = record.first("ID")
    entry = Entry(key, kind, kept, line=record.line)
    return entry if key else Entry(proposed_key(entry), kind, kept, line=record.line)


class _Reader:
    """Reads the lines of a RIS text into records."""

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.records: list[_Record] = []
        self.problems: list[Problem] = []
        self.open: _Record | None = None

    def problem(self, line: int, message: str, hint: str) -> None:
        self.problems.append(Problem(Severity.ERROR, "citation-ris", Place(self.shown, line, 1), message, hint))

    def read(self, number: int, line: str) -> None:
        match = _LINE.match(line)
        if match and match.group(1) == "TY":
            self.close(number)
            self.open = _Record(number, (match.group(2) or "").strip())
        elif self.open is None:
            if line.strip():
                self.problem(number, f"“{line.strip()[:40]}” stands outside any record", "start a record with TY  - ")
        elif match and match.group(1) == "ER":
            self.records.append(self.open)
            self.open = None
        elif match:
            self.open.last = match.group(1)
            self.open.tags.setdefault(match.group(1), []).append((match.group(2) or "").strip())
        elif line.strip():
            self.continue_line(number, line.strip())

    def continue_line(self, number: int, text: str) -> None:
        """A line without a tag goes on with the value before it."""
        if self.open is None or not self.open.last:
            self.problem(number, f"“{text[:40]}” has no tag", "write two letters, two spaces, a hyphen and the value")
            return
        values = self.open.tags[self.open.last]
        values[-1] = f"{values[-1]} {text}".strip()

    def close(self, number: int) -> None:
        if self.open is not None:
            message = f"the record of line {self.open.line} has no end before line {number}"
            self.problem(self.open.line, message, "end it with a line “ER  - ”")
            self.records.append(self.open)
            self.open = None


def parse_ris(text: str, shown: str = "RIS") -> tuple[list[Entry], list[Problem]]:
    """The entries of a RIS text, as biblatex entries, and its faults. Never raises for bad text."""
    reader = _Reader(shown)
    lines = re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff"))
    for number, line in enumerate(lines, start=1):
        reader.read(number, line)
    reader.close(len(lines))
    for record in reader.records:
        if record.kind not in _ENTRY_TYPES:
            message = f"“{record.kind}” is no RIS type; it is read as @misc"
            place = Place(shown, record.line, 1)
            hint = "write a type after TY, such as RPRT"
            reader.problems.append(Problem(Severity.WARNING, "citation-unknown-type", place, message, hint))
    if not reader.records and text.strip():
        reader.problem(1, "the file holds no RIS record", "start each record with TY  - and end it with ER  - ")
    reader.problems.sort(key=lambda problem: problem.line or 0)
    return [_entry(record) for record in reader.records], reader.problems
