"""What matching promises at its edges, held through the commands: each test has a base that passes and one step beyond."""

from __future__ import annotations

import os
import re
import stat
from contextlib import contextmanager

import pytest

from bases import CLAIMS, DOCUMENT, FINDINGS, GROUPS, LOADER, PLACES, STUDIES, TABLE, changed, extracted, write_base
from commands import accept, checked, codes, evidence, rows

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
        ("On 2019-03-31 it opened", "31", [("anchor-figure-absent", "counted")]),
        ("On 2019-03-31 it opened", "3", [("anchor-figure-absent", "counted")]),
        ("On 2019/03/31 there came 31 girls", "31", []),
        ("On 31-03-2019 it opened", "31", [("anchor-figure-absent", "counted")]),
        ("On 31.3.19 it opened", "31", [("anchor-figure-absent", "counted")]),
        ("On 31/03/19 it opened", "31", [("anchor-figure-absent", "counted")]),
        ("On 31/03/19 it opened", "19", [("anchor-figure-absent", "counted")]),
        ("On 31/03/2019 it opened", "3", [("anchor-figure-absent", "counted")]),
        ("On March 31 it opened", "31", [("anchor-figure-absent", "counted")]),
        ("March 31 it opened", "31", [("anchor-figure-absent", "counted")]),
        ("It opened March 31", "31", [("anchor-figure-absent", "counted")]),
        ("On March the 31st, 2019 it opened", "31", [("anchor-figure-absent", "counted")]),
        ("On 31st March it opened", "31", [("anchor-figure-absent", "counted")]),
        ("On 12 to 15 March 2019 it opened", "12", [("anchor-figure-absent", "counted")]),
        ("in March 31 girls came", "31", []),
        ("in March 31 of the girls came", "31", []),
        ("since March 31 girls came", "31", []),
        ("31 may be counted, in 2019", "31", []),
    ],
)
def test_no_day_of_a_month_is_a_figure_not_even_the_31st(tmp_path, fragment, value, found):
    assert anchor_codes(tmp_path, printed(f"{fragment}.", COUNTED, value=value, fragment=fragment)) == found


@pytest.mark.parametrize(
    ("passage", "found"),
    [
        ("stood third of all", []),
        ("stood 3rd of all", []),
        ("opened on the third of March", [("anchor-figure-absent", "counted")]),
        ("opened on the 3rd of March", [("anchor-figure-absent", "counted")]),
        ("opened on 3rd March", [("anchor-figure-absent", "counted")]),
        ("opened on March 3rd", [("anchor-figure-absent", "counted")]),
    ],
)
def test_no_day_of_a_month_is_a_rank(tmp_path, passage, found):
    rank = COUNTED.replace("statistic: count", "statistic: rank")
    files = printed(f"The town {passage}.", rank, value="3", fragment=f"The town {passage}")
    assert anchor_codes(tmp_path, files) == found


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


@contextmanager
def umask(mask):
    old = os.umask(mask)
    try:
        yield
    finally:
        os.umask(old)


def mode(file):
    return stat.S_IMODE(file.stat().st_mode)


