"""Identities: the document's own, and the package's on every hop."""

import hashlib
from dataclasses import dataclass

from lienthong.document.codes import OrganisationCode
from lienthong.document.texts import nfc
from lienthong.errors import InvalidValue

MAX_LENGTH = 500


@dataclass(frozen=True, slots=True, order=True)
class DocumentId:
    """The sender's identifier of a document: opaque, NFC, trimmed; compares by that.

    It may hold commas, slashes, `Đ` and impossible dates: never parse it, never use it as a file name or URL path
    (vn-rules §1.4). Raises `InvalidValue` when empty, over 500 characters or holding control characters.
    """

    value: str

    def __post_init__(self) -> None:
        value = nfc(self.value)
        if not 0 < len(value) <= MAX_LENGTH or not value.isprintable():
            raise InvalidValue(f"mã văn bản / document id: {value[:60]!r}")
        object.__setattr__(self, "value", value)

    def __str__(self) -> str:
        return self.value


def package_id(sender: OrganisationCode | str, message_id: str) -> str:
    """32 hex digits that name a package on every hop: the same sender and message id always give the same."""
    return hashlib.sha256(f"{sender}\n{message_id}".encode()).hexdigest()[:32]
