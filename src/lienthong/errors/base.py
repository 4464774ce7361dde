"""The root of the tree, and what a face makes of a refusal."""

from enum import Enum
from typing import ClassVar


class Kind(Enum):
    """What sort of refusal it is; HTTP faces map it to a status, the command line to an exit code."""

    INVALID = 400
    UNKNOWN_CALLER = 401
    FORBIDDEN = 403
    MISSING = 404
    SLOW = 408
    CONFLICT = 409
    GONE = 410
    TOO_LARGE = 413
    REFUSED = 422
    BUSY = 429
    HEAD_TOO_LARGE = 431
    CHECKSUM = 460  # tus 1.0, checksum extension
    INTERNAL = 500
    UNAVAILABLE = 503


class LienThongError(Exception):
    """The root. Catch it at a border, never deeper."""

    code: ClassVar[str] = "internal-error"
    kind: ClassVar[Kind] = Kind.INTERNAL
    permanent: ClassVar[bool] = True
    vi: ClassVar[str] = "Hệ thống gặp lỗi ngoài dự kiến. Không có gì bị mất; xin thử lại hoặc báo quản trị."
    en: ClassVar[str] = "The system met an unexpected fault. Nothing is lost; try again or tell the administrator."

    def __init__(self, detail: str = "", **facts: str) -> None:
        super().__init__(detail or self.en)
        self.detail = detail
        self.facts = facts

    def sentence(self, language: str = "vi") -> str:
        """One sentence for a person, with what was found in brackets."""
        base = self.vi if language == "vi" else self.en
        return f"{base} ({self.detail})" if self.detail else base
