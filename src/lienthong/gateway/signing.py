"""Signing as a service: one session in two steps for every key, bound to document, person, role, certificate and time.

    begin ─► prepared ─► complete(value | CMS | signed file | ask our key) ─► checked anew ─► signed
                              └─► waiting ─► what the provider answers (here, or in `signing_work` after a crash)

What is prepared and what is signed lie in the object store; secrets are handed to the key and kept nowhere.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

import msgspec

from lienthong.delivery import Bell, Hop
from lienthong.delivery.ports import Timestamper
from lienthong.errors import (
    DuplicateDiffers,
    InvalidValue,
    LienThongError,
    NotFound,
    SigningDiffers,
    SigningEnded,
)
from lienthong.gateway.ports import Examine, SigningKeys, here
from lienthong.gateway.signing_levels import LASTING, Enclosure, lasting, require_level
from lienthong.gateway.signing_papers import assembled, prepared_papers, restored, returned
from lienthong.gateway.signing_views import Answer, Paper, Wish
from lienthong.signature.facts.model import Facts
from lienthong.signature.keys import Answer as KeyAnswer
from lienthong.signature.keys import KeyKind, Order, Outcome, SigningKey
from lienthong.signature.model import Prepared
from lienthong.signature.session.checks import Trusting, require_addition, require_result
from lienthong.signature.session.keeping import Kept, Sessions, Trace
from lienthong.signature.session.machine import ENDS, OPEN, Act, moved
from lienthong.signature.session.model import Level, State
from lienthong.signature.session.returned import differs

LEASE = timedelta(seconds=60)
"""So long one request has a key to itself; after it the asker is taken for dead and the key is asked again."""
KEEP = timedelta(hours=24)
"""So long after its end the signed file can be fetched again."""
KNOCKED = 10_000
"""So many sessions are looked through when a provider knocks."""
_LOOK = 2.0
"""Seconds between looks of one who waits: another process may have rung its own bell."""
_ENDED = {
    KeyAnswer.REFUSED: Act.REJECT,
    KeyAnswer.CANCELLED: Act.REJECT,
    KeyAnswer.EXPIRED: Act.FAIL,
    KeyAnswer.FAILED: Act.FAIL,
}
_PROBLEMS = {KeyAnswer.EXPIRED: SigningEnded.code, KeyAnswer.FAILED: "key-unavailable"}


@dataclass(frozen=True, slots=True)
class Signing:
    """What the service stands on. `trusting` is asked anew each time: trust and revocation change under way.

    Files are looked at by `examine`, in a confined child where there is one; `proving` finds what a signature that is
    to last needs, where revocation is known.
    """

    hop: Hop
    sessions: Sessions
    keys: SigningKeys
    bell: Bell
    trusting: Callable[[], Trusting]
    stamper: Timestamper | None = None
    examine: Examine = here
    proving: Callable[[Facts], Awaitable[Enclosure]] | None = None

    def now(self) -> datetime:
        """This moment."""
        return self.hop.clock.now()

    @property
    def levels(self) -> tuple[Level, ...]:
        """How much proof signatures may carry here."""
        if self.stamper is None:
            return (Level.B,)
        return (Level.B, Level.T) if self.proving is None else tuple(Level)


# ---------------------------------------------------------------- the first step


async def begin(
    signing: Signing, tenant: str, organisation: str, wish: Wish, files: Sequence[bytes]
) -> tuple[Kept, ...]:
    """Prepare every document of a wish; all or none. Idempotent by the wish's id.

    Raises InvalidValue, NotFound (the key), SignatureProblem, AlgorithmNotAllowed, KeyUnavailable, DuplicateDiffers,
    StorageFull, Unavailable.
    """
    if len(files) != len(wish.documents):
        raise InvalidValue(f"{len(files)} files, {len(wish.documents)} documents")
    _require_level(signing, wish)
    requests = _requests(wish, files)
    ids = [wish.id] if len(files) == 1 else [f"{wish.id}.{number}" for number in range(1, len(files) + 1)]
    if known := [kept for name in ids if (kept := await signing.sessions.get(tenant, name)) is not None]:
        return _same(known, requests)
    key = signing.keys.of(tenant).get(wish.key) if wish.key else None
    if wish.key and key is None:
        raise NotFound(wish.key)
    looked = [
        await signing.examine(file, looks=_wants_looks(paper))
        for paper, file in zip(wish.documents, files, strict=True)
    ]
    made = await asyncio.to_thread(
        prepared_papers, tenant, organisation, wish, files, key, signing.trusting(), signing.now(), looked
    )
    fresh = [
        replace(kept, session=replace(kept.session, id=name), request=request)
        for (kept, _), name, request in zip(made, ids, requests, strict=True)
    ]
    await signing.hop.objects.keep({kept.prepared: blob for kept, blob in made})
    trail = [trace(kept, signing.now(), "prepare") for kept in fresh]
    return _same(await signing.sessions.begin(fresh, trail), requests)


def _wants_looks(paper: Paper) -> bool:
    """Whether the place is to be found from what stands on the pages."""
    return paper.place is None and paper.placing == "auto"


def _require_level(signing: Signing, wish: Wish) -> None:
    if wish.level not in signing.levels:
        raise InvalidValue(f"level: {', '.join(each.value for each in signing.levels)}")
    if wish.kind is KeyKind.PLUGIN and not wish.key and wish.level in {Level.T, Level.LT}:
        raise InvalidValue("level: chương trình ký tự đóng dấu thời gian / a plugin stamps by itself: B-B, B-LTA")


def _requests(wish: Wish, files: Sequence[bytes]) -> list[str]:
    """A digest for each document of what is asked of it."""
    said = msgspec.json.encode(wish)
    return [
        hashlib.sha256(said + b"\0%d\0" % n + hashlib.sha256(file).digest()).hexdigest() for n, file in enumerate(files)
    ]


def _same(known: Sequence[Kept], requests: Sequence[str]) -> tuple[Kept, ...]:
    if [kept.request for kept in known] != list(requests):
        raise DuplicateDiffers(known[0].session.id if known else "")
    return tuple(known)


# ---------------------------------------------------------------- looking


async def session(signing: Signing, tenant: str, id: str, seconds: float = 0.0) -> Kept:
    """A session, at once or when it has ended or so many seconds are over. NotFound, foreign ones too."""
    until = asyncio.get_running_loop().time() + seconds
    while True:
        heard = signing.bell.rings(topic(tenant, id))
        kept = await _known(signing, tenant, id)
        left = until - asyncio.get_running_loop().time()
        if kept.session.state in ENDS or left <= 0:
            return kept
        await signing.bell.wait({topic(tenant, id): heard}, min(left, _LOOK))


async def batch(signing: Signing, tenant: str, id: str) -> tuple[Kept, ...]:
    """The sessions of a bulk, in their order. NotFound."""
    found = await signing.sessions.batch(tenant, id)
    if not found:
        raise NotFound(id[:100])
    return tuple([await _timely(signing, kept) for kept in found])


async def document(signing: Signing, tenant: str, id: str) -> bytes:
    """The signed file. SigningEnded for a session that ended otherwise, NotFound before the end and once it went."""
    kept = await _known(signing, tenant, id)
    if kept.session.state in ENDS - {State.SIGNED}:
        raise SigningEnded(f"{id}: {kept.session.state.value}")
    if not kept.result_size:
        raise NotFound(f"{id}: {kept.session.state.value}")
    return await signing.hop.objects.fetch(kept.session.result)


async def original(signing: Signing, tenant: str, id: str) -> bytes:
    """The document as it came. NotFound once it went."""
    kept = await _known(signing, tenant, id)
    pdf, _ = await papers(signing, kept)
    return pdf


async def papers(signing: Signing, kept: Kept) -> tuple[bytes, Prepared]:
    """The document as it came and what was prepared of it. NotFound, EvidenceBroken."""
    if not kept.prepared_size:
        raise NotFound(kept.session.id)
    prepared = restored(await signing.hop.objects.fetch(kept.prepared))
    return prepared.pdf[: kept.original_size], prepared


async def _known(signing: Signing, tenant: str, id: str) -> Kept:
    kept = await signing.sessions.get(tenant, id)
    if kept is None:
        raise NotFound(id[:100])
    return await _timely(signing, kept)


async def _timely(signing: Signing, kept: Kept) -> Kept:
    """Expired at the latest when somebody looks."""
    if kept.session.state in OPEN and kept.session.expires <= signing.now():
        return await end(signing, kept, Act.EXPIRE, SigningEnded.code)
    return kept


# ---------------------------------------------------------------- the second step


async def complete(signing: Signing, tenant: str, id: str, answer: Answer) -> Kept:
    """Take what a person's key gave, or ask the gateway's own key. A repeat gives the same.

    Raises NotFound, SigningEnded, SigningDiffers, SecretWrong, KeyUnavailable; the session stands as it did.
    """
    kept = await _known(signing, tenant, id)
    if answer.value or answer.cms:
        return await _taken(signing, kept, answer.value, answer.cms)
    return (await _asked(signing, [kept], answer.secret))[0]


async def complete_file(signing: Signing, tenant: str, id: str, file: bytes) -> Kept:
    """Take a file that a person's own program signed. As `complete`."""
    return await _taken(signing, await _known(signing, tenant, id), file=file)


