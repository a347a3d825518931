"""A bibliography and its entries, as read from BibTeX, RIS or CSL-JSON.

Fields keep their LaTeX; what people read (`title`, `authors`, `year`) is decoded when asked for, once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from evidencebase.bibliography.dates import Date, parse_date
from evidencebase.bibliography.identifiers import bare_doi
from evidencebase.bibliography.latex import latex_to_text, verbatim
from evidencebase.bibliography.names import Name, parse_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True)
class Entry:
    """One entry. `type` and the field names are in lower case; values are LaTeX with strings filled in.

    `inherited` holds what comes by `crossref` or `xdata`. `line` and `column` count from 1 and say where
    the entry starts; `start` and `end` are offsets in the decoded text. Places do not count in comparisons.
    """

    key: str
    type: str
    fields: Mapping[str, str]
    inherited: Mapping[str, str] = field(default_factory=dict, compare=False)
    line: int = field(default=1, compare=False)
    column: int = field(default=1, compare=False)
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)

    def raw(self, *names: str) -> str:
        """The first of the named fields that is not blank, as LaTeX; empty if there is none."""
        for name in names:
            value = self.fields.get(name) or self.inherited.get(name, "")
            if value.strip():
                return value
        return ""

    def text(self, *names: str) -> str:
        """The first of the named fields that is not blank, as plain text."""
        return latex_to_text(self.raw(*names))

    @property
    def all_fields(self) -> dict[str, str]:
        """Own fields, then inherited ones."""
        return {**self.inherited, **self.fields}

    @cached_property
    def authors(self) -> tuple[Name, ...]:
        """Who wrote it; a last name with `others` set stands for “and others”."""
        return parse_names(self.raw("author"))

    @cached_property
    def editors(self) -> tuple[Name, ...]:
        """Who edited it."""
        return parse_names(self.raw("editor"))

    @cached_property
    def title(self) -> str:
        """Title and subtitle as plain text."""
        return with_subtitle(self.text("title"), self.text("subtitle"))

    @cached_property
    def container(self) -> str:
        """What it appeared in: the journal, or the book of a chapter."""
        name, sub = self.text("journal", "journaltitle"), self.text("journalsubtitle")
        book = self.text("booktitle", "maintitle")
        return with_subtitle(name, sub) if name else with_subtitle(book, self.text("booksubtitle"))

    @cached_property
    def publisher(self) -> str:
        """Publisher, institution, school or organisation."""
        return self.text("publisher", "institution", "school", "organization")

    @cached_property
    def date(self) -> Date | None:
        """When it was published; None if the entry does not say."""
        fields = (self.raw(name) for name in ("year", "month", "date", "day"))
        year, month, date, day = fields
        return parse_date(year, month, date, day)

    @property
    def year(self) -> int | None:
        """The year of publication, from `year` or biblatex's `date`."""
        return self.date.start[0] if self.date and self.date.start else None

    @cached_property
    def doi(self) -> str:
        """The DOI without `https://doi.org/`, empty if there is none."""
        return bare_doi(verbatim(self.raw("doi")))

    @cached_property
    def url(self) -> str:
        r"""The address, without `\url{}`."""
        address = verbatim(self.raw("url"))
        how = self.raw("howpublished")
        return address or (verbatim(how) if "://" in how and verbatim(how).startswith("http") else "")

    @cached_property
    def isbn(self) -> str:
        """The ISBN as written."""
        return verbatim(self.raw("isbn"))


def with_subtitle(title: str, subtitle: str) -> str:
    """`Title: subtitle`, unless the title ends in a mark of its own."""
    if not subtitle:
        return title
    return f"{title} {subtitle}" if title.endswith(("?", "!", ":", "—")) else f"{title}: {subtitle}"


@dataclass(frozen=True)
class Bibliography:
    """The entries of a file in order, also those whose key is a repetition; the first of a key wins."""

    entries: tuple[Entry, ...] = ()
    strings: Mapping[str, str] = field(default_factory=dict)
    preamble: tuple[str, ...] = ()
    path: str = ""

    @cached_property
    def _by_key(self) -> dict[str, Entry]:
        found: dict[str, Entry] = {}
        for entry in self.entries:
            found.setdefault(entry.key.lower(), entry)
        return found

    def get(self, key: str) -> Entry | None:
        """The entry of this key, whatever its letter case, as in BibTeX."""
        return self._by_key.get(key.lower())

    def __getitem__(self, key: str) -> Entry:
        """The entry of this key. Raises KeyError."""
        return self._by_key[key.lower()]

    def __contains__(self, key: object) -> bool:
        """Whether an entry has this key."""
        return isinstance(key, str) and key.lower() in self._by_key

    def __iter__(self) -> Iterator[Entry]:
        """The entries in order."""
        return iter(self.entries)

    def __len__(self) -> int:
        """How many entries the file holds."""
        return len(self.entries)
