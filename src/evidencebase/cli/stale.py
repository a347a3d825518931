"""`evidence stale`: what is past its date, computed when asked and never stored.

    evidence stale
    evidence stale --on 2027-01-01

An indicator past its next release, a study with a newer edition, a source retracted or corrected.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path

import click

from evidencebase.answers.report import check_base
from evidencebase.cli.console import console, print_problems
from evidencebase.cli.options import base_option, documents_option, format_option
from evidencebase.folder import find_base


@click.command("stale", epilog="Example: evidence stale --on 2027-01-01")
@base_option
@documents_option
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="As of this day. Default: today.")
@click.option("--strict", is_flag=True, help="Exit 1 when anything is stale.")
@format_option("json")
def command(base: Path | None, documents: Path | None, on: datetime | None, strict: bool, shape: str) -> None:
    """List indicators past their next release, superseded studies, and retracted or corrected sources."""
    today = on.date() if on else None
    report = check_base(find_base(base), documents, select=("stale",), today=today)
    if shape == "json":
        click.echo(json.dumps([problem.as_dict() for problem in report.problems], indent=2, ensure_ascii=False))
    else:
        out = console()
        print_problems(out, report.problems)
        out.print(f"{len(report.problems)} stale" if report.problems else "Nothing is known to be past its date.")
    sys.exit(1 if report.fails(strict=strict) else 0)
