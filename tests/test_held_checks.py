"""What the checks promise at their boundaries, held through `evidence check` and `evidence stale`.

Each test has a base that is in order and the smallest change that is not.
"""

from __future__ import annotations

import pytest

from bases import (
    CLAIMS,
    DOCUMENT,
    FINDINGS,
    GROUPS,
    INDICATORS,
    MEASURES,
    PLACES,
    SOURCES,
    STUDIES,
    changed,
    write_base,
)
from commands import checked, codes, evidence

NEWER = """\
- key: swim-survey-2021
  label: Swimming Survey 2021
  strength: weak
  supersedes: swim-survey-2019
"""
NEWER_ENTRY = (
    "@report{swim-survey-2021, author = {{Office of Pools}}, title = {Swimming Survey 2021},"
    " institution = {Office of Pools}, type = {Report}, year = {2021}}\n"
)
RUBRIC = """\
name: the house rules
definitions: {strong: large, moderate: large for a charity, weak: the rest}
large_from: 1000
rules:
  - {when: {size: [large]}, strength: strong, reason: large}
  - {when: {}, strength: weak, reason: small}
"""


# --- editions of a study


@pytest.mark.parametrize("how", ["supersedes: swim-survey-2019", "links: [{type: supersedes, to: swim-survey-2019}]"])
def test_an_edition_that_a_newer_one_replaces_is_stale(tmp_path, how):
    newer = NEWER.replace("supersedes: swim-survey-2019", how)
    files = changed(add={STUDIES: newer, SOURCES: NEWER_ENTRY})
    assert codes(write_base(tmp_path / "a", files), "stale-") == [("warning", "stale-superseded", "swim-survey-2019")]
    assert evidence("stale", "--base", tmp_path / "a", "--on", "2021-03-01", "--strict").code == 1
    alone = changed(add={STUDIES: newer.replace(f"  {how}\n", ""), SOURCES: NEWER_ENTRY})
    assert codes(write_base(tmp_path / "b", alone), "stale-") == []
    assert evidence("stale", "--base", tmp_path / "b", "--on", "2021-03-01", "--strict").code == 0


def test_a_study_that_is_only_superseded_is_not_unused(tmp_path):
    older = NEWER.replace("2021", "2017").replace("  supersedes: swim-survey-2019\n", "")
    entries = {STUDIES: older, SOURCES: NEWER_ENTRY.replace("2021", "2017")}
    unused = ("warning", "reference-unused", "swim-survey-2017")
    assert unused in codes(write_base(tmp_path / "alone", changed(add=entries)), "reference-")
    link = (STUDIES, "  label: Swimming Survey 2019", "  label: Swimming Survey 2019\n  supersedes: swim-survey-2017")
    assert codes(write_base(tmp_path / "named", changed(link, add=entries)), "reference-") == []


def test_a_study_supersedes_one_that_is_in_the_base(tmp_path):
    link = (STUDIES, "  label: Swimming Survey 2019", "  label: Swimming Survey 2019\n  supersedes: swim-survey-1919")
    problems = checked(write_base(tmp_path, changed(link)))
    (problem,) = [each for each in problems if each["code"] == "reference-study"]
    assert (problem["severity"], problem["record"]) == ("error", "swim-survey-2019")
    assert problem["message"].startswith("supersedes: swim-survey-1919 ")


@pytest.mark.parametrize(("supersedes", "cause"), [("  supersedes: pool-count\n", "two years"), ("", "two sources")])
def test_two_credits_for_one_figure_are_told_apart_from_two_editions(tmp_path, supersedes, cause):
    study = f"- key: baths-count\n  label: Count of baths\n{supersedes}  strength: weak\n- {{key: pool-count, label: Count of pools, strength: weak}}\n"
    entries = "".join(
        f"@report{{{key}, author = {{{{Office of Pools}}}}, title = {{{key}}}, institution = {{Pools}}, type = {{R}}, year = {{2019}}}}\n"
        for key in ("baths-count", "pool-count")
    )
    figure = """\
- id: girls-weekly
  statistic: prevalence
  measure: swims-weekly
  group: girls
  value: 12
  study: pool-count
  anchors: [{document: millbrook-2020, fragment: "12% swim every week"}]
"""
    claim = """\
- id: girls-weekly-less
  kind: relation
  measure: swims-weekly
  group: girls
  direction: lower
  findings: [girls-weekly]
  study: baths-count
  anchors: [{document: millbrook-2020, fragment: "which is less than before"}]
"""
    text = "\nOf girls, 12% swim every week, which is less than before.\n"
    files = changed(add={STUDIES: study, SOURCES: entries, FINDINGS: figure, CLAIMS: claim, DOCUMENT: text})
    (note,) = [each for each in checked(write_base(tmp_path, files)) if each["code"] == "published-credit"]
    assert note["message"].endswith(f"{cause} for one figure")


LINK = "  links: [{{type: {}, to: {}}}]\n"
ABLE = "- id: girls-able\n"


