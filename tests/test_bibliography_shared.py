"""Real BibTeX files, many of them nasty: none makes the reader crash, and none loses an entry."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from evidencebase.bibliography import check_bibliography, parse_bibtex, read_bibtex
from evidencebase.bibliography.formats import to_biblatex, to_bibtex, to_csl_items, to_ris
from evidencebase.problems import Severity

_FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data" / "bib"
_EXPECTED_FILES = 214


@pytest.fixture(scope="module")
def files() -> list[Path]:
    if not _FOLDER.is_dir():
        pytest.skip("needs ../shared/data/bib")
    return sorted(path for path in _FOLDER.rglob("*") if path.is_file())


def run_bibtex(data: bytes, folder: Path) -> tuple[int, int, str]:
    """Exit status, number of entries, and log of BibTeX with plain.bst citing everything."""
    folder.mkdir()
    (folder / "x.bib").write_bytes(data)
    (folder / "t.aux").write_text("\\citation{*}\n\\bibstyle{plain}\n\\bibdata{x}\n")
    done = subprocess.run(
        [str(shutil.which("bibtex")), "-min-crossrefs=99999", "t"],
        cwd=folder,
        capture_output=True,
        check=False,
        timeout=60,
    )
    written = folder / "t.bbl"
    count = written.read_bytes().count(b"\\bibitem") if written.exists() else 0
    return done.returncode, count, (folder / "t.blg").read_text(errors="replace")


def test_every_file_is_read_checked_and_written_without_loss(files: list[Path]) -> None:
    assert len(files) == _EXPECTED_FILES
    for path in files:
        bibliography, problems = read_bibtex(path, path.name)
        check_bibliography(bibliography, latest_year=2027)
        assert all(problem.line for problem in problems), path.name
        written = [entry for entry in bibliography if entry.type not in {"xdata", "set"}]
        for text in (to_bibtex(bibliography), to_biblatex(bibliography)):
            again, faults = parse_bibtex(text)
            assert len(again) == len(written), path.name
            assert [fault for fault in faults if fault.severity is Severity.ERROR] == [], path.name
        assert len(to_csl_items(bibliography)) == len(written)
        assert to_ris(bibliography).count("\nER  - ") == len(written)


def test_entry_counts_equal_bibtex_on_every_file_it_reads_without_error(files: list[Path], tmp_path: Path) -> None:
    if not shutil.which("bibtex"):
        pytest.skip("needs the program bibtex")
    compared = 0
    for number, path in enumerate(files):
        status, count, log = run_bibtex(path.read_bytes(), tmp_path / str(number))
        if "I couldn't open style file" in log:
            pytest.skip("needs the BibTeX style plain.bst")
        if status == 0:
            compared += 1
            assert len(read_bibtex(path)[0]) == count, path.name
    assert compared > 0.8 * _EXPECTED_FILES


def test_bibtex_reads_what_is_written_without_error(files: list[Path], tmp_path: Path) -> None:
    if not shutil.which("bibtex"):
        pytest.skip("needs the program bibtex")
    for number, path in enumerate(files):
        bibliography, _ = read_bibtex(path)
        if not len(bibliography):
            continue
        status, count, log = run_bibtex(to_bibtex(bibliography).encode(), tmp_path / str(number))
        if "I couldn't open style file" in log:
            pytest.skip("needs the BibTeX style plain.bst")
        messages = re.findall(r".*(?:---line|in name).*", log)
        assert status == 0, (path.name, messages[:3])
        assert count == len([entry for entry in bibliography if entry.type not in {"xdata", "set"}])
