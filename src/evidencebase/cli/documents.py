"""`evidence documents`: which texts a base was read from, and whether they are at hand unchanged.

evidence documents list
evidence documents verify
evidence documents add report.pdf --key county-report-2024 --title "County report 2024"
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from rich.table import Table

from evidencebase.base import Base
from evidencebase.cli.console import console
from evidencebase.cli.loading import read_base
from evidencebase.cli.options import base_option, documents_option, format_option
from evidencebase.folder import find_base
from evidencebase.provenance.adding import add_document
from evidencebase.provenance.library import Held, Library, documents_folder


@click.group("documents", epilog="Example: evidence documents verify --documents ~/reports")
def command() -> None:
    """List the documents of a base, verify them, or add one."""


def _held(base: Path | None, documents: Path | None) -> tuple[Base, list[Held]]:
    loaded = read_base(base)
    library = Library(loaded, documents_folder(loaded, documents))
    return loaded, [library.held(key) for key in loaded.documents]


@command.command("list")
@base_option
@documents_option
@format_option("json")
def list_(base: Path | None, documents: Path | None, shape: str) -> None:
    """List every document with its renditions and whether one is at hand."""
    loaded, held = _held(base, documents)
    rows = [
        {
            "document": each.key,
            "title": loaded.documents[each.key].title,
            "renditions": [rendition.model_dump() for rendition in loaded.documents[each.key].renditions],
            "at_hand": each.known,
            "why": each.why,
        }
        for each in held
    ]
    if shape == "json":
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("document", "title", "at hand"):
        table.add_column(name, overflow="fold")
    for each in held:
        table.add_row(each.key, loaded.documents[each.key].title or "", "yes" if each.known else each.why)
    console().print(table)


@command.command("verify")
@base_option
@documents_option
def verify(base: Path | None, documents: Path | None) -> None:
    """Hash every document at hand; exit 1 where one is missing, unreadable or another rendition."""
    _, held = _held(base, documents)
    out = console()
    for each in held:
        if each.known and each.text is not None:
            pages = f", {len(each.text.pages)} pages" if each.text.media_type == "application/pdf" else ""
            out.print(f"{each.key}: {each.text.sha256[:12]}… as recorded, {len(each.text.text):,} characters{pages}")
        else:
            out.print(f"{each.key}: {each.why}")
    sys.exit(0 if all(each.known for each in held) else 1)


@command.command("add")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@base_option
@documents_option
@click.option("--key", help="The document's key. Default: the file's name.")
@click.option("--title", help="Its title, for a new document.")
def add(file: Path, base: Path | None, documents: Path | None, key: str | None, title: str | None) -> None:
    """Copy a text or PDF to the documents folder and record its hash, as a new document or another rendition."""
    added = add_document(find_base(base), file, documents, key, title)
    console().print(added)
