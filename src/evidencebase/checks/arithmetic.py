"""Sums, products and shares: of our own records (`arithmetic-*`), and of what was published (`published-*`).

A record that is true to its document cannot be mended, so that what does not add up in it is a note on
the document, with both figures and the likely cause. In any other record it is an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from evidencebase.base import Base, Entry
from evidencebase.checks.check import LEAVE, check
from evidencebase.checks.context import Context, error, note
from evidencebase.checks.lookup import group_of, listed
from evidencebase.model.amounts import amount, number
from evidencebase.model.records import Estimate, Finding, Population
from evidencebase.model.relations import partition
from evidencebase.model.values import Path
from evidencebase.model.vocabulary import PERCENT
from evidencebase.problems import Code, Problem, Severity
from evidencebase.reading.numerals import parse_number
from evidencebase.rules.product import percent_of, product, share_of, total
from evidencebase.rules.rounding import prints_as, rounded, unrounded

Keys = set[tuple[str, str]]
_CENTS = Decimal("0.01")
# What a fault is called: in what was published, and in a record of our own.
_ESTIMATE = ("published-estimate", "arithmetic-estimate")
_TOTAL = ("published-total", "arithmetic-total")
_SHARE = ("published-share", "arithmetic-share")
_SAMPLE = ("published-sample", "arithmetic-sample")
_PUBLISHED_HINT = "the record is true to the document: leave it, and do not rest an argument on the difference"
_OWN_HINT = "compare the figures with the document, and the ids with the records that are meant"


@check(
    Code(
        "arithmetic-estimate",
        Severity.ERROR,
        "an estimate is not its rate times its population",
        "Under no common rounding does the product give the number, and the record is not shown to be true to its"
        " document: a figure or an id is wrong.",
        "finding: swim-2019-children    # 41%\npopulation: millbrook-children   # 1,200\npublished: 942",
        "published: 492",
    ),
    Code(
        "published-estimate",
        Severity.NOTE,
        "a document prints an estimate that is not its rate times its population",
        "Rate, population and number are all as printed. The message says what would explain it: another row's rate,"
        " digits in another order, another rate.",
        "rate 41%, population 1,200, number 942",
        LEAVE,
    ),
)
def check_estimates(context: Context) -> Iterator[Problem]:
    """A published estimate that is not its rate times its population, whichever way either was rounded."""
    base, true = context.base, context.faithful
    for entry, estimate in base.each(Estimate):
        finding, population = base.get(Finding, estimate.finding), base.get(Population, estimate.population)
        if estimate.published is None or finding is None or population is None:
            continue
        made, count = product(base, estimate), population.value
        if made.holds is not False:
            continue
        worth = rounded(made.exact if made.exact is not None else made.span[0] if made.span else Decimal(0))
        rate = _rate(finding)
        message = f"{number(estimate.published)} is printed; {rate} of {number(count)} is {number(worth)}"
        used = [entry, base.entries["findings", finding.id], base.entries["populations", population.id]]
        cause = _product_cause(entry, estimate.published, count, finding)
        yield _report(_ESTIMATE, entry, ("published",), message, cause, true, used)


def _rate(finding: Finding) -> str:
    if finding.range is not None:
        return f"{finding.range.low} to {finding.range.high}%"
    return f"{finding.value}%"


def _product_cause(entry: Entry, published: Decimal, count: Decimal, finding: Finding) -> str:
    """Why a product may be off: another row's rate or population, digits changed over, or another rate."""
    for label, kind, value in _beside(entry):
        other = share_of(value, count) if kind == PERCENT else share_of(finding.value or Decimal(0), value)
        if rounded(other) == published and value not in (finding.value, count):
            what = f"the rate {value}%" if kind == PERCENT else f"the number {number(value)}"
            return f"it is what {what} of the row “{label}” gives"
    if finding.value is not None and sorted(str(published)) == sorted(str(rounded(share_of(finding.value, count)))):
        return "the digits are the same in another order"
    implied = percent_of(published, count) if count else Decimal(0)
    return f"it would take a rate of {rounded(implied, like=_CENTS)}%"


def _beside(entry: Entry) -> Iterator[tuple[str, str, Decimal]]:
    """Every rate and count of the table an entry was made from: (row label, unit, value)."""
    if entry.table is None:
        return
    spec = entry.table.spec
    for row in entry.table.rows.values():
        for column, text in entry.table.numbers(row):
            numeral = parse_number(text)
            if numeral is not None and numeral.value is not None:
                yield row.cells.get(spec.label or "", row.key), spec.columns[column].unit, numeral.value


