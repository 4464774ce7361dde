"""The signing service on twins: two steps, every kind of key, refusals, crashes."""

from dataclasses import replace
from datetime import timedelta
from functools import cache
from io import BytesIO

import pytest
from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from lienthong.errors import (
    DuplicateDiffers,
    InvalidValue,
    KeyUnavailable,
    NotFound,
    SecretWrong,
    SignatureProblem,
    SigningDiffers,
    SigningEnded,
)
from lienthong.gateway import signing as service
from lienthong.gateway.signing import LEASE
from lienthong.gateway.signing_views import Answer as Given
from lienthong.gateway.signing_work import signing_round
from lienthong.signature import Role, Verdict, sign, validate
from lienthong.signature.facts.gather import gather
from lienthong.signature.facts.looks import looks
from lienthong.signature.facts.model import Facts
from lienthong.signature.inspection import inspect
from lienthong.signature.judging.inputs import NOTHING_KNOWN, Revocation, Standing
from lienthong.signature.keys import Answer, KeyKind
from lienthong.signature.session.checks import Trusting
from lienthong.signature.session.model import LIFETIME, Level, State
from lienthong.testing.pki import pki
from lienthong.testing.stamping import MemoryTimestamper
from signing_desk import ORGANISATION, TENANT, Office, wished
from unit.signature.authority import LEADER, NOW, agency, authority, leader
from unit.signature.documents import composed, leader_look, sealed, signed
from unit.signature.test_filling import numbered


@pytest.fixture
def office() -> Office:
    return Office()


@cache
def by_program() -> bytes:
    """As a program on a person's own machine signs: one revision, nothing certified."""
    return sign(composed().pdf, leader(), Role.LEADER, leader_look(certified=False), NOW)


BY_HAND = {"key": "", "certificate": leader().certificate, "chain": leader().chain}


# ---------------------------------------------------------------- the way it goes


async def test_leader_then_seal(office: Office) -> None:
    await office.begin()
    assert (await office.complete("a")).session.state is State.SIGNED
    first = await office.signed("a")
    assert first.startswith(composed().pdf)
    await office.begin(wished("b", Role.SEAL, "seal"), first)
    await office.complete("b")
    report = validate(await office.signed("b"), [authority().root], NOW)
    assert [each.role for each in report.signatures] == [Role.LEADER, Role.SEAL]
    assert report.conclusion is Verdict.VALID


async def test_the_seal_covers_a_number_filled_in_since(office: Office) -> None:
    """Signature, number, seal: the order of Decree 30/2020, Art. 13, 15.3, 17. What else was changed is refused."""
    await office.begin(wished("b", Role.SEAL, "seal"), numbered())
    await office.complete("b")
    report = validate(await office.signed("b"), [authority().root], NOW)
    assert report.conclusion is Verdict.VALID
    with pytest.raises(SignatureProblem):
        await office.begin(wished("c", Role.SEAL, "seal"), drawn_over())


def drawn_over() -> bytes:
    """The same with a black square drawn over its corner."""
    writer = IncrementalPdfFileWriter(BytesIO(numbered()), strict=False)
    writer.add_stream_to_page(0, writer.add_object(StreamObject(stream_data=b"0 0 100 100 re f")))
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


async def looked(pdf: bytes, **_: bool) -> Facts:
    return replace(gather(pdf), looks=looks(pdf))


async def test_places_are_found_on_the_page_and_the_session_says_how(office: Office) -> None:
    """The name on the page is the signer's; the seal goes over the picture the leader left."""
    assert (await office.begin()).placed == "usual"
    office.signing = replace(office.signing, examine=looked)
    assert (await office.begin(wished("b"))).placed == "text"
    await office.complete("b")
    first = await office.signed("b")
    assert (await office.begin(wished("c", Role.SEAL, "seal"), first)).placed == "leader"
    await office.complete("c")
    leaders, seals = (fact.box for fact in gather(await office.signed("c")).signatures)
    assert leaders is not None
    assert seals is not None
    assert seals.right == pytest.approx(leaders.left + (leaders.right - leaders.left) / 3, abs=0.1)


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (Role.COPY, ["TRÍCH SAO", ORGANISATION]),
        (Role.INCOMING, [ORGANISATION, "Số đến: 1/QĐ-M"]),
        (Role.ANNEX, ["Số: 01/QĐ-M"]),
    ],
)
async def test_the_agency_alone_signs_with_words_in_the_corner(office: Office, role: Role, words: list[str]) -> None:
    office.clock.advance(timedelta(microseconds=1))
    kept = await office.begin(wished("a", role, "seal", copied="TRÍCH SAO"))
    assert kept.placed == "corner"
    await office.complete("a")
    [lines] = looks(await office.signed("a")).words.values()
    assert [line.text for line in lines][: len(words)] == words
    assert lines[-1].text.endswith("+07:00")


