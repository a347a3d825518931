"""Building the database: checked, written beside its place, flushed, and renamed over the old one.

The same records and lock give the same bytes on one SQLite version: rows go in a fixed order, nothing
depends on the day, the documents at hand or the folder.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterable
from contextlib import closing, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlite_utils import Database

from evidencebase.answers.report import Report, check_base
from evidencebase.database.cells import Row, Selection
from evidencebase.database.columns import Table
from evidencebase.database.counts import COUNTS, counts_rows
from evidencebase.database.dictionary import DICTIONARY, dictionary_rows
from evidencebase.database.facts import BUILD, facts_rows
from evidencebase.database.opening import APPLICATION_ID, SCHEMA_VERSION
from evidencebase.database.tables import TABLES
from evidencebase.files import beside
from evidencebase.folder import BaseFolder
from evidencebase.problems import EvidenceError, Problem, Severity
from evidencebase.provenance.seal import Reviews, Seal, Status

_IN = (Status.REVIEWED, Status.SUPERSEDED)
_DRAFTS = (*_IN, Status.DRAFT, Status.BROKEN)
_WAITING = ("review-missing", "review-rejected", "review-own", "review-no-extractor", "review-unknown")
_LEFTOVER_SECONDS = 3_600
_SQLITE = b"SQLite format 3\0"


@dataclass
class Built:
    """What a build made, what it left out and why, and how many anchors in it the lock does not vouch for."""

    file: Path
    rows: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    unvouched: int = 0
    report: Report | None = None


def build_database(
    folder: BaseFolder | Path | str | None = None,
    output: Path | None = None,
    documents: Path | None = None,
    *,
    drafts: bool = False,
) -> Built:
    """Build the database of a base.

    Only reviewed records go in that are whole; with `drafts`, others too, marked as such. Raises EvidenceError, and
    leaves the old database as it was, where a check finds an error, a seal is broken, a reviewed record names
    something that is not reviewed, or the disk is full.
    """
    report = check_base(folder, documents)
    errors = [problem for problem in report.problems if _stops(problem, report.reviews, drafts=drafts)]
    if errors:
        first = min(errors, key=lambda problem: problem.code.startswith("review-"))
        message = f"{len(errors)} errors; the first is {first.place} {first.code}: {first.message}"
        raise EvidenceError(message, "run `evidence check`, mend them, and build again")
    base = report.base
    output = output or default_output(base.folder)
    reviews = report.reviews
    accepted = _DRAFTS if drafts else _IN
    entries = [entry for entry in base.entries.values() if reviews.status(entry) in accepted]
    left_out = {
        entry.key: str(reviews.status(entry))
        for entry in base.entries.values()
        if reviews.status(entry) not in accepted
    }
    entries.sort(key=lambda entry: (entry.kind, entry.key))
    told = [
        problem
        for problem in report.problems
        if problem.severity is not Severity.ERROR
        and not problem.code.startswith(("stale-", "anchor-", "review-", "word-"))
    ]
    built = Built(output, left_out=left_out, report=report)
    _write(Selection(base, entries, reviews, report.lock, told), built)
    return built


def _stops(problem: Problem, reviews: Reviews, *, drafts: bool) -> bool:
    """Whether a problem stops a build. What merely waits for its review is left out; unless something rests on it."""
    if problem.severity is not Severity.ERROR or not problem.code.startswith("review-"):
        return problem.severity is Severity.ERROR
    if drafts or reviews.base.format == 1:
        return False
    by_id = reviews.base.by_id
    return problem.code not in _WAITING or any(reviews.own(by_id[key]) is Seal.ACCEPTED for key in problem.touches)


def default_output(folder: BaseFolder) -> Path:
    """`evidence.db` in the base; in the user's cache folder for the base inside the package."""
    if not folder.read_only:
        return folder.path / "evidence.db"
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "evidencebase" / "evidence.db"


