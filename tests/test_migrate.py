"""A base of format 1 becomes one of format 2: nothing is lost, nothing guessed, all of it or none."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from evidencebase.database.build import build_database
from evidencebase.files import JOURNAL, put_back, replace_together
from evidencebase.folder import BaseFolder
from evidencebase.loading import load
from evidencebase.problems import EvidenceError
from evidencebase.provenance.migrating import plan
from evidencebase.provenance.seal import Reviews, Seal
from evidencebase.reading import format1
from evidencebase.reading.yaml import parse_yaml

FINDINGS = "evidence/findings/northshire-report.yml"
CLAIMS = "evidence/claims/northshire-report.yml"
GROUPS = "schema/groups.yml"
COST = """
- id: cost-of-bad-sleep
  statistic: cost
  measure: sleeps-badly
  unit: gbp
  value: 250
  anchors: [{document: northshire-report, fragment: "£250 for each driver"}]
  extracted_by: reader-a
- id: mean-cost-of-bad-sleep
  # what it is against
  comparator:
    group: nurses   # not all of them
    horizon: 1 year
    adjusted_for: [age, "sex, both"]
  statistic: cost   # in pounds
  qualifier: about
  measure: sleeps-badly
  unit: gbp
  value: 14.0
  credited_as: Another Survey
  caveats: [for which year is not stated]
  anchors: [{document: northshire-report, fragment: "an average of about £14.0 a year"}]
  extracted_by: reader-a
"""


@pytest.fixture
def old(base):
    """The small base, as format 1 wrote it, reviewed and locked."""
    base.change("metadata.yml", "format: 2", "format: 1")
    base.change(
        "documents/northshire-report.txt",
        "The survey",
        "It costs £250 for each driver, and\nan average of about £14.0 a year each. The survey",
    )
    base.rehash()
    base.write(FINDINGS, base.read(FINDINGS).rstrip() + COST)
    base.change(CLAIMS, "kind: relation", "kind: direction")
    base.change(CLAIMS, "versus: {group: teachers}", "than: teachers  # as printed")
    base.change(
        GROUPS, "label: nurses}", "label: nurses, age_min: 18, age_max: 65, sex: female, labels_as_published: [nurses]}"
    )
    base.change(GROUPS, "label: teachers}", "label: teachers, age_max: 64}")
    loaded, problems = load(base.folder)
    assert [problem.code for problem in problems] == ["shape-format"]
    reviews = Reviews(loaded)
    lines = [
        f"- {{record: {thing.key}, by: reader-b, on: 2026-01-0{number % 9 + 1}, verdict: accept,"
        f" {value}digest: {thing.digest}}}\n"
        for number, thing in enumerate(reviews.things.values())
        for value in (("value: 23.5, " if thing.key == "nurses-sleep-badly" else ""),)
    ]
    again = "# read twice\n" + lines[0].replace("reader-b", "reader-c").replace("2026-01-01", "2026-02-01")
    shutil.rmtree(base.folder / "evidence/reviews", ignore_errors=True)
    base.write("evidence/reviews.yml", "# Append-only: who reviewed which content.\n" + "".join(lines) + again)
    return base


def everything(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()
    }


def facts(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every table of a base's database that says something of its subject, without digests."""
    with closing(sqlite3.connect(build_database(folder, folder / "facts.db").file)) as connection:
        asked = {
            "findings": 'statement, statistic, "group", value_text, qualifier, comparator_group, adjusted_for, horizon,'
            " credited_as, caveats, status, unread",
            "claims": 'statement, kind, "group", than, direction, says, unread, status',
            "groups": "label, age_min, age_max, sex, words",
            "estimates": "statement, published_text, recomputed, strength, status",
            "conclusions": "statement, certainty",
        }
        return {
            table: connection.execute(f"SELECT {columns} FROM {table} ORDER BY 1").fetchall()  # noqa: S608
            for table, columns in asked.items()
        }


# What becomes of each field


