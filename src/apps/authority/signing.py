"""How an officer signs an order: never by this server alone. The bytes are shown in words, then signed

in the browser   by the helper of the officer's device, over a digest the page computes of the bytes it shows
elsewhere        the order is saved, signed by any key (`lienthong ca sign`, openssl), and its value brought back
for trying out   by a key of the site under a pass phrase only the officer knows, asked for each order
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from pathlib import Path
from secrets import token_hex
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from apps.accounts.models import User, blocked, forget_failures, remember_failure
from apps.accounts.person import person
from apps.authority.door import Desk
from apps.authority.words import ORDERS
from apps.ui.address import address_of
from apps.ui.language import t
from apps.ui.receiving import content_of
from lienthong.client import OrderStatement, SignedOrder
from lienthong.errors import InvalidValue, OrderInvalid, SecretWrong
from lienthong.signature.session.values import settled

MOST = 64 * 1024


def statement(desk: Desk, act: str, about: str, digest: str, seen: str = "", why: str = "") -> OrderStatement:
    """An order of this officer about something as they saw it."""
    me = desk.me
    return OrderStatement(me.ca, act, about, digest, me.officer, timezone.now(), token_hex(16), seen, why)


def page(
    request: HttpRequest, told: OrderStatement, shown: dict[str, Any], problem: str = "", status: int = 200
) -> HttpResponse:
    """The order in words, and the ways to a key. `shown`: `to` takes the signed order, `back` leads back, `lines`."""
    word, sentence = ORDERS[told.act]
    data = told.to_bytes()
    context = {
        "told": told,
        "statement": b64encode(data).decode(),
        "text": data.decode(),
        "word": word,
        "sentence": sentence,
        "soft": soft_key(person(request)) is not None,
        "problem": problem,
    }
    return render(request, "authority/sign.html", context | shown, status=status)


def stated(request: HttpRequest, desk: Desk) -> OrderStatement:
    """The order that was on the page. OrderInvalid for anybody else's."""
    told = OrderStatement.from_bytes(bytes_of(request.POST.get("statement", "")))
    if (told.officer, told.ca) != (desk.me.officer, desk.me.ca):
        raise OrderInvalid(told.officer[:80])
    return told


def signed(request: HttpRequest, told: OrderStatement) -> SignedOrder:
    """The order with its value, by whichever way it came. SecretWrong, SigningDiffers, InvalidValue."""
    data, file = told.to_bytes(), request.FILES.get("signature")
    if file is not None:
        return SignedOrder(data, _brought(content_of(file, MOST), data))
    if value := request.POST.get("value", ""):
        return SignedOrder(data, settled(bytes_of(request.POST.get("certificate", "")), data, bytes_of(value)))
    return SignedOrder(data, _softly(request, data))


def _brought(content: bytes, data: bytes) -> bytes:
    """A value signed elsewhere: the file of `lienthong ca sign`, base64, or the bare bytes."""
    if content.lstrip().startswith(b"{"):
        try:
            told = json.loads(content)
            if bytes_of(told["statement"]) != data:
                raise OrderInvalid(t("tệp ký một lệnh khác"))
            return bytes_of(told["signature"])
        except (KeyError, TypeError, ValueError) as error:
            raise InvalidValue(t("Tệp này không phải lệnh đã ký.")) from error
    try:
        return b64decode(content.strip(), validate=True)
    except ValueError:
        return content


# ------------------------------------------------------------ for trying out


def soft_key(who: User) -> Path | None:
    """The file of a person's key on this site, where the site keeps such keys."""
    authority = settings.CONFIG.authority
    if authority is None or authority.keys is None:
        return None
    file: Path = authority.keys / f"{who.username}.key"
    return file if file.parent == authority.keys and file.is_file() else None


def _softly(request: HttpRequest, data: bytes) -> bytes:
    """Five wrong pass phrases in five minutes are enough."""
    who, address = person(request), address_of(request)
    file, phrase = soft_key(who), request.POST.get("passphrase", "")
    if file is None or not phrase:
        raise InvalidValue(t("Chưa có chữ ký: chọn một cách ký."))
    if blocked(f"key:{who.username}"[:100], address):
        raise SecretWrong(t("đã sai quá nhiều lần; đợi 5 phút"))
    try:
        key = load_pem_private_key(file.read_bytes(), phrase.encode())
    except (ValueError, TypeError) as error:
        remember_failure(f"key:{who.username}", address)
        raise SecretWrong from error
    forget_failures(f"key:{who.username}", address)
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, PKCS1v15(), SHA256())
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(data, ec.ECDSA(SHA256()))
    raise InvalidValue(type(key).__name__)


def bytes_of(text: str) -> bytes:
    """From base64. InvalidValue."""
    try:
        return b64decode(text[: 2 * MOST], validate=True)
    except ValueError as error:
        raise InvalidValue("base64") from error
