"""A fragment is found where it stands whole, in one place, and nowhere else."""

from __future__ import annotations

import importlib.util
import random
import re
import sys
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from evidencebase.provenance.hints import similar_passage
from evidencebase.provenance.passages import State, locate
from evidencebase.reading.documents import DocumentText


def load_bench(name):
    """A program of bench/, which is no package, as a module."""
    file = Path(__file__).parent.parent / "bench" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"bench_{name}", file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def document(text):
    return DocumentText("report", Path("report.txt"), "0" * 64, "text/plain", text)


@pytest.fixture(scope="module")
def corruptions():
    """The benchmark's own harmless changes."""
    return load_bench("corruptions")


def state(text, fragment, **words):
    return str(locate(document(text), fragment, **words).state)


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("15% of adults", "5% of adults"), ("6 5 people", "6.5 people"), ("6.5 people", "6 5 people"),
        ("16.5% of men", "6.5% of men"), ("1,234 people", "234 people"), ("1,234 people", "1 234 people"),
        ("£5 each", "5 each"), ("-5 points", "5 points"), ("−5 points", "5 points"), ("<5% of", "5% of"),
        ("≤5 people", "5 people"), ("~5 people", "5 people"), ("±5 points", "5 points"), ("minus 5% of", "5% of"),
        ("rose to 5%", "rose to 5"), ("rose to 5 per cent", "rose to 5"), ("some 5.0 people", "some 5"),
        ("some 5 people", "some 5.0"), ("cost £10 m", "cost £10"), ("cost £10bn", "cost £10"), ("cost 5 €", "cost 5"),
        ("a rate of 5‰", "a rate of 5"), ("ages 16+", "ages 16"), ("some 5 thousand", "some 5"), ("about 1 in 5", "about 1"),
        ("about 1 in every 5", "about 1"), ("about half a million", "about half"), ("61-65% of", "65% of"),
        ("61-65% of", "61"), ("in 2018/19 for", "19 for"), ("in 2018/19 for", "in 2018"), ("at 10:30 in", "30 in"),
        ("section 1.2.3 on", "section 1.2"), ("the 5th of", "the 5"), ("2½ years", "½ years"), ("twenty-one people", "one people"),
        ("twenty one people", "one people"), ("two and a half years", "a half years"), ("network", "work"),
        ("working", "work"), ("people aged 5", "People aged 5"), ("(5%) of", "5% of men"), ("5% of men", ""), ("5% of men", "  "),
    ],
)  # fmt: skip
def test_a_part_of_a_word_or_number_is_not_found(text, fragment):
    assert state(text, fragment) == "not-found"


@pytest.mark.parametrize(
    ("text", "fragment", "found"),
    [
        ("so 15% of adults", "15% of adults", "exact"), ("(5%) of men", "(5%) of men", "exact"), ("(5%) of men", "5%", "exact"),
        ("5 to 10% of men", "5 to 10% of men", "exact"), ("61 to 65% of men", "65% of men", "exact"),
        ("a figure of 5. Then", "a figure of 5", "exact"), ("5, 6 and 7", "5", "exact"), ("p=0.5 for", "0.5 for", "exact"),
        ("take vitamin B12, often", "vitamin B12", "exact"), ("so “5%” of", 'so "5%" of', "folded"),
        ("2½ years", "2.5 years", "folded"), ("5 % of", "5% of", "folded"), ("long-\ndistance", "long-distance", "folded"),
        ("long-\ndistance", "longdistance", "folded"), ("long-distance", "long-distance", "exact"),
        ("well-\nknown long-\ndistance", "well-known longdistance", "folded"), ("ages 65-\n74", "ages 65-74", "folded"),
        ("people⁴ said", "people said", "folded"), ("people⁴ said", "people⁴ said", "exact"),
        ("nights,4 compared", "nights, compared", "folded"), ("nights,4 compared", "nights,4 compared", "exact"),
        ("2·5% of", "2.5% of", "folded"), ("one  page\f\nnext", "page next", "folded"),
    ],
)  # fmt: skip
def test_a_whole_passage_is_found(text, fragment, found):
    passage = locate(document(f"Here {text} there"), fragment)
    assert passage.state == found
    assert passage.places == 1


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("longdistance", "long-distance"), ("long-distance", "longdistance"), ("ages 65-\n74", "ages 6574"),
        ("people⁴ said", "people⁵ said"), ("nights,4 compared", "nights,5 compared"), ("people said", "people⁴ said"),
        ("a note5 here", "a note6 here"), ("5²3 here", "53 here"), ("2⅓ here", "21/3 here"),
        ("a fragment", "a \u200bfragment"), ("a fragment", "ａ fragment"), ("a fragment", "a frаgment"),
    ],
)  # fmt: skip
def test_what_reads_otherwise_is_not_found(text, fragment):
    assert state(f"Here {text} there", fragment) == "not-found"


