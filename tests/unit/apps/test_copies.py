"""Copies: the ways of the law, one series of numbers, the agency's mark in the corner, sent once."""

from uuid import uuid4  # noqa: TID251 - ids of forms

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.office import contents, numbers
from apps.office.copies import acts
from apps.office.copies.acts import Wish, main_of, make
from apps.office.copies.ways import Form, Medium, ways
from apps.office.models import Document, Lane, Link, Number, Source, Standing
from apps.staff.models import Duty
from lienthong.client import Desk
from lienthong.errors import IllegalMove, InvalidValue, LienThongError, Unavailable
from lienthong.signature import Role, validate
from lienthong.testing.desk import Town
from lienthong.testing.desk.fake import FakeDesk
from lienthong.testing.pki import pki
from unit.apps.office_made import Agency, entered
from unit.apps.test_compose import pdf

P, E = Medium.PAPER, Medium.ELECTRONIC


def registered(city: Agency, source: str = Source.SCAN, **fields: object) -> Document:
    document = city.arrived(source=source, **fields)
    contents.attach(document, "van-ban.pdf", "application/pdf", pdf(), main=True)
    numbers.take(city.book, document, city.person(Duty.CLERK), city.deed(Duty.CLERK).at)
    return document


def wish(form: Form = Form.TRUE, to: Medium = E, **more: object) -> Wish:
    return Wish(uuid4(), form, to, "Người Ký Mẫu", **more)  # type: ignore[arg-type]  # a table of fields


def test_the_ways_are_those_of_the_decree(city: Agency) -> None:
    paper, electronic = registered(city), registered(city, Source.AXIS)
    assert {form: set(into) for form, into in ways(paper).items()} == {Form.TRUE: {P, E}, Form.EXTRACT: {P, E}}
    assert {form: set(into) for form, into in ways(electronic).items()} == {Form.TRUE: {P}, Form.EXTRACT: {P, E}}
    true_copy = registered(city, kind="Bản sao y")
    assert set(ways(true_copy)[Form.AGAIN]) == {P, E}


def test_an_electronic_copy_is_signed_in_the_corner_and_numbered(city: Agency) -> None:
    original, clerk = registered(city), city.deed(Duty.CLERK)
    copy = make(clerk, original, wish())
    assert (copy.lane, copy.kind, copy.code, copy.signed) == (Lane.COPY, "Bản sao y", f"01/{copy.notation}", True)
    assert copy.notation.startswith("SY-")
    main = main_of(copy)
    assert main is not None
    with main.content.body.open() as body:
        [one] = validate(body.read(), pki().roots, clerk.at).signatures
    assert one.role is Role.COPY
    assert Link.objects.filter(source=copy, target=original, kind="copies").exists()
    assert original.events.filter(what="copied", told__number=copy.code).exists()


def test_all_forms_share_one_series_and_a_repeat_takes_no_number(city: Agency) -> None:
    original, clerk = registered(city), city.deed(Duty.CLERK)
    asked = wish(to=P, number=3)
    first, again = make(clerk, original, asked), make(clerk, original, asked)
    second = make(clerk, original, wish(Form.EXTRACT, pdf=pdf()))
    assert first == again
    assert (first.number, second.number, first.copies) == ("01", "02", 3)
    assert Number.objects.filter(book__lane=Lane.COPY).count() == 2


def test_what_may_not_be_copied_takes_no_number(city: Agency, town: Town) -> None:
    clerk, electronic = city.deed(Duty.CLERK), registered(city, Source.AXIS)
    for wrong in (wish(), wish(Form.AGAIN), wish(Form.EXTRACT), wish(Form.EXTRACT, pdf=b"MZ"), wish(to=P, number=0)):
        with pytest.raises(LienThongError):
            make(clerk, electronic, wrong)
    with pytest.raises(IllegalMove):
        make(clerk, city.arrived(), wish(to=P))
    with pytest.raises(IllegalMove):
        make(clerk, registered(city, standing=Standing.RECALLED), wish(to=P))
    with pytest.raises(PermissionDenied):
        make(city.deed(Duty.LEADER), electronic, wish(to=P))
    with pytest.raises(PermissionDenied):
        make(Agency("G22").deed(Duty.CLERK), electronic, wish(to=P))
    assert not Document.objects.filter(lane=Lane.COPY).exists()
    assert not Number.objects.filter(book__lane=Lane.COPY).exists()


def test_a_gateway_that_does_not_sign_leaves_nothing_registered(city: Agency, town: Town) -> None:
    town.failure = Unavailable("máy chủ bảo mật")
    with pytest.raises(LienThongError):
        make(city.deed(Duty.CLERK), registered(city), wish())
    assert not Document.objects.filter(lane=Lane.COPY).exists()


def test_an_electronic_copy_is_sent_once(city: Agency, town: Town) -> None:
    clerk, desk = city.deed(Duty.CLERK), FakeDesk(town, "H29")
    copy = make(clerk, registered(city), wish())
    for wrong in ([], ["H29"], ["ZZ.99"]):
        with pytest.raises(InvalidValue):
            acts.send(clerk, as_desk(desk), copy, wrong)
    acts.send(clerk, as_desk(desk), copy, ["G22"])
    copy.refresh_from_db()
    assert copy.package
    with pytest.raises(IllegalMove):
        acts.send(clerk, as_desk(desk), copy, ["G22"])
    with pytest.raises(IllegalMove):
        acts.send(clerk, as_desk(desk), make(clerk, registered(city), wish(to=P)), ["G22"])


def as_desk(desk: FakeDesk) -> Desk:
    return desk  # type: ignore[return-value]  # the twin answers as a desk does


def test_the_clerk_copies_on_the_page_and_others_may_not(city: Agency) -> None:
    clerk, officer = entered(city.person(Duty.CLERK)), entered(city.person(Duty.OFFICER, city.room))
    original = registered(city, subject="Quyết định mẫu cần sao")
    assert "Sao văn bản này" in clerk.get("/sao/?tim=mau+can+sao").content.decode()
    address = f"/sao/moi/{original.pk}/"
    told = {"id": str(uuid4()), "way": "TRUE:electronic", "signer": "Người Ký Mẫu", "number": "1"}
    refused = clerk.post(address, told | {"signer": " ", "recipients": "Phòng đã gõ"})
    assert (refused.status_code, "Phòng đã gõ" in refused.content.decode()) == (422, True)
    upload = SimpleUploadedFile("quet.pdf", pdf(), "application/pdf")
    made = clerk.post(address, told | {"pdf": upload})["Location"]
    assert "01/SY-" in clerk.get(made).content.decode()
    assert clerk.get(f"{made}tep/").content.startswith(b"%PDF-")
    assert clerk.post(address, told)["Location"] == made
    paper = clerk.post(address, told | {"id": str(uuid4()), "way": "TRUE:paper"})["Location"]
    assert "SAO Y" in clerk.get(f"{paper}in/").content.decode()
    assert clerk.get(f"{paper}tep/").status_code == 404
    clerk.post(made, {"act": "send", "to": "G22"})
    assert "Xem hành trình" in clerk.get(made).content.decode()
    assert officer.post(address, told).status_code == 403
    assert officer.get(made).status_code == 404
    assert entered(Agency("G22").person(Duty.CLERK)).get(made).status_code == 404
