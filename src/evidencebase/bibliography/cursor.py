"""The parts of a `.bib` text, and reading a field's value by BibTeX's grammar.

A value is parts joined by `#`: `{braced}`, `"quoted"`, a number, or the name of a `@string`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

WHITE = re.compile(r"[ \t\r\n\f\v]*")
IDENTIFIER = re.compile(r"[^\x00-\x20\"#%'(),={}\d][^\x00-\x20\"#%'(),={}]*")
FIELD_LINE = re.compile(r"(?:^|(?<=[\r\n]))[ \t]*,?[ \t]*(?=[A-Za-z][\w:+-]*[ \t]*=[ \t]*[{\"\w])")
BLOCK_LINE = re.compile(r"(?:^|(?<=[\r\n]))[ \t]*(?=@[ \t]*[A-Za-z][\w-]*\s*[{(])")
CLOSING_LINE = re.compile(r"(?:^|(?<=[\r\n]))[ \t]*[})][ \t]*(?=[\r\n]|\Z)")
LINE_END = re.compile(r"\r\n|\r|\n")
_DIGITS = re.compile(r"[0-9]+")
_BRACE = re.compile(r"[{}]")
_BRACE_OR_QUOTE = re.compile(r'[{}"]')
_BARE_VALUE = re.compile(r"[^,\r\n{}\"#]*")

TokenKind = Literal["braced", "quoted", "number", "macro"]
BlockKind = Literal["entry", "string", "preamble"]


@dataclass(frozen=True, slots=True)
class Token:
    """One part of a field's value: its text without delimiters, and its offset in the file."""

    kind: TokenKind
    text: str
    offset: int


@dataclass(frozen=True, slots=True)
class RawField:
    """A field as written: its name in lower case, the parts joined by `#`, and its offset."""

    name: str
    tokens: tuple[Token, ...]
    offset: int


@dataclass(frozen=True, slots=True)
class Block:
    """An entry, `@string` or `@preamble`. `start` is the offset of its `@`, `end` the offset after it.

    `type` is in lower case. `commented` says what the author seems to have meant: a block behind `%` or
    inside `@comment{...}`, which BibTeX reads all the same.
    """

    kind: BlockKind
    type: str
    key: str
    fields: tuple[RawField, ...]
    start: int
    end: int
    commented: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """What BibTeX would refuse or warn of: code, offset, message, hint. `lost` is False for warnings."""

    code: str
    offset: int
    message: str
    hint: str
    is_error: bool = True


class Abandon(Exception):  # noqa: N818  (control flow inside one block, never seen outside)
    """The block cannot be read on from here."""


