"""Names of people and bodies in an `author` or `editor` field.

Names are split before LaTeX is decoded, so that braces still show which words belong together:
`{World Health Organization}` is one body, not a person called Organization. Parting a name in its parts is
bibtexparser's, which follows BibTeX's own; biblatex's `family=..., given=...` is read too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bibtexparser.middlewares.names import (  # type: ignore[attr-defined, unused-ignore]
    parse_single_name_into_parts,
)

from evidencebase.bibliography.latex import latex_to_text

_EXTENDED = re.compile(r"^\s*[\"{]?(family|given|prefix|suffix|useprefix)(-i)?\s*=", re.IGNORECASE)
_AND_OR_BRACE = re.compile(r"[{}]|(?:(?<=\s)|^)and(?=\s)", re.IGNORECASE)
_MOST_PARTS = 3  # von Last, Jr, First
_TIE = re.compile(r"(?<!\\)~")


@dataclass(frozen=True, slots=True)
class Name:
    """A person (`family`, `given`, `particle` as in “van der”, `suffix` as in “Jr”) or a body (`literal`).

    `others` marks the `and others` that ends a shortened list. `particle_drops` is True where the
    particle is left out when the family name stands alone (biblatex's `useprefix=false`).
    """

    family: str = ""
    given: str = ""
    particle: str = ""
    suffix: str = ""
    literal: str = ""
    others: bool = False
    particle_drops: bool = False

    def __str__(self) -> str:
        """The name as read aloud: given, particle, family, suffix."""
        if self.others:
            return "et al."
        if self.literal:
            return self.literal
        return " ".join(part for part in (self.given, self.particle, self.family, self.suffix) if part)


def _one_group(text: str) -> bool:
    """Whether one pair of braces holds the whole text, and is not just a letter's accent."""
    if not (text.startswith("{") and text.endswith("}")) or text.startswith("{\\"):
        return False
    depth = 0
    for index, char in enumerate(text):
        depth += (char == "{") - (char == "}")
        if depth == 0:
            return index == len(text) - 1
    return False


def split_names(text: str) -> list[str]:
    r"""The names of a field, still in LaTeX: parted by “and” outside braces, as BibTeX parts them.

    >>> split_names(r"G\"odel, Kurt and \v{C}apek, K. and {Bell and Sons}")
    ['G\\"odel, Kurt', '\\v{C}apek, K.', '{Bell and Sons}']
    """
    names, depth, start = [], 0, 0
    for match in _AND_OR_BRACE.finditer(text):
        if match.group() in "{}":
            depth = max(0, depth + (1 if match.group() == "{" else -1))
        elif depth == 0:
            names.append(text[start : match.start()])
            start = match.end()
    return [name.strip() for name in [*names, text[start:]] if name.strip(" ,\r\n\t")]


def is_readable(name: str) -> bool:
    """Whether BibTeX can read this name: at most two commas, none at the end, no `family=...`."""
    parts = top_level_commas(name)
    return len(parts) <= _MOST_PARTS and bool(parts[-1].strip()) and not _EXTENDED.match(name)


def top_level_commas(text: str) -> list[str]:
    """The parts between the commas that stand outside braces."""
    parts, depth, start = [], 0, 0
    for index, char in enumerate(text):
        depth += (char == "{") - (char == "}")
        if char == "," and depth <= 0:
            parts.append(text[start:index])
            start = index + 1
    return [*parts, text[start:]]


def _extended(text: str) -> Name:
    given: dict[str, str] = {}
    for part in top_level_commas(text):
        label, _, value = part.strip().strip('"').partition("=")
        given[label.strip().lower()] = value.strip().strip('"')
    plain = {label: latex_to_text(value) for label, value in given.items()}
    return Name(
        family=plain.get("family", ""),
        given=plain.get("given", ""),
        particle=plain.get("prefix", ""),
        suffix=plain.get("suffix", ""),
        particle_drops=plain.get("useprefix", "").lower() == "false",
    )


def _person(text: str) -> Name:
    parts = parse_single_name_into_parts(_TIE.sub(" ", text), strict=False)
    first, von, last, jr = (latex_to_text(" ".join(words)) for words in (parts.first, parts.von, parts.last, parts.jr))
    return Name(family=last, given=first, particle=von, suffix=jr)


def parse_name(text: str) -> Name:
    """One name as BibTeX writes it. Never raises."""
    text = text.strip()
    if text.lower() == "others":
        return Name(others=True)
    if _one_group(text):
        return Name(literal=latex_to_text(text))
    if _EXTENDED.match(text):
        return _extended(text)
    if len(top_level_commas(text)) > _MOST_PARTS:
        return Name(literal=latex_to_text(text))
    name = _person(text)
    return name if name.family or name.given or name.particle else Name(literal=latex_to_text(text))


def parse_names(text: str) -> tuple[Name, ...]:
    """The names of a field, in order; `and others` becomes a last name with `others` set."""
    return tuple(parse_name(name) for name in split_names(text))
