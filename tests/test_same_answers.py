"""One question, one answer: the commands and the site say the same of the same base.

Asked of the base that ships and of an invented one, only by commands and over HTTP.
"""

from __future__ import annotations

import json
import re
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pytest

from conftest import REPOSITORY
from site_serving import Seen, visible
from topics import CLAIMS, ESTIMATES, FINDINGS, ODD_ESTIMATES, POPULATIONS, Choirs, answer, codes, evidence, served

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

HUMMING = """
4 Humming
In Norland 40% of adults hum at work. Years before, 35% of adults did.
In Southland 22% of adults hum. Of the young 17% hum.
There are 1,100 seniors in Harbourshire.
"""
AGES = """
- {id: young, label: people aged 16 to 24, is: {age: 16-24}}
- {id: seniors, label: people aged 65 or over, is: {age: 65+}}
"""
SENIORS = """
- id: harbourshire-seniors
  group: seniors
  place: harbourshire
  period: 2020
  unit: persons
  value: 1100
  anchors: [{document: singing-2022, fragment: "There are 1,100 seniors", locator: "4"}]
  extracted_by: reader-a
"""
OF_OTHER_AGES = """
- {id: of-other-ages, finding: young-hum, population: harbourshire-seniors, extracted_by: reader-a}
"""
HUM = """
- id: {id}
  statistic: prevalence
  measure: hums
  group: {group}
  place: {place}
  period: {period}
  value: {value}
  anchors: [{{document: singing-2022, fragment: "{fragment}", locator: "4"}}]
  extracted_by: reader-a
"""
OF_THE_FINDING = "fit-universe"
"""That a study did not ask such people is a fault of the credit, whatever the rate is put on."""
STRENGTHS = ("strong", "moderate", "weak")
KINDS = ("findings", "claims", "populations", "estimates", "conclusions", "responses", "indicators", "studies")


class Asked:
    """A base, with its database and the site on it."""

    def __init__(self, folder: Path, database: Path, site: httpx.Client) -> None:
        self.folder, self.database, self.site = folder, database, site
        self.told: dict[tuple[str, ...], Any] = {}

    def answer(self, *arguments: str) -> Any:
        """What a command answers, asked once."""
        if arguments not in self.told:
            self.told[arguments] = answer(*arguments, "--base", self.folder, status=None)
        return self.told[arguments]

    def ids(self, table: str) -> list[str]:
        key = "key" if table == "studies" else "id"
        rows = self.site.get(f"/evidence/{table}.json?_shape=array&_size=max&_col={key}").json()
        return [row[key] for row in rows]

    def page(self, table: str, key: str) -> str:
        response = self.site.get(f"/evidence/{table}/{key}")
        assert response.status_code == 200, f"{table}/{key}"
        return response.text


def hum(key: str, place: str, period: int, value: int, fragment: str, group: str = "adults") -> str:
    return HUM.format(id=key, place=place, period=period, value=value, fragment=fragment, group=group)


def odd(folder: Path) -> Choirs:
    """The invented base with a rate of every kind that does not fit."""
    hums = [
        hum("adults-hum", "norland", 2021, 40, "In Norland 40% of adults hum"),
        hum("adults-hummed", "norland", 2005, 35, "35% of adults did"),
        hum("southlanders-hum", "southland", 2021, 22, "In Southland 22% of adults hum"),
        hum("young-hum", "norland", 2021, 17, "Of the young 17% hum", group="young"),
    ]
    more = {FINDINGS: "".join(hums), ESTIMATES: ODD_ESTIMATES + OF_OTHER_AGES.lstrip(), POPULATIONS: SENIORS}
    base = Choirs(folder, add={**more, "schema/groups.yml": AGES})
    base.prose(HUMMING)
    return base


