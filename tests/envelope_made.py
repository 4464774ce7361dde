"""Messages made for tests; everyone in them has a sample name."""

import io
import zipfile
from datetime import UTC, date, datetime

from lienthong.document import DocumentId, DocumentNumber, OrganisationCode, StatusCode, Urgency
from lienthong.envelope import (
    Attachment,
    Business,
    BusinessType,
    Edoc,
    OtherInfo,
    Party,
    ReceiverChange,
    Replacement,
    ResponseFor,
    Signer,
    Staff,
    StatusMessage,
    TraceHop,
    attach,
)

PDF = b"%PDF-1.7\n% van ban mau\n%%EOF\n"
SENDER = Party(OrganisationCode("H51.15"), "Sở Thí dụ", "UBND tỉnh Thí dụ", "1 đường Mẫu", "mau@example.vn", "0123")
RECIPIENT = Party(OrganisationCode("G22.01"), "Cơ quan Mẫu")
STAFF = Staff("Trần Thị Ví Dụ", "nv-1", "Văn thư", "vt", "vidu@example.vn", "0900000000")
FULL = Edoc(
    sender=SENDER,
    recipients=(RECIPIENT, Party(OrganisationCode("000.00.15.H51"), "Đơn vị mã cũ")),
    document_id=DocumentId("H51.15,2026/03/02,15/QĐ-STD"),
    number=DocumentNumber("15", "QĐ-STD"),
    place="Ví Dụ",
    issued=date(2026, 3, 2),
    kind_name="Quyết định",
    kind_number=2,
    subject="Về việc <thử> & “nghiệm”",
    content="Dòng một\nDòng hai",
    signer=Signer("TL. GIÁM ĐỐC", "Trưởng phòng", "Nguyễn Văn Mẫu"),
    due=date(2026, 3, 20),
    other=OtherInfo(Urgency.FLASH, "Nội bộ", "NVM", 2, 3, direction=True, appendixes=("Phụ lục I",)),
    responses=(
        ResponseFor(OrganisationCode("G22.01"), DocumentId("ID/1"), DocumentNumber("7", "CV"), date(2026, 1, 5)),
    ),
    steering=1,
    to_places=("Như trên", "Lưu: VT"),
    trace=(TraceHop(OrganisationCode("H51.15"), datetime(2026, 3, 2, 1, 0, tzinfo=UTC)),),
    business=Business(
        BusinessType.REPLACE,
        DocumentId("ID/2"),
        "Thay thế",
        paper=True,
        receivers=(ReceiverChange(OrganisationCode("G22.02"), added=True),),
        updates_document=True,
        replaces=(Replacement(DocumentId("ID/0"), (OrganisationCode("G22.01"),)),),
        staff=STAFF,
    ),
    attachments=attach([("van-ban.pdf", "application/pdf", PDF), ("phụ lục.pdf", "application/pdf", PDF * 3)]),
)
SMALL = Edoc(
    sender=Party(OrganisationCode("H51.15"), "Sở Thí dụ"),
    recipients=(RECIPIENT,),
    document_id=DocumentId("ID-1"),
    kind_name="Công văn",
    signer=Signer(full_name="Nguyễn Văn Mẫu"),
    subject="Văn bản mẫu",
    content="Văn bản mẫu",
    attachments=(Attachment.of("tep-1", "a.pdf", "application/pdf", PDF),),
)
STATUS = StatusMessage(
    sender=RECIPIENT,
    response=ResponseFor(
        OrganisationCode("H51.15"), FULL.document_id, DocumentNumber("15", "QĐ-STD"), date(2026, 3, 2)
    ),
    code=StatusCode.REFUSED,
    staff=STAFF,
    description="Gửi nhầm nơi nhận\nxin gửi lại",
    at=datetime(2026, 3, 2, 2, 30, tzinfo=UTC),
)


def zipped(*entries: tuple[str, bytes]) -> bytes:
    """A ZIP of these entries, deflated."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
