"""The axis at its door: what is taken, what is refused with which code, and what trace a refusal leaves."""

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lienthong.delivery import AXIS, JourneyState, accept
from lienthong.delivery.hop import INLINE
from lienthong.delivery.refusing import RECEIPT
from lienthong.document import DocumentId, OrganisationCode, package_id
from lienthong.envelope import Part, ResponseFor, StatusMessage, frame, pack, write
from lienthong.errors import (
    AlgorithmNotAllowed,
    DeliveryExpired,
    DocumentUnknown,
    DuplicateDiffers,
    EnvelopeUnreadable,
    EnvelopeUnsafe,
    LienThongError,
    NotARecipient,
    PackageMalformed,
    PackageTooLarge,
    PartChanged,
    PartMissing,
    PartUnexpected,
    RecipientClosed,
    RecipientUnknown,
    RegistryStale,
    SealInvalid,
    SealKeyExpired,
    SealKeyForeign,
    SealKeyRevoked,
    SealKeyUnknown,
    SecretNotAllowed,
    SenderNotRepresented,
)
from lienthong.evidence import EventKind, ProofResult, Receipt, manifest_digest, verify_receipt
from lienthong.registry import Purpose, Rules, certificate_entry
from lienthong.testing.pki import REVOKED_AT, pki
from lienthong.testing.world import DEDICATED, SHARED, World
from packages_made import framed, sealed


def edoc(world: World, *recipients: str, **more: Any) -> Any:
    return world.edoc("H29", recipients or ("G09",), **more)


# ---------------------------------------------------------------- taken


@pytest.mark.parametrize(("size", "asked"), [(1_000, 0), (INLINE + 1, 1)])
async def test_the_store_is_asked_before_the_write_only_for_what_is_kept_beside_it(size: int, asked: int) -> None:
    world, times = World(), 0

    class Counting:
        def __getattr__(self, name: str) -> Any:
            return getattr(world.axis.store, name)

        async def read(self, work: Any) -> Any:
            nonlocal times
            times += 1
            return await world.axis.store.read(work)

    made, parts = sealed(world, edoc(world, files={"a.pdf": bytes(size)}))
    await accept(replace(world.axis, store=Counting()), DEDICATED, frame(made, parts))  # type: ignore[arg-type]  # the rest is the real one
    assert times == asked


async def test_a_package_is_taken_with_a_receipt_that_proves_it() -> None:
    world = World()
    made, parts = sealed(world, edoc(world))
    accepted = await accept(world.axis, DEDICATED, frame(made, parts))
    receipt = Receipt.from_json(accepted.receipt)
    assert (receipt.event.kind, receipt.event.hop, receipt.event.package) == (
        "submission-accepted",
        AXIS,
        accepted.package,
    )
    files = {part.name: part.content for part in parts}
    assert verify_receipt(receipt, files, world.pki.roots, world.clock.now()).result is ProofResult.PROVED
    assert [(leg.addressee, leg.state) for leg in accepted.legs] == [("G09", "accepted")]


async def test_a_repeat_gets_the_same_receipt_byte_for_byte() -> None:
    world = World()
    package = framed(world, edoc(world, "G09", "H29.27"))
    first = await accept(world.axis, DEDICATED, package)
    world.clock.advance(timedelta(minutes=1))
    await accept(world.axis, DEDICATED, framed(world, edoc(world), "id-2"))
    assert await accept(world.axis, DEDICATED, package) == first
    assert len(await world.events(AXIS)) == 3  # accepted, redirected, and the other one


async def test_another_seal_on_the_same_content_is_the_same_package() -> None:
    world = World()
    message = edoc(world)
    first = await accept(world.axis, DEDICATED, framed(world, message))
    world.clock.advance(timedelta(seconds=2))
    again = await accept(world.axis, DEDICATED, framed(world, message))
    assert again.receipt == first.receipt


