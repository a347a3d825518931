"""Reviews: who read which content again, and what an edit does to that."""

from __future__ import annotations

import os
import subprocess
import sys
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import REPOSITORY
from evidencebase.folder import BaseFolder
from evidencebase.loading import load
from evidencebase.model.content import digest
from evidencebase.model.ledger import Review
from evidencebase.problems import EvidenceError, UsageError
from evidencebase.provenance.reviewing import HIDDEN, add_reviews, hidden_passages, queue, subject
from evidencebase.provenance.seal import Reviews

FINDINGS = "evidence/findings/northshire-report.yml"
REVIEWS = "evidence/reviews/reader-b.yml"
TABLE = "northshire-report-table-1"
CELLS = "1,200 23.5% 282 2,400 9.0% 216 3,600 498"


def verdicts(base) -> list[Review]:
    loaded, problems = load(base.folder)
    assert problems == []
    return [review for review, _ in loaded.reviews]


def seal(base, key: str) -> str:
    reviews = Reviews(load(base.folder)[0])
    return str(reviews.own(reviews.base.by_id[key]))


def review(base, key: str, by: str = "reader-b", verdict: str = "accept", entered: str = "", note: str = "") -> None:
    base.review(key, *([entered] if entered else []), by=by, verdict=verdict, note=note)


def waiting(base) -> list[str]:
    return queue(Reviews(load(base.folder)[0]))


# The digest


def test_numbers_count_as_they_are_written():
    assert digest({"value": Decimal("14.0")}) != digest({"value": 14})
    assert digest({"value": Decimal("14.0")}) != digest({"value": Decimal("14.00")})
    assert digest({"value": 14}) != digest({"value": "14"})
    assert digest({"value": 1}) != digest({"value": True})


