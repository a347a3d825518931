"""What marks a database as one of ours."""

from __future__ import annotations

import sqlite3
from pathlib import Path

# "EvBs", the first four bytes of the name: SQLite keeps it in the file's header.
APPLICATION_ID = 0x45764273
SCHEMA_VERSION = 3


def is_evidence_database(file: Path) -> bool:
    """Whether a file is a database built by this program."""
    try:
        connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    except sqlite3.Error:
        return False
    try:
        return bool(connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID)
    except sqlite3.DatabaseError:
        return False
    finally:
        connection.close()
