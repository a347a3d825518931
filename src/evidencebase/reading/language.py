"""The word lists by which passages are read: those of English, or a base's own.

Nothing here knows a topic. A list holds printed forms; they are matched by their stems, the longest first.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from evidencebase.model.values import Model, Text
from evidencebase.problems import EvidenceError
from evidencebase.reading.shapes import make_from
from evidencebase.reading.yaml import read_yaml

__all__ = ["ENGLISH", "Language", "language_of", "read_language", "stem", "stems"]

ENGLISH = Path(__file__).parent / "languages" / "en.yml"
Forms = dict[Text, list[Text]]

TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SHORTEST = 4


class Bodies(Model):
    """Words that make the name of a body of a place beside them: "council" after it, "university of" before it."""

    after: list[Text] = []
    before: list[Text] = []


class Language(Model):
    """The lists of one language. `generic` names the heads that stand for everybody, and tell nobody apart."""

    heads: Forms = {}
    generic: list[Text] = []
    sexes: Forms = {}
    bodies: Bodies = Bodies()
    clause_ends: list[Text] = []
    dates: list[Text] = []
    idioms: list[Text] = []
    comparison: list[Text] = []
    respectively: list[Text] = []
    national: list[Text] = []
    qualifiers: Forms = {}
    directions: Forms = {}
    negations: list[Text] = []
    significance: Forms = {}
    hedges: Forms = {}
    comparing: list[Text] = []
    adjusted: list[Text] = []
    links: Forms = {}
    statistics: Forms = {}


@cache
def read_language(file: Path = ENGLISH) -> Language:
    """Read one language. Raises EvidenceError, with the place, where the file is not one."""
    source, problems = read_yaml(file, file.name)
    language = None
    if source is not None and not problems:
        language, problems = make_from(Language, source.data, source.place, None)
    if language is None:
        first = problems[0]
        raise EvidenceError(f"{first.path}:{first.line}: {first.message}", first.hint)
    return language


def language_of(folder: Path) -> Language:
    """The language of a base: its own `languages/*.yml` where it has one, else English."""
    own = sorted((folder / "languages").glob("*.yml"))
    return read_language(own[0]) if own else read_language()


@cache
def stem(word: str) -> str:
    """What is left of a word without the ending of its number or tense: pupil of "pupils", report of "reporting".

    Plain on purpose: two words of one stem are the same word to every rule; a form that is missed can be listed.
    """
    word = word.lower().replace("’", "'").removesuffix("'s").removesuffix("'")
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh")):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word.removesuffix(ending) + instead
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > _SHORTEST - 1:
        word = word[:-1]
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            return word.removesuffix(ending).removesuffix("e")
    return word[:-1] if word.endswith("e") and len(word) > _SHORTEST else word


@cache
def stems(words: str) -> tuple[str, ...]:
    """The stems of a form, in order; what is no word or number (a sign, a hyphen) parts words and is left out."""
    return tuple(stem(match[0]) for match in TOKEN.finditer(words))