@pytest.mark.parametrize(
    ("kind", "old_fields", "new_fields"),
    [
        ("findings", {"qualifier": "about"}, {"qualifiers": ["about"]}),
        ("findings", {"qualifier": None}, {}),
        ("findings", {"comparator": {"group": "a", "outcome": "death", "adjusted_for": ["age"], "horizon": "1 year", "price_year": 2018}},
         {"versus": {"group": "a", "level": "death"}, "adjusted_for": ["age"], "horizon": "1 year", "price_year": 2018}),
        ("findings", {"comparator": {"adjusted_for": ["age"]}}, {"adjusted_for": ["age"]}),
        ("findings", {"comparator": None}, {}),
        ("findings", {"statistic": "cost", "anchors": [{"fragment": "an average of £5"}]},
         {"statistic": "cost-mean", "anchors": [{"fragment": "an average of £5"}]}),
        ("findings", {"statistic": "cost", "anchors": [{"fragment": "£5 in total"}]},
         {"statistic": "cost-total", "anchors": [{"fragment": "£5 in total"}]}),
        ("findings", {"statistic": "cost", "anchors": [{"fragment": "£5 each"}]},
         {"unread": ["statistic"], "anchors": [{"fragment": "£5 each"}]}),
        ("findings", {"statistic": "cost", "anchors": [{"fragment": "an average of £5, £9 in total"}]},
         {"unread": ["statistic"], "anchors": [{"fragment": "an average of £5, £9 in total"}]}),
        ("findings", {"statistic": "rank", "unit": "percent"}, {"statistic": "percentile", "unit": "percent"}),
        ("findings", {"statistic": "rank", "value": 3}, {"statistic": "rank", "value": 3}),
        ("findings", {"statistic": "share", "credited_as": "X", "caveats": ["c"]}, {"statistic": "share", "credited_as": "X", "caveats": ["c"]}),
        ("claims", {"kind": "direction", "than": "a", "adjusted_for": ["age"]},
         {"kind": "relation", "unread": ["exposure", "link", "modality"], "versus": {"group": "a"}, "adjusted_for": ["age"]}),
        ("claims", {"kind": "limitation", "summary": "few were asked"}, {"kind": "limitation", "unread": ["modality"], "says": "few were asked"}),
        ("claims", {"kind": "definition", "than": None}, {"kind": "definition", "unread": ["modality"]}),
        ("populations", {"qualifier": "over"}, {"qualifiers": ["over"]}),
        ("groups", {"age_min": 16, "age_max": 24, "sex": "male"}, {"is": {"age": "16-24", "sex": "male"}}),
        ("groups", {"sex": "female", "age_min": 75}, {"is": {"age": "75+", "sex": "female"}}),
        ("groups", {"age_max": 49}, {"is": {"age": "under 50"}}),
        ("groups", {"age_min": None, "label": "x"}, {"label": "x"}),
        ("groups", {"labels_as_published": ["a"], "condition": "b"}, {"words": ["a"], "condition": "b"}),
        ("conclusions", {"disputes": ["a"]}, {"disputes": ["a"]}),
        ("measures", {"notes": ["a"]}, {"notes": ["a"]}),
    ],
)  # fmt: skip
def test_each_old_field_becomes_what_the_table_says(kind, old_fields, new_fields):
    assert format1.converted(kind, old_fields)[0] == new_fields


def test_a_verdict_follows_the_one_above_it_and_names_what_was_entered():
    lines = [{"record": "a", "value": 5, "by": "b"}, {"record": "s", "value": 9}, {"record": "a", "verdict": "reject"}]
    first, study, last = format1.reviews(lines, {"s": "studies"}.get)
    assert first == {"record": "a", "by": "b", "entered": {"value": "5"}}
    assert study["entered"] == {"n": "9"}
    assert len(last["follows"]) == 1
    assert format1.reviews([{"record": "e", "value": 1}], {"e": "estimates"}.get)[0]["entered"] == {"published": "1"}


# Reading format 1


def test_a_base_of_format_1_is_read_with_one_warning_and_its_problems_stand_where_it_is_written(old, run):
    old.change(CLAIMS, "than: teachers", "than: teechers")
    done = run("check", "--base", old.folder, "--ignore", "review", "--format", "json")
    problems = json.loads(done.stdout)["problems"]
    assert [each["severity"] for each in problems if each["code"] == "shape-format"] == ["warning"]
    (unknown,) = [each for each in problems if each["code"] == "reference-group"]
    line = next(n for n, text in enumerate(old.read(CLAIMS).splitlines(), start=1) if "teechers" in text)
    assert (unknown["path"], unknown["line"]) == (CLAIMS, line)


