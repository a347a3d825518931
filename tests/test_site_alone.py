"""The site reads its database and nothing else: the base it was built from is gone when it is served."""

from __future__ import annotations

import json
import shutil
from types import SimpleNamespace

import pytest

from site_serving import visible
from topics import Choirs, evidence, served

RECORDS = {
    "findings/women-sing": (
        "12.4%",
        "In Norland 12.4% of women sing",
        "Singing at home is left out",
        "95% interval 11.5% to 13.3%",
    ),
    "claims/women-sing-more": (
        "higher among women than among men",
        "Women were significantly more likely than men to sing",
    ),
    "estimates/harbourshire-women-singing": ("3,720", "12.4% of women in Norland", "30,000"),
    "estimates/harbourshire-adults-singing": ("5,960", "The sum of"),
    "conclusions/men-to-invite": ("Men sing less", "8.0% of men", "no interval is printed for men"),
    "responses/rehearsal-room": ("opening a rehearsal room", "Men sing less", "Harbour Council"),
    "populations/harbourshire-bakers": ("2,100", "and 2,100 bakers"),
    "indicators/watch-women": ("Song Survey", "2031-05"),
    "studies/song-survey-2021": (
        "Song Survey 2021",
        "many were drawn by lot for a neutral body",
        "how they were drawn is not told",
    ),
    "documents/singing-2022": ("Singing in Harbourshire", "free to read", "12.4%"),
    "groups/women": ("Women", "12.4%", "Harbourshire"),
    "measures/sings-weekly": ("Sings in a choir every week", "a question on how often people sing together", "8.0%"),
    "places/harbourshire": ("Harbourshire", "H01000001", "3,720"),
    "sources/parish-poll-2021": ("A Poll of Parishes", "Parish Leaves"),
}
"""A page of every kind, with what only the records say."""
PAGES = {
    "": ("Choirs", "choirs and those who sing in them", "What is known of women?", "Sings in a choir every week"),
    "-/map": ("Sings in a choir every week", "Bakers", "Men"),
    "-/method": (
        "the Harbour Archive",
        "reader-a and reader-b are two archivists",
        "reader-b",
        "Singing in Harbourshire",
    ),
    "-/data": ("What is known of women?", "Claims", "Findings"),
    "-/search?q=rehearsal": ("opening a rehearsal room", "A choir is a body that meets to rehearse"),
    "-/search?q=12.4": ("12.4% of women in Norland",),
    "-/chart/measure/sings-weekly": ("12.4%", "21%"),
    "-/chart/group/women": ("12.4%", "21%"),
    "-/chart/place/harbourshire": ("3,720", "2,240"),
}
LISTS = {
    "findings_readable": ("12.4% of women in Norland", "just over 30%"),
    "findings_readable?_search=songbook": ("just over 30%", "£12 to £18"),
    "findings_readable?strength=weak": ("21%",),
    "claims": ("higher among women than among men",),
    "estimates": ("5,960",),
    "conclusions": ("Men sing less",),
    "responses": ("singing lessons",),
    "populations": ("58,000",),
    "indicators": ("Song Survey",),
    "studies": ("Register of Harbourshire",),
    "documents": ("Singing in Harbourshire",),
    "groups": ("tenant households",),
    "measures": ("Cost of a songbook",),
    "places": ("Southland",),
    "sources": ("A Poll of Parishes",),
    "anchors": ("In Norland 12.4% of women sing",),
    "figures": ("12.4",),
    "links": ("the poll asked its own members",),
    "reviews": ("reader-b",),
    "what_women_sing": ("12.4% of women in Norland",),
    "?sql=select+statement+from+conclusions": ("Men sing less",),
}
FILES = {
    "findings/women-sing.bib": ("{song-survey-2021,", "{singing-2022,"),
    "findings/women-sing-by-poll.ris": ("AU  - Ashe, Ida", "T2  - Parish Leaves"),
    "claims/women-sing-more.csl.json": ('"Song Survey 2021"',),
    "findings_readable.bib": ("song-survey-2021", "parish-poll-2021", "singing-2022"),
    "findings_readable.ris": ("Parish Leaves",),
    "studies.csl.json": ("Register of Harbourshire",),
    "findings.csv?_stream=on": ("women-sing,", "bakers-pay,"),
    "findings.json?_shape=array": ('"women-sing"',),
    "claims/women-sing-more.json?_shape=array": ('"higher"',),
    "-/chart/measure/sings-weekly.svg": ("<svg", "women"),
}


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """The site, and what the command cited before the base was deleted."""
    folder = tmp_path_factory.mktemp("alone")
    base = Choirs(folder / "base")
    base.accept_all()
    base.lock()
    evidence("build", "--base", base.folder, "-o", folder / "kept/evidence.db")
    cited = {
        form: evidence("cite", "women-sing", "--base", base.folder, "--format", form) for form in ("bibtex", "csl-json")
    }
    shutil.copy(base.folder / "metadata.yml", folder / "kept/metadata.yml")
    shutil.rmtree(base.folder)
    with served(folder / "kept/evidence.db", folder / "kept/metadata.yml") as site:
        yield SimpleNamespace(site=site, cited=cited, folder=folder)
    assert sorted(file.name for file in (folder / "kept").iterdir()) == ["evidence.db", "metadata.yml", "server.log"]


def says(text: str, *words: str) -> None:
    missing = [each for each in words if each not in text]
    assert not missing, f"{missing} is not in {text[:2000]}"


@pytest.mark.parametrize("address", [*PAGES, *RECORDS, *LISTS])
def test_a_page_says_what_the_records_said(alone, address):
    response = alone.site.get(f"/evidence/{address}".replace("/?", "?").removesuffix("/"))
    assert response.status_code == 200
    says(visible(response.text), *{**PAGES, **RECORDS, **LISTS}[address])


@pytest.mark.parametrize("address", FILES)
def test_a_file_holds_what_the_records_held(alone, address):
    response = alone.site.get(f"/evidence/{address}")
    assert response.status_code == 200
    says(response.text, *FILES[address])


def test_a_chart_is_drawn_as_a_picture(alone):
    picture = alone.site.get("/evidence/-/chart/measure/sings-weekly.png")
    assert (picture.status_code, picture.content[:4]) == (200, b"\x89PNG")


def test_the_front_page_is_the_home_of_the_base(alone):
    front = alone.site.get("/")
    assert front.status_code == 200
    assert front.text == alone.site.get("/evidence").text.replace('href="/evidence"', 'href="/"')


def test_a_citation_is_the_one_that_the_command_wrote(alone):
    assert alone.site.get("/evidence/findings/women-sing.bib").text.strip() == alone.cited["bibtex"].strip()
    assert alone.site.get("/evidence/findings/women-sing.csl.json").json() == json.loads(alone.cited["csl-json"])
    assert (
        "12.4% of women in Norland sing in a choir every week"
        in alone.site.get("/evidence/findings/women-sing").text.split('id="cite"')[1]
    )


def test_nothing_is_left_of_the_base(alone):
    assert not (alone.folder / "base").exists()
