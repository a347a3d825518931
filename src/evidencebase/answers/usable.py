"""Whether anything may be built on a figure, whatever it is wanted for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidencebase.provenance.seal import stands

if TYPE_CHECKING:
    from evidencebase.base import Entry
    from evidencebase.model.records import Finding
    from evidencebase.provenance.seal import Reviews


def unsound(entry: Entry[Finding], reviews: Reviews) -> str | None:
    """Say why a figure is no ground to build on: its state, a source that was taken back, no one value; else None."""
    finding, status = entry.record, reviews.status(entry)
    if not stands(status):
        return f"the record is {status}"
    if finding.study in reviews.retracted:
        return "its study was retracted or corrected"
    if entry.documents and entry.documents <= reviews.retracted:
        return "its document was retracted or corrected"
    return "a range, not one figure" if finding.value is None else None
