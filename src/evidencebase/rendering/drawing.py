"""What every chart is drawn with: scale, text, lines and shapes of SVG, written here: no script, no font, no address.

Colours are presentation attributes, so that a downloaded file looks right by itself, and classes, so that the
stylesheet of the site sets them for light, dark and print. Every text is escaped by `text` or `titled`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from evidencebase.citing.escaping import markup
from evidencebase.model.plain import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

INK, SOFT, LINE, MARK = "#1c2330", "#566074", "#d5dae3", "#0b5c73"
_FONT: Final = 'font-family="system-ui, -apple-system, Segoe UI, Roboto, sans-serif"'
_LETTERS: Final = "Source Sans Pro"
_STEPS: Final = (1, 2, 5, 10)


@dataclass(frozen=True, slots=True)
class Scale:
    """From numbers to pixels or characters: `low` stands at `start`, `high` at `end`; `ticks` are round."""

    low: float
    high: float
    start: float
    end: float
    ticks: tuple[float, ...]

    @classmethod
    def over(cls, numbers: Iterable[float], start: float, end: float) -> Scale:
        """The scale of round limits, some five steps apart, that holds every number; 0 to 1 where there is none."""
        held = list(numbers) or [0.0, 1.0]
        low, high = min(held), max(held)
        high = high if high > low else low + 1.0
        step = _step((high - low) / 5)
        ticks = tuple(step * number for number in range(math.floor(low / step), math.ceil(high / step) + 1))
        return cls(ticks[0], ticks[-1], start, end, ticks)

    def at(self, value: float) -> float:
        """Where a number stands."""
        return self.start + (self.end - self.start) * (value - self.low) / (self.high - self.low)


def _step(rough: float) -> float:
    """The next of 1, 2, 5, 10 ... that is not smaller."""
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * factor for factor in _STEPS if power * factor >= rough * 0.999)


def clipped(words: str, longest: int) -> str:
    """Words on one line, cut off where they are too long for their place."""
    clean = printable(words)
    return clean if len(clean) <= longest else clean[: longest - 1].rstrip() + "\u2026"


def text(
    x: float,
    y: float,
    words: str,
    kind: str = "ink",
    anchor: str = "start",
    *,
    weight: str = "400",
    size: int = 13,
    turned: int = 0,
) -> str:
    """Words at a point: `kind` is ink or soft, `anchor` start, middle or end, `turned` degrees."""
    colour = INK if kind == "ink" else SOFT
    at = f'x="{x:.1f}" y="{y:.1f}"' if not turned else f'transform="translate({x:.1f} {y:.1f}) rotate({turned})"'
    return (
        f'<text {at} class="{kind}" fill="{colour}" font-size="{size}" font-weight="{weight}" '
        f'text-anchor="{anchor}" {_FONT}>{markup(printable(words))}</text>'
    )


def line(x: float, y: float, to_x: float, to_y: float) -> str:
    """A line of the grid."""
    return f'<line x1="{x:.1f}" x2="{to_x:.1f}" y1="{y:.1f}" y2="{to_y:.1f}" class="grid" stroke="{LINE}"/>'


def box(x: float, y: float, width: float, height: float, fill: str, kind: str = "", title: str = "") -> str:
    """A filled rectangle; its title shows where a pointer rests on it."""
    shape = f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" class="{kind}" fill="{fill}"'
    return f"{shape}><title>{markup(printable(title))}</title></rect>" if title else f"{shape}/>"


def whisker(first: float, last: float, across: float, *, upright: bool = False, dashed: bool = False) -> str:
    """An interval from `first` to `last` with its ends marked, at `across`."""
    if upright:
        path = f"M{across - 4:.1f} {first:.1f}h8M{across:.1f} {first:.1f}V{last:.1f}M{across - 4:.1f} {last:.1f}h8"
    else:
        path = f"M{first:.1f} {across - 4:.1f}v8M{first:.1f} {across:.1f}H{last:.1f}M{last:.1f} {across - 4:.1f}v8"
    dashes = ' stroke-dasharray="3 3"' if dashed else ""
    return f'<path d="{path}" class="ink" stroke="{INK}" stroke-width="1.5" fill="none"{dashes}/>'


def mark(kind: str, x: float, y: float, size: float = 6) -> str:
    """The mark of a figure, `size` pixels from its middle: disc, diamond, ring, cross or square."""
    at = f'cx="{x:.1f}" cy="{y:.1f}"'
    stroke = f'stroke="{MARK}" stroke-width="2"'
    shapes = {
        "disc": f'<circle {at} r="{size:g}" class="mark" fill="{MARK}"/>',
        "diamond": f'<path d="M{x:.1f} {y - size - 1:.1f}l{size + 1:g} {size + 1:g}l{-size - 1:g} {size + 1:g}'
        f'l{-size - 1:g} {-size - 1:g}z" class="mark" fill="{MARK}"/>',
        "ring": f'<circle {at} r="{size - 1:g}" class="hollow" fill="#fff" {stroke}/>',
        "cross": f'<path d="M{x - size + 1:.1f} {y - size + 1:.1f}l{2 * size - 2:g} {2 * size - 2:g}'
        f'm0 {2 - 2 * size:g}l{2 - 2 * size:g} {2 * size - 2:g}" class="cross" {stroke}/>',
        "square": f'<rect x="{x - size:.1f}" y="{y - size:.1f}" width="{2 * size:.1f}" height="{2 * size:.1f}" '
        f'class="mark" fill="{MARK}"/>',
    }
    return shapes[kind]


def axis(scale: Scale, labels: Iterable[str], top: float, bottom: float) -> str:
    """The ticks of a scale as lines from `top` to `bottom`, each with its label above."""
    parts = []
    for tick, label in zip(scale.ticks, labels, strict=True):
        x = scale.at(tick)
        parts += [line(x, top, x, bottom), text(x, top - 8, label, "soft", "middle")]
    return "".join(parts)


def picture(width: float, height: float, title: str, inner: str, kind: str = "", description: str = "") -> Markup:
    """The whole picture on white, with its title; `inner` is made of the shapes and texts of this module."""
    told = f"<desc>{markup(printable(description))}</desc>" if description else ""
    return Markup(  # noqa: S704 - all words in it are escaped
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" role="img" class="chart {kind}"><title>{markup(printable(title))}</title>{told}'
        f'<rect width="100%" height="100%" class="paper" fill="#fff"/>{inner}</svg>'
    )


def icon(width: float, height: float, inner: str, kind: str) -> Markup:
    """A small picture beside words that say the same, so that screen readers pass it over; without text of its own."""
    size = f'viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}"'
    return Markup(f'<svg class="{kind}" {size} aria-hidden="true">{inner}</svg>')  # noqa: S704 - shapes only


def png(svg: str) -> bytes:
    """A picture as PNG, at twice its size; its letters come with this program, so that no machine leaves them out."""
    import resvg_py

    folder = resources.files("font_source_sans_pro") / "files"
    files = [str(folder / f"{_LETTERS.replace(' ', '')}-{weight}.ttf") for weight in ("Regular", "Semibold", "Bold")]
    style = f'text {{font-family: "{_LETTERS}"}}'
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=2, font_files=files, style_sheet=style))
