"""What is added to the program is registered in one place; whatever is forgotten is named here."""

from __future__ import annotations

import importlib
import inspect
import keyword
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from fnmatch import fnmatch
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pytest

from evidencebase import bibliography, cli
from evidencebase.base import Base
from evidencebase.bibliography.formats import FORMATS
from evidencebase.citing.statements import _MAKERS
from evidencebase.cli import COMMANDS
from evidencebase.database.cells import Selection
from evidencebase.database.tables import LEFT_OUT, TABLES
from evidencebase.loading import load
from evidencebase.model.anchors import Anchor
from evidencebase.model.kinds import KINDS, RECORDS, VOCABULARY
from evidencebase.model.naming import _naming
from evidencebase.model.values import Model
from evidencebase.provenance.lock import Lock
from evidencebase.provenance.seal import Reviews
from evidencebase.site.pages import HOME, MENU, PAGES, RECORD_PAGES

TEMPLATES = Path(cli.__file__).parents[1] / "site" / "templates" / "evidencebase"
# Templates that are no page of ours: frames, and what Datasette's own pages of our databases look like.
FRAMES = {"_macros", "base", "error", "chart", "table", "row", "query", "database"}
# Modules of the command that are no command, since commands share them.
SHARED = {"console", "loading", "options"}

Step = str | int
Put = Callable[[Any], Base]
Ids = dict[str, list[str]]


# -- every field of a model reaches the database, or is left out for a reason
UNITS = """
- {id: persons, label: people, words: [people], dimension: count}
- {id: percent, label: percent, words: ["%"], dimension: proportion, factor: 1}
"""
CHARACTERISTICS = """
- {id: shift, label: Shift, dimension: occupation, levels: [{id: night, label: nights}]}
- {id: contract, label: Contract, dimension: occupation, levels: [{id: fixed, label: fixed-term}]}
"""
EXCLUDED = "{id: nurses-sleep-badly, because: too few were asked}"
PICTURE = "[{document: northshire-report, page: 1, box: [10, 10, 20, 20], reads: '4,210'}]"
MEASURE = """
- {id: naps, label: Naps, construct: sleep, unit: percent, phrase: nap on most days}
"""


def options(annotation: Any) -> Iterator[Any]:
    """The types a field may be of, without Optional and Annotated."""
    if get_origin(annotation) is Annotated:
        yield from options(get_args(annotation)[0])
    elif get_origin(annotation) in (Union, UnionType):
        for each in get_args(annotation):
            yield from options(each)
    elif annotation is not NoneType:
        yield annotation


def another(annotation: Any, value: Any = None) -> Any:
    """A value of a type that is not the one given."""
    wanted = next(options(annotation))
    if isinstance(wanted, type) and issubclass(wanted, Model):
        fields = {name: another(field.annotation) for name, field in wanted.model_fields.items() if field.is_required()}
        return wanted.model_construct(**fields)
    made: dict[Any, Callable[[], Any]] = {
        list: lambda: [another(get_args(wanted)[0])],
        dict: lambda: {another(get_args(wanted)[0]): another(get_args(wanted)[1])},
        Literal: lambda: next(each for each in get_args(wanted) if each != value),
        bool: lambda: not value,
        int: lambda: (value or 6) + 1,
        Decimal: lambda: (value or Decimal(17)) + 1,
    }
    return made.get(get_origin(wanted) or wanted, lambda: f"{value or 'some'}-other")()


def changes(item: Model, kind: str, ids: Ids, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Model, Model]]:
    """An entry with each of its fields changed, one at a time, however deep: the field, without, and with the change.

    An id that names another entry becomes that of one that is there: an unknown one would stop the build. Anchors are
    all alike, wherever they stand.
    """
    naming = {attribute: kinds or (kind,) for attribute, _, kinds in _naming(type(item)) if kinds is not None}
    for name, field in type(item).model_fields.items():
        value = getattr(item, name)
        inner = next(options(field.annotation))
        listed = get_origin(inner) is list
        model = next(options(get_args(inner)[0])) if listed else inner
        if isinstance(model, type) and issubclass(model, Model):
            made = value or another(field.annotation)
            below = ("anchor",) if model is Anchor else (*path, name)
            for inside, *both in changes(made[0] if listed else made, kind, ids, below):
                yield inside, *(item.model_copy(update={name: [each, *made[1:]] if listed else each}) for each in both)
            continue
        new = another(field.annotation, value)
        if name in naming:
            there = [key for each in naming[name] for key in ids[each] if value not in (key, [key])]
            new = there[:1] if listed else there[0]
        yield ".".join((*path, name)), item, item.model_copy(update={name: new})


def contents(base: Base) -> dict[str, list[Any]]:
    """Every row of the database, but for what it was built from."""
    selection = Selection(base, list(base.entries.values()), Reviews(base), Lock(), [])
    made = {table: list(table.rows(selection)) for table in TABLES if table.rows}
    odd = {table.name: set(row) ^ set(table.written) for table, rows in made.items() for row in rows}
    assert {name: columns for name, columns in odd.items() if columns} == {}, (
        "a column without a value, or without a column"
    )
    # A digest is of all that has a meaning: it tells that something changed, and says nothing of what it is now.
    return {
        table.name: [[value for name, value in row.items() if name != "digest"] for row in rows]
        for table, rows in made.items()
    }


