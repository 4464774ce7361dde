"""What was approved is carried out: certificates are made, stopped or resumed, tokens change hands.

    approved ─► (1) plan: serial, partition, begin, durable ─► (2) looked at, signed ─► (3) kept, in the log, issued

A crash between (1) and (3) leaves the plan, and whoever comes next signs the same certificate again.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any, cast

from msgspec import structs

from lienthong.ca import tokens
from lienthong.ca.acme.model import grant
from lienthong.ca.delegation.model import CENTRE
from lienthong.ca.drafting import draft
from lienthong.ca.hierarchy.purposes import USES, issuer_of
from lienthong.ca.house import House, IssuingAuthority
from lienthong.ca.keys import key_of
from lienthong.ca.life.forms import ChangeForm, DeviceForm, RevocationForm
from lienthong.ca.life.kinds import ON_TOKENS, CaseKind, CertificateState, Reason
from lienthong.ca.life.machines import require_own
from lienthong.ca.life.states import CaseAct, CaseState, due, moved, needs_delivery
from lienthong.ca.life.subjects import Chain, chain_of, request_of
from lienthong.ca.names import Subject
from lienthong.ca.people import authority_of
from lienthong.ca.preparing import require_timely
from lienthong.ca.profiles import PublicKey
from lienthong.ca.registers import PER_PARTITION, Case, CasesWanted, Change, Deed, Held, Plan, Record, Registers, View
from lienthong.ca.rules.agility import allowed
from lienthong.ca.rules.keys import key_id, parsed_request, public_half
from lienthong.ca.rules.lint import require_clean
from lienthong.ca.unsigned import Unsigned, signed_by
from lienthong.errors import (
    AlgorithmNotAllowed,
    CertificateFlawed,
    IllegalMove,
    InvalidValue,
    KeyUnavailable,
    NotAllowed,
    NotFound,
    OrganisationClosed,
    SubjectMisleading,
)
from lienthong.registry import Directory

ISSUED_BY = "ca"
"""Who stands in the history for what the authority itself does."""
COUNTER = "counter"
MOST = 1000
"""Cases in one transaction and under one authorisation of a key."""


class Carrying:
    """The one who holds the keys."""

    def __init__(self, house: House, registers: Registers) -> None:
        self._house, self._registers = house, registers

    async def round(self) -> int:
        """Carry out whatever waits; how many cases. A key that is away leaves them for the next round."""
        found: list[Case] = []
        for state in (CaseState.ISSUING, CaseState.APPROVED):
            wanted = CasesWanted(state=state.value, limit=MOST)
            found += await self._registers.read(partial(_cases, wanted))
        return len(await self.carry_out([each.id for each in found]))

    async def carry_out(self, ids: Sequence[str]) -> list[Case]:
        """Carry out these approved cases, at most `MOST`; a repeat is harmless.

        KeyUnavailable: the cases of that key are left as they are, all others are done.
        """
        planned, others = await self._registers.write(lambda tx: self._plan(tx, ids[:MOST]))
        done = [await self._do(each) for each in others]
        away: KeyUnavailable | None = None
        for issuer, cases in planned.items():
            try:
                done += await self._issue(self._house.signer(issuer), cases)
            except KeyUnavailable as error:
                away = error
        if away is not None:
            raise away
        return done

    # ------------------------------------------------------------ what is no certificate

    async def _do(self, id: str) -> Case:
        """Carry one out; what has become impossible since it was approved stops, and says why."""
        try:
            return await self._registers.write(lambda tx: self._done(tx, id))
        except (IllegalMove, InvalidValue) as error:
            text = f"{error.code}: {error.detail}"
            return await self._registers.write(lambda tx: self._given_up(tx, id, text))

    def _done(self, tx: Change, id: str) -> Case:
        case, now = _there(tx, id), self._house.moment(tx)
        if case.state is not CaseState.APPROVED:
            return case
        if case.kind in ON_TOKENS:
            token = tokens.move(tx, case, now)
            case = structs.replace(case, about=case.about or token.certificate)
        if case.standing:
            grant(tx, case)
        stop = _STOPS.get(case.kind)
        if stop is not None and case.about:
            self._stop(tx, case, stop, now)
        return self._finished(tx, case, CaseAct.FINISH, case.kind.value, now)

    def _given_up(self, tx: Change, id: str, text: str) -> Case:
        case, now = _there(tx, id), self._house.moment(tx)
        return self._finished(tx, case, CaseAct.GIVE_UP, "give-up", now, text)

    def _finished(self, tx: Change, case: Case, act: CaseAct, word: str, now: datetime, text: str = "") -> Case:
        after = self._entered(case, moved(case.state, act), now)
        tx.put_cases([after])
        tx.note(Deed(now, ISSUED_BY, word, case.id, case.about, text=text))
        return after

    def _stop(self, tx: Change, case: Case, state: CertificateState, now: datetime) -> None:
        held, lost = tx.certificate(case.about), case.kind is CaseKind.LOSS
        if held is None or (held.state is CertificateState.REVOKED and not lost):
            raise IllegalMove(f"{case.about}: đã thu hồi / revoked")
        reason = case.form.reason if isinstance(case.form, RevocationForm) else Reason.HOLD
        reason = reason if state is not CertificateState.ACTIVE else Reason.UNSPECIFIED
        if lost or reason is Reason.KEY_COMPROMISE:  # what befell a key befell every certificate of it
            self._stop_key(tx, case, held.key, held.id, state, reason)
        if held.state is not CertificateState.REVOKED:
            tx.put_state(replace(held, state=state, changed=now, reason=reason))
        if state is CertificateState.REVOKED:
            tokens.call_back(tx, held, now, self._house.holidays)

    def _stop_key(self, tx: Change, case: Case, key: str, but: str, state: CertificateState, reason: Reason) -> None:
        """Every certificate of a key that is in force, but this one, comes into a state."""
        now = self._house.moment(tx)
        for each in tx.of_key(key):
            if each.id != but and each.in_force(now) and each.state is not state:
                tx.put_state(replace(each, state=state, changed=now, reason=reason))
                tx.note(Deed(now, ISSUED_BY, _VERBS[state], case.id, each.id, text=reason.value))

    # ------------------------------------------------------------ (1)

    def _plan(self, tx: Change, ids: Sequence[str]) -> tuple[dict[str, list[Case]], list[str]]:
        """What each issuer is to sign now, begun before or beginning; and cases that end in no certificate.

        Nothing begins whose issuer is not there.
        """
        now, counts = self._house.moment(tx), dict[str, int]()
        cases, fresh = tx.cases_of(ids), list[Case]()
        planned: defaultdict[str, list[Case]] = defaultdict(list)
        for case in cases:
            if case.issues and case.state in {CaseState.APPROVED, CaseState.ISSUING}:
                issuer = issuer_of(case.profile)
                if case.state is CaseState.APPROVED and self._house.signs(issuer):
                    fresh.append(case := self._planned(tx, case, issuer, now, counts))  # the same, begun
                planned[issuer].append(case)
        for issuer, count in counts.items():
            tx.put_record(Record(COUNTER, issuer, count))
        tx.put_cases(fresh)
        return planned, [case.id for case in cases if not case.issues]

    def _planned(self, tx: Change, case: Case, issuer: str, now: datetime, counts: dict[str, int]) -> Case:
        """The next place of its issuer: partitions are filled one after another, so that no list outgrows its bound."""
        count = counts[issuer] if issuer in counts else int(tx.record(COUNTER, issuer) or 0)
        counts[issuer] = count + 1
        plan = Plan(issuer, self._house.serials(), count // PER_PARTITION, now, case.profile)
        return self._entered(case, moved(case.state, CaseAct.BEGIN), now, plan=plan)

    # ------------------------------------------------------------ (2)

    async def _issue(self, issuer: IssuingAuthority, cases: Sequence[Case]) -> list[Case]:
        """One authorisation of the key for all of them. What cannot be signed as it stands stops, and says why."""
        drafts, over = list[tuple[Case, _Draft]](), list[Case]()
        directory = self._house.directory()
        chain = cache(partial(chain_of, directory))
        for case in cases:
            try:
                drafts.append((case, await self._drafted(case, issuer, directory, chain)))
            except _HOPELESS as error:
                text = f"{error.code}: {error.detail}"
                over.append(await self._registers.write(partial(self._given_up, id=case.id, text=text)))
        signed = await signed_by(issuer.key, [each.unsigned for _, each in drafts])
        made = [(case, _held(case, each, der)) for (case, each), der in zip(drafts, signed, strict=True)]
        return [*over, *(await self._registers.write(lambda tx: self._keep(tx, made)))]

    async def _drafted(
        self, case: Case, issuer: IssuingAuthority, directory: Directory, chain: Callable[[str], Chain]
    ) -> "_Draft":
        """What is to be signed, looked at. `chain`: an organisation, and those above it, by its code."""
        if case.says is None:
            raise CertificateFlawed(case.id)
        plan = _plan_of(case)
        if tokens.named(case) or case.about:
            await self._registers.read(lambda view: _require_still(view, case, plan.begins))
        half = public_half(await self._key(case))
        above = chain(case.organisation)
        request = request_of(case.says, above)
        require_own(directory, request, above, plan.begins, central=case.authority == CENTRE)
        lasts = allowed(half.key, USES[plan.profile], plan.begins).ends - plan.begins
        unsigned = draft(
            request,
            half,
            issuer.above,
            plan.begins,
            family=issuer.family,
            serial=plan.serial,
            validity=min(timedelta(days=request.profile.days), lasts),
            publication=self._house.publication(issuer.id, plan.partition),
        )
        read = require_clean(unsigned, half, request.profile, issuer.above)
        term = read.not_valid_before_utc, read.not_valid_after_utc
        return _Draft(unsigned, term, request.subject, key_id(half.spki))

    async def _key(self, case: Case) -> PublicKey:
        """Of the request, or of the certificate whose key stays."""
        text = getattr(case.form, "csr", "")
        if text:
            return read_key(text)
        held = await self._registers.read(lambda view: view.certificate(case.about))
        if held is None:
            raise CertificateFlawed(f"{case.id}: khóa / key")
        return key_of(held)

    # ------------------------------------------------------------ (3)

    def _keep(self, tx: Change, made: Sequence[tuple[Case, Held]]) -> list[Case]:
        now = self._house.moment(tx)
        known = {
            (issuer, serial) for issuer, serials in _serials(made).items() for serial in tx.given_out(issuer, serials)
        }
        fresh = [(case, held) for case, held in made if (held.issuer, held.serial) not in known]
        tx.add_certificates([held for _, held in fresh])
        after = [self._issued(tx, case, held, now) for case, held in fresh]
        tx.put_cases(after)
        tx.note(*[Deed(now, ISSUED_BY, "issue", case.id, held.id, text=held.key) for case, held in fresh])
        return after

    def _issued(self, tx: Change, case: Case, held: Held, now: datetime) -> Case:
        if isinstance(case.form, ChangeForm):
            self._supersede(tx, case, held)
        state = moved(CaseState.ISSUING, CaseAct.FINISH)
        if not needs_delivery(case.kind) or isinstance(case.says, DeviceForm):
            state = moved(state, CaseAct.DELIVER)
        tokens.bind(tx, case, held, now, self._house.holidays)
        return self._entered(case, state, now, about=held.id)

    def _supersede(self, tx: Change, case: Case, held: Held) -> None:
        """What a certificate said is no longer so: it ends when the new one begins, with all others of its key."""
        if (before := tx.certificate(case.about)) is not None:
            self._stop_key(tx, case, before.key, held.id, CertificateState.REVOKED, Reason.AFFILIATION_CHANGED)

    def _entered(self, case: Case, state: CaseState, now: datetime, **learnt: Any) -> Case:
        return structs.replace(case, state=state, since=now, due=due(state, now, self._house.holidays), **learnt)


_HOPELESS = (
    CertificateFlawed, SubjectMisleading, OrganisationClosed, AlgorithmNotAllowed, InvalidValue, IllegalMove, NotAllowed
)  # fmt: skip
"""What the registry, the table of algorithms or the inventory of tokens has come to say since a case was approved."""
_STOPS = {
    CaseKind.SUSPENSION: CertificateState.SUSPENDED,
    CaseKind.LOSS: CertificateState.SUSPENDED,
    CaseKind.RESUMPTION: CertificateState.ACTIVE,
    CaseKind.REVOCATION: CertificateState.REVOKED,
}
_VERBS = {CertificateState.SUSPENDED: "suspend", CertificateState.REVOKED: "revoke"}


def read_key(text: str) -> PublicKey:
    """The public key of a request that was checked when its case was approved."""
    return cast("PublicKey", parsed_request(text.encode()).public_key())


@dataclass(frozen=True, slots=True)
class _Draft:
    """What is to be signed, from when to when it counts, whom it names, and the id of its key."""

    unsigned: Unsigned
    term: tuple[datetime, datetime]
    subject: Subject
    key: str


def _held(case: Case, of: _Draft, der: bytes) -> Held:
    plan = _plan_of(case)
    return Held(
        plan.issuer,
        plan.serial,
        der,
        plan.profile,
        of.subject.common_name,
        case.organisation,
        case.path,
        of.subject.uid,
        of.key,
        *of.term,
        plan.partition,
        case.id,
    )


def _plan_of(case: Case) -> Plan:
    assert case.plan is not None  # noqa: S101  # issuing begins with a plan
    return case.plan


def _cases(wanted: CasesWanted, view: View) -> list[Case]:
    return [case for _, case in view.cases(wanted)]


def _serials(made: Sequence[tuple[Case, Held]]) -> dict[str, list[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for _, held in made:
        found[held.issuer].append(held.serial)
    return found


def _require_still(view: View, case: Case, now: datetime) -> None:
    """As it was approved: neither its token nor the certificate it renews or changes was stopped meanwhile."""
    require_timely(case, view.certificate(case.about) if case.about else None, now)
    tokens.require_usable(view, case, authority_of(view, case.authority), now)


def _there(view: View, id: str) -> Case:
    found = view.case(id)
    if found is None:
        raise NotFound(id[:80])
    return found
