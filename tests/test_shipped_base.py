"""The base that ships is itself a test case."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from evidencebase.citing.statements import statement
from evidencebase.loading import load
from evidencebase.model.kinds import RECORDS
from evidencebase.model.records import Finding

REPOSITORY = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def shipped():
    return load(REPOSITORY)


def test_it_loads_without_a_problem_of_shape(shipped):
    _, problems = shipped
    assert [f"{problem.place} {problem.code} {problem.message}" for problem in problems] == []


def test_it_holds_records_of_every_kind(shipped):
    base, _ = shipped
    counts = Counter(kind for kind, _ in base.entries)
    assert set(RECORDS) - set(counts) == {"bodies", "contexts"}
    assert counts["findings"] > 100
    assert len(base.documents) == 5


def test_every_record_can_be_said_in_words(shipped):
    base, _ = shipped
    for entry in base.entries.values():
        text = statement(entry, base)
        assert text.strip(), entry.key
        assert not re.search(r"[{}]|None|\bnull\b|  ", text), f"{entry.key}: {text}"
        assert text[0] == text[0].upper()


def test_no_statement_shows_an_id_for_want_of_a_label(shipped):
    base, _ = shipped
    for name in ("measures", "groups", "places"):
        for key, item in getattr(base.vocabulary, name).items():
            assert item.label.strip(), key
            assert not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+){2,}", item.label), f"{name}: {item.label}"


def test_every_finding_with_a_study_has_its_strength_and_its_figure(shipped):
    base, _ = shipped
    for entry in base.of("findings"):
        record = entry.record
        assert isinstance(record, Finding)
        assert base.figure(entry), record.id
        if record.study:
            assert base.studies[record.study].strength in ("strong", "moderate", "weak"), record.id


def test_no_fragment_is_longer_than_a_fragment_may_be(shipped):
    base, _ = shipped
    fragments = [
        anchor.fragment
        for entry in base.entries.values()
        for _, anchor, _ in entry.record.anchored()
        if anchor.fragment
    ]
    fragments += [item.fragment for item, _ in base.aside]
    assert len(fragments) > 500
    assert [words for words in fragments if len(words.split()) > 12 or len(words) > 90] == []


def test_no_fragment_is_a_whole_sentence(shipped):
    base, _ = shipped
    fragments = [
        anchor.fragment
        for entry in base.entries.values()
        for _, anchor, _ in entry.record.anchored()
        if anchor.fragment
    ]
    assert [
        words for words in fragments if re.fullmatch(r"[A-Z][^.!?]*\s[^.!?]*[.!?]", words) and len(words.split()) > 5
    ] == []


def test_every_anchor_stands_in_the_documents(documents):
    from evidencebase.answers.report import check_base

    report = check_base(REPOSITORY, documents, require_documents=True, select=("anchor",))
    assert [f"{problem.place} {problem.code} {problem.message}" for problem in report.problems] == []


def test_without_the_documents_the_lock_vouches_for_every_anchor(tmp_path):
    from evidencebase.answers.report import check_base

    report = check_base(REPOSITORY, tmp_path, select=("anchor",))
    assert [f"{problem.place} {problem.code}" for problem in report.problems] == []
    assert sum(count.matched for count in report.matching.counts.values()) == 0


def test_it_builds_from_reviewed_records_and_findings_go_in(tmp_path):
    from evidencebase.database import build_database

    built = build_database(REPOSITORY, tmp_path / "evidence.db", tmp_path)
    assert built.rows["findings"] > 100
    assert built.unvouched == 0
    assert set(built.left_out.values()) == {"withdrawn"}
