"""Where every record stands in its documents, and every number that stands there."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from evidencebase.base import Base, Entry
from evidencebase.database.cells import Row, Selection, real, strength_of
from evidencebase.database.columns import NUMBER, Column, Table
from evidencebase.model.anchors import Anchor, Figure
from evidencebase.model.kinds import KINDS
from evidencebase.model.periods import shown
from evidencebase.model.records import Estimate, Finding, Population, Study
from evidencebase.provenance.lock import remembered
from evidencebase.rules.product import measured


def anchors_rows(selection: Selection) -> Iterator[Row]:
    """A row for every anchor of every record, with what the lock says of it."""
    for entry in selection.entries:
        for path, anchor, _ in entry.record.anchored():
            line = selection.lock.vouches(selection.base, entry, path, anchor)
            yield {
                "record_type": KINDS[entry.kind].one,
                "record_id": entry.key,
                "path": ".".join(str(step) for step in path),
                "document": anchor.document,
                "locator": anchor.locator,
                "fragment": selection.base.passage(anchor),
                "prefix": anchor.prefix,
                "suffix": anchor.suffix,
                "table_name": anchor.table,
                "table_row": anchor.row,
                "table_column": anchor.column,
                "names": ", ".join(anchor.for_ or ()) or None,
                "state": "seen" if anchor.picture else line.state if line else "no-document",
                "line": line.line if line else None,
                "page": line.page if line else anchor.page,
                "matched": remembered(anchor, line),
                "rendition": line.rendition if line else None,
            }


def figures_rows(selection: Selection) -> Iterator[Row]:
    """Every published number, one row for each anchor that carries it; both ends of a range are one row."""
    base = selection.base
    for entry in selection.entries:
        unit = base.unit(entry)
        about = _about(base, entry)
        for path, anchor, figures in entry.record.anchored():
            line = selection.lock.vouches(base, entry, path, anchor)
            carried = set(line.figures) if line else set(_named(anchor, figures))
            shared = {
                "record_type": KINDS[entry.kind].one,
                "record_id": entry.key,
                "document": anchor.document,
                "locator": anchor.locator,
                "fragment": base.passage(anchor),
                **about,
                "state": "seen" if anchor.picture else line.state if line else "no-document",
            }
            yield from ({**shared, **row} for row in _figure_rows(figures, carried, unit))


def _figure_rows(figures: list[Figure], carried: set[str], unit: str | None) -> Iterator[Row]:
    ends = {each.field: each for each in figures if each.field in ("low", "high", "lower", "upper")}
    for low, high, name in (("low", "high", "value"), ("lower", "upper", "interval")):
        if low in carried and high in carried and low in ends and high in ends:
            first, last = ends[low].value, ends[high].value
            text = f"{first} to {last}"
            yield _figure_row(name, None, text, unit, first, last)
    for each in figures:
        if each.field in carried and each.field not in ends:
            yield _figure_row(each.field, each.value, str(each.value), each.unit or unit)


def _figure_row(
    name: str,
    value: Decimal | None,
    text: str,
    unit: str | None,
    low: Decimal | None = None,
    high: Decimal | None = None,
) -> Row:
    return {
        "field": name,
        "value": real(value),
        "value_text": text,
        "low": real(low),
        "high": real(high),
        "unit": unit,
    }


def _named(anchor: Anchor, figures: list[Figure]) -> list[str]:
    if anchor.for_ is not None:
        return []
    return list(anchor.figures) if anchor.figures else [each.field for each in figures]


def _about(base: Base, entry: Entry) -> Row:
    """Measure, group, place, period, study and strength of a record's figures; an estimate has its finding's."""
    own, record = entry.record.about, entry.record
    estimate = record if isinstance(record, Estimate) else None
    finding = base.get(Finding, estimate.finding) if estimate else None
    population = base.get(Population, estimate.population) if estimate else None
    study = entry.key if isinstance(record, Study) else own.study or (finding.study if finding else None)
    return {
        "measure": next(iter(measured(base, estimate)), own.measure) if estimate else own.measure,
        "group": own.group or (population.group if population else None),
        "place": own.place or (population.place if population else None),
        "period": shown(own.period or (population.period if population else None)) or None,
        "study": study,
        "strength": strength_of(base, study),
    }


ANCHORS = Table(
    "anchors",
    "Every place in a document that a record stands on, and whether it was found there.",
    rows=anchors_rows,
    size=50,
    facets=("state", "document", "record_type"),
    indexed=("record_id", "record_type", "document", "state"),
    columns=(
        NUMBER,
        Column("record_type", "TEXT NOT NULL", "Kind of the record"),
        Column("record_id", "TEXT NOT NULL", "Id of the record"),
        Column("path", "TEXT NOT NULL", "Where in the record the anchor stands"),
        Column("document", "TEXT NOT NULL REFERENCES documents(key)", "The document"),
        Column("locator", "TEXT", "Section, table or page, for people"),
        Column("fragment", "TEXT", "The shortest unique words around the figure, or the row of a table"),
        Column("prefix", "TEXT", "Words before it that make it unique"),
        Column("suffix", "TEXT", "Words after it that make it unique"),
        Column("table_name", "TEXT", "The table, for a cell"),
        Column("table_row", "TEXT", "Its row"),
        Column("table_column", "TEXT", "Its column"),
        Column("names", "TEXT", "The fields whose words it carries (study, group.age); none where it carries a figure"),
        Column("state", "TEXT NOT NULL", "exact or folded where the lock says that it was matched, else no-document"),
        Column("line", "INTEGER", "Line of the text where it was found"),
        Column("page", "INTEGER", "Page where it was found"),
        Column("matched", "TEXT NOT NULL", "When it was matched, as the lock remembers it"),
        Column("rendition", "TEXT", "SHA-256 of the file it was found in"),
    ),
)
FIGURES = Table(
    "figures",
    "Every published number, one row for each place it is printed in.",
    rows=figures_rows,
    size=50,
    facets=("record_type", "document", "state", "strength"),
    indexed=(
        "record_id",
        "record_type",
        "document",
        "measure",
        "group",
        "place",
        "period",
        "study",
        "strength",
        "state",
        "field",
    ),
    columns=(
        NUMBER,
        Column("record_type", "TEXT NOT NULL", "Kind of the record"),
        Column("record_id", "TEXT NOT NULL", "Id of the record"),
        Column("field", "TEXT NOT NULL", "Which number of the record, such as value or n"),
        Column("document", "TEXT NOT NULL REFERENCES documents(key)", "The document"),
        Column("locator", "TEXT", "Section, table or page, for people"),
        Column("fragment", "TEXT", "The words that hold it"),
        Column("value", "REAL", "The number, in its unit; percent is 5.5, never 0.055"),
        Column("value_text", "TEXT", "The number with its digits as published"),
        Column("low", "REAL", "Lower end of a range or interval, in the unit"),
        Column("high", "REAL", "Upper end of a range or interval, in the unit"),
        Column("unit", "TEXT", "Its unit"),
        Column("measure", "TEXT REFERENCES measures(id)", "What was measured"),
        Column("group", "TEXT REFERENCES groups(id)", "Of whom"),
        Column("place", "TEXT REFERENCES places(id)", "Where"),
        Column("period", "TEXT", "When"),
        Column("study", "TEXT REFERENCES studies(key)", "Who measured it"),
        Column("strength", "TEXT", "Source strength of the study"),
        Column("state", "TEXT NOT NULL", "exact or folded where the lock says that it was matched, else no-document"),
    ),
)
