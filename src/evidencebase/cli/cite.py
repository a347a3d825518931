"""`evidence cite`: what an author pastes: the sentence with its figure, strength and citation, and the references.

    evidence cite girls-able-2019
    evidence cite ID ID --style vancouver --format latex
    evidence cite ID --format bibtex >> references.bib

ID is a record, a study or a document. A figure read in a document that is not its study's own publication is
cited as such: "study, as cited in document", with both in the references.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from evidencebase.bibliography.formats import FORMATS
from evidencebase.citing.marked import MARKUPS
from evidencebase.cli.loading import read_base
from evidencebase.cli.options import base_option, format_option

if TYPE_CHECKING:
    from evidencebase.base import Base


@click.command("cite", epilog="Example: evidence cite girls-able-2019 --style harvard")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@base_option
@click.option(
    "--style", default="apa", show_default=True, metavar="apa|vancouver|harvard|FILE.csl", help="How it is cited."
)
@format_option(*MARKUPS, *FORMATS)
def command(ids: tuple[str, ...], base: Path | None, style: str, shape: str) -> None:
    """The sentence, citation and references of records, for pasting."""
    loaded = read_base(base)
    text, warnings = run(loaded, ids, style, shape)
    click.echo(text, nl=not text.endswith("\n"))
    for warning in warnings:
        click.echo(f"evidence: {warning}", err=True)


def run(base: Base, ids: tuple[str, ...], style: str = "apa", shape: str = "text") -> tuple[str, list[str]]:
    """What `evidence cite` prints, and what it says aloud on the side.

    Raises EvidenceError for a withdrawn or rejected record, UsageError for an unknown id or style.
    """
    from evidencebase.citing.sentences import (
        cited,
        refuse_withdrawn,
        said,
        sources_of,
        state_hint,
        written,
    )
    from evidencebase.provenance.seal import Reviews

    reviews = Reviews(base)
    wanted = list(dict.fromkeys(ids))
    only_sources = [key for key in wanted if key not in base.by_id and _is_source(base, key)]
    entries = [base.find(key) for key in wanted if key not in only_sources]
    for entry in entries:
        refuse_withdrawn(entry, reviews)
    sources = sources_of([*(key for entry in entries for key in cited(entry, base).keys), *only_sources], base)
    sentences = {entry.key: said(entry, base, reviews.status(entry)) for entry in entries}
    warnings = [
        f"{entry.key}: {warning}; {state_hint(reviews.status(entry), entry.key)}"
        for entry in entries
        if (warning := sentences[entry.key].warning)
    ]
    warnings += [f"{source.key} was retracted or corrected" for source in sources if source.key in reviews.retracted]
    if shape in FORMATS:
        return FORMATS[shape].write(sources), warnings
    return written(sentences.values(), sources, style, shape), warnings


def _is_source(base: Base, key: str) -> bool:
    return base.bibliography is not None and key in base.bibliography
