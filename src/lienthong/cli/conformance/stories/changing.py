"""After sending: recall, update, replace, with the consent of who has it."""

from typing import Any

from lienthong.cli.conformance.model import Chapter
from lienthong.cli.conformance.sample import letter
from lienthong.cli.conformance.stage import Seat, Stage, expect, own_id

CHAPTER = Chapter("Thu hồi, cập nhật, thay thế", "Recall, update, replace")
ASKED = "Nơi nhận phải được hỏi", "the receiver must be asked"


def _sent(stage: Stage, *codes: str, registered: bool) -> str:
    package = stage.tested.sends(letter(*(codes or (stage.partner.code,))))["entry"]["id"]
    stage.taken(stage.partner, package)
    if registered:
        stage.partner.reports(package, "03")
        _leg(stage, package, status="03")
    return str(package)


def _leg(stage: Stage, package: str, code: str = "", **wanted: object) -> dict[str, Any]:
    vi, en = f"Nơi gửi phải thấy {wanted}", f"the sender must see {wanted}"
    return stage.leg(stage.tested, package, code or stage.partner.code, vi, en, **wanted)


def _recalled(stage: Stage, package: str, own: str) -> dict[str, Any]:
    body = {"reason": "Ban hành nhầm – thử", "message_id": own}
    answer = stage.tested.ask("POST", f"/v1/documents/{package}/recall", json=body)
    return dict(answer.good(201, "Thu hồi", "recalling"))


def _asked(stage: Stage, seat: Seat, package: str) -> None:
    stage.until(lambda: seat.document(package)["entry"]["recipients"][0]["asked"], *ASKED)


@CHAPTER.story("recall-early", "Thu hồi trước khi vào sổ: đồng ý là hết hiệu lực", "recalled before it is registered")
def _(stage: Stage) -> None:
    package = _sent(stage, registered=False)
    _recalled(stage, package, own_id())
    _asked(stage, stage.partner, package)
    stage.partner.reports(package, "15", description="Đồng ý")
    _leg(stage, package, standing="recalled")


@CHAPTER.story("recall-late", "Thu hồi sau khi vào sổ: đóng băng đến khi trả lời", "frozen until it is answered")
def _(stage: Stage) -> None:
    package = _sent(stage, registered=True)
    _recalled(stage, package, own_id())
    _leg(stage, package, standing="frozen")
    _asked(stage, stage.partner, package)
    stage.partner.reports(package, "15", description="Đồng ý")
    _leg(stage, package, standing="recalled")


@CHAPTER.story("recall-refused", "Nơi nhận không đồng ý (16): văn bản còn hiệu lực", "16: the document stays in force")
def _(stage: Stage) -> None:
    package = _sent(stage, registered=True)
    _recalled(stage, package, own_id())
    _asked(stage, stage.partner, package)
    stage.partner.report(package, "16").refused("invalid-value")
    stage.partner.reports(package, "16", description="Đã thi hành – thử")
    _leg(stage, package, standing="in-force", asked=0)


@CHAPTER.story("recall-repeat", "Thu hồi lại cùng mã: một lần", "the same recall again is one recall")
def _(stage: Stage) -> None:
    package, own = _sent(stage, registered=True), own_id()
    first, again = (_recalled(stage, package, own)["entry"]["id"] for _ in range(2))
    expect(first == again, "Phải là cùng một thông điệp", "must be the same message", (first, again))


@CHAPTER.story("answer-unasked", "Không ai hỏi thì không trả lời 15, 16", "15 and 16 need a question")
def _(stage: Stage) -> None:
    package = _sent(stage, registered=True)
    stage.partner.report(package, "15", "Đồng ý").refused("illegal-move", status=409)


@CHAPTER.story("update", "Cập nhật: thêm nơi nhận, bỏ nơi nhận", "update: receivers added and removed", "stranger")
def _(stage: Stage) -> None:
    package = _sent(stage, registered=True)
    body = {"reason": "Điều chỉnh – thử", "add": [stage.stranger.code], "remove": [stage.partner.code]}
    answer = stage.tested.ask("POST", f"/v1/documents/{package}/update", json={**body, "message_id": own_id()})
    made = answer.good(201, "Cập nhật", "updating")["entry"]["id"]
    came = lambda: any(row["business"] in {0, 2} for row in _lately(stage, made))  # noqa: E731  asked again and again
    stage.until(came, "Nơi thêm phải nhận được", "the added receiver must get it")
    _asked(stage, stage.partner, package)
    stage.partner.reports(package, "15", description="Đồng ý")
    _leg(stage, package, standing="recalled")


def _lately(stage: Stage, made: str) -> list[dict[str, Any]]:
    answer = stage.stranger.ask("GET", f"/v1/documents/{made}")
    return [answer.json["entry"]] if answer.status == 200 else []


@CHAPTER.story("replace", "Thay thế: bản cũ hết hiệu lực khi được đồng ý", "replaced once it is agreed")
def _(stage: Stage) -> None:
    package = _sent(stage, registered=True)
    old = stage.tested.document(package)["entry"]["document_id"]
    newer = letter(stage.partner.code, business=3, replaces=[old], reason="Số liệu sai – thử")
    made = stage.tested.sends(newer)["entry"]["id"]
    stage.arrives(stage.partner, made)
    _asked(stage, stage.partner, package)
    stage.partner.reports(package, "15", description="Đồng ý")
    _leg(stage, package, standing="replaced")


@CHAPTER.story("replace-foreign", "Không thay thế văn bản của cơ quan khác", "nobody replaces another's document")
def _(stage: Stage) -> None:
    package = stage.partner.sends(letter(stage.tested.code))["entry"]["id"]
    theirs = stage.arrives(stage.tested, package)["entry"]["document_id"]
    newer = letter(stage.partner.code, business=3, replaces=[theirs], reason="Thử")
    stage.tested.hand_in(newer, own_id()).refused("document-unknown", "not-allowed", "invalid-value", "not-found")
