"""A seal is a JWS to others too: an independent library verifies it, and what that library makes is judged alike."""

import json
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jws
from joserfc.jwk import ECKey
from joserfc.registry import HeaderParameter

from lienthong.seal import SealResult, base64url, judge
from seal_world import NOW, PARTS, ec_key, sealed, trust

PRIVATE = ec_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
OURS = {
    "sigD": HeaderParameter("Detached parts", lambda value: None),
    "iat": HeaderParameter("Claimed signing time", "int"),
    "lt_sender": HeaderParameter("Sender", "str"),
    "lt_message": HeaderParameter("Message", "str"),
}


class Registry(jws.JWSRegistry):
    max_header_length = 65_536


def registry() -> Registry:
    return Registry(header_registry=OURS, algorithms=["ES256"])


def header_of(seal: str) -> dict[str, Any]:
    return json.loads(base64url.decode(seal.split(".", maxsplit=1)[0]))


def test_another_library_verifies_our_seal():
    key = ECKey.import_key(PRIVATE)
    found = jws.deserialize_compact(sealed(), key, payload=b"", registry=registry())
    assert found.payload == b""
    assert found.protected["sigD"]["pars"] == [each.name for each in PARTS]


def test_we_verify_what_another_library_signs():
    key = ECKey.import_key(PRIVATE)
    made = jws.serialize_compact(header_of(sealed()), b"", key, registry=registry())
    protected, _, signature = made.split(".")
    assert judge(f"{protected}..{signature}", PARTS, trust(), NOW).result is SealResult.VALID
