"""Charts as SVG, written on the server: no script, no font and nothing from outside.

Colours are presentation attributes, so that a downloaded file looks right by itself, and classes, so that
the stylesheet of the site sets them for light, dark and print. Strength is told by the shape of the mark.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup, escape

from evidencebase.model.periods import years as years_of
from evidencebase.rendering.text import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

WIDTH: Final = 960
_TOP: Final = 46
_INK, _SOFT, _LINE, _MARK = "#1c2330", "#566074", "#d5dae3", "#0b5c73"
_NO_PICTURE: Final = Markup("")
_FONT = 'font-family="system-ui, -apple-system, Segoe UI, Roboto, sans-serif"'


@dataclass(frozen=True)
class Point:
    """One figure of a chart: its label, value or range in the chart's unit, and its interval where published."""

    label: str
    note: str
    unit: str | None
    strength: str | None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    lower: float | None = None
    upper: float | None = None
    period: str | None = None
    href: str | None = None
    chosen: bool = False
    printed: str | None = None

    @property
    def middle(self) -> float | None:
        """Where the mark stands: the value, or the middle of a range."""
        if self.value is not None:
            return self.value
        return (self.low + self.high) / 2 if self.low is not None and self.high is not None else None

    @property
    def greatest(self) -> float:
        """The largest number the row needs room for."""
        return max((each for each in (self.value, self.high, self.upper) if each is not None), default=0.0)

    @property
    def least(self) -> float:
        """The smallest number the row needs room for."""
        return min((each for each in (self.value, self.low, self.lower) if each is not None), default=0.0)

    @property
    def figure(self) -> str:
        """The figure as text: as it was published where that is known."""
        if self.printed:
            return self.printed
        if self.value is not None:
            return shown(self.value, self.unit)
        return f"{shown(self.low, self.unit)} to {shown(self.high, self.unit)}"


def points(findings: Iterable[dict[str, Any]], label: str = "group", chosen: str | None = None) -> list[Point]:
    """Findings as points, labelled by their group, measure, place or study; those without a number are left out."""
    made = []
    for row in findings:
        words = [row.get(f"{name}_label") for name in ("group", "measure", "place", "study")]
        names = dict(zip(("group", "measure", "place", "study"), words, strict=True))
        notes = [names[name] for name in ("group", "place") if name != label and names[name]] + [row.get("period")]
        point = Point(
            label=names.get(label) or names["group"] or names["measure"] or row["id"],
            note=", ".join(str(each) for each in notes if each),
            unit=row["unit"],
            strength=row["strength"],
            value=row["value"],
            low=row["low"],
            high=row["high"],
            lower=row["interval_lower"],
            upper=row["interval_upper"],
            period=row["period"],
            href=row["id"],
            chosen=row["id"] == chosen,
            printed=row.get("figure"),
        )
        if point.middle is not None:
            made.append(point)
    return made


@dataclass(frozen=True)
class Chart:
    """A chart as drawn for a wide screen, for print and for download, and for a phone where it differs."""

    wide: Markup
    narrow: Markup = _NO_PICTURE

    def __html__(self) -> str:
        """Both; the stylesheet shows the one that fits."""
        return str(self.wide + self.narrow)


@dataclass(frozen=True)
class _Layout:
    """Sizes in pixels: where the scale starts and ends, the height of a row, where in it words and mark stand."""

    width: int
    start: int
    end: int
    row: int
    words: int
    mark: int
    longest: int
    kind: str


_WIDE: Final = _Layout(WIDTH, 500, WIDTH - 110, 30, 20, 15, 70, "wide-only")
_NARROW: Final = _Layout(340, 10, 262, 48, 17, 33, 42, "narrow-only")


def dot_plot(drawn: Sequence[Point], title: str) -> Chart:
    """Figures of one unit as dots on one scale, one row each, with their published intervals."""
    return Chart(_dots(drawn, title, _WIDE), _dots(drawn, title, _NARROW))


def _dots(drawn: Sequence[Point], title: str, layout: _Layout) -> Markup:
    unit = drawn[0].unit if drawn else None
    scale = _Scale.over(drawn, layout.start, layout.end)
    foot = 40 if layout is _WIDE else 96
    height = _TOP + layout.row * len(drawn) + foot
    parts = [_grid(scale, unit, height - foot)]
    for number, point in enumerate(drawn):
        parts.append(_row(point, scale, _TOP + layout.row * number, layout))
    parts.append(_key(drawn, height - foot + 24, stacked=layout is _NARROW))
    return _svg(layout.width, height, title, "".join(parts), layout.kind)


