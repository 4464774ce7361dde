import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result

from desk_made import AT, Hall, entry, recipient
from lienthong.cli import waiting
from lienthong.client import Step
from lienthong.errors import DuplicateDiffers, FormRefused, LienThongError, RecipientUnknown, TokenInvalid, Unavailable

Run = Callable[..., Result]
SAID = ("--to", "G22,g09", "--number", "15", "--notation", "QĐ-MẪU", "--subject", "Về việc mẫu")


@pytest.fixture
def paper(place: Path) -> Path:
    path = place / "Quyết định.pdf"
    path.write_bytes(b"%PDF-1.7 mau")
    return path


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Pauses between looks, made instant and counted."""
    made: list[float] = []
    monkeypatch.setattr(waiting, "pause", made.append)
    return made


def test_a_document_is_handed_in(run: Run, hall: Hall, paper: Path):
    result = run(
        "send", paper, *SAID, "--urgency", "hỏa tốc", "--due", "30/11/2026", "--signer", "Nguyễn Văn Mẫu", "--ttl", "3d"
    )
    assert result.exit_code == 0, result.output
    [(_, said, files, own)] = hall.called("send")
    assert said.recipients == ("G22", "G09")
    assert (said.kind, said.urgency, said.due, said.ttl_seconds) == ("Quyết định", 3, "2026-11-30", 3 * 86400)
    assert said.issued
    assert [(file.name, file.media_type, file.content) for file in files] == [
        ("Quyết định.pdf", "application/pdf", b"%PDF-1.7 mau")
    ]
    assert own.startswith("cli-")
    assert entry("15", "out").id in result.output
    assert "Cơ quan G09" in result.output


def test_the_same_command_is_the_same_message(run: Run, hall: Hall, paper: Path):
    run("send", paper, *SAID)
    run("send", paper, *SAID)
    run("send", paper, *SAID, "--due", "2026-11-30")
    paper.write_bytes(b"%PDF-1.7 khac")
    run("send", paper, *SAID)
    ids = [own for _, _, _, own in hall.called("send")]
    assert ids[0] == ids[1]
    assert len(set(ids)) == 3


def test_an_own_id_is_kept(run: Run, hall: Hall, paper: Path):
    run("send", paper, *SAID, "--id", "so-15.2026")
    assert hall.called("send")[0][3] == "so-15.2026"


def test_a_replacement_names_the_document_of_a_package(run: Run, hall: Hall, paper: Path):
    before = hall.put(entry("9", "out"))
    run("send", paper, *SAID, "--replaces", before.id, "--answers", "G22,2026/11/01,3/CV", "--reason", "nhầm số liệu")
    said = hall.called("send")[0][1]
    assert (said.business, said.replaces, said.reason) == (3, (before.document_id,), "nhầm số liệu")
    assert said.answers == ("G22,2026/11/01,3/CV",)


def test_a_ready_package_goes_as_it_is(run: Run, hall: Hall, place: Path):
    (place / "a.edxml").write_bytes(b"<edXML/>")
    result = run("send", "--edxml", place / "a.edxml", "--ttl", "90m", "--json")
    assert result.exit_code == 0
    [(_, data, own, ttl)] = hall.called("send_edxml")
    assert (data, ttl) == (b"<edXML/>", 5400)
    assert own.startswith("cli-")
    assert json.loads(result.stdout)["entry"]["id"] == entry("77", "out").id


def test_waiting_follows_to_the_end(run: Run, hall: Hall, paper: Path, looks: list[float]):
    hall.steps = [Step(AT, "axis", "Trục", "submission-accepted", "", "", "Trục đã nhận.", "The axis took it.", "1")]
    hall.turns = [to("accepted"), to("delivered"), to("handed-over")]
    result = run("send", paper, *SAID, "--wait")
    assert result.exit_code == 0
    assert len(looks) == 3
    assert result.output.count("Trục đã nhận.") == 1
    assert "2/2 nơi đã nhận bàn giao" in result.output


def test_waiting_tells_who_does_not_get_it(run: Run, hall: Hall, paper: Path, looks: list[float]):
    refused = recipient("G22", "refused", refusal="recipient-closed", refusal_text="Mã đã đóng")
    hall.turns = [lambda made: replace(made, recipients=(refused, recipient("G09", "handed-over")))]
    result = run("send", paper, *SAID, "--wait")
    assert result.exit_code == 1
    assert "1/2 nơi không nhận được" in result.output
    assert "Mã đã đóng [recipient-closed]" in result.output


def test_waiting_outlives_a_gateway_that_restarts(
    run: Run, hall: Hall, paper: Path, looks: list[float], monkeypatch: pytest.MonkeyPatch
):
    hall.fail = {"document": Unavailable("cong.mau")}

    def pause(seconds: float) -> None:
        looks.append(seconds)
        if len(looks) == 3:
            hall.fail, hall.turns = {}, [to("handed-over")]

    monkeypatch.setattr(waiting, "pause", pause)
    result = run("send", paper, *SAID, "--wait", "--json")
    assert result.exit_code == 0
    assert {row["state"] for row in json.loads(result.stdout)["entry"]["recipients"]} == {"handed-over"}


def test_stopping_the_wait_says_that_the_document_goes_on(
    run: Run, hall: Hall, paper: Path, monkeypatch: pytest.MonkeyPatch
):
    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(waiting, "pause", interrupted)
    result = run("send", paper, *SAID, "--wait")
    assert result.exit_code == 130
    assert f"lienthong status {entry('15', 'out').id}" in result.output
    assert "Traceback" not in result.output


def to(state: str):
    return lambda made: replace(made, recipients=tuple(replace(row, state=state) for row in made.recipients))


# ---------------------------------------------------------------- refused before anything leaves


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "thiếu / missing: --to, --number, --notation, --subject"),
        (("--to", "G22", "--number", "15", "--notation", "QĐ"), "--subject"),
        ((*SAID, "--ttl", "lâu"), "--ttl: lâu"),
        ((*SAID, "--ttl", "31d"), "--ttl: 31d"),
        ((*SAID, "--urgency", "9"), "--urgency: 9"),
        ((*SAID, "--due", "31/02/2026"), "--due: 31/02/2026"),
        ((*SAID, "--issued", "mai"), "--issued: mai"),
        ((*SAID, "--id", "a/b"), "--id: a/b"),
        ((*SAID, "--edxml", "a.edxml"), "--edxml"),
    ],
)
def test_what_is_said_wrongly_is_refused(run: Run, hall: Hall, paper: Path, words: tuple[str, ...], told: str):
    result = run("send", paper, *words)
    assert result.exit_code == 1
    assert told in result.stderr
    assert "[invalid-value]" in result.stderr
    assert not hall.called("send")


@pytest.mark.parametrize("name", ["khong-co.pdf", ".", "rong.pdf"])
def test_what_is_no_file_is_refused(run: Run, hall: Hall, place: Path, name: str):
    (place / "rong.pdf").touch()
    result = run("send", name, *SAID)
    assert result.exit_code == 1
    assert "Không đọc hoặc ghi được tệp" in result.stderr
    assert "A file on this machine" in result.stderr
    assert "[file-unusable]" in result.stderr
    assert not hall.calls


def test_a_folder_for_edxml_is_refused(run: Run, place: Path):
    result = run("send", "--edxml", place)
    assert result.exit_code == 1
    assert "là thư mục / is a folder" in result.stderr


def test_no_file_at_all_is_refused(run: Run):
    result = run("send", *SAID)
    assert result.exit_code == 1
    assert "thiếu tệp / no files" in result.stderr


# ---------------------------------------------------------------- refused by the gateway


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (TokenInvalid(), 1),
        (RecipientUnknown("G09"), 1),
        (DuplicateDiffers("m"), 1),
        (Unavailable("cong.mau: ConnectError"), 75),
    ],
    ids=lambda each: getattr(each, "code", None),
)
def test_a_refusal_is_two_sentences_and_a_code(run: Run, hall: Hall, paper: Path, error: LienThongError, status: int):
    hall.fail = {"any": error}
    result = run("send", paper, *SAID)
    assert result.exit_code == status
    assert error.sentence("vi") in result.stderr
    assert error.sentence("en") in result.stderr
    assert f"[{error.code}]" in result.stderr
    assert "Traceback" not in result.output


def test_a_refusal_as_json(run: Run, hall: Hall, paper: Path):
    hall.fail = {"any": Unavailable("cong.mau")}
    result = run("send", paper, *SAID, "--json")
    assert result.exit_code == 75
    told = json.loads(result.stdout)["error"]
    assert (told["code"], told["retryable"]) == ("unavailable", True)
    assert told["vi"].startswith("Chưa kết nối được")


def test_words_from_outside_do_not_steer_the_terminal(run: Run, hall: Hall, paper: Path):
    hall.fail = {"any": RecipientUnknown("\x1b[2Jxoá")}
    result = run("send", paper, *SAID)
    assert "\x1b" not in result.output


def test_a_refused_form_is_told_point_by_point(run: Run, hall: Hall, paper: Path) -> None:
    told = [{"file": "a.pdf", "code": "seal-missing", "severity": "error", "vi": "Chưa có dấu.", "en": "No seal."}]
    hall.fail["send"] = FormRefused("Chưa có dấu.", findings=json.dumps(told))
    result = run("send", paper, *SAID)
    assert result.exit_code == 1
    assert "✗ Chưa có dấu. [seal-missing]" in result.output
    assert "form-refused" in result.output