async def complete_batch(signing: Signing, tenant: str, id: str, answer: Answer) -> tuple[Kept, ...]:
    """Ask the gateway's key for a whole bulk under one authorisation; each document has its own outcome."""
    return await _asked(signing, await batch(signing, tenant, id), answer.secret)


async def cancel(signing: Signing, tenant: str, id: str) -> Kept:
    """The person or the agency does not want it any more. SigningEnded if it has ended otherwise."""
    kept = await _known(signing, tenant, id)
    if kept.session.handle and kept.session.state is State.WAITING:
        key = signing.keys.of(tenant).get(kept.session.key)
        if key is not None and not kept.session.batch:
            await key.cancel(kept.session.handle)
    return await end(signing, kept, Act.REJECT, "", "cancelled")


async def _taken(signing: Signing, kept: Kept, value: bytes = b"", cms: bytes = b"", file: bytes = b"") -> Kept:
    answer = hashlib.sha256(b"\0".join((value, cms, file))).hexdigest()
    if kept.session.state in ENDS:
        if kept.session.state is State.SIGNED and kept.answer == answer:
            return kept
        await _refused(signing, kept, SigningEnded.code)
        raise SigningEnded(f"{kept.session.id}: {kept.session.state.value}")
    try:
        return await finish(signing, kept, answer, value, cms, file)
    except LienThongError as error:
        await _refused(signing, kept, error.code)
        raise


