"""The rows of every table, made from the records, the lock and the checks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from evidencebase.base import Base, Entry
from evidencebase.certainty import certainty_level
from evidencebase.chain import passage_words
from evidencebase.citing.formats import entry_to_csl, to_bibtex
from evidencebase.problems import Problem
from evidencebase.provenance.lock import Lock
from evidencebase.provenance.seal import Reviews, Status, sealed
from evidencebase.records import (
    Anchor,
    Claim,
    Conclusion,
    Estimate,
    Figure,
    Finding,
    Indicator,
    Population,
    Response,
    Study,
)
from evidencebase.wording import figure, interval, label, statement, title

Row = dict[str, Any]
SINGULAR = {
    "findings": "finding",
    "claims": "claim",
    "populations": "population",
    "estimates": "estimate",
    "conclusions": "conclusion",
    "responses": "response",
    "indicators": "indicator",
    "studies": "study",
}


@dataclass(frozen=True)
class Selection:
    """What goes into the database: the entries let in, their status, and the lock that vouches for them."""

    base: Base
    entries: list[Entry]
    reviews: Reviews
    lock: Lock
    problems: list[Problem]

    def of(self, kind: str) -> Iterator[Entry]:
        """The entries of one kind that are let in, by id."""
        return (entry for entry in self.entries if entry.kind == kind)

    @cached_property
    def _ids(self) -> set[tuple[str, str]]:
        return {(entry.kind, entry.key) for entry in self.entries}

    def has(self, kind: str, key: str | None) -> bool:
        """Whether an id is that of an entry let in."""
        return (kind, key) in self._ids


def all_rows(selection: Selection) -> Iterator[tuple[str, Iterator[Row]]]:
    """Every table with its rows, referred-to tables first."""
    for table, maker in _MAKERS.items():
        yield table, maker(selection)


def _sources(selection: Selection) -> Iterator[Row]:
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
            "csl_json": _json(csl),
        }


def _name(name: dict[str, str]) -> str:
    given = f", {name['given']}" if name.get("given") else ""
    return name.get("literal") or f"{name.get('non-dropping-particle', '')} {name.get('family', '')}{given}".strip()


def _documents(selection: Selection) -> Iterator[Row]:
    base = selection.base
    for document in sorted(base.documents.values(), key=lambda each: each.key):
        rendition = document.renditions[0] if document.renditions else None
        yield {
            "key": document.key,
            "title": label(base, "documents", document.key),
            "source": document.key if base.bibliography and document.key in base.bibliography else None,
            "url": document.url,
            "licence": document.licence,
            "media_type": rendition.media_type if rendition else None,
            "sha256": rendition.sha256 if rendition else None,
            "retracted": document.retracted.reason if document.retracted else None,
        }


def _vocabulary(kind: str) -> Callable[[Selection], Iterator[Row]]:
    def rows(selection: Selection) -> Iterator[Row]:
        for item in sorted(getattr(selection.base.vocabulary, kind).values(), key=lambda each: each.id):
            fields = item.model_dump(mode="json", by_alias=True)
            yield {name: _listed(value) for name, value in fields.items()}

    return rows


def _studies(selection: Selection) -> Iterator[Row]:
    base = selection.base
    for entry in selection.of("studies"):
        study = entry.record
        if not isinstance(study, Study):
            continue
        rule = base.vocabulary.rubric.grade(study) if base.vocabulary.rubric else None
        yield {
            "key": study.key,
            "label": study.label or title(base, study.key) or study.key,
            "source": study.key if base.bibliography and study.key in base.bibliography else None,
            "design": study.design,
            "ages": study.universe.ages,
            "place": study.universe.place,
            "setting": study.universe.setting,
            "mode": study.mode,
            "fieldwork": study.fieldwork,
            "weighted": _flag(study.weighted),
            "n": _integer(study.size.n),
            "supersedes": study.supersedes if selection.has("studies", study.supersedes) else None,
            "strength": study.strength,
            "strength_reason": rule.reason if rule else None,
            "alternative": study.debatable.alternative if study.debatable else None,
            "alternative_because": study.debatable.because if study.debatable else None,
            "retracted": study.retracted.reason if study.retracted else None,
            **_life(selection, entry, digest=False),
        }


def _appraisals(selection: Selection) -> Iterator[Row]:
    for entry in selection.of("studies"):
        for name in ("conductor", "commissioner", "funder", "sampling", "size"):
            judgement = getattr(entry.record, name)
            if judgement is None:
                continue
            kind = getattr(judgement, "kind", None) or getattr(judgement, "professional", None)
            value = judgement.value
            yield {"study": entry.key, "field": name, "value": value, "kind": kind, "basis": judgement.basis}


def _findings(selection: Selection) -> Iterator[Row]:
    base = selection.base
    for entry in selection.of("findings"):
        record = entry.record
        if not isinstance(record, Finding):
            continue
        against = record.comparator
        unit = base.unit(entry)
        yield {
            "id": record.id,
            "statement": statement(entry, base),
            "statistic": record.statistic,
            **_subject(record),
            **_value(record.value),
            "low": _real(record.range.low if record.range else None),
            "high": _real(record.range.high if record.range else None),
            "unit": unit,
            "qualifier": record.qualifier,
            "n": _integer(record.n),
            "weighted": _flag(record.weighted),
            "interval_lower": _real(record.interval.lower if record.interval else None),
            "interval_upper": _real(record.interval.upper if record.interval else None),
            "interval_confidence": _real(record.interval.confidence if record.interval else None),
            "interval_method": record.interval.method if record.interval else None,
            "precision": interval(record, unit),
            "comparator_group": against.group if against else None,
            "comparator_outcome": against.outcome if against else None,
            "comparator_adjusted_for": _listed(against.adjusted_for) if against else None,
            "comparator_horizon": against.horizon if against else None,
            "comparator_price_year": against.price_year if against else None,
            "study": record.study,
            "document": _document(entry),
            "strength": _strength(base, record.study),
            "attribution": record.attribution,
            "credited_as": record.credited_as,
            "attribution_reason": record.attribution_reason,
            "secondary": int(all(anchor.document != record.study for anchor in record.anchors)),
            **_life(selection, entry),
        }


def _readable(selection: Selection) -> Iterator[Row]:
    base = selection.base
    for entry in selection.of("findings"):
        record = entry.record
        if not isinstance(record, Finding):
            continue
        yield {
            "id": record.id,
            "statement": statement(entry, base),
            "figure": figure(entry, base),
            "group": label(base, "groups", record.group) or None,
            "measure": label(base, "measures", record.measure),
            "place": label(base, "places", record.place) or None,
            "period": record.period,
            "strength": _strength(base, record.study),
            "precision": interval(record, base.unit(entry)),
            "study": label(base, "studies", record.study) or None,
            "document": label(base, "documents", _document(entry)) or None,
            "passage": next((words for anchor in record.anchors if (words := passage_words(base, anchor))), None),
            "caveats": "; ".join(record.caveats) or None,
        }


def _claims(selection: Selection) -> Iterator[Row]:
    base = selection.base
    for entry in selection.of("claims"):
        record = entry.record
        if not isinstance(record, Claim):
            continue
        yield {
            "id": record.id,
            "statement": statement(entry, base),
            "kind": record.kind,
            **_subject(record),
            "than": record.than,
            "direction": record.direction,
            "significance": record.significance,
            "adjusted_for": _listed(record.adjusted_for),
            "study": record.study,
            "document": _document(entry),
            "strength": _strength(base, record.study),
            "attribution": record.attribution,
            **_life(selection, entry),
        }


def _populations(selection: Selection) -> Iterator[Row]:
    for entry in selection.of("populations"):
        record = entry.record
        if not isinstance(record, Population):
            continue
        yield {
            "id": record.id,
            "statement": statement(entry, selection.base),
            "group": record.group,
            "place": record.place,
            "period": record.period,
            "unit": record.unit,
            **_value(record.value),
            "qualifier": record.qualifier,
            "definition": record.definition,
            "includes": _listed(record.includes),
            "excludes": _listed(record.excludes),
            "parts": _listed(record.total.parts) if record.total else None,
            "study": record.study,
            "document": _document(entry),
            **_life(selection, entry),
        }


def _estimates(selection: Selection) -> Iterator[Row]:
    base = selection.base
    for entry in selection.of("estimates"):
        record = entry.record
        if not isinstance(record, Estimate):
            continue
        finding = base.get(Finding, record.finding)
        population = base.get(Population, record.population)
        yield {
            "id": record.id,
            "statement": statement(entry, base),
            "finding": record.finding,
            "population": record.population,
            "measure": record.measure or (finding.measure if finding else None),
            "group": record.group or (population.group if population else None),
            "place": record.place or (population.place if population else None),
            "period": record.period or (population.period if population else None),
            "unit": base.unit(entry),
            "published": _real(record.value),
            "published_text": str(record.value) if record.value is not None else None,
            "recomputed": _real(rate_times_population(base, record)),
            "parts": _listed(record.total.parts) if record.total else None,
            "override": record.override,
            "strength": _strength(base, finding.study if finding else None),
            "document": _document(entry),
            **_life(selection, entry),
        }


def rate_times_population(base: Base, record: Estimate) -> Decimal | None:
    """An estimate recomputed: its rate in percent times its population; None where either is unknown."""
    rate = base.entries.get(("findings", record.finding or ""))
    population = base.entries.get(("populations", record.population or ""))
    if rate is None or population is None or base.unit(rate) != "percent":
        return None
    value, count = getattr(rate.record, "value", None), getattr(population.record, "value", None)
    return value * count / 100 if value is not None and count is not None else None


def _conclusions(selection: Selection) -> Iterator[Row]:
    for entry in selection.of("conclusions"):
        record = entry.record
        if isinstance(record, Conclusion):
            yield {
                "id": record.id,
                "statement": statement(entry, selection.base),
                "group": record.group,
                "measure": record.measure,
                "direction": record.direction,
                "place": record.place,
                "document": record.stated_in[0].document,
                "certainty": f"certainty: {certainty_level(record.certainty)}",
                **_life(selection, entry),
            }


def _conclusion_support(selection: Selection) -> Iterator[Row]:
    by_id = selection.base.by_id
    for entry in selection.of("conclusions"):
        for role in ("supports", "disputes"):
            for key in getattr(entry.record, role):
                kind = SINGULAR[by_id[key].kind] if key in by_id else "unknown"
                yield {"conclusion": entry.key, "role": role, "record_type": kind, "record_id": key}


def _certainty(selection: Selection) -> Iterator[Row]:
    for entry in selection.of("conclusions"):
        if isinstance(entry.record, Conclusion):
            for name, domain in entry.record.certainty:
                yield {"conclusion": entry.key, "domain": name, "rating": domain.rating, "reason": domain.reason}


def _responses(selection: Selection) -> Iterator[Row]:
    for entry in selection.of("responses"):
        record = entry.record
        if isinstance(record, Response):
            yield {
                "id": record.id,
                "statement": statement(entry, selection.base),
                "kind": record.kind,
                "label": record.label,
                "place": record.place,
                "period": record.period,
                "provider": record.provider,
                "effectiveness": record.effectiveness,
                "document": _document(entry),
                **_life(selection, entry),
            }


def _response_groups(selection: Selection) -> Iterator[Row]:
    for entry in selection.of("responses"):
        for group in getattr(entry.record, "groups", []):
            yield {"response": entry.key, "group": group}


def _indicators(selection: Selection) -> Iterator[Row]:
    for entry in selection.of("indicators"):
        record = entry.record
        if isinstance(record, Indicator):
            yield {
                "id": record.id,
                "statement": statement(entry, selection.base),
                "measure": record.measure,
                "group": record.group,
                "place": record.place,
                "finding": record.finding,
                "data_set": record.data_set,
                "next_release": record.next_release,
                "next_release_as_published": record.next_release_as_published,
                "document": _document(entry),
                **_life(selection, entry),
            }


def _anchors(selection: Selection) -> Iterator[Row]:
    for entry in selection.entries:
        for path, anchor, _ in entry.record.anchored():
            line = selection.lock.vouches(selection.base, entry, path, anchor)
            yield {
                "record_type": SINGULAR[entry.kind],
                "record_id": entry.key,
                "path": ".".join(str(step) for step in path),
                "document": anchor.document,
                "locator": anchor.locator,
                "fragment": passage_words(selection.base, anchor),
                "prefix": anchor.prefix,
                "suffix": anchor.suffix,
                "table_name": anchor.table,
                "table_row": anchor.row,
                "table_column": anchor.column,
                "state": line.state if line else "no-document",
                "line": line.line if line else None,
                "page": line.page if line else None,
                "rendition": line.rendition if line else None,
            }


def _figures(selection: Selection) -> Iterator[Row]:
    """Every published number, one row for each anchor that carries it; both ends of a range are one row."""
    base = selection.base
    for entry in selection.entries:
        unit = base.unit(entry)
        about = _about(base, entry)
        for path, anchor, figures in entry.record.anchored():
            line = selection.lock.vouches(base, entry, path, anchor)
            carried = set(line.figures) if line else set(_named(anchor, figures))
            shared = {
                "record_type": SINGULAR[entry.kind],
                "record_id": entry.key,
                "document": anchor.document,
                "locator": anchor.locator,
                "fragment": passage_words(base, anchor),
                **about,
                "state": line.state if line else "no-document",
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
        "value": _real(value),
        "value_text": text,
        "low": _real(low),
        "high": _real(high),
        "unit": unit,
    }


def _named(anchor: Anchor, figures: list[Figure]) -> list[str]:
    return list(anchor.figures) if anchor.figures else [each.field for each in figures]


def _about(base: Base, entry: Entry) -> Row:
    """Measure, group, place, period, study and strength of a record's figures; an estimate has its finding's."""
    record: Any = entry.record
    finding = base.get(Finding, getattr(record, "finding", None))
    population = base.get(Population, getattr(record, "population", None))
    study = entry.key if entry.kind == "studies" else getattr(record, "study", None)
    study = study or (finding.study if finding and isinstance(record, Estimate) else None)
    return {
        "measure": getattr(record, "measure", None) or (finding.measure if finding else None),
        "group": getattr(record, "group", None) or (population.group if population else None),
        "place": getattr(record, "place", None) or (population.place if population else None),
        "period": getattr(record, "period", None) or (population.period if population else None),
        "study": study,
        "strength": _strength(base, study),
    }


def _links(selection: Selection) -> Iterator[Row]:
    for entry in selection.entries:
        kind = SINGULAR[entry.kind]
        for link in entry.record.links:
            yield _link(kind, entry.key, link.type, kind, link.to, link.because)
        record = entry.record
        if isinstance(record, Study) and record.supersedes:
            yield _link(kind, entry.key, "supersedes", kind, record.supersedes)
        for name, kind_of in (("findings", None), ("rests_on", "conclusion")):
            for key in getattr(record, name, []):
                other = selection.base.by_id.get(key)
                to_kind = kind_of or (SINGULAR[other.kind] if other else "unknown")
                yield _link(kind, entry.key, name.replace("_", "-"), to_kind, key)


def _link(from_type: str, from_id: str, kind: str, to_type: str, to_id: str, because: str | None = None) -> Row:
    return {"from_type": from_type, "from_id": from_id, "type": kind, "to_type": to_type, "to_id": to_id,
            "because": because}  # fmt: skip


def _reviews(selection: Selection) -> Iterator[Row]:
    for review, _ in selection.base.reviews:
        yield {
            "record_id": review.record,
            "reviewer": review.by,
            "reviewed_on": review.on,
            "verdict": review.verdict,
            "value_text": str(review.value) if review.value is not None else None,
            "note": review.note,
            "digest": review.digest,
        }


def _tombstones(selection: Selection) -> Iterator[Row]:
    for entry in sorted(selection.base.entries.values(), key=lambda each: each.key):
        status = selection.reviews.status(entry)
        if status in (Status.WITHDRAWN, Status.SUPERSEDED):
            last = selection.reviews.last(entry)
            by = next((link.from_id for link in _superseders(selection.base, entry)), None)
            reason = last.note if status is Status.WITHDRAWN and last else f"superseded by {by}"
            kind = SINGULAR[entry.kind]
            yield {"record_id": entry.key, "record_type": kind, "status": str(status), "reason": reason}


@dataclass(frozen=True)
class _Superseder:
    from_id: str


def _superseders(base: Base, entry: Entry) -> Iterator[_Superseder]:
    for other in base.of(entry.kind):
        if any(link.type == "supersedes" and link.to == entry.key for link in other.record.links):
            yield _Superseder(other.key)


def _set_asides(selection: Selection) -> Iterator[Row]:
    for item, _ in selection.base.aside:
        yield {"document": item.document, "fragment": item.fragment, "number": item.number, "reason": item.reason}


def _coverage(selection: Selection) -> Iterator[Row]:
    for key in sorted(selection.lock.coverage):
        covered = selection.lock.coverage[key]
        yield {
            "document": key,
            "figures": covered.figures,
            "anchored": covered.anchored,
            "set_aside": sum(covered.set_aside.values()),
            "unread": covered.unread,
            "set_aside_by_reason": _json(covered.set_aside),
        }


def _problems(selection: Selection) -> Iterator[Row]:
    for problem in selection.problems:
        yield {
            "severity": str(problem.severity),
            "code": problem.code,
            "record_id": problem.record,
            "message": problem.message,
            "hint": problem.hint,
            "path": problem.path,
            "line": problem.line,
        }


def _subject(record: Finding | Claim) -> Row:
    return {name: getattr(record, name) for name in ("measure", "group", "place", "period")}


def _value(value: Decimal | None) -> Row:
    return {"value": _real(value), "value_text": str(value) if value is not None else None}


def _life(selection: Selection, entry: Entry, *, digest: bool = True) -> Row:
    life = {"caveats": "; ".join(entry.record.caveats) or None, "status": str(selection.reviews.status(entry))}
    return life | ({"digest": sealed(entry).digest} if digest else {})


def _document(entry: Entry) -> str | None:
    anchors = getattr(entry.record, "anchors", [])
    return anchors[0].document if anchors else None


def _strength(base: Base, study: str | None) -> str | None:
    found = base.studies.get(study or "")
    return found.strength if found else None


def _real(value: Decimal | None) -> float | None:
    return float(value) if value is not None else None


def _integer(value: Decimal | None) -> int | None:
    return int(value) if value is not None else None


def _flag(value: bool | None) -> int | None:  # noqa: FBT001
    return int(value) if value is not None else None


def _listed(value: Any) -> Any:
    """Lists of words as one text; everything else as it is."""
    return "; ".join(str(item) for item in value) or None if isinstance(value, list) else value


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


_MAKERS: dict[str, Callable[[Selection], Iterator[Row]]] = {
    "sources": _sources,
    "documents": _documents,
    "places": _vocabulary("places"),
    "groups": _vocabulary("groups"),
    "measures": _vocabulary("measures"),
    "studies": _studies,
    "appraisals": _appraisals,
    "findings": _findings,
    "findings_readable": _readable,
    "claims": _claims,
    "populations": _populations,
    "estimates": _estimates,
    "conclusions": _conclusions,
    "conclusion_support": _conclusion_support,
    "certainty": _certainty,
    "responses": _responses,
    "response_groups": _response_groups,
    "indicators": _indicators,
    "anchors": _anchors,
    "figures": _figures,
    "links": _links,
    "reviews": _reviews,
    "tombstones": _tombstones,
    "set_asides": _set_asides,
    "coverage": _coverage,
    "problems": _problems,
}
