r"""How a manuscript names the records it cites, in Markdown (and Quarto) and in LaTeX.

Markdown, as bracketed spans and fenced divs, which pandoc keeps and readers can read:

    [7.7%]{.evidence finding=ID}                    the value; empty brackets are filled in
    [7.7%]{.evidence finding=ID show=interval}      value with its interval, or "precision unknown"
    [...]{.evidence finding=ID show=sentence}       the whole sentence
    ::: {.evidence findings="ID ID ID"}             a table of several
    :::

LaTeX:

    \evidence{ID}{7.7\%}   \evidence[interval]{ID}{}   \evidence[sentence]{ID}{}
    \begin{evidencetable}{ID, ID, ID}
    \end{evidencetable}

Options: `round=0` states that the figure is rounded to that many decimals; `cite=no` leaves the citation out.
By hand, an id beside a figure is enough: `7.7% (ID)`, `7.7% <!-- evidence: ID round=0 -->`.
Code, and marks inside comments, are left alone.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Literal

Syntax = Literal["markdown", "latex"]
SHOWS = ("value", "interval", "sentence", "table")
_MOST_DECIMALS = 9
_LONGEST_MARK = 5_000

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})[^\n]*\n.*?(?:^ {0,3}\1[`~]*[ \t\r]*$|\Z)", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"(?<![\\`])(`+)(?!`)(?:(?!\n[ \t\r]*\n).){1,2000}?(?<!`)\1(?!`)", re.DOTALL)
_HTML_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.MULTILINE | re.DOTALL)
_TEX_COMMENT = re.compile(r"(?<!\\)(?:\\\\)*%[^\n]*")
_TEX_VERBATIM = re.compile(
    r"\\begin\{(verbatim\*?|lstlisting|minted|comment)\}.*?(?:\\end\{\1\}|\Z)|\\verb\*?([^\sA-Za-z*])[^\n]{0,500}?\2",
    re.DOTALL,
)
_SPAN_END = re.compile(r"\]\{([^{}]*)\}")
_IS_MARK = re.compile(r"(?:^|\s)\.evidence(?=\s|$)")
_DIV = re.compile(r"^(:{3,})[ \t]*(?:\{([^{}\n]*)\}|[\w.-]+)[ \t]*:*[ \t\r]*$|^(:{3,})[ \t\r]*$", re.MULTILINE)
_ATTRIBUTE = re.compile(r"""([A-Za-z][\w-]*)\s*=\s*("[^"]*"|'[^']*'|[^\s"',}]+)|([^\s,]+)""")
_COMMAND = re.compile(r"\\evidence(?![A-Za-z])[ \t]*(?:\[([^\]]*)\])?[ \t]*(?=\{)")
_TABLE = re.compile(r"\\begin\{evidencetable\}\s*\{([^{}]*)\}(.*?)\\end\{evidencetable\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Fault:
    """A mark that cannot be read: where, what and the mend."""

    offset: int
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Records named in a manuscript. `start` and `end` bound what is filled in; `whole` bounds all of the mark.

    `decimals` is the rounding stated, None for none; `cite` says whether a citation is added.
    """

    ids: tuple[str, ...]
    show: str
    start: int
    end: int
    whole: tuple[int, int]
    decimals: int | None = None
    cite: bool = True
    faults: tuple[Fault, ...] = field(default=())


class Lines:
    """Offsets as lines and columns, both from 1."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def at(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def syntax_of(name: str) -> Syntax:
    """LaTeX by the ending of a file name; all else is Markdown."""
    return "latex" if name.lower().endswith((".tex", ".ltx", ".latex")) else "markdown"


def blanked(text: str, syntax: Syntax, *, comments: bool) -> str:
    """The text with code, and comments where asked, turned into spaces: offsets stay."""
    patterns = [_TEX_VERBATIM] if syntax == "latex" else [FRONT_MATTER, _FENCE]
    if comments:
        patterns += [_TEX_COMMENT] if syntax == "latex" else [_HTML_COMMENT, _CODE]
    for pattern in patterns:
        text = pattern.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)
    return text


def marks(text: str, syntax: Syntax) -> list[Mark]:
    """Every mark of a manuscript in order."""
    clean = blanked(text, syntax, comments=True)
    found = [*_latex_marks(clean)] if syntax == "latex" else [*_spans(clean), *_divs(clean)]
    return sorted(found, key=lambda mark: mark.start)


