"""Rendered references as text with private marks for font changes, and the formats made of it.

What lies between the marks is text of records and styles, and each format escapes all of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from evidencebase.citing import escaping

OPEN: Final = {
    "italic": "\ue000",
    "bold": "\ue001",
    "sup": "\ue002",
    "sub": "\ue003",
    "small-caps": "\ue004",
}
CLOSE: Final = "\ue00f"
_KINDS = {mark: kind for kind, mark in OPEN.items()}
_MARKS = "\ue000-\ue00f"
_PIECE = re.compile(f"([{_MARKS}])")
_EMPTY = re.compile(f"[\ue000-\ue004]{CLOSE}")
_HTML = {
    "italic": ("<i>", "</i>"),
    "bold": ("<b>", "</b>"),
    "sup": ("<sup>", "</sup>"),
    "sub": ("<sub>", "</sub>"),
    "small-caps": ('<span style="font-variant:small-caps">', "</span>"),
}
_MARKDOWN = {"italic": ("*", "*"), "bold": ("**", "**"), "sup": ("^", "^"), "sub": ("~", "~")}
_LATEX = {
    "italic": (r"\emph{", "}"),
    "bold": (r"\textbf{", "}"),
    "sup": (r"\textsuperscript{", "}"),
    "sub": (r"\textsubscript{", "}"),
    "small-caps": (r"\textsc{", "}"),
}
_ADDRESS = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:)\]]")


def without_marks(text: str) -> str:
    """Text without the private marks and control characters that would be taken for the processor's own."""
    return re.sub(f"[{_MARKS}]", "", escaping.without_control(text))


def _markdown(text: str) -> str:
    """Escaped, but for addresses, which go between angle brackets."""
    parts, last = [], 0
    for match in _ADDRESS.finditer(text):
        address = match.group()
        shown = f"<{address}>" if re.fullmatch(r"[\w:/.?=%&~+#@,;!'()*-]+", address) else escaping.markdown(address)
        parts += [escaping.markdown(text[last : match.start()]), shown]
        last = match.end()
    return "".join([*parts, escaping.markdown(text[last:])])


def _html(text: str) -> str:
    """Escaped, with http and https addresses as links."""
    parts, last = [], 0
    for match in _ADDRESS.finditer(text):
        address = escaping.markup(match.group())
        parts += [escaping.markup(text[last : match.start()]), f'<a href="{address}">{address}</a>']
        last = match.end()
    return "".join([*parts, escaping.markup(text[last:])])


@dataclass(frozen=True, slots=True)
class Marked:
    """A rendered reference or citation. `source` holds the private marks; `str()` gives plain text."""

    source: str

    def __str__(self) -> str:
        """Plain text."""
        return without_marks(self.source)

    def __add__(self, other: Marked | str) -> Marked:
        """One after the other; a plain text is taken as text, never as marks."""
        return Marked(self.source + (other.source if isinstance(other, Marked) else without_marks(other)))

    def runs(self) -> list[tuple[str, frozenset[str]]]:
        """The pieces of text with the font changes each stands under."""
        made, stack = [], []
        for piece in _PIECE.split(self.source):
            if piece in _KINDS:
                stack.append(_KINDS[piece])
            elif piece == CLOSE:
                del stack[-1:]
            elif piece:
                made.append((piece, frozenset(stack)))
        return made

    def html(self) -> str:
        """HTML, escaped, with links."""
        return self._written(_HTML, _html)

    def markdown(self) -> str:
        """Markdown, escaped."""
        return self._written(_MARKDOWN, _markdown)

    def latex(self) -> str:
        """LaTeX, escaped."""
        return self._written(_LATEX, escaping.latex)

    def written(self, form: str) -> str:
        """In one of MARKUPS by its name, else as plain text."""
        return MARKUPS[form](self) if form in MARKUPS else str(self)

    def _written(self, tags: dict[str, tuple[str, str]], escape: object) -> str:
        made: list[str] = []
        stack: list[str] = []
        for piece in _PIECE.split(_EMPTY.sub("", self.source)):
            if piece in _KINDS:
                stack.append(_KINDS[piece])
                made.append(tags.get(stack[-1], ("", ""))[0])
            elif piece == CLOSE:
                made.append(tags.get(stack.pop(), ("", ""))[1] if stack else "")
            elif piece:
                made.append(escape(piece))  # type: ignore[operator]
        made += [tags.get(kind, ("", ""))[1] for kind in reversed(stack)]
        return "".join(made)


