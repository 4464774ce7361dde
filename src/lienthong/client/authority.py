"""`CertificateAuthority`: an officer's door to a certificate authority. The token looks and asks; orders decide.

Calls of docs/protocol/ca-api.md; refusals are errors of our tree.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, TypeVar
from urllib.parse import quote

import msgspec

from lienthong.client.answers import decoded
from lienthong.client.certificates import (
    AcmeKey,
    Case,
    CasePage,
    Certificate,
    CertificatePage,
    Counts,
    Deed,
    Departure,
    Officer,
    OfficerMe,
    PreviewedRow,
    RegistrationAuthority,
    Reminder,
    Token,
)
from lienthong.client.line import Line
from lienthong.client.orders import SignedOrder

T = TypeVar("T")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class CertificateAuthority(Line):
    """One connection with one officer's access token. Everything lies in the officer's scope."""

    def me(self) -> OfficerMe:
        """Who I am there. TokenInvalid."""
        return self._get(OfficerMe, "/v1/me")

    # ------------------------------------------------------------ looking

    def certificates(self, **wanted: Any) -> list[Certificate]:
        """Find by `text` (accents aside), `uid`, `serial`, `organisation`, `state`, `profile`, `ends_after`,
        `ends_before`; `after` from the last row for more."""
        return self._get(list[Certificate], "/v1/certificates", **_said(wanted))

    def certificate(self, issuer: str, serial: str) -> CertificatePage:
        """One with its chain and history. NotFound outside the scope."""
        return self._get(CertificatePage, f"/v1/certificates/{_part(issuer)}/{_part(serial)}")

    def counts(self) -> Counts:
        """The scope in numbers."""
        return self._get(Counts, "/v1/counts")

    def reminders(self) -> list[Reminder]:
        """What ends within 90 days and was said."""
        return self._get(list[Reminder], "/v1/reminders")

    def deeds(self, limit: int = 200) -> list[Deed]:
        """The newest lines of the log, for auditors. NotAllowed."""
        return self._get(list[Deed], "/v1/deeds", limit=limit)

    # ------------------------------------------------------------ cases

    def cases(self, **wanted: Any) -> list[Case]:
        """The newest first, by `state`, `kind`, `organisation`, `authority`, `batch`, `overdue`; `after` for more."""
        return self._get(list[Case], "/v1/cases", **_said(wanted))

    def transfers(self, **wanted: Any) -> list[Case]:
        """Cases of others that take people from the scope and wait for an agreement; `offset` leaves out so many."""
        return self._get(list[Case], "/v1/transfers", **_said(wanted))

    def case(self, id: str) -> CasePage:
        """One and its history. NotFound outside the scope."""
        return self._get(CasePage, f"/v1/cases/{_part(id)}")

    def letter(self, id: str) -> bytes:
        """The signed letter it came with. NotFound."""
        return self._ask("GET", f"/v1/cases/{_part(id)}/letter")

    def ask(self, id: str, form: Mapping[str, Any], letter: bytes = b"") -> Case:
        """Open a case; `id` is yours, a repeat changes nothing. All that a form is refused for."""
        return self._put(Case, f"/v1/cases/{_part(id)}", _asked(form, letter))

    def complete(self, id: str, form: Mapping[str, Any], letter: bytes = b"") -> Case:
        """Another form in place of one returned or not examined yet; the letter stays unless there is another."""
        return self._post(Case, f"/v1/cases/{_part(id)}/form", _asked(form, letter))

    def withdraw(self, id: str) -> Case:
        """Take it back. IllegalMove once it is decided."""
        return self._post(Case, f"/v1/cases/{_part(id)}/withdraw", None)

    def deliver(self, id: str, receiver: str) -> Case:
        """Handed over to somebody."""
        return self._post(Case, f"/v1/cases/{_part(id)}/deliver", {"receiver": receiver})

    def decide(self, id: str, order: SignedOrder) -> Case:
        """Carry an order out. OrderInvalid, OrderReplayed, NotAllowed, SameOfficer, QuotaUsedUp, IllegalMove."""
        return self._post(Case, f"/v1/cases/{_part(id)}/orders", dict(order.told()))

    def acme_key(self, id: str) -> AcmeKey:
        """What an approved machine asks with. NotFound for anybody but who asked."""
        return self._get(AcmeKey, f"/v1/cases/{_part(id)}/acme")

    def stop_acme(self, id: str) -> Case:
        """The machine gets nothing more."""
        return self._post(Case, f"/v1/cases/{_part(id)}/acme/stop", None)

    # ------------------------------------------------------------ many at once

    def table(self, kind: str) -> bytes:
        """An Excel table to fill in. InvalidValue for a kind that does not come in lists."""
        return self._ask("GET", f"/v1/tables/{_part(kind)}")

    def preview(self, kind: str, table: bytes) -> list[PreviewedRow]:
        """What each row would become, or the refusal it would get; nothing is written."""
        return self._table(list[PreviewedRow], f"/v1/tables/{_part(kind)}/preview", table)

    def open_table(self, kind: str, batch: str, table: bytes) -> list[Case]:
        """All rows, or none; `batch` is yours, a repeat opens nothing twice."""
        return self._table(list[Case], f"/v1/tables/{_part(kind)}/{_part(batch)}", table)

    def renew_all(self, batch: str) -> list[Case]:
        """A renewal for every certificate that ends within 90 days."""
        return self._post(list[Case], f"/v1/renewals/{_part(batch)}", None)

    # ------------------------------------------------------------ who leaves

    def departures(self, **wanted: Any) -> list[Departure]:
        """Of the scope, the soonest first, by `state`; `offset` leaves out so many."""
        return self._get(list[Departure], "/v1/departures", **_said(wanted))

    def departure(self, certificate: str) -> Departure:
        """That of the person whom a certificate (`issuer/serial`) names. NotFound."""
        return self._get(Departure, _departure(certificate))

    def depart(self, certificate: str, told: Mapping[str, Any], letter: bytes = b"") -> Departure:
        """Record it: `reason`, `day`, `to` of a transfer, `why`; a repeat changes nothing. All that its case would be
        refused for; IllegalMove once cases are open."""
        return self._put(Departure, _departure(certificate), {**told, "letter": b64encode(letter).decode()})

    def stay(self, certificate: str) -> Departure:
        """Take it back. IllegalMove once cases are open."""
        return self._post(Departure, f"{_departure(certificate)}/withdraw", None)

    # ------------------------------------------------------------ what is kept

    def tokens(self, **wanted: Any) -> list[Token]:
        """The inventory by `path`, `state`, `overdue`: to be given back by now; `offset` leaves out so many."""
        return self._get(list[Token], "/v1/tokens", **_said(wanted))

    def stock(self, serial: str, organisation: str, model: str = "") -> Token:
        """Take a token into stock. DuplicateDiffers for one in use."""
        return self._put(Token, f"/v1/tokens/{_part(serial)}", {"organisation": organisation, "model": model})

    def authorities(self) -> list[RegistrationAuthority]:
        """All to the centre, their own to the others."""
        return self._get(list[RegistrationAuthority], "/v1/authorities")

    def officers(self) -> list[Officer]:
        """The same of officers."""
        return self._get(list[Officer], "/v1/officers")

    def put_authority(self, thing: RegistrationAuthority, orders: Sequence[SignedOrder]) -> RegistrationAuthority:
        """Write it down as two administrators order. OrderInvalid, SameOfficer."""
        body = {"authority": msgspec.to_builtins(thing), "orders": [each.told() for each in orders]}
        return self._put(RegistrationAuthority, f"/v1/authorities/{_part(thing.id)}", body)

    def put_officer(self, thing: Officer, orders: Sequence[SignedOrder]) -> dict[str, str]:
        """The same for an officer; `secret` is the SHA-256 of the access token."""
        body = {"officer": msgspec.to_builtins(thing), "orders": [each.told() for each in orders]}
        return self._put(dict[str, str], f"/v1/officers/{_part(thing.id)}", body)

    def _put(self, kind: type[T], path: str, body: dict[str, Any]) -> T:
        return decoded(kind, self._ask("PUT", path, json=body))

    def _table(self, kind: type[T], path: str, table: bytes) -> T:
        return decoded(kind, self._ask("POST", path, content=table, headers={"Content-Type": XLSX}))


def _part(text: str) -> str:
    return quote(text, safe="")


def _departure(certificate: str) -> str:
    issuer, _, serial = certificate.rpartition("/")
    return f"/v1/departures/{_part(issuer)}/{_part(serial)}"


def _said(wanted: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in wanted.items() if value not in (None, "", False)}


def _asked(form: Mapping[str, Any], letter: bytes) -> dict[str, Any]:
    told = dict(form) | ({"letter": sha256(letter).hexdigest()} if letter else {})
    return {"form": told, "letter": b64encode(letter).decode()}
