"""The authority as a real process: officers over REST, everybody over plain HTTP, OpenSSL as the judge."""

import asyncio
import json
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from secrets import token_hex  # noqa: TID251  # nonces of orders
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from msgspec import to_builtins
from openpyxl import Workbook, load_workbook
from typer.testing import CliRunner, Result

from ca_house import csr
from ca_office import OfficeProcess, office_process
from ca_process import real_now
from lienthong.adapters.keys import SoftDocumentSigner
from lienthong.ca import tokens
from lienthong.ca.authority import Authority
from lienthong.ca.faces.office import XLSX
from lienthong.ca.registers import Change
from lienthong.ca.requests import gateway
from lienthong.ca.tokens import Token, TokenState
from lienthong.cli.main import app
from lienthong.client import CertificateAuthority
from lienthong.errors import ConfigurationInvalid, Unavailable
from lienthong.signature import Appearance, Role, sign
from lienthong.testing.clock import START
from lienthong.testing.phone import Habit, PhoneProvider, Telephone
from lienthong.testing.pki import pki
from running_country import until
from unit.signature.documents import composed

pytestmark = pytest.mark.acceptance


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OfficeProcess]:
    with office_process(tmp_path_factory.mktemp("office"), before=_left_behind) as found:
        yield found


def _left_behind(tx: Change) -> None:
    """A token that should have come back long ago, and one there is time for."""
    now, path = real_now(), "/H29/H29.12/"
    for serial, due in (("T-1", now - timedelta(days=9)), ("T-2", now + timedelta(days=9))):
        tokens.put(tx, Token(serial, path, TokenState.ISSUED, holder="Nguyễn Văn Mẫu", since=START, due=due))


def form(name: str = "Nguyễn Văn Mẫu", **more: Any) -> dict[str, Any]:
    told = {"kind": "person", "organisation": "H29.12", "full_name": name, "locality": "Thành phố mẫu", "csr": csr()}
    return {"form": told | more}


def issue(office: OfficeProcess, case: str, name: str = "Nguyễn Văn Mẫu") -> dict[str, Any]:
    assert office.call("lan", "PUT", f"/v1/cases/{case}", form(name)).json()["state"] == "received"
    assert office.order("hoa", case, "examine").json()["state"] == "examined"
    done: dict[str, Any] = office.order("trung", case, "approve").json()
    assert done["state"] == "issued", done
    return done


def test_from_a_form_to_a_certificate_openssl_takes(office: OfficeProcess, tmp_path: Path) -> None:
    case = issue(office, "first")
    found = office.call("lan", "GET", f"/v1/certificates/{case['about']}").json()
    assert [each["act"] for each in found["history"]] == ["open", "examine", "approve", "issue"]
    leaf, issuer, root = (x509.load_der_x509_certificate(b64decode(each)) for each in found["chain"])
    for name, each in (("leaf", leaf), ("issuer", issuer), ("root", root)):
        (tmp_path / name).write_bytes(each.public_bytes(Encoding.PEM))
    command = ["openssl", "verify", "-x509_strict", "-CAfile", tmp_path / "root", "-untrusted", tmp_path / "issuer"]
    subprocess.run([*command, tmp_path / "leaf"], check=True, capture_output=True)
    ask = ["openssl", "ocsp", "-issuer", tmp_path / "issuer", "-cert", tmp_path / "leaf", "-CAfile", tmp_path / "root"]
    told = subprocess.run([*ask, "-url", f"{office.url}/ocsp/persons"], check=True, capture_output=True, text=True)
    assert ": good" in told.stdout
    delivered = office.call("lan", "POST", "/v1/cases/first/deliver", {"receiver": "Nguyễn Văn Mẫu"})
    assert delivered.json()["state"] == "delivered"


