"""What a webhook's receiver does first: is it the gateway that calls, and is the call fresh (Standard Webhooks)."""

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Mapping

import msgspec

from lienthong.client.model import Event
from lienthong.errors import InvalidValue, TokenInvalid

FRESH = 300
"""Seconds a call may be old, or ahead."""


class _Call(msgspec.Struct):
    data: Event


def opened(secret: str, headers: Mapping[str, str], body: bytes, now: float | None = None) -> Event:
    """The event of a call, once its signature holds. Pass over one whose `id` is known.

    Raises TokenInvalid (not signed with the secret, or stale), InvalidValue.
    """
    told = {name.lower(): value for name, value in headers.items()}
    name, moment = told.get("webhook-id", ""), told.get("webhook-timestamp", "")
    if not moment.isascii() or not moment.isdigit() or abs((now or time.time()) - int(moment)) > FRESH:
        raise TokenInvalid("webhook-timestamp")
    wanted = hmac.digest(_key(secret), f"{name}.{moment}.".encode() + body, hashlib.sha256)
    given = [each.removeprefix("v1,") for each in told.get("webhook-signature", "").split()]
    if not any(hmac.compare_digest(base64.b64encode(wanted), each.encode()) for each in given):
        raise TokenInvalid("webhook-signature")
    try:
        return msgspec.json.decode(body, type=_Call).data
    except msgspec.DecodeError as error:
        raise InvalidValue(str(error)) from error


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error as error:
        raise InvalidValue("secret") from error
