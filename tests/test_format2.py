"""What a record can hold in format 2, how it is held to itself, and the sentence that is made of it."""

from __future__ import annotations

import json
from typing import get_args

import pytest
from pydantic import ValidationError

from evidencebase.citing.statements import statement
from evidencebase.loading import in_order, load
from evidencebase.model.anchors import Anchor
from evidencebase.model.ledger import Review
from evidencebase.model.periods import shown, years
from evidencebase.model.records import Body, Claim, Finding
from evidencebase.model.statistics import STATISTICS, Statistic
from evidencebase.model.vocabulary import Group
from evidencebase.rules.bodies import members

FINDINGS = "evidence/findings/northshire-report.yml"
CLAIMS = "evidence/claims/northshire-report.yml"
REPORT = "documents/northshire-report.txt"
ANCHOR = {"document": "northshire-report", "fragment": "7 of them"}
FINDING = {"id": "f", "statistic": "prevalence", "measure": "m", "value": 7, "anchors": [ANCHOR]}
CLAIM = {"id": "c", "kind": "relation", "measure": "m", "group": "g", "direction": "higher", "anchors": [ANCHOR]}
UNITS = """
- {id: percent, label: percent, words: ["%"], dimension: proportion}
- {id: persons, label: persons, dimension: count}
- {id: times, label: times, words: [times], dimension: ratio}
- {id: per-100000, label: "per 100,000", words: ["per 100,000"], dimension: rate}
"""


# Fields


@pytest.mark.parametrize(
    "wrong",
    [
        {"suppressed": "<5"},
        {"statistic": "cost"},
        {"statistic": None},
        {"unread": ["statistic"]},
        {"versus": {}},
        {"p": {"value": 1, "relation": "about"}},
        {"qualifier": "about"},
        {"inferred": {"Group": "a reason"}},
        {"standardised": "yes"},
    ],
)
def test_a_finding_that_says_two_things_or_none_is_refused(wrong):
    Finding.model_validate(FINDING)
    with pytest.raises(ValidationError):
        Finding.model_validate(FINDING | wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "definition"},
        {"kind": "direction"},
        {"direction": None},
        {"group": None},
        {"than": "g"},
        {"link": "linked", "unread": ["link"]},
        {"modality": "certain"},
    ],
)
def test_a_claim_says_what_its_kind_needs(wrong):
    Claim.model_validate(CLAIM)
    with pytest.raises(ValidationError):
        Claim.model_validate(CLAIM | wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"document": "d"},
        {"document": "d", "page": 1, "box": [1, 2, 3, 4]},
        {"document": "d", "page": 1, "box": [3, 2, 1, 4], "reads": "29"},
        {"document": "d", "page": 0, "box": [1, 2, 3, 4], "reads": "29"},
        {"document": "d", "fragment": "a", "page": 1, "box": [1, 2, 3, 4], "reads": "29"},
        {"document": "d", "fragment": "a", "for": []},
        {"document": "d", "fragment": "a", "for": ["place"], "figures": {"value": 1}},
    ],
)
def test_an_anchor_is_one_place_and_carries_figures_or_words(wrong):
    Anchor.model_validate({"document": "d", "page": 1, "box": [1, 2, 3, 4], "reads": "29"})
    with pytest.raises(ValidationError):
        Anchor.model_validate(wrong)


@pytest.mark.parametrize(
    ("written", "kept", "read", "said"),
    [
        (2019, "2019", (2019, 2019), "2019"),
        ("2017/18", "2017-18", (2017, 2018), "2017-18"),
        ("1999/00", "1999-00", (1999, 2000), "1999-00"),
        ({"from": 2017, "to": 2019}, "2017/2019", (2017, 2019), "2017 to 2019"),
        ({"from": "2016-17", "to": "2018/19"}, "2016-17/2018-19", (2016, 2019), "2016-17 to 2018-19"),
        ("mid-2018", "mid-2018", (2018, 2018), "mid-2018"),
    ],
)
def test_a_period_is_kept_compared_and_shown_in_one_form(written, kept, read, said):
    period = Finding.model_validate(FINDING | {"period": written}).period
    assert (period, years(period), shown(period)) == (kept, read, said)


