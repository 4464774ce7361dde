"""Bad input at the desks of running gateways: refused in words, nothing kept, and one tenant never sees another's."""

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4  # noqa: TID251  # the country outlives a test, so ids must differ

import httpx
import pytest

from envelope_made import zipped
from lienthong.cli.demo.country import CITY, GOVERNMENT
from lienthong.client import File, Metadata
from lienthong.document import DocumentId, OrganisationCode, StatusCode
from lienthong.envelope import ResponseFor, StatusMessage, write
from refusing import logged, refused
from running_country import PDF, Country, letter, now

pytestmark = [pytest.mark.faults, pytest.mark.acceptance]


@pytest.fixture(autouse=True)
def _lives_on(country: Country) -> Iterator[None]:
    """Nothing unexpected anywhere, and the gateway still takes a good document."""
    before = country.unexpected()
    yield
    assert country.unexpected() == before
    assert country.http("H29").get("/v1/me").status_code == 200


def good(**changes: Any) -> dict[str, Any]:
    return {
        "number": uuid4().hex[:8],
        "notation": "CV-MẪU",
        "subject": "Văn bản mẫu",
        "recipients": ["H29.51"],
    } | changes


GOOD_FILE = File("rieng.pdf", "application/pdf", PDF)
FILE = ("files", ("van-ban.pdf", PDF, "application/pdf"))


def put(country: Country, metadata: object, files: Any = (FILE,), own_id: str = "", query: str = "") -> httpx.Response:
    said = metadata if isinstance(metadata, str) else json.dumps(metadata)
    path = f"/v1/outgoing/{own_id or uuid4().hex}{query}"
    return country.http("H29").put(path, data={"metadata": said}, files=list(files))


def put_edxml(country: Country, data: bytes, code: str = "H29", media_type: str = "application/xml") -> httpx.Response:
    headers = {"Content-Type": media_type}
    return country.http(code).put(f"/v1/outgoing/{uuid4().hex}", content=data, headers=headers)


def test_a_good_document_goes_out(country: Country) -> None:
    sent = put(country, good())
    assert sent.status_code == 201
    country.delivered("H29", sent.json()["entry"]["id"])


# ---------------------------------------------------------------- what is said of a document

SAID: dict[str, tuple[object, int, str]] = {
    "no JSON": ("{", 400, "invalid-value"),
    "nothing": ("", 400, "invalid-value"),
    "a list": ("[]", 400, "invalid-value"),
    "deep": ('{"pages":' + "[" * 100_000, 400, "invalid-value"),
    "deep objects": ('{"x":' * 100_000, 400, "invalid-value"),
    "fields missing": ({"number": "1"}, 400, "invalid-value"),
    "numbers for texts": (good(subject=7), 400, "invalid-value"),
    "a lone surrogate": (
        '{"number":"\\ud800","notation":"x","subject":"x","recipients":["H29.51"]}',
        400,
        "invalid-value",
    ),
    "control characters": (good(subject="a\x00b\x1b[2J"), 400, "invalid-value"),
    "no recipients": (good(recipients=[]), 400, "invalid-value"),
    "a recipient that is no code": (good(recipients=["\x00"]), 400, "invalid-value"),
    "a long code": (good(recipients=["H" * 5000]), 400, "invalid-value"),
    "an unknown recipient": (good(recipients=["X99.01"]), 422, "recipient-unknown"),
    "one unknown of two": (good(recipients=["H29.51", "X99.01"]), 422, "recipient-unknown"),
    "an impossible day": (good(issued="2026-02-30"), 400, "invalid-value"),
    "an impossible urgency": (good(urgency=9), 400, "invalid-value"),
    "a negative urgency": (good(urgency=-1), 400, "invalid-value"),
    "an impossible business": (good(business=9), 400, "invalid-value"),
    "a recall by the back door": (good(business=1), 400, "invalid-value"),
    "a giant number of pages": (good(pages=10**30), 400, "invalid-value"),
    "a giant subject": (good(subject="x" * 200_000), 413, "package-too-large"),
    "a secret": (good(secrecy="MẬT"), 422, "secret-not-allowed"),
    "a secret in the subject": (good(subject="(TUYỆT MẬT) Văn bản mẫu"), 422, "secret-not-allowed"),
    "a very long id": (good(document_id="x" * 100_000), 400, "invalid-value"),
}


@pytest.mark.parametrize("how", SAID)
def test_metadata_that_cannot_be(country: Country, how: str) -> None:
    metadata, status, code = SAID[how]
    own_id = uuid4().hex
    with country.nothing_taken(CITY):
        refused(put(country, metadata, own_id=own_id), status, code)
    logged(country, CITY, code, f"/v1/outgoing/{own_id}")
    assert put(country, good(), own_id=own_id).status_code == 201  # the id is still free


