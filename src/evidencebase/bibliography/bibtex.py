"""Entries as BibTeX and BibLaTeX, ready to compile.

The two differ in type names, field names, dates, and in letters beyond ASCII: LaTeX commands for BibTeX,
UTF-8 for biblatex. What an entry takes by `crossref` is written out, so that every entry stands alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from evidencebase.bibliography.cursor import balanced
from evidencebase.bibliography.dates import MONTHS, parse_date
from evidencebase.bibliography.encoding import escape_bare, name_to_latex, to_ascii
from evidencebase.bibliography.latex import verbatim
from evidencebase.bibliography.model import Entry, with_subtitle
from evidencebase.bibliography.names import is_readable, parse_name, split_names
from evidencebase.bibliography.types import BIBTEX_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable

_VERBATIM = frozenset({"doi", "url", "file", "eprint", "isbn", "issn", "urlraw", "pmid", "pmcid"})
_LINKS = frozenset({"crossref", "xdata", "xref", "entryset"})
_TO_BIBTEX_TYPE = {
    **dict.fromkeys(("collection", "mvbook", "mvcollection", "reference", "mvreference"), "book"),
    **dict.fromkeys(("inreference", "suppcollection"), "incollection"),
    **dict.fromkeys(("bookinbook", "suppbook"), "inbook"),
    **dict.fromkeys(("suppperiodical", "review"), "article"),
    "mvproceedings": "proceedings",
    "report": "techreport",
    "thesis": "phdthesis",
}
_TO_BIBLATEX_TYPE = {
    "conference": "inproceedings",
    "electronic": "online",
    "mastersthesis": "thesis",
    "phdthesis": "thesis",
    "techreport": "report",
    "www": "online",
}
_THESIS_OR_REPORT = {"mastersthesis": "mathesis", "phdthesis": "phdthesis", "techreport": "techreport"}
_TO_BIBTEX_FIELD = {"journaltitle": "journal", "location": "address", "annotation": "annote"}
_TO_BIBLATEX_FIELD = {"journal": "journaltitle", "address": "location", "annote": "annotation"}
_REPORT_NAMES = {"techreport": "", "resreport": "Research report"}
_DATED = frozenset({
    "article", "book", "inbook", "incollection", "inproceedings", "conference", "proceedings", "mastersthesis",
    "phdthesis", "techreport",
})  # fmt: skip
_ORDINALS = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth")
_STATES = {
    "in press": "inpress", "forthcoming": "forthcoming", "submitted": "submitted", "in preparation": "inpreparation",
    "n.d": "", "n. d": "", "no date": "", "undated": "",
}  # fmt: skip
_BAD_IN_KEY = re.compile(r"[\s\"#%'(),={}\\~\x00-\x1f\x7f]+")
_ORDINAL = re.compile(r"^(\d+)(?:st|nd|rd|th)?\.?(?:\s+ed(?:ition|n)?\.?)?$", re.IGNORECASE)


def safe_key(key: str) -> str:
    """A key that BibTeX, biber and pandoc take: no space, comma, brace, quote, `#`, `%`, `=`, backslash."""
    return _BAD_IN_KEY.sub("-", key).strip("-") or "entry"


def unique_keys(keys: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """The keys made safe, later repetitions with a, b, c added; letter case makes no difference to BibTeX."""
    used = {key.lower() for key in taken}
    result = []
    for key in keys:
        base = candidate = safe_key(key)
        number = 0
        while candidate.lower() in used:
            number += 1
            candidate = f"{base}{chr(96 + number)}" if number <= 26 else f"{base}-{number}"
        used.add(candidate.lower())
        result.append(candidate)
    return result


def _edition_number(text: str) -> int | None:
    match = _ORDINAL.match(text.strip())
    if match:
        return int(match.group(1))
    word = re.sub(r"\s+ed(ition|n)?\.?$", "", text.strip(), flags=re.IGNORECASE).capitalize()
    return _ORDINALS.index(word) + 1 if word in _ORDINALS else None


def ordinal(number: int) -> str:
    """`1` → `1st`."""
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def _month(value: str) -> str | None:
    """The macro of a month written out, `jan` of `January`."""
    return value[:3].lower() if value in MONTHS else None


def _renamed(fields: dict[str, str], names: dict[str, str]) -> dict[str, str]:
    renamed: dict[str, str] = {}
    for name, value in fields.items():
        target = names.get(name, name)
        if target == name or target not in fields:
            renamed[target] = value
    return renamed


def _own_and_inherited(entry: Entry) -> dict[str, str]:
    fields = {**entry.fields, **{n: v for n, v in entry.inherited.items() if n not in entry.fields}}
    return {name: value for name, value in fields.items() if name not in _LINKS and value.strip()}


# -- BibTeX


def _bibtex_dates(fields: dict[str, str]) -> dict[str, str]:
    date = fields.pop("date", "")
    parsed = parse_date("", "", date) if date else None
    if parsed is None:
        return fields
    if not parsed.start:
        return {"year": parsed.literal, **fields}
    dated = dict(fields)
    dated["year"] = f"{parsed.start[0]:04d}"
    if len(parsed.start) > 1 and "month" not in fields:
        dated["month"] = MONTHS[parsed.start[1] - 1]
        if len(parsed.start) > 2 and "day" not in fields:
            dated["day"] = str(parsed.start[2])
    return dated


def _first(fields: dict[str, str], *names: str) -> str:
    return next((fields[name] for name in names if fields.get(name, "").strip()), "")


def _bibtex_type(entry: Entry, fields: dict[str, str]) -> str:
    kind = _TO_BIBTEX_TYPE.get(entry.type, entry.type)
    if entry.type == "thesis" and re.search(r"master|mathesis|bachelor", fields.get("type", ""), re.IGNORECASE):
        kind = "mastersthesis"
    if kind == "inbook" and "booktitle" in fields:
        kind = "incollection"
    if kind == "techreport" and not _first(fields, "institution", "publisher", "organization", "school"):
        kind = "misc"
    return kind if kind in BIBTEX_TYPES else "misc"


def bibtex_fields(entry: Entry) -> tuple[str, dict[str, str]]:
    """The BibTeX type and fields of an entry."""
    fields = _own_and_inherited(entry)
    kind = _bibtex_type(entry, fields)
    fields = _bibtex_dates(_renamed(fields, _TO_BIBTEX_FIELD))
    for title, sub in (("title", "subtitle"), ("booktitle", "booksubtitle"), ("journal", "journalsubtitle")):
        if title in fields and sub in fields:
            fields[title] = with_subtitle(fields[title], fields.pop(sub))
    if kind in {"phdthesis", "mastersthesis"}:
        fields = _renamed(fields, {"institution": "school"})
    if kind == "techreport":
        fields.setdefault("institution", _first(fields, "publisher", "organization", "school"))
    if fields.get("type") in {"mathesis", "phdthesis", *_REPORT_NAMES}:
        name = _REPORT_NAMES.get(fields.pop("type"), "")
        fields.update({"type": name} if name else {})
    if kind in {"techreport", "misc"} and "author" not in fields:
        body = _first(fields, "institution", "organization")
        fields = {"author": "{" + body + "}", **fields} if body and "editor" not in fields else fields
    if kind == "book" and not _first(fields, "author", "editor"):
        # The standard styles want a name for a book; a manual may have its publisher alone.
        kind, fields = "manual", _renamed(fields, {"publisher": "organization"})
    _without_conflicts(kind, fields)
    number = fields.get("edition", "")
    if number.isascii() and number.isdigit():
        fields["edition"] = _ORDINALS[int(number) - 1] if 0 < int(number) <= len(_ORDINALS) else ordinal(int(number))
    return kind, fields


def _readable_names(field: str) -> str:
    """A name field with the names in BibTeX's form that are in another."""
    names = split_names(field)
    if all(is_readable(name) for name in names):
        return field
    return " and ".join(name if is_readable(name) else name_to_latex(parse_name(name)) for name in names)


