"""What local estimates, pooling and comparing promise at their edges, held through their commands."""

from __future__ import annotations

import pytest

from bases import FINDINGS, GROUPS, STUDIES, changed, extracted, write_base
from commands import accept, evidence

SURVEY = "  label: Swimming Survey 2019\n"
WITHDRAWN = "retracted: {kind: retracted, reason: the answers were invented}"


def figure(key, **fields):
    """A finding as a user writes it; a field that is None is left out."""
    given = {
        "statistic": "prevalence", "measure": "able-to-swim", "group": "girls", "place": "england", "period": '"2019"',
        "value": "46.0", "n": "300", "study": "swim-survey-2019",
    } | fields  # fmt: skip
    lines = [f"- id: {key}", *(f"  {name}: {value}" for name, value in given.items() if value is not None)]
    return "\n".join([*lines, '  anchors: [{document: millbrook-2020, fragment: "45.0% of girls"}]', ""])


def study(key, more=""):
    return f"- {{key: {key}, label: Survey {key}, strength: weak{more}}}\n"


def estimate(folder, people, files=None):
    """`evidence estimate` of those able to swim, for people in Millbrook."""
    base = write_base(folder / "base", files)
    table = folder / "people.csv"
    table.write_text(people, encoding="utf-8")
    options = ("--population", table, "--place", "Millbrook", "--measure", "able-to-swim", "--format", "json")
    return evidence("estimate", "--base", base, *options)


def chosen(folder, files, people="group,count,period\ngirls,1000,2019\n"):
    """The finding whose rate is used for girls, and why each other was not."""
    (row,) = estimate(folder, people, files).json["rows"]
    return row["source"]["finding"], {each["id"]: each["reason"] for each in row["rejected"]}


def pooled(folder, files, *options):
    base = write_base(folder, files)
    return evidence("pool", "--base", base, "--measure", "able-to-swim", "--format", "json", *options)


# --- applicability


@pytest.mark.parametrize(
    ("counted", "rules", "level"),
    [
        ("2019", [], "moderate"),
        ("2024", [], "moderate"),
        ("2014", [], "moderate"),
        ("2025", ["older-than-5-years"], "low"),
        ("2013", ["older-than-5-years"], "low"),
        ("2029", ["older-than-5-years"], "low"),
        ("2009", ["older-than-5-years"], "low"),
        ("2030", ["older-than-5-years", "older-than-10-years"], "very low"),
        ("2008", ["older-than-5-years", "older-than-10-years"], "very low"),
    ],
)
def test_data_lower_applicability_from_six_years_and_again_from_eleven(tmp_path, counted, rules, level):
    (row,) = estimate(tmp_path, f"group,count,period\ngirls,1000,{counted}\n").json["rows"]
    # England's rate is carried to Millbrook, which is a step in every one of these.
    assert [each["rule"] for each in row["lowered"]] == ["broader-place", *rules]
    assert row["applicability"] == level


# --- which rate is used


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (SURVEY, f"{SURVEY}  {WITHDRAWN}\n", "its study was retracted or corrected"),
        ("- key: millbrook-2020", f"- key: millbrook-2020\n  {WITHDRAWN}", "its document was retracted or corrected"),
    ],
)
def test_a_rate_of_a_retracted_source_is_never_applied(tmp_path, old, new, reason):
    people = "group,count,period\ngirls,1000,2019\n"
    assert estimate(tmp_path / "a", people).code == 0
    file = STUDIES if old == SURVEY else "evidence/documents.yml"
    # Another source has a rate too: what is retracted must lose to it, however well it fits.
    other = figure("other-rate", study="millbrook-register", value="30", place="england", period='"2010"')
    other = other.replace("document: millbrook-2020", "document: other-2010")
    document = "- key: other-2010\n  renditions: []\n"
    files = changed((file, old, new), add={FINDINGS: other, "evidence/documents.yml": document})
    used, rejected = chosen(tmp_path / "b", files)
    assert (used, rejected) == ("other-rate", {"girls-able": reason})


def test_a_superseded_rate_is_never_applied(tmp_path):
    newer = figure("girls-mended", value="46.0", period='"2010"', links="[{type: supersedes, to: girls-able}]")
    files = changed(add={FINDINGS: newer})
    people = tmp_path / "people.csv"
    people.write_text("group,count,period\ngirls,1000,2019\n", encoding="utf-8")
    base = write_base(tmp_path / "base", extracted(files))

    def used():
        options = ("--population", people, "--place", "Millbrook", "--measure", "able-to-swim", "--format", "json")
        (row,) = evidence("estimate", "--base", base, *options).json["rows"]
        return row["source"]["finding"], row["rejected"][0]["reason"]

    assert used() == ("girls-able", "the chosen rate is nearer in time")  # an unreviewed link replaces nothing
    accept(base, {"girls-able": "value=45.0 n=400"})
    assert used() == ("girls-mended", "the record is superseded")


