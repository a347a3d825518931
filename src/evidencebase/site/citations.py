"""Citing a record: what an author pastes, in every format, from the bibliography in the database."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from markupsafe import escape

from evidencebase.bibliography import parse_bibtex
from evidencebase.bibliography.formats import WRITERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from evidencebase.bibliography import Entry

FILES: Final = {
    "bib": ("bibtex", "application/x-bibtex"),
    "ris": ("ris", "application/x-research-info-systems"),
    "csl.json": ("csl-json", "application/vnd.citationstyles.csl+json"),
}
"""Formats by the ending of an address: the writer and the media type."""
_LABELS: Final = {"bibtex": "BibTeX", "biblatex": "BibLaTeX", "ris": "RIS", "csl-json": "CSL-JSON"}


@lru_cache(maxsize=4_096)
def _entries(bibtex: str) -> tuple[Entry, ...]:
    return tuple(parse_bibtex(bibtex)[0].entries)


def bibliography(sources: Iterable[dict[str, Any]], form: str) -> str:
    """Rows of `sources` written in a format of WRITERS."""
    return WRITERS[form](entry for row in sources for entry in _entries(row["bibtex"] or ""))


def reference(source: dict[str, Any]) -> str:
    """One source as a line of text: who (year). Title. Publisher. Address."""
    who = source["authors"] or source["publisher"] or ""
    year = source["year"] or "no date"
    publisher = source["publisher"] if source["publisher"] != who else None
    address = f"https://doi.org/{source['doi']}" if source["doi"] else source["url"]
    parts = [f"{who} ({year})".strip(), source["title"], publisher, address]
    return ". ".join(str(part).rstrip(".") for part in parts if part) + "."


def _said(record: dict[str, Any]) -> str:
    """The statement; of a graded record with its precision and source strength, as `evidence cite` says them."""
    if "strength" not in record:
        return str(record["statement"])
    graded = f"graded {record['strength']} by this base" if record["strength"] else "not graded"
    parts = (record["statement"], record.get("precision"), f"source strength: {graded}")
    return "; ".join(part for part in parts if part)


def citation(record: dict[str, Any], sources: Sequence[dict[str, Any]], locator: str | None) -> list[tuple[str, str]]:
    """A finding or claim to paste, in each format: text and markup say the statement, the rest name the sources."""
    said = _said(record)
    where = ", as cited in ".join(reference(source).rstrip(".") for source in sources)
    place = f", {locator}" if locator else ""
    tail = f"{where}{place}." if where else ""
    text = f"{said}. {tail}".strip()
    forms = [
        ("Text", text),
        ("Markdown", f"{_markdown(said)}. {_markdown(tail)} `{record['id']}`"),
        ("HTML", f'<cite id="{escape(record["id"])}">{escape(text)}</cite>'),
    ]
    return forms + [(_LABELS[form], bibliography(sources, form).strip()) for form in WRITERS if sources]


def _markdown(text: str) -> str:
    return "".join(f"\\{char}" if char in "\\`*_[]<>#|" else char for char in text)
