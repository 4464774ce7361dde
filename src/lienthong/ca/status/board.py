"""Everything that was ever stopped, in the memory of each process: small beside all that was issued, and always asked.

It follows the feed of the store, so that what another process revoked counts here within a second as well.
"""

from dataclasses import dataclass, field
from functools import partial

from cryptography import x509

from lienthong.ca.issue import Revoked
from lienthong.ca.life.kinds import CertificateState
from lienthong.ca.registers import Registers, StateChange, View

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
