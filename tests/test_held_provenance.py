"""What matching promises at its edges, held through the commands: each test has a base that passes and one step beyond."""

from __future__ import annotations

import os
import stat

import pytest

from bases import DOCUMENT, FINDINGS, GROUPS, PLACES, changed, write_base
from commands import checked, codes, evidence

WEEKLY = """\
- id: weekly
  statistic: prevalence
  measure: swims-weekly
  group: girls
  place: england
  period: "2019"
  value: {value}
  study: swim-survey-2019
  anchors: [{{document: millbrook-2020, fragment: "{fragment}"}}]
"""
COUNTED = """\
- id: counted
  statistic: count
  measure: asked
  group: girls
  place: {place}
  period: "{period}"
  value: {value}
  anchors: [{{document: millbrook-2020, fragment: "{fragment}"}}]
"""


def printed(sentence, record, *changes, **fields):
    """The base with a sentence more in its document, and a record read from it."""
    given = {"place": "england", "period": "2019"} | fields
    return changed(*changes, add={DOCUMENT: f"\n{sentence}\n", FINDINGS: record.format(**given)})


def anchor_codes(folder, files):
    return [(code, record) for _, code, record in codes(write_base(folder, files), "anchor-")]


@pytest.mark.parametrize(
    ("sentence", "fragment", "value", "found"),
    [
        ("Weekly swimming lay between 5% and 10%.", "lay between 5%", "5", []),
        ("Weekly swimming lay between 5%-10%.", "lay between 5%", "5", [("anchor-not-found", "weekly")]),
        ("Weekly swimming lay between 5%–10%.", "lay between 5%", "5", [("anchor-not-found", "weekly")]),
        ("It was 5%, then 10% of all girls.", "10% of all girls", "10", []),
        ("It was 5%-10% of all girls.", "10% of all girls", "10", [("anchor-not-found", "weekly")]),
        ("It was 5%/10% of all girls.", "10% of all girls", "10", [("anchor-not-found", "weekly")]),
    ],
)
def test_one_end_of_a_range_of_percents_is_no_passage_of_its_own(tmp_path, sentence, fragment, value, found):
    assert anchor_codes(tmp_path, printed(sentence, WEEKLY, value=value, fragment=fragment)) == found


@pytest.mark.parametrize(
    ("fragment", "value", "found"),
    [
        ("31 girls were counted in March 2019", "31", []),
        ("On 31 March 2019 the pool opened", "31", [("anchor-figure-absent", "counted")]),
        ("On 1 March 2019 the pool opened", "1", [("anchor-figure-absent", "counted")]),
        ("On March 31, 2019 the pool opened", "31", [("anchor-figure-absent", "counted")]),
        ("On 31/03/2019 the pool opened", "31", [("anchor-figure-absent", "counted")]),
        ("On 31 March 2019 there came 31 girls", "31", []),
    ],
)
def test_no_day_of_a_month_is_a_figure_not_even_the_31st(tmp_path, fragment, value, found):
    assert anchor_codes(tmp_path, printed(f"{fragment}.", COUNTED, value=value, fragment=fragment)) == found


@pytest.mark.parametrize(
    ("named", "place", "found"),
    [
        ("Millbrook", "millbrook", []),
        ("England", "millbrook", []),  # the place around it
        ("Millbrook", "england", []),  # a place in it
        ("Ashford", "millbrook", [("anchor-place-disagrees", "counted")]),
        ("Wales", "millbrook", [("anchor-place-disagrees", "counted")]),
    ],
)
def test_a_passage_may_name_a_place_around_or_within_the_record_s_and_no_other(tmp_path, named, place, found):
    wales = (PLACES, "- {id: ashford", "- {id: wales, label: Wales, type: country}\n- {id: ashford")
    fragment = f"the 45 girls of {named}"
    files = printed(f"So say {fragment}.", COUNTED, wales, value="45", fragment=fragment, place=place)
    assert anchor_codes(tmp_path, files) == found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("Ashford Borough Council", []),
        ("Ashford's pool", []),
        ("Ashford pool", [("anchor-place-disagrees", "counted")]),
    ],
)
def test_a_body_named_after_a_place_is_not_the_place(tmp_path, body, found):
    fragment = f"45 girls told {body}"
    files = printed(f"There {fragment}.", COUNTED, value="45", fragment=fragment, place="millbrook")
    assert anchor_codes(tmp_path, files) == found


@pytest.mark.parametrize(
    ("period", "found"),
    [
        ("2019", []),
        ("2018-19", []),  # ends in the year that is named
        ("2019-20", []),  # starts in it
        ("2020-21", [("anchor-period-disagrees", "counted")]),
        ("2017-18", [("anchor-period-disagrees", "counted")]),
    ],
)
def test_a_period_agrees_with_the_year_it_ends_or_starts_in(tmp_path, period, found):
    files = printed("There were 45 girls in 2019.", COUNTED, value="45", fragment="45 girls in 2019", period=period)
    assert anchor_codes(tmp_path, files) == found


