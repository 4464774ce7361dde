"""Sending: what arrives, what is refused, what a repeat is worth."""

import base64
import socket
import ssl
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from lienthong.cli.conformance.model import Chapter
from lienthong.cli.conformance.sample import edxml, pdf
from lienthong.cli.conformance.stage import expect
from lienthong.cli.conformance.vxp.stage import System, VxpStage, printed
from lienthong.envelope import attach

CHAPTER = Chapter("VXP: gửi", "VXP: sending")
NOWHERE = "H00.KHONG.CO"


@CHAPTER.story("vxp-send", "Gói tin đến nơi nguyên vẹn từng byte", "a package arrives byte for byte")
def _(stage: VxpStage) -> None:
    data = edxml(stage.tested.code, stage.partner.code)
    item = stage.item(stage.tested, stage.tested.sends(data), stage.partner)
    row = stage.partner.waiting()[item]
    told = {name: row.get(name) for name in ("from", "to", "messageType", "status")}
    wanted = {"from": stage.tested.code, "to": stage.partner.code, "messageType": "edoc", "status": "initial"}
    expect(told == wanted, "Dòng phải nói đúng", "the row must be right", row)
    expect(stage.partner.takes(item) == data, "Phải nguyên vẹn", "it must be intact")


@CHAPTER.story("vxp-send-back", "Chiều ngược lại cũng vậy", "and the other way round")
def _(stage: VxpStage) -> None:
    data = edxml(stage.partner.code, stage.tested.code)
    item = stage.item(stage.partner, stage.partner.sends(data), stage.tested)
    expect(stage.tested.takes(item) == data, "Phải nguyên vẹn", "it must be intact")


@CHAPTER.story("vxp-send-many", "Nhiều nơi nhận, mỗi nơi một mục", "many receivers, an item each", "stranger")
def _(stage: VxpStage) -> None:
    receivers = (stage.partner, stage.stranger)
    sent = stage.tested.sends(edxml(stage.tested.code, *(each.code for each in receivers)))
    items = [stage.item(stage.tested, sent, each) for each in receivers]
    expect(len(set(items)) == 2, "Mỗi nơi một mã", "an id each", items)
    receivers[0].takes(items[0])
    stage.told(stage.tested, sent, receivers[0].code, receiveStatus="done")
    stage.told(stage.tested, sent, receivers[1].code, receiveStatus="initial")


@CHAPTER.story("vxp-send-repeat", "Gửi lại cùng tệp: vẫn là một gói tin", "the same file again is the same package")
def _(stage: VxpStage) -> None:
    data = edxml(stage.tested.code, stage.partner.code)
    first, again = stage.tested.sends(data), stage.system_of(stage.tested.code).sends(data)
    expect(first == again, "Phải ra cùng DocId", "must be the same DocId", (first, again))
    _comes_once(stage, data, first)


@CHAPTER.story("vxp-send-lost-answer", "Mất câu trả lời rồi gửi lại: một gói tin", "after a lost answer: one package")
def _(stage: VxpStage) -> None:
    data = edxml(stage.tested.code, stage.partner.code)
    _hang_up(stage, stage.tested, data)
    _comes_once(stage, data, stage.tested.sends(data))


def _comes_once(stage: VxpStage, data: bytes, sent: str) -> None:
    stage.item(stage.tested, sent, stage.partner)
    found = [item for item in stage.partner.waiting() if stage.partner.fetch(item) == data]
    expect(len(found) == 1, "Chỉ được một mục", "only one item", found)


def _hang_up(stage: VxpStage, system: System, data: bytes) -> None:
    """Ask, and go away without hearing the answer."""
    told = {"from": system.code, "servicetype": "eDoc", "messagetype": "edoc", "hash-file": printed(data)}
    system.headers.update({"Content-Type": "application/octet-stream", **told})
    where = urlsplit(system.place.url)
    secure, host = where.scheme == "https", where.hostname or ""
    head = [f"{name}: {value}" for name, value in system.signed().items()]
    lines = [f"POST {where.path}/sendEdoc HTTP/1.1", f"Host: {where.netloc}", f"Content-Length: {len(data)}", *head]
    with socket.create_connection((host, where.port or (443 if secure else 80)), timeout=30) as plain:
        line = _tls(stage, plain, host) if secure else plain
        line.sendall("\r\n".join([*lines, "", ""]).encode() + data)
        line.close()


def _tls(stage: VxpStage, plain: socket.socket, name: str) -> socket.socket:
    ca = stage.cast.ca
    return ssl.create_default_context(cafile=str(ca) if ca else None).wrap_socket(plain, server_hostname=name)


