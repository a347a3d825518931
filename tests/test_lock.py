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
    checked, matched, vouched, _ = totals(clone.check(ignore=("review",)))
    done = run("check", "--base", clone.folder, "--ignore", "review")
    assert done.returncode == 0
    assert (matched, vouched) == (0, checked)
    assert f"\n{checked} anchors were vouched for by the lock, not matched" in done.stdout


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


def test_the_command_writes_what_then_vouches_for_every_anchor_and_says_so(base, run):
    done = run("lock", "--base", base.folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("wrote evidence/evidence.lock\n")
    checked, matched, _, _ = totals(base.check())
    assert matched == checked > 0
    (base.folder / DOCUMENT).unlink()
    assert totals(base.check()) == (checked, 0, checked, 0)


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


# The day


def lines_of(base) -> dict[tuple[str, str], dict]:
    found = [json.loads(line) for line in base.read(LOCK).splitlines()]
    return {
        (line.get("record") or line.get("coverage") or f"words of {line['named']}", line.get("anchor", "")): line
        for line in found
    }


def test_a_line_keeps_the_day_it_was_matched_while_nothing_else_of_it_changes(base):
    base.lock()
    base.write(LOCK, "".join(json.dumps(line | {"on": "2020-02-02"}) + "\n" for line in lines_of(base).values()))
    base.change(FINDINGS, "  value: 31", "  value: 31\n  caveats: [few asked]")
    base.lock()
    lines = lines_of(base)
    assert lines["drivers-sleep-badly", "anchors.0"]["on"] > "2025"
    kept = {line["on"] for (key, _), line in lines.items() if "drivers-sleep-badly" not in key}
    assert kept == {"2020-02-02"}


def test_a_line_without_a_day_is_believed_and_gets_none_while_the_document_is_away(clone):
    lines = [{name: value for name, value in line.items() if name != "on"} for line in lines_of(clone).values()]
    clone.write(LOCK, "".join(json.dumps(line) + "\n" for line in lines))
    assert clone.codes("anchor") == []
    clone.lock()
    assert {line["on"] for (_, anchor), line in lines_of(clone).items() if anchor} == {None}


# A damaged lock


def conflict(text: str) -> str:
    lines = text.splitlines(keepends=True)
    other = [line.replace('"state": "folded"', '"state": "exact"') for line in lines[3:6]]
    return "".join([*lines[:3], "<<<<<<< HEAD\n", *lines[3:6], "=======\n", *other, ">>>>>>> other\n", *lines[6:]])


DAMAGED = {
    "conflict markers": lambda text: conflict(text).encode(),
    "truncated": lambda text: text[: len(text) // 2].encode(),
    "duplicate lines": lambda text: (text + text.splitlines(keepends=True)[0]).encode(),
    "binary": lambda text: b"\x00\xff\xfe" + text.encode(),
    "empty": lambda _: b"",
}


@pytest.mark.parametrize("how", DAMAGED)
def test_a_damaged_lock_is_mended_by_writing_it_anew(base, run, how):
    base.lock()
    whole = base.read(LOCK)
    (base.folder / LOCK).write_bytes(DAMAGED[how](whole))
    done = run("lock", "--base", base.folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert base.read(LOCK) == whole
    assert base.codes("anchor") == []


def test_two_branches_that_both_wrote_the_lock_are_merged_by_writing_it_anew(base, run):
    """With real git: both branches change a record and lock; the conflict in the lock is resolved by locking."""
    import subprocess

    def git(*arguments: str, fine: bool = True) -> str:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        command = ["git", "-C", str(base.folder), "-c", "user.name=a", "-c", "user.email=a@example.org", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        assert done.returncode == 0 or not fine, done.stderr
        return done.stdout

    base.lock()
    git("init", "-q", "-b", "one")
    git("add", "-A")
    git("commit", "-qm", "start")
    git("checkout", "-qb", "other")
    base.change(FINDINGS, "  value: 31", "  value: 31\n  caveats: [few asked]")
    base.lock()
    git("commit", "-qam", "a caveat on drivers")
    git("checkout", "-q", "one")
    base.change(FINDINGS, "  value: 9.0", "  value: 9.0\n  caveats: [few teachers asked]")
    base.lock()
    git("commit", "-qam", "a caveat on teachers")
    git("merge", "other", fine=False)
    assert base.read(LOCK).count("<<<<<<<") or "few asked" in base.read(FINDINGS)
    done = run("lock", "--base", base.folder)
    assert done.returncode == 0, done.stdout
    assert base.codes("anchor") == []
    (base.folder / DOCUMENT).unlink()
    assert base.codes("anchor") == []


def test_of_two_lines_after_a_merge_the_one_that_vouches_is_kept_though_its_document_is_away(clone, run):
    line = next(line for line in clone.read(LOCK).splitlines() if '"drivers-sleep-badly"' in line)
    stale = edited(line, digest="0" * 64)
    clone.write(LOCK, clone.read(LOCK).replace(line, f"<<<<<<< HEAD\n{stale}\n=======\n{line}\n>>>>>>> other"))
    assert set(clone.codes("anchor")) == {"anchor-lock"}
    assert run("lock", "--base", clone.folder).returncode == 0
    assert clone.codes("anchor") == []


# What needs no document


def forged(base, key: str, **values: object) -> None:
    """A lock edited by hand to vouch for the record as it is now: its digest is public and easily computed."""
    from evidencebase.loading import load
    from evidencebase.provenance.lock import content_digest

    loaded, _ = load(base.folder)
    entry = loaded.by_id[key]
    lines = []
    for line in base.read(LOCK).splitlines():
        read = json.loads(line)
        if read.get("record") == key:
            number = int(read["anchor"].split(".")[1])
            read["digest"] = content_digest(loaded, entry, entry.record.anchors[number])
            read |= values if number == 0 else {}
        lines.append(json.dumps(read, sort_keys=True))
    base.write(LOCK, "\n".join(lines) + "\n")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("value: 31", "value: 131", "anchor-figure-absent"),
        ("value: 31", "value: 31.0", "anchor-figure-absent"),
        ("value: 31", "value: 31\n  unit: persons", "anchor-figure-absent"),
        ("was 31%", "was 30%", "anchor-figure-absent"),
        ("the figure was 31%", "aged 16 to 24 was 31%", "anchor-group-disagrees"),
        ("the figure was 31%", "in 2019 the figure was 31%", "anchor-period-disagrees"),
    ],
)  # fmt: skip
def test_a_forged_line_vouches_for_no_figure_that_its_own_fragment_does_not_have(clone, old, new, code):
    if code == "anchor-group-disagrees":
        clone.change("schema/groups.yml", "label: long-distance drivers", "label: drivers, is: {age: 40-50}")
    clone.change(FINDINGS, old, new)
    forged(clone, "drivers-sleep-badly")
    assert clone.codes("anchor") == [code]


@pytest.mark.parametrize(
    "values",
    [
        {"figures": {}},
        {"figures": {"value": [100, 105]}},
        {"figures": {"value": [100, 103], "n": [110, 115]}},
        {"start": 10, "end": 10},
    ],
)
def test_a_line_whose_places_do_not_fit_its_own_fragment_is_not_believed(clone, values):
    forged(clone, "drivers-sleep-badly", **values)
    problems = clone.check(select=("anchor",)).problems
    assert [(each.code, each.record) for each in problems] == [("anchor-no-document", "drivers-sleep-badly")]
    assert "the lock does not fit this anchor" in problems[0].message


def test_figures_that_stand_farther_apart_in_the_lock_than_in_the_fragment_are_not_believed(base):
    base.change(FINDINGS, "  value: 31", "  range: {low: 31, high: 32}")
    base.change(FINDINGS, "the figure was 31%", "the figure was 31% to 32%")
    base.change(DOCUMENT, "figure was 31%", "figure was 31% to 32%")
    base.rehash()
    base.lock()
    (base.folder / DOCUMENT).unlink()
    assert base.codes("anchor") == []
    line = next(json.loads(each) for each in base.read(LOCK).splitlines() if '"drivers-sleep-badly"' in each)
    low, high = line["figures"]["low"], line["figures"]["high"]
    forged(base, "drivers-sleep-badly", figures={"low": low, "high": [high[0] + 4, high[1] + 4]})
    assert base.codes("anchor") == ["anchor-no-document"]


def test_a_forged_line_vouches_for_no_cell_that_its_own_table_does_not_have(clone):
    clone.change(CSV, "23.5%", "24.5%")
    for key in ("nurses-sleep-badly", "northshire-nurses", "northshire-bad-sleep-nurses"):
        forged(clone, key)
    problems = [each for each in clone.check(select=("anchor",)).problems if each.record == "nurses-sleep-badly"]
    assert [each.code for each in problems] == ["anchor-figure-absent"]
    assert "24.5%" in problems[0].message


def test_show_does_not_repeat_what_a_forged_lock_says(clone, run):
    clone.change("evidence/findings/northshire-report.yml", "value: 23.5", "value: 25.3")
    forged(clone, "nurses-sleep-badly")
    shown = json.loads(run("show", "nurses-sleep-badly", "--base", clone.folder, "--format", "json").stdout)
    assert {passage["state"] for passage in shown["passages"]} == {"not vouched for by the lock"}
    assert all(passage["matched"].startswith("not matched") for passage in shown["passages"])


def test_build_refuses_a_forged_lock_too(clone, run):
    clone.accept_all()
    clone.change(FINDINGS, "value: 31", "value: 131")
    forged(clone, "drivers-sleep-badly")
    done = run("build", "--base", clone.folder)
    assert done.returncode == 1
    assert "anchor-figure-absent" in done.stderr
