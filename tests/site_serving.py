"""Databases and servers for the tests of the site."""

from __future__ import annotations

import asyncio
import re
import socket
import threading
import time
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import uvicorn
from datasette.app import Datasette
from datasette.utils import parse_metadata

from conftest import REPOSITORY, BaseOnDisk
from evidencebase.cli.serve import SETTINGS
from evidencebase.database import build_database
from evidencebase.folder import BaseFolder

if TYPE_CHECKING:
    from collections.abc import Iterator

HOSTILE = "<script>alert(1)</script>\"'&amp; 🦉 עברית مرحبا {{ 7*7 }} <img src=x onerror=alert(2)>"
LONG = "ten thousand " * 765
PAGES = {
    "finding": "findings/nurses-sleep-badly",
    "claim": "claims/nurses-sleep-worse-than-teachers",
    "estimate": "estimates/northshire-bad-sleep-nurses",
    "population": "populations/northshire-nurses",
    "conclusion": "conclusions/nurses-at-risk",
    "response": "responses/rest-rooms",
    "group": "groups/nurses",
    "measure": "measures/sleeps-badly",
    "place": "places/northshire",
    "study": "studies/shift-work-survey-2021",
    "document": "documents/northshire-report",
    "source": "sources/northshire-report",
    "findings": "findings_readable",
    "search": "findings_readable?_search=nurses",
    "empty list": "findings_readable?_search=zebra",
    "claims": "claims",
    "every column": "claims?_view=columns",
    "groups": "groups",
    "sql": "?sql=select+statement,+strength+from+findings",
    "map": "-/map",
    "method": "-/method",
    "data": "-/data",
    "site search": "-/search?q=nurses",
    "nothing found": "-/search?q=zebra",
    "chart": "-/chart/measure/sleeps-badly",
    "timeline": "-/chart/timeline/sleeps-badly",
    "group chart": "-/chart/group/nurses",
    "place chart": "-/chart/place/northshire",
    "not found": "findings/never-was",
    "home": "",
}
"""An address of every kind of page in the small base on sleep."""

CONCLUSIONS = """
- id: nurses-at-risk
  group: nurses
  measure: sleeps-badly
  direction: higher
  label: "Nurses sleep badly %s"
  supports: [nurses-sleep-badly, nurses-sleep-worse-than-teachers]
  stated_in: [{document: northshire-report, fragment: "slept badly on most nights", locator: "1"}]
  certainty: {risk_of_bias: {rating: serious, reason: "as judged %s"}}
  extracted_by: reader-a
"""
RESPONSES = """
- id: rest-rooms
  kind: service
  label: "rest rooms %s"
  place: northshire
  groups: [nurses]
  rests_on: [nurses-at-risk]
  effectiveness: none-recorded
  anchors: [{document: northshire-report, fragment: "Estimated number of shift workers"}]
  extracted_by: reader-a
"""


def quoted(text: str) -> str:
    """A text for the inside of a double-quoted YAML scalar."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


def sleep_base(folder: Path, words: str = "") -> BaseOnDisk:
    """The small base with every kind of record; `words` go into every text a person writes."""
    base = BaseOnDisk(folder)
    said = quoted(words)
    base.write("evidence/conclusions/northshire-report.yml", CONCLUSIONS % (said, said))
    base.write("evidence/responses/northshire-report.yml", RESPONSES % said)
    if words:
        base.change("schema/groups.yml", "label: nurses", f'words: [nurses], label: "nurses {said}"')
        base.change("schema/measures.yml", "Sleeps badly on most nights", f'"Sleeps badly {said}"')
        base.change("schema/places.yml", "label: Northshire", f'label: "Northshire {said}"')
        base.change("evidence/studies.yml", "label: Shift Work Survey 2021", f'label: "Shift Work Survey {said}"')
        base.change("evidence/documents.yml", "title: Sleep in Northshire", f'title: "Sleep in Northshire {said}"')
        base.change(
            "evidence/findings/northshire-report.yml", "  period: 2021", f'  caveats: ["{said}"]\n  period: 2021'
        )
        base.change(
            "evidence/claims/northshire-report.yml", "  kind: relation", f'  caveats: ["{said}"]\n  kind: relation'
        )
    return base


def database(folder: Path, words: str = "") -> Path:
    """A database of the small base, drafts included."""
    base = sleep_base(folder, words)
    return build_database(BaseFolder(base.folder), folder / "evidence.db", base.folder / "documents", drafts=True).file


def datasette(*files: Path, metadata: dict[str, Any] | None = None, **settings: Any) -> Datasette:
    """Datasette on databases named after their files, with the settings of `evidence serve`."""
    names = [str(file) for file in files]
    return Datasette([], immutables=names, metadata=metadata or shipped_metadata(), settings={**SETTINGS, **settings})


def shipped_metadata() -> dict[str, Any]:
    """The metadata.yml of the repository."""
    found: dict[str, Any] = parse_metadata((REPOSITORY / "metadata.yml").read_text(encoding="utf-8"))
    return found


def get(site: Datasette, *paths: str) -> list[httpx.Response]:
    """The answers of a Datasette to addresses, one after another."""

    async def ask() -> list[httpx.Response]:
        await site.invoke_startup()
        return [await site.client.get(path) for path in paths]

    return asyncio.run(ask())


class Seen(HTMLParser):
    """What a browser would find in a page: tags with their attributes, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    @property
    def addresses(self) -> list[str]:
        return [value for _, attrs in self.tags for name in ("href", "src", "action") if (value := attrs.get(name))]


def inline(html: str) -> list[str]:
    """What a policy of default-src 'self' would forbid in a page."""
    found = []
    for tag, attrs in Seen(html).tags:
        handlers = [name for name in attrs if name.startswith("on") or name == "style"]
        if tag == "style" or (tag == "script" and not attrs.get("src")) or handlers:
            found.append(f"<{tag} {handlers}>")
    return found


@contextmanager
def serving(site: Datasette) -> Iterator[str]:
    """A real server on a free port, for browsers."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(64)
    server = uvicorn.Server(uvicorn.Config(site.app(), log_level="error", lifespan="off"))

    async def run() -> None:
        await site.invoke_startup()
        await server.serve(sockets=[listening])

    thread = threading.Thread(target=lambda: asyncio.run(run()), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()


def visible(html: str) -> str:
    """The text of a page with its white space folded."""
    return re.sub(r"\s+", " ", Seen(html).text)
