"""YAML 1.2 as records need it: every value keeps its place, numbers keep their digits.

`NO` stays text, `14.0` becomes `Decimal("14.0")`, dates stay text. Duplicate keys, aliases, tags
and nesting beyond what records use are problems with their place. Nothing is constructed but
mappings, lists, text, numbers, booleans and null, so that a hostile file can do nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path as FilePath
from typing import Any, NamedTuple

import yaml

from evidencebase.model.values import Path
from evidencebase.problems import Place, Problem, Severity

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # PyYAML without libyaml: slower, otherwise alike
    from yaml import SafeLoader as Loader  # type: ignore[assignment]

__all__ = ["INVISIBLE", "MAX_BYTES", "MAX_DEPTH", "Loader", "Source", "parse_yaml", "read_yaml"]

_NODES = (yaml.ScalarEvent, yaml.MappingStartEvent, yaml.SequenceStartEvent, yaml.AliasEvent)
MAX_BYTES = 64 * 1024 * 1024
MAX_DEPTH = 24
_MAX_DIGITS = 4_000
_MOST_INVISIBLE = 20

_INTEGER = re.compile(r"[-+]?(0|[1-9]\d*)", re.ASCII)
_DECIMAL = re.compile(r"[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d{1,3})?", re.ASCII)
_WORDS = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
# Ends of lines to one parser only, and escapes that could bring a character which must not stand here.
_NOT_PLAIN_JSON = re.compile("[\x85\u2028\u2029\t]|" + r'\\[^"\\nt]')
_NOT_A_NUMBER = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
# Zero-width and direction marks, the byte order mark inside a text, and digits or signs that only look
# like the plain ones: none of them can be typed by accident and all of them can hide a change.
INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5"
    "\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uff01-\uff5e\uffa0\ufff9-\ufffb]"
)


@dataclass(frozen=True)
class Source:
    """Plain data read from one YAML file, and where each part of it stands."""

    path: str
    data: Any
    marks: dict[Path, Any] = field(default_factory=dict, repr=False)

    def place(self, path: Path = ()) -> Place:
        """The place of a value; of the nearest value around it where that one is absent."""
        while path and path not in self.marks:
            path = path[:-1]
        line, column = _position(self.marks[path]) if path in self.marks else (1, 1)
        return Place(self.path, line, column)


class _FaultError(Exception):
    """Stops the reading of one file."""

    def __init__(self, code: str, mark: Any, message: str, hint: str) -> None:
        super().__init__(message)
        self.code, self.mark, self.message, self.hint = code, mark, message, hint


@dataclass
class _Open:
    """A mapping or list under construction."""

    path: Path
    value: Any
    key: str | None = None

    def next_path(self) -> Path:
        """Where the next value stands."""
        return (*self.path, self.key if self.key is not None else len(self.value))

    def store(self, value: Any) -> None:
        """Put the next value in its place."""
        if self.key is None:
            self.value.append(value)
        else:
            self.value[self.key] = value
            self.key = None


def read_yaml(file: FilePath, shown: str) -> tuple[Source | None, list[Problem]]:
    """Read one YAML file; `shown` is its path as people see it. None where it cannot be read at all."""
    try:
        if file.stat().st_size > MAX_BYTES:
            return None, [_problem("shape-too-large", shown, None, "the file is over 64 MB", "split it")]
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return None, [
            _problem("shape-encoding", shown, None, f"byte {error.start} is not UTF-8", "save the file as UTF-8")
        ]
    except OSError as error:
        return None, [_problem("shape-unreadable", shown, None, f"cannot be read: {error.strerror}", "mend the file")]
    return parse_yaml(text, shown)


def parse_yaml(text: str, shown: str) -> tuple[Source | None, list[Problem]]:
    """Parse YAML text into plain data with positions; the first syntax fault ends it."""
    problems = _invisible_characters(text, shown)
    if not problems and (items := _json_items(text, shown)) is not None:
        return items, []
    try:
        source, escaped = _build(text, shown)
    except _FaultError as fault:
        place = (fault.mark.line + 1, fault.mark.column + 1) if fault.mark else None
        return None, [*problems, _problem(fault.code, shown, place, fault.message, fault.hint)]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = (mark.line + 1, mark.column + 1) if mark else None
        message = getattr(error, "problem", None) or "not valid YAML"
        hint = "check indentation, quotes and brackets here and on the line before"
        return None, [*problems, _problem("shape-yaml", shown, place, str(message), hint)]
    return source, problems or escaped


def _problem(code: str, shown: str, at: tuple[int, int] | None, message: str, hint: str) -> Problem:
    return Problem(Severity.ERROR, code, Place(shown, *(at or (None, None))), message, hint)


def _invisible_characters(text: str, shown: str) -> list[Problem]:
    problems = []
    for match in INVISIBLE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        column = match.start() - (text.rfind("\n", 0, match.start()) + 1) + 1
        problems.append(_invisible(shown, (line, column), match[0]))
        if len(problems) == _MOST_INVISIBLE:  # a file full of them is one fault, not thousands
            break
    return problems


def _invisible(shown: str, at: tuple[int, int], char: str) -> Problem:
    message = f"invisible or look-alike character U+{ord(char):04X}"
    hint = "retype the text around it with plain characters"
    return _problem("shape-invisible-character", shown, at, message, hint)


class _Mark(NamedTuple):
    """Where something starts, counted from 0, as the parser of YAML has it."""

    line: int
    column: int


def _json_items(text: str, shown: str) -> Source | None:
    r"""A list each line of which is one item in JSON, as the program writes verdicts; None where it is anything else.

    JSON is YAML, and its parser is ten times as fast; it is left to the other to say what is wrong with a text, and to
    read what the two could take differently: an escape, a key that stands twice, a nesting of some depth.
    """
    if "- {" not in text or _NOT_PLAIN_JSON.search(text):
        return None
    items: list[Any] = []
    marks: dict[Path, Any] = {(): _Mark(0, 0)}
    for number, line in enumerate(re.split(r"\r\n?|\n", text)):
        if line.startswith("#") or not line:
            continue
        if not line.startswith("- {") or line.count("{") + line.count("[") >= MAX_DEPTH:
            return None
        try:
            item = _JSON.decode(line[2:])
        except (ValueError, RecursionError):
            return None
        marks[len(items),] = _Mark(number, 2)
        items.append(item)
    return Source(shown, items, marks) if items else None


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A mapping of JSON; what has a key twice is not for this parser."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError
    return found


def _no_constant(name: str) -> Any:
    """`NaN` is a number to this parser only."""
    raise ValueError(name)


def _build(text: str, shown: str) -> tuple[Source, list[Problem]]:
    r"""Build the data from parser events with a stack, so that depth is ours to limit.

    Beside it stand the invisible characters that escapes such as `"\u200b"` put into a value.
    """
    marks: dict[Path, Any] = {}
    stack: list[_Open] = []
    escaped: list[Problem] = []
    root: Any = None
    documents = 0
    escapes = "\\" in text
    events: Iterator[Any] = yaml.parse(text, Loader=Loader)
    for event in events:
        kind = event.__class__  # libyaml makes events of these very classes
        if kind in _NODES:
            if event.anchor is not None or event.tag is not None:
                _refuse_tricks(event)
            top = stack[-1] if stack else None
            # Without an escape a value has no character that the text has not.
            if escapes and kind is yaml.ScalarEvent and (hidden := INVISIBLE.search(event.value)):
                escaped.append(_invisible(shown, _position(event.start_mark), hidden[0]))
            if top is not None and top.key is None and top.value.__class__ is dict:
                top.key = _key(top, event, marks)
                continue
            path = top.next_path() if top is not None else ()
            marks[path] = event.start_mark
            value = _value(event)
            if top is not None:
                top.store(value)
            else:
                root = value
            if kind is not yaml.ScalarEvent:
                stack.append(_Open(path, value))
                too_deep = len(stack) > MAX_DEPTH
                _refuse(too_deep, event, "shape-too-deep", "nested too deeply", "records are flat: see their schema")
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            stack.pop()
        elif kind is yaml.DocumentStartEvent:
            documents += 1
            _refuse(documents > 1, event, "shape-yaml", "a second document in one file", "remove the --- line")
    return Source(shown, root, marks), escaped[:_MOST_INVISIBLE]


def _position(mark: Any) -> tuple[int, int]:
    return mark.line + 1, mark.column + 1


def _refuse(condition: bool, event: Any, code: str, message: str, hint: str) -> None:  # noqa: FBT001
    if condition:
        raise _FaultError(code, event.start_mark, message, hint)


def _refuse_tricks(event: Any) -> None:
    """Aliases can make a small file huge, and tags can name types: records need neither."""
    alias = isinstance(event, yaml.AliasEvent) or event.anchor is not None
    _refuse(alias, event, "shape-alias", "YAML anchors and aliases are not used here", "write the value out")
    tag = getattr(event, "tag", None)
    _refuse(tag not in (None, "!"), event, "shape-tag", f"the tag {tag} is not used here", "remove it")


def _key(top: _Open, event: Any, marks: dict[Path, Any]) -> str:
    """The key of a mapping that an event is."""
    if event.__class__ is not yaml.ScalarEvent:
        raise _FaultError("shape-yaml", event.start_mark, "a key must be plain text", "write `key: value`")
    key = str(event.value)
    if key in top.value:
        first = marks[(*top.path, key)].line + 1
        message = f"the key {key!r} stands twice; it is first on line {first}"
        raise _FaultError("shape-duplicate-key", event.start_mark, message, "remove or rename one of them")
    return key


def _value(event: Any) -> Any:
    if event.__class__ is not yaml.ScalarEvent:
        return {} if event.__class__ is yaml.MappingStartEvent else []
    plain = event.implicit[0]  # else it is quoted, or a block scalar, and so a text
    return _scalar(event.value) if plain else event.value


def _scalar(text: str) -> Any:
    """A plain scalar by the core schema of YAML 1.2; what is not quite a number stays text."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text) if len(text) < _MAX_DIGITS else text
    if _DECIMAL.fullmatch(text) and not re.match(r"[-+]?0\d", text):
        return Decimal(text)
    return Decimal("NaN") if _NOT_A_NUMBER.fullmatch(text) else text


_JSON = json.JSONDecoder(
    object_pairs_hook=_mapping, parse_int=_scalar, parse_float=_scalar, parse_constant=_no_constant
)
