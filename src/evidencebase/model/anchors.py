"""Anchors: the place a figure was read from, and the number it must be there."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, StrictBool, model_validator

from evidencebase.model.naming import DocumentKey
from evidencebase.model.values import Fragment, Id, Model, Number, Text


class Anchor(Model):
    """The place a record was read from: a fragment of a document's text, or a cell of one of its tables.

    `figures` names the figures this anchor carries and, with a number, which number of the fragment
    is meant (the first is 1). Without it an anchor carries the record's value and whatever else of
    the record stands in it. `shared` admits that another record rests on the same printed number.
    `after` is for text that a document prints twice: the fragment's first place after that heading.
    """

    document: DocumentKey
    fragment: Fragment | None = None
    prefix: Fragment | None = None
    suffix: Fragment | None = None
    after: Fragment | None = None
    table: Id | None = None
    row: Text | None = None
    column: Id | None = None
    locator: Text | None = None
    figures: dict[Id, Annotated[int, Field(ge=1, le=12)] | None] | None = None
    shared: StrictBool = False

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        cell = (self.table, self.row, self.column)
        if self.fragment is None and None in cell:
            raise ValueError("an anchor is a fragment, or a table with its row and column")
        if self.fragment is not None and any(cell):
            raise ValueError("an anchor is either a fragment or a table cell, not both: make two anchors")
        return self


class Figure(Model):
    """One number of a record that must stand in a passage. `unit` None: any unit will do."""

    field: str
    value: Number
    unit: str | None = None
