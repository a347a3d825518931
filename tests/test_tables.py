"""Published tables: the CSV is read as printed, and a row is found only under its own label, whole and in order."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidencebase.model.tables import TableSpec
from evidencebase.problems import Place
from evidencebase.provenance.rows import NumberIndex
from evidencebase.reading.tables import Row, Table, fill, read_table
from test_passages import document

CSV = "evidence/tables/northshire-report-table-1.csv"
LOADER = "loaders/northshire-report-table-1.yml"
REPORT = "documents/northshire-report.txt"
SPEC = {
    "table": "table-1", "document": "report", "file": "table.csv", "key": "group", "label": "printed",
    "columns": {"population": {"unit": "persons"}, "rate": {"unit": "percent"}},
}  # fmt: skip
HEAD = "group,printed,population,rate\n"


def table(tmp_path, text, **changes):
    """The table of a CSV with the problems of reading it."""
    file = tmp_path / "table.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    spec = TableSpec.model_validate(SPEC | changes)
    return read_table(spec, b"spec", file, "table.csv")


def test_numbers_stay_as_printed_and_cells_know_their_place(tmp_path):
    made, problems = table(tmp_path, HEAD + 'nurses,"Nurses, all","1,200",23.50%\n\nteachers,Teachers,,9.0%\n')
    assert problems == []
    assert made.rows["nurses"].cells == {
        "group": "nurses",
        "printed": "Nurses, all",
        "population": "1,200",
        "rate": "23.50%",
    }
    assert made.rows["nurses"].places["population"] == Place("table.csv", 2, 22)
    assert made.rows["nurses"].places["rate"] == Place("table.csv", 2, 30)
    assert made.rows["teachers"].places["group"] == Place("table.csv", 4, 1)
    assert made.numbers(made.rows["teachers"]) == [("rate", "9.0%")]


def test_a_quoted_cell_over_two_lines_keeps_the_lines_of_those_below(tmp_path):
    made, problems = table(tmp_path, HEAD + 'nurses,"Nurses\nand all","1,200",23.5%\nteachers,T,5,x\n')
    assert made.rows["nurses"].cells["printed"] == "Nurses\nand all"
    assert [(problem.code, problem.line, problem.place.column) for problem in problems] == [("shape-csv-number", 4, 14)]


@pytest.mark.parametrize(
    "text", [b"\xef\xbb\xbf" + HEAD.encode() + b"a,A,1,2%\n", HEAD.replace("\n", "\r\n") + "a,A,1,2%\r\n"]
)
def test_a_byte_order_mark_and_other_line_ends_change_nothing(tmp_path, text):
    made, problems = table(tmp_path, text)
    assert problems == []
    assert made.rows["a"].cells["rate"] == "2%"


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "says"),
    [
        ("", "shape-csv-header", 1, 1, "empty"),
        ("group,printed,rate,population\n", "shape-csv-header", 1, 1, "in that order"),
        ("group,printed,population\n", "shape-csv-header", 1, 1, "population"),
        ("group,printed,population,rate,rate\n", "shape-csv-header", 1, 1, "in that order"),
        ("group;printed;population;rate\n", "shape-csv-header", 1, 1, "in that order"),
        (HEAD + "nurses,Nurses,1,200,23.5%\n", "shape-csv-row", 2, 1, "5 cells under 4 headings"),
        (HEAD + "nurses,Nurses,23.5%\n", "shape-csv-row", 2, 1, "3 cells under 4 headings"),
        (HEAD + "a,A,1,2%\na,B,3,4%\n", "shape-duplicate-row", 3, 1, "'a' stands twice"),
        (HEAD + ",A,1,2%\n", "shape-duplicate-row", 2, 1, "empty"),
        (HEAD + "a,A,=1+1,2%\n", "shape-csv-number", 2, 5, "'=1+1' in column population"),
        (HEAD + "a,A,@SUM(A1),2%\n", "shape-csv-number", 2, 5, "not one number"),
        (HEAD + "a,A,+cmd|' /C calc'!A0,2%\n", "shape-csv-number", 2, 5, "not one number"),
        (HEAD + "a,A,1 2,2%\n", "shape-csv-number", 2, 5, "not one number"),
        (HEAD + "a,A,n/a,2%\n", "shape-csv-number", 2, 5, "'n/a'"),
        (HEAD + 'a,A,"1,2345",2%\n', "shape-csv-number", 2, 5, "'1,2345'"),
        (HEAD + 'a,"A,1,2%\n', "shape-csv", 1, 1, ""),
        (HEAD + 'a,"A"x,1,2%\n', "shape-csv", 1, 1, ""),
        (HEAD.encode() + b"a,Caf\xe9,1,2%\n", "shape-encoding", 1, 1, "not UTF-8"),
    ],
)
def test_a_csv_that_does_not_fit_is_a_problem_with_its_place(tmp_path, text, code, line, column, says):
    _, problems = table(tmp_path, text)
    assert [(problem.code, problem.line, problem.place.column) for problem in problems] == [(code, line, column)]
    assert says in problems[0].message
    assert problems[0].hint
    assert problems[0].record == "report-table-1"


def test_a_missing_or_huge_table_is_a_problem(tmp_path):
    spec = TableSpec.model_validate(SPEC)
    assert read_table(spec, b"", tmp_path / "no.csv", "no.csv")[1][0].code == "shape-unreadable"
    with (tmp_path / "huge.csv").open("wb") as stream:
        stream.truncate(10 * 1024**3)
    assert read_table(spec, b"", tmp_path / "huge.csv", "huge.csv")[1][0].code == "shape-too-large"


def test_what_a_review_seals_changes_with_what_spec_and_file_say_and_not_with_their_bytes(tmp_path):
    row = "a,A,1,2%\n"
    whole = table(tmp_path, HEAD + row)[0].digest
    assert table(tmp_path, HEAD.replace(",", ", ").replace("\n", "\r\n") + 'a,"A",1,"2%"\r\n')[0].digest == whole
    assert table(tmp_path, HEAD + row, values={})[0].digest == whole
    others = [
        table(tmp_path, HEAD + "a,A,1,3%\n")[0],
        table(tmp_path, HEAD + "a,A,1,2.0%\n")[0],
        table(tmp_path, HEAD + "a,B,1,2%\n")[0],
        table(tmp_path, HEAD + "b,A,1,2%\n")[0],
        table(tmp_path, HEAD + row + "b,B,1,2%\n")[0],
        table(tmp_path, HEAD + row, locator="Table 2")[0],
        table(tmp_path, HEAD + row, columns={"population": {"unit": "persons"}, "rate": {"unit": "persons"}})[0],
        table(tmp_path, "group,printed,rate,population\na,A,2%,1\n",
              columns={"rate": {"unit": "percent"}, "population": {"unit": "persons"}})[0],
    ]  # fmt: skip
    assert len({whole, *(other.digest for other in others)}) == 1 + len(others)


def test_a_template_is_filled_and_an_unknown_name_stays_to_be_seen():
    assert fill({"id": "{a}-x", "to": ["{b}", 5]}, {"a": "n"}) == {"id": "n-x", "to": ["{b}", 5]}


PRINTED = """
Table 1: A table

