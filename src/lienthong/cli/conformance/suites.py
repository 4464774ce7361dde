"""Both suites: stories at desks, and stories of systems at the VXP face. A code names one story in either."""

from lienthong.cli.conformance.model import Chapter, Story
from lienthong.cli.conformance.stories import CHAPTERS as DESK
from lienthong.cli.conformance.vxp.stories import CHAPTERS as VXP

__all__ = ["CHAPTERS", "DESK", "VXP", "told"]

CHAPTERS: tuple[Chapter, ...] = (*DESK, *VXP)


def told(chapters: tuple[Chapter, ...]) -> tuple[Story, ...]:
    """Their stories, in the order they are told."""
    return tuple(story for chapter in chapters for story in chapter.stories)
