"""A small base of format 2 on an invented topic, reviewed and locked through the command, to be changed in one place."""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from evidencebase.answers.report import check_base
from evidencebase.problems import Problem

DOCUMENT = "documents/parks.txt"
FINDINGS = "evidence/findings/parks.yml"
STUDIES = "evidence/studies.yml"
DOCUMENTS = "evidence/documents.yml"
SOURCES = "evidence/sources.bib"
TABLE = "evidence/tables/parks-table-1.csv"
LOADER = "loaders/parks-table-1.yml"
MEASURES = "schema/measures.yml"
GROUPS = "schema/groups.yml"
CHARACTERISTICS = "schema/characteristics.yml"
PLACES = "schema/places.yml"
UNITS = "schema/units.yml"
RUBRIC = "schema/strength.yml"
LOCK = "evidence/evidence.lock"
REVIEWS = "evidence/reviews/reader-b.yml"

FILES = {
    "metadata.yml": "title: Parks\nevidencebase: {format: 2, scope: parks, as_at: 2026-01-31, outcomes: [visiting]}\n",
    DOCUMENT: """Parks in Aldshire

In the Parks Survey 2021, 7.7% of 16 to 24 year olds in Aldshire visited a park every day, and
between 12% and 15% of women. The survey asked 2,040 people.

Table 1: People in Aldshire
Age
Number of people
16 to 24 9,100
25 and over 50,200
""",
    MEASURES: """- id: visits-daily
  label: Visits a park every day
  construct: visiting
  instrument: one question
  options_counted: [every day]
  unit: percent
  phrase: visit a park every day
  words: [visited a park every day]
  also: [green space]
""",
    GROUPS: """- {id: young-people, label: people aged 16 to 24, is: {age: 16-24}}
- {id: women, label: women, is: {sex: female}}
- {id: grown-ups, label: people aged 25 and over, is: {age: 25+}}
- {id: dog-owners, label: dog owners, is: {dog: has}}
""",
    CHARACTERISTICS: """- id: dog
  label: keeping a dog
  dimension: household
  levels:
    - {id: has, label: keeps a dog, words: [dog owners], also: [hound]}
""",
    PLACES: "- {id: aldshire, label: Aldshire, type: county, words: [Aldshire]}\n",
    UNITS: """- {id: percent, label: per cent, words: ["%"], dimension: proportion}
- {id: persons, label: people, words: [people], dimension: count}
""",
    RUBRIC: """name: the house rules
definitions: {strong: large and random, moderate: for a charity, weak: the rest}
large_from: 1000
rules:
  - {when: {size: [large], sampling: [random]}, strength: strong, reason: large and random}
  - {when: {}, strength: weak, reason: unclear or small}
""",
    SOURCES: """@report{parks, author = {{Aldshire Council}}, title = {Parks in Aldshire}, institution = {Aldshire Council}, year = {2022}, type = {Report}}
@report{parks-survey-2021, author = {{Office of Parks}}, title = {Parks Survey 2021}, institution = {Office of Parks}, year = {2021}, type = {Report}}
""",
    DOCUMENTS: """- key: parks
  title: Parks in Aldshire
  publisher: Aldshire Council
  date: "2022"
  url: https://example.org/parks
  licence: OGL
  words: {the county: {place: aldshire}}
  renditions: [{file: parks.txt, sha256: SHA256}]
""",
    STUDIES: """- key: parks-survey-2021
  label: Parks Survey 2021
  universe: {place: aldshire}
  sampling: {value: random, basis: general-knowledge}
  size:
    value: large
    n: 2040
    basis: document
    anchors: [{document: parks, fragment: "The survey asked 2,040 people"}]
  strength: strong
  words: [Parks Survey 2021]
  extracted_by: reader-a
""",
    FINDINGS: """- id: young-visit-daily
  statistic: prevalence
  measure: visits-daily
  group: young-people
  place: aldshire
  period: "2021"
  value: 7.7
  study: parks-survey-2021
  anchors: [{document: parks, fragment: "7.7% of 16 to 24 year olds"}]
  extracted_by: reader-a
- id: women-visit-daily
  statistic: prevalence
  measure: visits-daily
  group: women
  place: aldshire
  period: "2021"
  range: {low: 12, high: 15}
  study: parks-survey-2021
  anchors: [{document: parks, fragment: "between 12% and 15% of women"}]
  extracted_by: reader-a
""",
    TABLE: 'row,printed,number\nyoung,16 to 24,"9,100"\nolder,25 and over,"50,200"\n',
    LOADER: """table: table-1
document: parks
file: evidence/tables/parks-table-1.csv
locator: Table 1
caption: "Table 1: People in Aldshire"
key: row
label: printed
columns:
  number: {unit: persons, heading: Number of people}
values:
  people: {young: young-people, older: grown-ups}
create:
  - kind: population
    column: number
    record: {id: "aldshire-{people}", group: "{people}", place: aldshire, unit: persons}
extracted_by: reader-a
""",
}
FIGURES = {
    "young-visit-daily": "7.7",
    "women-visit-daily": "low=12 high=15",
    "parks-survey-2021": "2040",
    "parks-table-1": "9,100 50,200",
}
ENTRIES = (
    "measures/visits-daily", "groups/young-people", "groups/women", "groups/grown-ups", "groups/dog-owners",
    "characteristics/dog", "places/aldshire", "units/percent", "units/persons", "documents/parks", "sources/parks",
    "sources/parks-survey-2021", "rubric/strength",
)  # fmt: skip


class SealedBase:
    """The base in a folder, and the command on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name, text in FILES.items():
            self.write(name, text.replace("SHA256", sha256(FILES[DOCUMENT].encode()).hexdigest()))

    def run(self, command: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "NO_COLOR": "1"}
        words = [sys.executable, "-m", "evidencebase", command, *map(str, arguments), "--base", str(self.folder)]
        return subprocess.run(
            words, capture_output=True, text=True, env=environment, timeout=300, check=False, stdin=subprocess.DEVNULL
        )

    def problems(self, family: str = "review") -> list[Problem]:
        """What `evidence check --select FAMILY` finds."""
        return check_base(self.folder, select=(family,)).problems

    def accepts(self, *keys: str, by: str = "reader-b") -> None:
        """Have things accepted, all at once."""
        rows = [f'{key},"{FIGURES.get(key, "")}",accept,' for key in keys]
        file = self.folder.parent / "reviews.csv"
        file.write_text("\n".join(["record,value,verdict,note", *rows, ""]), encoding="utf-8")
        done = self.run("review", "--from", file, "--by", by)
        assert done.returncode == 0, done.stderr

    def sealed(self) -> SealedBase:
        """Everything reviewed, the anchors locked."""
        self.accepts(*FIGURES, *ENTRIES)
        self.lock()
        return self

    def lock(self) -> None:
        done = self.run("lock")
        assert done.returncode == 0, done.stdout + done.stderr

    def write(self, name: str, text: str | bytes) -> None:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())

    def read(self, name: str) -> str:
        return (self.folder / name).read_bytes().decode()

    def change(self, name: str, old: str, new: str) -> None:
        text = self.read(name)
        assert old in text, f"{old!r} is not in {name}"
        self.write(name, text.replace(old, new, 1))

    def without_documents(self) -> None:
        (self.folder / DOCUMENT).unlink()