def timeline(drawn: Sequence[Point], title: str) -> Chart | None:
    """Figures of one measure over the years of their data; None where no figure is dated."""
    dated = [(span[0], point) for point in drawn if point.period and (span := years_of(point.period))]
    if not dated:
        return None
    height, left, bottom = 340, 64, 280
    years = [year for year, _ in dated]
    first, last = min(years), max(years)
    length = max(last - first, 1)
    values = _Scale.over([point for _, point in dated], bottom, 30)
    parts = []
    for tick in values.ticks:
        y = values.at(tick)
        parts.append(f'<line x1="{left}" x2="{WIDTH - 24}" y1="{y:.1f}" y2="{y:.1f}" class="grid" stroke="{_LINE}"/>')
        parts.append(_text(left - 8, y + 4, shown(tick, dated[0][1].unit), "soft", "end"))
    room = WIDTH - left - 90
    step = max(1, math.ceil(length / 8))
    for year in range(first, last + 1, step):
        x = left + 40 + room * (year - first) / length
        parts.append(_text(x, bottom + 24, str(year), "soft", "middle"))
    seen: dict[tuple[int, float], int] = {}
    for year, point in dated:
        middle = point.middle or 0.0
        crowd = seen[year, middle] = seen.get((year, middle), -1) + 1
        x = left + 40 + room * (year - first) / length + 5 * crowd
        parts += [_whisker(point, values, x, upright=True), _mark(point, x, values.at(middle))]
    parts.append(_key([point for _, point in dated], height - 16))
    return Chart(_svg(WIDTH, height, title, "".join(parts)))


def bar(row: dict[str, Any]) -> Markup:
    """A figure in percent as a small bar from 0 to 100, with its interval; nothing for other units."""
    value = row["value"] if row["value"] is not None else row["high"]
    if row["unit"] != "percent" or value is None or not 0 <= value <= 100:
        return Markup("")
    parts = ['<rect x="0" y="5" width="100" height="4" rx="2" class="track" fill="#d5dae3"/>']
    start = row["low"] if row["value"] is None and row["low"] is not None else 0
    parts.append(f'<rect x="{start:g}" y="5" width="{value - start:g}" height="4" rx="2" class="fill" fill="{_MARK}"/>')
    lower, upper = row["interval_lower"], row["interval_upper"]
    if lower is not None and upper is not None:
        parts.append(f'<path d="M{lower:g} 2v10M{lower:g} 7H{upper:g}M{upper:g} 2v10" class="ink" stroke="{_INK}"/>')
    inner = "".join(parts)
    # Every number above is formatted as a number, so no text of a record is in it.
    return Markup(f'<svg class="bar" viewBox="0 0 100 14" width="100" height="14" aria-hidden="true">{inner}</svg>')  # noqa: S704


@dataclass(frozen=True)
class _Scale:
    low: float
    high: float
    start: float
    end: float
    ticks: tuple[float, ...]

    @classmethod
    def over(cls, drawn: Sequence[Point], start: float, end: float) -> _Scale:
        high = max((point.greatest for point in drawn), default=1.0)
        low = min(0.0, min((point.least for point in drawn), default=0.0))
        high = high if high > low else low + 1.0
        step = _step((high - low) / 5)
        first, last = math.floor(low / step), math.ceil(high / step)
        ticks = tuple(step * number for number in range(first, last + 1))
        return cls(ticks[0], ticks[-1], start, end, ticks)

    def at(self, value: float) -> float:
        return self.start + (self.end - self.start) * (value - self.low) / (self.high - self.low)


def _step(rough: float) -> float:
    """The next of 1, 2, 5, 10 ... that is not smaller."""
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * 0.999)


def _grid(scale: _Scale, unit: str | None, bottom: float) -> str:
    parts = []
    for tick in scale.ticks:
        x = scale.at(tick)
        parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="34" y2="{bottom:g}" class="grid" stroke="{_LINE}"/>')
        parts.append(_text(x, 26, shown(tick, unit), "soft", "middle"))
    return "".join(parts)


