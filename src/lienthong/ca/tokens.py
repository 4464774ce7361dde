"""The inventory of tokens [thiết bị lưu khóa]: what lies in stock, who has which, which are lost.

in stock ─hand over, issue─► issued ─locked─► (recovery) issued
    ▲                          ├─return─► returned ─restock─► in stock
    └──────────────────────────┴─loss─► lost

A token whose certificate was revoked is to come back within five working days: until then it has a `due`.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

import msgspec

from lienthong.ca.delegation.matrix import Matter, require
from lienthong.ca.delegation.model import Duty
from lienthong.ca.life.kinds import CaseKind
from lienthong.ca.life.states import working_days
from lienthong.ca.preparing import Asker
from lienthong.ca.registers import Case, Change, Deed, Held, Record, View
from lienthong.errors import DuplicateDiffers, IllegalMove, InvalidValue

KIND = "token"
_LONGEST = 64


class TokenState(StrEnum):
    """Where a token is."""

    IN_STOCK = "in-stock"
    ISSUED = "issued"
    RETURNED = "returned"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Token:
    """A device by its serial number; `path`: whose it is; `certificate`: what its key is certified by; `due`: until
    when it is to be given back.
    """

    serial: str
    path: str
    state: TokenState = TokenState.IN_STOCK
    model: str = ""
    holder: str = ""
    certificate: str = ""
    since: datetime | None = None
    due: datetime | None = None

    def __post_init__(self) -> None:
        if not 0 < len(self.serial) <= _LONGEST or not self.serial.isascii() or not self.serial.isprintable():
            raise InvalidValue("token: serial")


RETURN_DAYS = 5
"""Working days for giving a token back (form 08; signing.md §3.1)."""
_token = msgspec.json.Decoder(Token).decode
_MOVES = {
    CaseKind.HANDOVER: ({TokenState.IN_STOCK, TokenState.ISSUED}, TokenState.ISSUED),
    CaseKind.RECOVERY: ({TokenState.ISSUED}, TokenState.ISSUED),
    CaseKind.RETURN: ({TokenState.ISSUED}, TokenState.RETURNED),
    CaseKind.LOSS: ({TokenState.ISSUED, TokenState.IN_STOCK}, TokenState.LOST),
}


def token_of(view: View, serial: str) -> Token | None:
    """The token with that serial number."""
    found = view.record(KIND, serial)
    return None if found is None else _token(found)


def tokens(view: View, *, path: str = "", state: str = "") -> list[Token]:
    """Tokens of an organisation, in a state."""
    return [_token(each) for each in view.records(KIND, owner=path, state=state)]


def put(tx: Change, token: Token) -> None:
    """Write it down."""
    tx.put_record(Record(KIND, token.serial, token, owner=token.path, state=token.state.value))


def stock(tx: Change, asker: Asker, token: Token, now: datetime) -> Token:
    """Take a new token, or one that came back, into the stock of an organisation. DuplicateDiffers for one in use."""
    require(asker.officer, asker.authority, Duty.DELIVER, Matter(CaseKind.HANDOVER, (token.path,)))
    known = token_of(tx, token.serial)
    if known is not None and known.state not in {TokenState.RETURNED, TokenState.IN_STOCK}:
        raise DuplicateDiffers(f"{token.serial}: {known.state.value}")
    fresh = replace(token, state=TokenState.IN_STOCK, holder="", certificate="", since=now, due=None)
    put(tx, fresh)
    tx.note(Deed(now, asker.officer.id, "stock", text=f"token {token.serial} {token.path}"))
    return fresh


def move(tx: Change, case: Case, now: datetime) -> None:
    """What an approved case does to its token. IllegalMove for a token that is somewhere else."""
    serial = getattr(case.form, "token", "")
    if not serial:
        raise InvalidValue("token")
    known = token_of(tx, serial) or Token(serial, case.path)
    before, after = _MOVES[case.kind]
    if known.state not in before:
        raise IllegalMove(f"{serial}: {known.state.value}")
    person = getattr(case.form, "person", "") if after is TokenState.ISSUED else ""
    due = known.due if case.kind is CaseKind.RECOVERY else None
    put(tx, replace(known, state=after, holder=person or known.holder, path=case.path, since=now, due=due))


def call_back(tx: Change, certificate: Held, now: datetime, holidays: frozenset[date]) -> None:
    """The certificate was revoked: the token that holds its key is to come back, unless it holds another's by now."""
    before = tx.case(certificate.case)
    known = token_of(tx, getattr(before.form, "token", "")) if before is not None else None
    if known is not None and known.state is TokenState.ISSUED and known.certificate == certificate.id:
        put(tx, replace(known, due=working_days(now, RETURN_DAYS, holidays)))


def bind(tx: Change, case: Case, held: Held, now: datetime) -> None:
    """The token a certificate was asked for on is now its holder's."""
    serial = getattr(case.form, "token", "")
    if serial:
        known = token_of(tx, serial) or Token(serial, case.path)
        fresh = replace(
            known, state=TokenState.ISSUED, holder=held.name, certificate=held.id, path=case.path, since=now, due=None
        )
        put(tx, fresh)