def test_the_source_of_a_passage_is_what_was_printed():
    text = "Of all oﬃce staff, 23·5%\nof “night” nurses² said so."
    passage = locate(document(text), '23.5% of "night" nurses')
    assert text[passage.source_start : passage.source_end] == "23·5%\nof “night” nurses"


TWICE = "In 2019, 9.0% of teachers slept. In 2021, 9.0% of teachers slept. 1. Annex. Again 9.0% of teachers ate."


def test_a_fragment_in_several_places_is_ambiguous_and_counted():
    passage = locate(document(TWICE), "9.0% of teachers")
    assert (passage.state, passage.places) == (State.AMBIGUOUS, 3)


@pytest.mark.parametrize(
    ("words", "place"),
    [({"prefix": "In 2021,"}, 1), ({"suffix": "ate."}, 2), ({"after": "1. Annex."}, 2), ({"prefix": "Again"}, 2)],
)
def test_the_words_beside_it_say_which(words, place):
    starts = [match.start() for match in re.finditer("9.0%", TWICE)]
    passage = locate(document(TWICE), "9.0% of teachers", **words)
    assert passage.source_start == starts[place]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({"prefix": "In 1921,"}, "not-found"),
        ({"prefix": "n 2021,"}, "not-found"),
        ({"suffix": "sle"}, "not-found"),
        ({"prefix": "2021, 9.0% of teachers slept."}, "not-found"),
        ({"after": "9.0% of teachers"}, "ambiguous"),
        ({"after": "2. Annex"}, "not-found"),
        ({"after": "teachers ate."}, "not-found"),
    ],
)
def test_words_that_do_not_stand_there_whole_find_nothing(words, expected):
    assert state(TWICE, "9.0% of teachers", **words) == expected


def test_a_single_true_place_among_a_thousand_false_ones_is_found():
    passage = locate(document("15% of adults and " * 1500 + "5% of adults too"), "5% of adults")
    assert passage.state == State.EXACT
    assert locate(document("15% of adults " * 1500 + "5% of adults, 5% of adults"), "5% of adults").places == 2


def test_a_long_text_is_searched_like_a_short_one():
    filler = "word " * 60_000
    text = f"{filler}15% of adults {filler}- 5% of adults - {filler}"
    for fragment, found in [
        ("5% of adults", "exact"),
        ("15% of adults", "exact"),
        ("25% of adults", "not-found"),
        ("%", "not-found"),
    ]:
        assert state(text, fragment) == found, fragment


def test_a_similar_passage_is_only_a_hint_with_its_line():
    text = document("First line.\nThen 23.5% of nurses slept badly.\nEnd.")
    assert locate(text, "23.6% of nurses slept badly").state == State.NOT_FOUND
    similar = similar_passage(text, "23.6% of nurses slept badly")
    assert (similar.line, similar.page) == (2, None)
    assert "23.5% of nurses" in similar.words
    assert "line 2" in str(similar)
    assert similar_passage(text, "Quite another matter altogether, never written") is None


