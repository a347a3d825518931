"""`evidence compare`: two findings side by side, or the reasons they may not be compared.

    evidence compare girls-able-2019 boys-able-2019
    evidence compare ID ID --format json

Exit 0: shown, comparable or not. 1: an id is no finding. 2: misuse.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.table import Table
from rich.text import Text

from evidencebase.answers.comparing import SideBySide, compare
from evidencebase.cli.console import console
from evidencebase.cli.loading import read_base
from evidencebase.cli.options import base_option, format_option
from evidencebase.model.plain import printable
from evidencebase.rendering.sheet import Sheet, to_markdown

if TYPE_CHECKING:
    from rich.console import Console

_BORNE_OUT = {
    True: "the numbers bear it out",
    False: "the numbers do not bear it out",
    None: "not checked against the numbers",
}


@click.command(
    "compare",
    epilog="Example: evidence compare girls-able-2019 boys-able-2019",
)
@click.argument("first", metavar="ID")
@click.argument("second", metavar="ID")
@base_option
@format_option("json", "markdown")
def command(first: str, second: str, base: Path | None, shape: str) -> None:
    """Put two figures side by side, with their difference, or with the reasons they may not be compared."""
    read = read_base(base)
    result = compare(read, first, second)
    if shape == "json":
        click.echo(json.dumps(result.as_dict(), indent=2, ensure_ascii=False))
    elif shape == "markdown":
        click.echo(to_markdown(_sheet(result)), nl=False)
    else:
        _print(console(), result)


def verdict(result: SideBySide) -> list[str]:
    """Say in words whether the two may be compared, by how much they differ, and what claims make of it."""
    lines = []
    if not result.comparable:
        lines.append("These two figures may not be compared:")
    for prevents in (True, False):
        lead = "  " if prevents else "note: "
        lines += [f"{lead}{each.aspect}: {each.message}" for each in result.reasons if each.prevents is prevents]
    difference = result.difference
    if difference is not None:
        lines.append(f"difference: {difference.estimate:+} {difference.unit} (first minus second)")
        if difference.lower is not None and difference.upper is not None:
            reach = f"{difference.lower:+.1f} to {difference.upper:+.1f}"
            lines.append(f"  {difference.confidence:g}% interval {reach} ({difference.method})")
            holds = "leaves out no difference" if difference.significant else "holds no difference"
            lines.append(f"  the interval {holds}")
        else:
            lines.append(f"  no interval of the difference: {difference.interval_unknown}")
        if difference.p_value is not None:
            lines.append(f"  z {difference.z:.2f}, p {difference.p_value:.2g}")
        if difference.ratio is not None:
            reach = ""
            if difference.ratio_lower is not None and difference.ratio_upper is not None:
                limits = f"{difference.ratio_lower:.2f} to {difference.ratio_upper:.2f}"
                reach = f", {difference.confidence:g}% interval {limits} (Katz)"
            lines.append(f"  ratio {difference.ratio:.2f} (first divided by second){reach}")
    for claim in result.claims:
        lines.append(f"claim {claim.id}: {claim.text} ({_BORNE_OUT[claim.borne_out]})")
    for side in (result.first, result.second):
        lines += [f"note: {side.id}: {caveat}" for caveat in side.caveats]
    return lines


def _rows(result: SideBySide) -> list[tuple[str, str, str]]:
    names = ("figure", "measure", "group", "place", "period", "study", "mode", "strength", "n", "precision")
    sides = (result.first, result.second)
    rows = []
    for name in names:
        one, other = (getattr(side, name) for side in sides)
        shown = [printable(str(each)) if each is not None else "not stated" for each in (one, other)]
        title = "source strength" if name == "strength" else name
        rows.append((title, shown[0], shown[1]))
    one, other = ("; ".join(side.documents) for side in sides)
    rows.append(("read in", printable(one), printable(other)))
    return rows


def _sheet(result: SideBySide) -> Sheet:
    title = "Side by side" if result.comparable else "Side by side, not comparable"
    return Sheet(title, ("", result.first.id, result.second.id), tuple(_rows(result)), tuple(verdict(result)))


def _print(out: Console, result: SideBySide) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("")
    table.add_column(Text(result.first.id), overflow="fold")
    table.add_column(Text(result.second.id), overflow="fold")
    for name, one, other in _rows(result):
        style = "yellow" if one != other and name in ("measure", "place", "period", "mode") else ""
        table.add_row(Text(name, style="dim"), Text(one, style=style), Text(other, style=style))
    out.print(table)
    out.print()
    for line in verdict(result):
        style = "bold red" if line.endswith("compared:") else "yellow" if line.startswith("note:") else ""
        out.print(Text(printable(line), style=style))
