"""What is said aloud of a record when it is cited, and what a manuscript may write of it, held through the commands."""

from __future__ import annotations

import pytest

from bases import CONCLUSIONS, DOCUMENT, FINDINGS, LOADER, changed, extracted, write_base
from commands import accept, evidence, rows
from test_held_database import filled

DOMAINS = ("risk_of_bias", "inconsistency", "indirectness", "imprecision", "publication_bias")


def cited(folder, key):
    done = evidence("cite", key, "--base", folder)
    assert done.code == 0, done.err
    return done.out


def review(folder, key, *how):
    done = evidence("review", key, "--base", folder, "--by", "reader-b", *how)
    assert done.code == 0, done.err


# --- certainty


@pytest.mark.parametrize(
    ("ratings", "certainty"),
    [
        ([], "high"),
        (["serious"], "moderate"),
        (["serious", "serious"], "low"),
        (["very-serious"], "low"),
        (["very-serious", "serious"], "very low"),
        (["very-serious", "very-serious"], "very low"),
        (["serious", "not-assessed"], "not assessed (4 of 5 domains judged)"),
    ],
)
def test_a_very_serious_concern_is_two_steps_of_certainty(tmp_path, ratings, certainty):
    judged = [*ratings, *["not-serious"] * (len(DOMAINS) - len(ratings))]
    lines = [f"    {name}: {{rating: {rating}, reason: as read}}" for name, rating in zip(DOMAINS, judged, strict=True)]
    folder = write_base(tmp_path / "base", changed(add={CONCLUSIONS: "\n".join(["  certainty:", *lines, ""])}))
    assert f"; certainty: {certainty} (" in cited(folder, "girls-ahead")
    (row,) = rows(folder, "SELECT certainty FROM conclusions WHERE id = 'girls-ahead'")
    assert row == {"certainty": f"certainty: {certainty}"}


# --- what is said of a record


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("girls-odds", "; attributed by correction, not to Pool Poll of 2021;"),
        ("girls-odds", "; n = 1,200;"),
        ("girls-odds", "graded moderate (debatable: weak) by this base"),
        ("girls-odds", "as cited in Millbrook Council, 2020"),
        ("own-estimate", "; applied although it does not fit: the club asked for it;"),
        ("boys-weekly", "; place and period not stated by the source;"),
        ("boys-weekly", "; source strength not graded: no study is named"),
    ],
)
def test_a_sentence_says_what_the_record_holds(tmp_path, key, words):
    assert words in cited(write_base(tmp_path, filled()), key)


ABLE = "girls aged 5 to 15 in Millbrook who are able to swim would be expected if the rate for England applied"


def estimated(folder, key, *changes, add=None):
    """An estimate as it is cited, as it is stored, and the measure that the figures are said to be of."""
    base = write_base(folder / "base", changed(*changes, add=add))
    stored = {row["id"]: row["statement"] for row in rows(base, "SELECT id, statement FROM estimates")}
    figures = {row["record_id"]: row["measure"] for row in rows(base, "SELECT record_id, measure FROM figures")}
    return cited(base, key), stored[key], figures.get(key)


def test_an_estimate_says_what_its_rate_measures_whatever_the_document_calls_it(tmp_path):
    unit = 'population: "millbrook-{sex}", unit: persons'
    for name, more, tail in (
        ("unnamed", "", ""),
        ("same", ", measure: able-to-swim", ""),
        ("other", ", measure: unable-to-swim", "; the document calls it “Unable to swim”"),
    ):
        text, stored, measure = estimated(tmp_path / name, "millbrook-able-girls", (LOADER, unit, unit + more))
        assert stored == f"270 {ABLE}{tail}"
        assert text.startswith(f"{stored}; source strength")
        assert measure == "able-to-swim"


def test_a_total_says_what_the_rates_of_its_parts_measure(tmp_path):
    other = (LOADER, "      measure: able-to-swim\n", "      measure: unable-to-swim\n")
    text, stored, measure = estimated(tmp_path, "millbrook-able-children", other)
    whom = "children aged 5 to 15 in Millbrook who are able to swim would be expected if the published rates applied"
    assert stored == f"In all, 498 {whom}; the document calls it “Unable to swim”"
    assert text.startswith(stored)
    assert measure == "able-to-swim"


