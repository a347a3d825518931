"""Rows of sources, documents, vocabularies and studies."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from evidencebase.bibliography.formats import entry_to_csl, to_bibtex
from evidencebase.database.cells import (
    Row,
    Selection,
    as_json,
    flag,
    integer,
    life_cells,
    listed,
)
from evidencebase.model.records import (
    Study,
)


def sources_rows(selection: Selection) -> Iterator[Row]:
    """A row for every bibliographic entry."""
    bibliography = selection.base.bibliography
    seen: set[str] = set()
    for entry in sorted(bibliography.entries, key=lambda each: each.key) if bibliography else ():
        if entry.key in seen:
            continue
        seen.add(entry.key)
        csl = entry_to_csl(entry)
        yield {
            "key": entry.key,
            "type": entry.type,
            "title": entry.title,
            "authors": "; ".join(_name(name) for name in csl.get("author", [])) or None,
            "year": entry.year,
            "publisher": csl.get("publisher"),
            "doi": entry.doi,
            "url": entry.url,
            "bibtex": to_bibtex([entry]).strip(),
            "csl_json": as_json(csl),
        }


def _name(name: dict[str, str]) -> str:
    given = f", {name['given']}" if name.get("given") else ""
    return name.get("literal") or f"{name.get('non-dropping-particle', '')} {name.get('family', '')}{given}".strip()


def documents_rows(selection: Selection) -> Iterator[Row]:
    """A row for every document."""
    base = selection.base
    for document in sorted(base.documents.values(), key=lambda each: each.key):
        rendition = document.renditions[0] if document.renditions else None
        yield {
            "key": document.key,
            "title": base.label("documents", document.key),
            "source": document.key if base.bibliography and document.key in base.bibliography else None,
            "url": document.url,
            "licence": document.licence,
            "media_type": rendition.media_type if rendition else None,
            "sha256": rendition.sha256 if rendition else None,
            "retracted": document.retracted.reason if document.retracted else None,
        }


def vocabulary_rows(kind: str) -> Callable[[Selection], Iterator[Row]]:
    """The maker of rows for measures, groups or places."""

    def rows(selection: Selection) -> Iterator[Row]:
        for item in sorted(getattr(selection.base.vocabulary, kind).values(), key=lambda each: each.id):
            fields = item.model_dump(mode="json", by_alias=True)
            yield {name: listed(value) for name, value in fields.items()}

    return rows


def studies_rows(selection: Selection) -> Iterator[Row]:
    """A row for every study."""
    base = selection.base
    for entry, study in selection.records(Study):
        rule = base.vocabulary.rubric.grade(study) if base.vocabulary.rubric else None
        yield {
            "key": study.key,
            "label": study.label or base.title(study.key) or study.key,
            "source": study.key if base.bibliography and study.key in base.bibliography else None,
            "design": study.design,
            "ages": study.universe.ages,
            "place": study.universe.place,
            "setting": study.universe.setting,
            "mode": study.mode,
            "fieldwork": study.fieldwork,
            "weighted": flag(study.weighted),
            "n": integer(study.size.n if study.size.anchors else None),
            "supersedes": study.supersedes if selection.has("studies", study.supersedes) else None,
            "strength": study.strength,
            "strength_reason": rule.reason if rule else None,
            "alternative": study.debatable.alternative if study.debatable else None,
            "alternative_because": study.debatable.because if study.debatable else None,
            "retracted": study.retracted.reason if study.retracted else None,
            **life_cells(selection, entry, digest=False),
        }


def appraisals_rows(selection: Selection) -> Iterator[Row]:
    """A row for every judgement of every appraisal."""
    for entry in selection.of("studies"):
        for name in ("conductor", "commissioner", "funder", "sampling", "size"):
            judgement = getattr(entry.record, name)
            if judgement is None:
                continue
            kind = getattr(judgement, "kind", None) or getattr(judgement, "professional", None)
            value = judgement.value
            yield {"study": entry.key, "field": name, "value": value, "kind": kind, "basis": judgement.basis}