@pytest.fixture(scope="module", params=["shipped", "invented"])
def asked(request, tmp_path_factory):
    made = tmp_path_factory.mktemp(request.param)
    if request.param == "shipped":
        folder = REPOSITORY
    else:
        base = odd(made / "base")
        base.accept_all()
        base.lock()
        folder = base.folder
    evidence("build", "--base", folder, "-o", made / "evidence.db")
    with served(made / "evidence.db", folder / "metadata.yml") as site:
        yield Asked(folder, made / "evidence.db", site)


# -- the map


class MapTable(HTMLParser):
    """The table of the map page: its head and its rows, each cell with its text and where it leads."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[dict[str, str]]] = []
        self.inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "table":
            self.inside = "map" in (given.get("class") or "")
        elif self.inside and tag == "tr":
            self.rows.append([])
        elif self.inside and tag in ("td", "th"):
            self.rows[-1].append({"text": "", "href": "", "class": ""})
        elif self.inside and tag == "a" and self.rows:
            self.rows[-1][-1].update(href=given.get("href") or "", **{"class": given.get("class") or ""})

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside and self.rows and self.rows[-1]:
            self.rows[-1][-1]["text"] += data


def last(address: str) -> str:
    """The id at the end of an address of the site."""
    return unquote(urlsplit(address).path.rsplit("/", 1)[-1].replace("~", "%"))


Cells = dict[tuple[str, str], dict[str, Any]]


def map_of_page(asked: Asked) -> tuple[list[str], list[str], Cells]:
    """Columns and groups of the map page, and what each filled cell shows."""
    head, *body = MapTable(asked.site.get("/evidence/-/map").text).rows
    columns = [(index, last(cell["href"])) for index, cell in enumerate(head) if "/measures/" in cell["href"]]
    cells: Cells = {}
    for row in body:
        for index, column in columns:
            numbers = re.search(r"(\d+) \+ (\d+)", row[index]["text"])
            if numbers:
                strongest = next((each for each in STRENGTHS if each in row[index]["class"].split()), None)
                cells[last(row[0]["href"]), column] = {
                    "strongest": strongest,
                    "findings": int(numbers[1]),
                    "claims": int(numbers[2]),
                    "words": row[index]["text"],
                }
    return [name for _, name in columns], [last(row[0]["href"]) for row in body], cells


def map_of_command(asked: Asked) -> Cells:
    return {
        (cell["group"], cell["column"]): {
            "strongest": cell["strongest"],
            "findings": len(cell["findings"]),
            "claims": len(cell["claims"]),
            "words": cell["text"],
        }
        for cell in asked.answer("map", "--by", "measure")["cells"]
    }


def same(page: dict[str, Any], command: dict[str, Any]) -> bool:
    numbers = all(page[name] == command[name] for name in ("strongest", "findings", "claims"))
    return numbers and command["words"] in page["words"]


def test_cells_of_both_maps_say_the_same(asked):
    _, _, page = map_of_page(asked)
    command = map_of_command(asked)
    shared = page.keys() & command.keys()
    assert shared
    differ = {key: {"page": page[key], "command": command[key]} for key in shared if not same(page[key], command[key])}
    told = {" / ".join(key): value for key, value in sorted(differ.items())}
    assert not differ, f"{len(differ)} of {len(shared)} cells differ: {json.dumps(told, indent=1)}"


def test_a_cell_that_is_filled_on_one_map_is_filled_on_the_other(asked):
    columns, groups, page = map_of_page(asked)
    command = map_of_command(asked)
    of_both = {key: cell for key, cell in command.items() if key[1] in columns}
    assert {
        "page only": sorted(page.keys() - of_both.keys()),
        "command only": sorted(of_both.keys() - page.keys()),
    } == {
        "page only": [],
        "command only": [],
    }
    assert {key[0] for key in command} <= set(groups)


def test_both_maps_name_the_same_groups(asked):
    _, groups, _ = map_of_page(asked)
    told = [group["id"] for group in asked.answer("map", "--by", "measure")["groups"]]
    assert {"page only": sorted({*groups} - {*told}), "command only": sorted({*told} - {*groups})} == {
        "page only": [],
        "command only": [],
    }


# -- how rates fit


def fault(said: Any, units: set[str]) -> str:
    """What kind of misfit a line of `evidence estimate` tells, by the codes of `evidence check`."""
    if isinstance(said, dict):
        return str(said["code"])
    if found := re.search(r"\bfit-[a-z]+", said):
        return found.group()
    for code, words in (
        ("fit-universe", r"^credited to "),
        ("fit-override", r"^overridden\b|all the same"),
        ("fit-measure", r"^labelled\b|is given as"),
        ("fit-age", r"\bother ages\b|\bages\b"),
        ("fit-period", r"\byears apart\b"),
        ("fit-place", r"\bpeople in\b|\bplace\b"),
        ("fit-unit", rf"^a rate of ({'|'.join(sorted(units))}) (applied to|is put on|\()"),
    ):
        if re.search(words, said):
            return code
    return "fit-group"


def faults_by_check(asked: Asked) -> dict[str, set[str]]:
    """The misfits of each estimate by `evidence check`; one that is overridden counts with what it overrides."""
    found: dict[str, set[str]] = {}
    for problem in asked.answer("check")["problems"]:
        if problem["code"].startswith("fit-") and problem["code"] != OF_THE_FINDING:
            overridden = re.findall(r"fit-[a-z]+", problem["message"]) if problem["code"] == "fit-override" else []
            found.setdefault(problem["record"], set()).update({problem["code"], *overridden})
    return found


def faults_by_estimate(asked: Asked) -> dict[str, set[str]]:
    rows = asked.answer("estimate")["rows"]
    units = {str(row["population_unit"]) for row in rows}
    return {row["id"]: {fault(each, units) for each in row["fit"]} - {OF_THE_FINDING} for row in rows}


def test_estimate_and_check_find_the_same_misfits(asked):
    checked, estimated = faults_by_check(asked), faults_by_estimate(asked)
    assert checked.keys() <= estimated.keys()
    differ = {
        key: {"estimate": sorted(said), "check": sorted(checked.get(key, ()))}
        for key, said in estimated.items()
        if said != checked.get(key, set())
    }
    assert not differ, f"{len(differ)} of {len(estimated)} estimates differ: {json.dumps(differ, indent=1)}"


def test_the_invented_base_has_a_rate_of_every_misfit(tmp_path):
    assert set(codes(odd(tmp_path).folder, "fit-")) == {
        "fit-unit", "fit-group", "fit-age", "fit-place", "fit-period", "fit-measure", "fit-override",
    }  # fmt: skip


def test_the_page_of_an_estimate_says_what_check_says_of_its_fit(asked):
    checked = faults_by_check(asked)
    for key in asked.ids("estimates"):
        said = set(re.findall(r"\((fit-[a-z]+)\)</span>", asked.page("estimates", key)))
        wanted = checked.get(key, set())
        assert said == ({"fit-override"} if "fit-override" in wanted else wanted), key


def test_the_page_of_an_estimate_says_its_applicability_first_as_the_command_does(asked):
    told = asked.answer("estimate")
    rows = {row["id"]: row for row in (*told["rows"], *(each for each in told["totals"] if each["kind"] == "estimate"))}
    assert rows.keys() >= {*asked.ids("estimates")}
    for key in asked.ids("estimates"):
        page, row = asked.page("estimates", key), rows[key]
        (said,) = sections(page, "applies")
        assert f"Applicability: {row['applicability']}<" in said, key
        assert page.index("Applicability:") < page.index("How it comes about"), key
        reasons = [each["because"] for each in row.get("lowered", ())]
        assert all(each[1:] in visible(said) for each in reasons), key
    for key in few(asked.ids("estimates")):
        shown = asked.answer("show", key)
        assert shown["applicability"] == rows[key]["applicability"]
        assert all(each[1:] in visible(asked.page("estimates", key)) for each in shown["lowered"]), key


# -- figures that differ by rounding


TWIN = """
- id: {id}
  statistic: prevalence
  measure: hums
  group: bakers
  place: norland
  period: 2021
  value: {value}
  study: {study}
  anchors: [{{document: singing-2022, fragment: "{value}% of bakers hum", locator: "4"}}]
  extracted_by: reader-a
