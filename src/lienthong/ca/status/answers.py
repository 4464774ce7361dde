"""Answers about single certificates: signed beforehand for all that are good, made anew for the rest.

    presign() ─► <folder>/<issuer>/<ab>/<serial>.ocsp     a job over everything, some ten thousand a second
    answer()  ─► stopped? live.  file fresh? the file.  else live; unknown serial numbers are told so

A file says only "good"; whether that is still so is looked up on the board first, so no stale answer is ever given.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from cryptography.hazmat.primitives import hashes
from cryptography.x509 import ocsp

from lienthong.ca.ocsp import Record, Responder, answer, good
from lienthong.ca.registers import Held, Registers, View
from lienthong.ca.status.board import Board
from lienthong.errors import NotFound

PORTION = 1000
FRESH = timedelta(hours=6)
"""Answers older than this are made anew; they count for twelve hours."""
Tell = Callable[[int], None]


class AnswerFiles(Protocol):
    """Where answers lie that were signed beforehand. Adapter: `adapters.answer_files`."""

    def keep(self, issuer: str, answers: Mapping[int, bytes]) -> None: ...
    def read(self, issuer: str, serial: int) -> tuple[bytes, datetime] | None: ...


@dataclass
class Answers:
    """One process's responders, by issuer."""

    registers: Registers
    board: Board
    responders: Mapping[str, Responder]
    now: Callable[[], datetime]
    files: AnswerFiles | None = None
    _known: set[tuple[str, int]] = field(default_factory=set, repr=False)

    async def answer(self, issuer: str, request: bytes) -> bytes:
        """The OCSPResponse, DER, whatever the request holds. NotFound for an issuer that is not here."""
        responder = self.responders.get(issuer)
        if responder is None:
            raise NotFound(issuer[:40])
        serial = plain_serial(request, responder)
        if serial is not None:
            if self.files is not None and self.board.of(issuer, serial) is None:
                kept = self.files.read(issuer, serial)
                if kept is not None and self.now() - kept[1] < FRESH:
                    return kept[0]
            await self._learn(issuer, serial)
        else:
            await self._learn(issuer, asked_serial(request))
        record = Record(partial(self.board.of, issuer), lambda asked: (issuer, asked) in self._known)
        return answer(request, responder, record, self.now())

    async def _learn(self, issuer: str, serial: int | None) -> None:
        """Whether it was ever given out; only a yes is remembered."""
        if serial is None or (issuer, serial) in self._known or self.board.of(issuer, serial) is not None:
            return
        found = await self.registers.read(lambda view: view.certificate(f"{issuer}/{serial:x}"))
        if found is not None:
            self._known.add((issuer, serial))

    async def presign(self, issuer: str, tell: Tell = lambda _: None) -> int:
        """Sign an answer for every good certificate of an issuer that has not run out; how many."""
        assert self.files is not None  # noqa: S101  # the caller has a folder for them
        responder, after, made = self.responders[issuer], 0, 0
        while found := await self.registers.read(partial(_page, issuer, after)):
            now = self.now()
            wanted = [held for held in found if held.ends > now and self.board.of(issuer, held.serial) is None]
            self.files.keep(issuer, {held.serial: good(responder, held.serial, now) for held in wanted})
            after, made = found[-1].number, made + len(wanted)
            tell(made)
        return made


def plain_serial(request: bytes, responder: Responder) -> int | None:
    """The serial number asked about, if the same bytes could answer anybody: our issuer by SHA-1, and no nonce."""
    try:
        asked = ocsp.load_der_ocsp_request(request)
        plain = isinstance(asked.hash_algorithm, hashes.SHA1) and not list(asked.extensions)
        named = (asked.issuer_name_hash, asked.issuer_key_hash) == responder.names["sha1"]
    except Exception:  # noqa: BLE001  # `answer` says what is wrong with it
        return None
    return asked.serial_number if plain and named else None


def asked_serial(request: bytes) -> int | None:
    """The serial number in a request that can be read."""
    try:
        return ocsp.load_der_ocsp_request(request).serial_number
    except Exception:  # noqa: BLE001  # as above
        return None


def _page(issuer: str, after: int, view: View) -> Sequence[Held]:
    return view.page(issuer, after, PORTION)
