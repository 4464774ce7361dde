"""`lienthong chaos` in short: everything around a small country of real processes breaks, and the count is clean."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_pem_x509_certificates

from lienthong.evidence import read_evidence
from second_verifier import Audit, receipt_is_good, vkey

pytestmark = [pytest.mark.acceptance, pytest.mark.faults]


def chaos(tmp_path: Path, *words: str) -> dict[str, Any]:
    """The run's figures. What went wrong is told with the seed and the folder to look into."""
    result, folder = tmp_path / "result.json", tmp_path / "country"
    command = [sys.executable, "-m", "lienthong.cli", "chaos", *words, "--folder", str(folder), "--json", str(result)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=1500, check=False)
    assert ended.returncode == 0, f"{verdict(ended.stdout)}\n{ended.stdout[-6000:]}\n{ended.stderr[-6000:]}"
    assert ended.stdout.strip().splitlines()[-1].startswith("lost = 0, duplicates = 0, altered = 0")
    assert not folder.exists()
    told: dict[str, Any] = json.loads(result.read_text("utf-8"))
    return told


def verdict(told: str) -> str:
    """What was found wrong and the count, first in a message that may be cut off."""
    return "\n".join(line for line in told.splitlines() if line.startswith(("✗", "lost = ")))


def test_nothing_is_lost_on_sqlite(tmp_path: Path) -> None:
    evidence = tmp_path / "evidence"
    told = chaos(tmp_path, "--documents", "120", "--kills", "6", "--seed", "11", "--evidence", str(evidence))
    assert told["deeds"]["kill"] == 6
    assert {"clock", "cut", "disk", "registry", "silent", "slow", "torn"} <= told["deeds"].keys()
    counted = told["reckoning"]
    assert counted["documents"] >= 120
    assert counted["handed_over"] + counted["refused"] + counted["expired"] == counted["legs"]
    assert counted["receipts"] > counted["legs"]
    assert counted["checkpoints"] > 3
    assert audited(evidence) == counted["receipts"]


def audited(evidence: Path) -> int:
    """By a verifier that shares no code with the one that counted; how many receipts it found true."""
    for path in (evidence / "axis.json", *evidence.glob("gw-*.json")):
        told = json.loads(path.read_text("utf-8"))
        found = Audit(vkey(told["keys"][0]), [leaf.encode() for leaf in told["leaves"]]).against(told["checkpoints"])
        assert found.lies == []
    roots = [
        cert.public_bytes(Encoding.DER) for cert in load_pem_x509_certificates((evidence / "root.pem").read_bytes())
    ]
    bundles = [read_evidence(path.read_text("utf-8")) for path in evidence.glob("bundle-*.json")]
    receipts = [receipt.to_json() for bundle in bundles for receipt in bundle.whole()]
    assert all(receipt_is_good(receipt, roots) for receipt in receipts)
    return len(receipts)


def test_nothing_is_lost_with_servers_that_die(tmp_path: Path) -> None:
    """PostgreSQL is killed and fails over to its synchronous standby; the object store is killed."""
    words = ["--documents", "40", "--kills", "1", "--seed", "12", "--store", "postgresql", "--objects", "s3"]
    told = chaos(tmp_path, *words)
    assert (told["deeds"]["objects"], told["deeds"]["database"], told["deeds"]["failover"]) == (2, 2, 1)


def test_what_it_cannot_do_is_said(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "lienthong.cli", "chaos", "--store", "xyz", "--folder", str(tmp_path / "c")]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 1
    assert "sqlite" in ended.stderr
