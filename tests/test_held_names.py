"""A name that is none is misuse in every command that takes one: exit 2, the nearest names, and nothing done."""

from __future__ import annotations

import pytest

from bases import write_base
from commands import evidence

PEOPLE = "group,count,period\ngirls,1000,2019\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = write_base(tmp_path_factory.mktemp("names") / "base")
    (made.parent / "people.csv").write_text(PEOPLE, encoding="utf-8")
    (made.parent / "again.bib").write_text(
        "@report{survey, author = {{Office of Pools}}, title = {Swimming Survey 2019},"
        " institution = {Office of Pools}, type = {Report}, year = {2019}}\n",
        encoding="utf-8",
    )
    return made


@pytest.mark.parametrize(
    ("command", "nearest"),
    [
        ("check --select anchr", "anchor"),
        ("check --select anchor,reveiw", "review"),
        ("check --select anchor-not-fuond", "anchor-not-found"),
        ("check --select anchor-not-f", "anchor-not-found"),  # codes are selected by whole parts
        ("check --ignore reveiw", "review"),
        ("check --ignore anchor --ignore stael", "stale"),
        ("check --explain reveiw", "review"),
        ("search --group grils", "girls"),
        ("search --measure able-to-swimm", "able-to-swim"),
        ("search --place milbrook", "millbrook"),
        ("search --strength stong", "strong"),
        ("show girls-abel", "girls-able"),
        ("cite girls-abel", "girls-able"),
        ("cite girls-able --style vancuver", "vancouver"),
        ("briefing grils", "girls"),
        ("briefing girls --style havard", "harvard"),
        ("compare girls-able boys-abel", "boys-able"),
        ("coverage millbrok-2020", "millbrook-2020"),
        ("review girls-abel --by reader-b --verdict accept", "girls-able"),
        ("review measures/able-to-swimm --by reader-b --verdict accept", "measures/able-to-swim"),
        ("pool --measure able-to-swimm", "able-to-swim"),
        ("pool --measure able-to-swim --group grils", "girls"),
        ("estimate --population people.csv --place Millbrook --measure able-to-swimm", "able-to-swim"),
        ("estimate --template --measure able-to-swimm", "able-to-swim"),
        ("import again.bib --dry-run --merge survy", "survey"),
        ("import again.bib --dry-run --keep-both survy", "survey"),
    ],
)
def test_a_name_that_is_none_is_misuse_and_the_nearest_are_named(folder, command, nearest, monkeypatch):
    monkeypatch.chdir(folder.parent)
    done = evidence(*command.split(), "--base", folder)
    assert (done.code, done.out) == (2, "")
    _, mend = (
        done.err.split("mend: ") if "mend: " in done.err else ("", done.err)
    )  # click names its choices in one line
    assert nearest in mend


@pytest.mark.parametrize(
    "command",
    [
        ("check", "--select", ""),
        ("check", "--select", ","),
        ("check", "--ignore", ""),
        ("check", "--explain", ""),
        ("search", "--group", ""),
        ("search", "--measure", " "),
        ("search", "--place", ""),
        ("show", ""),
        ("cite", ""),
        ("cite", "girls-able", "--style", ""),
        ("briefing", ""),
        ("coverage", ""),
        ("review", "", "--by", "reader-b", "--verdict", "accept"),
        ("pool", "--measure", ""),
        ("pool", "--measure", "able-to-swim", "--group", ""),
        ("estimate", "--template", "--measure", ""),
        ("import", "again.bib", "--dry-run", "--merge", ""),
    ],
)
def test_a_name_of_nothing_at_all_is_misuse(folder, command, monkeypatch):
    monkeypatch.chdir(folder.parent)
    done = evidence(*command, "--base", folder)
    assert (done.code, done.out) == (2, "")
    assert "mend: " in done.err
    assert "different groups" not in done.err  # as if no group had been named


@pytest.mark.parametrize(
    "command",
    [
        "check --select anchor",
        "check --select anchor-,stale,anchor-not-found",
        "check --ignore review,interval",
        "search --group Girls --measure able-to-swim --place England",
        "cite girls-able --style harvard",
        "coverage millbrook-2020",
        "estimate --population people.csv --place Elsewhere --measure able-to-swim --override asked",
        "import again.bib --dry-run --merge SURVEY",
    ],
)
def test_a_name_that_is_one_is_taken(folder, command, monkeypatch):
    monkeypatch.chdir(folder.parent)
    assert evidence(*command.split(), "--base", folder).code == 0