"""


@pytest.fixture(scope="module", params=[("45.0", "44.96", False), ("45.0", "41.2", True)], ids=["rounded", "apart"])
def twins(request, tmp_path_factory):
    """A base where two sources give a figure for one question, and whether the two are in conflict."""
    one, other, apart = request.param
    made = tmp_path_factory.mktemp("twins")
    twin = TWIN.format(id="by-survey", value=one, study="song-survey-2021")
    twin += TWIN.format(id="by-poll", value=other, study="parish-poll-2021")
    base = Choirs(made / "base", add={FINDINGS: twin})
    base.prose(f"\n4 Humming\nThe survey says that {one}% of bakers hum.\nThe poll says that {other}% of bakers hum.\n")
    base.accept_all()
    base.lock()
    evidence("build", "--base", base.folder, "-o", made / "evidence.db")
    with served(made / "evidence.db", base.folder / "metadata.yml") as site:
        yield Asked(base.folder, made / "evidence.db", site), apart


def test_check_judges_figures_by_what_they_can_be_rounded_from(twins):
    asked, apart = twins
    assert ("conflict-finding" in codes(asked.folder, "conflict-")) == apart


def test_a_briefing_judges_two_figures_as_check_does(twins):
    asked, apart = twins
    page = evidence("briefing", "bakers", "--base", asked.folder, "--all")
    disagree = page.split("Where sources disagree")[1].split("\n#")[0]
    assert (" but " in disagree) == apart, disagree


@pytest.mark.parametrize("by", ["measure", "construct"])
def test_the_map_judges_two_figures_as_check_does(twins, by):
    asked, apart = twins
    cells = asked.answer("map", "--by", by)["cells"]
    conflicts = [each for cell in cells if cell["group"] == "bakers" for each in cell["conflicts"]]
    assert bool(conflicts) == apart, conflicts


@pytest.mark.parametrize(("key", "other"), [("by-survey", "by-poll"), ("by-poll", "by-survey")])
def test_show_judges_two_figures_as_check_does(twins, key, other):
    asked, apart = twins
    shown = evidence("show", key, "--base", asked.folder)
    assert (other in shown) == apart, shown


@pytest.mark.parametrize(("key", "other"), [("by-survey", "by-poll"), ("by-poll", "by-survey")])
def test_the_page_of_a_finding_judges_two_figures_as_check_does(twins, key, other):
    asked, apart = twins
    said = " ".join(part for name in ("conflict", "odd") for part in sections(asked.page("findings", key), name))
    figure = {"by-survey": "45.0%", "by-poll": "41.2%"}[other]
    assert (other in said or figure in visible(said)) == apart, said


ALIKE = """
- id: men-alike
  kind: relation
  measure: sings-weekly
  group: men
  versus: {group: women}
  place: norland
  period: 2021
  direction: no-difference
  study: song-survey-2021
  anchors: [{document: singing-2022, fragment: "Men sing about as often as women", locator: "4"}]
  extracted_by: reader-a
