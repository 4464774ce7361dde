"""The pages of the way out, as each person sees them: hand on, approve, sign, number, seal, issue, note what is sent."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4  # noqa: TID251 - what a browser would send

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.office.deed import Deed
from apps.office.desk import desk_for
from apps.office.models import Book, Dispatch, Document, Draft, Group, Number, Remark, Version
from apps.office.outgoing import sending
from apps.office.outgoing.dispatching import papers_beside
from apps.staff.models import Delegation, Duty, Post
from apps.unsent import keeping, note
from lienthong.errors import RecipientUnknown, Unavailable
from lienthong.testing.desk import Town
from unit.apps.office_made import SINCE, note_on, undone
from unit.apps.test_outgoing import City
from unit.apps.test_outgoing_flow import TEXT


@pytest.fixture
def city() -> Iterator[City]:
    with undone():
        yield City()


@pytest.fixture
def sign_in() -> Callable[[Deed], Client]:
    def signed_in(deed: Deed) -> Client:
        client = Client()
        client.force_login(deed.person)
        return client

    return signed_in


In = Callable[[Deed], Client]


def handed_on(city: City, sign_in: In, **more: str) -> str:
    """The address of a document's page after its drafter has handed it on."""
    form = f"/soan/{uuid4()}/"
    officer = sign_in(city.officer)
    officer.post(form, {**TEXT, "act": "save", "codes": "G09 G12"})
    answer = officer.post(
        form, {**TEXT, **more, "act": "submit", "signer": city.leader.person.pk, "words": "Kính trình"}
    )
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return str(answer["Location"])


def press(client: Client, address: str, act: str, **told: Any) -> str:
    answer = client.post(address, {"act": act, **told})
    assert answer.status_code == 302, answer.content.decode()[:6000]
    return client.get(address).content.decode()


def sealed(city: City, sign_in: In) -> tuple[str, Client]:
    """The address of a document that only waits to be issued, and the clerk."""
    address = handed_on(city, sign_in)
    head, clerk, leader = (sign_in(deed) for deed in (city.head, city.clerk, city.leader))
    for client, act in ((head, "approve"), (clerk, "approve"), (leader, "sign"), (clerk, "number"), (clerk, "seal")):
        press(client, address, act, version=1)
    return address, clerk


def test_a_document_goes_its_whole_way_over_the_pages(city: City, sign_in: In) -> None:
    address = handed_on(city, sign_in)
    head, clerk, leader = (sign_in(deed) for deed in (city.head, city.clerk, city.leader))
    assert "/di/viec/cho-toi-duyet/" in head.get(address).content.decode()
    assert TEXT["subject"] in head.get("/di/viec/cho-toi-duyet/").content.decode()
    press(head, address, "approve", version=1, words="Nhất trí")
    press(clerk, address, "approve", version=1)
    assert TEXT["subject"] in leader.get("/di/viec/cho-ky/").content.decode()
    press(leader, address, "sign", version=1)
    assert TEXT["subject"] in clerk.get("/di/viec/cho-cap-so/").content.decode()
    assert "Gửi chậm nhất" in clerk.get(address).content.decode()
    text = press(clerk, address, "number")
    assert "01/QĐ-UBND" in text
    assert "nguyên vẹn; phần ghi thêm sau đó (số, ngày) chờ dấu của cơ quan xác nhận" in text
    assert "hưa kết luận được" not in text
    assert "Phát hành và gửi" in press(clerk, address, "seal")
    text = press(clerk, address, "issue")
    for said in ("Phát hành lúc", "Nhất trí", "Kính trình", "cấp số 01/QĐ-UBND", "để gửi đến 2 nơi", "Đến nơi"):
        assert said in text
    assert Document.objects.get(pk=address.split("/")[-2]).package
    assert TEXT["subject"] in clerk.get("/di/viec/da-phat-hanh/").content.decode()
    assert clerk.get(address + "ban/0/").content.startswith(b"%PDF")
    assert clerk.get(address + "ban/1/").content.startswith(b"%PDF")


