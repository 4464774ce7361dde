"""The table of algorithms: what fits a key, and that a new row is all a new algorithm needs."""

import hashlib
import json
from datetime import timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lienthong.seal import ALGORITHMS, Algorithm, Policy, SealResult, base64url, judge
from lienthong.seal.algorithms import for_key
from seal_world import NOW, PARTS, ec_key, entry, rsa_key, sealed, signer, trust


def ids(key: object) -> list[str]:
    return [row.id for row in for_key(key, NOW)]


def test_the_key_decides():
    assert ids(ec_key().public_key()) == ["ES256"]
    assert ids(rsa_key().public_key()) == ["RS256", "PS256"]
    assert ids(rsa_key(1024).public_key()) == []
    assert ids(ec.generate_private_key(ec.SECP256K1()).public_key()) == []
    assert ids(ec.generate_private_key(ec.SECP384R1()).public_key()) == []
    assert ids(ed25519.Ed25519PrivateKey.generate().public_key()) == []
    assert ids(object()) == []


def test_rows_have_a_beginning_and_an_end():
    row = Algorithm("X", object, 0, lambda *_: None, valid_from=NOW, valid_to=NOW + timedelta(days=1))
    assert [row.allowed_at(NOW + timedelta(hours=hours)) for hours in (-1, 0, 24, 25)] == [False, True, True, False]


def test_es256_wants_64_bytes_and_not_der():
    row, key, data = ALGORITHMS[0], ec_key(), b"data"
    good = signer().sign(data)
    assert row.verifies(key.public_key(), good, data)
    assert not row.verifies(key.public_key(), key.sign(data, ec.ECDSA(hashes.SHA256())), data)
    assert not row.verifies(key.public_key(), bytes(64), data)
    assert not row.verifies(key.public_key(), good + b"\0", data)


def test_a_new_algorithm_is_one_row():
    def check(key: ec.EllipticCurvePublicKey, signature: bytes, data: bytes) -> None:
        spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        if signature != hashlib.sha3_256(spki + data).digest():
            raise InvalidSignature

    row = Algorithm("TOY-1", ec.EllipticCurvePublicKey, 256, check, curve="secp256r1")
    head = sealed().split(".")[0]
    header = json.loads(base64url.decode(head)) | {"alg": "TOY-1"}
    protected = base64url.encode(json.dumps(header).encode())
    spki = ec_key().public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    made = f"{protected}..{base64url.encode(hashlib.sha3_256(spki + protected.encode() + b'.').digest())}"
    assert judge(made, PARTS, trust(entry(signer())), NOW).result is SealResult.INVALID
    policy = Policy(algorithms=(*ALGORITHMS, row))
    assert judge(made, PARTS, trust(entry(signer())), NOW, policy).result is SealResult.VALID
