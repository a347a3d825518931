"""`evidence briefing`: one page on a group, every figure from a record."""

from __future__ import annotations

import html
import re
import subprocess
import sys
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

import cite_base
from evidencebase.answers.briefing import briefing
from evidencebase.cli.briefing import run
from evidencebase.loading import load
from evidencebase.problems import EvidenceError


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return cite_base.reviewed(tmp_path_factory.mktemp("briefing"))


def section(text: str, heading: str) -> str:
    return text.split(f"## {heading}\n\n")[1].split("\n\n## ", maxsplit=1)[0]


def test_known_figures_come_with_precision_strength_and_citation(base):
    known = section(run(base, "bakers"), "What is known").splitlines()
    assert known[2:] == [
        "| about 27% of bakers in Westland ring bells (2020) | precision unknown | strong | (1) |".replace(
            "| about", "| About"
        ),
        "| 31.5% of bakers in Westland ring bells (2020) | precision unknown | weak | (2, as cited in 3) |",
    ]


def test_conflict_between_sources_is_named(base):
    text = section(run(base, "bakers"), "Where sources disagree")
    assert text == (
        "- About 27% of bakers in Westland ring bells (2020) (1); but 31.5% (2, as cited in 3) "
        "(same measure, group, place and period)."
    )


def test_difference_that_a_link_explains_is_no_conflict(tmp_path):
    cite_base.write(tmp_path)
    cite_base.change(
        tmp_path,
        "  qualifiers: [about]\n",
        "  qualifiers: [about]\n  links: [{type: same-sample, to: bakers-ring-by-poll}]\n",
    )
    assert "No conflict is recorded" in section(run(load(tmp_path)[0], "bakers"), "Where sources disagree")


def test_page_has_caveats_conclusions_what_is_offered_and_what_is_missing(base):
    text = run(base, "bakers")
    assert "debatable, perhaps moderate" in section(text, "How far it can be trusted")
    assert "certainty: not assessed" in section(text, "What documents conclude")
    assert "a school for ringers in Oldtown; no effect recorded" in section(text, "What is offered or recommended")
    missing = section(text, "What this base does not hold").splitlines()
    assert missing == [
        "- No published interval: how precise these figures are is unknown.",
        "- No figure for measures held for other groups: Rings bells daily.",
        "- No figure on this group from after 2020.",
        "- No evaluation of what is offered: none of it has an evaluated effect in this base.",
    ]


def test_local_estimates_are_labelled_as_such(base):
    text = section(run(base, "farmers"), "Local estimates")
    assert text.startswith("A rate measured elsewhere applied to the local population")
    assert "80 farmers" in text
    assert "would be expected" in text
    assert "if the rate for Westland applied; applicability: " in text


def test_groups_within_are_included_and_said(base):
    text = run(base, "adults")
    assert "Groups within this one are included (2)." in text
    assert "3% of adults ring bells daily" in text
    assert "7.7% of farmers" in text


def test_references_are_numbered_in_the_order_they_are_met(base):
    for group in ("bakers", "farmers", "adults"):
        page = briefing(base, group)
        numbers = [int(str(mark).partition(".")[0]) for mark in page.references]
        assert numbers == list(range(1, len(numbers) + 1))
        text = run(base, group).split("## References")[0]
        cited = [
            int(number)
            for group_ in re.findall(r"\((\d[^()]*)\)", text)
            for number in re.findall(r"^\d$|(?<=in )\d$|^\d(?=,)", group_)
        ]
        assert set(cited) == set(numbers)


def test_every_number_of_the_page_is_a_record_or_a_count(base):
    text = run(base, "farmers").split("## References")[0]
    body = text.split("## What is known")[1]
    numbers = set(re.findall(r"\d+(?:[.,]\d+)*", re.sub(r"\(\d(?:, as cited in \d)?\)", "", body)))
    assert numbers == {"7.7", "7.1", "8.3", "95", "2020", "80"}


