"""Where else a document names what the passage of a record does not, and what of that may be written down.

Each test writes a report of its own, in two sections or more, and the record read from it.
"""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from commands import evidence
from evidencebase.answers.grounding import ground_base
from evidencebase.answers.report import check_base
from evidencebase.folder import find_base
from evidencebase.loading import load
from evidencebase.problems import EvidenceError
from evidencebase.provenance.grounding import ground
from evidencebase.provenance.library import Library
from evidencebase.provenance.mentions import Words
from evidencebase.provenance.placing import place
from evidencebase.provenance.words import ASKED
from evidencebase.reading.language import language_of
from evidencebase.reading.shapes import make_from
from evidencebase.reading.yaml import parse_yaml
from test_passages import load_bench
from test_words import CASES, FINDING, REPORT, Small, of_case

HARBOUR = Path(__file__).parents[1] / "bench" / "harbour"
RECORDS = "evidence/findings/records.yml"
TEXT = """\
1 Roads

Roads were built in Northshire that year.

2 Cycling

The Travel Survey 2021-22 asked people of Aldton in spring.

Of women 16% cycle weekly.

3 Next steps

The council of Millbrook will build stands.
"""
TRUE = {**FINDING, "study": "travel-survey-2021-22", "period": "2021-22", "fragment": "women 16% cycle weekly"}


class Report(Small):
    """A base of one report, grounded."""

    def records(self, text, *, name=RECORDS):
        """Write the records as they are given, byte for byte."""
        (self.folder / name).write_bytes(text.encode())
        return self

    def bytes(self, name=RECORDS):
        return (self.folder / name).read_bytes()

    def ground(self, *ids, write=False):
        return ground_base(find_base(self.folder), self.folder / "documents", ids, write=write).as_dict()

    def asked(self, field, **options):
        """What is said of one field."""
        (found,) = [each for each in self.ground(**options)["fields"] if each["field"] == field]
        return found

    def all_bytes(self):
        return {file: file.read_bytes() for file in sorted(self.folder.rglob("*")) if file.is_file()}


@pytest.fixture
def report(tmp_path):
    return Report(tmp_path / "base")


def test_what_the_section_names_is_proposed_and_nothing_is_written_unless_asked(report):
    report.write(TEXT, {**TRUE, "place": "aldton"})
    before = report.all_bytes()
    found = report.asked("place")
    (proposal,) = found["proposals"]
    assert proposal["anchor"] == {"document": REPORT, "fragment": "Aldton", "for": ["place"], "locator": "2"}
    assert (proposal["where"], proposal["line"], proposal["write"]) == ("section", 7, True)
    assert found["state"] == "unnamed"
    assert found["became"] is None
    assert report.all_bytes() == before


def test_writing_adds_one_line_and_leaves_every_other_byte(report):
    written = f"""\
# read in spring
- id: a-record   # the first
  statistic: prevalence
  measure: cycles-weekly
  group: women
  place: aldton
  value: 16
  study: travel-survey-2021-22
  period: 2021-22
  anchors:
    - document: {REPORT}
      fragment: 'women 16% cycle weekly'  # as printed
  # by whom
  extracted_by: reader-a
"""
    line = f'    - {{document: {REPORT}, fragment: Aldton, for: [place], locator: "2"}}\n'
    report.write(TEXT, TRUE).records(written)
    before = report.all_bytes()
    found = report.ground(write=True)
    assert report.bytes().decode() == written.replace("  # by whom\n", line + "  # by whom\n")
    after = report.all_bytes()
    assert [file for file in after if after[file] != before.get(file)] == [report.folder / RECORDS]
    assert found["written"] == [RECORDS]
    assert found["changed"] == 1
    assert [each["became"] for each in found["fields"]] == ["elsewhere"]
    assert report.state("place") == [("elsewhere", "for")]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_record_on_one_line_stays_on_one_line(report, newline):
    anchor = {"document": REPORT, "fragment": TRUE["fragment"]}
    record = {"id": "a-record", **TRUE, "anchors": [anchor], "place": "aldton", "extracted_by": "reader-a"}
    record.pop("fragment")
    written = f"- {json.dumps(record)}{newline}"
    report.write(TEXT, TRUE).records(written)
    report.ground(write=True)
    added = f', {{document: {REPORT}, fragment: Aldton, for: [place], locator: "2"}}], "place"'
    assert report.bytes().decode() == written.replace('], "place"', added)


