"""The form check through real processes: asked for before sending, kept by the sender, found by the receiver."""

import time  # noqa: TID251 - waits for real processes
from contextlib import suppress
from dataclasses import replace

import pytest

import form_files
from lienthong.client import Desk, Document, File, Metadata
from lienthong.document import VIETNAM
from lienthong.errors import NotFound
from lienthong.testing.pki import MOMENT
from running_country import Country

pytestmark = pytest.mark.acceptance
SAID = Metadata(
    number="6",
    notation="QĐ-BNV",
    subject="Thử thể thức chữ ký",
    recipients=("G09",),
    issued=MOMENT.astimezone(VIETNAM).date().isoformat(),
    signer_name=form_files.SIGNER,
)


def test_findings_go_with_a_document_from_desk_to_desk(country: Country) -> None:
    files = [File("quyet-dinh.pdf", "application/pdf", form_files.main())]
    sender = country.desk("H29")
    before = {one.code for one in sender.form_check(replace(SAID, recipients=()), files)["quyet-dinh.pdf"]}
    assert {"number-differs", "chain-unknown", "no-trusted-time"} <= before
    sent = sender.send(SAID, files, "form-check-1")
    assert before <= {one.code for one in sent.findings["quyet-dinh.pdf"]}
    assert sent.reports["quyet-dinh.pdf"]["signatures"]
    assert sender.findings(sent.entry.id) == sent.findings
    received = _arrived(country.desk("G09"), sent.entry.id)
    found = next(one for one in received.findings["quyet-dinh.pdf"] if one.code == "number-differs")
    assert found.box is not None
    assert (found.severity, found.box.page) == ("error", 0)


def _arrived(desk: Desk, package: str) -> Document:
    """Once the receiver's gateway has looked at it."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        with suppress(NotFound):  # it is opened to the desk once the axis has confirmed it
            if (document := desk.document(package)).findings:
                return document
        time.sleep(0.3)
    raise AssertionError("it was not looked at")
