"""One suite for the wire to the axis and its twin: the same answers, the same refusals, the same proofs."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Any
from uuid import uuid4  # noqa: TID251  # the axis outlives a test, so ids must differ

import pytest

from ca_process import free_port
from lienthong.adapters import wire as wire_module
from lienthong.adapters.wire import AxisWire
from lienthong.cli.demo.build import Place
from lienthong.delivery import (
    AXIS,
    Accepted,
    Concern,
    Confirmation,
    HandIn,
    JourneyState,
    Lane,
    News,
    NewsPage,
    Package,
    acknowledge,
    date,
    forward,
    hand_in,
    learn,
    news_for,
    pull,
    settle,
    take,
    tell,
)
from lienthong.envelope import frame, pack, unframe, unpack
from lienthong.errors import (
    DuplicateDiffers,
    EvidenceBroken,
    LienThongError,
    NotFound,
    PackageMalformed,
    PartChanged,
    RecipientUnknown,
    SealInvalid,
    SenderNotRepresented,
    Unavailable,
)
from lienthong.evidence import EventKind, ProofResult, Receipt, verify_receipt
from lienthong.registry import peek
from running_country import letter
from wire_world import RECEIVER, SENDER, Line, Wire, axis_process, axis_wire, patiently, real, twin


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with axis_process(tmp_path_factory.mktemp("axis") / "here") as found:
        yield found


def in_process(_: pytest.FixtureRequest) -> AbstractAsyncContextManager[Line]:
    return twin()


def over_tls(request: pytest.FixtureRequest) -> AbstractAsyncContextManager[Line]:
    return real(request.getfixturevalue("place"))


LINES = [pytest.param(in_process, id="in-process"), pytest.param(over_tls, id="tls", marks=pytest.mark.integration)]


@pytest.fixture(params=LINES)
async def line(request: pytest.FixtureRequest) -> AsyncIterator[Line]:
    async with request.param(request) as opened:
        yield opened


@pytest.fixture
def name() -> str:
    """A message id of its own: the axis outlives a test."""
    return uuid4().hex


def proved(line: Line, text: str) -> Receipt:
    """A receipt that holds down to the root."""
    receipt, hop = Receipt.from_json(text), line.hops[SENDER]
    assert verify_receipt(receipt, None, hop.roots, hop.clock.now()).result is ProofResult.PROVED
    return receipt


async def stored(line: Line, package: str) -> Confirmation:
    """Fetched by the receiver's gateway: the word it would give."""
    hop = line.hops[RECEIVER]
    await line.mail(package)
    await pull(hop, line.receiver)
    steps = await hop.store.read(lambda view: view.steps(package))
    receipt = await hop.store.receipt(next(step.index for step in steps if step.index is not None))
    return Confirmation(package, "G09", JourneyState.DELIVERED, receipt.to_json())


async def news_of(wire: Wire, package: str) -> list[News]:
    return [news for news in (await wire.news(0)).news if news.package == package]


# ---------------------------------------------------------------- submit


async def test_a_package_is_accepted_with_a_receipt_and_its_repeat_with_the_same(line: Line, name: str) -> None:
    package, framed = line.package("G09", message_id=name)
    accepted = await line.sender.submit(framed)
    assert isinstance(accepted, Accepted)
    assert (accepted.package, [(leg.addressee, leg.state) for leg in accepted.legs]) == (package, [("G09", "accepted")])
    event = proved(line, accepted.receipt).event
    assert (event.kind, event.hop, event.package) == (EventKind.SUBMISSION_ACCEPTED, AXIS, package)
    assert await line.sender.submit(framed) == accepted


def _malformed(line: Line, name: str) -> bytes:
    return line.package("G09", message_id=name)[1][:-1]


def _changed(line: Line, name: str) -> bytes:
    seal, parts = unframe(line.package("G09", message_id=name)[1])
    return frame(seal, [*parts[:-1], replace(parts[-1], content=parts[-1].content + b" ")])


