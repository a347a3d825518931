"""The bibliography: what entries lack, identifiers that cannot be, and the same work twice."""

from __future__ import annotations

from collections.abc import Iterator

from evidencebase.bibliography import check_bibliography
from evidencebase.checks.check import check
from evidencebase.checks.context import Context
from evidencebase.problems import Problem


@check()
def check_citations(context: Context) -> Iterator[Problem]:
    """Every fault of the entries of sources.bib; a year is still to come from the year after next."""
    if context.base.bibliography is not None:
        yield from check_bibliography(context.base.bibliography, context.today.year + 1)
