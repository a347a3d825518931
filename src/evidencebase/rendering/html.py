"""The page that every HTML file for handing on stands in."""

from __future__ import annotations

from evidencebase.citing.escaping import markup
from evidencebase.model.plain import printable

TABLES = """body{font:16px/1.5 system-ui,sans-serif;margin:2rem;max-width:110rem;color:#1a1a1a;background:#fff}
table{border-collapse:collapse}caption{text-align:left;font-weight:600;padding:.5rem 0}
th,td{border:1px solid #767676;padding:.35rem .6rem;text-align:left;vertical-align:top}
thead th{background:#eef2f6}td.number{text-align:right;font-variant-numeric:tabular-nums}"""
"""The style of a page that is mostly one table."""


def page(title: str, body: str, style: str) -> str:
    """A whole page around a body that is already escaped: it asks for nothing from outside and runs no script."""
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    head = markup(printable(title))
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{head}</title>\n<style>{style}</style>\n</head>\n<body>\n<main>\n<h1>{head}</h1>\n{body}\n"
        f"</main>\n</body>\n</html>\n"
    )
