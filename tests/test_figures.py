"""Which printed number a figure is: by value, digits and unit, and never an age or a date by chance."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidencebase.model.records import Figure
from evidencebase.provenance.figures import is_age_or_date, names_unit, resolve
from evidencebase.reading.numerals import numerals


def resolved(passage, value, unit, index=None):
    return resolve(Figure(field="value", value=Decimal(value), unit=unit), unit, passage, index)


@pytest.mark.parametrize(
    ("passage", "value", "unit", "printed"),
    [
        ("23.5% of nurses", "23.5", "percent", "23.5%"), ("31 per cent of them", "31", "percent", "31 per cent"),
        ("between 61 and 65% of", "61", "percent", "61"), ("61 to 65% of", "65", "percent", "65%"),
        ("1 in 5 nurses", "20", "percent", "1 in 5"), ("a quarter of nurses", "25", "percent", "a quarter"),
        ("nearly two-thirds (62%)", "62", "percent", "62%"), ("eight nurses", "8", "persons", "eight"),
        ("some 2,018 people", "2018", "persons", "2,018"), ("cost £31 a week", "31", "gbp-per-week", "£31"),
        ("cost £1.2m", "1200000", "gbp", "£1.2m"), ("fell by -5%", "-5", "percent", "-5%"), ("+5 points", "5", None, "+5"),
        ("16% of 16 to 24 year olds", "16", "percent", "16%"), ("16 of those aged 16 to 24", "16", "persons", "16"),
        ("100 people aged 100", "100", "persons", "100"), ("over 30 people", "30", "persons", "30"),
        ("ranked 5 of 10", "5", "rank", "5"), ("the 5th lowest", "5", "rank", "5th"), ("second lowest", "2", "rank", "second"),
        ("12 households", "12", "households", "12"), ("12 older adults", "12", "persons", "12"), ("12 of them", "12", "persons", "12"),
    ],
)  # fmt: skip
def test_a_figure_is_the_number_that_is_printed(passage, value, unit, printed):
    found = resolved(passage, value, unit)
    assert found.numeral is not None, found.why
    assert found.numeral.printed.strip() == printed


@pytest.mark.parametrize(
    ("passage", "value", "unit", "why"),
    [
        ("23.5% of nurses", "23.6", "percent", "the fragment has 23.5%"),
        ("14% of nurses", "14.0", "percent", "other digits"), ("14.0% of nurses", "14", "percent", "other digits"),
        ("31% of nurses", "31", "persons", "not in persons"), ("31 nurses", "31", "percent", "not in percent"),
        ("cost £31", "31", "usd", "not in usd"), ("cost £31", "31", "percent", "not in percent"), ("31% more", "31", "gbp", "not in gbp"),
        ("cost £1.2m", "1.2", "gbp", "£1.2m"), ("fell by -5%", "5", "percent", "-5%"), ("up minus 5%", "5", "percent", "minus 5%"),
        ("1 in 5 nurses", "5", "persons", "1 in 5"), ("two-thirds of", "66.7", "percent", "two-thirds"),
        ("five per cent of them", "5", "persons", "not in persons"), ("half a per cent", "50", "percent", "half a per cent"),
        ("1/3 of nurses", "3", "persons", "1/3"), ("half a million", "50", "percent", "half a million"),
        ("the 5th lowest", "5", "persons", "5th"), ("section 1.2.1", "1.2", None, "1.2.1"), ("nurses only", "5", None, "no number"),
        ("12 households", "12", "persons", "12 households"), ("12 adults", "12", "households", "12 adults"),
        ("aged 65 or over", "65", "persons", "an age or a date"), ("aged 16-24", "24", "persons", "an age or a date"),
        ("aged 19, 20 and 21", "20", "persons", "an age or a date"), ("among over 30s", "30", "persons", "an age or a date"),
        ("in 2018 there were", "2018", "persons", "an age or a date"), ("in 2017-18", "18", "persons", "an age or a date"),
        ("on 25 May 2020", "25", "persons", "an age or a date"), ("on May 25, 2020", "25", "persons", "an age or a date"),
        ("on 12/05/2021", "12", "persons", "an age or a date"), ("on 12/05/2021", "05", "persons", "an age or a date"),
    ],
)  # fmt: skip
def test_another_number_or_unit_is_no_figure_and_the_reason_is_said(passage, value, unit, why):
    found = resolved(passage, value, unit)
    assert found.numeral is None
    assert why in found.why
    assert not found.ambiguous


def test_days_are_dates_only_in_dates():
    for passage in ("25 nurses in May 2020", "12 may be ill", "in May 12 nurses fell ill", "some 5 marched"):
        (number, *_) = numerals(passage)
        assert not is_age_or_date(number, passage), passage


def test_two_that_fit_are_ambiguous_until_one_is_named():
    assert resolved("31% and 31%", "31", "percent").ambiguous
    named = resolved("31% and 31%", "31", "percent", 2)
    assert (named.numeral.start, named.numeral.end) == (8, 11)
    assert resolved("31% and 32%", "31", "percent", 2).why == "32% is not 31"
    assert "has 1 numbers, not 3" in resolved("31% of", "31", "percent", 3).why


def test_an_age_named_by_its_number_is_the_figure():
    assert resolved("aged 65 or over", "65", None, 1).numeral is not None


@pytest.mark.parametrize(
    ("passage", "unit", "stands"),
    [
        ("12 lodgers", "persons", True), ("12 lodgers", "households", False), ("12 shared homes", "persons", False),
        ("12 shared homes", "households", True), ("12 lodgers in shared homes", "households", False),
        ("12 households of lodgers", "persons", False), ("12 households of lodgers", "households", True),
        ("12 households with children", "persons", False), ("12 adult households", "households", True),
        ("12 adult households", "persons", False),
    ],
)  # fmt: skip
def test_the_vocabulary_says_which_further_nouns_count_people_or_households(passage, unit, stands):
    counted = {"persons": ("lodgers",), "households": ("shared homes",)}
    figure = Figure(field="value", value=Decimal(12), unit=unit)
    assert (resolve(figure, unit, passage, None, counted).numeral is not None) is stands
    assert resolve(figure, unit, "12 tenants", None, counted).numeral is not None


def test_households_are_never_taken_for_granted():
    assert names_unit("persons", "12 of them")
    assert names_unit("households", "12 of the Households")
    assert not names_unit("households", "12 of them")


@settings(deadline=None)
@given(
    st.decimals(0, 100, places=1), st.decimals(0, 100, places=1), st.sampled_from(["percent", "persons", "gbp", "households", None])
)  # fmt: skip
def test_only_the_printed_percentage_is_ever_the_figure(printed, value, unit):
    found = resolved(f"so {printed}% of nurses said", str(value), unit)
    assert (found.numeral is not None) == (str(printed) == str(value) and unit in ("percent", None))


@settings(deadline=None)
@given(
    st.text(max_size=80),
    st.decimals(-1000, 1000, places=1),
    st.sampled_from(["percent", "persons", "rank", "gbp", None]),
)
def test_any_passage_is_read_without_fault(passage, value, unit):
    found = resolved(passage, str(value), unit)
    assert found.numeral is None or found.numeral.value == value
    for each in numerals(passage):
        is_age_or_date(each, passage)
