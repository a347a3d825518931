"""Citing a record: what an author pastes, in every format, from the bibliography in the database."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from evidencebase.bibliography import parse_bibtex
from evidencebase.bibliography.formats import FORMATS, Format
from evidencebase.citing.sentences import Cited, Said, written
from evidencebase.rendering.text import listed
from evidencebase.site.queries import one, sources

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from evidencebase.bibliography import Entry

_FORMS: Final = (
    ("APA", "apa", "text"),
    ("Harvard", "harvard", "text"),
    ("Vancouver", "vancouver", "text"),
    ("Markdown", "apa", "markdown"),
    ("HTML", "apa", "html"),
    ("LaTeX", "apa", "latex"),
)
"""What a page offers for pasting: its name, the style and the format of `evidence cite`."""


@lru_cache(maxsize=4_096)
def _entries(bibtex: str) -> tuple[Entry, ...]:
    return tuple(parse_bibtex(bibtex)[0].entries)


def bibliography(found: Iterable[dict[str, Any]], form: Format) -> str:
    """Rows of `sources` written in a format; BibLaTeX from what was kept as such, since BibTeX has other types."""
    kept = "biblatex" if form.name == "biblatex" else "bibtex"
    return form.write(entry for row in found for entry in _entries(row[kept] or ""))


def citations(connection: sqlite3.Connection, kind: str, key: str) -> list[tuple[str, str]]:
    """What is pasted to cite a record or document, by the name of its form: as `evidence cite` prints it."""
    record = one(connection, "SELECT * FROM citations WHERE record_type = ? AND record_id = ?", kind, key)
    if record is None and kind != "document":
        return []
    found = Cited((key,))
    if record is not None:
        found = Cited(tuple(listed(record["sources"])), tuple(listed(record["cited_in"])), record["locator"])
    cited = sources(connection, found.keys)
    said = (Said(record["sentence"], found, record["warning"] or ""),) if record else ()
    texts = tuple(row["bibtex"] or "" for row in cited)
    forms = [(label, _written(said, texts, style, shape)) for label, style, shape in _FORMS]
    forms += [(form.label, bibliography(cited, form).strip()) for form in FORMATS.values()]
    return forms if cited else forms[: len(_FORMS)] if said else []


@lru_cache(maxsize=1_024)
def _written(said: tuple[Said, ...], bibtex: tuple[str, ...], style: str, shape: str) -> str:
    return written(said, [entry for each in bibtex for entry in _entries(each)], style, shape)
