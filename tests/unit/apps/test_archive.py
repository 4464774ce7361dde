"""Handing closed files over, and the submission package of Circular 05/2025/TT-BNV held to its schemas."""

import hashlib
import json
from datetime import date, timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import etree

from apps.office import contents
from apps.office.archive import handover, package
from apps.office.archive.handover import Minutes
from apps.office.archive.refusals import refusals
from apps.office.cases import acts
from apps.office.cases.policy import Act
from apps.office.cases.policy import acts as offered
from apps.office.models import CaseFile, CaseState, Draft, File, Handover, HandoverState, Record, Source
from apps.staff.models import Duty
from lienthong.errors import CopyUnreadable, IllegalMove, InvalidValue
from unit.apps.office_made import Agency, entered
from unit.apps.test_cases import ENDED, opened

METS = "{http://www.loc.gov/METS/}"
XLINK = "{http://www.w3.org/1999/xlink}"
MINUTES = Minutes("Hồ sơ năm 2026 của Phòng Kinh tế", "Danh mục hồ sơ năm 2026", "Tốt")


def closed(city: Agency, **fields: object) -> CaseFile:
    document = city.arrived(issued=date(2026, 3, 4), pages=4, **fields)
    contents.attach(document, "Phụ lục số liệu.xlsx", "application/octet-stream", b"bang")
    case = opened(city, document)
    acts.close(city.deed(Duty.OFFICER, city.room), case, ENDED)
    case.refresh_from_db()
    return case


def test_offered_returned_offered_again_and_accepted(city: Agency) -> None:
    case, officer, archivist = closed(city), city.deed(Duty.OFFICER, city.room), city.deed(Duty.ARCHIVIST)
    first = handover.offer(officer, city.room, [case], MINUTES)
    assert offered(case, officer.standing) != frozenset()
    with pytest.raises(PermissionDenied):
        handover.accept(officer, first)
    with pytest.raises(InvalidValue):
        handover.give_back(archivist, first, " ")
    handover.give_back(archivist, first, "Thiếu văn bản số 15")
    case.refresh_from_db()
    assert (case.state, case.handover) == (CaseState.CLOSED, None)
    second = handover.offer(officer, city.room, [case], MINUTES)
    handover.accept(archivist, second)
    with pytest.raises(IllegalMove):
        handover.accept(archivist, second)
    case.refresh_from_db()
    assert (case.state, second.number, second.listed) == (CaseState.ARCHIVED, first.number + 1, [case.code])
    assert [each.state for each in Handover.objects.order_by("number")] == [
        HandoverState.RETURNED,
        HandoverState.ACCEPTED,
    ]
    assert offered(case, archivist.standing) == {Act.PACK}
    story = list(case.events.order_by("id").values_list("what", flat=True))
    assert story[-4:] == ["offered", "returned", "offered", "archived"]


def test_only_closed_files_of_the_unit_are_given(city: Agency) -> None:
    officer, still_open = city.deed(Duty.OFFICER, city.room), opened(city, city.arrived())
    with pytest.raises(IllegalMove):
        handover.offer(officer, city.room, [still_open], MINUTES)
    with pytest.raises(PermissionDenied):
        handover.offer(officer, city.other_room, [closed(city)], MINUTES)
    with pytest.raises(PermissionDenied):
        handover.offer(city.deed(Duty.OFFICER, city.other_room), city.room, [closed(city)], MINUTES)
    for nothing in ([], [closed(city)]):
        with pytest.raises(InvalidValue):
            handover.offer(officer, city.room, nothing, Minutes("" if nothing else "Tên"))
    assert not Handover.objects.exists()


def test_a_file_is_told_due_a_month_before_its_day(city: Agency) -> None:
    case, officer = closed(city), city.deed(Duty.OFFICER, city.room).standing
    assert case.due is not None
    assert not handover.due_soon(officer, case.due - timedelta(days=31)).exists()
    assert list(handover.due_soon(officer, case.due - timedelta(days=30))) == [case]
    CaseFile.objects.update(years=4)
    assert not handover.due_soon(officer, case.due).exists()


@pytest.fixture
def packed(city: Agency) -> dict[str, bytes]:
    return unpacked(closed(city))


def unpacked(case: CaseFile) -> dict[str, bytes]:
    submission = package.packed(case)
    with submission.body, ZipFile(submission.body) as archive:
        return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


