"""Every oddity that the base that ships reports, brought into an invented document by the smallest change.

Without it the check finds nothing; with it, exactly that code. What the base that ships reports is asked of its lock, so
that nothing here needs its documents; an oddity it reports for which no case stands here fails by name.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from bases import (
    CLAIMS,
    CONCLUSIONS,
    DOCUMENT,
    FINDINGS,
    GROUPS,
    INDICATORS,
    LOADER,
    POPULATIONS,
    SOURCES,
    STUDIES,
    TABLE,
    changed,
    write_base,
)
from conftest import REPOSITORY
from topics import answer, codes

FAMILIES = ("published-", "arithmetic-", "label-", "fit-", "pattern-", "conflict-", "interval-", "stale-")
"""What is odd in documents; the other families are faults of records."""
OWN = "evidence/estimates/own.yml"
ASHFORD = "Report of Ashford. Of girls aged 5 to 15 there, 55% are {able} to swim. Swimmers are able to swim {often}.\n"


def entry(key: str, words: str, locator: str, **fields: object) -> str:
    """A record with one anchor."""
    rest = "".join(f"  {name}: {text}\n" for name, text in fields.items())
    anchor = f'{{document: millbrook-2020, fragment: "{words}", locator: "{locator}"}}'
    return f"- id: {key}\n{rest}  anchors: [{anchor}]\n"


def finding(key: str, value: object, words: str, **more: object) -> str:
    fields = {"statistic": "prevalence", "measure": "able-to-swim", "group": "girls", "value": value, **more}
    return entry(key, words, "1", **fields)


def population(key: str, value: int, words: str, **more: object) -> str:
    fields = {
        "group": "club-girls",
        "place": "millbrook",
        "period": '"2018"',
        "unit": "persons",
        "value": value,
        **more,
    }
    return entry(key, words, "2", **fields)


def claim(key: str, words: str, **more: object) -> str:
    return entry(key, words, "1", **{"kind": "relation", "measure": "able-to-swim", **more})


def heading(old: str, new: str) -> list[tuple[str, str, str]]:
    """A printed heading, in the document and in the spec of its table."""
    return [(DOCUMENT, old, new), (LOADER, old, new)]


def used(*changes, words: str = "90 girls of the club", **of: object) -> dict[str, str]:
    """A rate of girls put on people counted apart: girls of a club, unless told otherwise."""
    club = "- {id: club-girls, label: girls of the club, is: {age: 5-15, sex: female}, broader: [girls]}\n"
    estimate = "- {id: own, finding: girls-able, population: counted}\n"
    added = {GROUPS: club, POPULATIONS: population("counted", 90, words, **of), OWN: estimate}
    said = f"\nIn {of.get('period', '2018').strip(chr(34))} there were {words} in Millbrook.\n"
    return changed(*changes, add={**added, DOCUMENT: said})


def printed_again(words: str) -> dict[str, str]:
    """The total of the table, printed in running text as well."""
    anchor = f'{{document: millbrook-2020, fragment: "{words}", locator: "2"}}'
    spec = f"also:\n  - to: millbrook-able-children\n    anchor: {anchor}\n"
    return changed(add={LOADER: spec, DOCUMENT: f"\n{words}.\n"})


def total(number: int) -> dict[str, str]:
    return changed((DOCUMENT, "1,200 498", f"1,200 {number}"), (TABLE, ",,498", f",,{number}"))


def breakdowns(rate_of_older: str, older: int) -> dict[str, str]:
    """The same children once more, by age, beside the table by sex."""
    added = dict.fromkeys((GROUPS, FINDINGS, POPULATIONS, OWN), "")
    text = ""
    for key, ages, people, rate, number in (
        ("young", "5 to 9", 700, "41.4", 290),
        ("older", "10 to 15", 500, rate_of_older, older),
    ):
        low, high = ages.split(" to ")
        label = f"children aged {ages}"
        added[GROUPS] += f"- {{id: {key}, label: {label}, is: {{age: {low}-{high}}}, broader: [children]}}\n"
        of_survey = {"place": "england", "period": '"2019"', "study": "swim-survey-2019"}
        added[FINDINGS] += finding(f"{key}-able", rate, f"{rate}% of {label}", group=key, **of_survey)
        added[POPULATIONS] += population(f"town-{key}", people, f"{people} {label}", group=key)
        made = {"finding": f"{key}-able", "population": f"town-{key}", "published": number, "unit": "persons"}
        added[OWN] += entry(f"able-{key}", f"{number} of those aged {ages}", "2", **made)
        text += f"By the Swimming Survey 2019 in England {rate}% of {label} are able to swim.\n"
        text += f"Millbrook had {people} {label} in 2018, so {number} of those aged {ages} are able to swim.\n"
    of = {"measure": "able-to-swim", "group": "children", "place": "millbrook", "period": '"2018"', "unit": "persons"}
    parts = f"{{parts: [able-young, able-older], published: {290 + older}}}"
    added[OWN] += entry("able-by-age", f"are {290 + older} by age", "2", **of, total=parts)
    text += f"Of all aged 5 to 15 in Millbrook in 2018 these are {290 + older} by age.\n"
    return changed(add={**added, DOCUMENT: f"\n{text}"})


def asked_in_all(number: int) -> dict[str, str]:
    of = {"statistic": "count", "measure": "asked", "group": "children", "place": "england", "period": '"2019"'}
    said = f"The Swimming Survey 2019 asked children aged 5 to 15, {number} children in all.\n"
    record = finding("all-asked", number, f"{number} children in all", **of, study="swim-survey-2019")
    return changed(add={FINDINGS: record, DOCUMENT: f"\n{said}"})


def club(*shares: str) -> dict[str, str]:
    """How many of a club swim every week, and what share they are, without the size of the club."""
    of = {"measure": "swims-weekly", "group": "swimmers", "place": "millbrook"}
    records = finding("club-number", 90, "of whom 90 swim every week", statistic="count", unit="persons", **of)
    records += "".join(
        finding("club-share", share, f"or {share}% of the club", statistic="share", **of) for share in shares
    )
    text = " ".join(
        [
            "The club of Millbrook has many swimmers, of whom 90 swim every week,",
            *(f"or {share}% of the club," for share in shares),
        ]
    )
    return changed(add={FINDINGS: records, DOCUMENT: f"\n{text} it says.\n"})


def asked(girls: int, boys: int, *changes) -> dict[str, str]:
    """The survey with other numbers of people asked."""
    said = f"{girls} girls and {boys} boys"
    return changed(
        (DOCUMENT, "400 girls and 500 boys", said),
        (FINDINGS, "400 girls and 500 boys", said),
        (FINDINGS, "n: 400", f"n: {girls}"),
        (FINDINGS, "n: 500", f"n: {boys}"),
        *changes,
    )


UNTESTED = (CLAIMS, "significance: significant", "significance: not-stated")
ALONE = ((CLAIMS, "  versus: {group: boys}\n", ""), (CLAIMS, "[girls-able, boys-able]", "[girls-able]"))
NOT_SIGNIFICANT = (
    (
        CLAIMS,
        "direction: higher\n  significance: significant",
        "direction: no-difference\n  significance: not-significant",
    ),
    (CLAIMS, "Girls are able to swim more often than boys", "Girls are able to swim about as often as boys"),
    (DOCUMENT, "more often than boys, a significant", "about as often as boys, no significant"),
    (CONCLUSIONS, "direction: higher", "direction: no-difference"),
)


def one_rate(of_boys: str) -> dict[str, str]:
    """A table whose rows take rates of 45.0%: the first that of all children, the second that of `of_boys`."""
    said = "In England 45.0% of all children aged 5 to 15 are able to swim. In 2010 it was 45.0% of all boys."
    rates = finding("children-able", "45.0", "45.0% of all children", group="children", place="england")
    rates += finding("boys-too", "45.0", "was 45.0% of all boys", group="boys", place="england", period='"2010"')
    return changed(
        (LOADER, 'finding: "{sex}-able"', 'finding: "{rate_of}"'),
        (
            LOADER,
            'attach:\n  - {column: rate, except: [children], to: "{sex}-able"}\n',
            f"values:\n  rate_of: {{girls: children-able, boys: {of_boys}, children: none}}\n",
        ),
        (DOCUMENT, "38.0% 228", "45.0% 270"),
        (TABLE, "38.0%,228", "45.0%,270"),
        (DOCUMENT, "1,200 498", "1,200 540"),
        (TABLE, ",,498", ",,540"),
        add={FINDINGS: rates, DOCUMENT: f"\n{said}\n"},
    )


def of_households(called: str) -> dict[str, str]:
    """A table whose every number counts households, under a caption of `called`."""
    changes = heading("number of children able to swim", f"number of {called} able to swim")
    for each in ("children", "girls", "boys"):
        changes.append((GROUPS, f"{{id: {each}, label", f"{{id: {each}, universe: households, label"))
    for number, n in ((1, 400), (2, 500)):  # how many people were asked is left out
        words = f'fragment: "asked 400 girls and 500 boys", figures: {{n: {number}}}'
        changes.append((FINDINGS, f'    - {{document: millbrook-2020, {words}, locator: "1"}}\n', ""))
        changes.append((FINDINGS, f"  n: {n}\n", ""))
    return changed(*changes, UNTESTED, (LOADER, "unit: persons", "unit: households"))


def over(age: int) -> dict[str, str]:
    return changed(*heading("number of children able to swim", f"number of children aged over {age} able to swim"))


def credited(words: str) -> dict[str, str]:
    return changed((FINDINGS, "value: 45.0", f'value: 45.0\n  attribution: inferred\n  credited_as: "{words}"'))


def edition(year: int, *changes, **more: str) -> dict[str, str]:
    """Another edition of the survey, with a figure of its own."""
    key = f"swim-survey-{year}"
    extra = "".join(f", {name}: {text}" for name, text in more.items())
    named = f"title = {{Swimming Survey {year}}}, institution = {{Pools}}, type = {{Report}}, year = {{{year}}}"
    of = {"group": "children", "place": "england", "period": f'"{year}"', "study": key}
    return changed(
        *changes,
        add={
            STUDIES: f"- {{key: {key}, label: Swimming Survey {year}{extra}, strength: weak}}\n",
            SOURCES: f"@report{{{key}, author = {{{{Pools}}}}, {named}}}\n",
            FINDINGS: finding(f"able-in-{year}", 51, "51% are able", **of),
            DOCUMENT: f"\nBy the Swimming Survey {year}, of all aged 5 to 15 in England 51% are able to swim.\n",
        },
    )


def with_ashford(files: dict[str, str], able: str = "able", often: str = "more often") -> dict[str, str]:
    """The base with a document of another town."""
    text = ASHFORD.format(able=able, often=often)
    digest = sha256(text.encode()).hexdigest()
    named = "author = {{Ashford}}, title = {Pools}, institution = {Ashford}, type = {Report}, year = {2021}"
    files["evidence/documents.yml"] += (
        f"- {{key: ashford-2021, renditions: [{{file: ashford.txt, sha256: {digest}}}]}}\n"
    )
    files[SOURCES] += f"@report{{ashford-2021, {named}}}\n"
    return files | {"documents/ashford.txt": text}


def framed(able: str) -> dict[str, str]:
    """Girls of another town in another document, under one measure or its complement."""
    said = finding("ashford-girls", 55, f"55% are {able} to swim", measure=f"{able}-to-swim", place="ashford")
    return with_ashford(changed(add={FINDINGS: said.replace("millbrook-2020", "ashford-2021")}), able)


def of_the_club_elsewhere(direction: str) -> dict[str, str]:
    """A tested "no difference" of children of a club, and what another document says of them."""
    tested = claim(
        "club-alike", "no significant difference between swimmers and all",
        group="swimmers", versus="{group: children}", direction="no-difference", significance="not-significant",
    )  # fmt: skip
    often = {"higher": "more often", "no-difference": "equally"}[direction]
    said = claim("ashford-club", f"Swimmers are able to swim {often}", group="swimmers", direction=direction)
    added = {CLAIMS: tested + said.replace("millbrook-2020", "ashford-2021")}
    text = "There is no significant difference between swimmers and all children aged 5 to 15 able to swim."
    return with_ashford(changed(add={**added, DOCUMENT: f"\n{text}\n"}), often=often)


def trend(*rates: int) -> dict[str, str]:
    """A claim that the rate rises with age, and the rate of each class."""
    added = {GROUPS: "", FINDINGS: ""}
    text, names = "", []
    for (low, high), rate in zip(((5, 6), (7, 8), (9, 10), (11, 15)), rates, strict=True):
        key, label = f"ages-{low}", f"children aged {low} to {high}"
        added[GROUPS] += f"- {{id: {key}, label: {label}, is: {{age: {low}-{high}}}, broader: [children]}}\n"
        added[FINDINGS] += finding(f"{key}-able", rate, f"{rate}% of {label}", group=key)
        text += f"{rate}% of {label}, "
        names.append(f"{key}-able")
    of = {"group": "children", "direction": "higher", "findings": f"[{', '.join(names)}]"}
    added[CLAIMS] = claim("more-with-age", "more often with age", **of)
    said = f"Of children aged 5 to 15 these are able to swim: {text}more often with age."
    return changed(add={**added, DOCUMENT: f"\n{said}\n"})


def like_all(rate: int) -> dict[str, str]:
    """A club said to be like all children, with a rate of its own."""
    rates = finding("club-able", rate, f"Of 200 swimmers {rate}%", group="swimmers", n=200)
    rates += finding("all-able", 41, "41% of all children", group="children")
    of = {"group": "swimmers", "versus": "{group: children}", "direction": "no-difference", "findings": "[club-able]"}
    ages = (GROUPS, "condition: in a swimming club,", "is: {age: 5-15}, condition: in a swimming club,")
    text = f"\nOf 200 swimmers {rate}% are able to swim, similar to all aged 5 to 15: it is 41% of all children.\n"
    said = claim("club-like-all", "are able to swim, similar to all", **of)
    return changed(ages, add={FINDINGS: rates, CLAIMS: said, DOCUMENT: text})


def concluded(key: str, **where: str) -> str:
    stated = ", ".join(
        f'{{document: millbrook-2020, fragment: "{words}", locator: "{at}"}}' for words, at in where.items()
    )
    of = "group: children, measure: able-to-swim, direction: higher, supports: [girls-more-often]"
    return f"- {{id: {key}, {of}, stated_in: [{stated}]}}\n"


def lists(*missing: str) -> dict[str, str]:
    """A list of groups in a summary, and the longer one in a section, which lacks some."""
    both = "".join(concluded(f"at-{n}", **{f"first {n}": "Summary", f"again {n}": "4"}) for n in "abcde")
    longer = "".join(concluded(f"at-{n}", **{f"again {n}": "4"}) for n in "fg")
    short = "".join(concluded(f"at-{n}", **{f"first {n}": "Summary"}) for n in missing)
    text = " ".join(f"first {n}; again {n}." for n in "abcdefgz")
    return changed(add={CONCLUSIONS: both + longer + short, DOCUMENT: f"\n{text}\n"})


def said_again(direction: str) -> dict[str, str]:
    """The claim of the document once more, of boys against girls."""
    of = {
        "group": "boys",
        "versus": "{group: girls}",
        "place": "england",
        "period": '"2019"',
        "direction": direction,
        "study": "swim-survey-2019",
    }
    link = "[{type: same-sample, to: girls-more-often}]"
    said = {"lower": "less often than girls", "no-difference": "equally often as girls"}[direction]
    again = claim("boys-too", f"able to swim {said}", **of, links=link)
    text = f"In the Swimming Survey 2019 boys aged 5 to 15 are able to swim {said}."
    return changed(add={CLAIMS: again, DOCUMENT: f"\n{text}\n"})


def due(year: int) -> dict[str, str]:
    return changed(
        (INDICATORS, "2030-06", f"{year}-06"),
        (INDICATORS, "June 2030", f"June {year}"),
        (DOCUMENT, "June 2030", f"June {year}"),
    )


NOWHERE = (
    (FINDINGS, "  place: england\n", ""),
    (FINDINGS, "In England 45.0%", "Of them 45.0%"),
    (DOCUMENT, "In England 45.0%", "Of them 45.0%"),
    *heading("% able to swim in England", "% able to swim"),
)
OF_ANOTHER = (
    (CLAIMS, "study: swim-survey-2019", "study: swim-survey-2018"),
    (CLAIMS, 'period: "2019"', 'period: "2018"'),
    (CLAIMS, "Girls are able to swim more", "girls are able to swim more"),
    (DOCUMENT, "Girls are able to swim more", "In the Swimming Survey 2018 girls are able to swim more"),
)

CASES = {
    "published-total": (total(498), total(499)),
    "published-two-totals": (breakdowns("41.6", 208), breakdowns("43.6", 218)),
    "published-sample": (asked_in_all(900), asked_in_all(930)),
    "published-implied-base": (club(), club("45")),
    "published-small-base": (asked(100, 300, UNTESTED), asked(99, 300, UNTESTED)),
    "published-one-rate": (one_rate("boys-too"), one_rate("children-able")),
    "published-label": (changed(), changed(*heading("No. able to swim in", "No. who swims every week in"))),
    "published-place": (changed(), changed(*heading("Total no. in Millbrook", "Total no. in Ashford"))),
    "published-period": (credited("Swimming Survey (2019)"), credited("Swimming Survey (2021)")),
    "published-unit": (of_households("households"), of_households("children")),
    "published-age": (over(4), over(5)),
    "published-table": (printed_again("Table 1 shows 498 swimmers"), printed_again("Table 2 shows 498 swimmers")),
    "published-qualifier": (printed_again("The number is 498"), printed_again("The number is at least 498")),
    "published-credit": (edition(2018), edition(2018, *OF_ANOTHER)),
    "published-framing": (framed("able"), framed("unable")),
    "published-trend": (trend(20, 28, 30, 60), trend(20, 30, 28, 60)),
    "published-comparison": (like_all(43), like_all(90)),
    "published-list": (lists(), lists("z")),
    "published-unsupported": (changed(), changed((CONCLUSIONS, "[girls-more-often]", "[]"))),
    "published-significance": (changed(*ALONE, UNTESTED), changed(*ALONE)),
    "published-two-directions": (said_again("lower"), said_again("no-difference")),
    "interval-similar": (asked(400, 500, *NOT_SIGNIFICANT), asked(4000, 5000, *NOT_SIGNIFICANT)),
    "conflict-sources": (of_the_club_elsewhere("no-difference"), of_the_club_elsewhere("higher")),
    "fit-unit": (used(), used(group="homes", unit="households", words="90 households")),
    "fit-group": (used(), used(group="swimmers", words="90 swimmers")),
    "fit-place": (used(), used(*NOWHERE)),
    "fit-period": (used(period='"2029"'), used(period='"2030"')),
    "fit-universe": (changed((STUDIES, "ages: 5-15", "ages: 10-17")), changed((STUDIES, "ages: 5-15", "ages: 16-17"))),
    "stale-superseded": (edition(2020), edition(2020, supersedes="swim-survey-2019")),
    "stale-indicator": (due(2030), due(2020)),
}
"""Of each oddity: a base that is in order, and the same with the smallest change that makes it odd."""


def odd(folder: Path) -> list[str]:
    """The codes of a base but those of words: what is odd in print is one thing, what a passage names another."""
    return [code for code in codes(folder) if not code.startswith("word-")]


@pytest.mark.parametrize("code", CASES)
def test_without_its_oddity_the_base_is_in_order(tmp_path, code):
    assert odd(write_base(tmp_path, CASES[code][0])) == []


@pytest.mark.parametrize("code", CASES)
def test_the_smallest_change_brings_exactly_the_oddity(tmp_path, code):
    assert set(odd(write_base(tmp_path, CASES[code][1]))) == {code}


def test_every_oddity_that_the_shipped_base_reports_stands_here(tmp_path):
    reported = {
        problem["code"] for problem in answer("check", "--base", REPOSITORY, "--documents", tmp_path)["problems"]
    }
    assert {code for code in reported if code.startswith(FAMILIES)} <= {*CASES}
