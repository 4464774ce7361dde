"""The child that alone loads a vendor's PKCS#11 library: one question on standard input, one answer, and it is gone.

A library that crashes or hangs takes nobody with it, a token that was taken out is missed at once, and a PIN lives as
long as one question. Answers: {"values": [base64, …]} or {"error": word, "detail": …}.
"""

import base64
import json
import os
import sys
from typing import Any

import pkcs11
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
from pkcs11.constants import Attribute, ObjectClass
from pkcs11.exceptions import (
    MultipleObjectsReturned,
    NoSuchKey,
    PinExpired,
    PinIncorrect,
    PinInvalid,
    PinLenRange,
    PinLocked,
    PKCS11Error,
)
from pkcs11.mechanisms import KeyType, Mechanism
from pkcs11.util.ec import encode_ec_public_key, encode_ecdsa_signature, encode_named_curve_parameters
from pkcs11.util.rsa import encode_rsa_public_key

_WRONG = (PinIncorrect, PinInvalid, PinLenRange)
_SHUT = (PinLocked, PinExpired)


class Missing(Exception):
    """No such token, or no such key on it."""


def signed(asked: dict[str, Any]) -> list[str]:
    """The values over `data` (RSA, whole) and `digests` (EC), in order, base64; one login for all of them."""
    token = _token(pkcs11.lib(asked["module"]), asked["token"], asked["serial"])
    with token.open(user_pin=asked["pin"]) as session:
        key = _key(session, asked["key"])
        if key.key_type is KeyType.RSA:
            values = [key.sign(_raw(each), mechanism=Mechanism.SHA256_RSA_PKCS) for each in asked["data"]]
        else:
            raw = [key.sign(_raw(each), mechanism=Mechanism.ECDSA) for each in asked["digests"]]
            values = [encode_ecdsa_signature(each) for each in raw]
    return [base64.b64encode(each).decode() for each in values]


def made(asked: dict[str, Any]) -> list[str]:
    """A fresh key pair in the token; its public half as SubjectPublicKeyInfo, base64."""
    token = _token(pkcs11.lib(asked["module"]), asked["token"], asked["serial"])
    label, kind = asked["key"], asked["make"]
    with token.open(rw=True, user_pin=asked["pin"]) as session:
        if list(session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.LABEL: label})):
            raise Missing(f"key {label}: đã có / is there already")
        if kind == "p-256":
            curve = {Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}
            parameters = session.create_domain_parameters(KeyType.EC, curve, local=True)
            public, _ = parameters.generate_keypair(store=True, label=label)
            spki = encode_ec_public_key(public)
        else:
            public, _ = session.generate_keypair(KeyType.RSA, int(kind.removeprefix("rsa-")), store=True, label=label)
            found = load_der_public_key(encode_rsa_public_key(public))
            spki = found.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return [base64.b64encode(spki).decode()]


def _token(library: Any, label: str, serial: str) -> Any:
    """By label, by serial number or by both, among all slots that hold one."""
    for slot in library.get_slots(token_present=True):
        token = slot.get_token()
        fits = not label or token.label.strip() == label
        if fits and (not serial or token.serial.strip(b"\0 ").decode("ascii", "replace") == serial):
            return token
    raise Missing(f"token {label or serial}")


def _key(session: Any, label: str) -> Any:
    try:
        return session.get_key(object_class=ObjectClass.PRIVATE_KEY, label=label)
    except NoSuchKey:
        raise Missing(f"key {label}") from None
    except MultipleObjectsReturned:  # one label for the keys of several purposes: the one that may sign
        found = session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.LABEL: label})
        able = [each for each in found if each[Attribute.SIGN]]
        if len(able) != 1:
            raise Missing(f"key {label}: {len(able)}") from None
        return able[0]


def _raw(text: str) -> bytes:
    return base64.b64decode(text)


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    """Words of the library never hold the PIN, but only their kind is passed on."""
    try:
        return {"values": made(asked) if "make" in asked else signed(asked)}
    except _WRONG:
        return {"error": "wrong"}
    except _SHUT as problem:
        return {"error": "shut", "detail": type(problem).__name__}
    except Missing as problem:
        return {"error": "missing", "detail": str(problem)}
    except (PKCS11Error, OSError, RuntimeError, ValueError, KeyError) as problem:
        return {"error": "failed", "detail": type(problem).__name__}


def main() -> None:
    """Whatever the library prints goes nowhere: the answer has the first standard output to itself."""
    told = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    asked = json.load(sys.stdin)
    with os.fdopen(told, "w") as out:
        json.dump(answer(asked), out)
