"""The registry's own key is replaced by a statement of the old one; the old one is then worth nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lienthong.errors import InvalidValue, SnapshotUntrusted
from lienthong.registry import Book, name_successor, open_signed, peek, sign, sign_delta, signing, succession_of
from registry_world import ROOT, organisation, registry_signer, snapshot
from seal_world import NOW, Signer, certificate, ec_key

OLD = registry_signer()
FIRST = snapshot(organisation("H01"))
SECOND = replace(FIRST, version=2, previous_digest=FIRST.digest(), organisations=(organisation("H01", name="Khác"),))


def key(name: str) -> Signer:
    """A key with a certificate of its own that nobody has pinned and no root vouches for."""
    return Signer(ec_key(name), certificate(ec_key(name), name))


NEW, NEWER, THIEF = key("new"), key("newer"), key("thief")
TO_NEW = name_successor(NEW.certificate, OLD, NOW)
TO_NEWER = name_successor(NEWER.certificate, NEW, NOW)


def book(*trusted: bytes) -> Book:
    return Book(trusted or (ROOT,))


@pytest.mark.parametrize("trusted", [(ROOT,), (OLD.certificate,), (NEW.certificate,), (NEWER.certificate,)])
def test_the_new_key_is_trusted_through_the_old(trusted: tuple[bytes, ...]):
    held = book(*trusted)
    assert held.offer(sign(FIRST, NEWER, (TO_NEW, TO_NEWER)), NOW)
    assert held.succession == (TO_NEW, TO_NEWER)


def test_a_gateway_follows_the_rotation_by_delta():
    held = book()
    held.offer(sign(FIRST, OLD), NOW)
    assert held.offer(sign_delta(FIRST, SECOND, NEW, (TO_NEW,)), NOW)
    assert (held.version, held.succession) == (2, (TO_NEW,))


def test_the_old_key_signs_no_more_and_names_nobody_else():
    held = book()
    held.offer(sign(FIRST, NEW, (TO_NEW,)), NOW)
    stolen = name_successor(THIEF.certificate, OLD, NOW)
    for forged in (sign(SECOND, OLD), sign(SECOND, THIEF, (stolen,)), sign_delta(FIRST, SECOND, OLD)):
        with pytest.raises(SnapshotUntrusted, match="succession"):
            held.offer(forged, NOW)
    assert (held.version, held.succession) == (1, (TO_NEW,))


def forged(statement: str, by: Signer) -> bytes:
    """A file that carries this statement whatever the honest signer thinks of it."""
    header = signing._header(by, signing.SNAPSHOT, (statement,))
    protected = signing._encode(signing.json.dumps(header, separators=(",", ":")).encode())
    body = signing.to_bytes(FIRST)
    return protected + b".." + signing._encode(by.sign(protected + b"." + body)) + b"\n" + body


@pytest.mark.parametrize(
    "statement",
    [
        name_successor(THIEF.certificate, NEW, NOW),
        TO_NEW.replace(TO_NEW.split(".")[0], TO_NEWER.split(".")[0]),
        TO_NEW,
        TO_NEW[:-4] + "AAAA",
        "không.phải.gì",
        "a.b",
    ],
)
def test_a_statement_that_leads_from_nowhere_is_refused(statement: str):
    with pytest.raises(SnapshotUntrusted):
        book().offer(forged(statement, THIEF), NOW)


def test_a_chain_is_not_endless():
    with pytest.raises(SnapshotUntrusted, match="successors"):
        open_signed(sign(FIRST, NEW, (TO_NEW,) * 17), [ROOT], NOW)


def test_an_expired_successor_signs_nothing():
    with pytest.raises(SnapshotUntrusted, match="expired"):
        book(OLD.certificate).offer(sign(FIRST, NEW, (TO_NEW,)), NOW + timedelta(days=36500))


def test_what_cannot_be_named():
    with pytest.raises(InvalidValue, match="same key"):
        name_successor(OLD.certificate, OLD, NOW)
    with pytest.raises(InvalidValue, match="another key"):
        sign(FIRST, OLD, (TO_NEW,))


def test_the_file_says_it_to_people():
    signed = sign(FIRST, NEW, (TO_NEW,))
    assert succession_of(signed) == (TO_NEW,)
    assert peek(signed).version == 1
    assert succession_of(sign(FIRST, OLD)) == ()