Nurses and
carers 1,200 23.5%
Teachers | 2,400 | 9.0%
Drivers: 300 31%
Others

400

5%
"""


def found(text, label, *numbers, **changes):
    """The place of a row with these numbers under this label."""
    spec = TableSpec.model_validate(SPEC | changes)
    row = Row("r", {"group": "r", "printed": label} | dict(zip(("population", "rate"), numbers, strict=True)), {})
    made = Table(spec, Place("t.csv", 1, 1), {"r": row}, "0")
    return NumberIndex(document(text)).row(made, row)


@pytest.mark.parametrize(
    ("label", "numbers"),
    [
        ("Nurses and carers", ("1,200", "23.5%")), ("carers", ("1,200", "23.5%")), ("Teachers", ("2,400", "9.0%")),
        ("Drivers", ("300", "31%")), ("Others", ("400", "5%")), ("Drivers", ("300", "")),
    ],
)  # fmt: skip
def test_a_row_is_found_under_its_label_whatever_stands_between_its_cells(label, numbers):
    place = found(PRINTED, label, *numbers)
    assert place.passage.state.passes, place.why
    assert [each.printed for cell in place.cells.values() for each in cell] == [number for number in numbers if number]


@pytest.mark.parametrize(
    ("label", "numbers"),
    [
        ("Nurses and carers", ("2,400", "9.0%")), ("Teachers", ("1,200", "23.5%")), ("Teachers", ("9.0%", "2,400")),
        ("Teachers", ("2,400", "9%")), ("Teachers", ("2,400", "9.0")), ("Teachers", ("2400", "9.0%")), ("Teachers", ("400", "9.0%")),
        ("Teachers", ("2,400", "31%")), ("eachers", ("2,400", "9.0%")), ("Teacher", ("2,400", "9.0%")), ("Teachers", ("", "9.0%")),
        ("Nurses", ("1,200", "23.5%")), ("Teachers", ("", "")),
    ],
)  # fmt: skip
def test_another_rows_numbers_another_order_or_half_a_label_are_not(label, numbers):
    place = found(PRINTED, label, *numbers)
    assert place.passage.state == "not-found"
    assert place.why
    assert place.cells == {}


def test_words_between_the_cells_are_not_a_row():
    assert found("Teachers 2,400 and then 9.0% of", "Teachers", "2,400", "9.0%").passage.state == "not-found"


def test_a_row_in_two_places_is_ambiguous_until_a_caption_says_which():
    twice = f"Table 0: An old table\n{PRINTED}\n".replace("Table 1: A table", "Teachers 2,400 9.0%\nTable 1: A table")
    assert found(twice, "Teachers", "2,400", "9.0%").passage.state == "ambiguous"
    place = found(twice, "Teachers", "2,400", "9.0%", caption="Table 1: A table")
    assert place.passage.state.passes
    assert place.passage.start > twice.index("Table 1") - 10


def test_a_row_of_a_base_that_stands_twice_is_an_error_of_its_own(base):
    base.change(REPORT, "Teachers 2,400 9.0% 216", "Nurses 1,200 23.5% 282\nTeachers 2,400 9.0% 216")
    base.rehash()
    assert "anchor-ambiguous" in base.codes("anchor")


def test_a_table_without_its_file_or_with_another_header_is_a_problem_of_the_base(base):
    base.change(CSV, "group,printed,population", "group,population,printed")
    assert "shape-csv-header" in base.codes("shape")
    (base.folder / CSV).unlink()
    assert any(code.startswith("shape") for code in base.codes("shape"))


def test_the_table_of_a_base_cannot_lie_outside_it(base):
    outside = base.folder.parent / "table.csv"
    outside.write_text(base.read(CSV))
    base.change(LOADER, f"file: {CSV}", "file: ../table.csv")
    assert [code for code in base.codes() if code.startswith("shape")]


def test_a_formula_is_no_number_in_a_base(base):
    base.change(CSV, ",282", ",=141*2")
    assert "shape-csv-number" in base.codes("shape")


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_a_table_or_a_problem(tmp_path_factory, text):
    made, problems = table(tmp_path_factory.mktemp("t"), text.encode("utf-8", "replace"))
    assert problems or made.rows is not None
    assert made is not None or problems


@settings(deadline=None)
@given(st.text(alphabet='a,1%"\n\r ', max_size=60))
def test_any_heap_of_csv_signs_is_a_table_or_a_problem(tmp_path_factory, text):
    made, problems = table(tmp_path_factory.mktemp("t"), HEAD + text)
    assert made is not None or problems
    assert all(problem.line for problem in problems)
