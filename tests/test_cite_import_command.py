"""`evidence import`: references into sources.bib, with the rest of the file as it was."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

import cite_base
from evidencebase.cli import import_
from evidencebase.cli.import_ import run
from evidencebase.folder import BaseFolder
from evidencebase.problems import EvidenceError

NEW = "@article{lee2020, author={Lee, Ann}, title={New rings}, journal={Bells}, year=2020}\n"
TWIN = "@techreport{again, author={{Office for Bells}}, title={{Bell} Survey 2020}, year=2021, institution={Office for Bells}, url={https://example.org/new}}\n"


@pytest.fixture
def folder(tmp_path):
    return cite_base.write(tmp_path / "base")


def command(folder, *arguments: object) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "evidencebase", "import", *map(str, arguments), "--base", str(folder)]
    return subprocess.run(line, capture_output=True, text=True, check=False)


def incoming(tmp_path, text: str, name: str = "in.bib"):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return file


def test_new_reference_is_added_and_the_rest_stays_byte_for_byte(folder, tmp_path):
    target = folder / "evidence/sources.bib"
    before = target.read_bytes()
    done = command(folder, incoming(tmp_path, NEW))
    assert done.returncode == 0
    assert "1 references read: 1 added, 0 merged, 0 left out; wrote" in done.stdout
    assert target.read_bytes().startswith(before)
    assert b"@article{lee2020" in target.read_bytes()[len(before) :]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("in.ris", "TY  - JOUR\nAU  - Lee, Ann\nTI  - New rings\nJO  - Bells\nPY  - 2020\nID  - lee2020\nER  - \n"),
        (
            "in.json",
            '[{"id": "lee2020", "type": "article-journal", "title": "New rings", "author": [{"family": "Lee", "given": "Ann"}]}]',
        ),
    ],
)
def test_ris_and_csl_json_are_taken(folder, tmp_path, name, text):
    done = run(incoming(tmp_path, text, name), folder / "evidence/sources.bib")
    assert [entry.key for entry in done.plan.new] == ["lee2020"]
    assert "@article{lee2020" in (folder / "evidence/sources.bib").read_text()


def test_duplicate_is_left_out_and_listed_with_what_merging_would_add(folder, tmp_path):
    target = folder / "evidence/sources.bib"
    before = target.read_bytes()
    done = command(folder, incoming(tmp_path, TWIN))
    assert done.returncode == 0
    assert "left out: again looks like bell-survey" in done.stdout
    assert "merging would add url" in done.stdout
    assert "--merge again, or --keep-both again" in done.stdout
    assert target.read_bytes() == before


def test_merge_adds_only_missing_fields(folder, tmp_path):
    target = folder / "evidence/sources.bib"
    before = target.read_text()
    run(incoming(tmp_path, TWIN), target, merge=("again",))
    after = target.read_text()
    assert "url = {https://example.org/new}" in after.replace("  ", " ")
    assert [line for line in before.splitlines() if "bell-survey" not in line] == [
        line for line in after.splitlines() if line in before.splitlines() and "bell-survey" not in line
    ]


def test_both_are_kept_when_asked(folder, tmp_path):
    run(incoming(tmp_path, TWIN), folder / "evidence/sources.bib", keep_both=("again",))
    assert "@techreport{again" in (folder / "evidence/sources.bib").read_text()


def test_dry_run_writes_nothing(folder, tmp_path):
    target = folder / "evidence/sources.bib"
    before = target.read_bytes()
    done = command(folder, incoming(tmp_path, NEW), "--dry-run", "--format", "json")
    shown = json.loads(done.stdout)
    assert (shown["added"], shown["written"]) == (["lee2020"], False)
    assert target.read_bytes() == before


def test_unknown_key_to_merge_is_a_message_and_writes_nothing(folder, tmp_path):
    target = folder / "evidence/sources.bib"
    before = target.read_bytes()
    done = command(folder, incoming(tmp_path, NEW + TWIN), "--merge", "nobody")
    assert done.returncode == 2
    assert "no duplicate has the key 'nobody'" in done.stderr
    assert target.read_bytes() == before


def test_faults_are_shown_with_their_line_and_the_rest_is_added(folder, tmp_path):
    file = incoming(tmp_path, NEW + "@misc{broken, title={never closed\n\n@misc{fine, title={Fine thing}}\n")
    done = command(folder, file)
    assert done.returncode == 1
    assert f"{file}:2:" in done.stdout
    assert "@misc{fine" in (folder / "evidence/sources.bib").read_text()
    assert "Traceback" not in done.stderr


def test_target_that_does_not_exist_is_made(tmp_path):
    run(incoming(tmp_path, NEW), tmp_path / "new.bib")
    assert (tmp_path / "new.bib").read_text().startswith("@article{lee2020")


def test_read_only_base_is_a_message(tmp_path):
    with pytest.raises(EvidenceError, match="read-only"):
        import_._sources_of(BaseFolder(tmp_path, read_only=True))


def test_missing_file_and_wrong_encoding_are_messages(folder, tmp_path):
    done = command(folder, tmp_path / "absent.bib")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    (folder / "evidence/sources.bib").write_bytes(b"% caf\xe9\n")
    done = command(folder, incoming(tmp_path, NEW))
    assert done.returncode == 1
    assert "is not UTF-8 at byte 5" in done.stderr
    assert (folder / "evidence/sources.bib").read_bytes() == b"% caf\xe9\n"


def test_folder_that_cannot_be_written_leaves_the_file_whole(folder, tmp_path):
    if os.geteuid() == 0:
        pytest.skip("needs a user whom permissions bind")
    target = folder / "evidence/sources.bib"
    before = target.read_bytes()
    target.parent.chmod(0o555)
    try:
        done = command(folder, incoming(tmp_path, NEW))
    finally:
        target.parent.chmod(0o755)
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    assert target.read_bytes() == before
