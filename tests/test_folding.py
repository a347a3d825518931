"""Folding: what a reader would call the same becomes the same, and no digit is lost."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidencebase.reading.folding import fold


@pytest.mark.parametrize(
    ("printed", "folded"),
    [
        ("oﬃce ﬂoor ﬁnd", "office floor find"),
        ("“so” ‘it’ is’nt «x»", '"so" \'it\' is\'nt "x"'),
        ("a–b — c − 5 ‐ ‑x", "a-b - c - 5 - -x"),
        ("wait…", "wait..."),
        ("co\u00adoperate", "cooperate"),
        ("co\u200boper\u2060ate\ufeff", "cooperate"),
        ("a  b\t c\n\n d\f e\u00a0f\u2009g", "a b c d e f g"),
        ("café", "café"),
        ("cafe\u0301", "café"),
        ("５０％", "50%"),
        ("15 %", "15%"),
        ("15\u00a0％", "15%"),
        ("2·5% and 3•5 and 4∙5", "2.5% and 3.5 and 4.5"),
        ("• first · second", "• first · second"),
        ("3⁄4 of", "3/4 of"),
    ],
)
def test_what_print_varies_is_folded(printed, folded):
    assert fold(printed).text == folded


@pytest.mark.parametrize(
    ("printed", "folded"),
    [
        ("½ of", "0.5 of"), ("2½ years", "2.5 years"), ("10¼%", "10.25%"), ("⅛", "0.125"), ("3¾", "3.75"),
        ("⅓ of", "1/3 of"), ("2⅓ of", "2 1/3 of"), ("about ⅔", "about 2/3"),
    ],
)  # fmt: skip
def test_vulgar_fractions_become_decimals_where_they_have_one(printed, folded):
    assert fold(printed).text == folded


@pytest.mark.parametrize(
    "kept", ["1 234", "£5", "-5", "+5", "<5%", ">5", "≤5", "1,234.5", "(5)", "[5]", "5%", "€5", "~5"]
)
def test_signs_currency_brackets_and_commas_are_kept(kept):
    assert fold(kept).text == kept


def test_white_space_never_groups_thousands():
    for space in (" ", "\u00a0", "\u2009", "\u202f", "\n"):
        assert fold(f"1{space}234").text == "1 234"


@pytest.mark.parametrize(
    ("printed", "without", "kept"),
    [
        ("long-\ndistance", "longdistance", True),
        ("long-\n   distance", "longdistance", True),
        ("long\u00ad\ndistance", "longdistance", True),
        ("long-\n\f\ndistance", "longdistance", True),
        ("65-\n74", "65-74", False),
        ("x-\n5", "x-5", False),
        ("5-\nyear", "5-year", False),
        ("½-\nyear", "0.5-year", False),
        ("well-known", "well-known", False),
        ("a -\nb", "a - b", False),
    ],
)
def test_a_hyphen_at_a_lines_end_is_optional_between_letters_and_kept_beside_a_digit(printed, without, kept):
    folded = fold(printed)
    assert folded.text == without
    assert ("\ue000" in folded.marked) is kept


@pytest.mark.parametrize(
    ("printed", "without"),
    [
        ("people⁴ said", "people said"),
        ("11⁴ people", "11 people"),
        ("word¹² next", "word next"),
        ("most nights,4 compared", "most nights, compared"),
        ("so it ended.12\nThen", "so it ended. Then"),
        ("(95%)3 were", "(95%) were"),
        ("about 95%4 were", "about 95% were"),
        ("people5 said", "people said"),
        ("they said?1", "they said?"),
    ],
)
def test_a_footnote_number_is_skipped(printed, without):
    folded = fold(printed)
    assert folded.text == without
    assert any("\ue010" <= char <= "\ue019" for char in folded.marked)


@pytest.mark.parametrize(
    "printed",
    ["8.5,4 compared", "2018.5 x", "2,954 people", "10 4 x", "p<.05 and", "p=.05 and", "(.5 of", "H2O", "PM2.5 x", "note 4 x", "x4-5 y", "b123 x"],
)  # fmt: skip
def test_a_digit_beside_a_digit_or_an_operator_is_never_a_footnote(printed):
    assert fold(printed).text == printed


@pytest.mark.parametrize("printed", ["5²3", "5².3", "5⁴,000", "5½3", "½5", "5①", "①②", "5₂", "5⑳"])
def test_no_two_numbers_are_made_one(printed):
    assert fold(printed).text == printed


def test_a_documents_own_private_characters_pass_for_nothing():
    assert fold("2\ue0003.5 \ue0155").text == "2\ufffd3.5 \ufffd5"


def test_digits_at_the_end_of_a_cut_are_no_note():
    assert fold("vitamin B12").text == "vitamin B"
    assert fold("vitamin B12", goes_on=True).text == "vitamin B12"
    assert fold("people5 take B12", goes_on=True).text == "people take B12"


def test_renditions_that_differ_in_nothing_that_counts_have_one_digest():
    assert fold("a  “fine”\nday").digest == fold('a "ﬁne" day').digest
    assert fold("a fine day").digest != fold("a fine 5 day").digest
    assert fold("long-\ndistance").digest != fold("longdistance").digest


def test_a_note_alone_between_spaces_leaves_one_space():
    assert fold("it ended ⁴ there").text == "it ended there"
    assert fold("it ended ⁴").text == "it ended "


def test_every_folded_character_leads_back_to_its_own():
    source = "A “quote” of 2⅓ oﬃces… with   café,4 and 5 % of long-\ndistance 1·5 x² end"
    folded = fold(source)
    for word in ("quote", "2 1/3", "offices", "with", "and", "5%", "1.5", "end"):
        start = folded.text.index(word)
        first, last = folded.span(start, start + len(word))
        assert fold(source[first:last]).text == word


PIECES = {
    "oﬃce": "office", "“so”": '"so"', "2⅓": "2 1/3", "2½": "2.5", "½": "0.5", "cafe\u0301": "café", "café": "café",
    "5 %": "5%", "５％": "5%", "long-\ndistance": "longdistance", "co\u00adop": "coop", "1·5": "1.5", "so…": "so...",
    "65-\n74": "65-74", "1,234": "1,234", "£5m": "£5m", "<5%": "<5%", "–": "-", "(x)": "(x)", "7": "7", "word": "word",
}  # fmt: skip
NOTED = {"word⁴": "word", "word¹²": "word", "end.4": "end.", "(95%)3": "(95%)", "62⁵": "62", "so,⁴": "so,"}
SPACES = st.sampled_from([" ", "  ", "\n", "\u00a0", "\u2009", " \n\f\n ", " \u200b "])
PRINT = st.lists(st.tuples(st.sampled_from([*PIECES, *NOTED]), SPACES), min_size=1, max_size=20)


@settings(deadline=None)
@given(PRINT)
def test_every_piece_of_print_folds_and_leads_back_to_itself(pieces):
    folded = fold("".join(piece + space for piece, space in pieces))
    end = 0
    for piece, _ in pieces:
        wanted = PIECES.get(piece) or NOTED[piece]
        start = folded.text.index(wanted, end)
        assert not folded.text[end:start].strip()
        end = start + len(wanted)
        first, last = folded.span(start, end)
        found = folded.source[first:last]
        assert found == piece if piece in PIECES else piece.startswith(found) and fold(found).text == wanted
    assert not folded.text[end:].strip()


@settings(deadline=None)
@given(PRINT)
def test_folding_its_own_text_changes_nothing(pieces):
    once = fold("".join(piece + space for piece, space in pieces)).text
    assert fold(once).text == once


@settings(deadline=None)
@given(st.text(alphabet="abz ABZ0123456789.,%£€$<>()-+:;!?'\"/\n\t½⅓¾⁴²“”‘’–—−ﬁﬃ…\u00a0\u2009·•éßπ", max_size=120))
def test_offsets_are_in_order_and_lead_into_the_source(text):
    folded = fold(text)
    spans = [folded.span(index, index + 1) for index in range(len(folded.text))]
    assert all(0 <= first < last <= len(text) for first, last in spans)
    assert spans == sorted(spans)
    for char, (first, last) in zip(folded.text, spans, strict=True):
        if char.isascii() and char.isalnum() and text[first].isascii() and not text[first].isspace():
            assert text[first] == char, (char, text[first:last])


@settings(deadline=None)
@given(st.text(alphabet="abc 0123456789.,%£<>()–—“”’\n\u00a0ﬁ⁴²·", max_size=120))
def test_no_digit_is_ever_lost(text):
    folded = fold(text)
    digits = Counter(char for char in text if char in "0123456789")
    superscripts = Counter({"4": text.count("⁴"), "2": text.count("²")})
    notes = Counter(str(ord(char) - 0xE010) for char in folded.marked if "\ue010" <= char <= "\ue019")
    raised = Counter({"4": folded.text.count("⁴"), "2": folded.text.count("²")})
    shown = Counter(char for char in folded.text if char in "0123456789")
    assert digits + superscripts == shown + notes + raised


@settings(deadline=None)
@given(st.text(alphabet="0123456789.,% \n⁴²½", max_size=60))
def test_numbers_are_never_joined(text):
    runs = set(re.findall(r"[0-9]+", text)) | {"0", "5"}  # of ½
    assert set(re.findall(r"[0-9]+", fold(text).text)) <= runs


@settings(deadline=None)
@given(st.text(max_size=120))
def test_any_text_can_be_folded(text):
    folded = fold(text)
    assert len(folded.digest) == 64
    for index in range(len(folded.text)):
        first, last = folded.span(index, index + 1)
        assert 0 <= first < last <= len(text)


@settings(deadline=None)
@given(st.text(alphabet="ab -\u00ad\n", max_size=40), st.text(alphabet="xyz -", max_size=20))
def test_words_broken_at_a_lines_end_read_like_words_that_are_not(left, right):
    broken = fold(f"{left}word-\nend{right}")
    whole = fold(f"{left}wordend{right}")
    assert broken.text == whole.text
