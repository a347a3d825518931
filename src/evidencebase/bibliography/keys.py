"""Keys proposed for entries that bring none: `okafor2019swimming`."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evidencebase.bibliography.model import Entry

_SHORT_WORDS = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "on",
        "in",
        "and",
        "for",
        "to",
        "der",
        "die",
        "das",
        "le",
        "la",
        "les",
        "un",
        "une",
        "el",
    ]
)


def _ascii_letters(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return re.sub(r"[^a-z0-9]", "", decomposed.encode("ascii", "ignore").decode().lower())


def proposed_key(entry: Entry) -> str:
    """A key of the first author, the year and the first telling word of the title, in ASCII lower case."""
    names = entry.authors or entry.editors
    body = entry.publisher
    who = (names[0].literal or names[0].family) if names else body
    initials = "".join(word[0] for word in who.split() if word[0].isupper())
    author = _ascii_letters(initials if len(who.split()) > 2 else who)
    words = (_ascii_letters(word) for word in entry.title.split())
    word = next((word for word in words if word and word not in _SHORT_WORDS), "")
    return f"{author}{entry.year or 'nd'}{word}" if author or word else "entry"
