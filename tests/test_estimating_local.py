"""`evidence estimate --population`: published rates on a local population, graded and cited row by row."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from pathlib import Path

import pytest

from bases import FINDINGS, GROUPS, MEASURES, PLACES, STUDIES, changed, write_base
from evidencebase.answers.local import estimate_local, population_template
from evidencebase.loading import load
from evidencebase.problems import EvidenceError, UsageError
from evidencebase.rules.applicability import level
from evidencebase.rules.fit import age_of_data

SHIPPED = Path(__file__).parent.parent
SHARED = SHIPPED.parent / "shared"
BOTH = "group,count,period\ngirls,1000,2020\nboys,2000,2020\n"
RANDOM = (
    STUDIES,
    "universe: {ages: 5-15, place: england}",
    "universe: {ages: 5-15, place: england}\n  sampling: {value: random, basis: document}\n  weighted: false",
)


def population(folder: Path, text: str | bytes) -> Path:
    file = folder / "people.csv"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def finding(key: str, **fields: object) -> str:
    given = {
        "statistic": "prevalence",
        "measure": "able-to-swim",
        "group": "girls",
        "place": "england",
        "period": '"2019"',
        "value": "40",
        "study": "swim-survey-2019",
    } | fields
    lines = [f"- id: {key}", *(f"  {name}: {value}" for name, value in given.items() if value is not None)]
    return "\n".join([*lines, '  anchors: [{document: millbrook-2020, fragment: "45.0% of girls"}]', ""])


def estimated(folder, text=BOTH, *changes, place="Millbrook", add=None, **options):
    base, problems = load(write_base(folder / "base", changed(*changes, add=add)))
    assert not problems, problems
    return estimate_local(base, population(folder, text), place, "able-to-swim", **options)


def refused(folder, text, *changes, **options) -> EvidenceError:
    with pytest.raises(EvidenceError) as caught:
        estimated(folder, text, *changes, **options)
    return caught.value


def test_each_row_is_rate_times_population_cited_and_worded(tmp_path):
    girls, boys = estimated(tmp_path).rows
    assert (girls.expected, boys.expected) == (Decimal(450), Decimal(760))
    assert girls.statement == (
        "450 girls aged 5 to 15 in Millbrook would be expected to be among those who are able to swim "
        "if the rate for England applied"
    )
    assert girls.source.finding == "girls-able"
    assert girls.source.documents == ("millbrook-2020",)
    assert (girls.source_strength, girls.applicability) == ("weak", "moderate")
    assert girls.precision.startswith("precision unknown")


def test_halves_are_rounded_up_from_the_exact_product(tmp_path):
    row = estimated(tmp_path, "group,count\ngirls,10\n").rows[0]
    assert (row.exact, row.expected) == (Decimal("4.5"), Decimal(5))


def test_the_interval_is_the_rates_own_and_says_what_it_leaves_out(tmp_path):
    row = estimated(tmp_path, BOTH, RANDOM).rows[0]
    assert row.lower < row.expected < row.upper
    assert "sampling error of the rate only" in row.interval_covers
    assert "left out: error in the population count" in row.interval_covers
    assert "Wilson" in row.precision


def test_a_total_is_the_sum_before_rounding_of_groups_that_share_nobody(tmp_path):
    total = estimated(tmp_path, "group,count\ngirls,10\nboys,13\n", RANDOM).total
    assert total.expected == Decimal(9)  # 4.5 + 4.94
    assert "add up to 10" in total.text
    assert total.lower < total.expected < total.upper


def test_no_total_over_groups_that_may_share_people(tmp_path):
    total = estimated(
        tmp_path, "group,count\ngirls,10\nchildren,30\n", add={FINDINGS: finding("all", group="children")}
    ).total
    assert total.expected is None
    assert "girls aged 5 to 15 and children aged 5 to 15 may share people" in total.text


@pytest.mark.parametrize(
    "name", ["girls", "GIRLS", "Girls aged 5 to 15", "young ladies", " girls  aged 5–15 ".replace("5–15", "5 to 15")]
)
def test_groups_are_found_by_id_label_and_published_label(tmp_path, name):
    labels = (GROUPS, "sex: female}, broader", "sex: female}, words: [Young Ladies], broader")
    assert estimated(tmp_path, f"group,count\n{name},10\n", labels).rows[0].group == "girls"


@pytest.mark.parametrize("band", ["5-15", "5 to 15", "aged 5 to 15"])
def test_a_plain_age_band_finds_the_group_of_that_age(tmp_path, band):
    table = estimated(tmp_path, f"group,count\n{band},10\n", add={FINDINGS: finding("all", group="children")})
    assert table.rows[0].group == "children"


def test_a_wrong_group_names_the_nearest(tmp_path):
    error = refused(tmp_path, "group,count\ngirls,10\ngrils,10\n")
    assert "people.csv:3: no group" in error.message
    assert "girls" in error.message.split("did you mean")[1]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "empty"),
        ("group,number\ngirls,10\n", 1, "no column 'count'"),
        ("count\n10\n", 1, "no column 'group'"),
        ("group;count\ngirls;10\n", 1, "semicolons"),
        ("group,count\ngirls,-10\n", 2, "negative"),
        ("group,count\ngirls,many\n", 2, "not a number"),
        ("group,count\ngirls,10.5\n", 2, "whole"),
        ("group,count\ngirls,=SUM(A1:A9)\n", 2, "formula"),
        ('group,count\n=HYPERLINK("x"),10\n', 2, "formula"),
        ("group,count\n+girls,10\n", 2, "formula"),
        ("group,count\ngirls,10\nGirls aged 5 to 15,11\n", 3, "line 2 too"),
        ("group,count,unit\ngirls,10,households\n", 2, "counts households"),
        ("group,count,unit\ngirls,10,cats\n", 2, "unit is 'cats'"),
        ("group,count,definition\ngirls,10,households with girls\n", 2, "counts households"),
        ("group,count,period\ngirls,10,lately\n", 2, "no period"),
        ("group,count\n,10\n", 2, "group is missing"),
        ("group,count\ngirls,10,3\n", 2, "3 cells under 2"),
        ("group,count\ngirls,\u0661\u0660\n", 2, "not a number"),
        (b"group,count\nm\xe9dium,10\n", 2, "UTF-8"),
    ],
)
def test_a_faulty_file_names_its_line(tmp_path, text, line, words):
    error = refused(tmp_path, text)
    assert words in error.message
    assert f"people.csv:{line}:" in error.message
    assert error.hint


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffgroup,count\ngirls,10\n",
        "group,count\r\ngirls,10\r\n\r\n",
        'Group,Count\n"girls","10"\n',
        'group,count\ngirls,"1,010"\n',
        "group,count,notes\ngirls,10,=A1\n",
    ],
)
def test_what_spreadsheets_write_is_read(tmp_path, text):
    assert estimated(tmp_path, text).rows[0].count in (10, 1010)


def test_groups_left_empty_are_left_out_aloud_and_all_empty_is_an_error(tmp_path):
    table = estimated(tmp_path, "group,count\ngirls,10\nboys,\n")
    assert any("Left out, without a count in the file: boys" in note for note in table.notes)
    (tmp_path / "b").mkdir()
    assert "no group has a count" in refused(tmp_path / "b", "group,count\ngirls,\n").message


def test_the_template_lists_the_groups_with_a_rate_and_can_be_filled_in(tmp_path):
    base, _ = load(write_base(tmp_path / "base"))
    text = population_template(base)
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["group"] for row in rows] == ["girls", "boys"]
    filled = text.replace("girls,,", "girls,100,")
    assert estimate_local(base, population(tmp_path, filled), "Millbrook").rows[0].expected == 45


def test_a_survey_of_the_place_itself_beats_a_stronger_one_of_the_country(tmp_path):
    local = finding("local-girls", place="millbrook", value="50", study="millbrook-register", period='"2015"')
    strong = (STUDIES, "place: england}\n  strength: weak", "place: england}\n  strength: strong")
    row = estimated(tmp_path, BOTH, strong, add={FINDINGS: local}).rows[0]
    assert (row.source.finding, row.direct, row.expected) == ("local-girls", True, 500)
    assert [(each.id, each.reason) for each in row.rejected] == [
        ("girls-able", "the chosen rate is nearer to the place")
    ]


def test_the_nearer_date_comes_before_strength_and_strength_before_the_id(tmp_path):
    newer = finding("newer", period='"2020"', study="millbrook-register")
    assert estimated(tmp_path, BOTH, add={FINDINGS: newer}).rows[0].source.finding == "newer"
    (tmp_path / "b").mkdir()
    strong = (
        STUDIES,
        "design: administrative\n  universe: {place: millbrook}\n  strength: weak",
        "design: administrative\n  universe: {place: millbrook}\n  strength: strong",
    )
    same = finding("z-stronger", study="millbrook-register")
    row = estimated(tmp_path / "b", BOTH, strong, add={FINDINGS: same}).rows[0]
    assert row.source.finding == "z-stronger"
    assert row.rejected[0].reason == "the chosen rate is of a stronger source"


def test_what_does_not_fit_is_refused_row_by_row_with_the_reason(tmp_path):
    table = estimated(
        tmp_path, "group,count\ngirls,10\nswimmers,20\nadults,30\n", add={FINDINGS: finding("all", group="children")}
    )
    girls, swimmers, adults = table.rows
    assert girls.expected is not None
    assert swimmers.expected is None
    assert (
        "a rate of children aged 5 to 15 is put on children in a swimming club, who are a part of them"
        in swimmers.reason
    )
    assert "nothing in this base" in adults.reason
    assert table.total.left_out == ("children in a swimming club", "adults aged 16 or over")


def test_nothing_that_fits_is_an_error(tmp_path):
    error = refused(tmp_path, "group,count\nadults,30\n")
    assert "people.csv:2:" in error.message
    assert "nothing in this base" in error.message


def test_an_override_uses_what_does_not_fit_lowers_it_and_stands_in_the_row(tmp_path):
    table = estimated(
        tmp_path,
        "group,count\nswimmers,20\n",
        add={FINDINGS: finding("all", group="children")},
        override="no other rate",
    )
    row = table.rows[0]
    assert (row.expected, row.override) == (8, "no other rate")
    assert {each.rule for each in row.lowered} == {"broader-group", "broader-place"}
    assert row.applicability == "low"


def test_an_override_lets_households_stand_for_persons_and_says_so(tmp_path):
    row = estimated(tmp_path, "group,count,unit\ngirls,20,households\n", override="no count of girls").rows[0]
    assert "other-counting-unit" in {each.rule for each in row.lowered}
    assert "households" in row.statement
    with pytest.raises(UsageError, match="override is empty"):
        estimated(tmp_path, BOTH, override=" ")


def test_a_rate_of_another_town_is_refused_and_a_country_assumed_for_a_place_unknown_here(tmp_path):
    only = (FINDINGS, "place: england", "place: ashford")
    assert "which does not contain Millbrook" in refused(tmp_path, BOTH, only).message
    (tmp_path / "b").mkdir()
    table = estimated(tmp_path / "b", BOTH, place="Nowhere-on-Sea")
    assert table.rows[0].applicability == "moderate"
    assert any("Nowhere-on-Sea is no place of this base" in note for note in table.notes)


@pytest.mark.parametrize(
    ("fields", "period", "rules"),
    [
        ({"place": "millbrook"}, "2020", []),
        ({}, "2020", ["broader-place"]),
        ({"place": None}, "2020", ["place-unknown"]),
        ({}, "2025", ["broader-place", "older-than-5-years"]),
        ({}, "2024", ["broader-place"]),
        ({}, "2030", ["broader-place", "older-than-5-years", "older-than-10-years"]),
        ({"period": None}, "2020", ["broader-place", "period-unknown"]),
    ],
)
def test_each_rule_lowers_applicability_a_step(tmp_path, fields, period, rules):
    only = {FINDINGS: finding("only", group="swimmers", **fields)}
    row = estimated(tmp_path, f"group,count,period\nswimmers,100,{period}\n", add=only).rows[0]
    assert [each.rule for each in row.lowered] == rules
    assert row.applicability == ("high", "moderate", "low", "very low")[len(rules)]


def test_a_definition_that_is_not_known_lowers_and_another_age_band_is_refused(tmp_path):
    known = estimated(tmp_path, "group,count,definition\ngirls,10,residents aged 5 to 15\n").rows[0]
    assert [each.rule for each in known.lowered] == ["broader-place"]
    (tmp_path / "b").mkdir()
    odd = estimated(tmp_path / "b", "group,count,definition\ngirls,10,girls who own a towel\n").rows[0]
    assert "other-definition" in [each.rule for each in odd.lowered]
    (tmp_path / "c").mkdir()
    assert (
        "ages 5 to 15 on a count defined as 5 to 18"
        in refused(tmp_path / "c", "group,count,definition\ngirls,10,aged 5 to 18\n").message
    )


def test_levels_never_fall_below_very_low():
    assert level(["x"] * 9) == "very low"
    assert age_of_data("2010", None) == []


def test_a_withdrawn_rate_is_not_used(tmp_path):
    add = {
        "evidence/reviews.yml": "- {record: girls-able, digest: "
        + "0" * 64
        + ", by: reader-b, on: 2020-01-01, verdict: withdraw, note: wrong}\n"
    }
    row = estimated(tmp_path, BOTH, add=add).rows[0]
    assert row.expected is None
    assert [(each.id, each.reason) for each in row.rejected] == [("girls-able", "the record is withdrawn")]


def test_several_measures_must_be_named_and_an_unknown_one_names_the_nearest(tmp_path):
    base, _ = load(write_base(tmp_path, changed(add={FINDINGS: finding("w", measure="swims-weekly")})))
    file = population(tmp_path, BOTH)
    with pytest.raises(UsageError) as caught:
        estimate_local(base, file, "Millbrook")
    assert "able-to-swim, swims-weekly" in caught.value.message
    with pytest.raises(UsageError) as caught:
        estimate_local(base, file, "Millbrook", "able-to-swin")
    assert "able-to-swim" in caught.value.hint
    assert estimate_local(base, file, "Millbrook", "Able to swim").measure == "able-to-swim"


def test_the_first_measure_of_the_outcomes_is_taken_where_none_is_named(tmp_path):
    other = "- {id: dives-weekly, label: Dives, construct: diving, unit: percent, phrase: dive weekly}\n"
    about = ("metadata.yml", "format: 2,", "format: 2, outcomes: [diving, health],")
    files = changed(about, add={FINDINGS: finding("w", measure="dives-weekly"), MEASURES: other})
    base, problems = load(write_base(tmp_path, files))
    assert problems == []
    assert estimate_local(base, population(tmp_path, "group,count\ngirls,10\n"), "Millbrook").measure == "dives-weekly"


@pytest.mark.parametrize("form", ["csv", "xlsx", "json", "markdown", "html", "text"])
def test_every_format_cites_the_finding_and_words_it_with_care(tmp_path, run, form):
    write_base(tmp_path)
    out = tmp_path / f"out.{form}"
    done = run(
        "estimate",
        "--population",
        population(tmp_path, BOTH),
        "--place",
        "=Mill|brook<b>",
        "--base",
        tmp_path,
        "--format",
        form,
        "-o",
        out,
    )
    assert done.returncode == 0, done.stderr
    if form == "xlsx":
        from openpyxl import load_workbook

        book = load_workbook(out)
        assert book.sheetnames == ["table", "footnotes"]
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert {cell.data_type for cell in cells} <= {"s", "n"}
        text = " ".join(str(cell.value) for cell in cells)
        assert 450 in [cell.value for cell in cells]
    else:
        text = out.read_text(encoding="utf-8")
    for words in ("girls-able", "if the rate for England applied", "Swimming in Millbrook", "precision unknown"):
        assert words in text
    assert "moderate" in text
    if form == "html":
        assert "<b>" not in text
        assert "<script" not in text
        assert "http://" not in text
    if form == "markdown":
        assert r"Mill\|brook\<b\>" in text
    if form == "json":
        assert json.loads(text)["rows"][0]["expected"] == 450


def test_text_that_a_spreadsheet_would_compute_stays_text(tmp_path, run):
    from openpyxl import load_workbook

    write_base(tmp_path)
    file = population(tmp_path, BOTH)
    arguments = (
        "estimate",
        "--population",
        file,
        "--place",
        "Millbrook",
        "--base",
        tmp_path,
        "--measure",
        "able-to-swim",
    )
    add = ("--override", "=2+5+cmd|' /C calc'!A0")
    swimmers = population(tmp_path, "group,count\nswimmers,20\n")
    write_base(tmp_path, changed(add={FINDINGS: finding("all", group="children")}))
    xlsx, plain = tmp_path / "o.xlsx", tmp_path / "o.csv"
    for out in (xlsx, plain):
        assert run(*arguments[:2], swimmers, *arguments[3:], *add, "-o", out).returncode == 0
    cells = [cell for row in load_workbook(xlsx)["table"].iter_rows() for cell in row]
    assert [cell.data_type for cell in cells if str(cell.value).startswith("=2")] == ["s", "s"]
    rows = list(csv.DictReader(plain.read_text(encoding="utf-8").splitlines()))
    assert rows[0]["override"].startswith("'=2+5")


@pytest.mark.parametrize(
    "text",
    ["group,count\ngrils,10\n", "group,count\ngirls,-1\n", "group,count,unit\ngirls,1,households\n", "group\ngirls\n"],
)
def test_a_faulty_file_ends_with_1_and_leaves_no_output(tmp_path, run, text):
    write_base(tmp_path)
    out = tmp_path / "out.csv"
    done = run(
        "estimate", "--population", population(tmp_path, text), "--place", "Millbrook", "--base", tmp_path, "-o", out
    )
    assert (done.returncode, done.stdout, out.exists()) == (1, "", False)
    assert "mend:" in done.stderr
    assert "Traceback" not in done.stderr


def test_misuse_ends_with_2(tmp_path, run):
    write_base(tmp_path)
    file = population(tmp_path, BOTH)
    for arguments in (
        ["--population", file],
        ["--place", "Millbrook"],
        ["--template", "--place", "Millbrook"],
        ["--population", file, "--place", "Millbrook", "--format", "xlsx"],
    ):
        assert run("estimate", "--base", tmp_path, *arguments).returncode == 2, arguments


def test_the_shipped_base_gives_a_table_for_a_new_place_from_ages_alone(tmp_path):
    base, _ = load(SHIPPED)
    text = "group,count,period\n16-24,4100,2023\n25-34,4300,2023\n35-49,6900,2023\n50-64,8900,2023\n65-74,5200,2023\n75+,5100,2023\n"
    table = estimate_local(base, population(tmp_path, text), "Rutland")
    assert [row.expected for row in table.rows] == [316, 335, 393, 454, 140, 153]
    assert table.total.expected == Decimal(1792)  # before rounding; the rows as shown add up to one less
    assert {row.source_strength for row in table.rows} == {"strong"}
    assert {row.applicability for row in table.rows} == {"moderate"}
    assert all("if the rate for England applied" in row.statement for row in table.rows)


def test_the_uploaders_bad_tables_are_all_refused_with_a_line(tmp_path):
    folder = SHARED / "data/tables/bad-csv"
    if not folder.is_dir():
        pytest.skip("needs ../shared/data/tables/bad-csv")
    base, _ = load(write_base(tmp_path))
    files = sorted(folder.glob("*.csv"))
    assert files
    for file in files:
        with pytest.raises(EvidenceError) as caught:
            estimate_local(base, file, "Millbrook", "able-to-swim")
        assert f"{file.name}:" in caught.value.message


def test_a_real_table_with_other_columns_says_which_are_missing(tmp_path):
    file = SHARED / "data/tables/england_cls_loneliness_2020.csv"
    if not file.is_file():
        pytest.skip("needs ../shared/data/tables")
    base, _ = load(write_base(tmp_path))
    with pytest.raises(EvidenceError, match="no column 'group' and 'count'; the heading is 'lsoa21_code', 'perc'"):
        estimate_local(base, file, "Millbrook", "able-to-swim")


def test_a_place_that_leaves_out_others_says_so(tmp_path):
    table = estimated(
        tmp_path,
        BOTH,
        (
            PLACES,
            "type: town, broader: [england]}\n- {id: ashford",
            "type: town, broader: [england], excludes: [ashford]}\n- {id: ashford",
        ),
    )
    assert "Millbrook here leaves out Ashford." in table.notes
