"""`evidence pool`: several studies' percents, or rates, pooled into one, with a forest plot.

    evidence pool --measure cycles-weekly --group adults
    evidence pool --counts studies.csv --method REML --svg forest.svg
    evidence pool --rates studies.csv --per 1000

A table for --counts has the columns study, x and n: x of n people; one for --rates study, cases and time. Findings are
pooled only within one measure, which is one cut-off, and no sample twice. Exit 0: pooled. 1: a table with faults, or
too little to pool. 2: misuse.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.text import Text

from evidencebase.answers.pooling import Pooling, Synthesis, pool_counts, pool_findings
from evidencebase.cli.console import console
from evidencebase.cli.loading import read_base
from evidencebase.cli.options import base_option, format_option
from evidencebase.files import write_whole
from evidencebase.model.plain import printable
from evidencebase.problems import UsageError
from evidencebase.rendering.sheet import Cell, Sheet, to_csv

if TYPE_CHECKING:
    from rich.console import Console

_METHODS = ("common", "DL", "PM", "REML")


@click.command("pool", epilog="Example: evidence pool --counts studies.csv --method REML --svg forest.svg")
@base_option
@click.option("--measure", metavar="M", help="Default: the first of the base's outcomes, or the only one.")
@click.option("--group", metavar="G", help="Only findings of this group.")
@click.option("--counts", type=click.Path(path_type=Path), metavar="FILE.csv", help="A table of your own: study, x, n.")
@click.option("--rates", type=click.Path(path_type=Path), metavar="FILE.csv",
              help="A table of your own: study, cases, time (people or person-years).")  # fmt: skip
@click.option("--per", type=click.FloatRange(min=1), default=100_000, show_default=True, help="What --rates are per.")
@click.option("--scale", type=click.Choice(["logit", "freeman-tukey"]), default="logit", show_default=True)
@click.option("--method", type=click.Choice(_METHODS, case_sensitive=False), default="common", show_default=True,
              help="A common effect, or random effects with this between-study variance.")  # fmt: skip
@click.option("--hartung-knapp", is_flag=True, help="Hartung and Knapp's interval; for random effects.")
@click.option("--confidence", type=float, default=95, show_default=True, metavar="PERCENT")
@click.option("--svg", type=click.Path(path_type=Path), metavar="FILE", help="Write the forest plot as SVG.")
@click.option("--png", type=click.Path(path_type=Path), metavar="FILE", help="Write the forest plot as PNG.")
@format_option("json", "csv")
def command(
    base: Path | None,
    measure: str | None,
    group: str | None,
    counts: Path | None,
    rates: Path | None,
    per: float,
    scale: str,
    method: str,
    hartung_knapp: bool,
    confidence: float,
    svg: Path | None,
    png: Path | None,
    shape: str,
) -> None:
    """Pool the findings of one measure, or a table of counts, into one percent or rate."""
    if (counts or rates) and (measure or group):
        raise UsageError("--counts and --rates pool a table of your own", "leave out --measure and --group")
    if counts and rates:
        raise UsageError("--counts and --rates are two tables", "pool one of them")
    if rates and scale != "logit":
        raise UsageError(f"--scale {scale} is for percents; rates are pooled on the log scale", "leave out --scale")
    if hartung_knapp and method == "common":
        raise UsageError("Hartung-Knapp is for random effects", "add --method DL, PM or REML")
    if not 80 <= confidence <= 99.99:
        raise UsageError(f"--confidence is {confidence:g}", "give a percent from 80 to 99.99, such as 95")
    how = Pooling(scale, method, hartung_knapp, confidence)
    if counts is not None:
        result = pool_counts(counts, how)
    elif rates is not None:
        result = pool_counts(rates, how, per=per)
    else:
        read = read_base(base)
        result = pool_findings(read, measure, group, how)
    _draw(result, svg, png)
    if shape == "json":
        click.echo(json.dumps(result.as_dict(), indent=2, ensure_ascii=False))
    elif shape == "csv":
        click.echo(_csv(result), nl=False)
    else:
        _print(console(), result)


def _draw(result: Synthesis, svg: Path | None, png: Path | None) -> None:
    """Draw both plots before either is written."""
    if svg is None and png is None:
        return
    from evidencebase.rendering.drawing import png as as_png
    from evidencebase.rendering.forest import forest_svg

    plot = forest_svg(result)
    drawn: list[tuple[Path, str | bytes]] = [(svg, plot)] if svg else []
    drawn += [(png, as_png(plot))] if png else []
    for file, content in drawn:
        write_whole(file, content)
        click.echo(f"written: {file}", err=True)


def _csv(result: Synthesis) -> str:
    rows: list[tuple[Cell, ...]] = [
        (each.study, each.id, each.x, each.n, each.estimate, each.lower, each.upper, each.weight)
        for each in result.studies
    ]
    pooled = result.pooled
    rows.append(("pooled", None, None, None, pooled.estimate, pooled.lower, pooled.upper, 100.0))
    value = "percent" if pooled.unit == "percent" else "rate"
    columns = ("study", "finding", "x", "n", value, "lower", "upper", "weight")
    return to_csv(Sheet(result.title, columns, tuple(rows)))


def _print(out: Console, result: Synthesis) -> None:
    from evidencebase.rendering.forest import forest_text, pooled_words

    out.print(Text(printable(result.title), style="bold"))
    # Lines of a plot that wrap are no plot: what is too wide runs on.
    out.print(Text(forest_text(result, unicode=out.is_terminal)), soft_wrap=True)
    out.print()
    out.print(Text(pooled_words(result)))
    for note in result.notes:
        out.print(Text(f"note: {printable(note)}", style="yellow"))
    if result.left_out:
        out.print(Text(f"{len(result.left_out)} findings of this measure were left out:"))
        for each in result.left_out:
            out.print(Text(f"  {each.id}: {each.reason}", style="dim"))
