"""A small base on an invented topic with everything an author may cite, reviewed by a second reader."""

from __future__ import annotations

import shutil
from pathlib import Path

from evidencebase.base import Base
from evidencebase.folder import BaseFolder
from evidencebase.loading import load
from evidencebase.model.ledger import Review
from evidencebase.provenance.reviewing import add_reviews, expected
from evidencebase.provenance.seal import Reviews

FILES = {
    "metadata.yml": "title: Bells\nevidencebase: {format: 2, scope: bell ringing, as_at: 2026-01-31}\n",
    "schema/measures.yml": """
- {id: rings, label: Rings bells, construct: ringing, unit: percent, phrase: ring bells}
- {id: rings-daily, label: Rings bells daily, construct: ringing, unit: percent, phrase: ring bells daily}
- {id: rope-cost, label: Cost of a rope, construct: cost, unit: gbp, phrase: cost}
- {id: counted, label: People, construct: number, unit: persons, phrase: are counted}
""",
    "schema/groups.yml": """
- {id: adults, label: adults}
- {id: farmers, label: farmers & <b>growers</b>, broader: [adults]}
- {id: bakers, label: bakers, broader: [adults]}
- {id: sailors, label: sailors}
""",
    "schema/places.yml": """
- {id: westland, label: Westland, type: country}
- {id: oldtown, label: Oldtown, type: town, broader: [westland]}
""",
    "schema/strength.yml": """
name: the house rules
definitions: {strong: large and random, moderate: the same for a charity, weak: the rest}
large_from: 1000
rules:
  - when: {size: [large], sampling: [random]}
    strength: strong
    reason: large and random
  - when: {}
    strength: weak
    reason: unclear or small
""",
    "evidence/sources.bib": r"""
@report{bell-survey, author = {{Office for Bells}}, title = {Bell Survey 2020}, institution = {Office for Bells}, year = 2021}
@report{rope-poll, author = {van der Berg, Jan and G{\"o}del, Kurt}, title = {Ropes \& \emph{wheels}: 5\% <script>alert(1)</script> \$(rm)}, institution = {Poll Ltd}}
@report{town-report, author = {{Oldtown Council}}, title = {Bells in {Oldtown}}, institution = {Oldtown Council}, year = 2022, url = {https://example.org/bells}}
""",
    "evidence/documents.yml": "- {key: town-report, title: Bells in Oldtown}\n- {key: bell-survey, title: Bell Survey 2020}\n",
    "evidence/studies.yml": """
- {key: bell-survey, label: Bell Survey 2020, size: {value: large, n: 5000}, sampling: {value: random}, strength: strong, extracted_by: reader-a}
- {key: rope-poll, label: Rope Poll, strength: weak, debatable: {alternative: moderate, because: it may be larger}, extracted_by: reader-a}
""",
    "evidence/findings/all.yml": """
- id: farmers-ring
  statistic: prevalence
  measure: rings
  group: farmers
  place: westland
  period: 2020
  value: 7.7
  n: 5000
  interval: {lower: 7.1, upper: 8.3, confidence: 95, method: Wilson}
  study: bell-survey
  anchors: [{document: town-report, fragment: "7.7% of farmers"}]
  extracted_by: reader-a
  caveats: [the survey moved online]
- id: bakers-ring
  statistic: prevalence
  measure: rings
  group: bakers
  place: westland
  period: 2020
  value: 27
  qualifiers: [about]
  study: bell-survey
  anchors: [{document: bell-survey, fragment: "about 27% of bakers"}]
  extracted_by: reader-a
- id: bakers-ring-by-poll
  statistic: prevalence
  measure: rings
  group: bakers
  place: westland
  period: 2020
  value: 31.5
  study: rope-poll
  anchors: [{document: town-report, fragment: "31.5% of bakers"}]
  extracted_by: reader-a
- id: adults-ring-daily
  statistic: prevalence
  measure: rings-daily
  group: adults
  value: 3
  anchors: [{document: town-report, fragment: "3% of adults"}]
  extracted_by: reader-a
- id: rope-costs
  statistic: cost-mean
  measure: rope-cost
  group: sailors
  range: {low: 1200, high: 2500}
  study: rope-poll
  anchors: [{document: town-report, fragment: "£1,200 to £2,500"}]
  extracted_by: reader-a
""",
    "evidence/populations/all.yml": """
- {id: oldtown-farmers, group: farmers, place: oldtown, period: mid-2020, unit: persons, value: 1040, anchors: [{document: town-report, fragment: "1,040 farmers"}], extracted_by: reader-a}
""",
    "evidence/estimates/all.yml": """
- {id: oldtown-farmers-who-ring, finding: farmers-ring, population: oldtown-farmers, published: 80, anchors: [{document: town-report, fragment: "80 farmers"}], extracted_by: reader-a}
""",
    "evidence/claims/all.yml": """
- {id: bakers-ring-more, kind: relation, measure: rings, group: bakers, versus: {group: farmers}, direction: higher, study: bell-survey, anchors: [{document: town-report, fragment: "bakers ring more"}], extracted_by: reader-a}
""",
    "evidence/conclusions/all.yml": """
- {id: bakers-keen, group: bakers, measure: rings, direction: higher, label: bakers are keen ringers, supports: [bakers-ring], stated_in: [{document: town-report, fragment: "bakers are keen"}], extracted_by: reader-a}
""",
    "evidence/responses/all.yml": """
- {id: bell-school, kind: service, label: a school for ringers, place: oldtown, groups: [bakers], anchors: [{document: town-report, fragment: "a school"}], extracted_by: reader-a}
""",
}


def write(folder: Path) -> Path:
    """The base in a folder, not reviewed."""
    for name, text in FILES.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.lstrip("\n"), encoding="utf-8")
    return folder


def change(folder: Path, old: str, new: str) -> None:
    """The smallest change: the one place where `old` stands."""
    places = [file for file in sorted(folder.rglob("*.*")) if file.is_file() and old in file.read_text("utf-8")]
    assert len(places) == 1, f"{old!r} stands in {len(places)} files"
    places[0].write_text(places[0].read_text("utf-8").replace(old, new, 1), encoding="utf-8")


def review(folder: Path, *, verdicts: dict[str, str] | None = None) -> None:
    """Have everything accepted as it is now; `verdicts` gives others by id."""
    base, problems = load(folder)
    assert problems == []
    made = []
    for thing in Reviews(base).things.values():
        verdict = (verdicts or {}).get(thing.key, "accept")
        kind = None if thing.extracted else thing.kind
        entered = {name: str(value) for name, value in expected(thing).items()} if verdict == "accept" else {}
        content = {"record": thing.key, "kind": kind, "digest": thing.digest, "verdict": verdict, "entered": entered}
        made.append(Review.model_validate(content | {"by": "reader-b", "on": "2026-01-31"}))
    shutil.rmtree(folder / "evidence/reviews", ignore_errors=True)
    add_reviews(BaseFolder(folder), made)


def reviewed(folder: Path) -> Base:
    """The base, written and reviewed."""
    review(write(folder))
    return load(folder)[0]