def test_nulls_and_what_is_empty_are_as_if_absent_and_the_order_of_keys_is_nothing():
    assert digest({"a": 1, "b": [], "c": {"d": {"e": None}}}) == digest({"a": 1})
    assert digest({"a": 1, "b": None, "c": {"d": None}}) == digest({"c": {}, "a": 1})
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    assert digest({"a": [1, 2]}) != digest({"a": [2, 1]})
    assert digest({"a": {"b": 1}}) != digest({"a": {}, "b": 1})


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.decimals(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


def without_nulls(value):
    if isinstance(value, dict):
        kept = {key: without_nulls(inner) for key, inner in value.items()}
        return {key: inner for key, inner in kept.items() if inner is not None and inner not in ([], {})}
    return [without_nulls(inner) for inner in value] if isinstance(value, list) else value


def written(value):
    """What tells two values apart on paper: unlike Python, where 14 == 14.0 == Decimal("14.0")."""
    if isinstance(value, dict):
        return {key: written(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [written(inner) for inner in value]
    return ("number", str(value)) if type(value) in (int, Decimal) else (type(value).__name__, value)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.text(max_size=3), plain), st.dictionaries(st.text(max_size=3), plain))
def test_two_contents_have_one_digest_only_when_they_are_written_alike(one, other):
    alike = written(without_nulls(one)) == written(without_nulls(other))
    assert (digest(one) == digest(other)) == alike


# Status


def test_a_record_is_a_draft_until_another_reader_accepts_it(base):
    assert seal(base, "nurses-sleep-badly") == "missing"
    review(base, "nurses-sleep-badly", entered="23.5")
    assert seal(base, "nurses-sleep-badly") == "accepted"


@pytest.mark.parametrize(
    ("old", "new"),
    [("value: 23.5", "value: 23.50"), ("period: 2021", "period: 2020"), ('locator: "1"', 'locator: "2"'),
     ("  group: nurses", "  group: nurses\n  caveats: [few asked]")],
)  # fmt: skip
def test_any_edit_breaks_the_seal(base, old, new):
    review(base, "nurses-sleep-badly", entered="23.5")
    base.change(FINDINGS, old, new)
    assert seal(base, "nurses-sleep-badly") == "broken"
    assert "review-seal-broken" in base.codes("review")
    assert seal(base, "drivers-sleep-badly") == "missing"


def test_layout_comments_and_nulls_break_no_seal(base):
    review(base, "nurses-sleep-badly", entered="23.5")
    base.change(FINDINGS, "  value: 23.5\n", "  # as printed\n\n  value:   23.5\n  context: null\n")
    base.change(
        FINDINGS, "statistic: prevalence\n  measure: sleeps-badly", "measure: sleeps-badly\n  statistic: prevalence"
    )
    assert seal(base, "nurses-sleep-badly") == "accepted"


def test_a_mended_record_is_accepted_again(base):
    review(base, "nurses-sleep-badly", entered="23.5")
    base.change(FINDINGS, 'locator: "1"', 'locator: "1.1"')
    review(base, "nurses-sleep-badly", entered="23.5")
    assert seal(base, "nurses-sleep-badly") == "accepted"


def test_the_newest_review_counts(base):
    review(base, "nurses-sleep-badly", entered="23.5")
    review(base, "nurses-sleep-badly", verdict="reject", note="of all nurses, not of those in hospitals")
    assert seal(base, "nurses-sleep-badly") == "rejected"
    review(base, "nurses-sleep-badly", by="reader-c", entered="23.5")
    assert seal(base, "nurses-sleep-badly") == "accepted"


def test_what_is_withdrawn_stays_withdrawn_after_an_edit(base):
    review(base, "drivers-sleep-badly", verdict="withdraw", note="the survey was retracted")
    base.change(FINDINGS, "value: 31", "value: 32")
    assert seal(base, "drivers-sleep-badly") == "withdrawn"


def test_a_review_written_by_the_extractor_counts_for_nothing(base):
    loaded, _ = load(base.folder)
    content = loaded.by_id["nurses-sleep-badly"].digest
    line = f"- {{record: nurses-sleep-badly, by: reader-a, on: 2026-01-31, verdict: accept, digest: {content}}}\n"
    base.write("evidence/reviews/reader-a.yml", line)
    problems = base.check(select=("review-own",)).problems
    assert [problem.record for problem in problems] == ["nurses-sleep-badly"]
    assert seal(base, "nurses-sleep-badly") == "missing"


# Making a review


def test_the_extractor_cannot_accept(base):
    with pytest.raises(EvidenceError, match="extracted nurses-sleep-badly and cannot accept"):
        review(base, "nurses-sleep-badly", by="reader-a", entered="23.5")


@pytest.mark.parametrize("verdict", ["reject", "withdraw"])
def test_to_reject_or_withdraw_needs_a_reason(base, verdict):
    with pytest.raises(UsageError, match="needs a reason"):
        review(base, "nurses-sleep-badly", verdict=verdict)
    review(base, "nurses-sleep-badly", verdict=verdict, note="read from the wrong column")
    assert seal(base, "nurses-sleep-badly") == {"reject": "rejected", "withdraw": "withdrawn"}[verdict]


@pytest.mark.parametrize("entered", ["23.6", "235", "2.35", "23", "23.5 9.0", "-23.5", "about", "<23.5"])
def test_a_wrong_figure_is_refused_and_the_answer_is_not_told(base, entered):
    with pytest.raises(EvidenceError, match="nurses-sleep-badly") as refused:
        review(base, "nurses-sleep-badly", entered=entered)
    assert "23.5" not in refused.value.message + refused.value.hint
    assert not (base.folder / REVIEWS).exists()


def test_no_figure_is_no_acceptance(base):
    with pytest.raises(UsageError, match="enter the figure as you read it"):
        review(base, "nurses-sleep-badly")


@pytest.mark.parametrize("by", ["Jane Smith", "reader_b", "", "reader-b\n- {record: x}", "Ångström"])
def test_a_name_that_is_no_role_is_refused_in_words(base, by):
    with pytest.raises(UsageError, match="not a review: by"):
        review(base, "nurses-sleep-badly", by=by, entered="23.5")


@pytest.mark.parametrize("by", ["7", "null", "true", "1e5", "no"])
def test_a_role_that_yaml_could_misread_is_written_so_that_it_is_not(base, by):
    review(base, "nurses-sleep-badly", by=by, entered="23.5")
    assert [made.by for made in verdicts(base)] == [by]


@pytest.mark.parametrize("note", ['it says "27%": not 23.5', "a: b, {c} # d", "naïve – “quoted”", "two\nlines", "\\n"])
def test_a_note_is_kept_letter_by_letter(base, note):
    review(base, "nurses-sleep-badly", verdict="reject", note=note)
    assert verdicts(base)[0].note == note


def test_a_note_with_hidden_characters_is_refused(base):
    with pytest.raises(UsageError, match="invisible"):
        review(base, "nurses-sleep-badly", verdict="reject", note="no\u202eyes")


def test_a_table_is_reviewed_once_for_all_its_cells(base):
    with pytest.raises(EvidenceError, match="is a cell of northshire-report-table-1"):
        review(base, "northshire-nurses", entered="1200")
    review(base, TABLE, entered=CELLS)
    assert {seal(base, key) for key in ("northshire-nurses", "northshire-bad-sleep-total")} == {"accepted"}


@pytest.mark.parametrize("entered", [CELLS.replace("282", "283"), CELLS.replace("9.0%", "9%"), CELLS[:-4], ""])
def test_a_table_is_refused_when_one_cell_differs(base, entered):
    with pytest.raises(EvidenceError, match=TABLE):
        review(base, TABLE, entered=entered)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [("evidence/tables/northshire-report-table-1.csv", "Approx. Total", "Total"),
     ("loaders/northshire-report-table-1.yml", "locator: Table 1", "locator: Table I")],
)  # fmt: skip
def test_the_seal_of_a_table_is_over_its_spec_and_its_file(base, name, old, new):
    review(base, TABLE, entered=CELLS)
    base.change(name, old, new)
    assert {seal(base, key) for key in ("northshire-nurses", "northshire-bad-sleep-total")} == {"broken"}


