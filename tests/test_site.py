"""The site as Datasette serves it: pages, lists, formats, and what hostile text does in them."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest

from conftest import REPOSITORY
from evidencebase.database import build_database
from evidencebase.folder import BaseFolder
from site_serving import (
    HOSTILE,
    LONG,
    PAGES,
    Seen,
    database,
    datasette,
    get,
    inline,
    shipped_metadata,
    sleep_base,
    visible,
)

RECORDS = ("findings", "claims", "populations", "estimates", "conclusions", "responses", "indicators", "studies",
           "documents", "groups", "measures", "places")  # fmt: skip


@pytest.fixture(scope="module")
def sleep(tmp_path_factory):
    return datasette(database(tmp_path_factory.mktemp("sleep")))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    return datasette(database(tmp_path_factory.mktemp("hostile"), HOSTILE))


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    file = tmp_path_factory.mktemp("shipped") / "evidence.db"
    shared = REPOSITORY.parent / "shared" / "documents"
    build_database(BaseFolder(REPOSITORY), file, shared if shared.is_dir() else None, drafts=True)
    return file


def page(site, address: str) -> str:
    (answer,) = get(site, f"/evidence/{address}")
    assert answer.status_code == 200, answer.text[:300]
    return answer.text


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_of_every_kind_answers_with_nothing_inline(sleep, kind):
    address = f"/evidence/{PAGES[kind]}".rstrip("/").replace("/?", "?")
    (answer,) = get(sleep, address)

    assert answer.status_code == (404 if kind == "not found" else 200)
    assert inline(answer.text) == []
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")
    assert Seen(answer.text).tags.count(("main", {"id": "content", "class": "wide", "tabindex": "-1"})) == 1


@pytest.mark.parametrize("kind", PAGES)
def test_hostile_record_text_shows_as_text_on_every_page(hostile, kind):
    address = f"/evidence/{PAGES[kind]}".rstrip("/").replace("/?", "?")
    (answer,) = get(hostile, address)
    seen = Seen(answer.text)

    assert inline(answer.text) == []
    assert "img" not in [tag for tag, _ in seen.tags]
    assert " 49 " not in visible(answer.text)


@pytest.mark.parametrize(
    "kind", ["finding", "claim", "conclusion", "group", "measure", "study", "document", "findings"]
)
def test_hostile_text_is_shown_whole(hostile, kind):
    assert HOSTILE in Seen(page(hostile, PAGES[kind])).text


def test_ten_thousand_characters_are_shown(tmp_path):
    site = datasette(database(tmp_path, LONG))

    assert LONG.strip() in Seen(page(site, PAGES["finding"])).text
    assert [
        answer.status_code for answer in get(site, *(f"/evidence/{PAGES[kind]}" for kind in ("findings", "chart")))
    ] == [200] * 2


def test_hostile_text_does_not_break_the_formats(hostile):
    ris, csl, svg = get(
        hostile,
        "/evidence/findings_readable.ris",
        "/evidence/findings.csl.json",
        "/evidence/-/chart/measure/sleeps-badly.svg",
    )

    assert ris.text.count("TY  -") == 2
    assert {item["id"] for item in csl.json()} == {"northshire-report", "shift-work-survey-2021"}
    assert "<script" not in svg.text


def test_a_finding_shows_its_figure_passage_strength_and_what_rests_on_it(sleep):
    html = page(sleep, PAGES["finding"])
    text = visible(html)

    assert "<mark>23.5%</mark> of nurses said" in html
    assert "Not matched: the lock does not vouch for it" in text  # nobody locked this base
    assert "matches the document" not in text
    assert "strong large, random and neutral." in text
    assert "precision unknown" in text
    assert "Nurses sleep badly" in text
    assert "rest rooms" in text
    assert "an association is not a cause" in text.lower()
    assert "@report{northshire-report" in text
    assert "findings/nurses-sleep-badly" in text


def test_what_is_copied_names_strength_precision_and_that_it_is_second_hand(sleep):
    copied = visible(page(sleep, PAGES["finding"])).split("Cite this")[1]
    assert "; precision unknown; source strength: graded strong by this base under the house rules (" in copied
    assert "(Office for Sleep, 2021, as cited in Northshire Council, 2022, at 1). [NOT REVIEWED" in copied
    assert "(1, as cited in 2, at 1)." in copied
    assert "source strength" not in visible(page(sleep, PAGES["document"])).split("Cite this")[1]


def test_a_group_shows_need_evidence_offer_and_gaps_on_one_page(sleep):
    text = visible(page(sleep, "groups/drivers"))

    assert "31%" in text
    assert "No conclusion about this group" in text
    assert "No count of how many people this is" in text


def test_home_is_the_front_page_and_the_page_of_the_database(sleep):
    front, named = get(sleep, "/", "/evidence")

    assert "3 findings, by the strength of the source" in visible(front.text)
    assert visible(front.text) == visible(named.text)


def test_json_of_a_record_and_of_a_list_stay_those_of_datasette(sleep):
    row, rows = get(
        sleep, "/evidence/findings/nurses-sleep-badly.json?_shape=objects", "/evidence/findings.json?_shape=array"
    )

    assert row.json()["rows"][0]["value_text"] == "23.5"
    assert len(rows.json()) == 3


def test_a_filtered_list_is_exported_whole_past_the_page_of_datasette(tmp_path):
    file = database(tmp_path)
    with sqlite3.connect(file) as connection:
        for number in range(2_500):
            connection.execute("INSERT INTO sources (key, type, bibtex) VALUES (?, 'report', ?)", (
                f"s-{number:04}", f"@report{{s-{number:04}, title = {{Report {number}}}, institution = {{I}}, year = {{2020}}}}",
            ))  # fmt: skip
    site = datasette(file)
    everything, some = get(site, "/evidence/sources.bib", "/evidence/sources.csl.json?key__startswith=s-00")

    assert everything.text.count("@") == 2_502
    assert len(some.json()) == 100


def test_a_search_in_the_list_marks_its_words(sleep):
    html = page(sleep, "findings_readable?_search=nurses")

    assert "<mark>nurses</mark>" in html
    assert "1 finding" in visible(html)


def test_lists_of_records_are_read_as_statements_and_show_every_column_on_request(sleep):
    read, columns = page(sleep, "claims"), page(sleep, "claims?_view=columns")

    assert "<table" not in read
    assert 'href="/evidence/claims/nurses-sleep-worse-than-teachers"' in read
    assert "digest" in visible(columns)
    assert "31%" in visible(page(sleep, "findings_readable?_col=figure"))
    assert "<table" in page(sleep, "claims?_nocol=statement")


def test_a_search_of_the_site_names_every_kind_of_record(sleep):
    text = visible(page(sleep, "-/search?q=nurses"))

    assert all(words in text for words in ("1 group", "1 finding", "1 claim", "1 conclusion"))


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ('"', '"'),
        ("nurses AND", "nurses AND"),
        ("*", "*"),
        ("a" * 3_000, "a" * 400),
        ("%00", "\0"),
        ("é%F0", "é\ufffd"),
    ],
)
def test_a_search_with_odd_words_finds_nothing_and_keeps_them_for_another_try(sleep, words, kept):
    (answer,) = get(sleep, f"/evidence/-/search?q={words}")

    assert answer.status_code == 200
    assert [attrs["value"] for tag, attrs in Seen(answer.text).tags if tag == "input" and attrs["name"] == "q"] == [
        kept
    ]
    assert f"“{kept}”" in visible(answer.text)
    assert 'class="empty"' in answer.text


def test_an_unknown_record_says_where_to_go_on(sleep):
    (answer,) = get(sleep, "/evidence/findings/never-was")

    assert answer.status_code == 404
    assert "Search instead" in visible(answer.text)


def test_wrong_sql_gives_a_page_that_says_what_is_wrong(sleep):
    (answer,) = get(sleep, "/evidence?sql=select+nonsense")

    assert "no such column: nonsense" in visible(answer.text)
    assert inline(answer.text) == []


def test_another_database_beside_ours_keeps_the_pages_of_datasette(tmp_path, sleep):
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE findings (id TEXT PRIMARY KEY, strength TEXT)")
        connection.execute("INSERT INTO findings VALUES ('one', 'strong')")
    ours = sleep.databases["evidence"].path
    both, alone = datasette(tmp_path / "other.db", Path(ours)), datasette(other)

    for site in (both, alone):
        front, table, row = get(site, "/", "/other/findings", "/other/findings/one")
        assert "site.css" not in front.text + table.text + row.text
        assert "badge" not in table.text
        assert "content-security-policy" not in row.headers
    assert "by the strength of the source" in get(both, "/evidence")[0].text


def test_every_address_is_under_the_base_url(sleep):
    site = datasette(Path(sleep.databases["evidence"].path), base_url="/x/")
    for address in PAGES.values():
        path = f"/x/evidence/{address}".rstrip("/").replace("/?", "?")
        (answer,) = get(site, path.removeprefix("/x"))
        stray = [each for each in Seen(answer.text).addresses if each.startswith("/") and not each.startswith("/x/")]
        doubled = [each for each in Seen(answer.text).addresses if "/x/x/" in each]
        assert (stray, doubled) == ([], []), path


def test_the_charts_are_pictures_without_anything_from_outside(sleep):
    svg, png = get(sleep, "/evidence/-/chart/measure/sleeps-badly.svg", "/evidence/-/chart/measure/sleeps-badly.png")

    assert svg.headers["content-type"].startswith("image/svg+xml")
    assert "23.5%" in svg.text
    assert not {"style", "script", "image", "a"} & {tag for tag, _ in Seen(svg.text).tags}
    assert png.content.startswith(b"\x89PNG")


def test_a_passage_that_the_lock_vouches_for_is_said_to_have_been_matched_and_no_more(shipped):
    text = visible(page(datasette(shipped), "findings/cls-2017-18-age-16-24-lonely-often-or-always"))
    assert len(re.findall(r"Matched on 2026-\d\d-\d\d in this edition", text)) == 2
    assert "matches the document" not in text


def test_every_record_of_the_shipped_base_has_its_page(shipped):
    with sqlite3.connect(shipped) as connection:
        paths = [
            f"/evidence/{table}/{row[0]}"
            for table in RECORDS
            for row in connection.execute(f'SELECT * FROM "{table}" ORDER BY 1 LIMIT 25')  # noqa: S608 - from RECORDS
        ]
    answers = get(datasette(shipped), *paths)

    assert len(answers) > 200
    assert {
        path: answer.status_code for path, answer in zip(paths, answers, strict=True) if answer.status_code != 200
    } == {}
    assert [path for path, answer in zip(paths, answers, strict=True) if inline(answer.text)] == []


def test_links_of_the_shipped_site_lead_somewhere(shipped):
    site = datasette(shipped)
    seen, waiting = {"/"}, ["/"]
    broken = {}
    while waiting and len(seen) < 260:
        batch, waiting = waiting[:20], waiting[20:]
        for path, answer in zip(batch, get(site, *batch), strict=True):
            if answer.status_code not in (200, 302):
                broken[path] = answer.status_code
            if not answer.headers["content-type"].startswith("text/html"):
                continue
            for address in Seen(answer.text).addresses[:40]:
                target = urlsplit(urljoin(f"http://localhost{path}", address))
                local = target.path + (f"?{target.query}" if target.query else "")
                if target.netloc == "localhost" and local not in seen and not local.endswith((".png", ".db")):
                    seen.add(local)
                    waiting.append(local)

    assert broken == {}


def test_strong_findings_on_loneliness_of_16_to_24_year_olds_are_three_clicks_away(shipped):
    site = datasette(shipped)
    (home,) = get(site, "/")
    assert 'href="/evidence/groups/adults-16-24"' in home.text
    group = get(site, "/evidence/groups/adults-16-24")[0].text

    assert "7.7% of adults aged 16 to 24" in visible(group)
    assert "<mark>7.7%</mark>" in group


@pytest.mark.parametrize("name", shipped_metadata()["databases"]["evidence"]["queries"])
def test_every_ready_question_has_an_answer_in_the_shipped_base(shipped, name):
    rows, html = get(datasette(shipped), f"/evidence/{name}.json?_shape=array", f"/evidence/{name}")

    assert rows.status_code == html.status_code == 200
    first = next(str(value) for value in rows.json()[0].values() if value is not None)
    assert first in visible(html.text)
    assert html.text.count("<tr>") == len(rows.json()) + 1
    assert inline(html.text) == []


def test_a_body_of_evidence_and_a_context_have_pages_of_their_own(tmp_path):
    base = sleep_base(tmp_path)
    base.write(
        "evidence/bodies/sleep.yml",
        "- id: nurses-and-sleep\n  question: {type: prevalence, constructs: [sleep], group: nurses}\n"
        "  excludes: [{id: nurses-sleep-badly, because: one survey only}]\n  extracted_by: reader-a\n",
    )
    base.write(
        "evidence/contexts.yml",
        "- id: introduction\n  document: northshire-report\n  from: Shift Work Survey 2021\n  to: asked 4,210 people\n"
        "  gives: {place: northshire}\n  extracted_by: reader-a\n"
        "  anchors: [{document: northshire-report, fragment: Sleep in Northshire, suffix: 1. Introduction}]\n",
    )
    file = build_database(
        BaseFolder(base.folder), tmp_path / "evidence.db", base.folder / "documents", drafts=True
    ).file
    body, context = get(datasette(file), "/evidence/bodies/nurses-and-sleep", "/evidence/contexts/introduction")

    assert "The records that answer it" in visible(body.text)
    assert "left out: one survey only" in visible(body.text)
    assert "risk of bias" in visible(body.text)
    assert 'href="/evidence/places/northshire"' in context.text
    assert "4,210 people" in visible(context.text)


def test_lists_say_what_their_columns_are_whatever_the_file_is_called_and_without_any_metadata(tmp_path):
    file = database(tmp_path)
    site = datasette(file.rename(tmp_path / "nights.db"), metadata={"title": "Sleep"})
    columns, data = get(site, "/nights/findings?_view=columns", "/nights/-/data")

    assert 'title="The figure with its digits as published"' in columns.text
    assert "<h1>Findings, field by field</h1>" in columns.text
    assert "Numbers in documents that are no findings, each with the reason." in visible(data.text)


def test_a_base_says_in_its_own_metadata_what_a_column_is_to_it(tmp_path):
    own = {"findings": {"title": "Nights", "columns": {"value_text": "As the nurses said"}}}
    site = datasette(database(tmp_path), metadata={"databases": {"evidence": {"tables": own}}})
    (page,) = get(site, "/evidence/findings?_view=columns")

    assert 'title="As the nurses said"' in page.text
    assert "<h1>Nights</h1>" in page.text
    assert 'title="Lower end of a published range, in the unit"' in page.text


def test_a_database_without_a_data_dictionary_is_shown_all_the_same(tmp_path):
    file = database(tmp_path)
    with sqlite3.connect(file) as connection:
        connection.execute("DROP TABLE data_dictionary")
    answers = get(datasette(file), "/evidence/findings", "/evidence/-/data", "/")

    assert [answer.status_code for answer in answers] == [200, 200, 200]


def test_the_csl_json_of_a_finding_names_its_study_and_document(sleep):
    (answer,) = get(sleep, "/evidence/findings/nurses-sleep-badly.csl.json")

    assert [item["id"] for item in json.loads(answer.text)] == ["shift-work-survey-2021", "northshire-report"]


def test_the_page_of_an_entry_says_that_nobody_has_read_it(shipped):
    client = datasette(shipped)
    assert "Carried: nobody has read it yet" in visible(page(client, "groups/adults-65-plus"))
    assert "Accepted by reader-d on" in visible(page(client, "studies/community-life-survey-2017-18"))
