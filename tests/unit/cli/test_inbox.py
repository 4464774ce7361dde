import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Never

import pytest
from click.testing import Result
from typer.testing import CliRunner

from desk_made import AT, Hall, MadeDesk, entry
from lienthong.cli import inbox as inbox_command
from lienthong.cli.main import app
from lienthong.client import Entry
from lienthong.errors import LockLost, StorageFull, Unavailable

Run = Callable[..., Result]


def test_what_waits_is_listed_urgent_first(run: Run, hall: Hall):
    calm = hall.put(entry("1"), waits=True)
    urgent = hall.put(entry("2", urgency=3), waits=True)
    recalled = hall.put(entry("3", business=1), waits=True)
    result = run("inbox")
    assert result.exit_code == 0
    places = [result.output.index(each.id) for each in (urgent, calm, recalled)]
    assert places == sorted(places)
    assert "[HỎA TỐC]" in result.output
    assert "[Thu hồi]" in result.output
    assert not hall.called("take")


def test_statuses_only_on_request(run: Run, hall: Hall):
    hall.put(entry("1", content="status", status="03"), waits=True)
    assert "Hộp đến không có gì chờ" in run("inbox").output
    assert "[Trạng thái 03]" in run("inbox", "--all").output


def test_json(run: Run, hall: Hall):
    made = hall.put(entry("1"), waits=True)
    [told] = json.loads(run("inbox", "--json").stdout)["waiting"]
    assert (told["id"], told["recorded_at"]) == (made.id, "2026-11-22T01:12:00Z")


def test_waiting_asks_again_until_the_time_is_over(run: Run, hall: Hall, monkeypatch: pytest.MonkeyPatch):
    ticks = iter((0, 0, 25, 25, 40, 40))
    monkeypatch.setattr(inbox_command, "clock", lambda: next(ticks))
    assert run("inbox", "--wait", "40").exit_code == 0
    assert [wait for _, wait, _, _ in hall.called("inbox")] == [25, 15]


def test_a_taken_document_is_stored_acknowledged_and_reported(run: Run, hall: Hall, place: Path):
    made = hall.put(entry("1"), waits=True)
    result = run("inbox", "--take", place / "den")
    assert result.exit_code == 0, result.output
    kept = place / "den" / made.id
    assert {path.name for path in kept.iterdir()} == {"files", "evidence.json", "document.json", "root.pem"}
    assert {path.name: path.read_bytes() for path in (kept / "files").iterdir()} == hall.contents
    names = [call[0] for call in hall.calls]
    assert names.index("evidence") < names.index("acknowledge") < names.index("report")
    assert hall.called("report") == [("report", made.id, "01", "", "")]
    assert hall.waiting == []
    assert [path.name for path in (place / "den").iterdir() if path.name.startswith(".taking")] == []


def test_what_was_taken_verifies_offline(run: Run, hall: Hall, place: Path):
    made = hall.put(entry("1"), waits=True)
    run("inbox", "--take", place / "den")
    kept = place / "den" / made.id
    proof = CliRunner().invoke(app, ["verify", str(kept / "evidence.json"), str(kept / "files")])
    assert proof.exit_code == 0, proof.output


def test_attachments_inside_the_message_lie_apart(run: Run, hall: Hall, place: Path):
    made = hall.put(entry("1"), waits=True)
    hall.contents["phụ lục.pdf"] = b"%PDF lay tu edXML"
    run("inbox", "--take", place / "den")
    kept = place / "den" / made.id
    assert (kept / "extracted" / "phụ lục.pdf").read_bytes() == b"%PDF lay tu edXML"
    assert not (kept / "files" / "phụ lục.pdf").exists()


@pytest.mark.parametrize(
    "name", ["../../ngoai.pdf", "/etc/ngoai.pdf", ".an.pdf", "x" * 300 + ".pdf", "Đ" * 200 + ".pdf", "a\x1b.pdf"]
)
def test_names_from_outside_stay_inside(run: Run, hall: Hall, place: Path, name: str):
    made = hall.put(entry("1"), waits=True)
    hall.contents[name] = b"%PDF"
    assert run("inbox", "--take", place / "den").exit_code == 0
    [kept] = (place / "den" / made.id / "extracted").iterdir()
    assert kept.read_bytes() == b"%PDF"
    assert kept.suffix == ".pdf"
    assert not kept.name.startswith(".")
    assert not (place / "ngoai.pdf").exists()


def test_a_package_id_that_is_a_path_is_refused(run: Run, hall: Hall, place: Path):
    hall.put(entry("1", id="../../ngoai"), waits=True)
    result = run("inbox", "--take", place / "den")
    assert result.exit_code == 1
    assert "[invalid-value]" in result.stderr
    assert not hall.called("acknowledge")