WORD = st.sampled_from(
    ["adults", "of", "who", "slept", "badly", "in", "nurses", "area", "the", "and", "long-distance", "said"]
)
NUMBER = st.one_of(
    st.integers(0, 99_999).map("{:,}".format),
    st.decimals(0, 100, places=1).map("{}%".format),
    st.integers(1, 500).map("£{}".format),
    st.tuples(st.integers(1, 40), st.integers(41, 99)).map("{0[0]}-{0[1]}%".format),
)
SENTENCE = st.lists(st.one_of(WORD, WORD, NUMBER), min_size=4, max_size=40)


@settings(deadline=None)
@given(SENTENCE, st.data())
def test_any_fragment_of_whole_tokens_is_found(tokens, data):
    text = "Report. " + ". ".join(tokens) + ". End."  # full stops: no number can run on
    first = data.draw(st.integers(0, len(tokens) - 1))
    last = data.draw(st.integers(first + 1, min(len(tokens), first + 8)))
    fragment = ". ".join(tokens[first:last])
    passage = locate(document(text), fragment)
    assert passage.state in (State.EXACT, State.AMBIGUOUS)
    assert passage.places == len(re.findall(rf"(?<=\. )(?={re.escape(fragment)}\.)", text))


@settings(deadline=None)
@given(SENTENCE, st.data())
def test_no_changed_digit_is_found_unless_it_stands_elsewhere(tokens, data):
    text = "Report " + " ".join(tokens) + " end"
    first = data.draw(st.integers(0, len(tokens) - 1))
    last = data.draw(st.integers(first + 1, min(len(tokens), first + 8)))
    fragment = " ".join(tokens[first:last])
    digits = [place for place, char in enumerate(fragment) if char.isdigit()]
    assume(digits)
    place = data.draw(st.sampled_from(digits))
    changed = fragment[:place] + data.draw(st.sampled_from("0123456789")) + fragment[place + 1 :]
    assume(changed != fragment)
    assume(changed not in text)
    assert state(text, changed) == "not-found"


@settings(deadline=None)
@given(SENTENCE, st.data())
def test_no_dropped_or_added_sign_is_found(tokens, data):
    text = "Report " + " ".join(tokens) + " end"
    fragment = " ".join(tokens)
    numbers = list(re.finditer(r"£?\d[\d,.%-]*", fragment))
    assume(numbers)
    chosen = data.draw(st.sampled_from(numbers))
    number = chosen[0]
    ways = ["-" + number, "<" + number, "£" + number, number + "%", number + "0", "1" + number, number[:-1], number[1:],
            number.replace(",", ""), number.replace(".", ""), number.replace(".", ","), number.replace("-", "")]  # fmt: skip
    changed = data.draw(st.sampled_from([way for way in ways if way != number]))
    spoilt = fragment[: chosen.start()] + changed + fragment[chosen.end() :]
    assume(spoilt.strip() not in text)
    assert state(text, spoilt) == "not-found"


@settings(deadline=None)
@given(SENTENCE, st.data(), st.integers(0, 10_000))
def test_harmless_changes_of_a_document_still_match(corruptions, tokens, data, seed):
    text = "Report. The office of “nurses” fills five flats. " + ". ".join(tokens) + ". End."
    name = data.draw(st.sampled_from(sorted(corruptions.HARMLESS)))
    changed = document(corruptions.HARMLESS[name](text, random.Random(seed)))  # noqa: S311
    for fragment in ('The office of "nurses" fills five flats', ". ".join(tokens)):
        assert locate(changed, fragment).state.passes, name


@settings(deadline=None)
@given(st.text(max_size=100), st.text(max_size=30), st.text(max_size=10))
def test_any_text_can_be_searched_for_anything(text, fragment, beside):
    passage = locate(document(text), fragment, beside, None, None)
    assert 0 <= passage.source_start <= passage.source_end <= len(text)
    assert locate(document(text), fragment, None, beside, beside).state in State
