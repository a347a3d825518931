"""Forest plots of a synthesis: as text, as SVG and as PNG."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidencebase.model.plain import printable
from evidencebase.rendering import drawing
from evidencebase.rendering.drawing import Scale

if TYPE_CHECKING:
    from evidencebase.answers.pooling import PooledStudy, Synthesis

_WIDEST_NAME = 36
_PLOT = 44
_ROW = 24
_TOP = 78
_LEFT, _RIGHT, _WIDTH = 300, 680, 900
_LEAST, _MOST = 3.0, 8.0
_NOTES = 5


@dataclass(frozen=True, slots=True)
class Marks:
    """The characters of a text plot."""

    line: str
    point: str
    pooled: str
    left: str
    right: str
    prediction: str


UNICODE = Marks("─", "■", "◆", "├", "┤", "┄")
PLAIN = Marks("-", "#", "O", "|", "|", ".")


def forest_text(result: Synthesis, *, unicode: bool = True, width: int = _PLOT) -> str:
    """Draw the studies, the pooled figure and its prediction interval as lines of text, in their unit."""
    marks = UNICODE if unicode else PLAIN
    scale = _scale(result, 0, width - 1)
    name_width = min(_WIDEST_NAME, max(len(each.study) for each in result.studies))
    name_width = max(name_width, len("pooled (prediction)"))
    figures = f"{_unit(result)} ({_confidence(result)}% interval)"
    lines = [f"{'study':<{name_width}}  {'':<{width}}  {figures:<26}  weight"]
    for study in result.studies:
        bar = _bar(scale, marks, (study.lower, study.estimate, study.upper), marks.point)
        figures = _figures(study.estimate, study.lower, study.upper)
        lines.append(f"{_cut(_name(study), name_width)}  {bar}  {figures:<26}  {study.weight:5.1f}%")
    pooled = result.pooled
    bar = _bar(scale, marks, (pooled.lower, pooled.estimate, pooled.upper), marks.pooled)
    lines.append(f"{'pooled':<{name_width}}  {bar}  {_figures(pooled.estimate, pooled.lower, pooled.upper)}")
    if pooled.prediction_lower is not None and pooled.prediction_upper is not None:
        dotted = Marks(marks.prediction, marks.prediction, marks.prediction, marks.left, marks.right, marks.prediction)
        bar = _bar(scale, dotted, (pooled.prediction_lower, pooled.estimate, pooled.prediction_upper), marks.prediction)
        reach = f"{pooled.prediction_lower:.1f} to {pooled.prediction_upper:.1f}"
        lines.append(f"{'pooled (prediction)':<{name_width}}  {bar}  {reach}")
    sign = "%" if result.pooled.unit == "percent" else ""
    low, high = f"{scale.low:g}{sign}", f"{scale.high:g}{sign}"
    lines.append(f"{'':<{name_width}}  {low}{high:>{width - len(low)}}")
    return "\n".join(line.rstrip() for line in lines)


def _unit(result: Synthesis) -> str:
    """The unit as people write it: percent, per 100,000."""
    unit = result.pooled.unit
    return unit if unit == "percent" else f"per {float(unit.removeprefix('per ')):,.15g}"


def _confidence(result: Synthesis) -> str:
    return f"{result.pooled.confidence:g}"


def _name(study: PooledStudy) -> str:
    return printable(study.study if study.group is None else f"{study.study}: {study.group}")


def _cut(name: str, width: int) -> str:
    return f"{name[: width - 3]}..." if len(name) > width else f"{name:<{width}}"


def _figures(estimate: float, lower: float, upper: float) -> str:
    return f"{estimate:.1f} ({lower:.1f} to {upper:.1f})"


def _bar(scale: Scale, marks: Marks, limits: tuple[float, float, float], point: str) -> str:
    low, middle, high = (round(scale.at(each)) for each in limits)
    cells = [" "] * (round(scale.end) + 1)
    cells[low : high + 1] = [marks.line] * (high - low + 1)
    cells[low], cells[high] = marks.left, marks.right
    cells[middle] = point
    return "".join(cells)


def _scale(result: Synthesis, start: float, end: float) -> Scale:
    """The scale that holds every interval."""
    pooled = result.pooled
    predicted = (pooled.prediction_lower, pooled.prediction_upper)
    held = [limit for each in result.studies for limit in (each.lower, each.upper)]
    return Scale.over(
        [*held, pooled.lower, pooled.upper, *(each for each in predicted if each is not None)], start, end
    )


def forest_svg(result: Synthesis) -> str:
    """Draw the plot as SVG text that asks for nothing from outside: studies as squares by weight, then the pooled."""
    scale = _scale(result, _LEFT, _RIGHT)
    pooled = result.pooled
    notes = [pooled_words(result), *result.notes][:_NOTES]
    top = _TOP + 18 * len(notes)
    rows = [_study_row(study, scale, top + _ROW * number) for number, study in enumerate(result.studies)]
    y = top + _ROW * len(rows)
    figures = _figures(pooled.estimate, pooled.lower, pooled.upper)
    diamond = drawing.mark("diamond", scale.at(pooled.estimate), y, _MOST)
    rows.append(_row("Pooled", scale, (pooled.lower, pooled.upper), figures, y) + diamond)
    if pooled.prediction_lower is not None and pooled.prediction_upper is not None:
        y += _ROW
        limits = (pooled.prediction_lower, pooled.prediction_upper)
        rows.append(_row("Prediction", scale, limits, f"{limits[0]:.1f} to {limits[1]:.1f}", y, dashed=True))
    bottom = y + _ROW
    parts = [
        drawing.text(8, 22, drawing.clipped(result.title, 110), size=16, weight="700"),
        *(drawing.text(8, 44 + 18 * number, drawing.clipped(note, 140), "soft") for number, note in enumerate(notes)),
        drawing.axis(scale, [f"{tick:g}" for tick in scale.ticks], top - 18, bottom),
        *rows,
        drawing.text(
            (_LEFT + _RIGHT) / 2, bottom + 18, f"{_unit(result)} ({_confidence(result)}% interval)", "soft", "middle"
        ),
    ]
    title = f"Forest plot. {result.title}. {pooled_words(result)}"
    return str(drawing.picture(_WIDTH, bottom + 30, title, "".join(parts)))


def _study_row(study: PooledStudy, scale: Scale, y: float) -> str:
    figures = f"{_figures(study.estimate, study.lower, study.upper)}  {study.weight:.1f}%"
    size = _LEAST + (_MOST - _LEAST) * study.weight / 100
    row = _row(_name(study), scale, (study.lower, study.upper), figures, y)
    return row + drawing.mark("square", scale.at(study.estimate), y, size)


def _row(name: str, scale: Scale, limits: tuple[float, float], figures: str, y: float, *, dashed: bool = False) -> str:
    low, high = limits
    return (
        drawing.text(8, y + 5, drawing.clipped(name, 42))
        + drawing.whisker(scale.at(low), scale.at(high), y, dashed=dashed)
        + drawing.text(_RIGHT + 16, y + 5, figures)
    )


def pooled_words(result: Synthesis) -> str:
    """Say the pooled figure, its interval and what the studies disagree on, in one sentence."""
    pooled = result.pooled
    model = "common effect" if pooled.method == "common" else f"random effects ({pooled.method})"
    adjusted = ", Hartung-Knapp" if pooled.hartung_knapp else ""
    sign, behind = ("%", "") if pooled.unit == "percent" else ("", f" {_unit(result)}")
    limits = f"{pooled.lower:.1f}{sign} to {pooled.upper:.1f}{sign}"
    return (
        f"Pooled {pooled.estimate:.1f}{sign}{behind} ({pooled.confidence:g}% interval {limits}), "
        f"{pooled.k} studies, {model}{adjusted}, {pooled.scale} scale; "
        f"I² {pooled.i2:.0f}%, τ² {pooled.tau2:.3g}, Q {pooled.q:.2f} (p {pooled.q_p:.2g})"
    )
