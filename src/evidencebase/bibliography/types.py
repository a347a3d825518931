"""The entry types of BibTeX and biblatex, and the fields each needs.

After the manuals: Patashnik, “BibTeXing” (section 3.1), and the biblatex manual (section 2.1).
An institution stands for the author of a report or web page, as corporate authors do.
"""

from __future__ import annotations

from typing import Final

BIBTEX_TYPES: Final = frozenset(
    {
        *("article", "book", "booklet", "conference", "inbook", "incollection", "inproceedings", "manual"),
        *("mastersthesis", "misc", "phdthesis", "proceedings", "techreport", "unpublished"),
    }
)
_BIBLATEX_TYPES = frozenset(
    {
        *("artwork", "audio", "bibnote", "bookinbook", "collection", "commentary", "dataset", "electronic"),
        *("image", "inreference", "jurisdiction", "legal", "legislation", "letter", "movie", "music"),
        *("mvbook", "mvcollection", "mvproceedings", "mvreference", "online", "patent", "performance"),
        *("periodical", "reference", "report", "review", "set", "software", "standard", "suppbook"),
        *("suppcollection", "suppperiodical", "thesis", "video", "www", "xdata"),
        *("customa", "customb", "customc", "customd", "custome", "customf"),
    }
)
KNOWN_TYPES: Final = BIBTEX_TYPES | _BIBLATEX_TYPES

Need = tuple[str, ...]
"""Fields of which one is enough."""

_DATE: Final[Need] = ("year", "date")
_TITLE: Final[Need] = ("title",)
_AUTHOR: Final[Need] = ("author",)
_WHO: Final[Need] = ("author", "editor")
_BODY: Final[Need] = ("author", "institution", "organization", "publisher", "editor")
_PUBLISHER: Final[Need] = ("publisher",)

REQUIRED: Final[dict[str, tuple[Need, ...]]] = {
    "article": (_AUTHOR, _TITLE, ("journal", "journaltitle"), _DATE),
    "book": (_WHO, _TITLE, _PUBLISHER, _DATE),
    "mvbook": (_WHO, _TITLE, _DATE),
    "booklet": (_TITLE,),
    "collection": (("editor",), _TITLE, _DATE),
    "dataset": (_BODY, _TITLE, _DATE),
    "inbook": (_WHO, _TITLE, ("chapter", "pages", "booktitle"), _PUBLISHER, _DATE),
    "incollection": (_AUTHOR, _TITLE, ("booktitle",), _PUBLISHER, _DATE),
    "inproceedings": (_AUTHOR, _TITLE, ("booktitle",), _DATE),
    "conference": (_AUTHOR, _TITLE, ("booktitle",), _DATE),
    "manual": (_TITLE,),
    "mastersthesis": (_AUTHOR, _TITLE, ("school", "institution"), _DATE),
    "phdthesis": (_AUTHOR, _TITLE, ("school", "institution"), _DATE),
    "thesis": (_AUTHOR, _TITLE, ("institution", "school"), _DATE, ("type",)),
    "misc": (_TITLE,),
    "online": (_BODY, _TITLE, ("url", "doi", "eprint", "howpublished")),
    "electronic": (_BODY, _TITLE, ("url", "doi", "eprint", "howpublished")),
    "www": (_BODY, _TITLE, ("url", "doi", "eprint", "howpublished")),
    "proceedings": (_TITLE, _DATE),
    "periodical": (_TITLE, _DATE),
    "techreport": (_BODY, _TITLE, ("institution", "organization", "publisher", "author"), _DATE),
    "report": (_BODY, _TITLE, ("institution", "organization", "publisher", "author"), _DATE),
    "unpublished": (_AUTHOR, _TITLE, ("note", "howpublished")),
}
