"""Uploads that lie, stop, come twice, or belong to others: refused with a code, bounded, traced; the rest goes on."""

import base64
import hashlib
import os
from collections.abc import Callable

import httpx
import pytest

from running_country import Country

pytestmark = pytest.mark.acceptance
DATA = os.urandom(100_000)
TUS = {"Tus-Resumable": "1.0.0"}
PIECE = {"Content-Type": "application/offset+octet-stream"}


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def told(sha256: str) -> str:
    return f"sha256 {base64.b64encode(sha256.encode()).decode()}"


def checksum(data: bytes) -> dict[str, str]:
    return {"Upload-Checksum": f"sha256 {base64.b64encode(hashlib.sha256(data).digest()).decode()}"}


def begin(http: httpx.Client, size: int, sha256: str) -> httpx.Response:
    return http.post("/v1/uploads", headers=TUS | {"Upload-Length": str(size), "Upload-Metadata": told(sha256)})


def begun(http: httpx.Client, data: bytes) -> str:
    answer = begin(http, len(data), digest(data))
    assert (answer.status_code, answer.headers["upload-offset"]) == (201, "0")
    return str(answer.headers["location"])


def extend(http: httpx.Client, path: str, offset: int, piece: bytes, **headers: str) -> httpx.Response:
    said = (
        TUS
        | PIECE
        | {"Upload-Offset": str(offset)}
        | {name.replace("_", "-"): value for name, value in headers.items()}
    )
    return http.patch(path, content=piece, headers=said)


def offset(http: httpx.Client, path: str) -> int:
    answer = http.head(path, headers=TUS)
    assert answer.status_code == 200
    return int(answer.headers["upload-offset"])


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_an_upload_grows_is_resumed_and_is_dropped(country: Country) -> None:
    http = country.http("H29")
    path = begun(http, DATA)
    assert extend(http, path, 0, DATA[:30_000]).headers["upload-offset"] == "30000"
    assert begin(http, len(DATA), digest(DATA)).headers["location"] == path
    assert offset(http, path) == 30_000
    last = http.patch(
        path, content=DATA[30_000:], headers=TUS | PIECE | checksum(DATA[30_000:]) | {"Upload-Offset": "30000"}
    )
    assert (last.status_code, last.headers["upload-offset"]) == (204, str(len(DATA)))
    assert http.delete(path, headers=TUS).status_code == 204
    assert http.head(path, headers=TUS).status_code == 404
    served = http.options("/v1/uploads")
    assert served.headers["tus-extension"] == "creation,checksum,expiration,termination"


@pytest.mark.parametrize("at", [0, 9, 11, 10**15 - 1])
def test_a_piece_at_the_wrong_offset_is_refused(country: Country, at: int) -> None:
    http = country.http("H29")
    path = begun(http, os.urandom(1000))
    extend(http, path, 0, b"x" * 10)
    assert code(extend(http, path, at, b"y")) == (409, "upload-offset")
    assert offset(http, path) == 10


def test_a_piece_with_another_checksum_leaves_nothing(country: Country) -> None:
    http = country.http("H29")
    path = begun(http, DATA[::-1])
    wrong = http.patch(path, content=DATA, headers=TUS | PIECE | checksum(b"other") | {"Upload-Offset": "0"})
    assert code(wrong) == (460, "checksum-wrong")
    assert offset(http, path) == 0


def test_more_than_was_said_is_refused(country: Country) -> None:
    http, data = country.http("H29"), os.urandom(1000)
    path = begun(http, data)
    assert code(extend(http, path, 0, data + b"x")) == (413, "package-too-large")
    assert extend(http, path, 0, data).status_code == 204


def test_a_file_put_together_of_two_is_refused_with_a_trace(country: Country) -> None:
    http = country.http("H29")
    data, other = os.urandom(1000), os.urandom(1000)
    path = begun(http, data)
    extend(http, path, 0, data[:500])
    assert code(extend(http, path, 500, other[500:])) == (422, "part-changed")
    assert http.head(path, headers=TUS).status_code == 404
    mixed = digest(data[:500] + other[500:])
    rows = country.rows("gw-h29", "select body from leaf where cast(body as text) like ?", f"%{mixed}%")
    assert len(rows) == 1
    assert "part-changed" in str(rows[0][0])


def test_another_agencys_upload_does_not_exist(country: Country) -> None:
    path = begun(country.http("H29"), os.urandom(1000))
    stranger = country.http("G22")
    assert stranger.head(path, headers=TUS).status_code == 404
    assert code(extend(stranger, path, 0, b"x")) == (404, "not-found")
    assert code(stranger.delete(path, headers=TUS)) == (404, "not-found")
    assert offset(country.http("H29"), path) == 0


