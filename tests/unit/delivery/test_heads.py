"""From an envelope to what a hop remembers."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from lienthong.delivery import Content, Head, canonical
from lienthong.delivery.heads import registered, written_head
from lienthong.document import DocumentId, OrganisationCode, StatusCode
from lienthong.envelope import Business, BusinessType, Reading, ReceiverChange, Replacement, ResponseFor, StatusMessage
from lienthong.errors import EnvelopeUnreadable
from lienthong.registry import Directory
from lienthong.testing.world import World


def reading(message: Any) -> Reading:
    return Reading(message, (), "0" * 64)


def head_of(read: Reading, directory: Directory) -> tuple[Head, tuple[str, ...]]:
    return registered(*written_head(read), directory)


def test_codes_of_either_generation_become_the_registrys_own() -> None:
    known = World().axis.directory()
    assert canonical(known, "000.00.00.h29") == "H29"
    assert canonical(known, OrganisationCode("H29")) == "H29"
    assert canonical(known, "lạ.01") == "lạ.01"
    assert canonical(known, None) == ""


def test_the_head_of_a_document() -> None:
    world = World()
    message = world.edoc("H29", ["G09", "H34.7"], number="15", notation="QĐ-M", urgency=2, due="2026-12-01")
    head, addressees = head_of(reading(message), world.axis.directory())
    assert addressees == ("G09", "H34.7")
    assert (head.content, head.number, head.notation, head.urgency) == (Content.EDOC, "15", "QĐ-M", 2)
    assert (head.issued, head.due) == (world.clock.now().date().isoformat(), date(2026, 12, 1).isoformat())


def test_the_head_of_a_change_names_what_it_changes() -> None:
    world = World()
    business = Business(
        type=BusinessType.UPDATE,
        document_id=DocumentId("cũ"),
        receivers=(
            ReceiverChange(OrganisationCode("000.00.00.H29"), added=True),
            ReceiverChange(OrganisationCode("G09"), added=False),
        ),
        replaces=(Replacement(DocumentId("a")), Replacement(DocumentId("a")), Replacement(DocumentId("b"))),
    )
    head, _ = head_of(reading(replace(world.edoc("H29", ["G09"]), business=business)), world.axis.directory())
    assert (head.business, head.affects, head.added, head.removed) == (2, "cũ", ("H29",), ("G09",))
    assert head.replaces == ("a", "b")


def test_the_head_of_a_status_is_addressed_to_the_issuer() -> None:
    world = World()
    sender = world.edoc("G09", ["H29"]).sender
    about = ResponseFor(OrganisationCode("000.00.00.H29"), DocumentId("vb-1"))
    message = StatusMessage(sender=sender, response=about, code=StatusCode.FINISHED, at=world.clock.now())
    head, addressees = head_of(reading(message), world.axis.directory())
    assert addressees == ("H29",)
    assert (head.content, head.status, head.about, head.document_id) == (Content.STATUS, "06", "H29", "vb-1")
    assert head.at == "2026-11-22T15:00:00+07:00"
    assert head_of(reading(replace(message, at=None)), world.axis.directory())[0].at == ""
    nobody = replace(message, response=replace(about, organisation=None))
    assert head_of(reading(nobody), world.axis.directory())[1] == ("",)


def test_without_a_recipient_there_is_no_way() -> None:
    world = World()
    message = world.edoc("H29", ["G09"])
    nobody = replace(message, recipients=(replace(message.recipients[0], code=None),))
    with pytest.raises(EnvelopeUnreadable, match="no recipient"):
        head_of(reading(nobody), world.axis.directory())
