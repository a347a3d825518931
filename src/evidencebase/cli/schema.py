"""`evidence schema`: the JSON Schemas of every record file, for editors.

evidence schema                  write them to schema/ of the base
evidence schema --check          exit 1 where they are not up to date
evidence schema --format json    print them all
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from evidencebase.cli.options import base_option, format_option
from evidencebase.folder import find_base
from evidencebase.model.schemas import schema_text, schemas, write_schemas
from evidencebase.problems import EvidenceError


@click.command("schema", epilog="Example: evidence schema --check")
@base_option
@click.option("--check", is_flag=True, help="Write nothing; exit 1 where a schema is not up to date.")
@format_option("json")
def command(base: Path | None, check: bool, shape: str) -> None:
    """Write the JSON Schemas of every record file to schema/."""
    if shape == "json":
        click.echo(json.dumps(schemas(), indent=2, ensure_ascii=False))
        return
    folder = find_base(base)
    target = folder.path / "schema"
    old = [name for name, schema in schemas().items() if not _is(target / name, schema_text(schema))]
    if check:
        for name in old:
            click.echo(f"schema/{name} is not up to date: run `evidence schema`")
        sys.exit(1 if old else 0)
    if folder.read_only:
        raise EvidenceError("the base inside the package is read-only", "work on a copy of it, named with --base")
    write_schemas(target)
    click.echo(f"{len(schemas())} schemas in {folder.shown(target)}/, {len(old)} changed")


def _is(file: Path, text: str) -> bool:
    return file.is_file() and file.read_text(encoding="utf-8") == text
