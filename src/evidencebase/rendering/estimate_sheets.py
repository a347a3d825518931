"""Estimates as tables to hand on: every row with its source, its grades and its limits, and footnotes."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

from evidencebase.checks.fit import RULES
from evidencebase.citing.statements import statement
from evidencebase.rendering.sheet import Cell, Sheet
from evidencebase.rules.applicability import LEVELS

if TYPE_CHECKING:
    from evidencebase.answers.local import LocalRow, LocalTable
    from evidencebase.answers.recomputing import Recomputed, RecomputedRow, RecomputedTotal
    from evidencebase.base import Base

_AGREES = {True: "yes", False: "no", None: "not published"}
LOCAL_COLUMNS = (
    "group",
    "population",
    "unit",
    "population period",
    "rate (percent)",
    "rate of",
    "rate period",
    "expected number",
    "applicability",
    "applicability lowered by",
    "lower",
    "upper",
    "precision",
    "source strength",
    "statement",
    "finding",
    "document",
    "study",
    "chosen because",
    "override",
    "reviewed",
    "interval covers",
)
PAGE_COLUMNS = (
    "group",
    "population",
    "rate (percent)",
    "rate of",
    "expected number",
    "applicability",
    "applicability lowered by",
    "precision",
    "source strength",
    "statement",
    "finding",
    "document",
    "override",
)
RECOMPUTED_COLUMNS = (
    "estimate",
    "applicability",
    "group",
    "measure",
    "rate (percent)",
    "population",
    "unit",
    "exact",
    "recomputed",
    "published",
    "equal",
    "explanation",
    "applicability lowered by",
    "fit",
    "source strength",
    "finding",
    "population record",
    "table",
    "document",
)


def local_sheet(base: Base, table: LocalTable) -> Sheet:
    """Lay out local estimates with their total, sources, rejected rates and rules of applicability."""
    rows = [_local_row(row) for row in table.rows]
    total = table.total
    cells: dict[str, Cell] = {
        "group": "Total",
        "population": total.count,
        "expected number": total.expected,
        "lower": total.lower,
        "upper": total.upper,
        "statement": total.text,
        "override": table.override if any(row.override for row in table.rows) else None,
    }
    rows.append(tuple(cells.get(name) for name in LOCAL_COLUMNS))
    title = f"{table.measure_label}: expected numbers in {table.place}"
    return Sheet(title, LOCAL_COLUMNS, tuple(rows), local_notes(base, table))


def page_sheet(base: Base, table: LocalTable) -> Sheet:
    """Lay out the same for a page: the columns a reader needs beside each other, the rest in the footnotes."""
    whole = local_sheet(base, table)
    kept = [name for name in PAGE_COLUMNS if name != "override" or table.override]
    places = [LOCAL_COLUMNS.index(name) for name in kept]
    rows = tuple(tuple(row[place] for place in places) for row in whole.rows)
    return Sheet(whole.title, tuple(kept), rows, whole.notes)


def _local_row(row: LocalRow) -> tuple[Cell, ...]:
    source = row.source
    documents = "; ".join(source.document_titles) if source else None
    locators = f" ({', '.join(source.locators)})" if source and source.locators else ""
    cells: dict[str, Cell] = {
        "group": row.label,
        "population": row.count,
        "unit": row.unit,
        "population period": row.period,
        "statement": row.statement,
        "chosen because": row.reason,
        "override": row.override,
        "expected number": row.expected,
        "lower": row.lower,
        "upper": row.upper,
        "precision": row.precision or None,
        "source strength": row.source_strength or None,
        "applicability": row.applicability or None,
        "applicability lowered by": "; ".join(each.because for each in row.lowered) or None,
        "interval covers": row.interval_covers or None,
    }
    if source:
        cells |= {
            "rate (percent)": source.rate,
            "rate of": f"{source.group}, {source.place}",
            "rate period": source.period or "not stated",
            "finding": source.finding,
            "document": f"{documents}{locators}",
            "study": source.study,
            "reviewed": "yes" if source.reviewed else "no",
        }
    return tuple(cells.get(name) for name in LOCAL_COLUMNS)


def local_notes(base: Base, table: LocalTable) -> tuple[str, ...]:
    """Give the footnotes: what the numbers are, each source, each rate that was not used, the rules."""
    notes = list(table.notes)
    if table.override:
        notes.append(f"Rates that do not fit were used where none fits, for this reason: {table.override}.")
    cited = dict.fromkeys(row.source.finding for row in table.rows if row.source)
    notes += [_cited(base, table, key) for key in cited]
    notes += [_choice(row) for row in table.rows]
    rules = "; ".join(RULES.values())
    notes.append(f"Applicability starts at {LEVELS[0]} and falls a step ({', '.join(LEVELS)}) for each of: {rules}.")
    return tuple(notes)


def _choice(row: LocalRow) -> str:
    listed = "; ".join(f"{each.id} ({each.reason})" for each in row.rejected)
    chosen = f"{row.source.finding}, {row.reason}" if row.source else f"refused, {row.reason}"
    return f"Rate for {row.label}: {chosen}." + (f" Not used: {listed}." if listed else "")


def _cited(base: Base, table: LocalTable, key: str) -> str:
    source = next(row.source for row in table.rows if row.source and row.source.finding == key)
    documents = "; ".join(source.document_titles)
    where = f" ({', '.join(source.locators)})" if source.locators else ""
    caveats = f" Note: {'; '.join(source.caveats)}." if source.caveats else ""
    words = statement(base.entries["findings", key], base)
    return f"{key}: {words}. Measured by {source.study}; read in {documents}{where}.{caveats}"


def recomputed_sheet(base: Base, result: Recomputed) -> Sheet:
    """Lay out the base's own estimates, published beside recomputed, then the totals."""
    rows = [_recomputed_row(base, row) for row in result.rows]
    rows += [_total_row(base, total) for total in result.totals]
    return Sheet("Estimates of this base, recomputed", RECOMPUTED_COLUMNS, tuple(rows), recomputed_notes(result))


