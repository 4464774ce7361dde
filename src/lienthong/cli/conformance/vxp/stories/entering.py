"""Who may call: the signature, its time, secrets that ended, headers that went stale."""

from lienthong.cli.conformance.model import Chapter
from lienthong.cli.conformance.sample import edxml
from lienthong.cli.conformance.stage import expect
from lienthong.cli.conformance.vxp.stage import System, VxpStage

CHAPTER = Chapter("VXP: chữ ký lệnh gọi", "VXP: the signature of calls")
PATH = "/getReceivedEdocList"


def _ready(system: System) -> System:
    system.headers.update({"servicetype": "eDoc", "messagetype": "edoc"})
    return system


@CHAPTER.story("vxp-signed", "Lệnh gọi ký đúng thì được trả lời", "a call signed rightly is answered")
def _(stage: VxpStage) -> None:
    _ready(stage.tested).ask(PATH).rows("Danh sách chờ", "the list of what waits")


@CHAPTER.story("vxp-hmac-wrong", "Bí mật sai: từ chối", "another secret is refused")
def _(stage: VxpStage) -> None:
    system = _ready(stage.tested)
    system.ask(PATH, headers=system.signed("0" * 64)).refused()


@CHAPTER.story("vxp-hmac-missing", "Không ký: từ chối", "a call without signature is refused")
def _(stage: VxpStage) -> None:
    headers = _ready(stage.tested).signed()
    del headers["XroadVnpt-hash-header"]
    stage.tested.ask(PATH, headers=headers).refused()


@CHAPTER.story("vxp-system-unknown", "Hệ thống lạ: từ chối như bí mật sai", "an unknown system is told no more")
def _(stage: VxpStage) -> None:
    system = _ready(stage.tested)
    wrong = system.ask(PATH, headers=system.signed("0" * 64)).refused()
    system.headers["systemid"] = "khong-co-he-thong-nay"
    unknown = system.ask(PATH).refused()
    expect(wrong == unknown, "Hai câu từ chối phải như nhau", "both must be told the same", (wrong, unknown))


@CHAPTER.story("vxp-time-stale", "Giờ quá cũ: từ chối", "a stale time is refused")
def _(stage: VxpStage) -> None:
    _ready(stage.tested).headers["timestamp"] = "22112019T133005+0143"
    stage.tested.ask(PATH).refused()


@CHAPTER.story("vxp-time-none", "Giờ không đọc được: từ chối", "a time that is none is refused")
def _(stage: VxpStage) -> None:
    _ready(stage.tested).headers["timestamp"] = "2026-11-22T13:30:05Z"
    stage.tested.ask(PATH).refused()


@CHAPTER.story("vxp-header-differs", "Tiêu đề khác phần đã ký: từ chối", "a header that is not as signed is refused")
def _(stage: VxpStage) -> None:
    headers = _ready(stage.tested).signed()
    stage.tested.ask(PATH, headers={**headers, "XroadVnpt-messagetype": "status"}).refused()


@CHAPTER.story("vxp-headers-stale", "Tiêu đề cũ còn gửi kèm: bỏ qua", "stale headers of earlier calls mean nothing")
def _(stage: VxpStage) -> None:
    system = stage.tested
    system.sends(edxml(system.code, stage.partner.code))
    system.call("/getAgenciesListQD20", level="1").rows("Danh bạ", "the directory")
    _ready(system).ask(PATH).rows("Danh sách chờ", "the list of what waits")
    system.call("/countReceiveEdoc").good("Đếm", "counting")


@CHAPTER.story("vxp-revoked", "Bí mật đã thu hồi: từ chối", "a revoked secret is refused", "revoked")
def _(stage: VxpStage) -> None:
    _ready(stage.revoked).ask(PATH).refused()


@CHAPTER.story("vxp-expired", "Bí mật cũ đã hết hạn: từ chối", "a secret that ran out is refused", "expired")
def _(stage: VxpStage) -> None:
    _ready(stage.expired).ask(PATH).refused()


@CHAPTER.story("vxp-digest-printed", "Giá trị băm bỏ số 0 đầu byte: nhận", "a digest without its zeros is understood")
def _(stage: VxpStage) -> None:
    for _ in range(3):
        stage.tested.sends(edxml(stage.tested.code, stage.partner.code))


@CHAPTER.story("vxp-digest-wrong", "Giá trị băm không phải của tệp: từ chối", "a digest of another file is refused")
def _(stage: VxpStage) -> None:
    stage.tested.post(edxml(stage.tested.code, stage.partner.code), digest="0" * 64).refused()
