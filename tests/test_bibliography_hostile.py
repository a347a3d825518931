"""Files made to exhaust the reader."""

from __future__ import annotations

import pytest

from evidencebase.bibliography import parse_bibtex


def test_deep_nesting_is_read_without_exhausting_the_machine() -> None:
    depth = 20_000
    text = "@misc{a, title = {" + "{" * depth + r"\emph{x}" + "}" * depth + "}}"
    assert "x" in parse_bibtex(text)[0]["a"].title


@pytest.mark.parametrize("line", ["@a{b,c={", '@a{b,c="{', "@", "x = {y}\n", "@misc{a, x x x", "=", "{", "% @"])
@pytest.mark.parametrize("newline", ["\n", " "])
def test_hostile_repetition_is_read_in_time_proportional_to_its_length(line: str, newline: str) -> None:
    bibliography, _ = parse_bibtex("@misc{first, title = {x},\n" + (line + newline) * 20_000)
    assert bibliography.entries[0].key == "first"
