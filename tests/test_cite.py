"""`evidence cite`: the sentence, who is cited through whom, the references, and what is said aloud."""

from __future__ import annotations

import html
import json
import subprocess
import sys
from pathlib import Path

import pytest

import cite_base
from evidencebase.bibliography import parse_bibtex
from evidencebase.citing.sentences import cited
from evidencebase.cli.cite import run
from evidencebase.loading import load
from evidencebase.problems import EvidenceError, UsageError
from evidencebase.provenance.seal import Reviews, counts


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return cite_base.reviewed(tmp_path_factory.mktemp("cite"))


def command(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "evidencebase", "cite", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_sentence_says_figure_interval_group_place_period_strength_and_citation(base):
    text, warnings = run(base, ("farmers-ring",))
    assert text.split("\n\n")[0] == (
        "7.7% of farmers & <b>growers</b> in Westland ring bells (2020); 95% interval 7.1% to 8.3%, as published "
        "(Wilson); n = 5,000; source strength: graded strong by this base under the house rules "
        "(Office for Bells, 2021, as cited in Oldtown Council, 2022)."
    )
    assert warnings == []


def test_secondary_citation_lists_study_and_document_both(base):
    text, _ = run(base, ("farmers-ring",))
    assert text.split("\n\n")[1:] == [
        "References",
        "Office for Bells. (2021). Bell survey 2020. Office for Bells.",
        "Oldtown Council. (2022). Bells in Oldtown. Oldtown Council. https://example.org/bells",
    ]


def test_figure_read_in_the_study_itself_is_cited_directly(base):
    text, _ = run(base, ("bakers-ring",))
    assert "(Office for Bells, 2021)." in text
    assert "as cited in" not in text
    assert "Oldtown" not in text


def test_what_the_source_does_not_say_is_said(base):
    sentence = run(base, ("adults-ring-daily",))[0].split("\n\n")[0]
    assert sentence == (
        "3% of adults ring bells daily; precision unknown; place and period not stated by the source; "
        "source strength not graded: no study is named (Oldtown Council, 2022)."
    )


def test_debatable_strength_shows_the_other_grade_and_no_date_is_n_d(base):
    sentence = run(base, ("bakers-ring-by-poll",))[0].split("\n\n")[0]
    assert "graded weak (debatable: moderate) by this base" in sentence
    assert "(van der Berg & Gödel, n.d., as cited in Oldtown Council, 2022)." in sentence


CREDITED = '  study: bell-survey\n  anchors: [{document: town-report, fragment: "7.7% of farmers"}]'


@pytest.mark.parametrize(
    ("attribution", "expected"),
    [
        ("", "; credited in the document as Ringing Poll; source"),
        ("attribution: inferred\n", "; credited in the document as Ringing Poll; the study is inferred; source"),
        (
            "attribution: corrected\n  attribution_reason: the poll has another figure\n",
            "; attributed by correction, not to Ringing Poll; source",
        ),
    ],
)
def test_only_a_corrected_credit_is_called_a_correction(tmp_path, attribution, expected):
    cite_base.write(tmp_path)
    credit = f"  credited_as: Ringing Poll\n{'  ' if attribution else ''}{attribution}"
    cite_base.change(tmp_path, CREDITED, credit + CREDITED)
    sentence = run(load(tmp_path)[0], ("farmers-ring",))[0].split("\n\n")[0]
    assert expected in sentence
    assert ("correction" in sentence) == ("corrected" in attribution)


def test_that_the_study_is_inferred_is_said_of_claims_too(tmp_path):
    cite_base.write(tmp_path)
    cite_base.change(
        tmp_path,
        "direction: higher, study: bell-survey",
        "direction: higher, study: bell-survey, attribution: inferred",
    )
    assert "; the study is inferred; source strength" in run(load(tmp_path)[0], ("bakers-ring-more",))[0]


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("apa", "(Office for Bells, 2021, as cited in Oldtown Council, 2022, at Table 3)."),
        ("vancouver", "(1, as cited in 2, at Table 3)."),
    ],
)
def test_where_in_the_document_a_record_stands_is_cited(tmp_path, style, expected):
    cite_base.write(tmp_path)
    cite_base.change(tmp_path, 'fragment: "7.7% of farmers"', 'fragment: "7.7% of farmers", locator: Table 3')
    assert expected in run(load(tmp_path)[0], ("farmers-ring",), style)[0]


def test_a_record_without_a_source_is_said_without_empty_brackets(tmp_path):
    cite_base.write(tmp_path)
    total = "- {id: all-who-ring, measure: rings, group: farmers, place: oldtown, unit: persons, total: {parts: [oldtown-farmers-who-ring]}}\n"
    (tmp_path / "evidence/estimates/total.yml").write_text(total, encoding="utf-8")
    text = run(load(tmp_path)[0], ("all-who-ring",))[0]
    assert "()" not in text
    assert "References" not in text


def test_vancouver_numbers_sources_in_the_order_cited(base):
    text, _ = run(base, ("farmers-ring", "bakers-ring-by-poll"), "vancouver")
    sentences = text.split("\n\n")[:2]
    assert sentences[0].endswith("(1, as cited in 2).")
    assert sentences[1].endswith("(3, as cited in 2).")
    assert "1. Office for Bells. Bell survey 2020. Office for Bells; 2021." in text