def writes(folder):
    """The files that commands write, each with its command."""
    out = folder.parent
    return {
        folder / "evidence/evidence.lock": ("lock", "--base", folder),
        folder / "evidence/reviews/reader-b.yml": ("review", "groups/girls", "--base", folder, "--by", "reader-b", "--verdict", "accept"),
        out / "x.db": ("build", "--base", folder, "--drafts", "-o", out / "x.db"),
        out / "map.html": ("map", "--base", folder, "-o", out / "map.html"),
        out / "page.docx": ("briefing", "girls", "--base", folder, "-o", out / "page.docx"),
    }  # fmt: skip


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
@pytest.mark.parametrize(("mask", "new"), [(0o022, 0o644), (0o027, 0o640), (0o077, 0o600), (0o002, 0o664)])
def test_a_new_file_is_as_open_as_the_umask_leaves_it(tmp_path, mask, new):
    folder = write_base(tmp_path / "base")
    with umask(mask):
        for file, command in writes(folder).items():
            assert evidence(*command).code == 0
            assert (file.name, mode(file)) == (file.name, new)


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_a_file_that_is_written_again_keeps_its_mode(tmp_path):
    folder = write_base(tmp_path / "base")
    with umask(0o022):
        for file, command in writes(folder).items():
            assert evidence(*command).code == 0
            for given in (0o600, 0o664, 0o640):
                file.chmod(given)
                before = file.stat().st_ino
                assert evidence(*command).code == 0
                assert file.stat().st_ino != before
                assert (file.name, mode(file)) == (file.name, given)
    assert {each.name for each in tmp_path.iterdir()} == {"base", "x.db", "map.html", "page.docx"}


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_a_migrated_file_keeps_its_mode_and_a_new_one_follows_the_umask(tmp_path):
    files = changed(("metadata.yml", "format: 2", "format: 1"))
    files[CLAIMS] = (
        files[CLAIMS].replace("kind: relation", "kind: direction").replace("versus: {group: boys}", "than: boys")
    )
    files[GROUPS] = re.sub(r"is: \{age: (\d+)(?:-(\d+)|\+)(, sex: \w+)?\}", r"age_min: \1\3", files[GROUPS])
    folder = write_base(tmp_path / "base", files)
    (folder / CLAIMS).chmod(0o600)
    with umask(0o027):
        done = evidence("migrate", "--base", folder, "--write")
    assert done.code == 0, done.err
    assert "kind: relation" in (folder / CLAIMS).read_text(encoding="utf-8")
    assert mode(folder / CLAIMS) == 0o600
    assert mode(folder / "schema/units.yml") == 0o640


def test_the_groups_of_a_comparison_may_be_named_and_no_others(tmp_path):
    claim = """\
- id: boys-less
  kind: relation
  measure: swims-weekly
  group: {group}
  versus: {{group: {than}}}
  direction: lower
  study: swim-survey-2019
  anchors: [{{document: millbrook-2020, fragment: "less often than girls"}}]
"""
    sentence = {DOCUMENT: "\nThey swim less often than girls.\n"}
    same = changed(add={"evidence/claims/more.yml": claim.format(group="boys", than="girls"), **sentence})
    assert anchor_codes(tmp_path / "same", same) == []
    men = "- {id: men, label: men, is: {age: 16+, sex: male}}\n"
    other = changed(add={"evidence/claims/more.yml": claim.format(group="boys", than="men"), GROUPS: men, **sentence})
    assert anchor_codes(tmp_path / "other", other) == [("anchor-group-disagrees", "boys-less")]


def test_the_base_these_tests_start_from_is_in_order(tmp_path):
    assert [each for each in checked(write_base(tmp_path)) if each["code"].startswith("anchor-")] == []


# --- groups, cells and counts


def test_a_passage_may_name_both_sexes_or_the_one_compared_with(tmp_path):
    both = COUNTED.replace("group: girls", "group: boys")
    files = printed("There came 45 girls and boys.", both, value="45", fragment="came 45 girls and boys")
    assert anchor_codes(tmp_path / "both", files) == []
    files = printed("There came 45 girls alone.", both, value="45", fragment="came 45 girls alone")
    assert anchor_codes(tmp_path / "one", files) == [("anchor-group-disagrees", "counted")]


@pytest.mark.parametrize(
    ("versus", "found"),
    [("{group: boys}", []), ("{level: swimming}", [("anchor-group-disagrees", "ratio")])],
)
def test_a_passage_of_a_ratio_may_name_whom_it_compares_with(tmp_path, versus, found):
    ratio = """\
- id: ratio
  statistic: ratio
  measure: swims-weekly
  group: girls
  value: 1.8
  unit: times
  versus: COMPARATOR
  anchors: [{document: millbrook-2020, fragment: "was 1.8 that of boys"}]
""".replace("COMPARATOR", versus)
    files = changed(add={FINDINGS: ratio, DOCUMENT: "\nIt was 1.8 that of boys.\n"})
    assert anchor_codes(tmp_path, files) == found


@pytest.mark.parametrize(
    ("label", "found"),
    [
        ("Girls", []),
        ("Pupils", []),
        ("Men", [("anchor-group-disagrees", key) for key in ("girls-able", "millbrook-girls")]),
    ],
)
def test_the_label_of_a_row_is_of_the_group_of_its_records(tmp_path, label, found):
    files = changed((DOCUMENT, "Girls 600", f"{label} 600"), (TABLE, "girls,Girls", f"girls,{label}"))
    assert anchor_codes(tmp_path, files) == found


