"""What the package imports is what a plain install brings: the tests have more libraries than a user has."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def plain_name(requirement: str) -> str:
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name, requirement
    return re.sub(r"[-_.]+", "-", name[0]).lower()


def brought(requirements: list[str]) -> set[str]:
    """The names of what is required, and of all that these require in turn, without their extras."""
    found: set[str] = set()
    waiting = [plain_name(each) for each in requirements]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        try:
            more = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue  # for another system or Python
        waiting += [plain_name(each) for each in more if "extra ==" not in each]
    return found


def test_nothing_is_imported_that_a_plain_install_does_not_bring():
    plain = brought(PROJECT["dependencies"])
    providers = metadata.packages_distributions()
    missing = {}
    for file in sorted((REPOSITORY / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []
            for module in {name.partition(".")[0] for name in names} - sys.stdlib_module_names - {"evidencebase"}:
                if not {plain_name(each) for each in providers.get(module, [])} & plain:
                    missing[module] = file.relative_to(REPOSITORY).as_posix()
    assert not missing


def test_no_large_scientific_library_comes_with_a_plain_install():
    large = {"numpy", "scipy", "pandas", "statsmodels", "altair", "vl-convert-python", "matplotlib"}
    assert not brought(PROJECT["dependencies"]) & large