def test_writing_twice_writes_once(report):
    report.write(TEXT, {**TRUE, "place": "aldton"})
    report.ground(write=True)
    once = report.all_bytes()
    again = report.ground(write=True)
    assert (again["written"], again["changed"], again["fields"]) == ([], 0, [])
    assert report.all_bytes() == once


@pytest.mark.parametrize(
    ("section", "why"),
    [
        ("Of women 16% cycle weekly.", "it stands in another section"),
        ("It was in Millbrook, as in Aldton.\n\nOf women 16% cycle weekly.", "the section names “Millbrook” too"),
        ("All over Northshire, from Aldton to the sea.\n\nOf women 16% cycle weekly.", "the section names “Northshire” too"),
    ],
)  # fmt: skip
def test_what_could_let_a_wrong_record_pass_is_only_shown(report, section, why):
    text = f"1 Aldton\n\nIt was asked in Aldton.\n\n2 Cycling\n\n{section}\n"
    report.write(text, {**TRUE, "study": None, "period": None, "place": "aldton"})
    before = report.all_bytes()
    found = report.ground(write=True)
    (asked,) = [each for each in found["fields"] if each["field"] == "place"]
    assert {each["why_not"] for each in asked["proposals"]} >= {why}
    assert not any(each["write"] for each in asked["proposals"])
    assert found["written"] == []
    assert report.all_bytes() == before


def test_the_nearest_place_comes_first(report):
    text = "1 Aldton\n\nIt was asked in Aldton.\n\n2 Cycling\n\nPeople of Aldton were asked.\n\nOf women 16% cycle weekly.\n"
    report.write(text, {**TRUE, "study": None, "period": None, "place": "aldton"})
    assert [each["where"] for each in report.asked("place")["proposals"]] == ["section", "document", "document"]


CONTRADICTED = "1 Cycling\n\nPeople of Aldton were asked.\n\nOf women in Millbrook 16% cycle weekly.\n"


def test_a_contradicted_field_shows_both_readings_and_is_never_answered(report):
    report.write(
        CONTRADICTED, {**TRUE, "study": None, "period": None, "place": "aldton", "fragment": "16% cycle weekly"}
    )
    before = report.all_bytes()
    found = report.asked("place", write=True)
    assert (found["state"], found["passage"], found["proposals"]) == ("contradicted", "Millbrook", [])
    assert found["named_at"] == {"words": "Aldton", "line": 3, "page": None}
    assert "the record says Aldton; the passage has “Millbrook”" in found["message"]
    told = evidence("ground", "--base", report.folder, "--write")
    assert told.code == 0
    assert "the passage has “Millbrook”" in told.out
    assert "the document names what the record says: “Aldton”, line 3" in told.out
    assert report.all_bytes() == before


def test_a_record_whose_own_fragment_contradicts_it_is_shown_and_left(report):
    report.write(
        CONTRADICTED,
        {**TRUE, "study": None, "period": None, "place": "aldton", "fragment": "in Millbrook 16% cycle weekly"},
    )
    before = report.all_bytes()
    found = report.ground(write=True)
    assert found["not_asked"] == [
        {"record": "a-record", "why": "the passage names Millbrook; the record's place is Aldton"}
    ]
    assert report.all_bytes() == before
    assert evidence("ground", "a-record", "--base", report.folder).code == 1


@pytest.mark.parametrize(
    ("name", "change"),
    [(name, change) for name, case in CASES.items() for change, _ in case[2]],
    ids=lambda value: json.dumps(value) if isinstance(value, dict) else value,
)
def test_writing_hides_no_fault_of_a_wrong_record(report, name, change):
    text, record, _ = of_case(name)
    report.write(text, {**record, **change})
    before = report.problems()
    report.ground(write=True)
    assert report.problems() == before


