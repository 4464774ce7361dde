"""What ACME does: accounts bound to a grant, orders for its hosts, challenges, certificates, revocation.

A grant is an approved case, so every certificate given out here was decided by two officers; the machine shows that it
answers at the names (http-01) and that it has the key.
"""

from base64 import b64encode, urlsafe_b64encode
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from secrets import token_bytes, token_hex
from typing import Any, Protocol

from cryptography import x509

from lienthong.ca.acme.jwk import id_of, raw, thumbprint
from lienthong.ca.acme.model import (
    ORDER_LIFE,
    Account,
    Authorization,
    Grant,
    Order,
    Status,
    account_with,
    grant_of,
    order_of,
    orders_of,
    put,
)
from lienthong.ca.acme.problem import AcmeProblem
from lienthong.ca.acme.signed import Asked, asking, binding_id, bound, new_key
from lienthong.ca.carrying import Carrying
from lienthong.ca.casework import Casework
from lienthong.ca.hierarchy.purposes import USES
from lienthong.ca.house import House
from lienthong.ca.keys import require_uncertified
from lienthong.ca.life.forms import DeviceForm
from lienthong.ca.life.kinds import CertificateState, Reason
from lienthong.ca.registers import Case, Change, Deed, Held, Registers, View
from lienthong.ca.rules.keys import parsed_request, read_request
from lienthong.errors import KeyReused, LienThongError, NotAllowed

_MOST_HOSTS = 20
_LONGEST_NAME = 64
_PAGE = 20
"""Orders told at once."""
_OURS = 500
"""Statuses from here on tell of a failure of the authority, not of what it was asked."""
_BY = "acme:"
"""Before a grant's key id, in the place of an officer."""


class Prober(Protocol):
    """Fetches what a host shows at http-01 (RFC 8555 §8.3). Raises Unavailable."""

    async def shown(self, host: str, token: str) -> str: ...