def test_a_document_takes_only_its_agencys_own_whole_uploads(country: Country) -> None:
    http, data = country.http("H29"), os.urandom(1000)
    path = begun(http, data)
    extend(http, path, 0, data[:-1])

    def sent(agency: str, sha256: str) -> httpx.Response:
        upload = {"upload": path.rpartition("/")[2], "name": "a.bin", "sha256": sha256}
        said = {"number": "1", "notation": "QĐ-MẪU", "subject": "V/v", "recipients": ["G09"], "uploads": [upload]}
        form = {"metadata": (None, httpx.Response(200, json=said).content)}
        return country.http(agency).put(f"/v1/outgoing/{digest(data)[:20]}", files=form)

    assert code(sent("H29", digest(data))) == (422, "part-missing")
    extend(http, path, len(data) - 1, data[-1:])
    assert code(sent("G22", digest(data))) == (422, "part-missing")
    assert code(sent("H29", digest(b""))) == (422, "part-changed")
    first = sent("H29", digest(data))
    assert first.status_code == 201
    assert first.json()["parts"][0]["sha256"] == digest(data)
    assert sent("H29", digest(data)).json()["entry"]["id"] == first.json()["entry"]["id"]
    assert http.head(path, headers=TUS).status_code == 404
    name = f"/v1/documents/{first.json()['entry']['id']}/files/a.bin"
    part = http.get(name, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, data[10:20])
    assert part.headers["content-range"] == "bytes 10-19/1000"
    assert http.get(name, headers={"Range": "bytes=1000-"}).status_code == 416
    assert http.get(name).content == data


BAD: dict[str, Callable[[httpx.Client, str], httpx.Response]] = {
    "no version": lambda http, path: http.head(path),
    "another version": lambda http, path: http.patch(path, headers=PIECE | {"Tus-Resumable": "2.0"}),
    "no digest": lambda http, _: http.post("/v1/uploads", headers=TUS | {"Upload-Length": "9"}),
    "no length": lambda http, _: http.post("/v1/uploads", headers=TUS | {"Upload-Metadata": told(digest(b""))}),
    "a length below nothing": lambda http, _: begin(http, -1, digest(b"")),
    "a digest that is none": lambda http, _: begin(http, 9, "../../etc/passwd"),
    "too large": lambda http, _: begin(http, 10**12, digest(b"")),
    "another type": lambda http, path: http.patch(path, headers=TUS | {"Upload-Offset": "0"}, json={}),
    "no offset": lambda http, path: http.patch(path, headers=TUS | PIECE, content=b"x"),
    "an unknown algorithm": lambda http, path: extend(http, path, 0, b"x", Upload_Checksum="md5 AAAA"),
    "a checksum that is none": lambda http, path: extend(http, path, 0, b"x", Upload_Checksum="sha256 !"),
}
ANSWERS = {
    "no version": 412,
    "another version": 412,
    "too large": 413,
    "another type": 415,
}


@pytest.mark.parametrize("case", BAD)
def test_bad_requests_are_refused_and_change_nothing(country: Country, case: str) -> None:
    http = country.http("H29")
    path = begun(http, os.urandom(1000))
    answer = BAD[case](http, path)
    assert answer.status_code == ANSWERS.get(case, 400)
    assert offset(http, path) == 0


def test_uploads_that_are_never_finished_are_bounded(country: Country) -> None:
    http = country.http("G09")
    found = [begin(http, 10, digest(os.urandom(9))).status_code for _ in range(40)]
    assert set(found) == {201, 429}
    assert found.count(201) == 32


# ---------------------------------------------------------------- the axis


def test_the_axis_binds_each_piece_to_its_token(country: Country) -> None:
    raw, data = country.identity(), os.urandom(1000)
    answer = raw.ask(
        "POST", "/v1/uploads", headers=TUS | {"Upload-Length": "1000", "Upload-Metadata": told(digest(data))}
    )
    assert answer.status_code == 201
    path, said = answer.headers["location"], TUS | PIECE | {"Upload-Offset": "0"}
    other = raw.token(raw.claims("PATCH", path, b"another piece"))
    assert code(raw.ask("PATCH", path, data, token=other, headers=said)) == (460, "checksum-wrong")
    assert raw.ask("HEAD", path, headers=TUS).headers["upload-offset"] == "0"
    assert raw.ask("PATCH", path, data, headers=said).status_code == 204
    stale = raw.ask("PATCH", path, data, headers=said)
    assert code(stale) == (409, "upload-offset")


def test_a_token_that_opens_nothing_is_refused_before_the_body(country: Country) -> None:
    raw, read = country.identity(), []

    def body() -> object:
        for count in range(64):
            read.append(count)
            yield b"x" * 2**20

    headers = {"Authorization": "Bearer nonsense"}
    try:
        answer = raw.http.post("/v1/packages", content=body(), headers=headers)  # type: ignore[arg-type]  # an iterator
    except httpx.TransportError:  # the line is closed while we still talk
        return
    assert code(answer) == (401, "token-invalid")
