"""`lienthong signature form`: files on this machine, what is expected of them, what is told."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lienthong.cli.main import app
from lienthong.cli.signature.form import expectation
from lienthong.errors import InvalidValue
from lienthong.layout import compose_annex
from lienthong.signature.form import Part
from lienthong.signature.form.tolerances import MM
from lienthong.testing.pki import MOMENT


def run(*arguments: object) -> tuple[int, str]:
    answer = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["signature", "form", *map(str, arguments)])
    return answer.exit_code, answer.output


@pytest.fixture
def annex(tmp_path: Path) -> Path:
    file = tmp_path / "phu-luc.pdf"
    file.write_bytes(compose_annex("PHỤ LỤC", ["Cột"], [["ô"]], moment=MOMENT).pdf)
    return file


def test_a_file_without_signatures_ends_with_one(annex: Path) -> None:
    code, said = run(annex)
    assert code == 1
    assert "Tệp không có chữ ký số nào" in said
    assert "[unsigned]" in said


def test_the_second_file_is_an_annex(annex: Path) -> None:
    other = annex.with_name("khac.pdf")
    other.write_bytes(annex.read_bytes())
    _, said = run(annex, other, "--json")
    found = json.loads(said)
    assert [one["code"] for one in found[str(other)]] == ["annex-unsigned"]


def test_what_is_expected_is_said_in_pairs() -> None:
    said = ["signer=Nguyễn Văn Mẫu", "issued=22/11/2026", "seal=36", "part=copy"]
    expected = expectation(said)
    assert (expected.signer, expected.part, expected.seal_width) == ("Nguyễn Văn Mẫu", Part.COPY, 36 * MM)
    assert str(expected.issued) == "2026-11-22"


@pytest.mark.parametrize("said", ["part=poem", "seal=wide", "issued=hôm qua", "colour=blue", ""])
def test_what_cannot_be_expected_is_refused(said: str) -> None:
    with pytest.raises(InvalidValue):
        expectation([said])


def test_a_file_that_is_not_there_is_told_in_words(tmp_path: Path) -> None:
    code, said = run(tmp_path / "khong-co.pdf")
    assert code == 1
    assert "Traceback" not in said
