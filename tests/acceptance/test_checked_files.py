"""Checking through real processes: a file brought, attachments known by their digest on both sides, signed reports."""

from hashlib import sha256

import pytest

from lienthong.adapters.bootstrap import root_certificates
from lienthong.client import CheckedFile, Desk, File, Metadata, Paper
from lienthong.errors import NotFound
from lienthong.signature.judging import Trust
from lienthong.signature.reporting import verified
from running_country import Country, until
from unit.signature.documents import composed

pytestmark = pytest.mark.acceptance
TABLE = b"PK\x03\x04 bang so lieu kem theo"


def known(desk: Desk, data: bytes) -> CheckedFile | None:
    try:
        return desk.known_file(sha256(data).hexdigest())
    except NotFound:
        return None


def test_files_are_known_where_they_stand_and_reports_hold_offline(country: Country) -> None:
    sender, receiver = country.desk("H29"), country.desk("G09")
    pdf = sender.sign(Paper(composed().pdf, "V/v thử kiểm tra"), "leader", "Nguyễn Văn Mẫu", "leader", level="B-T")
    brought = sender.check_file(pdf)
    assert brought.report is not None
    assert brought.report["signatures"][0]["verdict"] == "valid"
    assert known(receiver, pdf) is None  # it was not sent anywhere yet
    files = [File("van-ban.pdf", "application/pdf", pdf), File("bang.xlsx", "application/octet-stream", TABLE)]
    said = Metadata("77", "CV-KT", "Thử kiểm tra tệp", ("G09",), signer_name="Nguyễn Văn Mẫu", issued="2026-11-22")
    sent = sender.send(said, files, "checked-files-1")
    for desk in (sender, receiver):
        for data, name in ((pdf, "van-ban.pdf"), (TABLE, "bang.xlsx")):
            found = until(lambda desk=desk, data=data: (file := known(desk, data)) and file.stands and file)  # type: ignore[misc]  # bound now
            assert [(each.name, each.document.id) for each in found.stands] == [(name, sent.entry.id)]
    token = receiver.signature_report(sha256(pdf).hexdigest()).decode()
    stated = verified(token, Trust("", root_certificates(country.place.root)))
    assert stated.statement.service == country.gateway_of("G09")
    assert stated.statement.report.signatures[0].level == "B-T"
    assert b"<h1>" in receiver.signature_report(sha256(pdf).hexdigest(), "html")
    assert known(country.desk("H29.03"), pdf) is None  # who has it not learns nothing of it
