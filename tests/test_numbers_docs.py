"""The page on statistics: its examples run, its sections and names are the code's."""

from __future__ import annotations

import doctest
import re
from pathlib import Path
from typing import get_args

from evidencebase.numbers import POOL_METHODS, POOL_SCALES, proportion_methods
from evidencebase.rules.applicability import LEVELS
from evidencebase.rules.fit import Rule

PAGE = Path(__file__).resolve().parents[1] / "docs" / "statistics.md"


def test_the_examples_give_what_the_page_says() -> None:
    results = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert results.attempted >= 6
    assert results.failed == 0


def test_every_method_and_scale_is_explained() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for name in (*proportion_methods(), *POOL_METHODS, *POOL_SCALES):
        assert f"| `{name}` |" in text, name


def test_every_rule_that_lowers_applicability_is_explained_and_no_other() -> None:
    section = PAGE.read_text(encoding="utf-8").split("\n## Applicability\n")[1].split("\n## ", maxsplit=1)[0]
    assert f"({', '.join(LEVELS)})" in section
    assert set(re.findall(r"^\| `([a-z0-9-]+)` \|", section, re.MULTILINE)) == {*get_args(Rule)}
