"""Making the lock of a base from a full match."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from evidencebase.answers.report import Report, check_base
from evidencebase.folder import BaseFolder
from evidencebase.provenance.coverage import coverage
from evidencebase.provenance.library import Library, documents_folder
from evidencebase.provenance.lock import Covered, Lock, write_lock
from evidencebase.provenance.words import remembered


def lock_base(folder: BaseFolder, documents: Path | None = None) -> tuple[Report, Path | None]:
    """Match every anchor and write the lock; the path is None, and nothing written, where an anchor fails.

    Lines of documents that are not at hand are kept where they still vouch for their record. What is wrong with the
    lock itself is no hindrance: writing it anew is its mend.
    """
    report = check_base(folder, documents, select=("anchor", "shape"), ignore=("anchor-lock",))
    if report.fails():
        return report, None
    old, lock = report.lock, Lock()
    today = datetime.now(tz=UTC).date().isoformat()
    for outcome in report.matching.outcomes:
        if (line := outcome.lock_line) is not None:
            lock.add(line if outcome.vouched else replace(line, on=old.since(line) or today))
    at_hand = {(line.kind, line.named) for line in report.worded.lines}
    for each in report.worded.lines:
        lock.add(replace(each, on=old.since(each) or today))
    for (kind, key), lines in old.words.items():
        entry = report.base.entries.get((kind, key))
        if entry is not None and (kind, key) not in at_hand and remembered(report.base, old, entry):
            for kept in lines:
                lock.add(kept)
    library = Library(report.base, documents_folder(report.base, documents))
    lock.coverage = {key: line for key, line in old.coverage.items() if key in report.base.documents}
    for covered in coverage(report.base, library, report.matching):
        if covered.rendition:
            by_reason = {str(reason): number for reason, number in covered.set_aside.items()}
            counted = Covered(
                covered.document, covered.rendition, covered.figures, covered.anchored, by_reason, len(covered.unread)
            )
            lock.coverage[covered.document] = replace(counted, on=old.since(counted) or today)
    return report, write_lock(folder.path, lock)
