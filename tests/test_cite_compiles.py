"""What is exported compiles: BibTeX and biber without a warning, pandoc renders it, RIS reads back."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from evidencebase.bibliography import Entry, parse_bibtex
from evidencebase.bibliography.formats import parse_ris, to_biblatex, to_bibtex, to_csl_json, to_ris
from test_styles import HARD

REPOSITORY = Path(__file__).parent.parent


def needs(*tools: str) -> None:
    for tool in tools:
        if shutil.which(tool) is None:
            pytest.skip(f"needs {tool}")


@pytest.fixture(params=["shipped", "hard"])
def entries(request) -> list[Entry]:
    text = (REPOSITORY / "evidence/sources.bib").read_text("utf-8") if request.param == "shipped" else HARD
    return list(parse_bibtex(text)[0])


def run(folder: Path, *arguments: str) -> str:
    done = subprocess.run(arguments, capture_output=True, text=True, errors="replace", cwd=folder, check=False)
    assert done.returncode == 0, done.stdout[-1500:] + done.stderr[-500:]
    return done.stdout + done.stderr


@pytest.mark.parametrize("style", ["plain", "unsrt", "abbrv", "alpha"])
def test_bibtex_reads_it_without_a_warning(entries, tmp_path, style):
    needs("bibtex")
    (tmp_path / "refs.bib").write_text(to_bibtex(entries), encoding="utf-8")
    (tmp_path / "paper.aux").write_text(
        f"\\citation{{*}}\n\\bibstyle{{{style}}}\n\\bibdata{{refs}}\n", encoding="utf-8"
    )
    said = run(tmp_path, "bibtex", "paper")
    assert "warning" not in said.lower(), said
    made = (tmp_path / "paper.bbl").read_text("utf-8", errors="replace")
    assert made.count("\\bibitem") == len(entries)


def test_biber_reads_it_without_a_warning(entries, tmp_path):
    needs("biber")
    (tmp_path / "refs.bib").write_text(to_biblatex(entries), encoding="utf-8")
    said = run(tmp_path, "biber", "--tool", "refs.bib")
    assert [line for line in said.splitlines() if re.search(r"\b(WARN|ERROR)\b", line)] == []


def test_latex_prints_every_reference_and_runs_nothing(tmp_path):
    needs("pdflatex", "bibtex")
    entries = [entry for entry in parse_bibtex(HARD)[0] if entry.key not in {"chinese", "russian", "arabic"}]
    (tmp_path / "refs.bib").write_text(to_bibtex(entries), encoding="utf-8")
    (tmp_path / "paper.tex").write_text(
        "\\documentclass{article}\\usepackage[T1]{fontenc}\\usepackage[utf8]{inputenc}\\begin{document}\\nocite{*}"
        "\\bibliographystyle{plain}\\bibliography{refs}\\end{document}",
        encoding="utf-8",
    )
    latex = ("pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "paper.tex")
    run(tmp_path, *latex)
    run(tmp_path, "bibtex", "paper")
    run(tmp_path, *latex)
    assert (tmp_path / "paper.pdf").read_bytes().startswith(b"%PDF")


def test_pandoc_renders_every_entry(entries, tmp_path):
    needs("pandoc")
    for name, text in (("a.bib", to_biblatex(entries)), ("b.json", to_csl_json(entries))):
        (tmp_path / name).write_text(text, encoding="utf-8")
        source = '---\nnocite: "@*"\n---\n'
        done = subprocess.run(
            ["pandoc", "--citeproc", "--bibliography", name, "-t", "html"],
            input=source, capture_output=True, text=True, cwd=tmp_path, check=True,
        )  # fmt: skip
        assert done.stdout.count('class="csl-entry"') == len(entries)
        assert "<script" not in done.stdout or name == "b.json"


def test_ris_reads_back_with_the_same_titles_authors_and_years(entries):
    again, problems = parse_ris(to_ris(entries))
    assert problems == []
    assert [(e.key, e.year, len(e.authors)) for e in again] == [(e.key, e.year, len(e.authors)) for e in entries]
    rispy = pytest.importorskip("rispy")
    listed = rispy.loads(to_ris(entries))
    assert len(listed) == len(entries)


def test_csl_json_has_an_id_and_a_type_for_every_entry(entries):
    items = json.loads(to_csl_json(entries))
    assert [bool(item["id"] and item["type"]) for item in items] == [True] * len(entries)