def test_the_package_has_the_tree_of_the_circular(packed: dict[str, bytes]) -> None:
    assert set(packed) == {
        "METS.xml",
        "metadata/descriptive/EAD.xml",
        "representations/rep1/METS.xml",
        "representations/rep1/metadata/descriptive/EAD_doc_0000001.xml",
        "representations/rep1/data/0000001.pdf",
        "representations/rep1/data/0000001_01.xlsx",
        "representations/rep1/data/0000001_quytrinh.txt",
        "documentation/nhat-ky-ho-so.txt",
        "schemas/METS.xsd",
        "schemas/EAD.xsd",
        "schemas/EAD_doc.xsd",
        "schemas/EAD_pic.xsd",
        "schemas/EAD_media.xsd",
    }


def mixed(city: Agency) -> CaseFile:
    """A closed file with a photograph, a recording alone, an opinion, a draft that became no document."""
    officer, pictured = city.deed(Duty.OFFICER, city.room), city.arrived(issued=date(2026, 3, 4))
    contents.attach(pictured, "Hiện trường.JPG", "application/octet-stream", b"\xff\xd8anh")
    recorded = city.arrived(issued=date(2026, 3, 5), number="16", document_id="G09,2026/03/05,16/BNV")
    recorded.files.all().delete()
    contents.attach(recorded, "Phiên họp.mp3", "audio/mpeg", b"ID3")
    case = opened(city, pictured, recorded)
    acts.say(officer, case, "Đồng ý\nvới số liệu")
    draft = Draft.objects.create(agency="H29", author=officer.person, fields={"subject": "Tờ trình mẫu"})
    draft.files.create(main=True, name="to-trinh.pdf", media_type="application/pdf", content=b"%PDF-1.7")
    acts.put_draft_in(officer, case, draft)
    acts.close(officer, case, ENDED)
    case.refresh_from_db()
    return case


def test_whatever_lies_in_the_file_is_packed(city: Agency) -> None:
    case = mixed(city)
    found = unpacked(case)
    assert found["representations/rep1/data/0000003.jpg"] == b"\xff\xd8anh"
    assert found["representations/rep1/data/0000002.mp3"] == b"ID3"
    assert found["documentation/du-thao-01.pdf"] == b"%PDF-1.7"
    assert "cho ý kiến: Đồng ý với số liệu" in found["documentation/nhat-ky-ho-so.txt"].decode()
    root = etree.fromstring(found["representations/rep1/METS.xml"])
    assert [file.get("MIMETYPE") for file in root.iter(f"{METS}file")].count("image/jpeg") == 1
    belongs = root.xpath("//m:div[@LABEL='AttachmentFile']/m:div", namespaces={"m": METS.strip("{}")})
    assert len(belongs) == 2  # the photograph with its document, the recording's own handling with the recording
    for name, schema in (("METS.xml", "METS"), ("representations/rep1/METS.xml", "METS")):
        etree.XMLSchema(etree.fromstring(found[f"schemas/{schema}.xsd"])).assertValid(etree.fromstring(found[name]))
    missing = [words for words in refusals(case) if "chưa ghi" in words]
    assert missing == [
        "1. 15/BNV-VP: Hiện trường.JPG: chưa ghi sự kiện, tác giả, địa điểm, ngày, màu sắc, cỡ ảnh",
        "2. 16/BNV-VP: Phiên họp.mp3: chưa ghi sự kiện, tác giả, địa điểm, ngày, thời lượng, chất lượng",
    ]


PICTURE = {
    "event": "Lễ khởi công (mẫu)", "author": "Người Chụp (mẫu)", "place": "Cầu Mẫu", "day": "2026-03-04", "colour": "01",
    "size": "20x30 cm", "title": "Toàn cảnh", "note": "Chụp từ bờ nam",
}  # fmt: skip
RECORDING = {
    "event": "Phiên họp (mẫu)", "author": "Người Ghi (mẫu)", "place": "Phòng họp 1", "day": "2026-03-05",
    "length": "01:02:03", "language": "02", "quality": "bình thường",
}  # fmt: skip


def described(city: Agency, case: CaseFile, name: str, told: dict[str, str]) -> HttpResponse:
    file = File.objects.get(document__in_cases__case=case, name=name)
    page = f"/ho-so/{case.pk}/anh-ghi-am/"
    return entered(city.person(Duty.OFFICER, city.room)).post(page, told | {"file": str(file.pk)})