def test_lists_feed_and_certificates_are_cacheable(office: OfficeProcess) -> None:
    issue(office, "cached", "Trần Thị Ví Dụ")
    for path in ("/feed/persons?after=0", "/ca/persons.crt", "/ca/root.pem", "/crl/root.crl"):
        reply = httpx.get(f"{office.url}{path}")
        assert reply.status_code == 200, path
        assert "max-age" in reply.headers["cache-control"]
        if "feed" not in path:
            again = httpx.get(f"{office.url}{path}", headers={"If-None-Match": reply.headers["etag"]})
            assert (again.status_code, again.content) == (304, b"")
    for path in ("/feed/nobody", "/ca/nobody.crt", "/crl/persons/99.crl", "/crl/persons/x.crl", "/crl/nobody/0.crl"):
        assert httpx.get(f"{office.url}{path}").status_code == 404, path


def test_officers_see_their_own_subtree(office: OfficeProcess) -> None:
    case = issue(office, "scope", "Lê Thị Riêng")
    assert [each["name"] for each in office.call("lan", "GET", "/v1/certificates?text=rieng").json()] == [
        "Lê Thị Riêng"
    ]
    assert office.call("bo", "GET", "/v1/certificates?text=rieng").json() == []
    assert office.call("bo", "GET", "/v1/cases/scope").status_code == 404
    assert office.call("bo", "GET", f"/v1/certificates/{case['about']}").status_code == 404
    assert office.call("bo", "GET", "/v1/counts").json()["issued"] == 0
    assert office.call("trung", "GET", "/v1/counts").json()["issued"] > 0
    assert office.call("bo", "PUT", "/v1/cases/out", form()).json()["code"] == "not-allowed"


def test_what_is_tried_outside_scope_and_duty_is_in_the_log(office: OfficeProcess) -> None:
    office.call("lan", "PUT", "/v1/cases/tried", form("Lê Thị Bị Thử"))
    body = {"statement": b64encode(b"{}").decode(), "signature": b64encode(b"x").decode()}
    tries = [
        ("bo", "POST", "/v1/cases/tried/orders", body, "refused:decide"),
        ("bo", "POST", "/v1/cases/tried/withdraw", None, "refused:withdraw"),
        ("hoa", "PUT", "/v1/cases/another", form(), "refused:request"),
        ("lan", "PUT", "/v1/tokens/T-900", {"organisation": "G09"}, "refused:stock"),
        ("kiem", "POST", "/v1/cases/tried/acme/stop", None, "refused:acme-stop"),
        ("quan", "PUT", "/v1/officers/lan", _unordered(office), "refused:put"),
    ]
    for who, method, path, told, act in tries:
        assert office.call(who, method, path, told).status_code in {403, 404, 409}, path
        assert (who, act) in {(each["who"], each["act"]) for each in _log(office)}, path
    assert office.call("lan", "GET", "/v1/cases/tried").json()["case"]["state"] == "received"


def _unordered(office: OfficeProcess) -> dict[str, Any]:
    """An officer whom nobody orders."""
    return {"officer": to_builtins(office.people["lan"].officer), "orders": []}


def _log(office: OfficeProcess) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = office.call("kiem", "GET", "/v1/deeds").json()
    return found


@pytest.mark.parametrize(
    "path", ["/v1/certificates", "/v1/cases", "/v1/departures", "/v1/counts", "/v1/me", "/v1/deeds", "/v1/officers"]
)
def test_nobody_without_a_token(office: OfficeProcess, path: str) -> None:
    assert office.call("", "GET", path).status_code == 401
    assert office.call("stranger", "GET", path).status_code == 401


def test_a_token_alone_decides_nothing(office: OfficeProcess) -> None:
    office.call("lan", "PUT", "/v1/cases/token", form("Phạm Thị Khóa"))
    body = {"statement": b64encode(b"{}").decode(), "signature": b64encode(b"x").decode()}
    assert office.call("hoa", "POST", "/v1/cases/token/orders", body).json()["code"] == "order-invalid"
    assert office.call("hoa", "POST", "/v1/cases/token/orders", {"statement": "?", "signature": ""}).status_code == 400
    assert office.order("trung", "token", "approve").json()["code"] == "illegal-move"
    assert office.call("lan", "GET", "/v1/cases/token").json()["case"]["state"] == "received"


