"""Everything that was ever stopped, in the memory of each process: small beside all that was issued, and always asked.

It follows the feed of the store, so that what another process revoked counts here within a second as well.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from cryptography import x509

from lienthong.ca.issue import Revoked
from lienthong.ca.life.kinds import CertificateState
from lienthong.ca.registers import Registers, StateChange, View
from lienthong.signature.judging import Revocation, Revocations, Standing

_PAGE = 5000


@dataclass
class Board:
    """`stopped`: by issuer, by serial number. `through`: how far each feed was read."""

    registers: Registers
    issuers: tuple[str, ...]
    stopped: dict[str, dict[int, Revoked]] = field(default_factory=dict)
    through: dict[str, int] = field(default_factory=dict)

    async def follow(self) -> list[StateChange]:
        """Read on in every feed; the changes that were new here."""
        fresh: list[StateChange] = []
        for issuer in self.issuers:
            while found := await self.registers.read(partial(_next, issuer, self.through.get(issuer, 0))):
                for change in found:
                    self._take(change)
                fresh += found
        return fresh

    def of(self, issuer: str, serial: int) -> Revoked | None:
        """How a certificate was stopped, or None."""
        return self.stopped.get(issuer, {}).get(serial)

    def _take(self, change: StateChange) -> None:
        rows = self.stopped.setdefault(change.issuer, {})
        if change.state is CertificateState.ACTIVE:
            rows.pop(change.serial, None)
        else:
            rows[change.serial] = Revoked(change.serial, change.at, x509.ReasonFlags(change.reason.value))
        self.through[change.issuer] = change.number


def _next(issuer: str, after: int, view: View) -> list[StateChange]:
    return list(view.changes(issuer, after, _PAGE))


@dataclass(frozen=True)
class OwnKnowledge:
    """The `Revocations` port over the board: what the authority itself knows of certificates it issued.

    `issuers`: their certificates (DER) by id; `above` knows of everybody else, such as these issuers themselves by the
    root's list.
    """

    board: Board
    issuers: Mapping[str, bytes]
    now: Callable[[], datetime]
    above: Revocations

    @property
    def epoch(self) -> str:
        """How far each feed was read, and what else is known."""
        through = sorted(self.board.through.items())
        return " ".join([*(f"{issuer}:{number}" for issuer, number in through), self.above.epoch])

    def of(self, certificate: bytes, issuer: bytes, moment: datetime) -> Revocation:
        """Of a certificate of ours, both DER, and of anybody else's what is known above."""
        own = next((name for name, der in self.issuers.items() if der == issuer), None)
        if own is None:
            return self.above.of(certificate, issuer, moment)
        found = self.board.of(own, x509.load_der_x509_certificate(certificate).serial_number)
        if found is None:
            return Revocation(Standing.GOOD, source="feed", this_update=self.now())
        held = found.reason is x509.ReasonFlags.certificate_hold
        standing = Standing.SUSPENDED if held else Standing.REVOKED
        return Revocation(standing, found.at, found.reason.value, "feed", this_update=self.now())
