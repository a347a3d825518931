"""The kinds of entry a base holds: one row each. Whatever lists kinds reads from here."""

from __future__ import annotations

from dataclasses import dataclass

from evidencebase.model.ledger import Document
from evidencebase.model.records import (
    Body,
    Claim,
    Conclusion,
    Context,
    Estimate,
    Finding,
    Indicator,
    Population,
    Record,
    Response,
    Study,
)
from evidencebase.model.values import Model
from evidencebase.model.vocabulary import Characteristic, Group, Measure, PlaceEntry, Term, Unit


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of entry: `findings`, one of which is a `finding`.

    `name` is its plural, and its table in the database. `place` is where it stands in a base: a YAML file, or a
    folder of them, which ends with a slash. `model` is None for what is read as something else than YAML. `key` is
    the field that holds its id. `label` is the column that says what people call one.
    """

    name: str
    one: str
    place: str
    model: type[Model] | None
    key: str = "id"
    label: str = "statement"


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("findings", "finding", "evidence/findings/", Finding),
        Kind("claims", "claim", "evidence/claims/", Claim),
        Kind("populations", "population", "evidence/populations/", Population),
        Kind("estimates", "estimate", "evidence/estimates/", Estimate),
        Kind("bodies", "body", "evidence/bodies/", Body),
        Kind("conclusions", "conclusion", "evidence/conclusions/", Conclusion),
        Kind("responses", "response", "evidence/responses/", Response),
        Kind("indicators", "indicator", "evidence/indicators.yml", Indicator),
        Kind("contexts", "context", "evidence/contexts.yml", Context),
        Kind("studies", "study", "evidence/studies.yml", Study, key="key", label="label"),
        Kind("documents", "document", "evidence/documents.yml", Document, key="key", label="title"),
        Kind("measures", "measure", "schema/measures.yml", Measure, label="label"),
        Kind("groups", "group", "schema/groups.yml", Group, label="label"),
        Kind("places", "place", "schema/places.yml", PlaceEntry, label="label"),
        Kind("units", "unit", "schema/units.yml", Unit, label="label"),
        Kind("characteristics", "characteristic", "schema/characteristics.yml", Characteristic, label="label"),
        Kind("sources", "source", "evidence/sources.bib", None, key="key", label="title"),
    )
}
RECORDS: dict[str, type[Record]] = {
    kind.name: kind.model for kind in KINDS.values() if kind.model is not None and issubclass(kind.model, Record)
}
"""The models of the kinds that are records, which are anchored, reviewed and sealed."""
VOCABULARY: dict[str, type[Term]] = {
    kind.name: kind.model for kind in KINDS.values() if kind.model is not None and issubclass(kind.model, Term)
}
"""The models of the kinds that make up the vocabulary; `Vocabulary` has a field for each."""
BY_ONE: dict[str, Kind] = {kind.one: kind for kind in KINDS.values()}
"""Every kind by the name of one of it, as the database and loader specs write it."""
