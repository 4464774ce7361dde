"""An attachment's content inside an envelope: base64, decoded as it comes by and never held as text."""

import binascii
from dataclasses import dataclass

from lienthong.envelope.limits import Limits
from lienthong.errors import EnvelopeUnreadable, PackageTooLarge

_CHUNK = 64 * 1024
_SPACES = b" \t\r\n"


@dataclass(slots=True)
class Payload:
    """Decoded content of an attachment: its size, and its bytes when they are kept."""

    size: int = 0
    kept: bytearray | None = None


class Decoder:
    """Base64 text that arrives in pieces; white space is skipped, anything else wrong is refused."""

    def __init__(self, limits: Limits, *, keep: bool) -> None:
        self.payload = Payload(kept=bytearray() if keep else None)
        self._limit = limits.attachment_bytes
        self._texts: list[str] = []
        self._waiting = 0
        self._ended = False

    def take(self, text: str) -> None:
        """Take a piece, often one line of 76 signs; they are gathered to be worth decoding."""
        self._texts.append(text)
        self._waiting += len(text)
        if self._waiting >= _CHUNK:
            rest = self._flush()
            self._texts, self._waiting = [rest.decode()], len(rest)

    def _flush(self) -> bytes:
        """Decode what waits, in whole groups of four signs; returns the signs left over."""
        try:
            signs = "".join(self._texts).encode("ascii").translate(None, _SPACES)
        except UnicodeEncodeError:
            raise EnvelopeUnreadable("base64") from None
        whole = len(signs) - len(signs) % 4
        if whole:
            self._decode(signs[:whole])
        return signs[whole:]

    def _decode(self, signs: bytes) -> None:
        if self._ended:  # something behind the padding
            raise EnvelopeUnreadable("base64")
        try:
            data = binascii.a2b_base64(signs, strict_mode=True)
        except binascii.Error as problem:
            raise EnvelopeUnreadable(f"base64: {problem}") from None
        self._ended = signs.endswith(b"=")
        self.payload.size += len(data)
        if self.payload.size > self._limit:
            raise PackageTooLarge(f"tệp đính kèm / attachment > {self._limit}")
        if self.payload.kept is not None:
            self.payload.kept += data

    def finish(self) -> Payload:
        """What was decoded. Raises EnvelopeUnreadable for a text cut off."""
        if self._flush():
            raise EnvelopeUnreadable("base64 bị cắt / cut off")
        return self.payload
