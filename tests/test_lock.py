"""The lock: what a clone without the documents may believe, and what it never may."""

from __future__ import annotations

import json
import os

import pytest

FINDINGS = "evidence/findings/northshire-report.yml"
CSV = "evidence/tables/northshire-report-table-1.csv"
LOADER = "loaders/northshire-report-table-1.yml"
LOCK = "evidence/evidence.lock"
DOCUMENT = "documents/northshire-report.txt"


@pytest.fixture
def clone(base):
    """The base as someone else clones it: locked, and without its document."""
    base.lock()
    (base.folder / DOCUMENT).unlink()
    return base


def totals(report):
    counts = report.matching.counts.values()
    return tuple(sum(getattr(count, name) for count in counts) for name in ("checked", "matched", "vouched", "failed"))


def test_a_clone_without_the_documents_counts_anchors_as_vouched_never_as_matched(base):
    base.lock()
    checked, matched, vouched, failed = totals(base.check())
    assert (matched, vouched, failed) == (checked, 0, 0)
    (base.folder / DOCUMENT).unlink()
    report = base.check(ignore=("review",))
    assert totals(report) == (checked, 0, checked, 0)
    assert not report.fails()


def test_the_counts_of_vouched_anchors_are_said_aloud(clone, run):
    done = run("check", "--base", clone.folder, "--ignore", "review")
    assert done.returncode == 0
    assert "anchors were vouched for by the lock, not matched" in done.stdout


def test_require_documents_trusts_no_lock(clone):
    report = clone.check(require_documents=True, ignore=("review",))
    checked, matched, vouched, failed = totals(report)
    assert (matched, vouched, failed) == (0, 0, checked)
    assert {problem.code for problem in report.problems} == {"anchor-no-document"}


@pytest.mark.parametrize(
    ("name", "old", "new", "records"),
    [
        (FINDINGS, "value: 23.5", "value: 23.6", {"nurses-sleep-badly"}),
        (FINDINGS, "value: 9.0", "value: 9", {"teachers-sleep-badly"}),
        (FINDINGS, "period: 2021", "period: 2020", {"nurses-sleep-badly"}),
        (FINDINGS, 'of nurses said", locator: "1"', 'of nurses said", locator: "2"', {"nurses-sleep-badly"}),
        (FINDINGS, '"23.5% of nurses said"', '"23.5% of nurses"', {"nurses-sleep-badly"}),
        (FINDINGS, "  value: 31", "  value: 31\n  caveats: [few asked]", {"drivers-sleep-badly"}),
        (CSV, "282", "283", {"nurses-sleep-badly", "northshire-nurses", "northshire-bad-sleep-nurses"}),
        (CSV, "Nurses", "Nurse", {"nurses-sleep-badly", "northshire-nurses", "northshire-bad-sleep-nurses"}),
        ("evidence/studies.yml", "n: 4210", "n: 4211", {"shift-work-survey-2021"}),
    ],
)  # fmt: skip
def test_an_edit_makes_exactly_its_own_lines_worthless(clone, name, old, new, records):
    clone.change(name, old, new)
    problems = clone.check(select=("anchor",)).problems
    assert {problem.record for problem in problems} == records
    assert {problem.code for problem in problems} == {"anchor-no-document"}
    assert all("the lock does not vouch for it" in problem.message and problem.line for problem in problems)


def test_an_edit_of_the_loader_spec_makes_every_line_of_its_table_worthless(clone):
    before = totals(clone.check())
    clone.change(LOADER, 'caption: "Table 1: Estimated', 'caption: "Table 2: Estimated')
    checked, _, vouched, failed = totals(clone.check())
    assert checked == before[0]
    assert failed == 8
    assert vouched == checked - failed


def test_another_unit_of_the_measure_makes_the_lines_of_its_findings_worthless(clone):
    clone.change("schema/measures.yml", "unit: percent", "unit: persons")
    failed = {problem.record for problem in clone.check(select=("anchor",)).problems}
    assert {"nurses-sleep-badly", "teachers-sleep-badly", "drivers-sleep-badly"} <= failed


def test_a_rendition_that_is_no_longer_recorded_is_not_believed(clone):
    text = clone.read("evidence/documents.yml")
    digest = text.split("sha256: ")[1].split("}")[0]
    clone.change("evidence/documents.yml", digest, digest[::-1])
    checked, _, vouched, failed = totals(clone.check())
    assert (vouched, failed) == (0, checked)


def test_a_document_that_changed_is_matched_anew_whatever_the_lock_says(base):
    base.lock()
    base.change(DOCUMENT, "23.5% of nurses", "24.5% of nurses")
    base.rehash()
    assert "anchor-not-found" in base.codes("anchor")


def test_a_line_of_another_matcher_is_not_believed(clone):
    text = clone.read(LOCK)
    matcher = next(json.loads(line)["matcher"] for line in text.splitlines() if "matcher" in line)
    clone.write(LOCK, text.replace(f'"matcher": "{matcher}"', f'"matcher": "{matcher}0"'))
    checked, _, vouched, failed = totals(clone.check())
    assert (vouched, failed) == (0, checked)


