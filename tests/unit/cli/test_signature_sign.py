"""`lienthong signature sign`: with a key on this machine, and through a gateway."""

import json
import sys
from pathlib import Path

import pytest
from click.testing import Result
from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from typer.testing import CliRunner

from lienthong.cli.main import app
from lienthong.signature import Role, Verdict, validate
from unit.signature.authority import NOW, Soft, agency, authority, leader
from unit.signature.documents import composed


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys.modules["lienthong.cli.signature.sign"], "now", lambda: NOW)
    (tmp_path / "15.pdf").write_bytes(composed().pdf)
    (tmp_path / "pin").write_text("mật khẩu")
    (tmp_path / "pin").chmod(0o600)
    (tmp_path / "root.pem").write_bytes(pem(authority().root))
    for name, soft in (("leader", leader()), ("seal", agency())):
        key(tmp_path / "keys", name, soft)
    certificates = [x509.load_der_x509_certificate(each) for each in (leader().certificate, *leader().chain)]
    sealed = BestAvailableEncryption("mật khẩu".encode())
    p12 = serialize_key_and_certificates(b"leader", leader().key, certificates[0], certificates[1:], sealed)
    (tmp_path / "leader.p12").write_bytes(p12)
    return tmp_path


def pem(der: bytes) -> bytes:
    return x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM)


def key(folder: Path, name: str, soft: Soft) -> None:
    folder.mkdir(exist_ok=True)
    plain = soft.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / f"{name}.key").write_bytes(plain)
    (folder / f"{name}.key").chmod(0o600)
    (folder / f"{name}.pem").write_bytes(b"".join(map(pem, (soft.certificate, *soft.chain))))


def run(*words: object) -> Result:
    return CliRunner(env={"COLUMNS": "250"}).invoke(app, ["signature", "sign", *map(str, words)])


def test_leader_with_a_file_then_the_seal(folder: Path) -> None:
    first = run("15.pdf", "--p12", "leader.p12", "--password-file", "pin", "--root", "root.pem", "-o", "1.pdf")
    assert first.exit_code == 0, first.output
    assert "Nguyễn Văn Mẫu" in first.output
    second = run(
        "1.pdf", "--role", "seal", "--keys", "keys", "--key", "seal", "--root", "root.pem", "-o", "2.pdf", "--json"
    )
    assert second.exit_code == 0, second.output
    assert json.loads(second.output)["report"]["conclusion"] == "valid"
    report = validate((folder / "2.pdf").read_bytes(), [authority().root], NOW)
    assert [each.role for each in report.signatures] == [Role.LEADER, Role.SEAL]
    assert report.conclusion is Verdict.VALID


def test_nothing_is_overwritten(folder: Path) -> None:
    (folder / "1.pdf").write_bytes(b"mine")
    result = run("15.pdf", "--keys", "keys", "--key", "leader", "-o", "1.pdf")
    assert (result.exit_code, "file-unusable" in result.output) == (1, True)
    assert (folder / "1.pdf").read_bytes() == b"mine"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("15.pdf", "--p12", "leader.p12", "--password-file", "wrong"), "secret-wrong"),
        (("15.pdf", "--p12", "15.pdf", "--password-file", "pin"), "configuration-invalid"),
        (("15.pdf", "--keys", "keys", "--key", "nobody"), "not-found"),
        (("15.pdf", "--keys", "keys", "--key", "seal"), "signature-problem"),
        (("15.pdf", "--keys", "keys", "--key", "seal", "--role", "seal", "--root", "root.pem"), "signature-problem"),
        (("15.pdf", "--keys", "keys", "--key", "seal", "--role", "seal"), "invalid-value"),
        (("15.pdf", "--keys", "keys", "--key", "leader", "--role", "boss"), "invalid-value"),
        (("15.pdf", "--keys", "keys", "--key", "leader", "--level", "B-T"), "invalid-value"),
        (("15.pdf", "--keys", "keys", "--key", "leader", "--level", "B-X"), "invalid-value"),
        (("15.pdf", "--keys", "keys", "--key", "leader", "--place", "here"), "invalid-value"),
        (("root.pem", "--keys", "keys", "--key", "leader"), "signature-problem"),
        (("none.pdf", "--keys", "keys", "--key", "leader"), "file-unusable"),
        (("15.pdf",), "invalid-value"),
    ],
)
def test_refusals_in_words(folder: Path, words: tuple[str, ...], code: str) -> None:
    (folder / "wrong").write_text("khác")
    (folder / "wrong").chmod(0o600)
    result = run(*words, "-o", "out.pdf")
    assert (result.exit_code, f"[{code}]" in result.output) == (1, True), result.output
    assert not (folder / "out.pdf").exists()
