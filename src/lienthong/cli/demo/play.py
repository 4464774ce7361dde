"""Play the story on the country: with a view for people, or headless with a reckoning; with or without killings."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

from lienthong.adapters.bootstrap import root_certificates
from lienthong.cli.demo.build import Place
from lienthong.cli.demo.papers import Signers
from lienthong.cli.demo.people import Desks, Record, Sender, persist, receivers
from lienthong.cli.demo.processes import Processes
from lienthong.cli.demo.reckoning import Reckoning, receipts_of, reckon, settled
from lienthong.cli.demo.scenario import STORY, Story
from lienthong.client import Document

PATIENCE = 240.0
"""Seconds until the story must have ended."""
KILLS = 5


@dataclass
class Play:
    """One performance. `documents()` is what the senders see right now."""

    place: Place
    story: Story = STORY
    record: Record = field(default_factory=Record)
    stop: threading.Event = field(default_factory=threading.Event)
    everybody: threading.Event = field(default_factory=threading.Event)
    phase: str = ""
    _proved: dict[str, tuple[int, int]] = field(default_factory=dict)  # package id → steps seen, receipts verified

    def __post_init__(self) -> None:
        self.desks = Desks(self.place)
        self.sender = Sender(self.story, self.desks, Signers(self.place), self.record, self.stop)
        self.receivers = receivers(self.story, self.desks, self.record, self.stop, self.everybody)

    @property
    def total(self) -> int:
        """Steps the senders take."""
        return len(self.story.papers) + len(self.story.changes)

    def perform(self, on_step: Callable[[], None] = lambda: None) -> None:
        """Send, change, and wait until nothing more is to come."""
        for thread in self.receivers:
            thread.start()
        self.phase = "Soạn, ký và gửi văn bản"
        self.sender.hand_in_all(on_step)
        self.phase = "Thu hồi, cập nhật, thay thế"
        self.sender.change_all(on_step)
        self.phase = "Chờ các nơi nhận xử lý xong"
        self._await_end()

    def _await_end(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if settled(self.story, persist(self.documents, self.stop)):
                return
            time.sleep(0.3)

    def documents(self) -> list[Document]:
        """Every package of the story as its sender sees it now."""
        return [
            self.desks.of(self.record.senders[package]).document(package) for package in list(self.record.sent.values())
        ]

    def verified(self, documents: list[Document]) -> int:
        """Their receipts verified so far, offline; a document's are looked at again when there are more of them."""
        roots = root_certificates(self.place.root)
        for document in documents:
            package = document.entry.id
            proved = sum(step.evidence is not None for step in document.steps)
            if self._proved.get(package, (0, 0))[0] != proved:
                good, _ = receipts_of(self.desks.of(document.entry.sender), document, roots)
                self._proved[package] = (proved, good)
        return sum(good for _, good in self._proved.values())

    def reckoning(self) -> Reckoning:
        """The count at the end."""
        return persist(lambda: reckon(self.documents(), self.desks, self.record, self.place.root), self.stop)

    def end(self) -> None:
        """Send everybody home."""
        self.stop.set()
        for thread in self.receivers:
            if thread.ident is not None:  # what could not start must not hide why
                thread.join(timeout=10)
        self.desks.close()


@dataclass
class Killer:
    """Kills the named process now and then while the story goes on, and starts it again."""

    processes: Processes
    victims: tuple[str, ...]
    seed: int = 1
    times: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Begin; until `stop`."""
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def _work(self) -> None:
        lots = random.Random(self.seed)
        while self.times < KILLS and not self._stop.wait(lots.uniform(0.8, 2.5)):
            victim = self.victims[self.times % len(self.victims)]
            self.processes.kill(victim)
            self.times += 1
            self.processes.restart(victim)

    def stop(self) -> None:
        """No more; waits for a restart under way."""
        self._stop.set()
        self._thread.join(timeout=90)


VICTIMS = {"axis": ("axis",), "gateway": ("gw-h29", "gw-g22"), "all": ("axis", "gw-h29", "gw-g22")}


def check(place: Place, kill: str = "", seed: int = 1) -> tuple[dict[str, object], bool]:
    """The story headless; the numbers to print, and whether all is as it should be."""
    began = time.monotonic()
    processes = Processes(place)
    play = Play(place)
    killer = Killer(processes, VICTIMS[kill], seed) if kill else None
    try:
        processes.start()
        if killer:
            killer.start()
        play.perform()
        if killer:
            killer.stop()
        counted = play.reckoning()
    finally:
        play.end()
        processes.stop()
    numbers: dict[str, object] = {**asdict(counted), "kills": killer.times if killer else 0}
    numbers["seconds"] = round(time.monotonic() - began, 1)
    killed_enough = killer is None or killer.times >= 3
    return numbers, counted.good(play.story) and killed_enough
