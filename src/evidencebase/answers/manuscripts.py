r"""Filling a manuscript: figures, sentences and tables of the records it names, with citations and a bibliography.

What is filled in replaces what stood between the brackets, so that filling twice changes nothing. Citations are
pandoc's `[@study; as cited in @document]` or LaTeX's `\cite`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from evidencebase.answers.notation import FRONT_MATTER, Lines, Mark, Syntax, marks
from evidencebase.bibliography.bibtex import safe_key, to_biblatex, to_bibtex
from evidencebase.citing.marked import plain
from evidencebase.citing.sentences import (
    aloud,
    body,
    cited,
    precision,
    sources_of,
    state_hint,
    study_of,
)
from evidencebase.model.records import Estimate, Finding, Population
from evidencebase.problems import Place, Problem, Severity
from evidencebase.provenance.seal import Reviews, Status, counts
from evidencebase.rules import rounding

if TYPE_CHECKING:
    from collections.abc import Callable

    from evidencebase.base import Base, Entry

BIB_HEADER = "% Written by `evidence manuscript` from the records cited; it is written again at each run.\n"
FIGURED = (Finding, Population, Estimate)
_STATES = {
    Status.DRAFT: "manuscript-unreviewed",
    Status.BROKEN: "manuscript-seal-broken",
    Status.SUPERSEDED: "manuscript-superseded",
    Status.REJECTED: "manuscript-rejected",
    Status.WITHDRAWN: "manuscript-withdrawn",
}
_PREAMBLE = (
    "\\providecommand{\\evidence}[3][value]{#3}\n"
    "\\makeatletter\\@ifundefined{evidencetable}{\\newenvironment{evidencetable}[1]{}{}}{}\\makeatother\n"
)
_HEADINGS = ("Group", "Figure", "Precision", "Place", "Period", "Source strength", "Source")


@dataclass
class Filled:
    """A filled manuscript: its text, the bibliography beside it, and what was wrong or must be said."""

    text: str
    bibliography: str
    problems: list[Problem] = field(default_factory=list)

    @property
    def fails(self) -> bool:
        """Whether nothing may be written: a record is unknown, withdrawn, or a mark cannot be read."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)


def rounded(entry: Entry, decimals: int | None) -> Entry:
    """The entry with its figure rounded half up to a number of decimals, as the manuscript states; None: as is."""
    record = entry.record
    if decimals is None:
        return entry

    def off(value: Decimal) -> Decimal:
        return rounding.rounded(value, like=Decimal(1).scaleb(-decimals))

    changes: dict[str, object] = {}
    for name in ("value", "published"):
        value = getattr(record, name, None)
        if isinstance(value, Decimal) and name in type(record).model_fields:
            changes[name] = off(value)
    if isinstance(record, Finding) and record.range:
        changes["range"] = record.range.model_copy(
            update={"low": off(record.range.low), "high": off(record.range.high)}
        )
    if isinstance(record, Finding) and record.interval:
        limits = {"lower": off(record.interval.lower), "upper": off(record.interval.upper)}
        changes["interval"] = record.interval.model_copy(update=limits)
    return replace(entry, record=record.model_copy(update=changes))


def citation(entry: Entry, base: Base, syntax: Syntax) -> str:
    """The citation keys of a record in the manuscript's own notation."""
    source = cited(entry, base)
    studies, through = (
        [safe_key(each.key) for each in sources_of(keys, base)] for keys in (source.studies, source.through)
    )
    if syntax == "latex":
        first = rf"\cite{{{','.join(studies)}}}"
        return rf"({first}, as cited in \cite{{{','.join(through)}}})" if through else first
    keys = [f"@{key}" for key in studies] + [
        f"{'as cited in ' if index == 0 else ''}@{key}" for index, key in enumerate(through)
    ]
    return f"[{'; '.join(keys)}]"


