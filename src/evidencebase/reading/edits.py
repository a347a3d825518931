"""Text edits of YAML: fields are put in place of a field or before it, items behind a list's; other bytes stay."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import yaml

from evidencebase.model.values import Path
from evidencebase.reading.yaml import Loader, parse_yaml

_BOM = "\ufeff"
# What a plain scalar may hold without being read as anything else; the parser has the last word.
_PLAIN = re.compile(r"[^\[\]{},:#&*!|>'\"%@`?\s-][^\[\]{},:#'\"\r\n]*")


@dataclass(frozen=True)
class Edit:
    """The field at `path` becomes the `fields` given, in their order; none of them: it is taken out."""

    path: Path
    fields: dict[str, Any]


@dataclass(frozen=True)
class Ahead:
    """The `fields` given stand before the field at `path`, which stays as it is."""

    path: Path
    fields: dict[str, Any]


@dataclass(frozen=True)
class Added:
    """The `items` given stand behind the last item of the list at `path`, each on a line of its own where they do."""

    path: Path
    items: list[Any]


@dataclass
class _Pair:
    """Where a field stands: its key, and its value up to its last character."""

    key: tuple[int, int]
    value: tuple[int, int]
    flow: bool


@dataclass
class _Item:
    """Where the last item of a list stands; `dash` is where the list begins, with a dash unless it is a flow."""

    start: int
    end: int
    dash: int
    flow: bool


@dataclass
class _Open:
    """A collection that has not ended yet."""

    path: Path
    flow: bool
    mapping: bool
    start: int
    key: tuple[int, int] | None = None
    name: str = ""
    count: int = 0


@dataclass
class _Layout:
    """Where the fields and last items of a text stand, and every scalar: a `#` in one starts no comment."""

    pairs: dict[Path, _Pair] = field(default_factory=dict)
    last: dict[Path, _Item] = field(default_factory=dict)
    scalars: list[tuple[int, int]] = field(default_factory=list)


def edited(text: str, edits: Sequence[Edit | Ahead | Added]) -> str:
    """The text with its edits made. Raises KeyError where a path is no field of it, or no list with an item.

    Line ends, the byte order mark, comments and the writing of everything else are kept; a comment inside a value
    that is written anew stands below it.
    """
    mark = _BOM if text.startswith(_BOM) else ""
    body = text.removeprefix(_BOM)
    layout = _layout(body)
    for edit in sorted(edits, key=lambda each: _at(layout, each), reverse=True):
        if isinstance(edit, Edit):
            body = _edit(body, layout, edit)
        else:
            body = _put_ahead(body, layout, edit) if isinstance(edit, Ahead) else _add(body, layout, edit)
    return mark + body


def _at(layout: _Layout, edit: Edit | Ahead | Added) -> int:
    """Where an edit changes the text first."""
    return layout.last[edit.path].end if isinstance(edit, Added) else layout.pairs[edit.path].key[0]


def as_flow(value: Any) -> str:
    """Plain data on one line of YAML, numbers with their digits."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{as_flow(key)}: {as_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(as_flow(item) for item in value) + "]"
    if isinstance(value, str):
        return value if _is_plain(value) else _quoted(value)
    if isinstance(value, bool) or value is None:
        return {None: "null", True: "true", False: "false"}[value]
    return str(value) if isinstance(value, Decimal | int) else _quoted(str(value))


def _is_plain(text: str) -> bool:
    if not _PLAIN.fullmatch(text) or text != text.strip():
        return False
    read, problems = parse_yaml(f"[{text}]", "")
    return read is not None and not problems and read.data == [text] and isinstance(read.data[0], str)


def _quoted(text: str) -> str:
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return '"' + "".join(escapes.get(char, char) for char in text) + '"'


def _layout(text: str) -> _Layout:
    """Walk through the events of a text once."""
    found = _Layout()
    stack: list[_Open] = []
    last = 0
    for event in yaml.parse(text, Loader=Loader):
        start, end = _mark(event.start_mark), _mark(event.end_mark)
        if isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            ended = stack.pop()
            last = end if ended.flow else last
            _close(found, stack, ended.start, last)
        elif isinstance(event, yaml.ScalarEvent):
            end = start + len(text[start:end].rstrip())
            found.scalars.append((start, end))
            last = max(last, end)
            if stack and stack[-1].mapping and stack[-1].key is None:
                stack[-1].key, stack[-1].name = (start, end), event.value
            else:
                _close(found, stack, start, end)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            path = (*stack[-1].path, _step(stack[-1])) if stack else ()
            stack.append(_Open(path, bool(event.flow_style), isinstance(event, yaml.MappingStartEvent), start))
    return found


