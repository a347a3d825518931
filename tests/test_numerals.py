"""Numbers in text: each is read to its value and unit, or to no value at all, and never to a wrong one."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidencebase.reading.numerals import numerals, ordinals, parse_number, same_figure


def read(text):
    return [
        (each.printed.strip(), None if each.value is None else str(each.value), each.unit) for each in numerals(text)
    ]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("76,944", "76944", None), ("1,234,567.8", "1234567.8", None), ("14.0", "14.0", None), (".5", "0.5", None),
        ("7.7%", "7.7", "percent"), ("7.7 %", "7.7", "percent"), ("7.7 per cent", "7.7", "percent"),
        ("7 percent", "7", "percent"), ("3 percentage points", "3", "percent"),
        ("-3.2%", "-3.2", "percent"), ("minus 5%", "-5", "percent"), ("+4", "4", None),
        ("£5", "5", "gbp"), ("€5", "5", "eur"), ("5€", "5", "eur"), ("5 €", "5", "eur"), ("$5", "5", "usd"),
        ("£ 5.20", "5.20", "gbp"), ("-£5", "-5", "gbp"),
        ("£1.2m", "1200000", "gbp"), ("£1.2 million", "1200000", "gbp"), ("£10 m", "10000000", "gbp"),
        ("£5mn", "5000000", "gbp"), ("$3bn", "3000000000", "usd"), ("£3 bn", "3000000000", "gbp"),
        ("£2tn", "2000000000000", "gbp"), ("£2 trillion", "2000000000000", "gbp"), ("5k", "5000", None),
        ("6.5 million", "6500000", None), ("100 thousand", "100000", None),
        ("1 in 5", "20", "percent"), ("1 in 1,000", "0.1", "percent"), ("1 in every 10", "10", "percent"),
        ("one in five", "20", "percent"), ("One in every ten", "10", "percent"), ("twelve in twenty", "60", "percent"),
        ("3/4", "75", "percent"), ("1/3", None, "percent"),
        ("eight", "8", None), ("Twenty-one", "21", None), ("twenty one", "21", None), ("one hundred", "100", None),
        ("a hundred and five", "105", None), ("five hundred thousand", "500000", None), ("a million", "1000000", None),
        ("one million two hundred thousand", "1200000", None), ("two thousand, three hundred", "2300", None),
        ("half", "50", "percent"), ("a quarter", "25", "percent"), ("three-quarters", "75", "percent"),
        ("nine tenths", "90", "percent"), ("two-thirds", None, "percent"), ("a third", None, "percent"),
        ("five per cent", "5", "percent"), ("half a per cent", "0.5", "percent"), ("two and a half per cent", "2.5", "percent"),
        ("5-per-cent", "5", "percent"), ("5 hundred", "500", None), ("£5-million", "5000000", "gbp"),
        ("half a million", "500000", None), ("three quarters of a million", "750000", None),
        ("two and a half", "2.5", None), ("two and a half million", "2500000", None),
        ("1,2345", None, None), ("1.2.1", None, None), ("2,5", None, None), ("5th", None, None), ("1e5", None, None),
    ],
)  # fmt: skip
def test_one_number_is_read_to_its_value_and_unit(text, value, unit):
    (found,) = numerals(text)
    assert found.printed == text
    assert (found.value is None) == (value is None)
    assert value is None or found.value == Decimal(value)
    assert found.unit == unit


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1 234", ["1", "234"]),
        ("50 in 12 areas", ["50", "12"]),
        ("twelve in two areas", ["12", "2"]),
        ("five thousand, four of them", ["5000", "4"]),
        ("65-74", ["65", "74"]),
        ("24/7 and 1/5/2021 and 48/50", ["24", "7", "1", "5", "2021", "48", "50"]),
        ("one in zero", ["1", "0"]),
        ("1 in 5% of", ["1", "5"]),
        ("H2O and A4", []),
        ("no number, none", []),
    ],
)
def test_what_is_not_one_number_is_not_read_as_one(text, values):
    assert [str(each.value) for each in numerals(text)] == values


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("61 to 65%", [("61", "percent"), ("65", "percent")]),
        ("61-65%", [("61", "percent"), ("65", "percent")]),
        ("61%-65%", [("61", "percent"), ("65", "percent")]),
        ("between 3 and 4 per cent", [("3", "percent"), ("4", "percent")]),
        ("3 and 4 per cent", [("3", None), ("4", "percent")]),
        ("£5-10", [("5", "gbp"), ("10", "gbp")]),
        ("£5 to 10 people", [("5", "gbp"), ("10", None)]),
        ("£20 to £30m", [("20000000", "gbp"), ("30000000", "gbp")]),
        ("5 to 10 million", [("5000000", None), ("10000000", None)]),
        ("£500 to £1 million", [("500", "gbp"), ("1000000", "gbp")]),
    ],
)
def test_both_ends_of_a_range_have_its_unit_and_scale(text, ends):
    assert [(str(each.value), each.unit) for each in numerals(text)] == ends


@pytest.mark.parametrize(
    ("text", "printed"),
    [("nearly two-thirds (62%)", "62%"), ("twenty-one (21)", "21"), ("a quarter (25 per cent)", "25 per cent")],
)
def test_a_word_beside_its_figure_is_one_number(text, printed):
    assert [each.printed for each in numerals(text)] == [printed]


@pytest.mark.parametrize(("text", "relation"), [("<5%", "<"), (">= 5", ">="), ("≤5", "≤"), ("~10", "~"), ("(<5)", "<")])
def test_relations_are_kept(text, relation):
    (found,) = numerals(text)
    assert found.relation == relation


def test_offsets_are_those_of_the_text():
    text = "In 2018, 7.7% (1 in 13) of £1.2m"
    assert [text[each.start : each.end] for each in numerals(text)] == ["2018", "7.7%", "1 in 13", "£1.2m"]


def test_ordinals_are_ranks_and_no_counts():
    assert [(each.printed, each.value) for each in ordinals("second and 22nd of ten")] == [("second", 2), ("22nd", 22)]
    assert [each.value for each in numerals("the 22nd lowest")] == [None]


@pytest.mark.parametrize("cell", ["76,944", "7.7%", "£1.2m", " 12 ", "-3", "<5"])
def test_a_cell_with_one_number_is_read(cell):
    assert parse_number(cell) is not None


@pytest.mark.parametrize(
    "cell", ["", "-", "n/a", "12 13", "12 people", "1.2.1", "=1+1", "+cmd", "1,2,3", "12*", "about 5"]
)
def test_a_cell_with_anything_else_is_not(cell):
    assert parse_number(cell) is None


@pytest.mark.parametrize(
    ("value", "printed", "same"),
    [
        ("14.0", "14.0%", True), ("14", "14.0%", False), ("14.00", "14.0%", False), ("76944", "76,944", True),
        ("1200000", "£1.2m", True), ("50", "half", True), ("50.0", "half", True), ("0.5", ".5", True), ("5", "-5", False),
    ],
)  # fmt: skip
def test_a_figure_has_the_digits_that_are_printed(value, printed, same):
    assert same_figure(Decimal(value), numerals(printed)[0]) is same


WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
WORDS += ["thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def in_words(number):
    """A whole number below a milliard in English words."""
    if number < 20:
        return WORDS[number]
    if number < 100:
        return TENS[number // 10] + (f"-{WORDS[number % 10]}" if number % 10 else "")
    if number < 1000:
        rest = number % 100
        return f"{WORDS[number // 100]} hundred" + (f" and {in_words(rest)}" if rest else "")
    size, name = (1_000_000, "million") if number >= 1_000_000 else (1_000, "thousand")
    rest = number % size
    joint = " and " if 0 < rest < 100 else " "
    return f"{in_words(number // size)} {name}" + (f"{joint}{in_words(rest)}" if rest else "")


@settings(deadline=None)
@given(st.integers(0, 999_999_999))
def test_every_whole_number_in_words_comes_back(number):
    (found,) = numerals(f"about {in_words(number)} people")
    assert found.value == number


@settings(deadline=None)
@given(
    st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False),
    st.integers(0, 2),
    st.sampled_from(
        [("", "", None), ("", "%", "percent"), ("", " per cent", "percent"), ("£", "", "gbp"), ("€", "", "eur")]
    ),
    st.sampled_from(["", "-"]),
    st.booleans(),
)
def test_a_number_as_printed_comes_back(value, places, style, sign, grouped):
    value = value.quantize(Decimal(1).scaleb(-places))
    before, after, unit = style
    printed = f"{sign}{before}{value:,f}{after}" if grouped else f"{sign}{before}{value:f}{after}"
    (found,) = numerals(f"it was {printed} then")
    assert found.printed == printed
    assert found.value == (-value if sign else value)
    assert found.unit == unit
    assert same_figure(-value if sign else value, found)
    assert parse_number(printed) is not None


@settings(deadline=None)
@given(
    st.decimals(min_value=0, max_value=999, places=1), st.sampled_from([("k", 3), ("m", 6), ("bn", 9), (" million", 6)])
)
def test_a_sum_with_a_scale_comes_back(amount, scale):
    (found,) = numerals(f"£{amount}{scale[0]} in all")
    assert found.value == amount.scaleb(scale[1])
    assert not found.exact


@settings(deadline=None)
@given(st.integers(1, 998), st.integers(1, 999))
def test_a_share_is_its_percentage_only_where_it_is_below_one(part, whole):
    found = numerals(f"{part} in {whole} of them")
    if part < whole:
        (share,) = found
        assert share.value is None or share.value * whole == part * 100
    else:
        assert [each.value for each in found] == [part, whole]


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read_without_fault(text):
    for each in numerals(text) + ordinals(text):
        assert text[each.start : each.end] == each.printed


@settings(deadline=None)
@given(st.lists(st.sampled_from([*WORDS[:13], *TENS[2:5], "hundred", "thousand", "million", "half", "thirds", "quarter", "a",
    "and", "in", "of", "every", "to", "between", "-", ",", "(", ")", "%", "£", "5", "1.5", "m", "bn", "ſeven", "mıllion",
    "\n", "  "]), max_size=14), st.sampled_from([" ", "", "-"]))  # fmt: skip
def test_any_heap_of_number_words_is_read_without_fault(words, joint):
    text = joint.join(words)
    found = numerals(text)
    assert all(one.end <= other.start for one, other in pairwise(found))
    parse_number(text)
