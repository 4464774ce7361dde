"""Handing closed files over, and the submission package of Circular 05/2025/TT-BNV held to its schemas."""

import hashlib
from datetime import date, timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
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
from apps.office.models import CaseFile, CaseState, Draft, Handover, HandoverState, Source
from apps.staff.models import Duty
from lienthong.errors import CopyUnreadable, IllegalMove, InvalidValue
from unit.apps.office_made import Agency
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
    assert found["representations/rep1/data/0000001_01.jpg"] == b"\xff\xd8anh"
    assert found["representations/rep1/data/0000002.mp3"] == b"ID3"
    assert found["documentation/du-thao-01.pdf"] == b"%PDF-1.7"
    assert "cho ý kiến: Đồng ý với số liệu" in found["documentation/nhat-ky-ho-so.txt"].decode()
    root = etree.fromstring(found["representations/rep1/METS.xml"])
    assert [file.get("MIMETYPE") for file in root.iter(f"{METS}file")].count("image/jpeg") == 1
    belongs = root.xpath("//m:div[@LABEL='AttachmentFile']/m:div", namespaces={"m": METS.strip("{}")})
    assert len(belongs) == 2  # the photograph with its document, the recording's own handling with the recording
    for name, schema in (("METS.xml", "METS"), ("representations/rep1/METS.xml", "METS")):
        etree.XMLSchema(etree.fromstring(found[f"schemas/{schema}.xsd"])).assertValid(etree.fromstring(found[name]))
    assert sum("ghi âm" in words for words in refusals(case)) == 2


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
