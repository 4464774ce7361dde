"""Files of other producers: those laid in ../shared/samples/edxml beside the repository, else our own of every type."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from lienthong.cli.main import app
from lienthong.envelope import Edoc, StatusMessage, read, read_head, write

HERE = Path(__file__).parent
BESIDE = HERE.parents[3] / "shared" / "samples" / "edxml"
FILES = sorted(BESIDE.glob("*.edxml")) or sorted((HERE / "cases").glob("v01-*.edxml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_real_file_is_read_and_can_be_written_again(file: Path) -> None:
    reading = read(file.read_bytes())
    message = reading.message
    assert isinstance(message, Edoc | StatusMessage)
    assert message.sender.code
    assert read(write(message, {})).message == message
    assert read_head(file.read_bytes()).original_sha256 == reading.original_sha256


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_real_file_can_be_inspected(file: Path) -> None:
    answer = CliRunner().invoke(app, ["edxml", "inspect", str(file)])
    assert answer.exit_code == 0
    assert "Đọc được" in answer.output


def test_both_message_types_are_among_them() -> None:
    assert {type(read(file.read_bytes()).message) for file in FILES} == {Edoc, StatusMessage}
