"""Handing in: what is taken, what is refused, and what a repeat is worth."""

import socket
import ssl
from urllib.parse import urlsplit

from lienthong.cli.conformance.model import Chapter
from lienthong.cli.conformance.sample import Sample, edxml, letter
from lienthong.cli.conformance.stage import Seat, Stage, expect, own_id

CHAPTER = Chapter("Gửi", "Sending")


@CHAPTER.story("send", "Văn bản đến nơi nguyên vẹn từng byte", "a document arrives byte for byte")
def _(stage: Stage) -> None:
    paper = letter(stage.partner.code, files=2)
    package = stage.tested.sends(paper)["entry"]["id"]
    there = stage.arrives(stage.partner, package)
    expect(there["entry"]["sender"] == stage.tested.code, "Nơi gửi phải đúng", "the sender must be right", there)
    expect(there["entry"]["subject"] == paper.metadata["subject"], "Trích yếu phải giữ nguyên", "the subject stays")
    digests = {part["name"]: part["sha256"] for part in there["parts"]}
    for name, digest in paper.digests().items():
        expect(digests.get(name) == digest, f"Tệp {name} phải nguyên vẹn", f"file {name} must be intact", digests)
    came = stage.partner.ask("GET", f"/v1/documents/{package}/files/{paper.files[0][0]}")
    expect(came.content == paper.files[0][1], "Tệp tải về phải nguyên vẹn", "the downloaded file must be intact")


@CHAPTER.story("send-many", "Nhiều nơi nhận, mỗi nơi một tiến độ", "many receivers, each with its progress", "stranger")
def _(stage: Stage) -> None:
    codes = [stage.partner.code, stage.stranger.code, *([stage.cast.absent] if stage.cast.absent else [])]
    sent = stage.tested.sends(letter(*codes))
    rows = {row["addressee"] for row in sent["entry"]["recipients"]}
    expect(rows == set(codes), "Mỗi nơi nhận phải có một dòng", "each receiver must have a line", rows)
    stage.taken(stage.partner, sent["entry"]["id"])
    stage.arrives(stage.stranger, sent["entry"]["id"])
    package, vi, en = sent["entry"]["id"], "Nơi gửi phải thấy đã nhận", "the sender must see the hand-over"
    stage.leg(stage.tested, package, stage.partner.code, vi, en, state="handed-over")
    stage.leg(
        stage.tested, package, stage.stranger.code, "Nơi kia chưa nhận", "the other has not yet", state="delivered"
    )


@CHAPTER.story("send-words", "Tiếng Việt, tên tệp, mức khẩn giữ nguyên", "Vietnamese, file names, urgency stay")
def _(stage: Stage) -> None:
    name = "Quyết định về việc ưu đãi người có công – Phụ lục số 1.pdf"
    subject = "V/v “hướng dẫn” & <thực hiện> quy chế: ẤỂỖỘỰ ằẳẵặ đ"
    paper = letter(stage.partner.code, subject=subject, urgency=2, signer_name="Nguyễn Thị Thử")
    paper = Sample(paper.metadata, ((name, paper.files[0][1]),))
    there = stage.arrives(stage.partner, stage.tested.sends(paper)["entry"]["id"])
    told = {key: there["entry"][key] for key in ("subject", "urgency", "signer")}
    expect(told["subject"] == subject, "Trích yếu phải giữ nguyên", "the subject must stay", told)
    expect(told["urgency"] == 2, "Mức khẩn phải giữ nguyên", "the urgency must stay", told)
    names = [part["name"] for part in there["parts"]]
    expect(name in names, "Tên tệp phải giữ nguyên", "the file's name must stay", names)