@pytest.mark.parametrize(
    ("file", "old", "more", "key", "at"),
    [
        (STUDIES, "- key: swim-survey-2019\n", "  supersedes: swim-survey-2019\n", "swim-survey-2019", 2),
        (STUDIES, "- key: swim-survey-2019\n", LINK.format("supersedes", "swim-survey-2019"), "swim-survey-2019", 2),
        (FINDINGS, ABLE, LINK.format("supersedes", "girls-able"), "girls-able", 2),
        (FINDINGS, ABLE, LINK.format("contradicts", "girls-able"), "girls-able", 2),
        (FINDINGS, ABLE, LINK.format("same-sample", "girls-able"), "girls-able", 2),
        (CLAIMS, "- id: girls-more-often\n", "  exposure: girls-more-often\n", "girls-more-often", 2),
    ],
)
def test_no_record_is_linked_to_itself(tmp_path, file, old, more, key, at):
    write_base(tmp_path, changed((file, old, old + more)))
    (problem,) = [each for each in checked(tmp_path) if each["code"] == "reference-itself"]
    assert (problem["severity"], problem["record"], problem["line"]) == ("error", key, at)
    assert problem["message"].endswith(f"{key} names itself")
    assert problem["hint"]
    assert evidence("build", "--base", tmp_path, "--drafts", "-o", tmp_path / "x.db").code == 1
    other = "millbrook-register" if file == STUDIES else "boys-able"
    write_base(tmp_path / "other", changed((file, old, old + more.replace(key, other))))
    assert codes(tmp_path / "other", "reference-itself") == []


def test_what_supersedes_another_is_not_superseded_by_it(tmp_path):
    oldest = (STUDIES, "- key: millbrook-register\n", "- key: millbrook-register\n  supersedes: swim-survey-2021\n")
    middle = (
        STUDIES,
        "- key: swim-survey-2019\n",
        "- key: swim-survey-2019\n" + LINK.format("supersedes", "millbrook-register"),
    )
    newest = {STUDIES: NEWER, SOURCES: NEWER_ENTRY}
    chain = write_base(tmp_path / "chain", changed(middle, add=newest))
    assert codes(chain, "reference-itself") == []
    circle = write_base(tmp_path / "circle", changed(oldest, middle, add=newest))
    found = [each for each in checked(circle) if each["code"] == "reference-itself"]
    inside = ["swim-survey-2019", "millbrook-register", "swim-survey-2021"]
    assert [(each["severity"], each["record"]) for each in found] == [("error", key) for key in inside]
    way = "swim-survey-2019 supersedes millbrook-register, which supersedes swim-survey-2019 by way of swim-survey-2021"
    assert found[0]["message"] == way
    assert evidence("build", "--base", circle, "--drafts", "-o", tmp_path / "x.db").code == 1


def test_two_records_that_supersede_each_other_are_both_at_fault(tmp_path):
    links = [
        (FINDINGS, f"- id: {key}\n", f"- id: {key}\n" + LINK.format("supersedes", other))
        for key, other in (("girls-able", "boys-able"), ("boys-able", "girls-able"))
    ]
    assert codes(write_base(tmp_path / "one", changed(links[0])), "reference-itself") == []
    both = codes(write_base(tmp_path / "both", changed(*links)), "reference-itself")
    assert both == [("error", "reference-itself", key) for key in ("boys-able", "girls-able")]


# --- strength


@pytest.mark.parametrize(("asked", "strength"), [("1000", "strong"), ("999", "weak"), ("1001", "strong")])
def test_a_survey_is_large_from_the_very_number_that_the_rubric_names(tmp_path, asked, strength):
    size = f"  size: {{n: {asked}, basis: publication}}\n"
    for stated in ("strong", "weak"):
        study = ("  universe: {ages: 5-15, place: england}\n  strength: weak", f"{size}  strength: {stated}")
        register = ("  universe: {place: millbrook}\n  strength: weak", "  strength: weak")
        files = changed((STUDIES, *study), (STUDIES, *register), add={"schema/strength.yml": RUBRIC})
        found = codes(write_base(tmp_path / stated, files), "strength-mismatch")
        assert found == ([] if stated == strength else [("error", "strength-mismatch", "swim-survey-2019")])


# --- vocabulary


@pytest.mark.parametrize(
    ("file", "old", "new", "inside"),
    [
        (GROUPS, "label: children aged 5 to 15,", "label: children aged 5 to 15, broader: [girls],", {"children", "girls"}),
        (PLACES, "type: country", "type: country, broader: [millbrook]", {"england", "millbrook"}),
    ],
)  # fmt: skip
def test_what_is_broader_than_itself_by_way_of_another_is_an_error(tmp_path, file, old, new, inside):
    found = codes(write_base(tmp_path, changed((file, old, new))), "reference-vocabulary")
    assert {(severity, record) for severity, _, record in found} >= {("error", key) for key in inside}
    assert evidence("build", "--base", tmp_path, "--drafts", "-o", tmp_path / "x.db").code == 1


