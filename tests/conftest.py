"""A small base on an invented topic, written as a user would write it, and changed one line at a time."""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent
SHARED = REPOSITORY.parent / "shared"

REPORT = """Sleep in Northshire

1. Introduction

In the Shift Work Survey 2021 of the county, 23.5% of nurses said that they
slept badly on most nights,4 compared with 9.0% of teachers. Among
long-
distance drivers the figure was 31%. The survey asked 4,210 people.

Table 1: Estimated number of shift workers who sleep badly, 2021

Group
Total no. in Northshire
% sleeping badly
No. sleeping badly

Nurses 1,200 23.5% 282
Teachers 2,400 9.0% 216
Approx. Total 3,600  498
"""

FILES = {
    "metadata.yml": """
title: Sleep
evidencebase: {format: 2, scope: sleep, as_at: 2026-01-31, maintainer: nobody}
""",
    "schema/measures.yml": """
- id: sleeps-badly
  label: Sleeps badly on most nights
  construct: sleep
  unit: percent
  polarity: negative
  words: [slept badly, sleep badly, sleeping badly]
  phrase: sleep badly on most nights
""",
    "schema/groups.yml": """
- {id: nurses, label: nurses}
- {id: teachers, label: teachers}
- {id: drivers, label: long-distance drivers}
- {id: shift-workers, label: shift workers}
""",
    "schema/places.yml": """
- {id: northshire, label: Northshire, type: county}
""",
    "schema/strength.yml": """
name: the house rules
definitions: {strong: large and random, moderate: the same for a charity, weak: the rest}
large_from: 1000
rules:
  - when: {size: [large], sampling: [random], commissioner: [neutral]}
    strength: strong
    reason: large, random and neutral
  - when: {}
    strength: weak
    reason: unclear or small
""",
    "evidence/sources.bib": """
@report{northshire-report,
  author = {{Northshire Council}},
  title = {Sleep in Northshire},
  institution = {Northshire Council},
  year = {2022},
}
@report{shift-work-survey-2021,
  author = {{Office for Sleep}},
  title = {Shift Work Survey 2021},
  institution = {Office for Sleep},
  year = {2021},
}
""",
    "evidence/documents.yml": """
- key: northshire-report
  title: Sleep in Northshire
  words: {the county: {place: northshire}}
  renditions:
    - {file: northshire-report.txt, sha256: SHA256}
""",
    "evidence/studies.yml": """
- key: shift-work-survey-2021
  label: Shift Work Survey 2021
  conductor: {value: Office for Sleep, basis: general-knowledge}
  commissioner: {value: Office for Sleep, kind: neutral, basis: general-knowledge}
  sampling: {value: random, basis: general-knowledge}
  size:
    value: large
    n: 4210
    basis: document
    anchors: [{document: northshire-report, fragment: "The survey asked 4,210 people"}]
  strength: strong
  extracted_by: reader-a
""",
    "evidence/findings/northshire-report.yml": """
- id: nurses-sleep-badly
  statistic: prevalence
  measure: sleeps-badly
  group: nurses
  place: northshire
  period: 2021
  value: 23.5
  study: shift-work-survey-2021
  anchors:
    - {document: northshire-report, fragment: "23.5% of nurses said", locator: "1"}
  extracted_by: reader-a
- id: teachers-sleep-badly
  statistic: prevalence
  measure: sleeps-badly
  group: teachers
  place: northshire
  period: 2021
  value: 9.0
  study: shift-work-survey-2021
  anchors:
    - {document: northshire-report, fragment: "compared with 9.0% of teachers", locator: "1"}
  extracted_by: reader-a
- id: drivers-sleep-badly
  statistic: prevalence
  measure: sleeps-badly
  group: drivers
  place: northshire
  period: 2021
  value: 31
  study: shift-work-survey-2021
  anchors:
    - {document: northshire-report, fragment: "long-distance drivers the figure was 31%", locator: "1"}
  extracted_by: reader-a
""",
    "evidence/claims/northshire-report.yml": """
- id: nurses-sleep-worse-than-teachers
  kind: relation
  measure: sleeps-badly
  group: nurses
  versus: {group: teachers}
  direction: higher
  findings: [nurses-sleep-badly, teachers-sleep-badly]
  study: shift-work-survey-2021
  anchors:
    - {document: northshire-report, fragment: "slept badly on most nights, compared with"}
  extracted_by: reader-a
""",
    "evidence/tables/northshire-report-table-1.csv": """group,printed,population,rate,number
nurses,Nurses,"1,200",23.5%,282
teachers,Teachers,"2,400",9.0%,216
total,Approx. Total,"3,600",,498
""",
    "loaders/northshire-report-table-1.yml": """
table: table-1
document: northshire-report
file: evidence/tables/northshire-report-table-1.csv
locator: Table 1
caption: "Table 1: Estimated number of shift workers"
key: group
label: printed
columns:
  population: {unit: persons, heading: "Total no. in Northshire"}
  rate: {unit: percent, heading: "% sleeping badly"}
  number: {unit: persons, heading: "No. sleeping badly"}
values:
  people: {nurses: nurses, teachers: teachers, total: shift-workers}
create:
  - kind: population
    column: population
    except: [total]
    record: {id: "northshire-{people}", group: "{people}", place: northshire, period: 2021, unit: persons}
  - kind: population
    column: population
    only: [total]
    record: {id: northshire-shift-workers, group: shift-workers, place: northshire, period: 2021, unit: persons,
             total: {parts: "northshire-{people}"}}
  - kind: estimate
    column: number
    except: [total]
    record: {id: "northshire-bad-sleep-{people}", finding: "{people}-sleep-badly", population: "northshire-{people}"}
  - kind: estimate
    column: number
    only: [total]
    record: {id: northshire-bad-sleep-total, group: shift-workers, measure: sleeps-badly, place: northshire,
             unit: persons, total: {parts: "northshire-bad-sleep-{people}"}}
attach:
  - {column: rate, only: [nurses, teachers], to: "{people}-sleep-badly"}
extracted_by: reader-a
""",
    "documents/northshire-report.txt": REPORT,
}