def _refuse_other_files(output: Path) -> None:
    """Only a database may be written over: a slip of the keyboard must not cost anyone their records."""
    try:
        if not output.exists():
            return
        with output.open("rb") if output.is_file() else nullcontext() as stream:
            head = stream.read(len(_SQLITE)) if stream else b"a device or a folder"
    except OSError as error:
        raise EvidenceError(f"{output} cannot be written: {error.strerror}", "name another file with -o") from error
    if head and head != _SQLITE:
        raise EvidenceError(f"{output} is there and is no database", "name another file with -o, or remove it")


def _prefix(output: Path) -> str:
    return f".evidence-{output.name}-"


def _clear_leftovers(output: Path) -> None:
    """Remove what builds that were killed left beside the database; one that still writes is never that old."""
    for file in output.parent.glob(f"{_prefix(output)}*"):
        with suppress(OSError):
            if time.time() - file.stat().st_mtime > _LEFTOVER_SECONDS:
                file.unlink()


def _write(selection: Selection, built: Built) -> None:
    _refuse_other_files(built.file)
    try:
        _clear_leftovers(built.file)
        with beside(built.file, _prefix(built.file)) as new, closing(sqlite3.connect(new)) as connection:
            _fill(connection, selection, built)
    except (OSError, sqlite3.Error, OverflowError) as error:
        message = f"{built.file} cannot be written: {error}"
        raise EvidenceError(message, "check the folder's permissions and free space; the old one is whole") from error


def _fill(connection: sqlite3.Connection, selection: Selection, built: Built) -> None:
    # The file is thrown away unless all of it succeeds, so that its own journal would only cost time.
    connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF;")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    connection.execute("BEGIN")
    for table in TABLES:
        connection.execute(table.sql)
    for table in TABLES:
        if table.rows is not None:
            built.rows[table.name] = _insert(connection, table, table.rows(selection))
    counted = [table for table in TABLES if table.rows is not None]
    _insert(connection, COUNTS, list(counts_rows(connection, counted, selection.base.outcomes)))
    _insert(connection, DICTIONARY, dictionary_rows(TABLES))
    _insert(connection, BUILD, facts_rows(selection.base, built.rows, len(built.left_out)))
    for table in TABLES:
        for column in table.indexed:
            connection.execute(f'CREATE INDEX "idx_{table.name}_{column}" ON "{table.name}" ("{column}")')
    connection.execute("COMMIT")
    built.unvouched = connection.execute("SELECT count(*) FROM anchors WHERE state = 'no-document'").fetchone()[0]
    database = Database(connection)
    for table in (each for each in TABLES if each.searched):
        database.table(table.name).enable_fts(list(table.searched), fts_version="FTS5", tokenize="porter unicode61")
    connection.execute("PRAGMA foreign_keys = ON")
    broken = connection.execute("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise EvidenceError(
            _broken(connection, broken), "have the records it names reviewed too, or build with --drafts"
        )
    connection.commit()
    connection.execute("ANALYZE")
    connection.commit()
    connection.execute("VACUUM")


def _insert(connection: sqlite3.Connection, table: Table, rows: Iterable[Row]) -> int:
    """Insert rows as they are made; how many there were. Raises KeyError where a row lacks a column."""
    names = table.written
    columns = ", ".join(f'"{name}"' for name in names)
    sql = f'INSERT INTO "{table.name}" ({columns}) VALUES ({", ".join("?" * len(names))})'  # noqa: S608
    return connection.executemany(sql, ([row[name] for name in names] for row in rows)).rowcount


def _broken(connection: sqlite3.Connection, broken: list[tuple[str, int, str, int]]) -> str:
    table, rowid, parent, _ = broken[0]
    key = connection.execute(f'SELECT * FROM "{table}" WHERE rowid = ?', (rowid,)).fetchone()[0]  # noqa: S608
    more = f" (and {len(broken) - 1} more)" if len(broken) > 1 else ""
    return f"{table} {key} names one of the {parent} that does not go in{more}"
