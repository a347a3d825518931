"""Every record is reviewed, by someone else than its extractor, in exactly the form it has now."""

from __future__ import annotations

from collections.abc import Iterator

from evidencebase.checks.check import check
from evidencebase.checks.context import Context, error
from evidencebase.problems import Code, Problem, Severity
from evidencebase.provenance.seal import Reviews, Status, sealed

_FAULTS = {
    Status.DRAFT: ("review-missing", "nobody has reviewed it", "review it: `evidence review {key} --by NAME`"),
    Status.BROKEN: (
        "review-seal-broken",
        "it was changed after its review",
        "review it again: `evidence review {key}`",
    ),
    Status.REJECTED: ("review-rejected", "its review rejected it", "mend it and have it reviewed again"),
}


@check(
    Code(
        "review-missing",
        Severity.ERROR,
        "nobody has reviewed the record",
        "A build takes records that a second reader has read against the document.",
        "(no entry for swim-2019-children in reviews.yml)",
        "evidence review swim-2019-children --by reader-b",
    ),
    Code(
        "review-rejected",
        Severity.ERROR,
        "the review rejected the record",
        "It stays out of the database until it is mended and accepted.",
        "- {record: swim-2019-children, by: reader-b, verdict: reject, note: of girls only, ...}",
        "Mend the record, then: evidence review swim-2019-children --by reader-b",
    ),
    Code(
        "review-seal-broken",
        Severity.ERROR,
        "the record was changed after its review",
        "A review is of exactly one content; any edit asks for another look.",
        "value: 42   # reviewed as 41",
        "evidence review swim-2019-children --by reader-b",
    ),
)
def check_reviews(context: Context) -> Iterator[Problem]:
    """Records unreviewed, changed since, or rejected; a table is reviewed once for all its records."""
    reviews = Reviews(context.base)
    told: set[str] = set()
    for entry in context.base.entries.values():
        fault = _FAULTS.get(reviews.status(entry))
        key = sealed(entry).key
        if fault and key not in told:
            told.add(key)
            code, message, hint = fault
            yield error(entry, (), code, f"{key}: {message}", hint.format(key=key))


@check(
    Code(
        "review-own",
        Severity.ERROR,
        "the extractor reviewed the record",
        "One reader's slip is seen by another reader.",
        "- {record: swim-2019-children, by: reader-a, verdict: accept, ...}   # extracted_by: reader-a",
        "- {record: swim-2019-children, by: reader-b, verdict: accept, ...}",
    ),
    Code(
        "review-unknown",
        Severity.ERROR,
        "a review of a record that is not there",
        "Records are withdrawn, never deleted, so that what was cited can still be found.",
        "- {record: swim-2018-children, verdict: accept, ...}   # the record was deleted",
        "Bring the record back, then: evidence review swim-2018-children --by reader-b --verdict withdraw",
    ),
)
def check_reviewers(context: Context) -> Iterator[Problem]:
    """Reviews by the extractor of the record, and reviews of records that do not exist."""
    base = context.base
    extractors = {entry.key: entry.record.extracted_by for entry in base.entries.values()}
    extractors |= {table.spec.id: table.spec.extracted_by for table in base.tables.values()}
    for review, place in base.reviews:
        if review.record not in extractors:
            message = f"a review of {review.record}, which is not in this base"
            hint = "records are withdrawn, never deleted: bring it back and withdraw it"
            yield Problem(Severity.ERROR, "review-unknown", place, message, hint, review.record)
        elif review.verdict == "accept" and review.by == extractors[review.record]:
            message = f"{review.by} extracted {review.record} and reviewed it too"
            yield Problem(Severity.ERROR, "review-own", place, message, "have it reviewed by another", review.record)