def _made(options: list[tuple[str, str]], at: int, show: str, bounds: tuple[int, int, int, int]) -> Mark:
    """A mark of its options; what is not understood becomes a fault."""
    ids: list[str] = []
    decimals: int | None = None
    cite = True
    faults: list[Fault] = []
    for name, value in options:
        if name in ("finding", "findings", "id", "ids", "record", "records"):
            ids += [each for each in re.split(r"[\s,]+", value) if each]
        elif name == "show" and value in SHOWS:
            show = value
        elif name == "round" and value.isascii() and value.isdigit() and int(value) <= _MOST_DECIMALS:
            decimals = int(value)
        elif name == "cite" and value in ("yes", "no"):
            cite = value == "yes"
        else:
            hint = f"options are finding=ID, show={'|'.join(SHOWS)}, round=DECIMALS, cite=yes|no"
            faults.append(Fault(at, f"{name}={value} is no option of a cited figure", hint))
    if not ids:
        faults.append(Fault(at, "this figure names no record", "add finding=ID"))
    elif len(ids) > 1 and show != "table":
        faults.append(Fault(at, "several records are shown as a table only", "write show=table, or one mark each"))
    start, end, first, last = bounds
    return Mark(tuple(ids), show, start, end, (first, last), decimals, cite, tuple(faults))


def _attributes(text: str) -> list[tuple[str, str]]:
    found = []
    for match in _ATTRIBUTE.finditer(text):
        name, value, bare = match.groups()
        if name:
            found.append((name, value.strip("\"'")))
        elif bare.startswith("#"):
            found.append(("id", bare[1:]))
        elif not bare.startswith("."):
            found.append(("show", bare))
    return found


def _spans(text: str) -> list[Mark]:
    found = []
    for match in _SPAN_END.finditer(text):
        if not _IS_MARK.search(match.group(1)):
            continue
        start = _opening(text, match.start())
        if start is not None:
            bounds = (start + 1, match.start(), start, match.end())
            found.append(_made(_attributes(match.group(1)), start, "value", bounds))
    return found


def _opening(text: str, closing: int) -> int | None:
    """The bracket that a closing one belongs to, in the same paragraph."""
    depth = 0
    first = max(0, closing - _LONGEST_MARK, text.rfind("\n\n", 0, closing), text.rfind("\n\r\n", 0, closing))
    for index in range(closing, first - 1, -1):
        if text[index] in "[]" and not _escaped(text, index):
            depth += 1 if text[index] == "]" else -1
            if depth == 0:
                return index
    return None


def _escaped(text: str, index: int) -> bool:
    """Whether an odd number of backslashes stands before `index`."""
    start = index
    while start and text[start - 1] == "\\":
        start -= 1
    return (index - start) % 2 == 1


def _divs(text: str) -> list[Mark]:
    found = []
    opened: list[re.Match[str]] = []
    for match in _DIV.finditer(text):
        if not match.group(3):
            opened.append(match)
        elif opened:
            start = opened.pop()
            if start.group(2) and _IS_MARK.search(start.group(2)):
                bounds = (min(start.end() + 1, match.start()), match.start(), start.start(), match.end())
                found.append(_made(_attributes(start.group(2)), start.start(), "table", bounds))
    return found


def _latex_marks(text: str) -> list[Mark]:
    found = []
    for match in _COMMAND.finditer(text):
        first = _group(text, match.end())
        second = _group(text, re.compile(r"\s*").match(text, first[1] + 1).end()) if first else None  # type: ignore[union-attr]
        if first is None or second is None:
            bounds = (match.start(), match.start(), match.start(), first[1] + 1 if first else match.end())
            fault = Fault(match.start(), r"\evidence lacks its arguments", r"write \evidence{ID}{figure}")
            found.append(Mark((), "value", *bounds[:2], bounds[2:], faults=(fault,)))
            continue
        options = [("id", text[first[0] : first[1]].strip()), *_attributes(match.group(1) or "")]
        bounds = (second[0], second[1], match.start(), second[1] + 1)
        found.append(_made(options, match.start(), "value", bounds))
    for match in _TABLE.finditer(text):
        bounds = (match.start(2), match.end(2), match.start(), match.end())
        found.append(_made([("ids", match.group(1))], match.start(), "table", bounds))
    return found


def _group(text: str, brace: int) -> tuple[int, int] | None:
    """The inside of the braces that open at `brace`."""
    if text[brace : brace + 1] != "{":
        return None
    depth = 0
    for match in re.compile(r"\\.|[{}]", re.DOTALL).finditer(text, brace, brace + _LONGEST_MARK):
        depth += {"{": 1, "}": -1}.get(match.group(), 0)
        if depth == 0:
            return brace + 1, match.start()
    return None
