"""`evidence serve`: build the database where the records changed, then open the site.

    evidence serve
    evidence serve --port 9000 --open
    evidence serve --drafts --reload

It listens on this machine only, unless --host says otherwise, and fetches nothing from outside. Stop it with Ctrl+C.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evidencebase.cli.console import console
from evidencebase.cli.options import base_option, documents_option
from evidencebase.folder import METADATA, BaseFolder, find_base
from evidencebase.problems import EvidenceError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

_PORT = 8001
_LAST_PORT = 65_535
_SECONDS_BETWEEN_LOOKS = 1.0
_WATCHED = (METADATA, "evidence", "schema", "loaders")
SETTINGS = {
    "suggest_facets": False,
    "facet_time_limit_ms": 2_000,
    "max_csv_mb": 0,
    "sql_time_limit_ms": 5_000,
    "max_returned_rows": 1_000,
    "num_sql_threads": 4,
}
"""Datasette's settings: whole CSV files, facets that do not vanish, no guessing of facets (slow on large tables)."""


@click.command("serve", epilog="Example: evidence serve --port 9000 --open")
@base_option
@documents_option
@click.option("--port", type=int, metavar="PORT", help="Default: $PORT, else 8001; 0 takes a free one.")
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Where to listen.")
@click.option("--open", "opened", is_flag=True, help="Open the site in a browser.")
@click.option("--reload", "reloaded", is_flag=True, help="Build again when a file of the base changes.")
@click.option("--drafts", is_flag=True, help="Show unreviewed records too, marked as drafts.")
def command(
    base: Path | None,
    documents: Path | None,
    port: int | None,
    host: str,
    opened: bool,
    reloaded: bool,
    drafts: bool,
) -> None:
    """Build the database where the records changed, then open the site."""
    folder = find_base(base)
    listening = _listen(host, _port(port))
    out = console(stderr=True)

    def build() -> Path:
        return built(folder, documents, drafts=drafts, say=out.print)

    try:
        file = build()
        address = f"http://{_shown(host)}:{listening.getsockname()[1]}"
        click.echo(address)
        sys.stdout.flush()
        if opened:
            webbrowser.open(address)
        asyncio.run(_serve(folder, file, listening, build if reloaded else None, out.print))
    except KeyboardInterrupt:
        out.print("stopped")
    finally:
        listening.close()


def built(folder: BaseFolder, documents: Path | None, *, drafts: bool, say: Callable[[str], Any]) -> Path:
    """The database of a base, built where its records changed; says what was left out.

    Drafts go into a file of their own, so that a look at them never stands in for the reviewed base; its name is
    the same, so that addresses are.
    """
    from evidencebase.database.build import build_database, default_output
    from evidencebase.database.facts import up_to_date

    file = default_output(folder)
    if drafts:
        file = file.parent / ".evidence-drafts" / file.name
    if up_to_date(file, folder):
        say(f"{file.name} is up to date")
        return file
    file.parent.mkdir(parents=True, exist_ok=True)
    say(f"building {file.name} ...")
    made = build_database(folder, file, documents, drafts=drafts)
    if made.left_out:
        number = len(made.left_out)
        records = "record was" if number == 1 else "records were"
        say(f"{number} {records} left out as unreviewed; `evidence serve --drafts` shows them, marked as drafts")
    return made.file


def _port(named: int | None) -> int:
    text = os.environ.get("PORT") if named is None else str(named)
    try:
        port = int(text) if text else _PORT
    except ValueError:
        port = -1
    if not 0 <= port <= _LAST_PORT:
        raise UsageError(f"PORT is {text!r}, which is no port", f"use a number from 0 to {_LAST_PORT}")
    return port


def _shown(host: str) -> str:
    return "127.0.0.1" if host in ("0.0.0.0", "::", "") else f"[{host}]" if ":" in host else host  # noqa: S104


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens, taken before anything is built: a port in use is told at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        message = f"cannot listen on {host}, port {port}: {error.strerror or error}"
        raise EvidenceError(message, "name another port: `evidence serve --port 0` takes a free one") from error
    return listening


def application(file: Path, metadata: Path) -> Any:
    """Datasette on one database, opened as unchanging, with the metadata of the base."""
    from datasette.app import Datasette
    from datasette.utils import parse_metadata

    text = metadata.read_text(encoding="utf-8") if metadata.is_file() else "{}"
    return Datasette([], immutables=[str(file)], metadata=parse_metadata(text), settings=SETTINGS)


async def _started(folder: BaseFolder, file: Path) -> Any:
    datasette = application(file, folder.path / METADATA)
    await datasette.invoke_startup()
    return datasette.app()


async def _serve(
    folder: BaseFolder,
    file: Path,
    listening: socket.socket,
    build: Callable[[], Path] | None,
    say: Callable[[str], Any],
) -> None:
    """Run the server; with `build`, put a new application in its place when the base changed."""
    import uvicorn

    current = {"app": await _started(folder, file)}

    async def serving(scope: Any, receive: Any, send: Any) -> None:
        await current["app"](scope, receive, send)

    server = uvicorn.Server(uvicorn.Config(serving, log_level="warning", lifespan="off"))
    watching = asyncio.create_task(_watch(folder, build, current, say)) if build else None
    try:
        await server.serve(sockets=[listening])
    finally:
        if watching:
            watching.cancel()


async def _watch(
    folder: BaseFolder, build: Callable[[], Path], current: dict[str, Any], say: Callable[[str], Any]
) -> None:
    seen = _stamps(folder)
    while True:
        await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
        now = _stamps(folder)
        if now == seen:
            continue
        seen = now
        try:
            current["app"] = await _started(folder, await asyncio.to_thread(build))
            say("the site shows the new records")
        except EvidenceError as error:
            say(f"the site still shows the old records: {error.message}")
            if error.hint:
                say(f"  mend: {error.hint}")


def _stamps(folder: BaseFolder) -> dict[str, tuple[int, int]]:
    """Time and size of every file of the base."""
    found = {}
    for part in _WATCHED:
        root = folder.path / part
        for file in [root] if root.is_file() else root.rglob("*"):
            if file.is_file():
                told = file.stat()
                found[str(file)] = (told.st_mtime_ns, told.st_size)
    return found
