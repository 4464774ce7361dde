"""The inbox: peek, lock, acknowledge; nothing is lost between the two."""

import time

from lienthong.cli.conformance.model import Chapter
from lienthong.cli.conformance.sample import letter
from lienthong.cli.conformance.stage import Stage, expect

CHAPTER = Chapter("Nhận", "Receiving")


@CHAPTER.story("receive", "Giữ, lưu, xác nhận: nơi gửi thấy đã nhận", "lock, store, acknowledge; the sender sees it")
def _(stage: Stage) -> None:
    package = stage.partner.sends(letter(stage.tested.code))["entry"]["id"]
    stage.taken(stage.tested, package)
    vi, en = "Nơi gửi phải thấy đã nhận", "the sender must see the hand-over"
    stage.leg(stage.partner, package, stage.tested.code, vi, en, state="handed-over")


@CHAPTER.story("peek", "Xem hộp đến không làm thay đổi gì", "peeking changes nothing")
def _(stage: Stage) -> None:
    package = stage.partner.sends(letter(stage.tested.code))["entry"]["id"]
    stage.arrives(stage.tested, package)
    for _ in range(3):
        expect(_waits(stage, package), "Văn bản phải còn trong hộp đến", "it must still wait in the inbox")
    state = stage.partner.document(package)["entry"]["recipients"][0]["state"]
    expect(state != "handed-over", "Chỉ xem thì chưa phải là đã nhận", "peeking must not hand over", state)
    stage.taken(stage.tested, package)
    expect(not _waits(stage, package), "Đã nhận thì không còn trong hộp đến", "what was taken waits no more")


def _waits(stage: Stage, package: str) -> bool:
    query = {"limit": 200, "contents": "edoc,status"}
    inbox = stage.tested.ask("GET", "/v1/inbox", params=query).good(200, "Hộp đến", "the inbox")
    return any(entry["id"] == package for entry in inbox)


@CHAPTER.story("lock-once", "Một văn bản chỉ một phiên giữ", "one session holds a document")
def _(stage: Stage) -> None:
    package = stage.partner.sends(letter(stage.tested.code))["entry"]["id"]
    stage.arrives(stage.tested, package)
    lock = stage.tested.lock(package).good(200, "Nhận giữ", "locking")["lock"]
    stage.tested.lock(package).refused("lock-lost", status=409)
    stage.tested.acknowledge(package, "0" * 32).refused("lock-lost", "invalid-value")
    stage.tested.acknowledge(package, lock).good(204, "Xác nhận", "acknowledging")


@CHAPTER.story("release", "Trả lại thì được mời nhận ngay", "what is released is offered again at once")
def _(stage: Stage) -> None:
    package = stage.partner.sends(letter(stage.tested.code))["entry"]["id"]
    stage.arrives(stage.tested, package)
    lock = stage.tested.lock(package).good(200, "Nhận giữ", "locking")["lock"]
    answer = stage.tested.ask("POST", f"/v1/inbox/{package}/{stage.tested.code}/release", json={"lock": lock})
    answer.good(204, "Trả lại", "releasing")
    expect(_waits(stage, package), "Phải có lại trong hộp đến", "it must wait again")
    stage.taken(stage.tested, package)


@CHAPTER.story("acknowledge-again", "Xác nhận lại không sao", "acknowledging again does no harm")
def _(stage: Stage) -> None:
    package = stage.partner.sends(letter(stage.tested.code))["entry"]["id"]
    stage.arrives(stage.tested, package)
    lock = stage.tested.lock(package).good(200, "Nhận giữ", "locking")["lock"]
    for _ in range(2):
        stage.tested.acknowledge(package, lock).good(204, "Xác nhận", "acknowledging")
    vi, en = "Nơi gửi phải thấy đã nhận", "the sender must see the hand-over"
    stage.leg(stage.partner, package, stage.tested.code, vi, en, state="handed-over")
    steps = [step for step in stage.partner.document(package)["steps"] if step["kind"] == "handed-over"]
    expect(len(steps) <= 1, "Chỉ một lần bàn giao", "one hand-over only", steps)


@CHAPTER.story("long-poll", "Chờ ở hộp đến: có văn bản là được báo", "a waiting inbox answers when something comes")
def _(stage: Stage) -> None:
    package = stage.partner.sends(letter(stage.tested.code))["entry"]["id"]
    query = {"seconds": 5, "limit": 200}
    seen = lambda: any(e["id"] == package for e in stage.tested.ask("GET", "/v1/inbox", params=query).json)  # noqa: E731  asked again and again
    stage.until(seen, "Phải thấy trong hộp đến", "it must be seen in the inbox")
    stage.taken(stage.tested, package)


@CHAPTER.story("long-poll-ends", "Chờ có hạn: hết giờ thì trả lời", "waiting ends when its time is over")
def _(stage: Stage) -> None:
    began = time.monotonic()
    query = {"seconds": 1, "contents": "status"}
    stage.tested.ask("GET", "/v1/inbox", params=query).good(200, "Chờ hộp đến", "waiting")
    expect(time.monotonic() - began < 20, "Phải trả lời khi hết giờ chờ", "must answer when the time is over")


@CHAPTER.story("urgent-first", "Hỏa tốc đứng trước thường", "the most urgent stands first")
def _(stage: Stage) -> None:
    usual = stage.partner.sends(letter(stage.tested.code))["entry"]["id"]
    flash = stage.partner.sends(letter(stage.tested.code, urgency=3))["entry"]["id"]
    for package in (usual, flash):
        stage.arrives(stage.tested, package)
    inbox = stage.tested.ask("GET", "/v1/inbox", params={"limit": 200}).good(200, "Hộp đến", "inbox")
    order = [entry["id"] for entry in inbox if entry["id"] in {usual, flash}]
    expect(order == [flash, usual], "Hỏa tốc phải đứng trước", "flash must stand first", order)
    for package in (usual, flash):
        stage.taken(stage.tested, package)
