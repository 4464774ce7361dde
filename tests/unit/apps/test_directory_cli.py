"""The command line against the directory's service: what a province scripts."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from typer.testing import CliRunner

from apps.directory import book, press
from lienthong.cli.registry import app
from lienthong.registry import Gateway, level1_histories
from lienthong.testing.pki import pki
from unit.apps.scripted import commands, done, service_here
from unit.apps.test_directory import CSV, MERGER, Printed, code


@pytest.fixture(autouse=True)
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Printed]:
    made = Printed()
    monkeypatch.setattr(press, "press", lambda: made)
    monkeypatch.setattr(press, "here", lambda: True)
    with service_here(monkeypatch):
        change = book.begin(None, "begin", "x")
        book.put(change, level1_histories())
        book.list_gateway(change, Gateway("gw-1", "Máy chủ mẫu", code("H26")))
        yield made


@pytest.fixture
def run(tmp_path: Path) -> Any:
    return commands(tmp_path)


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
