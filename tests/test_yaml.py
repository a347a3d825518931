"""YAML 1.2 as records need it: what is written is what is read, and every value knows its place."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidencebase.model.records import Finding
from evidencebase.reading.shapes import make_from, record_id
from evidencebase.reading.yaml import MAX_DEPTH, parse_yaml, read_yaml


def make(model, source, path):
    """A model of the data at a path of a source, with its problems."""
    data = source.data
    for step in path:
        data = data[step]
    return make_from(model, data, lambda inner: source.place(path + inner), record_id(data))


def read(text):
    """The data of a text that has no problem."""
    source, problems = parse_yaml(text, "file.yml")
    assert problems == []
    return source.data


def codes(text):
    return [problem.code for problem in parse_yaml(text, "file.yml")[1]]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("NO", "NO"), ("no", "no"), ("yes", "yes"), ("on", "on"), ("y", "y"),
        ("true", True), ("False", False), ("null", None), ("~", None), ("", None),
        ("2018", 2018), ("-7", -7), ("+5", 5), ("0", 0),
        ("007", "007"), ("00.5", "00.5"), ("1_000", "1_000"), ("0x1F", "0x1F"), ("0o17", "0o17"), ("1:30", "1:30"),
        ("14.0", Decimal("14.0")), ("7.70", Decimal("7.70")), (".5", Decimal("0.5")), ("-.5", Decimal("-0.5")),
        ("2018-01-02", "2018-01-02"), ("2001-12-14t21:59:43.10-05:00", "2001-12-14t21:59:43.10-05:00"),
        ("1,200", "1,200"), ("23.5%", "23.5%"), ("'5'", "5"), ('"14.0"', "14.0"), ("|\n  5\n", "5\n"),
        ("1e3", Decimal("1E+3")), ("1e9999999999", "1e9999999999"), ("-1e-9999999999", "-1e-9999999999"),
        ("9" * 5000, "9" * 5000),
    ],
)  # fmt: skip
def test_a_scalar_is_what_was_written(written, value):
    data = read(f"value: {written}")
    assert data == {"value": value}
    assert type(data["value"]) is type(value)


def test_a_decimal_keeps_its_digits():
    assert str(read("value: 14.0")["value"]) == "14.0"
    assert str(read("value: 7.700")["value"]) == "7.700"


@pytest.mark.parametrize("written", [".nan", ".NaN", ".inf", "-.INF"])
def test_not_a_number_is_no_figure(written):
    source, _ = parse_yaml(f"id: a\nstatistic: prevalence\nmeasure: m\nvalue: {written}\nanchors: []\n", "file.yml")
    assert source.data["value"].is_nan()
    _, problems = make(Finding, source, ())
    assert any("finite" in problem.message and problem.line == 4 for problem in problems)


@pytest.mark.parametrize(
    ("written", "line"), [('"23.5"', 4), ("1_000", 4), ("no", 4), ("1,200", 4), ("true", 4), ("1e3", 4), ("1e99999", 4)]
)
def test_a_figure_that_is_no_plain_number_is_refused_at_its_place(written, line):
    source, _ = parse_yaml(f"id: a\nstatistic: prevalence\nmeasure: m\nvalue: {written}\n", "file.yml")
    record, problems = make(Finding, source, ())
    assert record is None
    (fault,) = [problem for problem in problems if problem.message.startswith("value")]
    assert (fault.line, fault.place.column, fault.record) == (line, 8, "a")
    assert fault.hint


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("a: 1\nb: 2\na: 3\n", "shape-duplicate-key", 3, 1),
        ("a: {b: 1, b: 2}\n", "shape-duplicate-key", 1, 11),
        ("a: &x 1\nb: *x\n", "shape-alias", 1, 4),
        ("b: *x\n", "shape-alias", 1, 4),
        ("a: !!python/object/apply:os.system [ls]\n", "shape-tag", 1, 4),
        ("a: !mine 5\n", "shape-tag", 1, 4),
        ("a: !!int '5'\n", "shape-tag", 1, 4),
        ("a: 1\n---\nb: 2\n", "shape-yaml", 2, 1),
        ("a: [1, 2\n", "shape-yaml", 2, 1),
        ("a: b: c\n", "shape-yaml", 1, 5),
        ("\ta: 1\n", "shape-yaml", 1, 1),
        ("? [1, 2]\n: x\n", "shape-yaml", 1, 3),
    ],
)
def test_what_records_do_not_use_is_a_problem_with_its_place(text, code, line, column):
    source, (problem,) = parse_yaml(text, "file.yml")
    assert source is None
    assert (problem.code, problem.line, problem.place.column, problem.path) == (code, line, column, "file.yml")
    assert problem.message
    assert problem.hint


def test_a_duplicate_key_names_the_line_of_the_first():
    _, (problem,) = parse_yaml("a: 1\nb: 2\na: 3\n", "file.yml")
    assert "first on line 1" in problem.message


@pytest.mark.parametrize("bomb", ["[" * 100_000, "- " * 50_000 + "x", "{a: " * 30 + "1" + "}" * 30])
def test_a_depth_bomb_is_refused_and_not_followed(bomb):
    assert codes(bomb) in (["shape-too-deep"], ["shape-yaml"])


def test_nesting_as_deep_as_allowed_is_read():
    assert codes("[" * MAX_DEPTH + "]" * MAX_DEPTH) == []
    assert codes("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)) == ["shape-too-deep"]


def test_a_billion_laughs_never_starts():
    lines = ["a0: &a0 [lol, lol]"]
    lines += [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]" for level in range(1, 10)]
    assert codes("\n".join(lines)) == ["shape-alias"]


@pytest.mark.parametrize(
    ("raw", "code", "says"),
    [
        ("a: Zoë\n".encode("latin-1"), "shape-encoding", "byte 5 is not UTF-8"),
        ("a: Zoë\n".encode("utf-16"), "shape-encoding", "byte 0 is not UTF-8"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "shape-encoding", "byte 0"),
        (b"a: x\x00y\n", "shape-invisible-character", "U+0000"),
    ],
)
def test_a_wrong_encoding_is_named_with_its_byte(tmp_path, raw, code, says):
    file = tmp_path / "file.yml"
    file.write_bytes(raw)
    source, problems = read_yaml(file, "evidence/file.yml")
    assert problems[0].code == code
    assert says in problems[0].message
    assert problems[0].path == "evidence/file.yml"
    assert source is None


def test_a_byte_order_mark_at_the_start_is_no_fault(tmp_path):
    (tmp_path / "file.yml").write_bytes(b"\xef\xbb\xbfa: 1\n")
    source, problems = read_yaml(tmp_path / "file.yml", "file.yml")
    assert (source.data, problems) == ({"a": 1}, [])


def test_a_missing_file_or_a_folder_is_a_problem_and_no_traceback(tmp_path):
    for path in (tmp_path, tmp_path / "absent.yml"):
        source, (problem,) = read_yaml(path, "file.yml")
        assert source is None
        assert problem.code == "shape-unreadable"


def test_a_huge_file_is_refused_by_its_size(tmp_path):
    file = tmp_path / "huge.yml"
    with file.open("wb") as stream:
        stream.truncate(10 * 1024**3)
    assert [problem.code for problem in read_yaml(file, "huge.yml")[1]] == ["shape-too-large"]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a: 1\nb: 2\u200b3\n", 2, 5),
        ("a: '１2'\n", 1, 5),
        ("a: x\ufeffy\n", 1, 5),
        ('a: 1\nb: "2\\u200b3"\n', 2, 4),
        ('a: 1\nb: "2\\x003"\n', 2, 4),
        ('"a\\u202e": 1\n', 1, 1),
    ],
)
def test_an_invisible_character_is_an_error_also_where_an_escape_makes_it(text, line, column):
    _, problems = parse_yaml(text, "file.yml")
    assert [(problem.code, problem.line, problem.place.column) for problem in problems] == [
        ("shape-invisible-character", line, column)
    ]


def test_a_file_full_of_invisible_characters_is_not_thousands_of_problems():
    assert len(codes("a: " + "\u200b" * 5_000)) == 20


NESTED = """\
- id: first
  statistic: prevalence
  measure: m
  value: 1.5
  anchors:
    - {document: d, fragment: one}
    - document: d
      fragment: two
      figures: {value: 0}
  interval:
    lower: 1
    upper: "2"
  study: s
  colour: red
