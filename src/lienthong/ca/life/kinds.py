"""What can be asked of the authority: the forms of Decree 68/2024, and what suspends and resumes."""

from enum import StrEnum

from lienthong.errors import InvalidValue


class CaseKind(StrEnum):
    """The kind of a case [hồ sơ]. The value never changes once released: it stands in logs."""

    PERSON = "person"  # form 01
    ORGANISATION = "organisation"  # form 02
    DEVICE = "device"  # form 03
    RENEWAL = "renewal"  # form 04
    CHANGE = "change"  # form 04
    SUSPENSION = "suspension"
    RESUMPTION = "resumption"
    REVOCATION = "revocation"  # form 05
    RECOVERY = "recovery"  # form 06
    HANDOVER = "hand-over"  # form 07
    RETURN = "return"  # form 08
    LOSS = "loss"  # form 09

    @property
    def vi(self) -> str:
        """The operation in Vietnamese."""
        return _WORDS[self][0]

    @property
    def en(self) -> str:
        """The operation in English."""
        return _WORDS[self][1]


ISSUING = frozenset({CaseKind.PERSON, CaseKind.ORGANISATION, CaseKind.DEVICE, CaseKind.RENEWAL, CaseKind.CHANGE})
"""Kinds that end in a new certificate."""
NEW = frozenset({CaseKind.PERSON, CaseKind.ORGANISATION, CaseKind.DEVICE})
"""Kinds that begin without a certificate."""
ON_TOKENS = frozenset({CaseKind.RECOVERY, CaseKind.HANDOVER, CaseKind.RETURN, CaseKind.LOSS})
"""Kinds about the device that holds a key."""

_WORDS = {
    CaseKind.PERSON: ("cấp mới cho cá nhân", "issue to a person"),
    CaseKind.ORGANISATION: ("cấp mới cho cơ quan", "issue to an organisation"),
    CaseKind.DEVICE: ("cấp mới cho thiết bị, dịch vụ, phần mềm", "issue to a device, service or program"),
    CaseKind.RENEWAL: ("gia hạn", "renew"),
    CaseKind.CHANGE: ("thay đổi thông tin", "change what a certificate says"),
    CaseKind.SUSPENSION: ("tạm dừng", "suspend"),
    CaseKind.RESUMPTION: ("dùng lại sau tạm dừng", "resume after a suspension"),
    CaseKind.REVOCATION: ("thu hồi chứng thư", "revoke"),
    CaseKind.RECOVERY: ("khôi phục thiết bị lưu khóa", "recover a token"),
    CaseKind.HANDOVER: ("bàn giao thiết bị lưu khóa", "hand a token over"),
    CaseKind.RETURN: ("nhận lại thiết bị lưu khóa", "take a token back"),
    CaseKind.LOSS: ("báo mất thiết bị lưu khóa", "report a token lost"),
}


class CertificateState(StrEnum):
    """What the authority says of a certificate; that its time ran out is read from its dates."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


class Reason(StrEnum):
    """Why a certificate is suspended or revoked: RFC 5280 §5.3.1, and our words for people."""

    UNSPECIFIED = "unspecified"
    KEY_COMPROMISE = "keyCompromise"
    AFFILIATION_CHANGED = "affiliationChanged"
    SUPERSEDED = "superseded"
    CESSATION = "cessationOfOperation"
    PRIVILEGE_WITHDRAWN = "privilegeWithdrawn"
    HOLD = "certificateHold"


def case_kind(text: str) -> CaseKind:
    """The kind of that name. InvalidValue."""
    try:
        return CaseKind(text)
    except ValueError:
        raise InvalidValue(f"loại hồ sơ / kind of case: {text[:40]!r}") from None
