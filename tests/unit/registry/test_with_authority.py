"""The registry and the seal with certificates as the authority issues them."""

import pytest

from lienthong.document.codes import OrganisationCode
from lienthong.errors import (
    LienThongError,
    SealKeyExpired,
    SealKeyForeign,
    SealKeyRevoked,
    SealKeyUnknown,
    SnapshotUntrusted,
)
from lienthong.registry import Book, Directory, Purpose, certificate_entry, open_signed, publish, sign
from lienthong.seal import SealResult, SealVerdict, Signer, judge, seal
from lienthong.testing.pki import FOUNDED, MOMENT, REVOKED_AT, pki
from registry_world import organisation, snapshot
from seal_world import PARTS

LISTED = (
    certificate_entry(pki().seal("G09").certificate, "org:G09", Purpose.PACKAGE_SEAL),
    certificate_entry(pki().seal("H26").certificate, "org:H26", Purpose.PACKAGE_SEAL),
    certificate_entry(pki().expired("G09").certificate, "org:G09", Purpose.PACKAGE_SEAL),
    certificate_entry(pki().revoked("G09").certificate, "org:G09", Purpose.PACKAGE_SEAL, REVOKED_AT, "lộ khóa"),
    certificate_entry(pki().gateway("gw-g09").certificate, "org:G09", Purpose.GATEWAY),
)
SNAPSHOT = snapshot(organisation("G09"), organisation("H26"), issued_at=FOUNDED, certificates=LISTED)


def verdict(by: Signer) -> SealVerdict:
    made = seal(PARTS, by, MOMENT, OrganisationCode.parse("G09"), "m-1")
    return judge(made, PARTS, Directory(SNAPSHOT), MOMENT)


def test_the_authority_s_registry_key_publishes():
    signed = publish(SNAPSHOT, pki().registry())
    assert open_signed(signed, pki().roots, MOMENT) == SNAPSHOT
    book = Book(pki().roots)
    assert book.offer(signed, MOMENT)
    assert not book.offer(signed, MOMENT)
    assert (book.version, book.signed) == (1, signed)


def test_no_other_key_of_the_authority_publishes():
    for by in (pki().seal("G09"), pki().gateway("gw-g09").seal_signer()):
        with pytest.raises(SnapshotUntrusted):
            open_signed(sign(SNAPSHOT, by), pki().roots, MOMENT)


def test_another_authority_s_roots_do_not_vouch():
    with pytest.raises(SnapshotUntrusted):
        open_signed(sign(SNAPSHOT, pki().registry()), pki().stranger.roots, MOMENT)


def test_the_organisation_s_key_seals():
    assert verdict(pki().seal("G09")).result is SealResult.VALID


@pytest.mark.parametrize(
    ("by", "reason"),
    [
        (pki().seal("H26"), SealKeyForeign),
        (pki().expired("G09"), SealKeyExpired),
        (pki().revoked("G09"), SealKeyRevoked),
        (pki().foreign("G09"), SealKeyUnknown),
        (pki().gateway("gw-g09").seal_signer(), SealKeyUnknown),
    ],
)
def test_other_keys_do_not(by: Signer, reason: type[LienThongError]):
    assert verdict(by).reason is reason
