"""The command line of the registry: publish, show, check, and refusals in words."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from typer.testing import CliRunner, Result

from lienthong.cli.registry import app
from lienthong.errors import SnapshotUntrusted
from lienthong.registry import Book, open_signed
from registry_world import ISSUING, REGISTRY_MARK, ROOT
from seal_world import certificate, ec_key, rsa_key

SOURCE = {
    "level1": True,
    "organisations": [{"code": "H26.01", "name": "Sở Nội vụ (mẫu)", "level": "province", "parent": "H26"}],
}


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  the command line reads the real clock, so must its tests


def pem(*ders: bytes) -> bytes:
    return b"".join(x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM) for der in ders)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    span = (now() - timedelta(days=1), now() + timedelta(days=30))
    leaf = certificate(ec_key("cli"), "Danh bạ mẫu", (ec_key("issuing"), ISSUING), uri=REGISTRY_MARK, valid=span)
    key = ec_key("cli").private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "key.pem").write_bytes(key)
    (tmp_path / "key.pem").chmod(0o600)
    (tmp_path / "cert.pem").write_bytes(pem(leaf, ISSUING))
    (tmp_path / "root.pem").write_bytes(pem(ROOT))
    (tmp_path / "source.json").write_text(json.dumps(SOURCE), "utf-8")
    return tmp_path


def run(*words: object) -> Result:
    return CliRunner().invoke(app, list(map(str, words)), env={"COLUMNS": "200"})


def publish(folder: Path, *more: object) -> Result:
    options = ("--key", folder / "key.pem", "--cert", folder / "cert.pem", "--out", folder / "registry.lt")
    return run("publish", folder / "source.json", *options, *more)


def test_check(folder: Path):
    done = run("check", folder / "source.json")
    assert done.exit_code == 0, done.output
    assert "175" in done.output


def test_check_names_every_finding(folder: Path):
    (folder / "source.json").write_text(json.dumps({"organisations": SOURCE["organisations"]}), "utf-8")
    done = run("check", folder / "source.json")
    assert done.exit_code == 1
    assert "H26.01" in done.output
    assert "parent H26 is not in the directory" in " ".join(done.output.split())


def test_check_names_the_place_of_a_misspelling(folder: Path):
    (folder / "source.json").write_text('{"organisations": [{"kode": 1}]}', "utf-8")
    done = run("check", folder / "source.json")
    assert done.exit_code == 1
    assert "organisations[0]" in done.output
    assert "Giá trị không hợp lệ" in done.output


def test_publish_then_show(folder: Path):
    assert publish(folder).exit_code == 0
    shown = run("show", folder / "registry.lt", "--root", folder / "root.pem")
    assert shown.exit_code == 0, shown.output
    assert "175" in shown.output


def test_the_next_version_continues_the_previous(folder: Path):
    publish(folder)
    first = open_signed((folder / "registry.lt").read_bytes(), [ROOT], now())
    done = publish(folder, "--previous", folder / "registry.lt", "--days", "2")
    assert done.exit_code == 0, done.output
    second = open_signed((folder / "registry.lt").read_bytes(), [ROOT], now(), known=first)
    assert (second.version, second.previous_digest) == (2, first.digest())


def test_publish_refuses_an_unsound_source(folder: Path):
    (folder / "source.json").write_text(json.dumps({"organisations": SOURCE["organisations"]}), "utf-8")
    assert publish(folder).exit_code == 1
    assert not (folder / "registry.lt").exists()


def test_publish_refuses_other_keys(folder: Path):
    for data in (b"junk", rsa_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())):
        (folder / "key.pem").write_bytes(data)
        done = publish(folder)
        assert done.exit_code == 1
        assert done.exception is None or isinstance(done.exception, SystemExit)
        assert not (folder / "registry.lt").exists()


@pytest.mark.parametrize(
    ("words", "exit_code", "said"),
    [
        (("H26",), 0, "Ủy ban nhân dân thành phố Hà Nội"),
        (("000.00.00.H26",), 0, "Ủy ban nhân dân thành phố Hà Nội"),
        (("H03",), 0, "Ủy ban nhân dân tỉnh Thái Nguyên"),
        (("H03", "--on", "2025-06-30"), 0, "Ủy ban nhân dân tỉnh Bắc Kạn"),
        (("G23",), 1, "đã đóng"),
        (("X99",), 1, "không có trong danh bạ"),
        (("bac ninh",), 0, "H05"),
    ],
)
def test_look_up(folder: Path, words: tuple[str, ...], exit_code: int, said: str):
    publish(folder)
    done = run("show", folder / "registry.lt", *words)
    assert done.exit_code == exit_code, done.output
    assert said in done.output
    assert "signature not checked" in done.output


def test_show_refuses_what_the_root_does_not_vouch_for(folder: Path):
    publish(folder)
    (folder / "root.pem").write_bytes(pem(certificate(ec_key("stranger"), ca=True)))
    done = run("show", folder / "registry.lt", "--root", folder / "root.pem")
    assert done.exit_code == 1
    assert "Bản danh bạ không đáng tin" in done.output


def test_show_refuses_other_files(folder: Path):
    assert run("show", folder / "source.json").exit_code == 1


def test_the_key_is_replaced(folder: Path):
    span = (now() - timedelta(days=1), now() + timedelta(days=30))
    (folder / "next.pem").write_bytes(pem(certificate(ec_key("cli-next"), "Danh bạ mẫu 2", valid=span)))
    key = ec_key("cli-next").private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "next.key").write_bytes(key)
    (folder / "next.key").chmod(0o600)
    assert publish(folder).exit_code == 0
    old = ("--key", folder / "key.pem", "--cert", folder / "cert.pem")
    statements = folder / "registry.succession"
    assert run("rotate-key", folder / "next.pem", *old, "--out", statements).exit_code == 0
    new = ("--key", folder / "next.key", "--cert", folder / "next.pem", "--out", folder / "second.lt")
    before = ("--previous", folder / "registry.lt")
    assert run("publish", folder / "source.json", *new, *before).exit_code == 0  # a key nobody has named
    held = Book([ROOT])
    held.offer((folder / "registry.lt").read_bytes(), now())
    with pytest.raises(SnapshotUntrusted):
        held.offer((folder / "second.lt").read_bytes(), now())
    assert run("publish", folder / "source.json", *new, *before, "--succession", statements).exit_code == 0
    assert held.offer((folder / "second.lt").read_bytes(), now())
    assert run("rotate-key", folder / "next.pem", *old).exit_code == 1
    assert run("publish", folder / "source.json").exit_code == 1
