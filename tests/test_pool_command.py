"""`evidence pool`: findings of one measure, or anybody's table of counts."""

from __future__ import annotations

import csv
import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from bases import FINDINGS, STUDIES, changed, write_base
from evidencebase.answers.pooling import Pooling, pool_counts, pool_findings
from evidencebase.loading import load
from evidencebase.numbers import pool
from evidencebase.problems import EvidenceError, UsageError
from evidencebase.rendering.forest import forest_text

SHARED = Path(__file__).parent.parent.parent / "shared"
GOOD = "study,x,n\nAsh,11,29\nBirch,24,33\nCedar,9,17\n"


def finding(
    key: str, study: str, *, n: object = 200, value: object = "40.0", group: str = "girls", more: str = ""
) -> str:
    size = f"  n: {n}\n" if n else ""
    return (
        f"- id: {key}\n  statistic: prevalence\n  measure: able-to-swim\n  group: {group}\n  value: {value}\n"
        f'{size}{more}  study: {study}\n  anchors: [{{document: millbrook-2020, fragment: "45.0% of girls"}}]\n'
    )


def study(key: str, more: str = "") -> str:
    return f"- key: {key}\n  label: Survey {key}\n  strength: weak\n{more}"


def based(folder, *findings, studies=(), changes=()):
    add = {FINDINGS: "".join(findings), STUDIES: "".join(studies)}
    base, problems = load(write_base(folder, changed(*changes, add=add)))
    assert not problems, problems
    return base


def table(folder: Path, text: str | bytes) -> Path:
    file = folder / "counts.csv"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def test_a_table_of_counts_is_pooled_as_the_statistics_do(tmp_path):
    result = pool_counts(table(tmp_path, GOOD), Pooling(method="REML"))
    expected = pool([11, 24, 9], [29, 33, 17], method="REML")
    assert result.pooled == expected
    assert [each.study for each in result.studies] == ["Ash", "Birch", "Cedar"]
    assert sum(each.weight for each in result.studies) == pytest.approx(100)
    shown = result.as_dict()
    assert shown["estimate"] == pytest.approx(expected.estimate)
    assert shown["studies"][0]["estimate"] == pytest.approx(100 * 11 / 29)


def test_a_byte_order_mark_and_other_columns_do_no_harm(tmp_path):
    text = "\ufeffStudy,Year,X,N\nAsh,1999,11,29\nBirch,2001,24,33\n"
    result = pool_counts(table(tmp_path, text))
    assert result.pooled.k == 2
    assert any("'year' was not used" in note for note in result.notes)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "empty"),
        ("study,x,n\n", 1, "no row"),
        ("name,x,n\nAsh,1,2\n", 1, "no column 'study'"),
        ("study,x,x,n\nAsh,1,1,2\n", 1, "stands twice"),
        ("study;x;n\nAsh;1;2\n", 1, "semicolons"),
        ("study,x,n\nAsh,1,20\nBirch,-3,20\n", 3, "negative"),
        ("study,x,n\nAsh,1,20\nBirch,30,20\n", 3, "cannot exceed"),
        ("study,x,n\nAsh,1,20\nBirch,=1+1,20\n", 3, "formula"),
        ("study,x,n\nAsh,1,20\n=cmd(),1,20\n", 3, "formula"),
        ("study,x,n\nAsh,1,20\nBirch,NaN,20\n", 3, "not a number"),
        ("study,x,n\nAsh,1,20\nBirch,1e9,20\n", 3, "not a number"),
        ("study,x,n\nAsh,1,20\nBirch,1,0\n", 3, "above 0"),
        ("study,x,n\nAsh,1,20\nBirch,,20\n", 3, "x is missing"),
        ("study,x,n\nAsh,1,20\n,1,20\n", 3, "no name"),
        ("study,x,n\nAsh,1,20\nash,1,20\n", 3, "line 2 too"),
        ("study,x,n\nAsh,1,20\nBirch,1\n", 3, "2 cells under 3"),
        ("study,x,n\nAsh,1,20\n", 2, "only one study"),
        ('study,x,n\nAsh,1,20\n"Birch,1,20\n', 3, "unexpected end"),
        (b"study,x,n\nAsh,1,20\n\xff\xfe,1,2\n", 3, "UTF-8"),
        ("study,x,n\nAsh,1,20\nBi\0rch,1,20\n", 3, "zero byte"),
        ("study,x,n\nAsh,1,20\nBirch,1,99999999999999999999\n", 3, "nobody has counted"),
    ],
)
def test_a_table_that_cannot_be_right_names_its_line(tmp_path, text, line, words):
    file = table(tmp_path, text)
    with pytest.raises(EvidenceError) as caught:
        pool_counts(file)
    assert words in caught.value.message
    assert f"{file}:{line}:" in caught.value.message
    assert caught.value.exit_code == 1