def test_no_changed_meaning_comes_to_pass_by_what_may_be_written():
    """Changes of one field of the invented records of the bench: what is noticed of them stays noticed."""
    base, _ = load(HARBOUR)
    library = Library(base, HARBOUR / "documents")
    words = Words(base, library, language_of(HARBOUR))
    changes = load_bench("meanings").Changes(base, library)
    noticed = 0
    for entry in changes.entries():
        for change in changes.of(entry)[::4]:
            record, _ = make_from(type(entry.record), change.data, entry.place_of, entry.key)
            if (
                record is None
                or not isinstance(record, ASKED)
                or any(each in str(change.data) for each in changes.vocabulary.made)
            ):
                continue
            of_field = change.field.split(".")[0]
            asked = ground(base, library, words, [replace(entry, record=record)]).asked
            open_ = [each for each in asked if each.ruling.field.split(".")[0] == of_field]
            noticed += bool(open_)
            assert not open_ or not all(each.chosen for each in open_), (change.record, change.what)
    assert noticed > 150


def test_an_empty_field_is_shown_and_nothing_is_put_into_it(report):
    text = "In Millbrook 16% of women cycle weekly."
    report.write(text, {**FINDING, "fragment": "In Millbrook 16% of women"})
    found = report.asked("place", write=True)
    assert (found["state"], found["passage"], found["proposals"]) == ("overlooked", "Millbrook", [])


def test_printed_words_like_those_of_an_entry_are_suggested_and_never_written(report):
    text = "1 Asthma\n\nOf women 16% were weekly on a cycle."
    report.write(text, {**FINDING, "fragment": "women 16% were weekly on a cycle"})
    before = report.all_bytes()
    found = report.asked("measure", write=True)
    assert found["words_like_it"] == ["weekly on a cycle"]
    assert report.all_bytes() == before


def test_a_number_that_nothing_names_is_never_inferred(report):
    report.write("1 Cycling\n\nOf women 16% cycle weekly.\n", {**FINDING, "place": "aldton", "fragment": "women 16%"})
    before = report.all_bytes()
    assert report.asked("place", write=True)["proposals"] == []
    assert report.all_bytes() == before


def test_words_that_answer_two_fields_make_one_anchor(report):
    text = "1 Cycling\n\nOf women 16% cycle weekly.\n\nThe Travel Survey 2021-22 was by post.\n"
    report.write(text, TRUE)
    report.ground(write=True)
    (record,) = parse_yaml(report.bytes().decode(), "")[0].data
    added = [each for each in record["anchors"] if "for" in each]
    assert [(each["fragment"], each["for"]) for each in added] == [("Travel Survey 2021-22", ["study"])]
    assert report.state("period") == [("elsewhere", "fieldwork")]


def test_a_conclusion_gets_its_anchor_where_it_is_stated(report):
    text = "1 Health\n\nIt was looked at in Aldton.\n\nAsthma is more common among car owners.\n"
    report.write(text, {**FINDING, "fragment": "Asthma is more common among car owners"})
    (report.folder / RECORDS).unlink()
    written = f"""\
- id: a-record
  measure: asthma
  group: car-owners
  direction: higher
  place: aldton
  stated_in:
    - {{document: {REPORT}, fragment: Asthma is more common among car owners}}
  extracted_by: reader-a
"""
    (report.folder / "evidence/conclusions").mkdir()
    report.records(written, name="evidence/conclusions/records.yml")
    report.ground(write=True)
    line = f'    - {{document: {REPORT}, fragment: Aldton, for: [place], locator: "1"}}\n'
    added = written.replace("  extracted_by", f"{line}  extracted_by")
    assert report.bytes("evidence/conclusions/records.yml").decode() == added


