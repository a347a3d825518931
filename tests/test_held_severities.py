"""Which problems stop a build and which do not, and where a check begins and ends, held through `evidence check`."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bases import (
    CLAIMS,
    CONCLUSIONS,
    DOCUMENT,
    FINDINGS,
    GROUPS,
    INDICATORS,
    LOADER,
    MEASURES,
    PLACES,
    SOURCES,
    STUDIES,
    TABLE,
    changed,
    extracted,
    write_base,
)
from commands import accept, checked, codes, evidence
from test_held_database import filled

RUBRIC = """\
name: the house rules
definitions: {strong: large, moderate: large for a charity, weak: the rest}
large_from: 1000
rules:
  - {when: {}, strength: weak, reason: all are weak}
"""
WEEKLY = """\
- id: {key}
  statistic: prevalence
  measure: swims-weekly
  group: girls
  place: england
  period: "2019"
  value: {value}
  anchors: [{{document: millbrook-2020, fragment: "{value}% in {key}"}}]
"""
OWN_INTERVAL = "n: 400\n  interval: {{lower: {}, upper: {}}}"


def found(folder, files, family):
    return codes(write_base(folder, files), family)


def replaced(file, old, new, files=None):
    """A base with one thing replaced in one file."""
    files = dict(files or changed())
    assert old in files[file], f"{old!r} is not in {file}"
    return files | {file: files[file].replace(old, new, 1)}


def printed(*changes):
    """The base with words changed in the document and in the table or its spec alike."""
    files = changed()
    for file, old, new in changes:
        files = replaced(DOCUMENT, old, new, replaced(file, old, new, files))
    return files


# --- ids that name nothing


def test_a_base_in_which_every_field_is_filled_names_nothing_unknown(tmp_path):
    write_base(tmp_path, filled())
    assert [each for each in codes(tmp_path) if each[0] == "error"] == []
    assert [each for each in codes(tmp_path, "reference-") if each[1] != "reference-unused"] == []


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "record"),
    [
        (FINDINGS, "measure: swims-weekly", "measure: nothing", "reference-measure", "girls-odds"),
        (FINDINGS, "versus: {group: boys", "versus: {group: nobody", "reference-group", "girls-odds"),
        (FINDINGS, "study: pool-poll-2020", "study: nobody", "reference-study", "girls-odds"),
        (FINDINGS, "to: boys-weekly", "to: nothing", "reference-record", "girls-weekly"),
        (FINDINGS, 'millbrook-2020, fragment: "9%', 'nothing, fragment: "9%', "reference-document", "girls-weekly"),
        (CLAIMS, "versus: {group: girls", "versus: {group: nobody", "reference-group", "boys-alike"),
        (CLAIMS, "place: england", "place: nowhere", "reference-place", "girls-more-often"),
        (CLAIMS, "findings: [girls-able", "findings: [nothing", "reference-record", "girls-more-often"),
        (CONCLUSIONS, "supports: [girls-more-often]", "supports: [nothing]", "reference-record", "girls-ahead"),
        (CONCLUSIONS, "disputes: [boys-alike", "disputes: [nothing", "reference-record", "girls-ahead"),
        (INDICATORS, "finding: girls-able", "finding: nothing", "reference-record", "watch-girls"),
        (STUDIES, "ages: 5-15, place: england, setting", "ages: 5-15, place: no, setting", "reference-place", "pool-poll-2020"),
        (STUDIES, "universe: {place: millbrook}", "universe: {group: nobody}", "reference-group", "millbrook-register"),
        ("evidence/estimates/more.yml", "finding: girls-able", "finding: nothing", "reference-record", "own-estimate"),
        ("evidence/estimates/more.yml", "population: club-girls", "population: none", "reference-record", "own-estimate"),
        ("evidence/responses/millbrook.yml", "groups: [girls]", "groups: [nobody]", "reference-group", "splash-club"),
        ("evidence/responses/millbrook.yml", "rests_on: [girls-ahead]", "rests_on: [none]", "reference-record", "splash-club"),
        ("evidence/responses/millbrook.yml", "findings: [girls-weekly]", "findings: [no]", "reference-record", "splash-club"),
        (LOADER, 'parts: "millbrook-{sex}"', 'parts: "no-{sex}"', "reference-record", "millbrook-children"),
    ],
)  # fmt: skip
def test_a_name_of_nothing_is_an_error_in_every_field(tmp_path, file, old, new, code, record):
    assert ("error", code, record) in found(tmp_path, replaced(file, old, new, filled()), "reference-")


@pytest.mark.parametrize(
    ("file", "old", "new", "item"),
    [
        (GROUPS, "broader: [children]", "broader: [nobody]", "girls"),
        (PLACES, "broader: [england]", "broader: [england], excludes: [nowhere]", "millbrook"),
        (MEASURES, "complement_of: unable-to-swim", "complement_of: nothing", "able-to-swim"),
        (MEASURES, "construct: swimming, unit: percent, words", "construct: swimming, comparable_with: [no], unit: percent, words", "swims-weekly"),
    ],
)  # fmt: skip
def test_a_name_of_nothing_in_the_vocabulary_is_an_error(tmp_path, file, old, new, item):
    assert found(tmp_path, replaced(file, old, new), "reference-") == [("error", "reference-vocabulary", item)]


def test_what_nobody_uses_is_a_warning(tmp_path):
    entry = "@report{dry-2011, author = {{Dry}}, title = {Dry}, institution = {Dry}, type = {Report}, year = {2011}}\n"
    for name, file, text in (
        ("document", "evidence/documents.yml", "- {key: dry-2011, renditions: []}\n"),
        ("study", STUDIES, "- {key: dry-2011, strength: weak}\n"),
    ):
        files = changed(add={file: text, SOURCES: entry})
        assert found(tmp_path / name, files, "reference-") == [("warning", "reference-unused", "dry-2011")]
        assert found(tmp_path / f"{name} without entry", changed(add={file: text}), "reference-source") == [
            ("error", "reference-source", "dry-2011")
        ]


# --- strength


@pytest.mark.parametrize("field", ["conductor", "commissioner", "funder", "sampling", "size"])
def test_every_judgement_says_what_it_rests_on(tmp_path, field):
    value = {"sampling": "random", "size": "large"}.get(field, "Pool House")
    for name, more, expected in (
        ("none", "", [("error", "strength-basis", "millbrook-register")]),
        ("given", ", basis: publication", []),
        ("document", ", basis: document", [("warning", "strength-passage", "millbrook-register")]),
    ):
        files = replaced(STUDIES, "universe: {place: millbrook}", f"{field}: {{value: {value}{more}}}")
        assert found(tmp_path / name, files, "strength-") == expected


@pytest.mark.parametrize(
    ("stated", "alternative", "expected"),
    [
        ("weak", "strong", []),
        ("weak", "weak", [("error", "strength-alternative", "millbrook-register")]),
        ("strong", "moderate", [("error", "strength-mismatch", "millbrook-register")]),
    ],
)
def test_the_stated_strength_and_its_alternative_are_held_to_the_rubric(tmp_path, stated, alternative, expected):
    debatable = f"strength: {stated}\n  debatable: {{alternative: {alternative}, because: it is a register}}"
    files = replaced(STUDIES, "universe: {place: millbrook}\n  strength: weak", debatable)
    assert found(tmp_path, files | {"schema/strength.yml": RUBRIC}, "strength-") == expected


# --- intervals


@pytest.mark.parametrize(
    ("lower", "upper", "expected"),
    [
        ("45.0", "48.0", []),
        ("42.0", "45.0", []),
        ("45.0", "45.0", []),
        ("45.1", "48.0", [("error", "interval-outside", "girls-able")]),
        ("42.0", "44.9", [("error", "interval-outside", "girls-able")]),
        ("46.0", "45.9", [("error", "interval-order", "girls-able")]),
    ],
)
def test_a_value_may_stand_on_the_limit_of_its_interval(tmp_path, lower, upper, expected):
    files = replaced(FINDINGS, "n: 400", OWN_INTERVAL.format(lower, upper))
    assert found(tmp_path, files, "interval-o") == expected


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("Wilson", [("warning", "interval-weighted", "girls-able")]),
        ("Wilson, effective n", []),
        ("Wilson with the design effect", []),
        ("Wilson, weighted", []),
        ("logit", []),
    ],
)
def test_a_wilson_interval_of_a_weighted_figure_says_how_it_was_weighted(tmp_path, method, expected):
    interval = f"n: 400\n  weighted: true\n  interval: {{lower: 42.0, upper: 48.0, method: '{method}'}}"
    assert found(tmp_path, replaced(FINDINGS, "n: 400", interval), "interval-weighted") == expected


# --- figures side by side


@pytest.mark.parametrize(
    ("direction", "girls", "boys", "expected"),
    [
        ("higher", "38.1", "38.0", []),
        ("higher", "38.0", "38.0", [("warning", "conflict-not-borne-out", "girls-more-often")]),
        ("lower", "37.9", "38.0", []),
        ("lower", "38.0", "38.0", [("warning", "conflict-not-borne-out", "girls-more-often")]),
    ],
)
def test_two_equal_figures_bear_out_no_direction(tmp_path, direction, girls, boys, expected):
    files = changed(
        (FINDINGS, "value: 45.0", f"value: {girls}"),
        (FINDINGS, "value: 38.0", f"value: {boys}"),
        (CLAIMS, "direction: higher", f"direction: {direction}"),
    )
    assert found(tmp_path, files, "conflict-not-borne-out") == expected


@pytest.mark.parametrize(
    ("lower", "expected"), [("42.0", []), ("42.1", [("warning", "conflict-not-borne-out", "girls-more-often")])]
)
def test_intervals_that_touch_are_not_apart(tmp_path, lower, expected):
    files = changed(
        (CLAIMS, "direction: higher", "direction: no-difference"),
        (FINDINGS, "n: 400", OWN_INTERVAL.format(lower, "48.0")),
        (FINDINGS, "n: 500", "n: 500\n  interval: {lower: 36.0, upper: 42.0}"),
    )
    assert found(tmp_path, files, "conflict-not-borne-out") == expected


@pytest.mark.parametrize(("other", "expected"), [("45.5", []), ("44.5", []), ("45.6", ["b"]), ("44.4", ["b"])])
def test_a_figure_agrees_with_all_that_rounds_to_it(tmp_path, other, expected):
    figures = WEEKLY.format(key="a", value="45") + WEEKLY.format(key="b", value=other)
    files = changed(add={FINDINGS: figures, DOCUMENT: f"\nIt is 45% in a and {other}% in b.\n"})
    wanted = [("warning", "conflict-finding", key) for key in expected]
    assert found(tmp_path, files, "conflict-finding") == wanted


@pytest.mark.parametrize(
    ("review", "expected"),
    [
        (None, ["b"]),
        (("accept", "--value", "45"), ["b"]),
        (("reject", "--note", "of boys"), []),
        (("withdraw", "--note", "of boys"), []),
    ],
)
def test_a_record_that_no_longer_stands_is_in_no_conflict(tmp_path, review, expected):
    figures = WEEKLY.format(key="a", value="45") + WEEKLY.format(key="b", value="47")
    files = changed(add={FINDINGS: figures, DOCUMENT: "\nIt is 45% in a and 47% in b.\n"})
    write_base(tmp_path, extracted(files))
    if review:
        verdict, *more = review
        done = evidence("review", "a", "--base", tmp_path, "--by", "reader-b", "--verdict", verdict, *more)
        assert done.code == 0, done.err
    assert codes(tmp_path, "conflict-finding") == [("warning", "conflict-finding", key) for key in expected]


def test_a_superseded_record_is_in_no_conflict(tmp_path):
    figures = WEEKLY.format(key="a", value="45") + WEEKLY.format(key="b", value="47")
    mended = WEEKLY.format(key="c", value="47").replace("  value:", "  links: [{type: supersedes, to: a}]\n  value:")
    text = "\nIt is 45% in a and 47% in b, or 47% in c.\n"
    write_base(tmp_path, extracted(changed(add={FINDINGS: figures + mended, DOCUMENT: text})))
    assert codes(tmp_path, "conflict-finding") == [("warning", "conflict-finding", "b")]
    accept(tmp_path, {"a": "45"})
    assert codes(tmp_path, "conflict-finding") == []


@pytest.mark.parametrize(("asked", "expected"), [("100", []), ("99", [("note", "published-small-base", "girls-able")])])
def test_fewer_than_a_hundred_asked_is_a_small_base(tmp_path, asked, expected):
    files = changed(
        (DOCUMENT, "asked 400 girls", f"asked {asked} girls"),
        (FINDINGS, "asked 400 girls", f"asked {asked} girls"),
        (FINDINGS, "n: 400", f"n: {asked}"),
    )
    assert found(tmp_path, files, "published-small-base") == expected


@pytest.mark.parametrize(
    ("direction", "significance", "expected"),
    [
        ("higher", "significant", []),
        ("no-difference", "significant", [("warning", "conflict-conclusion", "girls-ahead")]),
        ("no-difference", "not-stated", []),
        ("lower", "not-stated", [("warning", "conflict-conclusion", "girls-ahead")]),
    ],
)
def test_no_difference_is_denied_only_by_one_called_significant(tmp_path, direction, significance, expected):
    files = changed(
        (CONCLUSIONS, "direction: higher", f"direction: {direction}"),
        (CLAIMS, "significance: significant", f"significance: {significance}"),
    )
    assert found(tmp_path, files, "conflict-conclusion") == expected


@pytest.mark.parametrize(
    ("measure", "expected"),
    [("unable-to-swim", []), ("dives", [("warning", "conflict-conclusion", "girls-ahead")])],
)
def test_a_conclusion_on_the_complement_points_the_other_way(tmp_path, measure, expected):
    dives = "- {id: dives, label: Dives, construct: swimming, unit: percent, polarity: positive, phrase: dive}\n"
    files = changed(
        (CONCLUSIONS, "measure: able-to-swim", f"measure: {measure}"),
        (CONCLUSIONS, "direction: higher", "direction: lower"),
        add={MEASURES: dives},
    )
    assert found(tmp_path, files, "conflict-conclusion") == expected


# --- sums and products


@pytest.mark.parametrize(
    ("number", "total", "expected"),
    [("901", "1,129", []), ("902", "1,130", [("note", "published-estimate", "millbrook-able-girls")])],
)
def test_an_estimate_is_off_where_no_rate_that_is_printed_so_could_give_it(tmp_path, number, total, expected):
    # 45.05% of 2,000 is 901, and 45.0% stands for anything below that.
    files = changed(
        (TABLE, "girls,Girls,600,45.0%,270", f'girls,Girls,"2,000",45.0%,{number}'),
        (TABLE, '"1,200",,498', f'"2,600",,"{total}"'),
        (DOCUMENT, "Girls 600 45.0% 270", f"Girls 2,000 45.0% {number}"),
        (DOCUMENT, "Total 1,200 498", f"Total 2,600 {total}"),
    )
    assert found(tmp_path, files, "published-estimate") == expected


@pytest.mark.parametrize(
    ("boys", "expected"), [("650", []), ("649", [("note", "published-total", "millbrook-children")])]
)
def test_a_total_in_round_hundreds_may_be_off_by_fifty(tmp_path, boys, expected):
    files = changed(
        (TABLE, "boys,Boys,600,38.0%,228", f"boys,Boys,{boys},38.0%,247"),
        (TABLE, '"1,200",,498', '"1,300",,517'),
        (DOCUMENT, "Boys 600 38.0% 228", f"Boys {boys} 38.0% 247"),
        (DOCUMENT, "Total 1,200 498", "Total 1,300 517"),
    )
    assert found(tmp_path, files, "published-total") == expected


@pytest.mark.parametrize(
    ("definition", "expected"),
    [("", [("note", "published-two-totals", "counted-again")]), ("  definition: girls at school\n", [])],
)
def test_two_counts_of_one_group_differ_where_they_are_defined_alike(tmp_path, definition, expected):
    again = f"""\
