"""What a document prints in two ways: found from the records and the document's own words, as notes."""

from __future__ import annotations

import pytest

from bases import (
    CLAIMS,
    CONCLUSIONS,
    DOCUMENT,
    FINDINGS,
    GROUPS,
    LOADER,
    MEASURES,
    PLACES,
    SOURCES,
    STUDIES,
    TABLE,
    changed,
    found,
)
from evidencebase.problems import Severity


def heading(old, new):
    """A change of a printed heading or caption: in the document and in the spec alike."""
    return [(DOCUMENT, old, new), (LOADER, old, new)]


def only(folder, code, files):
    """The one note of a code."""
    (note,) = found(folder, code, files)
    assert note.severity is Severity.NOTE
    return note


def finding(key, value, fragment, *, group="girls", measure="able-to-swim", **more):
    extra = "".join(f"  {name}: {text}\n" for name, text in more.items())
    return (
        f"- id: {key}\n  statistic: prevalence\n  measure: {measure}\n  group: {group}\n  value: {value}\n{extra}"
        f'  anchors: [{{document: millbrook-2020, fragment: "{fragment}"}}]\n'
    )


# --- tables and their labels


def test_a_heading_that_names_another_measure(tmp_path):
    files = changed(*heading("No. able to swim in Millbrook", "No. who swims every week in Millbrook"))
    note = only(tmp_path, "published-label", files)
    assert "says “Swims every week”; the figure is of “Able to swim”: a wrong label" in note.message
    assert "Table 1" in note.message


def test_a_heading_that_turns_the_measure_round(tmp_path):
    files = changed(*heading("No. able to swim in Millbrook", "No. not able to swim in Millbrook"))
    assert "a reversed measure" in only(tmp_path, "published-label", files).message


def test_a_heading_that_says_the_complement_in_words_is_right(tmp_path):
    """ "Not able to swim" over figures of those unable to is no fault."""
    files = changed(
        *heading("% able to swim in England", "% not able to swim in England"),
        *heading("No. able to swim in Millbrook", "No. not able to swim in Millbrook"),
        *heading("Estimated number of children able to swim", "Estimated number of children not able to swim"),
        (FINDINGS, "measure: able-to-swim", "measure: unable-to-swim"),
    )
    assert not found(tmp_path, "published-label", files)


def test_a_caption_that_names_another_measure(tmp_path):
    files = changed(*heading("number of children able to swim", "number of children whose child swims every week"))
    assert "the caption" in only(tmp_path, "published-label", files).message


def test_often_slash_always_is_often_or_always(tmp_path):
    files = changed(
        *heading("% able to swim in England", "% able/ready to swim in England"),
        (MEASURES, "label: Able to swim", "label: Able or ready to swim"),
    )
    notes = found(tmp_path, "published-label", files)
    assert not [note for note in notes if "able/ready" in note.message]


def test_a_local_heading_over_a_rate_that_names_no_place(tmp_path):
    files = changed(
        *heading("% able to swim in England", "% able to swim in Millbrook"), (FINDINGS, "  place: england\n", "")
    )
    note = only(tmp_path, "published-place", files)
    assert "it says Millbrook; the study the rate is credited to, Swimming Survey 2019, covers England" in note.message


def test_a_local_heading_over_a_local_rate_is_right(tmp_path):
    files = changed(
        *heading("% able to swim in England", "% able to swim in Millbrook"),
        (DOCUMENT, "In England 45.0%", "In Millbrook 45.0%"),
        (FINDINGS, "In England 45.0%", "In Millbrook 45.0%"),
        (FINDINGS, "place: england", "place: millbrook"),
    )
    assert not found(tmp_path, "published-place", files)


def test_a_heading_of_one_country_over_a_survey_of_another(tmp_path):
    kingdom = "type: country, broader: [kingdom]}\n- {id: kingdom, label: the Kingdom, type: country}"
    files = changed((PLACES, "type: country}", kingdom), (STUDIES, "place: england", "place: kingdom"))
    assert "covers the Kingdom" in only(tmp_path, "published-place", files).message


