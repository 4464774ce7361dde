"""What an examiner and its children say to each other, apart from both: the parent loads no PDF renderer for it."""

import struct
from enum import IntEnum

HEAD = struct.Struct("!BIQ")
"""A question (`Ask`), the page it is about, and how many bytes of file follow. An answer: 0, 0, and how many bytes."""
GREY = struct.Struct("!II")
"""Before the points of a drawn page: how wide and how high it is. None is drawn: 0, 0."""
READY = b"R"


class Ask(IntEnum):
    """What is wanted of a PDF: its facts as JSON, these with its looks, or one page drawn in grey, a byte a point.

    `BOUND`: of a picture of paper, a PDF.
    """

    FACTS = 0
    LOOKS = 1
    PICTURE = 2
    BOUND = 3
