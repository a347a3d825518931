"""Deliberately spoilt records: none is accepted; harmless changes of the documents: none is refused.

The cases are those of bench/corruptions.py, each re-sealed and without a lock, so that only matching
can catch it. A small base is always tried; the base of this repository where its documents are.
"""

from __future__ import annotations

import random

import pytest

from evidencebase.loading import load
from evidencebase.provenance.coverage import coverage
from evidencebase.provenance.library import Library, documents_folder
from test_passages import load_bench

CLASSES = {
    "a digit changed", "the decimal point moved", "the decimal point dropped", "a leading digit cut", "a trailing digit cut",
    "a digit changed, in record and fragment", "the decimal point moved, in record and fragment",
    "the decimal point dropped, in record and fragment", "a leading digit cut, in record and fragment",
    "a trailing digit cut, in record and fragment",
    "a sign added", "< added", "> added", "a currency added", "% dropped", "the unit changed",
    "another number of the fragment", "value and passage of another group", "low and high swapped",
    "a disguised character", "a currency or sign dropped", "% added",
}  # fmt: skip
TABLE_CLASSES = {
    "a digit changed, in a table", "the decimal point moved, in a table", "the decimal point dropped, in a table",
    "a leading digit cut, in a table", "a trailing digit cut, in a table", "a sign added, in a table",
    "< or > added, in a table", "a currency added, in a table", "% dropped, in a table", "% added, in a table",
    "two columns swapped", "the next row's numbers",
}  # fmt: skip
HARMLESS = {
    "lines re-wrapped", "words hyphenated", "ligatures", "quotes", "spaces", "page breaks", "superscript footnotes",
}  # fmt: skip

MORE = """
- id: {name}
  statistic: {statistic}
  measure: sleeps-badly
  group: {name}
  place: northshire
  period: 2021
  {figure}
  study: shift-work-survey-2021
  anchors: [{{document: northshire-report, fragment: "{fragment}"}}]
  extracted_by: reader-a
"""
PASSAGES = [
    ("bakers", "prevalence", "range: {low: 12.5, high: 17}", "Of bakers, 12.5 to 17% slept badly"),
    ("cleaners", "prevalence", "range: {low: 20, high: 25}", "between 20 and 25 per cent of cleaners"),
    ("pilots", "cost-mean", "value: 1250\n  unit: gbp", "sleepless pilots lost £1,250 each"),
    ("guards", "count", "value: 3400\n  unit: persons", "3,400 guards in all"),
    ("porters", "count", "value: 72\n  unit: households", "in 72 households of porters"),
    ("cooks", "prevalence", "value: 44", "44% of cooks and 54% of waiters"),
    ("waiters", "prevalence", "value: 54", "44% of cooks and 54% of waiters"),
    ("medics", "difference", "value: -3.5", "a change of -3.5% among medics"),
]
PASSAGES += [
    (
        f"crew-{letter}{other}",
        "prevalence",
        f"value: {7 + 1.9 * number:.1f}",
        f"{7 + 1.9 * number:.1f}% of crew {letter}{other}",
    )
    for number, (letter, other) in enumerate((one, two) for one in "bcdfgh" for two in "jklmnpq")
]


@pytest.fixture(scope="module")
def bench():
    return load_bench("corruptions")


@pytest.fixture
def rich(base):
    """The small base with a finding for every kind of figure that can be spoilt."""
    base.change(
        "documents/northshire-report.txt",
        "\nTable 1:",
        f"\n{'. '.join(dict.fromkeys(words for *_, words in PASSAGES))}.\n\nTable 1:",
    )
    base.rehash()
    groups = "".join(f"- {{id: {name}, label: {name}}}\n" for name, *_ in PASSAGES)
    base.write("schema/groups.yml", base.read("schema/groups.yml") + groups)
    records = [
        MORE.format(name=name, statistic=kind, figure=figure, fragment=words) for name, kind, figure, words in PASSAGES
    ]
    base.write("evidence/findings/more.yml", "".join(records))
    assert base.codes("anchor") == []
    return base


def opened(folder, documents=None):
    """A base with its documents."""
    loaded, _ = load(folder)
    return loaded, Library(loaded, documents_folder(loaded, documents))


def test_no_spoilt_record_of_a_small_base_is_accepted(bench, rich):
    tried, accepted, examples = bench.run(*opened(rich.folder))
    assert sum(accepted.values()) == 0, {kind: examples[kind] for kind, count in accepted.items() if count}
    assert set(tried) >= CLASSES | TABLE_CLASSES, (CLASSES | TABLE_CLASSES) - set(tried)


def test_no_harmless_change_of_a_small_document_is_refused(bench, rich):
    for seed in range(5):
        found = {name: refused for name, _, refused in bench.harmless(*opened(rich.folder), random.Random(seed))}  # noqa: S311
        assert set(found) == HARMLESS
        assert not any(found.values()), found


def test_a_figure_moved_to_a_number_nobody_claims_leaves_its_own_number_unread(rich):
    """The one corruption that the passage alone cannot reveal: there, coverage does."""
    path = "evidence/findings/more.yml"
    rich.change(path, rich.read(path)[rich.read(path).index("- id: waiters") :].split("- id: medics")[0], "")
    unread = {each.number for each in coverage_of(rich)}
    assert unread == {"54%"}
    rich.change(path, "value: 44", "value: 54")
    assert rich.codes("anchor") == []
    assert {each.number for each in coverage_of(rich)} == {"44%"}


def coverage_of(base):
    """The unread numbers of the one document of a base."""
    report = base.check()
    (covered,) = coverage(report.base, Library(report.base, documents_folder(report.base)), report.matching)
    return covered.unread


def test_the_corruptions_would_show_in_a_checker_that_looks_away(bench, rich, monkeypatch):
    """The measure itself: with matching that accepts what it is given, corruptions are counted as accepted."""
    monkeypatch.setattr(bench.Checker, "passes", lambda *_: True)
    _, accepted, _ = bench.run(*opened(rich.folder))
    assert sum(accepted.values()) > 100


def test_every_record_as_it_is_passes_the_same_measure(bench, rich):
    """Refusing everything would accept no corruption either."""
    checker = bench.Checker(*opened(rich.folder))
    assert [entry.key for entry in checker.base.entries.values() if not checker.passes(entry)] == []


@pytest.mark.slow
def test_every_record_of_this_repositorys_base_passes_as_it_is(bench, documents):
    checker = bench.Checker(*opened(documents_root(), documents))
    assert [entry.key for entry in checker.base.entries.values() if not checker.passes(entry)] == []


@pytest.mark.slow
def test_no_spoilt_record_of_this_repositorys_base_is_accepted(bench, documents):
    tried, accepted, examples = bench.run(*opened(documents_root(), documents))
    assert sum(accepted.values()) == 0, {kind: examples[kind] for kind, count in accepted.items() if count}
    assert set(tried) >= CLASSES | TABLE_CLASSES, (CLASSES | TABLE_CLASSES) - set(tried)


@pytest.mark.slow
def test_no_harmless_change_of_its_documents_is_refused(bench, documents):
    counts = {}
    for name, count, refused in bench.harmless(*opened(documents_root(), documents), random.Random(bench.SEED)):  # noqa: S311
        assert refused == [], name
        counts[name] = count
    assert set(counts) == HARMLESS
    assert min(counts.values()) >= 200


def documents_root():
    """The folder of this repository, which is a base."""
    from conftest import REPOSITORY

    return REPOSITORY