def test_the_queue_holds_what_still_waits_tables_first(base):
    assert waiting(base)[0] == TABLE
    assert waiting(base).count(TABLE) == 1
    assert "northshire-nurses" not in waiting(base)
    before = len(waiting(base))
    review(base, TABLE, entered=CELLS)
    review(base, "nurses-sleep-badly", entered="23.5")
    assert len(waiting(base)) == before - 2
    base.change(FINDINGS, "value: 23.5", "value: 23.50")
    assert "nurses-sleep-badly" in waiting(base)


def test_the_passage_is_shown_with_every_number_hidden(base):
    loaded, _ = load(base.folder)
    shown = hidden_passages(loaded, subject(Reviews(loaded), "nurses-sleep-badly"))
    assert shown[0] == f"“{HIDDEN} of nurses said” (northshire-report, 1)"
    assert not any("23" in passage for passage in shown)


# The file


def test_the_file_only_ever_grows_byte_for_byte(base):
    base.write(REVIEWS, "")
    (base.folder / REVIEWS).write_bytes(b"# notes of ours\r\n# no newline at the end")
    before = (base.folder / REVIEWS).read_bytes()
    for key, entered in (("nurses-sleep-badly", "23.5"), ("drivers-sleep-badly", "31")):
        review(base, key, entered=entered)
        after = (base.folder / REVIEWS).read_bytes()
        assert after.startswith(before)
        before = after
    assert [made.record for made in verdicts(base)] == ["nurses-sleep-badly", "drivers-sleep-badly"]


@pytest.mark.parametrize("content", [b"reviews: {}\n", b"[]\n", b"- {record: [\n", b"\xff\xfe"])
def test_a_file_that_is_no_list_of_verdicts_is_left_alone(base, content):
    base.write(REVIEWS, "")
    (base.folder / REVIEWS).write_bytes(content)
    with pytest.raises(EvidenceError, match=r"evidence/reviews/reader-b\.yml"):
        review(base, "nurses-sleep-badly", entered="23.5")
    assert (base.folder / REVIEWS).read_bytes() == content