def test_a_changed_file_is_not_acknowledged(run: Run, hall: Hall, place: Path, monkeypatch: pytest.MonkeyPatch):
    made = hall.put(entry("1"), waits=True)
    monkeypatch.setattr(MadeDesk, "part", lambda *_: b"khac")
    result = run("inbox", "--take", place / "den")
    assert result.exit_code == 1
    assert "[part-changed]" in result.stderr
    assert not hall.called("acknowledge")
    assert hall.called("release")
    assert not (place / "den" / made.id).exists()


def test_a_recall_is_taken_without_an_arrival_status(run: Run, hall: Hall, place: Path):
    hall.put(entry("1", business=1), waits=True)
    hall.put(entry("2", content="status", status="03"), waits=True)
    run("inbox", "--take", place / "den", "--all")
    assert len(hall.called("acknowledge")) == 2
    assert not hall.called("report")


@pytest.mark.parametrize("where", ["part", "evidence", "acknowledge", "report"])
@pytest.mark.parametrize("stop", [KeyboardInterrupt(), Unavailable("cong.mau")], ids=["ctrl-c", "gateway-gone"])
def test_stopped_anywhere_and_run_again_nothing_is_lost_or_doubled(
    run: Run, hall: Hall, place: Path, where: str, stop: BaseException
):
    made = hall.put(entry("1"), waits=True)
    hall.fail = {where: stop}
    first = run("inbox", "--take", place / "den")
    assert first.exit_code == (130 if isinstance(stop, KeyboardInterrupt) else 75)
    assert "Traceback" not in first.output
    hall.fail = {}
    hall.calls.clear()
    assert run("inbox", "--take", place / "den").exit_code == 0
    assert hall.waiting == []
    assert hall.called("report") == [("report", made.id, "01", "", "")]
    assert {path.name for path in (place / "den").iterdir()} == {made.id, ".lienthong-agency"}
    assert not list((place / "den" / made.id).glob(".*"))
    hall.calls.clear()
    run("inbox", "--take", place / "den")
    assert not hall.called("report")


def test_a_lock_lost_while_storing_is_taken_anew(run: Run, hall: Hall, place: Path, monkeypatch: pytest.MonkeyPatch):
    hall.put(entry("1"), waits=True)
    real, lost = MadeDesk.acknowledge, [LockLost("1")]

    def acknowledge(self: MadeDesk, id: str, addressee: str, lock: str) -> None:
        if lost:
            raise lost.pop()
        real(self, id, addressee, lock)

    monkeypatch.setattr(MadeDesk, "acknowledge", acknowledge)
    assert run("inbox", "--take", place / "den").exit_code == 0
    assert hall.waiting == []


def test_a_document_held_by_another_program_is_left(run: Run, hall: Hall, place: Path, monkeypatch: pytest.MonkeyPatch):
    made = hall.put(entry("1"), waits=True)

    def take(self: MadeDesk, id: str, addressee: str) -> Never:
        raise LockLost("delivered")

    monkeypatch.setattr(MadeDesk, "take", take)
    assert run("inbox", "--take", place / "den").exit_code == 0
    assert hall.waiting == [made.id]


def test_two_addressees_of_one_package_are_both_acknowledged(
    run: Run, hall: Hall, place: Path, monkeypatch: pytest.MonkeyPatch
):
    made = hall.put(entry("1"), waits=True)
    second = replace(made, recipients=(replace(made.recipients[0], addressee="H29.21", redirected=True),))

    def inbox(self: MadeDesk, wait: float, limit: int, contents: Sequence[str]) -> tuple[Entry, ...]:
        return (made, second) if not hall.called("acknowledge") else ()

    monkeypatch.setattr(MadeDesk, "inbox", inbox)
    monkeypatch.setattr(MadeDesk, "acknowledge", lambda self, *rest: self._note("acknowledge", *rest))
    assert run("inbox", "--take", place / "den").exit_code == 0
    assert [addressee for _, _, addressee, _ in hall.called("acknowledge")] == ["H29", "H29.21"]


def test_another_agencys_folder_is_refused(run: Run, hall: Hall, place: Path):
    run("inbox", "--take", place / "den")
    result = run("inbox", "--take", place / "den", code="G22")
    assert result.exit_code == 1
    assert "another agency's folder (H29)" in result.stderr


def test_a_file_in_place_of_the_folder_is_refused(run: Run, place: Path):
    (place / "den").write_text("")
    result = run("inbox", "--take", place / "den")
    assert result.exit_code == 1
    assert "[file-unusable]" in result.stderr


def test_a_full_disk_is_said_and_worth_another_try(run: Run, hall: Hall, place: Path, monkeypatch: pytest.MonkeyPatch):
    hall.put(entry("1"), waits=True)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "den")

    monkeypatch.setattr("lienthong.cli.keeping.write_whole", full)
    (place / "den").mkdir()
    result = run("inbox", "--take", place / "den")
    assert result.exit_code == 75
    assert StorageFull.en in result.stderr
    assert not hall.called("acknowledge")


def test_times_are_vietnams(run: Run, hall: Hall):
    hall.put(entry("1", recorded_at=AT), waits=True)
    assert "22/11/2026 08:12:00" in run("inbox").output
