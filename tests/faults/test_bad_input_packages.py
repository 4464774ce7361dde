"""Bad packages on the wire to a running axis: refused with a code and evidence, nothing kept, the axis goes on."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from envelope_made import zipped
from lienthong.document import DocumentId, OrganisationCode, StatusCode
from lienthong.envelope import Edoc, Part, ResponseFor, StatusMessage, attach, frame, pack, write
from lienthong.registry import Organisation, Purpose, Snapshot, Status, certificate_entry
from lienthong.seal import base64url
from refusing import logged, refused
from running_country import PDF, Country, Identity, letter, now, sealed
from seal_world import Signer, certificate, ec_key, rsa_key

pytestmark = [pytest.mark.faults, pytest.mark.acceptance]
DAY = timedelta(days=1)
NO_SUCCESSOR, TWO_SUCCESSORS = "H27.98", "H27.99"
Parts = tuple[Part, ...]


def key_of(label: str, begin: timedelta, end: timedelta) -> Signer:
    moment = now().replace(microsecond=0)
    return Signer(ec_key(label), certificate(ec_key(label), "Khóa mẫu", valid=(moment + begin, moment + end)))


@pytest.fixture(scope="module")
def keys(country: Country) -> dict[str, Signer]:
    """Keys of H27 that must not be relied on, listed in a published registry; and two closed codes."""
    weak = Signer(rsa_key(1024), certificate(rsa_key(1024), "Khóa yếu", valid=(now() - DAY, now() + DAY)))
    made = {
        "expired": key_of("expired", -10 * DAY, -DAY),
        "not yet valid": key_of("future", DAY, 10 * DAY),
        "revoked": key_of("revoked", -DAY, DAY),
        "weak": weak,
    }
    country.change(lambda before: with_rows(before, made))
    return made | {"unknown": key_of("unknown", -DAY, DAY), "another tenant's": country.seal_of("G09")}


def with_rows(before: Snapshot, made: dict[str, Signer]) -> Snapshot:
    rows = [
        certificate_entry(
            signer.certificate, "org:H27", Purpose.PACKAGE_SEAL, now() - DAY / 2 if name == "revoked" else None
        )
        for name, signer in made.items()
    ]
    yesterday = (now() - 2 * DAY).date()
    closed = [
        Organisation(OrganisationCode(code), "Cơ quan đã đóng", "commune", valid_to=yesterday, status=Status.CLOSED,
                     successors=tuple(map(OrganisationCode, successors)))
        for code, successors in ((NO_SUCCESSOR, ()), (TWO_SUCCESSORS, ("H29", "H27")))
    ]  # fmt: skip
    certificates = (*before.certificates, *rows)
    return replace(before, certificates=certificates, organisations=(*before.organisations, *closed))


@pytest.fixture
def raw(country: Country) -> Identity:
    return country.identity()


@pytest.fixture(autouse=True)
def _lives_on(country: Country, keys: dict[str, Signer]) -> Iterator[None]:
    """After each bad package the same process takes a good one; it never met anything unexpected."""
    before = country.unexpected()
    yield
    assert country.unexpected() == before
    assert country.identity().submit(sealed(letter(), country.seal_of("H27"))).status_code == 201
    assert country.processes.alive("axis")


def turned_away(country: Country, package: tuple[str, Sequence[Part]] | bytes, status: int, code: str) -> None:
    """Refused, nothing kept, and the log of evidence and the log of the process both tell of it."""
    data = package if isinstance(package, bytes) else frame(*package)
    with country.nothing_taken("axis"):
        refused(country.identity().submit(data), status, code)
        refused(country.identity().submit(data), status, code)  # a second try finds nothing of the first
    assert country.rejection(data) == code
    logged(country, "axis", code, "/v1/packages")


# ---------------------------------------------------------------- the bytes and the parts


def relabelled(data: bytes, edit: Callable[[dict[str, Any]], None], tail: bytes = b"") -> bytes:
    """A frame with another head."""
    size = int(data[:8], 16)
    head = json.loads(data[8 : 8 + size])
    edit(head)
    made = json.dumps(head).encode()
    return f"{len(made):08x}".encode() + made + data[8 + size :] + tail


def named(name: str) -> Callable[[dict[str, Any]], None]:
    return lambda head: head["parts"][1].update(name=name)


BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "truncated": lambda data: data[:-1],
    "cut in the head": lambda data: data[:100],
    "longer than it says": lambda data: data + b"x",
    "no frame at all": lambda _: b"\x00\xff" * 500,
    "a head that is no JSON": lambda _: b"00000004\xff\xfe{{",
    "a head nested deep": lambda _: b"0000ffff" + b"[" * 0xFFFF,
    "a head longer than the frame": lambda data: b"0003ffff" + data[8:],
    "a negative size": lambda data: relabelled(data, lambda head: head["parts"][1].update(size=-1)),
    "a giant size": lambda data: relabelled(data, lambda head: head["parts"][1].update(size=10**30)),
    "a size that is a text": lambda data: relabelled(data, lambda head: head["parts"][1].update(size="9")),
    "parts that are no list": lambda data: relabelled(data, lambda head: head.update(parts={})),
    "no parts": lambda data: relabelled(data, lambda head: head.update(parts=[])),
    "a part twice": lambda data: relabelled(data, named("message.edxml")),
    "a path as name": lambda data: relabelled(data, named("../../etc/passwd")),
    "an absolute path as name": lambda data: relabelled(data, named("/etc/passwd")),
    "a name with a zero byte": lambda data: relabelled(data, named("a\x00b")),
    "a media type that is none": lambda data: relabelled(
        data, lambda head: head["parts"][1].update(type="text/html\r\nX-Evil: 1")
    ),
}  # fmt: skip


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_frame(country: Country, how: str) -> None:
    data = BROKEN[how](frame(*sealed(letter(), country.seal_of("H27"))))
    turned_away(country, data, 400, "package-malformed")


@pytest.mark.parametrize("how", ["a long head", "many parts"])
def test_over_a_limit(country: Country, how: str) -> None:
    parts = pack(letter())
    many = (*parts, *(Part(f"tep-{number}", "text/plain", b"x") for number in range(2, 250)))
    seal, _ = sealed(parts, country.seal_of("H27"))
    made = frame("x" * 300_000, parts) if how == "a long head" else frame(seal, many)
    turned_away(country, made, 413, "package-too-large")


CHANGED: dict[str, tuple[Callable[[Parts], Parts], str]] = {
    "content": (lambda parts: (parts[0], replace(parts[1], content=PDF + b"!")), "part-changed"),
    "the message": (lambda p: (replace(p[0], content=p[0].content.replace(b"H29", b"H14")), p[1]), "part-changed"),
    "a media type": (lambda parts: (parts[0], replace(parts[1], media_type="text/html")), "part-changed"),
    "order": (lambda parts: (parts[1], parts[0]), "part-changed"),
    "a part less": (lambda parts: parts[:1], "part-missing"),
    "a part renamed": (lambda parts: (parts[0], replace(parts[1], name="khac")), "part-missing"),
    "a part more": (lambda parts: (*parts, Part("them", "text/plain", b"x")), "part-unexpected"),
}


@pytest.mark.parametrize("how", CHANGED)
def test_parts_changed_after_sealing(country: Country, how: str) -> None:
    edit, code = CHANGED[how]
    seal, parts = sealed(letter(), country.seal_of("H27"))
    turned_away(country, (seal, edit(parts)), 422, code)


# ---------------------------------------------------------------- the seal


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("unknown", "seal-key-unknown"),
        ("expired", "seal-key-expired"),
        ("not yet valid", "seal-key-expired"),
        ("revoked", "seal-key-revoked"),
        ("another tenant's", "seal-key-foreign"),
    ],
)
def test_a_seal_by_a_key_that_may_not(country: Country, keys: dict[str, Signer], key: str, code: str) -> None:
    turned_away(country, sealed(letter(), keys[key]), 422, code)


def forged(country: Country, by: Signer, **header: Any) -> tuple[str, Parts]:
    """A seal over any header, signed by `by`."""
    seal, parts = sealed(letter(), country.seal_of("H27"))
    head = json.loads(base64url.decode(seal.split(".")[0])) | header
    head = {name: value for name, value in head.items() if value is not None}
    protected = base64url.encode(json.dumps(head).encode())
    return f"{protected}..{base64url.encode(by.sign(f'{protected}.'.encode()))}", parts


@pytest.mark.parametrize("alg", ["none", "None", "HS256", "ES384", "RS1", "", 0, ["ES256"]])
def test_an_algorithm_nobody_allows(country: Country, alg: object) -> None:
    turned_away(country, forged(country, country.seal_of("H27"), alg=alg), 422, "algorithm-not-allowed")


def test_no_signature_at_all(country: Country) -> None:
    seal, parts = forged(country, country.seal_of("H27"), alg="none")
    turned_away(country, (seal.rpartition(".")[0] + ".", parts), 422, "algorithm-not-allowed")


def test_the_public_key_as_a_secret(country: Country) -> None:
    signer = country.seal_of("H27")
    seal, parts = forged(country, signer, alg="HS256")
    protected = seal.split(".")[0]
    secret = signer.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    mac = hmac.digest(secret, f"{protected}.".encode(), hashlib.sha256)
    turned_away(country, (f"{protected}..{base64url.encode(mac)}", parts), 422, "algorithm-not-allowed")


def test_a_weak_key(country: Country, keys: dict[str, Signer]) -> None:
    weak = keys["weak"]
    mark = base64url.encode(hashlib.sha256(weak.certificate).digest())
    made = forged(country, weak, alg="RS256", **{"x5t#S256": mark, "x5c": None})
    turned_away(country, made, 422, "algorithm-not-allowed")


def test_a_seal_of_the_future_and_of_long_ago(country: Country) -> None:
    for moment in (now() + timedelta(minutes=10), now() - 60 * DAY):
        turned_away(country, sealed(letter(), country.seal_of("H27"), at=moment), 422, "seal-invalid")


@pytest.mark.parametrize("text", ["", "x", "..", "a.b.c", "\u202e..", "." * 5000])
def test_a_seal_that_is_none(country: Country, text: str) -> None:
    turned_away(country, (text, pack(letter())), 422, "seal-invalid")


# ---------------------------------------------------------------- sender and recipients


def test_a_sender_this_gateway_does_not_speak_for(country: Country) -> None:
    made = sealed(letter(sender="G09"), country.seal_of("G09"), "G09")
    turned_away(country, made, 403, "sender-not-represented")


def test_a_sealed_sender_who_is_not_the_one_in_the_envelope(country: Country) -> None:
    turned_away(country, sealed(letter(sender="G09"), country.seal_of("H27")), 403, "sender-not-represented")


@pytest.mark.parametrize(
    ("to", "code"),
    [("X99.01", "recipient-unknown"), (NO_SUCCESSOR, "recipient-closed"), (TWO_SUCCESSORS, "recipient-closed")],
)
def test_a_recipient_who_cannot_get_it(country: Country, raw: Identity, to: str, code: str) -> None:
    turned_away(country, sealed(letter([to]), country.seal_of("H27")), 422, code)
    mixed = raw.submit(sealed(letter([to, "H29"]), country.seal_of("H27"))).json()
    refusals = {leg["addressee"]: (leg["refusal"], bool(leg["receipt"])) for leg in mixed["legs"]}
    assert refusals == {to: (code, True), "H29": ("", False)}


def test_a_closed_recipient_with_one_successor_is_redirected_in_sight(country: Country, raw: Identity) -> None:
    told = raw.submit(sealed(letter(["H29.21"]), country.seal_of("H27"))).json()
    (leg,) = told["legs"]
    assert (leg["addressee"], leg["recipient"], leg["refusal"]) == ("H29.21", "H29.51", "")
    event = json.loads(json.loads(leg["receipt"])["leaf"])
    assert (event["kind"], event["addressee"], event["recipient"]) == ("redirected", "H29.21", "H29.51")


# ---------------------------------------------------------------- repeats


def test_the_same_again_gets_the_same_receipt_byte_for_byte(country: Country, raw: Identity) -> None:
    data = frame(*sealed(letter(), country.seal_of("H27")))
    first = raw.submit(data)
    with country.nothing_taken("axis"):
        again = [raw.submit(data) for _ in range(3)]
    receipts = {answer.json()["receipt"] for answer in (first, *again)}
    assert [answer.status_code for answer in (first, *again)] == [201] * 4
    assert len(receipts) == 1


def test_the_same_id_with_other_content(country: Country, raw: Identity) -> None:
    first = sealed(letter(), country.seal_of("H27"), message_id="mot-ma")
    assert raw.submit(first).status_code == 201
    turned_away(country, sealed(letter(), country.seal_of("H27"), message_id="mot-ma"), 409, "duplicate-differs")
    assert raw.submit(first).status_code == 201


def test_large_files_of_a_refused_package_leave_nothing_on_the_disk(country: Country, raw: Identity) -> None:
    def large(fill: bytes, to: str) -> Edoc:
        return letter([to], attachments=attach([("lon.pdf", "application/pdf", PDF + fill * 200_000)]))

    first = sealed(large(b"a", "H29"), country.seal_of("H27"), message_id="mot-ma-lon")
    assert raw.submit(first).status_code == 201
    assert country.kept("axis")[0]  # it is large enough to lie outside the rows
    second = sealed(large(b"b", "H29"), country.seal_of("H27"), message_id="mot-ma-lon")
    turned_away(country, second, 409, "duplicate-differs")
    turned_away(country, sealed(large(b"c", "X99.01"), country.seal_of("H27")), 422, "recipient-unknown")


# ---------------------------------------------------------------- what the envelope says


def inline(edit: Callable[[bytes], bytes]) -> tuple[Part, ...]:
    """One part: an edXML file with its attachment inside, changed by hand."""
    good = write(letter(), {})
    assert edit(good) != good
    return (Part("message.edxml", "application/xml", edit(good)),)


def attached(data: bytes) -> Callable[[bytes], bytes]:
    return lambda good: good.replace(base64.b64encode(PDF), base64.b64encode(data))


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
ENVELOPES: dict[str, tuple[Callable[[bytes], bytes], int, str]] = {
    "no XML": (lambda _: b"\xff\x00", 422, "envelope-unreadable"),
    "cut": (lambda good: good[:200], 422, "envelope-unreadable"),
    "an XML bomb": (
        lambda good: good.replace(b"\n", f'<!DOCTYPE edXML [<!ENTITY l0 "ha">{LAUGHS}]>'.encode(), 1).replace(
            b"H27,2026", b"&l9;,2026"
        ),
        422,
        "envelope-unsafe",
    ),
    "a file of ours as entity": (
        lambda good: good.replace(b"\n", b'<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>', 1),
        422,
        "envelope-unsafe",
    ),
    "depth": (
        lambda good: good.replace(b"<edXML:OtherInfo>", b"<a>" * 5000 + b"</a>" * 5000 + b"<edXML:OtherInfo>"),
        422,
        "envelope-unsafe",
    ),
    "many elements": (
        lambda good: good.replace(b"<edXML:OtherInfo>", b"<a/>" * 60_000 + b"<edXML:OtherInfo>"),
        413,
        "package-too-large",
    ),
    "a ZIP bomb": (attached(zipped(("a.pdf", bytes(30 * 2**20)))), 422, "envelope-unsafe"),
    "a ZIP of very many": (attached(zipped(*((f"{n}.pdf", b"") for n in range(300)))), 422, "envelope-unsafe"),
    "a path in a ZIP": (attached(zipped(("../../etc/cron.d/x", PDF))), 422, "envelope-unsafe"),
    "a secret": (lambda good: good.replace(b"<edXML:Subject>", "<edXML:Subject>(TỐI MẬT) ".encode()), 422, "secret-not-allowed"),
    "a secret by another name": (
        lambda good: good.replace(b"<edXML:OtherInfo>", "<edXML:DoMat>Mật</edXML:DoMat><edXML:OtherInfo>".encode()),
        422,
        "secret-not-allowed",
    ),
    "nobody to go to": (
        lambda good: good[: good.index(b"<edXML:To>")] + good[good.index(b"</edXML:To>") + 11 :],
        422,
        "envelope-unreadable",
    ),
}  # fmt: skip


@pytest.mark.parametrize("how", ENVELOPES)
def test_an_envelope_that_must_not_enter(country: Country, how: str) -> None:
    edit, status, code = ENVELOPES[how]
    turned_away(country, sealed(inline(edit), country.seal_of("H27")), status, code)


def test_a_path_as_attachment_name_travels_only_as_a_plain_name(country: Country, raw: Identity) -> None:
    parts = inline(lambda good: good.replace(b"van-ban.pdf", b"../../../etc/cron.d/van-ban.pdf"))
    package = raw.submit(sealed(parts, country.seal_of("H27"))).json()["package"]
    desk = country.desk("H29")
    found = country.arrived("H29", package)
    assert [part.name for part in found.parts] == ["van-ban.pdf"]
    assert found.warnings
    assert desk.part(package, "van-ban.pdf") == PDF


# ---------------------------------------------------------------- statuses


def status_of(document_id: object, about: str = "G09", sender: str = "H27", code: str = "01") -> StatusMessage:
    return StatusMessage(
        sender=letter(sender=sender).sender,
        response=ResponseFor(OrganisationCode(about), DocumentId(str(document_id))),
        code=StatusCode(code),
        description="Trạng thái mẫu",
        at=now(),
    )


def test_a_status_for_a_document_never_received(country: Country) -> None:
    made = sealed(status_of("G09,2026/11/22,0/KHONG-CO"), country.seal_of("H27"))
    turned_away(country, made, 422, "document-unknown")


def test_a_status_from_a_stranger(country: Country) -> None:
    passed = letter(["H29"], sender="G09")
    frame_bytes = frame(*sealed(passed, country.seal_of("G09"), "G09"))
    assert country.identity("gw-g22").submit(frame_bytes).status_code == 201
    turned_away(country, sealed(status_of(passed.document_id), country.seal_of("H27")), 422, "not-a-recipient")


def test_a_status_before_the_document_was_delivered(country: Country) -> None:
    passed = letter(["H27"], sender="G09")
    assert country.identity("gw-g22").submit(sealed(passed, country.seal_of("G09"), "G09")).status_code == 201
    turned_away(country, sealed(status_of(passed.document_id), country.seal_of("H27")), 422, "document-unknown")
