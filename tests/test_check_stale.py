"""What is past its date, what rests on a retracted source, and the bibliography."""

from __future__ import annotations

from datetime import date

import pytest

from bases import DOCUMENT, FINDINGS, INDICATORS, SOURCES, STUDIES, changed, found, problems
from evidencebase.checks.stale import last_day
from evidencebase.problems import Severity


@pytest.mark.parametrize(
    ("period", "day"),
    [
        ("2024-12", date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 29)),
        ("2024-12-05", date(2024, 12, 5)),
        ("2024", date(2024, 12, 31)),
        ("2023-24", date(2024, 12, 31)),
        ("mid-2018", date(2018, 12, 31)),
        ("2024-02-31", None),
    ],
)
def test_a_period_ends_on_its_last_day(period, day):
    assert last_day(period) == day


@pytest.mark.parametrize(("today", "warnings"), [(date(2030, 6, 30), 0), (date(2030, 7, 1), 1)])
def test_an_indicator_is_stale_from_the_day_after_its_release_was_due(tmp_path, today, warnings):
    stale = found(tmp_path, "stale-indicator", today=today)
    assert len(stale) == warnings
    assert all(problem.severity is Severity.WARNING and "2030-06-30" in problem.message for problem in stale)


NEWER = """\
- key: swim-survey-2020
  label: Swimming Survey 2020
  strength: weak
  supersedes: swim-survey-2019
- key: swim-survey-2021
  label: Swimming Survey 2021
  strength: weak
  supersedes: swim-survey-2020
"""
ENTRIES = "".join(
    f"@report{{swim-survey-{year}, author = {{{{Pools}}}}, title = {{Survey {year}}}, institution = {{Pools}}, type = {{R}}, year = {{{year}}}}}\n"
    for year in (2020, 2021)
)


def test_a_superseded_edition_names_the_latest_and_counts_what_rests_on_it(tmp_path):
    (warning,) = found(tmp_path, "stale-superseded", changed(add={STUDIES: NEWER, SOURCES: ENTRIES}))
    assert (warning.severity, warning.record) == (Severity.WARNING, "swim-survey-2019")
    assert "Swimming Survey 2021 is newer; 2 findings and 1 claim still rest on this edition" in warning.message


def test_a_figure_that_the_newer_edition_has_too_is_named(tmp_path):
    newer = """\
- id: girls-able-2021
  statistic: prevalence
  measure: able-to-swim
  group: girls
  place: england
  period: "2021"
  value: 47
  study: swim-survey-2021
  anchors: [{document: millbrook-2020, fragment: "lately 47%"}]
"""
    files = changed(add={STUDIES: NEWER, SOURCES: ENTRIES, FINDINGS: newer, DOCUMENT: "\nAnd lately 47%.\n"})
    (warning,) = found(tmp_path, "stale-superseded", files)
    assert "in place of girls-able" in warning.message


def test_editions_that_supersede_each_other_in_a_circle_do_not_hang(tmp_path):
    circle = (STUDIES, "  label: Swimming Survey 2019", "  label: Swimming Survey 2019\n  supersedes: swim-survey-2021")
    assert found(tmp_path, "stale-superseded", changed(circle, add={STUDIES: NEWER, SOURCES: ENTRIES}))


def test_what_rests_on_a_superseded_record_is_a_warning(tmp_path):
    newer = """\
- id: girls-able-corrected
  statistic: prevalence
  measure: able-to-swim
  group: girls
  value: 46
  links: [{type: supersedes, to: girls-able}]
  anchors: [{document: millbrook-2020, fragment: "rather 46%"}]
"""
    warnings = found(tmp_path, "stale-record", changed(add={FINDINGS: newer, DOCUMENT: "\nOr rather 46%.\n"}))
    assert {warning.record for warning in warnings} == {"girls-more-often", "watch-girls", "millbrook-able-girls"}


def test_a_retracted_study_reaches_everything_that_rests_on_it(tmp_path):
    mark = "  label: Swimming Survey 2019\n  retracted: {kind: retracted, on: '2020-05', reason: invented answers}"
    errors = found(tmp_path, "stale-retracted", changed((STUDIES, "  label: Swimming Survey 2019", mark)))
    assert {error.record for error in errors} == {
        "swim-survey-2019", "girls-able", "boys-able", "girls-more-often", "girls-ahead", "watch-girls",
        "millbrook-able-girls", "millbrook-able-boys", "millbrook-able-children",
    }  # fmt: skip
    assert all(error.severity is Severity.ERROR and "invented answers" in error.message for error in errors)


def test_a_corrected_document_reaches_every_record_read_from_it(tmp_path):
    files = changed(
        (
            "evidence/documents.yml",
            "- key: millbrook-2020",
            "- key: millbrook-2020\n  retracted: {kind: corrected, reason: Table 1}",
        )
    )
    records = {error.record for error in found(tmp_path, "stale-retracted", files)}
    assert {"girls-able", "millbrook-girls", "girls-ahead", "watch-girls"} <= records
    assert "millbrook-register" not in records


def test_a_known_problem_is_suppressed_with_its_reason(tmp_path):
    files = changed(
        (
            INDICATORS,
            "  data_set:",
            "  suppress: [{code: stale-indicator, reason: the release was cancelled}]\n  data_set:",
        )
    )
    assert not found(tmp_path, "stale-indicator", files, today=date(2031, 1, 1))


@pytest.mark.parametrize(
    ("old", "new", "code", "severity"),
    [
        (
            "type = {Report}, year = {2020}",
            "type = {Report}, year = {2020}, doi = {swimming}",
            "citation-bad-doi",
            Severity.ERROR,
        ),
        ("year = {2020}", "year = {2020}, isbn = {123}", "citation-bad-isbn", Severity.ERROR),
        ("year = {2020}", "year = {2999}", "citation-bad-year", Severity.ERROR),
        ("title = {Swimming in Millbrook}, ", "", "citation-missing-field", Severity.WARNING),
    ],
)
def test_faults_of_the_bibliography_are_problems_of_the_base(tmp_path, old, new, code, severity):
    raised = [
        problem for problem in problems(tmp_path, changed((SOURCES, old, new))) if problem.code.startswith("citation-")
    ]
    assert [(problem.code, problem.severity) for problem in raised] == [(code, severity)]


def test_the_same_work_twice_is_a_warning(tmp_path):
    files = changed(
        (SOURCES, "title = {Register of Children}", "title = {Swimming in Millbrook}"),
        (SOURCES, "year = {2018}", "year = {2020}"),
    )
    assert [problem.severity for problem in found(tmp_path, "citation-likely-duplicate", files)] == [Severity.WARNING]


def test_next_years_publications_are_not_still_to_come(tmp_path):
    assert not found(tmp_path, "citation-bad-year", changed((SOURCES, "year = {2020}", "year = {2022}")))