def rendering(mark: Mark, entries: list[Entry], base: Base, syntax: Syntax) -> str:
    """What stands in a mark once it is filled."""
    entries = [rounded(entry, mark.decimals) for entry in entries]
    if mark.show == "table":
        return _table(entries, base, syntax, cite=mark.cite)
    entry = entries[0]
    shown = base.figure(entry) or body(entry, base)
    if mark.show == "sentence":
        shown = body(entry, base)
    elif mark.show == "interval" and precision(entry, base):
        shown = f"{shown} ({precision(entry, base)})"
    joint = "~" if syntax == "latex" and mark.show != "sentence" else " "
    cite = joint + citation(entry, base, syntax) if mark.cite else ""
    return plain(shown).written(syntax) + cite + ("." if mark.show == "sentence" else "")


def _cells(entry: Entry, base: Base, write: Callable[[str], str], cite: str) -> list[str]:
    record = entry.record
    study = study_of(entry, base)
    plain_cells = [
        base.label("groups", getattr(record, "group", None)) or "not stated",
        base.figure(entry) or body(entry, base),
        precision(entry, base) or "not applicable",
        base.label("places", getattr(record, "place", None)) or "not stated",
        getattr(record, "period", None) or "not stated",
        study.strength if study else "not graded",
    ]
    return [*(write(cell) for cell in plain_cells), cite]


def _table(entries: list[Entry], base: Base, syntax: Syntax, *, cite: bool) -> str:
    rows = [
        _cells(
            entry,
            base,
            lambda text: plain(text).written(syntax),
            citation(entry, base, syntax) if cite else "",
        )
        for entry in entries
    ]
    headings = list(_HEADINGS if cite else _HEADINGS[:-1])
    rows = rows if cite else [row[:-1] for row in rows]
    if syntax == "latex":
        widths = "".join(f"p{{{0.92 / len(headings):.2f}\\linewidth}}" for _ in headings)
        lines = [" & ".join(row) + r" \\" for row in (headings, *rows)]
        return "\n".join(["", rf"\begin{{tabular}}{{{widths}}}", r"\hline", lines[0], r"\hline", *lines[1:],
                          r"\hline", r"\end{tabular}", ""])  # fmt: skip
    lines = [f"| {' | '.join(row)} |" for row in (headings, ["---"] * len(headings), *rows)]
    return "\n" + "\n".join(lines) + "\n\n"


def fill(text: str, syntax: Syntax, base: Base, path: str, bib_name: str) -> Filled:
    """Fill every mark of a manuscript.

    `path` is how problems name the file; `bib_name` is the file name of the bibliography written beside it.
    Figures are never guessed: a mark that cannot be filled is a problem and stays as it is.
    """
    lines = Lines(text)
    reviews = Reviews(base)
    problems: list[Problem] = []
    edits: list[tuple[int, int, str]] = []
    used: list[str] = []
    for mark in marks(text, syntax):
        found, faults = resolve(mark, base, reviews, path, lines, filling=True)
        problems += faults
        if any(fault.severity is Severity.ERROR for fault in faults) or not found:
            continue
        edits.append((mark.start, mark.end, rendering(mark, found, base, syntax)))
        if mark.cite:
            used += [key for entry in found for key in cited(entry, base).keys]
    newline = "\r\n" if "\r\n" in text else "\n"
    for start, end, shown in sorted(edits, reverse=True):
        text = text[:start] + shown.replace("\n", newline) + text[end:]
    sources = sources_of(used, base)
    if syntax == "latex":
        with_biblatex = re.search(r"\\usepackage(\[[^\]]*\])?\{[^}]*biblatex", text) is not None
        written = to_biblatex(sources) if with_biblatex else to_bibtex(sources)
        text = _with_preamble(text) if edits else text
        problems += _latex_bibliography(text, bib_name, path) if sources else []
    else:
        written = to_biblatex(sources)
        text, more = _with_bibliography(text, bib_name, path) if sources else (text, [])
        problems += more
    return Filled(text, BIB_HEADER + "\n" + written if sources else "", problems)