def _mark(mark: Any) -> int:
    index: int = mark.index
    return index


def _step(top: _Open) -> str | int:
    return top.name if top.mapping else top.count


def _close(found: _Layout, stack: list[_Open], start: int, end: int) -> None:
    """Note that a value of the innermost open collection has ended."""
    if not stack:
        return
    top = stack[-1]
    if top.mapping and top.key is not None:
        found.pairs[*top.path, top.name] = _Pair(top.key, (start, max(end, start)), top.flow)
        top.key = None
    elif not top.mapping:
        found.last[top.path] = _Item(start, max(end, start), top.start, top.flow)
    top.count += 1


def _edit(text: str, layout: _Layout, edit: Edit) -> str:
    pair = layout.pairs[edit.path]
    start, end = pair.key[0], max(pair.value[1], pair.key[1] + 1)
    old = text[pair.value[0] : pair.value[1]]
    written = [f"{name}: {_value(value, old)}" for name, value in edit.fields.items()]
    if pair.flow:
        return _in_flow(text, start, end, written)
    newline, indent = _newline(text, start), _indent(text, start)
    stop = _line_end(text, end)
    written += list(_comments(text, layout, start, end))
    if written:
        rest = "".join(f"{newline}{indent}{line}" for line in written[1:])
        return text[:start] + written[0] + text[end:stop] + rest + text[stop:]
    before, after = text[text.rfind("\n", 0, start) + 1 : start], text[end:stop]
    if before.strip() or after.strip():  # a dash before it, or a comment behind it: these stay
        return text[:start] + text[end:].lstrip(" ") if not before.strip() else text[:start] + text[end:]
    return text[: start - len(before)] + text[stop + len(newline) :]


def _put_ahead(text: str, layout: _Layout, edit: Ahead) -> str:
    pair = layout.pairs[edit.path]
    start = pair.key[0]
    parting = ", " if pair.flow else _newline(text, start) + _indent(text, start)
    written = (f"{name}: {as_flow(value)}{parting}" for name, value in edit.fields.items())
    return text[:start] + "".join(written) + text[start:]


def _add(text: str, layout: _Layout, edit: Added) -> str:
    last = layout.last[edit.path]
    if last.flow:
        alone = not text[text.rfind("\n", 0, last.start) + 1 : last.start].strip()
        parting = f",{_newline(text, last.start)}{_indent(text, last.start)}" if alone else ", "
        return text[: last.end] + "".join(parting + as_flow(item) for item in edit.items) + text[last.end :]
    stop = _line_end(text, last.end)
    parting = f"{_newline(text, last.dash)}{_indent(text, last.dash)}- "
    return text[:stop] + "".join(parting + as_flow(item) for item in edit.items) + text[stop:]


def _newline(text: str, offset: int) -> str:
    """The line break of the line of an offset; that of the line before where the text ends without one."""
    end = text.find("\n", offset)
    end = text.rfind("\n", 0, offset) if end < 0 else end
    return "\r\n" if text[max(0, end - 1) : end] == "\r" else "\n"


def _indent(text: str, offset: int) -> str:
    """As many spaces as stand, or could stand, before an offset on its line."""
    return " " * (offset - (text.rfind("\n", 0, offset) + 1))


def _value(value: Any, old: str) -> str:
    """A value as it is written: in the words of the old one where it says the same."""
    read, _ = parse_yaml(old, "") if old and "\n" not in old else (None, [])
    same = read is not None and type(read.data) is type(value) and read.data == value and str(read.data) == str(value)
    return old if same else as_flow(value)


def _in_flow(text: str, start: int, end: int, written: list[str]) -> str:
    if written:
        return text[:start] + ", ".join(written) + text[end:]
    after = re.match(r"\s*,\s*", text[end:])
    if after:
        return text[:start] + text[end + after.end() :]
    return re.sub(r"\s*,\s*$", "", text[:start]) + text[end:]


def _line_end(text: str, offset: int) -> int:
    """Where the line of an offset ends, before its line break."""
    end = text.find("\n", offset)
    end = len(text) if end < 0 else end
    return end - 1 if text[max(0, end - 1) : end] == "\r" else end


def _comments(text: str, layout: _Layout, start: int, end: int) -> Iterator[str]:
    """The comments between two offsets."""
    inside = [span for span in layout.scalars if start <= span[0] and span[1] <= end]
    at = start
    for first, last in [*inside, (end, end)]:
        for match in re.finditer(r"(?:^|(?<=\s))#[^\r\n]*", text[at:first]):
            yield match[0].rstrip()
        at = last
