"""Who may come in, and what the others are told."""

from base64 import b64encode

from lienthong.cli.conformance.model import Chapter
from lienthong.cli.conformance.sample import letter
from lienthong.cli.conformance.stage import Stage, expect, own_id

CHAPTER = Chapter("Vào cửa", "At the door")


@CHAPTER.story("token-missing", "Không có mã truy cập thì không vào được", "without a token nobody comes in")
def _(stage: Stage) -> None:
    for method, path in (("GET", "/v1/me"), ("GET", "/v1/inbox"), ("GET", "/v1/outgoing")):
        stage.tested.ask(method, path, token="").refused("token-invalid", status=401)


@CHAPTER.story("token-wrong", "Mã truy cập sai bị từ chối", "a wrong token is refused")
def _(stage: Stage) -> None:
    right = stage.cast.tested.token
    for wrong in (right[:-1] + ("0" if right[-1] != "0" else "1"), right + "x", "x"):
        stage.tested.ask("GET", "/v1/me", token=wrong).refused("token-invalid", status=401)


@CHAPTER.story("me", "Mã truy cập nói thay đúng cơ quan", "the token speaks for its agency")
def _(stage: Stage) -> None:
    told = stage.tested.ask("GET", "/v1/me").good(200, "Ai đang vào", "who am I")
    expect(told["code"] == stage.tested.code, "Phải là cơ quan được kiểm", "must be the tested agency", told)
    expect(told["name"] and told["api_version"] == "1", "Phải nói tên và phiên bản", "must tell name, version", told)


@CHAPTER.story("address-unknown", "Địa chỉ lạ: trả lời có mã", "an unknown address is answered with a code")
def _(stage: Stage) -> None:
    stage.tested.ask("GET", "/v1/khong-co").refused("http-404", "not-found", status=404)


@CHAPTER.story("method-wrong", "Sai phương thức: trả lời có mã", "a wrong method is answered with a code")
def _(stage: Stage) -> None:
    stage.tested.ask("DELETE", "/v1/me").refused("http-405", status=405)


@CHAPTER.story("json-broken", "JSON hỏng bị từ chối bằng lời", "broken JSON is refused in words")
def _(stage: Stage) -> None:
    headers = {"Content-Type": "application/json"}
    answer = stage.tested.ask("POST", f"/v1/documents/{'0' * 32}/recall", content=b'{"reason":', headers=headers)
    answer.refused("invalid-value", "http-400", status=400)


@CHAPTER.story(
    "foreign-document", "Văn bản của cơ quan khác coi như không có", "another's document does not exist", "stranger"
)
def _(stage: Stage) -> None:
    package = stage.tested.sends(letter(stage.partner.code))["entry"]["id"]
    stage.arrives(stage.partner, package)
    for path in ("", "/files/message.edxml", "/evidence"):
        stage.stranger.ask("GET", f"/v1/documents/{package}{path}").refused("not-found", status=404)
    stage.stranger.lock(package, stage.partner.code).refused("not-found", "lock-lost", "not-allowed")
    stage.stranger.report(package, "03").refused("not-found", "document-unknown", "not-a-recipient")


@CHAPTER.story(
    "foreign-recall", "Không ai thu hồi được văn bản của cơ quan khác", "nobody recalls another's document", "stranger"
)
def _(stage: Stage) -> None:
    package = stage.tested.sends(letter(stage.partner.code))["entry"]["id"]
    stage.arrives(stage.partner, package)
    body = {"reason": "Thử", "message_id": own_id()}
    stage.stranger.ask("POST", f"/v1/documents/{package}/recall", json=body).refused("not-found", "not-allowed")
    refusal = stage.partner.ask("POST", f"/v1/documents/{package}/recall", json=body)
    refusal.refused("not-found", "not-allowed", "document-unknown", "illegal-move")


@CHAPTER.story("foreign-upload", "Phần tải lên thuộc về cơ quan đã tải", "an upload belongs to its agency", "stranger")
def _(stage: Stage) -> None:
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "5", "Upload-Metadata": _named("0" * 64)}
    made = stage.tested.ask("POST", "/v1/uploads", headers=headers)
    expect(made.status == 201, "Phải bắt đầu tải được", "an upload must begin", made.told)
    path = "/v1/uploads/" + made.headers["location"].rsplit("/", 1)[-1]
    seen = stage.stranger.ask("HEAD", path, headers={"Tus-Resumable": "1.0.0"})
    expect(seen.status in {404, 410}, "Cơ quan khác không được thấy", "another agency must not see it", seen.told)
    stage.tested.ask("DELETE", path, headers={"Tus-Resumable": "1.0.0"})


def _named(digest: str) -> str:
    return "sha256 " + b64encode(digest.encode()).decode()
