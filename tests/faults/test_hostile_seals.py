"""Seals made to deceive. None may be valid, none may raise, each has its own reason."""

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lienthong.errors import (
    AlgorithmNotAllowed,
    PartChanged,
    PartMissing,
    PartUnexpected,
    SealInvalid,
    SealKeyUnknown,
)
from lienthong.seal import Policy, SealResult, base64url, judge
from seal_world import NOW, PARTS, Keys, Part, Signer, entry, part, rsa_signer, sealed, signer, trust

pytestmark = pytest.mark.faults

Header = dict[str, Any]


def header() -> Header:
    return json.loads(base64url.decode(sealed().split(".")[0]))


def signed(head: Header | str, by: Signer | None = None) -> str:
    """A seal over any header, correctly signed by the rightful key: only the header is at fault."""
    text = head if isinstance(head, str) else json.dumps(head)
    protected = base64url.encode(text.encode("utf-8", "surrogatepass"))
    return f"{protected}..{base64url.encode((by or signer()).sign(f'{protected}.'.encode()))}"


def reason(text: str, parts: tuple[Part, ...] = PARTS, listed: Keys | None = None) -> type[Exception] | None:
    verdict = judge(text, parts, listed or trust(), NOW)
    assert verdict.result is SealResult.INVALID
    return verdict.reason


def test_the_forge_of_these_tests_makes_good_seals():
    assert judge(signed(header()), PARTS, trust(), NOW).result is SealResult.VALID


# ---------------------------------------------------------------- algorithms


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE", "", None, 0, ["ES256"], "ES384", "EdDSA", "RS1"])
def test_other_algorithms(alg: object):
    assert reason(signed(header() | {"alg": alg})) is AlgorithmNotAllowed


def test_alg_none_without_signature():
    protected = base64url.encode(json.dumps(header() | {"alg": "none"}).encode())
    assert reason(f"{protected}..") is AlgorithmNotAllowed


def test_hmac_with_the_public_key_as_secret():
    protected = base64url.encode(json.dumps(header() | {"alg": "HS256"}).encode())
    for form in (Encoding.DER, Encoding.PEM):
        secret = signer().key.public_key().public_bytes(form, PublicFormat.SubjectPublicKeyInfo)
        mac = hmac.digest(secret, f"{protected}.".encode(), hashlib.sha256)
        assert reason(f"{protected}..{base64url.encode(mac)}") is AlgorithmNotAllowed


def test_an_algorithm_of_another_key_type():
    assert reason(signed(header() | {"alg": "RS256"})) is AlgorithmNotAllowed


def test_weak_rsa():
    weak = rsa_signer(1024)
    head = header() | {"alg": "RS256", "x5t#S256": entry(weak).thumbprint}
    head.pop("x5c")
    assert reason(signed(head, weak), listed=trust(entry(weak))) is AlgorithmNotAllowed


def test_a_listed_certificate_that_is_no_certificate():
    junk = b"junk"
    mark = base64url.encode(hashlib.sha256(junk).digest())
    head = header() | {"x5t#S256": mark}
    head.pop("x5c")
    listed = trust(replace(entry(signer()), thumbprint=mark, certificate=junk))
    assert reason(signed(head), listed=listed) is AlgorithmNotAllowed


# ---------------------------------------------------------------- keys


def test_a_key_nobody_lists():
    assert reason(sealed(by=signer("stranger"))) is SealKeyUnknown


def test_a_key_that_comes_with_the_seal_is_not_trusted():
    # the header claims the listed key, carries the stranger's certificate and is signed by the stranger
    stranger = signer("stranger")
    own = json.loads(base64url.decode(sealed(by=stranger).split(".")[0]))
    assert reason(signed(header() | {"x5c": own["x5c"]}, stranger)) is SealInvalid
    jwk = {"kty": "EC", "crv": "P-256"}
    assert reason(signed(header() | {"jwk": jwk, "jku": "https://evil.example/keys"}, stranger)) is SealInvalid


# ---------------------------------------------------------------- parts


def test_a_changed_part():
    changed = (PARTS[0], part(PARTS[1].name, b"%PDF-changed"), PARTS[2])
    assert reason(sealed(), changed) is PartChanged


def test_a_changed_media_type():
    assert reason(sealed(), (replace(PARTS[0], media_type="text/html"), *PARTS[1:])) is PartChanged


def test_a_missing_part():
    assert reason(sealed(), PARTS[:2]) is PartMissing
    assert reason(sealed(), ()) is PartMissing


def test_an_extra_part():
    assert reason(sealed(), (*PARTS, part("thêm.pdf"))) is PartUnexpected
    assert reason(sealed(), (*PARTS, PARTS[1])) is PartUnexpected


def test_parts_that_changed_places():
    assert reason(sealed(), (PARTS[1], PARTS[0], PARTS[2])) is PartChanged


def test_a_renamed_part_is_missing_and_no_other_takes_its_place():
    assert reason(sealed(), (*PARTS[:2], replace(PARTS[2], name="khác.xlsx"))) is PartMissing


# ---------------------------------------------------------------- time


@pytest.mark.parametrize("iat", [None, "1795310000", 1.5, True, -1, 10**12, [1], {"a": 1}])
def test_signing_times_that_are_none(iat: object):
    assert reason(signed(header() | {"iat": iat})) is SealInvalid