def test_a_heading_of_another_town_over_the_numbers(tmp_path):
    files = changed(*heading("Total no. in Millbrook", "Total no. in Ashford"))
    assert "it says Ashford; the number is of Millbrook" in only(tmp_path, "published-place", files).message


def test_a_heading_of_another_year(tmp_path):
    files = changed(*heading("Total no. in Millbrook", "Total no. in Millbrook 2011"))
    assert "names another time than the figure's, 2018" in only(tmp_path, "published-period", files).message


def test_a_caption_of_people_over_households(tmp_path):
    files = changed(
        (LOADER, 'population: "millbrook-{sex}", unit: persons', 'population: "millbrook-{sex}", unit: households'),
        (LOADER, "number: {unit: persons", "number: {unit: households"),
    )
    assert "speaks of children; the figures count households" in only(tmp_path, "published-unit", files).message


def test_a_caption_that_leaves_out_the_youngest_year(tmp_path):
    files = changed(*heading("number of children able to swim", "number of children aged over 5 able to swim"))
    assert "leaves out those aged exactly 5" in only(tmp_path, "published-age", files).message


def test_a_caption_of_that_age_and_over_is_right(tmp_path):
    files = changed(*heading("number of children able to swim", "number of children aged over 4 able to swim"))
    assert not found(tmp_path, "published-age", files)


# --- the same figure in two ways


def test_two_totals_of_the_same_people(tmp_path):
    second = """\
- id: another-total
  measure: able-to-swim
  group: children
  place: millbrook
  period: "2018"
  unit: persons
  total: {parts: [millbrook-able-girls, millbrook-able-boys], published: 520}
  anchors: [{document: millbrook-2020, fragment: "520 by another count"}]
"""
    files = changed(add={"evidence/estimates/second.yml": second, DOCUMENT: "\nOr 520 by another count.\n"})
    note = only(tmp_path, "published-two-totals", files)
    assert "520 (43.3% of 1,200)" in note.message
    assert "498 (41.5% of 1,200)" in note.message
    assert "22 apart" in note.message


SECOND = {
    "evidence/documents.yml": "- {key: ashford-2021, renditions: [{file: ashford.txt, sha256: ASHFORD}]}\n",
    "documents/ashford.txt": "55% of girls cannot swim.\n",
    SOURCES: "@report{ashford-2021, author = {{Ashford}}, title = {Pools}, institution = {Ashford}, type = {R}, year = {2021}}\n",
}


def test_two_documents_that_frame_a_measure_in_opposite_ways(tmp_path):
    from hashlib import sha256

    other = finding("girls-unable", 55, "55% of girls", measure="unable-to-swim", place="ashford")
    files = changed(add=SECOND | {FINDINGS: other.replace("millbrook-2020", "ashford-2021")})
    digest = sha256(files["documents/ashford.txt"].encode()).hexdigest()
    files["evidence/documents.yml"] = files["evidence/documents.yml"].replace("ASHFORD", digest)
    note = only(tmp_path, "published-framing", files)
    assert "a reversed measure; turned round, 55% reads 45%" in note.message


def test_one_document_that_prints_both_sides_is_no_contradiction(tmp_path):
    other = finding("girls-unable", 55, "55% of girls", measure="unable-to-swim")
    assert not found(
        tmp_path, "published-framing", changed(add={FINDINGS: other, DOCUMENT: "\n55% of girls cannot.\n"})
    )


def test_a_figure_credited_to_two_editions(tmp_path):
    edition = "- {key: swim-survey-2018, label: Swimming Survey 2018, strength: weak}\n"
    source = (
        "@report{swim-survey-2018, author = {{Pools}}, title = {S}, institution = {Pools}, type = {R}, year = {2018}}\n"
    )
    files = changed(
        (CLAIMS, "study: swim-survey-2019", "study: swim-survey-2018"), add={STUDIES: edition, SOURCES: source}
    )
    note = only(tmp_path, "published-credit", files)
    assert note.record == "girls-more-often"
    assert "Swimming Survey 2018 and where the figure is first given to Swimming Survey 2019" in note.message
    assert "two years for one figure" in note.message