"""


@pytest.mark.parametrize("kind", ["findings", "claims"])
def test_show_and_the_page_name_the_same_conflicts(asked, kind):
    """Of every record that either names one of, and some others."""
    stored = asked.site.get("/evidence/conflicts.json?_shape=array&_size=max").json()
    known = [key for key in asked.ids(kind) if key in {row["record_id"] for row in stored}]
    for key in known + few(asked.ids(kind)):
        shown = {(each["id"], each["because"]) for each in asked.answer("show", key)["conflicts"]}
        page = "".join(sections(asked.page(kind, key), "conflict"))
        assert {last(address) for address in Seen(page).addresses} == {other for other, _ in shown}, key
        assert all(because in unescape(visible(page)) for _, because in shown), key


def test_every_conflict_of_a_claim_or_finding_is_on_the_map_of_the_command_and_of_the_page(asked):
    cells = asked.answer("map", "--by", "measure")["cells"]
    shown = {each for cell in cells for each in cell["conflicts"]}
    stored = asked.site.get("/evidence/conflicts.json?_shape=array&_size=max").json()
    inside = {key for cell in cells for key in (*cell["findings"], *cell["claims"])}
    for row in stored:
        if row["record_id"] in inside:
            names = {row["record_id"], row["other_id"]}
            assert any(all(name in each for name in names) for each in shown), row
    rows = asked.site.get("/evidence/map_cells.json?_shape=array&_size=max").json()
    counted = {(row["group"], row["measure"]): row["conflicts"] for row in rows}
    assert counted == {(cell["group"], cell["column"]): len(cell["conflicts"]) for cell in cells}


def test_claims_in_conflict_are_on_the_map_in_a_briefing_and_in_the_checks(tmp_path):
    base = Choirs(tmp_path / "base", add={CLAIMS: ALIKE})
    base.prose("\nMen sing about as often as women.\n")
    assert "conflict-claim" in codes(base.folder, "conflict-")
    cells = answer("map", "--by", "measure", "--base", base.folder)["cells"]
    assert [each for cell in cells if cell["group"] == "women" for each in cell["conflicts"]]
    page = evidence("briefing", "women", "--base", base.folder, "--all")
    disagree = page.split("Where sources disagree")[1].split("\n#")[0]
    assert "; but " in disagree
    assert "the claims point apart" in disagree
    assert [each["id"] for each in answer("show", "men-alike", "--base", base.folder)["conflicts"]] == [
        "women-sing-more"
    ]


# -- citing


def sections(html: str, *names: str) -> list[str]:
    """The sections of a page by the ids of their headings."""
    return [
        found
        for name in names
        for found in re.findall(rf'<section aria-labelledby="{name}"[^>]*>.*?</section>', html, re.DOTALL)
    ]


class Offered(HTMLParser):
    """The citations a page offers for copying, by name."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: dict[str, str] = {}
        self.name: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "pre" and (given.get("id") or "").startswith("cite-"):
            self.name = given.get("aria-label") or ""
            self.texts[self.name] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "pre":
            self.name = None

    def handle_data(self, data: str) -> None:
        if self.name is not None:
            self.texts[self.name] += data


