"""Joining with real parts: letters really signed and judged by a gateway, a console in a process of its own."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from typer.testing import CliRunner

from ca_office import OfficeProcess, office_process
from console_process import Console, console_process
from lienthong.ca import requests as profiles
from lienthong.ca.ceremony import AuthorityFolder
from lienthong.cli.main import app
from lienthong.client import Desk, Paper
from lienthong.document import OrganisationCode
from lienthong.evidence import VerifierKey
from lienthong.registry import Gateway, LogKey, Purpose, Snapshot, certificate_entry
from running_country import Country, now
from unit.signature.documents import composed

pytestmark = pytest.mark.acceptance
FORM = {
    "level": "commune",
    "gateway_name": "Máy chủ Mẫu An",
    "contact": "Người Mẫu",
    "email": "mau@example.vn",
}
CITY = "Ủy ban nhân dân Thành phố Hồ Chí Minh"


@pytest.fixture(scope="module")
def console(country: Country, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    place = country.place
    door = f'\n[console.letters]\nurl = "{place.url(country.gateway_of("G22"))}"\n'
    door += f'token_file = "{place.folder / "tokens" / "G22"}"\nca_file = "{place.root}"\n'
    hop = f'\n[[console.hop]]\nname = "axis"\nurl = "{place.url("axis-ops")}"\n'
    hop += f'token_file = "{place.folder / "tokens" / "viewer-axis"}"\n'
    with console_process(tmp_path_factory.mktemp("console"), place.root, hop + door) as made:
        yield made


def letter(desk: Desk, *, sealed: bool = True) -> bytes:
    """A document as the agency of this desk signs it: its leader, then its seal."""
    title = "V/v nối với trục liên thông"
    signed = desk.sign(Paper(composed().pdf, title), "leader", "Nguyễn Văn Mẫu", "leader", level="B-T")
    if not sealed:
        return signed
    return desk.sign(Paper(signed, title), "seal", "Văn thư Mẫu", "seal", level="B-T")


def apply(console: Console, number: int, pdf: bytes, **told: str) -> tuple[int, str]:
    """What the form answers, and its words."""
    form = {"code": f"H29.8{number}", "name": f"Ủy ban nhân dân phường Mẫu {number}", "gateway": f"gw-mau-{number}"}
    files = {"letter": ("de-nghi.pdf", pdf, "application/pdf")}
    answer = console.post("", "/dang-ky/", files, **FORM | form | told)
    return answer.status_code, answer.text


def test_letters_count_by_who_really_signed_them(country: Country, console: Console) -> None:
    city = country.desk("H29")
    good = letter(city)
    status, page = apply(console, 1, good)
    assert status == 200, page
    assert "Từng bước" in page or "Còn thiếu:" in page
    assert "văn bản đề nghị ký số" in page.lower()
    for number, pdf, words in (
        (2, letter(country.desk("G09")), "Văn bản do cơ quan khác ký"),
        (3, letter(city, sealed=False), "Văn bản do cơ quan khác ký"),
        (4, good.replace(b"/MediaBox", b"/MediaBos", 1), "không hợp lệ"),
        (5, composed().pdf, "không hợp lệ"),
    ):
        status, page = apply(console, number, pdf)
        assert (status, words in page) == (422, True), (number, page)


# ---------------------------------------------------------------- from the form to the connection


def joined(console: Console, keys: Path, gateway: str, code: str, *more: str) -> str:
    """What the command says; with a code the first time, without it later."""
    once = [code] if code else []
    words = ["gateway", "join", *once, "--gateway", gateway, "--at", console.url, "--folder", str(keys), *more]
    told = CliRunner().invoke(app, words)
    assert told.exit_code == 0, told.output
    return told.output


def approved(console: Console, code: str, gateway: str, pdf: bytes) -> tuple[str, str]:
    """An application with its one-time code: the page of it in the console, and the code."""
    told = FORM | {"code": code, "name": "Sở Nội vụ mẫu", "gateway": gateway}
    console.post("", "/dang-ky/", {"letter": ("de-nghi.pdf", pdf, "application/pdf")}, **told)
    rows = console.person("dangky.1").get("/van-hanh/ho-so/").text
    [number] = re.findall(r'/van-hanh/ho-so/(\d+)/"[^<]*<[^<]*<[^<]*<td[^>]*>' + re.escape(code), rows) or [""]
    page = f"/van-hanh/ho-so/{number}/"
    console.post("dangky.1", page, act="examine")
    console.post("dangky.2", page, act="approve")
    once = re.search(r'class="secret">([^<]+)<', console.post("dangky.1", page, act="code").text)
    assert once is not None
    return page, once[1]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OfficeProcess]:
    with office_process(tmp_path_factory.mktemp("office")) as found:
        yield found


def test_certificates_come_through_the_authoritys_cases(office: OfficeProcess, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("token-noi")
    door = f'\n[console.authority]\nurl = "{office.desk}"\ntoken_file = "{tmp_path / "token"}"\n'
    with console_process(tmp_path, office.folder / "root" / "root.pem", door) as console:
        page, once = approved(console, "H29.12", "gw-mau-12", composed().pdf)
        joined(console, tmp_path / "keys", "gw-mau-12", once)
        assert "CA chỉ cấp cho cơ quan danh bạ đã có" in console.person("anninh").get(page).text
        console.post("dangky.1", page, act="organisation")
        console.post("anninh", page, act="authority")
        cases = office.call("uong", "GET", "/v1/cases?organisation=H29.12").json()
        assert {each["profile"] for each in cases} == {"gateway", "log", "package-seal"}
        refused, *rest = cases
        office.order("uong", refused["id"], "refuse")
        decide(office, rest)
        assert "CA từ chối" in console.post("anninh", page, act="authority").text
        console.post("anninh", page, act="authority")
        decide(office, [each for each in office.call("uong", "GET", "/v1/cases").json() if each["state"] == "received"])
        console.post("anninh", page, act="authority")
        console.post("dangky.1", page, act="enter")
        joined(console, tmp_path / "keys", "gw-mau-12", "")
        for name in ("hop", "log", "tenants/H29.12/seal"):
            assert pair(tmp_path / "keys", name), name


def pair(folder: Path, name: str) -> bool:
    """Whether this certificate is of the key beside it, which was made here."""
    certificate = x509.load_der_x509_certificate(leaf(folder / f"{name}.pem"))
    return load_pem_private_key((folder / f"{name}.key").read_bytes(), None).public_key() == certificate.public_key()


def decide(office: OfficeProcess, cases: list[dict[str, str]]) -> None:
    for each in cases:
        office.order("uong", each["id"], "examine")
        assert office.order("trung", each["id"], "approve").json()["state"] == "delivered"


def test_both_sides_say_that_a_gateway_is_connected(country: Country, console: Console, tmp_path: Path) -> None:
    keys, gateway, code = tmp_path / "keys", "gw-mau-11", "H29.11"
    page, once = approved(console, code, gateway, letter(country.desk("H29")))
    joined(console, keys, gateway, once)
    console.post("anninh", page, act="certificates", pem=certified(country, console, page, gateway, code))
    assert "Trục chưa biết máy chủ này" not in console.post("dangky.1", page, act="enter").text
    assert "Trục chưa biết máy chủ này" in console.post("dangky.1", page, act="test").text
    joined(console, keys, gateway, "")
    country.change(lambda before: entered(before, keys, gateway, code))
    assert "chưa gọi lần nào" in console.post("dangky.1", page, act="test").text
    place = country.place
    said = joined(console, keys, gateway, "", "--test", place.url("axis"), "--roots", str(place.root))
    assert "✓ Gọi được trục" in said
    assert "✓ Trục thấy máy chủ này" in said


def certified(country: Country, console: Console, page: str, gateway: str, code: str) -> str:
    """By hand: the requests carried to an authority, certificates carried back."""
    authority = AuthorityFolder.load(country.place.folder / "authority").authority
    told = console.person("anninh").get(f"{page}yeu-cau/").text
    csrs = re.findall("-----BEGIN.*?END CERTIFICATE REQUEST-----", told, re.DOTALL)
    wanted = (profiles.gateway(gateway), profiles.log(f"lienthong.example/log/{gateway}"))
    ders = []
    for request, csr in zip((*wanted, profiles.package_seal(code, code)), csrs, strict=True):
        key = x509.load_pem_x509_csr(csr.encode()).public_key()
        ders += [authority.certify(request, key, now()), authority.issuing.certificate]  # type: ignore[arg-type]  # made by the command: P-256 and Ed25519
    return "".join(x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM).decode() for der in ders)


def entered(before: Snapshot, keys: Path, gateway: str, code: str) -> Snapshot:
    """What the directory of the console has of it, in the registry of the country."""
    named = {"hop": (f"gateway:{gateway}", Purpose.GATEWAY), "log": (f"log:{gateway}", Purpose.LOG)}
    rows = [certificate_entry(leaf(keys / f"{stem}.pem"), *said) for stem, said in named.items()]
    log = x509.load_der_x509_certificate(leaf(keys / "log.pem")).public_key()
    vkey = VerifierKey(f"lienthong.example/log/{gateway}", log.public_bytes_raw())  # type: ignore[union-attr]  # a log's key is Ed25519
    return replace(
        before,
        gateways=(*before.gateways, Gateway(gateway, "Máy chủ Mẫu", OrganisationCode("H29"))),
        certificates=(*before.certificates, *rows),
        logs=(*before.logs, LogKey(vkey.name, str(vkey), gateway)),
    )


def leaf(path: Path) -> bytes:
    return x509.load_pem_x509_certificates(path.read_bytes())[0].public_bytes(Encoding.DER)