MARKUPS: Final[dict[str, Callable[[Marked], str]]] = {
    "markdown": Marked.markdown,
    "html": Marked.html,
    "latex": Marked.latex,
}
"""The formats of sentences and references, by the name a command takes."""


def plain(text: str) -> Marked:
    """A text without any font change."""
    return Marked(without_marks(text))


# -- punctuation

_SEAM = f"([{_MARKS}”’»]*)"
_RULES: Final = (
    (re.compile(f"([?!…]){_SEAM}\\."), r"\1\2"),
    (re.compile(f"(?<!\\.)\\.{_SEAM}\\.(?!\\.)"), r".\1"),
    (re.compile(f"([,;:]){_SEAM}\\1"), r"\1\2"),
    (re.compile(f"[,;:]{_SEAM}\\."), r"\1."),
    (re.compile(f" ([{_MARKS}]*)([,;.](?=[\\s{_MARKS}]|$))"), r"\1\2"),
    (re.compile(f"  +| (?=[{_MARKS}]* )"), " "),
)
_STOP_AFTER_QUOTE = re.compile(f"(.)([”’])\ue00e([{_MARKS}]*)([.,])")
_OPENS_BEFORE = re.compile(f"(^|[\\s(\\[“‘/—–-])[{_MARKS}]*$")


def tidy(text: str) -> str:
    """Punctuation as typesetters have it: no mark twice where parts meet, no space before one, curly quotes."""
    before = ""
    while before != text:
        before = text
        for pattern, repair in _RULES:
            text = pattern.sub(repair, text)
    return text.strip()


@dataclass(frozen=True, slots=True)
class Quotes:
    """The quotation marks of a locale; `holds_stops` says that full stops and commas go inside (en-US)."""

    outer: tuple[str, str] = ("‘", "’")
    inner: tuple[str, str] = ("“", "”")
    holds_stops: bool = False

    def at(self, depth: int) -> tuple[str, str]:
        """The pair at a depth of nesting, the outermost being 0."""
        return (self.outer, self.inner)[depth % 2]


def curl(text: str, quotes: Quotes) -> str:
    """Quotation marks made curly and alternating by depth; apostrophes curly."""
    made: list[str] = []
    open_marks: list[str] = []
    for index, char in enumerate(text):
        if char not in "\"'“”‘’":
            made.append(char)
            continue
        double = char in '"“”'
        kind = "double" if double else "single"
        after = text[index + 1 : index + 2]
        if _opens(text, index) and (double or _closed_later(text, index)):
            made.append(quotes.at(len(open_marks))[0])
            open_marks.append(kind)
        elif open_marks and open_marks[-1] == kind and (double or not after.isalnum()):
            open_marks.pop()
            made.append(quotes.at(len(open_marks))[1] + ("\ue00e" if quotes.holds_stops else ""))
        else:
            made.append(char if double else "’")
    return _STOP_AFTER_QUOTE.sub(_moved_in, "".join(made)).replace("\ue00e", "")


def _moved_in(match: re.Match[str]) -> str:
    before, quote, marks, stop = match.groups()
    return f"{before}{'' if before in '.,?!' and stop == '.' else stop}{quote}{marks}"


def _opens(text: str, index: int) -> bool:
    if text[index] in "“‘":
        return True
    after = text[index + 1 : index + 2]
    return text[index] in "\"'" and bool(_OPENS_BEFORE.search(text[:index])) and after.strip() != ""


def _closed_later(text: str, index: int) -> bool:
    """Whether a single quote after `index` ends a word, so that the one at `index` opens a quotation."""
    return bool(re.search(r"\w[^\w\s]?['’](?!\w)", text[index + 1 :]))
