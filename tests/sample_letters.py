"""A set of packages of the shape other vendors write: one letter, its update, replacement and recall, nine statuses.

Everybody in it has a sample name; the files are dirty in the ways the wild is.
"""

import base64
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from envelope_made import PDF, zipped
from lienthong.document import DocumentId, DocumentNumber, OrganisationCode, StatusCode
from lienthong.envelope import (
    Business,
    BusinessType,
    Edoc,
    Party,
    ReceiverChange,
    Replacement,
    ResponseFor,
    Staff,
    StatusMessage,
    attach,
    write,
)

SENDER, RECEIVER = "000.00.00.G09", "000.00.00.H14"
RECIPIENTS = (RECEIVER, "000.00.00.H29", "000.00.00.G06")
NUMBER = DocumentNumber("15", "TB-MẪU")
DOCUMENT = DocumentId(f"{SENDER},2026/03/02,{NUMBER}")
Dirt = Callable[[bytes], bytes]


def party(code: str) -> Party:
    return Party(OrganisationCode(code), f"Cơ quan Mẫu {code[-3:]}", address="1 đường Ví Dụ", email="mau@example.vn")


def letter(business: Business, sender: str = SENDER, to: tuple[str, ...] = RECIPIENTS) -> Edoc:
    return Edoc(
        sender=party(sender),
        recipients=tuple(map(party, to)),
        document_id=DOCUMENT,
        number=NUMBER,
        place="Ví Dụ",
        issued=date(2026, 3, 2),
        kind_name="Công văn",
        subject="V/v thử liên thông (văn bản mẫu)",
        content="V/v thử liên thông (văn bản mẫu)",
        business=business,
        attachments=attach([("van-ban.pdf", "application/pdf", PDF), ("phụ lục.pdf", "application/pdf", PDF * 3)]),
    )


EARLIER = DocumentId(f"{SENDER},2026/01/02,7/TB-MẪU")
LETTERS = {
    "edoc_new": letter(Business(document_id=EARLIER), "000.00.00.Z80", ("28.22.Z17",)),
    "edoc_update": letter(
        Business(
            BusinessType.UPDATE,
            EARLIER,
            "Cập nhật nơi nhận",
            receivers=(
                ReceiverChange(OrganisationCode(RECEIVER), added=False),
                ReceiverChange(OrganisationCode(RECIPIENTS[1]), added=True),
            ),
        )
    ),
    "edoc_replacement": letter(
        Business(
            BusinessType.REPLACE,
            None,
            "Thay thế",
            replaces=(Replacement(EARLIER, (OrganisationCode(RECEIVER),)),) * 2,
        )
    ),
    "edoc_revocation": letter(Business(BusinessType.RECALL, None, "Thu hồi")),
}
STATUSES = {
    "inbox_01": "01",
    "rejection_02": "02",
    "acceptance_03": "03",
    "assignment_04": "04",
    "processing_05": "05",
    "finish_06": "06",
    "cancellation_13": "13",
    "change-acceptance_15": "15",
    "change-rejection_16": "16",
}


def status(code: str) -> StatusMessage:
    sender, about = (SENDER, RECEIVER) if code == "13" else (RECEIVER, SENDER)
    return StatusMessage(
        sender=party(sender),
        response=ResponseFor(OrganisationCode(about), DOCUMENT, NUMBER, date(2026, 3, 2)),
        staff=Staff("Trần Thị Ví Dụ", department="Văn thư", mobile="0900000000"),
        code=StatusCode(code),
        description=f"Trạng thái mẫu {code}",
        at=datetime(2026, 3, 3, 2, int(code), tzinfo=UTC),
    )


# ---------------------------------------------------------------- dirt (vn-rules §1.11–1.12)


def junk_before(data: bytes) -> bytes:
    return b"\xef\xbb\xbf\r\n \t" + data


def unprefixed(data: bytes) -> bytes:
    return data.replace(b"<edXML:", b"<").replace(b"</edXML:", b"</").replace(b"xmlns:edXML", b"xmlns")


def indented(data: bytes) -> bytes:
    return re.sub(rb"(</edXML:\w+>)(?=<)", rb"\1\r\n\t", data)


def other_dates(data: bytes) -> bytes:
    return data.replace(b"2026/03/02</edXML:PromulgationDate>", b"02/03/2026</edXML:PromulgationDate>")


def nulls(data: bytes) -> bytes:
    return data.replace(b"<edXML:Subject>", b"<edXML:Telephone>null</edXML:Telephone><edXML:Fax/><edXML:Subject>")


def zipped_files(data: bytes) -> bytes:
    packed = base64.b64encode(zipped(("van-ban.pdf", PDF)))
    return data.replace(base64.b64encode(PDF) + b"<", packed + b"<")


DIRT: dict[str, tuple[Dirt, ...]] = {
    "edoc_new": (nulls, junk_before),
    "edoc_update": (indented, other_dates),
    "edoc_replacement": (zipped_files, indented),
    "edoc_revocation": (nulls, other_dates),
    "status_inbox_01": (junk_before,),
    "status_acceptance_03": (indented, junk_before),
    "status_finish_06": (other_dates, indented),
}


def files() -> dict[str, bytes]:
    """The files by name."""
    made = {name: write(message, {}) for name, message in LETTERS.items()}
    made |= {f"status_{name}": write(status(code)) for name, code in STATUSES.items()}
    return {name: soiled(data, DIRT.get(name, ())) for name, data in made.items()}


def soiled(data: bytes, dirt: tuple[Dirt, ...]) -> bytes:
    for each in dirt:
        before, data = data, each(data)
        assert data != before, each.__name__
    return data


def written(folder: Path) -> Path:
    """The folder with all of them."""
    folder.mkdir()
    for name, data in files().items():
        (folder / f"{name}.edxml").write_bytes(data)
    return folder