def recomputed_notes(result: Recomputed) -> tuple[str, ...]:
    """Sum up how many rows and totals agree, and how."""
    notes = [
        f"{result.rows_equal} rows equal, {result.rows_off} off.",
        f"{result.totals_off} totals are not the sum of the rows as printed, {result.totals_explained} explained.",
        "Each number is a rate multiplied by a population: what would be expected if the rate applied.",
        _lowered(result),
    ]
    if result.rounding:
        notes.insert(1, f"The rule of rounding that reproduces the published rows: {result.rounding}.")
    notes += [f"{total.id}: {other}." for total in result.totals for other in total.others]
    return tuple(notes)


def _lowered(result: Recomputed) -> str:
    counted = Counter(rule for row in result.rows for rule in {each.rule for each in row.lowered})
    found = "; ".join(f"{RULES[rule]} (of {counted[rule]})" for rule in RULES if counted[rule])
    starts = f"Applicability starts at {LEVELS[0]} and falls a step ({', '.join(LEVELS)}) for each rule that holds"
    return f"{starts}: {found}." if found else f"{starts}; none does."


def _recomputed_row(base: Base, row: RecomputedRow) -> tuple[Cell, ...]:
    return (
        row.id,
        row.applicability or None,
        row.group,
        row.measure,
        row.rate,
        row.population,
        row.population_unit,
        row.exact.normalize() if row.exact is not None else None,
        row.recomputed,
        row.published,
        _AGREES[row.equal],
        row.explanation,
        "; ".join(each.because for each in row.lowered) or None,
        "; ".join(row.fit) or None,
        row.strength,
        row.finding,
        row.population_id,
        row.table,
        base.label("documents", row.document) if row.document else None,
    )


def _total_row(base: Base, total: RecomputedTotal) -> tuple[Cell, ...]:
    kind = "total" if total.kind == "estimate" else f"total of a {total.kind}"
    exact: Decimal | None = total.of_exact.normalize() if total.of_exact is not None else None
    cells: dict[str, Cell] = {
        "estimate": total.id,
        "applicability": total.applicability or None,
        "group": f"{total.group} ({kind})",
        "exact": exact,
        "recomputed": total.recomputed,
        "published": total.published,
        "equal": _AGREES[None if total.published is None else not total.off],
        "explanation": total.explanation,
        "table": total.table,
        "document": base.label("documents", total.document) if total.document else None,
    }
    return tuple(cells.get(name) for name in RECOMPUTED_COLUMNS)
