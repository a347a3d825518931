"""What depends on nothing but the database, kept until its file changes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from datasette.app import Datasette

_MOST: Final = 64
_kept: dict[tuple[str, str, int, int], dict[str, Any]] = {}


async def kept(datasette: Datasette, database: str, name: str, read: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    """The answer of `read` on a connection, read once for each state of the database file."""
    key = (str(datasette.databases[database].path), name, *_state(datasette.databases[database].path))
    if key not in _kept:
        if len(_kept) >= _MOST:
            _kept.clear()
        _kept[key] = await datasette.databases[database].execute_fn(read)
    return _kept[key]


def _state(path: str | None) -> tuple[int, int]:
    told = Path(str(path)).stat()
    return told.st_mtime_ns, told.st_ino
