"""Receiving: transport states, and that nothing is lost or shown twice between them."""

from lienthong.cli.conformance.model import Chapter
from lienthong.cli.conformance.sample import edxml
from lienthong.cli.conformance.stage import expect
from lienthong.cli.conformance.vxp.stage import VxpStage

CHAPTER = Chapter("VXP: nhận", "VXP: receiving")


def _item(stage: VxpStage) -> tuple[str, str]:
    """A package of the partner's that waits for the tested: the sender's id and the item's."""
    sent = stage.partner.sends(edxml(stage.partner.code, stage.tested.code))
    return sent, stage.item(stage.partner, sent, stage.tested)


@CHAPTER.story("vxp-list", "Xem danh sách, tải tệp không làm thay đổi gì", "listing and fetching change nothing")
def _(stage: VxpStage) -> None:
    sent, item = _item(stage)
    for _ in range(2):
        stage.tested.fetch(item)
        expect(item in stage.tested.waiting(), "Phải còn chờ", "it must still wait")
    stage.told(stage.partner, sent, stage.tested.code, receiveStatus="initial")


@CHAPTER.story("vxp-processing", "processing: không liệt kê nữa, vẫn tải được", "processing: not listed, still fetched")
def _(stage: VxpStage) -> None:
    _, item = _item(stage)
    for _ in range(2):
        stage.tested.moves(item, "processing").good("Báo processing", "saying processing")
    expect(item not in stage.tested.waiting(), "Không được liệt kê nữa", "it must not be listed")
    stage.tested.takes(item)


@CHAPTER.story("vxp-done", "done: nơi gửi thấy đã nhận; báo lại không sao", "done: the sender sees it, once")
def _(stage: VxpStage) -> None:
    sent, item = _item(stage)
    stage.tested.takes(item)
    stage.tested.moves(item, "done").good("Báo lại", "once more")
    expect(item not in stage.tested.waiting(), "Không được liệt kê nữa", "it must not be listed")
    stage.told(stage.partner, sent, stage.tested.code, sendStatus="done", receiveStatus="done")


@CHAPTER.story("vxp-done-final", "Sau done không còn fail", "after done there is no fail")
def _(stage: VxpStage) -> None:
    _, item = _item(stage)
    stage.tested.takes(item)
    stage.tested.moves(item, "fail").refused()


@CHAPTER.story("vxp-fail", "fail: không liệt kê, chưa phải là đã nhận, rồi nhận được", "fail: not listed, not received")
def _(stage: VxpStage) -> None:
    sent, item = _item(stage)
    stage.tested.moves(item, "fail").good("Báo fail", "saying fail")
    expect(item not in stage.tested.waiting(), "Không được liệt kê nữa", "it must not be listed")
    row = stage.partner.sent(sent)[stage.tested.code]
    expect(row["receiveStatus"] != "done", "Chưa phải là đã nhận", "it is not received", row)
    stage.tested.takes(item)


@CHAPTER.story("vxp-state-unknown", "Trạng thái lạ: từ chối", "a state that is none is refused")
def _(stage: VxpStage) -> None:
    _, item = _item(stage)
    stage.tested.moves(item, "xong").refused()
    expect(item in stage.tested.waiting(), "Phải còn chờ", "it must still wait")
    stage.tested.takes(item)


@CHAPTER.story("vxp-item-unknown", "Mã không có: từ chối", "an id that is none is refused")
def _(stage: VxpStage) -> None:
    for wrong in ("", "0" * 36, "../../etc/passwd"):
        stage.tested.call("/getEdoc", b"{}", docId=wrong, filePath="x").refused()
        stage.tested.moves(wrong, "done").refused()


@CHAPTER.story("vxp-item-foreign", "Mục của cơ quan khác: như không có", "another's item does not exist", "stranger")
def _(stage: VxpStage) -> None:
    _, item = _item(stage)
    theirs = stage.stranger.call("/getEdoc", b"{}", docId=item, filePath="x").refused()
    nowhere = stage.stranger.call("/getEdoc", b"{}", docId="0" * len(item), filePath="x").refused()
    expect(theirs["ErrorCode"] == nowhere["ErrorCode"], "Phải như không có", "as if there were none", theirs)
    stage.stranger.moves(item, "done").refused()
    expect(item not in stage.stranger.waiting(), "Không được liệt kê", "it must not be listed")
    stage.tested.takes(item)
