"""Tables whose own words contradict the figures under them: headings, captions and the ages they name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from evidencebase.base import Base, Entry
from evidencebase.checks.check import LEAVE, check
from evidencebase.checks.context import Context, note
from evidencebase.model.periods import YEARS, years
from evidencebase.model.records import Estimate, Finding, Population, Record, Study
from evidencebase.model.relations import within
from evidencebase.model.values import Path
from evidencebase.problems import Code, Problem, Severity
from evidencebase.reading.tables import Table

_NEGATIONS = re.compile(r"\b(?:not|no|never|without|dont|cannot)\b")
_COUNTED = re.compile(r"\bnumber\s+of\s+(?:\w+\s){0,2}?(people|persons|adults|children|residents|households)\b")
_OVER_AGE = re.compile(
    r"\b(?:aged\s+)?(?:over|older than)\s+(\d{1,3})\b(?!\s*(?:%|per|people|publications))", re.IGNORECASE
)
_AT_LEAST_AGE = r"\b{age}\s*(?:\+|plus\b|(?:years?\s+)?(?:or|and)\s+(?:over|older|above|more)\b|\s*(?:-|to)\s*\d)"
_HINT = "the record keeps what was measured; say in its caveats what the table calls it"


@dataclass(frozen=True)
class _Cell:
    """A record that a column of a table carries."""

    entry: Entry
    path: Path
    row: str


@check(
    Code(
        "published-label",
        Severity.NOTE,
        "a heading or caption names another measure than the figures under it",
        "A wrong label, or a measure turned round; readers who copy the heading copy the fault.",
        'heading: "Number who swim weekly"   # the rate is of children who can swim',
        LEAVE,
    ),
    Code(
        "published-place",
        Severity.NOTE,
        "a heading gives a rate or number to another place",
        "A national rate under a local heading looks like a local survey.",
        'heading: "% who can swim in Millbrook"   # the study covers England',
        LEAVE,
    ),
    Code(
        "published-unit",
        Severity.NOTE,
        "a caption speaks of people where the figures count households, or the other way round",
        "A household is not a person; the number of people is larger.",
        'caption: "Table 5: Number of people who rent"   # unit: households',
        LEAVE,
    ),
)
def check_table_labels(context: Context) -> Iterator[Problem]:
    """Headings and captions that name another measure, place, period or counting unit than their figures have."""
    base, true = context.base, context.faithful
    labels = ((measure.label, measure.id) for measure in base.vocabulary.measures.values())
    measures = [term for term in _terms(labels) if " " in term[0]]  # "Dementia" alone may be who was asked
    places = _terms((place.label.removeprefix("the "), place.id) for place in base.vocabulary.places.values())
    for (document, table_id), columns in _columns(base, true).items():
        table = base.tables[document, table_id]
        for column, cells in columns.items():
            heading = table.spec.columns[column].heading
            if heading:
                where = f"{table.spec.locator or table_id}, column “{heading}”"
                yield from _measure(base, cells, heading, where, measures)
                yield from _place(base, cells, heading, where, places)
                yield from _period(cells, heading, where)
        yield from _caption(base, table, columns, measures)


def _columns(base: Base, true: set[tuple[str, str]]) -> dict[tuple[str, str], dict[str, list[_Cell]]]:
    """By table and column, the records that its cells carry; only those that are true to the document."""
    found: dict[tuple[str, str], dict[str, list[_Cell]]] = {}
    for entry in base.entries.values():
        if (entry.kind, entry.key) not in true:
            continue
        for path, anchor, _ in entry.record.anchored():
            if anchor.table and anchor.column and (anchor.document, anchor.table) in base.tables:
                columns = found.setdefault((anchor.document, anchor.table), {})
                columns.setdefault(anchor.column, []).append(_Cell(entry, path, anchor.row or ""))
    return found


def _caption(
    base: Base, table: Table, columns: dict[str, list[_Cell]], measures: list[tuple[str, str]]
) -> Iterator[Problem]:
    caption = table.spec.caption
    if not caption:
        return
    estimates = [cell for cells in columns.values() for cell in cells if isinstance(cell.entry.record, Estimate)]
    where = f"the caption “{caption}”"
    yield from _measure(base, estimates, caption, where, measures)
    counted = _COUNTED.search(_plain(caption))
    for cell in estimates[:1]:
        unit = base.unit(cell.entry)
        called = "households" if counted and counted[1] == "households" else "persons"
        if counted and unit in ("persons", "households") and unit != called:
            message = f"{where} speaks of {counted[1]}; the figures count {unit}: a wrong label"
            yield note(cell.entry, cell.path, "published-unit", message, _HINT)


def _measured(base: Base, record: Record) -> str | None:
    """What a figure is of: an estimate's is what its rate measures, whatever the table calls it."""
    if isinstance(record, Estimate):
        finding = base.get(Finding, record.finding)
        return finding.measure if finding else None
    return record.measure if isinstance(record, Finding) else None


def _measure(
    base: Base, cells: list[_Cell], words: str, where: str, measures: list[tuple[str, str]]
) -> Iterator[Problem]:
    named = _named(words, measures)
    if not named:
        return
    for cell in cells:
        own = _measured(base, cell.entry.record)
        if own is None or own in {_meant(base, key, words, at) for key, at in named}:
            continue
        said = _meant(base, named[0][0], words, named[0][1])
        cause = "a reversed measure" if base.vocabulary.measures[said].complement_of == own else "a wrong label"
        called, meant = base.label("measures", said), base.label("measures", own)
        message = f"{where} says “{called}”; the figure is of “{meant}”: {cause}"
        yield note(cell.entry, cell.path, "published-label", message, _HINT)
        return


