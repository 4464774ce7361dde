"""Registration authorities and officers on record: who calls, and how the record is changed.

A change is ordered by two administrators of the centre, each with their own signature over the very same bytes.
"""

import hmac
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

import msgspec

from lienthong.ca.delegation.matrix import require_duty
from lienthong.ca.delegation.model import Duty, Officer, RegistrationAuthority
from lienthong.ca.delegation.orders import SignedOrder, Statement, opened
from lienthong.ca.house import House
from lienthong.ca.noting import Attempt, Noting
from lienthong.ca.registers import Change, Deed, Record, RecordsWanted, Registers, View
from lienthong.errors import NotAllowed, OrderInvalid, OrderReplayed, SameOfficer, TokenInvalid

AUTHORITY, OFFICER = "authority", "officer"
PUT = "put"
_BOTH, _ALL = 2, 10_000
_authority = msgspec.json.Decoder(RegistrationAuthority).decode
_officer = msgspec.json.Decoder(Officer).decode


def secret_digest(token: str) -> str:
    """How an access token is kept: SHA-256, hex. Tokens are 128 random bits, so no salt is needed."""
    return sha256(token.encode()).hexdigest()


def authority_of(view: View, id: str) -> RegistrationAuthority:
    """NotAllowed for one that is not on record."""
    found = view.record(AUTHORITY, id)
    if found is None:
        raise NotAllowed(f"cơ quan đăng ký / registration authority {id[:60]}")
    return _authority(found)


def officer_of(view: View, id: str) -> Officer:
    """NotAllowed for one that is not on record."""
    found = view.record(OFFICER, id)
    if found is None:
        raise NotAllowed(f"cán bộ / officer {id[:60]}")
    return _officer(found)


@dataclass(frozen=True, slots=True)
class Called:
    """What an officer is called, and the registration authority whose officer it is."""

    name: str
    authority_name: str


def called(view: View, ids: Collection[str]) -> dict[str, Called]:
    """What the officers among these are called, whether in force or not, by id; in two questions however many."""
    found = list(map(_officer, view.records(RecordsWanted(OFFICER, ids=ids, limit=len(ids)))))
    units = authorities_of(view, {each.authority for each in found})
    return {each.id: Called(each.name, units[each.authority].name) for each in found if each.authority in units}


def authorities_of(view: View, ids: Collection[str]) -> dict[str, RegistrationAuthority]:
    """Those of these that are on record, by id."""
    found = view.records(RecordsWanted(AUTHORITY, ids=ids, limit=len(ids)))
    return {each.id: each for each in map(_authority, found)}


def authorities(view: View) -> list[RegistrationAuthority]:
    """All on record."""
    return list(map(_authority, view.records(RecordsWanted(AUTHORITY, limit=_ALL))))


def officers(view: View, authority: str = "") -> list[Officer]:
    """All on record, or those of one authority, without the digests of their tokens."""
    found = view.records(RecordsWanted(OFFICER, owner=authority, limit=_ALL))
    return [replace(_officer(each), secret="") for each in found]


def caller(view: View, authorization: str) -> tuple[Officer, RegistrationAuthority]:
    """Whose access token it is. TokenInvalid, also for an officer or authority that is no longer in force."""
    scheme, _, token = authorization.partition(" ")
    digest = secret_digest(token)
    wanted = RecordsWanted(OFFICER, state=digest)
    found = list(map(_officer, view.records(wanted))) if scheme == "Bearer" and token else []
    if not found or not hmac.compare_digest(found[0].secret, digest):
        raise TokenInvalid("officer")
    authority = authority_of(view, found[0].authority)
    if not (found[0].active and authority.active):
        raise TokenInvalid(f"{found[0].id}: đã ngừng / no longer in force")
    return found[0], authority


def record_of(thing: RegistrationAuthority | Officer) -> Record:
    """How it is kept."""
    if isinstance(thing, Officer):
        return Record(OFFICER, thing.id, thing, owner=thing.authority, state=thing.secret)
    return Record(AUTHORITY, thing.id, thing)


def digest_of(thing: RegistrationAuthority | Officer) -> str:
    """SHA-256 of what administrators sign, hex."""
    return sha256(msgspec.json.encode((type(thing).__name__, thing), order="sorted")).hexdigest()


def _whole(view: View, thing: RegistrationAuthority | Officer) -> RegistrationAuthority | Officer:
    """An officer without a digest of a token keeps the one on record; nobody is told it, so nobody could repeat it."""
    if not isinstance(thing, Officer):
        return thing
    authority_of(view, thing.authority)
    known = view.record(OFFICER, thing.id)
    return replace(thing, secret=_officer(known).secret) if known is not None and not thing.secret else thing


class People:
    """Changes of the record."""

    def __init__(self, house: House, registers: Registers) -> None:
        self._house, self._noting = house, Noting(house, registers)

    async def put(self, thing: RegistrationAuthority | Officer, orders: Sequence[SignedOrder], sender: str) -> None:
        """Write an authority or officer down as two administrators order. OrderInvalid, SameOfficer, OrderReplayed;
        what is refused is noted under the name of who sent it.
        """

        def work(tx: Change) -> None:
            now = self._house.moment(tx)
            who = [self._administrator(tx, order, thing, now) for order in orders]
            if len(set(who)) < _BOTH:
                raise SameOfficer("cần hai người quản trị / two administrators")
            tx.put_record(record_of(_whole(tx, thing)))
            text = f"{type(thing).__name__} {thing.id}"
            tx.note(*[Deed(now, each, PUT, order=order.id, text=text) for each, order in zip(who, orders, strict=True)])

        await self._noting.done(Attempt(sender, PUT, about=f"{type(thing).__name__} {thing.id}"), work)

    def _administrator(
        self, tx: Change, order: SignedOrder, thing: RegistrationAuthority | Officer, now: datetime
    ) -> str:
        claimed = Statement.from_bytes(order.statement)
        officer = officer_of(tx, claimed.officer)
        told = opened(order, officer, self._house.name, now)
        require_duty(officer, authority_of(tx, officer.authority), Duty.ADMINISTER)
        if (told.act, told.about, told.digest) != (PUT, thing.id, digest_of(thing)):
            raise OrderInvalid(f"không đúng nội dung / of something else than {thing.id}")
        if not tx.add_order(order.id, "", order.statement, order.signature):
            raise OrderReplayed(order.id)
        return officer.id