"""


def test_every_nested_value_has_its_place():
    source, _ = parse_yaml(NESTED, "file.yml")
    assert source.place((0, "anchors", 1, "figures", "value")) == source.place((0, "anchors", 1, "figures", "value", 9))
    for path, line, column in [
        ((0,), 1, 3), ((0, "value"), 4, 10), ((0, "anchors", 0, "fragment"), 6, 31),
        ((0, "anchors", 1, "figures", "value"), 9, 24), ((0, "interval", "upper"), 12, 12), ((0, "absent"), 1, 3),
    ]:  # fmt: skip
        place = source.place(path)
        assert (place.line, place.column) == (line, column), path


def test_a_misfit_deep_inside_a_record_is_shown_where_it_stands():
    source, _ = parse_yaml(NESTED, "file.yml")
    record, problems = make(Finding, source, (0,))
    assert record is None
    found = {(problem.code, problem.line, problem.place.column) for problem in problems}
    assert ("shape-unknown-key", 14, 11) in found
    assert ("shape-value", 9, 24) in found
    assert ("shape-value", 12, 12) in found
    assert all(problem.record == "first" and problem.hint for problem in problems)


def test_a_missing_key_is_shown_at_the_record_that_lacks_it():
    source, _ = parse_yaml("- id: a\n- id: b\n  statistic: count\n", "file.yml")
    _, problems = make(Finding, source, (1,))
    assert {(problem.code, problem.line) for problem in problems} >= {("shape-missing", 2)}
    assert any("measure is missing" in problem.message for problem in problems)


@pytest.mark.parametrize(
    ("text", "kind"), [("- 5", "a number"), ("- x", "text"), ("- [a]", "a list"), ("- ", "nothing")]
)
def test_a_record_that_is_no_mapping_says_what_it_is(text, kind):
    source, _ = parse_yaml(text, "file.yml")
    record, (problem,) = make(Finding, source, (0,))
    assert record is None
    assert (problem.code, problem.line) == ("shape-mapping", 1)
    assert kind in problem.message


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read_or_is_a_problem(text):
    source, problems = parse_yaml(text, "file.yml")
    assert source is not None or problems
    assert all(problem.message and problem.hint for problem in problems)


@settings(deadline=None)
@given(st.text(alphabet="ab:- \n[]{}'\"#&*!|>%?,\\u0\t", max_size=80))
def test_any_heap_of_yaml_signs_is_read_or_is_a_problem(text):
    source, problems = parse_yaml(text, "file.yml")
    assert source is not None or problems


@settings(deadline=None)
@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9))
def test_a_written_decimal_comes_back_digit_for_digit(number):
    assert str(read(f"value: {number:f}")["value"]) == f"{number:f}"


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.lists(st.dictionaries(st.text(max_size=6), JSON_VALUES, max_size=4), min_size=1, max_size=4), st.booleans())
def test_a_list_of_lines_of_json_is_read_as_the_same_list_in_several_lines(items, ascii_only):
    """One item a line goes another way, which is faster: it must not tell by what is read, or refused."""
    lines = "".join(f"- {json.dumps(item, ensure_ascii=ascii_only)}\n" for item in items)
    quick, problems = parse_yaml(lines, "file.yml")
    slow, others = parse_yaml(f"{lines}- plain\n", "file.yml")
    assert [problem.code for problem in problems] == [problem.code for problem in others]
    assert (quick is None) == (slow is None)
    if quick is not None:
        assert quick.data == slow.data[:-1]
        assert [quick.place((index,)) for index in range(len(items))] == [
            slow.place((index,)) for index in range(len(items))
        ]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('- {"a": 1, "a": 2}', "shape-duplicate-key"),
        ('- {"a": "\\u200b"}', "shape-invisible-character"),
        ('- {"a": "\u200b"}', "shape-invisible-character"),
        ('- {"a": "b"', "shape-yaml"),
        ("- " + '{"a":' * 40 + "1" + "}" * 40, "shape-too-deep"),
        ('- {"a": *b}', "shape-alias"),
    ],
)
def test_what_is_wrong_in_a_line_of_json_is_said_with_its_place(line, code):
    _, problems = parse_yaml(f'# verdicts\n- {{"a": "b"}}\n{line}\n', "file.yml")
    assert [(problem.code, problem.place.line >= 3) for problem in problems] == [(code, True)]
