"""No word without its passage: what a record says is named where it was read, or `check` says that it is not.

Each test writes a report of its own, one record read from it as it stands there, and the smallest change of that
record which makes it say something else with the same digits.
"""

from __future__ import annotations

import json
from hashlib import sha256

import pytest

from commands import evidence
from evidencebase.answers.locking import lock_base
from evidencebase.answers.report import check_base
from evidencebase.database import build_database
from evidencebase.folder import find_base
from site_serving import datasette, get, visible

REPORT = "millbrook-2022"
FILES = {
    "metadata.yml": "title: Getting about\nevidencebase: {format: 2, outcomes: [cycling]}\n",
    "schema/measures.yml": """
- {id: cycles-weekly, label: Cycling at least weekly, construct: cycling, unit: percent, phrase: cycle at least weekly,
   options_counted: [weekly], words: [cycle weekly, cycled weekly, cycle at least weekly, cycling weekly]}
- {id: cycles-daily, label: Cycling daily, construct: cycling, unit: percent, phrase: cycle daily,
   options_counted: [daily], words: [cycle daily, cycled daily, cycling daily]}
- {id: cycling, label: "Cycling, measure not stated", construct: cycling, unit: percent, phrase: cycle,
   words: [cycle, cycling, cycled]}
- {id: walks-daily, label: Walking daily, construct: walking, unit: percent, phrase: walk daily, words: [walk daily]}
- {id: asthma, label: Asthma, construct: asthma, unit: percent, polarity: negative, phrase: have asthma}
- {id: sleep, label: Good sleep, construct: sleep, unit: percent, polarity: positive, phrase: sleep well, words: [sleep]}
""",
    "schema/characteristics.yml": """
- id: life-stage
  label: Stage of life
  dimension: age
  levels:
    - {id: children, label: children, words: [pupils]}
    - {id: older-people, label: older people, broader: [adults]}
    - {id: adults, label: adults}
- id: car
  label: Has a car
  dimension: socioeconomic-status
  levels:
    - {id: has, label: has a car, words: [car owners, with a car]}
    - {id: none, label: has no car, words: [without a car, no car]}
""",
    "schema/groups.yml": """
- {id: adults, label: adults, is: {life-stage: adults}}
- {id: women, label: women, is: {sex: female, life-stage: adults}}
- {id: men, label: men, is: {sex: male, life-stage: adults}}
- {id: adults-16-24, label: adults aged 16 to 24, is: {age: 16-24}}
- {id: adults-25-34, label: adults aged 25 to 34, is: {age: 25-34}}
- {id: children, label: children, is: {life-stage: children}}
- {id: older-people, label: older people, is: {life-stage: older-people}}
- {id: car-owners, label: people with a car, is: {car: has}}
- {id: older-car-owners, label: older car owners, is: {life-stage: older-people, car: has}}
- {id: people-without-a-car, label: people without a car, is: {car: none}}
""",
    "schema/places.yml": """
- {id: northshire, label: Northshire, type: county}
- {id: millbrook, label: Millbrook, type: town, broader: [northshire]}
- {id: aldton, label: Aldton, type: town, broader: [northshire]}
""",
    "schema/strength.yml": """
name: two
definitions: {strong: large, weak: small}
large_from: 1000
rules: [{when: {size: [large]}, strength: strong, reason: large}, {when: {}, strength: weak, reason: small}]
""",
    "evidence/documents.yml": f"""
- key: {REPORT}
  title: Getting about
  words: {{the town: {{place: millbrook}}}}
  renditions: [{{file: report.txt, sha256: SHA256}}]
""",
    "evidence/sources.bib": """
@report{millbrook-2022, title = {Getting about}, author = {{Millbrook Council}}, year = {2022}}
@report{travel-survey-2020-21, title = {Travel Survey 2020-21}, author = {{A}}, year = {2021}}
@report{travel-survey-2021-22, title = {Travel Survey 2021-22}, author = {{A}}, year = {2022}}
""",
    "evidence/studies.yml": """
- {key: travel-survey-2020-21, label: Travel Survey 2020-21, fieldwork: 2020-21, size: {n: 2000}, strength: strong, extracted_by: reader-a}
- {key: travel-survey-2021-22, label: Travel Survey 2021-22, fieldwork: 2021-22, size: {n: 2000}, strength: strong, extracted_by: reader-a}
""",
}
FINDING = {"statistic": "prevalence", "measure": "cycles-weekly", "group": "women", "value": 16}
CLAIM = {"kind": "relation", "measure": "asthma", "group": "car-owners", "direction": "higher"}


class Small:
    """A base of one report and one record, as files."""

    def __init__(self, folder):
        self.folder = folder

    def write(self, text, record, *, kind="findings", **files):
        """Write the base; `record` without its id and reader, its fragment under `fragment`."""
        content = {**FILES, f"documents/{'report.txt'}": text, **{k.replace("__", "/"): v for k, v in files.items()}}
        content["evidence/documents.yml"] = content["evidence/documents.yml"].replace(
            "SHA256", sha256(text.encode()).hexdigest()
        )
        record = dict(record)
        anchors = record.pop("anchors", None) or [{"document": REPORT, "fragment": record.pop("fragment")}]
        written = {"id": "a-record", **record, "anchors": anchors, "extracted_by": "reader-a"}
        content[f"evidence/{kind}/records.yml"] = f"- {json.dumps(written)}\n"
        for name, words in content.items():
            file = self.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(words, encoding="utf-8")
        return self

    def problems(self, **options):
        """The codes of words and claims at the record, with the severity."""
        report = check_base(self.folder, self.folder / "documents", **options)
        wrong = [p for p in report.problems if p.severity == "error" and p.code.startswith(("shape", "reference"))]
        assert wrong == []
        return {(problem.code, str(problem.severity)) for problem in report.problems
                if problem.record == "a-record" and problem.code.startswith(("word", "claim", "anchor"))}  # fmt: skip

    def state(self, field):
        """The state and scope of one field."""
        report = check_base(self.folder, self.folder / "documents")
        found = [each for each in report.worded.rulings if each.field == field]
        return [(str(each.state), each.scope) for each in found]