def test_a_figure_credited_to_another_source(tmp_path):
    files = changed((CLAIMS, "study: swim-survey-2019", "study: millbrook-register"))
    assert "two sources for one figure" in only(tmp_path, "published-credit", files).message


@pytest.mark.parametrize(("credit", "notes"), [("Swimming Survey (2021)", 1), ("Survey 2018/19", 0), ("the survey", 0)])
def test_a_credit_of_another_year(tmp_path, credit, notes):
    more = f'value: 45.0\n  attribution: inferred\n  credited_as: "{credit}"'
    assert len(found(tmp_path, "published-period", changed((FINDINGS, "value: 45.0", more)))) == notes


def test_running_text_that_names_another_table(tmp_path):
    also = """\
also:
  - to: millbrook-able-children
    anchor: {document: millbrook-2020, fragment: "Table 2 shows 498 swimmers", locator: "2"}
"""
    files = changed(add={LOADER: also, DOCUMENT: "\nTable 2 shows 498 swimmers.\n"})
    assert "the text names Table 2; the figure stands in Table 1" in only(tmp_path, "published-table", files).message
    right = changed(add={LOADER: also.replace("Table 2", "Table 1"), DOCUMENT: "\nTable 1 shows 498 swimmers.\n"})
    assert not found(tmp_path / "right", "published-table", right)


def test_a_breakdown_by_one_rate(tmp_path):
    files = changed(
        (LOADER, 'finding: "{sex}-able"', "finding: girls-able"),
        (DOCUMENT, "38.0% 228", "45.0% 270"),
        (TABLE, "38.0%,228", "45.0%,270"),
        (
            LOADER,
            '  - {column: rate, except: [children], to: "{sex}-able"}',
            "  - {column: rate, except: [children], to: girls-able}",
        ),
        (DOCUMENT, "1,200 498", "1,200 540"),
        (TABLE, ",,498", ",,540"),
    )
    note = only(tmp_path, "published-one-rate", files)
    assert "45.0% of girls aged 5 to 15, is put on each of 2 rows" in note.message


def test_a_bound_in_the_text_and_a_number_in_the_table(tmp_path):
    also = """\
also:
  - to: millbrook-able-children
    anchor: {document: millbrook-2020, fragment: "is at least 498", locator: "2"}
"""
    files = changed(add={LOADER: also, DOCUMENT: "\nThe number is at least 498.\n"})
    assert (
        "printed as “at least 498” in 2, and as 498 in Table 1" in only(tmp_path, "published-qualifier", files).message
    )


# --- figures side by side


def test_a_whole_outside_its_parts(tmp_path):
    base = {"place": "england", "period": '"2019"', "study": "swim-survey-2019", "group": "children"}
    for value, notes in ((50, 1), (41, 0), (45, 0)):
        files = changed(
            add={FINDINGS: finding("all-able", value, f"{value}% of them", **base), DOCUMENT: f"\n{value}% of them.\n"}
        )
        assert len(found(tmp_path / str(value), "published-whole", files)) == notes


BANDS = "".join(
    f"- {{id: ages-{low}-{high}, label: ages {low} to {high}, is: {{age: {low}-{high}}}, broader: [children]}}\n"
    for low, high in ((5, 6), (7, 8), (9, 10), (11, 15))
)
TREND = """\
- id: older-children-more-often
  kind: relation
  measure: able-to-swim
  group: children
  direction: higher
  findings: [rate-5-6, rate-7-8, rate-9-10, rate-11-15]
  anchors: [{document: millbrook-2020, fragment: "more often with age"}]
"""


