"""LaTeX in a field as plain text: accents become letters, mathematics stays as written.

pylatexenc (which bibtexparser brings along) knows the macros; what stands here keeps it quick and safe:
text without LaTeX never reaches it, every result is remembered, and text that would exhaust it is only
stripped of its braces.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_LATEX = re.compile(r"[\\{}$~%]|--|``|''")
_SIMPLE = re.compile(r"[\\$%]")
_BARE = re.compile(r"(?<!\\)((?:\\\\)*)([%&#])")
_DOLLAR = re.compile(r"(?<!\\)((?:\\\\)*)\$")
_WHITE = re.compile(r"[ \t\r\n\f\v]+")
_TIE = re.compile(r"(?<!\\)~")
_URL = re.compile(r"^\s*\\url\s*\{(.*)\}\s*$", re.DOTALL)
_MATHS = re.compile(r"(?<!\\)\$[^$]*(?<!\\)\$")
_MAX_DEPTH = 40
_MAX_LENGTH = 20_000


_DROPPED = ("noopsort",)
_QUOTED = ("enquote", "mkbibquote")


@lru_cache(maxsize=2)
def _decoder(math_mode: str) -> Callable[[str], str]:
    """A function from LaTeX to text. `math_mode` is pylatexenc's: "verbatim" or "text"."""
    from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db
    from pylatexenc.latexwalker import LatexWalker
    from pylatexenc.latexwalker import get_default_latex_context_db as get_walker_context
    from pylatexenc.macrospec import std_macro

    grammar = get_walker_context()
    grammar.add_context_category(
        "bibliography", prepend=True, macros=[std_macro(name, "{") for name in (*_DROPPED, *_QUOTED)]
    )
    context = get_default_latex_context_db()
    context.add_context_category(
        "bibliography",
        prepend=True,
        macros=[
            MacroTextSpec("url", "%s", discard=False),
            MacroTextSpec("href", "%(2)s"),
            *(MacroTextSpec(name, "“%s”", discard=False) for name in _QUOTED),
            *(MacroTextSpec(name, "", discard=True) for name in _DROPPED),
            MacroTextSpec("textquotesingle", "'"),
            MacroTextSpec("textquotedbl", '"'),
            *(MacroTextSpec(name, "~") for name in ("texttildelow", "textasciitilde")),
            MacroTextSpec("textasciicircum", "^"),
            MacroTextSpec("textbraceleft", "{"),
            MacroTextSpec("textbraceright", "}"),
            MacroTextSpec("-", ""),
        ],
    )
    to_text = LatexNodes2Text(latex_context=context, math_mode=math_mode, keep_comments=True)

    def decode(latex: str) -> str:
        walker = LatexWalker(latex, latex_context=grammar, tolerant_parsing=True)
        return str(to_text.nodelist_to_text(walker.get_latex_nodes()[0]))

    return decode


def _depth(text: str) -> int:
    deepest = depth = 0
    for char in text:
        if char == "{":
            depth += 1
            deepest = max(deepest, depth)
        elif char == "}":
            depth -= 1
    return deepest


def _without_braces(text: str) -> str:
    """Braces away, except in mathematics."""
    parts = _MATHS.split(text)
    maths = [*_MATHS.findall(text), ""]
    return "".join(part.replace("{", "").replace("}", "") + kept for part, kept in zip(parts, maths, strict=True))


def _dashes_and_quotes(text: str) -> str:
    text = text.replace("---", "—").replace("--", "–")
    return text.replace("``", "“").replace("''", "”")


@lru_cache(maxsize=20_000)
def latex_to_text(latex: str) -> str:
    r"""The text a reader sees: `G{\"o}del` → `Gödel`, `{NHS} \& care` → `NHS & care`. Maths is left alone.

    White space is one space each, the result is in Unicode's composed form (NFC). Never raises.
    """
    if not _LATEX.search(latex):
        text = latex
    elif not _SIMPLE.search(latex):
        text = _dashes_and_quotes(_TIE.sub("\u00a0", _without_braces(latex)))
    else:
        text = _decoded(latex)
    return unicodedata.normalize("NFC", _WHITE.sub(" ", text).strip(" "))


def _decoded(latex: str) -> str:
    if len(latex) > _MAX_LENGTH or _depth(latex) > _MAX_DEPTH:
        return _without_braces(latex)
    if len(_DOLLAR.findall(latex)) % 2:
        latex = _DOLLAR.sub(r"\1\\$", latex)
    source = _BARE.sub(r"\1\\\2", latex)
    try:
        return _decoder("verbatim")(source)
    except Exception:  # noqa: BLE001  (pylatexenc raises many kinds on odd input; the words must stay)
        return _without_braces(latex)


def maths_to_text(text: str) -> str:
    r"""Mathematics as plain characters where legible: `CO$_2$` → `CO_2`, `$p < 0.05$` → `p < 0.05`."""
    return _MATHS.sub(lambda match: _one_formula(match.group()), text)


@lru_cache(maxsize=5_000)
def _one_formula(formula: str) -> str:
    if _depth(formula) > _MAX_DEPTH:
        return formula
    try:
        plain = _decoder("text")(_BARE.sub(r"\1\\\2", formula))
    except Exception:  # noqa: BLE001  (as in _decoded)
        return formula
    return formula if "\\" in plain or not plain.strip() else plain.strip()


def verbatim(value: str) -> str:
    r"""A DOI, URL or file name: only `\url{}`, escapes such as `\_`, and outer braces are taken away."""
    url = _URL.match(value)
    text = url.group(1) if url else value.strip()
    while text.startswith("{") and text.endswith("}"):
        text = text[1:-1].strip()
    text = re.sub(r"\{?\\([_%&#${}~])\}?", r"\1", text)
    return text.replace("{\\textasciitilde}", "~").replace("\\textasciitilde", "~")
