"""Signing in two steps, so that the key may be anywhere: prepare gives bytes to sign, complete takes the value.

Decree 30/2020 Art. 32–33: the agency's seal goes only on what the authorised person has signed. `prepare` holds to it.
"""

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime

from lienthong.document import VIETNAM
from lienthong.errors import SignatureProblem
from lienthong.signature.cms import check_key, check_value, signed_attributes, signed_data
from lienthong.signature.inspection import Inspection, inspect
from lienthong.signature.model import ALONE, FIELD_NAMES, OF_PERSONS, Appearance, DocumentSigner, Prepared, Role
from lienthong.signature.revision import append_field, fill
from lienthong.signature.roles import role_of

_MAYBE_SIGNED = re.compile(rb"ByteRange|/Encrypt|/[0-9A-Za-z]*#[0-9A-Fa-f]{2}")
"""A signature's byte range stands in the open, as it must name places of the file (ISO 32000-2 §12.8.1), unless its
name is spelt in escapes. Where neither is found nobody has signed, and the pages need not be read twice."""
_UNSIGNED = Inspection()


def prepare(
    pdf: bytes,
    role: Role,
    certificate: bytes,
    chain: Sequence[bytes],
    appearance: Appearance,
    now: datetime,
) -> Prepared:
    """The PDF with one more revision holding an empty signature, and the bytes to sign with SHA-256.

    The same arguments give the same bytes. Raises SignatureProblem when the role may not sign now (already signed; a
    seal without a leader's intact signature; a broken earlier signature) or the PDF cannot take a signature, and
    AlgorithmNotAllowed for a key too weak.
    """
    check_key(certificate)
    names = _earlier_signatures(pdf, role)
    first = not names
    reserved = (FIELD_NAMES[Role.SEAL], appearance.seal_place) if first and appearance.seal_place else None
    gap = append_field(pdf, _field(role, names), appearance, now.astimezone(VIETNAM), reserved)
    attributes = signed_attributes(gap.document_digest, certificate)
    digest = hashlib.sha256(attributes).digest()
    return Prepared(gap.pdf, attributes, digest, certificate, tuple(chain), (gap.start, gap.end))


def complete(prepared: Prepared, signature: bytes) -> bytes:
    """The signed PDF (PAdES-B-B). Raises SignatureProblem when the value is not this key's over these bytes."""
    check_value(prepared.certificate, signature, prepared.to_be_signed)
    content = signed_data(prepared.to_be_signed, signature, prepared.certificate, prepared.chain)
    return fill(prepared.pdf, prepared.gap, content)


def sign(pdf: bytes, signer: DocumentSigner, role: Role, appearance: Appearance, now: datetime) -> bytes:
    """Both steps at once, for keys at hand."""
    prepared = prepare(pdf, role, signer.certificate, signer.chain, appearance, now)
    return complete(prepared, signer.sign(prepared.to_be_signed))


def _earlier_signatures(pdf: bytes, role: Role) -> tuple[str, ...]:
    """Names of the signed fields; raises unless this role may sign next."""
    if role not in FIELD_NAMES:
        raise SignatureProblem("only persons and the agency in their roles sign here")
    found = inspect(pdf) if _MAYBE_SIGNED.search(pdf) else _UNSIGNED
    if found.unreadable:
        raise SignatureProblem(f"this is not a readable PDF: {found.unreadable}")
    if not all(item.sound for item in found.signatures):
        raise SignatureProblem("an earlier signature is broken or the document changed after it")
    names = tuple(item.field for item in found.signatures)
    if role in ALONE and names:
        raise SignatureProblem("an annex, a copy, a scanned paper is signed once and by the agency alone")
    if role is not Role.INITIALS and FIELD_NAMES[role] in names:
        raise SignatureProblem("this role has signed already")
    if role is Role.SEAL and FIELD_NAMES[Role.LEADER] not in names:
        raise SignatureProblem("the seal goes only on a document its leader has signed (Decree 30/2020, Article 32)")
    if role in OF_PERSONS and any(role_of(name, None) is not Role.INITIALS for name in names):
        raise SignatureProblem("initials come before the leader's signature, and the leader before the agency")
    return names


def _field(role: Role, names: Sequence[str]) -> str:
    """Several people may put their initials, everybody else signs once."""
    if role is not Role.INITIALS:
        return FIELD_NAMES[role]
    return FIELD_NAMES[role].rstrip("1") + str(len(names) + 1)