def test_every_fault_of_a_table_is_named_at_once(tmp_path):
    with pytest.raises(EvidenceError) as caught:
        pool_counts(table(tmp_path, "study,x,n\nAsh,-1,20\nBirch,30,20\n"))
    assert ":2:" in caught.value.message
    assert ":3:" in caught.value.message


def test_a_huge_file_and_a_folder_are_refused(tmp_path):
    huge = tmp_path / "huge.csv"
    with huge.open("wb") as stream:
        stream.truncate(30 * 1024 * 1024)
    with pytest.raises(EvidenceError, match="over 20 MB"):
        pool_counts(huge)
    with pytest.raises(EvidenceError, match="is a folder"):
        pool_counts(tmp_path)
    with pytest.raises(EvidenceError, match="is not there"):
        pool_counts(tmp_path / "absent.csv")


def test_findings_of_two_studies_are_pooled_and_the_rest_is_left_out_with_reasons(tmp_path):
    base = based(
        tmp_path,
        finding("second", "b", n=300),
        finding("no-n", "c", n=None),
        finding("weighted", "d", more="  weighted: true\n"),
        finding("about", "e", more="  qualifiers: [about]\n"),
        studies=[study(key) for key in "bcde"],
    )
    result = pool_findings(base, "able-to-swim", "girls")
    assert {each.id for each in result.studies} == {"girls-able", "second"}
    assert result.pooled.estimate == pytest.approx(pool([180, 120], [400, 300]).estimate)
    reasons = {each.id: each.reason for each in result.left_out}
    assert "not published" in reasons["no-n"]
    assert "weighted" in reasons["weighted"]
    assert "not exact" in reasons["about"]
    assert "another group" in reasons["boys-able"]
    assert any("taken for that of a simple sample" in note for note in result.notes)


def test_a_weighted_survey_counts_with_the_effective_n_of_its_interval(tmp_path):
    interval = "  weighted: true\n  interval: {lower: 33.5, upper: 46.9, confidence: 95}\n"
    base = based(tmp_path, finding("weighted", "b", n=5000, more=interval), studies=[study("b")])
    result = pool_findings(base, "able-to-swim", "girls")
    size = next(each.n for each in result.studies if each.id == "weighted")
    assert 150 < size < 260
    assert any("effective n" in note for note in result.notes)


@pytest.mark.parametrize(
    ("second", "studies", "words"),
    [
        (finding("second", "swim-survey-2019"), [], "the same study"),
        (finding("second", "swim-survey-2019", group="children"), [], "are among"),
        (finding("second", "b"), [study("b", "  supersedes: swim-survey-2019\n")], "supersedes"),
        (
            finding("second", "b", more="  links: [{type: same-sample, to: girls-able}]\n"),
            [study("b")],
            "the same sample",
        ),
        (finding("second", "b"), [study("b", "  links: [{type: same-sample, to: swim-survey-2019}]\n")], "same-sample"),
        (finding("second", "b"), [study("b", "  links: [{type: supersedes, to: swim-survey-2019}]\n")], "supersedes"),
        (
            finding("second", "c"),
            [study("b", "  supersedes: swim-survey-2019\n"), study("c", "  supersedes: b\n")],
            "the study c supersedes swim-survey-2019",
        ),
    ],
)
def test_overlapping_samples_are_never_pooled(tmp_path, second, studies, words):
    base = based(tmp_path, second, studies=studies)
    with pytest.raises(EvidenceError) as caught:
        pool_findings(base, "able-to-swim", None if "are among" in words else "girls")
    assert words in caught.value.message


def test_people_of_two_places_are_two_samples_of_one_study(tmp_path):
    second = finding("second", "swim-survey-2019", more="  place: ashford\n")
    base = based(tmp_path, second, changes=[(FINDINGS, "girls\n  place: england", "girls\n  place: millbrook")])
    assert {each.id for each in pool_findings(base, "able-to-swim", "girls").studies} == {"girls-able", "second"}


def test_what_stands_only_in_a_document_that_was_taken_back_is_not_pooled(tmp_path):
    back = (
        "evidence/documents.yml",
        "- key: millbrook-2020\n",
        "- key: millbrook-2020\n  retracted: {kind: retracted, reason: the rows were swapped}\n",
    )
    base = based(tmp_path, finding("second", "b"), studies=[study("b")], changes=[back])
    with pytest.raises(EvidenceError) as caught:
        pool_findings(base, "able-to-swim", "girls")
    assert "its document was retracted or corrected" in caught.value.message


