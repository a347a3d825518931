"""One escaper a format: text of records made safe for Markdown, HTML (and SVG) and LaTeX.

For plain text that is `model.plain.printable`. Whatever writes a format escapes here; templates of the site are
escaped by Jinja itself.
"""

from __future__ import annotations

import html
import re

from evidencebase.bibliography.encoding import text_to_latex

_MARKDOWN_SPECIAL = re.compile(r"([\\`*_\[\]<>#~^$@{}|&]|^\d+(?=[.)]\s)|^[+-](?=\s))", re.MULTILINE)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def without_control(text: str) -> str:
    """Text without the characters that no XML may hold."""
    return _CONTROL.sub("", text)


def markdown(text: str) -> str:
    """Text that pandoc and CommonMark print as it is: no emphasis, no link, no HTML, no citation, no list."""

    def escape(match: re.Match[str]) -> str:
        found = match.group()
        return f"{found}\\" if found.isdigit() else f"\\{found}"

    return _MARKDOWN_SPECIAL.sub(escape, without_control(text))


def markup(text: str) -> str:
    """Text for HTML and SVG, between tags and within the quotes of an attribute."""
    return html.escape(without_control(text), quote=True)


def latex(text: str) -> str:
    """Text for LaTeX, spaces at its ends kept, quotation marks as LaTeX sets them."""
    lead = " " if text[:1] == " " else ""
    tail = " " if text[-1:] == " " and text.strip() else ""
    made = text_to_latex(text.strip(" "))
    made = made.replace("“", "``").replace("”", "''").replace("‘", "`").replace("’", "'")
    return lead + made.replace("<", r"\textless{}").replace(">", r"\textgreater{}").replace("|", r"\textbar{}") + tail