@pytest.fixture
def small(tmp_path):
    return Small(tmp_path)


# What a fragment alone contradicts is seen without the document too, and said first.
ALSO = {"word-contradicted": ("anchor-group-disagrees", "anchor-period-disagrees", "anchor-place-disagrees")}


def errors(found):
    return {code for code, severity in found if severity == "error"}


# text, fragment, what is true of it, and each change with the code that it must raise
CASES = {
    "the group behind its figure": (
        "In Millbrook 16% of women and 12% of men cycle weekly.",
        {**FINDING, "place": "millbrook", "fragment": "16% of women and 12% of men cycle weekly", "figures": 16},
        [({"group": "men"}, "word-contradicted"), ({"group": "children"}, "word-contradicted"),
         ({"place": "aldton"}, "word-contradicted"), ({"place": "northshire"}, "word-place"),
         ({"measure": "walks-daily"}, "word-contradicted"), ({"group": "adults"}, "word-people")],
    ),
    "the group before its figure": (
        "Women (16%) and men (12%) cycle weekly in Millbrook.",
        {**FINDING, "fragment": "Women (16%) and men (12%) cycle weekly"},
        [({"group": "men"}, "word-contradicted")],
    ),
    "names and figures in one order": (
        "The shares who cycle weekly are 16% and 12% for women and men respectively.",
        {**FINDING, "fragment": "16% and 12% for women and men respectively"},
        [({"group": "men"}, "word-contradicted")],
    ),
    "ages": (
        "Of those aged 16 to 24, 16% cycle weekly, and 12% of those aged 25 to 34.",
        {**FINDING, "group": "adults-16-24", "fragment": "aged 16 to 24, 16% cycle weekly"},
        [({"group": "adults-25-34"}, "word-contradicted"), ({"group": "women"}, "word-contradicted")],
    ),
    "a condition turned": (
        "Of people without a car 16% cycle weekly.",
        {**FINDING, "group": "people-without-a-car", "fragment": "people without a car 16% cycle weekly"},
        [({"group": "car-owners"}, "word-contradicted")],
    ),
    "a cut-off": (
        "As many as 16% of women cycle daily.",
        {**FINDING, "measure": "cycles-daily", "qualifiers": ["up-to"], "fragment": "16% of women cycle daily"},
        [({"measure": "cycles-weekly"}, "word-contradicted"), ({"qualifiers": []}, "word-qualifier"),
         ({"qualifiers": ["about"]}, "word-qualifier")],
    ),
    "a plain figure": (
        "Of women 16% cycle weekly.",
        {**FINDING, "fragment": "women 16% cycle weekly"},
        [({"qualifiers": ["nearly"]}, "word-qualifier")],
    ),
    "two waves of one survey": (
        "The Travel Survey 2021-22 found that 16% of women cycle weekly.",
        {**FINDING, "study": "travel-survey-2021-22", "period": "2021-22", "fragment": "16% of women cycle weekly"},
        [({"study": "travel-survey-2020-21"}, "word-contradicted"), ({"period": "2020-21"}, "word-contradicted")],
    ),
    "a caption and a row": (
        "Table 1: Women and men who cycle weekly in Millbrook\n\nWomen 16% 200\nMen 12% 180\n\nSource: Travel Survey 2021-22\n",
        {**FINDING, "place": "millbrook", "fragment": "Women 16% 200"},
        [({"group": "men"}, "word-contradicted")],
    ),
}  # fmt: skip


def of_case(name):
    text, record, changes = CASES[name]
    return text, {key: value for key, value in record.items() if key != "figures"}, changes


@pytest.mark.parametrize("name", CASES)
def test_a_true_record_has_no_error(small, name):
    text, record, _ = of_case(name)
    assert errors(small.write(text, record).problems()) == set()


@pytest.mark.parametrize(
    ("name", "change", "code"),
    [(name, change, code) for name, case in CASES.items() for change, code in case[2]],
    ids=lambda value: json.dumps(value) if isinstance(value, dict) else value,
)
def test_a_record_that_says_something_else_with_the_same_digits_is_an_error(small, name, change, code):
    text, record, _ = of_case(name)
    found = errors(small.write(text, {**record, **change}).problems())
    assert found & {code, *ALSO.get(code, ())}


CASES |= {
    "a figure of two groups at once": (
        "In all 16% of women and men with a car cycle weekly.",
        {**FINDING, "group": "men", "fragment": "16% of women and men with a car", "inferred": {"group.people": "told twice"}},
        [({"group": "children"}, "word-contradicted")],
    ),
    "a group before its figure that another name holds": (
        "Women with a car cycle weekly more often (16% versus 12% for men).",
        {**FINDING, "fragment": "cycle weekly more often (16% versus 12%", "inferred": {"group.people": "with a car"}},
        [({"group": "men"}, "word-contradicted")],
    ),
}  # fmt: skip