def test_findings_of_different_groups_are_not_pooled_unasked(tmp_path):
    base = based(tmp_path, finding("second", "b", group="adults"), studies=[study("b")])
    with pytest.raises(UsageError) as caught:
        pool_findings(base, "able-to-swim")
    assert "--group" in caught.value.hint


def test_an_unknown_measure_or_group_names_the_nearest(tmp_path):
    base = based(tmp_path)
    with pytest.raises(UsageError) as caught:
        pool_findings(base, "able-to-swin")
    assert "able-to-swim" in caught.value.hint
    with pytest.raises(UsageError) as caught:
        pool_findings(base, "able-to-swim", "grils")
    assert "girls" in caught.value.hint


def test_the_text_plot_puts_each_study_where_its_percent_is(tmp_path):
    result = pool_counts(table(tmp_path, GOOD), Pooling(method="DL"))
    lines = forest_text(result).splitlines()
    columns = [next(line.index(mark) for mark in "■◆" if mark in line) for line in lines[1:5]]
    assert columns[0] < columns[2] < columns[3] < columns[1]
    assert "┄" in lines[5]
    plain = forest_text(result, unicode=False)
    assert plain.isascii()


def test_the_command_draws_svg_and_png_and_prints_json_and_csv(tmp_path, run):
    file = table(tmp_path, GOOD.replace("Ash", '"<b>Ash & Co</b>"'))
    svg, png = tmp_path / "plot.svg", tmp_path / "plot.png"
    text = run("pool", "--counts", file, "--method", "reml", "--svg", svg, "--png", png)
    assert text.returncode == 0, text.stderr
    assert "Pooled 55.1%" in text.stdout
    assert "\x1b" not in text.stdout
    root = ET.fromstring(svg.read_text(encoding="utf-8"))  # noqa: S314 - our own file
    words = "".join(root.itertext())
    assert "<b>Ash & Co</b>" in words
    assert "Forest plot" in words
    assert "href" not in svg.read_text(encoding="utf-8")
    assert png.read_bytes().startswith(b"\x89PNG")
    shown = json.loads(run("pool", "--counts", file, "--format", "json", "--scale", "freeman-tukey").stdout)
    assert shown["scale"] == "freeman-tukey"
    rows = list(csv.DictReader(run("pool", "--counts", file, "--format", "csv").stdout.splitlines()))
    assert rows[-1]["study"] == "pooled"


def test_a_faulty_table_leaves_no_plot_behind(tmp_path, run):
    svg = tmp_path / "plot.svg"
    done = run("pool", "--counts", table(tmp_path, "study,x,n\nAsh,5,2\nBirch,1,2\n"), "--svg", svg)
    assert done.returncode == 1
    assert not svg.exists()
    assert "Traceback" not in done.stderr
    assert "counts.csv:2:" in done.stderr


def test_misuse_ends_with_2(tmp_path, run):
    file = table(tmp_path, GOOD)
    assert run("pool", "--counts", file, "--measure", "x").returncode == 2
    assert run("pool", "--counts", file, "--hartung-knapp").returncode == 2
    assert run("pool", "--counts", file, "--confidence", "0.95").returncode == 2


def test_the_published_sets_pool_as_metafor_pools_them(tmp_path):
    inputs, results = SHARED / "data/stats/pooling-inputs.csv", SHARED / "data/stats/pooling.csv"
    if not inputs.is_file():
        pytest.skip("needs ../shared/data/stats")
    sets: dict[str, list[dict[str, str]]] = {}
    for row in csv.DictReader(inputs.open(encoding="utf-8")):
        sets.setdefault(row["dataset"], []).append(row)
    compared = 0
    for expected in csv.DictReader(results.open(encoding="utf-8")):
        method = {"EE": "common"}.get(expected["method"], expected["method"])
        if expected["measure"] != "PLO" or method not in ("common", "DL", "PM", "REML") or expected["test"] != "z":
            continue
        file = tmp_path / "set.csv"
        with file.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(["study", "x", "n"])
            writer.writerows(
                [f"{i} {row['study']}", row["x"], row["n"]] for i, row in enumerate(sets[expected["dataset"]])
            )
        found = pool_counts(file, Pooling(method=method)).pooled
        assert found.estimate == pytest.approx(100 * float(expected["est_p"]), abs=1e-4)
        compared += 1
    assert compared >= 8
