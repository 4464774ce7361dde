"""What the calls do, over the desk's own use cases. A system sees its organisations' packages and no others."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from secrets import token_hex

import msgspec

from lienthong.delivery import (
    Content,
    JourneyState,
    Lane,
    Leg,
    Package,
    Search,
    acknowledge,
    canonical,
    is_aside,
    put_again,
    release,
    set_aside,
    take,
)
from lienthong.delivery.journey import HELD
from lienthong.delivery.ports import View
from lienthong.delivery.retention import require_contents
from lienthong.document import OrganisationCode
from lienthong.envelope import StatusMessage, Warning, read_head  # noqa: A004  the room's own word
from lienthong.errors import ChecksumWrong, EnvelopeUnreadable, IllegalMove, InvalidValue, NotAllowed, NotFound
from lienthong.gateway import desk
from lienthong.gateway.desk import Gateway
from lienthong.gateway.vxp.digests import same
from lienthong.gateway.vxp.ports import Systems
from lienthong.gateway.vxp.roster import Roster
from lienthong.gateway.vxp.shapes import received_item, sent_item
from lienthong.gateway.vxp.signing import Call
from lienthong.gateway.vxp.states import Transport, doc_id, package_of
from lienthong.gateway.vxp.systems import System, Wish
from lienthong.gateway.vxp.trail import Trail

LISTED = 1000
"""Rows of one list; what was received is fetched and acknowledged, then the next come."""
COUNTED = 10_000
SENT = 200
"""Packages of each organisation in `getSentEdocList` without a `docId`, the newest."""


@dataclass(frozen=True, slots=True)
class House:
    """What the VXP face stands on. `window` seconds, `hold` for what a system has in `processing`."""

    gateway: Gateway
    kept: Systems
    roster: Roster
    trail: Trail
    window: float
    hold: timedelta


async def send(house: House, call: Call, data: bytes) -> tuple[str, tuple[Warning, ...]]:
    """Hand in an edXML file; its transport id, and what was noted. The same file again is the same package.

    ChecksumWrong unless the digest is the signed one, NotAllowed for an organisation the system does not serve, and
    what the desk refuses.
    """
    if not same(call.get("hash-file"), hashlib.sha256(data).digest()):
        raise ChecksumWrong("XroadVnpt-hash-file")
    tenant = _served(house, call.system, call.get("from"))
    reading = read_head(data, house.gateway.hop.limits)
    found = Content.STATUS if isinstance(reading.message, StatusMessage) else Content.EDOC
    if found is not content_of(call):
        raise EnvelopeUnreadable(f"messagetype: {call.get('messagetype')} ≠ {found}")
    package = await desk.send_edxml(house.gateway, tenant, "", data, call.system.time_to_live or None)
    return package, reading.warnings


def content_of(call: Call) -> Content:
    """The message type asked for. InvalidValue."""
    try:
        return Content(call.get("messagetype").lower())
    except ValueError:
        raise InvalidValue("messagetype: edoc | status") from None


def _served(house: House, system: System, code: str) -> str:
    """The registry's code of an organisation that the system serves. NotAllowed, InvalidValue."""
    found = canonical(house.gateway.directory(), OrganisationCode.parse(code))
    if found not in system.serves:
        raise NotAllowed(f"{system.id}: {code}")
    return found


# ---------------------------------------------------------------- what was received


async def received(house: House, call: Call) -> list[dict[str, str]]:
    """What waits for the system's organisations, the most urgent first. Looking changes nothing."""
    waiting = _waiting(house, call.system, content_of(call), LISTED)

    def look(view: View) -> list[dict[str, str]]:
        pairs = ((view.package(leg.package), leg) for leg in waiting(view))
        return [received_item(package, leg) for package, leg in pairs if package is not None]

    return await house.gateway.hop.store.read(look)


async def count(house: House, call: Call, content: Content) -> int:
    """How much waits, up to `COUNTED`."""
    waiting = _waiting(house, call.system, content, COUNTED)
    return await house.gateway.hop.store.read(lambda view: len(waiting(view)))


def _waiting(house: House, system: System, content: Content, limit: int) -> Callable[[View], Sequence[Leg]]:
    now = house.gateway.now()

    def look(view: View) -> Sequence[Leg]:
        legs = [leg for code in system.serves for leg in view.inbox(code, frozenset({content}), now, limit)]
        ordered = sorted(legs, key=lambda leg: (-leg.urgency, leg.since))
        return list(islice((leg for leg in ordered if not is_aside(view, leg)), limit))

    return look


