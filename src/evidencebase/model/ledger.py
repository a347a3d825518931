"""The books a knowledge base keeps beside its records: documents, numbers set aside, and reviews."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from evidencebase.model.content import digest
from evidencebase.model.naming import DocumentKey, GroupId, MeasureId, PlaceId, StudyKey
from evidencebase.model.records import Retraction
from evidencebase.model.values import Fragment, Id, Model, Period, Text


class Rendition(Model):
    """One file of a document: its name in the documents folder and what it must hash to."""

    file: Annotated[str, Field(min_length=1, max_length=200)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    media_type: Literal["text/plain", "application/pdf"] = "text/plain"
    extractor: Text | None = None


class Meant(Model):
    """What a word means in one document: "the county" there is a place, "the survey" a study."""

    place: PlaceId | None = None
    study: StudyKey | None = None
    group: GroupId | None = None
    measure: MeasureId | None = None


class Document(Model):
    """What was read. Its bibliographic entry stands in sources.bib under the same key.

    `words` say what "the county", "the survey" or "we" mean in it.
    """

    key: Id
    title: Text | None = None
    publisher: Text | None = None
    date: Period | None = None
    words: dict[Text, Meant] = {}
    renditions: list[Rendition] = []
    url: Text | None = None
    licence: Text | None = None
    retracted: Retraction | None = None


SetAsideReason = Literal[
    "date", "age-band", "heading", "reference", "identifier", "quantity-of-text", "restated-elsewhere"
]


class SetAside(Model):
    """A number of a document that is no figure about its subject, and why. `number` is it as printed."""

    document: DocumentKey
    fragment: Fragment
    number: Text
    reason: SetAsideReason
    prefix: Fragment | None = None
    suffix: Fragment | None = None
    after: Fragment | None = None
    note: Text | None = None


Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
VerdictId = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
UnwrittenKind = Literal["measures", "groups", "places", "units", "characteristics", "documents", "sources", "rubric"]


class Review(Model):
    """One verdict: someone read the passage again and judged exactly this content (`digest`).

    `kind` is given for what is no record: an entry of the vocabulary, a document, a source, the rubric. `follows`
    names the verdicts on the same thing that were known when this one was given. `entered` has the figures as the
    reviewer entered them, by name. `carried` is said of what stood in the base before anybody had to read it: nobody
    has. `via: migrate` with `was`, the digest before, marks a verdict carried over a change of form.
    """

    record: Annotated[str, Field(min_length=1, max_length=250)]
    kind: UnwrittenKind | None = None
    digest: Digest
    by: Id
    on: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    verdict: Literal["accept", "reject", "withdraw", "carried"]
    follows: list[VerdictId] = []
    entered: dict[Text, Annotated[str, Field(min_length=1, max_length=200)]] = {}
    note: Text | None = None
    via: Literal["migrate"] | None = None
    was: Digest | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.via is None) != (self.was is None):
            raise ValueError("`via: migrate` and `was` (the digest before) go together")
        return self

    def changed(self, **fields: Any) -> Review:
        """This verdict with other fields, and so with an id of its own; `model_copy` would keep the id."""
        return Review.model_validate(self.model_dump(exclude_defaults=True) | fields)

    @cached_property
    def ident(self) -> str:
        """The id other verdicts follow it by: the first 16 hexadecimal digits of the digest of its content."""
        return digest(self.model_dump(exclude_defaults=True))[:16]
