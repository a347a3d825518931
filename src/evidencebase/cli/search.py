"""`evidence search`: findings by words, strength, group, measure and place.

evidence search swim weekly
evidence search --group girls --strength strong
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import click
from rich.table import Table
from rich.text import Text

from evidencebase.answers.search import Hit, search
from evidencebase.cli.console import STRENGTHS, console
from evidencebase.cli.loading import read_base
from evidencebase.cli.options import base_option, format_option
from evidencebase.model.appraisals import STRENGTHS as GRADES


@click.command("search", epilog="Example: evidence search girls --strength strong")
@click.argument("words", nargs=-1)
@base_option
@click.option("--strength", type=click.Choice(GRADES), help="Only this source strength.")
@click.option("--group", help="An id or words of a label; narrower groups are taken in.")
@click.option("--measure", help="An id or words of a label.")
@click.option("--place", help="An id or words of a label; places in it are taken in.")
@format_option("json", "csv")
def command(
    words: tuple[str, ...],
    base: Path | None,
    strength: str | None,
    group: str | None,
    measure: str | None,
    place: str | None,
    shape: str,
) -> None:
    """Find findings by words and facets, strongest sources first."""
    loaded = read_base(base)
    hits = search(loaded, words, strength=strength, group=group, measure=measure, place=place)
    if shape == "json":
        click.echo(json.dumps([hit.as_dict() for hit in hits], indent=2, ensure_ascii=False))
    elif shape == "csv":
        writer = csv.DictWriter(sys.stdout, fieldnames=list(Hit.__dataclass_fields__), lineterminator="\n")
        writer.writeheader()
        writer.writerows(hit.as_dict() for hit in hits)
    else:
        _print(hits)


def _print(hits: list[Hit]) -> None:
    out = console()
    if not hits:
        out.print(
            "No finding fits. Try fewer or shorter words, or drop an option; other kinds of record were not searched."
        )
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("strength", "figure", "statement", "id"):
        table.add_column(name, overflow="fold")
    for hit in hits:
        strength = Text(hit.strength or "no study", style=STRENGTHS.get(hit.strength or "", "dim"))
        state = "" if hit.status == "reviewed" else f" ({hit.status})"
        table.add_row(strength, Text(hit.figure), Text(hit.statement + state), Text(hit.id, style="dim"))
    out.print(table)
    out.print(f"{len(hits)} finding{'' if len(hits) == 1 else 's'} in this base")
