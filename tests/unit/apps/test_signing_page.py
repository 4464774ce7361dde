"""The signing page: keys in people's own hands, each secret once, and a draft that only ever gets the right signature."""

import json
from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa, utils
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.office.models import Draft, DraftFile, Route, Signing
from apps.office.models import Role as Step
from apps.office.outgoing import acts, flow, routes, signatures
from apps.staff.models import Duty
from lienthong.adapters.keys import SoftDocumentSigner
from lienthong.errors import IllegalMove, SignatureProblem
from lienthong.signature import LegalValue, Role, Verdict, validate
from lienthong.signature.facts.gather import gather
from lienthong.signature.facts.looks import looks
from lienthong.signature.inspection import inspect
from lienthong.testing.pki import pki
from lienthong.testing.plugin import foreign_signature
from unit.apps.office_made import undone
from unit.apps.test_compose import CITY, TYPED, pdf
from unit.apps.test_outgoing import City, nothing, waits
from unit.apps.test_outgoing_flow import Office

PERSON, AGENCY = pki().leader(organisation=CITY), pki().document_seal(CITY)
OFFERED = [{"cryptoAlgorithm": "RSA", "hashFunction": "SHA-256", "paddingScheme": "PKCS1.5"}]


@pytest.fixture
def city() -> Iterator[City]:
    with undone():
        yield City()


@pytest.fixture
def leader(city: City) -> Client:
    """Whom the drafts wait for."""
    return entered(city.leader.person)


@pytest.fixture
def draft(city: City) -> str:
    """A draft with a file, checked, waiting for its leader."""
    return waiting(city)


def waiting(city: City, **told: str) -> str:
    recipients = [{"code": "G09", "name": "Bộ Nội vụ", "state": "open"}]
    made = Draft.objects.create(
        agency=city.code, author=city.officer.person, fields=TYPED | told, recipients=recipients
    )
    DraftFile.objects.create(draft=made, main=True, name="15.pdf", media_type="application/pdf", content=pdf())
    document = acts.submit(city.officer, made, city.leader.person)
    for deed in (city.head, city.clerk):
        acts.approve(deed, document, 1)
    return str(made.pk)


def sealer(city: City) -> Client:
    """The clerk, once the number is given."""
    acts.give_number(city.clerk, Draft.objects.get().document, nothing)  # type: ignore[arg-type]  # it was handed on
    return entered(city.clerk.person)