- id: counted-again
  group: girls
  place: millbrook
  period: "2018"
  unit: persons
  value: 620
{definition}  anchors: [{{document: millbrook-2020, fragment: "another 620"}}]
"""
    files = changed(add={"evidence/populations/again.yml": again, DOCUMENT: "\nBy another 620 of them.\n"})
    notes = [
        each
        for each in found(tmp_path, files, "published-two-totals")
        if each[2] in {"counted-again", "millbrook-girls"}
    ]
    assert [(severity, code) for severity, code, _ in notes] == [(severity, code) for severity, code, _ in expected]


def test_what_is_not_true_to_its_document_is_no_fault_of_the_document(tmp_path):
    alone = replaced(CONCLUSIONS, "supports: [girls-more-often]", "supports: []")
    assert found(tmp_path / "true", alone, "published-unsupported") == [
        ("note", "published-unsupported", "girls-ahead")
    ]
    wrong = ', locator: "1"}, {document: millbrook-2020, fragment: "words that are not there"}]'
    half = replaced(CONCLUSIONS, ', locator: "1"}]', wrong, alone)
    assert found(tmp_path / "half", half, "published-unsupported") == []


@pytest.mark.parametrize(
    ("place", "expected"),
    [("Millbrook", []), ("England", []), ("Ashford", [("note", "published-place", "millbrook-able-girls")])],
)
def test_a_heading_may_name_the_place_around_the_number_s(tmp_path, place, expected):
    files = printed((LOADER, "No. able to swim in Millbrook", f"No. able to swim in {place}"))
    assert found(tmp_path, files, "published-place") == expected


# --- past their date, and reviews


@pytest.mark.parametrize(
    ("concluded", "rests_on", "findings", "expected"),
    [
        ("supports: []", "[]", "[]", set()),
        ("disputes: [girls-odds]", "[]", "[]", set()),  # what disputes a conclusion does not carry it
        ("supports: [girls-odds]", "[]", "[]", {"girls-ahead"}),
        ("supports: []", "[]", "[girls-odds]", {"splash-club"}),
        ("supports: [girls-odds]", "[girls-ahead]", "[]", {"girls-ahead", "splash-club"}),
    ],
)
def test_a_retraction_reaches_what_supports_and_what_is_offered(tmp_path, concluded, rests_on, findings, expected):
    response = "evidence/responses/millbrook.yml"
    both = "supports: [girls-more-often]\n  disputes: [boys-alike, girls-weekly]"
    files = replaced(CONCLUSIONS, both, concluded, filled())
    files = replaced(response, "rests_on: [girls-ahead]", f"rests_on: {rests_on}", files)
    files = replaced(response, "findings: [girls-weekly]", f"findings: {findings}", files)
    retracted = "label: Pool Poll 2020\n  retracted: {kind: retracted, reason: made up}"
    files = replaced(STUDIES, "label: Pool Poll 2020", retracted, files)
    reached = {key for severity, _, key in found(tmp_path, files, "stale-retracted") if severity == "error"}
    assert reached == {"pool-poll-2020", "girls-odds", "boys-alike"} | expected


def test_reviews_that_cannot_count_are_errors(tmp_path):
    files = extracted(changed())
    line = (
        "- {{record: {}, by: {}, on: 2021-02-01, verdict: accept, entered: {{value: '{}', n: '{}'}}, digest: {!r}}}\n"
    )
    digest = "0" * 64
    own = line.format("girls-able", "reader-a", "45.0", 400, digest)
    unknown = line.format("never-was", "reader-b", 1, 2, digest)
    files["evidence/reviews/reader-a.yml"] = own
    files["evidence/reviews/reader-b.yml"] = unknown + line.format("boys-able", "reader-b", "38.0", 500, digest)
    write_base(tmp_path, files)
    told = {each for each in codes(tmp_path, "review-", "--select", "review") if each[1] != "review-missing"}
    assert told == {
        ("error", "review-own", "girls-able"),
        ("error", "review-unknown", "never-was"),
        ("error", "review-seal-broken", "boys-able"),
    }


def test_a_rejected_record_is_an_error_until_it_is_read_again(tmp_path):
    write_base(tmp_path, extracted(changed()))
    review = ("review", "girls-able", "--base", tmp_path, "--by")
    assert evidence(*review, "reader-b", "--verdict", "reject", "--note", "of boys").code == 0
    assert ("error", "review-rejected", "girls-able") in codes(tmp_path, "review-", "--select", "review")
    assert evidence(*review, "reader-c", "--value", "value=45.0 n=400").code == 0
    assert "girls-able" not in {key for _, _, key in codes(tmp_path, "review-", "--select", "review")}


def test_a_source_of_next_year_may_be_cited_and_none_of_later(tmp_path):
    this = datetime.now(tz=UTC).year
    for ahead, expected in ((1, []), (2, [("error", "citation-bad-year", "millbrook-2020")])):
        files = replaced(SOURCES, "year = {2020}", f"year = {{{this + ahead}}}")
        assert found(tmp_path / str(ahead), files, "citation-bad-year") == expected


def test_strict_fails_on_a_warning_and_on_no_note(tmp_path):
    more, less = "able to swim more often", "able to swim less often"
    warned = replaced(CLAIMS, "direction: higher", "direction: lower", printed((CLAIMS, more, less)))
    noted = replaced(CONCLUSIONS, "supports: [girls-more-often]", "supports: []")
    for name, files, plain, strict in (("warned", warned, 0, 1), ("noted", noted, 0, 0)):
        folder = write_base(tmp_path / name, files)
        assert checked(folder)
        options = ("--base", folder, "--ignore", "review,conflict-conclusion,interval")
        assert evidence("check", *options).code == plain
        assert evidence("check", "--strict", *options).code == strict