@pytest.mark.parametrize("change", ["key revoked", "registry stale", "time to live over", "gateway changed"])
async def test_a_yes_is_never_taken_back(change: str) -> None:
    world = World()
    package = framed(world, edoc(world), live=timedelta(hours=1))
    first = await accept(world.axis, DEDICATED, package)
    rows = {
        "key revoked": {"certificates": ()},
        "gateway changed": {"representations": ()},
        "registry stale": {"expires_at": world.clock.now()},
        "time to live over": {},
    }
    world.publish(world.newer(**rows[change]), AXIS)
    world.clock.advance(timedelta(hours=2))
    assert (await accept(world.axis, DEDICATED, package)).receipt == first.receipt
    with pytest.raises(LienThongError):  # the same bytes from another gateway earn no such answer
        await accept(world.axis, SHARED, package)


async def test_a_legacy_code_means_the_organisation_of_today() -> None:
    world = World()
    message = world.edoc("G09", ["000.00.00.H29", "H29"])
    accepted = await accept(world.axis, SHARED, framed(world, message, sender="G09"))
    assert [(leg.addressee, leg.recipient) for leg in accepted.legs] == [("H29", "H29")]


async def test_a_closed_code_is_redirected_visibly_and_with_proof() -> None:
    world = World()
    accepted = await accept(world.axis, DEDICATED, framed(world, edoc(world, "H29.27")))
    (leg,) = accepted.legs
    assert (leg.addressee, leg.recipient, leg.state) == ("H29.27", "H29.131", JourneyState.ACCEPTED)
    told = Receipt.from_json(leg.receipt).event
    assert (told.kind, told.addressee, told.recipient) == (EventKind.REDIRECTED, "H29.27", "H29.131")


async def test_one_refused_addressee_does_not_stop_the_others() -> None:
    world = World()
    # the desk would have refused it at once: here a gateway sends what its older registry allowed
    accepted = await accept(world.axis, DEDICATED, framed(world, edoc(world, "G09", "H29.28", "H50")))
    assert [(leg.addressee, leg.state, leg.refusal) for leg in accepted.legs] == [
        ("G09", "accepted", ""),
        ("H29.28", "refused", "recipient-closed"),
        ("H50", "refused", "recipient-unknown"),
    ]
    assert [Receipt.from_json(leg.receipt).event.kind for leg in accepted.legs[1:]] == ["refused", "refused"]


async def test_a_list_of_parts_too_long_for_the_log_stands_beside_the_receipt() -> None:
    world = World()
    message = edoc(world, files={f"phu-luc-{number}.pdf": bytes([number]) for number in range(190)})
    attached = (replace(found, content_id="x" * 180 + found.content_id) for found in message.attachments)
    made, parts = sealed(world, replace(message, attachments=tuple(attached)))
    accepted = await accept(world.axis, DEDICATED, frame(made, parts))
    receipt = Receipt.from_json(accepted.receipt)
    assert receipt.event.parts is None
    assert receipt.manifest is not None
    assert manifest_digest(receipt.manifest) == receipt.event.digest
    assert len(receipt.leaf) < 1 << 16
    assert accepted == await accept(world.axis, DEDICATED, frame(made, parts))


async def test_without_a_sealed_end_the_usual_time_to_live_counts_from_the_seal() -> None:
    world = World()
    accepted = await accept(world.axis, DEDICATED, framed(world, edoc(world), live=None))
    package = world.stations[AXIS].store.disk.state.packages[accepted.package]
    assert package.expires_at == world.clock.now() + world.terms.time_to_live


async def test_nothing_lives_longer_than_the_longest_time() -> None:
    world = World()
    accepted = await accept(world.axis, DEDICATED, framed(world, edoc(world), live=timedelta(days=400)))
    package = world.stations[AXIS].store.disk.state.packages[accepted.package]
    assert package.expires_at == world.clock.now() + world.terms.longest_time_to_live


# ---------------------------------------------------------------- refused


def _parts(world: World, **more: Any) -> tuple[Part, ...]:
    return pack(edoc(world, **more))


