"""The demo in the open: six agencies work in the office, whose month the site plays; the others' software answers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial

from lienthong.cli.demo.country import OFFICES
from lienthong.cli.demo.people import persist
from lienthong.cli.demo.play import Play
from lienthong.cli.demo.processes import Processes
from lienthong.cli.demo.scenario import STORY, Story

BESIDE = Story(
    papers=tuple(paper for paper in STORY.papers if paper.sender not in OFFICES),
    replies=STORY.replies,
    unreachable=STORY.unreachable,
    offices=OFFICES,
)
"""What agencies without an office send: refused, run out of time, and in time."""
STEPS = 70
"""About so many steps the month has; its last line ends the bar anyhow."""


@dataclass
class OpenPlay(Play):
    """Their letters, then the month of the offices, until nothing is under way but what waits for people."""

    story: Story = BESIDE
    processes: Processes = field(kw_only=True)

    @property
    def total(self) -> int:
        """Letters and steps of the month."""
        return len(self.story.papers) + STEPS

    def perform(self, on_step: Callable[[], None] = lambda: None) -> None:
        """Until everything sent is where it belongs. Unavailable when the month breaks off."""
        self.everybody.set()
        for thread in self.receivers:
            thread.start()
        self.phase = "Soạn, ký và gửi văn bản"
        self.sender.hand_in_all(on_step)
        acting = ""
        for line in self.processes.tell_web("month"):  # each says what is done next, and by whom
            self.phase = line
            on_step()
            self._look({acting} & OFFICES)
            acting, _, _ = line.partition(":")
        self._look(OFFICES)
        self.phase = "Chờ các nơi nhận xử lý xong"
        self._await_end()
        self.everybody.clear()

    def _look(self, offices: Iterable[str]) -> None:
        """Take note of what these offices have sent meanwhile."""
        for code in offices:
            desk = self.desks.of(code)
            for entry in persist(partial(desk.outgoing, limit=200), self.stop).entries:
                if entry.id not in self.record.senders:
                    self._note(code, entry.id)

    def _note(self, code: str, package: str) -> None:
        sent = persist(partial(self.desks.of(code).document, package), self.stop)
        self.record.senders[package] = code
        self.record.digests[package] = tuple(part.sha256 for part in sent.parts)
        self.record.sent[sent.entry.message_id] = package