def test_pictures_and_recordings_are_described_as_the_circular_wants(city: Agency) -> None:
    case = mixed(city)
    assert described(city, case, "Hiện trường.JPG", PICTURE).status_code == 302
    assert described(city, case, "Phiên họp.mp3", RECORDING).status_code == 302
    assert not [words for words in refusals(case) if "chưa ghi" in words]
    found, folder = unpacked(case), "representations/rep1/metadata/descriptive/"
    assert f"{folder}EAD_doc_0000002.xml" not in found
    picture, recording = (
        etree.fromstring(found[f"{folder}{name}.xml"]) for name in ("EAD_pic_0000003", "EAD_media_0000002")
    )
    for told, schema in ((picture, "EAD_pic"), (recording, "EAD_media")):
        etree.XMLSchema(etree.fromstring(found[f"schemas/{schema}.xsd"])).assertValid(told)
    assert {each.tag: each.text for each in picture if each.text} == {
        "docCode": f"{case.code}.0000003", "maintenance": "05", "typePic": "02", "eventName": "Lễ khởi công (mẫu)",
        "imageTitle": "Toàn cảnh", "photographer": "Người Chụp (mẫu)", "photoPlace": "Cầu Mẫu", "photoTime": "04/03/2026",
        "colour": "01", "filmSize": "20x30 cm", "mode": "01", "description": "Người Mẫu officer; Chụp từ bờ nam",
        "docAttached": "1",
    }  # fmt: skip
    assert {each.tag: each.text for each in recording if each.text} == {
        "docCode": f"{case.code}.0000002", "maintenance": "05", "typeMedia": "01", "eventName": "Phiên họp (mẫu)",
        "movieTitle": "V/v chuẩn bị báo cáo (văn bản mẫu)", "recorder": "Người Ghi (mẫu)", "recordPlace": "Phòng họp 1",
        "recordDate": "05/03/2026", "language": "02", "playTime": "01:02:03", "mode": "01", "quality": "bình thường",
        "description": "Người Mẫu officer; 16/BNV-VP", "docAttached": "0",
    }  # fmt: skip
    assert etree.fromstring(found["metadata/descriptive/EAD.xml"]).findtext("totalDoc") == "3"
    assert case.events.filter(what="record").count() == 2


def test_the_schemas_name_the_fields_of_the_annex_in_its_order(packed: dict[str, bytes]) -> None:
    """Vectors: the printed schemas of Annex III II.3 c, d."""
    printed = json.loads((Path(__file__).parents[2] / "conformance/archive/circular-05-2025.json").read_text())
    for schema, names in printed.items():
        root = etree.fromstring(packed[f"schemas/{schema}.xsd"])
        assert [each.get("name") for each in root.iter("{http://www.w3.org/2001/XMLSchema}element")][1:] == names


@pytest.mark.parametrize(("wrong", "said"), [
    ({"length": "12 phút"}, "Thời lượng viết như 00:12:30."),
    ({"day": "32/13/2026"}, "Ngày không đúng."),
])  # fmt: skip
def test_what_cannot_be_is_refused_and_what_was_typed_stays(city: Agency, wrong: dict[str, str], said: str) -> None:
    case = mixed(city)
    answer = described(city, case, "Phiên họp.mp3", RECORDING | wrong)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "Phòng họp 1" in answer.content.decode()
    assert not Record.objects.exists()


def test_records_are_described_by_who_keeps_the_file_until_it_is_handed_over(city: Agency) -> None:
    case = mixed(city)
    file = File.objects.get(name="Phiên họp.mp3")
    page, told = f"/ho-so/{case.pk}/anh-ghi-am/", RECORDING | {"file": str(file.pk)}
    assert entered(city.person(Duty.LEADER)).post(page, told).status_code == 403
    assert entered(city.person(Duty.OFFICER, city.other_room)).get(page).status_code == 404
    assert described(city, case, "van-ban.pdf", RECORDING).status_code == 404
    handover.offer(city.deed(Duty.OFFICER, city.room), city.room, [case], MINUTES)
    assert described(city, case, "Phiên họp.mp3", RECORDING).status_code == 403
    assert not Record.objects.exists()


def test_a_picture_alone_is_a_paper_and_a_format_not_listed_is_told(city: Agency) -> None:
    paper = city.arrived(issued=date(2026, 3, 4))
    paper.files.all().delete()
    contents.attach(paper, "Trang 1.png", "image/png", b"png")
    contents.attach(paper, "Ghi âm.ogg", "audio/ogg", b"OggS")
    case = opened(city, paper)
    acts.close(city.deed(Duty.OFFICER, city.room), case, ENDED)
    case.refresh_from_db()
    found = unpacked(case)
    assert "representations/rep1/metadata/descriptive/EAD_doc_0000001.xml" in found
    assert found["representations/rep1/data/0000002.ogg"] == b"OggS"
    assert sum("Ghi âm.ogg: định dạng không có trong danh sách" in words for words in refusals(case)) == 1


