"""Dates in text: where a number is the day, month or year of one, and so no figure.

    31 March, 31st of March 2019, March 31, 2019, 12 to 15 March, 2019-03-31, 31/03/2019, 31.3.19

"In March 31 girls came" has no date: a day after its month, without the year, is one only where "on" stands before it
or where the words go on as they do after a date.
"""

from __future__ import annotations

import re

from evidencebase.model.periods import YEAR

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_NUMBER = r"(?:0?[1-9]|[12]\d|3[01])"
_IN_WORDS = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth"
_DAY = rf"(?:(?<![\w.,]){_NUMBER}(?:st|nd|rd|th)?\b|\b(?:{_IN_WORDS})(?=\sof))"
_DAYS = rf"{_DAY}(?:\s?(?:-|to)\s?{_DAY})?"
_GOES_ON = (
    r"\s*$|\s?[;:)/]|\s?[-.,](?!\d)|\s(?:it|they|he|she|we|you|i|there|this|that|these|those|the|an?|and|or|but|when|which"
    r"|who|on|in|at|from|to|until|is|was|were|are|has|had|have|will|would|by|as|with)\b"
)
_DATE = re.compile(
    rf"\b{YEAR}(?P<big>[-/.])\d{{1,2}}(?P=big)\d{{1,2}}(?!\d)"
    rf"|\b{_NUMBER}(?P<small>[-/.])\d{{1,2}}(?P=small)(?:{YEAR}|\d\d)(?![\d%])"
    rf"|{_DAYS}(?:\sof)?\s{MONTH}\b(?!\s(?:be|have|not|also)\b)"
    rf"|\b{MONTH}\.?\s(?:the\s)?{_DAYS},?\s{YEAR}\b"
    rf"|\bon\s{MONTH}\.?\s(?:the\s)?{_DAYS}"
    rf"|(?<!\bin\s)(?<!\bof\s)(?<!\bfor\s)(?<!\bduring\s)\b{MONTH}\.?\s(?:the\s)?"
    rf"(?:{_NUMBER}(?:st|nd|rd|th)\b|{_DAYS}(?={_GOES_ON}))",
    re.IGNORECASE,
)


def in_date(start: int, end: int, text: str) -> bool:
    """Whether what stands from `start` to `end` of a (folded) text is a part of a date."""
    return any(found.start() <= start and end <= found.end() for found in _DATE.finditer(text))