def _unsealed(line: Line, name: str) -> bytes:
    return frame("x.y.z", unframe(line.package("G09", message_id=name)[1])[1])


def _foreign(line: Line, name: str) -> bytes:
    return line.package("H29", sender="G09", message_id=name)[1]


def _to_nobody(line: Line, name: str) -> bytes:
    return line.package("Z99", message_id=name)[1]


REFUSED: dict[str, tuple[Callable[[Line, str], bytes], type[LienThongError]]] = {
    "cut short": (_malformed, PackageMalformed),
    "changed after sealing": (_changed, PartChanged),
    "with a seal that is none": (_unsealed, SealInvalid),
    "of another gateway's agency": (_foreign, SenderNotRepresented),
    "to a code nobody has": (_to_nobody, RecipientUnknown),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_refusals_come_through_with_their_code_and_words(line: Line, name: str, case: str) -> None:
    make, error = REFUSED[case]
    with pytest.raises(LienThongError) as caught:
        await line.sender.submit(make(line, name))
    assert type(caught.value) is error
    assert caught.value.permanent
    assert caught.value.detail


async def test_another_package_under_the_same_id_is_refused(line: Line, name: str) -> None:
    await line.sender.submit(line.package("G09", message_id=name)[1])
    with pytest.raises(DuplicateDiffers, match=name):
        await line.sender.submit(line.package("G09", message_id=name)[1])


async def test_a_partly_refused_package_says_so_with_proof(line: Line, name: str) -> None:
    accepted = await line.sender.submit(line.package("G09", "Z99", message_id=name)[1])
    answers = {leg.addressee: leg for leg in accepted.legs}
    assert (answers["G09"].state, answers["Z99"].state) == (JourneyState.ACCEPTED, JourneyState.REFUSED)
    event = proved(line, answers["Z99"].receipt).event
    assert (event.kind, event.addressee, event.code) == (EventKind.REFUSED, "Z99", RecipientUnknown.code)


# ---------------------------------------------------------------- mailbox, collect, confirm


async def test_mail_waits_for_its_gateway_and_for_nobody_else(line: Line, name: str) -> None:
    package, framed = line.package("G09", message_id=name)
    await line.sender.submit(framed)
    item = await line.mail(package)
    assert (item.addressee, item.recipient, item.sender, item.message_id) == ("G09", "G09", "H29", name)
    assert item.registry == line.hops[RECEIVER].directory().snapshot.version
    assert await line.receiver.collect(package) == framed
    for other in (line.sender, line.third):
        assert package not in {found.package for found in await other.mailbox()}
        with pytest.raises(NotFound):
            await other.collect(package)
    with pytest.raises(NotFound):
        await line.receiver.collect("0" * 32)


async def test_a_confirmation_is_answered_with_proof_and_its_repeat_with_the_same(line: Line, name: str) -> None:
    package, framed = line.package("G09", message_id=name)
    await line.sender.submit(framed)
    word = await stored(line, package)
    (answer,) = await line.receiver.confirm([word])
    assert (answer.addressee, answer.state) == ("G09", JourneyState.DELIVERED)
    event = proved(line, answer.receipt).event
    assert (event.kind, event.package) == (EventKind.RELAYED, package)
    assert tuple(await line.receiver.confirm([word, word])) == (answer, answer)
    assert package not in {item.package for item in await line.receiver.mailbox()}
    assert tuple(await line.receiver.confirm([])) == ()


async def test_words_without_proof_are_refused(line: Line, name: str) -> None:
    package, framed = line.package("G09", message_id=name)
    await line.sender.submit(framed)
    word = await stored(line, package)
    lies: list[tuple[Wire, Confirmation]] = [
        (line.receiver, replace(word, receipt="{}")),
        (line.receiver, replace(word, state=JourneyState.REFUSED)),
        (line.receiver, replace(word, package="0" * 32)),
        (line.third, word),
    ]
    for wire, lie in lies:
        with pytest.raises(EvidenceBroken):
            await wire.confirm([lie])
    assert (await line.mail(package)).addressee == "G09"


# ---------------------------------------------------------------- news, hear


async def delivered(line: Line, name: str) -> tuple[str, Confirmation]:
    package, framed = line.package("G09", message_id=name)
    await line.sender.submit(framed)
    word = await stored(line, package)
    await line.receiver.confirm([word])
    return package, word


async def test_news_come_with_proofs_of_both_hops_and_are_kept_until_asked_beyond(line: Line, name: str) -> None:
    package, _ = await delivered(line, name)
    page = await line.sender.news(0)
    assert isinstance(page, NewsPage)
    assert page.registry == line.hops[SENDER].directory().snapshot.version
    (news,) = [found for found in page.news if found.package == package]
    assert (news.addressee, news.state, news.hop, news.own) == ("G09", JourneyState.DELIVERED, AXIS, ())
    told = [proved(line, text).event for text in news.receipts]
    assert [(event.hop, event.kind) for event in told] == [(AXIS, EventKind.RELAYED), (RECEIVER, EventKind.CONSIGNED)]
    assert await line.sender.news(0) == page
    assert await news_of(line.receiver, package) == []
    assert (await line.sender.news(page.cursor)).news == ()
    assert (await line.sender.news(0)).news == ()


async def report_of(line: Line, package: str) -> News:
    """What the receiver's gateway tells of a document that was handed over."""
    hop = line.hops[RECEIVER]
    await settle(hop, line.receiver)
    locked = await take(hop, "G09", package, "G09")
    await acknowledge(hop, "G09", package, "G09", locked.lock)
    page = await news_for(hop, AXIS, 0)
    return next(news for news in page.news if news.package == package)


async def test_a_hand_over_is_heard_once_and_passed_on_with_its_proof(line: Line, name: str) -> None:
    package, _ = await delivered(line, name)
    news = await report_of(line, package)
    for _ in range(2):
        await line.receiver.hear((news, news))
    last = [found for found in await news_of(line.sender, package) if found.state is JourneyState.HANDED_OVER]
    (passed_on,) = last
    event = proved(line, *passed_on.receipts).event
    assert (event.hop, event.kind, event.package) == (RECEIVER, EventKind.HANDED_OVER, package)


async def test_reports_without_proof_are_refused(line: Line, name: str) -> None:
    package, _ = await delivered(line, name)
    news = await report_of(line, package)
    lies: list[tuple[Wire, News]] = [
        (line.receiver, replace(news, receipts=())),
        (line.receiver, replace(news, receipts=("{}",))),
        (line.receiver, replace(news, state=JourneyState.DELIVERED)),
        (line.sender, news),
    ]
    for wire, lie in lies:
        with pytest.raises(EvidenceBroken):
            await wire.hear((lie,))
    assert {found.state for found in await news_of(line.sender, package)} == {JourneyState.DELIVERED}


# ---------------------------------------------------------------- dated, registry


async def test_dated_receipts_are_for_both_sides_only(line: Line, name: str) -> None:
    package, _ = await delivered(line, name)
    await line.stamp()

    async def both(wire: Wire) -> tuple[str, ...]:
        found = await wire.dated(package)
        return found if len(found) == 2 else ()

    for wire in (line.sender, line.receiver):
        found = await patiently(lambda wire=wire: both(wire))  # type: ignore[misc]  # bound now, not later
        receipts = [proved(line, text) for text in found]
        assert [receipt.event.kind for receipt in receipts] == [EventKind.SUBMISSION_ACCEPTED, EventKind.RELAYED]
        assert all(receipt.stamp for receipt in receipts)
    for other, asked in ((line.third, package), (line.sender, "0" * 32)):
        with pytest.raises(NotFound):
            await other.dated(asked)
    assert len(await date(line.hops[SENDER], line.sender, package)) == 2


async def test_the_registry_comes_signed_and_only_when_newer(line: Line) -> None:
    version = line.hops[SENDER].directory().snapshot.version
    signed = await line.sender.snapshot(version - 1)
    assert signed is not None
    assert peek(signed).version == version
    assert await line.sender.snapshot(version) is None
    assert await line.renew() == version + 1
    newer = await line.receiver.snapshot(version)
    assert newer is not None
    assert peek(newer).version == version + 1
    assert line.hops[SENDER].directory().snapshot.version == version + 1


# ---------------------------------------------------------------- all of it, as workers speak


async def test_a_document_lives_its_life_over_the_wire(line: Line, name: str) -> None:
    sender, receiver = line.hops[SENDER], line.hops[RECEIVER]
    parts = pack(letter(["G09"], "H29"))
    sent: Package = await hand_in(sender, line.signer("H29"), HandIn("H29", name, parts, unpack(parts), "mẫu"))
    assert await forward(sender, line.sender) == 1
    await line.mail(sent.id)
    assert await pull(receiver, line.receiver) >= 1
    assert await settle(receiver, line.receiver) >= 1
    locked = await take(receiver, "G09", sent.id, "G09")
    await acknowledge(receiver, "G09", sent.id, "G09", locked.lock)
    assert await tell(receiver, line.receiver) >= 1
    while await learn(sender, line.sender):
        pass
    leg = await sender.store.read(lambda view: view.leg((sent.id, Lane.OUT, "G09")))
    assert leg is not None
    assert leg.state is JourneyState.HANDED_OVER
    steps = await sender.store.read(lambda view: view.steps(sent.id))
    assert [(step.hop, step.kind) for step in steps if step.receipt] == [
        (AXIS, EventKind.SUBMISSION_ACCEPTED),
        (AXIS, EventKind.RELAYED),
        (RECEIVER, EventKind.CONSIGNED),
        (RECEIVER, EventKind.HANDED_OVER),
    ]


# ---------------------------------------------------------------- several at a time


async def test_of_a_group_each_is_answered_for_itself_and_again_the_same(line: Line, name: str) -> None:
    made = {f"{name}-{each}": line.package("G09", message_id=f"{name}-{each}") for each in range(3)}
    frames = [framed for _, framed in made.values()]
    frames[1] = frames[1][:-1]
    answers = await line.sender.submit_all(frames)
    assert [type(each) for each in answers] == [Accepted, PackageMalformed, Accepted]
    for (package, _), answer in zip(made.values(), answers, strict=True):
        if isinstance(answer, Accepted):
            assert answer.package == proved(line, answer.receipt).event.package == package
        else:
            assert answer.permanent
            assert answer.detail
    again = await line.sender.submit_all(frames[::-1])
    assert [again[2], again[0]] == [answers[0], answers[2]]
    whole = made[f"{name}-1"][1]
    assert (await line.sender.submit_all([whole, frames[0]]))[0] == await line.sender.submit(whole)


async def test_what_a_gateway_has_waiting_goes_together_and_arrives(line: Line, name: str) -> None:
    sender, receiver = line.hops[SENDER], line.hops[RECEIVER]
    sent = []
    for each in range(3):
        parts = pack(letter(["G09"], "H29"))
        handed = HandIn("H29", f"{name}-{each}", parts, unpack(parts), f"{name}-{each}")
        sent.append(await hand_in(sender, line.signer("H29"), handed))
    assert await forward(sender, line.sender) == 3
    for package in sent:
        await line.mail(package.id)
    await pull(receiver, line.receiver)
    await settle(receiver, line.receiver)
    while await learn(sender, line.sender):
        pass
    legs = [await sender.store.read(lambda view, p=package: view.leg((p.id, Lane.OUT, "G09"))) for package in sent]  # type: ignore[misc]  # each its own
    assert {leg.state for leg in legs if leg is not None} == {JourneyState.DELIVERED}


# ---------------------------------------------------------------- the network only


CALLS: dict[str, Callable[[AxisWire], Any]] = {
    "submit": lambda wire: wire.submit(b"x"),
    "submit_all": lambda wire: wire.submit_all([b"x", b"y"]),
    "mailbox": lambda wire: wire.mailbox(),
    "news": lambda wire: wire.news(0),
    "listen": lambda wire: wire.listen("", 0),
    "snapshot": lambda wire: wire.snapshot(0),
}


@pytest.mark.integration
@pytest.mark.parametrize("call", CALLS)
async def test_an_axis_that_is_not_there_is_unavailable(place: Place, call: str) -> None:
    nobody = f"https://127.0.0.1:{free_port()}"
    plain = place.url("axis-ops").replace("http:", "https:")
    for url in (nobody, plain):
        async with axis_wire(place, SENDER, url) as wire:
            with pytest.raises(Unavailable):
                await CALLS[call](wire)
    with pytest.raises(Unavailable, match="closed"):
        await CALLS[call](wire)


@pytest.mark.integration
async def test_an_axis_of_another_authority_is_unavailable(place: Place) -> None:
    wire = axis_wire(place, SENDER)
    wire._context = ssl.create_default_context()
    async with wire:
        with pytest.raises(Unavailable, match="Certificate"):
            await wire.mailbox()


@pytest.mark.integration
async def test_an_axis_older_than_groups_is_spoken_to_one_by_one(
    place: Place, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with real(place) as line:
        frames = [line.package("G09", message_id=f"{name}-{each}")[1] for each in range(3)]
        frames[1] = frames[1][:-1]
        asked = list[str]()
        ask = AxisWire._ask

        async def noted(wire: AxisWire, method: str, path: str, *more: Any, **named: Any) -> Any:
            asked.append(path)
            return await ask(wire, method, path, *more, **named)

        with monkeypatch.context() as older:
            older.setattr(AxisWire, "_ask", noted)
            older.setattr(wire_module, "GROUPS", "/v1/khong-co")  # as such an axis answers to what it does not know
            answers = await line.sender.submit_all(frames)
            again = await line.sender.submit_all(frames)
        assert [answers[0], answers[2]] == [again[0], again[2]]
        assert [type(each) for each in answers] == [Accepted, PackageMalformed, Accepted]
        assert asked == ["/v1/khong-co", *["/v1/packages"] * 6]
        assert await line.third.submit_all(
            [line.package("G09", message_id=name)[1]] * 2
        )  # another gateway's own matter


@pytest.mark.integration
async def test_an_old_axis_away_is_one_wait(place: Place) -> None:
    async with axis_wire(place, SENDER, f"https://127.0.0.1:{free_port()}") as wire:
        wire._single = {wire._urls[0]: asyncio.get_running_loop().time() + 60}
        with pytest.raises(Unavailable):
            await wire.submit_all([b"x", b"y"])


@pytest.mark.integration
async def test_a_path_nobody_serves_is_no_answer_of_the_axis(place: Place) -> None:
    async with axis_wire(place, SENDER, place.url("axis") + "/elsewhere") as wire:
        with pytest.raises(LienThongError):
            await wire.mailbox()


@pytest.mark.integration
async def test_who_waits_is_woken_by_mail(place: Place, name: str) -> None:
    async with real(place) as line:
        cursor = (await line.sender.news(0)).cursor
        package, framed = line.package("H27", message_id=name)
        async with asyncio.timeout(10):
            rung = await line.third.listen("", 15)
            waiting = asyncio.create_task(line.third.listen(rung.heard, 15))
            await line.sender.submit(framed)
            while Concern.MAIL not in (rung := await waiting).concerns:
                waiting = asyncio.create_task(line.third.listen(rung.heard, 15))
        assert package in {item.package for item in await line.third.mailbox()}
        assert (await line.sender.news(cursor)).news == ()
