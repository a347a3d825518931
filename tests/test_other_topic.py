"""The engine knows no topic: a base on choirs is built and served, and no word of the base that ships shows anywhere.

The words are taken by rule from the base that ships: labels and ids of its measures, places, studies and records, the
names in them, and the words of its title.
"""

from __future__ import annotations

import html
import json
import re
import sqlite3
from collections import deque
from functools import cache
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
import yaml

from conftest import REPOSITORY
from site_serving import Seen, visible
from topics import CHOIRS, Choirs, evidence, served

NAMED = ("loneliness", "lonely", "lonelier", "isolation", "isolated", "jsna", "leicester", "leicestershire",
         "worcestershire", "rutland", "community life", "care leavers", "elders", "ascof")  # fmt: skip
"""What is known to be of the base that ships and of nothing else, whatever its labels are."""
ENGINE = REPOSITORY / "src"
RECORDS = ("findings", "claims", "bodies", "conclusions", "populations", "estimates", "responses")
MOST_PAGES = 600
MISTAKES = {"/evidence/findings/never-was": 404, "/evidence?sql=select+nothing+from+findings": 400}
KINDS = {
    "home": r"/(evidence)?",
    "map": r"/evidence/-/map",
    "search": r"/evidence/-/search",
    "method": r"/evidence/-/method",
    "data": r"/evidence/-/data",
    "chart": r"/evidence/-/chart/[a-z]+/[^.]+",
    "picture of a chart": r"/evidence/-/chart/.*\.svg",
    "sources of a record": r"/evidence/[a-z]+/[^/]+\.(bib|ris|csl\.json)",
    "sources of a list": r"/evidence/[a-z]+\.(bib|ris|csl\.json)",
    "list": r"/evidence/[a-z_]+",
    "list as data": r"/evidence/[a-z_]+\.(json|csv)",
    "record as data": r"/evidence/[a-z]+/[^/]+\.json",
    "ready question": r"/evidence/what_women_sing",
    "style sheet": r"/-/static-plugins/.*\.css",
    **{table: rf"/evidence/{table}/[^/.]+" for table in (
        "findings", "claims", "estimates", "conclusions", "responses", "populations", "indicators", "studies", "documents",
        "groups", "measures", "places", "sources",
    )},
}  # fmt: skip
"""Every kind of address of the site."""


# -- the words of the base that ships


def shipped(*folders: str) -> list[Any]:
    """The entries of the YAML files of the base that ships."""
    files = [file for folder in folders for file in sorted(REPOSITORY.glob(folder))]
    return [entry for file in files for entry in (yaml.safe_load(file.read_text("utf-8")) or [])]


def short(label: str) -> str:
    """A label up to its first comma, year or bracket, without its article: the name of a thing."""
    return re.split(r",|\(|\b(?:mid-)?(?:19|20)\d\d", re.sub(r"^(the|an?) ", "", label))[0].strip(" -'")


@cache
def words() -> tuple[str, ...]:
    """The distinctive words of the base that ships, in small letters."""
    measures, places = shipped("schema/measures.yml"), shipped("schema/places.yml")
    studies = shipped("evidence/studies.yml")
    title = yaml.safe_load((REPOSITORY / "metadata.yml").read_text("utf-8"))["title"]
    topic = set(re.findall(r"[a-z]{6,}", title.casefold()))
    labels = [short(each["label"]) for each in (*measures, *studies)]
    # One word alone is an ordinary one ("Depression"), but for those of the title; of several, it is a name, unless of ages.
    found = {
        label for label in labels if (" " in label or label.casefold() in topic) and not re.match(r"[Aa]ged \d", label)
    }
    # A country is of no topic: any base may speak of it.
    found |= {short(each["label"]) for each in places if each["type"] != "country"}
    found |= {name for each in studies for name in authors(each["label"])}
    ids = [each["id"] for each in measures] + [each["key"] for each in studies]
    ids += [each["id"] for each in shipped(*(f"evidence/{kind}/*.yml" for kind in RECORDS))]
    found |= {key for key in ids if "-" in key}
    return tuple(sorted({each.casefold() for each in found} | topic.difference({"social"}) | {*NAMED}))


