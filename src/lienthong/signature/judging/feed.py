"""The feed of an issuing authority: every change of a certificate's state, signed and numbered, a page at a time.

    {"page": "<canonical JSON>", "signature": base64, "certificate": base64}

A page says which number it goes on from and which it reaches, so that nothing between two pages can be missing; who has
all pages from 0 on knows the state of every certificate of the issuer. It is signed by who may answer for the issuer:
a certificate issued by it for that purpose (RFC 6960 §4.2.2.2).
"""

from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from lienthong.errors import EvidenceBroken, LienThongError
from lienthong.evidence.canonical import canonical, read_object
from lienthong.signature.cms import check_value

FORMAT = "lienthong-feed/1"
MOST = 1000
"""Lines of a page."""
LARGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class FeedLine:
    """One change: `serial` in hex, `state` "active", "suspended" or "revoked", `reason` as RFC 5280 §5.3.1 names it."""

    number: int
    serial: str
    at: datetime
    state: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FeedPage:
    """`issuer`: SHA-256 of the issuer's public key (SPKI), hex. All changes after `after` up to `through`, as of
    `made`; `more`: there are others behind them already.
    """

    issuer: str
    after: int
    through: int
    made: datetime
    lines: tuple[FeedLine, ...] = ()
    more: bool = False

    def to_text(self) -> bytes:
        """The bytes that are signed."""
        rows = [[line.number, line.serial, _text(line.at), line.state, line.reason] for line in self.lines]
        told = {"format": FORMAT, "issuer": self.issuer, "after": self.after, "through": self.through}
        return canonical({**told, "made": _text(self.made), "lines": rows, "more": int(self.more)})


def signed_page(page: FeedPage, sign: Callable[[bytes], bytes], certificate: bytes) -> bytes:
    """The page as it is served; `sign` gives ECDSA in DER, `certificate` (DER) is the signer's."""
    text = page.to_text()
    value = b64encode(sign(text)).decode()
    return canonical({"page": text.decode(), "signature": value, "certificate": b64encode(certificate).decode()})


def read_page(data: bytes, issuers: Sequence[x509.Certificate]) -> tuple[FeedPage, x509.Certificate]:
    """The page and the issuer it speaks for. EvidenceBroken unless one of these issuers vouches for who signed it."""
    if len(data) > LARGEST:
        raise EvidenceBroken("a page of the feed is too large")
    try:
        told = read_object(data)
        text, value, der = told["page"].encode(), b64decode(told["signature"]), b64decode(told["certificate"])
        page, signer = _page(text), x509.load_der_x509_certificate(der)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise EvidenceBroken("this is no page of a feed") from error
    issuer = next((each for each in issuers if _speaks_for(signer, each, page.made)), None)
    if issuer is None:
        raise EvidenceBroken("a feed nobody who is trusted vouches for")
    try:
        check_value(der, value, text)
    except LienThongError as error:
        raise EvidenceBroken("the signature of the feed is false") from error
    return page, issuer


def position(data: bytes) -> tuple[int, bool]:
    """Where a page that was taken ends, and whether there is more behind it."""
    told = read_object(read_object(data)["page"])
    return int(told["through"]), bool(told["more"])


def _page(text: bytes) -> FeedPage:
    told = read_object(text)
    if told["format"] != FORMAT or len(told["lines"]) > MOST:
        raise ValueError("format")
    lines = tuple(
        FeedLine(int(number), str(serial), _moment(at), str(state), str(reason))
        for number, serial, at, state, reason in told["lines"]
    )
    ends = (told["issuer"], int(told["after"]), int(told["through"]), _moment(told["made"]))
    page = FeedPage(*ends, lines, bool(told["more"]))
    last = lines[-1].number if lines else page.after
    steps = [page.after, *(line.number for line in lines)]
    if page.to_text() != text or page.through != last or steps != sorted(set(steps)):
        raise ValueError("numbers")
    return page


def _speaks_for(signer: x509.Certificate, issuer: x509.Certificate, at: datetime) -> bool:
    try:
        usage = signer.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        signer.verify_directly_issued_by(issuer)
    except Exception:  # noqa: BLE001  # hostile bytes provoke anything
        return False
    in_force = signer.not_valid_before_utc <= at <= signer.not_valid_after_utc
    return in_force and ExtendedKeyUsageOID.OCSP_SIGNING in usage


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
