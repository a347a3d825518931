"""What an entry takes from the entry its `crossref` or `xdata` names.

BibTeX gives a child every field it lacks. biblatex also renames: the title of a book is the `booktitle`
of its chapters. Both are done here, the child's own fields first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_OWN_ONLY = frozenset(
    {
        *("crossref", "xref", "xdata", "ids", "entryset", "entrysubtype", "execute", "label", "options"),
        *("presort", "related", "relatedtype", "relatedoptions", "relatedstring", "shorthand", "sortkey"),
        *("gender", "keywords", "file", "abstract", "annotation"),
    }
)
_IN_BOOK = frozenset(
    {
        *("inbook", "bookinbook", "suppbook", "incollection", "suppcollection", "inproceedings"),
        *("conference", "inreference"),
    }
)
_IN_PERIODICAL = frozenset({"article", "suppperiodical"})
_TITLES = ("title", "subtitle", "titleaddon")
_BOOK_TITLES = {"title": "booktitle", "subtitle": "booksubtitle", "titleaddon": "booktitleaddon"}
_JOURNAL_TITLES = {"title": "journaltitle", "subtitle": "journalsubtitle"}


def inherit(child_type: str, child: Mapping[str, str], parent: Mapping[str, str]) -> dict[str, str]:
    """The fields that a child of this type and these fields takes from a parent with these fields."""
    renamed = {**_BOOK_TITLES} if child_type in _IN_BOOK else {}
    if child_type in _IN_PERIODICAL:
        renamed = {**_JOURNAL_TITLES}
    taken = {
        name: value
        for name, value in parent.items()
        if name not in _OWN_ONLY and name not in child and not (name in _TITLES and "title" in child)
    }
    for name, target in renamed.items():
        has_own = target in child or target in parent or (target == "journaltitle" and "journal" in child)
        if name in parent and not has_own and "title" in child:
            taken[target] = parent[name]
    return taken