def how(name: str) -> tuple[str, ...]:
    """The options of `evidence cite` for what a page calls a citation."""
    words = name.casefold().replace(" ", "-")
    style = next((each for each in ("apa", "vancouver", "harvard") if each in words), "apa")
    form = next(
        (each for each in ("biblatex", "bibtex", "csl-json", "ris", "latex", "markdown", "html") if each in words),
        "text",
    )
    return "--style", style, "--format", form


def folded(text: str) -> str:
    """White space folded, and the letters that tell sources of one author and year apart left out."""
    return re.sub(r"\b((?:19|20)\d\d)[a-z]\b", r"\1", re.sub(r"\s+", " ", text)).strip()


def unnumbered(sentence: str) -> str:
    """A sentence without the numbers of its sources, which count anew in every list."""
    return re.sub(r"(\(|as cited in )\d+(?=[,)])", r"\1#", sentence)


def paragraphs(text: str, form: str) -> list[str]:
    """Sentences and references of what `evidence cite` prints, headings left out."""
    if form == "html":
        return [folded(each) for each in re.findall(r"<(?:p|li)>(.*?)</(?:p|li)>", text, re.DOTALL)]
    parts = [folded(each) for each in text.split("\n\n")]
    return [each for each in parts if each.strip("# \\{}*").casefold() not in ("references", "section*{references")]


