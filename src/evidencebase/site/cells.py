"""Single cells of Datasette's tables: badges for strengths, links for ids, plain text for the rest."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from evidencebase.model.appraisals import STRENGTHS
from evidencebase.rendering.text import badge
from evidencebase.site.databases import TABLES

if TYPE_CHECKING:
    from evidencebase.site.databases import Site

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")  # a query may show labels under the name of a kind: they lead nowhere
_POINTERS = {"record_id": "record_type", "from_id": "from_type", "to_id": "to_type"}


def cell(row: Any, value: Any, column: str, table: str | None, site: Site) -> Markup | None:
    """How a value shows; None leaves it to Datasette."""
    if column in ("strength", "alternative") and value in STRENGTHS:
        return badge(value)
    if not isinstance(value, str) or not value:
        return None
    if column in _POINTERS and table:
        names = row.keys() if hasattr(row, "keys") else ()
        kind = row[_POINTERS[column]] if _POINTERS[column] in names else None
        return _link(site, str(kind), value) if kind in TABLES else None
    if table is None and column in TABLES and _ID.fullmatch(value):
        return _link(site, column, value)
    return None


def _link(site: Site, kind: str, key: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(site.row(kind, key), key)
