"""A small invented base that is in order, and a way to write it with changes: `write_base(tmp_path, changed(...))`.

The topic is swimming. Every figure stands in documents/millbrook.txt, `evidence check` finds no problem in it
(but for the reviews, of which there are none), and a change of a word or digit gives the fault that a test is about.
"""

from __future__ import annotations

import re
from datetime import date
from hashlib import sha256
from pathlib import Path

from evidencebase.answers.report import check_base
from evidencebase.problems import Problem

TODAY = date(2021, 3, 1)
DOCUMENT = "documents/millbrook.txt"
FINDINGS = "evidence/findings/millbrook.yml"
CLAIMS = "evidence/claims/millbrook.yml"
CONCLUSIONS = "evidence/conclusions/millbrook.yml"
POPULATIONS = "evidence/populations/millbrook.yml"
ESTIMATES = "evidence/estimates/millbrook.yml"
STUDIES = "evidence/studies.yml"
INDICATORS = "evidence/indicators.yml"
SOURCES = "evidence/sources.bib"
TABLE = "evidence/tables/table-1.csv"
LOADER = "loaders/table-1.yml"
MEASURES = "schema/measures.yml"
GROUPS = "schema/groups.yml"
PLACES = "schema/places.yml"

BASE: dict[str, str] = {
    "metadata.yml": "title: Swimming\nevidencebase: {format: 2, scope: swimming in Millbrook}\n",
    DOCUMENT: """\
Swimming in Millbrook

1 Who can swim
The Swimming Survey 2019 asked 400 girls and 500 boys aged 5 to 15. In England 45.0% of girls are able to swim, and 38.0% of boys.
Girls are able to swim more often than boys, a significant difference.
Girls are thus a group to build on.

2 Millbrook
Table 1 is made from the Millbrook register of 2018.
Table 1: Estimated number of children able to swim, ages 5 to 15
Total no. in Millbrook
% able to swim in England
No. able to swim in Millbrook
Girls 600 45.0% 270
Boys 600 38.0% 228
Total 1,200 498

3 Watching
The share of girls able to swim is released again in June 2030.
""",
    "evidence/documents.yml": """\
- key: millbrook-2020
  renditions: [{file: millbrook.txt, sha256: SHA256}]
""",
    SOURCES: """\
@report{millbrook-2020, author = {{Millbrook Council}}, title = {Swimming in Millbrook}, institution = {Millbrook Council}, type = {Report}, year = {2020}}
@report{swim-survey-2019, author = {{Office of Pools}}, title = {Swimming Survey 2019}, institution = {Office of Pools}, type = {Report}, year = {2019}}
@report{millbrook-register, author = {{Millbrook Council}}, title = {Register of Children}, institution = {Millbrook Council}, type = {Report}, year = {2018}}
""",
    STUDIES: """\
- key: swim-survey-2019
  label: Swimming Survey 2019
  universe: {ages: 5-15, place: england}
  strength: weak
- key: millbrook-register
  label: Millbrook register
  design: administrative
  universe: {place: millbrook}
  strength: weak
""",
    FINDINGS: """\
- id: girls-able
  statistic: prevalence
  measure: able-to-swim
  group: girls
  place: england
  period: "2019"
  value: 45.0
  n: 400
  study: swim-survey-2019
  anchors:
    - {document: millbrook-2020, fragment: "In England 45.0% of girls", locator: "1"}
    - {document: millbrook-2020, fragment: "asked 400 girls and 500 boys", figures: {n: 1}, locator: "1"}
- id: boys-able
  statistic: prevalence
  measure: able-to-swim
  group: boys
  place: england
  period: "2019"
  value: 38.0
  n: 500
  study: swim-survey-2019
  anchors:
    - {document: millbrook-2020, fragment: "and 38.0% of boys", locator: "1"}
    - {document: millbrook-2020, fragment: "asked 400 girls and 500 boys", figures: {n: 2}, locator: "1"}
""",
    CLAIMS: """\
- id: girls-more-often
  kind: relation
  measure: able-to-swim
  group: girls
  versus: {group: boys}
  period: "2019"
  direction: higher
  significance: significant
  findings: [girls-able, boys-able]
  study: swim-survey-2019
  anchors:
    - {document: millbrook-2020, fragment: "Girls are able to swim more often than boys", locator: "1"}
""",
    CONCLUSIONS: """\
- id: girls-ahead
  group: girls
  measure: able-to-swim
  direction: higher
  supports: [girls-more-often]
  stated_in: [{document: millbrook-2020, fragment: "Girls are thus a group to build on", locator: "1"}]
""",
    INDICATORS: """\
- id: watch-girls
  measure: able-to-swim
  group: girls
  finding: girls-able
  data_set: Swimming Survey
  next_release: 2030-06
  anchors: [{document: millbrook-2020, fragment: "released again in June 2030", locator: "3"}]
""",
    TABLE: """\
sex,printed,population,rate,number
girls,Girls,600,45.0%,270
boys,Boys,600,38.0%,228
children,Total,"1,200",,498
""",
    LOADER: """\
table: table-1
document: millbrook-2020
file: evidence/tables/table-1.csv
locator: Table 1
caption: "Table 1: Estimated number of children able to swim"
key: sex
label: printed
columns:
  population: {unit: persons, heading: "Total no. in Millbrook"}
  rate: {unit: percent, heading: "% able to swim in England"}
  number: {unit: persons, heading: "No. able to swim in Millbrook"}
create:
  - kind: population
    column: population
    except: [children]
    record: {id: "millbrook-{sex}", group: "{sex}", place: millbrook, period: "2018", unit: persons, study: millbrook-register}
  - kind: population
    column: population
    only: [children]
    record:
      id: "millbrook-{sex}"
      group: "{sex}"
      place: millbrook
      period: "2018"
      unit: persons
      total: {parts: "millbrook-{sex}"}
      study: millbrook-register
  - kind: estimate
    column: number
    except: [children]
    record: {id: "millbrook-able-{sex}", finding: "{sex}-able", population: "millbrook-{sex}", unit: persons}
  - kind: estimate
    column: number
    only: [children]
    record:
      id: "millbrook-able-{sex}"
      measure: able-to-swim
      group: "{sex}"
      place: millbrook
      period: "2018"
      unit: persons
      total: {parts: "millbrook-able-{sex}"}
attach:
  - {column: rate, except: [children], to: "{sex}-able"}
""",
    MEASURES: """\
- id: able-to-swim
  label: Able to swim
  construct: swimming
  unit: percent
  polarity: positive
  complement_of: unable-to-swim
  phrase: are able to swim
- id: unable-to-swim
  label: Unable to swim
  construct: swimming
  unit: percent
  polarity: negative
  complement_of: able-to-swim
  phrase: are unable to swim
- {id: swims-weekly, label: Swims every week, construct: swimming, unit: percent, words: [swimming weekly], phrase: swim every week}
- {id: asked, label: People asked, construct: method, unit: persons, words: [asked], phrase: were asked}
""",
    GROUPS: """\
- {id: children, label: children aged 5 to 15, is: {age: 5-15}}
- {id: girls, label: girls aged 5 to 15, is: {age: 5-15, sex: female}, broader: [children]}
- {id: boys, label: boys aged 5 to 15, is: {age: 5-15, sex: male}, broader: [children]}
- {id: swimmers, label: children in a swimming club, condition: in a swimming club, words: [swimmers], broader: [children]}
- {id: adults, label: adults aged 16 or over, is: {age: 16+}}
- {id: homes, label: homes, universe: households, words: [households]}
""",
    PLACES: """\
- {id: england, label: England, type: country}
- {id: millbrook, label: Millbrook, type: town, broader: [england]}
- {id: ashford, label: Ashford, type: town, broader: [england]}
""",
}


