"""The page on statistics: its examples run, its sections and names are the code's."""

from __future__ import annotations

import doctest
from pathlib import Path

from evidencebase.numbers import POOL_METHODS, POOL_SCALES, proportion_methods

PAGE = Path(__file__).resolve().parents[1] / "docs" / "statistics.md"


def test_the_examples_give_what_the_page_says() -> None:
    results = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert results.attempted >= 6
    assert results.failed == 0


def test_every_method_and_scale_is_explained() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for name in (*proportion_methods(), *POOL_METHODS, *POOL_SCALES):
        assert f"| `{name}` |" in text, name


def test_local_estimates_and_applicability_have_their_sections() -> None:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    assert "## Local estimates" in lines
    assert "## Applicability" in lines
