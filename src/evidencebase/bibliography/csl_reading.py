"""CSL-JSON as entries: what Zotero, Mendeley and pandoc export."""

from __future__ import annotations

import json
import re
from typing import Any

from evidencebase.bibliography.encoding import names_to_latex, text_to_latex, title_to_latex
from evidencebase.bibliography.keys import proposed_key
from evidencebase.bibliography.latex import verbatim
from evidencebase.bibliography.model import Entry
from evidencebase.bibliography.names import Name
from evidencebase.problems import Place, Problem, Severity

_TYPES = {
    **dict.fromkeys(("article-journal", "article-magazine", "article-newspaper", "review", "review-book"), "article"),
    **dict.fromkeys(("webpage", "post", "post-weblog"), "online"),
    **dict.fromkeys(("song", "broadcast"), "audio"),
    **dict.fromkeys(("entry", "entry-dictionary", "entry-encyclopedia"), "inreference"),
    **dict.fromkeys(("graphic", "figure", "map"), "artwork"),
    **dict.fromkeys(("article", "manuscript"), "unpublished"),
    **dict.fromkeys(("legislation", "bill", "regulation", "treaty"), "legislation"),
    "book": "book",
    "chapter": "incollection",
    "classic": "book",
    "collection": "collection",
    "dataset": "dataset",
    "legal_case": "jurisdiction",
    "motion_picture": "video",
    "pamphlet": "booklet",
    "paper-conference": "inproceedings",
    "patent": "patent",
    "performance": "performance",
    "periodical": "periodical",
    "personal_communication": "letter",
    "report": "report",
    "software": "software",
    "standard": "standard",
    "thesis": "thesis",
}
_SUBTYPES = {"article-magazine": "magazine", "article-newspaper": "newspaper"}
_FIELDS = {
    "abstract": "abstract",
    "annote": "annotation",
    "chapter-number": "chapter",
    "collection-number": "number",
    "collection-title": "series",
    "container-title-short": "shortjournal",
    "edition": "edition",
    "event-title": "eventtitle",
    "event-place": "venue",
    "genre": "type",
    "issue": "number",
    "keyword": "keywords",
    "language": "langid",
    "medium": "howpublished",
    "note": "note",
    "number": "number",
    "number-of-pages": "pagetotal",
    "number-of-volumes": "volumes",
    "original-title": "origtitle",
    "page": "pages",
    "part": "part",
    "PMID": "pmid",
    "publisher-place": "location",
    "status": "pubstate",
    "version": "version",
    "volume": "volume",
}
_TITLES = {"title": "title", "title-short": "shorttitle"}
_VERBATIM = {"DOI": "doi", "URL": "url", "ISBN": "isbn", "ISSN": "issn"}
_PEOPLE = {
    "author": "author",
    "editor": "editor",
    "translator": "translator",
    "container-author": "bookauthor",
    "original-author": "origauthor",
}
_DATES = {"issued": "date", "accessed": "urldate", "event-date": "eventdate", "original-date": "origdate"}
_IN_JOURNAL = frozenset({"article", "periodical"})
_WITH_INSTITUTION = frozenset({"report", "thesis"})
_MAX_DEPTH = 60


def _problem(shown: str, line: int | None, message: str, hint: str, key: str | None = None) -> Problem:
    return Problem(Severity.ERROR, "citation-csl-json", Place(shown, line), message, hint, key)


