"""Draw the app's icons, the star as a line figure on paper.

.venv/bin/python tools/icons.py               writes src/apps/ui/static/ui/icon-*.png
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

from PIL import Image, ImageDraw

from apps.ui.mark import star

PLACE = Path(__file__).parent.parent / "src" / "apps" / "ui" / "static" / "ui"
PAPER, SEAL, FINER = "#fbfaf7", "#b3261e", 4
SIZES = {"icon-192": (192, 0.84), "icon-512": (512, 0.84), "icon-maskable-512": (512, 0.62)}
"""Name: pixels, and the share of the width that the star takes; a maskable icon keeps within the middle four fifths."""


def draw(size: int, share: float) -> Image.Image:
    """One icon; drawn larger and made smaller, so that its lines are smooth."""
    whole = size * FINER
    picture = Image.new("RGB", (whole, whole), PAPER)
    scale, line = whole * share / 22, round(whole * share * 0.062)
    points = [(x * scale + whole / 2, y * scale + whole / 2) for x, y in _points()]
    pen = ImageDraw.Draw(picture)
    pen.line([*points, *points[:2]], SEAL, line, joint="curve")
    radius = 2.6 * scale
    middle = (whole / 2 - radius, whole / 2 - radius, whole / 2 + radius, whole / 2 + radius)
    pen.ellipse(middle, outline=SEAL, width=line)
    return picture.resize((size, size), Image.Resampling.LANCZOS).quantize(32)


def _points() -> list[tuple[float, float]]:
    pairs = (pair.split(",") for pair in star(centre=0).split())
    return [(float(x), float(y)) for x, y in pairs]


if __name__ == "__main__":
    for name, (size, share) in SIZES.items():
        draw(size, share).save(PLACE / f"{name}.png", optimize=True)
