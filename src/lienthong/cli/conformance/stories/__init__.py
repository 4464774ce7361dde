"""The stories, chapter by chapter."""

from lienthong.cli.conformance.model import Chapter, Story
from lienthong.cli.conformance.stories import changing, entering, looking, receiving, reporting, sending, uploading

CHAPTERS: tuple[Chapter, ...] = (
    entering.CHAPTER,
    sending.CHAPTER,
    uploading.CHAPTER,
    receiving.CHAPTER,
    reporting.CHAPTER,
    changing.CHAPTER,
    looking.CHAPTER,
)


def stories() -> tuple[Story, ...]:
    """All of them, in the order they are told."""
    return tuple(story for chapter in CHAPTERS for story in chapter.stories)