def test_a_list_is_previewed_then_opened(office: OfficeProcess) -> None:
    empty = load_workbook(BytesIO(office.call("lan", "GET", "/v1/tables/person").content))
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([cell.value for cell in empty.worksheets[0][1]])
    sheet.append(["H29.12", "Đỗ Văn Một", "Thành phố mẫu", "", "", "", "", "", csr()])
    sheet.append(["H29.99", "Đỗ Văn Hai", "Thành phố mẫu", "", "", "", "", "", csr()])
    sheet.append(["H29.12", "Đỗ Vаn Ba", "Thành phố mẫu", "", "", "", "", "", csr()])
    kept = BytesIO()
    book.save(kept)
    headers = {"Authorization": "Bearer token-lan", "Content-Type": XLSX}
    base = f"{office.desk}/v1/tables/person"
    told = httpx.post(f"{base}/preview", content=kept.getvalue(), headers=headers).json()
    assert [each["code"] for each in told] == ["", "organisation-closed", "subject-misleading"]
    refused = httpx.post(f"{base}/lot-1", content=kept.getvalue(), headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid-value")
    assert office.call("lan", "GET", "/v1/cases?batch=lot-1").json() == []
    assert ("lan", "refused:open-table") in {(each["who"], each["act"]) for each in _log(office)}
    sheet.delete_rows(3, 2)
    kept = BytesIO()
    book.save(kept)
    for _ in range(2):
        opened = httpx.post(f"{base}/lot-1", content=kept.getvalue(), headers=headers).json()
        assert [each["name"] for each in opened] == ["Đỗ Văn Một"]
    assert len(office.call("lan", "GET", "/v1/cases?batch=lot-1").json()) == 1
    bad = httpx.post(f"{base}/preview", content=b"PK\x03\x04junk", headers=headers)
    assert bad.json()["code"] == "invalid-value"


def test_tokens_officers_and_the_log(office: OfficeProcess) -> None:
    assert office.call("lan", "PUT", "/v1/tokens/T-100", {"organisation": "H29.12"}).json()["state"] == "in-stock"
    assert office.call("lan", "PUT", "/v1/tokens/T-101", {"organisation": "G09"}).json()["code"] == "not-allowed"
    assert {each["serial"] for each in office.call("lan", "GET", "/v1/tokens").json()} == {"T-1", "T-2", "T-100"}
    assert office.call("bo", "GET", "/v1/tokens").json() == []
    assert {each["id"] for each in office.call("lan", "GET", "/v1/officers").json()} == {"lan", "hoa"}
    assert office.call("lan", "GET", "/v1/officers").json()[0]["secret"] == ""
    assert [each["act"] for each in _log(office)][-2:] == ["stock", "refused:stock"]
    assert office.call("lan", "GET", "/v1/deeds").json()["code"] == "not-allowed"
    assert httpx.get(f"{office.desk}/log/checkpoint").text.startswith("ca.example/log\n")
    assert httpx.get(f"{office.desk}/schema/openapi.json").json()["openapi"].startswith("3.1")


def test_the_head_of_the_log_is_dated(office: OfficeProcess, tmp_path: Path) -> None:
    issue(office, "dated", "Ngô Thị Giờ")
    newest = int(httpx.get(f"{office.desk}/log/checkpoint").text.splitlines()[1])
    told = until(lambda: _dated(office, newest), "a stamp over the newest head")
    note, token = tmp_path / "note", tmp_path / "token"
    note.write_text(told["checkpoint"])
    token.write_bytes(b64decode(told["stamp"]))
    tsa = x509.load_der_x509_certificate(httpx.get(f"{office.url}/ca/tsa.crt").content)
    for name in ("root", "services"):
        der = httpx.get(f"{office.url}/ca/{name}.crt").content
        (tmp_path / name).write_bytes(x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM))
    (tmp_path / "others").write_bytes((tmp_path / "services").read_bytes() + tsa.public_bytes(Encoding.PEM))
    command = ["openssl", "ts", "-verify", "-token_in", "-in", token, "-data", note]
    command += ["-CAfile", tmp_path / "root", "-untrusted", tmp_path / "others"]
    subprocess.run(command, check=True, capture_output=True)


