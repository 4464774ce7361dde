"""Who a signature speaks for: first by the name of its field, then by the kind of its certificate.

An agency's certificate carries its tax or budget code in the UID attribute ("MST:…, MNS:…") or names the same body as
CN and O; a person's carries a mail address or unit under the organisation. Anything else stays OTHER.
"""

from asn1crypto import x509

from lienthong.signature.model import FIELD_NAMES, Role

_CODES = ("MST:", "MNS:")
_PERSONAL = ("email_address", "given_name", "surname", "organizational_unit_name")


def role_of(field: str, certificate: x509.Certificate | None) -> Role:
    """The role by field name ("LeaderSignature…", "AgencySeal…", "CopySignature…" …), else by the certificate."""
    for role, name in FIELD_NAMES.items():
        if field.startswith(name.rstrip("1")):
            return role
    return kind_of(certificate)


def kind_of(certificate: x509.Certificate | None) -> Role:
    """SEAL for an agency's certificate, LEADER for a person's, OTHER when the subject does not say."""
    if certificate is None:
        return Role.OTHER
    subject = certificate.subject.native
    if any(code in str(subject.get("user_id", "")) for code in _CODES):
        return Role.SEAL
    if subject.get("common_name") == subject.get("organization_name", ""):
        return Role.SEAL
    return Role.LEADER if any(part in subject for part in _PERSONAL) else Role.OTHER
