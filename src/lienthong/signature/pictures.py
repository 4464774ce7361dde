"""Sample pictures for demonstrations: a blue signature and a red round seal, transparent PNG, marked as samples.

Real offices keep scans of their own; these are drawn so that nobody can take them for real ones.
"""

import hashlib
import math
from functools import cache
from importlib.resources import files
from io import BytesIO
from itertools import pairwise

from PIL import Image, ImageChops, ImageDraw, ImageFont

BLUE = (20, 60, 170)
RED = (215, 25, 35)
SAMPLE = "MẪU"

_FINE = 3  # drawn larger and reduced: smooth edges
_LEADER = (600, 300)  # 50 x 25 mm at about 300 dots an inch
_SEAL = 480  # 36 mm at about 340 dots an inch
Point = tuple[float, float]


@cache
def leader_picture(name: str) -> bytes:
    """A blue sample signature, 2:1, transparent PNG: the slanted given name, strokes drawn from the name, "MẪU"."""
    size = (_LEADER[0] * _FINE, _LEADER[1] * _FINE)
    ink = Image.new("L", size, 0)
    _slanted_word(ink, name.rsplit(maxsplit=1)[-1] if name.split() else SAMPLE)
    _flourish(ink, hashlib.sha256(name.encode()).digest())
    font = _font("Italic", size[1] // 12)
    words = f"({SAMPLE}) {name}"
    ImageDraw.Draw(ink).text((size[0] * 0.97, size[1] * 0.97), words, fill=255, font=font, anchor="rs")
    return _png(_coloured(ink, BLUE).resize(_LEADER, Image.Resampling.LANCZOS))


@cache
def seal_picture(organisation: str) -> bytes:
    """A red round sample seal, square, transparent PNG: two rings, the name around, a star, "MẪU" and "SAMPLE"."""
    side = _SEAL * _FINE
    ink = Image.new("L", (side, side), 0)
    pen = ImageDraw.Draw(ink)
    _ring(pen, side, 0.495, 0.020)
    _ring(pen, side, 0.470, 0.006)
    _ring(pen, side, 0.330, 0.006)
    _around(ink, organisation.upper(), radius=0.400, top=True)
    _around(ink, f"* {SAMPLE} - SAMPLE *", radius=0.400, top=False)
    _star(pen, (side / 2, side * 0.46), side * 0.17)
    pen.text((side / 2, side * 0.72), SAMPLE, fill=255, font=_font("Bold", side // 11), anchor="mm")
    return _png(_coloured(ink, RED).resize((_SEAL, _SEAL), Image.Resampling.LANCZOS))


@cache
def _font(face: str, size: int) -> ImageFont.FreeTypeFont:
    path = files("lienthong.layout") / "fonts" / f"Tinos-{face}.ttf"
    return ImageFont.truetype(BytesIO(path.read_bytes()), size)


def _coloured(ink: Image.Image, colour: tuple[int, int, int]) -> Image.Image:
    picture = Image.new("RGBA", ink.size, (*colour, 0))
    picture.putalpha(ink)
    return picture


def _png(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "PNG", optimize=False)
    return out.getvalue()


def _slanted_word(ink: Image.Image, word: str) -> None:
    """The word in italics, leaned further and rising, as a hurried hand writes."""
    width, height = ink.size
    layer = Image.new("L", ink.size, 0)
    font = _font("BoldItalic", int(height * 0.46))
    ImageDraw.Draw(layer).text((width * 0.46, height * 0.5), word, fill=255, font=font, anchor="mm")
    lean = layer.transform(ink.size, Image.Transform.AFFINE, (1, 0.35, -0.17 * height, 0, 1, 0), _BICUBIC)
    ink.paste(ImageChops.lighter(ink, lean.rotate(9, _BICUBIC)))


_BICUBIC = Image.Resampling.BICUBIC


def _flourish(ink: Image.Image, seed: bytes) -> None:
    """Two loops under and through the word; their shape comes from the name, so each person keeps one."""
    width, height = ink.size
    shift = [value / 255 - 0.5 for value in seed]
    through = [
        (0.06, 0.62 + 0.2 * shift[0]),
        (0.30, 0.05 + 0.1 * shift[1]),
        (0.18 + 0.1 * shift[2], 0.98),
        (0.52, 0.60 + 0.2 * shift[3]),
    ]
    under = [(0.12, 0.82), (0.45, 0.66 + 0.1 * shift[4]), (0.70, 0.92 + 0.1 * shift[5]), (0.94, 0.30 + 0.2 * shift[6])]
    for curve, pen in ((through, 0.020), (under, 0.026)):
        _stroke(ink, [(x * width, y * height) for x, y in curve], pen * height)


def _stroke(ink: Image.Image, curve: list[Point], thickness: float) -> None:
    """A Bézier curve that swells in the middle like a pen under pressure."""
    pen = ImageDraw.Draw(ink)
    steps = 160
    points = [_bezier(curve, at / steps) for at in range(steps + 1)]
    for at, (start, end) in enumerate(pairwise(points)):
        width = thickness * (0.45 + math.sin(math.pi * at / steps))
        pen.line([start, end], fill=255, width=round(width))
        pen.circle(end, width / 2, fill=255)


def _bezier(curve: list[Point], t: float) -> Point:
    a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3
    x, y = (sum(weight * point[axis] for weight, point in zip((a, b, c, d), curve, strict=True)) for axis in (0, 1))
    return x, y


def _ring(pen: ImageDraw.ImageDraw, side: int, radius: float, width: float) -> None:
    pen.circle((side / 2, side / 2), radius * side, outline=255, width=round(width * side))


def _star(pen: ImageDraw.ImageDraw, centre: Point, radius: float) -> None:
    points = [
        (
            centre[0] + radius * (1 if at % 2 == 0 else 0.382) * math.sin(math.pi * at / 5),
            centre[1] - radius * (1 if at % 2 == 0 else 0.382) * math.cos(math.pi * at / 5),
        )
        for at in range(10)
    ]
    pen.polygon(points, fill=255)


def _around(ink: Image.Image, words: str, *, radius: float, top: bool) -> None:
    """Letters along the ring: over the top for the name, under the bottom for the mark; long names get smaller."""
    side = ink.size[0]
    widest = math.radians(230 if top else 105)
    size = side // 12
    while size > side // 40 and _length(words, size) > widest * radius * side:
        size -= 2
    font, turn = _font("Bold", size), -_length(words, size) / (radius * side) / 2
    for letter in words:
        step = font.getlength(letter) / (radius * side)
        _letter(ink, letter, font, turn + step / 2, radius=radius, top=top)
        turn += step


def _length(words: str, size: int) -> float:
    return sum(_font("Bold", size).getlength(letter) for letter in words)


def _letter(
    ink: Image.Image, letter: str, font: ImageFont.FreeTypeFont, turn: float, *, radius: float, top: bool
) -> None:
    side, room = ink.size[0], 2 * round(font.size)
    tile = Image.new("L", (room, room), 0)
    ImageDraw.Draw(tile).text((room / 2, room / 2), letter, fill=255, font=font, anchor="mm")
    tile = tile.rotate(-math.degrees(turn) if top else math.degrees(turn), _BICUBIC)
    away = radius * side * (-1 if top else 1)
    left = round(side / 2 + abs(away) * math.sin(turn) - room / 2)
    upper = round(side / 2 + away * math.cos(turn) - room / 2)
    ink.paste(255, (left, upper), tile)