def _dated(office: OfficeProcess, size: int) -> dict[str, Any]:
    """The newest stamped head, once it covers so many leaves."""
    reply = httpx.get(f"{office.desk}/log/stamp")
    told: dict[str, Any] = reply.json() if reply.status_code == 200 else {"size": 0}
    return told if told["size"] >= size else {}


def test_stamps_are_made_here_too(office: OfficeProcess) -> None:
    reply = httpx.post(f"{office.url}/tsa", content=b"junk", headers={"Content-Type": "application/timestamp-query"})
    assert reply.headers["content-type"] == "application/timestamp-reply"


# ---------------------------------------------------------------- at a terminal


@pytest.fixture(scope="module")
def terminal(office: OfficeProcess) -> Path:
    """Files of officers, as `--as` wants them."""
    for name, each in office.people.items():
        folder = office.folder / "keys" / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "own.key").write_bytes(each.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        der = x509.load_der_x509_certificate(b64decode(each.officer.certificate))
        (folder / "own.pem").write_bytes(der.public_bytes(Encoding.PEM))
        (folder / "token").write_text(f"token-{name}\n")
        for secret in ("own.key", "token"):
            (folder / secret).chmod(0o600)
        toml = f'url = "{office.desk}"\ntoken_file = "keys/{name}/token"\nkeys = "keys/{name}"\n'
        (office.folder / f"{name}.toml").write_text(toml)
    return office.folder


def run(terminal: Path, who: str, *words: str) -> str:
    told = CliRunner().invoke(app, ["ca", *words, "--as", str(terminal / f"{who}.toml")])
    assert told.exit_code == 0, told.output
    return told.stdout


def test_a_case_at_a_terminal(terminal: Path) -> None:
    (terminal / "form.json").write_text(json.dumps(form("Vũ Thị Dòng")["form"]))
    assert "cli" in run(terminal, "lan", "ask", "cli", str(terminal / "form.json"))
    run(terminal, "hoa", "decide", "cli", "examine")
    assert json.loads(run(terminal, "trung", "decide", "cli", "approve", "--json"))["state"] == "issued"
    assert "Vũ Thị Dòng" in run(terminal, "lan", "find", "dong")
    [found] = json.loads(run(terminal, "lan", "find", "dong", "--json"))
    assert "issue" in run(terminal, "lan", "show", found["id"])
    run(terminal, "lan", "deliver", "cli", "Vũ Thị Dòng")
    assert "đã bàn giao" in run(terminal, "lan", "case", "cli")
    assert json.loads(run(terminal, "lan", "counts"))["issued"] > 0
    run(terminal, "lan", "table", "person", str(terminal / "person.xlsx"))
    assert (terminal / "person.xlsx").read_bytes()[:2] == b"PK"


def test_who_leaves_at_a_terminal(terminal: Path, office: OfficeProcess) -> None:
    known = office.call("lan", "GET", "/v1/certificates?state=active&profile=person").json()  # a day has five
    held = known[0]["id"] if known else issue(office, "leaver", "Hồ Thị Nghỉ Hưu")["about"]
    day = (real_now() + timedelta(days=40)).date().isoformat()
    assert "waiting" in run(terminal, "lan", "depart", held, "retirement", day)
    [told] = json.loads(run(terminal, "lan", "departures", "--state", "waiting", "--json"))
    assert (told["certificate"], told["notice"]["day"], told["recorder"]) == (held, day, "lan")
    assert office.call("lan", "GET", "/v1/counts").json()["departures"] == {"waiting": 1}
    assert office.call("lan", "GET", f"/v1/departures/{held}").json() == told
    assert office.call("bo", "GET", f"/v1/departures/{held}").status_code == 404
    assert office.call("bo", "GET", "/v1/departures").json() == []
    body = {"reason": "leaving", "day": day}
    assert office.call("bo", "PUT", f"/v1/departures/{held}", body).json()["code"] == "not-allowed"
    assert office.call("lan", "PUT", f"/v1/departures/{held}", body | {"day": "31/12"}).status_code == 400
    assert office.call("lan", "PUT", f"/v1/departures/{held}", body | {"reason": "?"}).status_code == 400
    assert office.call("bo", "POST", f"/v1/departures/{held}/withdraw").status_code == 404
    assert "withdrawn" in run(terminal, "lan", "stay", held)
    acts = [each["act"] for each in office.call("lan", "GET", f"/v1/certificates/{held}").json()["history"]]
    assert acts[-3:] == ["depart", "refused:depart", "stay"]


def test_an_order_saved_from_the_console_is_signed_at_a_terminal(terminal: Path, office: OfficeProcess) -> None:
    office.call("lan", "PUT", "/v1/cases/saved", form("Vũ Ký Tệp"))
    params = {"act": "examine", "nonce": token_hex(16)}
    told = office.call("hoa", "GET", "/v1/cases/saved/statement", params=params).json()["statement"]
    order, signed = terminal / "order.json", terminal / "signed.json"
    order.write_bytes(b64decode(told))
    assert "examine" in run(terminal, "hoa", "sign", str(order), str(signed), "--yes")
    done = office.call("hoa", "POST", "/v1/cases/saved/orders", json.loads(signed.read_bytes()))
    assert done.json()["state"] == "examined"
    order.write_bytes(b64decode(told) + b" ")
    words = ["ca", "sign", str(order), str(signed), "--yes", "--as", str(terminal / "hoa.toml")]
    assert "order-invalid" in CliRunner().invoke(app, words).output
    assert "hoa" in run(terminal, "hoa", "me")


def test_two_administrators_change_the_record(terminal: Path) -> None:
    ra = {"id": "ra-new", "name": "Bộ mới mẫu", "roots": ["G09"], "profiles": ["person"], "daily": 3}
    (terminal / "ra.json").write_text(json.dumps(ra))
    thing, orders = str(terminal / "ra.json"), str(terminal / "orders.json")
    run(terminal, "quan", "order", thing, orders)
    refused = CliRunner().invoke(app, ["ca", "apply", thing, orders, "--as", str(terminal / "quan.toml")])
    assert refused.exit_code == 1
    assert "same-officer" in refused.output
    run(terminal, "tri", "order", thing, orders)
    assert json.loads(run(terminal, "quan", "apply", thing, orders))["daily"] == 3
    again = CliRunner().invoke(app, ["ca", "apply", thing, orders, "--as", str(terminal / "quan.toml")])
    assert "order-replayed" in again.output
    assert "ra-new" in run(terminal, "quan", "authorities")


def refused(terminal: Path, who: str, code: str, *words: str) -> None:
    told = CliRunner().invoke(app, ["ca", *words, "--as", str(terminal / f"{who}.toml")])
    assert (told.exit_code, f"[{code}]" in told.stderr) == (1, True), told.output


def test_tokens_that_should_be_back_at_a_terminal(terminal: Path) -> None:
    said = run(terminal, "lan", "tokens", "--overdue")
    assert "T-1" in said
    assert "T-2" not in said
    assert {"T-1", "T-2"} <= {each["serial"] for each in json.loads(run(terminal, "lan", "tokens", "--json"))}
    assert "Không có." in run(terminal, "bo", "tokens", "--overdue")
    assert json.loads(run(terminal, "bo", "tokens", "--overdue", "--json")) == []


def test_a_machines_key_at_a_terminal(terminal: Path) -> None:
    told = {
        "kind": "device", "organisation": "H29.12", "profile": "gateway", "name": "gw-dong", "holder": "gateway:gw-dong",
        "hosts": ["gw.example"], "acme": True,
    }  # fmt: skip
    (terminal / "machine.json").write_text(json.dumps(told))
    run(terminal, "lan", "ask", "machine", str(terminal / "machine.json"))
    run(terminal, "hoa", "decide", "machine", "examine")
    refused(terminal, "lan", "not-found", "acme-key", "machine")  # not before it is approved
    run(terminal, "trung", "decide", "machine", "approve")
    key = json.loads(run(terminal, "lan", "acme-key", "machine", "--json"))
    assert key["hosts"] == ["gw.example"]
    said = run(terminal, "lan", "acme-key", "machine")
    assert key["id"] in said
    assert key["secret"] in said
    refused(terminal, "trung", "not-allowed", "acme-key", "machine")
    refused(terminal, "bo", "not-found", "acme-stop", "machine")
    assert "machine" in run(terminal, "lan", "acme-stop", "machine")
    assert "acme-stop" in run(terminal, "lan", "case", "machine")
    refused(terminal, "lan", "not-found", "acme-stop", "cli")


def certified(office: OfficeProcess, case: str, form: dict[str, Any], issuer: str) -> SoftDocumentSigner:
    """A key of 2048 bits and its certificate, from the authority itself; the centre has no quota."""
    key = rsa.generate_private_key(65537, 2048)
    office.call("noi", "PUT", f"/v1/cases/{case}", {"form": form | {"csr": csr(key)}})
    office.order("uong", case, "examine")
    about = office.order("trung", case, "approve").json()["about"]
    leaf, *above = office.call("trung", "GET", f"/v1/certificates/{about}").json()["chain"]
    assert about.startswith(issuer)
    return SoftDocumentSigner(key, b64decode(leaf), tuple(map(b64decode, above[:1])))


def test_a_signed_letter_at_a_terminal(terminal: Path, office: OfficeProcess) -> None:
    leader = certified(office, "leader", form("Lê Văn Lãnh Đạo")["form"], "persons")
    agency = {"kind": "organisation", "organisation": "H29.12", "locality": "Thành phố mẫu", "tax_code": "0102357802"}
    seal = certified(office, "seal", agency, "agencies")
    page, now = composed(), real_now()
    led = sign(page.pdf, leader, Role.LEADER, Appearance(seal_place=page.anchors.seal), now)
    letter, back = terminal / "letter.pdf", terminal / "back.pdf"
    (terminal / "with.json").write_text(json.dumps(form("Vũ Có Công Văn")["form"]))
    letter.write_bytes(led)
    refused(terminal, "noi", "letter-refused", "ask", "with", str(terminal / "with.json"), "--letter", str(letter))
    letter.write_bytes(sign(led, seal, Role.SEAL, Appearance(), now))
    run(terminal, "noi", "ask", "with", str(terminal / "with.json"), "--letter", str(letter))
    assert "valid" in run(terminal, "noi", "case", "with")
    run(terminal, "uong", "letter", "with", str(back))
    assert back.read_bytes() == letter.read_bytes()
    refused(terminal, "bo", "not-found", "letter", "with", str(back))
    refused(terminal, "uong", "file-unusable", "letter", "with", str(terminal / "nowhere" / "back.pdf"))
    refused(terminal, "uong", "not-found", "letter", "token", str(back))
    assert back.read_bytes() == letter.read_bytes()  # a refusal takes nothing away


def test_answers_are_signed_beforehand_beside_the_process(terminal: Path) -> None:
    told = CliRunner().invoke(app, ["ca", "presign", "--config", str(terminal / "ca.toml")])
    assert told.exit_code == 0, told.output
    counted = json.loads(run(terminal, "trung", "counts"))["by_state"]["active"]
    assert f"{counted} answers are signed" in told.stdout


async def test_a_key_in_a_telephone_at_a_terminal(tmp_path: Path) -> None:
    owner = pki().leader()
    public = owner.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "public.pem").write_bytes(public)
    async with PhoneProvider(real_now) as provider:
        provider.telephones["84900000001"] = Telephone(owner)
        provider.telephones["84900000002"] = Telephone(owner, Habit.REFUSES)
        (tmp_path / "token").write_text(provider.token)
        (tmp_path / "token").chmod(0o600)
        for place, number in (("own", 1), ("other", 2)):
            toml = f'subscriber = "8490000000{number}"\ncarrier = "{provider.url}"\ntoken_file = "token"\n'
            (tmp_path / f"{place}.phone").write_text(toml)
        made, no, rubbish = [
            await asyncio.to_thread(_requested, tmp_path, place, public, name)
            for place, public, name in (
                ("own", "public.pem", "Nguyễn Văn Mẫu"),
                ("other", "public.pem", "Trần Thị Từ Chối"),
                ("own", "token", "Nguyễn Văn Mẫu"),
            )
        ]
    assert made.exit_code == 0, made.output
    asked = x509.load_pem_x509_csr((tmp_path / "own.csr").read_bytes())
    assert asked.is_signature_valid
    assert asked.public_key() == owner.key.public_key()
    assert "[key-unavailable]" in no.stderr
    assert not (tmp_path / "other.csr").exists()
    assert "[configuration-invalid]" in rubbish.stderr


