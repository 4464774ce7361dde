import json
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from desk_made import Hall
from lienthong.cli.desks import open_desk, place_of
from lienthong.cli.main import app
from lienthong.errors import ConfigurationInvalid, DeskUnknown, TokenInvalid

Run = Callable[..., Result]


def rows(place: Path, **changes: object) -> Path:
    file = place / "desks.json"
    told = json.loads(file.read_text())
    told["H29"] |= changes
    file.write_text(json.dumps(told))
    return file


def test_paths_are_beside_the_file_and_codes_are_tolerant(place: Path):
    found = place_of(" h29 ", place / "desks.json")
    assert (found.code, found.token_file, found.ca) == ("H29", place / "tokens" / "H29", place / "root.pem")
    assert found.token() == "token-h29"


def test_a_real_desk_is_opened(place: Path):
    with open_desk("H29", place / "desks.json") as desk:
        assert desk._urls == ["https://cong.mau:8443"]
        assert desk._http.headers["authorization"] == "Bearer token-h29"


def test_the_usual_places_in_turn(run: Run, hall: Hall, place: Path, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(DeskUnknown):
        place_of("H29", None)
    text = (place / "desks.json").read_text()
    for folder in (place / "config" / "lienthong", place / "var" / "demo"):
        folder.mkdir(parents=True)
        (folder / "desks.json").write_text(text)
        assert place_of("H29", None).token_file.is_relative_to(
            folder.relative_to(place) if "var" in str(folder) else folder
        )
    monkeypatch.setenv("LIENTHONG_DESKS", str(place / "desks.json"))
    assert place_of("H29", None).token_file == place / "tokens" / "H29"


def test_the_only_agency_needs_no_name(place: Path):
    told = json.loads((place / "desks.json").read_text())
    (place / "mot.json").write_text(json.dumps({"G22": told["G22"]}))
    assert place_of("", place / "mot.json").code == "G22"
    with pytest.raises(DeskUnknown, match="--as: H29, G22"):
        place_of("", place / "desks.json")


def test_the_agency_may_stand_in_the_environment(run: Run, hall: Hall, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LIENTHONG_AS", "G22")
    assert run("list", code="").exit_code == 0


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"H29": {}}', '{"H29": {"url": 1}}', '{"": {"url": "https://a", "token_file": "t"}}', "\xff"],
)
def test_a_malformed_file_is_said(run: Run, place: Path, text: str):
    (place / "desks.json").write_bytes(text.encode("latin-1"))
    result = run("list")
    assert result.exit_code == 1
    assert "[desk-unknown]" in result.stderr
    assert DeskUnknown.vi in result.stderr


@pytest.mark.parametrize("url", ["http://cong.mau", "cong.mau:8443", "ftp://cong.mau", "https://", "https://a b:x"])
def test_a_token_never_goes_in_the_clear(place: Path, url: str):
    with pytest.raises(DeskUnknown):
        place_of("H29", rows(place, url=url))


@pytest.mark.parametrize("url", ["http://127.0.0.1:8443", "http://localhost:1", "http://[::1]:8443"])
def test_this_machine_needs_no_tls(place: Path, url: str):
    assert place_of("H29", rows(place, url=url)).url == url


def test_an_unknown_agency_is_said(run: Run, place: Path):
    result = run("list", code="H99")
    assert result.exit_code == 1
    assert "H99: không có trong / not in" in result.stderr
    assert "(H29, G22)" in result.stderr


def test_a_code_that_is_none_is_said(run: Run):
    result = run("list", code="x" * 99)
    assert result.exit_code == 1
    assert "[invalid-value]" in result.stderr


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o602])
def test_a_token_others_may_touch_is_refused(run: Run, hall: Hall, place: Path, mode: int):
    (place / "tokens" / "H29").chmod(mode)
    result = run("list")
    assert result.exit_code == 1
    assert "chmod 600" in result.stderr
    assert "[configuration-invalid]" in result.stderr
    assert not hall.calls


@pytest.mark.parametrize("token", ["", "\n", "mã truy cập", "a\nb"])
def test_a_file_that_holds_no_token_is_refused(place: Path, token: str):
    (place / "tokens" / "H29").write_text(token)
    with pytest.raises(ConfigurationInvalid):
        open_desk("H29", place / "desks.json")


def test_a_wrong_token_is_said(run: Run, place: Path):
    (place / "tokens" / "H29").write_text("token-khac")
    result = run("list")
    assert result.exit_code == 1
    assert TokenInvalid.vi in result.stderr


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_root_that_is_none_is_said(run: Run, hall: Hall, place: Path, content: str | None):
    (place / "root.pem").unlink()
    if content:
        (place / "root.pem").write_text(content)
    result = run("list")
    assert result.exit_code == 1
    assert "root.pem" in result.stderr
    assert "[configuration-invalid]" in result.stderr


def test_without_a_root_the_machines_own_are_trusted(place: Path):
    with open_desk("H29", rows(place, ca=None)) as desk:
        assert desk._http._transport._pool._ssl_context.verify_mode is ssl.CERT_REQUIRED  # type: ignore[attr-defined]  # httpx keeps it there


@pytest.mark.parametrize(
    "command",
    ["send", "inbox", "list", "status 15", "recall 15 --reason x", "evidence 15", "update 15 --reason x --add H1"],
)
def test_every_command_says_that_the_gateway_is_not_known(command: str, place: Path):
    asked = [*command.split(), "--as", "H29", "--desks", str(place / "khong-co.json")]
    if command == "send":
        asked += ["--to", "G22", "--number", "1", "--notation", "QĐ", "--subject", "x", str(place / "root.pem")]
    result = CliRunner().invoke(app, asked)
    assert result.exit_code == 1
    assert "[desk-unknown]" in result.stderr
