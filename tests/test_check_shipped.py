"""What the checks tell a reader of the documents of the shipped base."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from evidencebase.answers.report import Report, check_base
from evidencebase.problems import Severity

ROOT = Path(__file__).parents[1]
DOCUMENTS = ROOT.parent / "shared" / "documents"


@pytest.fixture(scope="module", params=["documents", "lock"])
def report(request, tmp_path_factory) -> Report:
    """What is told with the documents at hand, and what the lock answers for without them: the same."""
    if request.param == "documents" and not DOCUMENTS.is_dir():
        pytest.skip("needs ../shared/documents")
    documents = DOCUMENTS if request.param == "documents" else tmp_path_factory.mktemp("none")
    return check_base(ROOT, documents, ignore=("review",), today=date(2026, 11, 22))


def messages(report: Report, code: str) -> str:
    return "\n".join(problem.message for problem in report.problems if problem.code == code)


def test_no_arithmetic_of_our_own_is_wrong(report):
    assert not [problem for problem in report.problems if problem.code.startswith(("arithmetic-", "interval-o"))]


def test_the_notes_tell_at_least_ten_things_of_at_least_five_kinds(report):
    kinds = Counter(problem.code for problem in report.problems if problem.severity is Severity.NOTE)
    assert kinds.total() >= 10
    assert len(kinds) >= 5


@pytest.mark.parametrize(
    ("code", "part"),
    [
        ("published-total", "30,975; its parts add up to 30,976: the sum of the unrounded parts, 30,974.96"),
        ("published-total", "105; its parts add up to 106"),
        ("published-two-totals", "903 apart"),
        ("published-label", "Table 15"),
        ("published-label", "Table 4"),
        ("published-place", "Table 16"),
        ("published-credit", "10.2%"),
        ("published-framing", "57.4%"),
        ("published-period", "Active Lives Survey (2023)"),
        ("published-sample", "6 groups of 50 make 300"),
        ("published-unit", "Table 14"),
        ("published-trend", "7.8% of adults aged 25 to 34 after 7.7%"),
        ("interval-similar", "6.2% and 4.9%"),
        ("fit-unit", "households"),
        ("fit-period", "14 years apart"),
        ("fit-universe", "ages 16+; this is of children aged 10 to 12"),
        ("stale-superseded", "Community Life Survey 2017-18 is newer"),
    ],
)
def test_what_the_authors_did_not_notice_is_found(report, code, part):
    assert part in messages(report, code)


def test_every_problem_has_its_place_and_a_hint(report):
    assert all(problem.hint and problem.line for problem in report.problems)
