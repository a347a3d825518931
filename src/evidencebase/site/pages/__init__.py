"""The pages of the site, each registered once: what it shows, in which template, under which title."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from evidencebase.site.databases import Site
from evidencebase.site.lists import lister, tables_of, title_of
from evidencebase.site.memory import kept
from evidencebase.site.pages import finding, home, records, sources, subjects

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Awaitable, Callable

    from datasette.app import Datasette
    from datasette.utils.asgi import Request

Model = dict[str, Any]
_LONGEST_SEARCH: Final = 400


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for a page of one database."""

    datasette: Datasette
    database: str
    request: Request

    async def read(self, function: Callable[[sqlite3.Connection], Any]) -> Any:
        """What a function finds in the database."""
        return await self.datasette.databases[self.database].execute_fn(function)

    async def queries(self) -> list[Model]:
        """The questions that are ready to ask, with their titles."""
        found = await self.datasette.get_canned_queries(self.database, self.request.actor)
        return [{**query, "title": query.get("title") or query["name"].replace("_", " ")} for query in found.values()]


@dataclass(frozen=True, slots=True)
class Page:
    """A page about the whole base, at `/-/NAME`; `shows` gives what the template of that name needs."""

    name: str
    title: str
    shows: Callable[[Asked], Awaitable[Model]]


@dataclass(frozen=True, slots=True)
class RecordPage:
    """The page of one row of a table; `shows` gives None where there is no such row."""

    template: str
    shows: Callable[[sqlite3.Connection, str], Model | None]


def _whole(name: str, function: Callable[[sqlite3.Connection], Model]) -> Callable[[Asked], Awaitable[Model]]:
    """A page that depends on nothing but the database, read once for each state of it."""
    return lambda asked: kept(asked.datasette, asked.database, name, function)


async def _home(asked: Asked) -> Model:
    known = await kept(asked.datasette, asked.database, "home", home.home)
    return {**known, "queries": await asked.queries()}


async def _search(asked: Asked) -> Model:
    words = (asked.request.args.get("q") or "")[:_LONGEST_SEARCH]
    found: Model = await asked.read(lambda connection: home.search(connection, words))
    return {**found, "title": f"Search: {words}" if words else "Search"}


async def _data(asked: Asked) -> Model:
    return {"tables": await lister(asked.datasette, asked.database)(), "queries": await asked.queries()}


HOME: Final = Page("home", "Home", _home)
PAGES: Final[dict[str, Page]] = {
    page.name: page
    for page in (
        Page("map", "Map", _whole("map", home.whole_map)),
        Page("search", "Search", _search),
        Page("method", "Method", _whole("method", home.method)),
        Page("data", "Data", _data),
    )
}
MENU: Final = ("findings_readable", "map", "measures", "studies", "method", "data")
"""What stands at the top of every page: pages and lists, by name. Search has its own form there."""


def menu(datasette: Datasette, database: str) -> list[tuple[str, str]]:
    """What stands at the top of every page of a database, with its address."""
    site, tables = Site(datasette, database), tables_of(datasette, database)
    return [
        (PAGES[name].title, site.page(name)) if name in PAGES else (title_of(tables, name), site.table(name))
        for name in MENU
    ]


RECORD_PAGES: Final[dict[str, RecordPage]] = {
    "findings": RecordPage("finding", finding.page),
    "findings_readable": RecordPage("finding", finding.page),
    "claims": RecordPage("record", records.record_page("claim")),
    "populations": RecordPage("record", records.record_page("population")),
    "estimates": RecordPage("record", records.record_page("estimate")),
    "bodies": RecordPage("record", records.record_page("body")),
    "conclusions": RecordPage("record", records.record_page("conclusion")),
    "responses": RecordPage("record", records.record_page("response")),
    "indicators": RecordPage("record", records.record_page("indicator")),
    "contexts": RecordPage("record", records.record_page("context")),
    "studies": RecordPage("study", sources.study_page),
    "documents": RecordPage("document", sources.document_page),
    "groups": RecordPage("group", subjects.group_page),
    "measures": RecordPage("measure", subjects.measure_page),
    "places": RecordPage("place", subjects.place_page),
}
"""The pages of rows, by table; rows of other tables keep Datasette's own."""