def test_a_newer_format_and_a_base_without_one_are_refused(old):
    for written in ("format: 3", "format: true", "formats: 2"):
        old.change("metadata.yml", old.read("metadata.yml").split("{")[1].split(",")[0], written)
        _, problems = load(old.folder)
        assert "not a base of format 2" in problems[0].message


# Rewriting


def test_both_formats_give_the_same_answers(old, run):
    before = facts(old.folder)
    assert run("migrate", "--base", old.folder, "--write").returncode == 0
    old.lock()
    assert facts(old.folder) == before
    loaded, problems = load(old.folder)
    assert problems == []
    assert loaded.format == 2


def test_only_the_fields_that_change_are_written_anew(old, run):
    run("migrate", "--base", old.folder, "--write")
    assert """- id: mean-cost-of-bad-sleep
  # what it is against
  versus: {group: nurses}
  horizon: 1 year
  adjusted_for: [age, "sex, both"]
  # not all of them
  statistic: cost-mean   # in pounds
  qualifiers: [about]
  measure: sleeps-badly
  unit: gbp
  value: 14.0
  credited_as: Another Survey
""" in old.read(FINDINGS)  # fmt: skip
    assert "  versus: {group: teachers}  # as printed\n" in old.read(CLAIMS)
    assert "is: {age: 18-65, sex: female}, words: [nurses]}" in old.read(GROUPS)
    assert "is: {age: under 65}}" in old.read(GROUPS)
    assert "unread: [statistic]" in old.read(FINDINGS)
    assert 'words: ["%", per cent, percent], dimension: proportion, factor: 0.01' in old.read("schema/units.yml")


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_byte_order_marks_stay(old, run, mark):
    for name in (FINDINGS, CLAIMS, GROUPS, "metadata.yml"):
        file = old.folder / name
        file.write_bytes(mark + file.read_bytes().replace(b"\n", b"\r\n"))
    assert run("migrate", "--base", old.folder, "--write").returncode == 0
    for name in (FINDINGS, CLAIMS, GROUPS, "metadata.yml"):
        content = (old.folder / name).read_bytes()
        assert content.startswith(mark)
        assert content.count(b"\n") == content.count(b"\r\n") > 1


def test_without_write_nothing_changes_and_every_field_is_listed(old, run):
    before = everything(old.folder)
    done = run("migrate", "--base", old.folder)
    assert done.returncode == 0
    assert everything(old.folder) == before
    assert "than: teachers -> versus: {group: teachers}" in done.stdout
    assert f"{GROUPS}:1:" in done.stdout or f"{GROUPS}:2:" in done.stdout
    assert "cost-of-bad-sleep: its old fields do not decide the new one" in done.stdout
    listed = json.loads(run("migrate", "--base", old.folder, "--format", "json").stdout)
    assert listed["open"] == ["cost-of-bad-sleep"]
    assert listed["written"] is False
    assert {each["field"] for each in listed["fields"]} >= {
        "qualifier",
        "comparator",
        "kind",
        "than",
        "age_min",
        "statistic",
    }


def test_a_second_run_finds_nothing_to_do(old, run):
    run("migrate", "--base", old.folder, "--write")
    before = everything(old.folder)
    done = run("migrate", "--base", old.folder, "--write")
    assert done.returncode == 0
    assert "nothing to do" in done.stdout
    assert everything(old.folder) == before