async def finish(
    signing: Signing, kept: Kept, answer: str, value: bytes = b"", cms: bytes = b"", file: bytes = b""
) -> Kept:
    """Assemble, check anew, keep, end. Raises SigningDiffers, SignatureProblem, SigningEnded, Unavailable."""
    pdf, prepared = await papers(signing, kept)
    certificate = prepared.certificate
    if file:
        await _require_takable(signing, file)
        result, certificate = await asyncio.to_thread(returned, kept, pdf, file, signing.trusting(), signing.now())
    elif prepared.to_be_signed:
        result = await assembled(prepared, kept.session.level, signing.stamper, value, cms)
    else:
        raise SigningDiffers("phiên này chờ tệp đã ký / this session waits for the signed file")
    result = await _checked(signing, kept.session.level, (pdf, result), certificate)
    digest = hashlib.sha256(result).hexdigest()
    await signing.hop.objects.keep({digest: result})

    def signed(found: Kept) -> Kept:
        if found.session.state is State.SIGNED and found.answer == answer:
            return found  # another process was faster; a time stamp makes its file another one
        own = moved(found.session, Act.FINISH, signing.now(), result=digest)
        return replace(found, session=own, result_size=len(result), answer=answer)

    return await _changed(signing, kept, signed, "finish", digest)


async def _require_takable(signing: Signing, file: bytes) -> None:
    """A stranger's file is looked at within limits before anything else reads it. Raises SigningDiffers."""
    if why := (await signing.examine(file)).readable:
        raise differs("unreadable", why)


async def _checked(signing: Signing, level: Level, files: tuple[bytes, bytes], certificate: bytes) -> bytes:
    """The file as it was shown and as it was signed: checked as a stranger's would be, raised where that is wanted."""
    pdf, result = files
    require_addition(pdf, result)
    before, after = await signing.examine(pdf), await signing.examine(result)
    await asyncio.to_thread(require_result, before, after, certificate, signing.trusting(), signing.now())
    if level not in LASTING or signing.proving is None or signing.stamper is None:
        return result
    proofs, trusting = await signing.proving(after), signing.trusting()
    raised = await lasting(result, level, proofs, signing.stamper, (trusting.roots, trusting.others))
    require_level(await signing.examine(raised), level)
    return raised


async def end(signing: Signing, kept: Kept, act: Act, problem: str, word: str = "") -> Kept:
    """End a session without a signature. SigningEnded if it has ended otherwise."""

    def ended(found: Kept) -> Kept:
        return replace(found, session=moved(found.session, act, signing.now(), problem=problem))

    return await _changed(signing, kept, ended, act.value, word or problem)


# ---------------------------------------------------------------- keys that are asked


async def _asked(signing: Signing, sessions: Sequence[Kept], secret: str) -> tuple[Kept, ...]:
    """Ask for all that nobody is asking for already; what has its outcome at once is finished at once."""
    own = sessions[0].session
    if not own.key:
        raise InvalidValue("value, cms")
    if all(kept.session.state in ENDS - {State.SIGNED} for kept in sessions):
        raise SigningEnded(f"{own.id}: {own.state.value}")
    key = signing.keys.of(own.tenant).get(own.key)
    if key is None:
        raise NotFound(own.key)
    mine = [kept for kept in sessions if await _leased(signing, kept)]
    if mine:
        await ask(signing, key, mine, secret)
    return tuple([await _known(signing, kept.session.tenant, kept.session.id) for kept in sessions])


