"""What running processes tell of documents: one trace over all hops, and nothing that is nobody's business."""

import re
from typing import Any
from uuid import uuid4  # noqa: TID251  # the country outlives a test, so ids must differ

import httpx
import pytest

from lienthong.adapters.bootstrap import root_certificates
from lienthong.cli.demo.country import CITY, GOVERNMENT
from lienthong.client import Desk, File, Metadata
from lienthong.errors import LienThongError, RecipientUnknown
from lienthong.evidence import ProofResult, Receipt, verify_receipt
from running_country import PDF, Country, until

pytestmark = pytest.mark.acceptance
HOPS = (CITY, "axis", GOVERNMENT)
SUBJECT, SIGNER, STAFF, FILE = "V/v kỷ luật cán bộ Kín Đáo", "Hồ Thị Ẩn Danh", "Lê Văn Thầm Lặng", "to-trinh-mat.pdf"


def letter(*to: str) -> Metadata:
    number = uuid4().hex[:8]
    return Metadata(number, "CV-THEO", SUBJECT, to, signer_name=SIGNER, staff=STAFF)


def told(country: Country, hop: str, trace: str) -> list[dict[str, Any]]:
    return [line for line in country.said(hop) if line.get("trace") == trace]


def done(country: Country, hop: str, trace: str) -> set[str]:
    return {str(line["event"]) for line in told(country, hop, trace) if "lane" in line}


def hand_over(country: Country, code: str, package: str) -> None:
    desk = country.desk(code)
    taken = desk.take(package, code)
    desk.acknowledge(package, code, taken.lock)


def test_one_trace_over_all_hops(country: Country) -> None:
    trace = uuid4().hex
    url = country.place.url(CITY)
    with Desk(url, country.token("H29"), country.place.root, traceparent=f"00-{trace}-00f067aa0ba902b7-01") as desk:
        sent = desk.send(letter("G09"), [File(FILE, "application/pdf", PDF)]).entry.id
    country.delivered("H29", sent)
    country.arrived("G09", sent)
    hand_over(country, "G09", sent)
    wanted = {
        CITY: {"handed-in", "forwarded", "delivered", "handed-over"},
        "axis": {"accepted", "delivered", "handed-over"},
        GOVERNMENT: {"pulled", "delivered", "handed-over"},
    }
    for hop, words in wanted.items():
        until(lambda hop=hop, words=words: done(country, hop, trace) == words, f"{hop}: {words}")  # type: ignore[misc]  # bound now, not later
    assert {line["package"] for hop in HOPS for line in told(country, hop, trace)} == {sent}


def test_the_metrics_of_a_running_hop(country: Country) -> None:
    sent = country.desk("H29").send(letter("G09"), [File(FILE, "application/pdf", PDF)]).entry.id
    country.delivered("H29", sent)
    text = httpx.get(country.place.url("axis-ops") + "/metrics", timeout=30).text
    for line in ("lienthong_seats 1.0", "lienthong_on_duty 1.0", "lienthong_writes_waiting 0.0"):
        assert line in text
    for pattern in (
        r'lienthong_done_total\{done="accepted",lane="through"\} [1-9]',
        r'lienthong_done_total\{done="delivered",lane="through"\} [1-9]',
        r"lienthong_commit_seconds_count [1-9]",
        r"lienthong_batch_works_count [1-9]",
    ):
        assert re.search(pattern, text), pattern
    text = httpx.get(country.place.url(f"{CITY}-ops") + "/metrics", timeout=30).text
    for name in ("axis", "desk", "log", "seal:H29"):
        assert re.search(rf'lienthong_certificate_left_seconds\{{name="{name}"\}} [1-9]', text), name


def test_the_axis_has_its_log_dated_and_its_alarm_is_silent(country: Country) -> None:
    """By a real authority; the sender's gateway fetches receipts that hold, with their stamps, to the root."""
    sent = country.desk("H29").send(letter("G09"), [File(FILE, "application/pdf", PDF)]).entry.id
    country.delivered("H29", sent)
    identity, path = country.identity(CITY), f"/v1/packages/{sent}/receipts"
    dated = [Receipt.from_json(each) for each in until(lambda: identity.ask("GET", path).json(), "dated receipts")]
    assert all(receipt.stamp for receipt in dated)
    roots = root_certificates(country.place.root)
    assert {verify_receipt(receipt, None, roots).result for receipt in dated} == {ProofResult.PROVED}
    metrics = country.place.url("axis-ops") + "/metrics"
    until(lambda: "lienthong_unstamped_seconds 0.0" in httpx.get(metrics, timeout=30).text, "nothing undated")


def secrets_of(country: Country) -> set[str]:
    """Tokens of desks, and lines of private keys."""
    place = country.place.folder
    tokens = {path.read_text("utf-8").strip() for path in (place / "tokens").iterdir() if path.is_file()}
    keys = [path.read_text("utf-8").splitlines() for path in place.rglob("*.key")]
    return tokens | {line for lines in keys for line in lines[1:-1] if len(line) > 20}


def test_logs_hold_nothing_secret_and_no_words_of_documents(country: Country) -> None:
    """After a delivery, a refusal, a wrong token and a report."""
    desk = country.desk("H29")
    sent = desk.send(letter("G09"), [File(FILE, "application/pdf", PDF)]).entry.id
    with pytest.raises(RecipientUnknown):
        desk.send(letter("Z99"), [])
    wrong = f"sai-{uuid4().hex}"
    with pytest.raises(LienThongError), Desk(country.place.url(CITY), wrong, country.place.root) as stranger:
        stranger.me()
    country.arrived("G09", sent)
    hand_over(country, "G09", sent)
    country.desk("G09").report(sent, "03", SUBJECT, STAFF)
    assert any(line.get("package") == sent for line in country.said("axis"))
    assert any(line.get("code") == "recipient-unknown" for line in country.said(CITY))
    logs = "\n".join(path.read_text("utf-8") for path in (country.place.folder / "logs").glob("*.log"))
    hidden = secrets_of(country)
    assert len(hidden) > 10
    assert [number for number, secret in enumerate(sorted(hidden)) if secret in logs] == []
    for word in (wrong, SUBJECT, SIGNER, STAFF, FILE, "Ẩn Danh", "Thầm Lặng", "Kín Đáo"):
        assert word not in logs, word
    assert not re.search(r"PRIVATE KEY|Bearer [^…]|eyJ[A-Za-z0-9_-]{20}|passw(?!d\b)", logs)
