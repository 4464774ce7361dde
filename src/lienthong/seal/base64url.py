"""Base64url as RFC 7515 §2 wants it, and nothing else: no padding, no foreign characters, one spelling per value."""

import base64
import binascii
import re

from lienthong.errors import SealInvalid

_ALPHABET = re.compile(r"[A-Za-z0-9_-]*", re.ASCII)


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """The bytes. Raises SealInvalid for padding, other characters, or bits left over (two texts, one value)."""
    if not _ALPHABET.fullmatch(text):
        raise SealInvalid("base64url")
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise SealInvalid("base64url") from error
    if encode(data) != text:
        raise SealInvalid("base64url")
    return data