def test_an_estimate_of_our_own_that_is_called_otherwise_says_so(tmp_path):
    own = (
        "- {id: own, finding: girls-able, population: millbrook-girls, measure: unable-to-swim, override: asked for}\n"
    )
    text, stored, _ = estimated(tmp_path, "own", add={"evidence/estimates/own.yml": own})
    assert stored == f"A number of {ABLE}; this base calls it “Unable to swim”"
    assert text.startswith(stored)


def test_the_state_of_a_record_is_said_and_a_rejected_or_withdrawn_one_is_not_cited(tmp_path):
    newer = """\
- id: girls-mended
  statistic: prevalence
  measure: able-to-swim
  group: girls
  value: 46
  links: [{type: supersedes, to: girls-able}]
  anchors: [{document: millbrook-2020, fragment: "rather 46%"}]
"""
    files = changed(add={FINDINGS: newer, DOCUMENT: "\nOr rather 46%.\n"})
    folder = write_base(tmp_path, extracted(files))
    assert "NOT REVIEWED" in cited(folder, "girls-able")
    accept(folder, {"girls-mended": "46"})
    assert " [" not in cited(folder, "girls-mended").splitlines()[0]
    accept(folder, {"girls-able": "value=45.0 n=400"})
    assert "SUPERSEDED: a newer record replaces this one" in cited(folder, "girls-able")
    for verdict, word in (("reject", "REJECTED"), ("withdraw", "WITHDRAWN")):
        review(folder, "boys-able", "--verdict", verdict, "--note", "they were not asked")
        done = evidence("cite", "boys-able", "--base", folder)
        assert (done.code, done.out) == (1, "")
        assert word in done.err
        assert "they were not asked" in done.err


# --- manuscripts


def faults(folder, qualifier, sentence, *, unit="percent", value="45.0"):
    """The faults of a sentence on girls-able, published with a qualifier, and reviewed."""
    files = changed((FINDINGS, "value: 45.0\n  n: 400", f"value: {value}\n  qualifiers: [{qualifier}]\n  unit: {unit}"))
    base = write_base(folder / "base", extracted(files))
    accept(base, {"girls-able": value})
    text = folder / "text.md"
    text.write_text(f"{sentence} [girls-able].\n", encoding="utf-8")
    return [
        each["code"]
        for each in evidence("manuscript", text, "--check", "--base", base, "--format", "json").json["problems"]
    ]


@pytest.mark.parametrize(
    ("qualifier", "said", "wrong"),
    [
        ("about", ["about", "around", "approximately", "roughly", "some", "circa"], "over"),
        ("over", ["over", "more than", "above"], "about"),
        ("just-over", ["just over", "slightly more than"], "nearly"),
        ("up-to", ["up to", "at most"], "over"),
        ("at-least", ["at least"], "under"),
        ("under", ["under", "less than", "fewer than", "below"], "over"),
        ("nearly", ["nearly", "almost", "just under"], "just over"),
    ],
)
def test_a_qualifier_may_be_said_in_any_of_its_words_and_not_left_out(tmp_path, qualifier, said, wrong):
    for index, word in enumerate(said):
        assert faults(tmp_path / str(index), qualifier, f"It is {word} 45.0% of girls") == []
    assert faults(tmp_path / "bare", qualifier, "It is 45.0% of girls") == ["manuscript-qualifier"]
    assert faults(tmp_path / "wrong", qualifier, f"It is {wrong} 45.0% of girls") == ["manuscript-qualifier"]


@pytest.mark.parametrize(
    ("unit", "said"),
    [("gbp", ["£45.0", "\\pounds 45.0", "GBP 45.0"]), ("eur", ["€45.0", "\\euro 45.0", "EUR 45.0"]), ("usd", ["\\$45.0", "USD 45.0"])],
)  # fmt: skip
def test_an_amount_names_its_currency_in_one_way_or_another(tmp_path, unit, said):
    for index, word in enumerate(said):
        assert faults(tmp_path / str(index), "", f"It costs {word}", unit=unit) == []
    assert faults(tmp_path / "bare", "", "It costs 45.0", unit=unit) == ["manuscript-unit"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("weak evidence has 45.0%", []),
        ("strong evidence has 45.0%", ["manuscript-strength"]),
        ("a moderate survey has 45.0%", ["manuscript-strength"]),
        ("a source graded as strong has 45.0%", ["manuscript-strength"]),
        ("source strength: strong, it is 45.0%", ["manuscript-strength"]),
        ("source strength is weak, it is 45.0%", []),
        ("strong girls are 45.0%", []),
    ],
)
def test_a_word_of_strength_is_that_of_the_source_that_is_cited(tmp_path, words, found):
    assert faults(tmp_path, "", f"Here {words}") == found


