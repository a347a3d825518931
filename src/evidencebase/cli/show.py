"""`evidence show`: one record with its whole provenance, from the figure to why its source is trusted.

evidence show girls-able-2019
"""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich.text import Text
from rich.tree import Tree

from evidencebase.answers.chain import Chain, chain
from evidencebase.cli.console import STRENGTHS, console
from evidencebase.cli.loading import read_base
from evidencebase.cli.options import base_option, format_option
from evidencebase.provenance.lock import read_lock


@click.command("show", epilog="Example: evidence show girls-able-2019")
@click.argument("record", metavar="ID")
@base_option
@format_option("json")
def command(record: str, base: Path | None, shape: str) -> None:
    """Show one record: the figure, its passages, its documents, its study, and how strong that is and why."""
    loaded = read_base(base)
    lock, _ = read_lock(loaded)
    found = chain(loaded, lock, record)
    if shape == "json":
        click.echo(json.dumps(found.as_dict(), indent=2, ensure_ascii=False))
        return
    console().print(tree(found))


def tree(found: Chain) -> Tree:
    """The chain as a tree, each step below the one that rests on it."""
    root = Tree(Text.assemble((found.statement, "bold"), "\n", (f"{found.id} · {found.kind} · {found.status}", "dim")))
    if found.figure:
        root.add(Text.assemble(("figure ", "dim"), (found.figure, "bold"), f"  {found.precision}"))
    _add_applicability(root, found)
    for passage in found.passages:
        at = ", ".join(
            part
            for part in (
                passage.locator,
                f"page {passage.page}" if passage.page else "",
                f"line {passage.line}" if passage.line and not passage.page else "",
            )
            if part
        )
        names = f"for {', '.join(passage.names)} " if passage.names else ""
        words = Text.assemble((f"passage {names}", "dim"), f"“{passage.words}”", (f"  {passage.matched}", "dim"))
        root.add(words).add(Text.assemble(("document ", "dim"), passage.title, (f" ({passage.document})  {at}", "dim")))
    _add_words(root, found)
    if found.source:
        _add_source(root, found)
    for caveat in found.caveats:
        root.add(Text.assemble(("caveat ", "dim"), caveat))
    for each in found.conflicts:
        why = each.because if each.linked else f"{each.because}; no link explains it"
        against = Text.assemble(("in conflict with ", "yellow"), each.statement, (f" ({each.id}): {why}", "dim"))
        root.add(against)
    for name, keys in (("rests on", found.rests_on), ("resting on it", found.rests_on_it)):
        if keys:
            branch = root.add(Text(name, style="dim"))
            for key in keys:
                between = f" (through {found.through[key]})" if key in found.through else ""
                branch.add(Text.assemble(key, (between, "dim")))
    root.add(Text.assemble(("written at ", "dim"), found.place))
    return root


def _add_applicability(root: Tree, found: Chain) -> None:
    if found.applicability:
        applies = root.add(Text.assemble(("applicability ", "dim"), (found.applicability, "bold")))
        for why in found.lowered:
            applies.add(Text.assemble(("lowered: ", "dim"), why))


def _add_words(root: Tree, found: Chain) -> None:
    if found.words:
        branch = root.add(Text("words", style="dim"))
        for name, told in found.words.items():
            branch.add(Text.assemble((f"{name} ", "dim"), told))


def _add_source(root: Tree, found: Chain) -> None:
    source = found.source
    if source is None:
        return
    study = root.add(Text.assemble(("study ", "dim"), source.label, (f" ({source.study})", "dim")))
    of_rate = bool(found.applicability)  # an estimate has no strength of its own
    strength = Text.assemble(
        ("the rate is from a " if of_rate else "source strength ", "dim"),
        (source.strength, f"bold {STRENGTHS.get(source.strength, 'dim')}"),
        (" source" if of_rate else "", "dim"),
    )
    study.add(strength + Text(f": {source.reason}"))
    if source.alternative:
        study.add(Text.assemble(("could be ", "dim"), source.alternative, f": {source.because}"))
    if source.retracted:
        study.add(Text(source.retracted.upper()[:1] + source.retracted[1:], style="bold red"))