CLAIMS = {
    "as likely as": (
        "Car owners are as likely as others to have asthma.",
        {**CLAIM, "direction": "no-difference", "link": "differs", "modality": "asserted",
         "fragment": "Car owners are as likely as others to have asthma"},
        [({"direction": "higher"}, "word-direction")],
    ),
    "both directions": (
        "Studies of car owners and asthma are mixed: some find it higher, others lower.",
        {**CLAIM, "direction": "mixed", "modality": "asserted", "fragment": "car owners and asthma are mixed: some find it higher"},
        [({"direction": "no-difference"}, "word-direction")],
    ),
    "one direction": (
        "Asthma is higher among car owners.",
        {**CLAIM, "link": "differs", "modality": "asserted", "fragment": "Asthma is higher among car owners"},
        [({"direction": "mixed"}, "word-direction"), ({"direction": "no-difference"}, "word-direction"),
         ({"modality": "possible"}, "word-modality"),
         ({"modality": "projected"}, "word-modality")],
    ),
    "a cause": (
        "Driving to work causes asthma among car owners.",
        {**CLAIM, "link": "raises", "modality": "asserted", "fragment": "causes asthma among car owners"},
        [({"link": "differs"}, "word-link"), ({"link": "linked"}, "word-link"), ({"direction": "lower"}, "word-direction")],
    ),
    "what can be": (
        "Driving to work can raise asthma among car owners.",
        {**CLAIM, "link": "raises", "modality": "possible", "fragment": "can raise asthma among car owners"},
        [({"modality": "asserted"}, "word-modality")],
    ),
    "whom it is about and whom it is compared with": (
        "Asthma is more common among car owners than among older people.",
        {**CLAIM, "link": "differs", "versus": {"group": "older-people"},
         "fragment": "more common among car owners than among older people"},
        [({"group": "older-people", "versus": {"group": "car-owners"}}, "word-contradicted"),
         ({"versus": {"group": "car-owners"}}, "claim-itself")],
    ),
    "a mark of the people": (
        "Asthma is more common among older car owners: older people with a car have it more often.",
        {**CLAIM, "group": "older-car-owners", "link": "differs", "fragment": "older people with a car have it more often"},
        [({"group": "car-owners"}, "word-people"), ({"group": "older-people"}, "word-people")],
    ),
    "what leads into a list": (
        "Asthma is more common among the following:\n\n• car owners\n• older people\n",
        {**CLAIM, "link": "differs", "modality": "asserted", "fragment": "• car owners"},
        [({"direction": "lower"}, "word-direction")],
    ),
    "a comparison": (
        "Asthma is more common among car owners than among people without a car.",
        {**CLAIM, "versus": {"group": "people-without-a-car"}, "link": "differs", "modality": "asserted",
         "fragment": "Asthma is more common among car owners"},
        [({"direction": "lower"}, "word-direction"), ({"significance": "significant"}, "word-significance")],
    ),
    "less likely": (
        "Car owners are significantly less likely to have asthma.",
        {**CLAIM, "direction": "lower", "significance": "significant", "modality": "asserted",
         "fragment": "Car owners are significantly less likely to have asthma"},
        [({"direction": "higher"}, "word-direction"), ({"significance": "not-stated"}, "word-significance")],
    ),
    "no difference": (
        "There was no difference in asthma between car owners and others.",
        {**CLAIM, "direction": "no-difference", "modality": "asserted",
         "fragment": "no difference in asthma between car owners and others"},
        [({"direction": "higher"}, "word-direction")],
    ),
    "a hedge": (
        "Having a car may increase asthma among car owners.",
        {**CLAIM, "link": "raises", "modality": "possible", "fragment": "may increase asthma among car owners"},
        [({"modality": "asserted"}, "word-modality"), ({"direction": "lower"}, "word-direction")],
    ),
    "an association": (
        "Cycling is associated with asthma among car owners.",
        {**CLAIM, "exposure": "cycling", "link": "linked", "modality": "asserted",
         "fragment": "Cycling is associated with asthma among car owners"},
        [({"link": "raises"}, "word-link")],
    ),
    "harm to what is good": (
        "Car noise harms the sleep of car owners.",
        {**CLAIM, "measure": "sleep", "direction": "lower", "fragment": "harms the sleep of car owners"},
        [({"measure": "walks-daily"}, "word-contradicted")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CLAIMS)
def test_a_true_claim_has_no_error(small, name):
    text, record, _ = CLAIMS[name]
    assert errors(small.write(text, record, kind="claims").problems()) == set()


@pytest.mark.parametrize(
    ("name", "change", "code"),
    [(name, change, code) for name, case in CLAIMS.items() for change, code in case[2]],
    ids=lambda value: json.dumps(value) if isinstance(value, dict) else value,
)
def test_a_claim_turned_round_is_an_error(small, name, change, code):
    text, record, _ = CLAIMS[name]
    assert code in errors(small.write(text, {**record, **change}, kind="claims").problems())


WIDE = "1. Cycling in Millbrook\n\nWomen were asked in the Travel Survey 2021-22. Of them, 16% cycle weekly.\n"


def test_what_a_heading_and_a_sentence_before_name_is_named(small):
    small.write(
        WIDE, {**FINDING, "place": "millbrook", "study": "travel-survey-2021-22", "fragment": "16% cycle weekly"}
    )
    assert small.state("place") == [("named", "heading")]
    assert small.state("group.sex") == [("named", "paragraph")]
    assert small.state("study") == [("named", "paragraph")]


def test_a_field_that_nothing_names_asks_for_its_place_or_a_reason(small):
    text = "Of them, 16% cycle weekly.\n\n2. Who was asked\n\nWomen.\n"
    record = {**FINDING, "fragment": "16% cycle weekly"}
    assert small.write(text, record).problems() == {("word-unnamed", "warning")}
    asked = {**record, "anchors": [{"document": REPORT, "fragment": "16% cycle weekly"},
                                   {"document": REPORT, "fragment": "Women.", "for": ["group"]}]}  # fmt: skip
    asked.pop("fragment")
    assert small.write(text, asked).problems() == set()
    assert small.state("group.sex") == [("elsewhere", "for")]
    reasoned = {**record, "inferred": {"group": "the survey asks women only"}}
    assert small.write(text, reasoned).problems() == set()
    assert small.state("group.sex") == [("inferred", "")]


def test_an_anchor_for_a_word_that_does_not_name_it_answers_nothing(small):
    text = "Of them, 16% cycle weekly.\n\n2. Who was asked\n\nMen.\n"
    anchors = [
        {"document": REPORT, "fragment": "16% cycle weekly"},
        {"document": REPORT, "fragment": "Men.", "for": ["group"]},
    ]
    assert ("word-unnamed", "warning") in small.write(text, {**FINDING, "anchors": anchors}).problems()


def test_an_entry_that_no_document_prints_asks_for_its_words(small):
    record = {**FINDING, "measure": "asthma", "fragment": "16% of women"}
    assert ("word-no-form", "warning") in small.write("For 16% of women it is so.", record).problems()


def test_a_place_period_or_study_that_is_printed_and_left_empty_is_overlooked(small):
    text = "In 2021-22, 16% of women in Millbrook cycle weekly."
    record = {**FINDING, "fragment": "In 2021-22, 16% of women in Millbrook"}
    assert ("word-overlooked", "warning") in small.write(text, record).problems()
    assert small.state("period")[0][0] == small.state("place")[0][0] == "overlooked"
    full = {**record, "period": "2021-22", "place": "millbrook"}
    assert small.write(text, full).problems() == set()
    assert small.state("study") == [("silent", "")]


@pytest.mark.parametrize(
    ("text", "fragment", "field"),
    [
        (
            "Millbrook Council says that 16% of women cycle weekly.",
            "Council says that 16% of women cycle weekly",
            "place",
        ),
        ("As shown (Smith, 2021), 16% of women cycle weekly.", "(Smith, 2021), 16% of women cycle weekly", "period"),
    ],
)
def test_the_name_of_a_body_is_no_place_and_the_year_of_a_credit_no_period(small, text, fragment, field):
    small.write(text, {**FINDING, "fragment": fragment})
    assert small.state(field) == [("silent", "")]


def test_what_a_word_means_in_a_document_names_it(small):
    small.write("In the town 16% of women cycle weekly.", {**FINDING, "place": "millbrook", "fragment": "16% of women"})
    assert small.state("place") == [("named", "clause")]
    small.write("There 16% of women cycle weekly.", {**FINDING, "place": "millbrook", "fragment": "16% of women"})
    assert small.state("place") == [("elsewhere", "document")]


def test_the_note_of_a_mark_names_the_study(small):
    text = "Of women 16% cycle weekly.³\n\nMore text stands here.\n\n³ Travel Survey 2021-22. Ministry of Travel.\n"
    small.write(text, {**FINDING, "study": "travel-survey-2021-22", "fragment": "women 16% cycle weekly"})
    assert small.state("study") == [("elsewhere", "note")]


def test_the_figure_next_to_another_of_the_same_sentence_goes_by_its_own_clause(small):
    text = "Of women 16% cycle weekly and 12% walk daily."
    record = {**FINDING, "value": 12, "measure": "walks-daily", "fragment": "16% cycle weekly and 12% walk daily"}
    assert errors(small.write(text, record).problems()) == set()
    assert errors(small.write(text, {**record, "measure": "cycles-weekly"}).problems()) == {"word-contradicted"}


def test_two_claims_that_print_one_sentence_are_found(small):
    text = "Asthma is more common among car owners. Car owners have more asthma."
    small.write(text, {**CLAIM, "fragment": "Asthma is more common among car owners"}, kind="claims")
    file = small.folder / "evidence/claims/records.yml"
    twin = (
        file.read_text()
        .replace("a-record", "b-record")
        .replace("Asthma is more common among car owners", "Car owners have more asthma")
    )
    file.write_text(file.read_text() + twin)
    assert ("claim-twin", "warning") in small.problems()


def test_a_heading_alone_is_no_evidence_of_a_claim(small):
    text = "1. More asthma among car owners\n\nThis chapter is about travel and about health.\n"
    record = {**CLAIM, "fragment": "More asthma among car owners"}
    assert ("claim-heading", "error") in small.write(text, record, kind="claims").problems()


def test_a_form_shared_by_unrelated_entries_is_a_fault_of_the_vocabulary(small):
    shared = FILES["schema/measures.yml"].replace("words: [walk daily]", "words: [walk daily, asthma]")
    small.write("Of women 16% cycle weekly.", {**FINDING, "fragment": "women 16% cycle weekly"})
    (small.folder / "schema/measures.yml").write_text(shared)
    report = check_base(small.folder, small.folder / "documents")
    assert {p.record for p in report.problems if p.code == "word-form-shared"} == {"asthma", "walks-daily"}


def test_the_mend_of_a_contradiction_offers_three_ways_and_shows_both_readings(small):
    text, record, _ = of_case("the group behind its figure")
    text = "Of women, 16% cycle weekly."
    small.write(text, {**record, "group": "men", "place": None, "fragment": "16% cycle weekly"})
    (problem,) = [
        p for p in check_base(small.folder, small.folder / "documents").problems if p.code == "word-contradicted"
    ]
    assert "men" in problem.message
    assert "women" in problem.message
    for way in ("correct the record", "words", "for: [group.sex]", "inferred"):
        assert way in problem.hint


def test_the_lock_remembers_the_words_for_exactly_this_content(small):
    text, record, _ = of_case("the group behind its figure")
    small.write(text, record)
    folder = find_base(small.folder)
    lock_base(folder, small.folder / "documents")
    here = {(r.field, r.state, r.scope) for r in check_base(small.folder, small.folder / "documents").worded.rulings}
    gone = check_base(small.folder, small.folder / "nowhere").worded.rulings
    assert {(r.field, r.state, r.scope) for r in gone} == here
    assert all(ruling.remembered for ruling in gone)
    assert check_base(small.folder, small.folder / "nowhere", require_documents=True).worded.rulings == []
    groups = small.folder / "schema/groups.yml"
    groups.write_text(groups.read_text().replace("label: women,", "label: women, words: [ladies],"))
    assert check_base(small.folder, small.folder / "nowhere").worded.rulings == []


def test_the_summary_counts_words_by_kind_of_record_and_state(small):
    text, record, _ = of_case("the group behind its figure")
    counts = check_base(small.write(text, record).folder, small.folder / "documents").as_dict()["summary"]["words"]
    assert counts["findings"]["named"] >= 4
    assert counts["findings"]["contradicted"] == 0
    changed = small.write(text, {**record, "place": "aldton", "fragment": "16% of women"})
    assert (
        check_base(changed.folder, small.folder / "documents").as_dict()["summary"]["words"]["findings"]["contradicted"]
        == 1
    )


def test_the_database_keeps_the_state_of_every_word_that_the_lock_remembers(small):
    import sqlite3

    text, record, _ = of_case("the group behind its figure")
    small.write(text, record)
    lock_base(find_base(small.folder), small.folder / "documents")
    built = build_database(small.folder, small.folder / "out.db", drafts=True)
    rows = sqlite3.connect(built.file).execute(
        "SELECT field, state, scope, document FROM words WHERE record_id = 'a-record'"
    )
    found = {row[0]: row[1:] for row in rows}
    assert found["group.sex"] == ("named", "clause", REPORT)
    assert found["place"][0] == "named"


def test_a_base_may_bring_word_lists_of_its_own(small):
    text = "Of women roughly-speaking 16% cycle weekly."
    small.write(text, {**FINDING, "qualifiers": ["about"], "fragment": "women roughly-speaking 16% cycle weekly"})
    assert errors(small.problems()) == {"word-qualifier"}
    (small.folder / "languages").mkdir()
    (small.folder / "languages/xx.yml").write_text(
        "sexes: {female: [women], male: [men]}\nqualifiers: {about: [roughly-speaking]}\n"
    )
    assert errors(small.problems()) == set()


def test_word_lists_that_cannot_be_read_are_said_with_their_place(small):
    from evidencebase.problems import EvidenceError

    small.write("Of women 16% cycle weekly.", {**FINDING, "fragment": "women 16% cycle weekly"})
    (small.folder / "languages").mkdir()
    (small.folder / "languages/xx.yml").write_text("sexes: [women]\n")
    with pytest.raises(EvidenceError, match=r"xx.yml:1"):
        check_base(small.folder, small.folder / "documents")


# -- an anchor `for` words that stands in several places


SEVERAL = (
    "1 Aldton\n\nIn Aldton the survey asked pupils.\n\n"
    "2 Millbrook\n\nIn Millbrook the survey asked pupils. Of women 16% cycle weekly.\n"
)


def test_an_anchor_for_words_means_the_place_nearest_to_the_figure(small):
    anchors = [
        {"document": REPORT, "fragment": "the survey asked pupils", "for": ["study"]},
        {"document": REPORT, "fragment": "women 16% cycle weekly"},
    ]
    small.write(SEVERAL, {**FINDING, "anchors": anchors})
    (place,) = [each.passage.source_start for each in check_base(small.folder, small.folder / "documents")
                .matching.outcomes if each.anchor.for_]  # fmt: skip
    assert SEVERAL[:place].endswith("In Millbrook "), "not the one of the first section"


def test_an_anchor_of_a_figure_that_stands_in_several_places_is_still_ambiguous(small):
    text = "Of women 16% cycle weekly.\n\nAgain: of women 16% cycle weekly.\n"
    assert ("anchor-ambiguous", "error") in small.write(
        text, {**FINDING, "fragment": "women 16% cycle weekly"}
    ).problems()


def test_without_a_figure_in_its_document_an_anchor_for_words_stays_ambiguous(small):
    anchors = [{"document": REPORT, "fragment": "the survey asked pupils", "for": ["study"]}]
    record = {key: value for key, value in FINDING.items() if key != "value"}
    small.write(SEVERAL, {**record, "suppressed": "<5", "anchors": anchors})
    assert ("anchor-ambiguous", "error") in small.problems()


# -- where it shows

PLACED = """\
1 Cycling

Of those asked, 16% cycle weekly.

2 Who was asked

Women only.
"""
GIVEN = {
    **FINDING,
    "place": "aldton",
    "inferred": {"place": "the council asks in its own town"},
    "anchors": [
        {"document": REPORT, "fragment": "16% cycle weekly"},
        {"document": REPORT, "fragment": "Women only", "for": ["group"], "locator": "2"},
    ],
}


@pytest.fixture
def placed(small):
    """A record that says where one word of it stands, and why it takes another so."""
    small.write(PLACED, GIVEN)
    lock_base(find_base(small.folder), small.folder / "documents")
    return small


def test_show_names_the_place_that_a_record_gives_and_the_reason_for_what_no_passage_names(placed):
    words = evidence("show", "a-record", "--base", placed.folder, "--format", "json").json
    assert words["words"]["group.sex"] == "found elsewhere (at a place the record gives): “Women only”, 2"
    assert words["words"]["place"] == "not printed; taken so because the council asks in its own town"
    assert [(each["words"], each["names"]) for each in words["passages"]] == [
        ("16% cycle weekly", []), ("Women only", ["group"]),
    ]  # fmt: skip
    text = evidence("show", "a-record", "--base", placed.folder).out
    assert "passage for group “Women only”" in text
    assert "because the council asks in its own town" in text


def test_the_page_of_a_finding_says_so_too(placed):
    built = build_database(placed.folder, placed.folder / "out.db", drafts=True)
    (answer,) = get(datasette(built.file), "/out/findings/a-record")
    page = " ".join(visible(answer.text).split())
    assert "Found elsewhere (at a place the record gives): “Women only”, 2" in page
    assert "Not printed; taken so because the council asks in its own town" in page
    assert "It says where this is named: group." in page


def test_coverage_counts_the_words_as_check_does_and_says_how_many_are_inferred(placed):
    counts = check_base(placed.folder, placed.folder / "documents").as_dict()["summary"]["words"]
    words = evidence("coverage", "--base", placed.folder, "--format", "json").json["words"]
    assert words["total"] == counts
    assert words["documents"] == {REPORT: counts}
    fields = sum(counts["findings"].values()) - counts["findings"]["silent"]
    assert words["inferred"] == {"fields": 1, "of": fields, "percent": round(100 / fields, 1)}
    assert words["remembered"] == 0
    text = evidence("coverage", "--base", placed.folder).out
    assert f"inferred: 1 of {fields} fields that say anything ({100 / fields:.1f}%)" in text


def test_coverage_says_which_words_only_the_lock_remembers(placed, tmp_path):
    (tmp_path / "none").mkdir()
    done = evidence("coverage", "--base", placed.folder, "--documents", tmp_path / "none")
    assert "fields are as the lock remembers them" in done.out
    (placed.folder / "evidence/evidence.lock").unlink()
    done = evidence("coverage", "--base", placed.folder, "--documents", tmp_path / "none")
    assert "words: none could be looked for, and the lock remembers none" in done.out


def test_coverage_counts_a_record_with_the_document_it_was_first_read_from(placed):
    documents = placed.folder / "evidence/documents.yml"
    documents.write_text(f"{documents.read_text()}- {{key: travel-2020}}\n")
    answer = evidence("coverage", "travel-2020", "--base", placed.folder, "--format", "json").json
    assert (answer["words"]["total"], answer["words"]["inferred"]["percent"]) == ({}, None)
    answer = evidence("coverage", REPORT, "--base", placed.folder, "--format", "json").json
    assert list(answer["words"]["documents"]) == [REPORT]


def test_a_conclusion_is_asked_as_a_claim_is(small):
    text = "In Millbrook asthma is more common among car owners.\n"
    stated = [{"document": REPORT, "fragment": "asthma is more common among car owners"}]
    record = {"measure": "asthma", "group": "car-owners", "direction": "higher", "stated_in": stated}

    def found(**change):
        content = {**record, **change, "anchors": stated}
        small.write(text, content, kind="conclusions")
        file = small.folder / "evidence/conclusions/records.yml"
        written = json.loads(file.read_text(encoding="utf-8").removeprefix("- "))
        written.pop("anchors")
        file.write_text(f"- {json.dumps(written)}\n", encoding="utf-8")
        return errors(small.problems())

    assert found() == set()
    assert found(direction="lower") == {"word-direction"}
    assert found(group="older-people") == {"word-contradicted"}
    assert found(measure="sleep") == {"word-contradicted"}


@pytest.mark.parametrize(
    ("says", "change", "code"),
    [
        ("Car owners have asthma more often.", {"direction": "lower"}, "word-says"),
        ("Car owners may have asthma more often.", {}, "word-says"),
        ("Car owners have asthma significantly more often.", {}, "word-says"),
    ],
)
def test_the_sentence_of_a_claim_says_what_its_fields_record(small, says, change, code):
    text = "Asthma is more common among car owners.\n"
    claim = {**CLAIM, "link": "differs", "modality": "asserted", "fragment": "Asthma is more common among car owners"}
    plain = {**claim, "says": "Car owners have asthma more often."}
    assert small.write(text, plain, kind="claims").problems() == set()
    assert code in errors(small.write(text, {**claim, "says": says, **change}, kind="claims").problems())


def test_a_sentence_that_names_another_measure_or_group_is_noticed(small):
    text = "Asthma is more common among car owners.\n"
    claim = {**CLAIM, "link": "differs", "modality": "asserted", "fragment": "Asthma is more common among car owners",
             "says": "People without a car have asthma more often."}  # fmt: skip
    assert small.write(text, claim, kind="claims").problems() == {("word-says", "warning")}


def test_a_comparator_that_is_printed_and_left_out_is_overlooked(small):
    text = "Asthma is more common among car owners than among older people.\n"
    claim = {**CLAIM, "link": "differs", "modality": "asserted",
             "fragment": "more common among car owners than among older people"}  # fmt: skip
    assert small.write(text, claim, kind="claims").problems() == {("word-overlooked", "warning")}
    full = {**claim, "versus": {"group": "older-people"}}
    assert small.write(text, full, kind="claims").problems() == set()


def test_an_adjustment_is_compared_both_ways(small):
    text = "After adjusting for age, 16% of women cycle weekly.\n"
    record = {**FINDING, "fragment": "After adjusting for age, 16% of women cycle weekly"}
    assert small.write(text, record).problems() == {("word-overlooked", "warning")}
    assert small.write(text, {**record, "adjusted_for": ["age"]}).problems() == set()
    plain = {**FINDING, "adjusted_for": ["age"], "fragment": "16% of women cycle weekly"}
    assert small.write("Of all, 16% of women cycle weekly.\n", plain).problems() == {("word-unnamed", "warning")}


def test_a_period_and_a_place_that_the_study_has_are_not_left_empty(small):
    studies = FILES["evidence/studies.yml"].replace("size:", "universe: {place: millbrook}, size:")
    text = "The Travel Survey asks women. Of them, 16% cycle weekly.\n"
    record = {**FINDING, "study": "travel-survey-2021-22", "fragment": "16% cycle weekly"}
    small.write(text, record, **{"evidence/studies.yml": studies})
    assert small.state("period") == small.state("place") == [("overlooked", "fieldwork")]
    small.write(text, {**record, "period": "2021-22", "place": "millbrook"}, **{"evidence/studies.yml": studies})
    assert small.state("period") == small.state("place") == [("elsewhere", "fieldwork")]


def test_what_is_counted_is_named(small):
    units = "- {id: percent, label: percent, words: ['%'], dimension: proportion, factor: 0.01}\n- {id: visits, label: visits, dimension: count, factor: 1}\n- {id: trips, label: trips, dimension: count, factor: 1}\n"
    record = {
        "statistic": "count",
        "measure": "trips-made",
        "group": "women",
        "value": 412,
        "fragment": "412 visits by women",
    }
    measures = FILES["schema/measures.yml"] + (
        "- {id: trips-made, label: Trips made, construct: trips, unit: visits, phrase: trips, words: [the pool]}\n"
    )
    files = {"schema/units.yml": units, "schema/measures.yml": measures}
    text = "There were 412 visits by women to the pool.\n"
    assert small.write(text, record, **files).problems() == set()
    assert small.write(text, {**record, "unit": "trips"}, **files).problems() == {("word-unit", "warning")}


def test_a_measure_in_general_is_not_one_with_a_cut_off(small):
    text = "In all, 16% of women cycle weekly, and cycling is good for them.\n"
    record = {**FINDING, "fragment": "16% of women cycle weekly"}
    assert small.write(text, record).problems() == set()
    assert small.write(text, {**record, "measure": "cycling"}).problems() == {("word-narrower", "warning")}


def test_one_word_is_not_at_once_what_is_measured_and_in_whom(small):
    groups = (
        FILES["schema/groups.yml"]
        + "- {id: asthmatics, label: people with asthma, condition: asthma, words: [asthma]}\n"
    )
    text = "Asthma is more common among car owners.\n"
    claim = {**CLAIM, "link": "differs", "fragment": "Asthma is more common among car owners"}
    files = {"schema/groups.yml": groups}
    assert small.write(text, claim, kind="claims", **files).problems() == set()
    found = small.write(text, {**claim, "group": "asthmatics"}, kind="claims", **files).problems()
    assert ("word-contradicted", "error") in found


def test_an_anchor_for_an_empty_field_says_that_it_is_empty(small):
    text = "The Travel Survey 2021-22 was made in spring.\n\n2. Women\n\nOf women, 16% cycle weekly.\n"
    anchors = [
        {"document": REPORT, "fragment": "women, 16% cycle weekly"},
        {"document": REPORT, "fragment": "The Travel Survey 2021-22", "for": ["study"]},
    ]
    record = {**FINDING, "anchors": anchors}
    assert small.write(text, record).problems() == {("word-overlooked", "warning")}
    assert small.state("study") == [("overlooked", "for")]
    assert small.write(text, {**record, "study": "travel-survey-2021-22", "period": "2021-22"}).problems() == set()


def test_an_anchor_for_people_who_are_not_named_there_leaves_them_unnamed(small):
    text = "Of women, 16% cycle weekly.\n\n2. Who was asked\n\nChildren.\n"
    anchors = [
        {"document": REPORT, "fragment": "women, 16% cycle weekly"},
        {"document": REPORT, "fragment": "Children.", "for": ["group"]},
    ]
    small.write(text, {**FINDING, "anchors": anchors})
    assert small.state("group.sex") == [("unnamed", "for")]


def test_a_wording_is_borne_out_by_the_anchor_given_for_it(small):
    text = "At greater risk of asthma are these:\n\nFirst some words of another kind stand here.\n\n• car owners;\n"
    plain = {"document": REPORT, "fragment": "• car owners;"}
    given = {"document": REPORT, "fragment": "At greater risk of asthma", "for": ["direction", "measure"]}
    claim = {**CLAIM, "modality": "asserted", "anchors": [plain]}
    assert ("word-direction", "warning") in small.write(text, claim, kind="claims").problems()
    assert small.write(text, {**claim, "anchors": [plain, given]}, kind="claims").problems() == set()
    assert small.state("direction") == [("elsewhere", "for")]


def test_years_of_age_in_a_list_are_one_band(small):
    groups = FILES["schema/groups.yml"] + "- {id: aged-19-21, label: people aged 19 to 21, is: {age: 19-21}}\n"
    record = {**FINDING, "group": "aged-19-21", "fragment": "aged 19, 20 and 21, 16% cycle weekly"}
    small.write("Of those aged 19, 20 and 21, 16% cycle weekly.\n", record, **{"schema/groups.yml": groups})
    assert small.state("group.age") == [("named", "fragment")]


@pytest.mark.parametrize(("when", "state"), [("spring 2018", "named"), ("Smith, 2018", "unnamed")])
def test_a_season_in_brackets_is_a_date_and_a_name_a_credit(small, when, state):
    record = {**FINDING, "period": "2018", "fragment": "16% of women cycle weekly"}
    small.write(f"As counted ({when}), 16% of women cycle weekly.\n", record)
    assert [each for each, _ in small.state("period")] == [state]


def test_the_words_behind_a_figure_are_not_those_of_the_next_one(small):
    text = "Of all, 24% of adults aged 25 to 34 and just under 10% of women cycle weekly.\n"
    record = {**FINDING, "value": 10, "qualifiers": ["under"], "fragment": "just under 10% of women cycle weekly"}
    assert errors(small.write(text, {**record, "qualifiers": ["under", "nearly"]}).problems()) == set()
    young = {**record, "qualifiers": ["under", "nearly"], "group": "adults-25-34"}
    assert errors(small.write(text, young).problems()) == {"word-people"}


def test_the_ages_of_a_row_are_told_by_the_head_of_its_table(small):
    text = "Table 1: Who cycles weekly\n\nCyclists by age\n\n16 to 24 16% 200\n25 to 34 12% 180\n"
    small.write(text, {**FINDING, "group": "adults-16-24", "fragment": "16 to 24 16% 200"})
    assert small.state("group.age") == [("named", "fragment")]
    assert errors(small.write(text, {**FINDING, "group": "adults-25-34", "fragment": "16 to 24 16% 200"}).problems())


@pytest.mark.parametrize(
    ("text", "fragment", "fields"),
    [
        ("Awareness of asthma among car owners has grown: a need to raise awareness of asthma.\n", "raise awareness of asthma", "link"),
        ("Asthma is associated with an increased risk among car owners.\n", "associated with an increased risk among car owners", "link"),
    ],
)  # fmt: skip
def test_a_set_phrase_or_an_association_raises_nothing(small, text, fragment, fields):
    small.write(text, {**CLAIM, "link": "raises", "fragment": fragment}, kind="claims")
    assert {state for state, _ in small.state(fields)} <= {"unnamed", "farther"}


def test_large_is_not_tested(small):
    text = "A significant minority of car owners have more asthma.\n"
    claim = {**CLAIM, "fragment": "A significant minority of car owners have more asthma"}
    assert small.write(text, claim, kind="claims").problems() == set()
    assert errors(small.write(text, {**claim, "significance": "significant"}, kind="claims").problems()) == {
        "word-significance"
    }


def test_a_fragment_that_marks_others_leaves_the_people_of_a_claim_farther_off(small):
    text = "Among women asthma is more common, above all with a car in the house.\n"
    claim = {**CLAIM, "group": "women", "fragment": "more common, above all with a car in the house"}
    assert ("word-farther", "warning") in small.write(text, claim, kind="claims").problems()


def test_a_qualifier_that_is_not_printed_is_told_so(small):
    small.write("There 16% of women cycle weekly.\n", {**FINDING, "qualifiers": ["about"], "fragment": "16% of women"})
    (problem,) = [
        p for p in check_base(small.folder, small.folder / "documents").problems if p.code == "word-qualifier"
    ]
    assert problem.message == "qualifiers.about: the record says about, which the passage does not print"


def test_a_word_of_the_name_of_a_group_is_no_mark_of_others(small):
    groups = FILES["schema/groups.yml"] + "- {id: children-5-15, label: children aged 5 to 15, is: {age: 5-15}}\n"
    record = {**FINDING, "group": "children-5-15", "fragment": "16% of all children cycle weekly"}
    found = small.write("There 16% of all children cycle weekly.\n", record, **{"schema/groups.yml": groups}).problems()
    assert errors(found) == set()
