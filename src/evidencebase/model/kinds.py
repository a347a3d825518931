"""The kinds of record a base holds: the folder each stands in, and its model."""

from __future__ import annotations

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

KINDS: dict[str, type[Record]] = {
    "findings": Finding,
    "claims": Claim,
    "populations": Population,
    "estimates": Estimate,
    "conclusions": Conclusion,
    "responses": Response,
    "indicators": Indicator,
    "studies": Study,
}
