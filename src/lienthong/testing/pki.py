"""A throw-away PKI in memory: whoever needs a key in a test asks for it by name and gets the same one again.

`pki()` is one per process; keys are made when first asked for. Everything was issued at `FOUNDED` and is in force
at `MOMENT`, the moment tests take for now. Nothing here is secret or to be trusted. The registry's row of a key is
`registry.certificate_entry(pki().seal("G09").certificate, "org:G09", Purpose.PACKAGE_SEAL)`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache

from lienthong.adapters.keys import KeyPair, SoftDocumentSigner, SoftNoteSigner, SoftSigner
from lienthong.ca import requests
from lienthong.ca.authority import Authority, Issued
from lienthong.ca.profiles import KeyShape
from lienthong.ca.requests import Request
from lienthong.evidence.note import VerifierKey

MOMENT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
FOUNDED = MOMENT - timedelta(days=30)
REVOKED_AT = MOMENT - timedelta(days=1)
LOG_ORIGIN = "lienthong.example/log/axis"

ORGANISATIONS = {
    "G09": "Bộ Nội vụ",
    "H26": "Ủy ban nhân dân thành phố Hà Nội",
    "H29": "Ủy ban nhân dân Thành phố Hồ Chí Minh",
}
"""Names for common codes; any other code is named after itself."""


@dataclass(frozen=True)
class Pki:
    """One hierarchy, and another one that nobody trusts (`stranger`)."""

    authority: Authority
    stranger: Authority
    _made: dict[tuple[str, ...], Issued] = field(default_factory=dict, repr=False)

    @property
    def roots(self) -> tuple[bytes, ...]:
        return self.authority.roots

    # ------------------------------------------------------------ keys in force

    def seal(self, code: str) -> SoftSigner:
        """The package-sealing key of an organisation."""
        return _seal_signer(self._key(_package_seal(code)))

    def gateway(self, gateway_id: str, *hosts: str) -> KeyPair:
        """A hop's key (an axis has one too); on loopback unless hosts are given."""
        request = requests.gateway(gateway_id, hosts=hosts) if hosts else requests.gateway(gateway_id)
        return key_pair(self._key(request))

    def log(self, origin: str = LOG_ORIGIN) -> SoftNoteSigner:
        """The key of a hop's evidence log, with its certificate and chain."""
        return key_pair(self._key(requests.log(origin))).note_signer(origin)

    def vkey(self, origin: str = LOG_ORIGIN) -> str:
        """The verifier key of that log, as signed notes write it."""
        return str(VerifierKey(origin, self.log(origin).key.public_key().public_bytes_raw()))

    def registry(self, number: int = 1) -> SoftSigner:
        """The key that signs snapshots; with another number the key that comes after it."""
        return _seal_signer(self._once(("registry", str(number)), lambda: self._issue(requests.registry())))

    def leader(self, name: str = "Nguyễn Văn Mẫu", organisation: str = "Bộ Nội vụ") -> SoftDocumentSigner:
        """A leader's RSA key."""
        return self._document(requests.person(name, organisation=organisation, locality="Hà Nội"))

    def document_seal(self, organisation: str = "Bộ Nội vụ") -> SoftDocumentSigner:
        """An agency's RSA key for the seal on its documents."""
        return self._document(_document_seal(organisation))

    def tsa(self) -> KeyPair:
        """The time-stamping key."""
        return key_pair(self.authority.tsa)

    # ------------------------------------------------------------ keys that must be refused

    def expired(self, code: str) -> SoftSigner:
        """A sealing key whose certificate ran out a day before `MOMENT`."""
        life = MOMENT - FOUNDED - timedelta(days=1)
        return _seal_signer(self._once(("expired", code), lambda: self._issue(_package_seal(code), life)))

    def foreign(self, code: str) -> SoftSigner:
        """A sealing key in the organisation's name, issued by an authority nobody knows."""
        made = self._once(("foreign", code), lambda: self.stranger.issue(_package_seal(code), FOUNDED))
        return _seal_signer(made)

    def revoked(self, code: str) -> SoftSigner:
        """A sealing key of its own, for a registry row with `revoked_at=REVOKED_AT`."""
        return _seal_signer(self._once(("revoked", code), lambda: self._issue(_package_seal(code))))

    def expired_leader(self, name: str = "Trần Thị Ví Dụ") -> SoftDocumentSigner:
        """A leader's key whose certificate ran out a day before `MOMENT`."""
        request = requests.person(name, organisation="Bộ Nội vụ", locality="Hà Nội")
        life = MOMENT - FOUNDED - timedelta(days=1)
        return key_pair(self._once(("expired", name), lambda: self._issue(request, life))).document_signer()

    def foreign_leader(self, name: str = "Nguyễn Văn Mẫu") -> SoftDocumentSigner:
        """A leader's key from an authority nobody knows."""
        request = requests.person(name, organisation="Bộ Nội vụ", locality="Hà Nội")
        return key_pair(self._once(("foreign", name), lambda: self.stranger.issue(request, FOUNDED))).document_signer()

    def weak(self, code: str) -> KeyPair:
        """An RSA-1024 key under a sealing certificate: our signers refuse to hold it, our judges to believe it."""
        request = _package_seal(code)
        shape = replace(request.profile, key=KeyShape("rsa", 1024))
        return key_pair(self._once(("weak", code), lambda: self._issue(replace(request, profile=shape))))

    # ------------------------------------------------------------ inside

    def _document(self, request: Request) -> SoftDocumentSigner:
        return key_pair(self._key(request)).document_signer()

    def _key(self, request: Request) -> Issued:
        subject = request.subject
        name = (request.profile.name, request.holder, subject.common_name, subject.organisation, *request.hosts)
        return self._once(name, lambda: self._issue(request))

    def _issue(self, request: Request, life: timedelta | None = None) -> Issued:
        return self.authority.issue(request, FOUNDED, life)

    def _once(self, name: tuple[str, ...], make: Callable[[], Issued]) -> Issued:
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]


@cache
def pki() -> Pki:
    """The one PKI of this process."""
    return Pki(Authority.found(FOUNDED), Authority.found(FOUNDED, name="Kẻ Lạ"))


def key_pair(issued: Issued) -> KeyPair:
    """What a file adapter would have loaded."""
    return KeyPair(issued.key, issued.certificate, issued.chain)


def _seal_signer(issued: Issued) -> SoftSigner:
    return key_pair(issued).seal_signer()


def _package_seal(code: str) -> Request:
    return requests.package_seal(code, ORGANISATIONS.get(code, f"Cơ quan {code}"))


def _document_seal(organisation: str) -> Request:
    return requests.document_seal(organisation, locality="Hà Nội", tax_code="0100000000", budget_code="1000000")
