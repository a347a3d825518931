"""Entries as CSL-JSON items, the form that citation processors read (Citation Style Language 1.0.2)."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from evidencebase.bibliography.bibtex import unique_keys
from evidencebase.bibliography.dates import Date, parse_biblatex_date
from evidencebase.bibliography.latex import latex_to_text, maths_to_text
from evidencebase.bibliography.model import Entry
from evidencebase.bibliography.names import Name, parse_names

if TYPE_CHECKING:
    from collections.abc import Iterable

CslItem = dict[str, Any]

CSL_TYPES: Final = {
    **dict.fromkeys(("article", "suppperiodical"), "article-journal"),
    **dict.fromkeys(("book", "mvbook", "collection", "mvcollection", "reference", "mvreference"), "book"),
    **dict.fromkeys(("manual", "proceedings", "mvproceedings"), "book"),
    **dict.fromkeys(("inbook", "incollection", "bookinbook", "suppbook", "suppcollection"), "chapter"),
    **dict.fromkeys(("inproceedings", "conference"), "paper-conference"),
    **dict.fromkeys(("phdthesis", "mastersthesis", "thesis"), "thesis"),
    **dict.fromkeys(("techreport", "report"), "report"),
    **dict.fromkeys(("online", "electronic", "www"), "webpage"),
    **dict.fromkeys(("artwork", "image"), "graphic"),
    **dict.fromkeys(("audio", "music"), "song"),
    **dict.fromkeys(("movie", "video"), "motion_picture"),
    "booklet": "pamphlet",
    "dataset": "dataset",
    "inreference": "entry-encyclopedia",
    "jurisdiction": "legal_case",
    "legislation": "legislation",
    "letter": "personal_communication",
    "patent": "patent",
    "performance": "performance",
    "periodical": "periodical",
    "review": "review",
    "software": "software",
    "standard": "standard",
    "unpublished": "manuscript",
}
_SUBTYPES = {"magazine": "article-magazine", "newspaper": "article-newspaper"}
_GENRES = {
    "phdthesis": "PhD thesis",
    "mastersthesis": "Master’s thesis",
    "mathesis": "Master’s thesis",
    "bathesis": "Bachelor’s thesis",
    "candthesis": "Candidate thesis",
    "techreport": "technical report",
    "resreport": "research report",
}
_TEXT = {
    "abstract": ("abstract",),
    "annote": ("annotation", "annote"),
    "collection-title": ("series",),
    "chapter-number": ("chapter",),
    "event-title": ("eventtitle",),
    "event-place": ("venue",),
    "ISSN": ("issn",),
    "keyword": ("keywords",),
    "medium": ("howpublished",),
    "note": ("note", "addendum"),
    "number-of-pages": ("pagetotal",),
    "number-of-volumes": ("volumes",),
    "original-title": ("origtitle",),
    "part": ("part",),
    "PMID": ("pmid",),
    "publisher-place": ("location", "address"),
    "status": ("pubstate",),
    "title-short": ("shorttitle",),
    "version": ("version",),
    "volume": ("volume",),
    "container-title-short": ("shortjournal",),
}
_PEOPLE = {
    "author": "author",
    "editor": "editor",
    "translator": "translator",
    "container-author": "bookauthor",
    "original-author": "origauthor",
}
_DATES = {"accessed": "urldate", "event-date": "eventdate", "original-date": "origdate"}
_WITH_ISSUE = frozenset({"article-journal", "article-magazine", "article-newspaper", "periodical"})
_WITH_COLLECTION_NUMBER = frozenset({"book", "chapter", "paper-conference"})
_TITLE_FIELDS = ("title", "collection-title")
_LANGUAGES = {
    **dict.fromkeys(("english", "british", "ukenglish", "uk"), "en-GB"),
    **dict.fromkeys(("american", "usenglish"), "en-US"),
    **dict.fromkeys(("german", "ngerman"), "de-DE"),
    "dutch": "nl-NL",
    "french": "fr-FR",
    "italian": "it-IT",
    "spanish": "es-ES",
}
_LANGUAGE_TAG = re.compile(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
_LOWERED = re.compile(r"\{(?:[^{}]|\{[^{}]*\})*\}|(?<![\w\\])[^\W\d_](?:[^\W\d_]|['’])*")
_SENTENCE_START = (":", ".", "—", "---")


def _name(name: Name, *, prefix_drops: bool) -> dict[str, str]:
    if name.others:
        return {"literal": "others"}
    if name.literal:
        return {"literal": maths_to_text(name.literal)}
    particle = "dropping-particle" if name.particle_drops or prefix_drops else "non-dropping-particle"
    parts = {"family": name.family, "given": name.given, particle: name.particle, "suffix": name.suffix}
    return {label: value for label, value in parts.items() if value}


def _date(date: Date | None) -> dict[str, Any] | None:
    if date is None:
        return None
    if not date.start:
        return {"literal": date.literal} if date.literal else None
    return {"date-parts": [list(parts) for parts in (date.start, date.end) if parts]}


def sentence_case(latex: str) -> str:
    """A LaTeX title with the capitals lowered that braces do not protect, as BibTeX styles do.

    The first word, the first after a full stop, and words with inner capitals keep theirs; the first after a
    colon gets one.
    """

    def lower(match: re.Match[str]) -> str:
        word = match.group()
        before = latex[: match.start()].rstrip(" \"'“‘`(")
        if word.startswith("{"):
            return word
        if before.endswith(":"):
            return word[:1].upper() + word[1:]
        starts = not before or before.endswith(_SENTENCE_START)
        return word if starts or not word.istitle() else word.lower()

    return _LOWERED.sub(lower, latex)


def _csl_type(entry: Entry) -> str:
    subtype = entry.text("entrysubtype").lower()
    if entry.type == "article" and subtype in _SUBTYPES:
        return _SUBTYPES[subtype]
    return CSL_TYPES.get(entry.type, "document")


def _language(entry: Entry) -> str:
    named = entry.text("langid", "language", "hyphenation")
    return _LANGUAGES.get(named.lower(), named if _LANGUAGE_TAG.match(named) else "")


def _numbers(entry: Entry, kind: str) -> CslItem:
    number = entry.text("number")
    numbers: CslItem = {}
    if kind in _WITH_ISSUE:
        numbers["issue"] = number or entry.text("issue")
    elif kind in _WITH_COLLECTION_NUMBER:
        numbers["collection-number"] = number
    else:
        numbers["number"] = number
    numbers["page"] = re.sub(r"\s*[–—]\s*|--", "-", entry.text("pages", "eid"))
    edition = entry.text("edition")
    numbers["edition"] = re.sub(r"\s+ed(ition|n)?\.?$", "", edition, flags=re.IGNORECASE)
    return numbers


def entry_to_csl(entry: Entry, *, lower_titles: bool = False) -> CslItem:
    """One CSL-JSON item, valid against the CSL-JSON schema.

    Particles are non-dropping (“van der Berg, L.”), as BibTeX has them, unless the entry says
    `useprefix=false`. Without a date there is no `issued`. `lower_titles` gives titles the capitals BibTeX
    styles and pandoc give them: those that braces protect.
    """
    kind = _csl_type(entry)
    item: CslItem = {"id": entry.key, "type": kind}
    prefix_drops = "useprefix=false" in entry.raw("options").replace(" ", "").lower()
    for label, field in _PEOPLE.items():
        people = parse_names(entry.raw(field))
        item[label] = [made for name in people if (made := _name(name, prefix_drops=prefix_drops))]
    item["title"] = entry.title
    item["container-title"] = entry.container
    item |= {label: entry.text(*fields) for label, fields in _TEXT.items()}
    if "://" in item["medium"]:
        del item["medium"]
    item |= _numbers(entry, kind)
    how = item.get("medium", "")
    item["publisher"] = entry.publisher or how
    if not entry.publisher:
        # As pandoc reads it: who put out a leaflet or an online text stands where a publisher would.
        item.pop("medium", None)
    item["genre"] = _GENRES.get(entry.text("type") or entry.type, entry.text("type"))
    if entry.type == "techreport" and not entry.raw("type"):
        item["genre"] = ""
    item["language"] = _language(entry)
    item |= {"DOI": entry.doi, "URL": entry.url, "ISBN": entry.isbn}
    item["issued"] = _date(entry.date)
    item |= {label: _date(parse_biblatex_date(entry.raw(field))) for label, field in _DATES.items()}
    if lower_titles and not item["language"].startswith(("de", "fr", "it", "es", "nl")):
        item |= _lowered_titles(entry)
    item = {label: maths_to_text(value) if isinstance(value, str) else value for label, value in item.items()}
    return {label: value for label, value in item.items() if value or label == "id"}


def _lowered_titles(entry: Entry) -> CslItem:
    lowered = Entry(
        entry.key,
        entry.type,
        {
            name: sentence_case(value)
            for name, value in entry.all_fields.items()
            if name in {"title", "subtitle", "booktitle", "booksubtitle", "maintitle", "series"}
        },
    )
    titles = {"title": lowered.title, "collection-title": latex_to_text(lowered.raw("series"))}
    if not entry.raw("journal", "journaltitle"):
        titles["container-title"] = lowered.container
    return titles


def to_csl_items(entries: Iterable[Entry], *, lower_titles: bool = False) -> list[CslItem]:
    """The entries as CSL-JSON items with distinct ids."""
    listed = [entry for entry in entries if entry.type not in {"xdata", "set"}]
    items = [entry_to_csl(entry, lower_titles=lower_titles) for entry in listed]
    keys = unique_keys(entry.key for entry in listed)
    return [{**item, "id": key} for item, key in zip(items, keys, strict=True)]


def to_csl_json(entries: Iterable[Entry], *, lower_titles: bool = False) -> str:
    """The entries as the text of a CSL-JSON file."""
    return json.dumps(to_csl_items(entries, lower_titles=lower_titles), ensure_ascii=False, indent=2) + "\n"