# --- briefings


@pytest.mark.parametrize(("effect", "told"), [("none-recorded", True), ("reported", True), ("evaluated", False)])
def test_a_briefing_says_that_nothing_on_offer_was_evaluated(tmp_path, effect, told):
    files = filled()
    response = "evidence/responses/millbrook.yml"
    files[response] = files[response].replace("effectiveness: reported", f"effectiveness: {effect}")
    page = evidence("briefing", "girls", "--base", write_base(tmp_path, files), "--all").out
    assert ("none of it has an evaluated effect in this base" in page) is told


def briefed(folder, *options):
    done = evidence("briefing", "girls", "--base", folder, *options)
    assert done.code == 0, done.err
    return " ".join(done.out.split())


def test_a_briefing_says_of_its_figures_what_the_lock_says_and_no_more(tmp_path):
    folder = write_base(tmp_path / "base")
    unchecked = "Whether the 2 figures shown stand in their documents was not checked here"
    assert unchecked in briefed(folder)
    assert evidence("lock", "--base", folder).code == 0
    matched = "The 2 figures shown were matched in their documents when the lock was written."
    assert matched in briefed(folder)
    # One of them is changed: check calls it an error, and the lock no longer vouches for it.
    findings = folder / FINDINGS
    findings.write_text(findings.read_text(encoding="utf-8").replace("value: 45.0", "value: 46.0"), encoding="utf-8")
    assert evidence("check", "--base", folder, "--select", "anchor").code == 1
    page = briefed(folder)
    assert "Of the 2 figures shown, 1 was matched in its document when the lock was written;" in page
    assert matched not in page


def test_a_briefing_without_a_figure_says_nothing_of_figures(tmp_path):
    done = evidence("briefing", "homes", "--base", write_base(tmp_path))
    assert "This base holds no figure on this group" in done.out
    assert "figures shown" not in done.out
    assert "that does not make" not in done.out


def test_a_briefing_tells_what_is_unreviewed_from_what_is_superseded(tmp_path):
    newer = """\
- id: girls-mended
  statistic: prevalence
  measure: able-to-swim
  group: girls
  value: 46
  study: swim-survey-2019
  links: [{type: supersedes, to: girls-able}]
  anchors: [{document: millbrook-2020, fragment: "rather 46%"}]
"""
    folder = write_base(tmp_path / "base", extracted(changed(add={FINDINGS: newer, DOCUMENT: "\nOr rather 46%.\n"})))
    accept(folder, {"girls-able": "value=45.0 n=400", "girls-mended": "46"})
    page = briefed(folder)
    assert "Of these records, 3 NOT REVIEWED and 1 SUPERSEDED: they are marked \\*." in page


def test_a_search_says_in_which_state_each_finding_is(tmp_path):
    folder = write_base(tmp_path / "base", extracted(changed()))
    assert evidence("search", "--base", folder).out.count("(draft)") == 2
    accept(folder, {"girls-able": "value=45.0 n=400"})
    review(folder, "boys-able", "--verdict", "withdraw", "--note", "they were not asked")
    girls, boys = sorted(evidence("search", "able", "--base", folder).out.splitlines()[1:3], reverse=True)
    assert ("girls-able" in girls, "(" in girls.replace("(2019)", "")) == (True, False)
    assert ("boys-able" in boys, "(withdrawn)" in boys) == (True, True)


# --- the map


@pytest.mark.parametrize(
    ("effect", "words"),
    [
        ("none-recorded", "no effectiveness is recorded of any of the 1 responses"),
        ("reported", "0 of 1 responses have no effectiveness recorded; 1 reported by its provider or document, not evaluated"),
        ("evaluated", "0 of 1 responses have no effectiveness recorded; 1 evaluated"),
    ],
)  # fmt: skip
def test_a_map_tells_what_was_reported_from_what_was_evaluated(tmp_path, effect, words):
    files = filled()
    response = "evidence/responses/millbrook.yml"
    files[response] = files[response].replace("effectiveness: reported", f"effectiveness: {effect}")
    made = evidence("map", "--base", write_base(tmp_path, files), "--format", "json").json
    assert made["effectiveness"] == {effect: 1}
    assert made["effectiveness_text"] == words