@pytest.mark.parametrize("written", ["2017/19", {"from": 2017}, {"from": 2017, "to": "soon"}, "2017/2018/2019"])
def test_what_is_no_period_is_refused(written):
    with pytest.raises(ValidationError):
        Finding.model_validate(FINDING | {"period": written})


@pytest.mark.parametrize(
    ("age", "bounds"),
    [("16-24", (16, 24)), ("75+", (75, None)), ("under 50", (None, 49)), (10, (10, 10))],
)
def test_ages_of_a_group_are_read_from_what_it_is(age, bounds):
    group = Group.model_validate({"id": "g", "label": "g", "is": {"age": age, "sex": "female"}})
    assert (group.age_min, group.age_max, group.sex) == (*bounds, "female")


@pytest.mark.parametrize("marks", [{"age": "old"}, {"age": ["16-24"]}, {"sex": "women"}, {"sex": ["female"]}])
def test_what_is_no_age_or_sex_is_refused(marks):
    with pytest.raises(ValidationError):
        Group.model_validate({"id": "g", "label": "g", "is": marks})


def test_every_statistic_has_its_meaning_its_units_and_its_needs():
    assert set(STATISTICS) == set(get_args(Statistic))
    assert all(kind.meaning and kind.takes for kind in STATISTICS.values())


# Verdicts


def verdict(**fields):
    return Review.model_validate(
        {"record": "r", "digest": "0" * 64, "by": "reader-b", "on": "2026-01-01", "verdict": "accept"} | fields
    )


def test_the_order_of_verdicts_is_in_what_they_follow_and_not_in_their_lines():
    first = verdict()
    second = verdict(verdict="reject", follows=[first.ident])
    third = verdict(follows=[second.ident], note="again")
    other = verdict(record="s", on="2025-12-31")
    place = None
    for lines in ([first, second, third, other], [third, other, first, second]):
        ordered = in_order({each.ident: (each, place) for each in lines})
        assert [each for each, _ in ordered] == [other, first, second, third]


def test_a_verdict_that_was_carried_says_from_which_digest():
    with pytest.raises(ValidationError):
        verdict(via="migrate")
    assert verdict(via="migrate", was="1" * 64).ident != verdict().ident


# Held to itself


@pytest.fixture
def rich(base):
    """The small base with units, and a document that prints a ratio, a withheld number and a rate."""
    base.write("schema/units.yml", UNITS)
    base.change(REPORT, "The survey", "\n\nNurses were 1.5 times as likely as teachers to sleep badly. Of long-distance drivers <5\nwere hurt; "
                "per 100,000 long-distance drivers about an estimated 247.6 were.\n\nThe survey")  # fmt: skip
    base.rehash()
    base.change(
        "schema/measures.yml",
        "- id: sleeps-badly",
        "- {id: hurt, label: Hurt, construct: harm, unit: persons, phrase: were hurt}\n- id: sleeps-badly",
    )
    return base


def add(base, name: str, text: str) -> None:
    base.write(name, base.read(name).rstrip() + "\n" + text)


RATIO = """- id: nurses-against-teachers
  statistic: risk-ratio
  measure: sleeps-badly
  group: nurses
  value: 1.5
  unit: times
  versus: {group: teachers}
  anchors: [{document: northshire-report, fragment: "Nurses were 1.5 times as likely as teachers"}]
  extracted_by: reader-a
"""
HURT = """- id: drivers-hurt
  statistic: count
  measure: hurt
  group: drivers
  suppressed: "<5"
  anchors: [{document: northshire-report, fragment: "Of long-distance drivers <5 were hurt"}]
  extracted_by: reader-a
"""
RATE = """- id: drivers-hurt-rate
  statistic: rate
  measure: hurt
  group: drivers
  value: 247.6
  unit: per-100000
  qualifiers: [about, estimated]
  anchors: [{document: northshire-report, fragment: "about an estimated 247.6 were"}]
  extracted_by: reader-a
"""


