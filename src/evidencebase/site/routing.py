"""The addresses of our pages, and what answers them."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from datasette import Response
from datasette.utils import tilde_decode, tilde_encode
from datasette.utils.asgi import NotFound

from evidencebase.bibliography.formats import ENDINGS
from evidencebase.rendering import charts, drawing
from evidencebase.site.databases import alone, ours
from evidencebase.site.exports import list_export, record_sources, written
from evidencebase.site.pages import HOME, PAGES, RECORD_PAGES, Asked, Page, subjects
from evidencebase.site.queries import findings_of, one, records_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from datasette.app import Datasette
    from datasette.utils.asgi import Request

Model = dict[str, Any]
_CHARTS: Final = {"measure": "measures", "timeline": "measures", "group": "groups", "place": "places"}
_KEPT: Final = 64


def routes(datasette: Datasette) -> list[tuple[str, Callable[..., Any]]]:
    """Patterns and views for every database of ours."""
    made: list[tuple[str, Callable[..., Any]]] = []
    for name in ours(datasette):
        root = f"/(?P<database>{re.escape(tilde_encode(datasette.databases[name].route))})"
        pages = _Pages(datasette, name)
        tables, named = "|".join(RECORD_PAGES), "|".join(PAGES)
        suffixes = "|".join(re.escape(ending) for ending in ENDINGS)
        if alone(datasette) == name:
            made.append((r"/$", pages.home))
        made += [
            (rf"{root}(?P<format>(?!))?$", pages.database),
            (rf"{root}/-/(?P<page>{named})$", pages.named),
            (rf"{root}/-/chart/(?P<kind>{'|'.join(_CHARTS)})/(?P<pks>[^/.]+)(?P<suffix>\.svg|\.png)?$", pages.chart),
            (rf"{root}/(?P<table>[^/.]+)\.(?P<form>{suffixes})$", pages.listed),
            (rf"{root}/(?P<table>[^/.]+)/(?P<pks>[^/]+?)\.(?P<form>{suffixes})$", pages.cited),
            (rf"{root}/(?P<table>{tables})/(?P<pks>[^/.]+)$", pages.record),
        ]
    return made


class _Pages:
    """The views of one database."""

    def __init__(self, datasette: Datasette, name: str) -> None:
        self.datasette = datasette
        self.name = name
        self._pictures: dict[tuple[str, ...], bytes] = {}

    async def _read(self, function: Callable[[sqlite3.Connection], Any]) -> Any:
        return await self.datasette.databases[self.name].execute_fn(function)

    async def _allowed(self, request: Request, table: str | None = None) -> None:
        asked: list[Any] = [("view-table", (self.name, table))] if table else []
        await self.datasette.ensure_permissions(request.actor, [*asked, ("view-database", self.name), "view-instance"])

    async def _page(self, request: Request, template: str, model: Model, status: int = 200) -> Response:
        context = {**model, "database": self.name, "address": self._address(request)}
        html = await self.datasette.render_template(f"evidencebase/{template}.html", context, request)
        return Response.html(html, status=status, headers={"cache-control": "max-age=5"})

    def _address(self, request: Request) -> str:
        return str(self.datasette.absolute_url(request, self.datasette.urls.path(request.path)))

    async def _whole(self, request: Request, page: Page) -> Response:
        await self._allowed(request)
        model = await page.shows(Asked(self.datasette, self.name, request))
        return await self._page(request, page.name, {"title": page.title, **model})

    async def home(self, request: Request) -> Response:
        """The front page."""
        return await self._whole(request, HOME)

    async def named(self, request: Request) -> Response:
        """A page about the whole base."""
        return await self._whole(request, PAGES[request.url_vars["page"]])

    async def database(self, request: Request, send: Any) -> Any:
        """The home page; Datasette's own page where SQL is asked for."""
        # Datasette's views import its plugins: they cannot be imported while a plugin is.
        from datasette.views.database import DatabaseView

        if request.query_string:
            return await DatabaseView.as_view(self.datasette)(request, send)
        return await self.home(request)

    async def record(self, request: Request) -> Response:
        """The page of one record."""
        table, key = request.url_vars["table"], tilde_decode(request.url_vars["pks"])
        await self._allowed(request, table)
        page = RECORD_PAGES[table]
        model = await self._read(lambda connection: page.shows(connection, key))
        if model is None:
            raise NotFound(f"{key}: no such record in {table}")
        return await self._page(request, page.template, {**model, "table": table, "key": key})

    async def cited(self, request: Request) -> Response:
        """The sources of one record as a file."""
        table, key = tilde_decode(request.url_vars["table"]), tilde_decode(request.url_vars["pks"])
        await self._allowed(request, table)
        found = await self._read(lambda connection: record_sources(connection, table, key))
        if found is None:
            raise NotFound(f"{key}: no such record with sources in {table}")
        return written(found, request.url_vars["form"], key)

    async def listed(self, request: Request) -> Response:
        """The sources of every row of a filtered list as a file."""
        table = tilde_decode(request.url_vars["table"])
        await self._allowed(request, table)
        return await list_export(self.datasette, request, self.name, table, request.url_vars["form"])

    async def chart(self, request: Request) -> Response:
        """A chart with its data as a table; as SVG or PNG where the address ends so."""
        kind, key = request.url_vars["kind"], tilde_decode(request.url_vars["pks"])
        await self._allowed(request)
        model = await self._read(lambda connection: _chart(connection, kind, key))
        if model is None:
            raise NotFound(f"{key}: no such {kind} to draw")
        suffix = request.url_vars.get("suffix")
        if not suffix:
            return await self._page(request, "chart", {**model, "kind": kind, "key": key})
        if not model["svg"]:
            raise NotFound(f"{key}: too few figures to draw")
        name = f'attachment; filename="{kind}-{re.sub("[^a-zA-Z0-9-]", "-", key)[:80]}{suffix}"'
        if suffix == ".svg":
            return Response(str(model["svg"].wide), content_type="image/svg+xml", headers={"content-disposition": name})
        picture = await self._picture((kind, key, str(model["svg"].wide)))
        headers = {"content-disposition": name, "content-type": "image/png"}
        return Response(picture, content_type="image/png", headers=headers)

    async def _picture(self, asked: tuple[str, str, str]) -> bytes:
        if asked not in self._pictures:
            if len(self._pictures) >= _KEPT:
                self._pictures.clear()
            self._pictures[asked] = await self._read(partial(_drawn, svg=asked[2]))
        return self._pictures[asked]


def _drawn(_connection: Any, svg: str) -> bytes:
    return drawing.png(svg)


def _chart(connection: sqlite3.Connection, kind: str, key: str) -> Model | None:
    """The picture of a chart and the findings or estimates it is made of."""
    subject = one(connection, f"SELECT * FROM {_CHARTS[kind]} WHERE id = ?", key)
    if subject is None:
        return None
    if kind == "place":
        estimates, total = records_of(connection, "estimates", "place", key)
        svg = subjects.estimates_plot(estimates, subject["label"])
        return {"svg": svg, "subject": subject, "estimates": estimates, "findings": [], "findings_total": total}
    column = "group" if kind == "group" else "measure"
    found, total = findings_of(connection, column, key)
    if kind == "group":
        drawn = [point for point in charts.points(found, "measure") if point.unit == "percent"]
        svg = charts.dot_plot(drawn, f"{subject['label']}: rates") if drawn else None
    else:
        pictures = subjects.measure_charts(found, subject)
        svg = pictures["timeline" if kind == "timeline" else "forest"]
    return {"svg": svg, "subject": subject, "findings": found, "findings_total": total, "estimates": []}