def test_a_word_for_everybody_is_no_place_where_a_group_is_named(report):
    text = "1 Cycling\n\nPeople like it.\n\nSome 16% cycle weekly.\n"
    report.write(text, {**FINDING, "group": "adults", "fragment": "16% cycle weekly"})
    assert report.asked("group")["proposals"] == []


LONG = "people of Aldton who were asked a very long question about the many ways of getting around and about it all"


@pytest.mark.parametrize(
    ("sentence", "fragment"),
    [
        ("The survey was made in Aldton.", "Aldton"),
        ("Aldton was asked.", "Aldton"),
        (f"There are {LONG}.", "Aldton"),
        ("Aldton.", None),  # a whole sentence is never taken
    ],
)
def test_a_fragment_is_short_matches_and_is_no_whole_sentence(report, sentence, fragment):
    report.write(
        f"1 Cycling\n\n{sentence}\n\nOf women 16% cycle weekly.\n",
        {**TRUE, "study": None, "period": None, "place": "aldton"},
    )
    proposals = report.asked("place")["proposals"]
    assert [each["anchor"]["fragment"] for each in proposals] == ([fragment] if fragment else [])


# -- contexts

SECTION = """\
1 Roads

Roads were built.

2 Cycling

The Travel Survey 2021-22 asked people of Aldton in spring.

Of women 16% cycle weekly.

Of men 12% cycle weekly.

Of pupils 40% cycle weekly.

3 Next steps

Stands will be built.
"""


def of_section(**more):
    """Three records of one section."""
    made = ""
    for group, value, words in (("women", 16, "women 16%"), ("men", 12, "men 12%"), ("children", 40, "pupils 40%")):
        record = {
            "id": f"{group}-cycle",
            **FINDING,
            "group": group,
            "value": value,
            "place": "aldton",
            **more.get(group, {}),
        }
        record |= {"anchors": [{"document": REPORT, "fragment": f"{words} cycle weekly"}], "extracted_by": "reader-a"}
        made += f"- {json.dumps(record)}\n"
    return made


def test_what_three_records_of_a_section_ask_for_becomes_one_context(report):
    report.write(SECTION, TRUE).records(of_section())
    found = report.ground(write=True)
    (made,) = found["contexts"]
    assert made["records"] == ["women-cycle", "men-cycle", "children-cycle"]
    assert found["written"] == ["evidence/contexts.yml", RECORDS]
    assert report.bytes("evidence/contexts.yml").decode() == (
        "# yaml-language-server: $schema=../schema/contexts.schema.json\n"
        f"- id: {REPORT}-2\n  document: {REPORT}\n  from: 2 Cycling\n  to: 3 Next steps\n  gives: {{place: aldton}}\n"
        f'  anchors: [{{document: {REPORT}, fragment: Aldton, locator: "2"}}]\n  extracted_by: reader-a\n'
    )
    before = of_section().replace('"anchors"', f'context: {REPORT}-2, "anchors"')
    assert report.bytes().decode() == before
    assert report.state("place") == [("elsewhere", "context")] * 3
    assert {each["became"] for each in found["fields"]} == {"elsewhere"}
    checked = check_base(report.folder, report.folder / "documents", ignore=("review",))
    assert [each for each in checked.problems if each.severity == "error"] == []


def test_a_record_of_the_section_that_says_otherwise_makes_a_context_untrue(report):
    report.write(SECTION, TRUE)
    other = {"id": "other", **FINDING, "measure": "cycling", "place": "millbrook", "group": "adults", "value": 40,
             "anchors": [{"document": REPORT, "fragment": "pupils 40% cycle"}], "extracted_by": "reader-a"}  # fmt: skip
    report.records(of_section() + f"- {json.dumps(other)}\n")
    assert report.ground()["contexts"] == []


def test_two_records_get_an_anchor_each(report):
    report.write(SECTION, TRUE).records(of_section(children={"place": None}))
    found = report.ground(write=True)
    assert found["contexts"] == []
    assert report.bytes().decode().count("for: [place]") == 2


# -- tables

