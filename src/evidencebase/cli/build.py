"""`evidence build`: the database, from reviewed records whose seal holds.

evidence build
evidence build -o /srv/evidence.db
evidence build --drafts
"""

from __future__ import annotations

import json
from collections import Counter
from contextlib import nullcontext
from pathlib import Path

import click

from evidencebase.cli.console import console
from evidencebase.cli.options import base_option, documents_option, format_option
from evidencebase.database import Built, build_database
from evidencebase.folder import find_base

_SHOWN = 20


@click.command("build", epilog="Example: evidence build -o evidence.db")
@base_option
@documents_option
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Default: evidence.db of the base."
)
@click.option("--drafts", is_flag=True, help="Take unreviewed records too; they are marked as drafts.")
@format_option("json")
def command(base: Path | None, documents: Path | None, output: Path | None, drafts: bool, shape: str) -> None:
    """Make the database; the old one stays whole until the new one is."""
    out = console(stderr=shape == "json")
    with out.status("building") if out.is_terminal else nullcontext():
        built = build_database(find_base(base), output, documents, drafts=drafts)
    if shape == "json":
        facts = {
            "database": str(built.file),
            "rows": built.rows,
            "left_out": built.left_out,
            "unvouched": built.unvouched,
        }
        click.echo(json.dumps(facts, indent=2, ensure_ascii=False))
        return
    counted = ", ".join(f"{built.rows[table]:,} {table}" for table in ("findings", "claims", "estimates", "responses"))
    out.print(f"{built.file}: {counted}")
    if built.unvouched:
        out.print(f"{built.unvouched} anchors are not in the lock and stand as not matched: run `evidence lock` first")
    tell_left_out(built)


def tell_left_out(built: Built) -> None:
    """Say which records did not go in, and why: by reason, with the first of each."""
    out = console()
    if not built.left_out:
        return
    reasons = Counter(built.left_out.values())
    counts = ", ".join(f"{count} {reason}" for reason, count in sorted(reasons.items()))
    out.print(f"{len(built.left_out)} records were left out: {counts}")
    for key, reason in list(built.left_out.items())[:_SHOWN]:
        out.print(f"  {key}: {reason}", markup=False)
    if len(built.left_out) > _SHOWN:
        out.print(f"  ... and {len(built.left_out) - _SHOWN} more: `evidence check --select review` lists them")