def test_a_signing_time_to_come():
    assert reason(sealed(now=NOW + timedelta(days=1))) is SealInvalid


def test_a_time_to_live_that_is_no_moment():
    assert reason(signed(header() | {"lt_expires": "mai"})) is SealInvalid
    for answers in ("a" * 32, [], [1], [""], ["a\n"], ["a" * 32] * 65, {}):
        assert reason(signed(header() | {"lt_answers": answers})) is SealInvalid


# ---------------------------------------------------------------- the critical list


@pytest.mark.parametrize(
    "crit",
    [
        None,
        [],
        "sigD",
        ["sigD"],
        ["b64"],
        ["b64", "sigD", "sigD"],
        ["b64", "sigD", "exp"],
        ["b64", "sigD", "alg"],
        ["b64", "sigD", "lt_new_rule"],
        [["b64"], "sigD"],
        {"b64": 1, "sigD": 1},
    ],
)
def test_crit_games(crit: object):
    assert reason(signed(header() | {"crit": crit, "lt_new_rule": 1, "exp": 1})) is SealInvalid


@pytest.mark.parametrize("b64", [True, None, 0, "false"])
def test_the_payload_is_never_encoded(b64: object):
    assert reason(signed(header() | {"b64": b64})) is SealInvalid


# ---------------------------------------------------------------- the header's form


def without(name: str) -> Callable[[], str]:
    return lambda: signed({key: value for key, value in header().items() if key != name})


@pytest.mark.parametrize("name", ["x5t#S256", "iat", "b64", "sigD", "crit", "lt_sender", "lt_message"])
def test_each_parameter_is_needed(name: str):
    assert reason(without(name)()) is SealInvalid


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("mId", "http://uri.etsi.org/19182/ObjectIdByURI"),
        ("mId", None),
        ("hashM", "S512"),
        ("hashM", "S1"),
        ("pars", []),
        ("pars", ["edoc.xml"]),
        ("pars", ["a", "a", "b"]),
        ("pars", ["a", "b", 3]),
        ("pars", ["a", "b", "c\ud800"]),
        ("pars", ["a", "b", "c\n"]),
        ("pars", {"a": 1}),
        ("hashV", [""] * 3),
        ("hashV", ["AAAA"] * 3),
        ("hashV", [None] * 3),
        ("ctys", ["", "", ""]),
        ("extra", 1),
    ],
)
def test_sigd_is_read_strictly(member: str, value: object):
    head = header()
    head["sigD"] |= {member: value}
    assert reason(signed(head)) is SealInvalid


def test_names_twice_in_the_header():
    text = json.dumps(header())
    for again in ('{"lt_sender":"G12",', '{"alg":"ES256",', '{"sigD":{},'):
        assert reason(signed(again + text[1:])) is SealInvalid


def test_names_twice_inside_sigd():
    text = json.dumps(header()).replace('"hashM"', '"hashM": "S256", "hashM"')
    assert reason(signed(text)) is SealInvalid


@pytest.mark.parametrize(
    "text", ["", "null", "[]", "1", '"x"', "{", "[" * 60_000, '{"iat":NaN}', '{"iat":' + "9" * 5000 + "}", "\x00"]
)
def test_headers_that_are_no_object(text: str):
    assert reason(signed(text)) is SealInvalid


@pytest.mark.parametrize("sender", ["", "G09\n", "G\u0000", 9, None, "G" * 2000, "\udfff"])
def test_senders_that_are_no_text(sender: object):
    assert reason(signed(header() | {"lt_sender": sender})) is SealInvalid


@pytest.mark.parametrize("mark", [None, 1, "", "abc", "=" * 43, "A" * 44, "+" * 43])
def test_thumbprints_that_are_none(mark: object):
    assert reason(signed(header() | {"x5t#S256": mark})) is SealInvalid


@pytest.mark.parametrize("chain", [None, [], "x", [1], ["*"], ["đ"], [""]])
def test_chains_that_are_none(chain: object):
    assert reason(signed(header() | {"x5c": chain})) is SealInvalid


# ---------------------------------------------------------------- the seal's form


@pytest.mark.parametrize("text", ["", ".", "..", "...", "a.b", "đ..đ", "a..b", " ..", "eyJ9..AA", "e30..AA\n"])
def test_texts_that_are_no_seal(text: str):
    assert reason(text) in {SealInvalid, AlgorithmNotAllowed}


def test_an_attached_payload():
    protected, _, signature = sealed().split(".")
    assert reason(f"{protected}.eyJ4IjoxfQ.{signature}") is SealInvalid


@pytest.mark.parametrize(
    "change", [lambda s: s + "=", lambda s: s + "\n", lambda s: " " + s, lambda s: s.replace(".", "=.", 1)]
)
def test_base64url_with_padding_or_white_space(change: Callable[[str], str]):
    assert reason(change(sealed())) is SealInvalid


def test_two_spellings_of_one_signature():
    # 64 bytes leave four unused bits in the last character
    text = sealed()
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    other = alphabet[alphabet.index(text[-1]) + 1]
    assert reason(text[:-1] + other) is SealInvalid


def test_a_giant_seal_is_not_even_read():
    text = signed(header() | {"padding": "x" * 300_000})
    assert reason(text) is SealInvalid
    roomy = Policy(max_bytes=1_000_000)
    assert judge(text, PARTS, trust(), NOW, roomy).result is SealResult.VALID