@pytest.mark.parametrize(
    ("text", "old", "new", "code"),
    [
        (RATIO, "  versus: {group: teachers}\n", "", "statistic-versus"),
        (RATIO, "statistic: risk-ratio", "statistic: prevalence", "unit-dimension"),
        (RATIO, "unit: times", "unit: timez", "reference-unit"),
        (RATIO, "{group: teachers}", "{place: nowhere}", "reference-place"),
        (RATIO, "  anchors", "  context: nowhere\n  anchors", "reference-context"),
        (HURT, 'suppressed: "<5"', 'suppressed: "[c]"', "statistic-suppressed"),
        (RATE, "statistic: rate", "unread: [statistic]", "statistic-unread"),
        (RATE, "statistic: rate", "statistic: score", "unit-dimension"),
    ],
)
def test_what_a_figure_is_fits_itself(rich, text, old, new, code):
    add(rich, FINDINGS, text)
    assert rich.codes() == []
    rich.change(FINDINGS, text, text.replace(old, new))
    assert code in rich.codes()


def test_a_percent_is_its_cases_of_its_number_asked(rich):
    text = RATIO.replace("risk-ratio", "prevalence").replace(
        "  unit: times\n  versus: {group: teachers}\n", "  cases: 3\n  n: 200\n"
    )
    text = text.replace('"Nurses were 1.5 times as likely as teachers"}', '"1.5% of nurses (3 of 200)"}')
    rich.change(REPORT, "The survey asked", "Last, 1.5% of nurses (3 of 200) slept badly. The survey asked")
    rich.rehash()
    add(rich, FINDINGS, text)
    assert rich.codes() == []
    rich.change(REPORT, "(3 of 200)", "(4 of 200)")
    rich.rehash()
    rich.change(FINDINGS, "(3 of 200)", "(4 of 200)")
    rich.change(FINDINGS, "cases: 3", "cases: 4")
    assert rich.codes() == ["arithmetic-cases"]
    rich.change(FINDINGS, "  cases: 4\n", "  cases: 4\n  weighted: true\n")
    assert rich.codes() == []


def test_characteristics_and_levels_are_those_of_the_vocabulary(base):
    base.write(
        "schema/characteristics.yml",
        "- {id: shift, label: shift, dimension: occupation, levels: [{id: night, label: at night}]}\n",
    )
    base.change("schema/groups.yml", "label: nurses}", "label: nurses, is: {shift: night}}")
    assert base.codes() == []
    base.change("schema/groups.yml", "shift: night", "shift: nigth")
    assert base.codes() == ["reference-level"]
    base.change("schema/groups.yml", "shift: nigth", "shifts: night")
    assert base.codes() == ["reference-characteristic"]


CONTEXT = """- id: introduction
  document: northshire-report
  from: "1. Introduction"
  to: "The survey asked"
  gives: {place: northshire}
  anchors: [{document: northshire-report, fragment: "Sleep in Northshire", suffix: "1. Introduction"}]
  extracted_by: reader-a
"""


def test_a_context_holds_what_stands_in_it_and_is_contradicted_by_nothing(base):
    base.write("evidence/contexts.yml", CONTEXT)
    base.change(FINDINGS, "  extracted_by", "  context: introduction\n  extracted_by")
    assert base.codes() == []
    base.change("evidence/contexts.yml", 'to: "The survey asked"', 'to: "Shift Work Survey 2021"')
    assert base.codes() == ["context-span"]
    base.change("evidence/contexts.yml", 'to: "Shift Work Survey 2021"', 'to: "The survey asked"')
    base.change("evidence/contexts.yml", "gives: {place: northshire}", "gives: {group: drivers}")
    assert base.codes() == ["context-disagrees"]


def test_what_nobody_has_read_of_claims_is_one_note_for_each_file(base):
    base.change(CLAIMS, "kind: relation", "kind: relation\n  unread: [link, modality]")
    (note,) = [problem for problem in base.check().problems if problem.code == "claim-unread"]
    assert (str(note.severity), note.path) == ("note", CLAIMS)


# Anchors for words, and pictures


def test_an_anchor_for_words_carries_no_figure_and_contradicts_none(base):
    base.change(FINDINGS, "  extracted_by", "  place: northshire\n  extracted_by") if "place:" not in base.read(
        FINDINGS
    ) else None
    base.change(
        FINDINGS,
        "  anchors:\n",
        '  anchors:\n    - {document: northshire-report, fragment: "teachers. Among", for: [place]}\n',
    )
    assert base.codes() == []
    base.change(FINDINGS, "for: [place]", "shared: false")
    assert "anchor-figure-absent" in base.codes()


