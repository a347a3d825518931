"""Loader specs: how a published table becomes records.

A spec can rename, set constants, map values and choose rows. It cannot compute.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from evidencebase.model.anchors import Anchor
from evidencebase.model.naming import DocumentKey
from evidencebase.model.values import Fragment, Id, Model, Text


class Column(Model):
    """A numeric column: the unit its numbers have where they do not print one, and a fragment of its heading."""

    unit: Id
    heading: Fragment | None = None


class Rule(Model):
    """Which rows a part of the spec is for: all, `only` those named, or all `except` them."""

    column: Id
    only: list[Text] | None = None
    except_: Annotated[list[Text], Field(alias="except")] = []

    def takes(self, row: str) -> bool:
        """Whether this rule is for a row."""
        return (self.only is None or row in self.only) and row not in self.except_


class Create(Rule):
    """A record for each cell of a column; `{name}` in it stands for a CSV column or an entry of `values`."""

    kind: Literal["population", "finding", "estimate"]
    record: dict[str, Any]


class Attach(Rule):
    """A cell that repeats a known figure: one anchor more on that record, and no record."""

    to: Text


class Also(Model):
    """A further anchor, in running text, for a record this table makes."""

    to: Id
    anchor: Anchor


class TableSpec(Model):
    """How one printed table becomes records."""

    table: Id
    document: DocumentKey
    file: Text
    locator: Text | None = None
    caption: Fragment | None = None
    key: Id
    label: Id | None = None
    columns: dict[str, Column] = Field(min_length=1)
    values: dict[str, dict[str, Text]] = {}
    create: list[Create] = []
    attach: list[Attach] = []
    also: list[Also] = []
    extracted_by: Id | None = None

    @property
    def id(self) -> str:
        """The id under which the table is reviewed."""
        return f"{self.document}-{self.table}"
