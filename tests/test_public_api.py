"""The same as a Python API: `import evidencebase`."""

from __future__ import annotations

import inspect
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

import evidencebase


def test_the_public_names_are_sorted_and_there():
    assert evidencebase.__all__ == sorted(evidencebase.__all__)
    assert len(set(evidencebase.__all__)) == len(evidencebase.__all__)
    assert dir(evidencebase) == evidencebase.__all__
    for name in evidencebase.__all__:
        assert getattr(evidencebase, name).__name__ == name


@pytest.mark.parametrize("name", evidencebase.__all__)
def test_each_is_documented_and_typed(name):
    public = getattr(evidencebase, name)
    assert public.__doc__
    assert not public.__doc__.startswith(f"{name}(")
    if inspect.isfunction(public):
        hints = inspect.signature(public)
        assert hints.return_annotation is not inspect.Signature.empty
        assert all(given.annotation is not inspect.Parameter.empty for given in hints.parameters.values())


def test_a_name_that_is_none_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = evidencebase.nothing


def test_importing_it_costs_nothing():
    code = (
        "import sys, evidencebase; print(sorted(name for name in sys.modules if name in ('pydantic', 'yaml', 'scipy')))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_it_is_marked_as_typed():
    assert (Path(evidencebase.__file__).parent / "py.typed").is_file()


def test_a_base_is_loaded_searched_locked_checked_and_built(base):
    loaded, problems = evidencebase.load(base.folder)
    assert problems == []
    assert isinstance(loaded, evidencebase.Base)
    finding = loaded.findings["teachers-sleep-badly"]
    assert isinstance(finding, evidencebase.Finding)
    assert finding.value == Decimal("9.0")
    assert str(finding.value) == "9.0"
    assert [hit.id for hit in evidencebase.search(loaded, ("teachers",), strength="strong")] == ["teachers-sleep-badly"]
    base.accept_all()
    report, file = evidencebase.lock_base(evidencebase.find_base(base.folder))
    assert not report.fails()
    assert file == base.folder / "evidence" / "evidence.lock"
    report = evidencebase.check_base(base.folder)
    assert report.count(evidencebase.Severity.ERROR) == 0
    assert evidencebase.build_database(base.folder).rows["findings"] == 3


def test_a_folder_that_is_no_base_is_a_usage_error(tmp_path):
    with pytest.raises(evidencebase.UsageError, match="is not a knowledge base") as told:
        evidencebase.load(tmp_path)
    assert told.value.hint
    assert isinstance(told.value, evidencebase.EvidenceError)
