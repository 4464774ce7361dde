"""Processing states (QCVN 102:2016/BTTTT): which follow which, and how they reach the sender."""

from typing import Any

from lienthong.cli.conformance.model import Chapter
from lienthong.cli.conformance.sample import letter
from lienthong.cli.conformance.stage import Stage, expect, own_id

CHAPTER = Chapter("Trạng thái xử lý", "Processing states")


def _received(stage: Stage) -> str:
    package = stage.partner.sends(letter(stage.tested.code))["entry"]["id"]
    stage.taken(stage.tested, package)
    return str(package)


def _seen(stage: Stage, package: str, **wanted: object) -> dict[str, Any]:
    vi, en = f"Nơi gửi phải thấy {wanted}", f"the sender must see {wanted}"
    return stage.leg(stage.partner, package, stage.tested.code, vi, en, **wanted)


@CHAPTER.story(
    "status-life", "01 đến 06 về tới nơi gửi, có giờ và người", "01 to 06 reach the sender with time and name"
)
def _(stage: Stage) -> None:
    package = _received(stage)
    for code in ("01", "03", "04", "05", "06"):
        stage.tested.report(package, code, "Thử", staff="Văn thư Thử").good(201, f"Báo {code}", f"reporting {code}")
    row = _seen(stage, package, status="06")
    expect(row["status_at"], "Phải có giờ", "the time must be there", row)
    told = [status["code"] for status in stage.partner.document(package)["statuses"]]
    expect(told == ["01", "03", "04", "05", "06"], "Phải thấy đủ, đúng thứ tự", "all, in order", told)


@CHAPTER.story("refuse", "Từ chối (02) có lý do: nơi gửi đọc được lý do", "02 with a reason: the sender reads it")
def _(stage: Stage) -> None:
    package, reason = _received(stage), "Không thuộc thẩm quyền – thử"
    stage.tested.reports(package, "01", description="")
    stage.tested.reports(package, "02", description=reason)
    _seen(stage, package, status="02")
    told = [status["description"] for status in stage.partner.document(package)["statuses"]]
    expect(reason in told, "Nơi gửi phải đọc được lý do", "the sender must read the reason", told)


@CHAPTER.story("refuse-silent", "Từ chối không lý do: không nhận", "02 without a reason is refused")
def _(stage: Stage) -> None:
    package = _received(stage)
    stage.tested.report(package, "02").refused("invalid-value")


@CHAPTER.story("status-order", "Trạng thái nhảy lùi hoặc lạ: từ chối", "states out of order are refused")
def _(stage: Stage) -> None:
    package = _received(stage)
    stage.tested.report(package, "06").refused("illegal-move", status=409)
    stage.tested.reports(package, "03", "06")
    for code in ("03", "01", "04"):
        stage.tested.report(package, code, "Lần nữa").refused("illegal-move", status=409)
    stage.tested.report(package, "99").refused("invalid-value", "illegal-move")


@CHAPTER.story("status-repeat", "Báo lại cùng mã tin: một lần", "the same report again is one report")
def _(stage: Stage) -> None:
    package, own = _received(stage), own_id()
    for _ in range(2):
        stage.tested.report(package, "03", "Số đến 1", message_id=own).good(201, "Báo 03", "reporting 03")
    _seen(stage, package, status="03")
    told = [status["code"] for status in stage.partner.document(package)["statuses"]]
    expect(told.count("03") == 1, "Chỉ được một lần", "only once", told)


@CHAPTER.story("status-own", "Nơi gửi không tự báo thay nơi nhận", "a sender does not report for its receiver")
def _(stage: Stage) -> None:
    package = stage.tested.sends(letter(stage.partner.code))["entry"]["id"]
    stage.tested.report(package, "03").refused("not-a-recipient", "document-unknown", "illegal-move", "not-found")


@CHAPTER.story(
    "status-unknown", "Trạng thái cho văn bản không có: từ chối", "a state of an unknown document is refused"
)
def _(stage: Stage) -> None:
    stage.tested.report("0" * 32, "03").refused("not-found", "document-unknown")


@CHAPTER.story("next-statuses", "Văn bản nói những bước nào được phép tiếp", "a document says what may follow")
def _(stage: Stage) -> None:
    package = _received(stage)
    offered = stage.tested.document(package)["next_statuses"]
    expect({"02", "03"} <= set(offered), "Phải mời 02 và 03", "must offer 02 and 03", offered)
    stage.tested.reports(package, "03", "06")
    offered = stage.tested.document(package)["next_statuses"]
    expect(not {"01", "03", "04", "05"} & set(offered), "Sau 06 không còn bước nào", "nothing after 06", offered)
