"""What a gateway answers, as values and as errors of ours."""

import random
from typing import TypeVar

import msgspec

from lienthong.errors import Busy, LienThongError, Unavailable, by_code

T = TypeVar("T")


class _Problem(msgspec.Struct):
    code: str = "internal-error"
    detail: str = ""
    facts: dict[str, str] = msgspec.field(default_factory=dict)


def decoded(kind: type[T], data: bytes) -> T:
    """JSON as a value. Unavailable: this was no gateway of ours."""
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.DecodeError as error:
        raise Unavailable(str(error)) from error


def problem(status: int, data: bytes, retry_after: str = "") -> LienThongError:
    """The error a problem document (RFC 9457) tells of; one from whoever stands before the gateway as well."""
    try:
        told = msgspec.json.decode(data, type=_Problem)
    except msgspec.DecodeError:
        return Busy(retry_after=retry_after or "1") if status == 429 else Unavailable(f"HTTP {status}")
    kind = by_code(told.code)
    if kind is LienThongError and status >= 500:
        return Unavailable(told.detail or f"HTTP {status}")
    return kind(told.detail, **told.facts)


def asked_pause(busy: Busy) -> float:
    """Seconds a busy gateway asks for, and a little by chance, so that not all come back at once."""
    told = busy.facts.get("retry_after", "")
    return (int(told) if told.isascii() and told.isdigit() else 1) * random.uniform(1, 1.25)