TABLE = """\
1 Cycling

People of Aldton were asked.

Table 1: Women and men who cycle weekly
People Share
Women 200 16%
Men 180 12%

2 Next

More.
"""
SPEC = f"""\
table: table-1
document: {REPORT}
file: evidence/tables/table-1.csv
locator: Table 1
caption: "Table 1: Women and men who cycle weekly"
key: sex
label: printed
columns:
  people: {{unit: persons, heading: People}}
  share: {{unit: percent, heading: Share}}
create:
  - kind: finding
    column: share
    record:
      id: "{{sex}}-cycle"
      statistic: prevalence
      measure: cycles-weekly
      group: "{{sex}}"
      place: aldton
extracted_by: reader-a
"""
CELLS = "sex,printed,people,share\nwomen,Women,200,16%\nmen,Men,180,12%\n"


def tabled(report, spec=SPEC):
    files = {"loaders/table-1.yml": spec, "evidence/tables/table-1.csv": CELLS}
    report.write(TABLE, TRUE, **{name.replace("/", "__"): text for name, text in files.items()})
    (report.folder / RECORDS).unlink()
    return report


def test_what_every_row_of_a_table_asks_for_stands_once_in_its_spec(report):
    found = tabled(report).ground(write=True)
    anchor = f'{{document: {REPORT}, fragment: Aldton, for: [place], locator: "1"}}'
    assert report.bytes("loaders/table-1.yml").decode() == SPEC.replace(
        "      place: aldton\n", f"      anchors: [{anchor}]\n      place: aldton\n"
    )
    assert [each["became"] for each in found["fields"]] == ["elsewhere"] * 2
    assert report.state("place") == [("elsewhere", "for")] * 2


def test_what_one_row_asks_for_stands_in_also(report):
    tabled(report)
    report.ground("men-cycle", write=True)
    anchor = f'{{document: {REPORT}, fragment: Aldton, for: [place], locator: "1"}}'
    assert report.bytes("loaders/table-1.yml").decode() == SPEC.replace(
        "extracted_by", f"also: [{{to: men-cycle, anchor: {anchor}}}]\nextracted_by"
    )
    assert sorted(report.state("place")) == [("elsewhere", "for"), ("unnamed", "")]


# -- the command


def test_a_record_that_is_none_is_misuse_with_the_nearest_names(report):
    report.write(TEXT, {**TRUE, "place": "aldton"})
    done = evidence("ground", "a-recrod", "--base", report.folder)
    assert done.code == 2
    assert "a-record" in done.err
    done = evidence("ground", "travel-survey-2021-22", "--base", report.folder)
    assert done.code == 2
    assert "one of the studies" in done.err


def test_without_a_document_nothing_is_asked_and_that_is_an_error(report, tmp_path):
    report.write(TEXT, {**TRUE, "place": "aldton"})
    empty = tmp_path / "empty"
    empty.mkdir()
    for arguments in ((), ("a-record",), ("--format", "json"), ("--write",)):
        done = evidence("ground", *arguments, "--base", report.folder, "--documents", empty)
        assert (done.code, done.out) == (1, "")
        assert "nothing was checked" in done.err
        assert "--documents" in done.err


def test_a_record_whose_document_is_not_at_hand_is_named(report):
    report.write(TEXT, {**TRUE, "place": "aldton"})
    documents = report.folder / "evidence/documents.yml"
    documents.write_text(documents.read_text("utf-8") + "- {key: lost-2020}\n", "utf-8")
    lost = {"id": "lost", **TRUE, "anchors": [{"document": "lost-2020", "fragment": TRUE["fragment"]}]}
    lost.pop("fragment")
    report.records(f"{report.bytes().decode()}- {json.dumps(lost)}\n")
    found = report.ground()
    assert (found["records"], [each["record"] for each in found["not_asked"]]) == (1, ["lost"])
    assert evidence("ground", "--base", report.folder).code == 0
    done = evidence("ground", "a-record", "lost", "--base", report.folder)
    assert done.code == 1
    assert "not asked: lost: none of its renditions" in done.out