def _meant(base: Base, key: str, words: str, at: int) -> str:
    """The measure a label in a heading means: its complement, where a "not" stands before it."""
    complement = base.vocabulary.measures[key].complement_of
    return complement if complement in base.vocabulary.measures and _NEGATIONS.search(_plain(words)[:at]) else key


def _place(base: Base, cells: list[_Cell], words: str, where: str, places: list[tuple[str, str]]) -> Iterator[Problem]:
    named = [key for key, _ in _named(words, places)]
    for cell in cells:
        record = cell.entry.record
        if len(named) != 1 or not isinstance(record, Finding | Population | Estimate):
            return
        (said,) = named
        fault = _rate_place(base, record, said) if isinstance(record, Finding) else _count_place(base, record, said)
        if fault:
            yield note(cell.entry, cell.path, "published-place", f"{where}: {fault}", _HINT)
            return


def _rate_place(base: Base, record: Finding, said: str) -> str:
    """Why the place a heading gives to a rate is not where it was measured; empty where it can be."""
    study = base.get(Study, record.study)
    universe = study.universe.place if study else None
    places = base.vocabulary.places
    label = base.label("places", said)
    if record.place and said != record.place and not within(base.vocabulary, "places", record.place, said):
        return f"it says {label}; the rate is of {base.label('places', record.place)}"
    if universe is None or universe == said:
        return ""
    covered = f"the study the rate is credited to, {base.label('studies', record.study)}, covers"
    if record.place is None:
        return f"it says {label}; {covered} {base.label('places', universe)}: a wrong label, or a rate of unknown place"
    alike = said in places and universe in places and places[said].type == places[universe].type
    if alike and not within(base.vocabulary, "places", universe, said):
        return f"it says {label}; {covered} {base.label('places', universe)}: a wrong label, or a part of the study"
    return ""


def _count_place(base: Base, record: Population | Estimate, said: str) -> str:
    population = base.get(Population, record.population) if isinstance(record, Estimate) else None
    own = record.place or (population.place if population else None)
    if own is None or within(base.vocabulary, "places", own, said):
        return ""
    return f"it says {base.label('places', said)}; the number is of {base.label('places', own)}"


def _period(cells: list[_Cell], words: str, where: str) -> Iterator[Problem]:
    spans = [span for match in YEARS.finditer(words) if (span := years(match[0].replace(" ", "")))]
    for cell in cells:
        period = cell.entry.record.about.period
        own = years(period) if period else None
        if spans and own and not any(first <= own[1] and own[0] <= last for first, last in spans):
            message = f"{where} names another time than the figure's, {period}"
            yield note(cell.entry, cell.path, "published-period", message, _HINT)
            return


@check(
    Code(
        "published-age",
        Severity.NOTE,
        "a caption says “over 65” where the figures are of 65 and over",
        "One year of age is left out in words and counted in numbers.",
        'caption: "Table 2: People aged over 65 who swim"   # rows: 65 or over',
        LEAVE,
    ),
)
def check_over_ages(context: Context) -> Iterator[Problem]:
    """Words such as "over 65" for a group that the document elsewhere bounds by "65 or over"."""
    base, true = context.base, context.faithful
    for (document, table_id), columns in _columns(base, true).items():
        spec = base.tables[document, table_id].spec
        cells = [cell for cells in columns.values() for cell in cells]
        if spec.caption:
            own = [cell for cell in cells if isinstance(cell.entry.record, Population)]
            yield from _over(base, own[-1:], spec.caption, f"the caption “{spec.caption}”")
    for entry, _ in base.each(Population):
        for path, anchor, _ in entry.record.anchored():
            if anchor.fragment and (entry.kind, entry.key) in true:
                yield from _over(base, [_Cell(entry, path, "")], anchor.fragment, f"“{anchor.fragment}”")


def _over(base: Base, cells: list[_Cell], words: str, where: str) -> Iterator[Problem]:
    for cell in cells:
        record = cell.entry.record
        population = base.get(Population, record.population) if isinstance(record, Estimate) else None
        key = (population or record).about.group
        group = base.vocabulary.groups.get(key or "")
        for match in _OVER_AGE.finditer(words):
            age = int(match[1])
            if group is None or group.age_min != age or re.search(_AT_LEAST_AGE.format(age=age), words, re.IGNORECASE):
                continue
            message = f"{where} leaves out those aged exactly {age}; the figures are of {group.label}: a wrong label"
            yield note(cell.entry, cell.path, "published-age", message, _HINT)


def _plain(text: str) -> str:
    """Words only, in lower case and single-spaced; "often/always" is "often or always", "No." a number."""
    words = re.sub(r"\bno\.", "number", text.lower().replace("’", ""))
    return " ".join(re.findall(r"\w+", re.sub(r"(?<=[a-z])/(?=[a-z])", " or ", words)))


def _terms(labels: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Labels as plain words with what they name, the longest first."""
    return sorted(((_plain(label), key) for label, key in labels), key=lambda term: (-len(term[0]), term[1]))


def _named(text: str, terms: list[tuple[str, str]]) -> list[tuple[str, int]]:
    """What a text names, with the offset of each in its plain words; a name inside a longer one does not count."""
    plain = f" {_plain(text)} "
    found: list[tuple[int, int, str]] = []
    for words, key in terms:
        start = plain.find(f" {words} ")
        inside = any(first <= start and start + len(words) <= last for first, last, _ in found)
        if start >= 0 and not inside:
            found.append((start, start + len(words), key))
    return [(key, start) for start, _, key in found]
