import importlib.util
import sys
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from lienthong.cli.main import app, main

PROCESSES = ("axis", "gateway", "ca")


def run(*words: object) -> Result:
    return CliRunner().invoke(app, list(map(str, words)))


@pytest.mark.parametrize("process", PROCESSES)
@pytest.mark.parametrize("text", [None, "", "name = ", 'name = "x"\nport = "y"', "\udcff"])
def test_settings_that_cannot_be_used_are_said(process: str, text: str | None, tmp_path: Path):
    config = tmp_path / "cau-hinh.toml"
    if text is not None:
        config.write_bytes(text.encode("utf-8", "surrogateescape"))
    result = run(process, "--config", config)
    assert result.exit_code == 1
    assert "Cấu hình hoặc tệp khóa không dùng được" in result.stderr
    assert "The configuration or a key file cannot be used" in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize("process", PROCESSES)
def test_a_folder_is_no_settings(process: str, tmp_path: Path):
    result = run(process, "--config", tmp_path)
    assert result.exit_code == 1
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_a_fault_nobody_foresaw_is_a_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    def faulty() -> None:
        raise ZeroDivisionError("mau")

    monkeypatch.setattr(sys.modules[main.__module__], "app", faulty)
    monkeypatch.delenv("LIENTHONG_TRACEBACK", raising=False)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    told = capsys.readouterr().err
    assert "ZeroDivisionError: mau" in told
    assert "[internal-error]" in told
    assert "Traceback" not in told
    monkeypatch.setenv("LIENTHONG_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError):
        main()


def test_every_command_explains_itself(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "argv", ["lienthong"])
    for command in ("send", "inbox", "list", "status", "recall", "update", "evidence", "doctor", *PROCESSES):
        result = run(command, "--help")
        assert result.exit_code == 0
        assert " / " in result.output or "The " in result.output


def test_ctrl_c_while_loading_is_no_fault(monkeypatch: pytest.MonkeyPatch):
    class Stopped:
        def __getattr__(self, name: str) -> None:
            raise KeyboardInterrupt

    spec = importlib.util.spec_from_file_location("fresh_cli", sys.modules["lienthong.cli"].__file__ or "")
    assert spec
    assert spec.loader
    fresh = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fresh)
    monkeypatch.setitem(sys.modules, "lienthong.cli.main", Stopped())
    with pytest.raises(SystemExit) as ended:
        fresh.main()
    assert ended.value.code == 130
