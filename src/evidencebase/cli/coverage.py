"""`evidence coverage`: which numbers of a document are records, set aside, or unread, and which words are named.

evidence coverage
evidence coverage millbrook-2020 --strict
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from evidencebase.answers.report import check_base
from evidencebase.cli.console import console
from evidencebase.cli.options import base_option, documents_option, format_option
from evidencebase.folder import find_base
from evidencebase.model.plain import shown
from evidencebase.problems import UsageError, did_you_mean
from evidencebase.provenance.coverage import coverage
from evidencebase.provenance.library import Library, documents_folder
from evidencebase.provenance.rulings import WordState
from evidencebase.provenance.words import Worded


@click.command("coverage", epilog="Example: evidence coverage millbrook-2020 --strict")
@click.argument("document", required=False)
@base_option
@documents_option
@click.option("--strict", is_flag=True, help="Exit 1 when a number is unread, or a document is not at hand.")
@format_option("json")
def command(document: str | None, base: Path | None, documents: Path | None, strict: bool, shape: str) -> None:
    """Show which numbers of each document are records, set aside or unread, and where the words of records stand."""
    report = check_base(find_base(base), documents, select=("anchor",))
    if document is not None and document not in report.base.documents:
        hint = did_you_mean(document, report.base.documents, f"it has {', '.join(report.base.documents) or 'none'}")
        raise UsageError(f"{shown(document)} is no document of this base", hint)
    library = Library(report.base, documents_folder(report.base, documents))
    found = [each for each in coverage(report.base, library, report.matching) if document in (None, each.document)]
    worded = report.worded if document is None else report.worded.by_document.get(document, Worded())
    if shape == "json":
        absent = [{"document": each.document, "why": each.why} for each in found if each.rendition is None]
        read = [each.as_dict() for each in found if each.rendition is not None]
        answer = {"documents": read, "not_at_hand": absent, "words": _words(worded)}
        click.echo(json.dumps(answer, indent=2, ensure_ascii=False))
    else:
        _print(found)
        _print_words(worded)
    if strict and any(each.unread or each.rendition is None for each in found):
        sys.exit(1)


def _print(found: list) -> None:  # type: ignore[type-arg]
    out = console()
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("document")
    for name in ("numbers", "records", "set aside", "unread"):
        table.add_column(name, justify="right")
    for each in found:
        aside = sum(each.set_aside.values())
        unread = str(len(each.unread)) if each.rendition else each.why
        table.add_row(each.document, str(each.figures), str(each.anchored), str(aside), unread)
    out.print(table)
    for each in found:
        if each.set_aside:
            reasons = ", ".join(f"{reason} {number}" for reason, number in sorted(each.set_aside.items()))
            out.print(f"{each.document}: set aside as {reasons}")
        for unread in each.unread:
            out.print(f"  {each.document}:{unread.line}: {unread.number} in “{unread.text}”", markup=False)


def _words(worded: Worded) -> dict[str, Any]:
    """How many fields are in each state, in all as `check` counts them and by document, and the share inferred."""
    inferred, of = worded.inferred
    return {
        "total": worded.counts,
        "documents": {key: its.counts for key, its in sorted(worded.by_document.items())},
        "inferred": {"fields": inferred, "of": of, "percent": round(100 * inferred / of, 1) if of else None},
        "remembered": sum(ruling.remembered for ruling in worded.rulings),
    }


def _print_words(worded: Worded) -> None:
    out = console()
    counts = {key: its.counts for key, its in sorted(worded.by_document.items())}
    present = {state for kinds in counts.values() for states in kinds.values() for state in states if states[state]}
    shown = [str(state) for state in WordState if str(state) in present]
    if not shown:
        out.print("words: none could be looked for, and the lock remembers none")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("words of")
    table.add_column("in")
    for state in shown:
        table.add_column(state, justify="right")
    for key, kinds in counts.items():
        for kind, states in kinds.items():
            table.add_row(kind, key, *(f"{states[state]:,}" for state in shown))
    out.print()
    out.print(table)
    inferred, of = worded.inferred
    out.print(f"inferred: {inferred:,} of {of:,} fields that say anything ({100 * inferred / max(of, 1):.1f}%)")
    if remembered := sum(ruling.remembered for ruling in worded.rulings):
        out.print(f"{remembered:,} fields are as the lock remembers them: their documents are not at hand")
