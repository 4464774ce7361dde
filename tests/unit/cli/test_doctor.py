import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from click.testing import Result

from desk_made import Hall, entry, recipient
from lienthong import diagnosis
from lienthong.cli import probes
from lienthong.cli.printing import now
from lienthong.errors import ConfigurationInvalid, RegistryStale, Unavailable

Run = Callable[..., Result]
GB = 10**9


class Surroundings:
    """Network and disk as a test wants them."""

    def __init__(self) -> None:
        self.runs_until: datetime = now() + timedelta(days=100)
        self.skew: float | None = 0.2
        self.free = 50 * GB
        self.leaf_error: Exception | None = None

    def leaf(self, url: str, ca: Path | None):
        if self.leaf_error:
            raise self.leaf_error
        return SimpleNamespace(not_valid_after_utc=self.runs_until)


@pytest.fixture(autouse=True)
def around(monkeypatch: pytest.MonkeyPatch) -> Surroundings:
    made = Surroundings()
    monkeypatch.setattr(probes, "leaf", made.leaf)
    monkeypatch.setattr(probes, "skew", lambda url, ca: made.skew)
    monkeypatch.setattr(probes, "room", lambda folder: (made.free, 100 * GB))
    return made


def findings(result: Result) -> dict[str, list[tuple[object, str]]]:
    told: dict[str, list[tuple[object, str]]] = {}
    for row in json.loads(result.stdout)["findings"]:
        told.setdefault(row["about"], []).append((row["ok"], row["vi"]))
    return told


def test_all_well(run: Run, hall: Hall):
    result = run("doctor")
    assert result.exit_code == 0, result.output
    assert "✗" not in result.output
    for words in ("TLS tốt", "chứng thư máy chủ còn 99 ngày", "mã truy cập đúng", "lệch 0 giây", "còn 50.0 GB"):
        assert words in result.output
    assert "? danh bạ / registry: chưa hỏi phiên bản" in result.output


def test_every_agency_unless_one_is_named(run: Run, hall: Hall):
    assert {"H29", "G22"} <= findings(run("doctor", "--json", code="")).keys()
    assert "G22" not in findings(run("doctor", "--json"))


def test_no_desks_file(run: Run, place: Path):
    (place / "desks.json").unlink()
    result = run("doctor", code="")
    assert result.exit_code == 1
    assert "✗ desks.json" in result.output
    assert "→ tạo desks.json hoặc nêu --desks" in result.output


@pytest.mark.parametrize("break_it", ["token", "root"])
def test_files_of_this_machine(run: Run, hall: Hall, place: Path, break_it: str):
    if break_it == "token":
        (place / "tokens" / "H29").chmod(0o644)
    else:
        (place / "root.pem").write_text("x")
    result = run("doctor")
    assert result.exit_code == 1
    assert "sửa quyền hoặc đường dẫn tệp" in result.output
    assert not hall.calls


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (Unavailable("cong.mau: refused"), "máy chủ bảo mật có đang chạy"),
        (ConfigurationInvalid("self-signed"), "kiểm tra chứng thư gốc"),
    ],
    ids=["down", "untrusted"],
)
def test_no_connection(run: Run, hall: Hall, around: Surroundings, error: Exception, told: str):
    around.leaf_error = error
    result = run("doctor")
    assert result.exit_code == 1
    assert told in result.output


@pytest.mark.parametrize(("days", "ok"), [(100, True), (10, None), (-1, False)])
def test_days_of_the_certificate(run: Run, hall: Hall, around: Surroundings, days: int, ok: bool | None):
    around.runs_until = now() + timedelta(days=days, hours=1)
    result = run("doctor", "--json")
    assert findings(result)["H29 https://cong.mau:8443"][0][0] is ok
    assert result.exit_code == (1 if ok is False else 0)


@pytest.mark.parametrize(("skew", "ok"), [(3, True), (-20, None), (-90, False), (None, None)])
def test_the_clock(run: Run, hall: Hall, around: Surroundings, skew: float | None, ok: bool | None):
    around.skew = skew
    assert findings(run("doctor", "--json"))["H29 đồng hồ / clock"][0][0] is ok


def test_anothers_token(run: Run, hall: Hall, place: Path):
    (place / "tokens" / "H29").write_text("token-g22")
    result = run("doctor")
    assert result.exit_code == 1
    assert "mã truy cập là của G22" in result.output


def test_a_wrong_token(run: Run, hall: Hall, place: Path):
    (place / "tokens" / "H29").write_text("token-khac")
    result = run("doctor")
    assert result.exit_code == 1
    assert "xin cấp lại mã truy cập" in result.output


