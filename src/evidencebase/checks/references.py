"""Every id that a record names must exist, be of the right kind, and be used by something."""

from __future__ import annotations

from collections.abc import Iterator

from rapidfuzz import process

from evidencebase.base import Entry
from evidencebase.checks.context import Context, error
from evidencebase.model.records import (
    Claim,
    Conclusion,
    Estimate,
    Finding,
    Indicator,
    Population,
    Record,
    Response,
    Study,
)
from evidencebase.model.values import Path
from evidencebase.problems import Place, Problem, Severity

_CODES = {
    "measures": "reference-measure",
    "groups": "reference-group",
    "places": "reference-place",
    "documents": "reference-document",
    "studies": "reference-study",
}


def check_references(context: Context) -> Iterator[Problem]:
    """Unknown studies, documents, groups, measures, places, and records named by other records."""
    base = context.base
    known: dict[str, set[str]] = {
        "measures": set(base.vocabulary.measures),
        "groups": set(base.vocabulary.groups),
        "places": set(base.vocabulary.places),
        "documents": set(base.documents),
    }
    for kind, key in base.entries:
        known.setdefault(kind, set()).add(key)
    for entry in base.entries.values():
        for path, kinds, name in _named(entry):
            if name is not None and not any(name in known.get(kind, ()) for kind in kinds):
                yield _unknown(entry, path, kinds, name, known)


def check_vocabulary(context: Context) -> Iterator[Problem]:
    """Broader groups and places, complements and comparable measures that do not exist, or go in a circle."""
    vocabulary = context.base.vocabulary
    for kind in ("groups", "places"):
        table = getattr(vocabulary, kind)
        for item in table.values():
            place = context.base.vocabulary_places[kind, item.id]
            for broader in (*item.broader, *getattr(item, "excludes", [])):
                if broader not in table:
                    yield _vocabulary(place, item.id, f"{broader} is none of the {kind}")
            if any(item.id in vocabulary.ancestors(kind, other) for other in item.broader if other in table):
                yield _vocabulary(place, item.id, f"{item.id} is broader than itself")
    for measure in vocabulary.measures.values():
        place = context.base.vocabulary_places["measures", measure.id]
        for other in filter(None, (measure.complement_of, *measure.comparable_with)):
            if other not in vocabulary.measures:
                yield _vocabulary(place, measure.id, f"{other} is none of the measures")


def check_sources(context: Context) -> Iterator[Problem]:
    """Documents and studies without a bibliographic entry; documents that no record was read from."""
    base = context.base
    keys = {entry.key for entry in base.bibliography.entries} if base.bibliography else set()
    used = {anchor.document for entry in base.entries.values() for _, anchor, _ in entry.record.anchored()}
    for key, place in base.document_places.items():
        if key not in keys:
            hint = f"add an entry with the key {key} to evidence/sources.bib"
            yield Problem(Severity.ERROR, "reference-source", place, f"{key} has no bibliographic entry", hint, key)
        if key not in used:
            hint = "extract its records, or remove it"
            yield Problem(Severity.WARNING, "reference-unused", place, f"no record was read from {key}", hint, key)
    cited = {getattr(entry.record, "study", None) for entry in base.entries.values()}
    cited |= {study.supersedes for study in base.studies.values()}
    for entry in base.of("studies"):
        if entry.key not in keys:
            hint = f"add an entry with the key {entry.key} to evidence/sources.bib"
            yield error(entry, ("key",), "reference-source", f"{entry.key} has no bibliographic entry", hint)
        if entry.key not in cited:
            message = f"no record credits {entry.key}"
            place = entry.place(("key",))
            yield Problem(Severity.WARNING, "reference-unused", place, message, "credit it or remove it", entry.key)


def _named(entry: Entry) -> Iterator[tuple[Path, tuple[str, ...], str | None]]:
    """Every id a record names: its path, the kinds it may be of, and the id."""
    record = entry.record
    for name, kind in (("measure", "measures"), ("group", "groups"), ("than", "groups"), ("place", "places"),
                       ("study", "studies")):  # fmt: skip
        yield (name,), (kind,), getattr(record, name, None)
    for path, anchor, _ in record.anchored():
        yield (*path, "document"), ("documents",), anchor.document
    for index, link in enumerate(record.links):
        yield ("links", index, "to"), (entry.kind,), link.to
    yield from _own(record)


_JUDGED = ("findings", "claims", "estimates", "populations")
_LISTS: dict[type[Record], dict[str, tuple[str, ...]]] = {
    Claim: {"findings": _JUDGED},
    Conclusion: {"supports": _JUDGED, "disputes": _JUDGED},
    Response: {"groups": ("groups",), "rests_on": ("conclusions",), "findings": _JUDGED},
}
_NAMES: dict[type[Record], tuple[tuple[Path, str], ...]] = {
    Finding: ((("comparator", "group"), "groups"),),
    Estimate: ((("finding",), "findings"), (("population",), "populations")),
    Indicator: ((("finding",), "findings"),),
    Study: ((("supersedes",), "studies"), (("universe", "place"), "places"), (("universe", "group"), "groups")),
}


def _own(record: Record) -> Iterator[tuple[Path, tuple[str, ...], str | None]]:
    """The ids that only one type of record names."""
    for path, kind in _NAMES.get(type(record), ()):
        value: object = record
        for step in path:
            value = getattr(value, str(step), None)
        yield path, (kind,), value if isinstance(value, str) else None
    for name, kinds in _LISTS.get(type(record), {}).items():
        for index, key in enumerate(getattr(record, name)):
            yield (name, index), kinds, key
    if isinstance(record, Estimate | Population) and record.total:
        kind = "estimates" if isinstance(record, Estimate) else "populations"
        for index, part in enumerate(record.total.parts):
            yield ("total", "parts", index), (kind,), part


def _unknown(entry: Entry, path: Path, kinds: tuple[str, ...], name: str, known: dict[str, set[str]]) -> Problem:
    names = sorted({each for kind in kinds for each in known.get(kind, ())})
    best = process.extractOne(name, names, score_cutoff=60)
    hint = f"did you mean {best[0]}?" if best else f"add it to the {kinds[0]}, or name one that is there"
    field = ".".join(str(step) for step in path)
    message = f"{field}: {name} is none of the {' or '.join(kinds)} of this base"
    return error(entry, path, _CODES.get(kinds[0], "reference-record"), message, hint)


def _vocabulary(place: Place, key: str, message: str) -> Problem:
    return Problem(Severity.ERROR, "reference-vocabulary", place, message, "mend it in schema/", key)
