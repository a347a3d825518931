"""Imports go from a higher level to a lower one: never back, and never between packages of one level."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "src" / "evidencebase"

# From the lowest to the highest. A module or package may import from the lines below its own only,
# and within its own package.
LEVELS: tuple[tuple[str, ...], ...] = (
    ("problems",),
    ("files", "folder"),
    ("model",),
    ("bibliography",),
    ("reading",),
    ("numbers",),
    ("base",),
    ("loading",),
    ("provenance",),
    ("rules",),
    ("citing",),
    ("checks",),
    ("answers",),
    ("rendering",),
    ("database",),
    ("site",),
    ("cli",),
    ("__main__", "__init__"),
)
LEVEL = {name: level for level, names in enumerate(LEVELS) for name in names}
FILES = sorted(PACKAGE.rglob("*.py"))


def part(file: Path) -> str:
    """The module or package, directly below evidencebase, that a file belongs to."""
    relative = file.relative_to(PACKAGE)
    return relative.parts[0] if len(relative.parts) > 1 else relative.stem


def imported(file: Path) -> set[str]:
    """The parts of evidencebase that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}:{node.lineno} imports relatively"
            names = [node.module or ""]
            if node.module == "evidencebase":
                names = [f"evidencebase.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        found |= {name.split(".")[1] for name in names if name.startswith("evidencebase.")}
    return found


def test_every_module_has_a_level():
    assert {part(file) for file in FILES} == set(LEVEL)


@pytest.mark.parametrize("name", sorted(LEVEL))
def test_imports_go_down(name):
    faults = [
        f"{file.relative_to(PACKAGE)} imports {other}"
        for file in FILES
        if part(file) == name
        for other in sorted(imported(file) - {name})
        if LEVEL[other] >= LEVEL[name]
    ]
    assert faults == []


def test_the_site_reads_the_database_only():
    allowed = {"problems", "model", "database", "citing", "bibliography", "reading", "rendering", "site"}
    found = {other for file in FILES if part(file) == "site" for other in imported(file)}
    assert found <= allowed


def test_modules_below_a_package_import_each_other_without_a_cycle():
    def name(file: Path) -> str:
        dotted = ".".join(("evidencebase", *file.relative_to(PACKAGE).with_suffix("").parts))
        return dotted.removesuffix(".__init__")

    modules = {name(file): file for file in FILES}

    def at_import(file: Path) -> set[str]:
        found = set()
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ImportFrom) and node.module:
                found |= {f"{node.module}.{alias.name}" for alias in node.names} & set(modules) or {node.module} & set(
                    modules
                )
        return found

    graph = {module: at_import(file) for module, file in modules.items()}
    done: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " -> ".join((*path, module))
        if module not in done:
            for other in sorted(graph[module]):
                visit(other, (*path, module))
            done.add(module)

    for module in graph:
        visit(module, ())