def _without_conflicts(kind: str, fields: dict[str, str]) -> None:
    """Mend what the standard styles warn of though the entry is complete."""
    for name in ("author", "editor"):
        if name in fields:
            fields[name] = _readable_names(fields[name])
    if kind in {"book", "inbook"} and "author" in fields and "editor" in fields and "note" not in fields:
        fields["note"] = "Edited by " + fields.pop("editor")
    in_series = kind in {"book", "inbook", "incollection", "inproceedings", "proceedings"}
    if in_series and "number" in fields and ("volume" in fields or "series" not in fields):
        fields["seriesnumber"] = fields.pop("number")
    sorts_by_editor = kind in {"book", "inbook", "proceedings"}
    if kind in _DATED and not fields.get("year", "").strip():
        fields["year"] = "n.d."
    if not _first(fields, "author", "key", *(["editor"] if sorts_by_editor else [])):
        fields["key"] = _first(fields, "organization", "editor", "title") or kind


# -- biblatex


def biblatex_fields(entry: Entry) -> tuple[str, dict[str, str]]:
    """The biblatex type and fields of an entry."""
    fields = _renamed(_own_and_inherited(entry), _TO_BIBLATEX_FIELD)
    kind = _TO_BIBLATEX_TYPE.get(entry.type, entry.type)
    if kind == "thesis":
        fields = _renamed(fields, {"school": "institution"})
    if entry.type in _THESIS_OR_REPORT:
        fields.setdefault("type", _THESIS_OR_REPORT[entry.type])
    if "date" not in fields and entry.date and entry.date.start:
        exact = entry.text("month") == "" or len(entry.date.start) > 1
        if exact and re.fullmatch(r"\d{4}", entry.text("year")):
            for name in ("year", "month", "day"):
                fields.pop(name, None)
            fields["date"] = "-".join(f"{part:0{4 if i == 0 else 2}d}" for i, part in enumerate(entry.date.start))
    state = _STATES.get(entry.text("year").lower().strip("()."))
    if state is not None and "date" not in fields:
        fields.pop("year", None)
        fields.update({"pubstate": state} if state else {})
    number = _edition_number(fields["edition"]) if "edition" in fields else None
    if number is not None:
        fields["edition"] = str(number)
    return kind, fields


