"""The sample people: senders who hand in, receivers' software that takes in and answers. They never give up."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from lienthong.cli.demo.build import Place
from lienthong.cli.demo.country import BY_CODE, WORKING
from lienthong.cli.demo.papers import Signers, finished
from lienthong.cli.demo.scenario import Change, Story
from lienthong.client import Desk, Document, Entry, take_in
from lienthong.errors import IllegalMove, LienThongError

T = TypeVar("T")
PAUSE = 0.2


@dataclass
class Desks:
    """A door for every agency with people, opened when first needed; one connection a thread."""

    place: Place
    _open: dict[tuple[str, int], Desk] = field(default_factory=dict)

    def of(self, code: str) -> Desk:
        """The desk of an agency."""
        key = (code, threading.get_ident())
        if key not in self._open:
            token = (self.place.folder / "tokens" / code).read_text("utf-8").strip()
            self._open[key] = Desk(self.place.url(BY_CODE[code].gateway), token, self.place.root)
        return self._open[key]

    def close(self) -> None:
        """Close every connection."""
        for desk in self._open.values():
            desk.close()


def persist(call: Callable[[], T], stop: threading.Event) -> T:
    """Do it until it is done: what can be tried again is, with the same id."""
    while True:
        try:
            return call()
        except LienThongError as error:
            if error.permanent or stop.is_set():
                raise
            time.sleep(PAUSE)


@dataclass
class Record:
    """What the people saw, for the view and the reckoning. Every change is one assignment, so threads may share it."""

    sent: dict[str, str] = field(default_factory=dict)  # message id → package id
    senders: dict[str, str] = field(default_factory=dict)  # package id → agency
    digests: dict[str, tuple[str, ...]] = field(default_factory=dict)  # package id → SHA-256 of its files
    errors: list[str] = field(default_factory=list)


@dataclass
class Sender:
    """Hands in the story's papers and makes its later changes."""

    story: Story
    desks: Desks
    signers: Signers
    record: Record
    stop: threading.Event

    def hand_in_all(self, on_step: Callable[[], None]) -> None:
        """Compose, sign and hand in every paper."""
        for paper in self.story.papers:
            metadata, files = finished(paper, self.signers)
            send = partial(self.desks.of(paper.sender).send, metadata, files, paper.message_id)
            sent = persist(send, self.stop)
            self._note(paper.message_id, paper.sender, sent)
            on_step()

    def change_all(self, on_step: Callable[[], None]) -> None:
        """Recall, update, replace, each once its document is registered everywhere."""
        for change in self.story.changes:
            package = self.record.sent[f"mau-{change.number}"]
            sender = self.record.senders[package]
            self._await_registered(sender, package)
            self._note(change.message_id, sender, self._change(sender, package, change))
            on_step()

    def _change(self, sender: str, package: str, change: Change) -> Document:
        desk = self.desks.of(sender)
        if change.kind == "recall":
            return persist(partial(desk.recall, package, change.reason, change.message_id), self.stop)
        if change.kind == "update":
            update = partial(desk.update, package, change.reason, change.add, change.remove, change.message_id)
            return persist(update, self.stop)
        if change.by is None:
            raise ValueError(change.kind)
        metadata, files = finished(change.by, self.signers)
        return persist(partial(desk.replace, package, metadata, files, change.message_id), self.stop)

    def _await_registered(self, sender: str, package: str) -> None:
        desk = self.desks.of(sender)
        while not self.stop.is_set():
            entry = persist(partial(desk.document, package), self.stop).entry
            if all(recipient.status >= "03" for recipient in entry.recipients):
                return
            time.sleep(PAUSE)

    def _note(self, message_id: str, sender: str, sent: Document) -> None:
        package = sent.entry.id
        self.record.senders[package] = sender
        self.record.digests[package] = tuple(part.sha256 for part in sent.parts)
        self.record.sent[message_id] = package


@dataclass
class Receiver:
    """The software and the clerk of one agency: takes in, reports 01, then what the story says.

    Of what others sent it answers only while `everybody` is set: a visitor's documents are for people.
    """

    code: str
    story: Story
    desks: Desks
    record: Record
    stop: threading.Event
    everybody: threading.Event

    def work(self) -> None:
        """Until told to stop. A fault is tried again: nothing may depend on one attempt."""
        desk = self.desks.of(self.code)
        while not self.stop.is_set():
            try:
                take_in(desk, _stored, wait=1.0)
                self._answer_all(desk)
            except LienThongError as error:
                if error.permanent:
                    self.record.errors.append(f"{self.code}: {error.code} {error.detail}")
                time.sleep(PAUSE)

    def _answer_all(self, desk: Desk) -> None:
        for entry in desk.incoming(limit=200).entries:
            ours = entry.message_id.startswith("mau-") or self.everybody.is_set()
            if ours and entry.recipients[0].state == "handed-over":
                self._answer(desk, entry)

    def _answer(self, desk: Desk, entry: Entry) -> None:
        own = entry.recipients[0]
        if own.asked:
            desk.report(entry.id, "15", "Đồng ý", self._staff())
            return
        if entry.business in {1, 2}:
            return
        reply = self.story.reply(entry.number, self.code)
        waiting = [code for code in reply.codes if code > (own.status or "01")]
        if own.status != "02" and waiting:
            self._report(desk, entry, waiting[0], reply.reason)

    def _report(self, desk: Desk, entry: Entry, code: str, reason: str) -> None:
        try:
            desk.report(entry.id, code, reason, self._staff())
        except IllegalMove as error:
            self.record.errors.append(f"{self.code} {entry.number}: {error.detail}")

    def _staff(self) -> str:
        return f"Văn thư Mẫu ({BY_CODE[self.code].short})"


def _stored(_: Entry) -> None:
    """The sample software keeps nothing of its own: the gateway still has it."""


def receivers(
    story: Story, desks: Desks, record: Record, stop: threading.Event, everybody: threading.Event
) -> list[threading.Thread]:
    """One thread for each agency with people, but those that work in the office."""
    codes = [agency.code for agency in WORKING if agency.code not in story.offices]
    people = [Receiver(code, story, desks, record, stop, everybody) for code in codes]
    return [threading.Thread(target=person.work, name=person.code, daemon=True) for person in people]
