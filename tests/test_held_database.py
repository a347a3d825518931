"""Every column of the database holds what the record says: a base in which each field is filled, row by row."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from bases import (
    CLAIMS,
    CONCLUSIONS,
    DOCUMENT,
    FINDINGS,
    INDICATORS,
    LOADER,
    SOURCES,
    STUDIES,
    TABLE,
    changed,
    extracted,
    write_base,
)
from commands import accept, evidence, rows

TEXT = """
4 More
Swimming weekly is said of about 12% to 15% of boys, and of 9% of girls aged 5 to 15.
The Pool Poll of 2020 gave girls an odds ratio of 1.8 (95% CI 1.2 to 2.6) of swimming weekly.
In 2018 there were at least 80 girls in clubs and a Splash Club for girls of Millbrook.
Boys are equally able to swim as girls, says the club. The count of baths asked 1,200 people.
"""
MORE_FINDINGS = """\
- id: girls-odds
  statistic: odds-ratio
  measure: swims-weekly
  group: girls
  place: england
  period: "2020"
  value: 1.8
  unit: times
  n: 1200
  weighted: true
  interval: {lower: 1.2, upper: 2.6, confidence: 95, method: logistic regression}
  versus: {group: boys, level: swims every week}
  adjusted_for: [age, income]
  horizon: one year
  price_year: "2018"
  study: pool-poll-2020
  attribution: corrected
  credited_as: Pool Poll of 2021
  attribution_reason: there was no poll in 2021
  caveats: [few were asked, the pool was shut]
  anchors:
    - {document: millbrook-2020, fragment: "ratio of 1.8 (95% CI 1.2 to 2.6)", prefix: "girls an odds", suffix: "of swimming", locator: "4", figures: {value: 1, lower: 3, upper: 4}}
    - {document: millbrook-2020, fragment: "asked 1,200 people", figures: {n: 1}, shared: true}
- id: boys-weekly
  statistic: prevalence
  measure: swims-weekly
  group: boys
  range: {low: 12, high: 15}
  qualifiers: [about]
  anchors: [{document: millbrook-2020, fragment: "12% to 15% of boys"}]
- id: girls-weekly
  statistic: prevalence
  measure: swims-weekly
  group: girls
  value: 9
  study: millbrook-2020
  inferred: {study: no other is named}
  links: [{type: contradicts, to: boys-weekly, because: they were asked apart}]
  anchors: [{document: millbrook-2020, fragment: "9% of girls"}]
"""
MORE_STUDIES = """\
- key: pool-poll-2020
  label: Pool Poll 2020
  design: survey
  universe: {ages: 5-15, place: england, setting: at home}
  conductor: {value: Poll House, professional: "yes", basis: publication}
  commissioner: {value: Friends of Pools, kind: commercial, basis: publication}
  funder: {value: Pool Trust, basis: publication}
  sampling: {value: random, basis: publication}
  size: {value: large, n: 2300, basis: publication}
  mode: by telephone
  fieldwork: 2020-03
  weighted: true
  supersedes: swim-survey-2019
  strength: moderate
  debatable: {alternative: weak, because: it was paid for by friends of pools}
- key: millbrook-2020
  label: The report itself
  size: {value: large, n: 1200, basis: document, anchors: [{document: millbrook-2020, fragment: "of baths asked 1,200 people", shared: true}]}
  strength: weak
- key: dry-study-2011
  label: Dry Study 2011
  strength: weak
  retracted: {kind: retracted, "on": 2014-05, reason: nobody was asked}
  suppress: [{code: stale-retracted, reason: kept as a warning to others}]
