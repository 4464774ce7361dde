"""Does the certificate belong to who has to sign? (numbers 11–13, 32)"""

from collections.abc import Iterator

from asn1crypto import x509

from lienthong.signature.form.case import Case, Signed, found, subject_parts, subject_words
from lienthong.signature.form.model import Finding
from lienthong.signature.form.names import nearly, same
from lienthong.signature.model import Role
from lienthong.signature.roles import kind_of

_SIGNING = {"digital_signature", "non_repudiation"}
_BODIES = ("organization_name", "organizational_unit_name", "common_name")


def people(case: Case) -> Iterator[Finding]:
    """Kind of certificate, name, body, usage."""
    for each in case.signed:
        if each.certificate is not None:
            yield from _kind(each, _kind_in(case, each.certificate))
            yield from _usage(each, each.certificate)
            yield from _body(case, each, each.certificate)
    leader = case.by(Role.LEADER)
    if leader is not None and case.expected.signer and kind_of(leader.certificate) is not Role.SEAL:
        yield from _name(leader, case.expected.signer)


def _kind_in(case: Case, certificate: x509.Certificate) -> Role:
    """A person's or an agency's; a subject that does not say is known by the names of the message."""
    kind, name = kind_of(certificate), subject_words(certificate, "common_name")
    if kind is not Role.OTHER or not name:
        return kind
    if nearly(name, case.expected.signer):
        return Role.LEADER
    return Role.SEAL if nearly(name, case.expected.organisation) else Role.OTHER


def _kind(each: Signed, kind: Role) -> Iterator[Finding]:
    if (each.role is Role.SEAL or each.corner) and kind is Role.LEADER:
        yield found("seal-by-person", each.box, each.field, who=each.who)
    if each.role is Role.LEADER and kind is Role.SEAL:
        yield found("leader-by-agency", each.box, each.field, who=each.who)


def _usage(each: Signed, certificate: x509.Certificate) -> Iterator[Finding]:
    usage = certificate.key_usage_value
    if usage is not None and not _SIGNING & set(usage.native):
        yield found("key-usage", each.box, each.field, who=each.who)


def _body(case: Case, each: Signed, certificate: x509.Certificate) -> Iterator[Finding]:
    """Only of the certificate that fits the role; the other is a finding already."""
    wanted, kind = case.expected.organisation, kind_of(certificate)
    if not wanted or _names(case, certificate):
        return
    words = {"found": " · ".join(subject_parts(certificate, "organization_name")) or each.who, "expected": wanted}
    if kind is Role.SEAL and each.role is not Role.LEADER:
        yield found("seal-organisation-differs", each.box, each.field, **words)
    if kind is not Role.SEAL and each.role is Role.LEADER:
        yield found("leader-organisation-differs", each.box, each.field, **words)


def _names(case: Case, certificate: x509.Certificate) -> bool:
    """By code, else by name; a person's certificate may name a body above (VGCA: O the province, OU the unit)."""
    uid = subject_words(certificate, "user_id")
    if any(code in uid for code in case.expected.codes):
        return True
    bodies = [name for part in _BODIES for name in subject_parts(certificate, part)]
    above = case.expected.parents if kind_of(certificate) is not Role.SEAL else ()
    return any(nearly(body, name) for body in bodies for name in (case.expected.organisation, *above))


def _name(leader: Signed, wanted: str) -> Iterator[Finding]:
    if leader.certificate is None or same(leader.who, wanted):
        return
    code = "name-accents" if nearly(leader.who, wanted) else "name-differs"
    yield found(code, leader.box, leader.field, found=leader.who, expected=wanted)
