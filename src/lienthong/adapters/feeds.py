"""What feeds of issuing authorities told: the state of every certificate they ever changed, a look-up a question."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lienthong.errors import EvidenceBroken
from lienthong.signature.judging import NOTHING_KNOWN, Revocation, Standing
from lienthong.signature.judging.feed import FeedLine, FeedPage

FUTURE = timedelta(minutes=5)
_STANDINGS = {"active": Standing.GOOD, "suspended": Standing.SUSPENDED, "revoked": Standing.REVOKED}


@dataclass(frozen=True, slots=True)
class Fed:
    """One issuer's feed as far as it was read, without a gap from its beginning."""

    through: int
    made: datetime
    sha256: str
    rows: dict[int, FeedLine] = field(repr=False)


class Feeds:
    """Feeds by the digest of the issuer's key."""

    def __init__(self, age: timedelta) -> None:
        self._age = age
        self._known: dict[str, Fed] = {}

    @property
    def names(self) -> list[str]:
        """Digests of what is known."""
        return [each.sha256 for each in self._known.values() if each.rows]

    def through(self, issuer: str) -> int:
        """The number up to which an issuer's feed was read."""
        known = self._known.get(issuer)
        return known.through if known else 0

    def take(self, page: FeedPage, issuer: x509.Certificate, name: str, now: datetime) -> bool:
        """Go on with a page; False for one that says nothing new. EvidenceBroken for one with a gap before it, from
        the future, or of another issuer than signed it.
        """
        place = key_digest(issuer)
        known = self._known.get(place) or Fed(0, page.made, "", {})
        if page.issuer != place:
            raise EvidenceBroken("a feed of another issuer")
        if page.made > now + FUTURE:
            raise EvidenceBroken("a feed from the future")
        if page.after > known.through:
            raise EvidenceBroken(f"a feed with a gap: {known.through} … {page.after}")
        if page.through < known.through:
            return False
        fresh = {int(line.serial, 16): line for line in page.lines if line.number > known.through}
        rows = known.rows | fresh if fresh else known.rows
        digest = sha256(f"{known.sha256} {name}".encode()).hexdigest() if fresh else known.sha256
        self._known[place] = Fed(page.through, max(page.made, known.made), digest, rows)
        return bool(fresh)

    def of(self, serial: int, issuer: str, moment: datetime) -> Revocation:
        """What the feed says of a certificate; silence is good while the feed is fresh."""
        known = self._known.get(issuer)
        if known is None:
            return NOTHING_KNOWN
        said = Revocation(Standing.GOOD, None, "", "feed", known.sha256, known.made, known.made + self._age)
        line = known.rows.get(serial)
        if line is not None and (standing := _STANDINGS.get(line.state, Standing.UNKNOWN)) is not Standing.GOOD:
            return replace(said, standing=standing, revoked_at=line.at, reason=line.reason)
        return replace(said, standing=Standing.STALE) if moment > known.made + self._age else said


def key_digest(certificate: x509.Certificate) -> str:
    """SHA-256 of its public key (SPKI), hex."""
    der = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return sha256(der).hexdigest()
