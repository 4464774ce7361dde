"""The ceremony of the root, its parts, the table of algorithms, and the look before signing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mldsa, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from lienthong.ca import profiles, requests
from lienthong.ca.above import Above
from lienthong.ca.authority import Authority
from lienthong.ca.drafting import Publication
from lienthong.ca.drafting import draft as drafted
from lienthong.ca.folders import (
    HouseFolder,
    RootFolder,
    certify,
    found_archive_root,
    found_root,
    install,
    prepare_issuers,
    renew_root_list,
    revoke_issuer,
)
from lienthong.ca.hierarchy.parts import divided, joined
from lienthong.ca.hierarchy.purposes import PURPOSES, issuer_of
from lienthong.ca.house import House
from lienthong.ca.profiles import Profile
from lienthong.ca.requests import Request
from lienthong.ca.rules.agility import TABLE, allowed
from lienthong.ca.rules.keys import public_half
from lienthong.ca.rules.lint import require_clean
from lienthong.errors import (
    AlgorithmNotAllowed,
    CertificateFlawed,
    ConfigurationInvalid,
    IllegalMove,
    InvalidValue,
    KeyUnavailable,
)
from lienthong.registry import Directory, Snapshot

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
AT = "http://ca.example"


# ---------------------------------------------------------------- parts


def test_any_enough_parts_open() -> None:
    secret = b"mat khau cua goc"
    parts = divided(secret, 3, 5)
    assert joined(parts[:3]) == joined(parts[2:]) == joined([parts[4], parts[0].upper(), f"  {parts[2]}\n"]) == secret


def test_too_few_or_wrong_parts() -> None:
    parts, others = divided(b"x" * 16, 3, 5), divided(b"y" * 16, 3, 5)
    word = parts[0].rpartition(" ")[0] + " academic"
    for wrong in (
        parts[:2],
        (parts[0], parts[0], parts[1]),
        (*parts[:2], others[0]),
        (word, *parts[1:3]),
        ("xin chao",),
        (),
    ):
        with pytest.raises(InvalidValue):
            joined(wrong)
    for need, of in ((1, 3), (4, 3), (2, 99)):
        with pytest.raises(InvalidValue):
            divided(b"x" * 16, need, of)


# ---------------------------------------------------------------- the ceremony


def test_a_ceremony_from_end_to_end(tmp_path: Path) -> None:
    root, parts = found_root(tmp_path / "root", "Nhà mẫu", NOW, need=2, of=3, who=["A", "B"])
    prepare_issuers(tmp_path / "ca", "Nhà mẫu", AT)
    with pytest.raises(ConfigurationInvalid):
        install(tmp_path / "ca", tmp_path / "root" / "root.pem", tmp_path / "root" / "root.crl", "log", NOW)
    with pytest.raises(InvalidValue):
        certify(root, parts[:1], tmp_path / "ca" / "issuers", AT, NOW)
    assert set(certify(root, parts[1:], tmp_path / "ca" / "issuers", AT, NOW)) == set(PURPOSES)
    home = install(tmp_path / "ca", tmp_path / "root" / "root.pem", tmp_path / "root" / "root.crl", "log", NOW)
    above = x509.load_der_x509_certificate(home.root)
    for issuer in home.issuers.values():
        issuer.own.verify_directly_issued_by(above)
        answering = x509.load_der_x509_certificate(home.service(f"answers-{issuer.id}").certificate)
        answering.verify_directly_issued_by(issuer.own)
    renew_root_list(root, parts[:2], NOW + timedelta(days=300))
    assert x509.load_der_x509_crl((tmp_path / "root" / "root.crl").read_bytes()).is_signature_valid(above.public_key())  # type: ignore[arg-type]  # P-256
    acts = (tmp_path / "root" / "transcript.jsonl").read_text().splitlines()
    assert len(acts) == 2 + len(PURPOSES)
    assert not list(tmp_path.rglob("*passphrase*"))
    with pytest.raises(ConfigurationInvalid):
        found_root(tmp_path / "root", "Nhà mẫu", NOW, need=2, of=3)
    assert RootFolder(tmp_path / "root", "x").certificate == home.root


def test_the_root_revokes_an_issuing_authority_for_ever(tmp_path: Path) -> None:
    root, parts = found_root(tmp_path / "root", "Nhà mẫu", NOW, need=2, of=2)
    prepare_issuers(tmp_path / "ca", "Nhà mẫu", AT)
    certify(root, parts, tmp_path / "ca" / "issuers", AT, NOW)
    files = (tmp_path / "root" / "root.pem", tmp_path / "root" / "root.crl")
    home = install(tmp_path / "ca", *files, "log", NOW)
    persons, reason = home.issuers["persons"], x509.ReasonFlags.key_compromise
    with pytest.raises(InvalidValue):
        revoke_issuer(root, parts[:1], persons.certificate, reason, NOW)
    assert root.revoked == (), "not even on record"
    revoke_issuer(root, parts, persons.certificate, reason, NOW, ["A", "B"])
    renew_root_list(root, parts, NOW + timedelta(days=300))
    [row] = x509.load_der_x509_crl(files[1].read_bytes())
    assert row.serial_number == persons.own.serial_number
    assert row.extensions.get_extension_for_class(x509.CRLReason).value.reason is reason
    with pytest.raises(IllegalMove):
        revoke_issuer(root, parts, persons.certificate, reason, NOW)
    for foreign in (root.certificate, Authority.found(NOW).issuing.certificate):
        with pytest.raises(InvalidValue):
            revoke_issuer(root, parts, foreign, reason, NOW)
    again = install(tmp_path / "ca", *files, "log", NOW)
    assert [name for name, each in again.issuers.items() if each.revoked] == ["persons"]
    house = House("Nhà mẫu", again.issuers, lambda: Directory(Snapshot(1, NOW, NOW)), lambda: NOW)
    assert house.signer("agencies").id == "agencies"
    assert not house.signs("persons")
    with pytest.raises(KeyUnavailable):
        house.signer("persons")


def test_a_list_of_another_root_is_not_installed(tmp_path: Path) -> None:
    for name in ("root", "other"):
        root, parts = found_root(tmp_path / name, "Nhà mẫu", NOW, need=2, of=2)
        if name == "root":
            prepare_issuers(tmp_path / "ca", "Nhà mẫu", AT)
            certify(root, parts, tmp_path / "ca" / "issuers", AT, NOW)
    own, late = tmp_path / "root" / "root.crl", NOW + timedelta(days=400)
    for wrong, at in ((tmp_path / "other" / "root.crl", NOW), (own, late)):
        with pytest.raises(ConfigurationInvalid):
            install(tmp_path / "ca", tmp_path / "root" / "root.pem", wrong, "log", at)
    assert not (tmp_path / "ca" / "root.crl").exists(), "nothing was taken"


def test_keys_in_files_may_be_encrypted(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("mật khẩu mẫu\n")
    secret.chmod(0o600)
    root, parts = found_root(tmp_path / "root", "Nhà mẫu", NOW, need=2, of=2)
    prepare_issuers(tmp_path / "ca", "Nhà mẫu", AT, passphrase=secret)
    certify(root, parts, tmp_path / "ca" / "issuers", AT, NOW)
    files = (tmp_path / "root" / "root.pem", tmp_path / "root" / "root.crl")
    assert install(tmp_path / "ca", *files, "log", NOW, secret).service("tsa").certificate
    assert all(b"ENCRYPTED" in path.read_bytes() for path in (tmp_path / "ca").rglob("*.key"))
    with pytest.raises(ConfigurationInvalid):
        HouseFolder.load(tmp_path / "ca")


def test_an_issuer_of_another_root_is_not_installed(tmp_path: Path) -> None:
    mine, parts = found_root(tmp_path / "root", "Nhà mẫu", NOW, need=2, of=2)
    found_root(tmp_path / "other", "Nhà khác", NOW, need=2, of=2)
    prepare_issuers(tmp_path / "ca", "Nhà mẫu", AT, ["persons"])
    certify(mine, parts, tmp_path / "ca" / "issuers", AT, NOW)
    with pytest.raises(ValueError, match="issuer"):
        install(tmp_path / "ca", tmp_path / "other" / "root.pem", tmp_path / "other" / "root.crl", "log", NOW)


def test_an_archive_root_only_behind_its_switch(tmp_path: Path) -> None:
    with pytest.raises(AlgorithmNotAllowed):
        found_archive_root(tmp_path, "Nhà mẫu", NOW, allowed=False, need=2, of=3)
    parts = found_archive_root(tmp_path, "Nhà mẫu", NOW, allowed=True, need=2, of=3)
    key = load_pem_private_key((tmp_path / "archive.key").read_bytes(), joined(parts[1:]))
    assert isinstance(key, mldsa.MLDSA65PrivateKey)
    made = x509.load_pem_x509_certificate((tmp_path / "archive.pem").read_bytes())
    assert isinstance(made.public_key(), mldsa.MLDSA65PublicKey)
    made.public_key().verify(made.signature, made.tbs_certificate_bytes)


def test_a_profile_comes_from_one_issuer() -> None:
    assert issuer_of("person") == "persons"
    for name in ("root", "issuing", "ocsp", "nothing"):
        with pytest.raises(InvalidValue):
            issuer_of(name)


# ---------------------------------------------------------------- algorithms

KEYS = {
    "rsa-2048": (rsa.generate_private_key(65537, 2048).public_key(), {"people", "machines"}),
    "rsa-3072": (rsa.generate_private_key(65537, 3072).public_key(), {"people", "machines", "authorities"}),
    "p-256": (ec.generate_private_key(ec.SECP256R1()).public_key(), {"people", "machines", "authorities"}),
    "p-384": (ec.generate_private_key(ec.SECP384R1()).public_key(), set[str]()),
    "ed25519": (ed25519.Ed25519PrivateKey.generate().public_key(), {"logs"}),
    "ml-dsa-65": (mldsa.MLDSA65PrivateKey.generate().public_key(), {"archive"}),
    "rsa-1024": (rsa.generate_private_key(65537, 1024).public_key(), set[str]()),  # noqa: S505  # weak on purpose
}


@pytest.mark.parametrize("use", ["people", "machines", "authorities", "logs", "archive"])
@pytest.mark.parametrize(("key", "uses"), KEYS.values(), ids=KEYS)
def test_the_table_of_algorithms(key: object, uses: set[str], use: str) -> None:
    if use in uses:
        assert use in allowed(key, use, NOW).uses
    else:
        with pytest.raises(AlgorithmNotAllowed):
            allowed(key, use, NOW)


def test_every_row_has_its_dates() -> None:
    assert all(row.begins < NOW < row.ends for row in TABLE)
    key = KEYS["rsa-2048"][0]
    for late in (datetime(2036, 1, 1, tzinfo=UTC), datetime(2009, 1, 1, tzinfo=UTC)):
        with pytest.raises(AlgorithmNotAllowed):
            allowed(key, "people", late)


# ---------------------------------------------------------------- the look before signing

AUTHORITY = Authority.found(NOW, publish_at=AT)
PARENT = Above(x509.load_der_x509_certificate(AUTHORITY.issuing.certificate))
PLACES = Publication(f"{AT}/0.crl", f"{AT}/ca", f"{AT}/ocsp", f"{AT}/0.delta.crl", "2.25.1")
HALF = public_half(KEYS["rsa-2048"][0])
PERSON = requests.person("Nguyễn Văn Mẫu", organisation="Bộ mẫu", locality="Hà Nội")


def draft(asked: Request = PERSON, places: Publication | None = PLACES, serial: int = 1 << 120, days: int = 300):
    return drafted(
        asked,
        HALF,
        PARENT,
        NOW,
        family="p-256",
        serial=serial,
        validity=timedelta(days=days),
        publication=places,
    )


def test_a_good_draft_is_let_through() -> None:
    require_clean(draft(), HALF, profiles.PERSON, PARENT)


def wrong(**changes: Any) -> Profile:
    return replace(profiles.PERSON, **changes)


FLAWS = {
    "serial number": (lambda: draft(serial=7), profiles.PERSON),
    "validity": (draft, wrong(days=10)),
    "key usage": (draft, wrong(usages=frozenset({"digital_signature"}))),
    "extended key usage": (draft, wrong(extended=())),
    "basic constraints": (draft, wrong(path_length=0)),
    "no CRL distribution point": (lambda: draft(places=None), profiles.PERSON),
    "no certificate policy": (lambda: draft(places=replace(PLACES, policy="")), profiles.PERSON),
}


@pytest.mark.parametrize(("made", "profile"), FLAWS.values(), ids=FLAWS)
def test_a_flaw_is_named(made: object, profile: Profile, request: pytest.FixtureRequest) -> None:
    with pytest.raises(CertificateFlawed, match=request.node.callspec.id):
        require_clean(made(), HALF, profile, PARENT)  # type: ignore[operator]  # a maker


def test_a_draft_for_another_key() -> None:
    with pytest.raises(CertificateFlawed, match="another key; subject key identifier"):
        require_clean(draft(), public_half(KEYS["p-256"][0]), profiles.PERSON, PARENT)
    with pytest.raises(CertificateFlawed, match="family of the key"):
        require_clean(draft(), public_half(KEYS["ed25519"][0]), profiles.PERSON, PARENT)


def test_a_draft_of_another_issuer() -> None:
    other = Above(x509.load_der_x509_certificate(Authority.found(NOW, name="Nhà khác").issuing.certificate))
    with pytest.raises(CertificateFlawed, match="issuer"):
        require_clean(draft(), HALF, profiles.PERSON, other)