def authors(label: str) -> set[str]:
    """The surnames of a label that is authors and a year."""
    name = r"[A-Z][\w-]+"
    whole = re.fullmatch(rf"({name}(?:(?:, | and | & ){name})*) (?:19|20)\d\d", label)
    return set(re.split(r", | and | & ", whole[1])) if whole else set()


def told(text: str) -> set[str]:
    """The words of the base that ships in a text, each with what stands around it."""
    folded = re.sub(r"\s+", " ", html.unescape(text)).casefold()
    found = {word for word in words() if word in folded}
    longest = {word for word in found if not any(word != other and word in other for other in found)}
    return {
        f"{word} in “{folded[max(0, each.start() - 30) : each.end() + 30]}”"
        for word in longest
        for each in re.finditer(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z])", folded)
    }


def listed(found: dict[str, set[str]]) -> str:
    return json.dumps({where: sorted(said)[:4] for where, said in sorted(found.items())}, indent=1, ensure_ascii=False)


def test_the_words_are_those_of_the_topic_and_the_invented_base_has_none_of_them():
    assert len(words()) > 300
    assert {
        "lonely often or always",
        "west midlands",
        "active lives survey",
        "holt-lunstad",
        "feelings of social isolation",
    } <= {*words()}
    assert not {"survey", "england", "confidence", "strong", "women"} & {*words()}
    assert told("\n".join(CHOIRS.values())) == set()
    assert told("The JSNA says so.") == {"jsna in “the jsna says so.”"}


# -- the source of the engine


def source() -> list[str]:
    return [
        str(file.relative_to(ENGINE))
        for file in sorted(ENGINE.rglob("*"))
        if file.suffix
        in (".py", ".html", ".css", ".js", ".svg", ".yml", ".yaml", ".json", ".sql", ".txt", ".md", ".csl")
    ]


def test_no_word_of_the_shipped_base_stands_in_the_source_of_the_engine():
    files = source()
    assert {".py", ".html", ".css", ".js"} <= {"." + name.rsplit(".", 1)[1] for name in files}
    found = {name: said for name in files if (said := told((ENGINE / name).read_text("utf-8")))}
    assert not found, listed(found)


# -- the commands


def helps(*above: str) -> dict[str, str]:
    """The help of a command and of all below it, by what each lists."""
    said = evidence(*above, "--help")
    found = {" ".join(("evidence", *above)): said}
    for name in re.findall(r"^  ([a-z-]+)", said.partition("\nCommands:\n")[2], re.MULTILINE):
        found |= helps(*above, name)
    return found


def test_no_help_of_a_command_has_a_word_of_the_shipped_base():
    every = helps()
    assert len(every) > 15
    found = {name: words_of for name, text in every.items() if (words_of := told(text))}
    assert not found, listed(found)


def test_no_explanation_of_a_check_has_a_word_of_the_shipped_base():
    codes = re.findall(
        r"^#+ `?([a-z]+-[a-z0-9-]+)`?$", (REPOSITORY / "docs/checks.md").read_text("utf-8"), re.MULTILINE
    )
    assert len(codes) > 100
    said = told(
        (REPOSITORY / "docs/checks.md").read_text("utf-8")
    )  # made from the explanations; a test holds it to them
    assert not said, sorted(said)


@pytest.fixture(scope="module")
def choirs(tmp_path_factory):
    """The base, whole and sealed, with its database."""
    base = Choirs(tmp_path_factory.mktemp("topic") / "base")
    base.accept_all()
    base.lock()
    assert "0 errors, 0 warnings" in evidence("check", "--base", base.folder)
    evidence("build", "--base", base.folder, "-o", base.folder.parent / "evidence.db")
    return base.folder


ASKED = (
    ("check",),
    ("search", "women"),
    ("search", "zebra"),
    ("show", "women-sing"),
    ("show", "harbourshire-women-singing"),
    ("show", "song-survey-2021"),
    *(("cite", "women-sing", "--format", form) for form in ("text", "latex", "bibtex", "ris")),
    ("compare", "women-sing", "men-sing"),
    ("briefing", "women", "--all"),
    ("briefing", "bakers", "--format", "html"),
    ("estimate",),
    ("estimate", "--template"),
    ("pool", "--measure", "sings-weekly"),
    ("map",),
    ("map", "--format", "html"),
    ("map", "--format", "svg"),
    ("coverage",),
    ("stale",),
    ("documents", "list"),
)


