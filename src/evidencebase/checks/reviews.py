"""Every record is reviewed, not by its extractor, in exactly the form that it and all it names have now."""

from __future__ import annotations

from collections.abc import Iterator

from evidencebase.checks.check import check
from evidencebase.checks.context import Context
from evidencebase.checks.lookup import listed
from evidencebase.problems import Code, Problem, Severity
from evidencebase.provenance.reviewing import REVIEWS, expected, wrong
from evidencebase.provenance.seal import Reviews, Root, Seal, shown_name

_AGAIN = "read it against the document again: `evidence review {key} --by NAME`"
_FAULTS = {
    Seal.MISSING: ("review-missing", "nobody has reviewed it", "review it: `evidence review {key} --by NAME`"),
    Seal.CARRIED: ("review-missing", "nobody has reviewed it", "review it: `evidence review {key} --by NAME`"),
    Seal.BROKEN: ("review-seal-broken", "it was changed after its review", _AGAIN),
    Seal.REJECTED: ("review-rejected", "its review rejected it", "mend it and have it reviewed again"),
    Seal.WITHDRAWN: ("review-rejected", "it was withdrawn", "name another in its place, or review it again"),
}
_ENTRY = "see what it touches, then review it: `evidence review {key} --by NAME --verdict accept`"


@check(
    Code(
        "review-missing",
        Severity.ERROR,
        "nobody has reviewed a record, or an entry that records name",
        "A build takes records that a second reader has read against the document, and whose measure, group, document"
        " and whatever else they name somebody has looked at, or that is at least marked as carried: read by nobody.",
        "(no verdict on swim-2019-children in evidence/reviews/)",
        "evidence review swim-2019-children --by reader-b --value 41\n"
        "evidence review measures/able-to-swim --by reader-b --verdict accept",
    ),
    Code(
        "review-rejected",
        Severity.ERROR,
        "the review rejected it, or an entry that records name was withdrawn",
        "It stays out of the database until it is mended and accepted.",
        "- {record: swim-2019-children, by: reader-b, verdict: reject, note: of girls only, ...}",
        "Mend the record, then: evidence review swim-2019-children --by reader-b",
    ),
    Code(
        "review-seal-broken",
        Severity.ERROR,
        "a record, or an entry that records name, was changed after its review",
        "A review is of exactly one content; a change of meaning asks for another look. The seal of a measure, a"
        " group, a document or the rubric covers every record that names it: its change is one problem, which"
        " lists them, and"
        " one review of the entry mends it.",
        "phrase: never swim   # reviewed as: are able to swim",
        "evidence review measures/able-to-swim --by reader-b --verdict accept",
    ),
    Code(
        "review-unresolved",
        Severity.ERROR,
        "two readers who did not know of each other disagree on the same content",
        "On two branches one accepted what the other rejected, or withdrew. Neither verdict is later than the other.",
        "- {record: swim-2019-children, by: reader-b, verdict: accept, ...}\n"
        "- {record: swim-2019-children, by: reader-c, verdict: reject, note: of girls only, ...}",
        "evidence review swim-2019-children --by reader-d   # the new verdict follows both",
    ),
)
def check_reviews(context: Context) -> Iterator[Problem]:
    """What is unreviewed, changed since, rejected or in dispute: one problem each, with the records it touches."""
    for root in context.reviews.roots:
        yield _of_root(context.reviews, root)


def _of_root(reviews: Reviews, root: Root) -> Problem:
    key = root.of.shown
    if root.seal is Seal.UNRESOLVED:
        heads = reviews.heads(root.of.name)
        said = "; ".join(f"{each.by}: {each.verdict}{f' ({each.note})' if each.note else ''}" for each in heads)
        code, message = "review-unresolved", f"readers disagree on the same content: {said}"
        hint = f"settle it with one verdict more, which follows them: `evidence review {key} --by NAME`"
    else:
        code, message, hint = _FAULTS[root.seal]
        hint = hint if root.of.extracted else _ENTRY
    touched = [entry.key for entry in root.touched]
    rest = f"; {_records(len(touched))} on it: {listed(touched)}" if touched else ""
    place = root.of.place
    return Problem(
        Severity.ERROR, code, place, f"{key}: {message}{rest}", hint.format(key=key), key, touches=tuple(touched)
    )