def test_an_outdated_version_is_refused_in_words_and_what_was_typed_is_kept(city: City, sign_in: In) -> None:
    address = handed_on(city, sign_in)
    head, officer = sign_in(city.head), sign_in(city.officer)
    draft = Draft.objects.get(document=address.split("/")[-2])
    press(officer, address, "take-back")
    officer.post(
        f"/soan/{draft.pk}/", {**TEXT, "body": "Điều 1. Khác.", "act": "submit", "signer": city.leader.person.pk}
    )
    answer = head.post(address, {"act": "approve", "version": "1", "words": "Nhất trí với bản cũ"})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "đã có bản mới" in text
    assert "Nhất trí với bản cũ" in text
    assert not Remark.objects.exists()


def test_words_come_back_when_the_session_has_run_out(city: City, sign_in: In) -> None:
    address = handed_on(city, sign_in)
    head = sign_in(city.head)
    told = {"act": "return", "version": 1, "words": "Thiếu căn cứ pháp lý", **note_on(head, address)}
    head.logout()
    assert head.post(address, told)["Location"] == f"/dang-nhap/?next={address}"
    assert not Remark.objects.exists(), "kept, not done"
    assert "Thiếu căn cứ pháp lý" not in sign_in(city.officer).get(address).content.decode()
    head = sign_in(city.head)
    text = head.get(address).content.decode()
    assert "Thiếu căn cứ pháp lý</textarea>" in text
    assert "chưa gửi đi; nó được giữ và hiện lại ở đây." in text.partition("<template")[0]
    press(head, address, "return", **{name: value for name, value in told.items() if name != "act"})
    assert "Thiếu căn cứ pháp lý</textarea>" not in head.get(address).content.decode()


def test_kept_words_are_shown_where_they_were_typed_until_their_writer_drops_them(city: City, sign_in: In) -> None:
    address = handed_on(city, sign_in)
    told = {"version": 1, **note_on(sign_in(city.head), address)}
    for act in ("approve", "comment", "remind"):
        Client().post(address, told | {"act": act, "words": f"Viết dở {act}"})
    head = sign_in(city.head)
    text = head.get(address).content.decode()
    assert text.count("data-typed>") == 4, "each in its form, and the browser's own words"
    assert all(f"Viết dở {act}" in text for act in ("approve", "comment", "remind"))
    kept = {one.fields["act"][0]: one.number for one in keeping.opened(keeping.of(city.head.person))}
    head.post("/chua-gui/bo/", {note.KEPT: kept["comment"]})
    assert "Viết dở comment" not in head.get(address).content.decode()
    assert keeping.of(city.head.person).count() == 2


def test_a_head_changes_the_draft_at_the_own_step(city: City, sign_in: In) -> None:
    address = handed_on(city, sign_in)
    head, clerk = sign_in(city.head), sign_in(city.clerk)
    draft = Draft.objects.get(document=address.split("/")[-2])
    assert clerk.get(f"/soan/{draft.pk}/").status_code == 302, "not the clerk's step"
    head.post(f"/soan/{draft.pk}/", {**TEXT, "body": "Điều 1. Trưởng phòng sửa.", "act": "save"})
    assert Version.objects.count() == 2
    assert "thành bản 2" in head.get(address).content.decode()


def test_what_is_wrong_is_told_before_anything_is_handed_on(city: City, sign_in: In) -> None:
    form, officer = f"/soan/{uuid4()}/", sign_in(city.officer)
    answer = officer.post(form, {**TEXT, "place": "", "act": "submit", "signer": city.leader.person.pk})
    assert answer.status_code == 422
    assert "Cần ghi địa danh" in answer.content.decode()
    answer = officer.post(form, {**TEXT, "act": "submit", "codes": "G09"})
    assert "Cần chọn người ký" in answer.content.decode()
    assert not Version.objects.exists()


