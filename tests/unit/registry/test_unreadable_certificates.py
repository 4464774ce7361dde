"""A certificate of a version that does not exist is refused in words wherever one comes in."""

from datetime import UTC, datetime

import pytest

from lienthong.errors import EvidenceBroken, InvalidValue, SnapshotUntrusted
from lienthong.evidence.certificates import read_certificates
from lienthong.registry import Purpose, certificate_entry
from lienthong.registry.chain import check_chain
from lienthong.testing.pki import pki

GOOD = pki().seal("G09").certificate
VERSION = bytes.fromhex("a003020102")  # [0] { INTEGER 2 }: version 3 (RFC 5280 §4.1.2.1)
BAD = GOOD.replace(VERSION, VERSION[:-1] + b"\x22", 1)
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def test_of_a_snapshot() -> None:
    with pytest.raises(SnapshotUntrusted):
        check_chain([BAD], [GOOD], NOW)


def test_of_a_registry_row() -> None:
    with pytest.raises(InvalidValue):
        certificate_entry(BAD, "org:G09", Purpose.PACKAGE_SEAL)


def test_of_a_receipt() -> None:
    with pytest.raises(EvidenceBroken):
        read_certificates([BAD])
