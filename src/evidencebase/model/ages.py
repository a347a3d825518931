"""Age bands as people write them: in a name ("16-24", "75+"), and in running text ("16 to 24 year olds", "over 55s").

A name is taken at its word. In running text "10 to 15" is only a band beside a word about age.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_OLDEST = 200
_EVER = 120
_AGE_NEAR = 60
_BAND = re.compile(
    r"(?:age[sd]?\s+)?(?P<low>\d{1,3})\s*(?:(?:-|–|to)\s*(?P<high>\d{1,3})|(?P<open>\+|(?:and|or|&)\s*(?:over|above|older)))",
    re.IGNORECASE,
)
_YEARS = re.compile(r"[\s-]*years?(?:[\s-]+olds?)?$", re.IGNORECASE)
# In running text a number is an age only beside a word that says so.
_YEAR_WORD = r"(?:[\s-]?years?(?:[\s-](?:old|of age))?(?:s|[\s-]olds)?)?"
_PASSAGE_BAND = re.compile(
    r"\b(?P<low>\d{1,3})(?:\s?-\s?|\sto\s|(?<=between \d\d)\sand\s)(?P<high>\d{1,3})"
    r"(?=[\s-]years?\b|\)|,|$|\s|;|:|\.(?!\d))",
    re.IGNORECASE,
)
_PASSAGE_OPEN = re.compile(
    rf"\b(?P<low>\d{{1,3}})(?:\s?\+|{_YEAR_WORD}\s(?:or|and)\s(?:over|older|above|more)\b)|\bover[\s-](?P<over>\d{{1,3}})s\b",
    re.IGNORECASE,
)
_PASSAGE_LIST = re.compile(
    r"\bage[ds]?\s+(\d{1,2}(?:,\s*\d{1,2})*),?\s+(?:and|or|&)\s+(\d{1,2})\b(?!\s*(?:-|–|to)\s*\d)", re.IGNORECASE
)
_AGED = re.compile(r"\bage[ds]?\b|\byears?\b|year[\s-]olds?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class AgeBand:
    """Ages in whole years, both included; `high` None is open."""

    low: int
    high: int | None

    def __str__(self) -> str:
        """Give the band as people write it: "16 to 24", "65 or over"."""
        return f"{self.low} or over" if self.high is None else f"{self.low} to {self.high}"

    @property
    def last(self) -> int:
        """The last age, far above the oldest person where the band is open."""
        return _OLDEST if self.high is None else self.high


def read_band(text: str) -> AgeBand | None:
    """Read "16-24", "16 to 24 years", "75+", "aged 75 and over" where the whole text is an age band."""
    match = _BAND.fullmatch(_YEARS.sub("", text.strip()))
    return _band(match) if match else None


def bands_in_name(text: str) -> list[AgeBand]:
    """Give every age band that a name or definition holds."""
    return [_band(match) for match in _BAND.finditer(text)]


def without_bands(text: str) -> str:
    """Take the age bands out of a text: "residents aged 65 or over" becomes "residents"."""
    return _BAND.sub("", text).strip(" ,;")


def _band(match: re.Match[str]) -> AgeBand:
    return AgeBand(int(match["low"]), int(match["high"]) if match["high"] else None)


def bands_in_passage(words: str) -> list[AgeBand]:
    """Give the age bands that running text names: "16 to 24 year olds", "aged 65 or over", "over 55s", "16+"."""
    return (
        [band for band, _, _ in bands_at(words)]
        if _AGED.search(words)
        else [band for band, _, _ in bands_at(words) if band.high is None]
    )


def speaks_of_age(words: str) -> bool:
    """Tell whether words speak of age, so that plain numbers under them are ages: "by age", "years old"."""
    return _AGED.search(words) is not None


def bands_at(text: str, *, of_ages: bool = False) -> list[tuple[AgeBand, int, int]]:
    """Give every age band that running text names, with where it starts and ends.

    "10 to 15" is a band only beside a word about age, or where the text is known to be `of_ages`; so are years one
    after another, "aged 19, 20 and 21".
    """
    found = [
        (AgeBand(int(match["low"]), int(match["high"])), *match.span())
        for match in _PASSAGE_BAND.finditer(text)
        if of_ages or _AGED.search(text, max(0, match.start() - _AGE_NEAR), match.end() + _AGE_NEAR)
    ]
    found += [
        (AgeBand(int(match["low"] or match["over"]), None), *match.span()) for match in _PASSAGE_OPEN.finditer(text)
    ]
    for match in _PASSAGE_LIST.finditer(text):
        years = [int(each) for each in re.findall(r"\d+", match[0])]
        if years == list(range(years[0], years[0] + len(years))):
            found.append((AgeBand(years[0], years[-1]), *match.span()))
    return [(band, start, end) for band, start, end in found if band.high is None or band.low < band.high <= _EVER]
