"""What happens to a document later: statuses, recall, update, replacement; all of them packages."""

from datetime import UTC, datetime
from uuid import uuid4

from lienthong.cli.conformance.model import Chapter
from lienthong.cli.conformance.sample import NOTATION, edxml
from lienthong.cli.conformance.stage import expect
from lienthong.cli.conformance.vxp.stage import System, VxpStage
from lienthong.document import DocumentId, DocumentNumber, OrganisationCode, StatusCode
from lienthong.envelope import (
    Business,
    BusinessType,
    Edoc,
    Party,
    ReceiverChange,
    Replacement,
    ResponseFor,
    StatusMessage,
    read,
    write,
)

CHAPTER = Chapter("VXP: trạng thái, thu hồi, cập nhật, thay thế", "VXP: statuses, recall, update, replacement")


class Paper:
    """A document of the sender's at its receiver, and what both do with it."""

    def __init__(self, stage: VxpStage, sender: System, receiver: System) -> None:
        self.stage, self.sender, self.receiver = stage, sender, receiver
        self.number = DocumentNumber(str(uuid4().int % 10**9), NOTATION)
        self.id = DocumentId(f"{sender.code},2026/11/02,{self.number}")
        sent = sender.sends(self.edoc(receiver.code))
        receiver.takes(stage.item(sender, sent, receiver))

    def edoc(self, *codes: str, business: Business | None = None) -> bytes:
        """The document, or what is said of it later."""
        told = {"document_id": self.id, "number": self.number, "business": business or Business()}
        return edxml(self.sender.code, *codes, **told)

    def status(self, code: str, description: str = "", sender: System | None = None) -> bytes:
        """A status about it."""
        whose = sender or self.receiver
        about = ResponseFor(OrganisationCode(self.sender.code), self.id, self.number)
        party = Party(OrganisationCode(whose.code), "Cơ quan thử")
        now = datetime.now(UTC)
        return write(
            StatusMessage(sender=party, response=about, code=StatusCode(code), description=description, at=now)
        )

    def reports(self, code: str, description: str = "") -> None:
        """The receiver reports, the sender gets it and reads the same."""
        sent = self.receiver.sends(self.status(code, description), "status")
        item = self.stage.item(self.receiver, sent, self.sender, "status")
        message = read(self.sender.takes(item)).message
        expect(isinstance(message, StatusMessage), "Phải là trạng thái", "must be a status", message)
        told = (str(message.code), message.description) if isinstance(message, StatusMessage) else ()
        expect(told == (code, description), "Phải đọc được đúng", "must be read right", told)

    def asks(self, business: Business, *codes: str) -> Edoc | None:
        """The sender asks for a change; what the receiver reads of it."""
        receivers = (self.receiver.code, *codes)
        sent = self.sender.sends(self.edoc(*receivers, business=business))
        message = read(self.receiver.takes(self.stage.item(self.sender, sent, self.receiver))).message
        return message if isinstance(message, Edoc) else None


@CHAPTER.story("vxp-status-life", "01 đến 06 về tới nơi gửi", "01 to 06 come to the sender")
def _(stage: VxpStage) -> None:
    paper = Paper(stage, stage.partner, stage.tested)
    for code in ("01", "03", "04", "05", "06"):
        paper.reports(code, "Thử")


@CHAPTER.story("vxp-refuse", "Từ chối (02) có lý do: nơi gửi đọc được", "02 with its reason is read by the sender")
def _(stage: VxpStage) -> None:
    paper = Paper(stage, stage.partner, stage.tested)
    paper.reports("02", "Không thuộc thẩm quyền – thử")


@CHAPTER.story("vxp-status-order", "Trạng thái nhảy lùi: từ chối", "a status out of order is refused")
def _(stage: VxpStage) -> None:
    paper = Paper(stage, stage.partner, stage.tested)
    paper.reports("03")
    paper.reports("06")
    for code in ("04", "01", "03"):
        stage.tested.post(paper.status(code, "Muộn"), "status").refused()