def _plain(value: object) -> str:
    """A value as text: CSL-JSON lets numbers stand for text. Mark-up such as <i> is taken away."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return re.sub(r"</?(?:i|b|sub|sup|span)(?:\s[^<>]*)?>", "", str(value))


def _name(value: object) -> Name | None:
    if not isinstance(value, dict):
        return None
    if _plain(value.get("literal")) == "others":
        return Name(others=True)
    dropping, kept = _plain(value.get("dropping-particle")), _plain(value.get("non-dropping-particle"))
    name = Name(
        family=_plain(value.get("family")),
        given=_plain(value.get("given")),
        particle=f"{dropping} {kept}".strip(),
        suffix=_plain(value.get("suffix")),
        literal=_plain(value.get("literal")),
    )
    if name.literal or name.family:
        return name
    return Name(literal=name.given) if name.given else None


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _drops(person: object) -> bool:
    return isinstance(person, dict) and bool(_plain(person.get("dropping-particle")))


def _date_text(value: object) -> str:
    """The EDTF text of a CSL date."""
    if not isinstance(value, dict):
        return ""
    parts = value.get("date-parts")
    if isinstance(parts, list) and parts:
        return "/".join(filter(None, (_one_date(part) for part in parts[:2])))
    return text_to_latex(_plain(value.get("raw")) or _plain(value.get("literal")))


def _one_date(part: object) -> str:
    if not isinstance(part, list):
        return ""
    numbers = [_plain(number).strip() for number in part[:3]]
    if not numbers or not all(re.fullmatch(r"-?\d{1,4}", number) for number in numbers):
        return ""
    return "-".join(number.zfill(4 if index == 0 else 2) for index, number in enumerate(numbers))


def csl_to_entry(item: dict[str, Any], line: int = 1) -> Entry:
    """One CSL-JSON item as a biblatex entry. Unknown variables and misshapen values are left out."""
    csl_type = _plain(item.get("type"))
    kind = _TYPES.get(csl_type, "misc")
    fields: dict[str, str] = {}
    for label, field in _PEOPLE.items():
        names = [_name(person) for person in _listed(item.get(label))]
        fields[field] = names_to_latex([name for name in names if name])
    fields |= {field: title_to_latex(_plain(item.get(label))) for label, field in _TITLES.items()}
    container = _plain(item.get("container-title"))
    if kind in _IN_JOURNAL:
        fields["journaltitle"] = text_to_latex(container)
    else:
        fields["booktitle"] = title_to_latex(container)
    fields |= {field: _date_text(item.get(label)) for label, field in _DATES.items()}
    for label, field in _FIELDS.items():
        value = text_to_latex(_plain(item.get(label)))
        fields[field] = fields.get(field) or value
    fields["pages"] = re.sub(r"(?<=\w)\s*-\s*(?=\w)", "--", fields["pages"])
    publisher = "institution" if kind in _WITH_INSTITUTION else "publisher"
    fields[publisher] = text_to_latex(_plain(item.get("publisher")))
    fields |= {field: verbatim(_plain(item.get(label))) for label, field in _VERBATIM.items()}
    if any(_drops(person) for label in _PEOPLE for person in _listed(item.get(label))):
        fields["options"] = "useprefix=false"
    fields["entrysubtype"] = _SUBTYPES.get(csl_type, "")
    kept = {name: value for name, value in fields.items() if value}
    key = _plain(item.get("citation-key")) or _plain(item.get("id"))
    entry = Entry(key, kind, kept, line=line)
    return entry if key and "://" not in key else Entry(proposed_key(entry), kind, kept, line=line)


def parse_csl_json(text: str, shown: str = "CSL-JSON") -> tuple[list[Entry], list[Problem]]:
    """The entries of a CSL-JSON text, a list of items or `{"items": [...]}`. Never raises for bad text."""
    hint = "export it again as CSL-JSON: a list of items in [ ]"
    try:
        data = json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        return [], [_problem(shown, error.lineno, f"this is no JSON: {error.msg}", hint)]
    except (RecursionError, ValueError):
        return [], [_problem(shown, 1, "this JSON is nested too deeply or holds a number too long", hint)]
    if isinstance(data, dict):
        data = data.get("items", [data])
    if not isinstance(data, list):
        return [], [_problem(shown, 1, "the file holds no list of items", hint)]
    entries, problems = [], []
    for number, item in enumerate(data, start=1):
        if not isinstance(item, dict):
            problems.append(_problem(shown, None, f"item {number} is no object", hint))
            continue
        entry = csl_to_entry(item)
        entries.append(entry)
        if _plain(item.get("type")) not in _TYPES:
            message = f"item {number} has the type “{_plain(item.get('type'))}”; it is read as @misc"
            problem = _problem(shown, None, message, "give it a CSL type, such as report", entry.key)
            problems.append(Problem(Severity.WARNING, "citation-unknown-type", *_rest(problem)))
    return entries, problems


def _rest(problem: Problem) -> tuple[Place, str, str, str | None]:
    return problem.place, problem.message, problem.hint, problem.record
