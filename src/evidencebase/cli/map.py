"""`evidence map`: groups against measures, and the responses that address each group.

    evidence map
    evidence map --by measure --format html -o map.html

Exit 0: drawn. 1: it cannot be written. 2: misuse.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.text import Text

from evidencebase.answers.evidence_map import By, Map, evidence_map
from evidencebase.cli.console import console
from evidencebase.cli.loading import read_base
from evidencebase.cli.options import base_option
from evidencebase.files import write_whole
from evidencebase.rendering.map_views import map_html, map_lines, map_matrix, map_summary, map_svg

if TYPE_CHECKING:
    from rich.console import Console

_FORMATS = ("text", "svg", "html", "json")
_SUFFIXES = {".svg": "svg", ".html": "html", ".htm": "html", ".json": "json"}


@click.command("map", epilog="Example: evidence map --by construct --format html -o map.html")
@base_option
@click.option("--by", type=click.Choice(["measure", "construct"]), default="construct", show_default=True,
              help="One column for each measure, or for each construct that measures capture.")  # fmt: skip
@click.option("--list", "listed", is_flag=True, help="In text: one line for each cell instead of a grid.")
@click.option("--format", "shape", type=click.Choice(_FORMATS), help="Default: by the suffix of -o, else text.")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="OUT", help="Write to a file, all or nothing.")
def command(base: Path | None, by: By, listed: bool, shape: str | None, output: Path | None) -> None:
    """Show what the base holds on each group, where it holds nothing, and which responses address whom."""
    read = read_base(base)
    found = evidence_map(read, by)
    form = shape or (_SUFFIXES.get(output.suffix.casefold(), "text") if output else "text")
    makers = {"svg": map_svg, "html": map_html, "json": _json}
    if form in makers:
        content = makers[form](found)
    elif output is not None:
        content = "\n".join(_lines(found, listed=listed, plain=True)) + "\n"
    else:
        _print(console(), found, listed=listed)
        return
    if output is None:
        click.echo(content, nl=False)
    else:
        write_whole(output, content)
        click.echo(f"written: {output}", err=True)


def _json(found: Map) -> str:
    return json.dumps(found.as_dict(), indent=2, ensure_ascii=False) + "\n"


def _lines(found: Map, *, listed: bool, plain: bool) -> list[str]:
    body = map_lines(found) if listed else map_matrix(found, plain=plain)
    return [*body, "", *map_summary(found, plain=plain)]


def _print(out: Console, found: Map, *, listed: bool) -> None:
    """Print the grid where it is no wider than the window, else one line for each cell."""
    grid = map_matrix(found, plain=not out.is_terminal)
    as_list = listed or max(len(line) for line in grid[:1]) > out.width
    for line in map_lines(found) if as_list else grid:
        style = "bold" if as_list and not line.startswith(" ") else "yellow" if line.startswith("  gap:") else ""
        out.print(Text(line, style=style), soft_wrap=True)
    out.print()
    for line in map_summary(found, plain=not out.is_terminal):
        out.print(Text(line))
