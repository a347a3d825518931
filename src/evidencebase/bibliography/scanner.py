"""Where the blocks of a `.bib` text stand, read by BibTeX's own grammar.

BibTeX decides where an entry ends by its fields, not by counting braces, and finds an `@` anywhere
outside an entry, also after `%` and inside `@comment{...}`. bibtexparser's splitter decides by line
starts and escapes instead, ends an entry silently at `"a {"b"} c"`, and keeps no columns; so the places
are found here (after Patashnik's `bibtex.web`, the sections on reading the database files), and
bibtexparser does the names and the LaTeX.

Nothing here raises for bad text. What BibTeX would refuse becomes a `Fault`, and reading goes on at the
next field or block, so that a fault costs no entry.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from evidencebase.bibliography.cursor import (
    BLOCK_LINE,
    CLOSING_LINE,
    FIELD_LINE,
    LINE_END,
    Abandon,
    Block,
    Cursor,
    Fault,
    RawField,
)

_KEY = {"}": re.compile(r"[^ \t\r\n\f\v,}]*"), ")": re.compile(r"[^ \t\r\n\f\v,]*")}
_KEY_WITH_SPACES = re.compile(r"[^,\r\n{}=\"@]*(?=,)")
_FIELD_AHEAD = re.compile(r"[^\x00-\x20\"#%'(),={}\d][^\x00-\x20\"#%'(),={}]*[ \t]*=")
_PERCENT = re.compile(r"[ \t]*%")
_FIELD_OUTSIDE = re.compile(r"(?:^|(?<=[\r\n]))[ \t]*,?[ \t]*([A-Za-z][\w:+-]*)[ \t]*=[ \t]*[{\"]")


class Scanner(Cursor):
    """Reads one text from start to end. Use `scan`."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.blocks: list[Block] = []
        self._comment_end = 0
        self._line_starts = [0, *(match.end() for match in LINE_END.finditer(text))]

    def run(self) -> None:
        """Read every block; `blocks` and `faults` hold the result."""
        outside_from = 0
        while (at := self.text.find("@", self.pos)) >= 0:
            self.pos = at + 1
            if self._command_or_entry(at):
                self._fields_outside(outside_from, at)
                outside_from = self.pos
        self._fields_outside(outside_from, len(self.text))

    # -- what stands between entries

    def _fields_outside(self, start: int, end: int) -> None:
        """Text between entries is free, but a field there means that a brace closed its entry too early."""
        match = _FIELD_OUTSIDE.search(self.text, max(start, self._comment_end), end)
        if match and start > 0:
            self.fault(
                "citation-field-outside",
                match.start(1),
                f"the field “{match.group(1)}” stands outside any entry: nothing reads it",
                "take out the extra closing brace before it",
                is_error=False,
            )

    def _note_comment(self) -> None:
        start = self.pos
        self.white()
        if self.peek() == "{":
            self._comment_end = max(self._comment_end, self.matching_brace(self.pos) or 0)
        self.pos = start

    def _put_away(self, at: int) -> bool:
        """Whether the author meant what starts at `at` not to be read: it is in @comment{...} or behind %."""
        line = self._line_starts[bisect_right(self._line_starts, at) - 1]
        return at < self._comment_end or bool(_PERCENT.match(self.text, line))

    def _stray(self, at: int, kind: str) -> None:
        if not self._put_away(at):
            self.fault(
                "citation-stray-at",
                at,
                f"“@{kind}” starts no entry: no {{ or ( follows",
                "write “@type{key, ...}”, or take the @ out of the text between entries",
                is_error=False,
            )

    # -- blocks

    def _command_or_entry(self, at: int) -> bool:
        """Read what the @ at `at` starts; whether it was a block."""
        self.white()
        kind = self.identifier().lower()
        if kind == "comment":
            self._note_comment()
            return False
        after_word = self.pos
        self.white()
        opener = self.peek()
        if not kind or opener not in ("{", "("):
            self.pos = after_word
            self._stray(at, kind)
            return False
        self.pos += 1
        self.runaway = False
        closer = "}" if opener == "{" else ")"
        if kind == "preamble":
            self._preamble(at, closer)
        elif kind == "string":
            self._string(at, closer)
        elif self._put_away(at):
            self._entry_put_away(at, kind, closer)
        else:
            self._entry(at, kind, closer)
        return True

    def _preamble(self, at: int, closer: str) -> None:
        self.white()
        offset = self.pos
        if BLOCK_LINE.match(self.text, offset):
            self.fault(
                "citation-unbalanced", offset, "the next entry starts before @preamble is closed", f"add {closer}"
            )
            return
        try:
            field = RawField("preamble", self.value(closer), offset)
            self.blocks.append(Block("preamble", "preamble", "", (field,), at, self.pos))
            self._expect_end(closer, "@preamble")
        except Abandon:
            self.pos = self.block_ahead(self.pos)

    def _string(self, at: int, closer: str) -> None:
        try:
            self.white()
            offset = self.pos
            name = self.identifier().lower()
            self.white()
            if not name or self.peek() != "=":
                hint = 'write @string{name = "text"}'
                self.fault("citation-bad-string", self.pos, "@string has no name and =", hint)
                self.pos = self.block_ahead(offset)
                return
            self.pos += 1
            field = RawField(name, self.value(closer), offset)
            self.blocks.append(Block("string", "string", name, (field,), at, self.pos))
            self._expect_end(closer, f"@string {name}")
        except Abandon:
            self.pos = self.block_ahead(self.pos)

    def _expect_end(self, closer: str, what: str) -> None:
        self.white()
        if self.peek() == closer:
            self.pos += 1
            return
        self.fault("citation-unbalanced", self.pos, f"{what} is not closed", f"add {closer} here")
        raise Abandon

    def _entry_put_away(self, at: int, kind: str, closer: str) -> None:
        """An entry in a comment: BibTeX reads it if it is whole. In pieces it is an entry to nobody."""
        count = len(self.faults)
        self._entry(at, kind, closer, commented=True)
        if any(fault.is_error for fault in self.faults[count:]):
            self.blocks.pop()
            del self.faults[count:]
            message = f"@{kind} is behind % or inside @comment, yet BibTeX tries to read it, and fails"
        else:
            message = f"@{kind} is behind % or inside @comment, yet BibTeX reads it as an entry"
        hint = "take the @ away (BibTeX skips text without @), or take the entry out of the comment"
        self.fault("citation-commented-entry", at, message, hint, is_error=False)

    def _entry(self, at: int, kind: str, closer: str, *, commented: bool = False) -> None:
        fields: list[RawField] = []
        key, comma_due = self._key(kind, closer)
        try:
            self._fields(fields, closer, comma_due=comma_due)
        except Abandon:
            self.pos = self.block_ahead(self.pos)
            self._give_back_swallowed(fields, closer)
        self.blocks.append(Block("entry", kind, key, tuple(fields), at, self.pos, commented))

    def _give_back_swallowed(self, fields: list[RawField], closer: str) -> None:
        """An entry without end whose value holds further fields: that value was meant to end before them."""
        if self.runaway or self.faults[-1].code != "citation-unbalanced":
            return
        for index in reversed(range(len(fields))):
            token = fields[index].tokens[-1] if fields[index].tokens else None
            if token and token.kind == "braced" and FIELD_LINE.search(token.text):
                self.faults.pop()
                kept = (*fields[index].tokens[:-1], self.unclosed(token.offset, "{"))
                fields[index:] = [RawField(fields[index].name, kept, fields[index].offset)]
                try:
                    self._fields(fields, closer, comma_due=True)
                except Abandon:
                    self.pos = self.block_ahead(self.pos)
                return

    def _key(self, kind: str, closer: str) -> tuple[str, bool]:
        """The key, and whether a comma must follow before a field."""
        self.white()
        start = self.pos
        hint = f"write @{kind}{{a-key, ... with a key that no other entry has"
        if _FIELD_AHEAD.match(self.text, start):
            self.fault("citation-missing-key", start, f"@{kind} has no key: a field comes first", hint)
            return "", False
        if BLOCK_LINE.match(self.text, start):  # the next entry, which is no key of this one
            return "", True
        match = _KEY[closer].match(self.text, start)
        self.pos = match.end() if match else start
        key = self.text[start : self.pos]
        if not key:
            self.fault("citation-missing-key", start, f"@{kind} has an empty key", hint, is_error=False)
            return "", True
        spaced = _KEY_WITH_SPACES.match(self.text, start)
        self.white()
        if self.peek() != closer and spaced and spaced.group().strip() != key and spaced.end() > self.pos:
            self.pos = spaced.end()
            key = spaced.group().strip()
            message = f"the key “{key}” holds a space"
            self.fault("citation-bad-key", start, message, "write the key without spaces")
        return key, True

    # -- fields

    def _fields(self, fields: list[RawField], closer: str, *, comma_due: bool) -> None:
        """Read fields up to the entry's end. Raises Abandon where the entry cannot be read on."""
        while True:
            self.white()
            mark = self.peek()
            if mark == closer:
                self.pos += 1
                return
            if mark == "%":
                self._percent_line()
            elif mark == ",":
                if not comma_due:
                    self.fault("citation-syntax", self.pos, "two commas with no field between", "delete one")
                self.pos += 1
                comma_due = False
            elif comma_due and not _FIELD_AHEAD.match(self.text, self.pos):
                self._resync(self.pos, closer)
                comma_due = False
            else:
                if comma_due:
                    message = "a comma is missing before this field"
                    self.fault("citation-missing-comma", self.pos, message, "add a comma before it")
                field = self._field(closer)
                fields.extend([field] if field else [])
                comma_due = field is not None

    def _percent_line(self) -> None:
        self.fault(
            "citation-percent-comment",
            self.pos,
            "% starts no comment inside an entry: BibTeX refuses it (biber skips the line)",
            "move the remark out of the entry, or into a note field",
        )
        match = LINE_END.search(self.text, self.pos)
        self.pos = match.end() if match else len(self.text)

    def _field(self, closer: str) -> RawField | None:
        offset = self.pos
        name = self.identifier().lower()
        self.white()
        if name and self.peek() == "=":
            self.pos += 1
            return RawField(name, self.value(closer), offset)
        if name and self.peek() in (",", closer) and self.peek():
            hint = "write name = {value}, or delete it"
            self.fault("citation-syntax", offset, f"“{name}” has no value", hint)
            self.pos += self.peek() == ","
            return None
        self.pos = offset
        self._resync(offset, closer)
        return None

    def _resync(self, offset: int, closer: str) -> None:
        """After what BibTeX cannot read, go to the next field of the entry, or raise Abandon."""
        at_block = BLOCK_LINE.match(self.text, offset) or self.peek() == "@"
        if not self.peek() or at_block:
            if not self.runaway:
                what = "the next entry starts" if at_block else "the file ends"
                hint = f"close the entry before it with {closer}"
                self.fault("citation-unbalanced", offset, f"{what} before this entry is closed", hint)
            raise Abandon
        shown = LINE_END.split(self.text[offset : offset + 20])[0].strip()
        self.fault(
            "citation-syntax",
            offset,
            f"“{shown}” stands where a comma, a field or {closer} was expected",
            'write each field as name = {value} or name = "value", with a comma between fields',
        )
        limit = self.block_ahead(offset)
        field = FIELD_LINE.search(self.text, offset + 1, limit)
        alone = CLOSING_LINE.search(self.text, offset, field.start() if field else limit)
        if field and not alone:
            self.pos = field.end()
            return
        self.pos = alone.end() if alone else offset + 1
        raise Abandon


def scan(text: str) -> tuple[list[Block], list[Fault]]:
    """Every block of `text` in order, and every fault. Never raises for bad text."""
    scanner = Scanner(text)
    scanner.run()
    return scanner.blocks, sorted(scanner.faults, key=lambda fault: fault.offset)