def test_where_there_are_but_a_leader_and_a_clerk_it_goes_straight_to_the_signature(city: City, sign_in: In) -> None:
    Post.objects.filter(unit=city.root).exclude(person__in=(city.clerk.person, city.leader.person)).delete()
    form, clerk = f"/soan/{uuid4()}/", sign_in(city.clerk)
    clerk.post(form, {**TEXT, "act": "save", "codes": "G09"})
    address = clerk.post(form, {**TEXT, "act": "submit", "signer": city.leader.person.pk})["Location"]
    press(sign_in(city.leader), address, "sign", version=1)
    for act in ("number", "seal", "issue"):
        press(clerk, address, act)
    document = Document.objects.get(pk=address.split("/")[-2])
    assert (document.code, document.signed) == ("01/QĐ-UBND", True)
    assert (
        TEXT["subject"]
        in clerk.get(
            f"/so/{Book.objects.get(agency=city.code, lane='out').pk}/{document.issued.year}/"
        ).content.decode()
    )


def test_strangers_see_nothing_and_can_do_nothing(city: City, sign_in: In, other_clerk: Client) -> None:
    address = handed_on(city, sign_in)
    assert other_clerk.get(address).status_code == 404
    other_room = sign_in(city.deed(Duty.OFFICER, city.other_room))
    assert other_room.get(address).status_code == 403
    assert other_room.post(address, {"act": "comment", "words": "x"}).status_code == 403
    assert sign_in(city.officer).post(address, {"act": "approve", "version": 1}).status_code == 409
    assert sign_in(city.officer).post(address, {"act": "không có"}).status_code == 409


def test_groups_paper_with_a_reason_and_people_inside(city: City, sign_in: In) -> None:
    form, officer = f"/soan/{uuid4()}/", sign_in(city.officer)
    officer.post(form, {**TEXT, "act": "save", "codes": "G09 G12"})
    officer.post(form, {**TEXT, "act": "keep-group", "group_name": "Hai bộ (mẫu)"})
    group = Group.objects.get()
    other = f"/soan/{uuid4()}/"
    officer.post(other, {**TEXT, "act": "save"})
    officer.post(other, {**TEXT, "act": f"group:{group.pk}"})
    assert [row["code"] for row in Draft.objects.get(pk=other.split("/")[2]).recipients] == ["G09", "G12"]
    paper = {"beyond_way": "paper", "beyond_name": "Bộ Nội vụ"}
    answer = officer.post(other, {**TEXT, "act": "beyond", **paper})
    assert answer.status_code == 409
    assert "cần ghi lý do" in answer.content.decode()
    officer.post(other, {**TEXT, "act": "beyond", **paper, "beyond_reason": "Quy chế làm việc"})
    officer.post(other, {**TEXT, "act": "beyond", "beyond_way": "paper", "beyond_name": "Hội Ví Dụ"})
    officer.post(other, {**TEXT, "act": "beyond", "beyond_way": "person", "beyond_name": city.head.person.name})
    draft = Draft.objects.get(pk=other.split("/")[2])
    assert [line["way"] for line in draft.beyond] == ["paper", "paper", "person"]
    officer.post(other, {**TEXT, "act": "drop-beyond:2"})
    draft.refresh_from_db()
    assert len(draft.beyond) == 2
    address = str(officer.post(other, {**TEXT, "act": "submit", "signer": city.leader.person.pk})["Location"])
    head, clerk, leader = (sign_in(deed) for deed in (city.head, city.clerk, city.leader))
    for client, act in ((head, "approve"), (clerk, "approve"), (leader, "sign"), (clerk, "number"), (clerk, "seal"), (clerk, "issue")):  # fmt: skip
        press(client, address, act, version=1)
    line = Dispatch.objects.get(name="Hội Ví Dụ")
    assert sign_in(city.officer).post(address, {"act": "note", "line": line.pk}).status_code in {403, 409}
    assert "RR123" in press(clerk, address, "note", line=line.pk, words="RR123")
    assert papers_beside(city.code) == 1
    assert "đã nhận trên trục: 1 lần" in clerk.get("/di/so/").content.decode()
    assert Number.objects.get().written == "01"


def test_reminding_stands_in_the_story(city: City, sign_in: In) -> None:
    address = handed_on(city, sign_in)
    assert "nhắc Phòng Kinh tế (mẫu). Cần gấp" in press(sign_in(city.officer), address, "remind", words="Cần gấp")


