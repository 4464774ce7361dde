"""The papers of a conformance run: obviously samples, every one another document."""

import hashlib
import json
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

from lienthong.document import DocumentId, DocumentNumber, OrganisationCode
from lienthong.envelope import Edoc, Party, attach, write

NOTATION = "CV-THỬ"


@dataclass(frozen=True, slots=True)
class Sample:
    """Metadata as the desk takes it, and the files that go along: name and bytes."""

    metadata: dict[str, Any]
    files: tuple[tuple[str, bytes], ...] = field(repr=False)

    def form(self) -> list[tuple[str, Any]]:
        """As `multipart/form-data`."""
        said = ("metadata", (None, json.dumps(self.metadata, ensure_ascii=False).encode(), "application/json"))
        return [said, *(("files", (name, data, "application/pdf")) for name, data in self.files)]

    def but(self, **changes: Any) -> "Sample":
        """The same paper with other words."""
        return replace(self, metadata={**self.metadata, **changes})

    def digests(self) -> dict[str, str]:
        """SHA-256 in hex by file name."""
        return {name: hashlib.sha256(data).hexdigest() for name, data in self.files}


def letter(*recipients: str, files: int = 1, **changes: Any) -> Sample:
    """A good letter; every call another document."""
    number = str(uuid4().int % 10**9)
    said = {"number": number, "notation": NOTATION, "subject": f"Văn bản thử liên thông số {number}"}
    names = [f"{number}.pdf", *(f"{number}-phu-luc-{each}.pdf" for each in range(1, files))]
    return Sample({**said, "recipients": list(recipients), **changes}, tuple((name, pdf(name)) for name in names))


def pdf(mark: str, size: int = 0) -> bytes:
    """A small PDF of one empty page that no other is the same as; filled up to `size` bytes behind a comment."""
    rows = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    ]
    made, places = b"%PDF-1.7\n% " + mark.encode() + b"\n", []
    for number, row in enumerate(rows, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, row)
    made += b"%" + b"x" * max(0, size - len(made) - 200) + b"\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 4\n0000000000 65535 f \n" + table
    return made + head + b"trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(made)


def edxml(sender: str, *recipients: str, **changes: Any) -> bytes:
    """A letter as software of the national axis writes it: one edXML file with its attachment inside."""
    number = DocumentNumber(str(uuid4().int % 10**9), NOTATION)
    made = Edoc(
        sender=Party(OrganisationCode(sender), "Cơ quan thử"),
        recipients=tuple(Party(OrganisationCode(code), f"Nơi nhận {code}") for code in recipients),
        document_id=DocumentId(f"{sender},2026/11/02,{number}"),
        number=number,
        kind_name="Công văn",
        subject="Văn bản thử liên thông",
        content="Văn bản thử liên thông",
        attachments=attach([("van-ban.pdf", "application/pdf", pdf(str(number)))]),
    )
    return write(replace(made, **changes), {})