async def test_initials_are_invisible_unless_a_place_is_given(office: Office) -> None:
    await office.begin(wished("a", Role.INITIALS))
    assert (await office.complete("a")).placed == ""
    [found] = inspect(await office.signed("a")).signatures
    assert found.sound
    assert found.field == "Initials1"


async def test_a_stamp_stands_in_the_signature(office: Office) -> None:
    with pytest.raises(InvalidValue):
        await office.begin(wished(level=Level.T))
    stamper = MemoryTimestamper(pki().tsa(), office.clock)
    office.signing = replace(office.signing, stamper=stamper)
    await office.begin(wished(level=Level.T))
    await office.complete("a")
    [found] = inspect(await office.signed("a")).signatures
    assert found.sound
    [stamp] = found.fact.stamps
    assert (stamp.kind, stamp.intact) == ("signature", True)


async def test_a_key_in_a_browser_brings_the_value(office: Office) -> None:
    kept = await office.begin(wished(**BY_HAND))
    assert (kept.session.kind, kept.session.state) == (KeyKind.BROWSER, State.PREPARED)
    value = leader().sign(kept.to_be_signed)
    done = await office.complete("a", value=value)
    assert done.session.state is State.SIGNED
    assert await office.complete("a", value=value) == done
    with pytest.raises(SigningEnded):
        await office.complete("a", value=value[::-1])


async def test_a_program_brings_the_file(office: Office) -> None:
    await office.begin(wished(**BY_HAND, kind=KeyKind.PLUGIN))
    done = await service.complete_file(office.signing, TENANT, "a", by_program())
    assert done.session.state is State.SIGNED
    assert await office.signed("a") == by_program()


async def test_a_programs_certificate_may_come_with_the_file(office: Office) -> None:
    await office.begin(wished(key="", kind=KeyKind.PLUGIN))
    await office.begin(replace(wished("b", key="", kind=KeyKind.PLUGIN), person="Người khác"))
    await service.complete_file(office.signing, TENANT, "a", by_program())
    with pytest.raises(SigningDiffers):
        await service.complete_file(office.signing, TENANT, "b", by_program())
    with pytest.raises(SigningDiffers):
        await office.complete("b", value=b"1")


async def test_a_telephone_answers_later(office: Office) -> None:
    await office.begin(wished(key="phone"))
    assert (await office.complete("a")).session.state is State.WAITING
    await signing_round(office.signing)
    assert (await office.complete("a")).session.state is State.WAITING
    assert office.phone.submissions == 1
    office.phone.signed("H29.a")
    await signing_round(office.signing)
    assert (await service.session(office.signing, TENANT, "a")).session.state is State.SIGNED


async def test_a_knock_is_answered_at_once(office: Office) -> None:
    await office.begin(wished(key="phone"))
    handle = (await office.complete("a")).session.handle
    office.phone.signed("H29.a")
    await service.knocked(office.signing, "unknown")
    assert (await service.session(office.signing, TENANT, "a")).session.state is State.WAITING
    await service.knocked(office.signing, handle)
    assert (await service.session(office.signing, TENANT, "a")).session.state is State.SIGNED


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Answer.REFUSED, State.REJECTED),
        (Answer.CANCELLED, State.REJECTED),
        (Answer.EXPIRED, State.FAILED),
        (Answer.FAILED, State.FAILED),
    ],
)
async def test_no_is_an_end_too(office: Office, answer: Answer, state: State) -> None:
    await office.begin(wished(key="phone"))
    await office.complete("a")
    office.phone.answer("H29.a", answer)
    await signing_round(office.signing)
    assert (await service.session(office.signing, TENANT, "a")).session.state is state
    with pytest.raises(SigningEnded):
        await office.signed("a")
    trail = await office.sessions.trail(TENANT, "a")
    assert trail[-1].outcome == answer.value


