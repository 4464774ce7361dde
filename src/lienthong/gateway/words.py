"""The timeline in plain words, Vietnamese first."""

from lienthong.delivery import Step
from lienthong.delivery.outbox import UNHEARD
from lienthong.document import OrganisationCode, StatusCode
from lienthong.errors import by_code
from lienthong.evidence import EventKind
from lienthong.registry import Directory

_ASKED = {
    "1": ("yêu cầu thu hồi văn bản", "asked to recall the document"),
    "2": ("yêu cầu cập nhật văn bản", "asked to update the document"),
    "3": ("gửi văn bản thay thế", "sent a replacement"),
}


def step_words(step: Step, directory: Directory) -> tuple[str, str]:
    """What happened, who did it, to whom, why: one sentence each."""
    if step.kind == "status":
        return _status(step, directory)
    if step.kind == "asked":
        vi, en = _ASKED.get(step.code, _ASKED["2"])
        who = _name(step.hop, directory)
        return f"{who} {vi}{_because(step.text)}.", f"{who} {en}{_because(step.text)}."
    if step.kind == UNHEARD:
        return _unheard(step)
    if step.kind not in EventKind.__members__.values():
        return _unproved(step, directory)
    return _event(step, EventKind(step.kind), directory)


def _event(step: Step, kind: EventKind, directory: Directory) -> tuple[str, str]:
    who = _name(step.hop, directory)
    to = f" – {_name(step.addressee, directory)}" if step.addressee else ""
    if kind is EventKind.REDIRECTED:
        successor = _name(step.text, directory)
        return (
            f"Mã {step.addressee} đã đóng; văn bản được chuyển đến cơ quan kế thừa: {successor}.",
            f"Code {step.addressee} is closed; the document goes to its successor: {successor}.",
        )
    error = by_code(step.code) if step.code else None
    vi = f"{who} {kind.vi}{to}." + (f" {error.vi}" if error else "") + (f" ({step.text})" if step.text else "")
    en = f"{who} {kind.en}{to}." + (f" {error.en}" if error else "") + (f" ({step.text})" if step.text else "")
    return vi, en


def _status(step: Step, directory: Directory) -> tuple[str, str]:
    who = _name(step.hop, directory)
    status = StatusCode.read(step.code)
    vi, en = (status.vi, status.en) if isinstance(status, StatusCode) else (f"trạng thái {status}", f"status {status}")
    return f"{who}: {vi}{_because(step.text)}.", f"{who}: {en}{_because(step.text)}."


def _unproved(step: Step, directory: Directory) -> tuple[str, str]:
    who = _name(step.hop, directory)
    return (
        f"Có tin từ {who} ({step.text}) nhưng chưa chứng minh được; trạng thái không đổi.",
        f"News from {who} ({step.text}) could not be proved; the state is unchanged.",
    )


def _unheard(step: Step) -> tuple[str, str]:
    error, why = by_code(step.code), f" ({step.text})" if step.text else ""
    return (
        f"Trục liên thông chưa nhận tin bàn giao này và sẽ được báo lại. {error.vi}{why}",
        f"The axis has not taken this report of the hand-over; it will be told again. {error.en}{why}",
    )


def _because(text: str) -> str:
    return f" – {text.rstrip('.')}" if text else ""


def _name(code: str, directory: Directory) -> str:
    if code == "axis":
        return "Trục liên thông"
    gateway = directory.gateway(code)
    if gateway is not None:
        return gateway.name
    found = directory.organisation(OrganisationCode.parse(code)) if code else None
    return found.name if found else code
