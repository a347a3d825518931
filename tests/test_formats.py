"""References written for other programs, and read back."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import rispy  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from evidencebase.bibliography import Entry, Name, parse_bibtex
from evidencebase.bibliography.encoding import names_to_latex, title_to_latex
from evidencebase.bibliography.formats import (
    entry_to_csl,
    parse_csl_json,
    parse_references,
    parse_ris,
    read_references,
    to_biblatex,
    to_bibtex,
    to_csl_json,
    to_ris,
)

if TYPE_CHECKING:
    from pathlib import Path

HARD = r"""
@article{who, author = {{World Health Organization} and van der Berg, Jr, Ludwig and others},
  title = {Loneliness \& {NHS} care: 5\% in {England}}, journal = {J. Ageing},
  year = 2019, month = jan # "~5",
  volume = 3, number = 4, pages = {1--20}, doi = {10.1000/182}}
@book{poussin, author = {Charles de la Vall{\'e}e Poussin}, title = {Le{\c c}ons}, publisher = {Gauthier},
  year = 1930, edition = {Second}, isbn = {978-0-306-40615-7}}
@report{jsna, institution = {Leicestershire County Council}, title = {Needs assessment},
  date = {2019-05/2019-06},
  type = {techreport}, number = {7}, url = {https://x.org/a_b%20c}, urldate = {2020-01-02},
  location = {Leicester}}
@misc{none, title = {Without author or date}}
@incollection{wang, author = {王, 小明}, title = {孤独}, booktitle = {Handbook}, publisher = {P}, year = 2001}
@phdthesis{thesis, author = {Ann Lee}, title = {Alone}, school = {Leeds}, year = 2010}
@online{page, author = {{Age UK}}, title = {Page}, url = {https://ageuk.org}, year = {n.d.}}
@inproceedings{conf, author = {A B}, title = {T}, booktitle = {Proc.}, year = 2011}
"""
TEXT = {"type": ["string", "number"]}
PERSON = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        label: {"type": "string"}
        for label in ("family", "given", "dropping-particle", "non-dropping-particle", "suffix", "literal")
    },
}
DATE = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "date-parts": {
            "type": "array",
            "minItems": 1,
            "maxItems": 2,
            "items": {"type": "array", "minItems": 1, "maxItems": 3, "items": TEXT},
        },
        "literal": {"type": "string"},
    },
}
TYPES = (
    "article-journal article-magazine article-newspaper book chapter dataset document entry- "
    "encyclopedia graphic legal_case legislation manuscript motion_picture pamphlet paper-conference "
    "patent performance periodical personal_communication report review software song standard "
    "thesis webpage"
)
VARIABLES = (
    "abstract annote chapter-number collection-number collection-title container-title container- "
    "title-short DOI edition event-place event-title genre id ISBN ISSN issue keyword language "
    "medium note number number-of-pages number-of-volumes original-title page part PMID publisher "
    "publisher-place status title title-short URL version volume"
)
CSL_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["id", "type"],
    "additionalProperties": False,
    "properties": {
        "type": {"enum": TYPES.split()},
        **dict.fromkeys(VARIABLES.split(), TEXT),
        **{
            label: {"type": "array", "items": PERSON}
            for label in ("author", "editor", "translator", "container-author", "original-author")
        },
        **dict.fromkeys(("issued", "accessed", "event-date", "original-date"), DATE),
    },
}


@pytest.fixture
def hard() -> list[Entry]:
    bibliography, problems = parse_bibtex(HARD)
    assert problems == []
    return list(bibliography)


def csl(text: str, **options: bool) -> dict[str, Any]:
    (entry,) = parse_bibtex(text)[0]
    return entry_to_csl(entry, **options)


# -- CSL-JSON


def test_csl_items_fit_the_schema(hard: list[Entry]) -> None:
    for item in json.loads(to_csl_json(hard)):
        jsonschema.validate(item, CSL_SCHEMA)


def test_csl_item_of_an_article(hard: list[Entry]) -> None:
    assert entry_to_csl(hard[0]) == {
        "id": "who",
        "type": "article-journal",
        "author": [
            {"literal": "World Health Organization"},
            {"family": "Berg", "given": "Ludwig", "non-dropping-particle": "van der", "suffix": "Jr"},
            {"literal": "others"},
        ],
        "title": "Loneliness & NHS care: 5% in England",
        "container-title": "J. Ageing",
        "volume": "3",
        "issue": "4",
        "page": "1-20",
        "DOI": "10.1000/182",
        "issued": {"date-parts": [[2019, 1, 5]]},
    }


def test_csl_item_without_a_date_has_no_issued(hard: list[Entry]) -> None:
    assert "issued" not in entry_to_csl(hard[3])


@pytest.mark.parametrize(
    ("kind", "csl_type"),
    [
        ("techreport", "report"),
        ("report", "report"),
        ("mastersthesis", "thesis"),
        ("conference", "paper-conference"),
        ("www", "webpage"),
        ("dataset", "dataset"),
        ("strange", "document"),
    ],
)
def test_types_of_bibtex_and_biblatex_have_a_csl_type(kind: str, csl_type: str) -> None:
    assert csl(f"@{kind}{{a, title = {{x}}}}")["type"] == csl_type


def test_particle_drops_where_the_entry_says_so() -> None:
    item = csl("@misc{a, author = {Ludwig van Beethoven}, options = {useprefix=false}}")
    assert item["author"] == [{"family": "Beethoven", "given": "Ludwig", "dropping-particle": "van"}]


def test_titles_are_lowered_only_when_asked_and_where_braces_allow() -> None:
    text = "@article{a, title = {A Study of {England} and the NHS: The McDonald Case}, journal = {Big Journal}}"
    assert csl(text)["title"] == "A Study of England and the NHS: The McDonald Case"
    lowered = csl(text, lower_titles=True)
    assert lowered["title"] == "A study of England and the NHS: The McDonald case"
    assert lowered["container-title"] == "Big Journal"


def test_mathematics_is_legible_in_csl() -> None:
    assert csl("@misc{a, title = {CO$_2$ and $p < 0.05$}}")["title"] == "CO_2 and p < 0.05"


# -- BibTeX and BibLaTeX


def test_bibtex_reads_back_the_same(hard: list[Entry]) -> None:
    native = [entry for entry in hard if entry.type in {"article", "incollection", "inproceedings", "phdthesis"}]
    assert list(parse_bibtex(to_bibtex(native))[0]) == native


def test_biblatex_reads_back_the_same() -> None:
    entries = list(
        parse_bibtex(
            "@report{a, author = {{Age UK} and Berg, Jr, Ludwig}, title = {{NHS} \\& us}, date = {2019-05}, "
            "type = {techreport}, institution = {Größe}, url = {https://x.org/a_b%20c}}"
        )[0]
    )
    assert list(parse_bibtex(to_biblatex(entries))[0]) == entries


def test_bibtex_uses_bibtex_types_and_fields(hard: list[Entry]) -> None:
    report = next(entry for entry in parse_bibtex(to_bibtex(hard))[0] if entry.key == "jsna")
    assert report.type == "techreport"
    assert report.fields["author"] == "{Leicestershire County Council}"
    assert (report.fields["year"], report.fields["month"]) == ("2019", "May")
    assert report.fields["address"] == "Leicester"
    assert report.fields["url"] == "https://x.org/a_b%20c"


def test_biblatex_uses_biblatex_types_and_fields(hard: list[Entry]) -> None:
    written = parse_bibtex(to_biblatex(hard))[0]
    assert (written["thesis"].type, written["thesis"].fields["type"]) == ("thesis", "phdthesis")
    assert written["who"].fields["date"] == "2019-01-05"
    assert written["who"].fields["journaltitle"] == "J. Ageing"
    assert written["poussin"].fields["edition"] == "2"


def test_special_characters_are_escaped_but_not_in_mathematics_or_addresses() -> None:
    text = to_bibtex(parse_bibtex(r"@misc{a, title={A & B_c \& 5% $x_1$}, url={http://x/a_b%20}, author={Jörg Ñ}}")[0])
    assert r"{A \& B\_c \& 5\% $x_1$}" in text
    assert "{http://x/a_b%20}" in text
    assert text.isascii()
    assert 'J{\\"o}rg' in text


def test_inherited_fields_are_written_out() -> None:
    bibliography, _ = parse_bibtex(
        "@inproceedings{c, title={T}, author={A}, crossref={p}}@proceedings{p, title={Proc}, year=2001}"
    )
    child = parse_bibtex(to_bibtex([bibliography["c"]]))[0]["c"]
    assert (child.fields["booktitle"], child.fields["year"]) == ("Proc", "2001")
    assert "crossref" not in child.fields


def test_unusable_and_repeated_keys_are_made_usable() -> None:
    entries = [
        Entry("a b", "misc", {"title": "x"}),
        Entry("A-B", "misc", {"title": "y"}),
        Entry("", "misc", {}),
    ]
    assert [entry.key for entry in parse_bibtex(to_bibtex(entries))[0]] == ["a-b", "A-Ba", "entry"]


def test_real_bibtex_has_no_warning_for_complete_entries(hard: list[Entry], tmp_path: Path) -> None:
    program = shutil.which("bibtex")
    if not program:
        pytest.skip("needs the program bibtex")
    (tmp_path / "x.bib").write_text(to_bibtex(hard), encoding="utf-8")
    (tmp_path / "t.aux").write_text("\\citation{*}\n\\bibstyle{plain}\n\\bibdata{x}\n")
    done = subprocess.run([program, "t"], cwd=tmp_path, capture_output=True, text=True, check=False)
    if "couldn't open style file" in done.stdout:
        pytest.skip("needs the BibTeX style plain.bst")
    assert (done.returncode, [line for line in done.stdout.splitlines() if "arning" in line]) == (0, [])


# -- RIS


def test_ris_reads_the_same_in_rispy(hard: list[Entry]) -> None:
    records = rispy.loads(to_ris(hard))
    assert len(records) == len(hard)
    first = records[0]
    assert first["type_of_reference"] == "JOUR"
    assert first["authors"] == ["World Health Organization", "van der Berg, Ludwig, Jr", "et al."]
    assert first["title"] == "Loneliness & NHS care: 5% in England"
    assert (first["year"], first["start_page"], first["end_page"]) == ("2019", "1", "20")
    assert first["doi"] == "10.1000/182"


def test_ris_written_read_and_written_again_is_the_same(hard: list[Entry]) -> None:
    text = to_ris(hard)
    entries, problems = parse_ris(text)
    assert problems == []
    assert to_ris(entries) == text
    assert entries[0].authors == hard[0].authors


def test_ris_of_a_reference_manager_is_read() -> None:
    (entry,), problems = parse_ris(
        "\ufeffTY  - RPRT\r\nAU  - Age UK\r\nAU  - de Jong Gierveld, Jenny\r\n"
        "TI  - All the lonely people:\r\nloneliness in later life\r\nPY  - 2018///\r\nPB  - Age UK\r\n"
        "UR  - https://x.org\r\nKW  - a\r\nKW  - b\r\nER  - \r\n"
    )
    assert problems == []
    assert (entry.type, entry.key, entry.year) == ("report", "ageuk2018all", 2018)
    assert entry.title == "All the lonely people: loneliness in later life"
    assert entry.authors == (Name(literal="Age UK"), Name("Jong Gierveld", "Jenny", "de"))
    assert entry.fields["keywords"] == "a, b"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("TY  - BOOK\nTI  - x\nTY  - BOOK\nTI  - y\nER  - \n", 1),
        ("TI  - x\nTY  - BOOK\nER  - \n", 1),
        ("TY  - BOOK\nno tag\nER  - \n", 2),
        ("nothing of the kind", 1),
    ],
)
def test_ris_faults_have_a_line_and_a_mend(text: str, line: int) -> None:
    entries, problems = parse_ris(text, "x.ris")
    assert problems[0].line == line
    assert problems[0].hint
    assert len(entries) == text.count("TY  -")


# -- CSL-JSON in


def test_csl_json_reads_back_the_same(hard: list[Entry]) -> None:
    text = to_csl_json([entry for entry in hard if entry.key != "none"])
    entries, problems = parse_csl_json(text)
    assert problems == []
    assert to_csl_json(entries) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[1]",
        '"x"',
        "[" * 100_000,
        '[{"id": "a"}]',
        '[{"id":"a","type":"book","author":7,"issued":[3]}]',
    ],
)
def test_bad_csl_json_gives_problems_or_what_can_be_read(text: str) -> None:
    entries, problems = parse_csl_json(text, "x.json")
    assert entries or problems


def test_format_is_told_by_content(tmp_path: Path) -> None:
    for text in (
        "@misc{a, title={x}}",
        "TY  - GEN\nID  - a\nTI  - x\nER  - \n",
        '[{"id":"a","type":"book","title":"x"}]',
    ):
        path = tmp_path / "references"
        path.write_text(text)
        entries, _ = read_references(path)
        assert [(entry.key, entry.title) for entry in entries] == [("a", "x")]


def test_words_whose_capitals_matter_are_braced() -> None:
    assert title_to_latex("Loneliness in England and the NHS") == "Loneliness in {England} and the {NHS}"
    assert (
        title_to_latex("The Loneliness of Older People in NHS Care") == "The Loneliness of Older People in {NHS} Care"
    )


# -- anything at all

_WORDS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=30)
_SIMPLE_WORDS = st.text(st.characters(codec="utf-8", categories=["Lu", "Ll", "Nd"]), min_size=1, max_size=12)


@settings(max_examples=150, deadline=None)
@given(_WORDS)
def test_plain_text_survives_as_a_title(title: str) -> None:
    source = json.dumps([{"id": "a", "type": "book", "title": title}])
    entries, _ = parse_csl_json(source)
    again, problems = parse_bibtex(to_biblatex(entries))
    assert [problem for problem in problems if problem.severity == "error"] == []
    assert [entry.title for entry in again] == [entry.title for entry in entries]


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="{}\\$&%#_^~ab1éB", min_size=1, max_size=20))
def test_no_character_special_to_latex_is_lost(title: str) -> None:
    entries, _ = parse_csl_json(json.dumps([{"id": "a", "type": "book", "title": title}]))
    assert [entry.title for entry in parse_bibtex(to_biblatex(entries))[0]] == [title]
    assert [entry.title for entry in parse_bibtex(to_bibtex(entries))[0]] == [title]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.builds(Name, family=_SIMPLE_WORDS, given=_SIMPLE_WORDS, suffix=st.sampled_from(["", "Jr"])),
        max_size=3,
    )
)
def test_names_survive_writing_and_reading(names: list[Name]) -> None:
    entry = Entry("a", "misc", {"author": names_to_latex(names)})
    assert list(parse_bibtex(to_biblatex([entry]))[0]["a"].authors) == list(entry.authors)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_no_text_makes_a_reader_raise(text: str) -> None:
    for source in (text, f"TY  - {text}", f"[{text}", f"TY  - BOOK\nAU  - {text}\nPY  - {text}\nER  - \n"):
        entries, problems = parse_references(source)
        to_bibtex(entries)
        to_ris(entries)
        to_csl_json(entries)
        assert all(problem.message for problem in problems)
