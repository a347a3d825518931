"""A whole invented base on a topic of its own, choirs, and ways to ask the commands and a served site about it.

It has every kind of record, a table with its loader, a rubric with a name and definitions of its own, a document,
and reviews that seal it: what the site shows of it comes from the base and from the engine, and from nothing else.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from conftest import BaseOnDisk

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCUMENT = "documents/singing-2022.txt"
FINDINGS = "evidence/findings/singing-2022.yml"
CLAIMS = "evidence/claims/singing-2022.yml"
POPULATIONS = "evidence/populations/singing-2022.yml"
ESTIMATES = "evidence/estimates/singing-2022.yml"
RESPONSES = "evidence/responses/singing-2022.yml"

CHOIRS = {
    "metadata.yml": """
title: Choirs
description: Who sings, as printed.
evidencebase:
  format: 2
  scope: choirs and those who sing in them
  as_at: 2023-01-31
  maintainer: the Harbour Archive
  readers: reader-a and reader-b are two archivists.
databases:
  evidence:
    queries:
      what_women_sing:
        title: What is known of women?
        sql: select f.id as finding, f.statement from findings f where f."group" = 'women'
""",
    DOCUMENT: """Singing in Harbourshire

1 Who sings
The Song Survey 2021 asked 5,200 adults. In Norland 12.4% of women sing in a choir
every week (95% confidence interval 11.5% to 13.3%), compared with 8.0% of men.
Women were significantly more likely than men to sing in a choir every week.
The Parish Poll 2021 asked 640 of its own members and found 21% of women in Norland
singing every week. The poll does not say how its members were chosen.
Of bakers just over 30% own a songbook. On average a songbook costs a baker between \u00a312 and \u00a318.
A choir is a body that rehearses together.

2 Harbourshire
The register counts 900 tenant households in Harbourshire, and 2,100 bakers.
Table 1 takes its people from the register of 2020.
Table 1: Estimated number of adults who sing in a choir every week
Total no. in Harbourshire
% singing in Norland
No. singing in Harbourshire
Women 30,000 12.4% 3,720
Men 28,000 8.0% 2,240
Total 58,000 5,960

3 What follows
Men are thus the people to invite. The council will open a rehearsal room for men.
Lessons are offered to bakers. The results are due again in May 2031.
""",
    "schema/measures.yml": """
- id: sings-weekly
  label: Sings in a choir every week
  construct: singing
  instrument: a question on how often people sing together
  unit: percent
  polarity: positive
  phrase: sing in a choir every week
- {id: owns-songbook, label: Owns a songbook, construct: singing, unit: percent, phrase: own a songbook}
- {id: songbook-cost, label: Cost of a songbook, construct: prices, unit: gbp, polarity: neutral, words: [songbook costs], phrase: pay for a songbook}
- {id: hums, label: Hums at work, construct: humming, unit: percent, polarity: positive, phrase: hum at work}
""",
    "schema/groups.yml": """
- {id: adults, label: adults}
- {id: women, label: women, is: {sex: female}, broader: [adults]}
- {id: men, label: men, is: {sex: male}, broader: [adults]}
- {id: bakers, label: bakers, broader: [adults]}
- {id: tenants, label: tenant households, universe: households}
""",
    "schema/places.yml": """
- {id: norland, label: Norland, type: country}
- {id: harbourshire, label: Harbourshire, code: H01000001, type: county, broader: [norland]}
- {id: southland, label: Southland, type: country}
""",
    "schema/strength.yml": """
name: the rules of the Harbour Archive
definitions:
  strong: many singers, drawn by lot
  moderate: many singers, asked by a society
  weak: few singers, or nobody says how they were found
large_from: 1000
rules:
  - when: {size: [large], sampling: [random], commissioner: [neutral]}
    strength: strong
    reason: many were drawn by lot for a neutral body
  - when: {}
    strength: weak
    reason: few, or found in a way that is not told
""",
    "evidence/sources.bib": """