def _requested(folder: Path, place: str, public: str, name: str) -> Result:
    words = [str(folder / f"{place}.phone"), str(folder / public), name, str(folder / f"{place}.csr")]
    return CliRunner().invoke(app, ["ca", "key-request", *words])


# ---------------------------------------------------------------- callers that must show a certificate


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[OfficeProcess]:
    """An authority whose officers' face takes no caller without a certificate of `ours`."""
    now, folder = real_now(), tmp_path / "office"
    folder.mkdir()
    ours, theirs = Authority.found(now), Authority.found(now)
    for name, by in (("server", ours), ("right", ours), ("wrong", theirs)):
        made = by.issue(gateway(f"H29-{name}"), now)
        (folder / f"{name}.pem").write_bytes(made.certificate_pem)
        (folder / f"{name}.key").write_bytes(made.key_pem)
        (folder / f"{name}.key").chmod(0o600)
    (folder / "ours.pem").write_bytes(ours.root_pem)
    with office_process(folder, 'certificate = "server.pem"\nkey = "server.key"\nclient_ca = "ours.pem"\n') as found:
        yield replace(found, desk=found.desk.replace("http:", "https:"))


def test_the_officers_face_wants_a_certificate(guarded: OfficeProcess) -> None:
    at = guarded.folder

    def me(*own: str) -> str:
        shown = (at / own[0], at / own[1]) if own else None
        with CertificateAuthority(guarded.desk, "token-lan", at / "ours.pem", own=shown) as line:
            return line.me().officer

    with pytest.raises(Unavailable):
        me()
    with pytest.raises(Unavailable):
        me("wrong.pem", "wrong.key")
    with pytest.raises(ConfigurationInvalid, match="right"):
        me("right.pem", "wrong.key")
    assert me("right.pem", "right.key") == "lan"
    assert httpx.get(f"{guarded.url}/ca/root.pem").status_code == 200  # everybody's face asks nobody
    assert "[unavailable]" in _at_terminal(guarded, "").stderr
    assert "[unavailable]" in _at_terminal(guarded, 'client_certificate = "wrong.pem"\nclient_key = "wrong.key"').stderr
    assert "[configuration-invalid]" in _at_terminal(guarded, 'client_certificate = "right.pem"').stderr
    assert "lan" in _at_terminal(guarded, 'client_certificate = "right.pem"\nclient_key = "right.key"').stdout


def _at_terminal(office: OfficeProcess, more: str) -> Result:
    (office.folder / "token").write_text("token-lan\n")
    (office.folder / "token").chmod(0o600)
    told = f'url = "{office.desk}"\ntoken_file = "token"\nroots = "ours.pem"\n{more}\n'
    (office.folder / "officer.toml").write_text(told)
    return CliRunner().invoke(app, ["ca", "me", "--as", str(office.folder / "officer.toml")])
