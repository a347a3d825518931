"""The formats a bibliography is written in and read from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from evidencebase.bibliography import Entry, parse_bibtex, read_text
from evidencebase.bibliography.bibtex import to_biblatex, to_bibtex
from evidencebase.bibliography.csl import entry_to_csl, to_csl_items, to_csl_json
from evidencebase.bibliography.csl_reading import csl_to_entry, parse_csl_json
from evidencebase.bibliography.ris import parse_ris, to_ris

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from evidencebase.problems import Problem


@dataclass(frozen=True, slots=True)
class Format:
    """A format that bibliographies are written in: the name a command takes, what people call it, and its writer.

    The site offers files of it where it has an `ending`, with that media type.
    """

    name: str
    label: str
    write: Callable[[Iterable[Entry]], str]
    ending: str = ""
    media_type: str = ""


FORMATS: Final[dict[str, Format]] = {
    each.name: each
    for each in (
        Format("bibtex", "BibTeX", to_bibtex, "bib", "application/x-bibtex"),
        Format("biblatex", "BibLaTeX", to_biblatex),
        Format("ris", "RIS", to_ris, "ris", "application/x-research-info-systems"),
        Format("csl-json", "CSL-JSON", to_csl_json, "csl.json", "application/vnd.citationstyles.csl+json"),
    )
}
"""Every format by its name."""
ENDINGS: Final[dict[str, Format]] = {each.ending: each for each in FORMATS.values() if each.ending}
"""Those the site offers as files, by the ending of an address."""


def parse_references(text: str, shown: str = "bibliography") -> tuple[list[Entry], list[Problem]]:
    """The entries of a text whose format is told by how it begins: CSL-JSON, RIS, else BibTeX."""
    start = text.lstrip("\ufeff \t\r\n")
    if start.startswith(("[", "{")):
        return parse_csl_json(text, shown)
    if start.startswith("TY  -") or "\nTY  -" in text or "\rTY  -" in text:
        return parse_ris(text, shown)
    bibliography, problems = parse_bibtex(text, shown)
    return list(bibliography.entries), problems


def read_references(path: Path, shown: str | None = None) -> tuple[list[Entry], list[Problem]]:
    """The entries of a BibTeX, BibLaTeX, RIS or CSL-JSON file.

    Raises EvidenceError if it cannot be opened or is too large.
    """
    name = shown or str(path)
    text, problems = read_text(path, name)
    entries, more = parse_references(text, name)
    return entries, [*problems, *more]


__all__ = [
    "ENDINGS",
    "FORMATS",
    "Format",
    "csl_to_entry",
    "entry_to_csl",
    "parse_csl_json",
    "parse_references",
    "parse_ris",
    "read_references",
    "to_biblatex",
    "to_bibtex",
    "to_csl_items",
    "to_csl_json",
    "to_ris",
]