def test_a_picture_is_seen_and_never_matched(base, run):
    text = (
        "- id: drawn\n  statistic: prevalence\n  measure: sleeps-badly\n  group: drivers\n  value: 29\n"
        '  anchors: [{document: northshire-report, page: 1, box: [1, 2, 30, 40], reads: "29%"}]\n  extracted_by: reader-a\n'
    )
    add(base, FINDINGS, text)
    done = json.loads(run("check", "--base", base.folder, "--ignore", "review", "--format", "json").stdout)
    counts = done["summary"]["anchors"]["findings"]
    assert done["summary"]["errors"] == 0
    assert counts["seen"] == 1
    assert counts["checked"] == counts["matched"] + counts["seen"]
    base.change(FINDINGS, 'reads: "29%"', 'reads: "92%"')
    assert base.codes() == ["anchor-figure-absent"]


# Sentences


def said(base, key: str) -> str:
    loaded, problems = load(base.folder)
    assert problems == []
    return statement(loaded.by_id[key], loaded)


def test_ratios_rates_and_withheld_numbers_say_what_is_printed(rich):
    add(rich, FINDINGS, RATIO + HURT + RATE)
    assert (
        said(rich, "nurses-against-teachers")
        == "Sleeps badly on most nights: 1.5 times, for nurses, compared with teachers"
    )
    assert said(rich, "drivers-hurt") == "Hurt: suppressed, printed as <5, for long-distance drivers"
    assert said(rich, "drivers-hurt-rate") == "Hurt: about estimated 247.6 per 100,000, for long-distance drivers"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Sleeps badly on most nights: higher among nurses; significance not stated"),
        ({"versus": {"group": "teachers"}}, "Sleeps badly on most nights: higher among nurses than among teachers; significance not stated"),
        ({"versus": {"place": "northshire", "period": 2019}},
         "Sleeps badly on most nights: higher among nurses than in Northshire (2019); significance not stated"),
        ({"direction": "not-printed", "link": "linked", "exposure": "drivers", "modality": "suggested"},
         "Sleeps badly on most nights: linked with long-distance drivers among nurses; significance not stated; suggested, as stated"),
        ({"link": "raises", "exposure": "drivers"},
         "Sleeps badly on most nights: raised by long-distance drivers among nurses; significance not stated"),
        ({"kind": "trend", "versus": {"period": {"from": 2017, "to": 2019}}},
         "Sleeps badly on most nights: rising among nurses, compared with 2017 to 2019; significance not stated"),
        ({"direction": "no-difference", "versus": {"group": "teachers"}},
         "Sleeps badly on most nights: not different among nurses from that of teachers; significance not stated"),
        ({"says": "nurses sleep worse"}, "Nurses sleep worse"),
    ],
)  # fmt: skip
def test_a_claim_is_said_with_its_slots_and_no_other(base, fields, sentence):
    claim = {"id": "c", "kind": "relation", "measure": "sleeps-badly", "group": "nurses", "direction": "higher",
             "anchors": [{"document": "northshire-report", "fragment": "slept badly on most nights, compared with"}],
             "extracted_by": "reader-a"}  # fmt: skip
    base.write(CLAIMS, json.dumps([claim | fields]))
    assert said(base, "c") == sentence


# Bodies


def test_a_body_holds_the_records_that_answer_its_question(base):
    base.change("schema/groups.yml", "label: nurses}", "label: nurses, broader: [shift-workers]}")
    base.write(
        "evidence/bodies/sleep.yml",
        "- id: sleep\n  question: {type: prevalence, constructs: [sleep], group: shift-workers}\n"
        "  excludes: [{id: nurses-sleep-badly, because: asked twice}]\n  extracted_by: reader-a\n",
    )
    loaded, problems = load(base.folder)
    assert problems == []
    body = loaded.records(Body)["sleep"]
    found = {member.entry.key: member.excluded_because for member in members(loaded, body)}
    assert found["nurses-sleep-badly"] == "asked twice"
    assert "teachers-sleep-badly" not in found
    assert base.codes() == []
    base.change("evidence/bodies/sleep.yml", "nurses-sleep-badly", "teachers-sleep-badly")
    assert base.codes() == ["reference-body"]
