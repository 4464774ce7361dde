import re
from dataclasses import replace

import pytest

from envelope_made import FULL, PDF, SMALL, STATUS
from lienthong.document import OrganisationCode
from lienthong.envelope import Attachment, Content, Edoc, Party, StatusMessage, read, write
from lienthong.errors import InvalidValue, PartMissing

# What one bus requires of every edoc (vn-rules §1.3).
REQUIRED = [
    "OrganId",
    "OrganizationInCharge",
    "OrganName",
    "OrganAdd",
    "Email",
    "Telephone",
    "Fax",
    "Website",
    "To",
    "DocumentId",
    "CodeNumber",
    "CodeNotation",
    "Place",
    "PromulgationDate",
    "Type",
    "TypeName",
    "Subject",
    "Content",
    "Competence",
    "Position",
    "FullName",
    "DueDate",
    "ToPlaces",
    "Priority",
    "SphereOfPromulgation",
    "TyperNotation",
    "PromulgationAmount",
    "PageAmount",
    "Appendixes",
    "TraceHeaderList",
    "TraceHeader",
    "ErrorList",
]


def names(data: bytes) -> list[str]:
    return re.findall(r"<(?:edXML:)?(\w+)", data.decode())


@pytest.mark.parametrize("message", [FULL, SMALL, STATUS], ids=["full", "small", "status"])
def test_what_is_written_reads_back_the_same_without_a_warning(message: Edoc | StatusMessage) -> None:
    reading = read(write(message, {}))
    assert reading.message == message
    assert reading.warnings == ()


def test_required_fields_are_always_there() -> None:
    assert set(REQUIRED) <= set(names(write(SMALL, {})))


def test_the_order_is_that_of_the_samples() -> None:
    order = "From To DocumentId Code PromulgationInfo DocumentType SignerInfo DueDate OtherInfo ResponseFor SteeringType ToPlaces"
    found = names(write(FULL, {}))
    places = [found.index(name) for name in order.split()]
    assert places == sorted(places)
    status = names(write(STATUS))
    order = "From ResponseFor StaffInfo StatusCode Description Timestamp"
    assert [status.index(name) for name in order.split()] == sorted(status.index(name) for name in order.split())


def test_envelope_children_are_prefixed_and_the_rest_is_not() -> None:
    text = write(FULL, {}).decode()
    envelope, inline = text.split("</edXML:edXMLEnvelope>")
    assert not re.findall(r"<[A-Za-z]+[ >]", envelope.split("edXMLEnvelope", 1)[1])
    assert "<AttachmentEncoded><Attachment><ContentId>cid:tep-1</ContentId>" in inline


def test_contents_stay_out_when_parts_carry_them() -> None:
    data = write(FULL, None)
    assert b"AttachmentEncoded" not in data
    assert b"cid:tep-1" in data
    message = read(data).message
    assert isinstance(message, Edoc)
    assert [each.content for each in message.attachments] == [Content(part="tep-1"), Content(part="tep-2")]


def test_given_contents_stand_for_those_not_held() -> None:
    bare = replace(SMALL, attachments=(Attachment("tep-1", "a.pdf", "application/pdf"),))
    assert read(write(bare, {"tep-1": PDF})).message == SMALL
    with pytest.raises(PartMissing):
        write(bare, {})


def test_unknown_elements_travel_on() -> None:
    message = replace(SMALL, unknown=(b'<La xmlns="urn:la" a="1&quot;">x<Con>&lt;</Con></La>',))
    assert read(write(message, {})).message == message


def test_only_the_element_itself_travels_on() -> None:
    message = replace(SMALL, unknown=(b"&junk;]]><La xmlns='urn:la'>x</La>",))
    found = read(write(message, {})).message
    assert isinstance(found, Edoc)
    assert found.unknown == (b'<La xmlns="urn:la">x</La>',)


@pytest.mark.parametrize("element", [b"<a>", b"<a/><b/>", b"text", b"", b"<!DOCTYPE a><a/>", b"</edXML:MessageHeader>"])
def test_unknown_elements_cannot_break_out(element: bytes) -> None:
    with pytest.raises(InvalidValue):
        write(replace(SMALL, unknown=(element,)), {})


def test_text_is_composed_and_characters_xml_cannot_carry_are_refused() -> None:
    with pytest.raises(InvalidValue):
        write(replace(SMALL, subject="a\x00b"), {})
    with pytest.raises(InvalidValue):
        write(replace(SMALL, subject="a\ud800b"), {})


@pytest.mark.parametrize(
    "broken",
    [
        replace(SMALL, sender=Party(None)),
        replace(SMALL, recipients=()),
        replace(SMALL, recipients=(Party(None, "Không mã"),)),
        replace(SMALL, attachments=SMALL.attachments * 2),
        replace(SMALL, attachments=(Attachment.of("", "a.pdf", "application/pdf", PDF),)),
        replace(STATUS, response=replace(STATUS.response, organisation=None)),
        replace(STATUS, response=replace(STATUS.response, document_id=None)),
        replace(STATUS, sender=Party(None)),
        replace(STATUS, code="99"),
    ],
)
def test_an_incomplete_message_is_not_written(broken: Edoc | StatusMessage) -> None:
    with pytest.raises(InvalidValue):
        write(broken, {})


def test_a_clerk_reads_the_codes_of_others_as_they_are() -> None:
    odd = replace(SMALL, recipients=(Party(OrganisationCode("vxp.saas.02")),))
    message = read(write(odd, {})).message
    assert isinstance(message, Edoc)
    assert str(message.recipients[0].code) == "VXP.SAAS.02"