async def _leased(signing: Signing, kept: Kept) -> bool:
    """Whether this request is the one that asks the key; decided in one transaction."""
    won = False

    def leased(found: Kept) -> Kept:
        nonlocal won
        own, now = found.session, signing.now()
        idle = found.submitted is None or now - found.submitted >= LEASE
        won = own.state in OPEN and not own.handle and idle and now < own.expires
        return replace(found, submitted=now) if won else found

    await signing.sessions.change(kept.session.tenant, kept.session.id, leased, trace(kept, signing.now(), "ask"))
    return won


async def ask(signing: Signing, key: SigningKey, sessions: Sequence[Kept], secret: str = "") -> None:
    """Submit, remember what the provider calls it, take what it answered already."""
    orders = [order(kept) for kept in sessions]
    try:
        submission = await key.submit(orders, secret)
    except LienThongError as error:
        for kept in sessions:
            await signing.sessions.change(
                kept.session.tenant,
                kept.session.id,
                partial(replace, submitted=None),
                trace(kept, signing.now(), "ask", error.code),
            )
        raise

    def submitted(found: Kept) -> Kept:
        if found.session.state in ENDS:
            return found
        return replace(found, session=moved(found.session, Act.SUBMIT, signing.now(), handle=submission.handle))

    waiting = [await _changed(signing, kept, submitted, "submit", submission.handle) for kept in sessions]
    await settle(signing, waiting, submission.outcomes)


async def settle(signing: Signing, sessions: Sequence[Kept], outcomes: Sequence[Outcome]) -> None:
    """Take a provider's answers, each for its own order; an answer to nobody's order is left aside."""
    by_id: Mapping[str, Kept] = {order_id(kept): kept for kept in sessions}
    for outcome in outcomes:
        kept = by_id.get(outcome.order)
        if kept is not None and kept.session.state in OPEN:
            await _settled(signing, kept, outcome)


async def knocked(signing: Signing, handle: str) -> None:
    """A provider said that something happened: it is asked at once what. An unknown handle is left aside."""
    waiting = [kept for kept in await signing.sessions.open(KNOCKED) if kept.session.handle == handle]
    if not waiting:
        return
    own = waiting[0].session
    mine = [kept for kept in waiting if (kept.session.tenant, kept.session.key) == (own.tenant, own.key)]
    key = signing.keys.of(own.tenant).get(own.key)
    if key is not None:
        await settle(signing, mine, await key.outcomes(handle, [order(kept) for kept in mine]))


async def _settled(signing: Signing, kept: Kept, outcome: Outcome) -> None:
    if outcome.answer is KeyAnswer.WAITING:
        return
    try:
        if outcome.answer is KeyAnswer.SIGNED:
            await finish(signing, kept, hashlib.sha256(outcome.value).hexdigest(), outcome.value)
        else:
            problem = _PROBLEMS.get(outcome.answer, "")
            await end(signing, kept, _ENDED[outcome.answer], problem, outcome.answer.value)
    except SigningEnded:
        return  # it ended otherwise in the meantime, which stands
    except LienThongError as error:
        if not error.permanent:
            raise
        await end(signing, kept, Act.FAIL, SigningDiffers.code, f"{error.code} {error.detail}"[:200])


def order_id(kept: Kept) -> str:
    """A provider serves many agencies, and each chooses its own ids of sessions."""
    return f"{kept.session.tenant}.{kept.session.id}"


def order(kept: Kept) -> Order:
    """A session as its key sees it."""
    own = kept.session
    return Order(order_id(kept), kept.to_be_signed, own.digest, own.display.text, own.code, own.expires)


# ---------------------------------------------------------------- changes and their trail


def topic(tenant: str, id: str) -> str:
    """Rung when a session moves."""
    return f"signing:{tenant}:{id}"


def trace(kept: Kept, now: datetime, act: str, outcome: str = "") -> Trace:
    """Who, which key, which document, what, what came of it."""
    own = kept.session
    return Trace(now, own.tenant, own.id, own.person, own.key or own.kind.value, own.document, act, outcome)


async def _changed(signing: Signing, kept: Kept, work: Callable[[Kept], Kept], act: str, outcome: str = "") -> Kept:
    own = kept.session
    new = await signing.sessions.change(own.tenant, own.id, work, trace(kept, signing.now(), act, outcome))
    signing.bell.ring([topic(own.tenant, own.id)])
    return new


async def _refused(signing: Signing, kept: Kept, code: str) -> None:
    await signing.sessions.note(trace(kept, signing.now(), "refused", code))
