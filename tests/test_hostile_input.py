"""Broken and hostile bases: a problem with its place and its mend, never a traceback, never a silent loss."""

from __future__ import annotations

import ctypes
import os
import shutil

import pytest

from evidencebase.database import build_database
from evidencebase.folder import find_base, is_base
from evidencebase.problems import EvidenceError, Severity

FINDINGS = "evidence/findings/northshire-report.yml"
LOADER = "loaders/northshire-report-table-1.yml"
BOOK = "evidence/documents.yml"


def problems(base, *families: str):
    """The errors but those of reviews and of what follows from a lost file."""
    found = base.check().problems
    assert all(problem.message and problem.hint and problem.path for problem in found)
    wanted = families or ("shape",)
    return [problem for problem in found if problem.code.startswith(wanted) and problem.severity is Severity.ERROR]


def one(base, *families: str):
    found = problems(base, *families)
    assert len(found) == 1, [(problem.code, problem.path, problem.message) for problem in found]
    return found[0]


# What stands where a file is looked for


def link_to_itself(path):
    path.symlink_to(path.name)


def link_to_nowhere(path):
    path.symlink_to("nowhere.yml")


def link_out(path):
    path.symlink_to("/etc/hostname")


def folder(path):
    path.mkdir()


def pipe(path):
    os.mkfifo(path)


ODD = [link_to_itself, link_to_nowhere, link_out, folder, pipe]


@pytest.mark.parametrize("make", ODD)
@pytest.mark.parametrize("name", ["evidence/findings/odd.yml", "evidence/set-asides/odd.yml", "loaders/odd.yml"])
def test_what_is_named_like_a_record_file_and_is_none_is_told(base, make, name):
    path = base.folder / name
    path.parent.mkdir(exist_ok=True)
    make(path)
    problem = one(base)
    assert (problem.code, problem.path) == ("shape-unreadable", name)


@pytest.mark.parametrize("make", ODD)
@pytest.mark.parametrize(
    "name",
    ["evidence/studies.yml", "evidence/indicators.yml", "evidence/sources.bib", BOOK, "evidence/reviews.yml",
     "schema/measures.yml", "schema/strength.yml"],
)  # fmt: skip
def test_what_stands_in_place_of_a_file_is_told(base, make, name):
    path = base.folder / name
    path.unlink(missing_ok=True)
    make(path)
    assert ("shape-unreadable", name) in {(problem.code, problem.path) for problem in problems(base)}


@pytest.mark.parametrize("make", ODD)
def test_a_table_that_is_no_file_is_told(base, make):
    path = base.folder / "evidence/tables/northshire-report-table-1.csv"
    path.unlink()
    make(path)
    assert "shape-path" in {problem.code for problem in problems(base)}


@pytest.mark.parametrize("make", ODD)
def test_a_document_that_is_no_file_is_not_at_hand(base, make):
    path = base.folder / "documents/northshire-report.txt"
    path.unlink()
    make(path)
    assert {problem.code for problem in problems(base, "anchor")} == {"anchor-no-document"}


def test_a_folder_of_records_behind_a_link_is_not_entered_and_not_silently_left(base, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (base.folder / "evidence/findings/more").symlink_to(tmp_path / "elsewhere")
    (base.folder / "evidence/findings/round").symlink_to("..")
    assert {problem.path for problem in problems(base)} == {"evidence/findings/more", "evidence/findings/round"}


def test_records_in_a_folder_that_is_a_file_are_told(base):
    shutil.rmtree(base.folder / "evidence/claims")
    base.write("evidence/claims", "not a folder")
    assert one(base).path == "evidence/claims"


def as_anyone():
    """Give up, before the program starts, the administrator's right to read whatever is there."""
    if os.geteuid() == 0:
        drop_from_bounding_set, override, read_search = 24, 1, 2
        for capability in (override, read_search):
            ctypes.CDLL(None).prctl(drop_from_bounding_set, capability, 0, 0, 0)


@pytest.mark.parametrize(
    ("name", "mode"),
    [("evidence/findings", 0), ("evidence/findings", 0o400), (FINDINGS, 0), ("evidence/sources.bib", 0), ("evidence", 0),
     ("loaders", 0o100), ("evidence/tables", 0), ("evidence/documents.yml", 0)],
)  # fmt: skip
def test_what_may_not_be_read_is_told(base, run, name, mode):
    path = base.folder / name
    before = path.stat().st_mode
    path.chmod(mode)
    try:
        done = run("check", "--base", base.folder, "--ignore", "review", preexec_fn=as_anyone)
    finally:
        path.chmod(before)
    assert done.returncode == 1
    assert "Permission denied" in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("mode", [0, 0o400])
def test_documents_that_may_not_be_read_are_not_at_hand(base, run, mode):
    (base.folder / "documents").chmod(mode)
    try:
        done = run("check", "--base", base.folder, "--select", "anchor", preexec_fn=as_anyone)
    finally:
        (base.folder / "documents").chmod(0o755)
    assert done.returncode == 1
    assert "anchor-no-document" in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["metadata.yml", "."])
