"""The port to a person's or an agency's key, wherever it lies: one interface for a file, a token, a service, a phone.

A key in a browser has no adapter: there the value, or the whole signed file, comes back with `complete`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Protocol


class KeyKind(Enum):
    """Where a key lies."""

    FILE = "file"
    TOKEN = "token"  # noqa: S105 - a PKCS#11 device, no secret
    REMOTE = "remote"
    PHONE = "phone"
    BROWSER = "browser"
    PLUGIN = "plugin"


@dataclass(frozen=True, slots=True)
class Order:
    """One document to sign, as a key sees it.

    `id` is the signing session's and names the same order when it is repeated; `to_be_signed` is what is signed with
    SHA-256 and `digest` its SHA-256; `display` is what the person reads on the device, at most 200 characters; `code`
    stands on both screens; after `expires` an answer counts no more.
    """

    id: str
    to_be_signed: bytes = field(repr=False)
    digest: bytes
    display: str
    code: str
    expires: datetime


class Answer(Enum):
    """What became of an order. All but `WAITING` are final."""

    WAITING = "waiting"
    SIGNED = "signed"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer to one order; `value` is RSA PKCS#1 v1.5 or ECDSA as DER, `detail` a word for the log."""

    order: str
    answer: Answer
    value: bytes = field(default=b"", repr=False)
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Submission:
    """What a provider took: `handle` is its own name for it, kept so that another process can go on asking."""

    handle: str
    outcomes: tuple[Outcome, ...] = ()


class SigningKey(Protocol):
    """A key of one person or agency with its certificate. Adapters: `lienthong.adapters.signers`."""

    @property
    def id(self) -> str:
        """The name of the key in the settings; a session keeps it."""
        ...

    @property
    def kind(self) -> KeyKind:
        """Where it lies."""
        ...

    @property
    def certificate(self) -> bytes:
        """The leaf certificate, DER."""
        ...

    @property
    def chain(self) -> Sequence[bytes]:
        """The certificates above the leaf, issuer first, DER; may be empty."""
        ...

    async def submit(self, orders: Sequence[Order], secret: str = "") -> Submission:
        """Ask for signatures, all under one authorisation; `secret` is a PIN or one-time code, never kept or logged.

        A repeat with the same orders is one submission where the provider can know it. Raises `KeyUnavailable` when
        the key cannot be reached (token removed, service down), `SecretWrong` for a wrong PIN.
        """
        ...

    async def outcomes(self, handle: str, orders: Sequence[Order]) -> Sequence[Outcome]:
        """What became of a submission by now, in the order of `orders`. Raises as `submit`."""
        ...

    async def cancel(self, handle: str) -> None:
        """Take back what waits; a provider that no longer knows it is content."""
        ...
