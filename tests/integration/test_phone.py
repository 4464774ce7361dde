"""Signing on a telephone, against a simulated carrier on a real wire: every way a person and a provider can answer."""

import hashlib
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta

import aiohttp
import pytest
from aiohttp import web

from lienthong.adapters.keys import SoftDocumentSigner
from lienthong.adapters.signers.carrier import HttpCarrier
from lienthong.adapters.signers.phone import CALLBACK_SKEW, PATIENCE, PhoneKey, knock, knocked, transaction
from lienthong.errors import InvalidValue, KeyUnavailable, SignatureProblem, TokenInvalid
from lienthong.signature.cms import check_value
from lienthong.signature.keys import Answer, Order, SigningKey
from lienthong.testing.clock import FakeClock
from lienthong.testing.phone import Habit, PhoneProvider, Telephone
from lienthong.testing.pki import pki

pytestmark = pytest.mark.integration
NUMBER = "84900000001"
PERSON = pki().leader()
P256 = pki().seal("G09")
Made = Callable[..., PhoneKey]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def provider(clock: FakeClock) -> AsyncIterator[PhoneProvider]:
    async with PhoneProvider(clock.now) as running:
        yield running


@pytest.fixture
async def make(provider: PhoneProvider, clock: FakeClock) -> AsyncIterator[Made]:
    """A key whose owner has the given habit."""
    async with aiohttp.ClientSession() as session:

        def key(habit: Habit = Habit.ACCEPTS, **changes: object) -> PhoneKey:
            provider.telephones[NUMBER] = Telephone(PERSON, habit)
            carrier = HttpCarrier(provider.url, provider.token, session)
            made = PhoneKey("phone", PERSON.certificate, tuple(PERSON.chain), NUMBER, carrier, clock.now)
            return replace(made, **changes)  # type: ignore[arg-type]  # fields by name

        yield key


def order(clock: FakeClock, id: str = "s1", minutes: float = 10) -> Order:
    words = f"attributes of {id}".encode()
    expires = clock.now() + timedelta(minutes=minutes)
    return Order(id, words, hashlib.sha256(words).digest(), "15/QĐ-M V/v thử nghiệm", "4821", expires)


async def test_the_telephone_shows_the_words_and_the_code_and_signs(
    make: Made, provider: PhoneProvider, clock: FakeClock
):
    key: SigningKey = make()
    one = order(clock)
    submission = await key.submit([one])
    assert submission.handle == one.id
    (outcome,) = submission.outcomes
    assert outcome.answer is Answer.SIGNED
    check_value(PERSON.certificate, outcome.value, one.to_be_signed)
    (seen,) = provider.seen
    assert (seen.display, seen.code, seen.subscriber) == (one.display, one.code, NUMBER)
    assert seen.until == clock.now() + PATIENCE
    assert NUMBER not in repr(key)


async def test_a_repeat_rings_once(make: Made, provider: PhoneProvider, clock: FakeClock):
    key, one = make(Habit.IGNORES), order(clock)
    assert await key.submit([one]) == await key.submit([one])
    assert len(provider.seen) == 1


@pytest.mark.parametrize(
    ("habit", "answer", "detail"),
    [
        (Habit.REFUSES, Answer.REFUSED, "refused"),
        (Habit.DISMISSES, Answer.CANCELLED, "cancelled"),
        (Habit.OTHER_SESSION, Answer.FAILED, "answer-of-another-session"),
        (Habit.OTHER_NAME, Answer.FAILED, "answer-of-another-session"),
        (Habit.LIES, Answer.FAILED, "signing-differs"),
        (Habit.IGNORES, Answer.WAITING, "waiting"),
    ],
)
async def test_habits(make: Made, clock: FakeClock, habit: Habit, answer: Answer, detail: str):
    key, one = make(habit), order(clock)
    (first,) = (await key.submit([one])).outcomes
    (later,) = await key.outcomes(one.id, [one])
    assert (first.answer, first.detail, first.value) == (answer, detail, b"")
    assert later == first


async def test_a_late_answer_counts_until_the_time_is_over(make: Made, provider: PhoneProvider, clock: FakeClock):
    key, one = make(Habit.IGNORES), order(clock)
    await key.submit([one])
    clock.advance(PATIENCE - timedelta(seconds=1))
    await provider.answer(one.id)
    assert (await key.outcomes(one.id, [one]))[0].answer is Answer.SIGNED


async def test_nobody_answers(make: Made, provider: PhoneProvider, clock: FakeClock):
    key, one = make(Habit.IGNORES), order(clock)
    await key.submit([one])
    clock.advance(PATIENCE)
    await provider.answer(one.id)
    assert (await key.outcomes(one.id, [one]))[0].answer is Answer.EXPIRED


async def test_a_provider_that_lets_it_ring_too_long_is_told_to_stop(
    make: Made, provider: PhoneProvider, clock: FakeClock
):
    own = FakeClock(clock.now())
    key, one = make(Habit.IGNORES, now=own.now), order(clock)
    await key.submit([one])
    own.advance(PATIENCE)
    assert (await key.outcomes(one.id, [one]))[0].answer is Answer.EXPIRED
    assert provider.cancelled == [one.id]


