"""Base64url as RFC 7515 §2 wants it, and nothing else: no padding, no foreign characters, one spelling per value."""

import base64
import binascii

from lienthong.errors import SealInvalid

_PLAIN = bytes.maketrans(b"-_+/=", b"+/!!!")  # what is none of its signs becomes no sign of plain base64 either


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """The bytes. Raises SealInvalid for padding, other characters, or bits left over (two texts, one value)."""
    try:
        signs = text.encode("ascii").translate(_PLAIN) + b"=" * (-len(text) % 4)
        data = binascii.a2b_base64(signs, strict_mode=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise SealInvalid("base64url") from error
    # bits can be left over behind the last whole three bytes only
    if not signs.endswith(binascii.b2a_base64(data[len(data) - len(data) % 3 :], newline=False)):
        raise SealInvalid("base64url")
    return data
