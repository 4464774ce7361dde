"""What the counterpart sends: composed by Decree 30, signed by its sample people, or as odd as old software."""

import hashlib
import io
import zipfile
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from lienthong.cli.conformance.sample import pdf
from lienthong.cli.demo.country import Agency
from lienthong.cli.demo.papers import Paper, Signers, finished
from lienthong.client import Entry, File, Metadata
from lienthong.document import DocumentId, DocumentNumber, OrganisationCode
from lienthong.envelope import Edoc, Party, Signer, attach, write

ALSO = "H29.51"
"""A ward that an update leaves among the receivers."""
_EPOCH = (2026, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Made:
    """A document to be handed in."""

    metadata: Metadata
    files: list[File] = field(repr=False)

    def saying(self, **more: Any) -> "Made":
        """The same with other words in its metadata."""
        return replace(self, metadata=replace(self.metadata, **more))

    def with_filler(self, megabytes: int) -> "Made":
        """The same with a large file beside."""
        filler = pdf(self.metadata.number, megabytes * 2**20)
        return replace(self, files=[*self.files, File("phu-luc-lon.pdf", "application/pdf", filler)])


@dataclass(frozen=True, slots=True)
class Papers:
    """The counterpart's writing desk."""

    issuer: Agency
    signers: Signers

    def paper(self, subject: str, asked: Entry, *, also: bool = False) -> Made:
        """A signed document to whoever asked for it."""
        to = (asked.sender, ALSO) if also else (asked.sender,)
        made = Paper(_number(asked, subject), self.issuer.code, to, subject, issuer=self.issuer)
        return Made(*finished(made, self.signers, datetime.now(UTC)))

    def legacy(self, asked: Entry) -> bytes:
        """An edXML file as older producers write: days the other way round, null, ZIPs that claim to be PDFs."""
        number = DocumentNumber(_number(asked, "mẫu cũ"), self.issuer.notation)
        said = f"Gói tin lệch mẫu theo yêu cầu {asked.number}"
        message = Edoc(
            sender=Party(OrganisationCode(self.issuer.code), self.issuer.name),
            recipients=(Party(OrganisationCode(asked.sender), asked.sender_name),),
            document_id=DocumentId(f"{self.issuer.code},2026/11/02,{number}"),
            number=number,
            issued=date(2026, 11, 2),
            kind_name="Công văn",
            subject=said,
            content=said,
            signer=Signer(full_name=self.issuer.leader),
            attachments=attach([("van-ban.pdf", "application/pdf", _zipped(pdf(str(number))))]),
        )
        good = write(message, {})
        odd = good.replace(b"PromulgationDate>2026/11/02<", b"PromulgationDate>02/11/2026<")
        return b"1212" + odd.replace(b"<edXML:SteeringType>1<", b"<edXML:SteeringType>null<")


def _number(asked: Entry, subject: str) -> str:
    """Follows from what was asked, so that a repeat is the same document."""
    return str(int(hashlib.sha256(f"{asked.id} {subject}".encode()).hexdigest()[:8], 16) % 90000 + 10000)


def _zipped(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("1b4e28ba-2fa1-11d2-883f-0016d3cca427.pdf", _EPOCH), data)
    return buffer.getvalue()