def test_limits_are_said_and_lifted(tmp_path):
    cite_base.write(tmp_path)
    file = tmp_path / "evidence/findings/more.yml"
    file.write_text(
        "".join(
            f"- {{id: sailors-{number}, statistic: prevalence, measure: rings, group: sailors, period: {2000 + number}, value: {number}, "
            f'study: bell-survey, anchors: [{{document: town-report, fragment: "{number}%"}}]}}\n'
            for number in range(20)
        ),
        encoding="utf-8",
    )
    base = load(tmp_path)[0]
    short = section(run(base, "sailors"), "What is known")
    assert short.count("\n| ") == 7
    assert "15 more in this base" in short
    assert section(run(base, "sailors", everything=True), "What is known").count("\n| ") == 22


def test_unreviewed_records_are_marked_and_counted(tmp_path):
    text = run(load(cite_base.write(tmp_path))[0], "bakers")
    assert " NOT REVIEWED: they are marked \\*" in text
    assert "ring bells (2020)\\* |" in text


def test_withdrawn_records_are_left_out(tmp_path):
    cite_base.review(cite_base.write(tmp_path), verdicts={"bakers-ring": "withdraw"})
    assert "27%" not in run(load(tmp_path)[0], "bakers")


class Page(HTMLParser):
    """The tags of a page and every address it would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.fetched += [
            value for name, value in attrs if name in ("src", "srcset", "data") or (tag == "link" and name == "href")
        ]


def test_html_is_self_contained_and_escaped(base):
    text = run(base, "farmers", "html") + run(base, "sailors", "html")
    page = Page()
    page.feed(text)
    assert page.fetched == []
    assert "script" not in page.tags
    assert "b" not in page.tags
    assert "&lt;b&gt;growers&lt;/b&gt;" in text
    assert "&lt;script&gt;" in text


def test_docx_holds_what_the_markdown_holds(base):
    import docx

    document = docx.Document(BytesIO(run(base, "bakers", "docx")))
    headings = [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == "Heading 2"]
    assert headings == re.findall(r"^## (.*)$", run(base, "bakers"), re.MULTILINE)
    assert [cell.text for cell in document.tables[0].rows[2].cells] == [
        "31.5% of bakers in Westland ring bells (2020)", "precision unknown", "weak", "(2, as cited in 3)",
    ]  # fmt: skip


def test_group_is_found_by_label_and_unknown_one_named(base):
    assert run(base, "Bakers") == run(base, "bakers")
    with pytest.raises(EvidenceError) as caught:
        run(base, "backers")
    assert caught.value.message == "no group of this base is called 'backers'"
    assert caught.value.hint.startswith("did you mean bakers")


def test_group_without_records_says_what_is_missing(tmp_path):
    cite_base.write(tmp_path)
    cite_base.change(
        tmp_path, "- {id: sailors, label: sailors}", "- {id: sailors, label: sailors}\n- {id: monks, label: monks}"
    )
    text = run(load(tmp_path)[0], "monks")
    assert "This base holds no figure on this group." in text
    assert "No figure for measures held for other groups" in text


def test_command_writes_by_the_ending_of_the_file(tmp_path):
    cite_base.reviewed(tmp_path / "base")
    arguments = [sys.executable, "-m", "evidencebase", "briefing", "bakers", "--base", tmp_path / "base"]
    done = subprocess.run([*arguments, "-o", tmp_path / "b.docx"], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    said = "\n".join(
        cell.text for table in Document(tmp_path / "b.docx").tables for row in table.rows for cell in row.cells
    )
    assert "About 27% of bakers in Westland ring bells (2020)" in said
    done = subprocess.run([*arguments, "--format", "docx"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "-o briefing.docx" in done.stderr


@pytest.mark.parametrize("shape", ["markdown", "html", "docx"])
def test_every_group_of_the_shipped_base_has_a_briefing(shape):
    base, _ = load(Path(__file__).parent.parent)
    for group in list(base.vocabulary.groups)[:: 4 if shape == "markdown" else 12]:
        made = run(base, group, shape)
        text = (
            "\n".join(each.text for each in Document(BytesIO(made)).paragraphs)
            if isinstance(made, bytes)
            else html.unescape(made)
        )
        label = base.label("groups", group)
        assert f"{label[:1].upper()}{label[1:]}" in text.replace("\\", ""), group
        assert "What this base does not hold" in text, group
