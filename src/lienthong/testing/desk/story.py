"""What happened to a sample document: its journey, the reports of its receivers, and a signed page to look at."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from hashlib import sha256

from lienthong.client.model import Entry, Part, Recipient, StatusReport, Step
from lienthong.document import Urgency
from lienthong.layout import Draft, compose
from lienthong.testing.desk.people import name_of

_AXIS, _GATEWAY = "axis", "gw-h29"
_NAMES = {_AXIS: "Trục liên thông văn bản quốc gia", _GATEWAY: "Máy chủ bảo mật Thành phố Hồ Chí Minh"}
_OPENING = (
    "Thực hiện quy định về gửi, nhận văn bản điện tử giữa các cơ quan nhà nước, cơ quan ban hành đề nghị các nơi nhận "
    "phối hợp triển khai các nội dung sau đây (đây là văn bản mẫu, mọi tên người đều không có thật)."
)
REPORT = "status"  # an agency's own word: no hop's receipt stands behind the step
_WORDS = {
    "01": "Đã đến",
    "02": "Từ chối tiếp nhận",
    "03": "Đã tiếp nhận",
    "04": "Đã phân công",
    "05": "Đang xử lý",
    "06": "Hoàn thành",
}
_THERE = {"arrived", "delivered", "handed-over"}
_ORDER = ("01", "03", "04", "05", "06")


def steps(entry: Entry) -> tuple[Step, ...]:
    """The timeline in order, each step with the evidence that carries it."""
    found = sorted(_steps(entry), key=lambda step: step.at)
    return tuple(_with_evidence(step, n) for n, step in enumerate(found))


def _with_evidence(step: Step, n: int) -> Step:
    if step.kind == REPORT:
        return step
    return Step(
        step.at, step.hop, step.hop_name, step.kind, step.addressee, step.code, step.text_vi, step.text_en, str(n)
    )


def _steps(entry: Entry) -> Iterator[Step]:
    at = entry.recorded_at
    yield _step(
        at,
        _GATEWAY,
        "submission-accepted",
        "",
        "",
        "đã nhận gói tin từ cơ quan gửi",
        "took the package from the sender",
    )
    if any(r.state != "recorded" for r in entry.recipients):
        taken = at + timedelta(seconds=4)
        yield _step(taken, _AXIS, "submission-accepted", "", "", "đã nhận gói tin vào trục", "accepted the package")
    for recipient in entry.recipients:
        yield from _leg(recipient, at)


def _leg(recipient: Recipient, at: datetime) -> Iterator[Step]:
    who, name = recipient.recipient, recipient.name
    if recipient.redirected:
        yield _step(
            at + timedelta(seconds=5),
            _AXIS,
            "redirected",
            who,
            "",
            f"đã chuyển hướng đến cơ quan kế thừa: {name}",
            f"redirected to the successor: {name}",
        )
    if recipient.state == "expired":
        yield _step(
            at + timedelta(days=3),
            _AXIS,
            "expired",
            who,
            "",
            f"ghi nhận quá thời hạn gửi, chưa giao được cho {name}",
            f"recorded that time ran out before delivery to {name}",
        )
    if recipient.state in _THERE:
        yield _step(
            recipient.since,
            _AXIS,
            "consigned",
            who,
            "",
            f"đã giao gói tin vào hộp đến của {name}",
            f"placed the package in the inbox of {name}",
        )
    for report in reports_of(recipient):
        vi, en = f"{name}: {_WORDS[report.code]}.", f"{name}: {report.code}."
        yield Step(report.at, who, name, REPORT, who, report.code, vi, en, None)


def _step(at: datetime, hop: str, kind: str, addressee: str, code: str, vi: str, en: str) -> Step:
    return Step(at, hop, _NAMES[hop], kind, addressee, code, f"{_NAMES[hop]} {vi}.", f"{_NAMES[hop]} {en}.", None)


def reports_of(recipient: Recipient) -> tuple[StatusReport, ...]:
    """Every report up to the current status."""
    if not recipient.status or recipient.status_at is None:
        return ()
    path = ("01", "02") if recipient.status == "02" else _ORDER[: _ORDER.index(recipient.status) + 1]
    start = recipient.status_at - timedelta(minutes=2 * len(path))
    return tuple(
        StatusReport(
            code,
            start + timedelta(minutes=2 * (n + 1)),
            recipient.recipient,
            recipient.name,
            recipient.refusal_text if code == "02" else "",
            "Trần Thị Ví Dụ",
        )
        for n, code in enumerate(path)
    )


def parts(entry: Entry) -> tuple[Part, ...]:
    """The envelope, the signed page and, for the long ones, an annex."""
    names = ["van-ban.edxml", f"{entry.number}-{entry.notation}.pdf"]
    names += ["Phụ lục kèm theo.pdf"] if len(entry.subject) > 120 else []
    return tuple(Part(name, _type(name), len(b := content(entry, name)), sha256(b).hexdigest()) for name in names)


def _type(name: str) -> str:
    return "application/pdf" if name.endswith(".pdf") else "application/xml"


def content(entry: Entry, name: str) -> bytes:
    """The bytes of a part."""
    if not name.endswith(".pdf"):
        return f"<edXML>{entry.id}</edXML>".encode()
    return _page(
        entry.sender_name,
        entry.number,
        entry.notation,
        entry.kind,
        entry.subject,
        entry.issued,
        entry.signer,
        entry.urgency,
    )


@cache
def _page(
    sender: str, number: str, notation: str, kind: str, subject: str, issued: str, signer: str, urgency: int
) -> bytes:
    body = (
        _OPENING,
        "1. Rà soát, tổng hợp số liệu và báo cáo đúng thời hạn đã nêu.",
        "2. Phân công một đồng chí lãnh đạo chịu trách nhiệm, một đầu mối liên hệ.",
        "3. Trong quá trình thực hiện, nếu có khó khăn, vướng mắc, kịp thời phản ánh để được hướng dẫn, giải quyết.",
    )
    draft = Draft(sender, number, notation, "Thành phố Hồ Chí Minh", date.fromisoformat(issued), kind, subject, body,
                  "Chủ tịch", signer, recipients=("Như Nơi nhận",), to_places=("Như trên", "Lưu: VT"),
                  urgency=Urgency(urgency))  # fmt: skip
    return compose(draft).pdf


def report(entry: Entry) -> dict[str, object]:
    """What the gateway's signature check tells of the main page, as `lienthong.signature.Report.as_dict`."""
    at = entry.recorded_at - timedelta(minutes=30)
    leader = _facts(
        "leader", entry.signer, at, f"Chữ ký của {entry.signer} hợp lệ.", f"The signature of {entry.signer} is valid."
    )
    name = name_of(entry.sender)
    seal = _facts(
        "seal", name, at + timedelta(minutes=5), f"Con dấu của {name} hợp lệ.", f"The seal of {name} is valid."
    )
    return {
        "conclusion": "valid",
        "legal_value": "original",
        "unsigned": False,
        "sentence_vi": "Đủ chữ ký của người có thẩm quyền và con dấu của cơ quan; tất cả hợp lệ.",
        "sentence_en": "The leader's signature and the agency's seal are both there and valid.",
        "signatures": [leader, seal],
        "notes": [],
    }


def _facts(role: str, who: str, at: datetime, vi: str, en: str) -> dict[str, object]:
    return {
        "role": role,
        "signer": who,
        "claimed_time": at.isoformat(),
        "verdict": "valid",
        "sentence_vi": vi,
        "sentence_en": en,
    }
