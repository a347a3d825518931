"""`evidence check` as a maintainer meets it."""

from __future__ import annotations

import json

import pytest


def test_a_good_base_has_every_anchor_matched_and_only_reviews_missing(base):
    report = base.check()
    assert base.codes() == []
    assert set(base.codes("review")) == {"review-missing"}
    counts = {kind: (count.checked, count.matched, count.failed) for kind, count in report.matching.counts.items()}
    assert counts["findings"] == (5, 5, 0)
    assert counts["populations"] == (3, 3, 0)
    assert counts["estimates"] == (3, 3, 0)
    assert counts["studies"] == (1, 1, 0)


def test_json_has_the_counts_by_type_and_every_problem_with_its_place(base, run):
    base.change("evidence/findings/northshire-report.yml", "value: 23.5", "value: 24.5")
    done = run("check", "--base", base.folder, "--ignore", "review", "--format", "json")
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert told["summary"]["anchors"]["findings"]["failed"] == 2
    assert told["summary"]["errors"] == len([p for p in told["problems"] if p["severity"] == "error"]) > 0
    first = next(p for p in told["problems"] if p["code"] == "anchor-figure-absent")
    assert first["record"] == "nurses-sleep-badly"
    assert first["path"] == "evidence/findings/northshire-report.yml"
    assert base.read(first["path"]).splitlines()[first["line"] - 1].strip() == "value: 24.5"
    assert first["hint"]


def test_text_output_groups_by_file_and_shows_the_counts(base, run):
    base.change("evidence/claims/northshire-report.yml", "versus: {group: teachers}", "versus: {group: teechers}")
    done = run("check", "--base", base.folder, "--ignore", "review")
    assert done.returncode == 1
    assert "evidence/claims/northshire-report.yml:5:19 error reference-group" in done.stdout
    assert "did you mean teachers?" in done.stdout
    assert "matched" in done.stdout
    assert "\x1b[" not in done.stdout


def test_github_annotations_name_file_and_line(base, run):
    base.change("evidence/findings/northshire-report.yml", "value: 31", "value: 32")
    done = run("check", "--base", base.folder, "--format", "github", "--select", "anchor")
    assert "::error file=evidence/findings/northshire-report.yml,line=29," in done.stdout
    assert "%0Amend: " in done.stdout


def test_codes_are_selected_and_ignored_by_prefix_and_what_is_left_out_is_counted(base):
    base.change("evidence/findings/northshire-report.yml", "value: 31", "value: 32")
    assert set(base.codes(select=("anchor",))) == {"anchor-figure-absent"}
    report = base.check(ignore=("anchor",))
    assert not [problem for problem in report.problems if problem.code.startswith("anchor")]
    assert report.left_out["anchor-figure-absent"] == 1


def test_warnings_pass_unless_strict(base, run):
    text = base.read("evidence/studies.yml")
    passage = text[text.index("    anchors: [{document") : text.index("  strength: strong")]
    base.write("evidence/studies.yml", text.replace(passage, ""))
    done = run("check", "--base", base.folder, "--ignore", "review")
    assert done.returncode == 0
    assert "0 errors, 2 warnings" in done.stdout
    assert run("check", "--base", base.folder, "--ignore", "review", "--strict").returncode == 1


def test_a_base_without_records_is_an_error_not_a_pass(tmp_path, run):
    (tmp_path / "metadata.yml").write_text("evidencebase: {format: 2}\n")
    done = run("check", "--base", tmp_path, "--format", "json")
    assert done.returncode == 1
    assert [problem["code"] for problem in json.loads(done.stdout)["problems"]] == ["anchor-none"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("check", "--base", "/nowhere"), "is not a knowledge base"),
        (("check", "--format", "yaml"), "Invalid value"),
        (("check", "--explain", "anchor-not-fuond"), "anchor-not-found"),
        (("show", "no-such-record"), "no record of this base"),
        (("frobnicate",), "No such command"),
    ],
)
def test_misuse_is_said_in_a_line_and_never_in_a_traceback(run, arguments, told):
    done = run(*arguments)
    assert done.returncode in (1, 2)
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_suppressed_problem_needs_a_reason_is_counted_and_never_hides_an_anchor(base):
    base.change("evidence/claims/northshire-report.yml", "versus: {group: teachers}", "versus: {group: teechers}")
    suppress = (
        "  suppress: [{code: reference-group, reason: an invented group}, {code: anchor-not-found, reason: no}]\n"
    )
    base.change("evidence/claims/northshire-report.yml", "  extracted_by", suppress + "  extracted_by")
    report = base.check()
    assert "reference-group" not in base.codes()
    assert report.suppressed == 1
    base.change("evidence/claims/northshire-report.yml", "slept badly", "slept well")
    assert "anchor-not-found" in base.codes()


def test_help_of_every_command_has_an_example_and_is_quick_to_import(run):
    from evidencebase.cli import COMMANDS

    for name in COMMANDS:
        done = run(name, "--help")
        assert done.returncode == 0, done.stderr
        assert "Example:" in done.stdout, name
    done = run("--help")
    heavy = "scipy", "numpy", "resvg_py", "datasette", "citeproc", "pypdfium2", "openpyxl"
    code = (
        "import sys; sys.argv = ['evidence', '--help']\ntry:\n import evidencebase.__main__\nexcept SystemExit: pass\n"
    )
    import subprocess
    import sys

    told = subprocess.run(
        [sys.executable, "-c", code + f"print([m for m in {heavy!r} if m in sys.modules])"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout.strip().endswith("[]")