def test_no_answer_of_a_command_has_a_word_of_the_shipped_base(choirs):
    found = {}
    for arguments in ASKED:
        answer = evidence(*arguments, "--base", choirs, status=None)
        if said := told(answer.replace(str(choirs), "")):
            found[" ".join(arguments)] = said
    assert not found, listed(found)


def test_what_is_asked_for_by_default_is_of_the_base(choirs):
    """The main measure and the rubric are the base's own: nothing else could be meant."""
    assert "sing in a choir every week" in evidence("cite", "women-sing", "--base", choirs)
    assert "under the rules of the Harbour Archive" in evidence("cite", "women-sing", "--base", choirs)
    template = evidence("estimate", "--template", "--measure", "sings-weekly", "--base", choirs)
    assert "women" in template


# -- the database and the site


def test_no_word_of_the_shipped_base_stands_in_the_database(choirs):
    with sqlite3.connect(choirs.parent / "evidence.db") as connection:
        dump = "\n".join(connection.iterdump())
    assert "women-sing" in dump
    assert not told(dump)


START = (
    "/",
    "/evidence/-/search?q=women",
    "/evidence/-/search?q=zebra",
    "/evidence/findings_readable?_search=zebra",
    "/evidence/findings_readable?_view=columns",
    "/evidence?sql=select+measure,+strength+from+findings",
    "/evidence/indicators",
    "/evidence/indicators.json",
    "/evidence/populations",
    "/evidence/sources",
    "/-/metadata.json",
    *MISTAKES,
)
"""Where a crawl begins: at home, and where only a form or a mistake leads to."""


@pytest.fixture(scope="module")
def crawled(choirs):
    """Every page that links lead to, and of each the page that led there first."""
    with served(choirs.parent / "evidence.db", choirs / "metadata.yml") as site:
        queue, pages, came = deque(START), {}, dict.fromkeys(START, "")
        while queue and len(pages) < MOST_PAGES:
            address = queue.popleft()
            pages[address] = site.get(address)
            if "html" in pages[address].headers.get("content-type", ""):
                new = [each for each in dict.fromkeys(inner(address, pages[address].text)) if each not in came]
                came |= dict.fromkeys(new, address)
                queue.extend(new)
        yield pages, came


def inner(address: str, page: str) -> list[str]:
    """The addresses of this site that a page leads to."""
    found = [urljoin(address, each) for each in Seen(page).addresses]
    return [
        each.partition("#")[0]
        for each in found
        if not urlsplit(each).scheme and not urlsplit(each).netloc and each.startswith("/")
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_page_is_reached_from_the_front_page(crawled, kind):
    pages, came = crawled
    reached = [address for address in pages if re.fullmatch(KINDS[kind], urlsplit(address).path) and came[address]]
    assert 200 in [pages[address].status_code for address in reached]


def test_every_address_that_a_page_leads_to_answers(crawled):
    pages, came = crawled
    broken = {address: page.status_code for address, page in pages.items() if page.status_code != 200}
    assert {address: broken.pop(address) for address in MISTAKES} == MISTAKES
    assert not broken, {address: f"{status}, from {came[address]}" for address, status in broken.items()}


def test_no_page_of_the_site_has_a_word_of_the_shipped_base(crawled):
    found: dict[str, set[str]] = {}
    for address, page in crawled[0].items():
        kind = next((name for name, path in KINDS.items() if re.fullmatch(path, urlsplit(address).path)), address)
        if said := told(page.text):
            found.setdefault(f"{kind}, as {address}", set()).update(said)
    assert not found, listed(found)


@pytest.mark.parametrize(
    "address", ["/evidence/findings/women-sing", "/evidence/-/method", "/evidence/claims/women-sing-more"]
)
def test_a_page_names_the_rubric_of_its_own_base(crawled, address):
    assert "under the rules of the Harbour Archive" in visible(crawled[0][address].text)


def test_why_a_study_is_strong_is_said_in_the_words_of_the_base(crawled):
    assert "many were drawn by lot for a neutral body" in visible(crawled[0]["/evidence/-/method"].text)
