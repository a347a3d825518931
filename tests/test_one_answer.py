"""What the command says and what the page says is one answer, for the records of the base that ships."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from contextlib import closing

import pytest

from conftest import REPOSITORY
from evidencebase.answers.chain import chain
from evidencebase.cli.cite import run as cite
from evidencebase.database import build_database
from evidencebase.folder import BaseFolder
from evidencebase.loading import load
from evidencebase.model.kinds import KINDS
from evidencebase.model.records import Finding
from evidencebase.provenance.lock import read_lock
from evidencebase.provenance.seal import Reviews, counts
from evidencebase.rules.resting import Resting
from evidencebase.site.citations import citations
from evidencebase.site.queries import counted, resting, totals
from site_serving import Seen, datasette, get, visible

STYLES = {"APA": "apa", "Harvard": "harvard", "Vancouver": "vancouver"}


@pytest.fixture(scope="module")
def base():
    return load(REPOSITORY)[0]


@pytest.fixture(scope="module")
def held(base):
    """The records that are not withdrawn: what the database holds."""
    reviews = Reviews(base)
    return [entry for entry in base.entries.values() if counts(reviews.status(entry))]


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    built = tmp_path_factory.mktemp("shipped") / "evidence.db"
    return build_database(BaseFolder(REPOSITORY), built, drafts=True).file


@pytest.fixture(scope="module")
def connection(file):
    with closing(sqlite3.connect(file)) as opened:
        yield opened


def on_page(connection, kind: str, key: str, end: str) -> dict[str, str | None]:
    """What a page lists at one end of `resting`: ids with what lies between."""
    parts = resting(connection, KINDS[kind].one, key)[end]
    found = {row["id"]: row["through"] for part in parts for row in part["rows"]}
    assert all(part["total"] == len(part["rows"]) or part["total"] > 60 for part in parts)
    return found


def test_the_database_holds_all_that_rests_on_anything(held, connection):
    stored = set(connection.execute("SELECT record_id, rests_on_id, through FROM resting"))
    assert stored == {(each.record, each.on, each.through) for each in Resting(held).every()}


def test_the_page_lists_what_show_lists(base, held, connection):
    lock, _ = read_lock(base)
    for entry in held[::25]:
        told = chain(base, lock, entry.key)
        above = on_page(connection, entry.kind, entry.key, "above")
        if len(told.rests_on_it) <= 60:
            assert above == {key: told.through.get(key) for key in told.rests_on_it}, entry.key
        assert set(on_page(connection, entry.kind, entry.key, "below")) == set(told.rests_on), entry.key


def test_the_page_itself_links_every_record_that_show_names(base, file):
    lock, _ = read_lock(base)
    key = "cls-2017-18-age-16-24-lonely-often-or-always"
    told = chain(base, lock, key)
    (answer,) = get(datasette(file), f"/evidence/findings/{key}")
    assert set(told.rests_on_it) <= {address.rsplit("/", 1)[-1] for address in Seen(answer.text).addresses}


def test_the_page_offers_the_citation_that_cite_prints(base, held, connection):
    """One record of every set of sources, each in all three styles and, in APA, in every format."""
    sets = {}
    for entry in held:
        row = connection.execute(
            "SELECT sources, cited_in FROM citations WHERE record_type = ? AND record_id = ?",
            (KINDS[entry.kind].one, entry.key),
        ).fetchone()
        sets.setdefault((row, entry.kind), entry)
    for number, entry in enumerate(sets.values()):
        forms = dict(citations(connection, KINDS[entry.kind].one, entry.key))
        label = list(STYLES)[number % 3]
        assert forms[label] == cite(base, (entry.key,), STYLES[label])[0], entry.key
        if number % 20 == 0:
            for shape in ("markdown", "html", "latex"):
                name = {"markdown": "Markdown", "html": "HTML", "latex": "LaTeX"}[shape]
                assert forms[name] == cite(base, (entry.key,), "apa", shape)[0], entry.key


def test_every_record_has_its_sentence_as_cite_says_it(base, held, connection):
    stored = dict(connection.execute("SELECT record_id, sentence FROM citations"))
    assert set(stored) == {entry.key for entry in held}
    for entry in held[::40]:
        assert cite(base, (entry.key,))[0].startswith(stored[entry.key])


def test_a_document_is_cited_on_its_page_as_the_command_cites_it(base, connection):
    key = next(iter(base.documents))
    assert dict(citations(connection, "document", key))["APA"] == cite(base, (key,))[0]


def test_counts_are_those_of_the_records(base, held, connection):
    told = totals(connection)
    kinds = Counter(entry.kind for entry in held)
    assert {kind: told[kind] for kind in kinds} == dict(kinds)
    assert told["documents"] == len(base.documents)
    assert told["groups"] == len(base.vocabulary.groups)
    findings = [entry.record for entry in held if isinstance(entry.record, Finding)]
    strength = {key: study.strength for key, study in base.studies.items()}
    assert counted(connection, "findings", "strength") == Counter(strength.get(each.study) for each in findings)
    assert counted(connection, "findings", "measure") == Counter(each.measure for each in findings)
    about = [each for each in findings if base.vocabulary.measures[each.measure].concept in base.outcomes]
    assert 0 < len(about) < len(findings)
    assert told["outcomes"] == len(about)
    assert counted(connection, "outcomes", "strength") == Counter(strength.get(each.study) for each in about)
    anchors = sum(1 for entry in held for _ in entry.record.anchored())
    assert sum(counted(connection, "anchors", "state").values()) == told["anchors"] == anchors


def test_the_front_page_shows_the_counted_numbers_and_leads_to_as_many(connection, file):
    site = datasette(file)
    (home,) = get(site, "/")
    text = visible(home.text)
    held = totals(connection)
    assert f"{held['outcomes']} findings on loneliness, social isolation" in text
    assert f"{held['findings'] - held['outcomes']} findings on what stands around it" in text
    tiles = [address for address in Seen(home.text).addresses if "findings_readable?strength" in address]
    numbers = [int(each) for each in re.findall(r'class="big">([\d,]+)<', home.text)]
    assert len(tiles) == 4
    for address, number in zip(tiles, numbers, strict=True):
        (answer,) = get(site, address)
        if number:
            assert f"{number} finding" in visible(answer.text), address


def test_a_facet_of_an_unfiltered_list_shows_the_counted_numbers(connection, file):
    site = datasette(file)
    for column in ("strength", "construct", "study"):
        (answer,) = get(site, f"/evidence/findings_readable.json?_facet={column}&_facet_size=max&_size=1")
        shown = {each["value"]: each["count"] for each in answer.json()["facet_results"][column]["results"]}
        assert shown == {key: n for key, n in counted(connection, "findings_readable", column).items() if key}
