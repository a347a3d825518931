"""What a database was built from, and whether it still is what the base says."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from evidencebase.base import Base
from evidencebase.database.cells import Row
from evidencebase.database.columns import Column, Table
from evidencebase.database.opening import SCHEMA_VERSION
from evidencebase.folder import METADATA, BaseFolder

_PARTS = (METADATA, "evidence", "schema", "loaders")
BUILD = Table(
    "build",
    "What this database was built from.",
    columns=(
        Column("name", "TEXT PRIMARY KEY", "Name of the fact"),
        Column("value", "TEXT", "Value"),
    ),
)


def facts_rows(base: Base, counts: dict[str, int], left_out: int) -> Iterator[Row]:
    """What the database was built from, everything needed to build it again, and the number of rows of each table."""
    own = base.metadata.get("evidencebase") or {}
    facts = {
        "tool_version": version("evidencebase"),
        "sqlite_version": sqlite3.sqlite_version,
        "schema_version": str(SCHEMA_VERSION),
        "records_digest": records_digest(base.folder),
        "revision": revision(base.folder),
        "title": _text(base.metadata.get("title")),
        "rubric": base.vocabulary.rubric.name if base.vocabulary.rubric else None,
        "outcomes": "; ".join(base.outcomes) or None,
        "left_out": str(left_out),
        **{name: _text(own.get(name)) for name in ("format", "scope", "as_at", "maintainer", "readers")},
        **{f"rows_{table}": str(count) for table, count in counts.items()},
    }
    yield from ({"name": name, "value": value} for name, value in sorted(facts.items()))


def _text(value: object) -> str | None:
    return str(value) if value is not None else None


def records_digest(folder: BaseFolder) -> str:
    """SHA-256 over every file of the base that a build reads, with its name; editors' own files are none of them."""
    total = sha256()
    for part in _PARTS:
        path = folder.path / part
        found = [path] if path.is_file() else sorted(file for file in path.rglob("*") if _is_of_base(file))
        for file in found:
            total.update(folder.shown(file).encode() + b"\0" + sha256(file.read_bytes()).digest())
    return total.hexdigest()


def _is_of_base(file: Path) -> bool:
    return file.is_file() and not file.name.startswith(".") and not file.name.endswith("~")


def revision(folder: BaseFolder) -> str | None:
    """The last commit that touched the base, with `+changes` where files differ from it; None outside git."""
    # A hook sets GIT_DIR for its own repository, which need not be that of the base.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    files_of_base = ("--", *_PARTS, ":(exclude,glob)**/.*", ":(exclude,glob)**/*~")

    def git(*arguments: str) -> str | None:
        command = ["git", "-C", str(folder.path), "--no-optional-locks", *arguments, *files_of_base]
        done = subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, check=False, timeout=60, env=environment
        )
        return done.stdout.strip() if done.returncode == 0 else None

    try:
        commit = git("rev-list", "-1", "HEAD")
        changes = git("status", "--porcelain", "--untracked-files=normal")
    except (OSError, subprocess.TimeoutExpired):
        return None
    return f"{commit}+changes" if commit and changes else commit or None


def up_to_date(file: Path, folder: BaseFolder) -> bool:
    """Whether a database was built from exactly the files the base has now, by this version, with these tables."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            facts = dict(connection.execute("SELECT name, value FROM build"))
    except sqlite3.Error:
        return False
    now = {
        "records_digest": records_digest(folder),
        "tool_version": version("evidencebase"),
        "schema_version": str(SCHEMA_VERSION),
    }
    return all(facts.get(name) == value for name, value in now.items())
