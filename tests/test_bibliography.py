"""Bibliographies as people write them: what is read, and what is said of each fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidencebase.bibliography import (
    Bibliography,
    Entry,
    Name,
    check_bibliography,
    likely_duplicates,
    parse_bibtex,
    read_bibtex,
)
from evidencebase.bibliography import parse as parse_module
from evidencebase.problems import EvidenceError, Problem, Severity

if TYPE_CHECKING:
    from pathlib import Path


def one(text: str) -> Entry:
    bibliography, problems = parse_bibtex(text)
    assert [p for p in problems if p.severity is Severity.ERROR] == []
    (entry,) = bibliography
    return entry


def codes(problems: list[Problem]) -> list[str]:
    return [problem.code for problem in problems]


def faults(text: str) -> tuple[Bibliography, list[tuple[str, int | None, int | None]]]:
    bibliography, problems = parse_bibtex(text, "sources.bib")
    assert all(problem.path == "sources.bib" and problem.hint for problem in problems)
    return bibliography, [(problem.code, problem.line, problem.column) for problem in problems]


# -- what BibTeX takes


def test_entry_knows_its_key_type_fields_and_place() -> None:
    entry = one("% remark\n\n  @Article{Smith2020,\n  Title = {Loneliness},\n  YEAR = 2020\n}\n")
    assert (entry.key, entry.type, entry.line, entry.column) == ("Smith2020", "article", 3, 3)
    assert dict(entry.fields) == {"title": "Loneliness", "year": "2020"}


def test_strings_and_concatenation_are_filled_in() -> None:
    entry = one('@string{on = "Office for "}\n@string(full = on # {National Statistics})\n@misc{a, publisher = full}')
    assert entry.fields["publisher"] == "Office for National Statistics"


def test_month_macro_joined_with_a_day_gives_a_date() -> None:
    entry = one('@misc{a, year = 2019, month = jan # "~5"}')
    assert entry.fields["month"] == "January~5"
    assert entry.date is not None
    assert entry.date.start == (2019, 1, 5)


@pytest.mark.parametrize("month", ["mar", "{March}", "{3}", "3", "{03}", '"Mar."'])
def test_month_is_read_however_it_is_written(month: str) -> None:
    entry = one(f"@misc{{a, year = 2019, month = {month}}}")
    assert entry.date is not None
    assert entry.date.start == (2019, 3)


def test_parentheses_delimit_an_entry_too() -> None:
    entry = one('@book(a, title = "x (y) z", year = 2001)')
    assert dict(entry.fields) == {"title": "x (y) z", "year": "2001"}


def test_at_sign_and_quotes_inside_values_are_text() -> None:
    entry = one('@misc{a, note = {mail a@b.org}, title = "a {"b"} c @misc{x, y}"}')
    assert entry.fields["note"] == "mail a@b.org"
    assert entry.fields["title"] == 'a {"b"} c @misc{x, y}'


def test_nested_braces_and_trailing_comma() -> None:
    assert one("@misc{a, title = {A {B {C}} D},}").title == "A B C D"


def test_comment_and_preamble_are_no_entries() -> None:
    bibliography, problems = parse_bibtex(
        '@comment{jabref-meta: grouping}\n@preamble{"\\newcommand{\\x}{}"}\nfree text\n@misc{a, title={x}}'
    )
    assert [entry.key for entry in bibliography] == ["a"]
    assert bibliography.preamble == ("\\newcommand{\\x}{}",)
    assert problems == []


@pytest.mark.parametrize("text", ["@comment{\n@misc{old, title = {x}}\n}\n", "% @misc{old, title = {x}}\n"])
def test_entry_in_a_comment_is_read_as_bibtex_reads_it_and_said(text: str) -> None:
    bibliography, problems = parse_bibtex(text)
    assert [entry.key for entry in bibliography] == ["old"]
    assert codes(problems) == ["citation-commented-entry"]


def test_entry_put_away_line_by_line_is_no_entry() -> None:
    bibliography, problems = parse_bibtex("%@misc{old,\n%  title = {x},\n%}\n@misc{new, title = {y}}\n")
    assert [entry.key for entry in bibliography] == ["new"]
    assert codes(problems) == ["citation-commented-entry"]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_are_counted_with_any_newline(newline: str) -> None:
    text = newline.join(["", "@misc{a,", "  title = {x}", "}", "@misc{A, title = {y}}"])
    _, found = faults(text)
    assert found == [("citation-duplicate-key", 5, 1)]


# -- faults: each with its place, none costs an entry


@pytest.mark.parametrize(
    ("text", "found", "keys"),
    [
        (
            "@misc{a, title={x}}\n@misc{A, title={y}}\n",
            [("citation-duplicate-key", 2, 1)],
            ["a", "A"],
        ),
        ("@misc{a,\n title={x},\n title={y}}", [("citation-duplicate-field", 3, 2)], ["a"]),
        ("@misc{a, title={x}\n year=2000}", [("citation-missing-comma", 2, 2)], ["a"]),
        ("@misc{a, pages = 12-20}", [("citation-unquoted-value", 1, 18)], ["a"]),
        ("@misc{a, journal = nature}", [("citation-undefined-string", 1, 20)], ["a"]),
        ("@misc{title = {x}}", [("citation-missing-key", 1, 7)], [""]),
        ("@misc{a b, title = {x}}", [("citation-bad-key", 1, 7)], ["a b"]),
        ("@misc{a,\n % note\n title={x}}", [("citation-percent-comment", 2, 2)], ["a"]),
        ("@musc{a, title={x}}", [("citation-unknown-type", 1, 1)], ["a"]),
        ("@misc{a, title={x}", [("citation-unbalanced", 1, 19)], ["a"]),
        ("@misc{a, title={x}\n@misc{b, title={y}}", [("citation-unbalanced", 2, 1)], ["a", "b"]),
        ("@misc{a, crossref={none}}", [("citation-crossref", 1, 1)], ["a"]),
        ("@misc{a, title={x}},\n year={2000}\n}\n", [("citation-field-outside", 2, 2)], ["a"]),
        ("see me @home\n@misc{a, title={x}}", [("citation-stray-at", 1, 8)], ["a"]),
        ("@misc{a, foo, title={x}}", [("citation-syntax", 1, 10)], ["a"]),
    ],
)
def test_fault_is_named_with_its_place_and_the_entry_kept(
    text: str, found: list[tuple[str, int, int]], keys: list[str]
) -> None:
    bibliography, problems = faults(text)
    assert problems == found
    assert [entry.key for entry in bibliography] == keys


def test_unclosed_value_swallows_neither_its_entry_nor_the_next() -> None:
    bibliography, problems = faults(
        "@book{a,\n  title = {Unclosed,\n  year = 2000\n}\n@book{b, title = {Next}, year = 2001}\n"
    )
    assert problems == [("citation-unbalanced", 2, 11)]
    assert [(entry.key, entry.title, entry.year) for entry in bibliography] == [
        ("a", "Unclosed", 2000),
        ("b", "Next", 2001),
    ]


@pytest.mark.parametrize("start", ["@book{", "@book(", "@@(", "@string(", "@string{", "@preamble(", "@preamble{"])
def test_a_block_that_only_begins_does_not_swallow_the_next_entry(start: str) -> None:
    bibliography, problems = parse_bibtex(f"{start}\n\n@book{{after, title = {{Kept}}}}\n")
    assert bibliography["after"].title == "Kept"
    assert problems


def test_unclosed_quote_in_the_last_field_ends_at_the_entry() -> None:
    bibliography, problems = faults('@misc{a,\n  title = "open\n}\n@misc{b, title = "x"}\n')
    assert [code for code, *_ in problems] == ["citation-unbalanced"]
    assert [(entry.key, entry.title) for entry in bibliography] == [("a", "open"), ("b", "x")]


def test_first_of_two_equal_fields_counts_and_a_difference_is_an_error() -> None:
    bibliography, problems = parse_bibtex("@misc{a, year = 2000, year = 2001}")
    assert bibliography["a"].year == 2000
    assert problems[0].severity is Severity.ERROR
    assert problems[0].record == "a"


# -- files


def test_latin_1_file_is_read_with_a_warning_that_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "old.bib"
    path.write_bytes("@misc{a,\n author = {Gödel}}".encode("latin-1"))
    bibliography, problems = read_bibtex(path, "old.bib")
    assert bibliography["a"].authors == (Name(family="Gödel"),)
    assert [(p.code, p.line, p.severity) for p in problems] == [("citation-encoding", 2, Severity.WARNING)]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_file_is_read_with_a_warning(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.bib"
    path.write_bytes("@misc{a, title = {Größe und Maß der Einsamkeit}}".encode(encoding))
    bibliography, problems = read_bibtex(path)
    assert bibliography["a"].title == "Größe und Maß der Einsamkeit"
    assert codes(problems) == ["citation-encoding"]


def test_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "a.bib"
    path.write_bytes(b"\xef\xbb\xbf@misc{a, title = {x}}")
    bibliography, problems = read_bibtex(path)
    assert (len(bibliography), problems) == (1, [])


def test_binary_file_is_one_problem_and_no_entry(tmp_path: Path) -> None:
    path = tmp_path / "a.bib"
    path.write_bytes(bytes(range(256)) * 20)
    bibliography, problems = read_bibtex(path)
    assert len(bibliography) == 0
    assert codes(problems) == ["citation-not-text"]


def test_file_over_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse_module, "MAX_BYTES", 10)
    path = tmp_path / "a.bib"
    path.write_text("@misc{a, title = {x}}")
    with pytest.raises(EvidenceError, match="too large"):
        read_bibtex(path)


def test_missing_file_is_an_error_for_people(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="is no file"):
        read_bibtex(tmp_path / "none.bib")


# -- names, titles, dates


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("{World Health Organization}", [Name(literal="World Health Organization")]),
        ("{Barnes and Noble, Inc.}", [Name(literal="Barnes and Noble, Inc.")]),
        ("van der Berg, Jr, Ludwig", [Name("Berg", "Ludwig", "van der", "Jr")]),
        (
            r"Charles Louis Xavier Joseph de la Vall{\'e}e Poussin",
            [Name("Vallée Poussin", "Charles Louis Xavier Joseph", "de la")],
        ),
        (r"{\"O}zg{\"u}r {\c C}elik", [Name("Çelik", "Özgür")]),
        ("王, 小明 and Иванов, Пётр", [Name("王", "小明"), Name("Иванов", "Пётр")]),
        ("Ann Lee and others", [Name("Lee", "Ann"), Name(others=True)]),
        ("{van der Berg}, Ludwig", [Name("van der Berg", "Ludwig")]),
        ("Knuth,~Donald~E.", [Name("Knuth", "Donald E.")]),
        (
            "family=Beauvoir, given=Simone, prefix=de, useprefix=false",
            [Name("Beauvoir", "Simone", "de", particle_drops=True)],
        ),
        ("Plato", [Name("Plato")]),
        ("", []),
    ],
)
def test_names_are_split_before_latex_is_decoded(author: str, names: list[Name]) -> None:
    entry = one(f"@misc{{a, author = {{{author}}}}}")
    assert list(entry.authors) == names


def test_latex_accents_become_letters_and_mathematics_stays() -> None:
    entry = one(r"@misc{a, title = {G{\"o}del \& {NHS} --- 5\% of \textit{us}: $p < 0.05$}}")
    assert entry.title == "Gödel & NHS — 5% of us: $p < 0.05$"


@pytest.mark.parametrize("text", ["Health & $x$ care # 5%", r"50% of {us}: \emph{all}"])
def test_characters_left_bare_are_not_lost(text: str) -> None:
    title = one(f"@misc{{a, title = {{{text}}}}}").title
    assert [char for char in title if char in "&#%"] == [char for char in text if char in "&#%"]


@pytest.mark.parametrize(
    ("fields", "year"),
    [
        ("year = 2019", 2019),
        ("year = {[2019]}", 2019),
        ("date = {2019-05-04/2020-01-01}", 2019),
        ("year = {in press}", None),
        ("title = {x}", None),
    ],
)
def test_year_comes_from_year_or_date(fields: str, year: int | None) -> None:
    assert one(f"@misc{{a, {fields}}}").year == year


def test_doi_and_url_are_freed_of_their_wrapping() -> None:
    entry = one(r"@misc{a, doi = {https://doi.org/10.1000/A\_b}, howpublished = {\url{https://x.org/a_b}}}")
    assert (entry.doi, entry.url) == ("10.1000/A_b", "https://x.org/a_b")


# -- crossref


def test_child_takes_what_it_lacks_and_the_book_title() -> None:
    bibliography, problems = parse_bibtex(
        "@incollection{c, title={Chapter}, author={A B}, crossref={Book}}\n"
        "@collection{book, title={The Book}, editor={E F}, publisher={P}, year=2001, keywords={k}}"
    )
    assert problems == []
    child = bibliography["c"]
    assert (child.title, child.container, child.publisher, child.year) == ("Chapter", "The Book", "P", 2001)
    assert "keywords" not in child.all_fields


def test_crossref_in_a_circle_is_a_problem_not_a_hang() -> None:
    _, problems = parse_bibtex("@misc{a, crossref={b}}\n@misc{b, crossref={a}}")
    assert set(codes(problems)) == {"citation-crossref"}


# -- checks


def checked(text: str) -> list[str]:
    return codes(check_bibliography(parse_bibtex(text)[0], latest_year=2027))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@article{a, author={A}, title={T}, year=2000}", ["citation-missing-field"]),
        ("@article{a, author={A}, title={T}, journaltitle={J}, date={2000-01}}", []),
        ("@report{a, title={T}, institution={I}, year=2000}", []),
        ("@techreport{a, title={T}, author={{Age UK}}, year=2000}", []),
        ("@misc{a, title={T}, doi={https://doi.org/10.1000/182}}", ["citation-doi-prefix"]),
        ("@misc{a, title={T}, doi={10.1000}}", ["citation-bad-doi"]),
        ("@misc{a, title={T}, isbn={978-0-306-40615-7}}", []),
        ("@misc{a, title={T}, isbn={0-8044-2957-X, 9780306406157}}", []),
        ("@misc{a, title={T}, isbn={978-0-306-40615-8}}", ["citation-bad-isbn"]),
        ("@misc{a, title={T}, year=2027}", []),
        ("@misc{a, title={T}, year=2028}", ["citation-bad-year"]),
        ("@misc{a, title={T}, year={99}}", ["citation-bad-year"]),
        ("@misc{a, title={T}, year={in press}}", []),
        ("@misc{a, title={T}, author={A, B, C, D}}", ["citation-bad-name"]),
    ],
)
def test_check_names_what_an_entry_lacks(text: str, expected: list[str]) -> None:
    assert checked(text) == expected


@pytest.mark.parametrize(
    ("first", "second", "alike"),
    [
        ("doi={10.1/AbC}, title={X}", "doi={10.1/abc}, title={Y}", True),
        ("doi={10.1/a}, title={X}, year=2000", "doi={10.1/b}, title={X}, year=2000", False),
        (
            "title={Loneliness in {Old} Age}, author={Lee, Ann}, year=2000",
            "title={Loneliness in old age.}, author={A. Lee}, date={2000-05}",
            True,
        ),
        (
            "title={Loneliness among the elderly}, author={Lee, Ann}, year=2000",
            "title={Loneliness amongst the elderly}, author={Lee, Ann}, year=2000",
            True,
        ),
        (
            "title={Community Life Survey, part 1}, author={Lee, Ann}, year=2000",
            "title={Community Life Survey, part 2}, author={Lee, Ann}, year=2000",
            False,
        ),
        ("title={X}, author={Lee}, year=2000", "title={X}, author={Lee}, year=2001", False),
    ],
)
def test_likely_duplicates_are_told_by_doi_then_title_year_and_author(first: str, second: str, *, alike: bool) -> None:
    bibliography, _ = parse_bibtex(f"@misc{{a, {first}}}\n@misc{{b, {second}}}")
    assert [(pair.first.key, pair.second.key) for pair in likely_duplicates(bibliography)] == (
        [("a", "b")] if alike else []
    )


# -- anything at all

_NASTY = st.text(alphabet='@{}(),="#%\\$~^_ \n\r\tabmisc1é', max_size=120)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=200), _NASTY, _NASTY.map(lambda text: "@misc{k, title = {" + text)))
def test_no_text_makes_the_reader_raise(text: str) -> None:
    bibliography, problems = parse_bibtex(text)
    for entry in bibliography:
        assert isinstance(entry.title + entry.container + entry.doi + entry.url, str)
        assert isinstance((entry.authors, entry.editors, entry.date), tuple)
    check_bibliography(bibliography, 2027)
    assert all(problem.message and problem.hint and problem.line for problem in problems)


@settings(max_examples=100, deadline=None)
@given(_NASTY)
def test_good_entry_after_any_text_is_read(text: str) -> None:
    bibliography, _ = parse_bibtex(text.replace("{", "").replace('"', "") + "\n\n@book{after, title = {Kept}}\n")
    assert bibliography["after"].title == "Kept"
