"""`lienthong signature check`: files, anchors, verdicts in words, and facts that are judged again later."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lienthong.adapters.trust import read_trust
from lienthong.cli.main import app
from lienthong.errors import ConfigurationInvalid
from unit.signature.authority import authority
from unit.signature.documents import composed, sealed
from unit.signature.test_revocation_index import listed, serial

AT = ("--at", "2026-11-22T09:12:00+0700")


def run(*arguments: object) -> tuple[int, str]:
    answer = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["signature", "check", *map(str, arguments)])
    return answer.exit_code, answer.output


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "qd.pdf").write_bytes(sealed())
    (tmp_path / "chua-ky.pdf").write_bytes(composed().pdf)
    (tmp_path / "tin-cay").mkdir()
    (tmp_path / "tin-cay" / "goc.crt").write_bytes(authority().root)
    (tmp_path / "tin-cay" / "doc-toi.txt").write_text("không phải chứng thư")
    return tmp_path


def test_two_good_signatures_in_words(here: Path) -> None:
    code, said = run(here / "qd.pdf", "--trust", here / "tin-cay", *AT)
    assert code == 0
    assert "Chữ ký của Nguyễn Văn Mẫu hợp lệ" in said
    assert "Every digital signature is valid." in said
    assert "B-B" in said
    assert "sha" not in said.lower()


def test_without_anchors_it_cannot_tell(here: Path) -> None:
    code, said = run(here / "qd.pdf", *AT)
    assert code == 3
    assert "không dẫn đến tổ chức chứng thực được tin cậy" in said


def test_the_gravest_decides_the_exit_status(here: Path) -> None:
    at = sealed().index(b"stream") + 40
    (here / "sua.pdf").write_bytes(sealed()[:at] + bytes([sealed()[at] ^ 1]) + sealed()[at + 1 :])
    code, said = run(here / "qd.pdf", here / "chua-ky.pdf", here / "sua.pdf", "--trust", here / "tin-cay", *AT)
    assert code == 1
    assert "nội dung hoặc chữ ký đã bị sửa" in said
    assert "không có chữ ký số" in said


def test_each_check_is_told_on_request(here: Path) -> None:
    _, said = run(here / "qd.pdf", "--trust", here / "tin-cay", "--detailed", *AT)
    assert "TOTAL_PASSED" in said
    assert "changed-after" in said
    assert "vn/1" in said


def test_kept_facts_are_judged_again_without_the_file(here: Path) -> None:
    trusted = ("--trust", here / "tin-cay", *AT)
    _, before = run(here / "qd.pdf", "--keep", here / "kho", "--json", *trusted)
    (kept,) = (here / "kho").iterdir()
    (here / "qd.pdf").unlink()
    code, after = run(kept, "--json", *trusted)
    assert code == 0
    assert next(iter(json.loads(after).values())) == next(iter(json.loads(before).values()))
    code, strict = run(kept, "--policy", "strict", "--json", *trusted)
    assert code == 3
    assert next(iter(json.loads(strict).values()))["policy"] == "strict/1"


def test_with_lists_revocation_is_told(here: Path) -> None:
    (here / "tin-cay" / "cap-duoi.der").write_bytes(authority().issuing)
    (here / "goc.crl").write_bytes(listed(role="root"))
    (here / "tot.crl").write_bytes(listed())
    (here / "thu-hoi.crl").write_bytes(listed(((serial(), None),)))
    trusted = ("--trust", here / "tin-cay", *AT, "--revoked", here / "goc.crl", "--revoked")
    code, said = run(here / "qd.pdf", *trusted, here / "tot.crl")
    assert (code, "thu hồi" in said) == (0, False)
    code, said = run(here / "qd.pdf", *trusted, here / "thu-hoi.crl")
    assert code == 1
    assert "chứng thư đã bị thu hồi" in said
    code, said = run(here / "qd.pdf", *trusted, here / "qd.pdf")
    assert code == 1
    assert "revocation list" in said


def test_what_is_not_there_or_not_right_is_told(here: Path) -> None:
    for words in ((here / "khong-co.pdf",), (here / "qd.pdf", "--policy", "xyz"), (here / "qd.pdf", "--trust", here)):
        code, said = run(*words)
        assert code == 1
        assert said.strip()


def test_trust_is_named_by_what_is_in_it(here: Path) -> None:
    folder = here / "tin-cay"
    first = read_trust([folder])
    assert first.roots == (authority().root,)
    (folder / "cap-duoi.der").write_bytes(authority().issuing)
    second = read_trust([folder])
    assert second.others == (authority().issuing,)
    assert first.version != second.version
    assert read_trust([folder / "cap-duoi.der", folder / "goc.crt"]) == second


@pytest.mark.parametrize("content", [b"", b"words", b"-----BEGIN CERTIFICATE-----\nxx\n", b"0" * 100])
def test_a_file_that_is_no_certificate(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.pem").write_bytes(content)
    with pytest.raises(ConfigurationInvalid):
        read_trust([tmp_path])
    with pytest.raises(ConfigurationInvalid):
        read_trust([tmp_path / "khong-co.pem"])