def test_every_finding_is_cited_on_its_page_in_the_sentence_of_the_command(asked):
    """One run of the command for each form, over every finding: a sentence each, in the order asked."""
    keys = asked.ids("findings")
    pages = {key: Offered(asked.page("findings", key)).texts for key in keys}
    names = [name for name in next(iter(pages.values())) if how(name)[-1] in ("text", "markdown", "html", "latex")]
    assert names
    differ: dict[str, Any] = {}
    for name in names:
        told = paragraphs(evidence("cite", *keys, "--base", asked.folder, *how(name)), how(name)[-1])
        for key, sentence in zip(keys, told, strict=False):
            if unnumbered(sentence) not in unnumbered(folded(pages[key].get(name, ""))):
                differ.setdefault(name, {})[key] = {"page": folded(pages[key].get(name, "")), "command": sentence}
    counted = {name: f"{len(found)} of {len(keys)}" for name, found in differ.items()}
    first = {name: dict(list(found.items())[:2]) for name, found in differ.items()}
    assert not differ, f"{counted}: {json.dumps(first, indent=1, ensure_ascii=False)}"


def test_the_whole_citation_of_a_finding_is_the_same_in_every_form_of_its_page(asked):
    """With its references, and in the formats of bibliographies: of a few findings, the first in every form."""
    differ: dict[str, Any] = {}
    for number, key in enumerate(few(asked.ids("findings"))):
        offered = Offered(asked.page("findings", key)).texts
        assert offered, key
        for name, text in offered.items():
            form = how(name)[-1]
            if number and form not in ("text", "bibtex"):
                continue
            told = evidence("cite", key, "--base", asked.folder, *how(name))
            if form in ("text", "markdown", "html", "latex"):
                missing = [each for each in paragraphs(told, form) if each not in folded(text)]
            elif form == "csl-json":
                missing = [] if json.loads(told) == json.loads(text) else [told]
            else:
                missing = [] if folded(told) == folded(text) else [told]
            if missing:
                differ[f"{key}, {name}"] = {"page": text, "not there": missing}
    assert not differ, f"{sorted(differ)}: {json.dumps(dict(list(differ.items())[:2]), indent=1, ensure_ascii=False)}"


def few(keys: list[str]) -> list[str]:
    """All of a few records, and some of many from end to end: a command is run for each."""
    return keys if len(keys) <= 5 else keys[:: len(keys) // 2]


@pytest.mark.parametrize(("ending", "form"), [("bib", "bibtex"), ("ris", "ris"), ("csl.json", "csl-json")])
def test_the_sources_of_all_findings_are_the_same_from_the_list_and_from_the_command(asked, ending, form):
    told = evidence("cite", *asked.ids("findings"), "--base", asked.folder, "--format", form)
    listed = asked.site.get(f"/evidence/findings.{ending}").text
    assert sorted(entries(listed, form)) == sorted(entries(told, form))


def entries(text: str, form: str) -> list[str]:
    if form == "csl-json":
        return [json.dumps(each, sort_keys=True) for each in json.loads(text)]
    return [folded(each) for each in re.split(r"\n\s*\n", text) if each.strip()]


# -- what rests on a record


def resting_on_page(html: str, kind: str) -> set[str]:
    """The records a page lists as resting on its own: of a study, what it measured."""
    named = ("rests", "estimates") if kind != "studies" else ("rests", "findings", "claims")
    addresses = [address for part in sections(html, *named) for address in Seen(part).addresses]
    kinds = "|".join((*KINDS, "groups"))
    return {last(each) for each in addresses if re.search(rf"/({kinds})/[^/?#.]+$", urlsplit(each).path)}


@pytest.mark.parametrize("kind", KINDS)
def test_show_and_the_page_list_the_same_records_as_resting_on_one(asked, kind):
    keys = few(asked.ids(kind))
    assert keys
    differ = {}
    for key in keys:
        told = set(asked.answer("show", key)["rests_on_it"])
        page = resting_on_page(asked.page(kind, key), kind) - {key}
        if told != page:
            differ[key] = {"show only": sorted(told - page), "page only": sorted(page - told)}
    assert not differ, f"{len(differ)} of {len(keys)} {kind} differ: {json.dumps(differ, indent=1)}"
