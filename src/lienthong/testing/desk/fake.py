"""The desk itself: the client's methods over memory, noting every call."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from lienthong.client.files import CheckedFile
from lienthong.client.model import (
    ANY,
    Document,
    Entry,
    File,
    Filter,
    Finding,
    Me,
    Metadata,
    Org,
    Page,
    Recipient,
    Repair,
)
from lienthong.client.papers import Paper, SigningKeyView, SigningSession
from lienthong.document import package_id
from lienthong.errors import IllegalMove, LienThongError, NotFound
from lienthong.testing.desk import answering, boxes, checks, proof, reports, samples, signing, story
from lienthong.testing.desk.administering import Administering, Office
from lienthong.testing.desk.people import CITY, ORGANISATIONS, name_of

NULL_TEXT = Repair(
    "null-text",
    "MessageHeader/From/OrganName",
    "Giá trị là chữ “null”, coi như trống.",
    "The value is the word “null”; taken as absent.",
)

_NEXT = {
    "": ("02", "03"),
    "01": ("02", "03"),
    "03": ("04", "05", "06"),
    "04": ("04", "05", "06"),
    "05": ("04", "05", "06"),
}


class Town:
    """What several desks share: each agency's entries, and whether the gateway answers."""

    def __init__(self, now: datetime | None = None) -> None:
        moment = now or datetime.now(UTC)
        self.now = moment
        self.entries: dict[str, list[Entry]] = {CITY: [*samples.entries("in", moment), *samples.entries("out", moment)]}
        self.files: dict[str, dict[str, bytes]] = {}
        self.calls: list[tuple[Any, ...]] = []
        self.failure: LienThongError | None = None
        self.offices: dict[str, Office] = {}
        self.sessions = answering.Sessions()