@CHAPTER.story("vxp-status-foreign", "Trạng thái văn bản không nhận: từ chối", "a foreign document's status is refused")
def _(stage: VxpStage) -> None:
    paper = Paper(stage, stage.tested, stage.partner)
    stage.tested.post(paper.status("03", sender=stage.tested), "status").refused()
    paper.id = DocumentId("chưa từng có văn bản này")
    stage.tested.post(paper.status("03", sender=stage.tested), "status").refused()


@CHAPTER.story("vxp-recall-early", "Thu hồi trước khi vào sổ, đồng ý (15)", "recalled before it is registered, 15")
def _(stage: VxpStage) -> None:
    paper = Paper(stage, stage.partner, stage.tested)
    _recalled(paper)
    paper.reports("15", "Đồng ý")


@CHAPTER.story("vxp-recall-late", "Thu hồi sau khi vào sổ, không đồng ý (16)", "recalled after it is registered, 16")
def _(stage: VxpStage) -> None:
    paper = Paper(stage, stage.partner, stage.tested)
    paper.reports("03")
    _recalled(paper)
    paper.reports("16", "Đã thi hành – thử")


def _recalled(paper: Paper) -> None:
    business = Business(type=BusinessType.RECALL, document_id=paper.id, reason="Ban hành nhầm – thử")
    message = paper.asks(business)
    told = message and message.business.type
    expect(told is BusinessType.RECALL, "Nơi nhận phải thấy yêu cầu thu hồi", "the receiver must see a recall", told)


@CHAPTER.story("vxp-answer-unasked", "Không ai hỏi thì không trả lời 15", "15 needs a question")
def _(stage: VxpStage) -> None:
    paper = Paper(stage, stage.partner, stage.tested)
    paper.reports("03")
    stage.tested.post(paper.status("15", "Đồng ý"), "status").refused()


@CHAPTER.story("vxp-update", "Cập nhật: thêm nơi nhận", "an update adds a receiver", "stranger")
def _(stage: VxpStage) -> None:
    paper = Paper(stage, stage.tested, stage.partner)
    added = ReceiverChange(OrganisationCode(stage.stranger.code), added=True)
    business = Business(BusinessType.UPDATE, paper.id, "Bổ sung nơi nhận – thử", receivers=(added,))
    data = paper.edoc(stage.partner.code, stage.stranger.code, business=business)
    sent = stage.tested.sends(data)
    item = stage.item(stage.tested, sent, stage.stranger)
    expect(stage.stranger.takes(item) == data, "Nơi thêm phải nhận được", "the added one must get it")


@CHAPTER.story("vxp-replace", "Thay thế: nơi nhận thấy văn bản nào bị thay", "a replacement says what it replaces")
def _(stage: VxpStage) -> None:
    paper = Paper(stage, stage.partner, stage.tested)
    old, paper.number = paper.id, DocumentNumber(str(uuid4().int % 10**9), NOTATION)
    paper.id = DocumentId(f"{stage.partner.code},2026/11/02,{paper.number}")
    message = paper.asks(Business(BusinessType.REPLACE, reason="Số liệu sai – thử", replaces=(Replacement(old),)))
    told = [each.document_id for each in message.business.replaces] if message else []
    expect(told == [old], "Phải nói văn bản bị thay", "it must name what is replaced", told)


@CHAPTER.story("vxp-replace-foreign", "Không thay thế văn bản của cơ quan khác", "nobody replaces another's document")
def _(stage: VxpStage) -> None:
    theirs = Paper(stage, stage.partner, stage.tested)
    number = DocumentNumber(str(uuid4().int % 10**9), NOTATION)
    business = Business(BusinessType.REPLACE, reason="Thử", replaces=(Replacement(theirs.id),))
    own = DocumentId(f"{stage.tested.code},2026/11/02,{number}")
    data = edxml(stage.tested.code, stage.partner.code, document_id=own, number=number, business=business)
    stage.tested.post(data).refused()