def test_a_base_that_may_not_be_read_is_no_base(base, run, name):
    (base.folder / name).chmod(0)
    try:
        done = run("check", "--base", base.folder, preexec_fn=as_anyone)
    finally:
        (base.folder / name).chmod(0o755)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["build", "lock"])
def test_a_folder_that_may_not_be_written_is_told_and_left_alone(base, run, command):
    folders = [base.folder, base.folder / "evidence"]
    for folder_ in folders:
        folder_.chmod(0o555)
    try:
        done = run(command, "--base", base.folder, preexec_fn=as_anyone)
    finally:
        for folder_ in folders:
            folder_.chmod(0o755)
    assert done.returncode == 1
    assert "cannot be written: " in done.stderr
    assert "Permission denied" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (base.folder / "evidence.db").exists()


def test_a_listing_that_fails_is_told_whoever_runs_it(base, monkeypatch):
    def refused(top, onerror=None, **_):
        onerror(PermissionError(13, "Permission denied", str(top)))
        return iter(())

    monkeypatch.setattr("evidencebase.folder.os.walk", refused)
    assert {problem.code for problem in problems(base)} >= {"shape-unreadable"}
    assert any("Permission denied" in problem.message for problem in problems(base))


# What stands in a file


@pytest.mark.parametrize(
    "content",
    [b"\x00\x00\x00", b"\xff\xfe\x00\x00", b"- {id: [", b"\t- a", b"&a [*a]", b"- !!python/object:os.system x",
     b"- " * 30, b"{" * 5000, b"--- a\n--- b\n", b"just a text", b"- just a text\n- 5\n- null\n- [[]]\n", b"%YAML 9.9\n---\n[]\n- x",
     b"- {id: x, id: y}", b"? [a]\n: b", "- {id: ａ}".encode(), b"\xef\xbb\xbf\xef\xbb\xbf- a: 1", b"- id: \xc3\x28"],
)  # fmt: skip
@pytest.mark.parametrize("name", ["evidence/findings/odd.yml", "loaders/odd.yml", "schema/groups.yml", BOOK])
def test_a_file_that_makes_no_sense_is_told_with_its_place(base, content, name):
    (base.folder / name).write_bytes(content)
    assert name in {problem.path for problem in problems(base)}


@pytest.mark.parametrize(
    "value",
    ["1" * 5000, "1e999999999", "1e-999999999", ".nan", ".inf", "-0", "1_000", "0x10", "0o7", "010", "12:30", '"7.7"',
     "yes", "7,7", "７.7", "2021-01-01", "[]", "{}", "true", "7.7.7", "1e3", "''"],
)  # fmt: skip
def test_a_figure_that_is_no_plain_number_never_passes(base, value):
    base.change(FINDINGS, "value: 23.5", f"value: {value}")
    found = problems(base, "shape", "anchor")
    assert found
    assert FINDINGS in {problem.path for problem in found}


def test_a_number_too_large_for_a_database_stops_the_build_in_a_line(base):
    huge = "9" * 30
    base.change("documents/northshire-report.txt", "4,210 people", f"{huge} people")
    base.rehash()
    base.change("evidence/studies.yml", "n: 4210", f"n: {huge}")
    base.change("evidence/studies.yml", "4,210 people", f"{huge} people")
    base.accept_all()
    base.lock()
    with pytest.raises(EvidenceError, match="cannot be written"):
        build_database(base.folder)
    assert not (base.folder / "evidence.db").exists()