@dataclass(frozen=True)
class Acme:
    """The work behind the addresses."""

    house: House
    registers: Registers
    casework: Casework
    carrying: Carrying
    prober: Prober

    async def account(self, jwk: dict[str, str], told: dict[str, Any], url: str) -> tuple[Account, bool]:
        """The account of a key, a new one under a grant if need be; whether it is new (RFC 8555 §7.3)."""

        def work(tx: Change) -> tuple[Account, bool]:
            if (known := account_with(tx, id_of(jwk))) is not None:
                return known, False
            if told.get("onlyReturnExisting"):
                raise AcmeProblem("accountDoesNotExist", "onlyReturnExisting")
            grant = self._granted(tx, told.get("externalAccountBinding"), jwk, url)
            _require_uncertified(tx, jwk)
            contact = told.get("contact")
            said = tuple(map(str, contact[:5])) if isinstance(contact, list) else ()
            fresh = Account(token_hex(16), jwk, grant.id, contact=said)
            put(tx, fresh)
            put(tx, replace(grant, account=fresh.id))
            self._note(tx, grant, "acme-account", fresh.key)
            return fresh, True

        async with self._tried(binding_id(told.get("externalAccountBinding")), "acme-account"):
            return await self.registers.write(work)

    def _granted(self, tx: Change, binding: Any, jwk: dict[str, str], url: str) -> Grant:
        if not binding:
            raise AcmeProblem("externalAccountRequired", "cần mã cấp cho cơ quan / a key of the agency is needed", 403)
        grant = grant_of(tx, binding_id(binding))
        if grant is None or not grant.active or not bound(binding, jwk, raw(grant.secret), url):
            raise AcmeProblem("unauthorized", "externalAccountBinding", 403)
        if grant.account:
            raise AcmeProblem("unauthorized", "mã này đã gắn với khóa khác / bound to another key already", 403)
        return grant

    async def change_key(self, account: Account, told: Any, at: str, url: str) -> Account:
        """Ask with another key from now on (RFC 8555 §7.3.5); `at` is the account's address, `url` this request's.

        AcmeProblem; for a key that has an account (it may be this one) with its address. Of two changes at once the
        second names an old key that is none any more.
        """

        def work(tx: Change) -> Account:
            grant, changed = self._grant(tx, account), _changed(tx, asking(tx, account.id), told, at, url)
            self._note(tx, grant, "acme-key", changed.key)
            return changed

        async with self._tried(account.grant, "acme-key"):
            return await self.registers.write(work)

    async def leave(self, account: Account) -> Account:
        """The account asks for nothing more, for ever (§7.3.6); what it has stays until it is revoked."""

        def work(tx: Change) -> Account:
            grant, left = self._grant(tx, account), replace(asking(tx, account.id), status=Status.DEACTIVATED)
            put(tx, left)
            self._note(tx, grant, "acme-leave", left.key)
            return left

        return await self.registers.write(work)

    async def orders(self, account: Account, first: int) -> tuple[list[Order], int]:
        """A page of the account's orders that are not over in vain (§7.1.2.1); where the next begins, or 0."""
        found = await self.registers.read(lambda view: orders_of(view, account.id, first, _PAGE + 1))
        page = [self._by_now(each) for each in found[:_PAGE]]
        more = first + _PAGE if len(found) > _PAGE else 0
        return [each for each in page if each.status is not Status.INVALID], more

    async def order(self, account: Account, told: dict[str, Any]) -> Order:
        """A new order for hosts of the account's grant.

        AcmeProblem rejectedIdentifier for any other, unauthorized where the grant would not be approved any more.
        """
        hosts = _hosts(told.get("identifiers"))

        def work(tx: Change) -> Order:
            now, grant = self.house.moment(tx), self._grant(tx, account)
            self._require_standing(tx, grant, now)
            if strange := [host for host in hosts if host not in grant.hosts]:
                raise AcmeProblem("rejectedIdentifier", ", ".join(strange)[:200], 403)
            tokens = [urlsafe_b64encode(token_bytes(24)).decode() for _ in hosts]
            asked = tuple(Authorization(host, token) for host, token in zip(hosts, tokens, strict=True))
            fresh = Order(token_hex(16), account.id, now + ORDER_LIFE, asked)
            put(tx, fresh)
            return fresh

        async with self._tried(account.grant, "acme-order"):
            return await self.registers.write(work)

    def _require_standing(self, view: View, grant: Grant, now: datetime) -> None:
        """What was approved once is no more than what may be approved now."""
        try:
            self.casework.require_standing(view, grant.case, now)
        except LienThongError as error:
            if not error.permanent:
                raise
            raise AcmeProblem("unauthorized", error.sentence("en"), 403) from error

    async def mine(self, account: Account, id: str) -> Order:
        """An order of this account. AcmeProblem: of another it does not learn anything."""
        found = await self.registers.read(lambda view: order_of(view, id))
        if found is None or found.account != account.id:
            raise AcmeProblem("malformed", "order", 404)
        return self._by_now(found)

    def _by_now(self, order: Order) -> Order:
        late = order.status in {Status.PENDING, Status.READY} and order.expires < self.house.now()
        return replace(order, status=Status.INVALID) if late else order

    async def challenge(self, account: Account, id: str, number: int) -> Authorization:
        """Ask the host now. What it shows decides, once."""
        order = await self.mine(account, id)
        if not 0 <= number < len(order.authorizations):
            raise AcmeProblem("malformed", "challenge", 404)
        asked = order.authorizations[number]
        if asked.status is not Status.PENDING or order.status is not Status.PENDING:
            return asked
        answered = await self._probed(asked, thumbprint(account.jwk))
        return await self.registers.write(lambda tx: self._answered(tx, account, id, number, answered))

    async def _probed(self, asked: Authorization, print_: str) -> Authorization:
        try:
            shown = await self.prober.shown(asked.host, asked.token)
        except LienThongError as error:
            return replace(asked, status=Status.INVALID, problem=error.detail[:200])
        if shown.strip() != f"{asked.token}.{print_}":
            return replace(asked, status=Status.INVALID, problem="another answer")
        return replace(asked, status=Status.VALID, validated=self.house.now())

    def _answered(self, tx: Change, account: Account, id: str, number: int, answered: Authorization) -> Authorization:
        order = order_of(tx, id)
        assert order is not None  # noqa: S101  # it was there a moment ago, and orders are never dropped
        rows = [*order.authorizations]
        if rows[number].status is Status.PENDING:
            rows[number] = answered
            if answered.status is Status.INVALID:
                self._refused(tx, account.grant, "acme-challenge", f"{answered.host}: {answered.problem}")
        states = {each.status for each in rows}
        status = Status.INVALID if Status.INVALID in states else order.status
        status = Status.READY if states == {Status.VALID} and status is Status.PENDING else status
        put(tx, replace(order, authorizations=tuple(rows), status=status))
        return rows[number]

    async def finalize(self, account: Account, id: str, csr: str) -> Order:
        """The certificate for a key, once every host has answered. A repeat gives the same one."""
        order = await self.mine(account, id)
        if order.status is Status.VALID:
            return order
        async with self._tried(account.grant, "acme-finalize"):
            done = await self._certified(account, order, csr)
        valid = replace(order, status=Status.VALID, certificate=done.about)
        await self.registers.write(lambda tx: put(tx, valid))
        return valid

    async def _certified(self, account: Account, order: Order, csr: str) -> Case:
        if order.status is not Status.READY:
            raise AcmeProblem("orderNotReady", order.status.value, 403)
        grant = await self.registers.read(lambda view: self._grant(view, account))
        form = self._form(grant, order, csr)
        try:
            case = await self.casework.standing(grant.case, form, f"acme-{order.id}", f"{_BY}{grant.id}")
            [done] = await self.carrying.carry_out([case.id]) or [case]
        except LienThongError as error:
            if error.permanent:
                kind = "unauthorized" if isinstance(error, NotAllowed) else "badCSR"
                raise AcmeProblem(kind, error.sentence("en"), 403) from error
            raise AcmeProblem("serverInternal", error.sentence("en"), 503) from error
        if not done.about:
            raise AcmeProblem("badCSR", f"{done.id}: {done.state.en}", 403)
        return done

    def _form(self, grant: Grant, order: Order, csr: str) -> DeviceForm:
        """The form of the grant's case with this key; the request must name exactly the order's hosts."""
        hosts = tuple(each.host for each in order.authorizations)
        try:
            der = raw(csr)
            parsed_request(der)
            found = read_request(der, USES[grant.profile], self.house.now())
        except (LienThongError, ValueError) as error:
            raise AcmeProblem("badCSR", str(error)[:300]) from error
        if set(found.hosts) != set(hosts):
            raise AcmeProblem("badCSR", f"{sorted(found.hosts)} ≠ {sorted(hosts)}", 403)
        return DeviceForm(
            organisation=grant.organisation,
            profile=grant.profile,
            name=_name(grant.name, hosts),
            holder=grant.holder,
            hosts=hosts,
            csr=b64encode(der).decode(),
        )

    async def certificate(self, account: Account, id: str) -> list[bytes]:
        """The chain of an order's certificate, DER, leaf first."""
        order = await self.mine(account, id)
        held = await self.registers.read(lambda view: view.certificate(order.certificate))
        if held is None:
            raise AcmeProblem("malformed", "certificate", 404)
        return [held.certificate, self.house.issuer(held.issuer).certificate]

    async def revoke(self, asked: Asked, der: bytes, reason: Any) -> None:
        """Revoke a certificate that a grant gave out, by the grant's account or by the certificate's own key (§7.6).

        The key may do so also when the grant was stopped: whoever has it could as well publish it. AcmeProblem
        alreadyRevoked, unauthorized.
        """
        reasons = {0: Reason.UNSPECIFIED, 1: Reason.KEY_COMPROMISE, 4: Reason.SUPERSEDED, 5: Reason.CESSATION}
        if not isinstance(reason, int) or reason not in reasons:
            raise AcmeProblem("badRevocationReason", str(reason)[:200])
        serial = _serial(der)
        held, grant = await self.registers.read(lambda view: self._given_out(view, serial, der))

        def work(tx: Change) -> None:
            now, there = self.house.moment(tx), tx.certificate(held.id) or held
            self._require_may_revoke(tx, asked, grant, there)
            if there.state is CertificateState.REVOKED:
                raise AcmeProblem("alreadyRevoked", there.id)
            tx.put_state(replace(there, state=CertificateState.REVOKED, changed=now, reason=reasons[reason]))
            tx.note(Deed(now, f"{_BY}{grant}", "revoke", there.case, there.id, text=reasons[reason].value))

        async with self._tried(grant, "revoke"):
            await self.registers.write(work)

    def _given_out(self, view: View, serial: int, der: bytes) -> tuple[Held, str]:
        """The certificate, and the key id of the grant it came under. AcmeProblem for what came under none."""
        for issuer in self.house.issuers:
            held = view.certificate(f"{issuer}/{serial:x}")
            case = view.case(held.case) if held is not None and held.certificate == der else None
            if held is not None and case is not None and case.requester.startswith(_BY):
                return held, case.requester.removeprefix(_BY)
        raise AcmeProblem("unauthorized", "không phải chứng thư cấp qua ACME / not given out by ACME", 403)

    def _require_may_revoke(self, view: View, asked: Asked, grant: str, held: Held) -> None:
        own = asked.account is None and id_of(asked.jwk) == held.key
        if not own and (asked.account is None or self._grant(view, asked.account).id != grant):
            raise AcmeProblem("unauthorized", "chứng thư của người khác / a certificate of somebody else", 403)

    def _grant(self, view: View, account: Account) -> Grant:
        found = grant_of(view, account.grant)
        if found is None or not found.active:
            raise AcmeProblem("unauthorized", "quyền đã ngừng / the grant was stopped", 403)
        return found

    @asynccontextmanager
    async def _tried(self, grant: str, act: str) -> AsyncIterator[None]:
        """A refusal leaves a line in the history of the case that the grant (by key id) came from, and nothing else."""
        try:
            yield
        except AcmeProblem as problem:
            text = f"{problem.kind}: {problem.detail}"
            if problem.status < _OURS:
                await self.registers.write(lambda tx: self._refused(tx, grant, act, text))
            raise

    def _refused(self, tx: Change, id: str, act: str, text: str) -> None:
        if (grant := grant_of(tx, id)) is not None:
            self._note(tx, grant, f"refused:{act}", text[:200])

    def _note(self, tx: Change, grant: Grant, act: str, text: str) -> None:
        tx.note(Deed(self.house.moment(tx), f"{_BY}{grant.id}", act, grant.case, text=text))


