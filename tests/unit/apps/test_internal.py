"""Internal documents: a book of their own, rows as for incoming ones, nobody outside is told."""

from datetime import date
from uuid import uuid4  # noqa: TID251 - ids of forms

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.office.incoming import acts
from apps.office.incoming.acts import Recipient
from apps.office.incoming.intake import Arrived
from apps.office.incoming.policy import may_see
from apps.office.internal.acts import Wish, issue
from apps.office.models import Document, Lane, Role
from apps.staff.models import Duty
from lienthong.errors import InvalidValue
from lienthong.testing.desk import Town
from unit.apps.office_made import PDF, Agency, entered


def wish(**more: object) -> Wish:
    told = {"id": uuid4(), "kind": "Thông báo", "notation": "TB-VP", "subject": "Lịch trực mẫu", "issued": date(2026, 11, 30),
            "signer": "Người Ký Mẫu", "files": [Arrived("thong-bao.pdf", "application/pdf", PDF)]}  # fmt: skip
    return Wish(**(told | more))  # type: ignore[arg-type]  # a table of fields


def test_registered_given_and_worked_on_to_the_end(city: Agency) -> None:
    clerk, head = city.deed(Duty.CLERK), city.deed(Duty.UNIT_HEAD, city.room)
    officer, outsider = city.deed(Duty.OFFICER, city.room), city.deed(Duty.OFFICER, city.other_room)
    document = issue(clerk, wish(), [Recipient(city.room), Recipient(city.other_room, outsider.person, Role.INFORM)])
    assert (document.lane, document.code) == (Lane.INTERNAL, "01/TB-VP")
    assert may_see(document, outsider.standing)
    acts.forward(head, document, [Recipient(city.room, officer.person)])
    acts.complete(officer, document, "Đã xếp lịch")
    document.refresh_from_db()
    assert document.done is not None
    assert not document.reports.exists()


def test_what_is_only_to_be_known_is_done_when_issued(city: Agency) -> None:
    document = issue(city.deed(Duty.CLERK), wish(), [Recipient(city.room, role=Role.INFORM)])
    assert document.done is not None
    acts.seen(city.deed(Duty.UNIT_HEAD, city.room), document)


def test_a_repeat_takes_no_second_number(city: Agency) -> None:
    clerk, asked = city.deed(Duty.CLERK), wish()
    first = issue(clerk, asked, [Recipient(city.room)])
    assert issue(clerk, asked, [Recipient(city.room)]) == first
    assert issue(clerk, wish(), [Recipient(city.room)]).number == "02"


def test_what_may_not_be_issued_leaves_nothing(city: Agency) -> None:
    clerk, strangers = city.deed(Duty.CLERK), Agency("G22")
    for wrong in ({"subject": " "}, {"signer": ""}, {"files": []}, {"kind": "Thơ"}, {"subject": "Việc (TỐI MẬT)"}):
        with pytest.raises(InvalidValue):
            issue(clerk, wish(**wrong), [Recipient(city.room)])
    for nobody in ([], [Recipient(city.room), Recipient(city.other_room)]):
        with pytest.raises(InvalidValue):
            issue(clerk, wish(), nobody)
    with pytest.raises(PermissionDenied):
        issue(clerk, wish(), [Recipient(strangers.root)])
    with pytest.raises(PermissionDenied):
        issue(city.deed(Duty.OFFICER, city.room), wish(), [Recipient(city.room)])
    assert not Document.objects.filter(lane=Lane.INTERNAL).exists()


def test_issued_on_the_page_and_found_in_the_inbox(city: Agency, town: Town) -> None:
    clerk, officer = entered(city.person(Duty.CLERK)), entered(city.person(Duty.OFFICER, city.room))
    who = city.person(Duty.OFFICER, city.room)
    told = {"id": str(uuid4()), "kind": "Thông báo", "subject": "Thông báo mẫu", "issued": "2026-11-30", "rows": "1",
            "signer": "Người Ký Mẫu", "who0": f"p{who.pk}-{city.room.pk}", "role0": "lead"}  # fmt: skip
    refused = clerk.post("/noi-bo/moi/", told)
    assert (refused.status_code, "Thông báo mẫu" in refused.content.decode()) == (422, True)
    more = clerk.post("/noi-bo/moi/", told | {"more": "1"}).content.decode()
    assert 'name="who1"' in more
    upload = SimpleUploadedFile("tb.pdf", PDF, "application/pdf")
    address = clerk.post("/noi-bo/moi/", told | {"files": upload})["Location"]
    assert "Thông báo mẫu" in officer.get("/den/cho-xu-ly/").content.decode()
    page = officer.get(address).content.decode()
    assert "ban hành nội bộ, số 01" in page
    assert "Hoàn thành" in page
    assert "Thông báo mẫu" in clerk.get("/noi-bo/").content.decode()
    outside = entered(city.person(Duty.OFFICER, city.other_room))
    assert outside.get(address).status_code == 404
    assert "Thông báo mẫu" not in outside.get("/noi-bo/").content.decode()
