"""`evidence briefing`: one page on a group for a committee, every figure from a record.

    evidence briefing swimmers
    evidence briefing adults-16-24 --format docx -o young-adults.docx
    evidence briefing swimmers --all --format html -o swimmers.html

GROUP is an id of schema/groups.yml or a group's label. The groups within it are included.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from evidencebase.cli.loading import read_base
from evidencebase.cli.options import base_option
from evidencebase.problems import UsageError

if TYPE_CHECKING:
    from evidencebase.base import Base


@click.command("briefing", epilog="Example: evidence briefing swimmers --format docx -o swimmers.docx")
@click.argument("group")
@base_option
@click.option(
    "--format", "shape", type=click.Choice(["markdown", "html", "docx"]), help="Default: by the ending of OUT."
)
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="OUT", help="Default: printed.")
@click.option("--style", default="vancouver", show_default=True, metavar="apa|vancouver|harvard|FILE.csl")
@click.option("--all", "everything", is_flag=True, help="Everything this base holds, however long.")
def command(
    group: str,
    base: Path | None,
    shape: str | None,
    output: Path | None,
    style: str,
    everything: bool,
) -> None:
    """One page on a group: figures, source strength, caveats, conflicts, what is offered, what is missing."""
    from evidencebase.files import write_whole

    endings = {".html": "html", ".htm": "html", ".docx": "docx"}
    shape = shape or endings.get(output.suffix.lower() if output else "", "markdown")
    if shape == "docx" and output is None:
        raise UsageError("a DOCX cannot be printed", "name a file: -o briefing.docx")
    loaded = read_base(base)
    content = run(loaded, group, shape, style, everything=everything)
    if output is None:
        click.echo(content, nl=False)
        return
    write_whole(output, content)
    click.echo(f"wrote {output}")


def run(
    base: Base, group: str, shape: str = "markdown", style: str = "vancouver", *, everything: bool = False
) -> str | bytes:
    """A briefing in one of the formats. Raises EvidenceError for an unknown group."""
    from evidencebase.answers.briefing import briefing
    from evidencebase.rendering.pages import to_docx, to_html, to_markdown

    page = briefing(base, group, style, everything=everything)
    if shape == "docx":
        return to_docx(page)
    return to_html(page) if shape == "html" else to_markdown(page)
