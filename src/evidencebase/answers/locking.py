"""Making the lock of a base from a full match."""

from __future__ import annotations

from pathlib import Path

from evidencebase.answers.report import Report, check_base
from evidencebase.folder import BaseFolder
from evidencebase.provenance.coverage import coverage
from evidencebase.provenance.library import Library, documents_folder
from evidencebase.provenance.lock import Covered, Lock, write_lock


def lock_base(folder: BaseFolder, documents: Path | None = None) -> tuple[Report, Path | None]:
    """Match every anchor and write the lock; the path is None, and nothing written, where an anchor fails.

    Lines of documents that are not at hand are kept where they still vouch for their record.
    """
    report = check_base(folder, documents, select=("anchor", "shape"))
    if report.fails():
        return report, None
    lock = Lock()
    for line in report.matching.lock_lines():
        lock.anchors[line.kind, line.record, line.anchor] = line
    library = Library(report.base, documents_folder(report.base, documents))
    lock.coverage = {key: line for key, line in report.lock.coverage.items() if key in report.base.documents}
    for covered in coverage(report.base, library, report.matching):
        if covered.rendition:
            by_reason = {str(reason): number for reason, number in covered.set_aside.items()}
            lock.coverage[covered.document] = Covered(
                covered.document, covered.rendition, covered.figures, covered.anchored, by_reason, len(covered.unread)
            )
    return report, write_lock(folder.path, lock)