def resolve(
    mark: Mark, base: Base, reviews: Reviews, path: str, lines: Lines, *, filling: bool = False
) -> tuple[list[Entry], list[Problem]]:
    """The records of a mark, and what is wrong with the mark or their state.

    While filling, a record not reviewed, superseded or with a broken seal is a warning: it is filled in, and
    said aloud. Otherwise it is an error.
    """
    place = Place(path, *lines.at(mark.whole[0]))
    problems = [
        Problem(Severity.ERROR, "manuscript-notation", Place(path, *lines.at(fault.offset)), fault.message, fault.hint)
        for fault in mark.faults
    ]
    entries = []
    for key in mark.ids:
        entry = base.by_id.get(key)
        if entry is None:
            message, hint = f"there is no record {key}", base.nearest(key)
            problems.append(Problem(Severity.ERROR, "manuscript-unknown-id", place, message, hint, key))
            continue
        entries.append(entry)
        if mark.show in ("value", "interval") and not base.figure(entry):
            hint = "name a finding, population or published estimate, or write show=sentence"
            message = f"{key} has no figure to show"
            problems.append(Problem(Severity.ERROR, "manuscript-no-figure", place, message, hint, key))
        problems += state_problems(entry, reviews, base, place, filling=filling)
    return entries, problems


def state_problems(entry: Entry, reviews: Reviews, base: Base, place: Place, *, filling: bool = False) -> list[Problem]:
    """What is wrong with citing a record in the state it is in, and the sources it comes from."""
    status = reviews.status(entry)
    problems = []
    if status in _STATES:
        severity = Severity.WARNING if filling and counts(status) else Severity.ERROR
        message = f"{entry.key}: {aloud(status)}"
        problems.append(Problem(severity, _STATES[status], place, message, state_hint(status, entry.key), entry.key))
    problems += [
        Problem(Severity.WARNING, "manuscript-retracted", place, f"{key} was retracted or corrected by its publisher",
                "look at the notice before citing it", entry.key)
        for key in cited(entry, base).keys if key in reviews.retracted
    ]  # fmt: skip
    return problems


def _with_bibliography(text: str, bib_name: str, path: str) -> tuple[str, list[Problem]]:
    """The Markdown with `bibliography:` in its front matter; one that is there already is left alone."""
    newline = "\r\n" if "\r\n" in text else "\n"
    match = FRONT_MATTER.match(text)
    if match is None:
        return f"---{newline}bibliography: {bib_name}{newline}---{newline}{newline}{text}", []
    front = match.group(1)
    if not re.search(r"^bibliography\s*:", front, re.MULTILINE):
        return text[: match.end(1)] + f"bibliography: {bib_name}{newline}" + text[match.end(1) :], []
    if bib_name in front:
        return text, []
    hint = f"add {bib_name} to it: bibliography: [yours.bib, {bib_name}]"
    message = "the front matter names another bibliography"
    return text, [Problem(Severity.WARNING, "manuscript-bibliography", Place(path, 1, 1), message, hint)]


def _with_preamble(text: str) -> str:
    r"""The LaTeX with \evidence defined before the document begins, where it is a whole document."""
    if re.search(r"\\(providecommand|newcommand|def)\s*\{?\\evidence(?![A-Za-z])", text):
        return text
    match = re.search(r"^[^%\n]*\\begin\{document\}", text, re.MULTILINE)
    return text if match is None else text[: match.start()] + _PREAMBLE + text[match.start() :]


def _latex_bibliography(text: str, bib_name: str, path: str) -> list[Problem]:
    stem = bib_name.removesuffix(".bib")
    named = re.findall(r"\\(?:bibliography|addbibresource)(?:\[[^\]]*\])?\{([^}]*)\}", text)
    if "\\begin{document}" not in text or any(stem in each for each in named):
        return []
    hint = rf"add \bibliographystyle{{plain}} and \bibliography{{{stem}}} before \end{{document}}"
    message = f"no \\bibliography names {bib_name}"
    return [Problem(Severity.WARNING, "manuscript-bibliography", Place(path, 1, 1), message, hint)]
