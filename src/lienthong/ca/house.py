"""All the authority works with, in one value: its memory, issuing keys, the registry, the clock. Ports only."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Protocol

from cryptography import x509

from lienthong.ca.above import Above
from lienthong.ca.drafting import Publication
from lienthong.ca.registers import View
from lienthong.ca.unsigned import family
from lienthong.errors import ClockBehind, KeyUnavailable
from lienthong.registry import Directory
from lienthong.signature.keys import SigningKey

POLICY = "2.25.205563498823177458120935164420337206159.1"
"""Our own certificate policy (see `tsa.POLICY`); a state authority sets its own."""
TOLERANCE = timedelta(minutes=2)
"""Clocks of two processes may differ a little; a clock that was set back differs more."""


class Letters(Protocol):
    """Judges the signed letter a request came with."""

    async def judged(self, data: bytes, names: Sequence[str]) -> str:
        """A sentence about its signatures for the officer; `names`: the organisation's, after those above it.

        LetterRefused for one that is not valid, or that none of these organisations sealed.
        """
        ...


@dataclass(frozen=True)
class IssuingAuthority:
    """An issuing authority: its id, its key, its certificate (DER). `revoked`: it stands on the root's list."""

    id: str
    key: SigningKey = field(repr=False)
    certificate: bytes
    revoked: bool = False

    @cached_property
    def own(self) -> x509.Certificate:
        """Its certificate."""
        return x509.load_der_x509_certificate(self.certificate)

    @cached_property
    def above(self) -> Above:
        """The same, as it stands above all that it issues."""
        return Above(self.own)

    @cached_property
    def family(self) -> str:
        """The family of its key."""
        return family(self.own.public_key())


@dataclass(frozen=True)
class House:
    """`name` stands in every order and leaf; `publish_at` is the base of the addresses in certificates.

    `serials` draws 20 random bytes; `ids` 32 hex digits.
    """

    name: str
    issuers: Mapping[str, IssuingAuthority]
    directory: Callable[[], Directory]
    now: Callable[[], datetime]
    serials: Callable[[], int] = field(default=x509.random_serial_number, repr=False)
    publish_at: str = ""
    policy: str = POLICY
    holidays: frozenset[date] = frozenset()
    letters: Letters | None = None

    def issuer(self, id: str) -> IssuingAuthority:
        """KeyUnavailable for one that this process does not hold."""
        found = self.issuers.get(id)
        if found is None:
            raise KeyUnavailable(f"CA {id}")
        return found

    def signer(self, id: str) -> IssuingAuthority:
        """The one that signs certificates now. KeyUnavailable also for one that the root has revoked."""
        found = self.issuer(id)
        if found.revoked:
            raise KeyUnavailable(f"CA {id}: đã bị khóa gốc thu hồi / revoked by the root")
        return found

    def signs(self, id: str) -> bool:
        """Whether there is such a one."""
        return id in self.issuers and not self.issuers[id].revoked

    def publication(self, issuer: str, partition: int) -> Publication:
        """Where everything about a certificate of that partition is published."""
        base = self.publish_at
        return Publication(
            crl=f"{base}/crl/{issuer}/{partition}.crl",
            issuer=f"{base}/ca/{issuer}.crt",
            ocsp=f"{base}/ocsp/{issuer}",
            delta=f"{base}/crl/{issuer}/{partition}.delta.crl",
            policy=self.policy,
        )

    def moment(self, view: View) -> datetime:
        """Now, unless the clock was set back behind what is already written. ClockBehind."""
        now, newest = self.now(), view.latest()
        if newest is not None and now < newest - TOLERANCE:
            raise ClockBehind(f"{now.isoformat()} < {newest.isoformat()}")
        return now