@check(
    Code(
        "arithmetic-total",
        Severity.ERROR,
        "a total is not the sum of its parts",
        "Neither the printed parts nor the unrounded ones add up to it, and the record is not shown to be true to its"
        " document.",
        "total: {parts: [girls, boys], published: 1300}   # 600 and 592",
        "total: {parts: [girls, boys], published: 1192}",
    ),
    Code(
        "published-total",
        Severity.NOTE,
        "a document prints a total that is not the sum of its parts",
        "The message works out the likely cause: the sum of the unrounded parts, a part left out or counted twice,"
        " digits in another order.",
        "12 and 19, total 32",
        LEAVE,
    ),
)
def check_totals(context: Context) -> Iterator[Problem]:
    """A total of populations or estimates that is not the sum of its parts."""
    base, true = context.base, context.faithful
    for entry in base.entries.values():
        record = entry.record
        if not isinstance(record, Population | Estimate) or record.total is None or record.value is None:
            continue
        added = total(base, record)
        if added.of_printed is None or added.how in ("printed", "zeros"):
            continue
        parts = [part for key in record.total.parts if (part := base.entries.get((entry.kind, key)))]
        if added.how == "exact" and added.of_exact is not None:
            cause = f"the sum of the unrounded parts, {rounded(added.of_exact, like=_CENTS):,}, explains it"
            if {(part.kind, part.key) for part in [entry, *parts]} - true:
                continue
        else:
            cause = _sum_cause(base, parts, added.of_printed, record.value)
        message = f"the total is printed as {number(record.value)}; its parts add up to {number(added.of_printed)}"
        path: Path = ("total", "published") if isinstance(record, Estimate) else ("value",)
        yield _report(_TOTAL, entry, path, message, cause, true, [entry, *parts])


def _value(entry: Entry | None) -> Decimal | None:
    record = entry.record if entry else None
    return record.value if isinstance(record, Population | Estimate) else None


def _sum_cause(base: Base, parts: list[Entry], added: Decimal, printed: Decimal) -> str:
    difference = printed - added
    for part in parts:
        value = _value(part)
        if value is None:
            continue
        label = base.label("groups", group_of(base, part)) or part.key
        if -difference == value:
            return f"{label} ({number(value)}) was left out"
        if difference == value:
            return f"{label} ({number(value)}) was counted twice"
    if sorted(str(added)) == sorted(str(printed)):
        return "the digits are the same in another order"
    if abs(difference) * 2 <= len(parts):
        return "the parts were rounded before they were printed"
    return f"the difference is {number(abs(difference))}"


@check(
    Code(
        "arithmetic-share",
        Severity.ERROR,
        "a share is not its part divided by its whole",
        "The record is not shown to be true to its document: one of the three figures is wrong.",
        "value: 24   # percent; 492 of 1,200 are 41%",
        "value: 41",
    ),
    Code(
        "published-share",
        Severity.NOTE,
        "a document prints a share that is not its part divided by its whole",
        "All three figures are as printed.",
        "492 of 1,200 (24%)",
        LEAVE,
    ),
    Code(
        "published-implied-base",
        Severity.NOTE,
        "a rate and a number leave it open whom they were put on",
        "The number divided by the rate is how many people were meant; no such number is printed.",
        "value: 500   # children who swim\nvalue: 41   # percent of children: of about 1,220",
        "Find out whom the rate was put on before comparing the number with a population.",
    ),
)
def check_shares(context: Context) -> Iterator[Problem]:
    """A share that is not its part divided by its whole; a rate and a number that leave the whole unsaid."""
    base, true = context.base, context.faithful
    rates: dict[tuple[object, ...], list[Entry[Finding]]] = {}
    wholes: dict[tuple[object, ...], list[tuple[Entry, Decimal]]] = {}
    for entry, finding in base.each(Finding):
        if base.unit(entry) == PERCENT and finding.value is not None and finding.statistic in ("share", "prevalence"):
            rates.setdefault(_of_whom(finding, finding.measure), []).append(entry)
        elif finding.statistic == "count" and finding.value is not None:
            wholes.setdefault(_of_whom(finding, base.unit(entry)), []).append((entry, finding.value))
    for counted, population in base.each(Population):
        key = (population.group, population.place, population.period, None, population.unit)
        wholes.setdefault(key, []).append((counted, population.value))
    for entry, part in base.each(Finding):
        if part.statistic != "count" or part.value is None or {*part.qualifiers} - {"estimated"}:
            continue
        for rate in rates.get(_of_whom(part, part.measure), []):
            yield from _share(context, entry, rate, wholes, true)


def _of_whom(finding: Finding, last: object) -> tuple[object, ...]:
    return finding.group, finding.place, finding.period, finding.study, last


def _share(
    context: Context,
    entry: Entry[Finding],
    rate: Entry[Finding],
    wholes: dict[tuple[object, ...], list[tuple[Entry, Decimal]]],
    true: Keys,
) -> Iterator[Problem]:
    part, share = entry.record, rate.record
    if part.value is None or share.value is None:
        return
    unit = context.base.unit(entry)
    found = [
        (whole, value)
        for key in (_of_whom(part, unit), (part.group, part.place, part.period, None, unit))
        for whole, value in wholes.get(key, [])
        if whole.record.about.measure != part.measure and value >= part.value and value
    ]
    if share.n:
        found.append((rate, share.n))
    percent = amount(share.value, PERCENT)
    if not found:
        if {(one.kind, one.key) for one in (entry, rate)} <= true:
            yield _implied_base(context.base, entry, part.value, share.value, percent)
        return
    exact = [percent_of(part.value, value) for _, value in found]
    if share.qualifiers or any(prints_as((each_, each_), share.value) for each_ in exact):
        return
    whole, value = found[0]
    message = f"{number(part.value)} of {number(value)} is {rounded(exact[0], like=_CENTS)}%; {percent} is printed"
    cause = f"{percent} of {number(value)} would be {number(rounded(share_of(share.value, value)))}"
    yield _report(_SHARE, rate, ("value",), message, cause, true, [entry, rate, whole])


