"""A document's page on its way out: laid out when handed on, signed, numbered, sealed, in the register, sent."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings

from apps.office import numbers
from apps.office.books import book_for
from apps.office.deed import Deed
from apps.office.desk import desk_for
from apps.office.models import Document, Draft, DraftFile, Lane, Way
from apps.office.outgoing import acts, flow, sending, signatures
from apps.office.outgoing.page import as_page
from apps.office.signing import signed, signer_of
from lienthong.errors import IllegalMove, RecipientUnknown, SigningEnded, Unavailable, VersionOutdated
from lienthong.layout import compose
from lienthong.signature import LegalValue, Role, Verdict, fields_of, validate
from lienthong.testing.desk import Town
from lienthong.testing.pki import pki
from unit.apps.office_made import undone
from unit.apps.test_outgoing import City, story, waits

TEXT = {
    "kind": "Quyết định",
    "notation": "QĐ-UBND",
    "subject": "Về việc thử (văn bản mẫu)",
    "place": "Thành phố Hồ Chí Minh",
    "signer_name": "Nguyễn Văn Mẫu",
    "signer_position": "Chủ tịch",
    "body": "Điều 1. Thử.",
}


class Office(City):
    """A city whose drafts have pages and whose gateway signs."""

    def typed(self, **told: str) -> Draft:
        recipients = [{"code": "G09", "name": "Bộ Nội vụ", "state": "open"}]
        return Draft.objects.create(
            agency=self.code, author=self.officer.person, fields=TEXT | told, recipients=recipients
        )

    def through(self, draft: Draft) -> Document:
        document = flow.submit(self.officer, draft, self.leader.person)
        for deed in (self.head, self.clerk):
            acts.approve(deed, document, 1)
        draft.refresh_from_db()
        return document

    def put(self, deed: Deed, document: Document, role: Role) -> None:
        draft = Draft.objects.get(document=document)
        signatures.check(draft, deed.person, role)
        before, key = page(draft), signer_of(self.code, role)
        assert key is not None
        pdf = signed(before, role, key, draft, deed.person.name)
        signatures.keep(draft, deed.person, role, hashlib.sha256(before).hexdigest(), pdf)

    def issued(self, draft: Draft) -> Document:
        document = self.through(draft)
        self.put(self.leader, document, Role.LEADER)
        flow.give_number(self.clerk, document)
        self.put(self.clerk, document, Role.SEAL)
        flow.issue(self.clerk, document)
        return Document.objects.get(pk=document.pk)

    def sent(self) -> Document:
        document = self.issued(self.typed())
        sending.send(self.desk, self.code)
        document.refresh_from_db()
        return document

    @property
    def desk(self) -> Any:
        own = settings.CONFIG.of(self.code)
        assert own is not None
        return desk_for(own)


def page(draft: Draft) -> bytes:
    return bytes(draft.files.get(main=True).content)


@pytest.fixture
def city() -> Iterator[Office]:
    with undone():
        yield Office()


def test_number_and_date_stand_on_the_page_between_signature_and_seal(city: Office) -> None:
    draft = city.typed()
    document = city.issued(draft)
    with document.files.get(main=True).content.body.open("rb") as held:
        pdf = held.read()
    report = validate(pdf, list(pki().roots), document.issued_at)
    assert [(one.role, one.verdict) for one in report.signatures] == [
        (Role.LEADER, Verdict.VALID),
        (Role.SEAL, Verdict.VALID),
    ]
    assert report.legal_value is LegalValue.ORIGINAL
    found = fields_of(pdf)
    assert found["DocumentNumber"].words == "Số: 01/QĐ-UBND"
    assert document.issued is not None
    assert str(document.issued.year) in found["DocumentDate"].words


def test_the_worker_sends_what_is_issued_and_again_after_an_outage(city: Office, town: Town) -> None:
    document = city.issued(city.typed())
    town.failure = Unavailable("gateway")
    assert sending.send(city.desk, city.code) == 0
    town.failure = None
    assert sending.send(city.desk, city.code) == 1
    assert sending.send(city.desk, city.code) == 0
    document.refresh_from_db()
    assert document.package
    assert document.dispatches.get().sent is not None
    assert story(document)[-2:] == ["issued", "sent"]
    assert len([call for call in town.calls if call[0] == "send"]) == 1


def test_what_the_gateway_never_takes_is_seen_and_not_asked_for_ever(city: Office, town: Town) -> None:
    document = city.issued(city.typed())
    town.failure = RecipientUnknown("G09")
    assert sending.send(city.desk, city.code) == 0
    assert document.dispatches.get().stopped == "recipient-unknown"
    town.failure = None
    assert sending.send(city.desk, city.code) == 0


def test_no_seal_before_the_number_and_no_issue_before_the_seal(city: Office) -> None:
    document = city.through(city.typed())
    with pytest.raises(IllegalMove):
        city.put(city.clerk, document, Role.SEAL)
    city.put(city.leader, document, Role.LEADER)
    with pytest.raises(IllegalMove):
        city.put(city.clerk, document, Role.SEAL)
    flow.give_number(city.clerk, document)
    with pytest.raises(IllegalMove):
        flow.issue(city.clerk, document)
    assert waits(document) == ["issue"]


def test_a_signature_goes_on_the_very_page_that_was_shown(city: Office) -> None:
    draft = city.typed()
    document = city.through(draft)
    before, key = page(draft), signer_of(city.code, Role.LEADER)
    assert key is not None
    pdf = signed(before, Role.LEADER, key, draft, "Mẫu")
    draft.fields = draft.fields | {"body": "Điều 1. Khác."}
    draft.save()
    flow.revise(city.leader, draft, document)
    with pytest.raises((SigningEnded, VersionOutdated)):
        signatures.keep(draft, city.leader.person, Role.LEADER, hashlib.sha256(before).hexdigest(), pdf)
    assert waits(document) == ["sign"]
    assert document.versions.count() == 2
    city.put(city.leader, document, Role.LEADER)


def test_handed_on_unchanged_it_is_the_same_version(city: Office) -> None:
    draft = city.typed()
    document = flow.submit(city.officer, draft, city.leader.person)
    acts.give_back(city.head, document, 1, "Xem lại")
    draft.refresh_from_db()
    flow.submit(city.officer, draft, city.leader.person)
    assert document.versions.count() == 1


def test_a_page_from_elsewhere_carries_a_number_kept_before(city: Office) -> None:
    draft = city.typed(number="")
    DraftFile.objects.create(draft=draft, main=True, name="a.pdf", media_type="application/pdf", content=b"%PDF-1")
    assert "number" in flow.problems(draft)
    draft.fields = draft.fields | {"number": "01"}
    assert "number" in flow.problems(draft)
    book = book_for(city.code, Lane.OUTGOING, draft.fields["kind"])
    numbers.reserve(book, 1, city.clerk.person, city.clerk.at, "Trang đã in số (mẫu)")
    assert not flow.problems(draft)


def test_a_page_that_came_with_its_signature_goes_to_the_clerk_at_once(city: Office) -> None:
    """The leader has signed it in another program, with a number kept before."""
    [kept] = numbers.reserve(book_for(city.code, Lane.OUTGOING, ""), 1, city.clerk.person, city.clerk.at, "Ký ở ngoài")
    draft, key = city.typed(number=kept.written), signer_of(city.code, Role.LEADER)
    assert key is not None
    laid = compose(replace(as_page(draft), pending=False)).pdf
    pdf = signed(laid, Role.LEADER, key, draft, "")
    DraftFile.objects.create(draft=draft, main=True, name="01.pdf", media_type="application/pdf", content=pdf)
    document = city.through(draft)
    assert waits(document) == ["issue"]
    flow.give_number(city.clerk, document)
    city.put(city.clerk, document, Role.SEAL)
    flow.issue(city.clerk, document)
    assert Document.objects.get(pk=document.pk).code == f"{kept.written}/QĐ-UBND"


def test_beyond_the_axis_each_has_a_line_and_people_inside_have_it_at_once(city: Office) -> None:
    draft = city.typed()
    draft.beyond = [
        {"way": Way.PAPER, "name": "Hội Ví Dụ", "address": "Số 1 phố Mẫu"},
        {"way": Way.PERSON, "name": city.head.person.name, "person": city.head.person.pk},
        {"way": Way.PAPER, "name": "Bộ Nội vụ", "code": "G09", "reason": "Quy chế làm việc yêu cầu bản giấy"},
    ]
    draft.save()
    document = city.issued(draft)
    told = {(line.way, line.name): line.sent is not None for line in document.dispatches.all()}
    assert told == {
        ("axis", "Bộ Nội vụ"): False,
        ("paper", "Hội Ví Dụ"): False,
        ("person", city.head.person.name): True,
        ("paper", "Bộ Nội vụ"): False,
    }