def entries(base: Base) -> Iterator[tuple[str, Model, Put]]:
    """Every entry with its kind, and how the base becomes one in which it is changed."""
    for (kind, key), entry in base.entries.items():
        yield (
            kind,
            entry.record,
            lambda record, kind=kind, key=key, entry=entry: replace(
                base, entries={**base.entries, (kind, key): replace(entry, record=record)}
            ),
        )
    for kind in VOCABULARY:
        for key, term in base.vocabulary.terms(kind).items():
            yield (
                kind,
                term,
                lambda changed, kind=kind, key=key: replace(
                    base,
                    vocabulary=base.vocabulary.model_copy(update={kind: {**base.vocabulary.terms(kind), key: changed}}),
                ),
            )
    for key, document in base.documents.items():
        yield "documents", document, lambda changed, key=key: replace(base, documents={**base.documents, key: changed})


def lost(base: Base) -> set[str]:
    """The fields that no change of any entry brings into the database, as `kind.field`."""
    found: dict[str, bool] = {}
    ids = {kind: [entry.key for entry in base.of(kind)] for kind in RECORDS}
    ids |= {kind: list(base.vocabulary.terms(kind)) for kind in VOCABULARY} | {"documents": list(base.documents)}
    for kind, item, put in entries(base):
        for field, without, changed in changes(item, kind, ids):
            name = field if field.startswith("anchor.") else f"{kind}.{field}"
            if field != KINDS[kind].key and found.get(name, True):
                found[name] = contents(put(without)) == contents(put(changed))
    return {name for name, is_lost in found.items() if is_lost}


@pytest.fixture
def whole(base) -> Base:
    """A base with two entries of every kind, so that whatever names one can name another."""
    anchor = '[{document: northshire-report, fragment: "The survey asked 4,210 people"}]'
    named = "measure: sleeps-badly, group: nurses"
    base.write("schema/measures.yml", base.read("schema/measures.yml") + MEASURE)
    base.write(
        "schema/places.yml", base.read("schema/places.yml") + "- {id: millbrook, label: Millbrook, type: town}\n"
    )
    base.write("evidence/documents.yml", base.read("evidence/documents.yml") + "- {key: shift-work-survey-2021}\n")
    base.write(
        "evidence/studies.yml", base.read("evidence/studies.yml") + "- {key: northshire-report, strength: weak}\n"
    )
    base.write("schema/units.yml", UNITS)
    base.write("schema/characteristics.yml", CHARACTERISTICS)
    part = "document: northshire-report, from: Sleep in Northshire, to: The survey asked 4, gives: {place: northshire}"
    base.write("evidence/contexts.yml", "".join(f"- {{id: x{n}, {part}, anchors: {anchor}}}\n" for n in (1, 2)))
    base.write("evidence/claims/more.yml", f"- {{id: d, kind: definition, says: what it is, anchors: {anchor}}}\n")
    base.write("evidence/indicators.yml", f"- {{id: i, {named}, data_set: the yearly survey, anchors: {anchor}}}\n"
               f"- {{id: j, {named}, data_set: the other survey, anchors: {PICTURE}}}\n")  # fmt: skip
    for folder, text in (
        ("conclusions", f"{named}, direction: higher, supports: [nurses-sleep-badly], stated_in: {anchor}"),
        ("bodies", f"question: {{type: prevalence, constructs: [sleep], group: nurses}}, excludes: [{EXCLUDED}]"),
        ("responses", f"kind: service, label: a nap room, anchors: {anchor}"),
    ):
        base.write(f"evidence/{folder}/more.yml", "".join(f"- {{id: {folder[0]}{n}, {text}}}\n" for n in (1, 2)))
    loaded, problems = load(base.folder)
    assert problems == []
    return loaded


def test_every_field_reaches_the_database_or_is_left_out_for_a_reason(whole):
    missing = lost(whole)
    untold = [name for name in missing if not any(fnmatch(name, pattern) for pattern in LEFT_OUT)]
    assert sorted(untold) == [], "give it a column in database/, or a reason in LEFT_OUT"
    stale = [pattern for pattern in LEFT_OUT if not any(fnmatch(name, pattern) for name in missing)]
    assert stale == [], "it reaches the database: take it from LEFT_OUT"
    assert all(len(reason) > 10 for reason in LEFT_OUT.values())


# -- a kind, a format, a page, a command


def test_every_kind_of_record_has_its_statement():
    assert set(_MAKERS) == set(RECORDS.values())


def test_every_kind_has_its_page():
    assert set(KINDS) - set(RECORD_PAGES) == {"sources", "units", "characteristics"}, "these have Datasette's own"


def test_every_template_is_that_of_a_registered_page():
    named = {HOME.name, *PAGES, *(page.template for page in RECORD_PAGES.values())}
    assert {file.stem for file in TEMPLATES.glob("*.html")} - FRAMES == named


def test_every_page_of_the_base_can_be_reached_from_every_other():
    assert set(PAGES) - set(MENU) == {"search"}, "search has its own form at the top"


def modules(package: Any) -> list[str]:
    return [module.name for module in pkgutil.iter_modules(package.__path__)]


def test_every_writer_of_bibliographies_is_a_format():
    writers = {
        f"{function.__module__}.{function.__name__}"
        for name in modules(bibliography)
        for key, function in vars(importlib.import_module(f"{bibliography.__name__}.{name}")).items()
        if key.startswith("to_")
        and inspect.signature(function).return_annotation == "str"
        and "Iterable[Entry]" in str(inspect.signature(function))
    }
    assert writers == {f"{each.write.__module__}.{each.write.__name__}" for each in FORMATS.values()}


def test_every_module_of_the_command_is_a_registered_command_and_says_so_first():
    names = {name: f"{name}_" if keyword.iskeyword(name) else name for name in COMMANDS}
    assert set(modules(cli)) - SHARED == set(names.values())
    for name, module in names.items():
        found = importlib.import_module(f"{cli.__name__}.{module}")
        assert found.__doc__.startswith(f"`evidence {name}`: "), name
        assert found.command.name == name
        assert found.command.epilog.startswith(f"Example: evidence {name}"), name