@pytest.mark.parametrize(
    ("first", "second", "best"),
    [("weak", "moderate", "b-rate"), ("moderate", "strong", "b-rate"), ("moderate", "weak", "a-rate")],
)
def test_of_two_rates_that_fit_alike_the_stronger_source_gives_it(tmp_path, first, second, best):
    studies = f"- {{key: a, label: A, strength: {first}}}\n- {{key: b, label: B, strength: {second}}}\n"
    rates = figure("a-rate", study="a") + figure("b-rate", study="b")
    files = changed((FINDINGS, 'period: "2019"', 'period: "2009"'), add={STUDIES: studies, FINDINGS: rates})
    used, rejected = chosen(tmp_path, files)
    assert used == best
    other = {"a-rate": "b-rate", "b-rate": "a-rate"}[best]
    assert rejected[other] == "the chosen rate is of a stronger source"


@pytest.mark.parametrize(("qualifier", "lead"), [(None, "450 girls"), ("about", "about 450 girls")])
def test_an_estimate_from_a_rate_that_is_not_exact_says_about(tmp_path, qualifier, lead):
    files = changed((FINDINGS, "  value: 45.0\n", f"  value: 45.0\n  qualifiers: [{qualifier or ''}]\n"))
    (row,) = estimate(tmp_path, "group,count,period\ngirls,1000,2019\n", files).json["rows"]
    assert row["statement"].startswith(lead)


# --- totals


@pytest.mark.parametrize(("ages", "expected"), [((5, 9, 10, 15), 900), ((5, 10, 10, 15), None)])
def test_age_bands_that_share_a_year_are_not_added_up(tmp_path, ages, expected):
    groups = (
        f"- {{id: younger, label: younger children, is: {{age: {ages[0]}-{ages[1]}}}}}\n"
        f"- {{id: older, label: older children, is: {{age: {ages[2]}-{ages[3]}}}}}\n"
    )
    rates = figure("younger-able", group="younger", value="45") + figure("older-able", group="older", value="45")
    files = changed(add={GROUPS: groups, FINDINGS: rates})
    total = estimate(tmp_path, "group,count,period\nyounger,1000,2019\nolder,1000,2019\n", files).json["total"]
    assert total["expected"] == expected
    assert ("may share people" in total["text"]) is (expected is None)


@pytest.mark.parametrize(
    ("first", "second", "known"),
    [
        ("{lower: 42, upper: 48, confidence: 95}", "{lower: 36, upper: 40, confidence: 95}", True),
        ("{lower: 42, upper: 48, confidence: 95}", "{lower: 36, upper: 40, confidence: 90}", False),
        ("{lower: 42, upper: 48, confidence: 95}", "null", False),
    ],
)
def test_a_total_has_limits_where_its_rows_have_them_at_one_confidence(tmp_path, first, second, known):
    files = changed((FINDINGS, "n: 400", f"interval: {first}"), (FINDINGS, "n: 500", f"interval: {second}"))
    total = estimate(tmp_path, "group,count,period\ngirls,1000,2019\nboys,1000,2019\n", files).json["total"]
    assert total["expected"] == 830
    # The distances from 450 and 380 are 30 and 20 on either side; their squares add up to 36.06 squared.
    assert (total["lower"], total["upper"]) == ((794, 866) if known else (None, None))


def test_a_total_of_rows_with_one_rate_has_no_limits(tmp_path):
    halves = "".join(
        f"- {{id: {key}, label: {key} children, is: {{age: {low}-{high}}}, broader: [children]}}\n"
        for key, low, high in (("younger", 5, 9), ("older", 10, 15))
    )
    rate = figure("children-able", group="children", value="40", interval="{lower: 38, upper: 42, confidence: 95}")
    base = write_base(tmp_path / "base", changed(add={GROUPS: halves, FINDINGS: rate}))
    people = tmp_path / "people.csv"
    people.write_text("group,count,period\nyounger,1000,2019\nolder,1000,2019\n", encoding="utf-8")
    options = ("--place", "Millbrook", "--measure", "able-to-swim", "--override", "no other rate", "--format", "json")
    made = evidence("estimate", "--base", base, "--population", people, *options).json
    assert {row["source"]["finding"] for row in made["rows"]} == {"children-able"}
    assert {row["lower"] for row in made["rows"]} == {380}
    # The errors of one rate go the same way in both rows; limits as if they did not would be too narrow.
    assert (made["total"]["expected"], made["total"]["lower"], made["total"]["upper"]) == (800, None, None)


@pytest.mark.parametrize(
    ("as_at", "rules"),
    [("2024-01-31", []), ("2025-01-31", ["older-than-5-years"]), ("2030-01-31", ["older-than-5-years", "older-than-10-years"])],
)  # fmt: skip
def test_a_count_without_a_period_is_of_the_day_of_the_base(tmp_path, as_at, rules):
    files = changed(("metadata.yml", "{format: 2,", f"{{format: 2, as_at: {as_at},"))
    (row,) = estimate(tmp_path, "group,count\ngirls,1000\n", files).json["rows"]
    assert [each["rule"] for each in row["lowered"]] == ["broader-place", *rules]