def _frame(world: World, change: Callable[[tuple[Part, ...]], tuple[Part, ...]]) -> bytes:
    """Sealed as one thing, sent as another."""
    made, parts = sealed(world, edoc(world))
    return frame(made, change(parts))


def _xml(world: World, data: bytes, *more: Part) -> bytes:
    parts = (Part("message.edxml", "application/xml", data), *more)
    return framed(world, edoc(world), parts=parts)


def _algorithm(world: World, algorithm: str) -> bytes:
    made, parts = sealed(world, edoc(world))
    protected, _, signature = made.split(".")
    header = json.loads(base64.urlsafe_b64decode(protected + "=="))
    forged = base64.urlsafe_b64encode(json.dumps(header | {"alg": algorithm}).encode()).rstrip(b"=").decode()
    return frame(f"{forged}..{'' if algorithm == 'none' else signature}", parts)


def _zip_bomb(world: World) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.pdf", bytes(300 << 20))
    return _inline(world, packed.getvalue())


def _zip_path(world: World) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../../etc/a.pdf", b"%PDF")
    return _inline(world, packed.getvalue())


def _inline(world: World, data: bytes) -> bytes:
    message = edoc(world)
    content = {message.attachments[0].content_id: data}
    return _xml(world, write(message, content))


DTD = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'

BAD = {
    "truncated": (PackageMalformed, lambda w: framed(w, edoc(w))[:-3]),
    "something behind": (PackageMalformed, lambda w: framed(w, edoc(w)) + b"x"),
    "no package": (PackageMalformed, lambda _: b"hello"),
    "changed part": (PartChanged, lambda w: _frame(w, lambda p: (p[0], replace(p[1], content=b"%PDF-other")))),
    "part missing": (PartMissing, lambda w: _frame(w, lambda p: p[:1])),
    "part extra": (PartUnexpected, lambda w: _frame(w, lambda p: (*p, Part("x", "text/plain", b"x")))),
    "part missing, sealed so": (PartMissing, lambda w: framed(w, edoc(w), parts=_parts(w)[:1])),
    "part nothing speaks of, sealed so": (
        PartUnexpected,
        lambda w: framed(w, edoc(w), parts=(*_parts(w), Part("x", "text/plain", b"x"))),
    ),
    "seal broken": (SealInvalid, lambda w: frame("a.b.c", _parts(w))),
    "unknown key": (SealKeyUnknown, lambda w: framed(w, edoc(w), signer=pki().foreign("H29"))),
    "expired key": (SealKeyExpired, lambda w: framed(w, edoc(w), signer=pki().expired("H29"))),
    "revoked key": (SealKeyRevoked, lambda w: framed(w, edoc(w), signer=pki().revoked("H29"))),
    "another tenant's key": (SealKeyForeign, lambda w: framed(w, edoc(w), signer=w.signer("H29.01"))),
    "algorithm none": (AlgorithmNotAllowed, lambda w: _algorithm(w, "none")),
    "algorithm with a shared secret": (AlgorithmNotAllowed, lambda w: _algorithm(w, "HS256")),
    "algorithm of another key": (AlgorithmNotAllowed, lambda w: _algorithm(w, "RS256")),
    "sender of another gateway": (SenderNotRepresented, lambda w: framed(w, w.edoc("G09", ["H29"]), sender="G09")),
    "envelope and seal name two senders": (SenderNotRepresented, lambda w: framed(w, w.edoc("H29.01", ["G09"]))),
    "unknown recipient": (RecipientUnknown, lambda w: framed(w, _to(w, "X99"))),
    "recipient without gateway": (RecipientUnknown, lambda w: framed(w, edoc(w, "H50"))),
    "closed with two successors": (RecipientClosed, lambda w: framed(w, edoc(w, "H29.28"))),
    "no recipient": (EnvelopeUnreadable, lambda w: framed(w, edoc(w), parts=_without_recipients(w))),
    "secret": (SecretNotAllowed, lambda w: framed(w, edoc(w, subject="Kế hoạch năm (Mật)"))),
    "not xml": (EnvelopeUnreadable, lambda w: _xml(w, b"hello")),
    "xml bomb": (EnvelopeUnsafe, lambda w: _xml(w, DTD)),
    "zip bomb": (EnvelopeUnsafe, _zip_bomb),
    "path in a zip": (EnvelopeUnsafe, _zip_path),
    "signed tomorrow": (SealInvalid, lambda w: framed(w, edoc(w), now=w.clock.now() + timedelta(days=1))),
    "signed long ago": (SealInvalid, lambda w: framed(w, edoc(w), now=w.clock.now() - timedelta(days=31))),
    "expired on the way": (DeliveryExpired, lambda w: framed(w, edoc(w), live=timedelta(0))),
    "status about nothing": (DocumentUnknown, lambda w: framed(w, _status(w, "G09"))),
    "status to nobody": (EnvelopeUnreadable, lambda w: framed(w, edoc(w), parts=_status_without_issuer(w))),
}


