"""The parts of the site that need no server: marking figures, charts, citations, badges."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidencebase.bibliography.formats import FORMATS
from evidencebase.rendering import charts
from evidencebase.rendering.charts import Point
from evidencebase.rendering.text import badge, fts_query, highlighted, map_cell, marked, shown
from evidencebase.site.citations import bibliography

SOURCE = {
    "key": "a-2020",
    "authors": "Council of A",
    "publisher": "Council of A",
    "year": "2020",
    "title": "A Report",
    "doi": None,
    "url": "https://a.example",
    "bibtex": "@report{a-2020, author = {{Council of A}}, title = {A Report}, institution = {Council of A}, year = {2020}}",
}


@pytest.mark.parametrize(
    ("fragment", "value", "expected"),
    [
        ("7.7% of 16 to 24 year olds", "7.7", "<mark>7.7%</mark> of 16 to 24 year olds"),
        ("16-24 years 76,944 7.7% 5,925", "76944", "16-24 years <mark>76,944</mark> 7.7% 5,925"),
        ("between 61 and 65% of them", "61 to 65", "between <mark>61</mark> and <mark>65%</mark> of them"),
        ("about £2,500 each", "2500", "about <mark>£2,500</mark> each"),
        ("17.7% and 7.7%", "7.7", "17.7% and <mark>7.7%</mark>"),
        ("nothing to see", "7.7", "nothing to see"),
        ("<b>5%</b> & more", "5", "&lt;b&gt;<mark>5%</mark>&lt;/b&gt; &amp; more"),
    ],
)
def test_the_figure_is_marked_in_its_fragment(fragment, value, expected):
    assert marked(fragment, [value]) == expected


@given(st.text(max_size=90), st.lists(st.text(max_size=8), max_size=3))
def test_marking_never_changes_or_unescapes_the_words(fragment, values):
    html = str(marked(fragment, values))

    bare = html.replace("<mark>", "").replace("</mark>", "")
    assert "<" not in bare
    for name, char in (("&lt;", "<"), ("&gt;", ">"), ("&#39;", "'"), ("&#34;", '"'), ("&amp;", "&")):
        bare = bare.replace(name, char)
    assert bare == fragment


@pytest.mark.parametrize(
    ("words", "query"),
    [("16 to 24", '"16" "to" "24"'), ('a" OR *', '"a" "OR"'), ("7.7%", '"7.7"'), ('"', ""), ("", "")],
)
def test_words_people_type_become_a_query_without_operators(words, query):
    assert fts_query(words) == query


def test_strength_is_told_by_a_word_and_dots_and_not_by_colour_alone():
    assert "●●○</span> moderate" in badge("moderate")
    assert "not graded" in badge(None)
    assert "<i>" not in badge("<i>")


def test_an_empty_cell_of_the_map_says_so():
    assert "nothing in this edition" in map_cell(None, "/x")
    assert "strongest source weak" in map_cell(
        {"findings": 1, "claims": 0, "strongest": "weak", "says": "1 finding, strongest source weak"}, "/x"
    )


def test_highlights_keep_markup_as_text():
    assert highlighted("<b>\ue000lonely\ue001</b>") == "&lt;b&gt;<mark>lonely</mark>&lt;/b&gt;"


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [(7.5, "percent", "7.5%"), (1200, "gbp", "£1,200"), (None, "percent", ""), (3, None, "3")],
)
def test_numbers_are_shown_in_their_unit(value, unit, expected):
    assert shown(value, unit) == expected


def point(value=None, **more):
    return Point(
        **{"label": "nurses", "note": "England", "unit": "percent", "strength": "strong", "value": value, **more}
    )


def marks(svg: str) -> list[float]:
    return [float(x) for x in re.findall(r'<circle cx="([\d.]+)" cy="[\d.]+" r="6"', svg)]


def test_dots_stand_in_proportion_to_their_figures_from_zero():
    svg = charts.dot_plot([point(10.0), point(20.0), point(40.0)], "sleep").wide
    first, second, third = marks(svg)[:3]

    assert third - second == pytest.approx(2 * (second - first), abs=0.3)
    assert ">0%<" in svg
    assert ">40%<" in svg


def test_a_published_interval_is_drawn_and_a_missing_one_is_said():
    assert "lines: published interval" in charts.dot_plot([point(10.0, lower=8.0, upper=12.0)], "sleep").wide
    assert "precision unknown" in charts.dot_plot([point(10.0)], "sleep").wide


def test_the_mark_tells_the_strength_by_its_shape():
    shapes = {
        name: charts.dot_plot([point(10.0, strength=name)], "x").wide.split("<text")[-3] for name in ("strong", "weak")
    }

    assert 'class="mark"' in shapes["strong"]
    assert 'class="hollow"' in shapes["weak"]


def test_text_in_a_chart_is_escaped_and_clipped_to_its_room():
    svg = charts.dot_plot([point(10.0, label="<script>" * 40)], "<b>").wide

    assert "<script" not in svg
    assert "<title>&lt;b&gt;</title>" in svg
    assert "…" in svg


def test_undated_figures_are_left_out_of_a_timeline():
    assert charts.timeline([point(10.0)], "x") is None
    drawn = charts.timeline([point(10.0, period="2016-17"), point(20.0, period="2018")], "x")
    assert drawn is not None
    assert ">2016<" in drawn.wide
    assert ">2018<" in drawn.wide


@pytest.mark.parametrize("values", [[0.0], [-5.0, 5.0], [1e9], [0.001], []])
def test_a_chart_of_odd_figures_is_still_a_chart(values):
    svg = charts.dot_plot([point(value) for value in values], "x").wide

    assert svg.startswith("<svg")
    assert "nan" not in svg.lower().replace("finance", "")


def test_a_bar_is_drawn_for_percentages_only():
    row = {"value": 25.0, "low": None, "high": None, "unit": "percent", "interval_lower": 20.0, "interval_upper": 30.0}

    assert 'width="25"' in charts.bar(row)
    assert charts.bar({**row, "unit": "gbp"}) == ""


def test_a_bibliography_is_written_from_rows_of_sources():
    assert bibliography([SOURCE], FORMATS["ris"]).startswith("TY  - RPRT")
