"""Building: the same bytes every time, and never less than a whole database."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from evidencebase.database import build_database
from evidencebase.problems import EvidenceError

FINDINGS = "evidence/findings/northshire-report.yml"
DOCUMENT = "documents/northshire-report.txt"


@pytest.fixture
def ready(base):
    """A base that is reviewed and locked."""
    base.accept_all()
    base.lock()
    return base


def git(folder: Path, *arguments: str) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command = ["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@example.org", *arguments]
    subprocess.run(command, check=True, capture_output=True, env=environment)


def build(base) -> bytes:
    return build_database(base.folder).file.read_bytes()


def whole(file: Path) -> int:
    """The findings of a database that is whole."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return connection.execute("SELECT count(*) FROM findings").fetchone()[0]


def test_two_builds_are_the_same_bytes(ready):
    assert build(ready) == build(ready)


def test_a_clone_elsewhere_on_another_day_gives_the_same_bytes(ready, tmp_path):
    git(ready.folder, "init", "-q")
    git(ready.folder, "add", "metadata.yml", "evidence", "schema", "loaders")
    git(ready.folder, "commit", "-q", "-m", "all of it")
    here = build(ready)
    for name in ("one", "two/deeper"):
        git(tmp_path, "clone", "-q", str(ready.folder), str(tmp_path / name))
        other = tmp_path / name
        for number, file in enumerate(sorted(other.rglob("*.yml"))):
            os.utime(file, (10**9 + number, 10**9 + number))
        assert build_database(other).file.read_bytes() == here
    ready.write("notes.txt", "a later commit that does not touch the base\n")
    git(ready.folder, "add", "notes.txt")
    git(ready.folder, "commit", "-q", "-m", "notes")
    assert build(ready) == here


def test_the_revision_is_the_last_commit_of_the_base_and_says_when_files_differ(ready, monkeypatch):
    git(ready.folder, "init", "-q")
    git(ready.folder, "add", "metadata.yml", "evidence", "schema", "loaders")
    git(ready.folder, "commit", "-q", "-m", "all of it")
    commit = subprocess.run(
        ["git", "-C", ready.folder, "rev-parse", "HEAD"], capture_output=True, text=True, check=True
    )

    def revision() -> str:
        with closing(sqlite3.connect(build_database(ready.folder).file)) as connection:
            return connection.execute("SELECT value FROM build WHERE name = 'revision'").fetchone()[0]

    assert revision() == commit.stdout.strip()
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    ready.write("evidence/findings/.new.yml.swp", "left by an editor")
    assert revision() == commit.stdout.strip()
    git(ready.folder, "config", "status.showUntrackedFiles", "no")
    ready.write("evidence/set-asides/new.yml", "[]\n")
    assert revision() == commit.stdout.strip() + "+changes"


def test_documents_at_hand_or_not_make_no_difference(ready, tmp_path):
    with_them = build(ready)
    (ready.folder / DOCUMENT).rename(tmp_path / "northshire-report.txt")
    assert build(ready) == with_them
    assert build_database(ready.folder, documents=tmp_path).file.read_bytes() == with_them


def test_files_that_editors_leave_make_no_difference(ready):
    before = build(ready)
    ready.write("evidence/findings/.northshire-report.yml.swp", "x")
    ready.write("evidence/findings/northshire-report.yml~", "x")
    assert build(ready) == before


def test_nothing_in_it_depends_on_the_day(ready, monkeypatch):
    before = build(ready)
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    monkeypatch.setenv("LC_ALL", "tr_TR.UTF-8")
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    code = (
        "import datetime, sys, time\n"
        "class Later(datetime.datetime):\n"
        "    @classmethod\n"
        "    def now(cls, tz=None): return datetime.datetime(2031, 5, 1, tzinfo=tz)\n"
        "import evidencebase.answers.report as report; report.datetime = Later\n"
        "from evidencebase.database import build_database; build_database(sys.argv[1])\n"
    )
    subprocess.run([sys.executable, "-c", code, ready.folder], check=True)
    assert (ready.folder / "evidence.db").read_bytes() == before


def test_only_reviewed_records_go_in_and_the_rest_is_named(base):
    base.accept_all()
    base.review("drivers-sleep-badly", verdict="reject", note="of another year")
    base.lock()
    built = build_database(base.folder)
    assert built.left_out == {"drivers-sleep-badly": "rejected"}
    with closing(sqlite3.connect(built.file)) as connection:
        ids = {row[0] for row in connection.execute("SELECT id FROM findings")}
    assert ids == {"nurses-sleep-badly", "teachers-sleep-badly"}


def test_a_record_changed_after_its_review_stops_the_build_unless_drafts_are_asked_for(base):
    base.accept_all()
    base.change(FINDINGS, "  value: 31", "  value: 31\n  caveats: [few asked]")
    base.lock()
    with pytest.raises(EvidenceError, match="review-seal-broken: drivers-sleep-badly: it was changed"):
        build_database(base.folder)
    built = build_database(base.folder, drafts=True)
    with closing(sqlite3.connect(built.file)) as connection:
        told = dict(connection.execute("SELECT id, status FROM findings"))
    assert told["drivers-sleep-badly"] == "seal-broken"
    assert told["nurses-sleep-badly"] == "reviewed"


