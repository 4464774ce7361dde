"""What the signing service does by itself: ask providers about what waits, end what ran out, let contents go."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from lienthong.errors import LienThongError, SigningEnded
from lienthong.gateway.signing import KEEP, LEASE, Signing, ask, end, order, settle
from lienthong.signature.keys import KeyKind, SigningKey
from lienthong.signature.session.keeping import Kept
from lienthong.signature.session.machine import Act

_MOST = 1000
_NO_SECRET = frozenset({KeyKind.FILE, KeyKind.PHONE})
"""Keys that may be asked again after a crash: they need no secret, and know an order they were given before."""


async def signing_round(signing: Signing) -> None:
    """One round; a provider that does not answer is asked again in the next."""
    waiting: list[Kept] = []
    for kept in await signing.sessions.open(_MOST):
        if kept.session.expires <= signing.now():
            await _expire(signing, kept)
        elif kept.session.handle or _orphaned(signing, kept):
            waiting.append(kept)
    for group in _groups(waiting):
        await _look(signing, group)
    await _let_go(signing)


def _orphaned(signing: Signing, kept: Kept) -> bool:
    """Whether somebody asked the key and died before he could say so."""
    asked = kept.submitted is not None and signing.now() - kept.submitted >= LEASE
    return asked and kept.session.kind in _NO_SECRET


def _groups(waiting: Sequence[Kept]) -> list[list[Kept]]:
    """Those of one submission together."""

    def submission(kept: Kept) -> tuple[str, str, str, str]:
        own = kept.session
        return own.tenant, own.key, own.handle, own.batch or own.id

    return [list(group) for _, group in groupby(sorted(waiting, key=submission), key=submission)]


async def _look(signing: Signing, group: list[Kept]) -> None:
    own = group[0].session
    key = signing.keys.of(own.tenant).get(own.key)
    if key is None:
        return  # taken out of the settings; the sessions expire
    try:
        await _answers(signing, key, group)
    except LienThongError:
        return  # the provider is away or refuses; the sessions expire at the latest


async def _answers(signing: Signing, key: SigningKey, group: list[Kept]) -> None:
    handle = group[0].session.handle
    if handle:
        await settle(signing, group, await key.outcomes(handle, [order(kept) for kept in group]))
    else:
        await ask(signing, key, group)


async def _expire(signing: Signing, kept: Kept) -> None:
    try:
        await end(signing, kept, Act.EXPIRE, SigningEnded.code)
    except SigningEnded:
        return  # signed at the last moment


async def _let_go(signing: Signing) -> None:
    """Contents of what is over go with the leftovers (`adapters.stock`)."""
    for kept in await signing.sessions.held(signing.now() - KEEP, _MOST):
        await signing.sessions.change(kept.session.tenant, kept.session.id, _without_contents)


def _without_contents(kept: Kept) -> Kept:
    return replace(kept, prepared_size=0, result_size=0)
