import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from envelope_made import FULL, PDF, STATUS
from lienthong.cli.edxml import app
from lienthong.envelope import Limits, write


def run(*arguments: object) -> tuple[int, str]:
    answer = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["inspect", *map(str, arguments)])
    assert answer.exception is None or isinstance(answer.exception, SystemExit)
    return answer.exit_code, answer.output


@pytest.fixture
def package(tmp_path: Path) -> Path:
    file = tmp_path / "goi.edxml"
    file.write_bytes(b"1212" + write(FULL, {}))
    return file


def test_everything_a_person_needs_is_shown(package: Path) -> None:
    code, shown = run(package)
    assert code == 0
    for words in ("Cơ quan gửi / sender", "H51.15, Sở Thí dụ", "Về việc <thử> & “nghiệm”", "Thay thế văn bản",
                  "15/QĐ-STD", "Hỏa tốc", "van-ban.pdf", "phụ lục.pdf", "junk-before-prolog", "Bỏ qua ký tự lạ"):  # fmt: skip
        assert words in shown


def test_a_status_is_shown(tmp_path: Path) -> None:
    file = tmp_path / "trang-thai.edxml"
    file.write_bytes(write(STATUS))
    code, shown = run(file)
    assert code == 0
    assert "Từ chối tiếp nhận" in shown
    assert "2026-03-02T09:30:00+07:00" in shown


def test_json_says_the_same_to_programs(package: Path) -> None:
    code, shown = run(package, "--json")
    answer = json.loads(shown)
    assert code == 0
    assert answer["readable"] is True
    assert answer["recipients"] == ["G22.01, Cơ quan Mẫu", "000.00.15.H51, Đơn vị mã cũ"]
    assert answer["attachments"][0]["size"] == len(PDF)
    assert [warning["code"] for warning in answer["warnings"]] == ["junk-before-prolog"]
    assert set(answer["warnings"][0]) == {"code", "where", "vi", "en"}


@pytest.mark.parametrize("content", [b"", b"\x7fELF\x00\x01\x02", b"<html/>", b"PK\x03\x04", b"<!DOCTYPE x><edXML/>"])
def test_a_refusal_is_a_code_and_two_sentences(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.edxml"
    file.write_bytes(content)
    code, shown = run(file)
    assert code == 1
    assert shown.startswith("✗ envelope-un")
    assert "hong bì edXML" in shown
    assert "The edXML envelope" in shown
    assert "Traceback" not in shown
    code, shown = run(file, "--json")
    assert code == 1
    assert json.loads(shown)["readable"] is False
    assert json.loads(shown)["code"].startswith("envelope-un")


@pytest.mark.parametrize("path", ["missing.edxml", ".", "x" * 300])
def test_what_cannot_be_opened_is_told(tmp_path: Path, path: str) -> None:
    code, shown = run(tmp_path / path)
    assert code == 1
    assert "không mở được tệp" in shown.replace("\n", " ")


def test_a_file_over_the_limit_is_not_loaded(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lienthong.cli.edxml.DEFAULT", Limits(bytes=10))
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("loaded"))
    code, shown = run(package)
    assert code == 1
    assert "package-too-large" in shown


def test_a_package_cannot_steer_the_terminal(tmp_path: Path) -> None:
    file = tmp_path / "x.edxml"
    file.write_bytes(write(FULL, {}).replace("Nguyễn Văn Mẫu".encode(), "Nguyễn\u202e\u009b31m[red]Mẫu".encode()))
    code, shown = run(file)
    assert code == 0
    assert "\u202e" not in shown
    assert "\u009b" not in shown
    assert "[red]" in shown
