"""`evidence ground`: where the document names what the passage of a record does not.

    evidence ground                    what every record leaves open, and what could answer it
    evidence ground girls-able-2019    of one record
    evidence ground --write            add the anchors `for` words, and contexts, that cannot let a wrong record pass

Only anchors and contexts are ever written, every other byte of a file stays: never `inferred`, never the printed words
of an entry, and nothing for what the passage contradicts. Writing changes records, and so breaks their seals.

Exit 0: the records were asked, whatever was found. 1: a record named could not be asked, or nothing could.
"""

from __future__ import annotations

import json
import sys
from itertools import groupby
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from evidencebase.answers.grounding import Grounded, ground_base
from evidencebase.checks.words import phrased
from evidencebase.cli.console import console
from evidencebase.cli.options import base_option, documents_option, format_option
from evidencebase.folder import find_base
from evidencebase.provenance.grounding import Asked, Located
from evidencebase.provenance.rulings import WordState
from evidencebase.provenance.sections import Gathered
from evidencebase.reading.edits import as_flow


@click.command("ground", epilog="Example: evidence ground girls-able-2019 --write")
@click.argument("records", nargs=-1, metavar="[ID]...")
@base_option
@documents_option
@click.option("--write", is_flag=True, help="Add what is sound to the records; without it nothing is changed.")
@format_option("json")
def command(records: tuple[str, ...], base: Path | None, documents: Path | None, write: bool, shape: str) -> None:
    """Propose where else a document names what the passage of a record does not."""
    found = ground_base(find_base(base), documents, records, write=write)
    if shape == "json":
        click.echo(json.dumps(found.as_dict(), indent=2, ensure_ascii=False))
    else:
        _print(found, write=write)
    sys.exit(1 if records and found.unasked else 0)


def _print(found: Grounded, *, write: bool) -> None:
    out = console()
    for entry, fields in groupby(found.grounding.asked, key=lambda each: each.ruling.entry):
        out.print(Text.assemble((entry.key, "bold"), (f"  {entry.place()}", "dim")))
        for asked in fields:
            _print_field(out, found, asked, write=write)
    for context in found.contexts:
        keys = ", ".join(entry.key for entry in context.entries)
        out.print(Text.assemble((f"context {context.context.id}", "bold"), f", for {keys}"))
        out.print(Text(f"  - {as_flow(context.written)}"))
    for key, why in found.unasked.items():
        out.print(Text(f"not asked: {key}: {why}", style="yellow"))
    _print_sum(out, found, write=write)


def _print_field(out: Console, found: Grounded, asked: Asked, *, write: bool) -> None:
    ruling, answer, became = asked.ruling, found.answer(asked), found.state(asked)
    state = f"{ruling.state}, now {became}" if became else str(ruling.state)
    out.print(Text.assemble("  ", phrased(found.base, ruling), (f" ({state})", "dim")))
    if ruling.state is WordState.CONTRADICTED:
        named = f"“{asked.own.words}”, {_at(asked.own)}" if asked.own else "nowhere"
        out.print(Text(f"      the document names what the record says: {named}"))
        out.print(Text("      nothing is written: read which of the two is right", style="dim"))
    if isinstance(answer, Gathered):
        out.print(Text(f"      answered by the context {answer.context.id}", style="green"))
    for each in asked.proposals:
        sound = each.anchor is answer
        what = ("written" if write else "can be written") if sound else f"shown only: {each.why_not or 'one is enough'}"
        out.print(Text(f"      {each.where}, {_at(each.place)}: {as_flow(each.written)}"))
        out.print(Text(f"          {what}", style="green" if sound else "dim"))
    if asked.like:
        words = ", ".join(f"“{each}”" for each in asked.like)
        out.print(Text(f"      printed near, and like its words: {words}"))
        out.print(Text("          to `words` of the entry only if documents in general print it so", style="dim"))


def _at(place: Located) -> str:
    return f"page {place.page}" if place.page else f"line {place.line}"


def _print_sum(out: Console, found: Grounded, *, write: bool) -> None:
    asked = found.grounding.asked
    answered = sum(found.answer(each) is not None for each in asked)
    shown = sum(found.answer(each) is None and bool(each.proposals) for each in asked)
    counts = f"records asked: {found.grounding.records:,}; fields open: {len(asked):,}"
    counts += f"; {'answered' if write else 'to write'}: {answered:,}; with places only shown: {shown:,}"
    out.print(counts, style="bold")
    if found.written:
        out.print(Text(f"wrote {', '.join(found.written)}"))
        out.print(
            f"records changed: {found.changed:,}. A changed record breaks its seal: have it read again with"
            " `evidence review`, then run `evidence lock`."
        )
    elif write:
        out.print("nothing to write")
    elif answered:
        out.print("nothing was changed: `evidence ground --write` writes them")
