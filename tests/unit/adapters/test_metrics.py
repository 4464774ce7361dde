"""What operators' monitoring reads, and that dashboard and alerts ask for nothing else."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from litestar import Litestar, get
from litestar.testing import TestClient
from prometheus_client import generate_latest

from lienthong.adapters.following import DONE
from lienthong.adapters.http import EXCEPTION_HANDLERS
from lienthong.adapters.metrics import (
    Standing,
    Watched,
    add_log,
    add_machine,
    add_proofs,
    add_registry,
    add_stand,
    add_troubles,
    collected,
    metrics,
)
from lienthong.adapters.sql.writer import COMMITS, WORKS
from lienthong.adapters.tracing import PROCESS, traced
from lienthong.delivery import AXIS
from lienthong.errors import NotFound
from lienthong.signature.lasting.keeping import Standing as Proofs
from lienthong.testing.clock import FakeClock
from lienthong.testing.memory import MemoryStore
from lienthong.testing.pki import pki
from lienthong.testing.world import World
from registry_world import snapshot
from seal_world import NOW as ISSUED

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
DEPLOY = Path(__file__).parents[3] / "deploy"


def lines(counts: dict[str, int]) -> list[str]:
    return generate_latest(collected(counts, NOW)).decode().splitlines()


def everything(folder: Path) -> str:
    registry = collected({"out/recorded": 1}, NOW)
    add_troubles(registry, {"work-failed": 2}, '{"failures":5,"open_until":"2026-11-22T09:00:00Z"}', NOW)
    add_registry(registry, snapshot(), ISSUED + timedelta(hours=1))
    add_stand(registry, Standing(seated=True, on_duty=False, waiting=7))
    add_log(registry, NOW - timedelta(minutes=5), NOW)
    add_proofs(registry, Proofs(oldest=NOW - timedelta(hours=2), ends=NOW + timedelta(days=300)), NOW)
    pem = folder / "root.pem"
    pem.write_bytes(x509.load_der_x509_certificate(pki().roots[0]).public_bytes(Encoding.PEM))
    add_machine(registry, Watched(MemoryStore(pki().log(), FakeClock()), folder, {"wire": pem, "none": None}), NOW)
    return (generate_latest(registry) + generate_latest(PROCESS)).decode()


def served(folder: Path) -> str:
    """All that a hop's address answers."""
    world, pem = World(), folder / "root.pem"
    pem.write_bytes(x509.load_der_x509_certificate(pki().roots[0]).public_bytes(Encoding.PEM))

    async def proofs() -> Proofs:
        return Proofs(oldest=NOW, ends=NOW)

    watched = Watched(
        world.stations[AXIS].store,
        folder,
        {"wire": pem},
        lambda: {"seal:H29": pem, "seal:H34": folder / "absent.pem"},
        stamped=True,
        stand=lambda: Standing(seated=True, on_duty=True, waiting=0),
        proofs=proofs,
    )
    with TestClient(Litestar([metrics(world.axis, watched)])) as client:
        answer = client.get("/metrics")
    assert answer.status_code == 200
    return answer.text


def test_legs_are_counted_by_lane_and_state():
    assert 'lienthong_legs{lane="through",state="accepted"} 3.0' in lines({"through/accepted": 3})


def test_the_oldest_waiting_leg_has_an_age():
    told = lines({"out/recorded": 1, "oldest_waiting": int(NOW.timestamp()) - 90})
    assert "lienthong_oldest_waiting_seconds 90.0" in told
    assert not any("oldest_waiting" in line and "lane=" in line for line in told)


def test_nothing_waiting_has_no_age():
    assert "lienthong_oldest_waiting_seconds 0.0" in lines({})


def test_what_else_a_hop_stands_on(tmp_path: Path):
    told = everything(tmp_path)
    for line in (
        'lienthong_dead_letters{code="work-failed"} 2.0',
        "lienthong_breaker_open 1.0",
        "lienthong_registry_age_seconds 3600.0",
        "lienthong_unstamped_seconds 300.0",
        "lienthong_seats 1.0",
        "lienthong_on_duty 0.0",
        "lienthong_writes_waiting 7.0",
    ):
        assert line in told
    assert re.search(r"lienthong_disk_free_bytes \d", told)
    assert re.search(r'lienthong_certificate_left_seconds{name="wire"} \d', told)


def test_the_end_of_every_certificate_is_told_of_one_that_cannot_be_read_too(tmp_path: Path):
    told = served(tmp_path)
    assert re.search(r'lienthong_certificate_left_seconds\{name="seal:H29"\} [1-9]', told)
    assert 'lienthong_certificate_left_seconds{name="seal:H34"} 0.0' in told


@pytest.mark.parametrize("file", ["grafana/lienthong.json", "prometheus/alerts.yml"])
def test_dashboard_and_alerts_ask_for_metrics_that_there_are(file: str, tmp_path: Path):
    text = (DEPLOY / file).read_text()
    if file.endswith("json"):
        text = "\n".join(target["expr"] for panel in json.loads(text)["panels"] for target in panel["targets"])
    asked = set(re.findall(r"lienthong_[a-z_]+", text))
    known = set(re.findall(r"^# TYPE (\w+)", served(tmp_path), re.MULTILINE))
    assert len(asked) > 5
    assert asked <= known | {f"{name}{end}" for name in known for end in ("_bucket", "_sum", "_count")}


def test_every_metric_has_its_panel(tmp_path: Path):
    """What is served is shown; moments of creation are the library's own."""
    panels = json.loads((DEPLOY / "grafana/lienthong.json").read_text())["panels"]
    shown = "\n".join(target["expr"] for panel in panels for target in panel["targets"])
    told = set(re.findall(r"^# TYPE (lienthong_\w+)", served(tmp_path), re.MULTILINE))
    silent = {name for name in told if name not in shown and not name.endswith("_created")}
    assert silent <= {"lienthong_registry_age_seconds"}
    assert all(each._name in shown for each in (DONE, COMMITS, WORKS))


# ---------------------------------------------------------------- one id over hops

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@get("/v1/missing", sync_to_thread=False)
def missing() -> None:
    raise NotFound("x")


@pytest.mark.parametrize(
    ("header", "kept"),
    [
        (f"00-{TRACE}-00f067aa0ba902b7-01", True),
        (f"00-{'0' * 32}-00f067aa0ba902b7-01", False),
        ("drop", False),
        ("", False),
    ],
)
def test_a_trace_is_taken_up_or_begun(header: str, kept: bool):
    with TestClient(traced(Litestar([missing], exception_handlers=dict(EXCEPTION_HANDLERS)))) as client:  # type: ignore[arg-type]  # any ASGI application
        answer = client.get("/v1/missing", headers={"traceparent": header} if header else {})
    assert re.fullmatch("[0-9a-f]{32}", answer.headers["trace-id"])
    assert answer.json()["trace"] == answer.headers["trace-id"]
    assert (answer.headers["trace-id"] == TRACE) is kept
