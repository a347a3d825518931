"""Our templates under the names Datasette asks for, so that only our databases are affected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datasette.utils import to_css_class
from jinja2 import BaseLoader, TemplateNotFound

from evidencebase.site.databases import ours

if TYPE_CHECKING:
    from collections.abc import Callable

    from datasette.app import Datasette
    from jinja2 import Environment

_KINDS = ("table", "row", "query", "database")


class OwnTemplates(BaseLoader):
    """Answers `table-NAME-*.html`, `row-NAME-*.html`, `query-NAME*.html` and `database-NAME.html` for our databases.

    A template folder given to Datasette by hand comes first where it has a file of that name.
    """

    def __init__(self, datasette: Datasette) -> None:
        """`datasette` tells which databases are ours, also those attached later."""
        self.datasette = datasette

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        """The text of our template; TemplateNotFound for every name that is not ours."""
        found = self._own(template)
        if found is None or environment.loader is None:
            raise TemplateNotFound(template)
        return environment.loader.get_source(environment, found)

    def list_templates(self) -> list[str]:
        """None of its own: the files are listed by the loader they come from."""
        return []

    def _own(self, template: str) -> str | None:
        for name in ours(self.datasette):
            for kind in _KINDS:
                stem = f"{kind}-{to_css_class(name)}"
                if template == f"{stem}.html" or (kind != "database" and template.startswith(f"{stem}-")):
                    return f"evidencebase/{kind}.html"
        return None
