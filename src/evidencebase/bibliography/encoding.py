"""Plain text as LaTeX: what RIS and CSL-JSON hold is written as BibTeX fields."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pylatexenc.latexencode import UnicodeToLatexEncoder

    from evidencebase.bibliography.names import Name

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",  # BibTeX counts the brace of \{ too
    "}": r"\textbraceright{}",
    "$": r"\$",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "\u00a0": "~",
    "\u2013": "--",
    "\u2014": "---",
}
_SPECIALS = re.compile("[" + re.escape("".join(_SPECIAL)) + "]")
_KEPT_OR_BARE = re.compile(
    r"\\(?:url|href|path)\s*\{[^{}]*\}|(?<!\\)\$[^$]*(?<!\\)\$|\\.|(?P<bare>[&%#_$^])", re.DOTALL
)
_WORD = re.compile(r"[^\s{}\-–—/]+")
_LONG_WORD = 4
_WHITE = re.compile(r"\s+")


def text_to_latex(text: str) -> str:
    r"""Plain text with what LaTeX reads as a command escaped. Letters beyond ASCII are kept.

    >>> text_to_latex("Health & care: 5%")
    'Health \\& care: 5\\%'
    """
    plain = _WHITE.sub(" ", text.replace("\u00a0", "\x01")).strip(" ").replace("\x01", "\u00a0")
    return _SPECIALS.sub(lambda match: _SPECIAL[match.group()], plain)


def title_to_latex(title: str) -> str:
    """A title with braces around the words whose capitals a style must not lower.

    A title in title case (most long words are capitalised) keeps only words like NHS or McDonald.
    """
    words = _WORD.findall(title)
    long_words = [word for word in words[1:] if len(word) >= _LONG_WORD and word[0].isalpha()]
    capitalised = [word for word in long_words if word[0].isupper()]
    title_case = len(long_words) > 1 and len(capitalised) * 2 > len(long_words)
    first = True

    def protect(match: re.Match[str]) -> str:
        nonlocal first
        word, is_first = match.group(), first
        first = False
        bare = text_to_latex(word)
        inner = any(char.isupper() for char in word[1:])
        proper = word[:1].isupper() and not is_first and not title_case
        return "{" + bare + "}" if inner or proper else bare

    parts, last = [], 0
    for match in _WORD.finditer(title):
        parts.append(_gap(title[last : match.start()]))
        parts.append(protect(match))
        last = match.end()
    return "".join([*parts, _gap(title[last:])]).strip()


def _gap(text: str) -> str:
    spaced = "".join(" " if char in " \t\r\n\f\v" else _SPECIAL.get(char, char) for char in text)
    return re.sub(" +", " ", spaced)


def name_to_latex(name: Name) -> str:
    """A name as BibTeX writes it: `von Family, Suffix, Given`; a body stands in braces."""
    if name.others:
        return "others"
    if name.literal:
        return "{" + text_to_latex(name.literal) + "}"
    family = _guarded(name.family, lower_is_particle=True)
    last = f"{text_to_latex(name.particle)} {family}" if name.particle else family
    given = _guarded(name.given, lower_is_particle=False)
    parts = [last, _guarded(name.suffix, lower_is_particle=False), given] if name.suffix else [last, given]
    if given or name.suffix:
        return ", ".join(parts).removesuffix(", ")
    return "{" + last + "}" if " " in family and not family.startswith("{") and not name.particle else last


def _guarded(part: str, *, lower_is_particle: bool) -> str:
    """A part of a name, in braces where BibTeX would split it or take it for a particle."""
    latex = text_to_latex(part)
    words = part.split()
    particle = lower_is_particle and len(words) > 1 and any(word[:1].islower() for word in words)
    return "{" + latex + "}" if "," in part or " and " in f" {part.lower()} " or particle else latex


def names_to_latex(names: tuple[Name, ...] | list[Name]) -> str:
    """Names joined by `and`."""
    return " and ".join(name_to_latex(name) for name in names)


@lru_cache(maxsize=1)
def _encoder() -> UnicodeToLatexEncoder:
    from pylatexenc.latexencode import UnicodeToLatexEncoder

    return UnicodeToLatexEncoder(
        non_ascii_only=True,
        replacement_latex_protection="braces-all",
        unknown_char_policy="keep",
        unknown_char_warning=False,
    )


def to_ascii(latex: str) -> str:
    r"""LaTeX with accented letters as commands: `ö` → `{\"o}`. Scripts LaTeX has no command for stay."""
    return latex if latex.isascii() else str(_encoder().unicode_to_latex(latex))


def escape_bare(latex: str) -> str:
    r"""LaTeX with the `&`, `%`, `#`, `_` and `^` escaped that were left bare, but not in mathematics."""

    def mend(match: re.Match[str]) -> str:
        bare = match.group("bare")
        return _SPECIAL[bare] if bare else match.group()

    return _KEPT_OR_BARE.sub(mend, latex)
