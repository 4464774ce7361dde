"""The inventory of tokens [thiết bị lưu khóa]: what lies in stock, who has which, which are lost.

in stock ─hand over, issue─► issued ─locked─► (recovery) issued
    ▲                          ├─return─► returned ─restock─► in stock
    └──────────────────────────┴─loss─► lost

A token follows the certificate of its holder through renewals and changes. It is to come back within five working days,
and has a `due` until then, once its certificate was revoked or the key of the next one lies elsewhere.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

import msgspec

from lienthong.ca.delegation.matrix import Matter, require
from lienthong.ca.delegation.model import Asker, Duty, RegistrationAuthority
from lienthong.ca.life.kinds import ON_TOKENS, CaseKind
from lienthong.ca.life.states import working_days
from lienthong.ca.registers import Case, Change, Deed, Held, Record, RecordsWanted, View
from lienthong.errors import DuplicateDiffers, IllegalMove, InvalidValue, NotAllowed

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


def tokens(view: View, wanted: RecordsWanted) -> list[Token]:
    """Records of `KIND` as tokens: `owner` is the path of whose they are."""
    return list(map(_token, view.records(wanted)))


def named(case: Case) -> str:
    """The serial number of the token a case is about, or that the key of its certificate lies on; empty for none."""
    return str(getattr(case.says or case.form, "token", ""))


def require_usable(view: View, case: Case, authority: RegistrationAuthority, now: datetime) -> None:
    """Whether the token that a case names may serve for it. NotAllowed for one outside the scope, IllegalMove for one
    that is lost or holds the key of another, InvalidValue for what is no serial number.
    """
    if not (serial := named(case)):
        return
    known = token_of(view, serial) or Token(serial, case.path)
    about = view.certificate(case.about) if case.about else None
    bound = view.certificate(known.certificate) if known.certificate else None
    own = bound is not None and about is not None and bound.key == about.key
    if not own and not authority.covers(known.path):
        raise NotAllowed(f"{serial}: ngoài phạm vi của {authority.name} / outside the scope of {authority.name}")
    if case.kind in ON_TOKENS:
        if bound is not None and about is not None and not own:
            raise IllegalMove(_of_another(serial, bound))
        return
    if known.state is TokenState.LOST:
        raise IllegalMove(f"{serial}: {known.state.value}")
    if bound is not None and not own and bound.in_force(now):
        raise IllegalMove(_of_another(serial, bound))


def _of_another(serial: str, bound: Held) -> str:
    return f"{serial}: đang giữ khóa của / holds the key of {bound.name} ({bound.id})"


def put(tx: Change, token: Token) -> None:
    """Write it down."""
    tx.put_record(Record(KIND, token.serial, token, owner=token.path, state=token.state.value, due=token.due))


def stock(tx: Change, asker: Asker, token: Token, now: datetime) -> Token:
    """Take a new token, or one that came back, into the stock of an organisation.

    DuplicateDiffers for one in use; NotAllowed for one of an organisation outside the scope.
    """
    require(asker.officer, asker.authority, Duty.DELIVER, Matter(CaseKind.HANDOVER, (token.path,)))
    known = token_of(tx, token.serial)
    if known is not None and not asker.authority.covers(known.path):
        raise NotAllowed(f"{token.serial}: {known.path}")
    if known is not None and known.state not in {TokenState.RETURNED, TokenState.IN_STOCK}:
        raise DuplicateDiffers(f"{token.serial}: {known.state.value}")
    fresh = replace(token, state=TokenState.IN_STOCK, holder="", certificate="", since=now, due=None)
    put(tx, fresh)
    tx.note(Deed(now, asker.officer.id, "stock", text=f"token {token.serial} {token.path}"))
    return fresh


def move(tx: Change, case: Case, now: datetime) -> Token:
    """What an approved case does to its token, which is returned. IllegalMove for a token that is somewhere else."""
    serial = getattr(case.form, "token", "")
    if not serial:
        raise InvalidValue("token")
    known = token_of(tx, serial) or Token(serial, case.path)
    before, after = _MOVES[case.kind]
    if known.state not in before:
        raise IllegalMove(f"{serial}: {known.state.value}")
    person = getattr(case.form, "person", "") if after is TokenState.ISSUED else ""
    due = known.due if case.kind is CaseKind.RECOVERY else None
    moved = replace(known, state=after, holder=person or known.holder, path=case.path, since=now, due=due)
    put(tx, moved)
    return moved


def call_back(tx: Change, certificate: Held, now: datetime, holidays: frozenset[date]) -> None:
    """A certificate's time with its token is over: the token is to come back, unless it holds another key by now, or a
    newer certificate of the same key is in force.
    """
    before = tx.case(certificate.case)
    known = token_of(tx, named(before)) if before is not None else None
    if known is None or known.state is not TokenState.ISSUED or not known.certificate:
        return
    of_key = tx.of_key(certificate.key)
    newer = any(each.number > certificate.number and each.in_force(now) for each in of_key)
    if not newer and known.certificate in {each.id for each in of_key}:
        put(tx, replace(known, due=working_days(now, RETURN_DAYS, holidays)))


def bind(tx: Change, case: Case, held: Held, now: datetime, holidays: frozenset[date]) -> None:
    """The token that the key of a certificate lies on is now its holder's.

    One that an earlier key lies on, of the certificate this one renews or changes, is to come back.
    """
    if serial := named(case):
        known = token_of(tx, serial) or Token(serial, case.path)
        fresh = replace(
            known, state=TokenState.ISSUED, holder=held.name, certificate=held.id, path=case.path, since=now, due=None
        )
        put(tx, fresh)
    if (before := tx.certificate(case.about) if case.about else None) is not None:
        call_back(tx, before, now, holidays)