async def test_a_bulk_has_one_authorisation_and_an_outcome_for_each(office: Office) -> None:
    files = [composed().pdf] * 3
    wish = wished("bulk", key="token", documents=3)
    found = await service.begin(office.signing, TENANT, ORGANISATION, wish, files)
    assert [kept.session.id for kept in found] == ["bulk.1", "bulk.2", "bulk.3"]
    assert len({kept.session.code for kept in found}) == 1
    await service.cancel(office.signing, TENANT, "bulk.2")
    done = await service.complete_batch(office.signing, TENANT, "bulk", Given(secret="1234"))
    assert [kept.session.state for kept in done] == [State.SIGNED, State.REJECTED, State.SIGNED]
    assert office.token.submissions == 1


# ---------------------------------------------------------------- bound to what was asked


async def test_a_beginning_is_idempotent(office: Office) -> None:
    kept = await office.begin()
    office.clock.advance(5)
    assert await office.begin() == kept
    with pytest.raises(DuplicateDiffers):
        await office.begin(wished(), signed())
    with pytest.raises(DuplicateDiffers):
        await office.begin(replace(wished(), person="Người khác"))


async def test_another_tenants_session_is_not_found(office: Office) -> None:
    await office.begin()
    for call in (service.session, service.document, service.cancel, service.batch):
        with pytest.raises(NotFound):
            await call(office.signing, "G09", "a")
    with pytest.raises(NotFound):
        await office.complete("a", tenant="G09")
    with pytest.raises(NotFound):
        await office.begin(wished("b"), tenant="G09")  # nor is another's key


async def test_an_expired_session_takes_nothing(office: Office) -> None:
    kept = await office.begin(wished(**BY_HAND))
    office.clock.advance(LIFETIME)
    with pytest.raises(SigningEnded):
        await office.complete("a", value=leader().sign(kept.to_be_signed))
    assert (await service.session(office.signing, TENANT, "a")).session.state is State.EXPIRED


@pytest.mark.parametrize(
    "given", [{"value": b"\1" * 256}, {"cms": b"garbage"}, {"value": b"x" * 70_000}, {"cms": b"0" * 70_000}]
)
async def test_garbage_is_refused_and_the_session_stands(office: Office, given: dict[str, bytes]) -> None:
    kept = await office.begin(wished(**BY_HAND))
    with pytest.raises(SigningDiffers):
        await office.complete("a", **given)
    assert (await service.session(office.signing, TENANT, "a")).session.state is State.PREPARED
    assert (await office.sessions.trail(TENANT, "a"))[-1].outcome == SigningDiffers.code
    assert (await office.complete("a", value=leader().sign(kept.to_be_signed))).session.state is State.SIGNED


async def test_an_answer_to_another_session_is_refused(office: Office) -> None:
    await office.begin(wished("a", **BY_HAND))
    other = await office.begin(replace(wished("b", **BY_HAND)), signed_by_nobody())
    with pytest.raises(SigningDiffers):
        await office.complete("a", value=leader().sign(other.to_be_signed))


def signed_by_nobody() -> bytes:
    return composed().pdf + b"\n"


async def test_a_file_that_differs_is_refused(office: Office) -> None:
    await office.begin(wished(**BY_HAND, kind=KeyKind.PLUGIN))
    changed = by_program().replace(b"%PDF-1", b"%PDF-2", 1)
    for file in (changed, composed().pdf, sealed(), composed().pdf + b"more", b"", b"nonsense"):
        with pytest.raises(SigningDiffers):
            await service.complete_file(office.signing, TENANT, "a", file or b"\0")


async def test_a_file_signed_by_another_is_refused(office: Office) -> None:
    other = authority().issue(LEADER, start=NOW - timedelta(days=9))
    await office.begin(wished(**BY_HAND | {"certificate": other.certificate}, kind=KeyKind.PLUGIN))
    with pytest.raises(SigningDiffers):
        await service.complete_file(office.signing, TENANT, "a", by_program())


# ---------------------------------------------------------------- who may sign what


async def test_no_seal_before_the_leader(office: Office) -> None:
    with pytest.raises(SignatureProblem):
        await office.begin(wished("b", Role.SEAL, "seal"))


async def test_no_seal_on_a_stranger(office: Office) -> None:
    office.trusting = Trusting((authority("B").root,))
    with pytest.raises(SignatureProblem):
        await office.begin(wished("b", Role.SEAL, "seal"), signed())


