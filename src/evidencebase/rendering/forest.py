"""Forest plots of a synthesis: as text, as SVG and as PNG."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from evidencebase.model.plain import printable

if TYPE_CHECKING:
    from evidencebase.answers.pooling import PooledStudy, Synthesis

_WIDEST_NAME = 36
_PLOT = 44
_ROW = 22
_MARGIN = 0.04


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


@dataclass(frozen=True, slots=True)
class Axis:
    """From percent to columns: `low` to `high` on `width` characters."""

    low: float
    high: float
    width: int

    def column(self, percent: float) -> int:
        """Give the column of a percent, cut off at both ends."""
        share = (percent - self.low) / (self.high - self.low)
        return min(self.width - 1, max(0, round(share * (self.width - 1))))


def forest_text(result: Synthesis, *, unicode: bool = True, width: int = _PLOT) -> str:
    """Draw the studies, the pooled figure and its prediction interval as lines of text, in percent."""
    marks = UNICODE if unicode else PLAIN
    axis = _axis(result, width)
    name_width = min(_WIDEST_NAME, max(len(each.study) for each in result.studies))
    name_width = max(name_width, len("pooled (prediction)"))
    figures = f"percent ({_confidence(result)}% interval)"
    lines = [f"{'study':<{name_width}}  {'':<{width}}  {figures:<26}  weight"]
    for study in result.studies:
        bar = _bar(axis, marks, (study.lower, study.percent, study.upper), marks.point)
        figures = _figures(study.percent, study.lower, study.upper)
        lines.append(f"{_cut(_name(study), name_width)}  {bar}  {figures:<26}  {study.weight:5.1f}%")
    pooled = result.pooled
    bar = _bar(axis, marks, (pooled.lower, pooled.estimate, pooled.upper), marks.pooled)
    lines.append(f"{'pooled':<{name_width}}  {bar}  {_figures(pooled.estimate, pooled.lower, pooled.upper)}")
    if pooled.prediction_lower is not None and pooled.prediction_upper is not None:
        dotted = Marks(marks.prediction, marks.prediction, marks.prediction, marks.left, marks.right, marks.prediction)
        bar = _bar(axis, dotted, (pooled.prediction_lower, pooled.estimate, pooled.prediction_upper), marks.prediction)
        reach = f"{pooled.prediction_lower:.1f} to {pooled.prediction_upper:.1f}"
        lines.append(f"{'pooled (prediction)':<{name_width}}  {bar}  {reach}")
    low, high = f"{axis.low:.0f}%", f"{axis.high:.0f}%"
    lines.append(f"{'':<{name_width}}  {low}{high:>{width - len(low)}}")
    return "\n".join(line.rstrip() for line in lines)


def _confidence(result: Synthesis) -> str:
    return f"{result.pooled.confidence:g}"


def _name(study: PooledStudy) -> str:
    return printable(study.study if study.group is None else f"{study.study}: {study.group}")


def _cut(name: str, width: int) -> str:
    return f"{name[: width - 3]}..." if len(name) > width else f"{name:<{width}}"


def _figures(estimate: float, lower: float, upper: float) -> str:
    return f"{estimate:.1f} ({lower:.1f} to {upper:.1f})"


def _bar(axis: Axis, marks: Marks, limits: tuple[float, float, float], point: str) -> str:
    low, middle, high = (axis.column(each) for each in limits)
    cells = [" "] * axis.width
    cells[low : high + 1] = [marks.line] * (high - low + 1)
    cells[low], cells[high] = marks.left, marks.right
    cells[middle] = point
    return "".join(cells)


def _axis(result: Synthesis, width: int) -> Axis:
    """Take round limits that hold every interval."""
    pooled = result.pooled
    lows = [each.lower for each in result.studies] + [pooled.lower]
    highs = [each.upper for each in result.studies] + [pooled.upper]
    lows += [pooled.prediction_lower] if pooled.prediction_lower is not None else []
    highs += [pooled.prediction_upper] if pooled.prediction_upper is not None else []
    step = 1 if max(highs) - min(lows) <= 10 else 5
    low = max(0, int(min(lows) // step) * step)
    high = min(100, (int(max(highs) // step) + 1) * step)
    return Axis(low, high, width)


def forest_svg(result: Synthesis) -> str:
    """Draw the plot as SVG text that asks for nothing from outside."""
    import vl_convert

    svg: str = vl_convert.vegalite_to_svg(_chart(result))
    words = escape(printable(f"Forest plot. {result.title}. {pooled_words(result)}"))
    return svg.replace("<svg ", '<svg role="img" ', 1).replace(">", f"><title>{words}</title>", 1)


def forest_png(result: Synthesis) -> bytes:
    """Draw the plot as a PNG image of twice the size of the SVG, for documents."""
    import vl_convert

    png: bytes = vl_convert.vegalite_to_png(_chart(result), scale=2)
    return png


def _chart(result: Synthesis) -> dict[str, Any]:
    """Describe the plot in Vega-Lite: names, intervals with squares by weight, the pooled diamond, figures."""
    import altair as alt

    rows = _rows(result)
    order = [row["name"] for row in rows]
    axis = _axis(result, 100)
    scale = alt.Scale(domain=[axis.low, axis.high], nice=False)
    names = alt.Axis(labelLimit=320, domain=False, ticks=False, labelPadding=8)
    y = alt.Y("name:N", sort=order, title=None, axis=names)
    sizes = alt.Size("weight:Q", legend=None, scale=alt.Scale(range=[25, 180]))
    base = alt.Chart(alt.InlineData(values=rows)).encode(y=y)
    x = alt.X("lower:Q", scale=scale, title=f"percent ({_confidence(result)}% interval)", axis=alt.Axis(tickCount=6))
    predicted, studies, pooled = (f"datum.kind == '{kind}'" for kind in ("prediction", "study", "pooled"))
    layers = [
        base.transform_filter(f"!({predicted})").mark_rule(strokeWidth=1.5).encode(x=x, x2="upper:Q"),
        base.transform_filter(predicted).mark_rule(strokeWidth=1.5, strokeDash=[3, 3]).encode(x=x, x2="upper:Q"),
        base.transform_filter(studies)
        .mark_point(shape="square", filled=True, opacity=1, color="#1f4e79")
        .encode(x=alt.X("percent:Q", scale=scale), size=sizes),
        base.transform_filter(pooled)
        .mark_point(shape="diamond", filled=True, opacity=1, size=170, color="#8b1a1a")
        .encode(x=alt.X("percent:Q", scale=scale)),
        base.mark_text(align="left", dx=6).encode(x=alt.value(388), text="figures:N"),
    ]
    notes = [f"{pooled_words(result)}", *result.notes]
    title = alt.TitleParams(printable(result.title), subtitle=[printable(note) for note in notes][:6], anchor="start")
    chart = alt.layer(*layers).properties(
        width=380, height=_ROW * len(rows), title=title, padding={"left": 8, "right": 150, "top": 8, "bottom": 8},
        description=printable(f"Forest plot. {result.title}. {pooled_words(result)}"),
    )  # fmt: skip
    described: dict[str, Any] = json.loads(chart.configure_view(stroke=None).to_json(validate=False))
    return described


def pooled_words(result: Synthesis) -> str:
    """Say the pooled figure, its interval and what the studies disagree on, in one sentence."""
    pooled = result.pooled
    model = "common effect" if pooled.method == "common" else f"random effects ({pooled.method})"
    adjusted = ", Hartung-Knapp" if pooled.hartung_knapp else ""
    return (
        f"Pooled {pooled.estimate:.1f}% ({pooled.confidence:g}% interval {pooled.lower:.1f}% to {pooled.upper:.1f}%), "
        f"{pooled.k} studies, {model}{adjusted}, {pooled.scale} scale; "
        f"I² {pooled.i2:.0f}%, τ² {pooled.tau2:.3g}, Q {pooled.q:.2f} (p {pooled.q_p:.2g})"
    )


def _rows(result: Synthesis) -> list[dict[str, Any]]:
    """Give one row for each line of the plot; a name that stands twice is told apart by a number."""
    rows: list[dict[str, Any]] = []
    taken = {"Pooled": 1, "Prediction": 1}
    for study in result.studies:
        name = _name(study)
        taken[name] = taken.get(name, 0) + 1
        shown = name if taken[name] == 1 else f"{name} ({taken[name]})"
        figures = f"{_figures(study.percent, study.lower, study.upper)}  {study.weight:.1f}%"
        rows.append({"name": shown, "kind": "study", "percent": study.percent, "lower": study.lower,
                     "upper": study.upper, "weight": study.weight, "figures": figures})  # fmt: skip
    pooled = result.pooled
    figures = _figures(pooled.estimate, pooled.lower, pooled.upper)
    rows.append({"name": "Pooled", "kind": "pooled", "percent": pooled.estimate, "lower": pooled.lower,
                 "upper": pooled.upper, "weight": 100, "figures": figures})  # fmt: skip
    if pooled.prediction_lower is not None and pooled.prediction_upper is not None:
        reach = f"{pooled.prediction_lower:.1f} to {pooled.prediction_upper:.1f}"
        rows.append({"name": "Prediction", "kind": "prediction", "percent": pooled.estimate,
                     "lower": pooled.prediction_lower, "upper": pooled.prediction_upper, "weight": 100,
                     "figures": reach})  # fmt: skip
    return rows
