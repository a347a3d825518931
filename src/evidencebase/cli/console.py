"""Everything that is printed for people: problems by file, counts, records."""

from __future__ import annotations

from collections import Counter
from itertools import groupby

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from evidencebase.answers.report import Report
from evidencebase.problems import Problem, Severity
from evidencebase.provenance.seal import Seal

_PIPE_WIDTH = 4_000
_GITHUB = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
STRENGTHS = {"strong": "green", "moderate": "yellow", "weak": "magenta"}


def console(*, stderr: bool = False) -> Console:
    """A console that is plain when not a terminal and respects NO_COLOR."""
    made = Console(stderr=stderr, highlight=False, soft_wrap=False)
    if not made.is_terminal:
        # A pipe has no width: wrapping or cutting lines would only hurt what reads them.
        made = Console(stderr=stderr, highlight=False, no_color=True, width=_PIPE_WIDTH)
    return made


def print_report(out: Console, report: Report) -> None:
    """The problems grouped by file, then the counts; a skip is never hidden."""
    print_problems(out, report.problems)
    print_counts(out, report)


def print_problems(out: Console, problems: list[Problem]) -> None:
    """Each problem with its place, clickable in an editor, and its mend."""
    for path, group in groupby(problems, key=lambda problem: problem.path):
        lines: list[RenderableType] = [Text(path, style="bold underline")]
        for problem in group:
            head = Text.assemble(
                (f"{problem.place}", "dim"), " ", (str(problem.severity), STYLES[problem.severity]), " ",
                (problem.code, "bold"), (f" {problem.record}" if problem.record else "", "blue"),
            )  # fmt: skip
            beside = [side_by_side(*problem.beside)] if problem.beside else []
            below = (Text(problem.message), *beside, Text(f"mend: {problem.hint}", style="dim"))
            lines.append(Padding(head, (0, 0, 0, 2), expand=False))
            lines += (Padding(each, (0, 0, 0, 6), expand=False) for each in below)
        out.print(Group(*lines, Text()))  # to print each line by itself takes twice as long


def side_by_side(record: str, document: str) -> Text:
    """What the record says above what the document says, the first difference marked in both."""
    at = next((i for i, (one, other) in enumerate(zip(record, document, strict=False)) if one != other), None)
    at = min(len(record), len(document)) if at is None else at
    shown = Text()
    for name, words in (("record", record), ("document", document)):
        shown.append(f"{name:9}", style="dim")
        shown.append(words[:at])
        shown.append(f"{words[at:]}\n", style="bold red" if name == "record" else "bold green")
    shown.append(" " * (9 + at) + "^ first difference", style="dim")
    return shown


def print_counts(out: Console, report: Report) -> None:
    """How many anchors of each record type were checked, and what became of them."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("anchors of")
    for name in ("checked", "matched", "vouched", "failed", "skipped", "seen"):
        table.add_column(name, justify="right")
    for kind, count in report.matching.counts.items():
        failed = Text(str(count.failed), style="bold red" if count.failed else "")
        skipped = Text(str(count.skipped), style="yellow" if count.skipped else "")
        table.add_row(
            kind.replace("_", " "),
            str(count.checked),
            str(count.matched),
            str(count.vouched),
            failed,
            skipped,
            str(count.seen),
        )
    out.print(table)
    vouched = sum(count.vouched for count in report.matching.counts.values())
    if vouched:
        remembered = "it remembers that they were, in documents that are not at hand"
        out.print(f"{vouched} anchors were vouched for by the lock, not matched now: {remembered}.")
    for kind, states in report.worded.counts.items():
        told = ", ".join(f"{number} {state}" for state, number in states.items() if number)
        out.print(Text(f"words of {kind}: {told}"))
    if carried := report.reviews.counts[Seal.CARRIED]:
        out.print(f"{carried} entries (measures, groups, documents ...) are carried: nobody has read them yet.")
    if report.suppressed:
        out.print(f"{report.suppressed} problems are suppressed by records, each with a reason.")
    if report.left_out:
        listed = ", ".join(f"{code} {number}" for code, number in sorted(report.left_out.items()))
        out.print(f"{sum(report.left_out.values())} problems were not selected: {listed}")
    counts = Counter(problem.severity for problem in report.problems)
    summary = [f"{counts[each]} {each}{'' if counts[each] == 1 else 's'}" for each in Severity]
    style = "bold red" if counts[Severity.ERROR] else "bold green"
    among = " among the codes selected" if report.left_out else ""
    out.print(Text(", ".join(summary) + among, style=style))


def annotation(problem: Problem) -> str:
    """A workflow command, escaped as the format asks."""
    values = {"file": problem.path, "line": problem.line, "col": problem.column, "title": problem.code}
    properties = ",".join(f"{name}={_escape(str(value), ':,')}" for name, value in values.items() if value is not None)
    message = _escape(f"{problem.message}\nmend: {problem.hint}", "")
    return f"::{_GITHUB[problem.severity]} {properties}::{message}"


def _escape(text: str, also: str) -> str:
    codes_of = {"%": "%25", "\r": "%0D", "\n": "%0A"} | {char: f"%{ord(char):02X}" for char in also}
    return "".join(codes_of.get(char, char) for char in text)