def _row(point: Point, scale: _Scale, top: float, layout: _Layout) -> str:
    across = top + layout.mark
    weight = "700" if point.chosen else "400"
    band = f'<rect x="0" y="{top:g}" width="{layout.width}" height="{layout.row}" class="chosen" fill="#e7f2f5"/>'
    words = _clip(f"{point.label} \u00b7 {point.note}" if point.note else point.label, layout.longest)
    return "".join((
        band if point.chosen else "",
        _text(8, top + layout.words, words, "ink", "start", weight),
        _whisker(point, scale, across),
        _mark(point, scale.at(point.middle or 0.0), across),
        _text(layout.width - 8, across + 5, point.figure, "ink", "end", weight),
    ))  # fmt: skip


def _whisker(point: Point, scale: _Scale, across: float, *, upright: bool = False) -> str:
    low, high = (point.lower, point.upper) if point.lower is not None else (point.low, point.high)
    if low is None or high is None:
        return ""
    first, last = scale.at(low), scale.at(high)
    if upright:
        path = f"M{across - 4:.1f} {first:.1f}h8M{across:.1f} {first:.1f}V{last:.1f}M{across - 4:.1f} {last:.1f}h8"
    else:
        path = f"M{first:.1f} {across - 4:.1f}v8M{first:.1f} {across:.1f}H{last:.1f}M{last:.1f} {across - 4:.1f}v8"
    return f'<path d="{path}" class="ink" stroke="{_INK}" stroke-width="1.5" fill="none"/>'


def _mark(point: Point, x: float, y: float) -> str:
    kind = point.strength if point.strength in ("strong", "moderate", "weak") else "none"
    at = f'cx="{x:.1f}" cy="{y:.1f}"'
    line = f'stroke="{_MARK}" stroke-width="2"'
    shapes = {
        "strong": f'<circle {at} r="6" class="mark" fill="{_MARK}"/>',
        "moderate": f'<path d="M{x:.1f} {y - 7:.1f}l7 7l-7 7l-7 -7z" class="mark" fill="{_MARK}"/>',
        "weak": f'<circle {at} r="5" class="hollow" fill="#fff" {line}/>',
        "none": f'<path d="M{x - 5:.1f} {y - 5:.1f}l10 10m0 -10l-10 10" class="cross" {line}/>',
    }
    return shapes[kind]


def _key(drawn: Sequence[Point], y: float, *, stacked: bool = False) -> str:
    """What the marks mean, in one line or one below the other."""
    present = [name for name in ("strong", "moderate", "weak", None) if any(point.strength == name for point in drawn)]
    parts, x = [], 14.0
    for name in present:
        words = f"{name} source" if name else "source not graded"
        parts += [_mark(Point("", "", None, name), x, y), _text(x + 12, y + 5, words, "soft", "start")]
        x, y = (x, y + 18) if stacked else (x + 34 + 7.5 * len(words), y)
    told = any(point.lower is not None for point in drawn)
    words = "lines: published interval" if told else "no interval published: precision unknown"
    parts.append(_text(8 if stacked else x, y + 5, words, "soft", "start"))
    return "".join(parts)


def _text(x: float, y: float, words: str, kind: str, anchor: str, weight: str = "400") -> str:
    colour = _INK if kind == "ink" else _SOFT
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" fill="{colour}" font-size="13" font-weight="{weight}" '
        f'text-anchor="{anchor}" {_FONT}>{escape(words)}</text>'
    )


def _clip(words: str, longest: int) -> str:
    return words if len(words) <= longest else words[: longest - 1].rstrip() + "\u2026"


def _svg(width: float, height: float, title: str, inner: str, kind: str = "") -> Markup:
    """The picture with its title; `inner` is made of numbers and of text escaped by `_text`."""
    return Markup(  # noqa: S704
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height:g}" width="{width}" height="{height:g}" '
        f'role="img" class="chart {kind}"><title>{escape(title)}</title>'
        f'<rect width="100%" height="100%" class="paper" fill="#fff"/>{inner}</svg>'
    )


def png(svg: str) -> bytes:
    """A chart as a picture, at twice its size."""
    import vl_convert

    drawn: bytes = vl_convert.svg_to_png(svg, scale=2)
    return drawn
