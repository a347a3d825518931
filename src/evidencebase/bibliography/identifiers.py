"""DOI and ISBN: whether they are well formed, and how they are written to be compared."""

from __future__ import annotations

import re

_DOI = re.compile(r"^10\.\d{4,9}(?:\.\d+)*/\S+$")
_DOI_PREFIX = re.compile(r"^(?:https?://(?:[\w-]+\.)*doi\.org/|doi:\s*|urn:doi:)", re.IGNORECASE)
_ISBN_10, _ISBN_13 = 10, 13


def bare_doi(text: str) -> str:
    """A DOI without the address before it. Its letter case is kept; compare DOIs in lower case."""
    return _DOI_PREFIX.sub("", text.strip()).strip()


def has_doi_prefix(text: str) -> bool:
    """Whether an address or “doi:” stands before the DOI."""
    return bool(_DOI_PREFIX.match(text.strip()))


def is_doi(text: str) -> bool:
    """Whether `text` has the form of a DOI: 10., a registrant, /, a name (ISO 26324)."""
    return bool(_DOI.match(text)) and not text.endswith((",", ";"))


def isbn_digits(text: str) -> str:
    """An ISBN without “ISBN”, hyphens and spaces."""
    without_label = re.sub(r"^\s*(?:e-?)?isbn(?:-1[03])?:?\s*", "", text, flags=re.IGNORECASE)
    return re.sub(r"[\s\u2010-\u2015\u00a0-]+", "", without_label).upper()


def is_isbn(text: str) -> bool:
    """Whether the check digit is right: ISBN-10 modulo 11, ISBN-13 modulo 10 (ISO 2108)."""
    digits = isbn_digits(text)
    if not digits.isascii():
        return False
    if len(digits) == _ISBN_10 and re.fullmatch(r"\d{9}[\dX]", digits):
        values = [10 if char == "X" else int(char) for char in digits]
        return sum(weight * value for weight, value in zip(range(10, 0, -1), values, strict=True)) % 11 == 0
    if len(digits) == _ISBN_13 and re.fullmatch(r"97[89]\d{10}", digits):
        return sum(int(char) * (3 if index % 2 else 1) for index, char in enumerate(digits)) % 10 == 0
    return False
