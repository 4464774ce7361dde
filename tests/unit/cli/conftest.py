import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from desk_made import Hall, MadeDesk
from evidence_made import world
from lienthong.cli import desks
from lienthong.cli.main import app

Run = Callable[..., Result]


@pytest.fixture
def hall(monkeypatch: pytest.MonkeyPatch) -> Hall:
    """A gateway in memory that every command of the test reaches."""
    made = Hall()
    monkeypatch.setattr(MadeDesk, "hall", made, raising=False)
    monkeypatch.setattr(desks, "Desk", MadeDesk)
    return made


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with `desks.json` for two agencies, their tokens and a root; the working folder of the test."""
    for name in ("LIENTHONG_DESKS", "LIENTHONG_AS", "LIENTHONG_ROOT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "root.pem").write_bytes(world().root.pem)
    (tmp_path / "tokens").mkdir()
    for code in ("H29", "G22"):
        token = tmp_path / "tokens" / code
        token.write_text(f"token-{code.lower()}\n")
        token.chmod(0o600)
    rows = {
        code: {"url": "https://cong.mau:8443", "token_file": f"tokens/{code}", "ca": "root.pem"}
        for code in ("H29", "G22")
    }
    (tmp_path / "desks.json").write_text(json.dumps(rows))
    return tmp_path


@pytest.fixture
def run(place: Path, hall: Hall) -> Run:
    """`run("send", …)` as H29 with the folder's desks."""

    def invoke(command: str, *words: object, code: str = "H29") -> Result:
        asked = [command, *map(str, words), "--desks", str(place / "desks.json")]
        return CliRunner(env={"COLUMNS": "250"}).invoke(app, [*asked, "--as", code] if code else asked)

    return invoke
