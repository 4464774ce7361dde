import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from evidence_made import AT, FILES, event, receipt, stamped, world
from lienthong.cli.main import app
from lienthong.evidence import Bundle, EventKind, SigningKey, cosign
from lienthong.evidence.note import COSIGNATURE

WITNESS = SigningKey("nhan-chung.vi-du", bytes(32), COSIGNATURE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A receipt, its files and the root, as people keep them."""
    (tmp_path / "bien-nhan.json").write_text(stamped().to_json(), encoding="utf-8")
    (tmp_path / "root.pem").write_bytes(world().root.pem)
    (tmp_path / "van-ban").mkdir()
    for name, content in FILES.items():
        (tmp_path / "van-ban" / name).write_bytes(content)
    return tmp_path


def run(*words: object) -> Result:
    return CliRunner(env={"COLUMNS": "300"}).invoke(app, ["verify", *map(str, words)])


def test_a_receipt_with_its_whole_folder_is_proved(folder: Path):
    result = run(folder / "bien-nhan.json", folder)
    assert result.exit_code == 0, result.output
    assert "ĐÃ CHỨNG MINH" in result.output
    assert "✓ Trục liên thông đã nhận gói tin" in result.output
    assert "✓ Tệp van-ban/Quyết định.pdf đúng là tệp đã gửi" in result.output
    assert "Người nhận đã đọc" in result.output


def test_single_files_are_compared(folder: Path):
    result = run(folder / "bien-nhan.json", folder / "van-ban" / "edXML")
    assert result.exit_code == 0
    assert "Tệp edXML đúng là tệp đã gửi" in result.output
    assert "Chưa đối chiếu tệp: Quyết định.pdf" in result.output


def test_two_files_of_one_name_are_both_compared(folder: Path, tmp_path: Path):
    (tmp_path / "khac").mkdir()
    (tmp_path / "khac" / "edXML").write_bytes(b"khac")
    result = run(folder / "bien-nhan.json", folder / "van-ban" / "edXML", tmp_path / "khac" / "edXML")
    assert result.exit_code == 1


def test_english_on_request(folder: Path):
    result = run(folder / "bien-nhan.json", folder / "van-ban", "--language", "en")
    assert result.exit_code == 0
    assert "✓ The axis accepted the package m-1 of H29 at 2026-11-22 08:12:00" in result.output
    assert "Not proved by this:" in result.output


def test_json_on_request(folder: Path):
    result = run(folder / "bien-nhan.json", "--json")
    told = json.loads(result.output)
    assert told["result"] == "proved"
    assert {finding["code"] for finding in told["findings"]} >= {"event", "inclusion", "stamp"}
    assert told["limits"]


def test_a_bundle_is_opened_too(folder: Path):
    later = world().log.receipts(event(EventKind.HANDED_OVER))
    (folder / "bo.json").write_text(Bundle.of([receipt(), *later]).to_json(), encoding="utf-8")
    result = run(folder / "bo.json", folder / "van-ban")
    assert result.exit_code == 0
    assert "đã bàn giao gói tin" in result.output


def test_an_extra_file_in_the_folder_is_not_overlooked(folder: Path):
    (folder / "van-ban" / "phu-luc-la.pdf").write_bytes(b"la")
    result = run(folder / "bien-nhan.json", folder)
    assert result.exit_code == 1
    assert "✗ Tệp van-ban/phu-luc-la.pdf không có trong gói tin" in result.output


def test_hidden_files_are_passed_over(folder: Path):
    (folder / "van-ban" / ".DS_Store").write_bytes(b"la")
    assert run(folder / "bien-nhan.json", folder).exit_code == 0


def test_a_changed_file_is_not_proved(folder: Path):
    (folder / "van-ban" / "edXML").write_bytes(b"khac")
    result = run(folder / "bien-nhan.json", folder / "van-ban")
    assert result.exit_code == 1
    assert "✗ Tệp edXML KHÁC" in result.output


def test_without_a_root_it_cannot_be_told(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("LIENTHONG_ROOT", raising=False)
    (folder / "root.pem").unlink()
    result = run(folder / "bien-nhan.json", folder / "van-ban")
    assert result.exit_code == 2
    assert "? Chưa biết ai đã ký" in result.output
    assert "✓ Biên nhận nằm trong nhật ký" in result.output


def test_the_root_may_be_named_by_the_environment(folder: Path, monkeypatch: pytest.MonkeyPatch):
    (folder / "root.pem").rename(folder / "goc-khac.pem")
    monkeypatch.setenv("LIENTHONG_ROOT", str(folder / "goc-khac.pem"))
    assert run(folder / "bien-nhan.json").exit_code == 0


def test_a_given_root_goes_before_the_one_beside(folder: Path):
    (folder / "la.pem").write_bytes(world().stranger.pem)
    assert run(folder / "bien-nhan.json", "--root", folder / "la.pem").exit_code == 1


def test_one_of_several_roots_is_enough(folder: Path):
    (folder / "hai.pem").write_bytes(world().stranger.pem + world().root.pem)
    assert run(folder / "bien-nhan.json", "--root", folder / "hai.pem").exit_code == 0


@pytest.mark.parametrize(
    "garbage", [b"", b"khong phai", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
def test_a_root_that_is_none_tells_nothing(folder: Path, garbage: bytes):
    (folder / "root.pem").write_bytes(garbage)
    result = run(folder / "bien-nhan.json")
    assert result.exit_code == 2
    assert "không phải là chứng thư PEM" in result.output


@pytest.mark.parametrize("missing", ["receipt", "file", "root"])
def test_a_missing_file_tells_nothing(folder: Path, missing: str):
    known, lost = folder / "bien-nhan.json", folder / "mat"
    words = {"receipt": [lost], "file": [known, lost], "root": [known, "--root", lost]}[missing]
    result = run(*words)
    assert result.exit_code == 2
    assert "Không mở được tệp" in result.output


def test_a_witness_may_be_asked_for(folder: Path):
    (folder / "b.json").write_text(
        receipt(checkpoint=cosign(receipt().checkpoint, WITNESS, AT)).to_json(), encoding="utf-8"
    )
    assert run(folder / "b.json", "--witness", WITNESS.verifier).exit_code == 0
    assert run(folder / "bien-nhan.json", "--witness", WITNESS.verifier).exit_code == 2
    assert run(folder / "bien-nhan.json", "--witness", "khong-phai").exit_code == 2
    second = SigningKey("nhan-chung-2", b"2" * 32, COSIGNATURE)
    both = ["--witness", WITNESS.verifier, "--witness", second.verifier]
    assert run(folder / "b.json", *both).exit_code == 0
    assert run(folder / "b.json", *both, "--quorum", "2").exit_code == 2
    (folder / "b2.json").write_text(
        receipt(checkpoint=cosign(cosign(receipt().checkpoint, WITNESS, AT), second, AT)).to_json(), encoding="utf-8"
    )
    assert run(folder / "b2.json", *both, "--quorum", "2").exit_code == 0


def test_a_receipts_words_do_not_steer_the_terminal(folder: Path):
    hostile = world().log.receipts(event(EventKind.REFUSED, text="\x1b[2J\u202e[red]đỏ[/red]\r\n✓"))[0]
    (folder / "b.json").write_text(hostile.to_json(), encoding="utf-8")
    result = run(folder / "b.json")
    assert result.exit_code == 0
    assert "\x1b" not in result.output
    assert "\u202e" not in result.output
    assert "[red]đỏ[/red]" in result.output
