"""Lasting proofs through real processes: a document is secured by itself, its bundle fetched, checked, watched."""

import json
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from lienthong.cli.demo.country import CITY
from lienthong.cli.main import app
from lienthong.client import File, Metadata, Paper
from lienthong.errors import NotFound, ProofPending
from lienthong.signature.lasting import Bundle
from running_country import Country, until
from unit.signature.documents import composed

pytestmark = pytest.mark.acceptance
NAME = "van-ban.pdf"


def test_a_document_is_secured_and_anybody_can_prove_it(country: Country, tmp_path: Path) -> None:
    sender = country.desk("H29")
    pdf = sender.sign(Paper(composed().pdf, "V/v thử bảo toàn"), "leader", "Nguyễn Văn Mẫu", "leader", level="B-T")
    said = Metadata("78", "CV-BT", "Thử bảo toàn chứng cứ", ("G09",), signer_name="Nguyễn Văn Mẫu", issued="2026-11-22")
    sent = sender.send(said, [File(NAME, "application/pdf", pdf)], "lasting-1").entry.id

    def proof() -> bytes:
        try:
            return sender.proof(sent)
        except (NotFound, ProofPending):  # nobody has looked yet, or it waits for its stamp
            return b""

    data = until(proof, "the proof", patience=150)  # who was not heard once is asked again after a minute
    files = Bundle.from_zip(data).files
    assert files[f"files/{NAME}"] == pdf
    assert files[f"long-term/1/{NAME}"].startswith(pdf)
    kept = tmp_path / "proof.zip"
    kept.write_bytes(data)
    done = CliRunner().invoke(app, ["verify", str(kept), "--root", str(country.place.root), "--json"])
    found = json.loads(done.stdout)
    assert (done.exit_code, [each for each in found["findings"] if not each["ok"]]) == (0, [])
    codes = {each["code"] for each in found["findings"]}
    assert {"content", "path", "stamp", "signature", "long-term", "report", "inclusion", "file"} <= codes

    with pytest.raises(NotFound):  # of strangers on the same gateway, and where nothing is secured
        country.desk("H29.03").proof(sent)
    with pytest.raises(NotFound):
        country.desk("G09").proof(sent)


def test_operators_and_their_instruments_are_told(country: Country) -> None:
    config = str(country.place.folder / f"{CITY}.toml")
    runner = CliRunner()
    token = runner.invoke(app, ["gateway", "operator", "add", "--config", config, "--name", "Xem", "--viewer"]).stdout
    told = {"LIENTHONG_OPERATOR_TOKEN": token.strip()}

    def calm() -> dict:
        done = runner.invoke(app, ["gateway", "lasting", "--config", config, "--json"], env=told)
        found = json.loads(done.stdout)
        return found if done.exit_code == 0 else {}

    assert until(calm, "no concern")["standing"]["damaged"] == 0
    done = runner.invoke(app, ["gateway", "lasting", "--config", config], env=told)
    assert "Đã bảo toàn" in done.output
    shown = httpx.get(country.place.url(f"{CITY}-ops") + "/metrics", timeout=30).text
    assert "lienthong_proof_unsecured_seconds" in shown
    assert 'lienthong_proofs{state="secured"}' in shown
