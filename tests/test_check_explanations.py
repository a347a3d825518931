"""Every code that the program can raise is explained, and nothing else is."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from evidencebase.checks import CHECKS
from evidencebase.checks.explanations import EXPLANATIONS, FAMILIES, as_markdown, explain
from evidencebase.problems import UsageError

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "evidencebase"
CODE = re.compile(rf"(?:{'|'.join(FAMILIES)})(?:-[a-z]+)+")
# Names that look like codes: fields and types of CSL, and its style terms.
NOT_CODES = {"citation-key", "citation-format", "citation-number", "citation-label", "review-book"}


def codes_in(file: Path) -> set[str]:
    """Every string constant of a module that is a code, whole; those of its explanations do not count."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    explained = {id(node) for call in calls(tree, "Code") for node in ast.walk(call)}
    constants = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in explained
    }
    return {text for text in constants if CODE.fullmatch(text)} - NOT_CODES


def calls(tree: ast.AST, *names: str) -> list[ast.Call]:
    """The calls of functions of these names."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [call for call in found if isinstance(call.func, ast.Name) and call.func.id in names]


def raised() -> dict[str, str]:
    """Each code with a module that raises it."""
    return {code: file.name for file in SOURCE.rglob("*.py") for code in codes_in(file)}


def test_every_code_that_is_raised_is_explained():
    assert {code: file for code, file in raised().items() if code not in EXPLANATIONS} == {}


def test_every_code_that_is_explained_is_raised():
    assert set(EXPLANATIONS) - set(raised()) == set()


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: f"{check.looks.__module__}.{check.looks.__name__}")
def test_a_code_is_explained_beside_the_check_that_raises_it(check):
    file = SOURCE.parent / (check.looks.__module__.replace(".", "/") + ".py")
    assert {code.name for code in check.codes} <= codes_in(file)


def test_a_code_is_explained_once_and_in_one_of_the_families():
    files = [ast.parse(file.read_text(encoding="utf-8")) for file in SOURCE.rglob("*.py")]
    told = [call.args[0].value for tree in files for call in calls(tree, "Code")]
    assert sorted(told) == sorted(EXPLANATIONS)
    assert {code.partition("-")[0] for code in told} == set(FAMILIES)


def test_no_code_is_raised_with_a_worse_severity_than_it_is_explained_with():
    worse = []
    for file in SOURCE.rglob("*.py"):
        for call in calls(ast.parse(file.read_text(encoding="utf-8")), "Problem", "error", "warning", "note"):
            named = [node.value for node in call.args if isinstance(node, ast.Constant) and node.value in EXPLANATIONS]
            told = [node.attr.lower() for node in call.args[:1] if isinstance(node, ast.Attribute)] or [call.func.id]
            order = ["note", "warning", "error"]
            worse += [
                code
                for code in named
                if told[0] in order and order.index(told[0]) > order.index(EXPLANATIONS[code].severity)
            ]
    assert worse == []


@pytest.mark.parametrize("code", sorted(EXPLANATIONS))
def test_an_explanation_says_what_why_and_how_to_mend_it(code):
    explanation = EXPLANATIONS[code]
    assert min(len(explanation.title), len(explanation.why)) > 15
    assert explanation.fault.strip()
    assert explanation.mend.strip()
    assert explanation.fault != explanation.mend
    text = explain(code)
    for part in (code, explanation.severity, explanation.title, explanation.why):
        assert part in text
    assert "at fault:" in text
    assert "mended:" in text


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_lists_its_codes(family):
    text = explain(family)
    assert FAMILIES[family] in text
    assert all(code in text for code in EXPLANATIONS if code.startswith(f"{family}-"))
    assert explain(f"{family}-*") == text


def test_an_unknown_code_names_those_like_it():
    with pytest.raises(UsageError) as raised_:
        explain("anchor-not-fund")
    assert "anchor-not-found" in raised_.value.hint


@pytest.mark.parametrize("code", ["", "x", "-", "🦆" * 1000])
def test_nonsense_is_misuse_and_not_a_crash(code):
    with pytest.raises(UsageError):
        explain(code)


def test_the_page_of_checks_is_current():
    """python -m evidencebase.checks.explanations > docs/checks.md"""
    assert (ROOT / "docs" / "checks.md").read_text(encoding="utf-8") == as_markdown()


def test_every_check_stands_once_in_the_tuple_and_says_what_it_looks_for():
    assert isinstance(CHECKS, tuple)
    assert len(CHECKS) == len(set(CHECKS))
    assert all(check.looks.__doc__ for check in CHECKS)
    defined = {
        f"{file.stem}.{node.name}"
        for file in (SOURCE / "checks").glob("*.py")
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("check_")
    }
    assert {f"{check.looks.__module__.rpartition('.')[2]}.{check.looks.__name__}" for check in CHECKS} == defined
