"""A person's key in a telephone: a SIM card or an application, reached through a carrier. Port: `signature.keys`.

    submit ──► carrier ──► telephone shows the words and the control code, asks for the PIN
    outcomes ◄── carrier          (a callback only wakes; the truth is always asked for)

A carrier's own protocol is one file with one class, a `Carrier` (ETSI TS 102 204 in another dress).
"""

import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol

import msgspec

from lienthong.errors import InvalidValue, SigningDiffers, TokenInvalid
from lienthong.signature.keys import Answer, KeyKind, Order, Outcome, Submission
from lienthong.signature.session.values import settled

PATIENCE = timedelta(seconds=150)
"""How long a telephone is waited for (120 to 180 seconds is usual); never beyond the order itself."""
CALLBACK_SKEW = timedelta(minutes=5)
MOST_CALLBACK = 4096


class Standing(Enum):
    """What a carrier says of a transaction. All but `WAITING` are final."""

    WAITING = "waiting"
    SIGNED = "signed"
    REFUSED = "refused"  # the person said no, or the PIN was wrong too often
    CANCELLED = "cancelled"  # by us, or by the person before reading
    EXPIRED = "expired"
    UNKNOWN = "unknown-subscriber"
    LOST = "unknown-transaction"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Call:
    """One request to a telephone: SHA-256 digests of what is signed, the words and the code it shows, until when."""

    transaction: str
    subscriber: str
    digests: tuple[bytes, ...]
    display: str
    code: str
    until: datetime
    callback: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a carrier answers about a transaction. `digests` and `values` have the same order; unsigned: no values."""

    transaction: str
    standing: Standing
    digests: tuple[bytes, ...] = ()
    values: tuple[bytes, ...] = field(default=(), repr=False)
    until: datetime | None = None


class Carrier(Protocol):
    """The door to one carrier. Every call raises `KeyUnavailable` when the carrier cannot be reached or is busy."""

    async def submit(self, call: Call) -> Reply:
        """Send it to the telephone; the same transaction again changes nothing and answers as it stands."""
        ...

    async def status(self, transaction: str) -> Reply:
        """How it stands; `LOST` for a transaction the carrier does not know."""
        ...

    async def cancel(self, transaction: str) -> None:
        """Take it back; unknown or ended ones are left alone."""
        ...


@dataclass(frozen=True, slots=True)
class PhoneKey:
    """The `SigningKey` of one subscriber. `now` is a clock; `callback` an address of ours the carrier may knock at."""

    id: str
    certificate: bytes
    chain: tuple[bytes, ...]
    subscriber: str = field(repr=False)
    carrier: Carrier = field(repr=False)
    now: Callable[[], datetime] = field(repr=False)
    callback: str = ""
    patience: timedelta = PATIENCE
    kind: KeyKind = KeyKind.PHONE

    async def submit(self, orders: Sequence[Order], secret: str = "") -> Submission:  # noqa: ARG002 - the port's
        """Ask the telephone once for all orders. The PIN is typed there, so `secret` is not used."""
        if not orders:
            raise InvalidValue("nothing to sign")
        reply = await self.carrier.submit(self._call(orders, transaction(orders)))
        return Submission(transaction(orders), self._outcomes(reply, orders))

    async def outcomes(self, handle: str, orders: Sequence[Order]) -> Sequence[Outcome]:
        """What the carrier says now; a call that rang too long is taken back."""
        reply = await self.carrier.status(handle)
        found = self._outcomes(reply, orders)
        if reply.standing is Standing.WAITING and found[0].answer is Answer.EXPIRED:
            await self.carrier.cancel(handle)
        return found

    async def cancel(self, handle: str) -> None:
        """Stop the ringing."""
        await self.carrier.cancel(handle)

    def _call(self, orders: Sequence[Order], name: str) -> Call:
        first = orders[0]
        until = min(self.now() + self.patience, *(each.expires for each in orders))
        words = first.display if len(orders) == 1 else f"Ký {len(orders)} văn bản: {first.display}"
        digests = tuple(each.digest for each in orders)
        return Call(name, self.subscriber, digests, words[:200], first.code, until, self.callback)

    def _outcomes(self, reply: Reply, orders: Sequence[Order]) -> tuple[Outcome, ...]:
        if reply.transaction != transaction(orders):
            return _all(orders, Answer.FAILED, "answer-of-another-session")
        if reply.standing is Standing.SIGNED:
            return self._signed(reply, orders)
        late = reply.until is not None and reply.until <= self.now()
        if reply.standing is Standing.WAITING and (late or orders[0].expires <= self.now()):
            return _all(orders, Answer.EXPIRED, "no-answer")
        return _all(orders, _ANSWERS[reply.standing], reply.standing.value)

    def _signed(self, reply: Reply, orders: Sequence[Order]) -> tuple[Outcome, ...]:
        if reply.digests != tuple(each.digest for each in orders) or len(reply.values) != len(orders):
            return _all(orders, Answer.FAILED, "answer-of-another-session")
        return tuple(self._checked(order, value) for order, value in zip(orders, reply.values, strict=True))

    def _checked(self, order: Order, value: bytes) -> Outcome:
        try:
            return Outcome(order.id, Answer.SIGNED, settled(self.certificate, order.to_be_signed, value))
        except SigningDiffers as problem:
            return Outcome(order.id, Answer.FAILED, detail=problem.code)


_ANSWERS = {
    Standing.WAITING: Answer.WAITING,
    Standing.REFUSED: Answer.REFUSED,
    Standing.CANCELLED: Answer.CANCELLED,
    Standing.EXPIRED: Answer.EXPIRED,
    Standing.UNKNOWN: Answer.FAILED,
    Standing.LOST: Answer.FAILED,
    Standing.FAILED: Answer.FAILED,
}


def transaction(orders: Sequence[Order]) -> str:
    """The carrier's name for the orders: the order's own id, or for several one worked out from all ids."""
    if len(orders) == 1:
        return orders[0].id
    return "bulk-" + hashlib.sha256("\n".join(each.id for each in orders).encode()).hexdigest()[:40]


def _all(orders: Sequence[Order], answer: Answer, detail: str) -> tuple[Outcome, ...]:
    return tuple(Outcome(each.id, answer, detail=detail) for each in orders)


# ---------------------------------------------------------------- the carrier's knock


class _Knock(msgspec.Struct):
    transaction: str
    at: int  # seconds since 1970


def knock(transaction: str, at: datetime, secret: bytes) -> tuple[bytes, str]:
    """The body of a callback and its signature for the header `Lienthong-Signature` (HMAC-SHA-256, hex)."""
    body = msgspec.json.encode(_Knock(transaction, int(at.timestamp())))
    return body, hmac.new(secret, body, "sha256").hexdigest()


def knocked(body: bytes, signature: str, secret: bytes, now: datetime) -> str:
    """The transaction a callback speaks of. It only wakes: a repeat costs one more question to the carrier.

    Raises TokenInvalid unless it carries the shared secret's signature and is at most five minutes old.
    """
    expected = hmac.new(secret, body, "sha256").hexdigest()
    if len(body) > MOST_CALLBACK or not hmac.compare_digest(expected, signature.encode("ascii", "replace").decode()):
        raise TokenInvalid("the callback is not signed with the shared secret")
    try:
        said = msgspec.json.decode(body, type=_Knock)
    except msgspec.DecodeError as problem:
        raise TokenInvalid("the callback cannot be read") from problem
    if abs(now.timestamp() - said.at) > CALLBACK_SKEW.total_seconds():
        raise TokenInvalid("the callback is too old")
    return said.transaction
