"""Building the database: checked, written beside its place, flushed, and renamed over the old one.

The same records and lock give the same bytes on one SQLite version: rows go in a fixed order, nothing
depends on the day, the documents at hand or the folder.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import tempfile
import time
from contextlib import closing, nullcontext, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from sqlite_utils import Database

from evidencebase.answers.report import Report, check_base
from evidencebase.base import Base
from evidencebase.database.cells import Selection
from evidencebase.database.opening import APPLICATION_ID, SCHEMA_VERSION
from evidencebase.database.rows import all_rows
from evidencebase.folder import METADATA, BaseFolder
from evidencebase.problems import EvidenceError, Severity
from evidencebase.provenance.seal import Reviews, Status

_IN = (Status.REVIEWED, Status.SUPERSEDED)
_DRAFTS = (*_IN, Status.DRAFT, Status.BROKEN)
_PARTS = (METADATA, "evidence", "schema", "loaders")
_FACETS = {
    "findings": ("group", "measure", "place", "period", "strength", "study", "document", "statistic", "status"),
    "findings_readable": (
        "group", "measure", "place", "period", "strength", "study", "document", "strength_rank", "value",
    ),
    "claims": ("group", "than", "measure", "place", "period", "direction", "significance", "study", "document", "kind",
               "strength"),
    "populations": ("group", "place", "period", "unit", "study", "document"),
    "estimates": ("group", "measure", "place", "period", "finding", "population", "strength", "document"),
    "conclusions": ("group", "measure", "direction", "place", "document", "certainty"),
    "conclusion_support": ("conclusion", "record_id"),
    "certainty": ("conclusion",),
    "responses": ("kind", "place", "period", "provider", "effectiveness", "document"),
    "response_groups": ("response", "group"),
    "indicators": ("measure", "group", "place", "finding"),
    "anchors": ("record_id", "record_type", "document", "state"),
    "figures": ("record_id", "record_type", "document", "measure", "group", "place", "period", "study", "strength",
                "state", "field"),
    "links": ("from_id", "to_id", "type"),
    "studies": ("strength", "design", "place", "supersedes"),
    "appraisals": ("study",),
    "measures": ("construct", "unit", "polarity"),
    "groups": ("universe", "sex"),
    "places": ("type",),
    "sources": ("type", "year"),
    "set_asides": ("document", "reason"),
    "reviews": ("record_id", "reviewer", "verdict"),
    "problems": ("severity", "code", "record_id"),
}  # fmt: skip
_SEARCHED = {
    "findings_readable": ("statement", "figure", "passage", "caveats", "study", "document"),
    "findings": ("statement", "caveats"),
    "claims": ("statement", "caveats"),
    "conclusions": ("statement", "caveats"),
    "responses": ("statement", "caveats"),
    "populations": ("statement", "caveats"),
    "estimates": ("statement", "caveats"),
    "measures": ("label", "construct", "question", "phrase"),
    "groups": ("label", "condition", "labels_as_published"),
    "places": ("label", "code"),
    "studies": ("label", "caveats"),
    "sources": ("title", "authors", "year", "publisher"),
    "problems": ("code", "message"),
}
_BATCH = 1_000
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

    Only reviewed records whose seal holds go in; with `drafts`, unreviewed ones too, marked as such. Raises
    EvidenceError, and leaves the old database as it was, where a check finds an error or the disk is full.
    """
    report = check_base(folder, documents)
    errors = [
        problem
        for problem in report.problems
        if problem.severity is Severity.ERROR and not problem.code.startswith("review-")
    ]
    if errors:
        first = errors[0]
        message = f"{len(errors)} errors; the first is {first.place} {first.code}: {first.message}"
        raise EvidenceError(message, "run `evidence check`, mend them, and build again")
    base = report.base
    output = output or default_output(base.folder)
    reviews = Reviews(base)
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
        if problem.severity is not Severity.ERROR and not problem.code.startswith(("stale-", "anchor-", "review-"))
    ]
    built = Built(output, left_out=left_out, report=report)
    _write(Selection(base, entries, reviews, report.lock, told), built)
    return built


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
    name = None
    try:
        built.file.parent.mkdir(parents=True, exist_ok=True)
        _clear_leftovers(built.file)
        handle, name = tempfile.mkstemp(prefix=_prefix(built.file), dir=built.file.parent)
        os.close(handle)
        with closing(sqlite3.connect(name)) as connection:
            _fill(connection, selection, built)
        with Path(name).open("rb") as stream:
            os.fsync(stream.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(built.file)
    except (OSError, sqlite3.Error, OverflowError) as error:
        message = f"{built.file} cannot be written: {error}"
        raise EvidenceError(message, "check the folder's permissions and free space; the old one is whole") from error
    finally:
        if name:
            with suppress(OSError):
                Path(name).unlink()


def _fill(connection: sqlite3.Connection, selection: Selection, built: Built) -> None:
    # The file is thrown away unless all of it succeeds, so that its own journal would only cost time.
    connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF;")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    connection.executescript(files(__package__).joinpath("schema.sql").read_text(encoding="utf-8"))
    connection.execute("BEGIN")
    for table, rows in all_rows(selection):
        built.rows[table] = _insert(connection, table, rows)
    facts = {**_facts(selection.base), **{f"rows_{table}": str(count) for table, count in built.rows.items()}}
    _insert(connection, "build", ({"name": name, "value": value} for name, value in sorted(facts.items())))
    for table, columns in _FACETS.items():
        for column in columns:
            connection.execute(f'CREATE INDEX "idx_{table}_{column}" ON "{table}" ("{column}")')
    connection.execute("COMMIT")
    built.unvouched = connection.execute("SELECT count(*) FROM anchors WHERE state = 'no-document'").fetchone()[0]
    database = Database(connection)
    for table, columns in _SEARCHED.items():
        database.table(table).enable_fts(list(columns), fts_version="FTS5", tokenize="porter unicode61")
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


def _insert(connection: sqlite3.Connection, table: str, rows: object) -> int:
    """Insert rows in batches; each row has the same keys."""
    count = 0
    batch: list[tuple[object, ...]] = []
    sql = ""
    for row in rows:  # type: ignore[attr-defined]
        if not sql:
            columns = ", ".join(f'"{name}"' for name in row)
            sql = f'INSERT INTO "{table}" ({columns}) VALUES ({", ".join("?" * len(row))})'  # noqa: S608
            names = tuple(row)
        batch.append(tuple(row[name] for name in names))
        count += 1
        if len(batch) == _BATCH:
            connection.executemany(sql, batch)
            batch.clear()
    if batch:
        connection.executemany(sql, batch)
    return count


def _broken(connection: sqlite3.Connection, broken: list[tuple[str, int, str, int]]) -> str:
    table, rowid, parent, _ = broken[0]
    key = connection.execute(f'SELECT * FROM "{table}" WHERE rowid = ?', (rowid,)).fetchone()[0]  # noqa: S608
    more = f" (and {len(broken) - 1} more)" if len(broken) > 1 else ""
    return f"{table} {key} names one of the {parent} that does not go in{more}"


def _facts(base: Base) -> dict[str, str | None]:
    """What the database was built from: everything needed to build it again."""
    own = base.metadata.get("evidencebase") or {}
    return {
        "tool_version": version("evidencebase"),
        "sqlite_version": sqlite3.sqlite_version,
        "schema_version": str(SCHEMA_VERSION),
        "records_digest": records_digest(base.folder),
        "revision": revision(base.folder),
        "title": _text(base.metadata.get("title")),
        **{name: _text(own.get(name)) for name in ("format", "scope", "as_at", "maintainer", "readers")},
    }


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
    """Whether a database was built from exactly the files the base has now, by this version."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            facts = dict(connection.execute("SELECT name, value FROM build"))
    except sqlite3.Error:
        return False
    return facts.get("records_digest") == records_digest(folder) and facts.get("tool_version") == version(
        "evidencebase"
    )
