"""Who is expected to sign, and whether a certificate is theirs."""

import hashlib
import unicodedata
from dataclasses import dataclass

from asn1crypto import x509

from lienthong.errors import SigningDiffers
from lienthong.signature.model import OF_PERSONS, Role
from lienthong.signature.roles import kind_of


@dataclass(frozen=True, slots=True)
class Signer:
    """The person (LEADER, INITIALS) or the agency (every other role) a session waits for.

    `name` is the person's full name, or the agency's. `certificates` (SHA-256, hex), where known, are the only ones
    that count; names then do not matter. Names of old certificates lack accents, so agencies should list them.
    """

    role: Role
    name: str
    certificates: frozenset[str] = frozenset()


def require_signer(certificate: bytes, signer: Signer) -> None:
    """Raises SigningDiffers unless the certificate (DER) is the expected signer's and of the kind the role asks."""
    try:
        parsed = x509.Certificate.load(certificate)
        subject, kind = parsed.subject.native, kind_of(parsed)
    except (ValueError, TypeError, KeyError) as problem:
        raise SigningDiffers("the signer's certificate cannot be read") from problem
    if signer.certificates:
        if hashlib.sha256(certificate).hexdigest() not in signer.certificates:
            raise SigningDiffers("the certificate is not among those of the expected signer")
        return
    personal = signer.role in OF_PERSONS
    if personal is (kind is Role.SEAL):
        raise SigningDiffers("a certificate of the wrong kind: a person's for the agency's act, or the reverse")
    names = [subject.get("common_name")] if personal else [subject.get("common_name"), subject.get("organization_name")]
    if not signer.name or plain(signer.name) not in map(plain, names):
        raise SigningDiffers(f"signed by {subject.get('common_name', '?')}, not by {signer.name or '?'}")


def plain(name: object) -> str:
    """A name for comparing: composed accents (NFC), one case, single spaces; several values stay apart by commas."""
    text = ", ".join(map(str, name)) if isinstance(name, list) else str(name or "")
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