def _to(world: World, code: str) -> Any:
    message = edoc(world)
    return replace(message, recipients=(replace(message.recipients[0], code=OrganisationCode(code)),))


def _without_recipients(world: World) -> tuple[Part, ...]:
    first, *rest = pack(edoc(world))
    data = first.content.replace(b"<edXML:OrganId>G09</edXML:OrganId>", b"<edXML:OrganId></edXML:OrganId>")
    assert data != first.content
    return (replace(first, content=data), *rest)


def _status(world: World, issuer: str, document: str = "không có") -> StatusMessage:
    sender = edoc(world).sender
    return StatusMessage(sender=sender, response=ResponseFor(OrganisationCode(issuer), DocumentId(document)), code="03")


def _status_without_issuer(world: World) -> tuple[Part, ...]:
    (only,) = pack(_status(world, "G09"))
    data = only.content.replace(b"G09", b"")
    assert data != only.content
    return (replace(only, content=data),)


def wary() -> World:
    """A country whose registry also lists keys that must be refused."""
    world = World()
    more = (
        certificate_entry(pki().expired("H29").certificate, "org:H29", Purpose.PACKAGE_SEAL),
        certificate_entry(pki().revoked("H29").certificate, "org:H29", Purpose.PACKAGE_SEAL, revoked_at=REVOKED_AT),
    )
    world.publish(world.newer(certificates=(*world.registry.certificates, *more)))
    return world


@pytest.mark.parametrize("name", BAD)
async def test_bad_input_is_refused_with_its_code_and_a_trace(name: str) -> None:
    expected, make = BAD[name]
    world = wary()
    package = make(world)
    with pytest.raises(LienThongError) as caught:
        await accept(world.axis, DEDICATED, package)
    assert type(caught.value) is expected, caught.value
    assert caught.value.sentence("vi")
    assert caught.value.sentence("en")
    (event,) = await world.events(AXIS)
    assert (event.kind, event.code, event.text) == (EventKind.SUBMISSION_REJECTED, expected.code, DEDICATED)
    assert bool(event.package) is (RECEIPT in caught.value.facts)
    if event.package:  # it can be read, and the gateway speaks for whom it says it is of
        assert event.package == package_id(event.sender, event.message)
        assert world.axis.directory().represents(DEDICATED, OrganisationCode(event.sender), world.clock.now())
        assert Receipt.from_json(caught.value.facts[RECEIPT]).event == event
    else:
        assert event.digest == hashlib.sha256(package).hexdigest()
    nothing_half_done(world)


def nothing_half_done(world: World) -> None:
    state = world.stations[AXIS].store.disk.state
    assert not any([state.packages, state.legs, state.steps, state.notices, state.contents, state.statuses])


