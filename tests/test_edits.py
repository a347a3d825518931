"""A text edit changes the field it names and no other byte."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidencebase.reading.edits import Edit, as_flow, edited
from evidencebase.reading.yaml import parse_yaml


@pytest.mark.parametrize(
    ("before", "path", "fields", "after"),
    [
        ("- id: a\n  old: about\n  z: 1\n", (0, "old"), {"new": ["about"]}, "- id: a\n  new: [about]\n  z: 1\n"),
        ("- {id: a, old: about, z: 1}\n", (0, "old"), {"new": ["about"]}, "- {id: a, new: [about], z: 1}\n"),
        ("- id: a\n  old: 5 # why\n  z: 1\n", (0, "old"), {"new": 5, "x": 6}, "- id: a\n  new: 5 # why\n  x: 6\n  z: 1\n"),
        ("- id: a\n  old: 5\n  z: 1\n", (0, "old"), {}, "- id: a\n  z: 1\n"),
        ("- id: a\n  old: 5  # why\n  z: 1\n", (0, "old"), {}, "- id: a\n  # why\n  z: 1\n"),
        ("- {id: a, old: 5, z: 1}\n", (0, "old"), {}, "- {id: a, z: 1}\n"),
        ("- {id: a, old: 5}\n", (0, "old"), {}, "- {id: a}\n"),
        ("- old: 5\n  id: a\n", (0, "old"), {"new": 5}, "- new: 5\n  id: a\n"),
        ("- id: a\n  old:\n    b: 1 # one\n    c: 2\n", (0, "old"), {"b": 1}, "- id: a\n  b: 1\n  # one\n"),
        ("- id: a\n  old: >-\n    long\n    words\n  z: 1\n", (0, "old"), {"new": "long words"},
         "- id: a\n  new: long words\n  z: 1\n"),
        ('- id: a\n  old: "quoted"\n', (0, "old"), {"new": "quoted"}, '- id: a\n  new: "quoted"\n'),
        ("- id: a\n  old: 14.0\n", (0, "old"), {"new": Decimal("14.0")}, "- id: a\n  new: 14.0\n"),
        ("- id: a\n  old:\n  z: 1\n", (0, "old"), {}, "- id: a\n  z: 1\n"),
        ("- id: a\n  old: null", (0, "old"), {}, "- id: a\n"),
        ("a:\n  - b: {old: 1}\n    c: 2\n", ("a", 0, "b", "old"), {"new": 1}, "a:\n  - b: {new: 1}\n    c: 2\n"),
    ],
)  # fmt: skip
def test_only_the_field_named_is_written_anew(before, path, fields, after):
    assert edited(before, [Edit(path, fields)]) == after
    windows = edited(before.replace("\n", "\r\n"), [Edit(path, fields)])
    assert windows == after.replace("\n", "\r\n")
    assert edited("\ufeff" + before, [Edit(path, fields)]) == "\ufeff" + after


def test_many_edits_of_one_text_do_not_move_each_other():
    text = "- {id: a, x: 1, y: 2}\n# between\n- id: b\n  x: 1\n  y: 2\n"
    found = edited(
        text, [Edit((0, "x"), {"longer": 1}), Edit((1, "x"), {}), Edit((0, "y"), {}), Edit((1, "y"), {"z": 3})]
    )
    assert found == "- {id: a, longer: 1}\n# between\n- id: b\n  z: 3\n"


def test_a_field_that_is_not_there_is_refused():
    with pytest.raises(KeyError):
        edited("- {id: a}\n", [Edit((0, "b"), {})])


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text("ab1-:#,[]{}'\"\\ \n%é£", max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("ab1-:", min_size=1, max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(values)
def test_what_is_written_on_one_line_is_read_as_it_was(value):
    read, problems = parse_yaml(f"- x: {as_flow(value)}\n", "file.yml")
    assert problems == []
    assert read.data == [{"x": value}]
