"""What ACME remembers: grants, accounts, orders. Each is a record of the authority's memory."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from secrets import token_bytes, token_hex

import msgspec

from lienthong.ca.acme.jwk import id_of
from lienthong.ca.life.forms import DeviceForm
from lienthong.ca.registers import Case, Change, Record, RecordsWanted, View

GRANT, ACCOUNT, ORDER = "acme-grant", "acme-account", "acme-order"
ORDER_LIFE = timedelta(days=1)


class Status(StrEnum):
    """RFC 8555 §7.1.6."""

    PENDING = "pending"
    READY = "ready"
    PROCESSING = "processing"
    VALID = "valid"
    INVALID = "invalid"
    DEACTIVATED = "deactivated"


@dataclass(frozen=True, slots=True)
class Grant:
    """What a case of kind device approved for machines to ask for by themselves: which names, which profile.

    `secret`: base64url of the key of external account binding (§7.3.4); `case`: the approval.
    """

    id: str
    secret: str = field(repr=False)
    case: str
    organisation: str
    authority: str
    profile: str
    name: str
    holder: str
    hosts: tuple[str, ...]
    active: bool = True
    account: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """Who asks under a grant, with the key (JWK, public) they ask with now; `id` stays when the key changes."""

    id: str
    jwk: dict[str, str]
    grant: str
    status: Status = Status.VALID
    contact: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What its key is known by, as keys of certificates are."""
        return id_of(self.jwk)


@dataclass(frozen=True, slots=True)
class Authorization:
    """A host of an order, and whether its challenge was answered."""

    host: str
    token: str
    status: Status = Status.PENDING
    validated: datetime | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """What an account asks for."""

    id: str
    account: str
    expires: datetime
    authorizations: tuple[Authorization, ...]
    status: Status = Status.PENDING
    certificate: str = ""


_grant = msgspec.json.Decoder(Grant).decode
_account = msgspec.json.Decoder(Account).decode
_order = msgspec.json.Decoder(Order).decode


def grant(tx: Change, case: Case) -> Grant:
    """What an approved case lets a machine do from now on, with a fresh secret."""
    form = case.form
    assert isinstance(form, DeviceForm)  # noqa: S101  # nothing else lets a machine ask
    secret = urlsafe_b64encode(token_bytes(32)).rstrip(b"=").decode()
    made = Grant(
        token_hex(8),
        secret,
        case.id,
        form.organisation,
        case.authority,
        case.profile,
        form.name,
        form.holder,
        form.hosts,
    )
    put(tx, made)
    return made


def grant_of(view: View, id: str) -> Grant | None:
    """By its key id."""
    found = view.record(GRANT, id)
    return None if found is None else _grant(found)


def grant_of_case(view: View, case: str) -> Grant | None:
    """The one a case approved."""
    found = view.records(RecordsWanted(GRANT, owner=case))
    return _grant(found[0]) if found else None


def account_of(view: View, id: str) -> Account | None:
    """By its id."""
    found = view.record(ACCOUNT, id)
    return None if found is None else _account(found)


def account_with(view: View, key: str) -> Account | None:
    """By its key."""
    found = view.records(RecordsWanted(ACCOUNT, state=key))
    return _account(found[0]) if found else None


def order_of(view: View, id: str) -> Order | None:
    """By its id."""
    found = view.record(ORDER, id)
    return None if found is None else _order(found)


def orders_of(view: View, account: str, skipped: int, limit: int) -> list[Order]:
    """An account's, the oldest first, behind the first so many."""
    wanted = RecordsWanted(ORDER, owner=account, offset=skipped, limit=limit)
    return list(map(_order, view.records(wanted)))


def put(tx: Change, thing: Grant | Account | Order) -> None:
    """Write it down."""
    if isinstance(thing, Grant):
        tx.put_record(Record(GRANT, thing.id, thing, owner=thing.case, state=thing.account))
    elif isinstance(thing, Account):
        tx.put_record(Record(ACCOUNT, thing.id, thing, owner=thing.grant, state=thing.key))
    else:
        tx.put_record(Record(ORDER, thing.id, thing, owner=thing.account, state=thing.status.value, due=thing.expires))
