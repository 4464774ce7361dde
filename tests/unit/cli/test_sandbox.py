"""The keywords of the sandbox: found however they are written, told in both languages."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from lienthong.cli.main import app
from lienthong.cli.sandbox.counterpart import Counterpart
from lienthong.cli.sandbox.keywords import KEYWORDS, USUAL, keyword_of, plain


@pytest.mark.parametrize(
    ("subject", "english", "count"),
    [
        ("V/v thử [từ chối]", "refuse", 0),
        ("V/v thử [ TU  CHOI ]", "refuse", 0),
        ("[Refuse] please", "refuse", 0),
        ("V/v thử [trễ 90]", "delay", 90),
        ("V/v thử [trễ]", "delay", 30),
        ("[gửi 5]", "send", 5),
        ("[Đến]", "arrive", 0),
        ("[không biết] [mẫu cũ]", "legacy", 0),
        ("V/v từ chối tiếp nhận", "process", 0),
        ("", "process", 0),
        ("[[[thu hồi]]]", "recall", 0),
    ],
)
def test_a_keyword_is_found_however_it_is_written(subject: str, english: str, count: int) -> None:
    keyword, number = keyword_of(subject)
    assert (keyword.english, number) == (english, count)


def test_no_two_keywords_are_alike_and_every_act_is_known() -> None:
    words = [word for each in KEYWORDS for word in {plain(each.word), each.english}]
    assert len(words) == len(set(words))
    assert all(hasattr(Counterpart, f"_{act}") or act == "send" for each in KEYWORDS if (act := each.act))
    assert keyword_of(f"[{USUAL.word}]")[0] is USUAL


def test_the_command_names_the_keywords() -> None:
    told = CliRunner().invoke(app, ["sandbox", "--keywords"], env={"COLUMNS": "120"})
    assert told.exit_code == 0
    assert all(f"[{each.word}" in told.output and f"[{each.english}" in told.output for each in KEYWORDS)


def test_the_guide_names_the_keywords_as_they_are() -> None:
    guide = (Path(__file__).parents[3] / "docs" / "guides" / "sandbox.md").read_text("utf-8")
    for each in KEYWORDS:
        assert f"`[{each.word}" in guide
        assert f"`[{each.english}" in guide
