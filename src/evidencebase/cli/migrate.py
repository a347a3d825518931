"""`evidence migrate`: a base of an older format in the format of today.

    evidence migrate            list, field by field, what would become of what
    evidence migrate --write    rewrite the files, all or none

Only the fields that changed are written anew: comments, order and line ends stay. Verdicts on what only changed its
form are carried; what nobody has read stays marked. A second run finds nothing to do.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console

from evidencebase.cli.console import console
from evidencebase.cli.options import base_option, format_option
from evidencebase.folder import find_base
from evidencebase.loading import FORMAT
from evidencebase.provenance.migrating import Migration, plan


@click.command("migrate", epilog="Example: evidence migrate --base my-base --write")
@base_option
@click.option("--write", is_flag=True, help="Rewrite the files; without it nothing is changed.")
@format_option("json")
def command(base: Path | None, write: bool, shape: str) -> None:
    """List what becomes of each field in the newest format, or rewrite the files."""
    found = plan(find_base(base), datetime.now(UTC).date().isoformat())
    if write and found.needed:
        found.write()
    if shape == "json":
        click.echo(json.dumps(_facts(found, written=write and found.needed), indent=2, ensure_ascii=False))
        return
    out = console()
    if found.restored:
        out.print("A migration had been stopped half way: its old files were put back first.")
    if not found.needed:
        out.print(f"This base is of format {FORMAT}: there is nothing to do.")
        return
    _tell(out, found, written=write)


def _tell(out: Console, found: Migration, *, written: bool) -> None:
    if not written:
        for became in found.became:
            out.print(f"{became.place} {became.key}: {became.text}", markup=False, highlight=False)
    counted = Counter((became.kind, became.change.field) for became in found.became)
    for (kind, name), count in sorted(counted.items()):
        out.print(f"{count:,} {kind}: {name}", markup=False)
    out.print(
        f"{found.kept:,} verdicts kept, {found.carried:,} of them carried over a change of form;"
        f" {found.entries:,} entries that nobody has read marked as carried"
    )
    for key in found.open:
        out.print(
            f"{key}: its old fields do not decide the new one, which stays unset until somebody reads it", markup=False
        )
    files = len(found.files)
    if written:
        out.print(f"{files} files written. Run `evidence lock` with the documents at hand, then `evidence check`.")
    else:
        out.print(f"{files} files would be written; nothing was changed: `evidence migrate --write` does it.")


def _facts(found: Migration, *, written: bool) -> dict[str, object]:
    return {
        "needed": found.needed,
        "written": written,
        "restored": found.restored,
        "fields": [
            {
                "path": became.place.path,
                "line": became.place.line,
                "column": became.place.column,
                "record": became.key,
                "kind": became.kind,
                "field": became.change.field,
                "becomes": sorted(became.change.becomes),
                "text": became.text,
                "decided": became.change.decided,
            }
            for became in found.became
        ],
        "files": sorted(found.folder.shown(file) for file in found.files),
        "verdicts": {"kept": found.kept, "carried": found.carried, "entries": found.entries},
        "open": found.open,
    }