@CHAPTER.story("send-repeat", "Gửi lại cùng mã: vẫn là một văn bản", "the same id again is the same document")
def _(stage: Stage) -> None:
    paper, package = letter(stage.partner.code), own_id()
    first = stage.tested.hand_in(paper, package).good(201, "Gửi văn bản", "sending")["entry"]["id"]
    again = stage.tested.hand_in(paper, package).good(201, "Gửi lại", "sending again")["entry"]["id"]
    expect(again == first, "Gửi lại phải ra cùng một văn bản", "a repeat must be the same document", (first, again))
    _arrives_once(stage, paper)


@CHAPTER.story("send-differs", "Cùng mã, nội dung khác: từ chối", "the same id with other content is refused")
def _(stage: Stage) -> None:
    paper, package = letter(stage.partner.code), own_id()
    first = stage.tested.hand_in(paper, package).good(201, "Gửi văn bản", "sending")["entry"]["id"]
    stage.tested.hand_in(paper.but(subject="Nội dung khác"), package).refused("duplicate-differs", status=409)
    kept = stage.tested.document(first)["entry"]["subject"]
    expect(kept == paper.metadata["subject"], "Văn bản đầu phải giữ nguyên", "the first must stand", kept)


@CHAPTER.story("send-lost-answer", "Mất câu trả lời rồi gửi lại: một văn bản", "after a lost answer: one document")
def _(stage: Stage) -> None:
    paper, package = letter(stage.partner.code), own_id()
    _hang_up(stage, stage.tested, paper, package)
    stage.tested.hand_in(paper, package).good(201, "Gửi lại", "sending again")
    _arrives_once(stage, paper)


def _hang_up(stage: Stage, seat: Seat, paper: Sample, package: str) -> None:
    """Ask, and go away without hearing the answer."""
    request = stage.http.build_request("PUT", f"{seat.place.url}/v1/outgoing/{package}", files=paper.form())
    request.headers["Authorization"] = f"Bearer {seat.place.token}"
    whole = request.read()
    head = [f"PUT /v1/outgoing/{package} HTTP/1.1", *(f"{name}: {value}" for name, value in request.headers.items())]
    parts = urlsplit(seat.place.url)
    secure = parts.scheme == "https"
    with socket.create_connection((parts.hostname or "", parts.port or (443 if secure else 80)), timeout=30) as plain:
        line = _tls(stage, plain, parts.hostname or "") if secure else plain
        line.sendall("\r\n".join([*head, "", ""]).encode() + whole)
        line.close()


def _tls(stage: Stage, plain: socket.socket, name: str) -> socket.socket:
    ca = stage.cast.ca
    return ssl.create_default_context(cafile=str(ca) if ca else None).wrap_socket(plain, server_hostname=name)


def _arrives_once(stage: Stage, paper: Sample) -> None:
    number = paper.metadata["number"]
    query = {"text": number, "limit": 50}

    def found() -> list[str]:
        page = stage.partner.ask("GET", "/v1/incoming", params=query).good(200, "Văn bản đến", "incoming")
        return [entry["id"] for entry in page["entries"] if entry["number"] == number]

    stage.until(found, "Văn bản phải đến", "the document must arrive")
    sent = stage.tested.ask("GET", "/v1/outgoing", params=query).good(200, "Văn bản đi", "outgoing")["entries"]
    twice = len(found()) > 1 or sum(entry["number"] == number for entry in sent) > 1
    expect(not twice, "Chỉ được có một văn bản", "there must be one document", (found(), len(sent)))


@CHAPTER.story("send-unknown", "Nơi nhận không có trong danh bạ: từ chối", "a receiver nobody knows is refused")
def _(stage: Stage) -> None:
    paper = letter("Z99.98")
    stage.tested.hand_in(paper, own_id()).refused("recipient-unknown", status=422)
    _nothing_kept(stage, paper)


@CHAPTER.story("send-partly-unknown", "Một nơi nhận sai: cả văn bản không đi", "one wrong receiver: nothing goes out")
def _(stage: Stage) -> None:
    paper = letter(stage.partner.code, "Z99.98")
    stage.tested.hand_in(paper, own_id()).refused("recipient-unknown", status=422)
    _nothing_kept(stage, paper)