def test_a_table_says_when_its_rates_were_not_reviewed(tmp_path):
    made = estimate(tmp_path, "group,count,period\ngirls,1000,2019\n", extracted(changed()))
    assert any("not reviewed" in note for note in made.json["notes"])
    base = tmp_path / "base"
    accept(base, {"girls-able": "value=45.0 n=400"})
    options = ("--population", tmp_path / "people.csv", "--place", "Millbrook", "--measure", "able-to-swim")
    after = evidence("estimate", "--base", base, *options, "--format", "json").json
    assert after["rows"][0]["source"]["reviewed"] is True
    assert not any("not reviewed" in note for note in after["notes"])


# --- pooling


def two_surveys(first=None, second=None, *, one="", other=""):
    rates = figure("a-rate", study="a", **(first or {})) + figure("b-rate", study="b", **(second or {}))
    kept = (FINDINGS, "measure: able-to-swim", "measure: swims-weekly")
    return changed(kept, add={STUDIES: study("a", one) + study("b", other), FINDINGS: rates})


def left_out(done):
    """Why what was left out was, by id: of a pooling that went through, or of one for want of findings."""
    if done.code == 0:
        return {each["id"]: each["reason"] for each in done.json["left_out"]}
    lines = [line.strip() for line in done.err.splitlines() if ": left out, " in line]
    return dict(line.split(": left out, ") for line in lines)


def test_two_independent_surveys_are_pooled(tmp_path):
    done = pooled(tmp_path, two_surveys())
    assert (done.code, done.json["k"]) == (0, 2)
    assert left_out(done) == {}


@pytest.mark.parametrize(
    ("files", "key", "reason"),
    [
        (two_surveys(other=f", {WITHDRAWN}"), "b-rate", "its study was retracted or corrected"),
        (two_surveys({"qualifiers": "[over]"}), "a-rate", "the figure is not exact (over)"),
        (two_surveys({"statistic": "risk-ratio"}), "a-rate", "a risk-ratio, no percent of people"),
        (
            two_surveys({"n": "400"}, {"links": "[{type: supersedes, to: a-rate}]"}),
            "b-rate",
            "its sample overlaps that of a-rate, which is pooled: this base records b-rate as superseding a-rate",
        ),
        (
            two_surveys({"n": "400"}, {"n": "100"}, other=", supersedes: a"),
            "a-rate",  # the older edition, although more people were asked for it
            "its sample overlaps that of b-rate, which is pooled: the study b supersedes a",
        ),
    ],
)
def test_what_may_not_be_pooled_is_left_out_with_the_reason(tmp_path, files, key, reason):
    done = pooled(tmp_path, files)
    assert done.code == 1  # one survey alone cannot be pooled
    assert left_out(done)[key] == reason


def test_a_superseded_record_is_not_pooled(tmp_path):
    files = two_surveys()
    files[FINDINGS] += figure("c-rate", study="c", links="[{type: supersedes, to: b-rate}]", value="47.0")
    files[STUDIES] += study("c")
    files[STUDIES] = files[STUDIES].replace("{key: b,", "{key: b, extracted_by: reader-a,")
    base = write_base(tmp_path, extracted(files))
    accept(base, {"b-rate": "value=46.0 n=300", "b": ""})
    done = evidence("pool", "--base", base, "--measure", "able-to-swim", "--format", "json")
    assert {each["id"] for each in done.json["studies"]} == {"a-rate", "c-rate"}
    assert left_out(done) == {"b-rate": "the record is superseded"}


@pytest.mark.parametrize(
    ("weighted", "effective"), [("weighted: true", True), ("weighted: null", True), ("weighted: false", False)]
)
def test_a_published_interval_gives_the_size_unless_the_sample_is_simple(tmp_path, weighted, effective):
    name, value = weighted.split(": ")
    files = two_surveys(
        {name: value, "n": "1000", "value": "50.0", "interval": "{lower: 40.0, upper: 60.0, confidence: 95}"}
    )
    first, _ = pooled(tmp_path, files).json["studies"]
    # Ten points on either side of a half is what 93 people drawn at random would give on the logit scale.
    assert (first["study"], round(first["n"])) == ("Survey a", 93 if effective else 1000)


# --- comparing


@pytest.mark.parametrize(
    ("group", "apart"),
    [
        ("{id: others, label: adults in work, is: {age: 16+}}", True),
        ("{id: others, label: grown girls, is: {age: 15+, sex: female}}", False),
        ("{id: others, label: homes of the old, universe: households, is: {age: 16+}}", False),
    ],
)
def test_groups_of_one_study_are_apart_only_where_nobody_can_be_in_both(tmp_path, group, apart):
    files = changed(add={GROUPS: f"- {group}\n", FINDINGS: figure("others-able", group="others")})
    done = evidence("compare", "girls-able", "others-able", "--base", write_base(tmp_path, files), "--format", "json")
    assert ("sample" not in {each["aspect"] for each in done.json["reasons"]}) is apart
