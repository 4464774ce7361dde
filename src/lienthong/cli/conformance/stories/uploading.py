"""Large files: resumable pieces (tus 1.0), and what does not fit together."""

import hashlib
from base64 import b64encode

from lienthong.cli.conformance.model import Chapter
from lienthong.cli.conformance.sample import Sample, letter, pdf
from lienthong.cli.conformance.stage import Answer, Seat, Stage, expect, own_id

CHAPTER = Chapter("Tệp lớn", "Large files")
TUS = {"Tus-Resumable": "1.0.0"}
LARGE = 20 * 2**20
PIECE = 8 * 2**20


@CHAPTER.story("large", "Tệp 20 MiB tải từng đoạn rồi đến nơi nguyên vẹn", "20 MiB in pieces arrive intact")
def _(stage: Stage) -> None:
    data = pdf(own_id(), LARGE)
    path = _begun(stage.tested, data)
    for start in range(0, len(data), PIECE):
        _piece(stage.tested, path, start, data[start : start + PIECE]).good(204, "Tải một đoạn", "uploading a piece")
    paper = letter(stage.partner.code)
    there = stage.arrives(stage.partner, stage.tested.sends(_with(paper, path, data))["entry"]["id"])
    digests = [part["sha256"] for part in there["parts"]]
    expect(_digest(data) in digests, "Tệp lớn phải nguyên vẹn", "the large file must be intact", digests)


@CHAPTER.story("upload-resumed", "Đứt giữa chừng: hỏi lại vị trí và tải tiếp", "a broken upload goes on")
def _(stage: Stage) -> None:
    data = pdf(own_id(), 300_000)
    path = _begun(stage.tested, data)
    _piece(stage.tested, path, 0, data[:100_000]).good(204, "Tải một đoạn", "uploading a piece")
    _piece(stage.tested, path, 5, data[5:]).refused("upload-offset", status=409)
    seen = stage.tested.ask("HEAD", path, headers=TUS).headers.get("upload-offset")
    expect(seen == "100000", "Vị trí phải là chỗ đã nhận", "the offset must be what was taken", seen)
    _piece(stage.tested, path, 100_000, data[100_000:]).good(204, "Tải tiếp", "going on")
    stage.arrives(stage.partner, stage.tested.sends(_with(letter(stage.partner.code), path, data))["entry"]["id"])


@CHAPTER.story(
    "upload-checksum", "Đoạn sai giá trị băm không được tính", "a piece with a wrong checksum does not count"
)
def _(stage: Stage) -> None:
    data = pdf(own_id(), 5000)
    path = _begun(stage.tested, data)
    wrong = {"Upload-Checksum": "sha256 " + b64encode(hashlib.sha256(b"khac").digest()).decode()}
    _piece(stage.tested, path, 0, data, **wrong).refused("checksum-wrong", status=460)
    seen = stage.tested.ask("HEAD", path, headers=TUS).headers.get("upload-offset")
    expect(seen == "0", "Không được giữ đoạn sai", "the wrong piece must not be kept", seen)
    stage.tested.ask("DELETE", path, headers=TUS)


@CHAPTER.story("upload-other-file", "Tải tệp khác với giá trị băm đã nêu: từ chối", "another file than was named")
def _(stage: Stage) -> None:
    data = pdf(own_id(), 5000)
    path = _begun(stage.tested, data)
    answer = _piece(stage.tested, path, 0, data[:-1] + b"x")
    if answer.status < 400:
        answer = stage.tested.hand_in(_with(letter(stage.partner.code), path, data), own_id())
    answer.refused("part-changed", "upload-gone")


@CHAPTER.story("upload-too-large", "Tệp quá giới hạn bị từ chối trước khi tải", "too large is refused before it comes")
def _(stage: Stage) -> None:
    headers = {**TUS, "Upload-Length": str(2**45), "Upload-Metadata": _named("0" * 64)}
    stage.tested.ask("POST", "/v1/uploads", headers=headers).refused("package-too-large", status=413)


def _begun(seat: Seat, data: bytes) -> str:
    headers = {**TUS, "Upload-Length": str(len(data)), "Upload-Metadata": _named(_digest(data))}
    made = seat.ask("POST", "/v1/uploads", headers=headers)
    expect(made.status == 201, "Phải bắt đầu tải được", "an upload must begin", made.told)
    return "/v1/uploads/" + made.headers["location"].rsplit("/", 1)[-1]


def _piece(seat: Seat, path: str, start: int, data: bytes, **more: str) -> Answer:
    headers = {**TUS, "Upload-Offset": str(start), "Content-Type": "application/offset+octet-stream", **more}
    return seat.ask("PATCH", path, content=data, headers=headers)


def _with(paper: Sample, path: str, data: bytes) -> Sample:
    upload = {"upload": path.rsplit("/", 1)[-1], "name": "lon.pdf", "sha256": _digest(data)}
    return Sample({**paper.metadata, "uploads": [{**upload, "media_type": "application/pdf"}]}, ())


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _named(digest: str) -> str:
    return "sha256 " + b64encode(digest.encode()).decode()
