"""`evidence estimate`: local estimates, the base's own or for a new place.

    evidence estimate
    evidence estimate --template > people.csv
    evidence estimate --population people.csv --place Millbrook
    evidence estimate --population people.csv --place Millbrook -o millbrook.xlsx

Without options the estimates of the base are computed again from their rates and populations, and shown beside what was
published. With a population the rates of the base are applied to it, each row cited and graded.
Exit 0: a table was made. 1: the population file has a fault, or nothing fits. 2: misuse.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.table import Table
from rich.text import Text

from evidencebase.answers.local import LocalTable, estimate_local, population_template
from evidencebase.answers.recomputing import Recomputed, recompute
from evidencebase.cli.console import STRENGTHS, console
from evidencebase.cli.loading import read_base
from evidencebase.cli.options import base_option
from evidencebase.files import write_whole
from evidencebase.model.plain import printable
from evidencebase.problems import UsageError
from evidencebase.rendering.estimate_sheets import (
    local_notes,
    local_sheet,
    page_sheet,
    recomputed_notes,
    recomputed_sheet,
)
from evidencebase.rendering.sheet import WRITERS, Cell, Sheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from evidencebase.base import Base

SUFFIXES = {".csv": "csv", ".xlsx": "xlsx", ".json": "json", ".md": "markdown", ".html": "html", ".htm": "html"}
FORMATS = ("text", "csv", "xlsx", "json", "markdown", "html")


@click.command(
    "estimate", epilog="Example: evidence estimate --population people.csv --place Millbrook -o millbrook.xlsx"
)
@base_option
@click.option("--population", type=click.Path(path_type=Path), metavar="FILE.csv", help="Local groups and counts.")
@click.option("--place", metavar="NAME", help="The place the population lives in.")
@click.option("--template", is_flag=True, help="Print a population file to fill in: the groups with a rate.")
@click.option(
    "--measure", metavar="M", help="What to estimate. Default: the first of the base's outcomes, or the only one."
)
@click.option("--override", metavar="REASON", help="Use rates that do not fit; the reason is printed in the rows.")
@click.option("--format", "shape", type=click.Choice(FORMATS), help="Default: by the suffix of -o, else text.")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="OUT", help="Write to a file, all or nothing.")
def command(
    base: Path | None,
    population: Path | None,
    place: str | None,
    template: bool,
    measure: str | None,
    override: str | None,
    shape: str | None,
    output: Path | None,
) -> None:
    """Apply published rates to local people: the base's own estimates, or a table for a new place."""
    form = _form(shape, output)
    _check(population, place, measure, override, template=template)
    read = read_base(base)
    if template:
        _give(population_template(read, measure), output)
    elif population is not None and place is not None:
        _local(read, estimate_local(read, population, place, measure, override), form, output)
    else:
        _own(read, recompute(read), form, output)


def _check(
    population: Path | None, place: str | None, measure: str | None, override: str | None, *, template: bool
) -> None:
    if template and (population or place):
        raise UsageError("--template prints an empty population file", "leave out --population and --place")
    if population is not None and place is None:
        raise UsageError("--population needs the place its people live in", "add --place NAME")
    if population is None and not template:
        for name, value in (("--place", place), ("--measure", measure), ("--override", override)):
            if value is not None:
                raise UsageError(f"{name} is for a population of your own", "add --population FILE.csv")


def _form(shape: str | None, output: Path | None) -> str:
    form = shape or (SUFFIXES.get(output.suffix.casefold(), "text") if output else "text")
    if form == "xlsx" and output is None:
        raise UsageError("a workbook cannot be printed", "name a file: -o estimates.xlsx")
    return form


def _give(content: str | bytes, output: Path | None) -> None:
    if output is not None:
        write_whole(output, content)
        click.echo(f"written: {output}", err=True)
    else:
        click.echo(content, nl=not str(content).endswith("\n"))


def _local(base: Base, table: LocalTable, form: str, output: Path | None) -> None:
    if form == "json":
        _give(_json(table.as_dict()), output)
    elif form == "text":
        _text(output, lambda out: _print_local(out, base, table))
    else:
        lay_out = page_sheet if form in ("markdown", "html") else local_sheet
        _give(WRITERS[form](lay_out(base, table)), output)


def _own(base: Base, result: Recomputed, form: str, output: Path | None) -> None:
    if form == "json":
        _give(_json(result.as_dict()), output)
    elif form == "text":
        _text(output, lambda out: _print_own(out, result))
    else:
        _give(WRITERS[form](recomputed_sheet(base, result)), output)


