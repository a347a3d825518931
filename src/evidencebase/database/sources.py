"""The bibliography."""

from __future__ import annotations

from collections.abc import Iterator

from evidencebase.bibliography.formats import entry_to_csl, to_biblatex, to_bibtex
from evidencebase.database.cells import Row, Selection, as_json
from evidencebase.database.columns import Column, Table


def sources_rows(selection: Selection) -> Iterator[Row]:
    """A row for every bibliographic entry."""
    bibliography = selection.base.bibliography
    seen: set[str] = set()
    for entry in sorted(bibliography.entries, key=lambda each: each.key) if bibliography else ():
        if entry.key in seen:
            continue
        seen.add(entry.key)
        csl = entry_to_csl(entry)
        yield {
            "key": entry.key,
            "type": entry.type,
            "title": entry.title,
            "authors": "; ".join(_name(name) for name in csl.get("author", [])) or None,
            "year": entry.year,
            "publisher": csl.get("publisher"),
            "doi": entry.doi,
            "url": entry.url,
            "bibtex": to_bibtex([entry]).strip(),
            "biblatex": to_biblatex([entry]).strip(),
            "csl_json": as_json(csl),
        }


def _name(name: dict[str, str]) -> str:
    given = f", {name['given']}" if name.get("given") else ""
    return name.get("literal") or f"{name.get('non-dropping-particle', '')} {name.get('family', '')}{given}".strip()


SOURCES = Table(
    "sources",
    "The bibliography of documents and studies.",
    rows=sources_rows,
    label="title",
    size=50,
    facets=("type", "year"),
    indexed=("type", "year"),
    searched=("title", "authors", "year", "publisher"),
    cites=("key",),
    columns=(
        Column("key", "TEXT PRIMARY KEY", "Key"),
        Column("type", "TEXT NOT NULL", "Type of the BibTeX entry"),
        Column("title", "TEXT", "Title"),
        Column("authors", "TEXT", "Authors"),
        Column("year", "TEXT", "Year of publication"),
        Column("publisher", "TEXT", "Publisher or institution"),
        Column("doi", "TEXT", "DOI"),
        Column("url", "TEXT", "Address"),
        Column("bibtex", "TEXT", "The entry as BibTeX"),
        Column("biblatex", "TEXT", "The entry as BibLaTeX, which loses nothing of it"),
        Column("csl_json", "TEXT", "The entry as CSL-JSON"),
    ),
)
