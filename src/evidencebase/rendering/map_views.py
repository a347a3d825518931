"""The evidence map drawn: as a table in HTML, as SVG, and as lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidencebase.answers.evidence_map import BROAD_OFFER, NO_EVIDENCE, NO_OFFER, NOTHING
from evidencebase.citing.escaping import markup
from evidencebase.model.plain import printable
from evidencebase.rendering import drawing
from evidencebase.rendering.html import TABLES, page

if TYPE_CHECKING:
    from evidencebase.answers.evidence_map import Cell, Map, MapGroup

ARROWS = {"higher": "↑", "lower": "↓", "no-difference": "=", "mixed": "↕"}
WORDS = {"higher": "higher", "lower": "lower", "no-difference": "same", "mixed": "mixed"}
_FILLS = {"strong": "#bcd9c3", "moderate": "#f3e2a9", "weak": "#e7cfe4", None: "#e6e6e6"}
_LEGEND = (
    "Each cell shows how many findings and claims this base holds, the strongest source (S strong, M moderate, "
    "W weak, ? not graded), the direction its claims give (↑ higher, ↓ lower, = no difference, ↕ mixed) and ! for a "
    "conflict."
)
_CAUTION = (
    f"An empty cell means {NOTHING}, not that there is no need. A response is what is offered or recommended; "
    "being offered is not being effective."
)
_STYLE = """
.scroll{overflow:auto;max-width:100%}.scroll:focus{outline:3px solid #1f4e79}
td.cell{text-align:center;white-space:nowrap}
td.strong{background:#bcd9c3}td.moderate{background:#f3e2a9}td.weak{background:#e7cfe4}td.ungraded{background:#e6e6e6}
.said{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
thead th{position:sticky;top:0;vertical-align:bottom}tbody th{font-weight:400}"""


def short(cell: Cell, *, plain: bool = False) -> str:
    """Give a cell in a few characters: count, strongest source, direction, conflict ("3S↑!")."""
    strength = cell.strongest[0].upper() if cell.strongest else "?"
    plain_arrows = {"higher": "+", "lower": "-", "no-difference": "=", "mixed": "~"}
    arrow = (plain_arrows if plain else ARROWS).get(cell.direction or "", "")
    count = len(cell.findings) + len(cell.claims) or len(cell.conclusions)
    return f"{count}{strength}{arrow}{'!' if cell.conflicts else ''}"


def map_html(found: Map) -> str:
    """Draw the map as a page of its own: an accessible table, the gaps, the legend; nothing from outside."""
    title = f"Evidence map: {found.scope}" if found.scope else "Evidence map"
    head = "".join(f'<th scope="col">{markup(printable(column.label))}</th>' for column in found.columns)
    rows = "\n".join(_html_row(found, group) for group in found.groups)
    table = (
        f'<div class="scroll" role="region" aria-label="Evidence map" tabindex="0"><table>'
        f"<caption>Groups against {found.by}s, as at {markup(found.as_at)}</caption>"
        f'<thead><tr><th scope="col">Group</th>{head}<th scope="col">Responses</th>'
        f'<th scope="col">Gap</th></tr></thead>'
        f"<tbody>\n{rows}\n</tbody></table></div>"
    )
    gaps = "".join(
        f"<h2>{markup(name[:1].upper() + name[1:])}</h2><ul>"
        + ("".join(f"<li>{markup(printable(group.label))}</li>" for group in found.with_gap(name)) or "<li>none</li>")
        + "</ul>"
        for name in (NO_OFFER, BROAD_OFFER, NO_EVIDENCE)
    )
    said = f"<p>{markup(_LEGEND)}</p><p>{markup(_CAUTION)}</p><p>Effectiveness: {markup(found.effectiveness_text)}.</p>"
    return page(title, said + table + gaps, TABLES + _STYLE)


def _html_row(found: Map, group: MapGroup) -> str:
    cells = []
    for column in found.columns:
        cell = found.cell(group.id, column.id)
        if cell is None:
            cells.append(f'<td class="cell"><span aria-hidden="true">·</span><span class="said">{NOTHING}</span></td>')
            continue
        words = "; ".join([cell.text, *cell.conflicts])
        kind = cell.strongest or "ungraded"
        cells.append(
            f'<td class="cell {kind}" title="{markup(printable(words))}">'
            f'<span aria-hidden="true">{markup(short(cell))}</span>'
            f'<span class="said">{markup(printable(words))}</span></td>'
        )
    offers = f"{len(group.direct)} direct, {len(group.broader)} through broader groups"
    head = f'<th scope="row">{markup(printable(group.label))}</th>'
    return f"<tr>{head}{''.join(cells)}<td>{offers}</td><td>{markup(group.gap or '')}</td></tr>"


_CELL_W, _CELL_H, _LABEL_W, _HEAD_H, _TOP = 46, 22, 340, 230, 96


def map_svg(found: Map) -> str:
    """Draw the map as SVG: one square for each cell that holds something, its words as a tooltip."""
    width = _LABEL_W + _CELL_W * len(found.columns) + 360
    base = _TOP + _HEAD_H
    title = f"Evidence map: {found.scope}, as at {found.as_at}"
    said = (_LEGEND, _CAUTION, f"Effectiveness: {found.effectiveness_text}.")
    parts = [drawing.text(10, 24, title, weight="700", size=16)]
    parts += [drawing.text(10, 46 + 18 * index, line, size=12) for index, line in enumerate(said)]
    for index, column in enumerate(found.columns):
        x = _LABEL_W + _CELL_W * index + _CELL_W / 2
        parts.append(drawing.text(x, base - 8, drawing.clipped(column.label, 38), size=12, turned=-55))
    for row, group in enumerate(found.groups):
        parts += _svg_row(found, group, base + _CELL_H * row)
    height = base + _CELL_H * len(found.groups) + 20
    return f"{drawing.picture(width, height, title, ''.join(parts), description=f'{_LEGEND} {_CAUTION}')}\n"


def _svg_row(found: Map, group: MapGroup, y: int) -> list[str]:
    middle = y + _CELL_H - 7
    parts = [drawing.text(_LABEL_W - 8, middle, drawing.clipped(group.label, 50), anchor="end", size=12)]
    for index, column in enumerate(found.columns):
        x = _LABEL_W + _CELL_W * index
        cell = found.cell(group.id, column.id)
        fill = _FILLS[cell.strongest] if cell else "#ffffff"
        said = f"{group.label}, {column.label}: {cell.text if cell else NOTHING}"
        parts.append(drawing.box(x, y, _CELL_W - 2, _CELL_H - 2, fill, "cell", said))
        if cell:
            parts.append(drawing.text(x + (_CELL_W - 2) / 2, middle, short(cell), anchor="middle", size=12))
    offers = f"{len(group.direct)} direct, {len(group.broader)} broader" + (f"; {group.gap}" if group.gap else "")
    return [*parts, drawing.text(_LABEL_W + _CELL_W * len(found.columns) + 8, middle, offers, size=12)]


def map_lines(found: Map) -> list[str]:
    """Give the map as lines: each group with what is known of it, its responses and its gap."""
    lines: list[str] = []
    labels = {column.id: column.label for column in found.columns}
    for group in found.groups:
        lines.append(printable(group.label))
        held = [found.cell(group.id, column.id) for column in found.columns]
        lines += [f"  {labels[cell.column]}: {cell.text}" for cell in held if cell] or [f"  {NOTHING}"]
        lines += [f"    conflict: {each}" for cell in held if cell for each in cell.conflicts]
        lines.append(f"  responses: {len(group.direct)} to this group, {len(group.broader)} to broader groups")
        lines += [f"  gap: {group.gap}"] if group.gap else []
    return lines


def map_matrix(found: Map, *, plain: bool) -> list[str]:
    """Give the map as a grid of short cells, its columns numbered and named below."""
    label_width = min(48, max((len(group.label) for group in found.groups), default=10))
    numbers = "".join(f"{index:>6}" for index in range(1, len(found.columns) + 1))
    lines = [f"{'':<{label_width}}{numbers}   responses (direct, broader)"]
    for group in found.groups:
        name = printable(group.label)
        name = f"{name[: label_width - 3]}..." if len(name) > label_width else f"{name:<{label_width}}"
        held = [found.cell(group.id, column.id) for column in found.columns]
        cells = "".join(f"{short(cell, plain=plain) if cell else '.':>6}" for cell in held)
        gap = f"  {group.gap}" if group.gap else ""
        lines.append(f"{name}{cells}   {len(group.direct)}, {len(group.broader)}{gap}")
    lines += [f"{index:>4} {printable(column.label)}" for index, column in enumerate(found.columns, start=1)]
    return lines


def map_summary(found: Map, *, plain: bool = False) -> list[str]:
    """Give the legend, the gaps by kind and what is known of effectiveness."""
    legend = _LEGEND
    if plain:
        for arrow, sign in (("↑", "+"), ("↓", "-"), ("↕", "~")):
            legend = legend.replace(arrow, sign)
    lines = [f"{legend} A dot: {NOTHING}.", _CAUTION]
    for name in (NO_OFFER, BROAD_OFFER, NO_EVIDENCE):
        groups = [printable(group.label) for group in found.with_gap(name)]
        lines.append(f"{name}: {', '.join(groups) or 'none'}")
    return [*lines, f"effectiveness: {found.effectiveness_text}"]
