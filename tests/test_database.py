"""What is in the database: every table of the contract, whole, and nothing of a document that was not read."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from contextlib import closing

import pytest

from evidencebase.answers.report import check_base
from evidencebase.database import APPLICATION_ID, build_database
from evidencebase.database.cells import Selection
from evidencebase.database.tables import TABLES
from evidencebase.problems import Place, Problem, Severity
from evidencebase.provenance.seal import Reviews

CONTRACT = [
    "units",
    "characteristics",
    "contexts",
    "bodies",
    "body_members",
    "sources",
    "documents",
    "studies",
    "appraisals",
    "measures",
    "groups",
    "places",
    "findings",
    "claims",
    "populations",
    "estimates",
    "conclusions",
    "conclusion_support",
    "certainty",
    "responses",
    "response_groups",
    "indicators",
    "anchors",
    "links",
    "reviews",
    "set_asides",
    "coverage",
    "problems",
    "build",
    "figures",
    "findings_readable",
    "data_dictionary",
    "resting",
    "citations",
    "counts",
    "conflicts",
    "map_groups",
    "map_cells",
]
FIGURES = [
    "record_type",
    "record_id",
    "field",
    "document",
    "locator",
    "fragment",
    "value",
    "value_text",
    "low",
    "high",
    "unit",
    "measure",
    "group",
    "place",
    "period",
    "study",
    "strength",
    "state",
]
FINDINGS = "evidence/findings/northshire-report.yml"
MORE = """
- id: nurses-sleep-better-than-drivers
  label: nurses sleep better than drivers
  group: nurses
  measure: sleeps-badly
  direction: lower
  supports: [nurses-sleep-badly, nurses-sleep-worse-than-teachers]
  stated_in: [{document: northshire-report, fragment: "Sleep in Northshire", suffix: "1. Introduction"}]
  certainty:
    risk_of_bias: {rating: serious, reason: few were asked}
    inconsistency: {rating: not-serious, reason: one survey}
    indirectness: {rating: not-serious, reason: the same people}
    imprecision: {rating: not-serious, reason: many were asked}
    publication_bias: {rating: not-serious, reason: a yearly survey}
  extracted_by: reader-a
"""
INTERVAL = """
- id: drivers-against-nurses
  statistic: difference
  measure: sleeps-badly
  group: drivers
  place: northshire
  period: 2021
  value: 7.5
  unit: percentage-points
  interval: {lower: 4.1, upper: 10.9, confidence: 95}
  versus: {group: nurses}
  study: shift-work-survey-2021
  anchors: [{document: northshire-report, fragment: "7.5 points (95% CI 4.1 to 10.9)", figures: {value: 1, lower: 3, upper: 4}}]
  extracted_by: reader-a
- id: cost-of-bad-sleep
  statistic: cost-mean
  measure: sleeps-badly
  unit: gbp
  range: {low: 250, high: 2500}
  qualifiers: [about]
  study: shift-work-survey-2021
  anchors: [{document: northshire-report, fragment: "£250 to £2500 a year"}]
  extracted_by: reader-a
"""

UNITS = """
- {id: percent, label: percent, words: ["%"], dimension: proportion, factor: 0.01}
- {id: percentage-points, label: percentage points, words: [points], dimension: proportion, factor: 0.01}
- {id: persons, label: persons, dimension: count}
- {id: gbp, label: pounds, words: [£], dimension: currency}
"""
CONTEXT = """
- id: northshire-report-1
  document: northshire-report
  from: "1. Introduction"
  to: "The survey asked"
  gives: {place: northshire}
  anchors: [{document: northshire-report, fragment: "Sleep in Northshire", suffix: "1. Introduction"}]
  extracted_by: reader-a
"""
BODY = """
- id: sleep-of-nurses
  question: {type: prevalence, constructs: [sleep], group: nurses}
  extracted_by: reader-a