class FakeDesk(Administering):
    """One agency's desk."""

    def __init__(self, town: Town, code: str = CITY) -> None:
        self.town, self.code = town, code
        self.now, self.office = town.now, town.offices.setdefault(code, Office())

    # ------------------------------------------------------------ reading

    def me(self) -> Me:
        """Who I am."""
        self._reach()
        return Me(self.code, name_of(self.code), "gw-h29", "1")

    def incoming(self, text: str = "", after: str = "", limit: int = 50, *, where: Filter = ANY) -> Page:
        """The incoming lane."""
        return self._lane("in", text, after, limit, where)

    def outgoing(self, text: str = "", after: str = "", limit: int = 50, *, where: Filter = ANY) -> Page:
        """The outgoing lane."""
        return self._lane("out", text, after, limit, where)

    def _lane(self, lane: str, text: str, after: str, limit: int, where: Filter) -> Page:
        mine = [each for each in self._mine() if each.lane == lane and boxes.holds(where.box, each)]
        return self._page([each for each in mine if _matches(each, text)], after, limit)

    def boxes(self, *names: str) -> dict[str, int]:
        """How many each box holds."""
        return {name: sum(boxes.holds(name, each) for each in self._mine()) for name in names or boxes.BOXES}

    def search(self, text: str) -> Page:
        """Both lanes."""
        return self._page([e for e in self._mine() if _matches(e, text)], "", 50)

    def document(self, id: str) -> Document:
        """One page."""
        entry = self._entry(id)
        related = tuple(e for e in self._mine() if e.document_id == entry.document_id and e.id != entry.id)
        return Document(
            entry=entry,
            parts=self._parts(entry),
            steps=story.steps(entry),
            statuses=tuple(report for r in entry.recipients for report in story.reports_of(r)),
            repairs=(NULL_TEXT,) if entry.number == "45" else (),
            reports={self._parts(entry)[1].name: story.report(entry)},
            related=related,
            next_statuses=_lawful(entry),
            findings={self._parts(entry)[1].name: checks.samples(entry)},
        )

    def form_check(self, metadata: Metadata, files: Sequence[File]) -> dict[str, tuple[Finding, ...]]:
        """The real check of the files given; nobody is trusted here."""
        self._reach()
        return {file.name: checks.checked(metadata, file, name_of(self.code), self.town.now) for file in files}

    def known_file(self, sha256: str) -> CheckedFile:
        """What is known of a file by its digest."""
        self._reach()
        return reports.known(sha256, self._mine(), self.town.now)

    def signature_report(self, sha256: str) -> bytes:
        """The report on it, signed."""
        self._reach()
        return reports.signed(sha256, self._mine(), self.town.now)

    def part(self, id: str, name: str) -> bytes:
        """The bytes of one file."""
        entry = self._entry(id)
        known = self.town.files.get(id, {})
        if name not in known and name not in {part.name for part in story.parts(entry)}:
            raise NotFound(name)
        return known.get(name) or story.content(entry, name)

    def evidence(self, id: str) -> dict[str, Any]:
        """All receipts."""
        found: dict[str, Any] = json.loads(proof.bundle(self._entry(id)).to_json())
        return found

    def receipt(self, id: str, evidence_id: str) -> dict[str, Any]:
        """One receipt."""
        try:
            return proof.receipt(self._entry(id), evidence_id).as_dict()
        except KeyError as error:
            raise NotFound(evidence_id) from error

    def organisations(self, text: str = "", limit: int = 20) -> tuple[Org, ...]:
        """The directory."""
        self._reach()
        found = [o for o in ORGANISATIONS.values() if text.casefold() in f"{o.code} {o.name}".casefold()]
        return tuple(found[:limit])

    def inbox(self, wait: float = 0, limit: int = 20, contents: Sequence[str] = ("edoc",)) -> tuple[Entry, ...]:
        """Nothing waits: everything was taken in."""
        self._note("inbox", wait, limit, contents)
        return ()

    def signing_keys(self) -> tuple[SigningKeyView, ...]:
        """The keys at the gateway."""
        self._reach()
        plain = signing.keys(self.code)
        return (*plain, *answering.keys(plain))

    def signing_session(self, id: str) -> SigningSession:
        """How a session stands."""
        self._reach()
        return self.town.sessions.look(self.code, id)

    def signed_document(self, id: str) -> bytes:
        """The signed file of a session that ended well."""
        self._reach()
        return self.town.sessions.signed[id]

    # ------------------------------------------------------------ acting

    def sign(
        self,
        paper: Paper,
        role: str,
        person: str,
        key: str,
        *,
        level: str = "B-B",
        secret: str = "",
        copied: str = "",
        id: str = "",
    ) -> bytes:
        """With a key of the gateway, all at once."""
        self._note("sign", paper, role, person, key, level, secret, copied, id)
        return signing.signed(self.code, paper, role, key, copied)

    def prepare_signature(
        self, papers: Sequence[Paper], role: str, person: str, *, key: str = "", level: str = "B-B", id: str = ""
    ) -> tuple[SigningSession, ...]:
        """The first step with a key that answers by itself."""
        self._note("prepare_signature", tuple(papers), role, person, key, level, id)
        chosen = next((each for each in self.signing_keys() if each.id == key), None)
        if chosen is None:
            raise NotFound(key)
        return tuple(self.town.sessions.prepare(chosen, paper, role, person, id) for paper in papers)

    def complete_signature(self, id: str, *, secret: str = "") -> SigningSession:
        """The second step."""
        self._note("complete_signature", id)
        return self.town.sessions.complete(self.code, id, secret)

    def cancel_signature(self, id: str) -> SigningSession:
        """Give a session up."""
        self._note("cancel_signature", id)
        return self.town.sessions.cancel(id)

    def send(self, metadata: Metadata, files: Sequence[File], message_id: str) -> Document:
        """Hand in; the same id again gives the same document."""
        self._note("send", metadata, tuple(files), message_id)
        return self._send(metadata, files, message_id)

    def report(self, id: str, code: str, description: str = "", staff: str = "", message_id: str = "") -> Document:  # noqa: ARG002 - the client's name
        """A business status; `message_id` would make a repeat tell once."""
        self._note("report", id, code, description, staff)
        entry = self._entry(id)
        if code not in _lawful(entry):
            raise IllegalMove(code)
        mine = entry.recipients[0]
        changed = {
            "15": replace(mine, asked=0, standing="recalled"),
            "16": replace(mine, asked=0, standing="in-force"),
        }.get(code, replace(mine, status=code, status_at=self.town.now, refusal_text=description))
        self._put(replace(entry, recipients=(changed,)))
        return self.document(id)

    def recall(self, id: str, reason: str, message_id: str) -> Document:
        """Ask every recipient to give it back."""
        self._note("recall", id, reason, message_id)
        entry = self._entry(id)
        frozen = tuple(replace(r, standing="frozen", asked=1) for r in entry.recipients)
        self._put(replace(entry, recipients=frozen))
        return self.document(id)

    def update(
        self, id: str, reason: str, add: Sequence[str] = (), remove: Sequence[str] = (), *, message_id: str
    ) -> Document:
        """Change who receives it."""
        self._note("update", id, reason, tuple(add), tuple(remove), message_id)
        entry = self._entry(id)
        kept = [r for r in entry.recipients if r.addressee not in remove]
        self._put(replace(entry, recipients=(*kept, *(self._recipient(code) for code in add))))
        return self.document(id)

    def replace(self, id: str, metadata: Metadata, files: Sequence[File], message_id: str) -> Document:
        """Send another in its place."""
        self._note("replace", id, metadata, tuple(files), message_id)
        return self._send(metadata, files, message_id)

    # ------------------------------------------------------------ inside

    def _reach(self) -> None:
        if self.town.failure:
            raise self.town.failure

    def _note(self, *call: Any) -> None:
        self._reach()
        self.town.calls.append(call)

    def _mine(self) -> list[Entry]:
        self._reach()
        return self.town.entries.setdefault(self.code, [])

    def _entry(self, package: str) -> Entry:
        found = [entry for entry in self._mine() if entry.id == package]
        if not found:
            raise NotFound(package)
        return found[0]

    def _put(self, entry: Entry) -> None:
        self.town.entries[self.code] = [entry if known.id == entry.id else known for known in self._mine()]

    def _parts(self, entry: Entry) -> tuple[Any, ...]:
        return story.parts(entry)

    def _recipient(self, code: str) -> Recipient:
        gets = ORGANISATIONS[code].successor or code if code in ORGANISATIONS else code
        return Recipient(
            code, gets, name_of(gets), gets != code, "recorded", self.town.now, "", None, "in-force", 0, "", ""
        )

    def _send(self, metadata: Metadata, files: Sequence[File], message_id: str) -> Document:
        package = package_id(self.code, message_id)
        if all(entry.id != package for entry in self._mine()):
            self._mine().insert(0, self._made(metadata, package, message_id))
            self.town.files[package] = {file.name: file.whole() for file in files}
        return self.document(package)

    def _made(self, told: Metadata, package: str, message_id: str) -> Entry:
        now = self.town.now
        return Entry(
            package, message_id, "out", self.code, name_of(self.code), told.document_id, told.number, told.notation,
            told.subject, told.kind, told.issued, told.signer_name, told.urgency, told.due, told.business, told.reason,
            now, now, tuple(self._recipient(code) for code in told.recipients),
        )  # fmt: skip

    @staticmethod
    def _page(found: list[Entry], after: str, limit: int) -> Page:
        start = int(after or 0)
        end = start + limit
        return Page(tuple(found[start:end]), str(end) if end < len(found) else "")


def _matches(entry: Entry, text: str) -> bool:
    everything = f"{entry.id} {entry.document_id} {entry.number}/{entry.notation} {entry.subject} {entry.sender_name}"
    return all(word in everything.casefold() for word in text.casefold().split())


def _lawful(entry: Entry) -> tuple[str, ...]:
    if entry.lane == "out" or not entry.recipients or entry.business in {1, 2}:
        return ()
    mine = entry.recipients[0]
    if mine.asked:
        return ("15", "16")
    return () if mine.standing != "in-force" else _NEXT.get(mine.status, ())