def test_one_reader_at_two_desks_loses_no_verdict(base):
    code = (
        "import sys\n"
        "from evidencebase.loading import load\n"
        "from evidencebase.folder import find_base\n"
        "from evidencebase.provenance.reviewing import add_reviews, make_review, subject\n"
        "from evidencebase.provenance.seal import Reviews\n"
        "reviews = Reviews(load(sys.argv[1])[0])\n"
        "of = subject(reviews, 'nurses-sleep-badly')\n"
        "for each in range(20):\n"
        "    made = make_review(reviews, of, 'reader-b', '2026-01-31', 'reject', note=f'{sys.argv[2]} {each}')\n"
        "    add_reviews(reviews.base.folder, [made])\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", code, base.folder, desk]) for desk in ("one", "other")]
    assert [child.wait() for child in running] == [0, 0]
    assert len({made.note for made in verdicts(base)}) == 40
    assert not list((base.folder / "evidence/reviews").glob(".*"))


def test_what_a_reader_who_died_left_holds_nobody_up(base):
    base.write("evidence/reviews/.reader-b.yml.lock", "")
    os.utime(base.folder / "evidence/reviews/.reader-b.yml.lock", (0, 0))
    review(base, "nurses-sleep-badly", entered="23.5")
    assert seal(base, "nurses-sleep-badly") == "accepted"
    assert not list((base.folder / "evidence/reviews").glob(".*"))


def test_nothing_of_one_operating_system_only_is_needed():
    source = REPOSITORY / "src/evidencebase"
    assert not [file for file in source.rglob("*.py") if "fcntl" in file.read_text(encoding="utf-8")]


def test_the_shipped_base_takes_no_review(base):
    with pytest.raises(EvidenceError, match="read-only"):
        add_reviews(BaseFolder(base.folder, read_only=True), [])


# The command


def test_one_record_from_a_script(base, run):
    done = run("review", "nurses-sleep-badly", "--by", "reader-b", "--value", "23.5", "--base", base.folder)
    assert done.returncode == 0, done.stderr
    assert seal(base, "nurses-sleep-badly") == "accepted"
    done = run("review", "nurses-sleep-badly", "--by", "reader-b", "--value", "25.5", "--base", base.folder)
    assert done.returncode == 1
    assert "what you entered is not what the record has: value" in done.stderr
    assert "23.5" not in done.stdout + done.stderr


def test_many_from_a_csv_and_one_bad_row_does_not_take_the_others_with_it(base, run, tmp_path):
    rows = "record,value,verdict,note\nnurses-sleep-badly,23.5,,\ndrivers-sleep-badly,,reject,no\nnobody,1,,\n"
    (tmp_path / "some.csv").write_text(rows + f'teachers-sleep-badly,9.1,accept,\n{TABLE},"{CELLS}",accept,\n')
    done = run("review", "--from", tmp_path / "some.csv", "--by", "reader-b", "--base", base.folder)
    assert done.returncode == 1
    assert "3 reviews by reader-b added" in done.stdout
    assert "not recorded: teachers-sleep-badly: " in done.stderr
    assert "not recorded: nobody: " in done.stderr
    assert {seal(base, key) for key in ("nurses-sleep-badly", "northshire-nurses")} == {"accepted"}
    assert seal(base, "drivers-sleep-badly") == "rejected"
    assert seal(base, "teachers-sleep-badly") == "missing"


def test_a_csv_without_the_column_is_misuse(base, run, tmp_path):
    (tmp_path / "other.csv").write_text("id,value\nx,1\n")
    done = run("review", "--from", tmp_path / "other.csv", "--by", "reader-b", "--base", base.folder)
    assert done.returncode == 2
    assert "has no column `record`" in done.stderr