@pytest.mark.parametrize("kind", ["claims", "populations", "estimates", "conclusions", "responses", "studies"])
def test_every_kind_of_record_can_be_cited(base, kind):
    for entry in base.of(kind):
        text, warnings = run(base, (entry.key,))
        assert "References" in text
        assert warnings == []


def test_conclusion_says_certainty_and_never_source_strength(base):
    sentence = run(base, ("bakers-keen",))[0].split("\n\n")[0]
    assert "certainty: not assessed" in sentence
    assert "strength" not in sentence


def test_document_is_cited_by_its_key(base):
    assert run(base, ("town-report",))[0].startswith("References\n\nOldtown Council. (2022).")


def test_record_not_reviewed_is_said_aloud_in_the_text_and_beside_it(tmp_path):
    base = load(cite_base.write(tmp_path))[0]
    text, warnings = run(base, ("farmers-ring",))
    assert "[NOT REVIEWED: no second reader has accepted this record and all that it names]" in text
    assert "evidence review farmers-ring" in warnings[0]


def test_broken_seal_is_said_aloud(tmp_path):
    cite_base.reviewed(tmp_path)
    cite_base.change(tmp_path, "value: 7.7", "value: 7.8")
    text, _ = run(load(tmp_path)[0], ("farmers-ring",))
    assert "[SEAL BROKEN: this record, or something it names, was changed after its review]" in text


def test_withdrawn_record_cannot_be_cited(tmp_path):
    cite_base.review(cite_base.write(tmp_path), verdicts={"farmers-ring": "withdraw"})
    with pytest.raises(EvidenceError, match="WITHDRAWN"):
        run(load(tmp_path)[0], ("farmers-ring",))


def test_unknown_id_is_misuse_and_names_the_nearest(tmp_path):
    cite_base.write(tmp_path)
    done = command("farmer-rings", "--base", tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "'farmer-rings' is no record of this base" in done.stderr
    assert "farmers-ring" in done.stderr.split("mend:")[1]


def test_unknown_style_is_misuse(base):
    with pytest.raises(UsageError, match="no style 'nope'"):
        run(base, ("farmers-ring",), "nope")


def test_source_without_an_entry_is_said(tmp_path):
    cite_base.write(tmp_path)
    cite_base.change(tmp_path, "@report{rope-poll", "@report{another-poll")
    with pytest.raises(EvidenceError, match=r"rope-poll has no entry in evidence/sources.bib"):
        run(load(tmp_path)[0], ("rope-costs",))


def test_html_escapes_what_records_say(base):
    text, _ = run(base, ("farmers-ring", "rope-costs"), shape="html")
    assert "<script" not in text
    assert "<b>" not in text
    assert "farmers &amp; &lt;b&gt;growers&lt;/b&gt;" in text
    assert '<a href="https://example.org/bells">' in text
    assert html.unescape(text).count("<script>alert(1)</script>") == 1


def test_latex_escapes_what_records_say(base):
    text, _ = run(base, ("rope-costs",), shape="latex")
    assert r"Ropes \& wheels: 5\% \textless{}script\textgreater{}" in text
    assert r"\$(rm)" in text


def test_markdown_escapes_what_records_say(base):
    text, _ = run(base, ("rope-costs",), shape="markdown")
    assert r"\<script\>alert(1)\</script\>" in text
    assert r"\$(rm)" in text


@pytest.mark.parametrize("shape", ["bibtex", "biblatex"])
def test_bibtex_holds_study_and_document_and_reads_back(base, shape):
    text, _ = run(base, ("rope-costs",), shape=shape)
    entries, problems = parse_bibtex(text)
    assert problems == []
    assert [entry.key for entry in entries] == ["rope-poll", "town-report"]
    assert [str(name) for name in entries["rope-poll"].authors] == ["Jan van der Berg", "Kurt Gödel"]


def test_ris_and_csl_json_hold_the_same_sources(base):
    ris, _ = run(base, ("rope-costs",), shape="ris")
    items = json.loads(run(base, ("rope-costs",), shape="csl-json")[0])
    assert ris.count("TY  - RPRT") == 2
    assert [item["id"] for item in items] == ["rope-poll", "town-report"]


def test_estimate_without_an_anchor_cites_what_its_rate_cites(tmp_path):
    cite_base.write(tmp_path)
    cite_base.change(tmp_path, ', published: 80, anchors: [{document: town-report, fragment: "80 farmers"}]', "")
    base = load(tmp_path)[0]
    assert cited(base.by_id["oldtown-farmers-who-ring"], base) == cited(base.by_id["farmers-ring"], base)


def test_every_record_of_the_shipped_base_can_be_cited_in_every_style():
    folder = Path(__file__).parent.parent
    base, _ = load(folder)
    reviews = Reviews(base)
    held = {
        kind: [each.key for each in base.of(kind) if counts(reviews.status(each))] for kind in ("findings", "claims")
    }
    keys = (*held["findings"], *held["claims"][::9])
    for style in ("apa", "harvard", "vancouver"):
        text, _ = run(base, keys, style)
        assert text.count("\n\n") > len(keys)