def test_a_longer_circle_of_places_is_found_too(tmp_path):
    circle = (
        (PLACES, "type: country", "type: country, broader: [world]"),
        (PLACES, "- {id: ashford", "- {id: world, label: the World, type: world, broader: [millbrook]}\n- {id: ashford"),
    )  # fmt: skip
    found = codes(write_base(tmp_path, changed(*circle)), "reference-vocabulary")
    assert {record for _, _, record in found} >= {"england", "world", "millbrook"}


@pytest.mark.parametrize(
    ("file", "old", "new", "key"),
    [
        (GROUPS, "is: {age: 5-15}}", "is: {age: 5-15}, broader: [children]}", "children"),
        (PLACES, "type: country", "type: country, broader: [england]", "england"),
        (PLACES, "type: country", "type: country, excludes: [england]", "england"),
        (MEASURES, "complement_of: unable-to-swim", "complement_of: able-to-swim", "able-to-swim"),
        (MEASURES, "complement_of: unable-to-swim", "comparable_with: [able-to-swim]", "able-to-swim"),
    ],
)
def test_an_entry_of_the_vocabulary_that_names_itself_is_an_error(tmp_path, file, old, new, key):
    found = codes(write_base(tmp_path, changed((file, old, new))), "reference-vocabulary")
    assert found == [("error", "reference-vocabulary", key)]
    assert evidence("build", "--base", tmp_path, "--drafts", "-o", tmp_path / "x.db").code == 1


def test_a_vocabulary_that_only_goes_up_is_in_order(tmp_path):
    assert codes(write_base(tmp_path), "reference-") == []


# --- what may be suppressed, and what is selected


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("value: 45.0", "value: 46.0", "anchor-figure-absent"),
        ("In England 45.0% of girls", "In England 45.0% of gnomes", "anchor-not-found"),
        ("- id: boys-able", "- id: girls-able", "shape-duplicate-id"),
        ("value: 45.0", "value: 45.0", "review-missing"),
    ],
)
def test_no_record_can_suppress_its_shape_its_anchors_or_its_review(tmp_path, old, new, code):
    def found(folder, more):
        given = changed((FINDINGS, old, new))
        given[FINDINGS] = given[FINDINGS].replace("- id: girls-able\n", f"- id: girls-able\n{more}", 1)
        report = evidence("check", "--base", write_base(folder, given), "--format", "json").json
        return [each["code"] for each in report["problems"] if each["record"] == "girls-able"], report["summary"]

    plain, _ = found(tmp_path / "plain", "")
    told, summary = found(tmp_path / "told", f"  suppress: [{{code: {code}, reason: we know}}]\n")
    assert told.count(code) == plain.count(code) > 0
    assert summary["suppressed"] == 0


def test_a_record_can_suppress_what_is_not_of_those_families(tmp_path):
    files = changed(
        (INDICATORS, "next_release: 2030-06", "next_release: 2020-06"),
        (INDICATORS, "released again in June 2030", "released again in June 2020"),
        (DOCUMENT, "June 2030", "June 2020"),
    )
    assert codes(write_base(tmp_path / "a", files), "stale-") == [("warning", "stale-indicator", "watch-girls")]
    files[INDICATORS] += "  suppress: [{code: stale-indicator, reason: it was cancelled}]\n"
    report = evidence("check", "--base", write_base(tmp_path / "b", files), "--format", "json").json
    assert "stale-indicator" not in {each["code"] for each in report["problems"]}
    assert report["summary"]["suppressed"] == 1


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ("anchor", True),
        ("anchor-", True),
        ("anchor-not", True),
        ("anchor-not-found", True),
        ("anchor-no", False),  # anchor-no-document
        ("stale", False),
        ("anch", None),
        ("anchor-not-f", None),
        ("anchor-not-found-ever", None),
    ],
)
def test_codes_are_selected_and_ignored_by_whole_parts(tmp_path, chosen, found):
    write_base(tmp_path, changed((FINDINGS, "In England 45.0% of girls", "In England 45.0% of gnomes")))

    def told(option):
        done = evidence("check", "--base", tmp_path, "--format", "json", option, chosen)
        if done.code == 2:  # a name that is no code is refused
            return None
        return "anchor-not-found" in {each["code"] for each in done.json["problems"]}

    assert (told("--select"), told("--ignore")) == ((found, not found) if found is not None else (None, None))


# --- years apart


@pytest.mark.parametrize(
    ("period", "found"),
    [
        ("2029", []),
        ("2030", [("warning", "fit-period", "own")]),
        ("2009", []),
        ("2008", [("warning", "fit-period", "own")]),
        ("2029-30", []),  # begins ten years after
        ("2008-09", []),  # ends ten years before
    ],
)
def test_a_rate_may_be_ten_years_from_its_population_and_not_eleven(tmp_path, period, found):
    counted = f"""\
- id: counted
  group: girls
  place: millbrook
  period: "{period}"
  unit: persons
  value: 90
  anchors: [{{document: millbrook-2020, fragment: "a further 90"}}]
"""
    own = "- {id: own, finding: girls-able, population: counted}\n"
    added = {"evidence/populations/counted.yml": counted, "evidence/estimates/own.yml": own}
    files = changed(add={DOCUMENT: "\nThere are a further 90.\n", **added})
    assert codes(write_base(tmp_path, files), "fit-") == found
