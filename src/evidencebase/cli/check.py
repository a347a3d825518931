"""`evidence check`: every record against its passage, to the digit, and against the rules of the base.

    evidence check
    evidence check --documents ../documents --require-documents
    evidence check --select anchor,strength --format json
    evidence check --explain anchor-not-found

Exit 0: nothing wrong (notes and warnings allowed). 1: errors, or warnings with --strict.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from evidencebase.answers.report import check_base
from evidencebase.checks.explanations import explain
from evidencebase.cli.console import annotation, console, print_report
from evidencebase.cli.options import base_option, codes, documents_option, format_option
from evidencebase.folder import find_base


@click.command("check", epilog="Example: evidence check --documents ~/reports --select anchor")
@base_option
@documents_option
@click.option("--require-documents", is_flag=True, help="Trust no lock: every anchor must be matched now.")
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@click.option("--select", multiple=True, callback=codes, metavar="CODES", help="Only these codes or prefixes.")
@click.option("--ignore", multiple=True, callback=codes, metavar="CODES", help="Not these codes or prefixes.")
@click.option("--explain", "code", metavar="CODE", help="What a code means, with an example and the mend.")
@format_option("json", "github")
def command(
    base: Path | None,
    documents: Path | None,
    require_documents: bool,
    strict: bool,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    code: str | None,
    shape: str,
) -> None:
    """Check every record against its passage, to the digit, and against the rules of the base."""
    out = console()
    if code is not None:
        out.print(explain(code))
        return
    report = check_base(find_base(base), documents, require_documents=require_documents, select=select, ignore=ignore)
    if shape == "json":
        click.echo(json.dumps(report.as_dict(), indent=2, ensure_ascii=False))
    elif shape == "github":
        for problem in report.problems:
            click.echo(annotation(problem))
    else:
        print_report(out, report)
    sys.exit(1 if report.fails(strict=strict) else 0)