def _nothing_kept(stage: Stage, paper: Sample) -> None:
    query = {"text": paper.metadata["number"]}
    kept = stage.tested.ask("GET", "/v1/outgoing", params=query).good(200, "Văn bản đi", "outgoing")["entries"]
    expect(not kept, "Bị từ chối thì không giữ lại gì", "what is refused leaves nothing behind", kept)


@CHAPTER.story(
    "send-closed", "Mã đã đóng: chuyển đến nơi kế thừa", "a closed code goes to its successor", "closed", "successor"
)
def _(stage: Stage) -> None:
    heir = stage.seat_of(stage.cast.successor)
    package = stage.tested.sends(letter(stage.cast.closed))["entry"]["id"]
    there = stage.arrives(heir, package)["entry"]["recipients"][0]
    expect(there["redirected"], "Phải ghi rõ đã chuyển tiếp", "the redirection must be visible", there)
    row = stage.tested.document(package)["entry"]["recipients"][0]
    right = (row["addressee"], row["recipient"]) == (stage.cast.closed, stage.cast.successor)
    expect(right and row["redirected"], "Nơi gửi phải thấy nơi kế thừa", "the sender must see the successor", row)


@CHAPTER.story("send-closed-unclear", "Mã đã đóng, không rõ nơi kế thừa: từ chối", "a fork is refused", "unclear")
def _(stage: Stage) -> None:
    stage.tested.hand_in(letter(stage.cast.unclear), own_id()).refused("recipient-closed", status=422)


@CHAPTER.story("send-represented", "Cơ quan dùng chung máy chủ gửi nhân danh mình", "a tenant sends", "represented")
def _(stage: Stage) -> None:
    package = stage.represented.sends(letter(stage.partner.code))["entry"]["id"]
    there = stage.arrives(stage.partner, package)["entry"]
    expect(there["sender"] == stage.represented.code, "Nơi gửi phải đúng", "the sender must be the tenant", there)


@CHAPTER.story(
    "send-revoked", "Chứng thư niêm phong bị thu hồi: không gửi được", "a revoked seal is refused", "revoked"
)
def _(stage: Stage) -> None:
    answer = stage.revoked.hand_in(letter(stage.partner.code), own_id())
    if answer.status < 400:  # the gateway may take it and be told by the axis
        package, vi, en = answer.json["entry"]["id"], "Trục phải từ chối", "the axis must refuse"
        row = stage.leg(stage.revoked, package, stage.partner.code, vi, en, state="refused")
        expect(row["refusal"] == "seal-key-revoked", "Phải nói vì sao", "must say why", row)
    else:
        answer.refused("seal-key-revoked")


@CHAPTER.story("send-secret", "Văn bản mật không được lên trục", "a secret document is refused")
def _(stage: Stage) -> None:
    for secrecy in ("Mật", "Tối mật", "Tuyệt mật"):
        answer = stage.tested.hand_in(letter(stage.partner.code, secrecy=secrecy), own_id())
        answer.refused("secret-not-allowed", status=422)


@CHAPTER.story("send-empty", "Thiếu nơi nhận, số hoặc trích yếu: từ chối", "missing data is refused")
def _(stage: Stage) -> None:
    for field, nothing in (("recipients", []), ("number", ""), ("subject", "")):
        paper = letter(stage.partner.code).but(**{field: nothing})
        stage.tested.hand_in(paper, own_id()).refused("invalid-value", status=400)


@CHAPTER.story(
    "send-name-control", "Tên tệp có ký tự điều khiển không đi được", "control characters in names do not pass"
)
def _(stage: Stage) -> None:
    paper = letter(stage.partner.code)
    odd = Sample(paper.metadata, (("..%2f..\u202efdp.exe", paper.files[0][1]),))
    answer = stage.tested.hand_in(odd, own_id())
    if answer.status == 201:  # taken under a clean name
        names = [part["name"] for part in answer.json["parts"]]
        clean = all(name.isprintable() and "/" not in name for name in names)
        expect(clean, "Tên tệp phải được làm sạch", "the name must be cleaned", names)
    else:
        answer.refused("invalid-value", "part-unexpected", "package-malformed")


