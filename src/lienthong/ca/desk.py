"""What the CA process does, without its HTTP face: stamps, lists, answers, certificates, and how it feels."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.ocsp import OCSPResponseStatus

from lienthong.ca.authority import Authority, Issued, pem
from lienthong.ca.issue import Revoked
from lienthong.ca.ocsp import Record, Responder, failure
from lienthong.ca.ocsp import answer as answer_state
from lienthong.ca.tsa import POLICY, Stamper, answer
from lienthong.errors import AlgorithmNotAllowed, NotFound

HELD = ("root", "issuing", "tsa")
"""The certificates it hands out."""
_LIST_KEPT = timedelta(minutes=1)
_ROWS_KEPT = timedelta(seconds=1)
_RENEW_BEFORE = timedelta(days=30)


class Certified(Protocol):
    """A key with its certificate and chain (DER)."""

    @property
    def key(self) -> object: ...
    @property
    def certificate(self) -> bytes: ...
    @property
    def chain(self) -> tuple[bytes, ...]: ...


@dataclass
class CertificateDesk:
    """The one object behind the routes. `revoked` reads the record of revocations, `now` the clock."""

    authority: Authority
    root_list: bytes
    revoked: Callable[[], Sequence[Revoked]]
    now: Callable[[], datetime]
    policy: str = POLICY
    issued: Callable[[], frozenset[int] | None] = lambda: None
    _stamper: Stamper = field(init=False, repr=False)
    _responder: Responder | None = field(default=None, init=False, repr=False)
    _rows: tuple[datetime, dict[int, Revoked]] | None = field(default=None, init=False, repr=False)
    _serials: frozenset[int] | None = field(default=None, init=False, repr=False)
    _list: tuple[datetime, bytes] | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        self._stamper = stamper_of(self.authority, self.policy)
        self._responder = responder_of(self.authority)

    def stamp(self, request: bytes) -> bytes:
        """The TimeStampResp to a TimeStampReq, both DER."""
        return answer(request, self._stamper, self.now(), self.authority.serials)

    def revocation_list(self, name: str) -> bytes:
        """The list of the "issuing" or the "root" CA, DER; NotFound for others."""
        if name == "root":
            return self.root_list
        if name != "issuing":
            raise NotFound(name)
        moment = self.now()
        if self._list is None or not timedelta() <= moment - self._list[0] < _LIST_KEPT:
            self._list = moment, self.authority.crl(self.revoked(), moment)
        return self._list[1]

    def state(self, request: bytes) -> bytes:
        """The OCSPResponse to an OCSPRequest, both DER."""
        if self._responder is None:
            return failure(OCSPResponseStatus.TRY_LATER)
        moment = self.now()
        if self._rows is None or not timedelta() <= moment - self._rows[0] < _ROWS_KEPT:
            self._rows = moment, {row.serial: row for row in self.revoked()}
        return answer_state(request, self._responder, Record(self._rows[1].get, self._given_out), moment)

    def _given_out(self, serial: int) -> bool:
        """Serial numbers are only ever added, so the record is read anew for one that is not in it yet."""
        if self._serials is None or serial not in self._serials:
            self._serials = self.issued()
        return self._serials is None or serial in self._serials

    def certificate(self, name: str) -> bytes:
        """The DER certificate of "root", "issuing" or "tsa"; NotFound for others."""
        if name not in HELD:
            raise NotFound(name)
        held: Issued = getattr(self.authority, name)
        return held.certificate

    def certificate_pem(self, name: str) -> bytes:
        return pem(self.certificate(name))

    def health(self) -> dict[str, object]:
        """`ok` is False once a certificate ran out; `renew` names those that will within thirty days."""
        moment = self.now()
        ends = {name: _end(self.certificate(name)) for name in HELD}
        return {
            "ok": all(moment <= end for end in ends.values()),
            "now": moment.isoformat(),
            "valid_to": {name: end.isoformat() for name, end in ends.items()},
            "renew": sorted(name for name, end in ends.items() if end - moment < _RENEW_BEFORE),
        }


def stamper_of(authority: Authority, policy: str = POLICY) -> Stamper:
    """The authority's time-stamping key, ready to use; AlgorithmNotAllowed unless it is P-256."""
    return stamper_of_pair(authority.tsa, policy)


def stamper_of_pair(tsa: Certified, policy: str = POLICY) -> Stamper:
    """A time-stamping key with its certificate, ready to use; AlgorithmNotAllowed unless it is P-256."""
    if not isinstance(tsa.key, ec.EllipticCurvePrivateKey):
        raise AlgorithmNotAllowed("time stamps are signed with P-256")
    return Stamper(tsa.key, tsa.certificate, tsa.chain, policy)


def responder_of(authority: Authority) -> Responder | None:
    """The authority's answering key, ready to use; None where there is none. AlgorithmNotAllowed unless it is P-256."""
    if authority.ocsp is None:
        return None
    if not isinstance(authority.ocsp.key, ec.EllipticCurvePrivateKey):
        raise AlgorithmNotAllowed("answers are signed with P-256")
    return Responder(authority.ocsp.key, authority.ocsp.certificate, authority.issuing.certificate)


def _end(certificate: bytes) -> datetime:
    return x509.load_der_x509_certificate(certificate).not_valid_after_utc
