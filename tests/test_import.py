"""Adding references to a file of somebody else: what is offered, and what of the file stays."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidencebase.bibliography import Entry, parse_bibtex
from evidencebase.bibliography.importing import apply_plan, plan_import
from evidencebase.problems import EvidenceError

FILE = """% Sources of the base, kept by hand
@string{ons = "Office for National Statistics"}

@ARTICLE{ Lee2000 ,
\ttitle={Loneliness in old age},   author = "Lee, Ann",
\tyear = 2000,  journal = {Ageing}
}

@misc{web, title={A page}, doi={10.1000/182}}
"""


def entries(text: str) -> list[Entry]:
    return list(parse_bibtex(text)[0])


def test_new_entry_is_added_at_the_end_and_nothing_else_changes() -> None:
    plan = plan_import(FILE, entries("@book{new1, title={New & old}, author={Jörg Ö}, year=2020}"))
    text = apply_plan(FILE, plan)
    assert text.startswith(FILE)
    assert text[len(FILE) :] == (
        "\n@book{new1,\n  title  = {New \\& old},\n  author = {Jörg Ö},\n  year   = {2020},\n}\n"
    )


@pytest.mark.parametrize(
    ("incoming", "existing"),
    [
        ("@online{x, title={Other words}, doi={https://doi.org/10.1000/182}}", "web"),
        ("@article{x, title={{Loneliness} in Old Age.}, author={A. Lee}, date={2000-05-01}}", "Lee2000"),
    ],
)
def test_duplicate_is_offered_and_not_merged(incoming: str, existing: str) -> None:
    plan = plan_import(FILE, entries(incoming))
    (duplicate,) = plan.duplicates
    assert duplicate.existing is not None
    assert duplicate.existing.key == existing
    assert duplicate.reason
    assert plan.new == ()
    assert apply_plan(FILE, plan) == FILE


def test_duplicates_within_what_comes_in_are_offered_too() -> None:
    plan = plan_import("", entries("@misc{a, title={X}, doi={10.1/x}}@misc{b, title={X}, doi={10.1/X}}"))
    assert [entry.key for entry in plan.new] == ["a"]
    assert [(d.incoming.key, d.twin.key if d.twin else None) for d in plan.duplicates] == [("b", "a")]


def test_key_of_another_work_gets_a_new_key() -> None:
    plan = plan_import(FILE, entries("@book{lee2000, title={Quite another}, author={Lee, Bo}, year=2000}"))
    assert [(clash.key, clash.suggested) for clash in plan.clashes] == [("lee2000", "lee2000a")]
    assert [entry.key for entry in plan.new] == ["lee2000a"]
    written, problems = parse_bibtex(apply_plan(FILE, plan))
    assert [entry.key for entry in written] == ["Lee2000", "web", "lee2000a"]
    assert problems == []


def test_merge_gives_the_entry_what_it_lacks_and_touches_nothing_else() -> None:
    incoming = entries(
        "@article{x, title={Loneliness in old age}, author={Ann Lee}, year=2000, volume=3, doi={10.1/z}}"
    )
    plan = plan_import(FILE, incoming).merging("x")
    assert apply_plan(FILE, plan) == FILE.replace(
        "journal = {Ageing}\n}", "journal = {Ageing},\n\tvolume = {3},\n\tdoi    = {10.1/z},\n}"
    )


def test_duplicate_is_added_on_its_own_when_asked() -> None:
    plan = plan_import(FILE, entries("@misc{web, title={Same}, doi={10.1000/182}}")).with_duplicates("web")
    assert [entry.key for entry in entries(apply_plan(FILE, plan))] == ["Lee2000", "web", "weba"]


def test_unknown_duplicate_is_refused() -> None:
    plan = plan_import(FILE, [])
    with pytest.raises(EvidenceError, match="nobody"):
        plan.merging("nobody")
    with pytest.raises(EvidenceError, match="nobody"):
        plan.with_duplicates("nobody")


def test_file_changed_since_the_plan_is_refused() -> None:
    plan = plan_import(FILE, entries("@misc{x, title={Y}, doi={10.1000/182}, note={n}}")).merging("x")
    with pytest.raises(EvidenceError, match="changed"):
        apply_plan(FILE.replace("A page", "Another page"), plan)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_newlines_and_byte_order_mark_are_kept(newline: str, mark: str) -> None:
    before = mark + FILE.replace("\n", newline)
    incoming = entries("@misc{n, title={New}}@misc{x, title={Y}, doi={10.1000/182}, note={n}}")
    after = apply_plan(before, plan_import(before, incoming).merging("x"))
    assert after.startswith(mark)
    assert after.replace("\r\n", "").count("\r" if newline == "\r\n" else "\ufffe") == 0
    assert newline == "\r\n" or "\r\n" not in after
    written, problems = parse_bibtex(after.removeprefix("\ufeff"))
    assert problems == []
    assert [entry.key for entry in written] == ["Lee2000", "web", "n"]
    assert written["web"].fields["note"] == "n"


def test_file_without_a_last_newline_is_completed() -> None:
    text = apply_plan("@misc{a, title={x}}", plan_import("@misc{a, title={x}}", entries("@misc{b, title={y}}")))
    assert text == "@misc{a, title={x}}\n\n@misc{b,\n  title = {y},\n}\n"


def test_child_comes_with_what_its_parent_gave_it() -> None:
    incoming = entries("@incollection{c, title={C}, author={A}, crossref={p}}@book{p, title={P}, year=2001}")
    plan = plan_import("", [incoming[0]])
    (child,) = entries(apply_plan("", plan))
    assert (child.container, child.year) == ("P", 2001)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_file_keeps_every_character_it_has(before: str) -> None:
    plan = plan_import(before, entries("@misc{zz-new, title={Something new}}"))
    assert apply_plan(before, plan).startswith(before)