def _implied_base(base: Base, entry: Entry[Finding], part: Decimal, share: Decimal, percent: str) -> Problem:
    most, least = (rounded(part * 100 / end) if end > 0 else part for end in unrounded(share))
    group = base.label("groups", entry.record.group) or "those asked"
    message = (
        f"{number(part)} is {percent} of {number(least)} to {number(most)}; both are printed of {group},"
        " and the number the rate was put on is not printed"
    )
    hint = "find out whom the rate was put on before comparing the number with a population"
    return note(entry, ("value",), "published-implied-base", message, hint)


@check(
    Code(
        "arithmetic-sample",
        Severity.ERROR,
        "the people asked in the parts of a group are not those asked in all of it",
        "Either a base is misread, or a part is missing.",
        "n: 50   # in each of four groups\nvalue: 230   # respondents in all",
        "value: 200",
    ),
    Code(
        "published-sample",
        Severity.NOTE,
        "the people asked in each group do not make those asked in all",
        "Every figure is as printed; the document's own numbers of people do not agree.",
        "50 children from each of four schools (230 children)",
        LEAVE,
    ),
)
def check_samples(context: Context) -> Iterator[Problem]:
    """The people asked in each of the groups of a study against the people asked in all of them."""
    base, true = context.base, context.faithful
    children: dict[str, set[str]] = {}
    for group in base.vocabulary.groups.values():
        for broader in base.vocabulary.broader("groups", group.id):
            children.setdefault(broader, set()).add(group.id)
    sizes: dict[tuple[object, ...], dict[str, tuple[Entry, Decimal]]] = {}
    totals: dict[tuple[str, str], list[tuple[Entry, Decimal]]] = {}
    for entry, finding in base.each(Finding):
        if finding.study is None or finding.group is None:
            continue
        if finding.n is not None:
            key = (finding.study, finding.measure, finding.place, finding.period)
            sizes.setdefault(key, {}).setdefault(finding.group, (entry, finding.n))
            totals.setdefault((finding.study, finding.group), []).append((entry, finding.n))
        elif finding.statistic == "count" and base.unit(entry) == "persons" and finding.value is not None:
            totals.setdefault((finding.study, finding.group), []).append((entry, finding.value))
    told: set[tuple[str, str]] = set()
    for (study, *_), by_group in sizes.items():
        parents = {broader for group in by_group for broader in base.vocabulary.broader("groups", group)}
        for parent in sorted(parents):
            key_ = (str(study), parent)
            covered = sorted(child for child in children[parent] if child in by_group)
            if key_ in told or not _all_of(base, parent, covered, len(children[parent])):
                continue
            told.add(key_)
            of_parts = [by_group[child] for child in covered]
            yield from _sample(base, parent, of_parts, totals.get(key_, []), true)


def _all_of(base: Base, parent: str, covered: list[str], children: int) -> bool:
    """Whether groups make up the one around them: all that the vocabulary has in it, both sexes, or its age bands."""
    groups = base.vocabulary.groups
    whole = groups.get(parent)
    parted = whole is not None and partition(whole, [groups[key] for key in covered])
    return len(covered) > 1 and (len(covered) == children or parted)


def _sample(
    base: Base, parent: str, parts: list[tuple[Entry, Decimal]], totals: list[tuple[Entry, Decimal]], true: Keys
) -> Iterator[Problem]:
    sizes = [size for _, size in parts]
    added = sum(sizes, Decimal(0))
    others = [(entry, value) for entry, value in totals if value not in sizes]
    if not others or any(value == added for _, value in others):
        return
    entry, printed = others[0]
    each_of = f"{len(sizes)} groups of {number(sizes[0])}" if len(set(sizes)) == 1 else f"the {len(sizes)} groups"
    whom = base.label("groups", parent)
    message = f"{number(printed)} people were asked in all; {each_of} make {number(added)} ({whom})"
    cause = f"{number(abs(printed - added))} people {'more' if printed > added else 'fewer'} than the groups have"
    yield _report(_SAMPLE, entry, ("value",), message, cause, true, [entry, *(part for part, _ in parts)])


def _report(
    codes: tuple[str, str], entry: Entry, path: Path, message: str, cause: str, true: Keys, used: list[Entry]
) -> Problem:
    """A note on the document where every record used is true to it; else an error of ours."""
    untrue = [one.key for one in used if (one.kind, one.key) not in true]
    if not untrue:
        return note(entry, path, codes[0], f"{message}: {cause}", _PUBLISHED_HINT)
    hint = f"{_OWN_HINT}; not matched to a document: {listed(untrue)}"
    return error(entry, path, codes[1], f"{message}: {cause}", hint)
