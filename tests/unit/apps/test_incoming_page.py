"""The page of an incoming document: each role's one next step, dialogs without scripts, nothing typed is lost."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.core import signing
from django.test import Client
from django.utils import timezone

from apps.office import reporting, unsent
from apps.office.finding import index
from apps.office.incoming import acts
from apps.office.incoming.acts import Recipient
from apps.office.incoming.intake import adopt
from apps.office.models import Assignment, Book, Document, Draft, Lane, Role, Standing, Unsent
from apps.staff.handover import hand_over
from apps.staff.models import Delegation, Duty
from apps.ui.times import local
from apps.unsent import keeping, note
from lienthong.errors import Unavailable
from lienthong.testing.desk import FakeDesk, Town
from lienthong.testing.desk.samples import INCOMING
from lienthong.testing.desk.samples import entry as make
from unit.apps.known import ASKED, DONE, IN_HAND, REGISTERED, WAITING
from unit.apps.office_made import Agency, entered, note_on


def page(document: Document) -> str:
    return f"/van-ban/{document.pk}/"


def do(client: Client, document: Document, act: str, **typed: object) -> str:
    """Post a dialog; what the page says afterwards."""
    return client.post(f"{page(document)}lam/{act}/", typed, follow=True).content.decode()


def told(document: Document) -> list[str]:
    return [report.code for report in document.reports.order_by("order")]


def rows(*chosen: tuple[str, str], **more: str) -> dict[str, str]:
    found = {"rows": str(len(chosen))}
    for n, (who, role) in enumerate(chosen):
        found |= {f"who{n}": who, f"role{n}": role}
    return found | more


def test_a_day_of_each_role_through_the_pages(city: Agency, town: Town) -> None:
    document = city.arrived()
    clerk, leader = entered(city.person(Duty.CLERK)), entered(city.person(Duty.LEADER))
    head = entered(city.person(Duty.UNIT_HEAD, city.room))
    officer, other = city.person(Duty.OFFICER, city.room), city.person(Duty.OFFICER, city.other_room)
    assert "Đã vào sổ, số đến" in do(clerk, document, "register")
    proposal = rows((f"u{city.room.pk}", Role.LEAD), text="Đề xuất Phòng Kinh tế chủ trì")
    assert "Đã trình lãnh đạo" in do(clerk, document, "propose", **proposal)
    dialog = leader.get(page(document) + "?lam=direct").content.decode()
    assert f'<option value="u{city.room.pk}" selected>' in dialog  # what the clerk proposed
    due = timezone.localdate() + timedelta(10)
    remark = rows(
        (f"u{city.room.pk}", Role.LEAD),
        (f"p{other.pk}-{city.other_room.pk}", Role.INFORM),
        text="Giao Phòng Kinh tế",
        due=due.isoformat(),
    )
    assert "Đã bút phê và giao việc" in do(leader, document, "direct", **remark)
    lead = document.assignments.get(unit=city.room)
    assert (lead.role, lead.words, lead.due is not None) == (Role.LEAD, "Giao Phòng Kinh tế", True)
    assert "Đã ghi là đã xem" in do(entered(other), document, "seen")
    do(head, document, "forward", **rows((f"p{officer.pk}-{city.room.pk}", Role.LEAD)))
    mine = entered(officer)
    assert "Anh/chị chủ trì." in mine.get(page(document)).content.decode()
    do(mine, document, "ask", **rows((f"p{other.pk}-{city.other_room.pk}", ""), text="Số liệu mục 2?"))
    assert "Đã gửi ý kiến" in do(entered(other), document, "answer", text="Đúng, 15 hộ")
    assert "Đã mở bản nháp trả lời" in do(mine, document, "reply")
    draft = Draft.objects.get(pk=acts.reply_of(document))
    assert (draft.fields["subject"], draft.recipients[0]["code"]) == (f"V/v trả lời văn bản số {document.code}", "G09")
    assert f"/soan/{draft.pk}/" in mine.get(page(document)).content.decode()
    answer = Document.objects.create(
        agency="H29", lane=Lane.OUTGOING, subject="Trả lời", came=timezone.now(), issued_at=timezone.now()
    )
    Draft.objects.filter(pk=draft.pk).update(document=answer)
    text = do(mine, document, "complete", text="Đã trả lời")
    assert document.linked.get().source == answer
    assert "Đã hoàn thành." in text
    assert "Đúng, 15 hộ" in text
    assert told(document) == ["03", "04", "05", "06"]


@pytest.mark.parametrize(
    ("duty", "primary"), [(Duty.CLERK, "register"), (Duty.LEADER, ""), (Duty.OFFICER, ""), (Duty.INSPECTOR, "")]
)
def test_one_decision_a_page_and_only_for_whom_it_is(city: Agency, duty: str, primary: str) -> None:
    document = city.arrived()
    answer = entered(city.person(duty)).get(page(document))
    if duty == Duty.OFFICER:
        assert answer.status_code == 404
        return
    text = answer.content.decode()
    assert text.count('class="button primary"') == bool(primary)
    assert (f"/lam/{primary}/" in text) == bool(primary)


def test_pages_files_and_search_are_guarded_alike(city: Agency) -> None:
    document, stranger = (
        city.arrived(subject="Chuyện riêng của phòng"),
        entered(city.person(Duty.OFFICER, city.other_room)),
    )
    file = document.files.get()
    for path in ("", f"tep/{file.pk}/", f"tep/{file.pk}/chu-ky/"):
        assert stranger.get(page(document) + path).status_code == 404, path
    assert stranger.post(f"{page(document)}lam/register/").status_code == 404
    assert "Chuyện riêng" not in stranger.get("/tim/?q=chuyen+rieng").content.decode()
    clerk = entered(city.person(Duty.CLERK))
    assert clerk.get(f"{page(document)}tep/{file.pk}/").content.startswith(b"%PDF-")
    assert "Chuyện riêng" in clerk.get("/tim/?q=chuyen+rieng").content.decode()
    assert entered(Agency("G22").person(Duty.CLERK)).get(page(document)).status_code == 404


def test_verdict_and_doubles_are_told_before_acceptance(
    city: Agency, clerk: Client, register: dict[str, Document]
) -> None:
    document = register[WAITING]
    twin = city.arrived(
        number=document.number, notation=document.notation, issuer_code=document.issuer_code, document_id="khác"
    )
    text = clerk.get(page(document)).content.decode()
    assert "Có thể trùng với" in text
    assert page(twin) in text
    assert "cùng số, ký hiệu, nơi gửi" in text
    assert 'class="banner' in text
    assert document.verdict in {"valid", "invalid", "cannot tell"}


def test_a_refusal_keeps_what_was_typed_and_says_what_is_missing(city: Agency) -> None:
    document, leader = city.arrived(), entered(city.person(Duty.LEADER))
    acts.register(city.deed(Duty.CLERK), document, city.book)
    two = rows((f"u{city.room.pk}", Role.LEAD), (f"u{city.other_room.pk}", Role.LEAD), text="Giao hai phòng")
    answer = leader.post(f"{page(document)}lam/direct/", two)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Bút phê cần đúng một nơi chủ trì; đang có 2." in text
    assert "Giao hai phòng</textarea>" in text
    assert text.count("selected>Chủ trì") == 2
    wrong = [
        (rows((f"u{city.room.pk}", "lead"), text=" "), "Cần điền “Ý kiến bút phê”"),
        (rows(("u999999", "lead"), text="Giao"), "không còn trong cơ quan"),
        (rows((f"u{city.room.pk}", "lead"), (f"u{city.room.pk}", "inform"), text="Giao"), "chọn hai lần"),
        (rows((f"u{city.room.pk}", "lead"), text="Giao", due="2020-01-01"), "đã qua"),
        (rows((f"u{city.room.pk}", "lead"), text="Giao", due="hôm nào"), "không có trong lịch"),
        (rows((f"u{city.room.pk}", "lead"), text="G" * 2001), "Dài quá 2000 chữ"),
    ]
    for typed, said in wrong:
        assert said in leader.post(f"{page(document)}lam/direct/", typed).content.decode()
    assert not document.assignments.filter(parent__isnull=False).exists()


def test_one_line_more_needs_no_script(city: Agency) -> None:
    document, leader = city.arrived(), entered(city.person(Duty.LEADER))
    acts.register(city.deed(Duty.CLERK), document, city.book)
    typed = rows((f"u{city.room.pk}", "lead"), text="Giao", more="1")
    text = leader.post(f"{page(document)}lam/direct/", typed).content.decode()
    assert 'name="rows" value="2"' in text
    assert "Giao</textarea>" in text


def test_what_is_typed_is_kept_when_the_session_has_run_out(city: Agency) -> None:
    document, leader = city.arrived(), city.person(Duty.LEADER)
    acts.register(city.deed(Duty.CLERK), document, city.book)
    client = entered(leader)
    told = note_on(client, page(document) + "?lam=direct")
    client.logout()
    typed = rows((f"u{city.room.pk}", Role.LEAD), text="Giao trước khi hết phiên", **told)
    answer = client.post(f"{page(document)}lam/direct/", typed)
    assert answer["Location"].startswith("/dang-nhap/?next=")
    assert not document.assignments.filter(parent__isnull=False).exists()  # kept, not done
    other = entered(city.person(Duty.LEADER, nth=1))
    assert "trước khi hết phiên" not in other.get(page(document) + "?lam=direct").content.decode()
    text = entered(leader).get(page(document)).content.decode()
    assert "Giao trước khi hết phiên</textarea>" in text
    assert f'<option value="u{city.room.pk}" selected>' in text
    do(entered(leader), document, "direct", **typed)
    assert not Unsent.objects.filter(document=document).exists()


def test_a_form_of_an_earlier_login_is_kept_too(city: Agency) -> None:
    document, leader = city.arrived(), city.person(Duty.LEADER)
    acts.register(city.deed(Duty.CLERK), document, city.book)
    client = Client(enforce_csrf_checks=True)
    client.force_login(leader)
    typed = rows(text="Viết dở", **note_on(client, page(document) + "?lam=direct"))
    answer = client.post(f"{page(document)}lam/direct/", typed)
    assert (answer.status_code, "Viết dở</p>" in answer.content.decode()) == (403, True)
    assert "Viết dở</textarea>" in client.get(page(document) + "?lam=direct").content.decode()


def test_a_note_keeps_a_text_and_gives_no_other_right(city: Agency) -> None:
    document, other = city.arrived(), city.arrived(number="16")
    person, nobody = city.person(Duty.LEADER), Client()
    acts.register(city.deed(Duty.CLERK), document, city.book)
    told = note_on(entered(person), page(document) + "?lam=direct")
    another = signing.dumps([person.pk, page(document)], salt="another")
    for path, wrong in (
        (f"{page(document)}giu/khac/", told),
        (f"{page(document)}giu/direct/", {note.NAME: told[note.NAME] + "x"}),
        (f"{page(document)}giu/direct/", {note.NAME: another}),
    ):
        nobody.post(path, {"text": "Lạ", **wrong}, headers={"HX-Request": "true"})
    large = {"text": "x" * (unsent.MOST + 1), **told}
    nobody.post(f"{page(document)}giu/direct/", large, headers={"HX-Request": "true"})
    assert not Unsent.objects.filter(person=person).exists()
    assert not keeping.of(person).exists()
    nobody.post(f"{page(other)}lam/register/", {"text": "Lạ", **told})
    assert not other.numbers.exists()
    answer = entered(person).post(f"{page(document)}giu/direct/", {"text": "Tự giữ", **told})
    assert answer.status_code == 204
    assert Unsent.objects.get(person=person, document=document).fields == {"text": ["Tự giữ"]}
    do(entered(person), document, "direct", forget="1")
    assert not Unsent.objects.filter(person=person, document=document).exists()


def test_the_second_clerk_is_told_the_number_the_first_one_took(city: Agency) -> None:
    Book.objects.filter(agency="H29", lane=Lane.INCOMING).exclude(pk=city.book.pk).update(closed=True)
    document = city.arrived()
    first, second = entered(city.person(Duty.CLERK)), entered(city.person(Duty.CLERK, nth=1))
    assert "Đã vào sổ, số đến 01" in do(first, document, "register")
    assert "Đã vào sổ, số đến 01" in do(second, document, "register")
    assert document.numbers.count() == 1
    assert told(document) == ["03"]


def test_an_act_that_came_too_late_says_what_happened(city: Agency) -> None:
    document = city.arrived()
    acts.register(city.deed(Duty.CLERK), document, city.book)
    text = do(entered(city.person(Duty.CLERK, nth=1)), document, "refuse", text="Sai nơi nhận")
    assert "Việc này không còn làm được nữa" in text
    assert "vào sổ" in text
    assert told(document) == ["03"]


def test_who_moved_away_is_told_who_has_it_and_keeps_the_words(city: Agency) -> None:
    document, officer = city.arrived(), city.person(Duty.OFFICER, city.room)
    acts.register(city.deed(Duty.CLERK), document, city.book)
    acts.direct(city.deed(Duty.LEADER), document, "Giao", [Recipient(city.room, officer)])
    heir = city.person(Duty.OFFICER, city.room, nth=1)
    told = note_on(entered(officer), page(document) + "?lam=complete")
    hand_over(city.person(Duty.ADMINISTRATOR), officer, city.room, heir)
    answer = entered(officer).post(f"{page(document)}lam/complete/", {"text": "Đã làm xong mục 1", **told})
    assert answer.status_code == 403
    assert f"Việc này đã bàn giao cho {heir.name}" in answer.content.decode()
    assert "Đã làm xong mục 1" in answer.content.decode()
    assert Assignment.objects.get(document=document, person=heir).state == "waiting"


def test_a_delegate_acts_in_the_principals_name_and_in_nothing_else(city: Agency) -> None:
    document, secretary = city.arrived(), city.person(Duty.SECRETARY, city.room)
    acts.register(city.deed(Duty.CLERK), document, city.book)
    leader, today = city.person(Duty.LEADER), timezone.localdate()
    Delegation.objects.create(giver=leader.posts.get(), receiver=secretary, acts=["direct"], since=today, until=today)
    client = entered(secretary)
    text = client.get(page(document) + "?lam=direct").content.decode()
    assert f'name="for" value="{leader.pk}"' in text
    assert "/lam/complete/" not in text
    given = rows((f"u{city.room.pk}", Role.LEAD), text="Giao phòng")
    refused = do(client, document, "complete", **{"for": leader.pk})
    assert "Việc này không còn làm được nữa" in refused
    do(client, document, "direct", **given, **{"for": leader.pk})
    remark = document.remarks.get()
    assert (remark.author, remark.for_whom) == (secretary, leader)


def test_the_sender_is_answered_and_the_data_stays(clerk: Client, register: dict[str, Document]) -> None:
    document = register[ASKED]
    assert document.standing == Standing.FROZEN
    text = clerk.get(page(document)).content.decode()
    assert "Nơi gửi xin thu hồi" in text
    assert re.findall(r"lam=(agree|decline|register|direct)", text) == ["agree", "decline"]
    assert "Cần điền “Lý do”" in clerk.post(f"{page(document)}lam/decline/", {"text": " "}).content.decode()
    do(clerk, document, "agree")
    document.refresh_from_db()
    assert document.standing == Standing.RECALLED
    text = clerk.get(page(document)).content.decode()
    assert "Văn bản đã bị thu hồi" in text
    assert document.subject in text
    assert "lam=" not in text
    assert told(document) == ["15"]


def test_the_form_needs_no_script_and_the_policy_no_exception(city: Agency) -> None:
    document = city.arrived()
    acts.register(city.deed(Duty.CLERK), document, city.book)
    answer = entered(city.person(Duty.LEADER)).get(page(document) + "?lam=direct")
    text = answer.content.decode()
    form = re.search(r'<form class="stack dialog".*?</form>', text, re.DOTALL)
    assert form is not None
    assert "csrfmiddlewaretoken" in form[0]
    assert "'unsafe" not in answer["Content-Security-Policy"]
    assert settings.SESSION_COOKIE_HTTPONLY
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", text)


def test_a_gateway_down_for_a_day_stops_no_work_and_hears_everything_after(
    city: Agency, town: Town, clerk: Client, register: dict[str, Document]
) -> None:
    document, leader = register[WAITING], entered(city.person(Duty.LEADER))
    officer = city.person(Duty.OFFICER, city.room)
    town.failure = Unavailable("away")
    do(clerk, document, "register")
    do(leader, document, "direct", **rows((f"p{officer.pk}-{city.room.pk}", Role.LEAD), text="Giao"))
    do(entered(officer), document, "complete", text="Xong")
    assert reporting.send(FakeDesk(town, "H29"), "H29") == 0
    assert "3 trạng thái đang chờ gửi" in clerk.get(page(document)).content.decode()
    town.failure = None
    assert reporting.send(FakeDesk(town, "H29"), "H29") == 3
    sent = [call[2] for call in town.calls if call[:2] == ("report", document.package)]
    assert sent == ["03", "04", "06"]
    assert "đang chờ gửi" not in clerk.get(page(document)).content.decode()


def test_registered_before_and_after_midnight_in_viet_nam(city: Agency) -> None:
    clerk, before = city.deed(Duty.CLERK), datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC)
    late, early = city.arrived(), city.arrived(number="16")
    old = acts.register(replace(clerk, at=before), late, city.book)
    new = acts.register(replace(clerk, at=before + timedelta(seconds=1)), early, city.book)
    assert [(old.year, old.written), (new.year, new.written)] == [(2026, "01"), (2027, "01")]


def test_a_recall_that_comes_is_followed_once(city: Agency, town: Town) -> None:
    """The register stands where the gateway does, and its story says why; a repeat adds nothing."""
    document = city.arrived(package="a" * 32)
    mine = make(INCOMING[6], "in", town.now)
    asked = replace(mine, id="a" * 32, document_id=document.document_id)
    carrier = replace(mine, id="b" * 32, business=1, reason="Sai mục 3", document_id=document.document_id)
    town.entries["H29"] = [asked, carrier]
    for _ in range(2):
        adopt(FakeDesk(town, "H29"), "H29")
    document.refresh_from_db()
    assert (document.standing, document.asked) == (Standing.FROZEN, 1)
    [event] = document.events.filter(what="asked")
    assert event.told["reason"] == "Sai mục 3"
    answered = replace(mine.recipients[0], standing="recalled", asked=0)
    town.entries["H29"] = [replace(asked, recipients=(answered,)), carrier]
    for _ in range(2):  # answered from other software at the same gateway
        adopt(FakeDesk(town, "H29"), "H29")
    assert document.events.filter(what="stands").count() == 1
    assert "Văn bản đã bị thu hồi" in entered(city.person(Duty.CLERK)).get(page(document)).content.decode()


def test_a_recall_tells_its_reason(city: Agency, town: Town) -> None:
    document = city.arrived(package="a" * 32)
    mine = make(INCOMING[6], "in", town.now)
    carrier = replace(mine, id="b" * 32, business=1, reason="Sai mục 3", document_id=document.document_id)
    town.entries["H29"] = [replace(mine, id="a" * 32, document_id=document.document_id), carrier]
    adopt(FakeDesk(town, "H29"), "H29")
    assert "Lý do: Sai mục 3." in entered(city.person(Duty.CLERK)).get(page(document)).content.decode()


def test_what_other_software_worked_on_goes_on_where_it_stood(register: dict[str, Document]) -> None:
    states = {number: document.assignments.get(parent=None).state for number, document in register.items()}
    assert states[WAITING] == "arrived"
    assert states[REGISTERED] == "waiting"
    assert states[IN_HAND] == "working"
    assert states[DONE] == "done"
    assert all(told(document) == [] for document in register.values())  # nobody is told twice


def test_a_browser_that_looks_ahead_has_not_opened_anything(city: Agency) -> None:
    document = city.arrived()
    clerk = entered(city.person(Duty.CLERK))
    row = document.assignments.get()
    Assignment.objects.filter(pk=row.pk).update(person=city.person(Duty.CLERK))
    index.refresh(document)
    clerk.get(page(document), headers={"sec-purpose": "prefetch"})
    row.refresh_from_db()
    assert row.opened is None
    clerk.get(page(document))
    row.refresh_from_db()
    assert row.opened is not None


def test_deadlines_and_units_are_a_touch_away_and_work_without_scripts(city: Agency) -> None:
    document, room = city.arrived(), f"u{city.room.pk}"
    leader = entered(city.person(Duty.LEADER))
    acts.register(city.deed(Duty.CLERK), document, city.book)
    text = leader.get(page(document), {"lam": "direct"}).content.decode()
    days = re.findall(r'<input type="radio" name="soon" value="([^"]*)"', text)
    assert len(days) == 6
    assert days[-1] == "", "none at all, too"
    assert f'data-fill="who0" data-value="{room}"' in text
    do(leader, document, "direct", text="Giao phòng", soon=days[0], **rows((room, Role.LEAD)))
    given = document.assignments.get(unit=city.room)
    assert given.due
    assert f"{local(given.due):%Y-%m-%d}" == days[0]
