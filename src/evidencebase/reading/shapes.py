"""From plain data to models: every misfit becomes one flat problem with its place and a mend."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from evidencebase.model.values import Path
from evidencebase.problems import Place, Problem, Severity

M = TypeVar("M", bound=BaseModel)

_CODES = {
    "extra_forbidden": ("shape-unknown-key", "remove or rename it; `evidence schema` lists the keys"),
    "missing": ("shape-missing", "add it"),
    "literal_error": ("shape-choice", "use one of the words listed"),
    "string_type": ("shape-text", "write text; put quotes around what reads as a number or a truth value"),
    "string_pattern_mismatch": ("shape-pattern", "ids are kebab-case; periods are 2018, 2017-18, 2018-12 or mid-2018"),
    "string_too_short": ("shape-empty", "write it, or leave the key out"),
    "string_too_long": ("shape-too-long", "shorten it"),
    "too_short": ("shape-empty", "add at least one"),
    "bool_type": ("shape-boolean", "write true, false or null"),
    "list_type": ("shape-list", "write a list: `- item`"),
    "model_type": ("shape-mapping", "write a mapping: `key: value`"),
    "dict_type": ("shape-mapping", "write a mapping: `key: value`"),
}


def make_from(model: type[M], data: Any, place: Any, record: str | None) -> tuple[M | None, list[Problem]]:
    """Make a model of plain data; `place` gives the Place of a path inside it."""
    if not isinstance(data, dict):
        message = f"expected a mapping, found {_kind(data)}"
        return None, [Problem(Severity.ERROR, "shape-mapping", place(()), message, "write `key: value` pairs", record)]
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        return None, [_problem(item, place, record) for item in error.errors(include_url=False, include_context=True)]


def _problem(item: Any, place: Any, record: str | None) -> Problem:
    path: Path = tuple(item["loc"])
    name = ".".join(str(step) for step in path) or "record"
    code, hint = _CODES.get(item["type"], ("shape-value", "see the schema of this record"))
    if item["type"] == "extra_forbidden":
        message = f"unknown key {path[-1]}"
    elif item["type"] == "missing":
        message = f"{name} is missing"
    else:
        message = f"{name}: {item['msg'].removeprefix('Value error, ')}"
    at: Place = place(path[:-1] if item["type"] == "missing" else path)
    return Problem(Severity.ERROR, code, at, message, hint, record)


def record_id(data: Any) -> str | None:
    """The id or key that a mapping names; None where it names none."""
    if isinstance(data, dict):
        found = data.get("id") or data.get("key")
        return str(found) if isinstance(found, str) else None
    return None


def _kind(data: Any) -> str:
    if data is None:
        return "nothing"
    return {list: "a list", dict: "a mapping", str: "text", bool: "a truth value"}.get(type(data), "a number")