@pytest.mark.parametrize(("values", "notes"), [((20, 30, 28, 60), 1), ((20, 28, 30, 60), 0)])
def test_a_trend_with_an_exception(tmp_path, values, notes):
    names = ("5-6", "7-8", "9-10", "11-15")
    rates = "".join(
        finding(f"rate-{n}", v, f"{v}% in class {n[0]}", group=f"ages-{n}") for n, v in zip(names, values, strict=True)
    )
    text = " ".join(f"{v}% in class {n[0]}." for n, v in zip(names, values, strict=True))
    files = changed(
        add={GROUPS: BANDS, FINDINGS: rates, CLAIMS: TREND, DOCUMENT: f"\n{text} And more often with age.\n"}
    )
    shown = found(tmp_path, "published-trend", files)
    assert len(shown) == notes
    assert all("28% of ages 9 to 10 after 30% of ages 7 to 8" in note.message for note in shown)


def test_a_rate_of_few_people(tmp_path):
    files = changed(
        (FINDINGS, "n: 400", "n: 50"), (FINDINGS, "400 girls", "50 girls"), (DOCUMENT, "400 girls", "50 girls")
    )
    note = only(tmp_path, "published-small-base", files)
    assert "45.0% could be 32 to 59%" in note.message
    assert "local estimates rest on 1 of them" in note.message


def test_a_group_said_to_be_like_the_population_when_other_rates_say_otherwise(tmp_path):
    claim = """\
- id: club-like-others
  kind: relation
  measure: able-to-swim
  group: swimmers
  versus: {group: children}
  direction: no-difference
  findings: [club-able]
  anchors: [{document: millbrook-2020, fragment: "as in the population"}]
"""
    rates = finding("club-able", 90, "90% of 50", group="swimmers", n=50) + finding(
        "all-able", 41, "41% of all", group="children"
    )
    groups = (GROUPS, "condition: in a swimming club,", "is: {age: 5-15}, condition: in a swimming club,")
    files = changed(
        groups, add={FINDINGS: rates, CLAIMS: claim, DOCUMENT: "\n90% of 50, as in the population; 41% of all.\n"}
    )
    assert "41% of children aged 5 to 15 is printed elsewhere" in only(tmp_path, "published-comparison", files).message


def test_a_list_that_leaves_out_what_a_shorter_one_has(tmp_path):
    both = "".join(
        f"- {{id: at-{n}, group: children, measure: able-to-swim, direction: higher, supports: [girls-more-often], stated_in: ["
        f'{{document: millbrook-2020, fragment: "first {n}", locator: Summary}},'
        f'{{document: millbrook-2020, fragment: "again {n}", locator: "4"}}]}}\n'
        for n in "abcde"
    )
    longer = "".join(
        f"- {{id: at-{n}, group: children, measure: able-to-swim, direction: higher, supports: [girls-more-often],"
        f' stated_in: [{{document: millbrook-2020, fragment: "again {n}", locator: "4"}}]}}\n'
        for n in "fg"
    )
    missing = (
        longer.replace("at-f", "at-z").replace("again f", "first z").replace('"4"', "Summary").split("- {id: at-g")[0]
    )
    text = "\n" + " ".join(f"first {n}; again {n}." for n in "abcdefgz") + "\n"
    note = only(tmp_path, "published-list", changed(add={CONCLUSIONS: both + longer + missing, DOCUMENT: text}))
    assert (note.record, "names it in Summary and not in 4" in note.message) == ("at-z", True)


def test_a_conclusion_with_nothing_under_it(tmp_path):
    assert (
        only(tmp_path, "published-unsupported", changed((CONCLUSIONS, "[girls-more-often]", "[]"))).record
        == "girls-ahead"
    )


def test_significance_without_anything_to_compare_with(tmp_path):
    files = changed((CLAIMS, "  versus: {group: boys}\n", ""), (CLAIMS, "[girls-able, boys-able]", "[girls-able]"))
    assert "calls one difference significant" in only(tmp_path, "published-significance", files).message