@pytest.mark.parametrize("own_id", ["x" * 200, "a%20b", "a%0a", "%00", "đ", "a%0A", "..%5c..", "<x>"])
def test_an_own_id_that_cannot_be(country: Country, own_id: str) -> None:
    with country.nothing_taken(CITY):
        refused(put(country, good(), own_id=own_id), 400, "invalid-value")


@pytest.mark.parametrize("ttl", ["-1", "nan", "inf", "1e300", "x", "99999999"])
def test_a_time_to_live_that_cannot_be(country: Country, ttl: str) -> None:
    with country.nothing_taken(CITY):
        refused(put(country, good(), query=f"?ttl_seconds={ttl}"), 400, "invalid-value")


# ---------------------------------------------------------------- files


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "C:\\Windows\\x.pdf",
        "a\tb.pdf",
        "x" * 3000 + ".pdf",
        "\u202efdp.exe",
        "CON",
        "..",
    ],
)
def test_a_file_name_is_only_a_name(country: Country, name: str) -> None:
    answer = put(country, good(), [("files", (name, PDF, "application/pdf"))])
    assert answer.status_code in {201, 400, 413}, answer.text
    if answer.status_code == 201:
        (part,) = answer.json()["parts"]
        assert not set(part["name"]) & set("/\\\t\n\u202e")
        assert part["name"] not in {"", ".", ".."}
        assert len(part["name"]) <= 255


@pytest.mark.parametrize("media_type", ["x", "text/html; charset=\x7f", "a/b/c", "application/" + "x" * 500])
def test_a_media_type_that_is_none(country: Country, media_type: str) -> None:
    answer = put(country, good(), [("files", ("a.pdf", PDF, media_type))])
    assert answer.status_code in {201, 400}, answer.text


def test_more_files_than_a_package_holds(country: Country) -> None:
    files = [("files", (f"{n}.pdf", b"x", "application/pdf")) for n in range(250)]
    with country.nothing_taken(CITY):
        refused(put(country, good(), files), 413, "package-too-large")


FORMS: dict[str, tuple[str, bytes]] = {
    "no boundary": ("multipart/form-data", b"x"),
    "another boundary": ("multipart/form-data; boundary=a", b"--b\r\n\r\n--b--"),
    "cut": ("multipart/form-data; boundary=a", b'--a\r\nContent-Disposition: form-data; name="metadata"\r\n\r\n{'),
    "parts without a name": ("multipart/form-data; boundary=a", b"--a\r\nX: y\r\n\r\nz\r\n--a--\r\n"),
    "very many parts": (
        "multipart/form-data; boundary=a",
        b'--a\r\nContent-Disposition: form-data; name="x"\r\n\r\ny\r\n' * 3000 + b"--a--\r\n",
    ),
    "metadata twice": (
        "multipart/form-data; boundary=a",
        b'--a\r\nContent-Disposition: form-data; name="metadata"\r\n\r\n{}\r\n' * 2 + b"--a--\r\n",
    ),
    "metadata as a file": (
        "multipart/form-data; boundary=a",
        b'--a\r\nContent-Disposition: form-data; name="metadata"; filename="x"\r\n\r\n{}\r\n--a--\r\n',
    ),
    "not UTF-8": (
        "multipart/form-data; boundary=a",
        b'--a\r\nContent-Disposition: form-data; name="metadata"\r\n\r\n\xff\xfe\r\n--a--\r\n',
    ),
    "an empty body": ("multipart/form-data; boundary=a", b""),
}


@pytest.mark.parametrize("how", FORMS)
def test_a_form_that_is_none(country: Country, how: str) -> None:
    media_type, body = FORMS[how]
    with country.nothing_taken(CITY):
        answer = put_edxml(country, body, media_type=media_type)
    assert answer.status_code == 400, answer.text
    refused(answer, 400, answer.json()["code"])


@pytest.mark.parametrize("media_type", ["application/json", "text/plain", "application/x-www-form-urlencoded", "x", ""])
def test_a_content_type_nobody_takes(country: Country, media_type: str) -> None:
    with country.nothing_taken(CITY):
        refused(put_edxml(country, write(letter(["H29.51"], "H29"), {}), media_type=media_type), 415, "http-415")


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"\xff", b'{"reason":', b"[" * 100_000, b'{"reason":' * 50_000, b"null"]
)
@pytest.mark.parametrize("act", ["recall", "update", "statuses"])
def test_an_act_that_says_nothing(country: Country, act: str, body: bytes) -> None:
    answer = country.http("H29").post(f"/v1/documents/{'0' * 32}/{act}", content=body)
    assert answer.status_code == 400, answer.text
    refused(answer, 400, answer.json()["code"])


# ---------------------------------------------------------------- ready edXML files


def attached(data: bytes) -> Callable[[bytes], bytes]:
    return lambda made: made.replace(base64.b64encode(PDF), base64.b64encode(data))


