"""The VXP stories, chapter by chapter."""

from lienthong.cli.conformance.model import Chapter
from lienthong.cli.conformance.vxp.stories import changing, entering, looking, receiving, sending

CHAPTERS: tuple[Chapter, ...] = (
    entering.CHAPTER,
    looking.CHAPTER,
    sending.CHAPTER,
    receiving.CHAPTER,
    changing.CHAPTER,
)
