"""A knowledge base of published findings: no number without its passage.

    import evidencebase

    base, problems = evidencebase.load("folder")        # every record, cross-referenced, and what is wrong with it
    report = evidencebase.check_base("folder")          # as `evidence check`
    built = evidencebase.build_database("folder")       # as `evidence build`
    hits = evidencebase.search(base, ("swim",), strength="strong")

Records are pydantic models. Published numbers are decimals that keep their digits; percents are 5.5, never 0.055.
Each name is imported when it is first used, so that `import evidencebase` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evidencebase.answers.locking import lock_base
    from evidencebase.answers.report import Report, check_base
    from evidencebase.answers.search import Hit, search
    from evidencebase.base import Base, Entry
    from evidencebase.database.build import Built, build_database
    from evidencebase.folder import BaseFolder, find_base
    from evidencebase.loading import load
    from evidencebase.model.anchors import Anchor
    from evidencebase.model.ledger import Document, Review, SetAside
    from evidencebase.model.records import (
        Claim,
        Conclusion,
        Estimate,
        Finding,
        Indicator,
        Population,
        Record,
        Response,
        Study,
    )
    from evidencebase.problems import EvidenceError, Place, Problem, Severity, UsageError

_HOMES = {
    "model.anchors": ("Anchor",),
    "base": ("Base", "Entry"),
    "loading": ("load",),
    "database.build": ("Built", "build_database"),
    "folder": ("BaseFolder", "find_base"),
    "model.ledger": ("Document", "Review", "SetAside"),
    "answers.locking": ("lock_base",),
    "problems": ("EvidenceError", "Place", "Problem", "Severity", "UsageError"),
    "model.records": (
        "Claim",
        "Conclusion",
        "Estimate",
        "Finding",
        "Indicator",
        "Population",
        "Record",
        "Response",
        "Study",
    ),
    "answers.report": ("Report", "check_base"),
    "answers.search": ("Hit", "search"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Anchor",
    "Base",
    "BaseFolder",
    "Built",
    "Claim",
    "Conclusion",
    "Document",
    "Entry",
    "Estimate",
    "EvidenceError",
    "Finding",
    "Hit",
    "Indicator",
    "Place",
    "Population",
    "Problem",
    "Record",
    "Report",
    "Response",
    "Review",
    "SetAside",
    "Severity",
    "Study",
    "UsageError",
    "build_database",
    "check_base",
    "find_base",
    "load",
    "lock_base",
    "search",
]


def __getattr__(name: str) -> Any:
    """Import a public name from the module it lives in."""
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module 'evidencebase' has no attribute {name!r}")
    return getattr(import_module(f"evidencebase.{home}"), name)


def __dir__() -> list[str]:
    """The public names, for completion."""
    return __all__