def test_verdicts_are_carried_and_what_nobody_read_is_not_accepted(old, run):
    kept = len(load(old.folder)[0].reviews)
    run("migrate", "--base", old.folder, "--write")
    loaded, _ = load(old.folder)
    assert not (old.folder / "evidence/reviews.yml").exists()
    assert {file.name for file in (old.folder / "evidence/reviews").iterdir()} == {
        "migrate.yml",
        "reader-b.yml",
        "reader-c.yml",
    }
    assert sum(review.by != "migrate" for review, _ in loaded.reviews) == kept
    assert "# read twice" in old.read("evidence/reviews/migrate.yml")
    reviews = Reviews(loaded)
    assert {seal for (kind, _), seal in reviews.seals.items() if kind in ("findings", "claims", "tables")} == {
        Seal.ACCEPTED
    }
    assert {seal for (kind, _), seal in reviews.seals.items() if kind in ("measures", "groups", "units")} == {
        Seal.CARRIED
    }
    entered = [
        review.entered for review, _ in loaded.reviews if review.record == "nurses-sleep-badly" and review.entered
    ]
    assert entered
    assert all(each == {"value": "23.5"} for each in entered)


def test_a_base_with_a_fault_is_not_touched(old, run):
    old.change(FINDINGS, "  value: 14.0", "  value: fourteen")
    before = everything(old.folder)
    done = run("migrate", "--base", old.folder, "--write")
    assert done.returncode == 1
    assert "mend it first" in done.stderr
    assert everything(old.folder) == before


# All or nothing


def test_a_disk_that_fails_half_way_leaves_every_file_as_it_was(old, monkeypatch):
    before = everything(old.folder)
    found = plan(BaseFolder(old.folder), "2026-03-01")
    count = 0
    replace = Path.replace

    def failing(self, target):
        nonlocal count
        count += Path(target).parent != old.folder / JOURNAL and JOURNAL in str(self)
        if count == 3:
            count += 1
            raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(EvidenceError, match="No space left"):
        found.write()
    assert everything(old.folder) == before


def open_to(folder):
    """The permissions of every file of a folder."""
    return {file: stat.S_IMODE(file.stat().st_mode) for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize("after", [0, 1, 4])
def test_a_program_killed_half_way_leaves_the_old_base_to_be_put_back(old, run, after):
    for file in old.folder.rglob("*.yml"):
        file.chmod(0o600)
    before, modes = everything(old.folder), open_to(old.folder)
    script = f"""
import os, signal
from pathlib import Path
from evidencebase.files import JOURNAL
from evidencebase.folder import BaseFolder
from evidencebase.provenance.migrating import plan
found = plan(BaseFolder(Path({str(old.folder)!r})), "2026-03-01")
replace, done = Path.replace, 0
def killed(self, target):
    global done
    if self.suffix == ".new":
        if done == {after}:
            os.kill(os.getpid(), signal.SIGKILL)
        done += 1
    return replace(self, target)
Path.replace = killed
found.write()
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    checked = run("check", "--base", old.folder, "--ignore", "review")
    assert checked.returncode == 1
    assert "shape-interrupted" in checked.stdout
    assert stat.S_IMODE((old.folder / JOURNAL).stat().st_mode) == 0o700  # it holds what is closed to others
    assert "were put back first" in run("migrate", "--base", old.folder).stdout
    assert everything(old.folder) == before
    assert open_to(old.folder) == modes


def test_a_journal_that_names_a_file_elsewhere_writes_nothing_there(tmp_path):
    folder, victim = tmp_path / "base", tmp_path / "victim.txt"
    (folder / JOURNAL).mkdir(parents=True)
    victim.write_text("mine")
    (folder / JOURNAL / "0").write_text("theirs")
    (folder / JOURNAL / "index.json").write_text(json.dumps({"0": ["../victim.txt", False]}))
    with pytest.raises(EvidenceError, match="cannot be put back"):
        put_back(folder)
    assert victim.read_text() == "mine"


def test_files_change_together_or_not_at_all(tmp_path):
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "b").write_bytes(b"gone")
    replace_together(tmp_path, {tmp_path / "a": b"new", tmp_path / "b": None, tmp_path / "c/d": b"made"})
    assert everything(tmp_path) == {"a": b"new", "c/d": b"made"}


def test_the_program_rewrites_yaml_that_reads_as_it_did():
    text = "- {id: a, qualifier: over, value: 7.70} # kept\n"
    read, _ = parse_yaml(text, "x")
    assert format1.converted("findings", read.data[0])[0] == {
        "id": "a",
        "qualifiers": ["over"],
        "value": read.data[0]["value"],
    }