@pytest.mark.parametrize(("hours", "urgency", "late"), [(2, 0, False), (2, 1, True), (30, 0, True)])
def test_what_waits_too_long(run: Run, hall: Hall, hours: float, urgency: int, late: bool):
    hall.put(entry("7", urgency=urgency, recorded_at=now() - timedelta(hours=hours)), waits=True)
    result = run("doctor")
    assert result.exit_code == int(late)
    assert ("chờ lấy quá lâu: 7/QĐ-MẪU" in result.output) is late


def test_what_does_not_leave(run: Run, hall: Hall):
    for number in range(7):
        hall.put(entry(str(number), "out", recipients=(recipient("G22"),), recorded_at=now() - timedelta(hours=1)))
    result = run("doctor")
    assert result.exit_code == 1
    assert "chưa lên được trục: 0/QĐ-MẪU, 1/QĐ-MẪU, 2/QĐ-MẪU, 3/QĐ-MẪU, 4/QĐ-MẪU (+2)" in result.output


def test_a_full_disk(run: Run, hall: Hall, around: Surroundings):
    around.free = GB
    assert run("doctor").exit_code == 1


# ---------------------------------------------------------------- what is asked of the network


def answering(monkeypatch: pytest.MonkeyPatch, status: int, body: str, **headers: str) -> None:
    def get(url: str, **_: object) -> httpx.Response:
        if status == 0:
            raise httpx.ConnectError("refused")
        return httpx.Response(status, text=body, headers=headers)

    monkeypatch.setattr(httpx, "get", get)


def test_an_operations_face_that_is_ready(run: Run, hall: Hall, monkeypatch: pytest.MonkeyPatch):
    answering(monkeypatch, 200, '{"registry": 4, "packages": 12}')
    result = run("doctor", "--operations", "http://127.0.0.1:9")
    assert result.exit_code == 0
    assert 'sẵn sàng, danh bạ phiên bản 4 {"packages": 12}' in result.output


def test_what_a_gateways_own_doctor_finds_is_told_too(run: Run, hall: Hall, monkeypatch: pytest.MonkeyPatch):
    ill = {"about": "hàng đợi / queue", "ok": False, "vi": "3 chưa lên trục", "en": "x", "advice_vi": "xem trục"}
    bodies = {"ready": {"registry": 4}, "diagnosis": [ill]}

    def get(url: str, **_: object) -> httpx.Response:
        return httpx.Response(200, json=bodies[url.rpartition("/")[2]])

    monkeypatch.setattr(httpx, "get", get)
    result = run("doctor", "--operations", "http://127.0.0.1:9")
    assert result.exit_code == 1
    assert "✗ http://127.0.0.1:9 hàng đợi / queue: 3 chưa lên trục" in result.output
    assert "→ xem trục" in result.output


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (503, '{"code": "registry-stale", "detail": "v4"}', RegistryStale.vi),
        (503, "bad gateway", "HTTP 503"),
        (404, '{"code": "http-404"}', "HTTP 404"),
        (200, "[]", "HTTP 200"),
        (0, "", "ConnectError"),
    ],
)
def test_an_operations_face_that_is_not(
    run: Run, hall: Hall, monkeypatch: pytest.MonkeyPatch, status: int, body: str, told: str
):
    answering(monkeypatch, status, body)
    result = run("doctor", "--operations", "http://127.0.0.1:9")
    assert result.exit_code == 1
    assert told in result.output


@pytest.fixture
def real_skew(monkeypatch: pytest.MonkeyPatch) -> Callable[[], float | None]:
    monkeypatch.undo()
    return lambda: probes.skew("https://cong.mau", None)


def test_the_clock_is_read_from_the_answers_date(
    real_skew: Callable[[], float | None], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(probes, "now", lambda: datetime.fromisoformat("2026-11-22T01:12:30.500+00:00"))
    answering(monkeypatch, 401, "", date="Sun, 22 Nov 2026 01:12:00 GMT")
    assert real_skew() == 30
    answering(monkeypatch, 401, "", date="hom qua")
    assert real_skew() is None
    answering(monkeypatch, 401, "")
    assert real_skew() is None
    answering(monkeypatch, 401, "", date="Sun, 22 Nov 2026 01:13:00 -0000")
    assert real_skew() == -30
    answering(monkeypatch, 0, "")
    with pytest.raises(Unavailable):
        real_skew()


def test_thresholds_are_in_order():
    assert diagnosis.SKEW_FELT < diagnosis.SKEW
