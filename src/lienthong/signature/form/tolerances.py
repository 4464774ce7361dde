"""How exact the form has to be, as data: the number, its unit, and where it comes from."""

from datetime import timedelta

MM = 72 / 25.4
"""Points in a millimetre."""

# Decree 30/2020, Annex I, ô 8: the seal covers "about one third" of the leader's picture, on its left.
SEAL_COVERS = (0.25, 0.40)
# The same, upwards: the seal lies on the picture, not above or below it; a share of the picture's height.
SEAL_RISES = 0.5
# Annex I, ô 8: real size of the seal; printers and clipping of the scan leave this much.
SEAL_SIZE = 0.05
# Annex I, ô 7c: between position and name, centred. Points to either side, and the most between picture and name.
CENTRED = 10 * MM
NEAR_NAME = 45 * MM
# Annex I, ô 7c and ô 8: blue and red ink, degrees of hue; below this saturation ink is grey or black.
BLUE = (190.0, 275.0)
RED_BELOW, RED_ABOVE = 25.0, 335.0
COLOURED = 0.15
# Annex I: transparent background. A scan saved without transparency lets nothing through.
TRANSPARENT = 0.10
# Annex I, ô 14: upper right corner of page 1. The upper part of the page and the right of its middle.
CORNER_DEEP = 45 * MM
CORNER_FROM = 0.40
# Annex I, ô 14: Times New Roman, upright, 10 points, black.
CORNER_SIZE = (9.5, 10.5)
BLACK = 0.2
TIMES = ("times", "tinos", "liberationserif", "nimbusroman", "termes", "freeserif")
# Art. 18: issued on the day of signing, on the next working day at the latest; three days bridge a weekend.
LEADER_BEFORE = timedelta(days=3)
SIGNED_LATE = timedelta(days=5)
# Clocks of two machines; signing.md's limit between a claimed time and a stamp.
CLOCKS = timedelta(minutes=5)
# Decree 68/2024 and Circular 15/2025: RSA of 2048 bits at least.
RSA_BITS = 2048
