"""Bibliographies: BibTeX and BibLaTeX files as entries, and what is wrong with them."""

from evidencebase.bibliography.checks import (
    check_bibliography,
    check_entry,
    first_author,
    likely_duplicates,
    normal_title,
    same_work,
)
from evidencebase.bibliography.dates import Date
from evidencebase.bibliography.model import Bibliography, Entry
from evidencebase.bibliography.names import Name
from evidencebase.bibliography.parse import MAX_BYTES, parse_bibtex, read_bibtex, read_text

__all__ = [
    "MAX_BYTES",
    "Bibliography",
    "Date",
    "Entry",
    "Name",
    "check_bibliography",
    "check_entry",
    "first_author",
    "likely_duplicates",
    "normal_title",
    "parse_bibtex",
    "read_bibtex",
    "read_text",
    "same_work",
]