@pytest.mark.parametrize(("unit", "found"), [("persons", False), ("households", True)])
def test_a_cell_is_in_the_unit_of_its_column(tmp_path, unit, found):
    files = changed((LOADER, 'period: "2018", unit: persons', f'period: "2018", unit: {unit}'))
    assert (("anchor-figure-absent", "millbrook-girls") in anchor_codes(tmp_path, files)) is found


@pytest.mark.parametrize(
    ("number", "found"),
    [("'2019'", []), ("'400'", []), ("'401'", ["anchor-figure-absent"]), ("'40'", ["anchor-figure-absent"])],
)
def test_a_number_that_is_set_aside_stands_in_its_fragment(tmp_path, number, found):
    aside = (
        f"- {{document: millbrook-2020, fragment: Swimming Survey 2019 asked 400, number: {number}, reason: date}}\n"
    )
    files = changed(add={"evidence/set-asides/millbrook.yml": aside})
    report = evidence("check", "--base", write_base(tmp_path, files), "--format", "json").json
    problems = [each for each in report["problems"] if each["code"].startswith("anchor-")]
    assert [each["code"] for each in problems] == found
    assert all(each["path"] == "evidence/set-asides/millbrook.yml" for each in problems)
    counted = report["summary"]["anchors"]["set_asides"]
    assert (counted["checked"], counted["failed"]) == (1, len(found))


def test_a_number_taken_twice_is_counted_as_failed_for_both(tmp_path):
    twice = COUNTED + COUNTED.replace("- id: counted", "- id: twin")
    files = printed("There came 45 girls.", twice, value="45", fragment="came 45 girls")
    before = evidence("check", "--base", write_base(tmp_path / "a"), "--format", "json").json["summary"]["anchors"]
    after = evidence("check", "--base", write_base(tmp_path / "b", files), "--format", "json").json["summary"][
        "anchors"
    ]
    assert (before["findings"]["failed"], after["findings"]["failed"]) == (0, 2)
    assert after["findings"]["matched"] == before["findings"]["matched"]


def test_a_superseded_study_keeps_the_state_of_its_review(tmp_path):
    link = (
        STUDIES,
        "- key: swim-survey-2019\n",
        "- key: swim-survey-2019\n  links: [{type: supersedes, to: millbrook-register}]\n",
    )
    folder = write_base(tmp_path / "base", extracted(changed(link)))
    accept(folder, {})
    found = rows(folder, "SELECT key, status FROM studies ORDER BY key")
    assert [tuple(each.values()) for each in found] == [
        ("millbrook-register", "reviewed"),
        ("swim-survey-2019", "reviewed"),
    ]


# --- coverage


def unread(folder, files):
    (document,) = evidence("coverage", "--base", write_base(folder, files), "--format", "json").json["documents"]
    return {each["text"] for each in document["unread"]}


@pytest.mark.parametrize(
    ("number", "left"), [("12", False), ("12%", True), ("<12", True), ("£12", True), (">12", True)]
)
def test_a_number_with_a_sign_is_never_set_aside_by_a_rule(tmp_path, number, left):
    files = changed(add={DOCUMENT: f"\nFor more of this see page {number} of the annex.\n"})
    assert any("see page" in text for text in unread(tmp_path, files)) is left


@pytest.mark.parametrize(("upper", "read"), [("15", 3), ("16", 0)])
def test_a_number_whose_anchor_fails_is_not_read(tmp_path, upper, read):
    record = WEEKLY.replace("  study:", "  interval: {{lower: 11, upper: {upper}}}\n  study:")
    record = record.replace('"}}]', '", figures: {{value: 1, lower: 2, upper: 3}}}}]')
    files = printed("Then 13% (11% to 15%) swam.", record, value="13", upper=upper, fragment="Then 13% (11% to 15%)")

    def anchored(name, files):
        folder = write_base(tmp_path / name, files)
        (document,) = evidence("coverage", "--base", folder, "--format", "json").json["documents"]
        return document["anchored"]

    assert anchored("with", files) - anchored("without", changed()) == read
