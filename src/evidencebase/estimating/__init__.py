"""Local estimates, comparisons, pooling of findings and the evidence map.

Each function takes a loaded base and gives a frozen dataclass with `as_dict`. Percent are as people write
them: 5.5 is 5.5%.
"""

from __future__ import annotations

from evidencebase.estimating.comparing import SideBySide, compare
from evidencebase.estimating.evidence_map import Map, evidence_map
from evidencebase.estimating.local import LocalTable, estimate_local, population_template
from evidencebase.estimating.precision import Precision, precision, precision_text, why_unknown
from evidencebase.estimating.recomputing import Recomputed, recompute
from evidencebase.estimating.synthesis import Pooling, Synthesis, pool_counts, pool_findings

__all__ = [
    "LocalTable",
    "Map",
    "Pooling",
    "Precision",
    "Recomputed",
    "SideBySide",
    "Synthesis",
    "compare",
    "estimate_local",
    "evidence_map",
    "pool_counts",
    "pool_findings",
    "population_template",
    "precision",
    "precision_text",
    "recompute",
    "why_unknown",
]