def changed(*changes: tuple[str, str, str], add: dict[str, str] | None = None) -> dict[str, str]:
    """The base with (path, old, new) replacements, and text added to the end of files, or new files."""
    files = dict(BASE)
    for path, old, new in changes:
        assert old in files[path], f"{old!r} is not in {path}"
        files[path] = files[path].replace(old, new)
    for path, text in (add or {}).items():
        files[path] = files.get(path, "") + text
    return files


def extracted(files: dict[str, str]) -> dict[str, str]:
    """The same base, in which reader-a is named as the one who read every record and table."""
    records = re.compile(r"^(- (?:id|key): \S+\n)", re.MULTILINE)
    named = {
        path: records.sub(r"\1  extracted_by: reader-a\n", text)
        for path, text in files.items()
        if path.startswith("evidence/") and path.endswith(".yml") and path != "evidence/documents.yml"
    }
    return files | named | {path: f"{files[path]}extracted_by: reader-a\n" for path in files if path == LOADER}


def write_base(folder: Path, files: dict[str, str] | None = None) -> Path:
    """Write a base (the one above unless given). `SHA256` in documents.yml becomes that of the document."""
    files = dict(files or BASE)
    fingerprint = sha256(files.get(DOCUMENT, "").encode()).hexdigest()
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.replace("SHA256", fingerprint), encoding="utf-8", newline="\n")
    return folder


def problems(
    folder: Path,
    files: dict[str, str] | None = None,
    *,
    today: date = TODAY,
    ignore: tuple[str, ...] = ("review",),
) -> list[Problem]:
    """What checking the base finds, but for the missing reviews."""
    return check_base(write_base(folder, files), ignore=ignore, today=today).problems


def found(folder: Path, code: str, files: dict[str, str] | None = None, *, today: date = TODAY) -> list[Problem]:
    """The problems of one code."""
    return [problem for problem in problems(folder, files, today=today) if problem.code == code]