@report{singing-2022,
  author = {{Harbour Council}}, title = {Singing in Harbourshire}, institution = {Harbour Council}, year = {2022},
  url = {https://example.org/singing}
}
@report{song-survey-2021,
  author = {{Bureau of Song}}, title = {Song Survey 2021}, institution = {Bureau of Song}, year = {2021}
}
@article{parish-poll-2021,
  author = {Ashe, Ida and Birk, Otto}, title = {A Poll of Parishes}, journal = {Parish Leaves}, year = {2021}
}
@report{harbour-register,
  author = {{Harbour Council}}, title = {Register of Harbourshire}, institution = {Harbour Council}, year = {2020}
}
""",
    "evidence/documents.yml": """
- key: singing-2022
  title: Singing in Harbourshire
  words: {the register: {study: harbour-register}}
  url: https://example.org/singing
  licence: free to read
  renditions:
    - {file: singing-2022.txt, sha256: SHA256, media_type: text/plain}
""",
    "evidence/studies.yml": """
- key: song-survey-2021
  label: Song Survey 2021
  universe: {ages: 16+, place: norland}
  conductor: {value: Bureau of Song, basis: general-knowledge}
  commissioner: {value: Bureau of Song, kind: neutral, basis: general-knowledge}
  sampling: {value: random, basis: general-knowledge}
  size:
    value: large
    n: 5200
    basis: document
    anchors: [{document: singing-2022, fragment: "asked 5,200 adults", locator: "1"}]
  strength: strong
  debatable: {alternative: weak, because: how they were drawn is not told}
  extracted_by: reader-a
- key: parish-poll-2021
  label: Parish Poll 2021
  universe: {place: norland}
  size:
    value: small
    n: 640
    basis: document
    anchors: [{document: singing-2022, fragment: "asked 640 of its own members", locator: "1"}]
  strength: weak
  extracted_by: reader-a
- key: harbour-register
  label: Register of Harbourshire
  fieldwork: 2020
  design: administrative
  universe: {place: harbourshire}
  strength: weak
  extracted_by: reader-a
""",
    FINDINGS: """
- id: women-sing
  statistic: prevalence
  measure: sings-weekly
  group: women
  place: norland
  period: 2021
  value: 12.4
  interval: {lower: 11.5, upper: 13.3, confidence: 95}
  study: song-survey-2021
  anchors:
    - {document: singing-2022, fragment: "In Norland 12.4% of women sing", locator: "1"}
    - {document: singing-2022, fragment: "95% confidence interval 11.5% to 13.3%", figures: {lower: null, upper: null}, locator: "1"}
  caveats: [singing at home is left out]
  extracted_by: reader-a
- id: men-sing
  statistic: prevalence
  measure: sings-weekly
  group: men
  place: norland
  period: 2021
  value: 8.0
  study: song-survey-2021
  anchors: [{document: singing-2022, fragment: "compared with 8.0% of men", locator: "1"}]
  extracted_by: reader-a
- id: women-sing-by-poll
  statistic: prevalence
  measure: sings-weekly
  group: women
  place: norland
  period: 2021
  value: 21
  study: parish-poll-2021
  anchors: [{document: singing-2022, fragment: "21% of women in Norland", locator: "1"}]
  links: [{type: contradicts, to: women-sing, because: the poll asked its own members}]
  extracted_by: reader-a
- id: bakers-own
  statistic: prevalence
  measure: owns-songbook
  group: bakers
  value: 30
  qualifiers: [just-over]
  anchors: [{document: singing-2022, fragment: "just over 30% own a songbook", locator: "1"}]
  extracted_by: reader-a
- id: bakers-pay
  statistic: cost-mean
  measure: songbook-cost
  group: bakers
  range: {low: 12, high: 18}
  anchors: [{document: singing-2022, fragment: "between \u00a312 and \u00a318", locator: "1"}]
  extracted_by: reader-a
""",
    CLAIMS: """
- id: women-sing-more
  kind: relation
  measure: sings-weekly
  group: women
  versus: {group: men}
  place: norland
  period: 2021
  direction: higher
  significance: significant
  findings: [women-sing, men-sing]
  study: song-survey-2021
  anchors: [{document: singing-2022, fragment: "Women were significantly more likely than men to sing", locator: "1"}]
  extracted_by: reader-a
- id: poll-not-told
  kind: limitation
  measure: sings-weekly
  says: how members were found is not told
  study: parish-poll-2021
  anchors: [{document: singing-2022, fragment: "does not say how its members were chosen", locator: "1"}]
  extracted_by: reader-a
- id: what-a-choir-is
  kind: definition
  measure: sings-weekly
  says: a choir is a body that meets to rehearse
  anchors:
    - {document: singing-2022, fragment: "a body that rehearses together", locator: "1"}
    - {document: singing-2022, fragment: "likely than men to sing in a choir every week", for: [measure], locator: "1"}
  extracted_by: reader-a
""",
    POPULATIONS: """
- id: harbourshire-tenants
  group: tenants
  place: harbourshire
  period: 2020
  unit: households
  value: 900
  study: harbour-register
  anchors: [{document: singing-2022, fragment: "900 tenant households in Harbourshire", locator: "2"}]
  extracted_by: reader-a
- id: harbourshire-bakers
  group: bakers
  place: harbourshire
  period: 2020
  unit: persons
  value: 2100
  study: harbour-register
  anchors: [{document: singing-2022, fragment: "and 2,100 bakers", locator: "2"}]
  extracted_by: reader-a
""",
    "evidence/conclusions/singing-2022.yml": """
- id: men-to-invite
  group: men
  measure: sings-weekly
  direction: lower
  place: harbourshire
  label: men sing less
  supports: [women-sing-more, men-sing]
  stated_in: [{document: singing-2022, fragment: "Men are thus the people to invite", locator: "3"}]
  inferred: {measure: the report is on who sings every week, direction: who is to be invited sings less, place: its council invites}
  certainty: {imprecision: {rating: serious, reason: no interval is printed for men}}
  extracted_by: reader-a
""",
    RESPONSES: """
- id: rehearsal-room
  kind: action
  label: opening a rehearsal room
  place: harbourshire
  provider: Harbour Council
  groups: [men]
  rests_on: [men-to-invite]
  anchors: [{document: singing-2022, fragment: "open a rehearsal room for men", locator: "3"}]
  extracted_by: reader-a
- id: lessons
  kind: service
  label: singing lessons
  groups: [bakers]
  anchors: [{document: singing-2022, fragment: "Lessons are offered to bakers", locator: "3"}]
  extracted_by: reader-a
""",
    "evidence/indicators.yml": """
- id: watch-women
  measure: sings-weekly
  group: women
  finding: women-sing
  data_set: Song Survey
  next_release: 2031-05
  anchors: [{document: singing-2022, fragment: "due again in May 2031", locator: "3"}]
  extracted_by: reader-a
""",
    "evidence/tables/singing-2022-table-1.csv": """sex,printed,population,rate,number
women,Women,"30,000",12.4%,"3,720"
men,Men,"28,000",8.0%,"2,240"
total,Total,"58,000",,"5,960"
""",
    "loaders/singing-2022-table-1.yml": """
table: table-1
document: singing-2022
file: evidence/tables/singing-2022-table-1.csv
locator: Table 1
caption: "Table 1: Estimated number of adults who sing"
key: sex
label: printed
columns:
  population: {unit: persons, heading: "Total no. in Harbourshire"}
  rate: {unit: percent, heading: "% singing in Norland"}
  number: {unit: persons, heading: "No. singing in Harbourshire"}
values:
  who: {women: women, men: men, total: adults}
create:
  - kind: population
    column: population
    except: [total]
    record: {id: "harbourshire-{who}", group: "{who}", place: harbourshire, period: 2020, unit: persons}
  - kind: population
    column: population
    only: [total]
    record: {id: harbourshire-adults, group: adults, place: harbourshire, period: 2020, unit: persons,
             total: {parts: "harbourshire-{who}"}}
  - kind: estimate
    column: number
    except: [total]
    record: {id: "harbourshire-{who}-singing", finding: "{who}-sing", population: "harbourshire-{who}"}
  - kind: estimate
    column: number
    only: [total]
    record: {id: harbourshire-adults-singing, measure: sings-weekly, group: adults, place: harbourshire,
             unit: persons, total: {parts: "harbourshire-{who}-singing"}}
attach:
  - {column: rate, except: [total], to: "{who}-sing"}
extracted_by: reader-a
""",
}

ODD_ESTIMATES = """
- {id: of-households, finding: women-sing, population: harbourshire-tenants, extracted_by: reader-a}
- {id: of-others, finding: women-sing, population: harbourshire-bakers, extracted_by: reader-a}
- {id: of-a-part, finding: adults-hum, population: harbourshire-bakers, extracted_by: reader-a}
- {id: of-another-time, finding: adults-hummed, population: harbourshire-adults, extracted_by: reader-a}
- {id: of-another-place, finding: southlanders-hum, population: harbourshire-adults, extracted_by: reader-a}
- {id: of-no-place, finding: bakers-own, population: harbourshire-bakers, extracted_by: reader-a}
- {id: of-another-measure, finding: women-sing, population: harbourshire-women, measure: hums, extracted_by: reader-a}
- {id: all-the-same, finding: men-sing, population: harbourshire-tenants, override: nothing better is printed, extracted_by: reader-a}
- {id: in-order, finding: men-sing, population: harbourshire-men, extracted_by: reader-a}
"""
"""Estimates of the base's own: one for each way in which a rate may not fit, and two where it does."""


class Choirs(BaseOnDisk):
    """The base in a folder, with changes: `(file, old, new)` replaces, `add` gives text to the end of files."""

    def __init__(
        self,
        folder: Path,
        *changes: tuple[str, str, str],
        add: dict[str, str] | None = None,
        files: dict[str, str] | None = None,
    ) -> None:
        self.folder = folder
        for name, text in (files or CHOIRS).items():
            self.write(name, text.lstrip("\n"))
        for name, text in (add or {}).items():
            self.write(name, (self.read(name) if (folder / name).exists() else "") + text.lstrip("\n"))
        for name, old, new in changes:
            self.change(name, old, new)
        self.rehash()

    def rehash(self) -> None:
        """Record every document as it is now."""
        text = self.read("evidence/documents.yml")
        for file in re.findall(r"file: ([^,}\s]+)", text):
            digest = sha256((self.folder / "documents" / file).read_bytes()).hexdigest()
            text = re.sub(rf"(file: {re.escape(file)}, sha256: )\w+", rf"\g<1>{digest}", text)
        self.write("evidence/documents.yml", text)

    def prose(self, text: str) -> None:
        """Sentences at the end of the document."""
        self.write(DOCUMENT, self.read(DOCUMENT) + text)
        self.rehash()


def evidence(*arguments: object, status: int | None = 0, **environment: str) -> str:
    """What a command prints, run as a user runs it; `status` is the exit code it must have."""
    done = subprocess.run(
        [sys.executable, "-m", "evidencebase", *map(str, arguments)],
        capture_output=True,
        text=True,
        env={**os.environ, "NO_COLOR": "1", **environment},
        timeout=300,
        check=False,
    )
    assert status is None or done.returncode == status, f"{arguments}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
    return done.stdout


def answer(*arguments: object, status: int | None = 0) -> Any:
    """What a command answers as JSON."""
    return json.loads(evidence(*arguments, "--format", "json", status=status))


def problems(folder: Path, *prefixes: str) -> list[dict[str, Any]]:
    """What `evidence check` finds in a base, but for reviews; of codes that begin so, where given."""
    found = answer("check", "--base", folder, "--ignore", "review", status=None)["problems"]
    return [each for each in found if not prefixes or each["code"].startswith(prefixes)]


def codes(folder: Path, *prefixes: str) -> list[str]:
    """The codes of those problems, each as often as it was found."""
    return sorted(each["code"] for each in problems(folder, *prefixes))


@contextmanager
def served(database: Path, metadata: Path) -> Iterator[httpx.Client]:
    """The site on a database, started as the documentation says: it is told of no base."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "datasette", "serve", "-i", database, "--metadata", metadata, "--port", port]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("EVIDENCE")}
    modules = os.environ.get("PYTHONPATH", "").split(os.pathsep)  # the server runs in another folder
    environment["PYTHONPATH"] = os.pathsep.join(str(Path(each).resolve()) for each in modules if each)
    said = (database.parent / "server.log").open("w")
    server = subprocess.Popen(list(map(str, command)), stdout=said, stderr=said, env=environment, cwd=database.parent)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, follow_redirects=True) as client:
            _wait(client, server)
            yield client
    finally:
        server.terminate()
        server.wait(20)
        said.close()


def _wait(client: httpx.Client, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while True:
        assert server.poll() is None, "the server ended"
        assert time.monotonic() < end, "the server did not start"
        try:
            client.get("/-/versions.json")
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
