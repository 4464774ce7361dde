"""The desk factory that a configuration may name: `desk = "lienthong.testing.desk.shared.desk_for"`."""

from typing import Protocol

from lienthong.testing.desk.answering import Habit
from lienthong.testing.desk.fake import FakeDesk, Town


class HasCode(Protocol):
    """An agency of the page's configuration."""

    @property
    def code(self) -> str: ...


class Shared:
    """The town of this process; a test puts a fresh one in its place."""

    town = Town()
    town.sessions.habit = Habit.LATER


def desk_for(agency: HasCode) -> FakeDesk:
    """A desk of the shared town."""
    return FakeDesk(Shared.town, agency.code)