def test_people_are_told_what_was_written_and_that_seals_break(report):
    report.write(TEXT, {**TRUE, "place": "aldton"})
    done = evidence("ground", "--base", report.folder)
    assert "can be written" in done.out
    assert "nothing was changed" in done.out
    done = evidence("ground", "a-record", "--base", report.folder, "--write")
    assert done.code == 0
    assert "(unnamed, now elsewhere)" in done.out
    assert f"wrote {RECORDS}" in done.out
    assert "records changed: 1. A changed record breaks its seal" in done.out


def test_the_json_says_the_same(report):
    report.write(TEXT, {**TRUE, "place": "aldton"})
    assert evidence("ground", "--base", report.folder, "--format", "json").json == report.ground()


def test_a_base_with_a_fault_is_not_written_to(report):
    report.write(TEXT, {**TRUE, "place": "aldton"})
    report.records(report.bytes().decode() + "- {id: broken}\n")
    before = report.all_bytes()
    assert report.ground()["records"] == 1
    with pytest.raises(EvidenceError, match=r"records\.yml"):
        report.ground(write=True)
    assert report.all_bytes() == before


def test_a_file_that_was_changed_meanwhile_is_refused(report):
    report.write(TEXT, {**TRUE, "place": "aldton"})
    found = ground_base(find_base(report.folder), report.folder / "documents")
    writing = place(found.base, found.grounding.asked, found.contexts)
    report.records(report.bytes().decode() + "# a note\n")
    before = report.all_bytes()
    with pytest.raises(EvidenceError, match="changed meanwhile"):
        writing.write()
    assert report.all_bytes() == before
    report.records(report.bytes().decode().replace('"value": 16', '"value": 17'))
    with pytest.raises(EvidenceError, match="a-record was changed"):
        place(found.base, found.grounding.asked, found.contexts)


def test_a_base_that_is_read_only_is_refused(report):
    report.write(TEXT, {**TRUE, "place": "aldton"})
    before = report.all_bytes()
    with pytest.raises(EvidenceError, match="read-only"):
        ground_base(replace(find_base(report.folder), read_only=True), report.folder / "documents", write=True)
    assert report.all_bytes() == before


# -- the base that ships

_FOR = re.compile(r"^ +- \{[^\n]*\bfor: \[[^\n]*\}\n", re.MULTILINE)


def test_what_is_proposed_for_the_base_that_ships_is_short_holds_and_brings_no_problem(documents, tmp_path):
    root, copy = Path(__file__).parents[1], tmp_path / "copy"
    for part in ("metadata.yml", "evidence", "schema", "loaders"):
        (shutil.copytree if (root / part).is_dir() else shutil.copyfile)(root / part, _under(copy, part))
    for file in (copy / "evidence").rglob("*.yml"):  # as if no reader had said yet where words stand
        file.write_text(_FOR.sub("", file.read_text("utf-8")), "utf-8")
    before = check_base(copy, documents, ignore=("review",))
    found = ground_base(find_base(copy), documents, write=True).as_dict()
    anchors = [each["anchor"] for field in found["fields"] for each in field["proposals"]]
    assert len(anchors) > 100
    assert all(len(each["fragment"].split()) <= 12 and len(each["fragment"]) <= 90 for each in anchors)
    assert {each["became"] for each in found["fields"]} == {"elsewhere", None}
    assert not any(each["became"] for each in found["fields"] if each["state"] == "contradicted")
    after = check_base(copy, documents, ignore=("review",))
    assert {(each.code, each.record) for each in after.problems} <= {
        (each.code, each.record) for each in before.problems
    }
    assert all(count.failed == 0 for count in after.matching.counts.values())
    inferred = [sum(text.read_text("utf-8").count("inferred:") for text in folder.rglob("*.yml"))
                for folder in (root / "evidence", copy / "evidence")]  # fmt: skip
    assert inferred[0] == inferred[1]
    for file in (root / "schema").iterdir():
        assert (copy / "schema" / file.name).read_bytes() == file.read_bytes()


def _under(folder, part):
    folder.mkdir(exist_ok=True)
    return folder / part
