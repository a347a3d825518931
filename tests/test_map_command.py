"""`evidence map`: groups against measures, and the responses that address each group."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from bases import CLAIMS, FINDINGS, MEASURES, STUDIES, changed, write_base
from evidencebase.answers.evidence_map import evidence_map
from evidencebase.loading import load
from evidencebase.rendering.map_views import map_html, map_lines, map_matrix, map_svg, short

SHIPPED = Path(__file__).parent.parent
NEGATIVE = (
    MEASURES,
    "  polarity: positive\n  complement_of: unable-to-swim",
    "  polarity: negative\n  complement_of: unable-to-swim",
)
ANCHOR = '  anchors: [{document: millbrook-2020, fragment: "45.0% of girls"}]\n'
RESPONSES = "evidence/responses/millbrook.yml"


def response(key: str, groups: str, more: str = "") -> str:
    return f"- id: {key}\n  kind: service\n  label: lessons\n  groups: [{groups}]\n{more}{ANCHOR}"


def claim(key: str, direction: str, more: str = "") -> str:
    return f'- id: {key}\n  kind: relation\n  measure: able-to-swim\n  group: girls\n  versus: {{group: boys}}\n  place: england\n  direction: {direction}\n  period: "2019"\n{more}{ANCHOR}'


def mapped(folder, *changes, by="measure", add=None):
    base, problems = load(write_base(folder, changed(*changes, add=add)))
    assert not problems, problems
    return evidence_map(base, by)


def test_a_cell_counts_findings_and_claims_and_gives_the_direction_both_ways(tmp_path):
    found = mapped(tmp_path)
    girls, boys = found.cell("girls", "able-to-swim"), found.cell("boys", "able-to-swim")
    assert (girls.findings, girls.claims, girls.conclusions) == (
        ("girls-able",),
        ("girls-more-often",),
        ("girls-ahead",),
    )
    assert (girls.direction, boys.direction) == ("higher", "lower")
    assert girls.strongest == "weak"
    assert found.cell("adults", "able-to-swim") is None


@pytest.mark.parametrize("shape", ["text", "svg", "html", "json"])
def test_a_source_that_is_no_survey_gives_a_cell_no_grade_in_any_format(tmp_path, run, shape):
    write_base(tmp_path, changed((STUDIES, "strength: weak", "strength: outside")))
    done = run("map", "--base", tmp_path, "--by", "measure", "--format", shape)
    assert done.returncode == 0, done.stderr
    assert "outside" not in done.stdout
    assert ("?" if shape == "text" else "no source graded") in done.stdout


def test_the_strongest_source_of_a_cell_is_shown(tmp_path):
    strong = "- {key: b, label: B, strength: strong}\n"
    more = f"- id: g2\n  statistic: prevalence\n  measure: able-to-swim\n  group: girls\n  value: 45.0\n  study: b\n{ANCHOR}"
    found = mapped(tmp_path, add={STUDIES: strong, FINDINGS: more})
    assert found.cell("girls", "able-to-swim").strongest == "strong"
    assert short(found.cell("girls", "able-to-swim")) == "3S↑"


def test_claims_that_point_apart_are_in_conflict_unless_one_is_adjusted(tmp_path):
    apart = mapped(tmp_path / "a", add={CLAIMS: claim("other", "lower")})
    cell = apart.cell("girls", "able-to-swim")
    assert cell.direction == "mixed"
    assert cell.conflicts == ("girls-more-often and other: the claims point apart",)
    adjusted = mapped(tmp_path / "b", add={CLAIMS: claim("other", "lower", "  adjusted_for: [age]\n")})
    assert adjusted.cell("girls", "able-to-swim").conflicts == ()


def test_contradictions_and_figures_that_differ_are_conflicts(tmp_path):
    linked = mapped(
        tmp_path / "a",
        add={CLAIMS: claim("other", "no-difference", "  links: [{type: contradicts, to: girls-more-often}]\n")},
    )
    assert "girls-more-often and other: linked as contradicting" in linked.cell("girls", "able-to-swim").conflicts
    twin = f'- id: g2\n  statistic: prevalence\n  measure: able-to-swim\n  group: girls\n  place: england\n  period: "2019"\n  value: 50.0\n  study: swim-survey-2019\n{ANCHOR}'
    differ = mapped(tmp_path / "b", add={FINDINGS: twin})
    assert "girls-able and g2: same measure, group, place and period" in differ.cell("girls", "able-to-swim").conflicts


def test_need_and_offer_are_laid_against_each_other(tmp_path):
    offers = response("club", "swimmers") + response("pool", "children")
    found = mapped(tmp_path, NEGATIVE, add={RESPONSES: offers})
    rows = {group.id: group for group in found.groups}
    assert rows["girls"].gap == "need, offer only through a broader group"
    assert rows["girls"].broader == ("pool",)
    assert rows["swimmers"].gap == "offer without evidence of need"
    assert rows["children"].gap is None  # narrower groups are in need
    assert rows["boys"].evidence == 0  # fewer than girls, says the only claim
    alone = mapped(tmp_path / "b", NEGATIVE)
    assert [group.id for group in alone.with_gap("need without offer")] == ["girls"]


def test_effectiveness_is_never_made_up(tmp_path):
    none = mapped(tmp_path / "a", add={RESPONSES: response("club", "swimmers")})
    assert none.effectiveness_text == "no effectiveness is recorded of any of the 1 responses"
    some = mapped(
        tmp_path / "b",
        add={RESPONSES: response("club", "swimmers") + response("pool", "girls", "  effectiveness: evaluated\n")},
    )
    assert some.effectiveness_text == "1 of 2 responses have no effectiveness recorded; 1 evaluated"


def test_a_construct_turns_good_measures_so_that_directions_agree(tmp_path):
    found = mapped(tmp_path, by="construct")
    column = next(each for each in found.columns if each.id == "swimming")
    assert column.measures == ("able-to-swim", "unable-to-swim")
    assert "higher is worse" in column.label
    assert found.cell("girls", "swimming").direction == "lower"


def test_the_views_hold_the_same_cells_escape_text_and_ask_for_nothing(tmp_path):
    found = mapped(
        tmp_path,
        ("schema/groups.yml", "label: girls aged 5 to 15", 'label: "girls <script>alert(1)</script> & co"'),
        add={RESPONSES: response("club", "swimmers")},
    )
    page, drawing = map_html(found), map_svg(found)
    for text in (page, drawing):
        assert "<script" not in text
        assert "girls &lt;script&gt;" in text
        assert not re.search(r"(src|href)=", text)
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text)
    assert '<th scope="row">' in page
    assert "nothing in this base" in page
    root = ET.fromstring(drawing)  # noqa: S314 - our own text
    assert root.get("role") == "img"
    assert any("1 finding" in line for line in map_lines(found))
    assert any("2W+" in line for line in map_matrix(found, plain=True))


def test_the_command_prints_and_writes_every_format(tmp_path, run):
    write_base(tmp_path)
    text = run("map", "--base", tmp_path)
    assert text.returncode == 0
    assert "nothing in this base" in text.stdout
    shown = json.loads(run("map", "--base", tmp_path, "--by", "measure", "--format", "json").stdout)
    assert {(cell["group"], cell["column"]) for cell in shown["cells"]} == {
        ("girls", "able-to-swim"),
        ("boys", "able-to-swim"),
    }
    words = [cell["text"] for cell in json.loads(run("map", "--base", tmp_path, "--format", "json").stdout)["cells"]]
    assert len(words) == 2
    for name in ("map.svg", "map.html", "map.json"):
        assert run("map", "--base", tmp_path, "-o", tmp_path / name).returncode == 0
        assert [each for each in words if each not in (tmp_path / name).read_text("utf-8")] == [], name
    assert run("map", "--base", tmp_path, "--list", "-o", tmp_path / "map.txt").returncode == 0
    assert [
        line.strip() for line in (tmp_path / "map.txt").read_text("utf-8").splitlines() if line.startswith("  swimming")
    ] == [f"swimming (higher is worse): {each}" for each in words]
    assert run("map", "--base", tmp_path, "-o", tmp_path).returncode == 1


def test_the_shipped_base_maps_without_a_cell_lost():
    base, _ = load(SHIPPED)
    found = evidence_map(base)
    rows, columns = {group.id for group in found.groups}, {column.id for column in found.columns}
    assert all(group in rows and column in columns for group, column in found.cells)
    measures = base.vocabulary.measures
    counted = sum(
        1
        for entry in base.of("findings")
        if entry.record.group in base.vocabulary.groups
        and base.vocabulary.groups[entry.record.group].universe in ("persons", "households")
        and measures[entry.record.measure].polarity != "neutral"
    )
    assert sum(len(cell.findings) for cell in found.cells.values()) == counted > 50
    assert "effectiveness recorded" in found.effectiveness_text
