"""The books a knowledge base keeps beside its records: documents, numbers set aside, and reviews."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from evidencebase.model.naming import DocumentKey
from evidencebase.model.records import Retraction
from evidencebase.model.values import Fragment, Id, Model, Number, Text


class Rendition(Model):
    """One file of a document: its name in the documents folder and what it must hash to."""

    file: Annotated[str, Field(min_length=1, max_length=200)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    media_type: Literal["text/plain", "application/pdf"] = "text/plain"
    extractor: Text | None = None


class Document(Model):
    """What was read. Its bibliographic entry stands in sources.bib under the same key."""

    key: Id
    title: Text | None = None
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


class Review(Model):
    """Someone read the passage again and gave a verdict on exactly this content (`digest`)."""

    record: Id
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    by: Id
    on: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    verdict: Literal["accept", "reject", "withdraw"]
    value: Number | None = None
    note: Text | None = None