def _json(value: dict[str, object]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _text(output: Path | None, show: Callable[[Console], None]) -> None:
    """Print for people; into a file the same, plain."""
    out = console()
    if output is None:
        show(out)
        return
    with out.capture() as captured:
        show(out)
    _give(Text.from_ansi(captured.get()).plain.rstrip() + "\n", output)


def _cell(value: Cell) -> Text:
    return Text("" if value is None else f"{value:,}" if not isinstance(value, str) else printable(value))


def _print_local(out: Console, base: Base, table: LocalTable) -> None:
    out.print(Text(f"{table.measure_label}: expected numbers in {printable(table.place)}", style="bold"))
    shown = Table(box=None, pad_edge=False, header_style="bold")
    shown.add_column("group", overflow="fold")
    for name in ("population", "rate", "expected"):
        shown.add_column(name, justify="right")
    for name in ("applicability", "precision", "source strength", "finding"):
        shown.add_column(name, overflow="fold")
    for row in table.rows:
        rate = row.source.rate_text if row.source else ""
        interval = f"{row.lower:,} to {row.upper:,}" if row.lower is not None and row.upper is not None else "unknown"
        strength = Text(row.source_strength, style=STRENGTHS.get(row.source_strength, ""))
        expected = _cell(row.expected) if row.expected is not None else Text("refused", style="bold red")
        shown.add_row(
            Text(row.label), _cell(row.count), Text(rate), expected, Text(row.applicability),
            Text(interval if row.source else ""), strength, Text(row.source.finding if row.source else ""),
        )  # fmt: skip
    if table.total.expected is not None:
        shown.add_row(Text("Total", style="bold"), _cell(table.total.count), Text(), _cell(table.total.expected))
    out.print(shown)
    out.print(Text(f"Total: {table.total.text}"))
    out.print()
    for row in table.rows:
        out.print(Text(row.statement[:1].upper() + row.statement[1:] + ".", style="" if row.source else "red"))
        for line in _details(row.reason, row.override, [each.because for each in row.lowered], row.precision):
            out.print(Text(f"  {line}", style="dim"))
    out.print()
    _print_notes(out, local_notes(base, table))


def _details(reason: str, override: str | None, lowered: list[str], precision: str) -> list[str]:
    if not precision:
        return []
    found = [f"rate: {reason}", precision if precision.startswith("precision") else f"precision: {precision}"]
    found += [f"applicability lowered: {each}" for each in lowered]
    return found + ([f"override: {override}"] if override else [])


def _print_notes(out: Console, notes: tuple[str, ...]) -> None:
    for number, note in enumerate(notes, start=1):
        out.print(Text(f"{number}. {printable(note)}"))


def _print_own(out: Console, result: Recomputed) -> None:
    for title, kind in (("Estimates", None), ("Totals", "estimate"), ("Totals of populations", "population")):
        sheet = _own_sheet(result, kind)
        if not sheet.rows:
            continue
        out.print(Text(title, style="bold"))
        shown = Table(box=None, pad_edge=False, header_style="bold")
        for name in sheet.columns:
            number = name in ("rate", "population", "exact", "recomputed", "published", "rows", "unrounded")
            shown.add_column(name, justify="right" if number else "left", overflow="fold")
        for cells in sheet.rows:
            shown.add_row(*[_cell(each) for each in cells])
        out.print(shown)
        out.print()
    for row in result.rows:
        for each in row.fit:
            out.print(Text(f"{row.id}: {each}", style="yellow"))
    out.print()
    _print_notes(out, recomputed_notes(result))


def _own_sheet(result: Recomputed, kind: str | None) -> Sheet:
    columns: tuple[str, ...]
    if kind is None:
        columns = (
            "estimate", "applicability", "rate", "population", "exact", "recomputed", "published", "explanation",
        )  # fmt: skip
        rows: list[tuple[Cell, ...]] = [
            (row.id, row.applicability, f"{row.rate}%", row.population, row.exact, row.recomputed, row.published,
             row.explanation)
            for row in result.rows
        ]  # fmt: skip
    else:
        applies = ("applicability",) if kind == "estimate" else ()
        columns = ("total", *applies, "rows", "unrounded", "published", "explanation")
        rows = [
            (each.id, *([each.applicability] if applies else []), each.of_rounded, each.of_exact, each.published,
             each.explanation)
            for each in result.totals
            if each.kind == kind
        ]  # fmt: skip
    return Sheet("", columns, tuple(rows))