def edited(line: str, **values: object) -> str:
    return json.dumps(json.loads(line) | values, sort_keys=True)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda line: line[:-20],
        lambda _: "",
        lambda _: "<<<<<<< HEAD",
        lambda _: "5",
        lambda _: "[" * 100_000,
        lambda _: "[]",
        lambda _: '{"coverage": 1}',
        lambda line: edited(line, state="not-found"),
        lambda line: edited(line, start="1"),
        lambda line: edited(line, figures={"value": [1]}),
        lambda line: edited(line, figures={"value": "12"}),
        lambda line: edited(line, note="edited by hand"),
        lambda line: edited(line, kind=["findings"]),
        lambda line: line.replace('"line"', '"lines"'),
    ],
)
def test_a_spoilt_line_is_a_problem_with_its_line_and_vouches_for_nothing(clone, spoil):
    lines = clone.read(LOCK).splitlines()
    number = next(n for n, line in enumerate(lines) if '"record": "drivers-sleep-badly"' in line)
    lines[number] = spoil(lines[number])
    clone.write(LOCK, "\n".join(lines) + "\n")
    problems = clone.check(select=("anchor",)).problems
    told = [problem for problem in problems if problem.code == "anchor-lock"]
    assert [(problem.path, problem.line) for problem in told] == [(LOCK, number + 1)]
    assert told[0].hint
    assert [problem.record for problem in problems if problem.code == "anchor-no-document"] == ["drivers-sleep-badly"]


def test_a_second_line_for_one_anchor_is_a_problem(clone):
    lines = clone.read(LOCK).splitlines()
    clone.write(LOCK, "\n".join([*lines, lines[-1]]) + "\n")
    assert [problem.line for problem in clone.check(select=("anchor-lock",)).problems] == [len(lines) + 1]


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"\x00" * 50])
def test_a_lock_that_is_no_text_is_a_problem_and_no_traceback(clone, content):
    (clone.folder / LOCK).write_bytes(content)
    assert "anchor-lock" in clone.codes("anchor")


def test_a_folder_in_place_of_the_lock_is_a_problem(clone):
    (clone.folder / LOCK).unlink()
    (clone.folder / LOCK).mkdir()
    assert "anchor-lock" in clone.codes("anchor")


def test_the_lock_is_sorted_json_lines_and_the_same_every_time(base):
    base.lock()
    first = base.read(LOCK)
    lines = first.splitlines()
    assert lines == sorted(lines)
    assert all(list(json.loads(line)) == sorted(json.loads(line)) for line in lines)
    base.lock()
    assert base.read(LOCK) == first


def test_a_line_says_which_content_was_matched_where(base):
    base.lock()
    lines = [json.loads(line) for line in base.read(LOCK).splitlines()]
    line = next(line for line in lines if line.get("record") == "drivers-sleep-badly")
    text = base.read(DOCUMENT)
    assert text[line["start"] : line["end"]] == "long-\ndistance drivers the figure was 31%"
    assert line["state"] == "folded"
    assert line["line"] == 7
    assert line["document"] == "northshire-report"
    exact = next(line for line in lines if line.get("record") == "nurses-sleep-badly" and line["anchor"] == "anchors.0")
    assert exact["state"] == "exact"


def test_the_lock_holds_no_words_of_the_document(base):
    base.lock()
    words = {word for word in base.read(DOCUMENT).split() if word.isalpha() and len(word) > 5}
    assert "nights" not in base.read(LOCK)
    assert not {word for word in words if f" {word} " in base.read(LOCK)}


def test_it_is_not_written_while_an_anchor_fails(base, run):
    base.lock()
    before = base.read(LOCK)
    base.change(FINDINGS, "value: 31", "value: 32")
    done = run("lock", "--base", base.folder)
    assert done.returncode == 1
    assert "The lock was not written" in done.stdout
    assert "anchor-figure-absent" in done.stdout
    assert base.read(LOCK) == before


def test_the_command_says_what_it_wrote(base, run):
    done = run("lock", "--base", base.folder)
    assert done.returncode == 0, done.stderr
    assert "wrote evidence/evidence.lock" in done.stdout


def test_it_is_written_in_one_piece(base, monkeypatch):
    base.lock()
    before = base.read(LOCK)
    base.change(FINDINGS, "  value: 31", "  value: 31\n  caveats: [few asked]")

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    from evidencebase.problems import EvidenceError

    with pytest.raises(EvidenceError, match="No space left"):
        base.lock()
    assert base.read(LOCK) == before
    assert sorted(file.name for file in (base.folder / "evidence").iterdir() if file.name.startswith(".")) == []


def test_lines_of_documents_that_are_not_at_hand_are_kept_while_they_hold(base):
    base.write("documents/southshire.txt", "In Southshire 12.5% of nurses slept badly.\n")
    from hashlib import sha256

    digest = sha256((base.folder / "documents/southshire.txt").read_bytes()).hexdigest()
    base.write(
        "evidence/documents.yml",
        base.read("evidence/documents.yml")
        + f"- key: southshire\n  title: Southshire\n  renditions:\n    - {{file: southshire.txt, sha256: {digest}}}\n",
    )
    base.write(
        "evidence/findings/southshire.yml",
        """- id: southshire-nurses
  statistic: prevalence
  measure: sleeps-badly
  group: nurses
  value: 12.5
  anchors: [{document: southshire, fragment: "12.5% of nurses"}]
  extracted_by: reader-a
""",
    )
    base.lock()
    before = base.read(LOCK)
    (base.folder / "documents/southshire.txt").unlink()
    base.lock()
    assert base.read(LOCK) == before
    assert "southshire" in before