def bomb(made: bytes) -> bytes:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return made.replace(b"\n", f'<!DOCTYPE edXML [<!ENTITY l0 "ha">{laughs}]>'.encode(), 1)


EDXML: dict[str, tuple[Callable[[bytes], bytes], int, str]] = {
    "empty": (lambda _: b"", 422, "envelope-unreadable"),
    "no XML": (lambda _: PDF, 422, "envelope-unreadable"),
    "cut": (lambda made: made[:300], 422, "envelope-unreadable"),
    "an XML bomb": (bomb, 422, "envelope-unsafe"),
    "depth": (lambda made: made.replace(b"<edXML:OtherInfo>", b"<a>" * 9000), 422, "envelope-unsafe"),
    "a ZIP bomb": (attached(zipped(("a.pdf", bytes(30 * 2**20)))), 422, "envelope-unsafe"),
    "a path in a ZIP": (attached(zipped(("../x.pdf", PDF))), 422, "envelope-unsafe"),
    "a secret": (lambda made: made.replace(b"<edXML:Subject>", "<edXML:Subject>(TỐI MẬT) ".encode()), 422, "secret-not-allowed"),
    "a foreign sender": (lambda made: made.replace(b"<edXML:OrganId>H29<", b"<edXML:OrganId>G09<"), 403, "sender-not-represented"),
    "an unknown recipient": (lambda made: made.replace(b"H29.51", b"X99.01"), 422, "recipient-unknown"),
}  # fmt: skip


@pytest.mark.parametrize("how", EDXML)
def test_an_edxml_file_that_must_not_enter(country: Country, how: str) -> None:
    edit, status, code = EDXML[how]
    with country.nothing_taken(CITY):
        refused(put_edxml(country, edit(write(letter(["H29.51"], "H29"), {}))), status, code)


def test_a_path_as_attachment_name_is_cleaned_and_told(country: Country) -> None:
    made = write(letter(["H29.51"], "H29"), {}).replace(b"van-ban.pdf", b"../../etc/cron.d/van-ban.pdf")
    told = put_edxml(country, made).json()
    assert [part["name"] for part in told["parts"]] == ["van-ban.pdf"]
    assert told["warnings"]


# ---------------------------------------------------------------- repeats, closed codes


def test_the_same_id_again_and_with_other_content(country: Country) -> None:
    own_id, said = uuid4().hex, good()
    first = put(country, said, own_id=own_id)
    country.delivered("H29", first.json()["entry"]["id"])
    with country.nothing_taken(CITY):
        again = put(country, said, own_id=own_id)
        refused(put(country, good(), own_id=own_id), 409, "duplicate-differs")
        refused(
            put(country, said, [("files", ("a.pdf", PDF + b"!", "application/pdf"))], own_id), 409, "duplicate-differs"
        )
    assert first.json()["entry"]["id"] == again.json()["entry"]["id"]


def test_a_closed_recipient_is_redirected_in_sight(country: Country) -> None:
    sent = put(country, good(recipients=["H29.21"])).json()["entry"]
    assert [(r["addressee"], r["recipient"], r["redirected"]) for r in sent["recipients"]] == [
        ("H29.21", "H29.51", True)
    ]
    told = country.delivered("H29", sent["id"])
    assert any(step.kind == "redirected" and "H29.21" in step.text_vi for step in told.steps)


# ---------------------------------------------------------------- statuses


def status_file(about: str, document_id: object, sender: str) -> bytes:
    answers = ResponseFor(OrganisationCode(about), DocumentId(str(document_id)))
    message = StatusMessage(sender=letter(sender=sender).sender, response=answers, code=StatusCode("01"), at=now())
    return write(message)


def test_a_status_for_a_document_never_received(country: Country) -> None:
    with country.nothing_taken(GOVERNMENT):
        refused(put_edxml(country, status_file("H29", "khong-co", "H14"), "H14"), 422, "document-unknown")
        refused(country.http("H14").post(f"/v1/documents/{'0' * 32}/statuses", json={"code": "01"}), 404, "not-found")


@pytest.fixture(scope="module")
def theirs(country: Country) -> str:
    """A document between two tenants of the shared gateway, of which a third must hear nothing."""
    metadata = Metadata("77", "CV-RIENG", "Chuyện riêng giữa hai cơ quan", ("H14",))
    sent = country.desk("G09").send(metadata, [GOOD_FILE], "chuyen-rieng")
    country.delivered("G09", sent.entry.id)
    return sent.entry.id


def test_a_status_from_a_stranger(country: Country, theirs: str) -> None:
    document_id = country.desk("G09").document(theirs).entry.document_id
    with country.nothing_taken(GOVERNMENT):
        refused(put_edxml(country, status_file("G09", document_id, "G06"), "G06"), 422, "document-unknown")