def test_who_acts_for_a_head_approves_and_both_are_named(city: City, sign_in: In) -> None:
    address = handed_on(city, sign_in)
    deputy = city.deed(Duty.OFFICER, city.other_room)
    giver = Post.objects.get(person=city.head.person)
    assert sign_in(deputy).get(address).status_code == 403
    Delegation.objects.create(giver=giver, receiver=deputy.person, acts=["approve"], since=SINCE, basis="Giấy mẫu")
    client = sign_in(deputy)
    assert TEXT["subject"] in client.get("/di/viec/cho-toi-duyet/").content.decode()
    assert "Bạn duyệt thay" in client.get(address).content.decode()
    text = press(client, address, "approve", version=1)
    assert f"{deputy.person.name} (thay {city.head.person.name}) đồng ý bản 1" in text
    assert client.post(address, {"act": "sign", "version": 1}).status_code == 409


def test_a_box_asks_the_same_number_of_questions_however_full_it_is(city: City, sign_in: In) -> None:
    clerk, asked = sign_in(city.clerk), []
    for _ in range(2):
        for _ in range(4):
            city.signed()
        clerk.get("/di/viec/cho-cap-so/")
        with CaptureQueriesContext(connection) as seen:
            assert clerk.get("/di/viec/cho-cap-so/").status_code == 200
        asked.append(len(seen))
    assert asked[0] == asked[1]
    assert asked[1] < 20


def test_what_the_gateway_refused_is_sent_again_by_the_clerk(city: City, sign_in: In, town: Town) -> None:
    address, clerk = sealed(city, sign_in)
    town.failure = RecipientUnknown("G12")
    text = press(clerk, address, "issue")
    assert "recipient-unknown" in text
    assert Draft.objects.get(document=address.split("/")[-2]).files.exists(), "nothing is lost"
    town.failure = None
    assert "cho gửi lại" in press(clerk, address, "again")
    assert Document.objects.get(pk=address.split("/")[-2]).package


def desk_of_city() -> Any:
    own = settings.CONFIG.of("H29")
    assert own is not None
    return desk_for(own)


def test_a_gateway_down_for_a_day_costs_the_clerk_nothing(city: City, sign_in: In, town: Town) -> None:
    address, clerk = sealed(city, sign_in)
    town.failure = Unavailable("gateway")
    text = press(clerk, address, "issue")
    for said in ("hệ thống tự gửi khi có kết nối lại", "Chờ máy chủ bảo mật nhận; hệ thống tự gửi lại."):
        assert said in text
    assert sending.send(desk_of_city(), city.code) == 0
    assert not Document.objects.get(pk=address.split("/")[-2]).package
    town.failure = None
    assert sending.send(desk_of_city(), city.code) == 1
    assert Document.objects.get(pk=address.split("/")[-2]).package
    assert len([call for call in town.calls if call[0] == "send"]) == 1
    assert "để gửi đến 2 nơi" in clerk.get(address).content.decode()


def test_a_draft_handed_on_is_not_read_through_its_form_or_its_file(city: City, sign_in: In) -> None:
    address = handed_on(city, sign_in)
    draft = Draft.objects.get(document=address.split("/")[-2])
    stranger = sign_in(city.deed(Duty.OFFICER, city.other_room))
    for path in ("", "tep/0/", "word/", "ky/"):
        assert stranger.get(f"/soan/{draft.pk}/{path}").status_code == 403


def test_the_list_goes_on_with_the_next_after_each_act(city: City, sign_in: In) -> None:
    first, second = handed_on(city, sign_in), handed_on(city, sign_in, subject="Về việc thứ hai (văn bản mẫu)")
    head = sign_in(city.head)
    opened = re.search(rf'href="{second}(\?trong=[^"]+)"', head.get("/di/viec/cho-toi-duyet/").content.decode())
    assert opened
    answer = head.post(second + opened[1], {"act": "approve", "version": 1}, follow=True)
    text = answer.content.decode()
    assert answer.redirect_chain[-1][0] == second + opened[1], "the list is kept"
    assert f'<a class="button second" href="{first}{opened[1]}">' in text, "its first is what comes next"
    assert 'class="back" href="/di/viec/cho-toi-duyet/"' in text