"""
MORE_SOURCES = """\
@report{pool-poll-2020, author = {Ash, Ann and {Poll House}}, title = {Pool Poll 2020}, institution = {Poll House}, type = {Report}, year = {2020}, doi = {10.1000/pool}, url = {https://example.org/poll}}
@report{dry-study-2011, author = {{Dry House}}, title = {Dry Study 2011}, institution = {Dry House}, type = {Report}, year = {2011}}
@report{baths-2009, author = {{Bath House}}, title = {Baths of 2009}, institution = {Bath House}, type = {Report}, year = {2009}}
"""
DOCUMENTS = """\
- key: baths-2009
  title: Baths of 2009
  url: https://example.org/baths
  licence: OGL-UK-3.0
  retracted: {kind: corrected, reason: a page was missing}
  renditions: [{file: baths.txt, sha256: SHA256}]
"""
POPULATIONS = """\
- id: club-girls
  group: girls
  place: millbrook
  period: "2018"
  unit: persons
  value: 80
  qualifiers: [at-least]
  definition: girls on the list of a club
  includes: [guests, trainers]
  excludes: [visitors]
  caveats: [the list is old]
  anchors: [{document: millbrook-2020, fragment: "80 girls in clubs"}]
"""
ESTIMATES = "- {id: own-estimate, finding: girls-able, population: club-girls, measure: unable-to-swim, override: the club asked for it}\n"
RESPONSES = """\
- id: splash-club
  kind: service
  label: Splash Club
  place: millbrook
  period: "2020"
  provider: Millbrook Council
  groups: [girls]
  rests_on: [girls-ahead]
  findings: [girls-weekly]
  effectiveness: reported
  caveats: [twice a week]
  anchors: [{document: millbrook-2020, fragment: "a Splash Club for girls"}]
"""
MORE_CLAIMS = """\
- id: boys-alike
  kind: relation
  measure: able-to-swim
  group: boys
  versus: {group: girls}
  place: england
  direction: no-difference
  significance: not-tested
  adjusted_for: [age, income]
  study: pool-poll-2020
  attribution: inferred
  caveats: [so the club says]
  links: [{type: contradicts, to: girls-more-often, because: other children were asked}]
  anchors: [{document: millbrook-2020, fragment: "Boys are equally able to swim as girls"}]
"""
ASIDE = "- {document: millbrook-2020, fragment: Swimming Survey 2019 asked, number: '2019', reason: date}\n"


def filled():
    return changed(
        (CONCLUSIONS, "supports: [girls-more-often]", "supports: [girls-more-often]\n  disputes: [boys-alike, girls-weekly]"),
        (INDICATORS, "next_release: 2030-06", "next_release: 2030-06\n  next_release_as_published: June 2030\n  place: england\n  caveats: [it may be late]"),
        add={
            DOCUMENT: TEXT,
            FINDINGS: MORE_FINDINGS,
            STUDIES: MORE_STUDIES,
            SOURCES: MORE_SOURCES,
            CLAIMS: MORE_CLAIMS,
            "evidence/documents.yml": DOCUMENTS,
            "evidence/populations/more.yml": POPULATIONS,
            "evidence/estimates/more.yml": ESTIMATES,
            "evidence/responses/millbrook.yml": RESPONSES,
            "evidence/set-asides/millbrook.yml": ASIDE,
        },
    )  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = write_base(tmp_path_factory.mktemp("filled") / "base", filled())
    assert evidence("lock", "--base", made).code == 0
    return made


@pytest.fixture(scope="module")
def database(folder):
    file = folder.parent / "filled.db"
    done = evidence("build", "--base", folder, "--drafts", "-o", file)
    assert done.code == 0, done.err
    with closing(sqlite3.connect(file)) as connection:
        connection.row_factory = sqlite3.Row
        yield connection


@pytest.mark.parametrize(
    ("table", "where", "expected"),
    [
        (
            "findings",
            "id = 'girls-odds'",
            {
                "statistic": "odds-ratio", "measure": "swims-weekly", "group": "girls", "place": "england", "period": "2020",
                "value": 1.8, "value_text": "1.8", "low": None, "high": None, "unit": "times", "qualifier": None, "n": 1200,
                "weighted": 1, "interval_lower": 1.2, "interval_upper": 2.6, "interval_confidence": 95.0,
                "interval_method": "logistic regression", "comparator_group": "boys", "comparator_level": "swims every week",
                "adjusted_for": "age; income", "horizon": "one year", "price_year": "2018",
                "study": "pool-poll-2020", "document": "millbrook-2020", "strength": "moderate", "attribution": "corrected",
                "credited_as": "Pool Poll of 2021", "attribution_reason": "there was no poll in 2021", "secondary": 1,
                "caveats": "few were asked; the pool was shut", "status": "draft",
                "precision": "95% interval 1.2 to 2.6, as published (logistic regression)",
            },
        ),
        (
            "findings",
            "id = 'boys-weekly'",
            {
                "value": None, "value_text": None, "low": 12.0, "high": 15.0, "qualifier": "about", "weighted": None, "n": None,
                "interval_confidence": None, "interval_method": None, "attribution": "stated", "credited_as": None, "secondary": 1,
                "precision": "precision unknown", "strength": None, "caveats": None,
            },
        ),
        ("findings", "id = 'girls-weekly'", {"secondary": 0, "strength": "weak", "unit": "percent"}),
        ("findings_readable", "id = 'girls-odds'", {"value": 1.8, "figure": "1.8", "strength": "moderate", "strength_rank": 2}),
        ("findings_readable", "id = 'girls-weekly'", {"value": 9.0, "figure": "9%", "strength_rank": 1, "study": "The report itself"}),
        ("findings_readable", "id = 'boys-weekly'", {"value": 12.0, "figure": "about 12% to 15%", "strength": None, "strength_rank": 0}),
        (
            "claims",
            "id = 'boys-alike'",
            {
                "kind": "relation", "measure": "able-to-swim", "group": "boys", "than": "girls", "place": "england",
                "direction": "no-difference", "significance": "not-tested", "adjusted_for": "age; income",
                "study": "pool-poll-2020", "strength": "moderate", "attribution": "inferred", "caveats": "so the club says",
            },
        ),
        (
            "populations",
            "id = 'club-girls'",
            {
                "group": "girls", "place": "millbrook", "period": "2018", "unit": "persons", "value": 80.0, "value_text": "80",
                "qualifier": "at-least", "definition": "girls on the list of a club", "includes": "guests; trainers",
                "excludes": "visitors", "parts": None, "study": None, "caveats": "the list is old",
            },
        ),
        ("populations", "id = 'millbrook-children'", {"parts": "millbrook-girls; millbrook-boys", "study": "millbrook-register"}),
        (
            "estimates",
            "id = 'own-estimate'",
            {
                "measure": "able-to-swim", "called": "unable-to-swim", "group": "girls", "place": "millbrook", "period": "2018", "unit": "persons",
                "published": None, "published_text": None, "recomputed": 36.0, "override": "the club asked for it",
                "strength": "weak", "parts": None,
            },
        ),
        ("estimates", "id = 'millbrook-able-children'", {"parts": "millbrook-able-girls; millbrook-able-boys", "published": 498.0}),
        (
            "responses",
            "id = 'splash-club'",
            {
                "kind": "service", "label": "Splash Club", "place": "millbrook", "period": "2020", "provider": "Millbrook Council",
                "effectiveness": "reported", "document": "millbrook-2020", "caveats": "twice a week",
            },
        ),
        ("response_groups", "response = 'splash-club'", {"group": "girls"}),
        (
            "indicators",
            "id = 'watch-girls'",
            {
                "measure": "able-to-swim", "group": "girls", "place": "england", "finding": "girls-able",
                "data_set": "Swimming Survey", "next_release": "2030-06", "next_release_as_published": "June 2030",
                "caveats": "it may be late",
            },
        ),
        (
            "studies",
            "key = 'pool-poll-2020'",
            {
                "label": "Pool Poll 2020", "source": "pool-poll-2020", "design": "survey", "ages": "5-15", "place": "england",
                "setting": "at home", "mode": "by telephone", "fieldwork": "2020-03", "weighted": 1, "supersedes": "swim-survey-2019",
                "strength": "moderate", "alternative": "weak", "alternative_because": "it was paid for by friends of pools",
                "retracted": None,
                "n": None,  # it was read nowhere, and is not shown
            },
        ),
        ("studies", "key = 'millbrook-2020'", {"n": 1200, "weighted": None, "supersedes": None, "alternative": None}),
        ("studies", "key = 'dry-study-2011'", {"retracted": "retracted in 2014-05: nobody was asked"}),
        (
            "documents",
            "key = 'baths-2009'",
            {
                "title": "Baths of 2009", "source": "baths-2009", "url": "https://example.org/baths", "licence": "OGL-UK-3.0",
                "retracted": "corrected: a page was missing",
            },
        ),
        ("documents", "key = 'millbrook-2020'", {"retracted": None, "url": None, "title": "Swimming in Millbrook"}),
        (
            "sources",
            "key = 'pool-poll-2020'",
            {
                "type": "report", "title": "Pool Poll 2020", "authors": "Ash, Ann; Poll House", "year": "2020",
                "publisher": "Poll House", "doi": "10.1000/pool", "url": "https://example.org/poll",
            },
        ),
        ("appraisals", "study = 'pool-poll-2020' AND field = 'conductor'", {"value": "Poll House", "kind": "yes", "basis": "publication"}),
        (
            "appraisals",
            "study = 'pool-poll-2020' AND field = 'commissioner'",
            {"value": "Friends of Pools", "kind": "commercial", "basis": "publication"},
        ),
        ("appraisals", "study = 'pool-poll-2020' AND field = 'funder'", {"value": "Pool Trust", "basis": "publication"}),
        ("appraisals", "study = 'pool-poll-2020' AND field = 'sampling'", {"value": "random"}),
        ("appraisals", "study = 'pool-poll-2020' AND field = 'size'", {"value": "large"}),
        (
            "anchors",
            "record_id = 'girls-odds' AND path = 'anchors.0'",
            {
                "record_type": "finding", "document": "millbrook-2020", "locator": "4", "prefix": "girls an odds",
                "suffix": "of swimming", "fragment": "ratio of 1.8 (95% CI 1.2 to 2.6)", "state": "exact", "line": 23,
                "table_name": None,
            },
        ),
        (
            "anchors",
            "record_id = 'millbrook-girls'",
            {"table_name": "table-1", "table_row": "girls", "table_column": "population", "fragment": "Girls 600 45.0% 270"},
        ),
        (
            "figures",
            "record_id = 'girls-odds' AND field = 'interval'",
            {"value": None, "value_text": "1.2 to 2.6", "low": 1.2, "high": 2.6, "strength": "moderate", "study": "pool-poll-2020"},
        ),
        ("figures", "record_id = 'girls-odds' AND field = 'n'", {"value": 1200.0, "unit": "persons", "value_text": "1200"}),
        ("figures", "record_id = 'boys-weekly'", {"field": "value", "value": None, "low": 12.0, "high": 15.0, "study": None}),
        (
            "figures",
            "record_id = 'millbrook-able-girls'",
            {
                "measure": "able-to-swim", "group": "girls", "place": "millbrook", "period": "2018", "study": "swim-survey-2019",
                "strength": "weak", "value": 270.0,
            },
        ),
        ("links", "from_id = 'girls-weekly'", {"type": "contradicts", "to_id": "boys-weekly", "because": "they were asked apart"}),
        ("links", "from_id = 'pool-poll-2020'", {"type": "supersedes", "to_id": "swim-survey-2019", "to_type": "study"}),
        ("resting", "record_id = 'splash-club' AND rests_on_id = 'girls-ahead'", {"rests_on_type": "conclusion", "how": "direct"}),
        ("resting", "record_id = 'splash-club' AND rests_on_id = 'girls-weekly'", {"rests_on_type": "finding", "how": "direct"}),
        ("conclusion_support", "record_id = 'girls-more-often'", {"role": "supports", "record_type": "claim"}),
        ("conclusion_support", "record_id = 'boys-alike'", {"role": "disputes", "record_type": "claim"}),
        ("conclusion_support", "record_id = 'girls-weekly'", {"role": "disputes", "record_type": "finding"}),
        ("set_asides", "number = '2019'", {"fragment": "Swimming Survey 2019 asked", "reason": "date"}),
    ],
)  # fmt: skip
def test_a_row_holds_what_the_record_says(database, table, where, expected):
    (row,) = [dict(each) for each in database.execute(f"SELECT * FROM {table} WHERE {where}")]  # noqa: S608
    assert {name: row[name] for name in expected} == expected


def reviewed(folder, file, reviews):
    """A base of its own, reviewed as a table of (record, value, verdict, note) says, by a second reader."""
    made = write_base(folder / "base", extracted(file))
    accept(made, {})
    table = folder / "reviews.csv"
    table.write_text("record,value,verdict,note\n" + "".join(f"{each}\n" for each in reviews), encoding="utf-8")
    done = evidence("review", "--base", made, "--by", "reader-b", "--from", table)
    assert done.code == 0, done.err
    return made


def findings_only(add=None):
    """The base without what rests on its findings."""
    files = changed((FINDINGS, "  study: swim-survey-2019\n", ""), add=add)
    for name in (CLAIMS, CONCLUSIONS, INDICATORS, LOADER, TABLE):
        del files[name]
    return files


NEWER = """\
- id: girls-mended
  statistic: prevalence
  measure: able-to-swim
  group: girls
  place: england
  value: 46
  links: [{type: supersedes, to: girls-able, because: a slip}]
  anchors: [{document: millbrook-2020, fragment: "rather 46%"}]
"""


def test_what_is_withdrawn_or_superseded_leaves_its_reason(tmp_path):
    files = findings_only({FINDINGS: NEWER, DOCUMENT: "\nOr rather 46%.\n"})
    verdicts = [
        "girls-able,value=45.0 n=400,accept,read twice",
        "girls-mended,46,accept,",
        "boys-able,,withdraw,they were not asked",
    ]
    made = reviewed(tmp_path, files, verdicts)
    tombs = rows(made, "SELECT record_id, record_type, status, reason FROM tombstones ORDER BY record_id")
    assert [tuple(tomb.values()) for tomb in tombs] == [
        ("boys-able", "finding", "withdrawn", "they were not asked"),
        ("girls-able", "finding", "superseded", "superseded by girls-mended"),
    ]
    reviews = rows(
        made,
        "SELECT record_id, reviewer, verdict, value_text, note FROM reviews"
        " WHERE record_id LIKE 'girls-%' OR record_id = 'boys-able' ORDER BY record_id",
    )
    assert [tuple(review.values()) for review in reviews] == [
        ("boys-able", "reader-b", "withdraw", None, "they were not asked"),
        ("girls-able", "reader-b", "accept", "value 45.0; n 400", "read twice"),
        ("girls-mended", "reader-b", "accept", "46", None),
    ]
    findings = rows(made, "SELECT id, status FROM findings ORDER BY id")
    assert [tuple(finding.values()) for finding in findings] == [
        ("girls-able", "superseded"),
        ("girls-mended", "reviewed"),
    ]


@pytest.mark.parametrize(
    ("verdict", "options", "there"),
    [
        ("girls-able,value=45.0 n=400,accept,", ("--format", "text"), True),
        ("girls-able,,reject,another group is meant", ("--format", "text"), False),
        ("girls-able,,reject,another group is meant", ("--drafts",), False),
        ("girls-able,,withdraw,another group is meant", ("--drafts",), False),
    ],
)
def test_what_was_rejected_goes_in_with_no_option(tmp_path, verdict, options, there):
    made = reviewed(tmp_path, findings_only(), [verdict])
    assert [row["id"] for row in rows(made, "SELECT id FROM findings WHERE id = 'girls-able'", *options)] == [
        "girls-able"
    ] * there


def test_only_what_does_not_depend_on_the_day_is_told_in_the_database(tmp_path):
    files = filled()
    assert files[STUDIES].count("supersedes:") == 1
    told = {row["code"] for row in rows(write_base(tmp_path / "base", files), "SELECT code FROM problems")}
    assert "strength-passage" in told
    assert not {code for code in told if code.startswith(("stale-", "anchor-", "review-"))}
