"""A text edit changes the field it names and no other byte."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidencebase.reading.edits import Added, Ahead, Edit, as_flow, edited
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


@pytest.mark.parametrize(
    ("before", "edit", "after"),
    [
        ("- id: a\n  of:\n    - {x: 1}\n  z: 1\n", Added((0, "of"), [{"x": 2}]), "- id: a\n  of:\n    - {x: 1}\n    - {x: 2}\n  z: 1\n"),
        ("- id: a\n  of:\n  - x: 1 # one\n    y: 2 # two\n  # of z\n  z: 1\n", Added((0, "of"), [{"x": 2}]),
         "- id: a\n  of:\n  - x: 1 # one\n    y: 2 # two\n  - {x: 2}\n  # of z\n  z: 1\n"),
        ("- id: a\n  of:\n    -\n      x: >-\n        long\n        words\n", Added((0, "of"), [1, 2]),
         "- id: a\n  of:\n    -\n      x: >-\n        long\n        words\n    - 1\n    - 2\n"),
        ("- {id: a, of: [{x: 1}], z: 1}\n", Added((0, "of"), [{"x": 2}]), "- {id: a, of: [{x: 1}, {x: 2}], z: 1}\n"),
        ("- id: a\n  of: [{x: 1},] # why\n", Added((0, "of"), [{"x": 2}]), "- id: a\n  of: [{x: 1}, {x: 2},] # why\n"),
        ("- id: a\n  of: [\n    {x: 1}, # one\n    {x: 2} # two\n  ]\n", Added((0, "of"), [{"x": 3}]),
         "- id: a\n  of: [\n    {x: 1}, # one\n    {x: 2},\n    {x: 3} # two\n  ]\n"),
        ("- id: a\n  of: [1]", Added((0, "of"), ["b: c"]), '- id: a\n  of: [1, "b: c"]'),
        ("- id: a\n  of:\n    - 1", Added((0, "of"), [2]), "- id: a\n  of:\n    - 1\n    - 2"),
        ("- id: a\n", Added((), [{"id": "b"}]), "- id: a\n- {id: b}\n"),
        ("- id: a\n  of:\n    - 1\n", Ahead((0, "of"), {"n": "x", "m": [1]}), "- id: a\n  n: x\n  m: [1]\n  of:\n    - 1\n"),
        ("- of:\n    - 1\n", Ahead((0, "of"), {"n": "x"}), "- n: x\n  of:\n    - 1\n"),
        ("- {id: a, of: [1]}\n", Ahead((0, "of"), {"n": "x"}), "- {id: a, n: x, of: [1]}\n"),
    ],
)  # fmt: skip
def test_what_is_added_leaves_every_other_byte(before, edit, after):
    assert edited(before, [edit]) == after
    assert edited(before.replace("\n", "\r\n"), [edit]) == after.replace("\n", "\r\n")
    assert edited("\ufeff" + before, [edit]) == "\ufeff" + after


def test_a_list_without_an_item_is_refused():
    with pytest.raises(KeyError):
        edited("- {id: a, of: []}\n", [Added((0, "of"), [1])])


def test_many_edits_of_one_text_do_not_move_each_other():
    text = "- {id: a, x: 1, y: 2}\n# between\n- id: b\n  x: 1\n  y: 2\n"
    found = edited(
        text, [Edit((0, "x"), {"longer": 1}), Edit((1, "x"), {}), Edit((0, "y"), {}), Edit((1, "y"), {"z": 3})]
    )
    assert found == "- {id: a, longer: 1}\n# between\n- id: b\n  z: 3\n"
    lists = "- of: [1]\n- of: [1]\n"
    found = edited(lists, [Added((1, "of"), [2]), Added((0, "of"), [2]), Ahead((1, "of"), {"n": 1})])
    assert found == "- of: [1, 2]\n- n: 1\n  of: [1, 2]\n"


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
