"""Every id that a record names must exist, be of the right kind, and be used by something."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from evidencebase.base import Base, Entry
from evidencebase.checks.check import check
from evidencebase.checks.context import Context, error
from evidencebase.checks.lookup import listed
from evidencebase.model.hierarchy import level_ancestors
from evidencebase.model.kinds import VOCABULARY
from evidencebase.model.naming import named
from evidencebase.model.records import Body
from evidencebase.model.values import Path
from evidencebase.model.vocabulary import Characteristic, Group
from evidencebase.problems import Code, Place, Problem, Severity, did_you_mean
from evidencebase.rules import bodies

_BUILT_IN = ("age", "sex")
_CODES = {
    "measures": "reference-measure",
    "groups": "reference-group",
    "places": "reference-place",
    "documents": "reference-document",
    "studies": "reference-study",
    "units": "reference-unit",
    "contexts": "reference-context",
    "bodies": "reference-body",
}


@check(
    Code(
        "reference-unit",
        Severity.ERROR,
        "a unit that is none of schema/units.yml",
        "Units are listed once, with the ways they are printed; a base without that file is not held to it.",
        "unit: percents",
        "unit: percent",
    ),
    Code(
        "reference-context",
        Severity.ERROR,
        "a context that is none of evidence/contexts.yml",
        "A record can only take from a section what the section says.",
        "context: pool-report-9",
        "context: pool-report-2",
    ),
    Code(
        "reference-body",
        Severity.ERROR,
        "a body of evidence that is not there, or an exclusion of what it does not hold",
        "A body is made up by its question; only what answers it can be left out.",
        "rests_on: [{body: swimming-and-drowning, speaks: for}]   # no such body",
        "rests_on: [{body: swimming-and-accidents, speaks: for}]",
    ),
    Code(
        "reference-document",
        Severity.ERROR,
        "an anchor names an unknown document",
        "Without the document there is no passage.",
        "anchors: [{document: millbrook, fragment: 41% can swim}]",
        "anchors: [{document: millbrook-2020, fragment: 41% can swim}]",
    ),
    Code(
        "reference-group",
        Severity.ERROR,
        "an unknown group",
        "Who is meant is defined once, in schema/groups.yml, with age bounds and broader groups.",
        "group: kids",
        "group: children",
    ),
    Code(
        "reference-measure",
        Severity.ERROR,
        "an unknown measure",
        "What is measured is defined once, in schema/measures.yml; two cut-offs are two measures.",
        "measure: swims",
        "measure: can-swim",
    ),
    Code(
        "reference-place",
        Severity.ERROR,
        "an unknown place",
        "Places are defined once, in schema/places.yml, with what they leave out.",
        "place: milbrook",
        "place: millbrook",
    ),
    Code(
        "reference-record",
        Severity.ERROR,
        "a record names another that is not there",
        "An estimate rests on its rate, a conclusion on its findings; the chain must hold.",
        "finding: swim-2018-children",
        "finding: swim-2019-children",
    ),
    Code(
        "reference-study",
        Severity.ERROR,
        "an unknown study",
        "The study is who measured, and carries the strength of the figure.",
        "study: swim-survey",
        "study: swim-survey-2019",
    ),
)
def check_references(context: Context) -> Iterator[Problem]:
    """Unknown studies, documents, groups, measures, places, and records named by other records."""
    base = context.base
    known = {kind: set(base.vocabulary.terms(kind)) for kind in VOCABULARY} | {"documents": set(base.documents)}
    for kind, key in base.entries:
        known.setdefault(kind, set()).add(key)
    for entry in base.entries.values():
        yield from _excluded(context, entry)
        for path, kinds, name in entry.names:
            if _checked(base, kinds) and not any(name in known.get(kind, ()) for kind in kinds):
                yield _unknown(entry, path, kinds, name, known)


@check(
    Code(
        "reference-itself",
        Severity.ERROR,
        "a record names itself, or supersedes itself by way of others",
        "A record that supersedes itself would be replaced by nothing; in a circle none is the newest.",
        "- id: swim-2019-children\n  links: [{type: supersedes, to: swim-2019-children}]",
        "- id: swim-2019-children\n  links: [{type: supersedes, to: swim-2018-children}]",
    ),
)
def check_itself(context: Context) -> Iterator[Problem]:
    """Records that name themselves, by a link or otherwise, and circles of records that supersede each other."""
    base = context.base
    older: dict[str, dict[str, Path]] = {}
    for entry in base.entries.values():
        for path, kinds, name in entry.names:
            if name == entry.key and entry.kind in kinds and not _is_term(base, kinds, name):
                field = ".".join(str(step) for step in path)
                hint = "name the other record, or take it out"
                yield error(entry, path, "reference-itself", f"{field}: {name} names itself", hint)
            elif path[0] == "supersedes" or (
                path[0] == "links" and entry.record.links[int(path[1])].type == "supersedes"
            ):
                older.setdefault(entry.key, {})[name] = path
    while circle := _circle(older):
        for at in range(len(circle)):
            key, name, *between = [*circle[at:], *circle[:at]]
            through = f" by way of {listed(between)}" if between else ""
            message = f"{key} supersedes {name}, which supersedes {key}{through}"
            hint = "keep what the newer record says of the older, and take the other out"
            yield error(base.by_id[key], older[key].pop(name), "reference-itself", message, hint)


def _is_term(base: Base, kinds: tuple[str, ...], name: str) -> bool:
    """Whether an id may be that of an entry of the vocabulary, which can share it with a record."""
    return any(name in base.vocabulary.terms(kind) for kind in kinds if kind in VOCABULARY)


def _circle(older: dict[str, dict[str, Path]]) -> list[str]:
    """Records of which each supersedes the next, and the last the first; empty where there is no circle."""
    try:
        TopologicalSorter(older).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        return circle[:0:-1]
    return []


@check(
    Code(
        "reference-characteristic",
        Severity.ERROR,
        "a group is marked by a characteristic that is not in the vocabulary",
        "Groups are told apart by characteristics and levels that are listed once.",
        "is: {swims: weekly}",
        "is: {swims: weekly}   # and in characteristics.yml: id: swims, with the level weekly",
    ),
    Code(
        "reference-level",
        Severity.ERROR,
        "a group is marked by a level that its characteristic does not have",
        "A level nobody lists is found by no search and compared with nothing.",
        "is: {swims: dayly}",
        "is: {swims: daily}",
    ),
    Code(
        "reference-vocabulary",
        Severity.ERROR,
        "a vocabulary entry names what is not there, or itself",
        "Broader groups and places carry the checks of fit; a circle would make everything fit.",
        "- {id: children, label: children, broader: [pupils]}\n- {id: pupils, label: pupils, broader: [children]}",
        "- {id: children, label: children}\n- {id: pupils, label: pupils, broader: [children]}",
    ),
)
def check_vocabulary(context: Context) -> Iterator[Problem]:
    """Broader groups and places, complements and comparable measures that do not exist, or go in a circle."""
    vocabulary = context.base.vocabulary
    levels = {
        trait.id: dict.fromkeys(each.id for each in trait.levels) for trait in vocabulary.characteristics.values()
    }
    for kind in VOCABULARY:
        for term in vocabulary.terms(kind).values():
            place = context.base.vocabulary_places[kind, term.id]
            others = list(named(kind, term))
            for path, kinds, other in others:
                if other == term.id and kind in kinds:
                    yield _vocabulary(place, term.id, f"{path[0]}: {term.id} names itself", "take it out there")
                elif _checked(context.base, kinds) and not any(other in vocabulary.terms(each) for each in kinds):
                    yield _vocabulary(place, term.id, f"{other} is none of the {' or '.join(kinds)}")
            if isinstance(term, Group):
                yield from _marks(levels, term, place)
            if isinstance(term, Characteristic):
                yield from _levels(term, place)
            above = [other for path, _, other in others if path[0] == "broader"]
            if any(term.id in vocabulary.ancestors(kind, other) for other in above):
                yield _vocabulary(place, term.id, f"{term.id} is broader than itself")


@check(
    Code(
        "reference-source",
        Severity.ERROR,
        "a document or study without a bibliographic entry",
        "A figure is cited with its source; the entry stands in evidence/sources.bib under the same key.",
        "- key: millbrook-2020   # documents.yml, no entry in sources.bib",
        "@report{millbrook-2020, author = {{Millbrook Council}}, title = {Swimming}, year = {2020}}",
    ),
    Code(
        "reference-unused",
        Severity.WARNING,
        "a document nobody read, or a study nobody credits",
        "Either its records are missing, or the entry is left over.",
        "- key: swim-survey-2017   # no record has `study: swim-survey-2017`",
        "Credit it in the records that rest on it, or remove it.",
    ),
)
def check_sources(context: Context) -> Iterator[Problem]:
    """Documents and studies without a bibliographic entry; documents that no record was read from."""
    base = context.base
    keys = {entry.key for entry in base.bibliography.entries} if base.bibliography else set()
    naming = [each for entry in base.entries.values() for each in entry.names if each.path[0] != "links"]
    used = {each.id for each in naming if each.kinds == ("documents",)}
    cited = {each.id for each in naming if each.kinds == ("studies",)}
    for key, place in base.document_places.items():
        if key not in keys:
            hint = f"add an entry with the key {key} to evidence/sources.bib"
            yield Problem(Severity.ERROR, "reference-source", place, f"{key} has no bibliographic entry", hint, key)
        if key not in used:
            hint = "extract its records, or remove it"
            yield Problem(Severity.WARNING, "reference-unused", place, f"no record was read from {key}", hint, key)
    for entry in base.of("studies"):
        if entry.key not in keys:
            hint = f"add an entry with the key {entry.key} to evidence/sources.bib"
            yield error(entry, ("key",), "reference-source", f"{entry.key} has no bibliographic entry", hint)
        if entry.key not in cited:
            message = f"no record credits {entry.key}"
            place = entry.place(("key",))
            yield Problem(Severity.WARNING, "reference-unused", place, message, "credit it or remove it", entry.key)


def _unknown(entry: Entry, path: Path, kinds: tuple[str, ...], name: str, known: dict[str, set[str]]) -> Problem:
    names = sorted({each for kind in kinds for each in known.get(kind, ())})
    hint = did_you_mean(name, names, f"add it to the {kinds[0]}, or name one that is there")
    field = ".".join(str(step) for step in path)
    message = f"{field}: {name} is none of the {' or '.join(kinds)} of this base"
    return error(entry, path, _CODES.get(kinds[0], "reference-record"), message, hint)


def _excluded(context: Context, entry: Entry) -> Iterator[Problem]:
    """Records that a body of evidence leaves out and that would be none of its members."""
    body = context.base.get(Body, entry.key) if entry.kind == "bodies" else None
    members = {member.entry.key for member in bodies.members(context.base, body)} if body else set()
    for index, each in enumerate(body.excludes if body else ()):
        if each.id not in members and each.id in context.base.by_id:
            message = f"excludes: {each.id} does not answer the question, so there is nothing to leave out"
            yield error(
                entry, ("excludes", index, "id"), "reference-body", message, "take it out, or mend the question"
            )


def _marks(known: Mapping[str, Collection[str]], group: Group, place: Place) -> Iterator[Problem]:
    """Characteristics and levels of a group that the vocabulary does not have; `known` are the levels of each."""
    for name, wanted in group.is_.items():
        if name in _BUILT_IN:
            continue
        if name not in known:
            hint = did_you_mean(name, [*_BUILT_IN, *known], "add it to schema/characteristics.yml")
            message = f"is: {name} is none of the characteristics"
            yield Problem(Severity.ERROR, "reference-characteristic", place, message, hint, group.id)
            continue
        for level in [wanted] if isinstance(wanted, str) else wanted:
            if level not in known[name]:
                hint = did_you_mean(level, known[name], f"add it to the levels of {name}")
                message = f"is: {level} is none of the levels of {name}"
                yield Problem(Severity.ERROR, "reference-level", place, message, hint, group.id)


def _levels(trait: Characteristic, place: Place) -> Iterator[Problem]:
    """Levels that lie within one that is not there, or within themselves."""
    levels = {level.id for level in trait.levels}
    above = level_ancestors({trait.id: trait})
    for level in trait.levels:
        for name in level.broader:
            if name not in levels:
                hint = did_you_mean(name, sorted(levels), f"add it to the levels of {trait.id}")
                message = f"broader: {name} is none of the levels of {trait.id}"
                yield Problem(Severity.ERROR, "reference-level", place, message, hint, trait.id)
            elif name == level.id or level.id in above.get((trait.id, name), ()):
                yield _vocabulary(place, trait.id, f"{level.id} is broader than itself")


def _checked(base: Base, kinds: tuple[str, ...]) -> bool:
    """Whether names of these kinds are held to a list: units only where the base has one."""
    return kinds != ("units",) or bool(base.vocabulary.units)


def _vocabulary(place: Place, key: str, message: str, hint: str = "mend it in schema/") -> Problem:
    return Problem(Severity.ERROR, "reference-vocabulary", place, message, hint, key)
