"""What rests on a record: each rule of it, and the same answer from the command and from the page."""

from __future__ import annotations

import json

import pytest

from bases import CONCLUSIONS, FINDINGS, STUDIES, changed, write_base
from evidencebase.loading import load
from evidencebase.rules.resting import Resting

RESPONSES = "evidence/responses/millbrook.yml"
LESSONS = """\
- id: lessons
  kind: service
  label: lessons for girls
  groups: [girls]
  rests_on: [girls-ahead]
  anchors: [{document: millbrook-2020, fragment: "Girls are thus a group to build on", locator: "1"}]
"""


def resting(folder, files=None) -> Resting:
    return Resting(load(write_base(folder, files))[0].entries.values())


def above(rests: Resting, key: str) -> dict[str, str | None]:
    return {each.record: each.through for each in rests.above(key)}


def test_claims_estimates_and_indicators_rest_on_the_finding_they_name(tmp_path):
    rests = resting(tmp_path)
    direct = {name for name, through in above(rests, "girls-able").items() if through is None}
    assert direct == {"girls-more-often", "millbrook-able-girls", "watch-girls"}


def test_what_rests_through_another_record_names_the_one_between(tmp_path):
    found = above(resting(tmp_path, changed(add={RESPONSES: LESSONS})), "girls-able")
    assert found["millbrook-able-children"] == "millbrook-able-girls"  # a total, through its part
    assert found["girls-ahead"] == "girls-more-often"
    assert found["lessons"] == "girls-ahead"  # the record it names itself, two steps from the finding


def test_everything_rests_on_the_study_that_measured_it(tmp_path):
    found = above(resting(tmp_path), "swim-survey-2019")
    assert found["girls-able"] is None
    assert found["millbrook-able-girls"] == "girls-able"


def test_both_directions_give_the_same_pairs(tmp_path):
    rests = resting(tmp_path, changed(add={RESPONSES: LESSONS}))
    pairs = {(each.record, each.on, each.through) for each in rests.every()}
    keys = {name for record, on, _ in pairs for name in (record, on)}
    assert {(each.record, each.on, each.through) for key in keys for each in rests.above(key)} == pairs


@pytest.mark.parametrize(
    "change",
    [
        (CONCLUSIONS, "supports: [girls-more-often]", "disputes: [girls-more-often]"),
        (FINDINGS, "- id: girls-able\n", "- id: girls-able\n  links: [{type: contradicts, to: boys-able}]\n"),
        (
            STUDIES,
            "  label: Swimming Survey 2019\n",
            "  label: Swimming Survey 2019\n  supersedes: millbrook-register\n",
        ),
    ],
)
def test_what_is_disputed_contradicted_or_superseded_carries_nothing(tmp_path, change):
    rests = resting(tmp_path, changed(change))
    assert "girls-ahead" not in above(rests, "girls-more-often") or change[0] != CONCLUSIONS
    assert "girls-able" not in above(rests, "boys-able")
    assert "swim-survey-2019" not in above(rests, "millbrook-register")


def test_a_circle_ends(tmp_path):
    loop = (CONCLUSIONS, "supports: [girls-more-often]", "supports: [girls-ahead]")
    assert above(resting(tmp_path, changed(loop)), "girls-ahead") == {}


def test_the_command_lists_direct_first_and_says_through_what(tmp_path, run):
    write_base(tmp_path)
    told = json.loads(run("show", "girls-able", "--base", tmp_path, "--format", "json").stdout)
    assert told["rests_on_it"][:3] == ["girls-more-often", "millbrook-able-girls", "watch-girls"]
    assert told["through"]["girls-ahead"] == "girls-more-often"
    assert "girls-ahead (through girls-more-often)" in run("show", "girls-able", "--base", tmp_path).stdout