"""
ODD = Problem(Severity.NOTE, "stale-year", Place("evidence/findings/northshire-report.yml"), "old", "look again")


@pytest.fixture
def rich(base):
    base.change(
        "documents/northshire-report.txt",
        "The survey",
        "Drivers were 7.5 points (95% CI 4.1 to 10.9) worse,\nat about £250 to £2500 a year each. The survey",
    )
    base.rehash()
    base.write(FINDINGS, base.read(FINDINGS).rstrip() + INTERVAL)
    base.write("evidence/conclusions/northshire-report.yml", MORE.lstrip())
    base.write(
        "evidence/set-asides/northshire-report.yml",
        '- {document: northshire-report, fragment: "Shift Work Survey 2021", number: "2021", reason: date}\n',
    )
    base.write("schema/units.yml", UNITS)
    base.write("evidence/contexts.yml", CONTEXT)
    base.write("evidence/bodies/sleep.yml", BODY)
    base.accept_all()
    base.lock()
    return base


@pytest.fixture
def database(rich):
    with closing(sqlite3.connect(build_database(rich.folder).file)) as connection:
        connection.row_factory = sqlite3.Row
        yield connection


@pytest.fixture
def selection(rich):
    report = check_base(rich.folder)
    return Selection(report.base, list(report.base.entries.values()), Reviews(report.base), report.lock, [ODD])


def rows(database, sql: str, *values: object) -> list[dict]:
    return [dict(row) for row in database.execute(sql, values)]


def test_every_table_of_the_contract_is_there(database):
    there = {row["name"] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    ours = {table.name for table in TABLES}
    assert set(CONTRACT) <= ours
    assert {name for name in there if "_fts" not in name and not name.startswith("sqlite_")} == ours


def test_the_columns_of_figures_stand_in_the_order_of_the_contract(database):
    columns = [row["name"] for row in database.execute("PRAGMA table_info(figures)")]
    assert columns == ["id", *FIGURES]


def test_foreign_keys_hold_and_are_declared(database):
    assert rows(database, "PRAGMA foreign_key_check") == []
    assert {row["table"] for row in database.execute("PRAGMA foreign_key_list(findings)")} >= {
        "measures", "groups", "places", "studies", "documents"
    }  # fmt: skip
    assert {row["table"] for row in database.execute("PRAGMA foreign_key_list(figures)")} >= {"measures", "documents"}


def test_it_is_marked_as_ours_and_whole(database):
    assert rows(database, "PRAGMA application_id")[0]["application_id"] == APPLICATION_ID
    assert rows(database, "PRAGMA integrity_check")[0]["integrity_check"] == "ok"


def columns_of(database, table: str) -> set[str]:
    return {row["name"] for row in database.execute(f'PRAGMA table_info("{table}")')}


def test_what_pages_ask_of_a_table_are_columns_of_it_and_every_facet_has_an_index(database):
    for table in TABLES:
        indexes = [row["name"] for row in database.execute(f"PRAGMA index_list({table.name})").fetchall()]
        indexed = {database.execute(f"PRAGMA index_info('{name}')").fetchone()["name"] for name in indexes}
        asked = {*table.facets, *table.searched, *(name for name in (table.label, table.sort_desc) if name)}
        assert asked <= columns_of(database, table.name), table.name
        assert {*table.facets, *table.indexed} <= indexed, table.name


def test_the_database_itself_says_what_every_table_and_column_is(database):
    told = rows(database, "SELECT table_name, column_name, description FROM data_dictionary")
    columns = {table.name: {None, *columns_of(database, table.name)} for table in TABLES}
    assert {name: {row["column_name"] for row in told if row["table_name"] == name} for name in columns} == columns
    assert [row for row in told if not row["description"].strip()] == []


def test_a_row_holds_every_column_of_its_table_and_no_other(selection):
    made = {
        table.name: [set(row) ^ set(table.written) for row in table.rows(selection)] for table in TABLES if table.rows
    }
    assert {name: [each for each in odd if each] for name, odd in made.items() if any(odd)} == {}
    assert {name for name, odd in made.items() if not odd} <= {
        "tombstones",
        "conflicts",
        "links",
        "responses",
        "response_groups",
        "indicators",
        "characteristics",
    }


def test_every_foreign_key_column_of_a_big_table_has_an_index(database):
    for table in ("findings", "claims", "populations", "estimates", "figures", "anchors"):
        indexed = {
            database.execute(f"PRAGMA index_info('{index['name']}')").fetchone()["name"]
            for index in database.execute(f"PRAGMA index_list({table})").fetchall()
        }
        keys = {row["from"] for row in database.execute(f"PRAGMA foreign_key_list({table})")}
        assert keys - indexed <= {"comparator_group", "comparator_place"}, table


def test_words_are_found_whatever_their_ending(database):
    found = rows(
        database,
        "SELECT id FROM findings_readable WHERE rowid IN (SELECT rowid FROM findings_readable_fts WHERE findings_readable_fts MATCH ?)",
        "nursing OR nurse",
    )
    assert {row["id"] for row in found} == {"nurses-sleep-badly", "drivers-against-nurses"}


def test_each_published_number_is_a_row_for_each_anchor_that_carries_it(database):
    found = rows(database, "SELECT * FROM figures WHERE record_id = 'nurses-sleep-badly' ORDER BY id")
    assert [(row["field"], row["value"], row["value_text"], row["unit"]) for row in found] == [
        ("value", 23.5, "23.5", "percent")
    ] * 2
    assert {row["fragment"] for row in found} == {"23.5% of nurses said", "Nurses 1,200 23.5% 282"}
    assert {(row["record_type"], row["measure"], row["group"], row["place"], row["period"], row["study"], row["strength"], row["state"]) for row in found} == {
        ("finding", "sleeps-badly", "nurses", "northshire", "2021", "shift-work-survey-2021", "strong", "exact")
    }  # fmt: skip
    assert found[0]["locator"] == "1"


def test_numbers_keep_their_digits(database):
    assert rows(database, "SELECT value, value_text FROM findings WHERE id = 'teachers-sleep-badly'") == [
        {"value": 9.0, "value_text": "9.0"}
    ]
    assert {
        row["value_text"]
        for row in database.execute("SELECT value_text FROM figures WHERE record_id = 'northshire-nurses'")
    } == {"1200"}


def test_ranges_and_intervals_are_one_row_with_both_ends(database):
    cost = rows(database, "SELECT field, value, low, high, unit FROM figures WHERE record_id = 'cost-of-bad-sleep'")
    assert cost == [{"field": "value", "value": None, "low": 250.0, "high": 2500.0, "unit": "gbp"}]
    found = rows(
        database,
        "SELECT field, value, low, high FROM figures WHERE record_id = 'drivers-against-nurses' ORDER BY field",
    )
    assert found == [
        {"field": "interval", "value": None, "low": 4.1, "high": 10.9},
        {"field": "value", "value": 7.5, "low": None, "high": None},
    ]


def test_every_record_with_a_figure_is_in_figures(database):
    for sql in ("SELECT id FROM findings", "SELECT id FROM populations"):
        ids = {row["id"] for row in database.execute(sql)}
        assert ids
        assert ids <= {row["record_id"] for row in database.execute("SELECT record_id FROM figures")}


def test_a_finding_is_readable_on_its_own(database):
    found = rows(database, "SELECT * FROM findings_readable WHERE id = 'nurses-sleep-badly'")[0]
    assert found["statement"] == "23.5% of nurses in Northshire sleep badly on most nights (2021)"
    assert found["figure"] == "23.5%"
    assert found["strength"] == "strong"
    assert found["precision"] == "precision unknown"
    assert found["document"] == "Sleep in Northshire"
    assert found["passage"] == "23.5% of nurses said"


def test_certainty_is_computed_and_named_as_such(database):
    conclusion = rows(database, "SELECT certainty FROM conclusions")[0]
    assert conclusion["certainty"] == "certainty: moderate"
    assert len(rows(database, "SELECT * FROM certainty")) == 5
    support = rows(database, "SELECT record_type, record_id FROM conclusion_support ORDER BY id")
    assert [tuple(row.values()) for row in support] == [
        ("finding", "nurses-sleep-badly"), ("claim", "nurses-sleep-worse-than-teachers")
    ]  # fmt: skip


def test_nothing_of_a_document_is_in_it_but_fragments(database, base):
    text = " ".join(base.read("documents/northshire-report.txt").split())
    fragments = [
        row[0]
        for row in database.execute(
            "SELECT fragment FROM anchors UNION SELECT fragment FROM figures UNION SELECT fragment FROM set_asides"
        )
        if row[0]
    ]
    assert fragments
    assert all(len(fragment.split()) <= 12 and len(fragment) <= 90 for fragment in fragments)
    dump = " ".join("\n".join(database.iterdump()).split())
    words = text.split()
    longest = [" ".join(words[start : start + 13]) for start in range(len(words) - 12)]
    assert not [run for run in longest if run in dump]


def test_the_build_tells_what_it_was_made_of(database):
    facts = dict(database.execute("SELECT name, value FROM build").fetchall())
    assert {"tool_version", "sqlite_version", "records_digest", "revision", "as_at", "scope"} <= set(facts)
    assert re.fullmatch("[0-9a-f]{64}", facts["records_digest"])
    assert facts["rows_findings"] == "5"


def test_coverage_comes_from_the_lock_and_says_what_is_unread(database):
    found = rows(database, "SELECT * FROM coverage")
    assert [row["document"] for row in found] == ["northshire-report"]
    assert found[0]["anchored"] > 10
    assert found[0]["set_aside"] >= 1


def test_what_was_withdrawn_or_superseded_leaves_a_tombstone(base):
    base.change(
        "evidence/findings/northshire-report.yml",
        "- id: teachers-sleep-badly\n",
        "- id: teachers-sleep-badly\n  links: [{type: supersedes, to: nurses-sleep-badly}]\n",
    )
    base.accept_all()
    base.review("drivers-sleep-badly", verdict="withdraw", note="retracted")
    base.lock()
    with closing(sqlite3.connect(build_database(base.folder).file)) as connection:
        stones = connection.execute("SELECT record_id, record_type, status, reason FROM tombstones").fetchall()
        ids = {row[0] for row in connection.execute("SELECT id FROM findings")}
        history = connection.execute(
            "SELECT verdict, note FROM reviews WHERE record_id = 'drivers-sleep-badly'"
        ).fetchall()
    assert stones == [
        ("drivers-sleep-badly", "finding", "withdrawn", "retracted"),
        ("nurses-sleep-badly", "finding", "superseded", "superseded by teachers-sleep-badly"),
    ]
    assert "drivers-sleep-badly" not in ids
    assert history == [("accept", None), ("withdraw", "retracted")]


def test_coverage_of_a_document_that_left_the_base_does_not_stop_a_build(base):
    base.accept_all()
    base.lock()
    line = next(line for line in base.read("evidence/evidence.lock").splitlines() if '"coverage"' in line)
    old = line.replace('"coverage": "northshire-report"', '"coverage": "southshire-report"')
    base.write("evidence/evidence.lock", base.read("evidence/evidence.lock") + old + "\n")
    with closing(sqlite3.connect(build_database(base.folder).file)) as connection:
        assert [row[0] for row in connection.execute("SELECT document FROM coverage")] == ["northshire-report"]


def test_plain_datasette_opens_it(base):
    from datasette.app import Datasette

    base.accept_all()
    base.lock()
    file = build_database(base.folder).file

    async def ask() -> None:
        labelled = {"databases": {"evidence": {"tables": {"groups": {"label_column": "label"}}}}}
        client = Datasette([str(file)], metadata=labelled).client
        answer = await client.get("/evidence/findings.json?_shape=objects&_labels=on&strength=strong&_facet=group")
        assert answer.status_code == 200
        told = answer.json()
        assert len(told["rows"]) == 3
        assert told["rows"][0]["group"]["label"] in ("nurses", "teachers", "long-distance drivers")
        answer = await client.get("/evidence/findings_readable.json?_shape=array&_search=nurses")
        assert [row["id"] for row in answer.json()] == ["nurses-sleep-badly"]

    asyncio.run(ask())
