"""Loader specs: how a published table becomes records.

A spec can rename, set constants, map values and choose rows. It cannot compute.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

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
    """A record for each cell of a column; `{name}` in it stands for a CSV column or an entry of `values`.

    A finding takes more of its row, each from the column named: `lower` and `upper`, or `interval` where both limits
    stand in one cell ("236.6 to 258.9"); `cases` and `n`; `p` ("<0.001").
    """

    kind: Literal["population", "finding", "estimate"]
    record: dict[str, Any]
    lower: Id | None = None
    upper: Id | None = None
    interval: Id | None = None
    cases: Id | None = None
    n: Id | None = None
    p: Id | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.kind != "finding" and self.beside():
            raise ValueError(f"a {self.kind} has no {', '.join(self.beside())}: only a finding has")
        if (self.lower is None) != (self.upper is None) or (self.interval and self.lower):
            raise ValueError("an interval is `lower` and `upper`, or both limits in the one column of `interval`")
        return self

    def beside(self) -> dict[str, str]:
        """The columns that give further figures of the record, by the name of the figure."""
        names = ("lower", "upper", "interval", "cases", "n", "p")
        return {name: column for name in names if (column := getattr(self, name)) is not None}


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
    def single(self) -> frozenset[str]:
        """The columns of which records take one number a cell."""
        beside = (each for rule in self.create for name, each in rule.beside().items() if name != "interval")
        return frozenset((*(rule.column for rule in (*self.create, *self.attach)), *beside))

    @model_validator(mode="after")
    def _known_columns(self) -> Self:
        named = {column for rule in self.create for column in rule.beside().values()}
        if unknown := sorted(named - set(self.columns)):
            raise ValueError(f"{', '.join(unknown)} is none of the columns: describe it under `columns`")
        return self

    @property
    def id(self) -> str:
        """The id under which the table is reviewed."""
        return f"{self.document}-{self.table}"

    def reads(self, name: str) -> frozenset[str]:
        """The columns that records of this table take as one kind of figure: `interval`, `p` ..."""
        return frozenset(column for rule in self.create if (column := rule.beside().get(name)))
