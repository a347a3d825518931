"""Verdicts: one file a reviewer, an order that no line gives, and gaps that show."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing

import pytest

from evidencebase.loading import load
from evidencebase.provenance.reviewing import add_reviews, carried
from evidencebase.provenance.seal import Reviews, Seal
from sealed_base import FINDINGS, GROUPS, MEASURES, SealedBase

B = "evidence/reviews/reader-b.yml"
C = "evidence/reviews/reader-c.yml"
YOUNG = "young-visit-daily"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return SealedBase(tmp_path_factory.mktemp("made") / "base").sealed()


@pytest.fixture
def base(made, tmp_path):
    shutil.copytree(made.folder, tmp_path / "base")
    copy = object.__new__(SealedBase)
    copy.folder = tmp_path / "base"
    return copy


def faults(base) -> list[tuple[str, str | None]]:
    return [(problem.code, problem.record) for problem in base.problems()]


def seal(base, kind: str, key: str) -> Seal:
    return Reviews(load(base.folder)[0]).seals[kind, key]


def lines(base, name: str) -> list[str]:
    return base.read(name).splitlines(keepends=True)


def rejects(base, key: str, by: str, note: str = "of girls only") -> None:
    done = base.run("review", key, "--by", by, "--verdict", "reject", "--note", note)
    assert done.returncode == 0, done.stderr


def git(base, *arguments: str) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command = ["git", "-C", str(base.folder), "-c", "user.name=a", "-c", "user.email=a@example.org", *arguments]
    subprocess.run(command, check=True, capture_output=True, env=environment)


def branched(base, one, other) -> None:
    """What two people do on two branches, merged by git."""
    git(base, "init", "-q", "-b", "one")
    git(base, "add", "-A")
    git(base, "commit", "-qm", "start")
    git(base, "branch", "other")
    for branch, work in (("one", one), ("other", other)):
        git(base, "checkout", "-q", branch)
        work()
        git(base, "add", "-A")
        git(base, "commit", "-qm", f"work on {branch}")
    git(base, "merge", "-q", "-m", "merge", "one")


def test_two_reviewers_on_two_branches_merge_without_a_conflict(base):
    branched(
        base,
        lambda: base.accepts(YOUNG, "women-visit-daily", by="reader-c"),
        lambda: base.accepts("women-visit-daily", YOUNG, by="reader-d"),
    )
    assert faults(base) == []
    assert len(Reviews(load(base.folder)[0]).heads(("findings", YOUNG))) == 2


def test_the_order_of_lines_means_nothing(base):
    rejects(base, YOUNG, "reader-b")
    base.accepts(YOUNG)
    before = Reviews(load(base.folder)[0]).seals
    header, *verdicts = [line for line in lines(base, B) if line.strip()]
    comments = [line for line in verdicts if line.startswith("#")]
    verdicts = [line for line in verdicts if not line.startswith("#")]
    for turned in (verdicts[::-1], verdicts[5:] + verdicts[:5], sorted(verdicts)):
        base.write(B, "".join([header, *comments, *turned]))
        assert faults(base) == []
        assert Reviews(load(base.folder)[0]).seals == before


def test_a_verdict_follows_those_on_the_same_thing_and_the_readers_own_last(base):
    base.accepts("women-visit-daily", by="reader-c")
    rejects(base, YOUNG, "reader-c")
    reviews = Reviews(load(base.folder)[0])
    last = reviews.heads(("findings", YOUNG))[0]
    first = next(review for review, _ in reviews.base.reviews if review.record == YOUNG and review.by == "reader-b")
    own = reviews.heads(("findings", "women-visit-daily"))[0]
    assert set(last.follows) == {first.ident, own.ident}


GAPS = {
    "deleted": lambda _: "",
    "back-dated": lambda verdict: re.sub(r'"on": "\d{4}', '"on": "2001', verdict),
    "on another digest": lambda verdict: re.sub(r'"digest": "\w{4}', '"digest": "0000', verdict),
    "of another verdict": lambda verdict: verdict.replace('"verdict": "reject"', '"verdict": "accept"'),
    "with another note": lambda verdict: verdict.replace("girls", "boys"),
}


@pytest.mark.parametrize("how", GAPS)
def test_a_line_that_was_changed_or_taken_away_shows(base, how):
    rejects(base, YOUNG, "reader-c")
    base.accepts("women-visit-daily", by="reader-c")
    assert faults(base) == [("review-rejected", YOUNG)]
    spoilt = [GAPS[how](line) if '"verdict": "reject"' in line else line for line in lines(base, C)]
    base.write(C, "".join(spoilt))
    assert ("review-chain", "women-visit-daily") in faults(base)
    assert base.run("build").returncode == 1


def test_a_verdict_dated_before_what_it_follows_shows(base):
    rejects(base, YOUNG, "reader-c")
    base.write(C, re.sub(r'"on": "\d{4}', '"on": "2001', base.read(C)))
    assert ("review-chain", YOUNG) in faults(base)


def test_a_line_moved_to_the_file_of_another_shows(base):
    rejects(base, YOUNG, "reader-c")
    base.write(B, base.read(B) + base.read(C).split("it.\n")[1])
    (base.folder / C).unlink()
    assert ("review-chain", YOUNG) in faults(base)


def test_accept_and_reject_at_once_are_unresolved_until_a_verdict_follows_both(base):
    base.change(FINDINGS, "value: 7.7", "value: 7.7\n  caveats: [few asked]")
    branched(base, lambda: base.accepts(YOUNG, by="reader-c"), lambda: rejects(base, YOUNG, "reader-d"))
    (problem,) = base.problems()
    assert (problem.code, problem.record) == ("review-unresolved", YOUNG)
    assert "reader-c: accept" in problem.message
    assert "reader-d: reject (of girls only)" in problem.message
    base.lock()
    assert base.run("build").returncode == 1
    base.accepts(YOUNG, by="reader-d")
    assert faults(base) == []


def test_one_who_accepted_the_old_form_on_a_branch_does_not_unseal_the_new_one(base):
    def changed() -> None:
        base.change(FINDINGS, "value: 7.7", "value: 7.7\n  caveats: [few asked]")
        base.accepts(YOUNG, by="reader-c")

    branched(base, changed, lambda: base.accepts(YOUNG, by="reader-d"))
    assert faults(base) == []


def test_an_acceptance_of_what_names_no_extractor_is_an_error_and_counts_for_nothing(base):
    text = base.read(FINDINGS)
    base.write(FINDINGS, text.replace("  extracted_by: reader-a\n", "", 1))
    digest = Reviews(load(base.folder)[0]).things["findings", YOUNG].digest
    base.write(C, f"- {{record: {YOUNG}, by: reader-c, on: 2026-12-01, verdict: accept, digest: {digest},"
                  " entered: {value: '7.7'}}\n")  # fmt: skip
    assert ("review-no-extractor", YOUNG) in faults(base)
    assert seal(base, "findings", YOUNG) is not Seal.ACCEPTED
    done = base.run("review", YOUNG, "--by", "reader-d", "--value", "7.7")
    assert done.returncode == 1
    assert "does not say who extracted it" in done.stderr


def test_what_was_entered_is_kept_and_compared_with_the_record(base):
    (line,) = (each for each in lines(base, B) if f'"record": "{YOUNG}",' in each)
    assert '"entered": {"value": "7.7"}' in line
    base.change(B, '"entered": {"value": "7.7"}', '"entered": {"value": "7.8"}')
    found = [problem for problem in base.problems() if problem.code == "review-entered"]
    assert [problem.record for problem in found] == [YOUNG]
    assert "7.7" not in found[0].message.replace("7.8", "")


def test_an_acceptance_without_its_figures_is_an_error(base):
    base.change(B, ', "entered": {"value": "7.7"}', "")
    assert ("review-entered", YOUNG) in faults(base)


@pytest.mark.parametrize(
    ("value", "code"),
    [("low=12 high=15", 0), ("high=15; low=12", 0), ("low=12 high=16", 1), ("12 15", 2), ("low=12", 2), ("low=12 low=12 high=15", 2)],
)  # fmt: skip
def test_every_figure_of_a_range_is_entered_by_its_name(base, value, code):
    done = base.run("review", "women-visit-daily", "--by", "reader-c", "--value", value)
    assert done.returncode == code, done.stderr
    assert "15" not in done.stderr


def test_the_limits_of_an_interval_and_the_number_asked_are_entered_too(base):
    base.change(FINDINGS, "value: 7.7", "value: 7.7\n  n: 2040\n  interval: {lower: 6.9, upper: 8.5}")
    done = base.run("review", YOUNG, "--by", "reader-c", "--value", "7.7")
    assert done.returncode == 2
    assert "value=... lower=... upper=... n=..." in done.stderr
    entered = "value=7.7 lower=6.9 upper=8.5 n=2040"
    assert base.run("review", YOUNG, "--by", "reader-c", "--value", entered).returncode == 0


# What nobody has read


@pytest.fixture
def unread(tmp_path):
    """A base whose records are reviewed, and whose entries are carried: nobody has read them."""
    base = SealedBase(tmp_path / "base")
    reviews = Reviews(load(base.folder)[0])
    add_reviews(reviews.base.folder, carried(reviews, "2026-11-01"))
    base.accepts("young-visit-daily", "women-visit-daily", "parks-survey-2021", "parks-table-1")
    base.lock()
    return base


def test_what_nobody_has_read_is_carried_and_never_accepted_and_every_report_says_so(unread):
    assert faults(unread) == []
    assert {review.verdict for review, _ in load(unread.folder)[0].reviews if review.kind} == {"carried"}
    done = unread.run("check")
    assert done.returncode == 0, done.stdout
    assert "13 entries" in done.stdout
    assert "are carried: nobody has read them yet" in done.stdout


def test_a_carried_entry_that_was_changed_is_broken_and_cannot_be_carried_again(unread):
    unread.change(MEASURES, "phrase: visit a park every day", "phrase: never visit a park")
    assert faults(unread) == [("review-seal-broken", "measures/visits-daily")]
    reviews = Reviews(load(unread.folder)[0])
    old = reviews.heads(("measures", "visits-daily"))[0]
    digest = reviews.things["measures", "visits-daily"].digest
    for follows in ([], [old.ident]):
        again = old.changed(digest=digest, follows=follows)
        add_reviews(reviews.base.folder, [again])
        assert ("review-seal-broken", "measures/visits-daily") in faults(unread)
    unread.accepts("measures/visits-daily")
    assert faults(unread) == []
    assert seal(unread, "measures", "visits-daily") is Seal.ACCEPTED


def test_a_carried_record_is_a_draft(unread):
    unread.write(FINDINGS, unread.read(FINDINGS).replace("women-visit-daily", "women-visit-often"))
    digest = Reviews(load(unread.folder)[0]).things["findings", "women-visit-often"].digest
    unread.write(
        C, f"- {{record: women-visit-often, by: reader-c, on: 2026-12-01, verdict: carried, digest: {digest}}}\n"
    )
    assert ("review-missing", "women-visit-often") in faults(unread)


def test_an_entry_can_be_taken_out_once_it_is_withdrawn(base):
    base.write(GROUPS, base.read(GROUPS).replace("- {id: dog-owners, label: dog owners, is: {dog: has}}\n", ""))
    assert faults(base) == [("review-unknown", "groups/dog-owners")]
    base.write(GROUPS, base.read(GROUPS) + "- {id: dog-owners, label: dog owners, is: {dog: has}}\n")
    done = base.run("review", "groups/dog-owners", "--by", "reader-c", "--verdict", "withdraw", "--note", "unused")
    assert done.returncode == 0, done.stderr
    assert faults(base) == []
    base.write(GROUPS, base.read(GROUPS).replace("- {id: dog-owners, label: dog owners, is: {dog: has}}\n", ""))
    assert faults(base) == []


def test_the_database_and_the_pages_say_what_is_only_carried(unread):
    from evidencebase.database import build_database
    from evidencebase.site.pages import finding, home

    unread.accepts("measures/visits-daily")
    with closing(sqlite3.connect(build_database(unread.folder).file)) as connection:
        states = dict(connection.execute("SELECT kind || '/' || key, state FROM seals"))
        assert states["measures/visits-daily"] == "accepted"
        assert states["groups/women"] == "carried"
        assert states[f"findings/{YOUNG}"] == states["populations/aldshire-young-people"] == "accepted"
        page = finding.page(connection, YOUNG)
        assert page is not None
        assert page["seal"]["unread"] == [
            "documents/parks", "groups/young-people", "places/aldshire", "rubric/strength", "sources/parks",
            "sources/parks-survey-2021", "units/percent",
        ]  # fmt: skip
        told = [row for row in home.method(connection)["seals"] if row["kind"] == "groups"]
        assert told == [{"kind": "groups", "state": "carried", "number": 4}]