def entered(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def content() -> bytes:
    return bytes(Draft.objects.get().files.get(main=True).content)


def home(draft: str) -> str:
    return f"/di/van-ban/{Draft.objects.get(pk=draft).document_id}/"


def fields() -> list[str]:
    return [each.field for each in inspect(content()).signatures]


def post(leader: Client, path: str, body: Any, **headers: str) -> Any:
    return leader.post(path, json.dumps(body), content_type="application/json", **headers)


def show(leader: Client, draft: str, signer: SoftDocumentSigner = PERSON, **more: Any) -> Any:
    said = {"certificate": b64encode(signer.certificate).decode(), "supportedSignatureAlgorithms": OFFERED, **more}
    return post(leader, f"/soan/{draft}/ky/trinh-duyet/", said)


def value(wanted: dict[str, str], signer: SoftDocumentSigner = PERSON) -> str:
    from base64 import b64decode  # noqa: PLC0415 - the other half of what is imported above

    assert isinstance(signer.key, rsa.RSAPrivateKey)
    digest = b64decode(wanted["hash"])
    return b64encode(signer.key.sign(digest, padding.PKCS1v15(), utils.Prehashed(hashes.SHA256()))).decode()


def finish(leader: Client, wanted: dict[str, str], signature: str, **changes: str) -> Any:
    return post(leader, wanted["signing"] + "xong/", {"nonce": wanted["nonce"], "signature": signature} | changes)


def test_the_page_says_what_who_and_how(leader: Client, draft: str) -> None:
    answer = leader.get(f"/soan/{draft}/ky/")
    text = answer.content.decode()
    for said in (TYPED["subject"], "Nguyễn Văn Mẫu", "Ký bằng khóa này", "Ký bằng tiện ích", "Ký bằng chương trình"):
        assert said in text
    assert "connect-src 'self' wss://127.0.0.1:8987" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert f'href="/soan/{draft}/ky/"' in leader.get(home(draft)).content.decode()


def test_leader_then_seal_with_the_agencys_keys_and_no_script(city: City, leader: Client, draft: str) -> None:
    assert leader.post(f"/soan/{draft}/ky/", {"sign_place": "at:0:300:300"})["Location"] == home(draft)
    assert sealer(city).post(f"/soan/{draft}/ky/").status_code == 302
    assert fields() == ["LeaderSignature1", "AgencySeal1"]
    assert Draft.objects.get().fields["sign_place"] == "at:0:300:300"
    assert leader.get(f"/soan/{draft}/ky/")["Location"] == home(draft)


def test_in_the_browser(city: City, leader: Client, draft: str) -> None:
    wanted = show(leader, draft, place="at:0:200:250").json()
    assert wanted["hashFunction"] == "SHA-256"
    assert leader.get(wanted["signing"]).json()["state"] == "waiting"
    assert finish(leader, wanted, value(wanted)).json()["next"] == home(draft)
    assert fields() == ["LeaderSignature1"]
    assert leader.get(wanted["signing"]).json()["state"] == "signed"
    assert finish(leader, wanted, value(wanted)).status_code == 422
    clerk = sealer(city)
    sealed = show(clerk, draft, AGENCY).json()
    finish(clerk, sealed, value(sealed, AGENCY))
    assert fields() == ["LeaderSignature1", "AgencySeal1"]


def test_a_certificate_of_somebody_else_is_not_prepared_for(leader: Client, draft: str) -> None:
    for signer in (AGENCY, pki().leader("Lê Văn Khác", CITY)):
        answer = show(leader, draft, signer)
        assert (answer.status_code, answer.json()["code"]) == (422, "signing-differs")
    weak = [{"cryptoAlgorithm": "RSA", "hashFunction": "SHA-1", "paddingScheme": "PKCS1.5"}]
    assert show(leader, draft, supportedSignatureAlgorithms=weak).json()["code"] == "algorithm-not-allowed"
    for nonsense in ({"certificate": "%%%"}, {"certificate": "AAAA"}, {"supportedSignatureAlgorithms": [{}]}):
        assert show(leader, draft, **nonsense).status_code in {400, 422}
    assert not Signing.objects.exists()


def test_a_wrong_value_a_wrong_nonce_and_another_origin(leader: Client, draft: str) -> None:
    wanted = show(leader, draft).json()
    for answer in (
        finish(leader, wanted, b64encode(b"\1" * 256).decode()),
        finish(leader, wanted, value(wanted), nonce="guessed"),
        finish(leader, wanted, value(wanted, AGENCY)),
    ):
        assert answer.json()["code"] == "signing-differs"
    path = wanted["signing"] + "xong/"
    said = {"nonce": wanted["nonce"], "signature": value(wanted)}
    assert post(leader, path, said, HTTP_ORIGIN="https://elsewhere.example").status_code == 400
    assert content() == pdf()


def test_nobody_else_finishes_it_and_nobody_after_its_time(leader: Client, other_clerk: Client, draft: str) -> None:
    wanted = show(leader, draft).json()
    assert finish(other_clerk, wanted, value(wanted)).status_code == 410
    assert other_clerk.get(wanted["signing"]).status_code == 410
    assert show(other_clerk, draft).status_code == 404
    Signing.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert finish(leader, wanted, value(wanted)).status_code == 410
    assert leader.get(wanted["signing"]).json()["state"] == "expired"


def test_cancelled_is_cancelled(leader: Client, draft: str) -> None:
    wanted = show(leader, draft).json()
    assert leader.post(wanted["signing"] + "huy/").json() == {"state": "cancelled"}
    assert finish(leader, wanted, value(wanted)).status_code == 422
    assert content() == pdf()


def test_a_file_changed_meanwhile_is_not_signed(leader: Client, draft: str) -> None:
    wanted, asked = show(leader, draft).json(), plugin(leader, draft)
    Signing.objects.update(state="waiting")
    other = pdf() + b"\n"
    DraftFile.objects.update(content=other)
    assert leader.get(asked["FileName"]).status_code == 410
    assert finish(leader, wanted, value(wanted)).status_code in {410, 422}
    assert content() == other


# ---------------------------------------------------------------- initials


@pytest.fixture
def office() -> Iterator[Office]:
    """Content is initialled in the drafting unit, the form by the agency's clerk or office."""
    with undone():
        made = Office()
        steps = [{"role": Step.INITIAL, "unit": unit} for unit in (routes.OWN, routes.AGENCY)]
        Route.objects.create(agency=made.code, steps=steps)
        made.deed(Duty.OFFICE_HEAD)
        yield made


def test_initials_are_a_signature_at_their_place_and_everything_after_them_holds(office: Office) -> None:
    draft = office.typed(to_places="Như trên\nLưu: VT")
    document = flow.submit(office.officer, draft, office.leader.person)
    for deed in (office.head, office.deed(Duty.OFFICE_HEAD)):
        key, client = pki().leader(deed.person.name, CITY), entered(deed.person)
        assert "Ký nháy trên trang" in client.get(home(str(draft.pk))).content.decode()
        assert "Ký nháy" in client.get(f"/soan/{draft.pk}/ky/").content.decode()
        wanted = show(client, str(draft.pk), key).json()
        assert finish(client, wanted, value(wanted, key)).json()["next"] == home(str(draft.pk))
    assert waits(document) == [Step.SIGN]
    draft.refresh_from_db()
    office.put(office.leader, document, Role.LEADER)
    flow.give_number(office.clerk, document)
    office.put(office.clerk, document, Role.SEAL)
    report = validate(content(), pki().roots, timezone.now())
    assert [(one.role, one.verdict) for one in report.signatures] == [
        (role, Verdict.VALID) for role in (Role.INITIALS, Role.INITIALS, Role.LEADER, Role.SEAL)
    ]
    assert report.legal_value is LegalValue.ORIGINAL
    body, places = (fact.box for fact in gather(content()).signatures[:2])
    lines = {line.text: line.box for line in looks(content()).lines}
    assert body is not None
    assert places is not None
    assert body.left >= lines["Điều 1. Thử./."].right
    assert abs(body.bottom - lines["Điều 1. Thử./."].bottom) < 10
    assert places.left >= lines["- Lưu: VT."].right
    assert abs(places.bottom - lines["- Lưu: VT."].bottom) < 10
    assert "ký nháy trên trang của bản 1" in entered(office.clerk.person).get(home(str(draft.pk))).content.decode()


def test_initials_are_ones_own_and_without_a_key_they_are_noted_and_said_so(office: Office) -> None:
    draft = office.typed()
    document = flow.submit(office.officer, draft, office.leader.person)
    head = entered(office.head.person)
    assert show(head, str(draft.pk)).json()["code"] == "signing-differs", "the leader's card"
    other = pki().leader(office.leader.person.name, CITY)
    assert show(entered(office.leader.person), str(draft.pk), other).status_code in {403, 409}
    with pytest.raises(SignatureProblem):
        signatures.put(draft, office.head.person, Role.INITIALS)
    assert "không biết ký nháy" in head.post(f"/soan/{draft.pk}/ky/chuong-trinh/").json()["problem"]
    head.post(home(str(draft.pk)), {"act": "approve", "version": 1})
    assert "không có chữ ký trên trang" in head.get(home(str(draft.pk))).content.decode()
    assert fields() == []
    assert [row.role for row in document.assignments.filter(state="done")] == [Step.INITIAL]


# ---------------------------------------------------------------- the state's program


def plugin(leader: Client, draft: str) -> dict[str, Any]:
    answer = leader.post(f"/soan/{draft}/ky/chuong-trinh/").json()
    return answer["request"] | {"address": answer["address"], "signing": answer["signing"]}


def back(asked: dict[str, Any], content: bytes, name: str = "uploadfile") -> Any:
    file = SimpleUploadedFile("signed.pdf", content, "application/pdf")
    return Client(enforce_csrf_checks=True).post(asked["FileUploadHandler"], {name: file})


def test_the_file_goes_out_once_and_comes_back_once(leader: Client, draft: str) -> None:
    asked, nobody = plugin(leader, draft), Client()
    assert asked["address"] == "wss://127.0.0.1:8987/SignApproved"
    assert asked["DocNumber"] == "15/UBND-VX"
    given = nobody.get(asked["FileName"])
    assert given.content == pdf()
    assert nobody.get(asked["FileName"]).status_code == 410
    signed = foreign_signature(given.content, PERSON)
    assert back(asked, signed).json()["Status"] == 0
    assert content() == signed
    assert back(asked, signed).status_code == 410
    assert leader.get(asked["signing"]).json()["state"] == "signed"


def test_a_page_laid_out_here_comes_back_signed_too(office: Office) -> None:
    """Its places for number and date are a form already, to which the program adds its field alone."""
    Route.objects.all().delete()
    draft = office.typed()
    office.through(draft)
    asked = plugin(entered(office.leader.person), str(draft.pk))
    assert back(asked, foreign_signature(Client().get(asked["FileName"]).content, PERSON)).json()["Status"] == 0


def test_then_the_seal(city: City, leader: Client, draft: str) -> None:
    back(plugin(leader, draft), foreign_signature(pdf(), PERSON))
    clerk = sealer(city)
    asked = plugin(clerk, draft)
    assert asked["address"].endswith("/SignIssued")
    raw = Client().post(
        asked["FileUploadHandler"], foreign_signature(content(), AGENCY), content_type="application/pdf"
    )
    assert raw.status_code == 200
    assert 'name="act" value="issue"' in clerk.get(home(draft)).content.decode()


@pytest.mark.parametrize(
    ("reason", "returned"),
    [
        ("khác", lambda: foreign_signature(pdf() + b"\n", PERSON).replace(b"%PDF", b"%PDf")),
        ("chưa được ký", pdf),
        ("người ký dự kiến", lambda: foreign_signature(pdf(), AGENCY)),
        ("một chữ ký", lambda: foreign_signature(foreign_signature(pdf(), PERSON), PERSON)),
        ("khác", lambda: b"nonsense"),
    ],
)
def test_what_comes_back_wrong_is_refused_in_words_and_ends_it(
    leader: Client, draft: str, reason: str, returned: Any
) -> None:
    asked = plugin(leader, draft)
    answer = back(asked, returned())
    assert answer.status_code == 422
    assert reason in answer.json()["Message"]
    assert content() == pdf()
    stands = leader.get(asked["signing"]).json()
    assert stands["state"] == "refused"
    assert "không nhận" in stands["problem"]
    assert back(asked, foreign_signature(pdf(), PERSON)).status_code == 410


def test_tickets_are_secrets_with_an_end(leader: Client, draft: str) -> None:
    asked, nobody = plugin(leader, draft), Client()
    for path in ("/ky/tep/guess/", "/ky/tra/guess/"):
        assert nobody.post(path).status_code in {405, 410}
        assert nobody.get(path).status_code in {405, 410}
    swapped = asked["FileUploadHandler"].replace("/ky/tra/", "/ky/tep/")
    assert nobody.get(swapped).status_code == 410
    assert nobody.head(asked["FileName"]).status_code == 405
    again = plugin(leader, draft)
    assert nobody.get(asked["FileName"]).status_code == 410  # a new session ends the one before
    Signing.objects.update(expires=timezone.now())
    assert nobody.get(again["FileName"]).status_code == 410


def test_a_huge_or_endless_file_is_refused_before_it_is_read(leader: Client, draft: str) -> None:
    asked = plugin(leader, draft)
    for length in ("100000000", "0"):
        answer = Client().post(asked["FileUploadHandler"], b"x", content_type="application/pdf", CONTENT_LENGTH=length)
        assert answer.status_code == 422
    assert leader.get(asked["signing"]).json()["state"] == "waiting"


# ---------------------------------------------------------------- several at once


def test_several_are_signed_at_once_and_each_is_told(city: City, leader: Client, draft: str) -> None:
    other = waiting(city, subject="V/v thứ hai")
    assert "V/v thứ hai" in leader.get("/nhap/ky/").content.decode()
    assert "/nhap/ky/" in leader.get("/di/viec/cho-ky/").content.decode()
    text = leader.post("/nhap/ky/", {"draft": [draft, other]}).content.decode()
    assert text.count("Đã có chữ ký của lãnh đạo.") == 2
    for one in Draft.objects.all():
        found = inspect(bytes(one.files.get(main=True).content))
        assert [each.field for each in found.signatures] == ["LeaderSignature1"]


def test_only_what_is_ticked_and_only_ones_own(leader: Client, other_clerk: Client, draft: str) -> None:
    other_clerk.post("/nhap/ky/", {"draft": [draft]})
    leader.post("/nhap/ky/", {"draft": []})
    assert content() == pdf()


def test_nothing_is_signed_that_was_not_handed_on(city: City, leader: Client) -> None:
    begun = Draft.objects.create(agency=city.code, author=city.officer.person, fields=TYPED)
    DraftFile.objects.create(draft=begun, main=True, name="15.pdf", media_type="application/pdf", content=pdf())
    assert leader.get(f"/soan/{begun.pk}/ky/").status_code == 404
    with pytest.raises(IllegalMove):
        signatures.put(begun, city.leader.person, Role.LEADER)
