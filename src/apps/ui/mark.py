"""The mark: the fourteen-pointed star of the Đông Sơn drum as a line figure."""

from math import cos, pi, sin

POINTS = 14


def star(outer: float = 11, inner: float = 6.4, centre: float = 12) -> str:
    """The outline as SVG points, in a box of 24."""
    turns = ((outer if n % 2 == 0 else inner, pi * n / POINTS - pi / 2) for n in range(2 * POINTS))
    return " ".join(f"{centre + r * cos(a):.2f},{centre + r * sin(a):.2f}" for r, a in turns)


STAR = star()
