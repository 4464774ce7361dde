"""status, list, recall, update, evidence."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from desk_made import AT, Hall, entry, recipient
from lienthong.cli.main import app
from lienthong.client import StatusReport, Step
from lienthong.errors import IllegalMove

Run = Callable[..., Result]


def test_status_tells_the_journey(run: Run, hall: Hall):
    rows = (
        recipient("G22", "handed-over", status="03"),
        recipient("H29.21", "delivered", recipient="H29.51", redirected=True),
        recipient("H27", "expired", refusal="delivery-expired", refusal_text="Đã quá thời hạn gửi"),
        recipient("G09", "accepted", standing="frozen"),
    )
    made = hall.put(entry("15", "out", recipients=rows, urgency=2))
    hall.related = (entry("15", "out", id="f" * 32, business=1),)
    hall.statuses = [StatusReport("03", AT, "G22", "Cơ quan G22", "đã vào sổ", "Văn thư Mẫu")]
    hall.steps = [Step(AT, "axis", "Trục", "consigned", "G22", "", "Đã giao gói tin.", "Delivered.", "4")]
    told = run("status", made.id).output
    for words in (
        "15/QĐ-MẪU, Quyết định: Về việc mẫu số 15",
        "Thượng khẩn",
        "●●●●",
        "03 Đã tiếp nhận / registered",
        "H29.21 → H29.51",
        "mã H29.21 đã đóng, chuyển đến cơ quan kế thừa",
        "quá thời hạn gửi, không giao / expired, not delivered",
        "Đã quá thời hạn gửi [delivery-expired] / The time to live has run out",
        "●●○○",
        "đang chờ trả lời thu hồi, cập nhật",
        "đã vào sổ – Văn thư Mẫu",
        "◆  Đã giao gói tin.",
        "Delivered.",
        "! Thiếu tên tệp",
        f"Liên quan: thu hồi 15/QĐ-MẪU, gói tin {'f' * 32}",
        "Có thể báo tiếp: 02 Từ chối tiếp nhận, 03 Đã tiếp nhận",
    ):
        assert words in told


def test_status_as_json(run: Run, hall: Hall):
    made = hall.put(entry("15"))
    assert json.loads(run("status", made.id, "--json").stdout)["entry"]["number"] == "15"


@pytest.mark.parametrize("text", ["15/QĐ-MẪU", "Số: 15/QĐ-MẪU", "G22,2026/11/22,15/QĐ-MẪU", "m-15"])
def test_a_document_is_found_by_what_people_have(run: Run, hall: Hall, text: str):
    made = hall.put(entry("15"))
    hall.put(entry("150"))
    hall.put(entry("15", id="f" * 32, business=1))
    assert json.loads(run("status", text, "--json").stdout)["entry"]["id"] == made.id


def test_two_that_fit_are_named(run: Run, hall: Hall):
    first, second = hall.put(entry("15")), hall.put(entry("15", "out", message_id="khac"))
    result = run("status", "15/QĐ-MẪU")
    assert result.exit_code == 1
    assert first.id in result.stderr
    assert second.id in result.stderr


@pytest.mark.parametrize("text", ["16/QĐ-MẪU", "0" * 32, "mẫu"])
def test_an_unknown_document_is_not_found(run: Run, hall: Hall, text: str):
    hall.put(entry("15"))
    result = run("status", text)
    assert result.exit_code == 1
    assert "[not-found]" in result.stderr


def test_a_status_is_reported(run: Run, hall: Hall):
    made = hall.put(entry("15"))
    result = run("status", made.id, "--report", "2", "--description", "không thuộc thẩm quyền", "--staff", "Mẫu")
    assert result.exit_code == 0
    assert hall.called("report") == [("report", made.id, "02", "không thuộc thẩm quyền", "Mẫu")]
    assert "Đã báo 02 Từ chối tiếp nhận / reported refused" in result.output


@pytest.mark.parametrize(
    ("code", "told"), [("02", "--description"), ("16", "--description"), ("99", "'99'"), ("xong", "'xong'")]
)
def test_a_status_that_cannot_be_is_refused(run: Run, hall: Hall, code: str, told: str):
    made = hall.put(entry("15"))
    result = run("status", made.id, "--report", code)
    assert result.exit_code == 1
    assert told in result.stderr
    assert not hall.called("report")


def test_an_unlawful_move_is_said(run: Run, hall: Hall):
    made = hall.put(entry("15"))
    hall.fail = {"report": IllegalMove("06 → 03")}
    result = run("status", made.id, "--report", "03")
    assert result.exit_code == 1
    assert "06 → 03" in result.stderr


# ---------------------------------------------------------------- list


def test_both_lanes_are_listed(run: Run, hall: Hall):
    hall.put(entry("1"))
    hall.put(entry("2", "out", recipients=(recipient("G22", "handed-over", status="06"),)))
    hall.put(entry("3", "out", recipients=(recipient("G22", "handed-over"), recipient("G09", "refused"))))
    told = run("list").output
    assert "↓" in told
    assert "●●●● G22 06 Hoàn thành" in told
    assert "1/2 ✗1" in told


def test_one_lane_and_words(run: Run, hall: Hall):
    hall.put(entry("1"))
    wanted = hall.put(entry("2", "out"))
    hall.put(entry("3", "out"))
    told = json.loads(run("list", "--out", "--find", "số 2", "--json").stdout)
    assert [row["id"] for row in told["entries"]] == [wanted.id]
    assert [call[1] for call in hall.called("page")] == ["out"]


def test_pages_are_followed_up_to_the_limit(run: Run, hall: Hall):
    for number in range(450):
        hall.put(entry(str(number), "in"))
    assert len(json.loads(run("list", "--in", "--limit", "420", "--json").stdout)["entries"]) == 420
    assert [call[3] for call in hall.called("page")] == ["", "200", "400"]


def test_nothing_to_list(run: Run, hall: Hall):
    assert "Không có văn bản nào." in run("list", "--in").output
    assert run("list", "--in", "--out").exit_code == 1


# ---------------------------------------------------------------- recall, update


def test_a_recall_needs_a_reason(run: Run, hall: Hall):
    made = hall.put(entry("15", "out"))
    assert run("recall", made.id).exit_code == 1
    assert run("recall", made.id, "--reason", "gửi nhầm").exit_code == 0
    run("recall", "15/QĐ-MẪU", "--reason", "gửi nhầm")
    first, again = hall.called("recall")
    assert first[1:3] == (made.id, "gửi nhầm")
    assert first == again  # the same id: the gateway knows the repeat


def test_what_is_not_accepted_is_stopped_and_what_waits_is_said(run: Run, hall: Hall):
    made = hall.put(entry("15", "out"))
    assert run("cancel", made.id).exit_code == 1
    result = run("cancel", made.id, "--reason", "gửi nhầm")
    assert result.exit_code == 0
    assert hall.called("cancel") == [("cancel", made.id, "gửi nhầm")]
    assert "trục chưa trả lời" in result.stdout
    told = json.loads(run("cancel", made.id, "--reason", "gửi nhầm", "--json").stdout)
    assert told["pending"]["kind"] == "stopping"


def test_receivers_are_changed(run: Run, hall: Hall):
    made = hall.put(entry("15", "out"))
    result = run("update", made.id, "--reason", "thêm nơi nhận", "--add", "g09,H14", "--remove", "G22")
    assert result.exit_code == 0
    assert hall.called("update")[0][1:5] == (made.id, "thêm nơi nhận", ("G09", "H14"), ("G22",))
    assert (
        json.loads(run("update", made.id, "--reason", "x", "--add", "G09", "--json").stdout)["entry"]["id"] == made.id
    )


def test_an_update_of_nothing_is_refused(run: Run, hall: Hall):
    result = run("update", "15", "--reason", "x")
    assert result.exit_code == 1
    assert "--add, --remove" in result.stderr
    assert not hall.calls


# ---------------------------------------------------------------- evidence


def verified(*words: Path) -> Result:
    return CliRunner().invoke(app, ["verify", *map(str, words)])


def test_evidence_is_kept_and_verifies(run: Run, hall: Hall, place: Path):
    made = hall.put(entry("15", "out"))
    result = run("evidence", made.id, "--out", place / "bang-chung.json")
    assert result.exit_code == 0
    assert f"lienthong verify {place / 'bang-chung.json'}" in result.output
    assert verified(place / "bang-chung.json").exit_code == 0


def test_evidence_with_files_has_a_folder_of_its_own(run: Run, hall: Hall, place: Path):
    made = hall.put(entry("15", "out"))
    (place / "files").mkdir()
    (place / "files" / "cua-toi.txt").write_text("giữ")
    told = json.loads(run("evidence", made.id, "--out", place, "--files", "--json").stdout)
    run("evidence", made.id, "--out", place, "--files")
    assert (place / "files" / "cua-toi.txt").exists()
    assert told["evidence"] == str(place / made.id / "evidence.json")
    assert verified(*map(Path, told["verify"].split()[2:])).exit_code == 0


def test_evidence_lies_here_by_default(run: Run, hall: Hall, place: Path):
    made = hall.put(entry("15", "out"))
    run("evidence", made.id)
    run("evidence", made.id)
    assert verified(place / f"{made.id}.json").exit_code == 0


def test_evidence_never_writes_over_something_else(run: Run, hall: Hall, place: Path):
    made = hall.put(entry("15", "out"))
    before = (place / "desks.json").read_bytes()
    result = run("evidence", made.id, "--out", place / "desks.json")
    assert result.exit_code == 1
    assert "[file-unusable]" in result.stderr
    assert (place / "desks.json").read_bytes() == before