@CHAPTER.story("vxp-send-invalid", "Tệp hỏng: từ chối, vẫn có DocId", "a broken file is refused, DocId is there")
def _(stage: VxpStage) -> None:
    data = edxml(stage.tested.code, stage.partner.code)
    for wrong in (data[: len(data) // 2], b"", b"\xff\xd8 no edxml", b"<edXML/>"):
        stage.tested.post(wrong).refused()


@CHAPTER.story("vxp-send-unsafe", "Tệp có DTD: từ chối", "a file with a DTD is refused")
def _(stage: VxpStage) -> None:
    data = edxml(stage.tested.code, stage.partner.code)
    evil = data.replace(b"?>", b'?>\n<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>', 1)
    stage.tested.post(evil).refused()


@CHAPTER.story("vxp-send-base64", "Tệp mã hóa base64: từ chối", "a file in base64 is refused")
def _(stage: VxpStage) -> None:
    stage.tested.post(base64.b64encode(edxml(stage.tested.code, stage.partner.code))).refused()


@CHAPTER.story("vxp-send-mistyped", "Văn bản gửi như trạng thái: từ chối", "a document sent as a status is refused")
def _(stage: VxpStage) -> None:
    stage.tested.post(edxml(stage.tested.code, stage.partner.code), "status").refused()
    stage.tested.post(edxml(stage.tested.code, stage.partner.code), "khac").refused()


@CHAPTER.story("vxp-send-foreign", "Gửi thay cơ quan không được gọi thay: từ chối", "sending as another is refused")
def _(stage: VxpStage) -> None:
    stage.tested.post(edxml(stage.partner.code, stage.tested.code), sender=stage.partner.code).refused()


@CHAPTER.story("vxp-send-differs", "Nơi gửi trong phong bì khác tiêu đề: từ chối", "another sender inside is refused")
def _(stage: VxpStage) -> None:
    stage.tested.post(edxml(stage.partner.code, stage.tested.code)).refused()


@CHAPTER.story("vxp-send-unknown", "Nơi nhận không có: từ chối", "a receiver that does not exist is refused")
def _(stage: VxpStage) -> None:
    stage.tested.post(edxml(stage.tested.code, NOWHERE)).refused()


@CHAPTER.story("vxp-send-closed", "Mã đã đóng: đến nơi kế thừa", "closed: to its successor", "closed", "successor")
def _(stage: VxpStage) -> None:
    heir = stage.system_of(stage.cast.successor)
    data = edxml(stage.tested.code, stage.cast.closed)
    item = stage.item(stage.tested, stage.tested.sends(data), heir)
    expect(heir.takes(item) == data, "Phải nguyên vẹn", "it must be intact")


@CHAPTER.story("vxp-send-closed-unclear", "Mã đã đóng, không rõ kế thừa: từ chối", "unclear: refused", "unclear")
def _(stage: VxpStage) -> None:
    stage.tested.post(edxml(stage.tested.code, stage.cast.unclear)).refused()


@CHAPTER.story("vxp-send-represented", "Cơ quan trên máy chủ của cơ quan khác", "an agency on another's", "represented")
def _(stage: VxpStage) -> None:
    data = edxml(stage.partner.code, stage.represented.code)
    item = stage.item(stage.partner, stage.partner.sends(data), stage.represented)
    expect(stage.represented.takes(item) == data, "Phải nguyên vẹn", "it must be intact")


@CHAPTER.story("vxp-send-large", "Gói tin 16 MB nguyên vẹn", "a package of 16 MB arrives intact")
def _(stage: VxpStage) -> None:
    files = attach([("lon.pdf", "application/pdf", pdf(f"lớn {datetime.now(UTC)}", 12 * 2**20))])
    data = edxml(stage.tested.code, stage.partner.code, attachments=files)
    item = stage.item(stage.tested, stage.tested.sends(data), stage.partner)
    expect(stage.partner.takes(item) == data, "Phải nguyên vẹn", "it must be intact")


@CHAPTER.story("vxp-send-absent", "Máy chủ nhận đang tắt: giữ lại, không mất", "a gateway that is off: kept", "absent")
def _(stage: VxpStage) -> None:
    sent = stage.tested.sends(edxml(stage.tested.code, stage.cast.absent))
    row = stage.told(stage.tested, sent, stage.cast.absent, receiveStatus="initial")
    expect(row["sendStatus"] in {"processing", "done"}, "Phải đang gửi hoặc đã gửi", "under way", row)


@CHAPTER.story("vxp-send-expired", "Quá hạn mà không giao được: fail, có lý do", "expired: fail", "brief", "absent")
def _(stage: VxpStage) -> None:
    sent = stage.brief.sends(edxml(stage.brief.code, stage.cast.absent))
    row = stage.told(stage.brief, sent, stage.cast.absent, sendStatus="fail", receiveStatus="fail")
    expect(row["sendStatusDesc"].strip(), "Phải nói vì sao", "it must say why", row)


@CHAPTER.story(
    "vxp-sent-foreign", "Gói tin người khác gửi: như không có", "another's package does not exist", "stranger"
)
def _(stage: VxpStage) -> None:
    sent = stage.tested.sends(edxml(stage.tested.code, stage.partner.code))
    other = replace(stage.stranger, headers={**stage.stranger.headers, "messagetype": "edoc", "docId": sent})
    other.ask("/getSentEdocList").refused()
