"""What the words of a record cost as the vocabulary and the document grow: at 10, 100 and 1,000 groups.

    python bench/words_cost.py [--groups 10 100 1000]

Makes an invented base for each size: every group has a paragraph and a row of a table in one document, and a record of
either; all groups begin with the same words. Prints seconds of this one run, and the power of the number of groups with
which each grows from size to size: 0 for what a record costs, where it costs the same in any base; 1 for a whole document,
vocabulary or command.
"""

from __future__ import annotations

import argparse
import gc
import math
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from anchors import WORDS

from evidencebase.loading import load
from evidencebase.provenance.library import Library
from evidencebase.provenance.lock import Lock
from evidencebase.provenance.matching import match_base
from evidencebase.provenance.mentions import Words, read_words
from evidencebase.provenance.words import rule
from evidencebase.reading.language import language_of

SYLLABLES = "ba de fi go hu ka le mi no pu".split()
ROWS = 10
ROUNDS = 5

FIXED = {
    "metadata.yml": "title: Clubs\nevidencebase: {format: 2, scope: clubs}\n",
    "schema/measures.yml": "- {id: sings, label: Sings weekly, construct: song, unit: percent, phrase: sing weekly}\n",
    "schema/places.yml": "- {id: northshire, label: Northshire, type: county}\n",
    "schema/units.yml": '- {id: percent, label: percent, words: ["%"], dimension: proportion, factor: 0.01}\n'
    "- {id: persons, label: persons, words: [people], dimension: count}\n",
    "evidence/studies.yml": "- {key: song-survey, label: Song Survey 2019, fieldwork: 2019, strength: weak}\n",
    "evidence/sources.bib": "".join(
        f"@report{{{key}, author = {{{{Clubs}}}}, title = {{{title}}}, institution = {{Clubs}}, year = {{2020}}}}\n"
        for key, title in (("report", "Singing"), ("song-survey", "Song Survey"))
    ),
}
LOADER = """\
table: table-{number}
document: report
file: evidence/tables/{number}.csv
locator: Table {number}
caption: "Table {number}: Members who sing weekly in clubs"
key: group
label: printed
columns:
  asked: {{unit: persons, heading: "Asked"}}
  rate: {{unit: percent, heading: "% sing weekly"}}
create:
  - kind: finding
    column: rate
    record: {{id: "{{group}}-in-table", statistic: prevalence, measure: sings, group: "{{group}}", place: northshire,
              period: 2019, study: song-survey}}
"""


def write(folder: Path, groups: int) -> None:
    """Write a base of so many groups, and the document that it was read from."""
    rng = random.Random(groups)
    text, schema, levels, findings, files = ["Singing in Northshire\n"], [], [], [], dict(FIXED)
    filler = lambda: " ".join(rng.choice(WORDS) for _ in range(30)).capitalize() + "."  # noqa: E731
    for first in range(0, groups, ROWS):
        number = first // ROWS + 1
        text.append(f"{number} Clubs in Northshire\n\nThe Song Survey 2019 asked members of clubs.\n")
        rows, cells = [], ["group,printed,asked,rate"]
        for index in range(first, min(first + ROWS, groups)):
            name = "".join(SYLLABLES[int(digit)] for digit in f"{index:04}")
            value, asked, rate = (rng.randint(low, 9 * low) for low in (100, 10_000, 100))
            text.append(
                f"{filler()} In ward {number}, {value / 10}% of members of the {name} club sing weekly, more than others do."
                f"¹ {filler()}\n"
            )
            schema.append(f"- {{id: {name}, label: members of the {name} club, is: {{club: {name}}}}}\n")
            levels.append(f"{{id: {name}, label: members of the {name} club}}")
            findings.append(
                f"- {{id: {name}-in-words, statistic: prevalence, measure: sings, group: {name}, place: northshire, "
                f"period: 2019, value: {value / 10}, study: song-survey, anchors: [{{document: report, "
                f'fragment: "{value / 10}% of members of the {name} club"}}]}}\n'
            )
            rows.append(f"Members of the {name} club {asked} {rate / 10}%")
            cells.append(f"{name},Members of the {name} club,{asked},{rate / 10}%")
        text.append(f"Table {number}: Members who sing weekly in clubs\nAsked\n% sing weekly")
        text.append("\n".join([*rows, "Source: Song Survey 2019\n", f"¹ Table {number} has more of it.\n"]))
        files[f"loaders/{number}.yml"] = LOADER.format(number=number)
        files[f"evidence/tables/{number}.csv"] = "\n".join(cells) + "\n"
    files["documents/report.txt"] = "\n".join(text)
    files["schema/characteristics.yml"] = (
        f"- {{id: club, label: Club, dimension: club, levels: [{', '.join(levels)}]}}\n"
    )
    files["schema/groups.yml"], files["evidence/findings/report.yml"] = "".join(schema), "".join(findings)
    digest = sha256(files["documents/report.txt"].encode()).hexdigest()
    files["evidence/documents.yml"] = f"- {{key: report, renditions: [{{file: report.txt, sha256: {digest}}}]}}\n"
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content, encoding="utf-8")


def least(action: Callable[[], object]) -> float:
    """Seconds of the processor that something takes: the least of some rounds, none of which collects garbage."""
    seconds = []
    for _ in range(ROUNDS):
        gc.collect()
        gc.disable()
        started = time.process_time()
        action()
        seconds.append(time.process_time() - started)
        gc.enable()
    return min(seconds)


def command(folder: Path) -> float:
    """Seconds of the processor that `evidence check` takes for a base."""
    before = os.times()
    subprocess.run([sys.executable, "-m", "evidencebase", "check", "--base", folder], capture_output=True, check=False)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def measure(folder: Path) -> dict[str, float]:
    """What each part of judging the words of a base costs."""
    base, problems = load(folder)
    assert not problems, problems[0]
    library, language = Library(base, folder / "documents"), language_of(folder)
    words = Words(base, library, language)
    groups, records = len(base.vocabulary.groups), len(base.entries)
    document = library.held("report").text
    assert document is not None
    found = {
        "vocabulary, whole": least(lambda: Words(base, library, language).lexicon.forms),
        "document, whole": least(lambda: read_words(document, words.lexicon)),
        "anchors, a record": least(lambda: match_base(base, library, Lock())) / records,
    }
    matching = match_base(base, library, Lock())
    assert not matching.problems, matching.problems[0]
    rulings = rule(words, matching, Lock()).rulings
    assert {str(each.state) for each in rulings} <= {"named", "elsewhere"}, {str(each.state) for each in rulings}
    assert len({(each.entry.key, each.field) for each in rulings}) >= 5 * 2 * groups
    found["words, a record"] = least(lambda: rule(words, matching, Lock())) / records
    found["check, the command"] = command(folder)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--groups", type=int, nargs="+", default=[10, 100, 1000])
    sizes = parser.parse_args().groups
    found = []
    for groups in sizes:
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder), groups)
            found.append(measure(Path(folder)))
    print(f"{'milliseconds at':20}" + "".join(f"{f'{size:,} groups':>14}" for size in sizes) + "   grows with power")
    for name in found[0]:
        powers = (
            math.log(found[at + 1][name] / found[at][name]) / math.log(sizes[at + 1] / sizes[at])
            for at in range(len(sizes) - 1)
        )
        line = "".join(f"{each[name] * 1000:14.2f}" for each in found)
        print(f"{name:20}{line}   " + ", ".join(f"{power:.2f}" for power in powers))


if __name__ == "__main__":
    main()
