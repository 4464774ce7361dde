"""The made-up country is one that the registry takes, at any size."""

from datetime import UTC, datetime

import pytest

from lienthong.cli.bench.population import codes, populated
from lienthong.registry import Directory
from lienthong.registry.findings import check
from lienthong.testing.pki import pki
from lienthong.testing.world import snapshot

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize("count", [1, 34, 35, 5_000])
def test_codes_differ_and_the_registry_takes_them(count: int) -> None:
    before = snapshot(pki(), NOW)
    grown = populated(before, count)
    assert len(set(codes(count))) == count
    assert len(grown.organisations) == len(before.organisations) + count
    assert {finding.where for finding in check(grown)} <= {finding.where for finding in check(before)}
    directory = Directory(grown)
    assert all(directory.gateway_of(code, NOW) for code in codes(count))
