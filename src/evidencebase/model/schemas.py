"""The JSON Schemas of every record file, made from the models, for editors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from evidencebase.files import write_whole
from evidencebase.model.kinds import KINDS
from evidencebase.model.ledger import Review, SetAside
from evidencebase.model.tables import TableSpec
from evidencebase.model.vocabulary import Rubric

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, dict[str, Any]]:
    """Every schema by its file name: lists for record files, one mapping for a loader spec and the rubric."""
    lists = {kind.name: kind.model for kind in KINDS.values() if kind.model is not None}
    lists |= {"set-asides": SetAside, "reviews": Review}
    found: dict[str, dict[str, Any]] = {}
    for name, model in lists.items():
        found[f"{name}.schema.json"] = _schema(list[model], f"{name} of a knowledge base")  # type: ignore[valid-type]
    found["loader.schema.json"] = _schema(TableSpec, "how a published table becomes records")
    found["strength.schema.json"] = _schema(Rubric, "how studies are graded")
    return found


def _schema(model: Any, title: str) -> dict[str, Any]:
    made = TypeAdapter(model).json_schema(by_alias=True, mode="validation")
    return {"$schema": DIALECT, "title": title} | {key: value for key, value in made.items() if key != "title"}


def schema_text(schema: dict[str, Any]) -> str:
    """A schema as it is written: two spaces, sorted nowhere, so that keys stand in the models' order."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def write_schemas(folder: Path) -> list[Path]:
    """Write every schema into a folder; the paths written."""
    written = []
    for name, schema in schemas().items():
        file = folder / name
        write_whole(file, schema_text(schema))
        written.append(file)
    return written