def test_bytes_that_are_no_longer_those_kept_are_not_packed(city: Agency) -> None:
    case = mixed(city)
    content = case.documents.get(order=2).document.files.get().content
    Path(content.body.path).write_bytes(b"ID4")
    with pytest.raises(CopyUnreadable, match="Phiên họp"):
        package.packed(case)
    Path(content.body.path).unlink()


def test_what_may_be_refused_is_asked_in_as_many_statements_for_many_documents(city: Agency) -> None:
    asked = []
    for more in (1, 5):
        case = opened(
            city, *(city.arrived(number=str(more * 10 + at), document_id=f"a{more}{at}") for at in range(more))
        )
        acts.close(city.deed(Duty.OFFICER, city.room), case, ENDED)
        with CaptureQueriesContext(connection) as found:
            refusals(case)
        asked.append(len(found))
    assert asked[0] == asked[1]


def test_everything_in_the_package_fits_its_schema(packed: dict[str, bytes]) -> None:
    pairs = (
        ("METS.xml", "METS"),
        ("representations/rep1/METS.xml", "METS"),
        ("metadata/descriptive/EAD.xml", "EAD"),
        ("representations/rep1/metadata/descriptive/EAD_doc_0000001.xml", "EAD_doc"),
    )
    for name, schema in pairs:
        etree.XMLSchema(etree.fromstring(packed[f"schemas/{schema}.xsd"])).assertValid(etree.fromstring(packed[name]))


@pytest.mark.parametrize("folder", ["", "representations/rep1/"])
def test_every_listed_file_is_there_with_its_digest(packed: dict[str, bytes], folder: str) -> None:
    root = etree.fromstring(packed[f"{folder}METS.xml"])
    places = [(file, file.find(f"{METS}FLocat").get(f"{XLINK}href")) for file in root.iter(f"{METS}file")]
    places += [(one, one.get(f"{XLINK}href")) for one in root.iter(f"{METS}mdRef")]
    assert len(places) >= 4
    for listed, path in places:
        content = packed[folder + path]
        assert listed.get("CHECKSUM") == hashlib.sha256(content).hexdigest().upper()
        assert listed.get("SIZE") == str(len(content))


def test_the_descriptions_say_what_the_register_knows(city: Agency, packed: dict[str, bytes]) -> None:
    file = etree.fromstring(packed["metadata/descriptive/EAD.xml"])
    assert file.findtext("fileCode", "").startswith("H29.2026.")
    assert (file.findtext("maintenance"), file.findtext("totalDoc"), file.findtext("numberOfPage")) == ("05", "1", "12")
    assert (file.findtext("startDate"), file.findtext("confidenceLevel")) == ("04/03/2026", "01")
    one = etree.fromstring(packed["representations/rep1/metadata/descriptive/EAD_doc_0000001.xml"])
    assert one.findtext("docCode", "").endswith(".0000001")
    assert (one.findtext("typeName"), one.findtext("codeNumber"), one.findtext("process")) == ("22", "15", "1")


def test_the_same_file_packs_to_the_same_bytes(city: Agency) -> None:
    case = closed(city)
    first, again = package.packed(case), package.packed(case)
    with first.body, again.body:
        assert (first.name, first.body.read()) == (again.name, again.body.read())
    assert first.name.startswith("1_uuid-")


def test_what_an_archive_may_refuse_is_said_before(city: Agency) -> None:
    scanned = closed(city, source=Source.SCAN, notation="X" * 31)
    told = " ".join(refusals(scanned))
    for words in ("vĩnh viễn", "mã hồ sơ gốc giấy", "PDF/A", "codeNotation"):
        assert words in told
    assert unpacked(scanned)  # packed all the same: people decide


def test_a_hostile_file_name_stays_out_of_the_paths(city: Agency) -> None:
    document = city.arrived(issued=timezone.localdate())
    contents.attach(document, "../../../etc/passwd.<svg onload=1>", "application/octet-stream", b"x")
    case = opened(city, document)
    acts.close(city.deed(Duty.OFFICER, city.room), case, ENDED)
    case.refresh_from_db()
    assert "representations/rep1/data/0000001_01.bin" in unpacked(case)
