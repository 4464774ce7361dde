"""The demo's documents: composed by Decree 30, signed by the leader, then by the agency's seal."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lienthong.adapters.keys import KeyPair, SoftDocumentSigner
from lienthong.cli.demo.build import Place
from lienthong.cli.demo.country import BY_CODE, Agency
from lienthong.client import File, Metadata
from lienthong.document import VIETNAM, Urgency, by_name
from lienthong.layout import Draft, annex_words, compose, compose_annex, compose_corner
from lienthong.signature import Appearance, Role, leader_picture, seal_picture, sign


@dataclass(frozen=True, slots=True)
class Paper:
    """One sample document of the demo."""

    number: str
    sender: str
    recipients: tuple[str, ...]
    subject: str
    kind: str = "Công văn"
    urgency: Urgency = Urgency.NORMAL
    ttl: float | None = None
    annex_rows: int = 0
    body: tuple[str, ...] = ()
    issuer: Agency | None = None

    @property
    def message_id(self) -> str:
        """The sender's own id; a repeat of the demo's step is the same message."""
        return f"mau-{self.number}"

    @property
    def agency(self) -> Agency:
        """Who sends it."""
        return self.issuer or BY_CODE[self.sender]

    @property
    def notation(self) -> str:
        """By Decree 30: kind and agency; official letters carry no kind."""
        kind = by_name(self.kind)
        prefix = f"{kind.abbreviation}-" if kind and kind.abbreviation else ""
        return prefix + self.agency.notation


@dataclass
class Signers:
    """The sample keys of leaders and seals, each loaded once."""

    place: Place
    _loaded: dict[tuple[str, str], SoftDocumentSigner] = field(default_factory=dict)

    def of(self, code: str, whose: str) -> SoftDocumentSigner:
        """`leader` or `seal` of an agency."""
        if (code, whose) not in self._loaded:
            folder: Path = self.place.folder / "keys" / code
            pair = KeyPair.load(folder / f"{whose}.key", folder / f"{whose}.pem")
            self._loaded[code, whose] = pair.document_signer()
        return self._loaded[code, whose]


def finished(paper: Paper, signers: Signers, now: datetime | None = None) -> tuple[Metadata, list[File]]:
    """The signed PDF (and its annex), with what the desk must say of it."""
    moment = (now or datetime.now(UTC)).replace(microsecond=0)
    composed = compose(_draft(paper, moment), moment)
    agency = paper.agency
    leader = Appearance(leader_picture(agency.leader), composed.anchors.leader, seal_place=composed.anchors.seal)
    by_leader = sign(composed.pdf, signers.of(agency.code, "leader"), Role.LEADER, leader, moment)
    seal = Appearance(seal_picture(agency.name), composed.anchors.seal)
    sealed = sign(by_leader, signers.of(agency.code, "seal"), Role.SEAL, seal, moment + timedelta(seconds=1))
    files = [File(f"{paper.number}-{paper.notation}.pdf", "application/pdf", sealed)]
    if paper.annex_rows:
        files.append(_annex(paper, signers, moment + timedelta(seconds=2)))
    return _metadata(paper, moment, composed.pages), files


def _draft(paper: Paper, moment: datetime) -> Draft:
    agency = paper.agency
    return Draft(
        parent=BY_CODE[agency.parent].name if agency.parent else None,
        organisation=agency.name,
        number=paper.number,
        notation=paper.notation,
        place=agency.place,
        date=moment.astimezone(VIETNAM).date(),
        kind=paper.kind,
        subject=paper.subject,
        body=paper.body or BODY,
        recipients=tuple(BY_CODE[code].name if code in BY_CODE else code for code in paper.recipients),
        to_places=("Như trên;", "Lưu: VT."),
        authority=agency.authority,
        position=agency.position,
        signer_name=agency.leader,
        urgency=paper.urgency,
    )


BODY = tuple(
    """\
Thực hiện quy định về gửi, nhận văn bản điện tử giữa các cơ quan trong hệ thống hành chính nhà nước, cơ quan ban hành \
văn bản mẫu này để trình diễn việc ký số, gửi, nhận và theo dõi xử lý văn bản qua trục liên thông.
Đề nghị cơ quan nhận tiếp nhận, vào sổ, phân công xử lý và phản hồi trạng thái trên hệ thống. Văn bản này là mẫu, \
không có giá trị pháp lý; mọi tên người trong văn bản là tên mẫu.
Trân trọng./.""".splitlines()
)


def _annex(paper: Paper, signers: Signers, moment: datetime) -> File:
    """Separate annexes are signed by the agency in their corner (Decree 30/2020, Annex I, ô 14)."""
    rows = [(str(row), f"Chỉ tiêu mẫu số {row}", f"{row * 7 % 100} %") for row in range(1, paper.annex_rows + 1)]
    annex = compose_annex(f"Phụ lục – {paper.subject}", ("STT", "Nội dung", "Kết quả"), rows, moment=moment)
    words = compose_corner(annex_words(paper.number, paper.notation, moment), moment)
    place = Appearance(words, annex.anchors.corner)
    signed = sign(annex.pdf, signers.of(paper.sender, "seal"), Role.ANNEX, place, moment)
    return File(f"{paper.number}-phu-luc.pdf", "application/pdf", signed)


def _metadata(paper: Paper, moment: datetime, pages: int) -> Metadata:
    agency = paper.agency
    return Metadata(
        number=paper.number,
        notation=paper.notation,
        subject=paper.subject,
        recipients=paper.recipients,
        kind=paper.kind,
        issued=moment.astimezone(VIETNAM).date().isoformat(),
        place=agency.place,
        signer_name=agency.leader,
        signer_position=agency.position,
        signer_competence=" ".join(agency.authority),
        urgency=int(paper.urgency),
        to_places=("Như trên", "Lưu: VT"),
        pages=pages,
        staff=f"Văn thư Mẫu ({agency.short})",
        ttl_seconds=paper.ttl,
    )