async def test_an_oversize_package_is_refused() -> None:
    world = World()
    small = replace(world.axis, limits=replace(world.axis.limits, bytes=1000))
    with pytest.raises(PackageTooLarge):
        await accept(small, DEDICATED, framed(world, edoc(world)))
    assert [event.code for event in await world.events(AXIS)] == ["package-too-large"]
    nothing_half_done(world)


async def test_the_same_id_with_other_content_is_refused_and_the_first_stands() -> None:
    world = World()
    first = await accept(world.axis, DEDICATED, framed(world, edoc(world)))
    with pytest.raises(DuplicateDiffers, match="id-1"):
        await accept(world.axis, DEDICATED, framed(world, edoc(world, "H34.7")))
    assert [leg.addressee for leg in world.stations[AXIS].store.disk.state.legs.values()] == ["G09"]
    assert [event.kind for event in await world.events(AXIS)] == ["submission-accepted", "submission-rejected"]
    assert first.package in world.stations[AXIS].store.disk.state.packages


async def test_a_stale_registry_refuses_nothing_for_good() -> None:
    world = World()
    world.publish(world.newer(expires_at=world.clock.now()), AXIS)
    with pytest.raises(RegistryStale):
        await accept(world.axis, DEDICATED, framed(world, edoc(world)))
    assert not await world.events(AXIS)


async def test_a_forged_key_under_a_stale_registry_is_no_verdict_either() -> None:
    """The axis must not say unknown while it cannot know."""
    world = World()
    opened = framed(world, edoc(world), signer=pki().foreign("H29"))
    world.publish(world.newer(expires_at=world.clock.now()), AXIS)
    with pytest.raises(RegistryStale):
        await accept(world.axis, DEDICATED, opened)


async def test_redirection_can_be_switched_off_for_the_whole_exchange() -> None:
    world = World()
    world.publish(world.newer(rules=Rules(redirect_closed=False)))
    with pytest.raises(RecipientClosed, match=r"H29\.27"):
        await accept(world.axis, DEDICATED, framed(world, edoc(world, "H29.27")))


async def test_path_names_of_attachments_are_cleaned_and_noted_never_followed() -> None:
    world = World()
    first, *rest = pack(edoc(world))
    hostile = replace(first, content=first.content.replace(b"cong-van.pdf", b"../../etc/cong-van.pdf"))
    assert hostile != first
    accepted = await accept(world.axis, DEDICATED, framed(world, edoc(world), parts=(hostile, *rest)))
    assert world.stations[AXIS].store.disk.state.packages[accepted.package].head.warnings


# ---------------------------------------------------------------- statuses at the axis


async def test_a_status_from_a_non_recipient_is_refused() -> None:
    world = World()
    sent = await world.send("H29", ["G09"])
    await world.run()
    message = world.status(sent, "03", "H34.7")
    with pytest.raises(NotARecipient, match=r"H34\.7"):
        await accept(world.axis, SHARED, framed(world, message, sender="H34.7"))
    rejected = (await world.events(AXIS))[-1]
    assert (rejected.kind, rejected.code) == (EventKind.SUBMISSION_REJECTED, "not-a-recipient")


async def test_a_status_before_delivery_is_refused() -> None:
    world = World()
    sent = await world.send("H29", ["G09"])
    await world.work(DEDICATED)[0]()
    assert world.leg(AXIS, sent, "G09").state is JourneyState.ACCEPTED
    with pytest.raises(DocumentUnknown, match="G09"):
        await accept(world.axis, SHARED, framed(world, world.status(sent, "03", "G09"), sender="G09"))


async def test_the_issuers_own_word_may_come_before_delivery() -> None:
    world = World()
    sent = await world.send("H29", ["G09"])
    await world.work(DEDICATED)[0]()
    taken_back = replace(
        world.status(sent, "13", "H29"),
        response=ResponseFor(OrganisationCode("G09"), DocumentId(sent.head.document_id)),
    )
    accepted = await accept(world.axis, DEDICATED, framed(world, taken_back))
    assert [leg.addressee for leg in accepted.legs] == ["G09"]
