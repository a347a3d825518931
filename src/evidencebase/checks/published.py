"""What a document prints in two ways, and figures that cannot carry what is built on them: notes only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from evidencebase.base import Base, Entry
from evidencebase.checks.check import LEAVE, check
from evidencebase.checks.context import Context, note
from evidencebase.checks.lookup import listed
from evidencebase.model.amounts import amount, number
from evidencebase.model.periods import YEARS, years
from evidencebase.model.records import Claim, Estimate, Finding, Population, Study
from evidencebase.model.vocabulary import PERCENT
from evidencebase.problems import Code, Problem, Severity
from evidencebase.reading.numerals import numerals
from evidencebase.rules.editions import editions
from evidencebase.rules.product import percent_of

_WORDS = (
    r"\b(at least|more than|over|just over|under|fewer than|less than|up to|nearly|almost|about|around|approximately)"
)
_DEGREE = re.compile(_WORDS, re.IGNORECASE)
_QUALIFIED = re.compile(_WORDS + r"\s*$", re.IGNORECASE)
_TABLE = re.compile(r"\btable[\s-](\d+)\b", re.IGNORECASE)
_HINT = "the record is true to the document: leave it, and say in its caveats which figure to use"


@check(
    Code(
        "published-two-totals",
        Severity.NOTE,
        "the same people, counted or estimated twice with two results",
        "Often two breakdowns whose rates do not agree with each other.",
        "published: 1192   # by sex\npublished: 1150   # by age",
        "Say which one you use.",
    ),
)
def check_duplicate_totals(context: Context) -> Iterator[Problem]:
    """The same people in the same place and period counted or estimated with two results."""
    base, true = context.base, context.faithful
    found: dict[tuple[object, ...], list[tuple[Entry, Decimal]]] = {}
    for entry in base.entries.values():
        record = entry.record
        if (entry.kind, entry.key) not in true:
            continue
        if isinstance(record, Population):
            whom: tuple[object, ...] = (record.group, record.place, record.period, record.unit, record.definition)
            found.setdefault(("population", *whom), []).append((entry, record.value))
        elif isinstance(record, Estimate) and record.value is not None and record.group:
            whom = (record.measure, record.group, record.place, record.period, record.unit)
            found.setdefault(("estimate", *whom), []).append((entry, record.value))
    people: dict[tuple[object, ...], Decimal] = {
        (record.group, record.place, record.period): record.value for _, record in base.each(Population)
    }
    for key, entries in found.items():
        first, value = entries[0]
        for entry, other in entries[1:]:
            if other != value:
                yield _two_totals(base, people.get((key[2], key[3], key[4])), (first, value), (entry, other))


def _two_totals(
    base: Base, people: Decimal | None, one: tuple[Entry, Decimal], other: tuple[Entry, Decimal]
) -> Problem:
    shown = [f"{number(value)}{_share(value, people)}{_made_of(base, entry)}" for entry, value in (one, other)]
    group = base.label("groups", other[0].record.about.group)
    cause = "two breakdowns of one group with rates that do not agree" if people else "two counts of one group"
    message = f"{group}: printed as {shown[0]} and as {shown[1]}, {number(abs(one[1] - other[1]))} apart: {cause}"
    return note(other[0], (), "published-two-totals", message, _HINT)


def _share(value: Decimal, people: Decimal | None) -> str:
    return f" ({percent_of(value, people):.1f}% of {number(people)})" if people and value < people else ""


def _made_of(base: Base, entry: Entry) -> str:
    total = getattr(entry.record, "total", None)
    if total is None:
        return ""
    populations = (base.get(Estimate, part) for part in total.parts)
    groups = [
        population.group for part in populations if part and (population := base.get(Population, part.population))
    ]
    return f" from {listed(base.label('groups', group) for group in groups)}" if groups else ""


@check(
    Code(
        "published-framing",
        Severity.NOTE,
        "documents report one measure in opposite ways",
        "One prints those who have enough, the other those who have not. Side by side they look like a gulf.",
        "measure: can-swim   # 41%, millbrook-2020\nmeasure: cannot-swim   # 62%, ashford-2021",
        "Turn one of them round before comparing.",
    ),
)
def check_framing(context: Context) -> Iterator[Problem]:
    """Two documents that report one measure in opposite ways: those with, and those without."""
    base, true = context.base, context.faithful
    found: dict[tuple[str, str | None], dict[str, list[Entry[Finding]]]] = {}
    for entry, finding in base.each(Finding):
        measure = base.vocabulary.measures.get(finding.measure)
        usable = finding.value is not None and base.unit(entry) == PERCENT and (entry.kind, entry.key) in true
        if measure is not None and measure.complement_of and usable:
            pair = min(measure.id, measure.complement_of)
            found.setdefault((pair, finding.group), {}).setdefault(measure.id, []).append(entry)
    for (_, group), by_measure in found.items():
        if len(by_measure) < 2:
            continue
        one, other = by_measure.values()
        if not {d for entry in one for d in entry.documents} & {d for entry in other for d in entry.documents}:
            yield _framed(base, group, one, other)


def _framed(base: Base, group: str | None, one: list[Entry[Finding]], other: list[Entry[Finding]]) -> Problem:
    first = other[0].record.value or Decimal(0)
    turned = f"{amount(first, PERCENT)} reads {amount(Decimal(100) - first, PERCENT)}"
    message = (
        f"{base.label('groups', group) or 'those asked'}: {_printed(base, one)}, but {_printed(base, other)}:"
        f" a reversed measure; turned round, {turned}"
    )
    hint = "turn one of them round before comparing the two, unless people could leave the question out"
    return note(other[0], ("measure",), "published-framing", message, hint)


def _printed(base: Base, entries: list[Entry[Finding]]) -> str:
    """Figures of one measure with their places and documents."""
    shown = [
        f"{amount(entry.record.value, PERCENT)} ({base.label('places', entry.record.place) or 'place not stated'},"
        f" {listed(sorted(entry.documents))})"
        for entry in entries
        if entry.record.value is not None
    ]
    return f"“{base.label('measures', entries[0].record.measure)}” {listed(shown)}"


@check(
    Code(
        "published-credit",
        Severity.NOTE,
        "a document credits one figure to two studies",
        "Often two editions of one survey: two years for one figure.",
        "findings: [swim-2019-children]   # study: swim-survey-2019\nstudy: swim-survey-2018",
        "Look the figure up in both editions; mark the attribution `corrected` and say why.",
    ),
)
def check_credits(context: Context) -> Iterator[Problem]:
    """One figure that two places of a document credit to different studies, or to two editions of one."""
    base, true = context.base, context.faithful
    for entry, claim in base.each(Claim):
        figures = [finding for key in claim.findings if (finding := base.get(Finding, key)) and finding.study]
        studies = [finding.study for finding in figures]
        believed = {(entry.kind, entry.key), *(("findings", finding.id) for finding in figures)} <= true
        if not figures or claim.study is None or claim.study in studies or not believed:
            continue
        other = figures[0].study or ""
        cause = "two years for one figure" if _one_survey(base, claim.study, other) else "two sources for one figure"
        values = listed(amount(f.value, PERCENT) for f in figures if f.value is not None)
        message = (
            f"{values or 'the figure'} is credited here to {base.label('studies', claim.study)} and where the figure is"
            f" first given to {base.label('studies', other)}: {cause}"
        )
        yield note(entry, ("study",), "published-credit", message, "look the figure up in both; mark the attribution")


def _one_survey(base: Base, one: str, other: str) -> bool:
    """Whether two studies are editions of one: named alike but for their years, or one supersedes the other."""
    return re.sub(r"\d+", "", one) == re.sub(r"\d+", "", other) or editions(base, one, other)


@check(
    Code(
        "published-period",
        Severity.NOTE,
        "one figure, two dates",
        "What it is credited as, a passage or a heading dates the figure otherwise than the record's period.",
        "period: 2018-19\ncredited_as: Swimming Survey (2020)",
        "Keep the period of the data; the other is often the year of publication.",
    ),
)
def check_dates(context: Context) -> Iterator[Problem]:
    """One figure that is dated differently by what it is credited as, or by two of its passages."""
    true = context.faithful
    for entry in context.base.entries.values():
        period = entry.record.about.period
        own = years(period) if period else None
        if own is None or (entry.kind, entry.key) not in true:
            continue
        credited = entry.record.credited_as if isinstance(entry.record, Finding | Claim) else None
        words = [credited] if credited else []
        words += [part for _, anchor, _ in entry.record.anchored() for part in (anchor.prefix, anchor.suffix) if part]
        for text in words:
            spans = [span for match in YEARS.finditer(text) if (span := years(match[0].replace(" ", "")))]
            if spans and not any(first <= own[1] and own[0] <= last for first, last in spans):
                message = f"dated {period} in one place, and “{text}” in another: two years for one figure"
                yield note(entry, ("period",), "published-period", message, _HINT)
                break


@check(
    Code(
        "published-table",
        Severity.NOTE,
        "the text names one table, the figure stands in another",
        "A reader who looks it up finds something else.",
        'fragment: "Table 3 shows 358 children"   # the cell is in Table 4',
        LEAVE,
    ),
)
def check_table_references(context: Context) -> Iterator[Problem]:
    """Running text that names one table for a figure that stands in another."""
    base, true = context.base, context.faithful
    for entry in base.entries.values():
        if (entry.kind, entry.key) not in true:
            continue
        anchors = [(path, anchor) for path, anchor, _ in entry.record.anchored()]
        tables = {(a.document, _table_number(a.locator or a.table)) for _, a in anchors if a.table}
        if not tables:
            continue
        for path, anchor in anchors:
            own = {number_ for document, number_ in tables if document == anchor.document and number_}
            named = _table_number(" ".join(filter(None, (anchor.prefix, anchor.fragment, anchor.suffix))))
            if anchor.fragment and own and named and named not in own:
                stands = f"the figure stands in Table {listed(sorted(own))}"
                message = f"the text names Table {named}; {stands}: a wrong label"
                yield note(entry, path, "published-table", message, _HINT)


def _table_number(words: str | None) -> str:
    """The number of the table that words name; empty where they name none."""
    match = _TABLE.search(words or "")
    return match[1].lstrip("0") if match else ""


@check(
    Code(
        "published-one-rate",
        Severity.NOTE,
        "a breakdown whose rows all rest on one rate",
        "The rows look like a comparison, and differ only in how many people they count.",
        "boys: 41% of 600\ngirls: 41% of 592",
        "Use the total only.",
    ),
)
def check_one_rate(context: Context) -> Iterator[Problem]:
    """A breakdown whose every row rests on one and the same rate: it divides the people and not what is measured."""
    base, true = context.base, context.faithful
    for entry, estimate in base.each(Estimate):
        parts = [base.get(Estimate, key) for key in estimate.total.parts] if estimate.total else []
        rates = {part.finding for part in parts if part}
        if len(parts) < 2 or None in parts or len(rates) != 1 or (entry.kind, entry.key) not in true:
            continue
        finding = base.get(Finding, next(iter(rates)))
        if finding is None or finding.value is None:
            continue
        groups = [p.group for part in parts if part and (p := base.get(Population, part.population))]
        message = (
            f"one rate, {amount(finding.value, PERCENT)} of {base.label('groups', finding.group) or 'those asked'},"
            f" is put on each of {len(parts)} rows ({listed(base.label('groups', group) for group in groups)}):"
            " the rows differ in people only"
        )
        hint = "do not read the rows as a comparison; only their total rests on the rate"
        yield note(entry, ("total",), "published-one-rate", message, hint)


@check(
    Code(
        "published-qualifier",
        Severity.NOTE,
        "a bound in one place, a plain number in another",
        "“At least 358” and “358” are different statements.",
        'fragment: "at least 358 children"   # the table prints 358',
        LEAVE,
    ),
)
def check_qualifiers(context: Context) -> Iterator[Problem]:
    """A number printed as it is in one place, and as "at least", "over" or "about" so many in another."""
    found: dict[tuple[str, str], dict[str, tuple[Entry, Decimal, str]]] = {}
    for outcome in context.matching.outcomes:
        if not outcome.passes:
            continue
        record = outcome.entry.record
        value = record.value if isinstance(record, Finding | Population | Estimate) else None
        carried = outcome.anchor.figures is None or set(outcome.anchor.figures) & {"value", "published"}
        qualified = isinstance(record, Finding | Population) and record.qualifiers
        if value is None or not carried or qualified:
            continue
        seen = found.setdefault((outcome.entry.kind, outcome.entry.key), {})
        word = _qualifier(outcome.anchor.fragment, value)
        seen.setdefault(word, (outcome.entry, value, outcome.anchor.locator or ""))
    for by_word in found.values():
        for word, (entry, value_, locator) in by_word.items():
            if word and "" in by_word:
                message = (
                    f"printed as “{word} {number(value_)}” in {locator or 'one place'}, and as {number(value_)} in"
                    f" {by_word[''][2] or 'another'}: a bound in one, the number itself in the other"
                )
                yield note(entry, (), "published-qualifier", message, _HINT)


def _qualifier(fragment: str | None, value: Decimal) -> str:
    """The word of degree before a value in a fragment; empty where there is none."""
    if fragment is None or not _DEGREE.search(fragment):
        return ""
    for numeral in numerals(fragment):
        match = _QUALIFIED.search(fragment[: numeral.start])
        if numeral.value == value and match:
            return match[1].lower()
    return ""


@check(
    Code(
        "published-significance",
        Severity.NOTE,
        "differences called significant without a figure to compare with",
        "Nobody can check the word, or say how large the difference is.",
        "significance: significant   # no versus, one figure, no n",
        "Do not repeat the word as tested.",
    ),
)
def check_unsupported(context: Context) -> Iterator[Problem]:
    """Differences called significant without a rate to compare with, or a number of people asked."""
    base, true = context.base, context.faithful
    bare: dict[tuple[str, str, bool], list[Entry[Claim]]] = {}
    for entry, claim in base.each(Claim):
        study = base.get(Study, claim.study)
        figures = [finding for key in claim.findings if (finding := base.get(Finding, key))]
        counted = any(finding.n for finding in figures) or bool(study and study.size.n)
        compared = claim.against is not None or len(figures) > 1
        if claim.significance == "significant" and not compared and (entry.kind, entry.key) in true:
            for document in sorted(entry.documents):
                bare.setdefault((document, claim.study or "", counted), []).append(entry)
    for (document, key, counted), entries in bare.items():
        groups = listed(base.label("groups", entry.record.group) for entry in entries)
        many = "one difference" if len(entries) == 1 else f"{len(entries)} differences"
        lacks = "no figure to compare with" if counted else "neither a figure to compare with nor how many were asked"
        study_name = base.label("studies", key) or "no study named"
        message = f"{document} calls {many} significant ({groups}; {study_name}) and prints {lacks}"
        yield note(entries[0], ("significance",), "published-significance", message, "do not repeat the word as tested")
