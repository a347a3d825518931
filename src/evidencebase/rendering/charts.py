"""Charts of figures: as dots on one scale, over the years, and as a small bar. Strength is told by the mark's shape."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from evidencebase.model.appraisals import GRADES
from evidencebase.model.periods import years as years_of
from evidencebase.rendering import drawing
from evidencebase.rendering.drawing import Scale
from evidencebase.rendering.text import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

WIDTH: Final = 960
_TOP: Final = 46
_NO_PICTURE: Final = Markup("")
_SHAPES: Final = {"strong": "disc", "moderate": "diamond", "weak": "ring", None: "cross"}


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
    scale = _scale(drawn, layout.start, layout.end)
    foot = 40 if layout is _WIDE else 96
    height = _TOP + layout.row * len(drawn) + foot
    parts = [drawing.axis(scale, [shown(tick, unit) for tick in scale.ticks], 34, height - foot)]
    for number, point in enumerate(drawn):
        parts.append(_row(point, scale, _TOP + layout.row * number, layout))
    parts.append(_key(drawn, height - foot + 24, stacked=layout is _NARROW))
    return drawing.picture(layout.width, height, title, "".join(parts), layout.kind)


def timeline(drawn: Sequence[Point], title: str) -> Chart | None:
    """Figures of one measure over the years of their data; None where no figure is dated."""
    dated = [(span[0], point) for point in drawn if point.period and (span := years_of(point.period))]
    if not dated:
        return None
    height, left, bottom = 340, 64, 280
    years = [year for year, _ in dated]
    first, last = min(years), max(years)
    length = max(last - first, 1)
    values = _scale([point for _, point in dated], bottom, 30)
    parts = []
    for tick in values.ticks:
        y = values.at(tick)
        parts.append(drawing.line(left, y, WIDTH - 24, y))
        parts.append(drawing.text(left - 8, y + 4, shown(tick, dated[0][1].unit), "soft", "end"))
    room = WIDTH - left - 90
    step = max(1, math.ceil(length / 8))
    for year in range(first, last + 1, step):
        x = left + 40 + room * (year - first) / length
        parts.append(drawing.text(x, bottom + 24, str(year), "soft", "middle"))
    seen: dict[tuple[int, float], int] = {}
    for year, point in dated:
        middle = point.middle or 0.0
        crowd = seen[year, middle] = seen.get((year, middle), -1) + 1
        x = left + 40 + room * (year - first) / length + 5 * crowd
        parts += [_whisker(point, values, x, upright=True), _mark(point, x, values.at(middle))]
    parts.append(_key([point for _, point in dated], height - 16))
    return Chart(drawing.picture(WIDTH, height, title, "".join(parts)))


def bar(row: dict[str, Any]) -> Markup:
    """A figure in percent as a small bar from 0 to 100, with its interval; nothing for other units."""
    value = row["value"] if row["value"] is not None else row["high"]
    if row["unit"] != "percent" or value is None or not 0 <= value <= 100:
        return Markup("")
    start = row["low"] if row["value"] is None and row["low"] is not None else 0
    parts = [drawing.box(0, 5, 100, 4, drawing.LINE, "track")]
    parts.append(drawing.box(start, 5, value - start, 4, drawing.MARK, "fill"))
    lower, upper = row["interval_lower"], row["interval_upper"]
    if lower is not None and upper is not None:
        parts.append(drawing.whisker(lower, upper, 7))
    return drawing.icon(100, 14, "".join(parts), "bar")


def _scale(drawn: Sequence[Point], start: float, end: float) -> Scale:
    """The scale that holds every figure and interval, and 0."""
    held = [number for point in drawn for number in (point.least, point.greatest)]
    return Scale.over([0.0, *held] if held else (), start, end)


def _row(point: Point, scale: Scale, top: float, layout: _Layout) -> str:
    across = top + layout.mark
    weight = "700" if point.chosen else "400"
    band = drawing.box(0, top, layout.width, layout.row, "#e7f2f5", "chosen")
    words = drawing.clipped(f"{point.label} \u00b7 {point.note}" if point.note else point.label, layout.longest)
    return "".join((
        band if point.chosen else "",
        drawing.text(8, top + layout.words, words, weight=weight),
        _whisker(point, scale, across),
        _mark(point, scale.at(point.middle or 0.0), across),
        drawing.text(layout.width - 8, across + 5, point.figure, "ink", "end", weight=weight),
    ))  # fmt: skip


def _whisker(point: Point, scale: Scale, across: float, *, upright: bool = False) -> str:
    low, high = (point.lower, point.upper) if point.lower is not None else (point.low, point.high)
    if low is None or high is None:
        return ""
    return drawing.whisker(scale.at(low), scale.at(high), across, upright=upright)


def _mark(point: Point, x: float, y: float) -> str:
    return drawing.mark(_SHAPES.get(point.strength, "cross"), x, y)


def _key(drawn: Sequence[Point], y: float, *, stacked: bool = False) -> str:
    """What the marks mean, in one line or one below the other."""
    held = {point.strength if point.strength in GRADES else None for point in drawn}
    present = [name for name in (*GRADES, None) if name in held]
    parts, x = [], 14.0
    for name in present:
        words = f"{name} source" if name else "source not graded"
        parts += [_mark(Point("", "", None, name), x, y), drawing.text(x + 12, y + 5, words, "soft")]
        x, y = (x, y + 18) if stacked else (x + 34 + 7.5 * len(words), y)
    told = any(point.lower is not None for point in drawn)
    words = "lines: published interval" if told else "no interval published: precision unknown"
    parts.append(drawing.text(8 if stacked else x, y + 5, words, "soft"))
    return "".join(parts)
