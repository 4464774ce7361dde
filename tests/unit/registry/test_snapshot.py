"""Snapshots as bytes, signed, opened, and never taken back."""

import base64
import gzip
import json
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from lienthong.errors import InvalidValue, RegistryStale, SnapshotUntrusted
from lienthong.registry import (
    REGISTRY_MARK,
    Book,
    Gateway,
    GatewayKind,
    LogKey,
    OrganisationKind,
    Purpose,
    Representation,
    Rules,
    Snapshot,
    Status,
    certificate_entry,
    from_bytes,
    open_signed,
    peek,
    publish,
    sign,
    to_bytes,
)
from lienthong.registry.snapshot import canonical_json
from registry_world import ISSUING, ROOT, code, organisation, registry_signer, snapshot
from seal_world import NOW, YEAR, Signer, certificate, ec_key, rsa_signer, signer

FULL = snapshot(
    organisation("G22", name="Văn phòng Chính phủ (mẫu)", name_en="Sample", legacy_code=code("000.00.00.G22")),
    organisation("G09", to="G22", closed=date(2027, 1, 1), status=Status.CLOSED, kind=OrganisationKind.UNIT),
    organisation("G22.01", parent=code("G22"), valid_from=date(2026, 1, 1), status=Status.LOCKED),
    previous_digest="ab" * 32,
    gateways=(Gateway("gw-1", "Máy chủ mẫu", code("G22"), GatewayKind.SHARED, "https://gw-1.example"),),
    representations=(Representation("gw-1", code("G22"), date(2026, 1, 1), None),),
    certificates=(certificate_entry(signer().certificate, "org:G22", Purpose.PACKAGE_SEAL, NOW, "lộ khóa"),),
    logs=(LogKey("axis.example/log", "axis+1+key", "axis"),),
    rules=Rules(redirect_closed=False),
)


def opened(data: bytes, trusted: tuple[bytes, ...] = (ROOT,), known: Snapshot | None = None) -> Snapshot:
    return open_signed(data, trusted, NOW, known)


def test_bytes_bring_everything_back():
    assert from_bytes(to_bytes(FULL)) == FULL


def test_bytes_are_deterministic_and_canonical():
    assert to_bytes(FULL) == to_bytes(from_bytes(to_bytes(FULL)))
    text = gzip.decompress(to_bytes(FULL)).decode()
    assert text == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert '"format":"lienthong-registry/1"' in text


def test_the_digest_is_of_the_content_and_not_of_the_spelling():
    abroad = timezone(timedelta(hours=7))
    same = replace(FULL, issued_at=FULL.issued_at.astimezone(abroad), expires_at=FULL.expires_at.astimezone(abroad))
    assert same.digest() == FULL.digest()
    assert replace(FULL, version=2).digest() != FULL.digest()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"junk",
        gzip.compress(b"{}"),
        gzip.compress(b"[]"),
        to_bytes(FULL)[:-9],
        gzip.compress(canonical_json(FULL).replace(b'"successors"', b'"sucessors"')),
        gzip.compress(canonical_json(FULL).replace(b"registry/1", b"registry/2")),
        gzip.compress(canonical_json(FULL).replace(b"T01:12:00Z", b"T01:12:00")),
    ],
    ids=["nothing", "no gzip", "an object", "a list", "cut", "another member", "another schema", "no zone"],
)
def test_other_bytes_are_refused(data: bytes):
    with pytest.raises(SnapshotUntrusted):
        from_bytes(data)


def test_a_bomb_is_not_unpacked():
    with pytest.raises(SnapshotUntrusted):
        from_bytes(gzip.compress(bytes(1_000_000)), max_bytes=100_000)


def test_freshness():
    at = FULL.expires_at
    assert FULL.fresh(NOW)
    assert FULL.fresh(NOW - timedelta(minutes=5))
    assert not FULL.fresh(NOW - timedelta(minutes=6))
    assert FULL.fresh(at - timedelta(seconds=1))
    assert not FULL.fresh(at)


def test_what_is_published_opens():
    data = publish(FULL, registry_signer())
    assert opened(data) == FULL
    assert peek(data) == FULL


def test_a_pinned_certificate_opens_without_a_root():
    pinned = Signer(ec_key("pin"), certificate(ec_key("pin")))
    assert opened(sign(FULL, pinned), (pinned.certificate,)) == FULL
    with pytest.raises(SnapshotUntrusted):
        opened(sign(FULL, pinned))


def test_the_root_may_come_with_the_chain():
    by = registry_signer()
    assert opened(sign(FULL, replace(by, chain=(ISSUING, ROOT)))) == FULL


def test_an_expired_snapshot_opens_but_is_not_fresh():
    old = replace(FULL, expires_at=NOW - timedelta(days=1), issued_at=NOW - timedelta(days=8))
    assert not opened(sign(old, registry_signer())).fresh(NOW)


# ---------------------------------------------------------------- who signed


def test_another_certificate_of_the_same_root_is_not_the_registry():
    for uri in (None, "urn:lienthong:gateway"):
        with pytest.raises(SnapshotUntrusted, match="not a registry"):
            opened(sign(FULL, registry_signer(uri)))


def test_a_chain_from_elsewhere():
    other = certificate(ec_key("other root"), "Gốc mẫu", ca=True)
    leaf = certificate(ec_key("other"), "Danh bạ mẫu", (ec_key("other root"), other), uri=REGISTRY_MARK)
    for chain in ((), (other,), (ISSUING,), (ISSUING, ROOT), (ROOT,)):
        with pytest.raises(SnapshotUntrusted):
            opened(sign(FULL, Signer(ec_key("other"), leaf, chain)))


