"""Pages for what went wrong: what it was, and where to go on."""

from __future__ import annotations

import sys
import traceback
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from datasette import Response
from datasette.utils.asgi import Base400

from evidencebase.site.databases import Site
from evidencebase.site.headers import our_path

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from datasette.app import Datasette
    from datasette.utils.asgi import Request

_NOT_FOUND = 404
_BROKEN = 500


def error_page(
    datasette: Datasette, request: Request, exception: Exception
) -> Callable[[], Coroutine[Any, Any, Any]] | None:
    """The page for an exception on one of our addresses; None leaves it to Datasette (JSON, other databases)."""
    path = request.path.split("?")[0]
    database = our_path(datasette, path)
    if database is None or path.endswith((".json", ".csv")):
        return None
    status, message, title = _said(exception)
    if status == _BROKEN:
        traceback.print_exception(exception, file=sys.stderr)

    async def respond() -> Response:
        tail = unquote(path.rstrip("/").rsplit("/", 1)[-1])
        context = {
            "database": database,
            "site": Site(datasette, database),
            "status": status,
            "message": message,
            "title": title,
            "words": tail.replace("~2D", "-").replace("-", " ")[:80] if status == _NOT_FOUND else "",
        }
        html = await datasette.render_template("evidencebase/error.html", context, request)
        return Response.html(html, status=status)

    return respond


def _said(exception: Exception) -> tuple[int, str, str | None]:
    # Datasette's views import its plugins: they cannot be imported while a plugin is.
    from datasette.views.base import DatasetteError

    if isinstance(exception, Base400):
        return exception.status, str(exception.args[0] if exception.args else ""), None
    if isinstance(exception, DatasetteError):
        return exception.status, str(exception.message), exception.title
    return _BROKEN, "The server could not make this page. The database is not harmed.", None