def test_a_status_that_is_no_lawful_move(country: Country, theirs: str) -> None:
    for code, status, refusal in (
        ("06", 409, "illegal-move"),
        ("15", 409, "illegal-move"),
        ("02", 400, "invalid-value"),
        ("16", 400, "invalid-value"),
    ):
        with country.nothing_taken(GOVERNMENT):
            refused(country.http("H14").post(f"/v1/documents/{theirs}/statuses", json={"code": code}), status, refusal)


@pytest.mark.parametrize("code", ["", "0", "99", "x" * 5000, "\x00", "một"])
def test_a_status_code_that_is_none(country: Country, theirs: str, code: str) -> None:
    with country.nothing_taken(GOVERNMENT):
        answer = country.http("H14").post(f"/v1/documents/{theirs}/statuses", json={"code": code})
    assert 400 <= answer.status_code < 500, answer.text
    refused(answer, answer.status_code, answer.json()["code"])


# ---------------------------------------------------------------- tenants apart

DOORS = [
    ("GET", ""),
    ("GET", "/evidence"),
    ("GET", "/evidence/1"),
    ("GET", "/files/rieng.pdf"),
    ("GET", "/files/message.edxml"),
    ("POST", "/statuses"),
    ("POST", "/recall"),
    ("POST", "/update"),
]
SAYING = {"/statuses": {"code": "01"}, "/recall": {"reason": "x"}, "/update": {"reason": "x", "add": ["G06"]}}


@pytest.mark.parametrize(("method", "door"), DOORS)
@pytest.mark.parametrize("stranger", ["G06", "H29"])
def test_another_tenants_document_is_not_there(
    country: Country, theirs: str, stranger: str, method: str, door: str
) -> None:
    with country.nothing_taken(GOVERNMENT):
        answer = country.http(stranger).request(method, f"/v1/documents/{theirs}{door}", json=SAYING.get(door))
        unknown = country.http(stranger).request(method, f"/v1/documents/{'9' * 32}{door}", json=SAYING.get(door))
    told, other = refused(answer, 404, "not-found"), refused(unknown, 404, "not-found")
    assert "riêng" not in answer.text
    own = {"detail": "", "trace": ""}  # what differs from call to call
    assert told | own == other | own  # not even whether there is one


def test_a_recipient_may_not_recall_or_update(country: Country, theirs: str) -> None:
    for door in ("/recall", "/update"):
        refused(country.http("H14").post(f"/v1/documents/{theirs}{door}", json=SAYING[door]), 404, "not-found")


def test_another_tenants_inbox_is_closed(country: Country, theirs: str) -> None:
    for act in ("lock", "acknowledge", "release"):
        for stranger in ("G06", "G09"):
            answer = country.http(stranger).post(f"/v1/inbox/{theirs}/H14/{act}", json={"lock": "x"})
            refused(answer, 404, "not-found")
    assert country.http("G06").get("/v1/search", params={"text": "Chuyện riêng"}).json()["entries"] == []
    found = [entry["id"] for entry in country.http("G06").get("/v1/inbox").json()]
    assert theirs not in found


def test_a_wrong_lock(country: Country, theirs: str) -> None:
    refused(country.http("H14").post(f"/v1/inbox/{theirs}/H14/acknowledge", json={"lock": "sai"}), 409, "lock-lost")
    taken = country.http("H14").post(f"/v1/inbox/{theirs}/H14/lock").json()
    refused(country.http("H14").post(f"/v1/inbox/{theirs}/H14/lock"), 409, "lock-lost")
    refused(country.http("H14").post(f"/v1/inbox/{theirs}/H14/acknowledge", json={"lock": ""}), 409, "lock-lost")
    country.http("H14").post(f"/v1/inbox/{theirs}/H14/release", json={"lock": taken["lock"]})


@pytest.mark.parametrize("name", ["..%2f..%2fhop.sqlite3", "..%5c..%5cx", "%2fetc%2fpasswd", "%00", "x" * 2000, "đ"])
def test_files_that_climb(country: Country, theirs: str, name: str) -> None:
    answer = country.http("G09").get(f"/v1/documents/{theirs}/files/{name}")
    assert answer.status_code == 404, answer.text
    refused(answer, 404, answer.json()["code"])


def test_an_empty_lock_takes_nothing(country: Country) -> None:
    """A document nobody has locked has an empty lock; saying so must not hand it over."""
    sent = country.desk("G09").send(Metadata("78", "CV-MẪU", "Văn bản mẫu", ("H14",)), [GOOD_FILE], uuid4().hex)
    country.delivered("G09", sent.entry.id)
    refused(country.http("H14").post(f"/v1/inbox/{sent.entry.id}/H14/acknowledge", json={"lock": ""}), 409, "lock-lost")