def _changed(tx: Change, account: Account, told: Any, at: str, url: str) -> Account:
    jwk = new_key(told, account, at, url)
    if (other := account_with(tx, id_of(jwk))) is not None:
        detail = "khóa này đã có tài khoản / an account has this key already"
        raise AcmeProblem("malformed", detail, 409, f"/acme/acct/{other.id}")
    _require_uncertified(tx, jwk)
    changed = replace(account, jwk=jwk)
    put(tx, changed)
    return changed


def _require_uncertified(view: View, jwk: dict[str, str]) -> None:
    try:
        require_uncertified(view, id_of(jwk))
    except KeyReused as error:
        raise AcmeProblem("badPublicKey", error.sentence("en")) from error


def _name(wanted: str, hosts: Sequence[str]) -> str:
    """The common name: a host, as clients renew what stands in a certificate and take its common name for one.

    A name has at most 64 signs (RFC 5280, appendix A.1, ub-common-name).
    """
    fit = [each for each in hosts if len(each) <= _LONGEST_NAME]
    return wanted if wanted in hosts or not fit else fit[0]


def _hosts(told: Any) -> tuple[str, ...]:
    rows: Sequence[Any] = told if isinstance(told, list) else ()
    if not rows or not all(isinstance(each, dict) and each.get("type") == "dns" for each in rows):
        raise AcmeProblem("unsupportedIdentifier", "dns")
    found = tuple(dict.fromkeys(str(each.get("value", "")).lower() for each in rows))
    if len(found) > _MOST_HOSTS or any("*" in host or not host for host in found):
        raise AcmeProblem("rejectedIdentifier", ", ".join(found)[:200])
    return found


def _serial(der: bytes) -> int:
    try:
        return x509.load_der_x509_certificate(der).serial_number
    except ValueError as error:
        raise AcmeProblem("malformed", "certificate") from error
