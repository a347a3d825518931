"""`evidence manuscript`: filling figures, and finding those that no longer hold."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cite_base
from evidencebase.answers.manuscript_checks import check
from evidencebase.answers.manuscripts import fill
from evidencebase.answers.notation import marks
from evidencebase.base import Base
from evidencebase.cli.manuscript import run
from evidencebase.loading import load
from evidencebase.problems import EvidenceError

STUDY = "[@bell-survey; as cited in @town-report]"


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return cite_base.reviewed(tmp_path_factory.mktemp("manuscript"))


def command(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "evidencebase", "manuscript", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


def filled(text: str, base: Base, syntax: str = "markdown") -> str:
    """The text filled, without the front matter that names the bibliography."""
    made = fill(text, syntax, base, "report.md", "report.bib")
    assert [problem.code for problem in made.problems] == []
    return re.sub(r"\A---\nbibliography: report.bib\n---\n\n", "", made.text)


def codes(text: str, base: Base, syntax: str = "markdown") -> list[str]:
    return [problem.code.removeprefix("manuscript-") for problem in check(text, syntax, base, "report.md")[0]]


# -- filling


@pytest.mark.parametrize(
    ("mark", "expected"),
    [
        ("[]{.evidence finding=farmers-ring}", f"7.7% {STUDY}"),
        ("[1%]{.evidence finding=farmers-ring cite=no}", "7.7%"),
        ("[]{.evidence finding=farmers-ring round=0 cite=no}", "8%"),
        ("[]{.evidence finding=bakers-ring}", "about 27% [@bell-survey]"),
        ("[]{.evidence finding=rope-costs cite=no}", "£1,200 to £2,500"),
        ("[]{.evidence finding=oldtown-farmers-who-ring}", "80 [@town-report]"),
        (
            "[]{.evidence #farmers-ring show=interval cite=no}",
            "7.7% (95% interval 7.1% to 8.3%, as published (Wilson))",
        ),
        ('[]{.evidence finding="adults-ring-daily" show="interval" cite=no}', "3% (precision unknown)"),
    ],
)
def test_value_and_interval_are_filled_in(base, mark, expected):
    text = f"Some {mark} of them ring."
    end = mark.index("]{")
    assert filled(text, base) == f"Some [{expected}{mark[end:]} of them ring."


def test_sentence_is_escaped_and_cited(base):
    made = filled("[]{.evidence finding=farmers-ring show=sentence}", base)
    assert made.startswith("[7.7% of farmers \\& \\<b\\>growers\\</b\\> in Westland ring bells (2020); 95% interval")
    assert f"under the house rules {STUDY}.]{{" in made


def test_table_of_several_is_filled_in(base):
    made = filled('::: {.evidence findings="farmers-ring bakers-ring"}\nold\n:::\n', base)
    lines = made.splitlines()
    assert lines[2].startswith("| Group | Figure | Precision |")
    assert "| bakers | about 27% | precision unknown | Westland | 2020 | strong | [@bell-survey] |" in lines
    assert lines[-1] == ":::"
    assert "old" not in made


def test_latex_is_filled_in_and_defines_its_commands_once(base):
    text = (
        "\\documentclass{article}\n\\begin{document}\nOf all, \\evidence{farmers-ring}{}.\n"
        "\\evidence[sentence]{bakers-ring}{old {nested} \\} text}\n"
        "\\begin{evidencetable}{farmers-ring, rope-costs}\\end{evidencetable}\n"
        "% \\evidence{nope}{}\n\\verb|\\evidence{nope}{}|\n\\bibliography{report}\n\\end{document}\n"
    )
    made = filled(text, base, "latex")
    assert "\\evidence{farmers-ring}{7.7\\%~(\\cite{bell-survey}, as cited in \\cite{town-report})}." in made
    assert "ring bells (2020); precision unknown" in made
    assert "farmers \\& \\textless{}b\\textgreater{}growers" in made
    assert made.count("\\providecommand{\\evidence}") == 1
    assert filled(made, base, "latex") == made


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_filling_twice_changes_nothing(base, newline):
    text = (
        "---\ntitle: Bells\n---\n\n# Report\n\nOf farmers [?]{.evidence finding=farmers-ring} ring;\n"
        "[]{.evidence finding=rope-costs show=sentence}\n\n"
        '::: {.evidence findings="farmers-ring bakers-ring"}\n:::\n\nThe end.\n'
    ).replace("\n", newline)
    once = fill(text, "markdown", base, "report.md", "report.bib")
    twice = fill(once.text, "markdown", base, "report.md", "report.bib")
    assert once.text != text
    assert twice.text == once.text
    assert twice.bibliography == once.bibliography
    assert newline == "\n" or "\n" not in once.text.replace("\r\n", "")
    assert codes(once.text, base) == []


def test_code_and_comments_are_left_alone(base):
    text = (
        "`[x]{.evidence finding=nope}` <!-- [x]{.evidence finding=nope} -->\n\n"
        "```\n[x]{.evidence finding=nope}\n```\n\n[link](a.md){.other} [x]{.note}\n"
    )
    assert filled(text, base) == text


def test_bibliography_goes_beside_it_with_study_and_document(base, tmp_path):
    file = tmp_path / "report.md"
    file.write_text("[]{.evidence finding=farmers-ring}\n", encoding="utf-8")
    written, problems = run(file.read_text(), file, base)
    assert problems == []
    assert [path.name for path in written] == ["report.filled.md", "report.filled.bib"]
    assert file.read_text() == "[]{.evidence finding=farmers-ring}\n"
    assert re.findall(r"^@\w+\{([^,]+)", written[1].read_text(), re.MULTILINE) == ["bell-survey", "town-report"]
    assert written[0].read_text().startswith("---\nbibliography: report.filled.bib\n---\n")


def test_bibliography_of_somebody_else_is_not_overwritten(base, tmp_path):
    file = tmp_path / "report.md"
    file.write_text("[]{.evidence finding=farmers-ring}\n", encoding="utf-8")
    (tmp_path / "report.bib").write_text("@misc{mine}", encoding="utf-8")
    with pytest.raises(EvidenceError, match="left alone"):
        run(file.read_text(), file, base, file)
    assert file.read_text() == "[]{.evidence finding=farmers-ring}\n"
    assert (tmp_path / "report.bib").read_text() == "@misc{mine}"


def test_nothing_is_written_where_a_record_is_unknown(tmp_path):
    cite_base.reviewed(tmp_path / "base")
    file = tmp_path / "report.md"
    file.write_text("A\n\nB [x]{.evidence finding=farmer-rings} [y]{.evidence finding=bakers-ring}\n", encoding="utf-8")
    done = command(file, "--base", tmp_path / "base", "--format", "json")
    (problem,) = json.loads(done.stdout)["problems"]
    assert done.returncode == 1
    assert (problem["code"], problem["line"], problem["column"]) == ("manuscript-unknown-id", 3, 3)
    assert "farmers-ring" in problem["hint"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["base", "report.md"]


def test_draft_is_filled_in_with_a_warning(tmp_path):
    base = load(cite_base.write(tmp_path))[0]
    made = fill("[]{.evidence finding=bakers-ring}", "markdown", base, "r.md", "r.bib")
    assert [(problem.severity, problem.code) for problem in made.problems] == [("warning", "manuscript-unreviewed")]
    assert "about 27%" in made.text


def test_withdrawn_record_is_not_filled_in(tmp_path):
    cite_base.review(cite_base.write(tmp_path), verdicts={"bakers-ring": "withdraw"})
    made = fill("[]{.evidence finding=bakers-ring}", "markdown", load(tmp_path)[0], "r.md", "r.bib")
    assert made.fails
    assert [problem.code for problem in made.problems] == ["manuscript-withdrawn"]
    assert made.text == "[]{.evidence finding=bakers-ring}"


@pytest.mark.parametrize(
    "mark",
    [
        "[x]{.evidence}", "[x]{.evidence finding=bakers-ring show=big}", "[x]{.evidence finding=bakers-ring round=x}",
        '[x]{.evidence findings="bakers-ring farmers-ring"}', "[x]{.evidence finding=bakers-ring colour=red}",
    ],
)  # fmt: skip
def test_mark_that_cannot_be_read_is_a_fault(base, mark):
    assert "notation" in codes(mark, base)
    assert fill(mark, "markdown", base, "r.md", "r.bib").fails


def test_claim_has_no_figure_to_show(base):
    assert codes("[x]{.evidence finding=bakers-ring-more}", base)[0] == "no-figure"
    assert "higher among bakers" in filled("[]{.evidence finding=bakers-ring-more show=sentence}", base)


# -- checking

RIGHT = f"Of farmers [7.7% {STUDY}]{{.evidence finding=farmers-ring}} ring."


def test_filled_manuscript_passes(base):
    assert check(RIGHT, "markdown", base, "r.md") == ([], 1)


def test_changed_record_names_the_sentence_that_is_now_wrong(tmp_path):
    base = cite_base.reviewed(tmp_path)
    text = "# Bells\n\nIt is so. Of farmers [7.7%]{.evidence finding=farmers-ring} ring.\nMore.\n"
    sentence = fill("[]{.evidence finding=farmers-ring show=sentence}", "markdown", base, "r.md", "r.bib").text
    assert codes(text, base) == []
    cite_base.change(tmp_path, "value: 7.7", "value: 8.2")
    cite_base.review(tmp_path)
    changed = load(tmp_path)[0]
    (problem,) = check(text, "markdown", changed, "report.md")[0]
    assert str(problem.place) == "report.md:3:23"
    assert "7.7 is not the figure of farmers-ring, 8.2%" in problem.message
    assert "in the sentence “Of farmers 7.7% ring.”" in problem.message
    assert problem.hint.startswith("write 8.2%")
    (other,) = check(sentence, "markdown", changed, "report.md")[0]
    assert other.code == "manuscript-figure"
    assert "prints 7.7 where farmers-ring now says 8.2" in other.message


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[7.8%]{.evidence finding=farmers-ring}", "figure"),
        ("[8%]{.evidence finding=farmers-ring}", "figure"),
        ("[7.7% or 9%]{.evidence finding=farmers-ring}", "figure"),
        ("[some]{.evidence finding=farmers-ring}", "figure"),
        ("[]{.evidence finding=farmers-ring}", "unfilled"),
        ("[7.7]{.evidence finding=farmers-ring}", "unit"),
        ("[27%]{.evidence finding=bakers-ring}", "qualifier"),
        ("[1,200 to 2,500]{.evidence finding=rope-costs}", "unit"),
        ("[7.7% [@bell-survey]]{.evidence finding=farmers-ring}", "citation"),
        ("[7.7% (precision unknown)]{.evidence finding=farmers-ring show=interval}", "figure"),
        ("There is weak evidence that [7.7%]{.evidence finding=farmers-ring} ring.", "strength"),
        ("There is strong evidence that [3%]{.evidence finding=adults-ring-daily} ring.", "strength"),
        ("About 7.8% (farmers-ring) ring.", "figure"),
        ("Many <!-- evidence: farmers-ring --> ring.", "figure"),
        ("Some 7.7% <!-- evidence: farmers-rings --> ring.", "unknown-id"),
        ("Rather 8% <!-- evidence: farmers-ring --> ring.", "figure"),
        ("It is 7.7% (farmers-ring) from a weak source.", "strength"),
    ],
)
def test_fault_is_found(base, text, code):
    assert codes(text, base) == [code]


@pytest.mark.parametrize(
    "text",
    [
        "[7.7%]{.evidence finding=farmers-ring}",
        "[7.70%]{.evidence finding=farmers-ring}",
        "[7.7 per cent]{.evidence finding=farmers-ring}",
        "[8%]{.evidence finding=farmers-ring round=0}",
        "some [27%]{.evidence finding=bakers-ring}",
        "[around 27%]{.evidence finding=bakers-ring}",
        "[£1,200 to £2,500]{.evidence finding=rope-costs}",
        "[£1200–£2500]{.evidence finding=rope-costs}",
        "There is strong evidence that [7.7%]{.evidence finding=farmers-ring} ring. Elsewhere it is weak evidence.",
        "In 2020, 7.7% (farmers-ring) ring, aged 16 to 24.",
        "About 27% and 31.5% ring (bakers-ring-by-poll).",
        "Of 16 to 24 year olds 8% <!-- evidence: farmers-ring round=0 --> ring.",
        "7.7% of them ring (farmers-ring; `farmers-ring`).",
        "There are 80 in 2020 <!-- not an id --> and 80 (oldtown-farmers-who-ring).",
        "The study [@bell-survey] says more.",
    ],
)
def test_right_figure_passes(base, text):
    assert codes(text, base) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\\evidence{farmers-ring}{7.7\\%}", []),
        ("\\evidence[round=0]{farmers-ring}{8\\%}", []),
        ("\\evidence{farmers-ring}{7.6\\%}", ["figure"]),
        ("\\evidence{oldtown-farmers}{1{,}040}", []),
        ("\\evidence{oldtown-farmers}{1\\,040}", []),
        ("\\evidence{oldtown-farmers}{-1{,}040}", ["figure"]),
        ("It is 7.7\\% % evidence: farmers-ring", []),
        ("It is 7.6\\% % evidence: farmers-ring", ["figure"]),
        ("\\evidence{farmers-ring}", ["notation"]),
    ],
)
def test_latex_is_checked(base, text, expected):
    assert codes(text, base, "latex") == expected


@pytest.mark.parametrize(("verdict", "code"), [("withdraw", "withdrawn"), ("reject", "rejected")])
def test_state_of_a_record_is_checked(tmp_path, verdict, code):
    cite_base.review(cite_base.write(tmp_path), verdicts={"farmers-ring": verdict})
    assert codes(RIGHT, load(tmp_path)[0]) == [code]


def test_draft_broken_seal_and_superseded_are_errors(tmp_path):
    cite_base.write(tmp_path)
    assert codes(RIGHT, load(tmp_path)[0]) == ["unreviewed"]
    cite_base.review(tmp_path)
    cite_base.change(tmp_path, "caveats: [the survey moved online]", "caveats: [the survey moved]")
    assert codes(RIGHT, load(tmp_path)[0]) == ["seal-broken"]
    cite_base.change(
        tmp_path, "  qualifiers: [about]\n", "  qualifiers: [about]\n  links: [{type: supersedes, to: farmers-ring}]\n"
    )
    cite_base.review(tmp_path)
    assert codes(RIGHT, load(tmp_path)[0]) == ["superseded"]


def test_check_exits_1_with_line_and_annotation(tmp_path):
    cite_base.reviewed(tmp_path / "base")
    file = tmp_path / "report.md"
    file.write_text("One.\n\nThen [7%]{.evidence finding=farmers-ring}.\n", encoding="utf-8")
    before = file.read_bytes()
    done = command(file, "--check", "--base", tmp_path / "base", "--format", "github")
    assert done.returncode == 1
    assert done.stdout.startswith(f"::error file={file},line=3,col=7,title=manuscript-figure::7 is not")
    assert file.read_bytes() == before
    file.write_text("Then [7.7%]{.evidence finding=farmers-ring}.\n", encoding="utf-8")
    assert command(file, "--check", "--base", tmp_path / "base").returncode == 0


def test_file_that_is_no_text_is_a_message(tmp_path):
    cite_base.write(tmp_path / "base")
    (tmp_path / "a.md").write_bytes(b"\xff\xfe\x00")
    done = command(tmp_path / "a.md", "--base", tmp_path / "base")
    assert done.returncode == 1
    assert "is not UTF-8" in done.stderr
    assert "Traceback" not in done.stderr


@settings(max_examples=200, deadline=None)
@given(
    st.text(alphabet=st.sampled_from("[]{}.evidncfg=- \n:`\\%<!>$"), max_size=120),
    st.sampled_from(["markdown", "latex"]),
)
def test_marks_of_any_text_lie_within_it_and_do_not_overlap(text, syntax):
    for mark in marks(text, syntax):
        assert 0 <= mark.whole[0] <= mark.start <= mark.end <= mark.whole[1] <= len(text)


@pytest.mark.parametrize(
    ("piece", "syntax"),
    [
        ("`a ", "markdown"),
        ("<!-- ", "markdown"),
        ("\\begin{verbatim}", "latex"),
        ("\\evidence{", "latex"),
        ("[", "markdown"),
    ],
)
def test_hostile_repetition_is_read_to_its_end(base, piece, syntax):
    assert check(piece * 2000 + "]{.evidence}", syntax, base, "r.md")[0] is not None


# -- with pandoc and LaTeX

REPORT = """---
title: Bells
---

