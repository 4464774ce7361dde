"""What keeps a snapshot from being published."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from lienthong.errors import InvalidValue
from lienthong.registry import (
    Gateway,
    Level,
    LogKey,
    Purpose,
    Representation,
    Snapshot,
    Status,
    certificate_entry,
    check,
    publish,
)
from registry_world import code, organisation, registry_signer, snapshot
from seal_world import NOW, YEAR, certificate, signer

DAY = date(2025, 6, 30)
GATEWAY = Gateway("gw-1", "Máy chủ mẫu", code("G22"))
ENTRY = certificate_entry(signer().certificate, "org:G09", Purpose.PACKAGE_SEAL)
SAME_KEY = certificate_entry(certificate(signer().key), "org:G22", Purpose.PACKAGE_SEAL)
G09, G22 = organisation("G09"), organisation("G22")


def speaks(gateway: str, for_code: str, begin: date | None = None, end: date | None = None) -> Representation:
    return Representation(gateway, code(for_code), begin, end)


def test_a_sound_snapshot_has_no_findings():
    sound = snapshot(
        G09,
        G22,
        organisation("G05", to="G12", closed=DAY, status=Status.CLOSED),
        organisation("G12"),
        organisation("G09.01", parent=code("G09"), legacy_code=code("000.00.01.G09")),
        gateways=(GATEWAY, replace(GATEWAY, id="gw-2")),
        representations=(speaks("gw-1", "G09", None, DAY), speaks("gw-2", "G09", DAY + timedelta(days=1))),
        certificates=(ENTRY,),
        logs=(LogKey("axis.example/log", "vkey", "axis"),),
    )
    assert check(sound) == ()


UNSOUND: list[tuple[Snapshot, str, str]] = [
    (snapshot(G09, G09), "organisation G09", "more than once"),
    (snapshot(organisation("A1", legacy_code=code("G09")), G09), "organisation G09", "more than once"),
    (snapshot(G22, gateways=(GATEWAY, GATEWAY)), "gateway gw-1", "more than once"),
    (snapshot(G09, certificates=(ENTRY, ENTRY)), "certificate", "more than once"),
    (snapshot(levels=(Level("x", "x", "x"), Level("x", "y", "y"))), "level x", "more than once"),
    (snapshot(logs=(LogKey("a", "v", "axis"), LogKey("a", "v", "gw-1"))), "log a", "more than once"),
    (snapshot(organisation("G09.01", parent=code("G09"))), "organisation G09.01", "parent G09"),
    (snapshot(organisation("G09", level="sao hỏa")), "organisation G09", "level sao hỏa"),
    (snapshot(organisation("A1", to="A2", closed=DAY)), "organisation A1", "successor A2"),
    (snapshot(gateways=(GATEWAY,)), "gateway gw-1", "operator G22"),
    (snapshot(G09, representations=(speaks("gw-9", "G09"),)), "representation gw-9", "gateway gw-9"),
    (snapshot(G22, gateways=(GATEWAY,), representations=(speaks("gw-1", "X1"),)), "representation", "organisation X1"),
    (snapshot(certificates=(ENTRY,)), "certificate", "holder org:G09"),
    (snapshot(organisation("A1", parent=code("A1"))), "organisation A1", "above itself"),
    (
        snapshot(organisation("A1", parent=code("A2")), organisation("A2", parent=code("A1"))),
        "organisation A2",
        "above itself",
    ),
    (snapshot(organisation("A1", to="A1", closed=DAY)), "organisation A1", "succeeds itself"),
    (
        snapshot(
            organisation("A1", to="A2", closed=DAY), organisation("A2", to="A3 A1", closed=DAY), organisation("A3")
        ),
        "organisation A2",
        "succeeds itself",
    ),
    (
        snapshot(G22, gateways=(GATEWAY,), representations=(speaks("gw-1", "G22"), speaks("gw-1", "G22", DAY))),
        "organisation G22",
        "two gateways",
    ),
    (snapshot(replace(G09, code=code("000.00.00.G09"))), "organisation 000.00.00.G09", "first-generation"),
    (snapshot(replace(G09, name=" ")), "organisation G09", "no name"),
    (snapshot(organisation("A1", valid_from=DAY, closed=DAY - timedelta(days=1))), "A1", "before it begins"),
    (snapshot(organisation("A1", status=Status.CLOSED)), "A1", "without a closing day"),
    (snapshot(organisation("A1", to="A2"), organisation("A2")), "A1", "is not closed"),
    (
        snapshot(G22, gateways=(GATEWAY,), representations=(speaks("gw-1", "G22", DAY, DAY - timedelta(days=1)),)),
        "representation",
        "ends before",
    ),
    (snapshot(version=0), "version", "1 or more"),
    (snapshot(expires_at=NOW), "expires_at", "before it is issued"),
    (snapshot(issued_at=NOW.replace(tzinfo=None)), "issued_at", "time zone"),
    (snapshot(G09, certificates=(replace(ENTRY, thumbprint="x"),)), "certificate x", "another certificate"),
    (snapshot(G09, certificates=(replace(ENTRY, certificate=b"x"),)), "certificate", "cannot be read"),
    (snapshot(G09, certificates=(replace(ENTRY, holder="G09"),)), "certificate", "malformed"),
    (snapshot(G09, G22, certificates=(ENTRY, SAME_KEY)), "certificate", "this key is already of org:G09"),
    (snapshot(G09, certificates=(replace(ENTRY, valid_to=NOW + 2 * YEAR),)), "certificate", "beyond"),
]


@pytest.mark.parametrize(("unsound", "where", "english"), UNSOUND, ids=[each[2] for each in UNSOUND])
def test_each_fault_is_found_in_words_and_refused(unsound: Snapshot, where: str, english: str):
    findings = check(unsound)
    assert any(where in finding.where and english in finding.en for finding in findings), findings
    assert all(finding.vi for finding in findings)
    with pytest.raises(InvalidValue, match=r".+: .+"):
        publish(unsound, registry_signer())


def test_a_row_that_only_leads_into_a_loop_is_named_too():
    rows = (organisation("A1", to="A2", closed=DAY), organisation("A2", to="A2", closed=DAY))
    assert {finding.where for finding in check(snapshot(*rows))} == {"organisation A1", "organisation A2"}
