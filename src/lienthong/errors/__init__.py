"""Everything that can go wrong, in one tree.

    LienThongError
    ├─ PackageMalformed · PackageTooLarge · HeadTooLarge · PartMissing · PartUnexpected · PartChanged
    ├─ EnvelopeUnreadable · EnvelopeUnsafe · SecretNotAllowed
    ├─ SealInvalid · SealKeyUnknown · SealKeyExpired · SealKeyRevoked · SealKeyForeign · AlgorithmNotAllowed
    ├─ SenderNotRepresented · RecipientUnknown · RecipientClosed
    ├─ DuplicateDiffers · DocumentUnknown · NotARecipient · IllegalMove · VersionOutdated · LockLost
    ├─ DeliveryExpired · DeliveryCancelled · ContentsArchived
    ├─ TokenInvalid · TokenReplayed · ClockSkewed · NotAllowed · NotFound · InvalidValue
    ├─ SnapshotUntrusted · EvidenceBroken
    ├─ (signing) SignatureProblem · SigningEnded · SigningDiffers · SecretWrong · FormRefused · KeyUnavailable
    ├─ (certificates) RequestUnreadable · KeyReused · SubjectMisleading · LetterRefused · OrganisationClosed
    │  CertificateFlawed · OrderInvalid · OrderReplayed · SameOfficer · QuotaUsedUp · ClockBehind
    ├─ (waits for an operator) WorkFailed · CopyUnreadable · HandoverFailed · Overdue · PackageLost · JourneyLost
    │                          EvidenceMissing
    ├─ (at start) ConfigurationInvalid · LogWouldFork
    ├─ (at a person's own machine) DeskUnknown · FileUnusable
    ├─ (an upload to be taken up again) UploadOffset · UploadGone · ChecksumWrong
    └─ (worth another try)  Busy · GatewayHeld · BodyTooSlow · Unavailable · Unconfirmed · RegistryStale · StorageFull
                                ProofPending · QuotaReached

A class is a stable code, one sentence in Vietnamese, the same in English, a kind (what a face of ours answers) and
whether another try can help. `detail` says what was found; `facts` carry values a program may need. The code of a
class never changes once released: agencies file them.
"""

from lienthong.errors.again import (
    BodyTooSlow,
    Busy,
    ChecksumWrong,
    GatewayHeld,
    ProofPending,
    QuotaReached,
    RegistryStale,
    StorageFull,
    Unavailable,
    UploadGone,
    UploadOffset,
)
from lienthong.errors.base import (
    Kind,
    LienThongError,
)
from lienthong.errors.exchange import (
    ClockSkewed,
    ContentsArchived,
    DeliveryCancelled,
    DeliveryExpired,
    DocumentUnknown,
    DuplicateDiffers,
    IllegalMove,
    InvalidValue,
    LockLost,
    NotAllowed,
    NotARecipient,
    NotFound,
    RecipientClosed,
    RecipientUnknown,
    SenderNotRepresented,
    TokenInvalid,
    TokenReplayed,
    VersionOutdated,
)
from lienthong.errors.keeping import (
    ConfigurationInvalid,
    CopyUnreadable,
    DeskUnknown,
    EvidenceMissing,
    FileUnusable,
    HandoverFailed,
    JourneyLost,
    LogWouldFork,
    Overdue,
    PackageLost,
    Unconfirmed,
    WorkFailed,
)
from lienthong.errors.packages import (
    AlgorithmNotAllowed,
    EnvelopeUnreadable,
    EnvelopeUnsafe,
    HeadTooLarge,
    PackageMalformed,
    PackageTooLarge,
    PartChanged,
    PartMissing,
    PartUnexpected,
    SealInvalid,
    SealKeyExpired,
    SealKeyForeign,
    SealKeyRevoked,
    SealKeyUnknown,
    SecretNotAllowed,
)
from lienthong.errors.trust import (
    CertificateFlawed,
    ClockBehind,
    EvidenceBroken,
    FormRefused,
    KeyReused,
    KeyUnavailable,
    LetterRefused,
    OrderInvalid,
    OrderReplayed,
    OrganisationClosed,
    QuotaUsedUp,
    RequestUnreadable,
    SameOfficer,
    SecretWrong,
    SignatureProblem,
    SigningDiffers,
    SigningEnded,
    SnapshotUntrusted,
    SubjectMisleading,
)

__all__ = [
    "AlgorithmNotAllowed",
    "BodyTooSlow",
    "Busy",
    "CertificateFlawed",
    "ChecksumWrong",
    "ClockBehind",
    "ClockSkewed",
    "ConfigurationInvalid",
    "ContentsArchived",
    "CopyUnreadable",
    "DeliveryCancelled",
    "DeliveryExpired",
    "DeskUnknown",
    "DocumentUnknown",
    "DuplicateDiffers",
    "EnvelopeUnreadable",
    "EnvelopeUnsafe",
    "EvidenceBroken",
    "EvidenceMissing",
    "FileUnusable",
    "FormRefused",
    "GatewayHeld",
    "HandoverFailed",
    "HeadTooLarge",
    "IllegalMove",
    "InvalidValue",
    "JourneyLost",
    "KeyReused",
    "KeyUnavailable",
    "Kind",
    "LetterRefused",
    "LienThongError",
    "LockLost",
    "LogWouldFork",
    "NotARecipient",
    "NotAllowed",
    "NotFound",
    "OrderInvalid",
    "OrderReplayed",
    "OrganisationClosed",
    "Overdue",
    "PackageLost",
    "PackageMalformed",
    "PackageTooLarge",
    "PartChanged",
    "PartMissing",
    "PartUnexpected",
    "ProofPending",
    "QuotaReached",
    "QuotaUsedUp",
    "RecipientClosed",
    "RecipientUnknown",
    "RegistryStale",
    "RequestUnreadable",
    "SameOfficer",
    "SealInvalid",
    "SealKeyExpired",
    "SealKeyForeign",
    "SealKeyRevoked",
    "SealKeyUnknown",
    "SecretNotAllowed",
    "SecretWrong",
    "SenderNotRepresented",
    "SignatureProblem",
    "SigningDiffers",
    "SigningEnded",
    "SnapshotUntrusted",
    "StorageFull",
    "SubjectMisleading",
    "TokenInvalid",
    "TokenReplayed",
    "Unavailable",
    "Unconfirmed",
    "UploadGone",
    "UploadOffset",
    "VersionOutdated",
    "WorkFailed",
    "by_code",
]


def by_code(code: str) -> type[LienThongError]:
    """The class that carries a released code, or the root for a code from a newer peer."""
    found = [cls for cls in _tree(LienThongError) if cls.code == code]
    return found[0] if found else LienThongError


def _tree(root: type[LienThongError]) -> list[type[LienThongError]]:
    return [root, *(leaf for child in root.__subclasses__() for leaf in _tree(child))]