class Cursor:
    """A text and a position in it, with what a value is made of."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.pos = 0
        self.faults: list[Fault] = []
        self.runaway = False
        self._block_ahead = (1, 0)

    def white(self) -> None:
        """Go past white space."""
        match = WHITE.match(self.text, self.pos)
        self.pos = match.end() if match else self.pos

    def peek(self) -> str:
        """The next character, empty at the end."""
        return self.text[self.pos : self.pos + 1]

    def identifier(self) -> str:
        """Read the name of a type, field or string; empty if none stands here."""
        match = IDENTIFIER.match(self.text, self.pos)
        if not match:
            return ""
        self.pos = match.end()
        return match.group()

    def fault(self, code: str, offset: int, message: str, hint: str, *, is_error: bool = True) -> None:
        """Take down what is wrong."""
        self.faults.append(Fault(code, offset, message, hint, is_error))

    def block_ahead(self, offset: int) -> int:
        """Offset of the next line that starts a block, else the end of the text."""
        since, found = self._block_ahead
        if not since <= offset <= found:
            match = BLOCK_LINE.search(self.text, offset)
            found = match.start() if match else len(self.text)
            self._block_ahead = (offset, found)
        return found

    @cached_property
    def _partners(self) -> dict[int, int]:
        """The closing brace of every opening one, found in one pass: a hostile file nests without end."""
        partners: dict[int, int] = {}
        waiting: list[int] = []
        for match in _BRACE.finditer(self.text):
            if match.group() == "{":
                waiting.append(match.start())
            elif waiting:
                partners[waiting.pop()] = match.start()
        return partners

    def matching_brace(self, offset: int) -> int | None:
        """Offset of the brace that closes the one at `offset`; None if nothing closes it."""
        return self._partners.get(offset)

    def value(self, closer: str) -> tuple[Token, ...]:
        """Read a value and the white space after it."""
        tokens: list[Token] = []
        while True:
            self.white()
            token = self._token(closer)
            if token is not None:
                tokens.append(token)
            self.white()
            if self.peek() != "#":
                return tuple(tokens)
            self.pos += 1

    def _token(self, closer: str) -> Token | None:
        offset = self.pos
        first = self.peek()
        if first == "{":
            return self._braced(offset)
        if first == '"':
            return self._quoted(offset)
        digits = _DIGITS.match(self.text, offset)
        if digits:
            self.pos = digits.end()
            return self._bare(Token("number", digits.group(), offset), closer)
        name = self.identifier()
        if name:
            return self._bare(Token("macro", name, offset), closer)
        self.fault(
            "citation-syntax",
            offset,
            "a value is missing here" if first else "the file ends where a value should be",
            "write the value in braces: name = {value}",
        )
        return None

    def _bare(self, token: Token, closer: str) -> Token:
        """A number or a name that runs on, as in `pages = 12-20`, is taken whole, with a fault."""
        following = self.peek()
        if following in ("", ",", "#", closer, " ", "\t", "\r", "\n", "%"):
            return token
        match = _BARE_VALUE.match(self.text, self.pos)
        end = match.end() if match else self.pos
        if end <= self.pos:
            return token
        text = self.text[token.offset : end].strip()
        self.pos = end
        self.fault(
            "citation-unquoted-value",
            token.offset,
            f"the value “{text[:40]}” is neither a number nor a name",
            "put it in braces: {" + text[:40] + "}",
        )
        return Token("braced", text, token.offset)

    def _braced(self, offset: int) -> Token:
        end = self.matching_brace(offset)
        if end is None:
            return self.unclosed(offset, "{")
        self.pos = end + 1
        return Token("braced", self.text[offset + 1 : end], offset)

    def _quoted(self, offset: int) -> Token:
        next_mark: int | None = offset + 1
        while next_mark is not None:
            match = _BRACE_OR_QUOTE.search(self.text, next_mark)
            if match is None or match.group() == "}":
                break
            if match.group() == '"':
                self.pos = match.end()
                return Token("quoted", self.text[offset + 1 : match.start()], offset)
            next_mark = self.matching_brace(match.start())
            next_mark = next_mark + 1 if next_mark is not None else None
        return self.unclosed(offset, '"')

    def unclosed(self, offset: int, opener: str) -> Token:
        """Take a value with no end: what can be told to be it, up to the next field or block."""
        limit = self.block_ahead(offset)
        field = FIELD_LINE.search(self.text, offset + 1, limit)
        alone = CLOSING_LINE.search(self.text, offset + 1, field.start() if field else limit)
        end = min([limit, *(match.start() for match in (field, alone) if match)])
        closing = "}" if opener == "{" else '"'
        self.fault(
            "citation-unbalanced",
            offset,
            f"the value starting here with {opener} is never closed",
            f"add the missing {closing}; braces must balance inside quotes too",
        )
        self.runaway = True
        text = self.text[offset + 1 : end].rstrip()
        if text.endswith(","):
            text = text[:-1].rstrip()
            end = offset + 1 + len(text)
        elif end == limit and opener == "{" and text.endswith("}"):
            text = text[:-1].rstrip()
        self.pos = max(end, offset + 1)
        return Token("braced", balanced(text), offset)


def balanced(text: str) -> str:
    """`text` without the braces that have no partner.

    >>> balanced("{a} b} {c")
    '{a} b c'
    """
    unmatched: set[int] = set()
    open_braces: list[int] = []
    for match in _BRACE.finditer(text):
        if match.group() == "{":
            open_braces.append(match.start())
        elif open_braces:
            open_braces.pop()
        else:
            unmatched.add(match.start())
    unmatched.update(open_braces)
    return "".join(char for index, char in enumerate(text) if index not in unmatched)
