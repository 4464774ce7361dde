"""The one door to typst: a template, its data as JSON text in, PDF/A and anchors out.

Data never becomes source: it is passed as one input string and read by `json()` inside the template, so a body text
that looks like typst code stays text.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import typst

from lienthong.errors import InvalidValue
from lienthong.layout.model import Anchors, Composed, Rectangle

_ROOM = Path(str(files("lienthong.layout")))


def typeset(template: str, data: Mapping[str, Any], moment: datetime) -> Composed:
    """Compose one template; the same data and moment give the same bytes.

    Raises InvalidValue when a character cannot be printed in the embedded fonts (PDF/A forbids missing glyphs).
    """
    compiler = _compiler(template, data)
    try:
        # PDF/A-2u: A-1 knows no transparent pictures, A-2a would want the signature fields tagged as well.
        pdf = compiler.compile(format="pdf", pdf_standards="a-2u", timestamp=moment)
        places = json.loads(compiler.query("<anchor>", field="value"))
        sheets = json.loads(compiler.query("<sheet>", field="value", one=True))
    except typst.TypstError as problem:
        raise InvalidValue(f"the page cannot be composed: {problem.message}") from problem
    return Composed(cast("bytes", pdf), _anchors(places, sheets["height"]), sheets["pages"])


def _compiler(template: str, data: Mapping[str, Any]) -> typst.Compiler:
    folder = _ROOM / "templates"
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    return typst.Compiler(
        folder / f"{template}.typ", root=folder, font_paths=_fonts(), ignore_system_fonts=True, sys_inputs=inputs
    )


@cache
def _fonts() -> typst.Fonts:
    """Only our own faces: a page must look the same on every machine. Read once, they never change."""
    folder = _ROOM / "fonts"
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


def _anchors(places: list[dict[str, Any]], height: float) -> Anchors:
    return Anchors(**{place["name"].replace("-", "_"): _rectangle(place, height) for place in places})


def _rectangle(place: Mapping[str, Any], height: float) -> Rectangle:
    """typst counts down from the top, PDF up from the bottom."""
    left, top = place["x"], height - place["y"]
    return Rectangle(place["page"] - 1, left, top - place["height"], left + place["width"], top)
