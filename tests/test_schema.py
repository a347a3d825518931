"""The JSON Schemas that editors use: up to date, named in every file, and true of what is in the files."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from evidencebase.model.kinds import KINDS
from evidencebase.model.schemas import schema_text, schemas
from evidencebase.reading.yaml import parse_yaml

REPOSITORY = Path(__file__).parent.parent
FIRST_LINE = re.compile(r"# yaml-language-server: \$schema=(\S+\.schema\.json)")
SHIPPED = sorted(
    file for folder in ("evidence", "schema", "loaders") for file in (REPOSITORY / folder).rglob("*.yml")
)  # fmt: skip


def named(file: Path) -> Path | None:
    """The schema that the first line of a file names."""
    first = file.read_text(encoding="utf-8").partition("\n")[0]
    match = FIRST_LINE.match(first)
    return (file.parent / match[1]).resolve() if match else None


def as_json(value):
    """What was read, as JSON Schema takes it: figures are numbers."""
    if isinstance(value, dict):
        return {key: as_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_json(inner) for inner in value]
    return float(value) if isinstance(value, Decimal) else value


def test_the_schemas_in_the_repository_are_those_of_the_models(run):
    done = run("schema", "--check", "--base", REPOSITORY)
    assert done.stdout == ""
    assert done.returncode == 0


def test_there_is_one_for_every_kind_of_file_and_each_is_a_schema():
    made = schemas()
    assert {f"{kind.name}.schema.json" for kind in KINDS.values() if kind.model} <= set(made)
    for name in ("measures", "groups", "places", "strength", "loader", "documents", "reviews", "set-asides"):
        assert f"{name}.schema.json" in made
    for schema in made.values():
        Draft202012Validator.check_schema(schema)


def test_a_drift_is_named_and_mended(base, run):
    done = run("schema", "--base", base.folder)
    assert done.returncode == 0
    assert run("schema", "--check", "--base", base.folder).returncode == 0
    base.write("schema/findings.schema.json", "{}\n")
    done = run("schema", "--check", "--base", base.folder)
    assert done.returncode == 1
    assert done.stdout == "schema/findings.schema.json is not up to date: run `evidence schema`\n"
    assert base.read("schema/findings.schema.json") == "{}\n"
    run("schema", "--base", base.folder)
    assert base.read("schema/findings.schema.json") == schema_text(schemas()["findings.schema.json"])


def test_a_schema_that_is_no_text_is_a_drift_too(base, run):
    (base.folder / "schema" / "findings.schema.json").write_bytes(b"\xff\xfe")
    done = run("schema", "--check", "--base", base.folder)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: str(file.relative_to(REPOSITORY)))
def test_each_file_names_its_schema_first_and_fits_it(file):
    schema = named(file)
    assert schema is not None, "the first line is no `# yaml-language-server: $schema=...`"
    assert schema.is_file(), f"{schema} is not there"
    assert schema.parent == REPOSITORY / "schema"
    source, problems = parse_yaml(file.read_text(encoding="utf-8"), file.name)
    assert problems == []
    validator = Draft202012Validator(json.loads(schema.read_text(encoding="utf-8")))
    faults = [
        f"{list(fault.absolute_path)}: {fault.message}" for fault in validator.iter_errors(as_json(source.data or []))
    ]
    assert faults[:5] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": "7.7"},
        {"valeu": 7.7},
        {"strength": "strong"},
        {"statistic": "cost"},
        {"id": "Not Kebab"},
        {"qualifier": "roughly"},
    ],
)
def test_an_editor_underlines_what_the_program_would_refuse(wrong):
    good = {
        "id": "a", "statistic": "prevalence", "measure": "m", "group": "g", "value": 7.7, "extracted_by": "reader-a",
        "anchors": [{"document": "d", "fragment": "7.7%"}],
    }  # fmt: skip
    validator = Draft202012Validator(schemas()["findings.schema.json"])
    assert not list(validator.iter_errors([good]))
    assert list(validator.iter_errors([good | wrong]))