@CHAPTER.story("edxml", "Tệp edXML đi nguyên văn", "an edXML file travels verbatim")
def _(stage: Stage) -> None:
    data = edxml(stage.tested.code, stage.partner.code)
    answer = stage.tested.ask("PUT", f"/v1/outgoing/{own_id()}", content=data, headers=XML)
    package = answer.good(201, "Gửi tệp edXML", "sending an edXML file")["entry"]["id"]
    stage.arrives(stage.partner, package)
    came = stage.partner.ask("GET", f"/v1/documents/{package}/files/message.edxml")
    expect(came.content == data, "Tệp edXML phải giữ nguyên từng byte", "the edXML file must be verbatim", came.told)


XML = {"Content-Type": "application/xml"}
ENTITY = b'<!DOCTYPE edXML [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


@CHAPTER.story("edxml-broken", "edXML hỏng bị từ chối bằng lời", "broken edXML is refused in words")
def _(stage: Stage) -> None:
    whole = edxml(stage.tested.code, stage.partner.code)
    for data in (whole[: len(whole) // 2], b"<edXML/>", b"khong phai xml"):
        answer = stage.tested.ask("PUT", f"/v1/outgoing/{own_id()}", content=data, headers=XML)
        answer.refused("envelope-unreadable", "envelope-unsafe", "package-malformed", "invalid-value")


@CHAPTER.story("edxml-entity", "edXML khai báo thực thể bị từ chối", "edXML with entities is refused")
def _(stage: Stage) -> None:
    head, rest = edxml(stage.tested.code, stage.partner.code).split(b"?>", 1)
    answer = stage.tested.ask("PUT", f"/v1/outgoing/{own_id()}", content=head + b"?>" + ENTITY + rest, headers=XML)
    answer.refused("envelope-unsafe")


@CHAPTER.story("edxml-other-sender", "Không gửi thay cơ quan khác", "nobody sends in another's name")
def _(stage: Stage) -> None:
    data = edxml(stage.partner.code, stage.partner.code)
    answer = stage.tested.ask("PUT", f"/v1/outgoing/{own_id()}", content=data, headers=XML)
    answer.refused("sender-not-represented", "not-allowed", "invalid-value")


@CHAPTER.story(
    "expired", "Quá hạn mà không giao được: hết hạn, có bằng chứng", "what is not delivered expires", "absent"
)
def _(stage: Stage) -> None:
    package = stage.tested.sends(letter(stage.cast.absent), ttl_seconds=2)["entry"]["id"]
    vi, en = "Phải hết hạn", "it must expire"
    stage.leg(stage.tested, package, stage.cast.absent, vi, en, state="expired")
    proofs = lambda: [x for x in stage.tested.document(package)["steps"] if x["kind"] == "expired" and x["evidence"]]  # noqa: E731  asked again and again
    stage.until(proofs, "Hết hạn phải có biên nhận", "expiry must have a receipt")


@CHAPTER.story("cancel-late", "Đã lên trục thì không hủy, chỉ thu hồi", "what the axis has is recalled, not cancelled")
def _(stage: Stage) -> None:
    package = stage.tested.sends(letter(stage.partner.code))["entry"]["id"]
    stage.arrives(stage.partner, package)
    vi, en = "Nơi gửi phải thấy đã giao", "the sender must see the delivery"
    stage.leg(stage.tested, package, stage.partner.code, vi, en, state="delivered")
    stage.tested.ask("POST", f"/v1/documents/{package}/cancel", json={"reason": "Thử"}).refused(
        "illegal-move", status=409
    )
