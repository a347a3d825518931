"""The site: a Datasette plugin that acts on databases built by this program, and on no other.

Loaded by Datasette through its entry point. Everything shown is read from the database; without a
database of ours every hook is silent.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from datasette import hookimpl
from jinja2 import ChoiceLoader

from evidencebase.bibliography.formats import ENDINGS
from evidencebase.rendering import text
from evidencebase.rendering.charts import bar
from evidencebase.site.cells import cell
from evidencebase.site.databases import Site, is_ours, ours
from evidencebase.site.dictionary import described
from evidencebase.site.errors import error_page
from evidencebase.site.headers import with_headers
from evidencebase.site.lists import list_helpers
from evidencebase.site.memory import kept
from evidencebase.site.pages import menu
from evidencebase.site.queries import facts
from evidencebase.site.routing import routes
from evidencebase.site.templating import OwnTemplates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from datasette.app import Datasette
    from datasette.utils.asgi import Request
    from jinja2 import Environment


@hookimpl
def register_routes(datasette: Datasette) -> list[tuple[str, Callable[..., Any]]]:
    """Our pages, for the databases of ours that are attached when the server starts."""
    return routes(datasette) if ours(datasette) else []


@hookimpl
def startup(datasette: Datasette) -> None:
    """A date in metadata.yml is read as one, which Datasette's own page of the metadata cannot write as JSON."""
    if ours(datasette):
        datasette._metadata_local = _dates_as_text(datasette._metadata_local)  # noqa: SLF001 (it has no other way)


def _dates_as_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _dates_as_text(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_dates_as_text(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


@hookimpl
def get_metadata(datasette: Datasette, key: str | None) -> dict[str, Any]:
    """What tables and columns say; a base's own metadata.yml may say it otherwise."""
    return described(datasette, key)


@hookimpl
def prepare_jinja2_environment(env: Environment, datasette: Datasette) -> None:
    """Give lists, rows and queries of our databases our templates; other databases keep theirs."""
    if not ours(datasette):
        return
    env.loader = ChoiceLoader([OwnTemplates(datasette), *([env.loader] if env.loader else [])])
    env.globals["endings"] = ENDINGS
    env.filters |= {
        "badge": text.badge,
        "count_of": text.count,
        "figure_bar": bar,
        "first_upper": text.first_upper,
        "highlighted": text.highlighted,
        "listed": text.listed,
        "map_cell": text.map_cell,
        "marked": text.marked,
        "number_in": text.shown,
        "state_of": text.state_of,
    }


@hookimpl
async def extra_template_vars(
    datasette: Datasette, database: str | None, table: str | None, request: Request
) -> dict[str, Any]:
    """The addresses of the site and the helpers of lists, for templates that show one of our databases."""
    if not is_ours(datasette, database):
        return {}
    name = str(database)
    known = await kept(datasette, name, "facts", facts)
    return {
        "site": Site(datasette, name),
        "facts": known,
        "menu": menu(datasette, name),
        **list_helpers(datasette, name, table, request),
    }


@hookimpl
def render_cell(row: Any, value: Any, column: str, table: str | None, database: str, datasette: Datasette) -> Any:
    """Strengths as badges and record ids as links, in lists and in the results of queries."""
    return cell(row, value, column, table, Site(datasette, database)) if is_ours(datasette, database) else None


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[Any], Any]:
    """Security headers on our pages, long caching of our stylesheet."""
    return with_headers(datasette)


@hookimpl(hookwrapper=True)
def handle_exception(datasette: Datasette, request: Request, exception: Exception) -> Iterator[None]:
    """Pages for what went wrong that say where to go on.

    It wraps the other handlers: Datasette's own prints every unknown address to the console with all locals.
    """
    outcome: Any = yield
    page = error_page(datasette, request, exception)
    if page is not None:
        outcome.force_result([page])
