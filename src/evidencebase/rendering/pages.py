"""Writing a briefing as Markdown, self-contained HTML, or DOCX."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from evidencebase.citing import escaping
from evidencebase.citing.marked import plain
from evidencebase.rendering.html import page as html_page

if TYPE_CHECKING:
    from evidencebase.answers.briefing import Briefing, Section
    from evidencebase.citing.marked import Marked

_CSS = """
@page { size: A4; margin: 9mm 11mm }
body { font: 10.5pt/1.38 system-ui, sans-serif; color: #1a1a1a; background: #fff; max-width: 48rem;
  margin: 1.5rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem; margin: 0 0 .3rem }
h2 { font-size: 1.02rem; margin: 1rem 0 .25rem; border-bottom: 1px solid #999 }
p, ul, table { margin: .25rem 0 }
ul { padding-left: 1.2rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .15rem .5rem .15rem 0; border-bottom: 1px solid #ddd }
.note { color: #444; font-size: .92em }
.references { list-style: none; padding-left: 0; font-size: .92em }
a { color: #0b4f8a; overflow-wrap: anywhere }
@media print {
  body { margin: 0; padding: 0; max-width: none; font-size: 7.5pt; line-height: 1.18 }
  h1 { font-size: 13pt } h2 { font-size: 9pt; margin: 4pt 0 1pt; break-after: avoid }
  p, ul, table { margin: 1pt 0 }
  th, td { padding-top: 0; padding-bottom: 0 }
  .references { columns: 2; font-size: .88em } li { break-inside: avoid }
}
"""
_FONT_POINTS = 8
_MARGIN_CM = 1.3
_WIDTHS_CM = (10.2, 3.0, 2.2, 3.0)


def to_markdown(page: Briefing) -> str:
    """Markdown for pandoc, Quarto or a repository."""
    parts = [f"# {escaping.markdown(page.title)}", page.scope.markdown()]
    for section in page.sections:
        parts.append(f"## {section.heading}")
        parts += [section.lead.markdown()] if section.lead else []
        if section.rows:
            lines = [section.columns, ["---"] * len(section.columns), *_written(section, "markdown")]
            parts.append("\n".join(f"| {' | '.join(line)} |" for line in lines))
        parts += ["\n".join(f"- {item.markdown()}" for item in section.items)] if section.items else []
        parts += [escaping.markdown(section.more) + "."] if section.more else []
    return "\n\n".join([*parts, "## References", *(mark.markdown() for mark in page.references)]) + "\n"


def _written(section: Section, form: str) -> list[list[str]]:
    return [[cell.written(form) for cell in row] for row in section.rows]


def to_html(page: Briefing) -> str:
    """One HTML file that asks for nothing else; everything from records is escaped."""
    parts = [f'<p class="note">{page.scope.html()}</p>']
    for section in page.sections:
        parts.append(f"<h2>{escaping.markup(section.heading)}</h2>")
        parts += [f"<p>{section.lead.html()}</p>"] if section.lead else []
        parts += [_html_table(section)] if section.rows else []
        items = "".join(f"<li>{item.html()}</li>\n" for item in section.items)
        parts += [f"<ul>\n{items}</ul>"] if items else []
        parts += [f'<p class="note">{escaping.markup(section.more)}.</p>'] if section.more else []
    references = "".join(f"<li>{mark.html()}</li>\n" for mark in page.references)
    parts.append(f'<h2>References</h2>\n<ul class="references">\n{references}</ul>')
    return html_page(page.title, "\n".join(parts), _CSS)


def _html_table(section: Section) -> str:
    head = "".join(f'<th scope="col">{escaping.markup(column)}</th>' for column in section.columns)
    rows = "\n".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in _written(section, "html"))
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"


def to_docx(page: Briefing) -> bytes:
    """A Word document, A4, with headings, a table and lists in Word's own styles."""
    from docx import Document
    from docx.shared import Cm, Pt

    document = Document()
    for part in document.sections:
        part.page_width, part.page_height = Cm(21), Cm(29.7)
        part.left_margin = part.right_margin = part.top_margin = part.bottom_margin = Cm(_MARGIN_CM)
    document.styles["Normal"].font.size = Pt(_FONT_POINTS)
    document.styles["Normal"].paragraph_format.space_after = Pt(1)
    document.core_properties.title = page.title
    document.core_properties.author = ""
    document.add_heading(str(plain(page.title)), level=1)
    _runs(document.add_paragraph(), page.scope)
    for section in page.sections:
        document.add_heading(section.heading, level=2)
        if section.lead:
            _runs(document.add_paragraph(), section.lead)
        if section.rows:
            _docx_table(document, section)
        for item in section.items:
            _runs(document.add_paragraph(style="List Bullet"), item)
        if section.more:
            document.add_paragraph(f"{section.more}.")
    document.add_heading("References", level=2)
    for mark in page.references:
        _runs(document.add_paragraph(), mark)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _docx_table(document: Any, section: Section) -> None:
    from docx.shared import Cm

    table = document.add_table(rows=1, cols=len(section.columns), style="Light Grid Accent 1")
    for cell, column in zip(table.rows[0].cells, section.columns, strict=True):
        cell.text = column
    for row in section.rows:
        for cell, mark in zip(table.add_row().cells, row, strict=True):
            _runs(cell.paragraphs[0], mark)
    if len(section.columns) == len(_WIDTHS_CM):
        table.autofit = False
        for row in table.rows:
            for cell, width in zip(row.cells, _WIDTHS_CM, strict=True):
                cell.width = Cm(width)


def _runs(paragraph: Any, mark: Marked) -> None:
    for text, kinds in mark.runs():
        run = paragraph.add_run(text)
        run.italic = "italic" in kinds or None
        run.bold = "bold" in kinds or None
        run.font.superscript = "sup" in kinds or None
        run.font.subscript = "sub" in kinds or None
        run.font.small_caps = "small-caps" in kinds or None