def _records(number: int) -> str:
    return "1 record rests" if number == 1 else f"{number} records rest"


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
        "a review of a record or entry that is not there",
        "Records are withdrawn, never deleted, so that what was cited can still be found. An entry of the vocabulary"
        " can be taken out once it is withdrawn.",
        "- {record: swim-2018-children, verdict: accept, ...}   # the record was deleted",
        "Bring the record back, then: evidence review swim-2018-children --by reader-b --verdict withdraw"
        " --note REASON",
    ),
    Code(
        "review-no-extractor",
        Severity.ERROR,
        "a record is accepted, and does not say who extracted it",
        "Nobody accepts their own reading; where no reader is named, that cannot be seen.",
        "- id: swim-2019-children\n  value: 41",
        "- id: swim-2019-children\n  value: 41\n  extracted_by: reader-a",
    ),
)
def check_reviewers(context: Context) -> Iterator[Problem]:
    """Acceptances by the extractor, or where nobody is named as one, and verdicts on what does not exist."""
    reviews = context.reviews
    for review, place in context.base.reviews:
        name = reviews.name(review)
        shown = shown_name((review.kind or "", review.record))
        if not reviews.exists(name):
            if review.kind and all(head.verdict == "withdraw" for head in reviews.heads(name)):
                continue
            what = "entries" if review.kind else "records"
            message = f"a review of {shown}, which is not in this base"
            hint = f"{what} are withdrawn, never just deleted: bring it back and withdraw it"
            yield Problem(Severity.ERROR, "review-unknown", place, message, hint, shown)
        elif review.verdict == "accept" and not review.kind:
            extractor = reviews.extractor(name)
            if review.by == extractor:
                message = f"{review.by} extracted {shown} and reviewed it too"
                yield Problem(Severity.ERROR, "review-own", place, message, "have it reviewed by another", shown)
            elif extractor is None:
                message = f"{shown} is accepted, and does not say who extracted it"
                hint = "add `extracted_by`, then have it reviewed by another"
                yield Problem(Severity.ERROR, "review-no-extractor", place, message, hint, shown)


@check(
    Code(
        "review-chain",
        Severity.ERROR,
        "a verdict that follows one that is not there, is dated before it, or stands in another reviewer's file",
        "A verdict names the verdicts that were known when it was given, by an id made of their content. A line"
        " that was"
        " edited, moved, dated back or taken away leaves a gap. The last line of a file leaves none: only the"
        " history of the repository shows that.",
        "- {record: swim-2019-children, by: reader-b, verdict: accept, follows: [0123456789abcdef], ...}",
        "Bring the missing line back as it was. A wrong verdict is followed by another.",
    ),
)
def check_chain(context: Context) -> Iterator[Problem]:
    """Verdicts that follow one that is not there, are dated before it, or stand in the file of another reviewer."""
    by_id = {review.ident: review for review, _ in context.base.reviews}
    for review, place in context.base.reviews:
        shown = shown_name((review.kind or "", review.record))
        for each in review.follows:
            before = by_id.get(each)
            if before is None:
                message = f"the verdict on {shown} follows {each}, which is not there: a line was changed or taken away"
                hint = "bring that line back as it was; a wrong verdict is followed by another, never edited or removed"
                yield Problem(Severity.ERROR, "review-chain", place, message, hint, shown)
            elif review.on < before.on:
                message = f"the verdict on {shown} is dated {review.on}, before one it follows, of {before.on}"
                yield Problem(Severity.ERROR, "review-chain", place, message, "bring back the day it was given", shown)
        if place.path.startswith(f"{REVIEWS}/") and place.path != f"{REVIEWS}/{review.by}.yml":
            message = f"a verdict by {review.by} in the file of another reviewer"
            hint = f"bring it back to {REVIEWS}/{review.by}.yml"
            yield Problem(Severity.ERROR, "review-chain", place, message, hint, shown)


@check(
    Code(
        "review-entered",
        Severity.ERROR,
        "an acceptance whose figures are not the record's",
        "The second reader enters every figure from the passage. What was entered stands in the verdict, so that it can"
        " be compared again.",
        "- {record: swim-2019-children, verdict: accept, entered: {value: 42}, ...}   # value: 41",
        "evidence review swim-2019-children --by reader-b --value 41",
    ),
)
def check_entered(context: Context) -> Iterator[Problem]:
    """Figures that an acceptance says were entered and are not the record's, or that it does not have."""
    reviews = context.reviews
    for review, place in context.base.reviews:
        thing = reviews.things.get(reviews.name(review))
        if thing is None or review.verdict != "accept" or review.digest != thing.digest:
            continue
        names = wrong(thing, review.entered)
        if context.base.format > 1 and review.via is None:
            names += [name for name in expected(thing) if name not in review.entered]
        if names:
            message = f"{thing.shown} is accepted, and what was entered is not what it has: {listed(names)}"
            hint = _AGAIN.format(key=thing.shown)
            yield Problem(Severity.ERROR, "review-entered", place, message, hint, thing.shown)