# -- writing


def _verbatim_value(value: str) -> str:
    plain = verbatim(value)
    if not plain.isascii():
        plain = quote(plain, safe="".join(map(chr, range(33, 127))))
    return plain.replace("{", "%7B").replace("}", "%7D")


def _value(name: str, value: str, *, ascii_only: bool) -> str:
    macro = _month(value) if name == "month" else None
    if macro:
        return macro
    if name == "month" and (parts := re.fullmatch(r"([A-Z][a-z]+)(\W.*)", value)) and _month(parts.group(1)):
        return f'{_month(parts.group(1))} # "{parts.group(2)}"'
    if name in _VERBATIM:
        return "{" + _verbatim_value(value) + "}"
    latex = escape_bare(balanced(value))
    return "{" + (to_ascii(latex) if ascii_only else latex) + "}"


def _written(kind: str, key: str, fields: dict[str, str], *, ascii_only: bool) -> str:
    width = max((len(name) for name in fields), default=0)
    lines = [f"  {name:<{width}} = {_value(name, value, ascii_only=ascii_only)},\n" for name, value in fields.items()]
    return f"@{kind}{{{key},\n{''.join(lines)}}}\n"


def to_bibtex(entries: Iterable[Entry]) -> str:
    """The entries as BibTeX, in ASCII but for scripts LaTeX has no commands for."""
    listed = [entry for entry in entries if entry.type not in {"xdata", "set"}]
    keys = unique_keys(entry.key for entry in listed)
    return "\n".join(
        _written(kind, key, fields, ascii_only=True)
        for key, (kind, fields) in zip(keys, map(bibtex_fields, listed), strict=True)
    )


def to_biblatex(entries: Iterable[Entry]) -> str:
    """The entries as BibLaTeX, in UTF-8."""
    listed = [entry for entry in entries if entry.type not in {"xdata", "set"}]
    keys = unique_keys(entry.key for entry in listed)
    return "\n".join(
        _written(kind, key, fields, ascii_only=False)
        for key, (kind, fields) in zip(keys, map(biblatex_fields, listed), strict=True)
    )


def as_written(entry: Entry, key: str | None = None) -> str:
    """The entry with its own type and fields, for adding to a file: only made safe for LaTeX."""
    return _written(entry.type, key or safe_key(entry.key), dict(entry.fields), ascii_only=False)
