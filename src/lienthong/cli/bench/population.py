"""A country's worth of organisations, made up, so that the registry can be measured at its real size."""

from collections.abc import Iterator
from dataclasses import replace

from lienthong.cli.bench.packages import RECIPIENT_GATEWAY
from lienthong.document import OrganisationCode
from lienthong.registry import Organisation, Representation, Snapshot

PROVINCES = 34


def codes(count: int) -> Iterator[OrganisationCode]:
    """So many codes of the second generation that nobody bears: X01 … X34, then X01.0001, …"""
    for number in range(count):
        unit, province = divmod(number, PROVINCES)
        yield OrganisationCode(f"X{province + 1:02}" + (f".{unit:04}" if unit else ""))


def populated(snapshot: Snapshot, count: int) -> Snapshot:
    """The next version with so many more organisations, all reached through the shared gateway."""
    added = tuple(codes(count))
    return replace(
        snapshot,
        version=snapshot.version + 1,
        organisations=(*snapshot.organisations, *map(_organisation, added)),
        representations=(*snapshot.representations, *(Representation(RECIPIENT_GATEWAY, code) for code in added)),
    )


def _organisation(code: OrganisationCode) -> Organisation:
    parent, _, _ = str(code).rpartition(".")
    return Organisation(
        code=code,
        name=f"Cơ quan mẫu {code}",
        level="commune" if parent else "province",
        legacy_code=OrganisationCode(f"000.00.{str(code).replace('.', '-')}"),
        parent=OrganisationCode(parent) if parent else None,
    )
