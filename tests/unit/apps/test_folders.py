"""A scan folder: what has come to rest waits for its clerk, once; what must not come in is told; nothing is lost."""

import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from django.test import Client
from django.utils import timezone

import pictures
from apps.config import Folder
from apps.office import contents
from apps.office.bringing import folders, page
from apps.office.bringing.folders import GROWING, RESTED, SETTLED, Watching
from apps.office.bringing.rounds import _look
from apps.office.models import Assignment, Brought, Content, Document, Inlet, Source
from apps.staff.models import Duty
from unit.apps.office_made import PDF, Agency


class Scanner:
    """A folder and the worker that looks at it; a clock that moves when told."""

    def __init__(self, path: Path) -> None:
        self.path, self.clock = path, 0.0
        self.watching = Watching(lambda: self.clock)
        self.unit = ""
        self.inlet = Inlet.objects.create(agency="H29", way=Source.FOLDER, place=str(path), due=timezone.now())

    def look(self, passes: float = SETTLED) -> int:
        folder = Folder(self.path, self.unit)
        self._once(folder)
        self.clock += passes
        return self._once(folder)

    def _once(self, folder: Folder) -> int:
        return folders.look(folder, self.inlet, timezone.now(), self.watching)

    def names(self, inside: str = "") -> set[str]:
        return {each.name for each in (self.path / inside).iterdir()} - {"done", "refused"}


@pytest.fixture
def scanner(city: Agency, tmp_path: Path) -> Scanner:
    return Scanner(tmp_path)


def test_a_scan_waits_for_the_clerk_who_says_what_it_is_and_registers_it(city: Agency, scanner: Scanner) -> None:
    (scanner.path / "Công văn 12.pdf").write_bytes(PDF)
    assert scanner.look() == 1
    assert (scanner.names(), scanner.names("done")) == (set(), {"Công văn 12.pdf"})
    document = Document.objects.get(agency="H29")
    assert (document.source, document.subject) == (Source.FOLDER, "Công văn 12")
    clerk = Client()
    clerk.force_login(city.person(Duty.CLERK))
    page = clerk.get(f"/van-ban/{document.pk}/").content.decode()
    [acts] = re.findall(r'<div class="acts">.*?</div>', page, re.DOTALL)  # one bar: a phone shows no more than one
    assert "Ghi thông tin văn bản" in acts
    assert "lam=refuse" in acts
    assert "lam/register/" not in page
    address = f"/van-ban/{document.pk}/ghi/"
    assert "Cần ghi cơ quan ban hành" in clerk.post(address, {"subject": "V/v họp"}).content.decode()
    told = {"subject": "V/v họp", "issuer": "Sở Mẫu", "issued": "2026-11-20", "number": "12", "notation": "SM"}
    assert clerk.post(address, told).status_code == 302
    assert "lam/register/" in clerk.get(f"/van-ban/{document.pk}/").content.decode()
    clerk.post(f"/van-ban/{document.pk}/lam/register/")
    assert clerk.get(address).status_code == 403  # registered: no longer to be told anew
    assert "V/v họp" in clerk.get("/tim/?q=hop+12").content.decode()


def test_only_what_has_come_to_rest_is_taken(scanner: Scanner) -> None:
    (scanner.path / "a.pdf").write_bytes(PDF[:-8])
    (scanner.path / "b.pdf.part").write_bytes(PDF)
    assert scanner.look(SETTLED - 1) == 0
    (scanner.path / "a.pdf").write_bytes(PDF[:-7])
    assert scanner.look() == 0  # at rest, but a PDF without its end is still being written
    (scanner.path / "a.pdf").write_bytes(PDF)
    (scanner.path / "b.pdf.part").rename(scanner.path / "b.pdf")
    assert scanner.look() == 2
    assert scanner.names("done") == {"a.pdf", "b.pdf"}
    assert Document.objects.filter(agency="H29").count() == 1  # the same bytes: the same document
    (scanner.path / "c.pdf").write_bytes(PDF[:-8])
    assert scanner.look(GROWING) == 1
    assert "bị cắt giữa chừng" in (scanner.path / "refused/c.pdf.txt").read_text()


