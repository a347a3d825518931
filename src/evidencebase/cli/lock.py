"""`evidence lock`: match every anchor in the documents at hand and write down what was found where.

    evidence lock --documents ../documents

The lock is what a clone without the documents believes. It is written only when every anchor at hand holds.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from evidencebase.answers.locking import lock_base
from evidencebase.cli.console import console, print_counts, print_problems
from evidencebase.cli.options import base_option, documents_option
from evidencebase.folder import find_base
from evidencebase.problems import EvidenceError


@click.command("lock", epilog="Example: evidence lock --documents ~/reports")
@base_option
@documents_option
def command(base: Path | None, documents: Path | None) -> None:
    """Match every anchor in the documents at hand and write evidence/evidence.lock."""
    folder = find_base(base)
    if folder.read_only:
        message = "the base inside the package is read-only"
        raise EvidenceError(message, "work on a copy of it, named with --base")
    out = console()
    report, file = lock_base(folder, documents)
    if file is None:
        print_problems(out, report.problems)
        print_counts(out, report)
        out.print("The lock was not written: mend the anchors first.")
        sys.exit(1)
    print_counts(out, report)
    out.print(f"wrote {folder.shown(file)}")