async def fetched(house: House, call: Call) -> Package:
    """The package of a received item, for its contents. NotFound, ContentsArchived."""
    package, _ = await _item(house, call)
    await house.gateway.hop.store.read(lambda view: require_contents(view, package.id))
    return package


async def update(house: House, call: Call) -> None:
    """The transport state of a received item. A repeat changes nothing. NotFound, IllegalMove, LockLost."""
    try:
        wanted = Transport(call.get("status").lower())
    except ValueError:
        raise InvalidValue("status: processing | done | fail") from None
    _, legs = await _item(house, call)
    for leg in legs:
        await _moved(house, call.system, leg, wanted)


async def _moved(house: House, system: System, leg: Leg, wanted: Transport) -> None:
    hop, key, lock = house.gateway.hop, (leg.recipient, leg.package, leg.addressee), f"vxp:{system.id}"
    if leg.state is JourneyState.HANDED_OVER:
        if wanted is not Transport.DONE:
            raise IllegalMove(f"done → {wanted}")
    elif wanted is Transport.FAIL:
        await set_aside(hop, *key, lock, who=system.id)
    elif wanted is Transport.INITIAL:
        await put_again(hop, *key)
        await release(hop, *key, lock)
    else:
        await put_again(hop, *key)
        await take(hop, *key, lock, house.hold)
        if wanted is Transport.DONE:
            await acknowledge(hop, *key, lock)


async def _item(house: House, call: Call) -> tuple[Package, list[Leg]]:
    """A received item of the system's. Whatever is another's does not exist: NotFound."""
    wanted = call.get("docid")

    def look(view: View) -> tuple[Package, list[Leg]]:
        package = view.package(package_of(wanted) or "")
        legs = view.legs(package.id, Lane.IN) if package is not None else ()
        mine = [leg for leg in legs if leg.recipient in call.system.serves and leg.state in HELD]
        named = [leg for leg in mine if doc_id(leg.package, leg.addressee) == wanted]
        if package is None or not named:
            raise NotFound(f"docId {wanted[:64]}")
        return package, named

    return await house.gateway.hop.store.read(look)


# ---------------------------------------------------------------- what was sent


async def sent(house: House, call: Call) -> list[dict[str, str]]:
    """One row for each addressee: of one package, or of the newest of each organisation. NotFound.

    A received item's id was kept by the SDK from an earlier `getEdoc`; nobody can mean it here.
    """
    told, content = call.get("docid"), content_of(call)
    wanted = "" if package_of(told) else told

    def look(view: View) -> list[tuple[Package, tuple[Leg, ...]]]:
        if not wanted:
            pages = (view.listing(Search(Lane.OUT, code, content, limit=SENT)) for code in call.system.serves)
            return [entry for page in pages for entry in page.entries]
        package = view.package(wanted[:64])
        if package is None or package.sender not in call.system.serves:
            raise NotFound(f"docId {wanted[:64]}")
        return [(package, tuple(view.legs(package.id, Lane.OUT)))]

    found = await house.gateway.hop.store.read(look)
    return [sent_item(package, leg) for package, legs in found for leg in legs]


# ---------------------------------------------------------------- wishes


Said = str | int | None


class Application(msgspec.Struct):
    """What `registerAgency` says. The text is the caller's own: what it has nothing for may be null, or not there."""

    code: str
    name: Said = None
    id: Said = None
    pcode: Said = None
    mail: Said = None
    mobile: Said = None
    fax: Said = None


async def register(house: House, call: Call, body: bytes) -> bool:
    """Ask that the system serve a further organisation; False when it does already. InvalidValue, Busy."""
    try:
        told = msgspec.json.decode(body, type=Application)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidValue(f"JSON: {error}") from error
    code = canonical(house.gateway.directory(), OrganisationCode.parse(told.code))
    if code in call.system.serves:
        return False
    said = {name: str(value)[:500] for name, value in msgspec.structs.asdict(told).items() if value}
    await _wish(house, call, "register", code, said)
    return True


async def delete(house: House, call: Call) -> None:
    """Ask that the system serve an organisation no longer. NotAllowed for one it does not serve."""
    await _wish(house, call, "delete", _served(house, call.system, call.get("agencycode")), {})


async def _wish(house: House, call: Call, act: str, code: str, said: dict[str, str]) -> None:
    wish = Wish(token_hex(6), call.system.id, act, code, house.gateway.now(), said)
    await house.kept.wish(wish)