async def test_the_order_ends_before_the_telephones_patience(make: Made, provider: PhoneProvider, clock: FakeClock):
    one = order(clock, minutes=1)
    await make(Habit.IGNORES).submit([one])
    assert provider.seen[0].until == one.expires


async def test_taken_back_by_us(make: Made, provider: PhoneProvider, clock: FakeClock):
    key, one = make(Habit.IGNORES), order(clock)
    await key.submit([one])
    await key.cancel(one.id)
    await key.cancel(one.id)
    await key.cancel("unknown")
    await provider.answer(one.id)
    assert (await key.outcomes(one.id, [one]))[0].answer is Answer.CANCELLED


async def test_many_documents_ring_once(make: Made, provider: PhoneProvider, clock: FakeClock):
    key, orders = make(), [order(clock, f"s{n}") for n in range(20)]
    submission = await key.submit(orders)
    assert [each.order for each in submission.outcomes] == [each.id for each in orders]
    for each, one in zip(submission.outcomes, orders, strict=True):
        check_value(PERSON.certificate, each.value, one.to_be_signed)
    assert len(provider.seen) == 1
    assert provider.seen[0].display.startswith("Ký 20 văn bản")
    assert submission.handle == transaction(orders) != transaction(orders[:-1])


async def test_ecdsa_as_devices_give_it(make: Made, provider: PhoneProvider, clock: FakeClock):
    key, one = make(certificate=P256.certificate), order(clock)
    provider.telephones[NUMBER] = Telephone(SoftDocumentSigner(P256.key, P256.certificate), Habit.RAW)
    (outcome,) = (await key.submit([one])).outcomes
    check_value(P256.certificate, outcome.value, one.to_be_signed)


async def test_an_unknown_subscriber_and_an_unknown_transaction(make: Made, clock: FakeClock):
    one = order(clock)
    (outcome,) = (await make(subscriber="84999999999").submit([one])).outcomes
    assert (outcome.answer, outcome.detail) == (Answer.FAILED, "unknown-subscriber")
    (outcome,) = await make().outcomes(one.id, [one])
    assert (outcome.answer, outcome.detail) == (Answer.FAILED, "unknown-transaction")


@pytest.mark.parametrize("trouble", ["down", "mumbles"])
async def test_trouble_at_the_provider_is_worth_another_try(
    make: Made, provider: PhoneProvider, clock: FakeClock, trouble: str
):
    key, one = make(), order(clock)
    setattr(provider, trouble, True)
    for ask in (key.submit([one]), key.outcomes(one.id, [one]), key.cancel(one.id)):
        with pytest.raises(KeyUnavailable):
            await ask
    setattr(provider, trouble, False)
    assert (await key.submit([one])).outcomes[0].answer is Answer.SIGNED


async def test_no_provider_at_all_and_a_wrong_token(make: Made, clock: FakeClock, provider: PhoneProvider):
    carrier = make().carrier
    assert isinstance(carrier, HttpCarrier)
    for wrong in (replace(carrier, url="http://127.0.0.1:9"), replace(carrier, token="other")):
        with pytest.raises(KeyUnavailable):
            await make(carrier=wrong).submit([order(clock)])
    with pytest.raises(InvalidValue):
        await make().submit([])


async def test_a_callback_only_wakes_however_often(make: Made, provider: PhoneProvider, clock: FakeClock):
    woken: list[str] = []

    async def hear(request: web.Request) -> web.Response:
        said = knocked(await request.read(), request.headers["Lienthong-Signature"], provider.secret, clock.now())
        woken.append(said)
        return web.Response(status=204)

    app = web.Application()
    app.router.add_post("/callback", hear)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    key = make(Habit.TWICE, callback=f"http://127.0.0.1:{runner.addresses[0][1]}/callback")
    one = order(clock)
    await key.submit([one])
    await provider.settle()
    assert woken == [one.id, one.id]
    assert (await key.outcomes(one.id, [one]))[0].answer is Answer.SIGNED
    await runner.cleanup()


def test_a_callback_without_the_secret_says_nothing(clock: FakeClock):
    body, signature = knock("s1", clock.now(), b"secret")
    assert knocked(body, signature, b"secret", clock.now()) == "s1"
    late = clock.now() + CALLBACK_SKEW + timedelta(seconds=2)
    for wrong in (
        (body, signature, b"other", clock.now()),
        (body.replace(b"s1", b"s2"), signature, b"secret", clock.now()),
        (body, "ký", b"secret", clock.now()),
        (body, signature, b"secret", late),
        (*knock("x" * 5000, clock.now(), b"secret"), b"secret", clock.now()),
    ):
        with pytest.raises(TokenInvalid):
            knocked(*wrong)


async def test_the_twin_of_a_stolen_answer_is_not_taken(make: Made, clock: FakeClock):
    """A value another session got does not verify here, whatever the provider says."""
    key, one, other = make(), order(clock), order(clock, "s2")
    (outcome,) = (await key.submit([other])).outcomes
    with pytest.raises(SignatureProblem):
        check_value(PERSON.certificate, outcome.value, one.to_be_signed)
    assert (await key.outcomes(other.id, [one]))[0].detail == "answer-of-another-session"