RANGE = """\
- id: weekly
  statistic: prevalence
  measure: swims-weekly
  group: girls
  place: england
  period: "2019"
  value: 12.5
  interval: {{lower: {lower}, upper: {upper}, confidence: 95}}
  study: swim-survey-2019
  anchors: [{{document: millbrook-2020, fragment: "12.5% of them (11.5% to 13.5%)", figures: {figures}}}]
"""


@pytest.mark.parametrize(
    ("lower", "upper", "figures", "found"),
    [
        ("11.5", "13.5", "{value: 1, lower: 2, upper: 3}", []),
        ("13.5", "11.5", "{value: 1, lower: 3, upper: 2}", [("anchor-figure-absent", "weekly")]),
        ("11.5", "11.5", "{value: 1, lower: 2, upper: 2}", [("anchor-figure-absent", "weekly")]),
    ],
)
def test_the_limits_of_an_interval_are_two_numbers_in_their_order(tmp_path, lower, upper, figures, found):
    files = printed("It was 12.5% of them (11.5% to 13.5%).", RANGE, lower=lower, upper=upper, figures=figures)
    assert anchor_codes(tmp_path, files) == found


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ("", "", [("anchor-number-taken", "counted"), ("anchor-number-taken", "twin")]),
        (", shared: true", "", [("anchor-number-taken", "twin")]),
        (", shared: true", ", shared: true", []),
    ],
)
def test_one_printed_number_serves_two_records_where_both_say_so(tmp_path, first, second, found):
    one = COUNTED.replace('"}}]', f'"{first}}}}}]')
    other = COUNTED.replace("- id: counted", "- id: twin").replace('"}}]', f'"{second}}}}}]')
    files = printed("There came 45 girls.", one + other, value="45", fragment="came 45 girls")
    assert anchor_codes(tmp_path, files) == found


HOMES = """\
- id: homes-counted
  group: homes
  place: millbrook
  unit: households
  value: 45
  anchors: [{document: millbrook-2020, fragment: "FRAGMENT"}]
"""


@pytest.mark.parametrize(
    ("fragment", "found"),
    [
        ("45 households", []),
        ("45 of them", [("anchor-unit-unnamed", "homes-counted")]),
        ("45 residents", [("anchor-figure-absent", "homes-counted")]),
    ],
)
def test_households_are_counted_only_where_a_passage_says_so(tmp_path, fragment, found):
    homes = HOMES.replace("FRAGMENT", f"a further {fragment}")
    files = changed(
        add={DOCUMENT: f"\nThere are a further {fragment} here.\n", "evidence/populations/homes.yml": homes}
    )
    assert anchor_codes(tmp_path, files) == found


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_a_written_file_keeps_its_mode_and_a_new_one_can_be_read(tmp_path):
    old = os.umask(0o022)
    try:
        folder = write_base(tmp_path)
        lock = folder / "evidence/evidence.lock"
        assert evidence("lock", "--base", folder).code == 0
        assert stat.S_IMODE(lock.stat().st_mode) == 0o644
        for mode in (0o600, 0o664, 0o640):
            lock.chmod(mode)
            lock.write_bytes(b"")
            assert evidence("lock", "--base", folder).code == 0
            assert lock.stat().st_size
            assert stat.S_IMODE(lock.stat().st_mode) == mode
    finally:
        os.umask(old)


def test_the_groups_of_a_comparison_may_be_named_and_no_others(tmp_path):
    claim = """\
- id: boys-less
  kind: direction
  measure: swims-weekly
  group: {group}
  than: {than}
  direction: lower
  study: swim-survey-2019
  anchors: [{{document: millbrook-2020, fragment: "less often than girls"}}]
"""
    sentence = {DOCUMENT: "\nThey swim less often than girls.\n"}
    same = changed(add={"evidence/claims/more.yml": claim.format(group="boys", than="girls"), **sentence})
    assert anchor_codes(tmp_path / "same", same) == []
    men = "- {id: men, label: men, age_min: 16, sex: male}\n"
    other = changed(add={"evidence/claims/more.yml": claim.format(group="boys", than="men"), GROUPS: men, **sentence})
    assert anchor_codes(tmp_path / "other", other) == [("anchor-group-disagrees", "boys-less")]


def test_the_base_these_tests_start_from_is_in_order(tmp_path):
    assert [each for each in checked(write_base(tmp_path)) if each["code"].startswith("anchor-")] == []
