"""The drop folder: taken whole or not at all, once whatever stops it, and every refusal in words."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from desk_made import Hall, MadeDesk, entry
from envelope_made import SMALL
from lienthong.cli.folder import incoming, outgoing, place, work
from lienthong.cli.folder.outgoing import GROWING, Watching
from lienthong.cli.folder.place import DropFolder
from lienthong.cli.folder.work import Tally, Worker
from lienthong.client import Document
from lienthong.envelope import write
from lienthong.errors import EnvelopeUnreadable, FileUnusable, IllegalMove, StorageFull, TokenInvalid, Unavailable

PDF = b"%PDF-1.7 mau"
SAID = {"number": "15", "notation": "QĐ-MẪU", "subject": "V/v thử", "recipients": ["G22"]}


class Killed(BaseException):
    """The process is gone."""


class Hands(MadeDesk):
    """As the desk is: what was acknowledged is handed over."""

    def acknowledge(self, id: str, addressee: str, lock: str) -> None:
        super().acknowledge(id, addressee, lock)
        found = self.hall.entries[id]
        rows = tuple(replace(row, state="handed-over") for row in found.recipients)
        self.hall.entries[id] = replace(found, recipients=rows)


class Clock:
    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


class Office:
    """A folder, a desk, a clock; the worker may be killed and come again."""

    def __init__(self, base: Path) -> None:
        self.folder, self.hall, self.clock = DropFolder(base, "H29"), Hall(), Clock()
        Hands.hall = self.hall
        self.desk: Any = Hands("https://desk.example", "token-h29")
        with self.folder.opened():
            pass

    def worker(self) -> Worker:
        return Worker(self.desk, self.folder, Watching(2.0, self.clock), now=self.clock)

    def rounds(self, count: int = 2, pause: float = 2.0) -> Tally:
        """A worker starts, and looks so many times."""
        done = Tally()
        with self.folder.opened():
            worker = self.worker()
            for _ in range(count):
                found = worker.round()
                done = Tally(done.sent + found.sent, done.failed + found.failed, done.came + found.came)
                self.clock.at += pause
        return done

    def letter(self, name: str = "15-QD", said: dict[str, Any] | None = None, **files: bytes) -> Path:
        made = self.folder.base / "somewhere"
        made.mkdir()
        (made / "document.json").write_text(json.dumps(said or SAID))
        for file, data in (files or {"van-ban.pdf": PDF}).items():
            (made / file).write_bytes(data)
        return made.rename(self.folder.outgoing / name)

    def names(self, which: str) -> list[str]:
        return sorted(path.name for path in (self.folder.base / which).iterdir())


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "trao-doi")


# ---------------------------------------------------------------- sending


def test_a_folder_with_a_description_is_sent_and_followed(office: Office) -> None:
    office.letter()
    assert office.rounds() == Tally(sent=1)
    assert office.names("outgoing") == office.names("failed") == []
    assert office.names("sent") == ["15-QD", "15-QD.json"]
    told = json.loads((office.folder.sent / "15-QD.json").read_text())
    assert (told["number"], told["name"], told["finished"]) == ("15", "15-QD", False)
    [(_, said, files, message_id)] = office.hall.called("send")
    assert (said.subject, [file.name for file in files]) == ("V/v thử", ["van-ban.pdf"])
    found = office.hall.entries[told["package"]]
    office.hall.entries[found.id] = replace(found, recipients=(replace(found.recipients[0], status="06"),))
    office.rounds(1)
    told = json.loads((office.folder.sent / "15-QD.json").read_text())
    assert (told["recipients"][0]["status"], told["finished"]) == ("06", True)
    assert message_id.startswith("cli-")


def test_a_ready_edxml_file_is_sent_as_it_is(office: Office) -> None:
    data = write(SMALL, {})
    (office.folder.outgoing / "van ban.EDXML").write_bytes(data)
    assert office.rounds() == Tally(sent=1)
    assert [call[1] for call in office.hall.called("send_edxml")] == [data]
    assert (office.folder.sent / "van ban.EDXML").read_bytes() == data


def test_a_status_is_reported_by_a_file(office: Office) -> None:
    package = office.hall.put(entry()).id
    told = {"id": package, "code": "03", "description": "Số đến 12"}
    (office.folder.outgoing / "so-12.status.json").write_text(json.dumps(told))
    assert office.rounds() == Tally(sent=1)
    assert office.hall.called("report") == [("report", package, "03", "Số đến 12", "")]


def test_files_go_in_the_order_that_is_said_and_under_the_id_that_is_said(office: Office) -> None:
    said = SAID | {"files": ["b.pdf", "a.pdf"], "message_id": "qlvb-7"}
    office.letter(said=said, **{"a.pdf": PDF, "b.pdf": PDF + b"b", "rieng.txt": b"not sent"})
    office.rounds()
    [(_, _, files, message_id)] = office.hall.called("send")
    assert [file.name for file in files] == ["b.pdf", "a.pdf"]
    assert message_id == "qlvb-7"


def test_the_same_content_again_is_the_same_message(office: Office) -> None:
    for name in ("lan-1", "lan-2"):
        office.letter(name)
        office.rounds()
    first, second = office.hall.called("send")
    assert first[3] == second[3]
    assert office.names("sent") == ["lan-1", "lan-1.json", "lan-2", "lan-2.json"]


# ---------------------------------------------------------------- never half a file


def test_what_still_changes_is_left_alone(office: Office) -> None:
    path = office.folder.outgoing / "a.edxml"
    data = write(SMALL, {})
    with office.folder.opened():
        worker = office.worker()
        for end in (100, 400, len(data)):
            path.write_bytes(data[:end])
            office.clock.at += 1.9
            assert worker.round() == Tally()
        office.clock.at += 2
        assert worker.round() == Tally(sent=1)


def test_half_a_file_that_rests_is_waited_for_and_then_refused(office: Office) -> None:
    path = office.folder.outgoing / "a.edxml"
    path.write_bytes(write(SMALL, {})[:300])
    assert office.rounds(3) == Tally()
    assert path.exists()
    assert office.rounds(2, pause=GROWING + 1) == Tally(failed=1)
    assert "envelope-unreadable" in (office.folder.failed / "a.edxml.txt").read_text()


def test_a_folder_whose_files_are_not_all_there_is_waited_for(office: Office) -> None:
    path = office.letter(said=SAID | {"files": ["a.pdf", "b.pdf"]}, **{"a.pdf": PDF})
    assert office.rounds(3) == Tally()
    (path / "b.pdf").write_bytes(PDF)
    assert office.rounds() == Tally(sent=1)


@pytest.mark.parametrize("name", ["a.edxml.tmp", "a.edxml.part", "~a.edxml~", ".a.edxml", "readme.txt", "a.pdf"])
def test_unfinished_and_foreign_files_are_left_alone(office: Office, name: str) -> None:
    path = office.folder.outgoing / name
    path.write_bytes(write(SMALL, {}))
    (office.folder.outgoing / "of-somebody").mkdir()
    assert office.rounds(3) == Tally()
    assert path.exists()
    assert office.names("outgoing") == sorted([name, "of-somebody"])


def test_links_are_never_followed(office: Office) -> None:
    secret = office.folder.base / "secret.edxml"
    secret.write_bytes(write(SMALL, {}))
    (office.folder.outgoing / "a.edxml").symlink_to(secret)
    office.letter("b", van=PDF)
    (office.folder.outgoing / "b" / "c.pdf").symlink_to(secret)
    assert office.rounds(2, pause=GROWING + 1) == Tally(failed=1)
    assert office.hall.called("send") == office.hall.called("send_edxml") == []
    assert office.names("outgoing") == ["a.edxml"]


def test_a_writer_that_goes_on_writing_gets_its_file_back(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    path = office.folder.outgoing / "a.edxml"
    path.write_bytes(write(SMALL, {}))
    real = outgoing.moved

    def growing(source: Path, target: Path) -> None:
        real(source, target)
        if target.parent == office.folder.sending:
            target.write_bytes(target.read_bytes() + b"\n")

    monkeypatch.setattr(outgoing, "moved", growing)
    assert office.rounds() == Tally()
    assert path.exists()
    monkeypatch.undo()
    assert office.rounds() == Tally(sent=1)


# ---------------------------------------------------------------- refused, in words


def test_a_refusal_is_told_in_both_languages_and_the_original_stays(office: Office) -> None:
    office.hall.fail["send_edxml"] = EnvelopeUnreadable("thiếu mã cơ quan gửi / missing From/OrganId")
    data = write(SMALL, {})
    (office.folder.outgoing / "a.edxml").write_bytes(data)
    assert office.rounds() == Tally(failed=1)
    told = (office.folder.failed / "a.edxml.txt").read_text()
    for words in ("Lý do:", "Reason:", "envelope-unreadable", "From/OrganId", "Việc cần làm", "What to do"):
        assert words in told
    assert (office.folder.failed / "a.edxml").read_bytes() == data


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"number": "1"}, "missing"),
        (SAID | {"recipent": "H29"}, "recipent"),
        (SAID | {"recipients": "H29"}, "recipients"),
        (SAID | {"files": ["../../secret"]}, "../../secret"),
        (SAID | {"message_id": "a/b"}, "a/b"),
    ],
)
def test_a_bad_description_says_what_is_wrong(office: Office, said: dict[str, Any], words: str) -> None:
    office.letter(said=said)
    assert office.rounds(2, pause=GROWING + 1) == Tally(failed=1)
    assert words in (office.folder.failed / "15-QD.txt").read_text()


def test_names_with_control_characters_steer_nothing(office: Office) -> None:
    data = write(SMALL, {})
    raw = os.fsencode(office.folder.outgoing) + b"/a\n\x1b[31m\xff\xe2\x80\xaefdp.edxml"
    Path(os.fsdecode(raw)).write_bytes(data)
    office.hall.fail["send_edxml"] = IllegalMove("x")
    assert office.rounds() == Tally(failed=1)
    [name, reason] = office.names("failed")
    assert reason == f"{name}.txt"
    assert name.isprintable()
    assert "\x1b" not in (office.folder.failed / reason).read_text()


@pytest.mark.parametrize("error", [Unavailable("gw"), TokenInvalid()])
def test_what_is_no_fault_of_a_document_leaves_it_to_be_sent_later(office: Office, error: Exception) -> None:
    office.letter()
    office.hall.fail["send"] = error
    with pytest.raises(type(error)):
        office.rounds()
    assert office.names("sent") == office.names("failed") == []
    office.hall.fail.clear()
    assert office.rounds() == Tally(sent=1)


# ---------------------------------------------------------------- receiving


def test_what_comes_lies_there_whole_and_is_reported(office: Office) -> None:
    package = office.hall.put(entry(), waits=True).id
    assert office.rounds(1) == Tally(came=1)
    [name] = office.names("incoming")
    assert name == f"15-QĐ-MẪU G22 {package[:8]}"
    assert {"document.json", "evidence.json", "files"} <= set(office.names(f"incoming/{name}"))
    assert office.hall.called("report") == [("report", package, "01", "", "")]
    assert office.rounds(2) == Tally()
    assert len(office.hall.called("report")) == 1


def test_a_full_disk_leaves_nothing_half_and_gives_the_lock_back(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.hall.put(entry(), waits=True)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "x")

    monkeypatch.setattr(incoming, "save", full)
    with pytest.raises(StorageFull):
        office.rounds(1)
    assert office.names("incoming") == office.names(".lienthong/building") == []
    assert len(office.hall.called("release")) == 1
    monkeypatch.undo()
    assert office.rounds(1) == Tally(came=1)


def test_a_full_disk_while_sending_sends_it_again_later(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.letter()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "x")

    monkeypatch.setattr(outgoing, "write_whole", full)
    with pytest.raises(StorageFull):
        office.rounds()
    monkeypatch.undo()
    assert office.rounds() == Tally(sent=1)
    first, second = office.hall.called("send")
    assert first[3] == second[3]


# ---------------------------------------------------------------- killed anywhere


def killing(monkeypatch: pytest.MonkeyPatch, at: int) -> Callable[[], int]:
    """Every step that touches the disk or the desk is counted; the one of that number is the last before the end."""
    steps = 0

    def around(owner: Any, name: str) -> None:
        real = getattr(owner, name)

        def step(*args: Any, **kwargs: Any) -> Any:
            nonlocal steps
            for after in (False, True):
                steps += 1
                if steps == at:
                    raise Killed
                if not after:
                    found = real(*args, **kwargs)
            return found

        monkeypatch.setattr(owner, name, step)

    for module in (outgoing, incoming):
        around(module, "moved")
        around(module, "write_whole")
    around(incoming, "save")
    for name in ("send", "acknowledge", "report"):
        around(Hands, name)
    return lambda: steps


DEATHS = range(1, 26)


@pytest.mark.parametrize("at", DEATHS)
@pytest.mark.parametrize("carried", [False, True], ids=["left there", "carried away at once"])
def test_killed_at_any_step_nothing_is_lost_or_doubled(
    office: Office, monkeypatch: pytest.MonkeyPatch, at: int, carried: bool
) -> None:
    office.letter()
    office.hall.put(entry("16"), waits=True)
    got: list[str] = []

    def carry() -> None:
        for name in office.names("incoming"):
            got.append(name)
            if carried:
                place.removed(office.folder.incoming / name)

    killing(monkeypatch, at)
    try:
        office.rounds()
    except Killed:
        monkeypatch.undo()
        carry()
        Hands.hall = office.hall
        office.rounds(3)
    carry()
    assert len(got if carried else office.names("incoming")) == 1
    assert office.names("sent") == ["15-QD", "15-QD.json"]
    assert office.names("outgoing") == office.names("failed") == []
    assert office.names(".lienthong/sending") == office.names(".lienthong/building") == []
    assert len({call[3] for call in office.hall.called("send")}) == 1
    assert [call[2] for call in office.hall.called("report")][-1] == "01"
    assert office.hall.waiting == []


def test_the_deaths_reach_every_step(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.letter()
    office.hall.put(entry("16"), waits=True)
    steps = killing(monkeypatch, 0)
    office.rounds()
    assert steps() <= max(DEATHS)


# ---------------------------------------------------------------- one worker, one agency


def test_two_workers_never_mind_one_folder(office: Office) -> None:
    with office.folder.opened(), pytest.raises(FileUnusable), office.folder.opened():
        pass


def test_a_folder_belongs_to_one_agency(office: Office) -> None:
    with pytest.raises(FileUnusable), DropFolder(office.folder.base, "G22").opened():
        pass


def test_journals_of_others_are_left_alone(office: Office) -> None:
    for name, text in (("a.json", "{"), ("b.json", "[]"), ("c.json", '{"finished": false}')):
        (office.folder.sent / name).write_text(text)
    office.rounds(1)
    assert (office.folder.sent / "a.json").read_text() == "{"


def test_many_sent_documents_are_followed_in_turn(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "FOLLOWED", 2)
    sent = [office.hall.put(entry(str(number), "out")) for number in range(5)]
    for each in sent:
        told = outgoing.journal(Document(each, (), ()), each.number) | {"finished": False}
        (office.folder.sent / f"{each.number}.json").write_bytes(msgspec.json.encode(told))
    office.hall.calls.clear()
    office.rounds(3, pause=31)
    assert {call[1] for call in office.hall.called("document")} == {each.id for each in sent}