@pytest.mark.parametrize("step", ["keep_file", "bring", "move"])
def test_killed_between_any_two_steps_nothing_is_lost_or_doubled(
    scanner: Scanner, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (scanner.path / "a.pdf").write_bytes(PDF + b"% mot lan\n%%EOF\n")
    where: dict[str, tuple[object, Callable[..., object]]] = {
        "keep_file": (folders.contents, folders.contents.keep_file),
        "bring": (folders, folders.bring),
        "move": (folders.Place, folders.Place.move),
    }
    owner, real = where[step]

    def dies(*told: object) -> None:
        if step != "move":
            real(*told)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(owner, step, dies)
        with pytest.raises(KeyboardInterrupt):
            scanner.look()
    assert scanner.names() == {"a.pdf"}
    scanner.look()
    assert scanner.names() == set()
    assert Document.objects.filter(agency="H29").count() == Brought.objects.count() == 1
    assert scanner.names("done") == {"a.pdf"}


@pytest.mark.parametrize(("name", "form", "count"), [("a.jpg", "JPEG", 1), ("a.PNG", "PNG", 1), ("a b.tif", "TIFF", 3)])
def test_pictures_of_paper_come_in_as_pdf(binding: None, scanner: Scanner, name: str, form: str, count: int) -> None:
    (scanner.path / name).write_bytes(pictures.picture(form, count, "1" if form == "TIFF" else "L"))
    assert scanner.look(RESTED) == 1
    assert scanner.names("done") == {name}
    [file] = contents.current(Document.objects.get(agency="H29"))
    assert (file.name, file.media_type) == (f"{name.rpartition('.')[0]}.pdf", "application/pdf")
    with file.content.body.open() as kept:
        assert len(pdfium.PdfDocument(kept.read())) == count
    (scanner.path / name).write_bytes(pictures.picture(form, count, "1" if form == "TIFF" else "L"))
    scanner.look(RESTED)
    assert Document.objects.filter(agency="H29").count() == 1


@pytest.mark.parametrize(
    ("form", "passes", "said"),
    [("JPEG", SETTLED, ""), ("TIFF", SETTLED, ""), ("TIFF", RESTED, "không đọc được"), ("PNG", GROWING, "bị cắt")],
)
def test_a_picture_that_is_not_whole_waits_and_is_refused_in_the_end(
    binding: None, scanner: Scanner, form: str, passes: float, said: str
) -> None:
    whole = pictures.picture(form, 1, "1" if form == "TIFF" else "L")
    (scanner.path / "a").write_bytes(whole[: len(whole) // 2])
    assert scanner.look(passes) == bool(said)
    if said:
        assert said in (scanner.path / "refused/a.txt").read_text()
        assert said in Brought.objects.get().why


def _macros(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("[Content_Types].xml", "application/vnd.ms-word.document.macroEnabled.main+xml")


def _link(path: Path) -> None:
    path.symlink_to("/etc/passwd")


def _second_name(path: Path) -> None:
    (path.parent / ".goc").write_bytes(PDF)
    path.hardlink_to(path.parent / ".goc")


@pytest.mark.parametrize(
    ("name", "made", "said"),
    [
        ("a.docm", _macros, "không phải PDF"),
        ("a.pdf", _macros, "không phải PDF"),
        ("a.pdf", lambda path: path.write_bytes(pictures.picture("PNG", 1, "L")), "đổi tên"),
        ("a.exe", lambda path: path.write_bytes(pictures.picture("PNG", 1, "L")), "chương trình"),
        ("a.tif", lambda path: path.write_bytes(PDF), "đổi tên"),
        ("a.gif", lambda path: path.write_bytes(b"GIF89a"), "không phải PDF"),
        ("a.pdf", lambda path: path.write_bytes(b"MZ\x90" + PDF), "chương trình"),
        ("a.exe", lambda path: path.write_bytes(PDF), "chương trình"),
        ("a.pdf", lambda path: path.write_bytes(PDF + b"trailer << /Encrypt 5 0 R >>"), "mật khẩu"),
        ("a.pdf", lambda path: path.write_bytes(b""), "trống"),
        ("a.pdf", lambda path: path.write_bytes(PDF + bytes(400_000)), "lớn hơn"),
        ("a.pdf", _link, "liên kết"),
        ("a.pdf", _second_name, "liên kết"),
        ("a.pdf", os.mkfifo, "liên kết"),
    ],
)
def test_hostile_things_are_refused_in_words(
    scanner: Scanner, name: str, made: Callable[[Path], object], said: str
) -> None:
    made(scanner.path / name)
    assert scanner.look() == 1
    reason = (scanner.path / f"refused/{name}.txt").read_text()
    assert said in reason
    assert len(reason.splitlines()) == 2
    assert os.path.lexists(scanner.path / "refused" / name)
    assert not Document.objects.filter(agency="H29").exists()
    assert said in Brought.objects.get().why


def test_a_huge_file_is_refused_unread(scanner: Scanner, monkeypatch: pytest.MonkeyPatch) -> None:
    with (scanner.path / "to.pdf").open("wb") as file:
        file.truncate(2 << 30)
    monkeypatch.setattr(folders.contents, "keep_file", None)
    monkeypatch.setattr(folders.uploads, "is_pdf", None)
    assert scanner.look() == 1
    assert (scanner.path / "refused/to.pdf").stat().st_size == 2 << 30


def test_names_are_only_names(scanner: Scanner) -> None:
    for name in (b"x\n\x1b[31m.pdf", b"\xff\xfe.pdf", "y\u202egpj.pdf".encode(), b" .. .pdf"):
        Path(os.fsdecode(os.fsencode(scanner.path) + b"/" + name)).write_bytes(PDF + name + b"%%EOF")
    assert scanner.look() == 4
    assert all(name.isprintable() for name in scanner.names("done"))
    assert all(each.name.isprintable() for each in Brought.objects.all())
    assert Content.objects.filter(files__document__agency="H29").distinct().count() == 4


def test_what_is_written_to_or_exchanged_meanwhile_goes_back(scanner: Scanner, monkeypatch: pytest.MonkeyPatch) -> None:
    path = scanner.path / "a.pdf"
    path.write_bytes(PDF)
    real = folders.bring

    def exchanges(*told: object) -> object:
        path.unlink()
        path.write_bytes(PDF + b"khac\n%%EOF")
        return real(*told)  # type: ignore[arg-type]  # what it was given

    with monkeypatch.context() as patched:
        patched.setattr(folders, "bring", exchanges)
        assert scanner.look() == 0
    assert scanner.names() == {"a.pdf"}
    assert scanner.look() == 1
    assert Document.objects.filter(agency="H29").count() == 2


def test_a_units_folder_is_for_the_units_clerk(city: Agency, scanner: Scanner) -> None:
    scanner.unit = city.room.name
    (scanner.path / "a.pdf").write_bytes(PDF)
    scanner.look()
    row = Assignment.objects.get(document__agency="H29")
    assert row.unit == city.room
    for person, status in (
        (city.person(Duty.UNIT_CLERK, city.room), 200),
        (city.person(Duty.UNIT_CLERK, city.other_room), 404),
    ):
        client = Client()
        client.force_login(person)
        assert client.get(f"/van-ban/{row.document_id}/ghi/").status_code == status


def test_a_folder_that_is_away_is_told_on_the_page(city: Agency, scanner: Scanner) -> None:
    def away(_inlet: Inlet, _at: object) -> int:
        raise FileNotFoundError("/srv/quet")

    _look(scanner.inlet, 0, away, timezone.now())
    told = Inlet.objects.get()
    assert "FileNotFoundError" in told.problem
    assert told.due > timezone.now()
    _look(told, 0, lambda *_: 1, told.due)
    assert Inlet.objects.get().problem == ""


def test_the_page_tells_what_came_and_what_was_refused(
    city: Agency, scanner: Scanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "inlets", lambda _agency: [(scanner.inlet, 0, None)])
    (scanner.path / "tot.pdf").write_bytes(PDF)
    (scanner.path / "xau.docm").write_bytes(b"PK")
    scanner.look()

    def told(duty: Duty) -> tuple[int, str]:
        client = Client()
        client.force_login(city.person(duty))
        answer = client.get("/den/nguon/")
        return answer.status_code, answer.content.decode()

    status, text = told(Duty.CLERK)
    assert status == 200
    for said in (str(scanner.path), "tot.pdf", "không phải PDF", "Nhận dạng chữ trong bản quét"):
        assert said in text
    status, text = told(Duty.UNIT_CLERK)
    assert "tot.pdf" in text
    for duty in (Duty.OFFICER, Duty.LEADER, Duty.ADMINISTRATOR):
        assert told(duty)[0] == 403