def test_a_list_of_a_hundred_thousand_is_read_or_refused_but_never_hangs(base):
    base.write("evidence/findings/many.yml", "- 1\n" * 20_000)
    base.change(FINDINGS, "  value: 31", "  value: 31\n  caveats: [" + "a, " * 100_000 + "a]")
    found = problems(base)
    assert len([problem for problem in found if problem.path == "evidence/findings/many.yml"]) == 20_000


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "a\\0b", "", ".", "evidence/tables", "x" * 5000, "~/x.csv"]
)
def test_a_table_outside_the_base_or_with_no_file_name_is_told(base, name):
    base.change(LOADER, "file: evidence/tables/northshire-report-table-1.csv", f'file: "{name}"')
    found = problems(base)
    assert LOADER in {problem.path for problem in found}


@pytest.mark.parametrize("name", ["../../../etc/hostname", "/etc/hostname", "a\\0b", ".", "x" * 199, "loop"])
def test_a_rendition_outside_the_documents_is_not_read(base, name):
    (base.folder / "documents/loop").symlink_to("loop")
    base.change(BOOK, "file: northshire-report.txt", f'file: "{name}"')
    codes = {problem.code for problem in problems(base, "anchor", "shape")}
    assert codes - {"shape-invisible-character"} == {"anchor-no-document"}


@pytest.mark.parametrize(
    "text",
    ["@report{northshire-report,\n  title = {Sleep", "@report{a, title = {{{{x}}}\n@report{b", "@string{",
     "@report{,}", "@report{a, title = " + "{" * 5000, "\x00", "@report(a, x=1}"],
)  # fmt: skip
def test_a_broken_bibliography_is_told_and_loses_nothing_silently(base, text):
    base.write("evidence/sources.bib", text)
    found = [problem for problem in base.check().problems if problem.path == "evidence/sources.bib"]
    assert found
    assert all(problem.hint for problem in found)


@pytest.mark.parametrize(
    "text",
    ["evidencebase: 5", "evidencebase: {format: 3}", "evidencebase: {format: '1'}", "evidencebase: []", "evidencebase: {", "evidencebase: &a {x: *a}",
     '"text\nevidencebase: {format: 2}"'],
)  # fmt: skip
def test_a_broken_metadata_file_is_told(base, text, run):
    base.write("metadata.yml", text)
    assert "metadata.yml" in {problem.path for problem in problems(base)}
    with pytest.raises(EvidenceError):
        build_database(base.folder)


def test_a_pipe_in_place_of_the_metadata_is_no_base_and_nothing_waits_for_it(tmp_path):
    os.mkfifo(tmp_path / "metadata.yml")
    assert not is_base(tmp_path)


def test_a_base_found_by_walking_up_from_inside_the_package_is_read_only(tmp_path, monkeypatch, base):
    monkeypatch.setattr("evidencebase.folder.SHIPPED", base.folder)
    assert find_base(start=base.folder / "evidence").read_only
    assert find_base(start=tmp_path).read_only


@pytest.mark.parametrize(
    "csv",
    ["", "\x00", "group,printed\n", 'group,printed,population,rate,number\nnurses,"Nurses,1,2,3\n', "a,a,a\n1,2,3\n",
     "group,printed,population,rate,number\nnurses,Nurses,=1+1,23.5%,282\n", "\ufeff\ufeffgroup\n", "group;printed;population;rate;number\n"],
)  # fmt: skip
def test_a_broken_table_is_told(base, csv):
    base.write("evidence/tables/northshire-report-table-1.csv", csv)
    assert "evidence/tables/northshire-report-table-1.csv" in {
        problem.path for problem in problems(base, "shape", "anchor", "reference")
    }


def test_commands_on_a_broken_base_say_so_in_lines(base, run):
    base.write(FINDINGS, "- {id: [")
    (base.folder / "evidence/claims/odd.yml").mkdir()
    for arguments in (("check",), ("build",), ("lock",), ("search", "x"), ("coverage",), ("documents", "list")):
        done = run(*arguments, "--base", base.folder)
        assert done.returncode in (0, 1, 2), done.stderr
        assert "Traceback" not in done.stderr + done.stdout, arguments


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "'; DROP TABLE findings; --", "=cmd|' /C calc'!A0", "{{ 7 * 7 }}"]
)
def test_what_looks_like_a_program_is_kept_as_text(base, text):
    import json
    import sqlite3
    from contextlib import closing

    base.change(FINDINGS, "  value: 31", f"  value: 31\n  caveats: [{json.dumps(text)}]")
    base.accept_all()
    base.lock()
    with closing(sqlite3.connect(build_database(base.folder).file)) as connection:
        kept = connection.execute("SELECT caveats FROM findings WHERE id = 'drivers-sleep-badly'").fetchone()[0]
    assert kept == text