def test_an_issuer_that_is_no_authority():
    gateway = certificate(ec_key("gw"), "Máy chủ mẫu", (ec_key("issuing"), ISSUING))
    leaf = certificate(ec_key("forged"), "Danh bạ mẫu", (ec_key("gw"), gateway), uri=REGISTRY_MARK)
    with pytest.raises(SnapshotUntrusted):
        opened(sign(FULL, Signer(ec_key("forged"), leaf, (gateway, ISSUING))))


@pytest.mark.parametrize("valid", [(NOW - YEAR, NOW - timedelta(days=1)), (NOW + timedelta(days=1), NOW + YEAR)])
def test_a_certificate_outside_its_time(valid: tuple[datetime, datetime]):
    leaf = certificate(ec_key("late"), "Danh bạ mẫu", (ec_key("issuing"), ISSUING), uri=REGISTRY_MARK, valid=valid)
    with pytest.raises(SnapshotUntrusted):
        opened(sign(FULL, Signer(ec_key("late"), leaf, (ISSUING,))))


def test_an_authority_does_not_sign_snapshots_itself():
    with pytest.raises(SnapshotUntrusted):
        opened(sign(FULL, Signer(ec_key("root"), ROOT)))


def test_a_signer_that_is_not_its_certificate_or_not_p256_cannot_sign():
    p384 = ec.generate_private_key(ec.SECP384R1())
    for wrong in (replace(registry_signer(), key=ec_key("other")), rsa_signer(), Signer(p384, certificate(p384))):
        with pytest.raises(InvalidValue):
            sign(FULL, wrong)


# ---------------------------------------------------------------- what was signed


def test_changed_bytes_are_refused():
    data = sign(FULL, registry_signer())
    start = data.index(b"\n") + 1
    for where in (0, 40, start - 3, start, start + 40, len(data) - 1):
        changed = data[:where] + bytes([data[where] ^ 1]) + data[where + 1 :]
        with pytest.raises(SnapshotUntrusted):
            opened(changed)


@pytest.mark.parametrize(
    "change",
    [
        {"alg": "none"},
        {"alg": "HS256"},
        {"b64": True},
        {"crit": []},
        {"typ": "JOSE"},
        {"extra": 1},
        {"x5c": []},
        {"x5c": ["AAAA"]},
        {"x5c": 1},
    ],
)
def test_the_header_has_one_form(change: dict[str, object]):
    by = registry_signer()
    chain = [base64.b64encode(der).decode() for der in (by.certificate, *by.chain)]
    header = {"alg": "ES256", "b64": False, "crit": ["b64"], "typ": "lienthong-registry", "x5c": chain}

    def file_of(fields: dict[str, object]) -> bytes:
        protected = base64.urlsafe_b64encode(json.dumps(fields).encode()).rstrip(b"=")
        signature = base64.urlsafe_b64encode(by.sign(protected + b"." + to_bytes(FULL))).rstrip(b"=")
        return protected + b".." + signature + b"\n" + to_bytes(FULL)

    assert opened(file_of(header)) == FULL
    with pytest.raises(SnapshotUntrusted):
        opened(file_of(header | change))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"a..b\n",
        b"e30.." + b"A" * 86 + b"\nx",
        b"W10.." + b"A" * 86 + b"\nx",
        b"AAAAA.." + b"A" * 86 + b"\nx",
    ],
)
def test_files_that_are_no_snapshot(data: bytes):
    with pytest.raises(SnapshotUntrusted):
        opened(data)


# ---------------------------------------------------------------- which version


def test_a_book_takes_what_is_newer_and_keeps_what_it_has():
    by, book = registry_signer(), Book([ROOT])
    with pytest.raises(RegistryStale):
        book.directory()
    assert book.version == 0
    first, second = sign(FULL, by), sign(replace(FULL, version=2, previous_digest=FULL.digest()), by)
    assert [book.offer(each, NOW) for each in (first, first, second, second)] == [True, False, True, False]
    assert (book.version, book.signed) == (2, second)
    with pytest.raises(SnapshotUntrusted):
        book.offer(first, NOW)
    assert book.directory().snapshot.version == 2
    # ECDSA never signs twice alike: other bytes, the same content
    assert not book.offer(sign(book.directory().snapshot, by), NOW)
    assert book.signed == second


def test_versions_only_go_on():
    by = registry_signer()
    first = replace(FULL, version=4)
    second = replace(FULL, version=5, previous_digest=first.digest())
    assert opened(sign(second, by), known=first) == second
    assert opened(sign(first, by), known=first) == first
    with pytest.raises(SnapshotUntrusted, match="rollback"):
        opened(sign(first, by), known=second)


def test_two_contents_of_one_version_are_a_fork():
    by = registry_signer()
    with pytest.raises(SnapshotUntrusted, match="fork"):
        opened(sign(replace(FULL, rules=Rules()), by), known=FULL)


def test_a_next_version_that_continues_another_is_a_fork():
    by = registry_signer()
    with pytest.raises(SnapshotUntrusted, match="fork"):
        opened(sign(replace(FULL, version=2), by), known=FULL)
    skipped = replace(FULL, version=3)
    assert opened(sign(skipped, by), known=FULL) == skipped
