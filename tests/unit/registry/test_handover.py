"""One gateway hands over to another: both speak for a while, new documents go to the later one."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from lienthong.document import OrganisationCode
from lienthong.registry import Directory, Gateway, Organisation, Representation, Snapshot, check, levels
from lienthong.registry.findings import HANDOVER

CODE = OrganisationCode("H29")
DAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 5, tzinfo=UTC)
OLD, NEW = Representation("gw-chung", CODE, None, DAY + timedelta(days=7)), Representation("gw-rieng", CODE, DAY)


def snapshot(*spoken: Representation) -> Snapshot:
    gateways = (Gateway("gw-chung", "Dùng chung", CODE), Gateway("gw-rieng", "Riêng", CODE))
    organisation = Organisation(CODE, "Tỉnh Mẫu", "province")
    moments = {"issued_at": NOON, "expires_at": NOON + timedelta(days=7)}
    return Snapshot(
        1, **moments, organisations=(organisation,), levels=levels(), gateways=gateways, representations=spoken
    )


@pytest.mark.parametrize("order", [(OLD, NEW), (NEW, OLD)])
def test_what_comes_goes_to_the_later_and_both_may_still_send(order: tuple[Representation, ...]) -> None:
    directory = Directory(snapshot(*order))
    gateway = directory.gateway_of(CODE, NOON)
    assert gateway is not None
    assert gateway.id == "gw-rieng"
    assert directory.represents("gw-chung", CODE, NOON)
    assert directory.represents("gw-rieng", CODE, NOON)
    later = NOON + timedelta(days=8)
    assert not directory.represents("gw-chung", CODE, later)


def test_before_the_day_it_is_the_earlier_alone() -> None:
    gateway = Directory(snapshot(OLD, NEW)).gateway_of(CODE, NOON - timedelta(days=1))
    assert gateway is not None
    assert gateway.id == "gw-chung"


def test_a_handover_may_be_published() -> None:
    assert [each.where for each in check(snapshot(OLD, NEW)) if "organisation" in each.where] == []


@pytest.mark.parametrize(
    "old",
    [
        replace(OLD, valid_to=None),
        replace(OLD, valid_to=DAY + HANDOVER + timedelta(days=1)),
        replace(OLD, valid_from=DAY),
    ],
    ids=["without an end", "too long", "begun together"],
)
def test_anything_else_is_two_at_once(old: Representation) -> None:
    assert any("gw-chung" in each.vi for each in check(snapshot(old, NEW)))
