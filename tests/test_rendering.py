"""One escaper a format and one drawer: what every format makes of hostile text, and that nothing writes its own."""

from __future__ import annotations

import ast
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from evidencebase.citing import escaping
from evidencebase.rendering import drawing
from evidencebase.rendering.drawing import Scale

PACKAGE = Path(__file__).parent.parent / "src" / "evidencebase"
HOSTILE = "<b>&amp;\x01 *x* [y](z) | \\emph{q} 5% $1_2 #h \"'"


def test_only_the_escaper_escapes_and_only_the_drawer_writes_svg():
    escapes, draws = [], []
    for file in sorted(PACKAGE.rglob("*.py")):
        name = file.relative_to(PACKAGE).as_posix()
        tree = ast.parse(file.read_text(encoding="utf-8"))
        modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        modules |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        escapes += [name] if modules & {"html", "xml.sax.saxutils"} else []
        words = [
            node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
        draws += [name] if any(re.search(r"<(svg|text|line|path|rect|circle)\b", each) for each in words) else []
    assert escapes == ["citing/escaping.py"]
    assert draws == ["rendering/drawing.py"]


def test_markup_is_read_back_as_the_text_it_was():
    root = ET.fromstring(f'<a b="{escaping.markup(HOSTILE)}">{escaping.markup(HOSTILE)}</a>')  # noqa: S314
    assert root.text == root.attrib["b"] == HOSTILE.replace("\x01", "")


@pytest.mark.parametrize("char", "\\`*_[]<>#|&$")
def test_markdown_escapes_every_character_that_it_reads(char):
    assert escaping.markdown(f"a{char}b") == f"a\\{char}b"


def test_latex_keeps_spaces_at_its_ends_and_escapes_commands():
    assert escaping.latex(" 5% of “A&B” ") == r" 5\% of ``A\&B'' "


def test_a_picture_of_hostile_words_is_xml_without_their_tags():
    inner = drawing.text(1, 2, HOSTILE) + drawing.box(0, 0, 1, 1, "#fff", title=HOSTILE)
    root = ET.fromstring(str(drawing.picture(10, 10, HOSTILE, inner, description=HOSTILE)))  # noqa: S314 - our own
    assert {element.tag.split("}")[1] for element in root.iter()} == {"svg", "title", "desc", "rect", "text"}
    assert "<b>" in "".join(root.itertext())


@pytest.mark.parametrize(
    ("numbers", "ticks"),
    [((0, 42), (0, 10, 20, 30, 40, 50)), ((41.2, 48.9), (40, 42, 44, 46, 48, 50)), ((), (0, 0.2, 0.4, 0.6, 0.8, 1)),
     ((7, 7), (7, 7.2, 7.4, 7.6, 7.8, 8))],
)  # fmt: skip
def test_a_scale_has_round_limits_that_hold_every_number(numbers, ticks):
    scale = Scale.over(numbers, 100, 200)
    assert scale.ticks == pytest.approx(ticks)
    assert (scale.at(ticks[0]), scale.at(ticks[-1])) == (100, 200)


def test_a_png_has_its_letters_on_a_machine_without_fonts_and_the_same_on_every_other(monkeypatch):
    from functools import partial

    import resvg_py

    written = drawing.picture(200, 40, "x", drawing.text(5, 20, "Łódź τ² 45%", weight="700"))
    bare = drawing.picture(200, 40, "x", "")
    here = drawing.png(written)
    assert here.startswith(b"\x89PNG")
    monkeypatch.setattr(resvg_py, "svg_to_bytes", partial(resvg_py.svg_to_bytes, skip_system_fonts=True))
    assert drawing.png(written) == here
    assert drawing.png(bare) != here