Of farmers []{.evidence finding=farmers-ring show=interval}, of bakers []{.evidence finding=bakers-ring}.
[]{.evidence finding=bakers-ring-by-poll} by poll; []{.evidence finding=adults-ring-daily}; []{.evidence finding=rope-costs}.
[]{.evidence finding=oldtown-farmers}, of whom []{.evidence finding=oldtown-farmers-who-ring}.

[]{.evidence finding=farmers-ring show=sentence} []{.evidence finding=bakers-keen show=sentence}

::: {.evidence findings="farmers-ring bakers-ring rope-costs"}
:::
"""


@pytest.fixture
def report(base, tmp_path) -> Path:
    if shutil.which("pandoc") is None:
        pytest.skip("needs pandoc")
    file = tmp_path / "report.md"
    file.write_text(REPORT, encoding="utf-8")
    (target, _), problems = run(REPORT, file, base)
    assert problems == []
    return target


def pandoc(file: Path, *arguments: object) -> str:
    done = subprocess.run(
        ["pandoc", "--citeproc", file.name, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=True,
        cwd=file.parent,
    )
    assert "[WARNING]" not in done.stderr
    return done.stdout


def test_pandoc_makes_html_and_docx_with_figures_and_references(report):
    page = pandoc(report, "-t", "html")
    for shown in ("7.7% (95% interval 7.1% to 8.3%", "about 27%", "31.5%", "£1,200 to £2,500", "1,040"):
        assert shown in page
    assert "as cited in Oldtown Council" in page
    assert "<b>growers" not in page
    assert page.count('class="csl-entry"') == 3
    pandoc(report, "-o", report.with_suffix(".docx"))
    again = pandoc(report.with_suffix(".docx"), "-t", "plain", "--wrap=none")
    assert "7.7% (95% interval 7.1% to 8.3%" in again
    assert "Bell Survey 2020" in again


# For machines whose LaTeX lacks the packages of pandoc's own template.
SMALL_TEMPLATE = r"""
\documentclass{article}
\usepackage{longtable,hyperref,array,calc}
\let\toprule\hline\let\midrule\hline\let\bottomrule\hline
\newlength{\cslhangindent}\newlength{\csllabelwidth}\newlength{\cslentryspacingunit}
\newenvironment{CSLReferences}[2]{\begin{list}{}{}\item[]}{\end{list}}
\begin{document}
$body$
\end{document}
"""


def test_pandoc_makes_pdf(report):
    if shutil.which("pdflatex") is None:
        pytest.skip("needs pdflatex")
    target = report.with_suffix(".pdf")
    plain = subprocess.run(["pandoc", "-o", target], input="x", text=True, capture_output=True, check=False)
    template = report.with_name("small.tex")
    template.write_text(SMALL_TEMPLATE, encoding="utf-8")
    pandoc(report, "-o", target, *([] if plain.returncode == 0 else ["--template", template]))
    import pypdfium2

    with pypdfium2.PdfDocument(target) as document:
        text = " ".join(page.get_textpage().get_text_range() for page in document)
    words = " ".join(text.split())
    assert "7.7% (95% interval 7.1% to 8.3%" in words
    assert "as cited in" in words


def test_latex_manuscript_compiles_with_bibtex_without_a_warning(base, tmp_path):
    if shutil.which("pdflatex") is None or shutil.which("bibtex") is None:
        pytest.skip("needs pdflatex and bibtex")
    text = (
        "\\documentclass{article}\n\\usepackage[T1]{fontenc}\n\\begin{document}\n"
        "\\evidence[interval]{farmers-ring}{} and \\evidence{bakers-ring}{}.\n\n\\evidence[sentence]{farmers-ring}{}\n\n"
        "\\evidence[cite=no]{oldtown-farmers}{} \\evidence[sentence]{bakers-ring-by-poll}{}\n\n"
        "\\begin{evidencetable}{farmers-ring, bakers-ring}\n\\end{evidencetable}\n"
        "\\bibliographystyle{plain}\n\\bibliography{out}\n\\end{document}\n"
    )
    file = tmp_path / "in.tex"
    file.write_text(text, encoding="utf-8")
    _, problems = run(text, file, base, tmp_path / "out.tex")
    assert problems == []

    def tool(*arguments: str) -> str:
        done = subprocess.run(arguments, capture_output=True, text=True, errors="replace", cwd=tmp_path, check=False)
        assert done.returncode == 0, done.stdout[-2000:]
        return done.stdout

    tool("pdflatex", "-interaction=nonstopmode", "-no-shell-escape", "out.tex")
    said = tool("bibtex", "out")
    assert "warning" not in said.lower()
    tool("pdflatex", "-interaction=nonstopmode", "-no-shell-escape", "out.tex")
    log = tool("pdflatex", "-interaction=nonstopmode", "-no-shell-escape", "out.tex")
    assert "undefined" not in log.lower()