def test_drafts_go_in_when_asked_for_and_are_marked(base):
    base.lock()
    assert build_database(base.folder).rows["findings"] == 0
    built = build_database(base.folder, drafts=True)
    assert built.left_out == {}
    with closing(sqlite3.connect(built.file)) as connection:
        assert {row[0] for row in connection.execute("SELECT status FROM findings")} == {"draft"}


def test_a_record_that_names_an_unreviewed_one_stops_the_build_by_name(base):
    base.accept_all()
    base.write("schema/groups.yml", base.read("schema/groups.yml") + "- {id: lorry-drivers, label: lorry drivers}\n")
    base.change(
        FINDINGS, "group: drivers", "group: lorry-drivers\n  inferred: {group: the survey asked drivers of lorries}"
    )
    base.review("drivers-sleep-badly", "31")
    base.lock()
    with pytest.raises(EvidenceError, match="groups/lorry-drivers: nobody has reviewed it; 1 record rests on it"):
        build_database(base.folder)


def test_what_the_lock_does_not_vouch_for_is_said(base, run):
    base.accept_all()
    done = run("build", "--base", base.folder)
    assert done.returncode == 0, done.stderr
    assert "anchors are not in the lock" in done.stdout
    base.lock()
    assert build_database(base.folder).unvouched == 0


def test_an_error_stops_it_and_the_old_database_is_as_it_was(ready, run):
    before = build(ready)
    ready.change(FINDINGS, "value: 31", "value: 32")
    done = run("build", "--base", ready.folder)
    assert done.returncode == 1
    assert "anchor-figure-absent" in done.stderr
    assert "Traceback" not in done.stderr
    assert (ready.folder / "evidence.db").read_bytes() == before
    assert leftovers(ready.folder) == []


def leftovers(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir() if file.name.startswith(".evidence")]


def test_a_build_killed_at_any_moment_leaves_the_old_database_whole(ready):
    before = build(ready)
    ready.change("metadata.yml", "scope: sleep", "scope: sleep and rest")
    code = (
        "import sys\n"
        "from evidencebase.database import build_database\n"
        "print('ready', flush=True)\n"
        "while True: build_database(sys.argv[1], sys.argv[2])\n"
    )
    output = ready.folder / "evidence.db"
    other = ready.folder / "other.db"
    outcomes = set()
    for number in range(6):
        shutil.copyfile(output, other)
        child = subprocess.Popen([sys.executable, "-c", code, ready.folder, other], stdout=subprocess.PIPE)
        child.stdout.readline()
        time.sleep(0.02 + 0.05 * number)
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        assert whole(other) == 3
        outcomes.add(other.read_bytes() == before)
    assert True in outcomes, "no build was killed before its end"


def test_what_a_killed_build_left_is_cleared_away_later_and_a_running_build_is_not(ready):
    old, new = ready.folder / ".evidence-evidence.db-old", ready.folder / ".evidence-evidence.db-new"
    for file in (old, new):
        file.write_bytes(b"half")
    os.utime(old, (10**9, 10**9))
    build(ready)
    assert leftovers(ready.folder) == [new.name]


@pytest.mark.parametrize("size", [0, 4096, 300_000])
def test_a_full_disk_gives_a_message_and_leaves_the_old_database(ready, size):
    before = build(ready)
    assert len(before) > 300_000

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    done = subprocess.run(
        [sys.executable, "-B", "-m", "evidencebase", "build", "--base", ready.folder],
        capture_output=True, text=True, check=False, preexec_fn=limit,
    )  # fmt: skip
    assert done.returncode == 1
    assert "evidence.db cannot be written" in done.stderr
    assert "free space" in done.stderr
    assert "Traceback" not in done.stderr
    assert (ready.folder / "evidence.db").read_bytes() == before
    assert leftovers(ready.folder) == []


def test_builds_at_once_all_end_well(ready):
    alone = build(ready)
    command = [sys.executable, "-m", "evidencebase", "build", "--base", str(ready.folder)]
    running = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for _ in range(3)]
    for child in running:
        assert child.communicate()[1] == b""
        assert child.returncode == 0
    assert (ready.folder / "evidence.db").read_bytes() == alone
    assert leftovers(ready.folder) == []


def test_who_reads_the_old_database_goes_on_reading_it(ready):
    file = build_database(ready.folder).file
    with closing(sqlite3.connect(file)) as reader:
        cursor = reader.execute("SELECT id FROM anchors")
        first = cursor.fetchone()
        build(ready)
        assert first is not None
        assert len(cursor.fetchall()) == reader.execute("SELECT count(*) - 1 FROM anchors").fetchone()[0]


@pytest.mark.parametrize("name", ["metadata.yml", FINDINGS, DOCUMENT])
def test_a_file_that_is_no_database_is_never_written_over(ready, run, name):
    before = ready.read(name)
    done = run("build", "--base", ready.folder, "-o", ready.folder / name)
    assert done.returncode == 1
    assert "is there and is no database" in done.stderr
    assert ready.read(name) == before


def test_an_output_that_cannot_be_made_is_said_in_a_line(ready, run):
    done = run("build", "--base", ready.folder, "-o", ready.folder / "metadata.yml" / "evidence.db")
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_folder_is_made_and_the_json_tells_where(ready, run):
    import json

    done = run("build", "--base", ready.folder, "-o", ready.folder / "a" / "b" / "x.db", "--format", "json")
    told = json.loads(done.stdout)
    assert told["rows"]["findings"] == whole(Path(told["database"])) == 3
    assert told["left_out"] == {}
    assert told["unvouched"] == 0
