"""Anchors: the place a figure or a word was read from, and the number it must be there."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, StrictBool, model_validator

from evidencebase.model.naming import DocumentKey
from evidencebase.model.values import Fragment, Id, Model, Number, Text

Box = Annotated[list[Number], Field(min_length=4, max_length=4)]
FieldPath = Annotated[str, Field(pattern=r"^[a-z_]+(\.[a-z0-9_-]+)*$", max_length=120)]


class Anchor(Model):
    """The place a record was read from: a fragment of a document's text, a cell of one of its tables, or a picture.

    `figures` names the figures this anchor carries and, with a number, which number of the fragment
    is meant (the first is 1). Without it an anchor carries the record's value and whatever else of
    the record stands in it. `for` names fields of the record (`place`, `versus.group`): the anchor then carries their
    words and no figure. `shared` admits that another record rests on the same printed number.
    `after` is for text that a document prints twice: the fragment's first place after that heading.
    A picture is a `box` (left, bottom, right, top, in points) of a `page`, and what it `reads`.
    """

    document: DocumentKey
    fragment: Fragment | None = None
    prefix: Fragment | None = None
    suffix: Fragment | None = None
    after: Fragment | None = None
    table: Id | None = None
    row: Text | None = None
    column: Id | None = None
    page: Annotated[int, Field(ge=1)] | None = None
    box: Box | None = None
    reads: Fragment | None = None
    locator: Text | None = None
    figures: dict[Id, Annotated[int, Field(ge=1, le=12)] | None] | None = None
    for_: list[FieldPath] | None = Field(default=None, alias="for", min_length=1)
    shared: StrictBool = False

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        cell = (self.table, self.row, self.column)
        picture = (self.page, self.box, self.reads)
        if sum(any(part is not None for part in place) for place in ((self.fragment,), cell, picture)) > 1:
            raise ValueError("an anchor is a fragment, a table cell or a picture, not two of them: make two anchors")
        if self.fragment is None and None in cell and None in picture:
            raise ValueError(
                "an anchor is a fragment, a table with its row and column, or a picture with its page, box and reads"
            )
        if self.box is not None and not (self.box[0] < self.box[2] and self.box[1] < self.box[3]):
            raise ValueError("a box is [left, bottom, right, top], in points")
        if self.for_ is not None and self.figures:
            raise ValueError("an anchor `for` words carries no figures: make two anchors")
        return self

    @property
    def picture(self) -> bool:
        """Whether it names what is only drawn, which is seen and never matched."""
        return self.box is not None


NO_UNIT = "number"


class Figure(Model):
    """One number of a record that must stand in a passage. `unit` None: that of the record; NO_UNIT: a bare number."""

    field: str
    value: Number
    unit: str | None = None
