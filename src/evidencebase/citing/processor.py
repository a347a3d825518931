# ruff: noqa: D101, D102  (the classes stand in for citeproc-py's of the same names)
"""The citation processor: citeproc-py, with its departures from CSL 1.0.2 mended by subclasses.

What is mended: variables used as a substitute are not printed again; a group without any of its variables is
silent though it holds labels; names in scripts without capitals are not cut to initials; `and others` ends
in “et al.”; labels in title case; date forms that leaked from one date to the next; second fields set apart.
Font changes come out as private marks, which `citing.marked` turns into the format asked for.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from typing import TYPE_CHECKING, Any

from citeproc import (
    LANGUAGE_NAMES,
    LOCALES_PATH,
    PRIMARY_DIALECTS,
    frontend,
    model,
)
from citeproc.source import Reference as _Reference
from citeproc.source import VariableError
from citeproc.source.json import CiteProcJSON
from citeproc.string import String, join
from lxml import etree  # type: ignore[import-untyped]

from evidencebase.citing import marked
from evidencebase.citing.names_in_styles import Name, Name_Part, Terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from evidencebase.bibliography.csl import CslItem

DEFAULT_LOCALE = "en-US"
_CSL = "http://purl.org/net/xbiblio/csl"
_NO_VARIABLES = frozenset({"language", "type", "key"})
_NUMERIC = re.compile(r"[A-Za-z]*\d+[A-Za-z]*(\s*([,&–-]|and)\s*[A-Za-z]*\d+[A-Za-z]*)*")


def _font(kind: str) -> Any:
    return lambda text: String(marked.OPEN[kind] + str(text) + marked.CLOSE)


class Formatter:
    """Marks font changes; `preformat` takes the marks out of what records bring."""

    preformat = staticmethod(lambda text: String(marked.without_marks(str(text))))
    Italic = Oblique = staticmethod(_font("italic"))
    Bold = staticmethod(_font("bold"))
    Underline = Light = staticmethod(str)
    Superscript = staticmethod(_font("sup"))
    Subscript = staticmethod(_font("sub"))
    SmallCaps = staticmethod(_font("small-caps"))


class Reference(_Reference):  # type: ignore[misc]
    """A reference that counts what is read of it, and hides what was used as a substitute."""

    def __init__(self, plain: _Reference) -> None:
        for name in ("hidden", "read"):
            object.__setattr__(self, name, set())
        object.__setattr__(self, "called", 0)
        super().__init__(**dict(plain))

    def note(self, names: Iterable[str]) -> None:
        """Count variables as called; those that hold something as read."""
        for name in names:
            if name == "year_suffix" and name not in self:
                continue
            object.__setattr__(self, "called", self.called + 1)
            if name in self:
                self.read.add(name)

    def __getitem__(self, name: str) -> Any:
        if name not in _NO_VARIABLES:
            self.note([name])
        return self.peek(name)

    def peek(self, name: str) -> Any:
        """A variable without counting it. Raises VariableError where it is empty."""
        if name in self.hidden:
            raise VariableError
        return super().__getitem__(name)

    def __getattr__(self, name: str) -> Any:
        return self[name]

    def __contains__(self, name: object) -> bool:
        return name not in self.hidden and super().__contains__(name)

    def get(self, name: str, default: Any = None) -> Any:
        return super().get(name, default) if name in self else default


class Source(CiteProcJSON):  # type: ignore[misc]
    """CSL-JSON items as references."""

    def __init__(self, items: Sequence[CslItem]) -> None:
        with warnings.catch_warnings():
            # citeproc-py warns of every variable newer than CSL 1.0; those are simply not printed.
            warnings.simplefilter("ignore", UserWarning)
            super().__init__([_cleaned(item) for item in items])
            for key, plain in list(self.items()):
                self[key] = Reference(plain)


def _cleaned(value: Any) -> Any:
    """Without empty variables, and without the private marks in any text."""
    if isinstance(value, dict):
        return {name: _cleaned(each) for name, each in value.items() if each not in (None, "", [], {})}
    if isinstance(value, list):
        return [_cleaned(each) for each in value]
    return marked.without_marks(value) if isinstance(value, str) else value


class Text(Terms, model.Text):  # type: ignore[misc]
    pass


class Label(Terms, model.Label):  # type: ignore[misc]
    def case(self, text: Any, language: str | None = None) -> Any:
        return super().case(text, language or "en")

    def process(self, item: Any, variable: Any = None, plural: Any = None, context: Any = None, **rest: Any) -> Any:
        named = variable or self.get("variable")
        if plural is None and named != "locator" and named.replace("-", "_") not in item.reference:
            return None
        return super().process(item, variable, plural, context, **rest)

    def _is_plural(self, item: Any) -> bool:
        variable = self.get("variable")
        if variable == "locator":
            return bool(super()._is_plural(item))
        value = str(item.reference.peek(variable.replace("-", "_")))
        if variable.startswith("number-of"):
            return value.isascii() and value.isdigit() and int(value) > 1
        return bool(self.RE_MULTIPLE_NUMBERS.search(value))


class Group(model.Group):  # type: ignore[misc]
    def process(self, item: Any, context: Any = None, **rest: Any) -> Any:
        called, before = item.reference.called, set(item.reference.read)
        item.reference.read.clear()
        text = self.render_children(item, delimiter=self.get("delimiter", ""), context=context, **rest)
        found = bool(item.reference.read)
        item.reference.read.update(before)
        if text and (found or item.reference.called == called):
            return text
        raise VariableError


class Substitute(model.Substitute):  # type: ignore[misc]
    def render(self, item: Any, context: Any = None, **rest: Any) -> Any:
        reference = item.reference
        for child in self.getchildren():
            before = set(reference.read)
            reference.read.clear()
            try:
                if isinstance(child, model.Names) and child.name is None:
                    text = child.render(item, names_context=self.getparent(), context=context, **rest)
                else:
                    text = child.render(item, context=context, **rest)
            except VariableError:
                text = None
            used = set(reference.read)
            reference.read.update(before)
            if text:
                reference.hidden.update(used)
                return text
        return None


class Names(Terms, model.Names):  # type: ignore[misc]
    def process(self, item: Any, names_context: Any = None, context: Any = None, **rest: Any) -> Any:
        item.reference.note(role.replace("-", "_") for role in self.get("variable").split())
        return super().process(item, names_context=names_context, context=context, **rest)


class Date_Part(model.Date_Part):  # type: ignore[misc]  # noqa: N801
    def render(self, *args: Any, **rest: Any) -> Any:
        before = dict(self.attrib)
        try:
            return super().render(*args, **rest)
        finally:
            self.attrib.clear()
            self.attrib.update(before)


class Number(Terms, model.Number):  # type: ignore[misc]
    def process(self, item: Any, context: Any = None, **rest: Any) -> Any:
        variable = self.get("variable")
        if variable in ("locator", "page-first"):
            return super().process(item, context, **rest)
        return self._process(item.reference[variable.replace("-", "_")], variable)


class If(model.If):  # type: ignore[misc]
    def _is_numeric(self, item: Any) -> list[bool]:
        names = [name.replace("-", "_") for name in self.get("is-numeric").split()]
        return [
            name in item.reference and bool(_NUMERIC.fullmatch(str(item.reference.peek(name)).strip()))
            for name in names
        ]

    def _is_uncertain_date(self, item: Any) -> list[bool]:
        dates = (item.reference.get(name.replace("-", "_")) for name in self.get("is-uncertain-date").split())
        return [bool(date and date.get("circa", False)) for date in dates]


class Else_If(If, model.Else_If):  # type: ignore[misc]  # noqa: N801
    pass


class Key(model.Key):  # type: ignore[misc]
    def sort_keys(self, items: Any, context: Any) -> list[Any]:
        keys = []
        for item in items:
            item.reference.hidden.clear()
            keys += [_sortable(key) for key in super().sort_keys([item], context)]
            item.reference.hidden.clear()
        return keys


def _sortable(key: Any) -> Any:
    """A sort key as people order words: by letters and digits, without accents, case or font marks."""
    if key is None or isinstance(key, int):
        return key
    decomposed = unicodedata.normalize("NFKD", marked.without_marks(str(key)).casefold())
    return re.sub(r"[^\w\s]", "", decomposed)


class Layout(model.Layout):  # type: ignore[misc]
    def fresh(self, item: Any) -> None:
        """Forget what the item before made of the references."""
        self.repressed: dict[str, Any] = {}
        item.reference.hidden.clear()

    def render_bibliography(self, citation_items: Any) -> list[str]:
        apart = self.getparent().get("second-field-align") is not None
        rendered = []
        for item in citation_items:
            self.fresh(item)
            text = self._apart(item) if apart else self.render_children(item)
            rendered.append(str(self.format(self.wrap(text)) if text else ""))
        return rendered

    def _apart(self, item: Any) -> Any:
        """The first field, a space, the rest: how a margin number looks in running text."""
        first, *rest = self.getchildren()
        texts = []
        for child in (first, *rest):
            try:
                texts.append(child.render(item))
            except VariableError:
                texts.append(None)
        head = str(texts[0] or "").rstrip()
        body = join([text for text in texts[1:] if text], "")
        return String(f"{head} {body}" if head and body else head or str(body))

    def inner(self, item: Any) -> str:
        """One citation without the brackets of the style."""
        self.fresh(item)
        return str(self.render_children(item) or "")


class StyleElement(model.Style):  # type: ignore[misc]
    def set_locale_list(self, output_locale: str, validate: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        """In-style locales first (exact, language, any), then the files: chosen, primary dialect, en-US."""
        language = output_locale.partition("-")[0]
        self.locales = []
        for wanted in (f'[@xml:lang="{output_locale}"]', f'[@xml:lang="{language}"]', "[not(@xml:lang)]"):
            self.locales += self.xpath_search(f"./cs:locale{wanted}")[:1]
        files = [output_locale if output_locale in LANGUAGE_NAMES else "", PRIMARY_DIALECTS.get(language, ""), "en-US"]
        self.locales += [_locale(name) for name in dict.fromkeys(files) if name]
        for locale in self.locales:
            locale.style = self


class Style(frontend.CitationStylesStyle):  # type: ignore[misc]
    """A style read safely: no entities, no network, this module's elements."""

    def __init__(self, data: bytes, locale: str = DEFAULT_LOCALE) -> None:
        self.parser = _parser()
        self.root = etree.fromstring(data, self.parser)
        self.xml = self.root.getroottree()
        if self.is_usable():
            self.root.set_locale_list(self.root.get("default-locale", locale), validate=False)

    def is_usable(self) -> bool:
        """Whether this is a style with citations and a bibliography of its own."""
        root = self.root
        return bool(
            root.tag == f"{{{_CSL}}}style"
            and all(part is not None and part.layout is not None for part in (root.bibliography, root.citation))
        )


def _parser() -> etree.XMLParser:
    parser = etree.XMLParser(
        remove_comments=True, remove_pis=True, no_network=True, resolve_entities=False, load_dtd=False
    )
    parser.set_element_class_lookup(_lookup())
    return parser


def _locale(name: str) -> Any:
    return etree.parse(f"{LOCALES_PATH}/locales-{name}.xml", _parser()).getroot()


def _lookup() -> etree.ElementNamespaceClassLookup:
    lookup = etree.ElementNamespaceClassLookup()
    namespace = lookup.get_namespace(_CSL)
    namespace[None] = model.CitationStylesElement
    own = (Text, Label, Group, Substitute, Names, Name, Name_Part, Date_Part, Number, If, Else_If, Key, Layout)
    for cls in (*model.CitationStylesElement.__subclasses__(), *own):
        namespace[cls.__name__.replace("_", "-").lower()] = cls
    namespace["style"] = StyleElement
    return lookup