class BaseOnDisk:
    """A base in a folder of its own, with the few changes a test makes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name, text in FILES.items():
            self.write(name, text.lstrip("\n") if name != "documents/northshire-report.txt" else text)
        self.rehash()

    def write(self, name: str, text: str) -> None:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def read(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        """The smallest change: one place of one file."""
        text = self.read(name)
        assert old in text, f"{old!r} is not in {name}"
        self.write(name, text.replace(old, new, 1))

    def rehash(self) -> None:
        """Record the document as it is now, as a rendition that is known."""
        digest = sha256((self.folder / "documents/northshire-report.txt").read_bytes()).hexdigest()
        text = self.read("evidence/documents.yml")
        old = text[text.index("sha256: ") :].split("}")[0]
        self.write("evidence/documents.yml", text.replace(old, f"sha256: {digest}"))

    def check(self, **options):
        from evidencebase.answers.report import check_base

        return check_base(self.folder, **options)

    def codes(self, family: str = "", **options) -> list[str]:
        """The codes of the problems of a family; reviews, which have tests of their own, only if asked for."""
        report = self.check(**options)
        found = [problem.code for problem in report.problems if problem.code.startswith(family)]
        return [code for code in found if family.startswith("review") or not code.startswith("review")]

    def accept_all(self, by: str = "reader-b", *, records: bool = True) -> None:
        """Have everything reviewed by a second reader; without `records` only what findings name: entries and studies."""
        from evidencebase.folder import find_base
        from evidencebase.loading import load
        from evidencebase.provenance.reviewing import add_reviews, expected, make_review, queue, subject
        from evidencebase.provenance.seal import Reviews

        reviews = Reviews(load(self.folder)[0])
        made = []
        for key in queue(reviews):
            of = subject(reviews, key)
            if records or not of.extracted or of.kind == "studies":
                entered = {name: str(value) for name, value in expected(of).items()}
                made.append(make_review(reviews, of, by, "2026-01-31", "accept", entered=entered))
        add_reviews(find_base(self.folder), made)

    def review(self, key: str, *values: str, by: str = "reader-b", verdict: str = "accept", note: str = "") -> None:
        """Have one record or entry reviewed, with the figures as they would be entered."""
        from evidencebase.folder import find_base
        from evidencebase.loading import load
        from evidencebase.provenance.reviewing import add_reviews, make_review, read_entered, subject
        from evidencebase.provenance.seal import Reviews

        reviews = Reviews(load(self.folder)[0])
        of = subject(reviews, key)
        entered = read_entered(of, values) if values else {}
        made = make_review(reviews, of, by, "2026-01-31", verdict, entered=entered, note=note)
        add_reviews(find_base(self.folder), [made])

    def lock(self) -> None:
        from evidencebase.answers.locking import lock_base
        from evidencebase.folder import find_base

        report, file = lock_base(find_base(self.folder))
        assert file, [str(problem.message) for problem in report.problems]


@pytest.fixture(scope="session", autouse=True)
def _no_documents_from_outside():
    """Tests name their documents; the environment of whoever runs them must not."""
    os.environ.pop("EVIDENCE_DOCUMENTS", None)


@pytest.fixture
def base(tmp_path: Path) -> BaseOnDisk:
    return BaseOnDisk(tmp_path / "base")


@pytest.fixture
def run():
    """Run the command as a user does; the finished process with its output as text."""

    def runner(*arguments: object, **options) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "NO_COLOR": "1", **options.pop("env", {})}
        command = [sys.executable, "-m", "evidencebase", *map(str, arguments)]
        return subprocess.run(
            command, capture_output=True, text=True, env=environment, timeout=300, check=False, **options
        )

    return runner


@pytest.fixture
def documents() -> Path:
    """The real documents, where they are; else the test is skipped, visibly."""
    folder = SHARED / "documents"
    if not folder.is_dir():
        pytest.skip("needs ../shared/documents")
    return folder
