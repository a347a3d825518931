"""Which of Datasette's databases are ours, and the addresses of their pages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from datasette.utils import tilde_encode

from evidencebase.database.opening import is_evidence_database
from evidencebase.model.kinds import KINDS

if TYPE_CHECKING:
    from datasette.app import Datasette

STATIC: Final = Path(__file__).parent / "static"
TABLES: Final = {kind.one: kind.name for kind in KINDS.values()}
"""The table of every kind of record, by the name the database gives the kind."""


def ours(datasette: Datasette) -> list[str]:
    """The names of the databases this program built, in the order Datasette has them."""
    return [name for name in datasette.databases if is_ours(datasette, name)]


def is_ours(datasette: Datasette, name: str | None) -> bool:
    """Whether a database of this Datasette carries our application id."""
    database = datasette.databases.get(name) if name else None
    return bool(database and database.path and _checked(str(database.path)))


@cache
def _checked(path: str) -> bool:
    return is_evidence_database(Path(path))


def alone(datasette: Datasette) -> str | None:
    """Our database, where it is the only one this Datasette serves: then the front page is its home."""
    served = [name for name, each in datasette.databases.items() if name != "_internal" and not each.is_memory]
    return served[0] if len(served) == 1 and is_ours(datasette, served[0]) else None


@cache
def _version(name: str) -> str:
    return sha256((STATIC / name).read_bytes()).hexdigest()[:12]


@dataclass(frozen=True)
class Site:
    """Addresses within one database, each with the base_url in front. Templates know it as `site`."""

    datasette: Datasette
    database: str

    @property
    def home(self) -> str:
        """The front page of the base."""
        if alone(self.datasette):
            return str(self.datasette.urls.instance())
        return str(self.datasette.urls.database(self.database))

    @property
    def sql(self) -> str:
        """Where SQL is written."""
        return f"{self.datasette.urls.database(self.database)}"

    def row(self, table: str, key: object, suffix: str = "") -> str:
        """The page of a record; `table` is a table or a kind of record."""
        named = TABLES.get(table, table)
        return f"{self.datasette.urls.row(self.database, named, tilde_encode(str(key)))}{suffix}"

    def plural(self, kind: str) -> str:
        """What several of a kind are called."""
        return TABLES.get(kind, f"{kind}s")

    def table(self, table: str, suffix: str = "", **filters: object) -> str:
        """A list with filters; a None filter is "is null"."""
        address = f"{self.datasette.urls.table(self.database, table)}{suffix}"
        given = {(f"{name}__isnull" if value is None else name): 1 if value is None else value
                 for name, value in filters.items()}  # fmt: skip
        return f"{address}?{urlencode(given)}" if given else address

    def page(self, name: str, **query: object) -> str:
        """A page that is no record: search, map, method, data, chart."""
        address = f"{self.datasette.urls.database(self.database)}/-/{name}"
        return f"{address}?{urlencode(query)}" if query else address

    def chart(self, kind: str, key: str, suffix: str = "") -> str:
        """A chart of a measure, group or place; a page, or a file with the suffix .svg or .png."""
        return f"{self.page('chart')}/{kind}/{tilde_encode(key)}{suffix}"

    def static(self, name: str) -> str:
        """A file of the stylesheet folder, with its version."""
        return f"{self.datasette.urls.path(f'/-/static-plugins/evidencebase/{name}')}?v={_version(name)}"
