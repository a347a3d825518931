"""`evidence coverage`: which numbers of a document are records, set aside, or unread.

evidence coverage
evidence coverage millbrook-2020 --strict
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

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


@click.command("coverage", epilog="Example: evidence coverage millbrook-2020 --strict")
@click.argument("document", required=False)
@base_option
@documents_option
@click.option("--strict", is_flag=True, help="Exit 1 when a number is unread, or a document is not at hand.")
@format_option("json")
def command(document: str | None, base: Path | None, documents: Path | None, strict: bool, shape: str) -> None:
    """Show which numbers of each document are records, set aside with a reason, or unread."""
    report = check_base(find_base(base), documents, select=("anchor",))
    if document is not None and document not in report.base.documents:
        hint = did_you_mean(document, report.base.documents, f"it has {', '.join(report.base.documents) or 'none'}")
        raise UsageError(f"{shown(document)} is no document of this base", hint)
    library = Library(report.base, documents_folder(report.base, documents))
    found = [each for each in coverage(report.base, library, report.matching) if document in (None, each.document)]
    if shape == "json":
        absent = [{"document": each.document, "why": each.why} for each in found if each.rendition is None]
        read = [each.as_dict() for each in found if each.rendition is not None]
        click.echo(json.dumps({"documents": read, "not_at_hand": absent}, indent=2, ensure_ascii=False))
    else:
        _print(found)
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
