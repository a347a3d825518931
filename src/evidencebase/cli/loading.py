"""Reading the base for a command that only uses it: what could not be read is said, never passed over."""

from __future__ import annotations

from pathlib import Path

import click

from evidencebase.base import Base
from evidencebase.folder import find_base
from evidencebase.loading import load
from evidencebase.problems import Severity


def read_base(folder: Path | None) -> Base:
    """Give the base named, or found. Records with errors are missing from it: standard error says how many faults.

    Raises UsageError where there is no base.
    """
    base, problems = load(find_base(folder))
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    if errors:
        faults = "fault" if errors == 1 else "faults"
        click.echo(
            f"evidence: {errors} {faults} in the base; records may be missing here, see `evidence check`", err=True
        )
    return base