class Revoked:
    epoch = "1"

    def of(self, certificate: bytes, issuer: bytes, moment: object) -> Revocation:
        return Revocation(Standing.REVOKED) if certificate == leader().certificate else NOTHING_KNOWN


async def test_no_seal_on_a_revoked_leader(office: Office) -> None:
    await office.begin(wished("b", Role.SEAL, "seal"), signed())
    office.trusting = Trusting((authority().root,), revocations=Revoked())
    with pytest.raises(SignatureProblem):
        await office.begin(wished("c", Role.SEAL, "seal"), signed())
    with pytest.raises(SignatureProblem):
        await office.begin(wished("d"))


async def test_a_certificate_of_the_wrong_kind_does_not_sign(office: Office) -> None:
    with pytest.raises(SignatureProblem):
        await office.begin(wished(key="seal"))
    with pytest.raises(SignatureProblem):
        await office.begin(wished("b", Role.SEAL, "leader"), signed())


@pytest.mark.parametrize("certificate", [b"", b"junk", agency().certificate[:-9]])
async def test_a_certificate_must_be_one(office: Office, certificate: bytes) -> None:
    with pytest.raises((InvalidValue, SignatureProblem)):
        await office.begin(wished(**BY_HAND | {"certificate": certificate}))


async def test_what_is_no_pdf_is_refused(office: Office) -> None:
    for file in (b"nonsense", b"%PDF-1.7\n%%EOF\n"):
        with pytest.raises(SignatureProblem):
            await office.begin(wished(), file)


# ---------------------------------------------------------------- faults and crashes


async def test_a_wrong_pin_leaves_the_session(office: Office) -> None:
    await office.begin(wished(key="token"))
    with pytest.raises(SecretWrong):
        await office.complete("a", secret="0000")
    assert (await office.complete("a", secret="1234")).session.state is State.SIGNED
    assert "1234" not in repr(office.sessions.__dict__)


async def test_a_key_that_is_away_can_be_asked_again(office: Office) -> None:
    await office.begin()
    office.leader.away = True
    with pytest.raises(KeyUnavailable):
        await office.complete("a")
    office.leader.away = False
    assert (await office.complete("a")).session.state is State.SIGNED


async def test_another_process_goes_on_after_a_crash(office: Office) -> None:
    """Killed after the provider took it, before anybody wrote that down; the person confirms later."""
    await office.begin(wished(key="phone"))
    change, calls = office.sessions.change, 0

    async def dying(*args: object, **kwargs: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise ConnectionAbortedError
        return await change(*args, **kwargs)  # type: ignore[arg-type]  # handed on as given

    office.sessions.change = dying  # type: ignore[assignment]  # dies in the second change
    with pytest.raises(ConnectionAbortedError):
        await office.complete("a")
    office.sessions.change = change  # type: ignore[method-assign]  # alive again
    office.start()
    await signing_round(office.signing)
    assert office.phone.submissions == 1
    office.clock.advance(LEASE)
    await signing_round(office.signing)
    office.phone.signed("H29.a")
    await signing_round(office.signing)
    assert (await service.session(office.signing, TENANT, "a")).session.state is State.SIGNED


async def test_a_provider_that_signs_something_else_fails_the_session(office: Office) -> None:
    await office.begin(wished(key="phone"))
    await office.complete("a")
    office.phone.answer("H29.a", Answer.SIGNED, b"something else")
    await signing_round(office.signing)
    kept = await service.session(office.signing, TENANT, "a")
    assert (kept.session.state, kept.session.problem) == (State.FAILED, SigningDiffers.code)


async def test_contents_go_in_the_end(office: Office) -> None:
    await office.begin()
    await office.complete("a")
    office.clock.advance(timedelta(hours=25))
    await signing_round(office.signing)
    kept = await service.session(office.signing, TENANT, "a")
    assert (kept.session.state, kept.prepared_size, kept.result_size) == (State.SIGNED, 0, 0)
    with pytest.raises(NotFound):
        await office.signed("a")


async def test_the_trail_tells_each_step(office: Office) -> None:
    await office.begin()
    await office.complete("a")
    trail = await office.sessions.trail(TENANT, "a")
    assert [each.act for each in trail] == ["prepare", "ask", "submit", "finish"]
    assert {(each.person, each.key, len(each.document)) for each in trail} == {("Nguyễn Văn Mẫu", "leader", 64)}
