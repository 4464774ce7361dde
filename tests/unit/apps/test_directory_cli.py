"""The command line against the directory's service: what a province scripts."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from typer.testing import CliRunner, Result

from apps.accounts.models import User
from apps.directory import book, keys, press
from lienthong.cli import directory
from lienthong.cli.registry import app
from lienthong.client.directory import Directory
from lienthong.registry import Gateway, level1_histories
from lienthong.testing.pki import pki
from unit.apps.test_directory import CSV, MERGER, Printed, code


class Here(Directory):
    """The service in this process."""

    def __init__(self, url: str, token: str, ca: Path | None = None) -> None:
        super().__init__(url, token, ca)
        transport = httpx.WSGITransport(app=get_wsgi_application(), raise_app_exceptions=True)
        self._http = httpx.Client(transport=transport, headers=self._http.headers)


@pytest.fixture(autouse=True)
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Printed]:
    made = Printed()
    monkeypatch.setattr(press, "press", lambda: made)
    monkeypatch.setattr(press, "here", lambda: True)
    monkeypatch.setattr(directory, "Directory", Here)
    ends = (request_started, request_finished)  # requests here leave the test's own transaction open
    for each in ends:
        each.disconnect(close_old_connections)
    with transaction.atomic():
        change = book.begin(None, "begin", "x")
        book.put(change, level1_histories())
        book.list_gateway(change, Gateway("gw-1", "Máy chủ mẫu", code("H26")))
        yield made
        transaction.set_rollback(True)
    for each in ends:
        each.connect(close_old_connections)


@pytest.fixture
def run(tmp_path: Path) -> Any:
    def called(who: str, *words: object) -> Result:
        file = tmp_path / f"{who}.key"
        if not file.exists():
            role = "security" if who == "an-ninh" else "registration"
            person = User.objects.create(username=f"mau.{who}", name=who, role=role)
            file.touch(0o600)
            file.write_text(keys.make(person, "máy", 1))
        env = {"COLUMNS": "200", "LIENTHONG_DIRECTORY": "http://testserver", "LIENTHONG_DIRECTORY_KEY": str(file)}
        return CliRunner().invoke(app, list(map(str, words)), env=env)

    return called


def done(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.output


def test_a_province_scripts_its_merger(run: Any, tmp_path: Path, service: Printed):
    (tmp_path / "phuong.csv").write_text(CSV, "utf-8")
    assert "Phường Một" in done(run("mot", "import", tmp_path / "phuong.csv", "--from", "2020-09-15"))
    assert run("mot", "as-of", "H26.1").exit_code == 1  # shown, not taken
    done(run("mot", "import", tmp_path / "phuong.csv", "--from", "2020-09-15", "--yes"))
    (tmp_path / "plan.json").write_text(json.dumps(MERGER | {"day": "2026-12-01"}), "utf-8")
    assert "will be refused, naming: H26.9, H26" in done(run("mot", "plan", tmp_path / "plan.json"))
    number = json.loads(done(run("mot", "plan", "--json")))["plans"][0]["id"]
    done(run("mot", "propose", number))
    own = run("mot", "approve", number)
    assert (own.exit_code, "không tự duyệt" in own.output) == (1, True)
    done(run("hai", "approve", number))
    assert "carried-out" in done(run("hai", "execute", number))
    assert "Sắp xếp mẫu" in done(run("hai", "plan", number))
    assert "nobody" in done(run("hai", "as-of", "H26.1", "--on", "2026-12-01"))
    assert "Phường mới" in done(run("hai", "as-of", "phuong moi", "--on", "2026-12-01"))
    assert "H26.9 opened" in done(run("hai", "compare", "2026-11-30", "2026-12-01"))
    assert run("hai", "publish").exit_code == 1
    assert "1" in done(run("an-ninh", "publish", "--days", "5"))
    assert len(service.out) == 1


def test_faults_are_named_by_row_and_nothing_is_taken(run: Any, tmp_path: Path):
    (tmp_path / "x.csv").write_text(CSV + "H26.3,,commune,H26\n", "utf-8")
    told = run("mot", "import", tmp_path / "x.csv", "--yes")
    assert told.exit_code == 1
    assert "dòng / row 4" in told.output
    assert book.history(code("H26.1")) == ()


def test_the_file_goes_out_and_comes_in(run: Any, tmp_path: Path):
    done(run("mot", "export", tmp_path / "a.xlsx", "--under", "H26"))
    told = json.loads(done(run("mot", "import", tmp_path / "a.xlsx", "--json")))
    assert (told["rows"], told["findings"], told["differences"]) == (1, [], [])
    assert run("mot", "export", tmp_path / "a.pdf").exit_code == 1


def test_the_next_key_is_named(run: Any, tmp_path: Path):
    pem = x509.load_der_x509_certificate(pki().registry(2).certificate).public_bytes(Encoding.PEM)
    (tmp_path / "next.pem").write_bytes(pem)
    done(run("an-ninh", "rotate-key", tmp_path / "next.pem"))
    assert run("an-ninh", "rotate-key", tmp_path / "next.pem").exit_code == 1


def test_without_a_place_or_a_key_it_says_so():
    assert CliRunner().invoke(app, ["as-of", "H26"], env={"LIENTHONG_DIRECTORY": ""}).exit_code == 1
