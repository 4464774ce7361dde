"""What is known of revocation: each list read once into an index, so that a look-up costs the same for any size.

Beside the lists stand answers about single certificates (OCSP) and feeds of every change (`feeds`); what is newer
counts, and a revocation above all.

`cryptography` goes through a list row by row at every question (5.5 ms at 100,000 rows); here a question is one look
into a table. Only a list that its issuer signed, and that is newer than the one in force, changes anything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtensionOID

from lienthong.adapters.feeds import Feeds
from lienthong.errors import EvidenceBroken
from lienthong.signature.judging import NOTHING_KNOWN, Revocation, Standing
from lienthong.signature.judging.answers import read_answer, reread_answer
from lienthong.signature.judging.feed import read_page
from lienthong.signature.proofs import Proof, ProofKind

AGE = timedelta(hours=24)
"""How long after its own end a list still counts; older than that nothing is known for certain (signing.md §6.6)."""
DELTA = "delta"
"""In place of a serial number: a list that adds to another."""
HELD = x509.ReasonFlags.certificate_hold
BACK = x509.ReasonFlags.remove_from_crl
_UNDERSTOOD = {
    ExtensionOID.CRL_NUMBER,
    ExtensionOID.DELTA_CRL_INDICATOR,
    ExtensionOID.AUTHORITY_KEY_IDENTIFIER,
    ExtensionOID.ISSUING_DISTRIBUTION_POINT,
}
Row = tuple[datetime, x509.ReasonFlags | None]


@dataclass(frozen=True, slots=True)
class Known:
    """One issuer's list in force: its rows by serial number, from which object, of which moment.

    After a delta `sha256` stands for the base and the delta together; `taken` is the object that came last.
    """

    number: int
    made: datetime
    until: datetime | None
    sha256: str
    rows: Mapping[int, Row] = field(repr=False)
    taken: str = ""


class RevocationIndex:
    """The `Revocations` port over lists. `issuers` (DER) are those whose lists are taken: the trusted ones."""

    def __init__(self, issuers: Sequence[bytes], age: timedelta = AGE) -> None:
        self._issuers = [x509.load_der_x509_certificate(each) for each in issuers]
        self._age = age
        self._known: dict[tuple[bytes, str], Known] = {}
        self._feeds = Feeds(age)
        self._answers: dict[tuple[str, int], Revocation] = {}

    @property
    def epoch(self) -> str:
        """A digest of the lists, answers and feeds in force."""
        lists, answers = self._known.values(), self._answers.values()
        names = sorted([*(each.sha256 for each in lists), *(each.sha256 for each in answers), *self._feeds.names])
        return sha256("".join(names).encode()).hexdigest()[:16] if names else ""

    def take(self, data: bytes, now: datetime) -> Proof | None:
        """Take a list (DER), complete or delta, of all certificates or a partition, into force; None for one that is
        here already.

        EvidenceBroken for what no trusted issuer signed, for a list from the future, one that goes back behind the one
        in force, a delta without its base, and a partial list whose certificates do not name it: silence about a
        certificate would mean nothing there.
        """
        name = sha256(data).hexdigest()
        listed = _read(data)
        issuer, part = self._issuer(listed), _partition(listed)
        before = self._known.get((issuer, part))
        if before is not None and name in {before.sha256, before.taken}:
            return None
        fresh = _known(listed, name)
        if fresh.made > now + timedelta(minutes=5):
            raise EvidenceBroken("a revocation list from the future")
        base = _base(listed)
        if before is not None and (fresh.number < before.number or fresh.made < before.made):
            raise EvidenceBroken(f"a revocation list that goes back: number {fresh.number} after {before.number}")
        if base is not None:
            fresh = _onto(before, fresh, base)
        self._known[issuer, part] = fresh
        of = sha256(issuer).hexdigest(), f"{'' if base is None else DELTA}{part}"
        return Proof(ProofKind.LIST, name, len(data), *of, listed.last_update_utc, listed.next_update_utc)

    def admit(self, issuer: bytes) -> None:
        """Take lists of a further issuer (DER): one whose way to a trusted root was found in a document."""
        fresh = x509.load_der_x509_certificate(issuer)
        if fresh not in self._issuers:
            self._issuers.append(fresh)

    def answered(self, data: bytes, certificate: bytes, issuer: bytes, now: datetime) -> Proof | None:
        """Take an answer (OCSPResponse, DER) about a certificate under its issuer, both DER; None for an older one.

        EvidenceBroken for an answer that the issuer does not stand for, of another certificate, or from the future.
        """
        said = _said(data, certificate, issuer)
        if said.this_update is None or said.this_update > now + timedelta(minutes=5):
            raise EvidenceBroken("an answer from the future")
        place = _place(issuer), _serial(certificate)
        before = self._answers.get(place)
        if before is not None and before.this_update is not None and said.this_update <= before.this_update:
            return None
        self._answers[place] = said
        of = place[0], f"{place[1]:x}"
        return Proof(ProofKind.ANSWER, said.sha256, len(data), *of, said.this_update, said.next_update)

    def recalled(self, proof: Proof, data: bytes) -> None:
        """Take an answer into force that was taken and kept before. EvidenceBroken when it is not readable any more."""
        place = proof.issuer, int(proof.serial, 16)
        self._answers[place] = reread_answer(proof.sha256, data, place[1])

    def take_feed(self, data: bytes, now: datetime) -> Proof | None:
        """Go on with a page of a feed; None for one that changes nothing. EvidenceBroken for one that does not hold,
        or with a gap before it.
        """
        page, issuer = read_page(data, self._issuers)
        name = sha256(data).hexdigest()
        if not self._feeds.take(page, issuer, name, now):
            return None
        return Proof(ProofKind.FEED, name, len(data), page.issuer, f"feed:{page.after}", page.made)

    def fed_through(self, issuer: bytes) -> int:
        """The number up to which the feed of an issuer (DER) was read."""
        return self._feeds.through(_place(issuer))

    def of(self, certificate: bytes, issuer: bytes, moment: datetime) -> Revocation:
        """What is known of a certificate, both DER; UNKNOWN when nothing is, STALE when all that is is too old."""
        listed, answer = self._listed(certificate, issuer, moment), self._answered(certificate, issuer, moment)
        fed = self._feeds.of(_serial(certificate), _place(issuer), moment)
        if fed.standing is Standing.GOOD:  # a suspension that was taken back since
            listed, answer = (_unless_lifted(each, fed) for each in (listed, answer))
        return min((listed, answer, fed), key=lambda each: (_RANK[each.standing], -_made(each)))

    def _answered(self, certificate: bytes, issuer: bytes, moment: datetime) -> Revocation:
        said = self._answers.get((_place(issuer), _serial(certificate)))
        if said is None:
            return NOTHING_KNOWN
        late = moment > (said.next_update or said.this_update or moment) + self._age
        return replace(said, standing=Standing.STALE) if late and said.standing is Standing.GOOD else said

    def _listed(self, certificate: bytes, issuer: bytes, moment: datetime) -> Revocation:
        places = ("", *_places(certificate))
        lists = [known for part in places if (known := self._known.get((_key(issuer), part))) is not None]
        said = [self._told(known, certificate, moment) for known in lists]
        return min(said, key=lambda each: (_RANK[each.standing], -_made(each)), default=NOTHING_KNOWN)

    def _told(self, found: Known, certificate: bytes, moment: datetime) -> Revocation:
        said = Revocation(Standing.GOOD, None, "", "crl", found.sha256, found.made, found.until)
        row = found.rows.get(_serial(certificate))
        if row is not None:  # what was revoked stays revoked, however old the list is
            at, reason = row
            standing = Standing.SUSPENDED if reason is HELD else Standing.REVOKED
            return replace(said, standing=standing, revoked_at=at, reason=reason.value if reason else "")
        return replace(said, standing=Standing.STALE) if moment > (found.until or found.made) + self._age else said

    def _issuer(self, listed: x509.CertificateRevocationList) -> bytes:
        for each in self._issuers:
            key = each.public_key()
            fits = each.subject == listed.issuer and isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey)
            if fits and _may_list(each, listed.last_update_utc) and listed.is_signature_valid(key):  # type: ignore[arg-type]  # narrowed in the line above
                return _spki(each)
        raise EvidenceBroken("a revocation list that no trusted issuer signed")


_RANK = {
    Standing.REVOKED: 0,
    Standing.SUSPENDED: 1,
    Standing.GOOD: 2,
    Standing.STALE: 3,
    Standing.UNKNOWN: 4,
}
"""Which of two sources counts: a revocation stands however the other was made before or after it."""


def _made(known: Revocation) -> float:
    return known.this_update.timestamp() if known.this_update else 0.0


def _said(data: bytes, certificate: bytes, issuer: bytes) -> Revocation:
    try:
        found = read_answer(sha256(data).hexdigest(), data, certificate, issuer)
    except Exception as error:  # hostile bytes provoke anything
        raise EvidenceBroken("this is no answer about a certificate") from error
    if not found:
        raise EvidenceBroken("an answer of somebody else, or about another certificate")
    return found[0]


def _may_list(issuer: x509.Certificate, made: datetime) -> bool:
    """In force when the list was made, and certified for lists (RFC 5280 §6.3.3 (f))."""
    if not issuer.not_valid_before_utc <= made <= issuer.not_valid_after_utc:
        return False
    try:
        return issuer.extensions.get_extension_for_class(x509.KeyUsage).value.crl_sign
    except x509.ExtensionNotFound:
        return True


def _read(data: bytes) -> x509.CertificateRevocationList:
    try:
        listed = x509.load_der_x509_crl(data)
        parts = list(listed.extensions)
    except ValueError as error:
        raise EvidenceBroken("this is no revocation list") from error
    if any(each.critical and each.oid not in _UNDERSTOOD for each in parts):  # RFC 5280 §5.2
        raise EvidenceBroken("a revocation list with a critical part that is not known here")
    return listed


def _partition(listed: x509.CertificateRevocationList) -> str:
    """The address of the partition a list is of, empty for a list of all (RFC 5280 §5.2.5)."""
    try:
        point = listed.extensions.get_extension_for_class(x509.IssuingDistributionPoint).value
    except x509.ExtensionNotFound:
        return ""
    names = [each.value for each in point.full_name or () if isinstance(each, x509.UniformResourceIdentifier)]
    narrowed = point.only_some_reasons or point.indirect_crl or point.only_contains_attribute_certs
    if len(names) != 1 or narrowed or point.only_contains_ca_certs:
        raise EvidenceBroken("a partial revocation list")
    return str(names[0])


def _unless_lifted(said: Revocation, fed: Revocation) -> Revocation:
    lifted = said.standing is Standing.SUSPENDED and _made(fed) > _made(said)
    return fed if lifted else said


def _known(listed: x509.CertificateRevocationList, name: str) -> Known:
    rows = {row.serial_number: (row.revocation_date_utc, _reason(row)) for row in listed}
    return Known(_number(listed), listed.last_update_utc, listed.next_update_utc, name, rows)


def _onto(before: Known | None, delta: Known, base: int) -> Known:
    """RFC 5280 §5.2.4: a delta adds to its base or to a later one; `removeFromCRL` takes a row away."""
    if before is None or before.number < base:
        raise EvidenceBroken(f"a delta list without its base {base}")
    rows = {**before.rows, **delta.rows}
    kept = {serial: row for serial, row in rows.items() if row[1] is not BACK}
    both = sha256(f"{before.sha256} {delta.sha256}".encode()).hexdigest()
    return replace(delta, rows=kept, sha256=both, taken=delta.sha256)


def _number(listed: x509.CertificateRevocationList) -> int:
    try:
        return listed.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    except x509.ExtensionNotFound:
        return 0


def _base(listed: x509.CertificateRevocationList) -> int | None:
    try:
        return listed.extensions.get_extension_for_class(x509.DeltaCRLIndicator).value.crl_number
    except x509.ExtensionNotFound:
        return None


def _reason(row: x509.RevokedCertificate) -> x509.ReasonFlags | None:
    try:
        return row.extensions.get_extension_for_class(x509.CRLReason).value.reason
    except (x509.ExtensionNotFound, ValueError):
        return None


def _spki(certificate: x509.Certificate) -> bytes:
    return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@lru_cache(maxsize=256)
def _key(issuer: bytes) -> bytes:
    return _spki(x509.load_der_x509_certificate(issuer))


@lru_cache(maxsize=256)
def _place(issuer: bytes) -> str:
    return sha256(_key(issuer)).hexdigest()


@lru_cache(maxsize=4096)
def _serial(certificate: bytes) -> int:
    return x509.load_der_x509_certificate(certificate).serial_number


@lru_cache(maxsize=4096)
def _places(certificate: bytes) -> tuple[str, ...]:
    """Where a certificate says its list is."""
    try:
        parsed = x509.load_der_x509_certificate(certificate)
        points = parsed.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except (ValueError, x509.ExtensionNotFound):
        return ()
    names = (each for point in points for each in point.full_name or ())
    return tuple(str(each.value) for each in names if isinstance(each, x509.UniformResourceIdentifier))
