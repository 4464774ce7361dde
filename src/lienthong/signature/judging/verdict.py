"""From facts to a verdict: the questions of a policy, in their order, about each signature.

Facts × policy × trust × revocation → report. Nothing is read or asked for here: the same inputs give the same report,
today and in twenty years (decision 0028).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from asn1crypto import x509

from lienthong.signature.facts.gather import NOT_A_PDF
from lienthong.signature.facts.model import Facts, SignatureFact
from lienthong.signature.judging.enclosed import enclosed
from lienthong.signature.judging.inputs import COMPROMISED, Revocation, Revocations, Standing, Trust
from lienthong.signature.judging.naming import clock, identity, mismatch, name_of, over
from lienthong.signature.judging.paths import UNKNOWN, Path, path_of
from lienthong.signature.judging.policy import Policy, Weight
from lienthong.signature.judging.proving import Proved, level, proved
from lienthong.signature.model import ALONE, Check, LegalValue, Note, Report, Role, SignatureFacts, Verdict
from lienthong.signature.roles import role_of
from lienthong.signature.sentences import (
    CONCLUSIONS,
    INDICATIONS,
    NOT_PDF,
    NOTES,
    ORDER,
    REASONS,
    UNREADABLE,
    UNSIGNED,
)

_NOTHING = Proved(None)
_OTHERWISE = ("INDETERMINATE", "SIG_CONSTRAINTS_FAILURE")


def judge(facts: Facts, policy: Policy, trust: Trust, revocations: Revocations | None, moment: datetime) -> Report:
    """The report on a file, seen at `moment`. Never raises: what cannot be worked out is CANNOT_TELL.

    Without `revocations` only what the file itself encloses is known of revocation, and the report says so.
    """
    court = _Court(facts, policy, trust, revocations, moment.astimezone(UTC))
    told = tuple(court.told(fact) for fact in facts.signatures)
    conclusion, value, unsigned, words, notes = _concluded(facts, told)
    return Report(
        conclusion,
        value,
        unsigned,
        *words,
        told,
        notes,
        facts.sha256,
        facts.size,
        policy.id,
        trust.version,
        revocations.epoch if revocations else "",
        moment,
    )


@dataclass(frozen=True, slots=True)
class _Court:
    """What the judging of one file leans on."""

    facts: Facts
    policy: Policy
    trust: Trust
    revocations: Revocations | None
    moment: datetime

    def told(self, fact: SignatureFact) -> SignatureFacts:
        """One signature; whatever goes wrong on the way means "cannot tell"."""
        try:
            return self._told(self._case(fact))
        except Exception:  # noqa: BLE001 - hostile certificates provoke anything; it means "cannot tell"
            return self._told(_Case(self, fact))

    def _case(self, fact: SignatureFact) -> "_Case":
        leaf = self.facts.certificates.get(fact.signer, b"")
        if not fact.intact or not leaf:
            return _Case(self, fact)
        known = _NOTHING if fact.fault else proved(self.facts, fact, self.trust, self.revocations)
        claimed = fact.claimed_time if fact.claimed_time and fact.claimed_time <= self.moment else None
        helpers = tuple(self.facts.certificates.values())
        path = path_of(leaf, helpers, self.trust, known.at or claimed or self.moment)
        return _Case(self, fact, leaf, known, path)

    def _told(self, case: "_Case") -> SignatureFacts:
        holding = case.codes()
        reason = next((code for code in ORDER if code in holding and self._weight(code) is Weight.FAIL), "valid")
        when = case.proved.at or case.fact.claimed_time or self.moment
        words = {"who": name_of(case.certificate) or case.fact.field, "when": clock(when)}
        indication, detail = INDICATIONS.get(reason, _OTHERWISE)
        return SignatureFacts(
            field=case.fact.field,
            role=role_of(case.fact.field, case.certificate),
            **identity(case.certificate, case.leaf),
            profile=case.fact.profile,
            claimed_time=case.fact.claimed_time,
            coverage=case.fact.coverage,
            modification=case.fact.modification,
            integrity=case.fact.intact,
            chain="revoked" if reason == "revoked" else case.path.code,
            verdict=REASONS[reason].verdict,
            reason=reason,
            sentence_vi=REASONS[reason].vi.format(**words),
            sentence_en=REASONS[reason].en.format(**words),
            notes=tuple(NOTES[code] for code in ORDER if code in holding and self._noted(code)),
            level=level(self.facts, case.fact),
            best_time=case.proved.at,
            indication=indication,
            sub_indication=detail,
            checks=tuple(self._checks(holding, reason)),
        )

    def _checks(self, holding: frozenset[str], reason: str) -> Iterator[Check]:
        decided = ORDER.index(reason) if reason in ORDER else len(ORDER)
        for place, code in enumerate(ORDER):
            if self._weight(code) is Weight.IGNORE or place > decided:
                yield Check(code, "not asked")
            else:
                yield Check(code, "passed" if code not in holding else "failed" if code == reason else "noted")

    def _noted(self, code: str) -> bool:
        return self._weight(code) in {Weight.WARN, Weight.INFO}

    def _weight(self, code: str) -> Weight:
        return self.policy.checks[code]


@dataclass(frozen=True, slots=True)
class _Case:
    """One signature before the court, with what was found out about it."""

    court: _Court
    fact: SignatureFact
    leaf: bytes = field(default=b"", repr=False)
    proved: Proved = _NOTHING
    path: Path = UNKNOWN

    @property
    def certificate(self) -> x509.Certificate | None:
        """The signer's, parsed."""
        try:
            return x509.Certificate.load(self.leaf) if self.leaf else None
        except ValueError:
            return None

    def codes(self) -> frozenset[str]:
        """Every check that does not go well."""
        return frozenset((*self._mathematics(), *self._identity(), *self._times(), *self._revoked(), *self._form()))

    def _mathematics(self) -> Iterator[str]:
        fact = self.fact
        if fact.intact is None or fact.fault or (fact.intact and not self.leaf):
            yield "unreadable"
        if fact.intact is False:
            yield "broken"
        if fact.binds_other:
            yield "other-certificate"
        if fact.coverage == "unclear":
            yield "not-covered"
        elif fact.modification == "other" or not fact.permitted:
            yield "changed-after"
        if fact.modification == "form-filling" and fact is self.court.facts.signatures[-1]:
            yield "filled-after"

    def _identity(self) -> Iterator[str]:
        if not self.path.trusted:
            yield self.path.code
        if self.fact.intact and self.leaf and not self._strong():
            yield "weak"
        if mismatch(self.fact.field, self.certificate):
            yield "role-mismatch"

    def _strong(self) -> bool:
        key = x509.Certificate.load(self.leaf).public_key
        return self.court.policy.strong(self.fact.digest, key.algorithm, key.bit_size, self.proved.at)

    def _times(self) -> Iterator[str]:
        claimed, at, policy = self.fact.claimed_time, self.proved.at, self.court.policy
        if claimed is None:
            yield "no-time"
        else:
            if claimed > self.court.moment + policy.skew:
                yield "future"
            if not self.fact.zoned:
                yield "no-zone"
            if at is not None and abs((claimed - at).total_seconds()) > policy.stamp_gap_seconds:
                yield "time-differs"
        if self.proved.broken:
            yield "stamp-broken"
        if self.proved.untrusted:
            yield "stamp-untrusted"
        if at is None and self.fact.intact:
            yield "no-trusted-time"
            if self.path.trusted and over(self.leaf, self.court.moment):
                yield "expired-unproved"

    def _revoked(self) -> Iterator[str]:
        """Each certificate of the path: the worst of them decides."""
        if not self.path.trusted:
            return
        for certificate, issuer in self.path.pairs:
            if code := self._standing(self._known(certificate, issuer)):
                yield code

    def _known(self, certificate: bytes, issuer: bytes) -> Revocation | None:
        """What the index says, else what the file brought; None when nobody was asked."""
        court, signed = self.court, self.proved.at or self.court.moment
        held = court.revocations.of(certificate, issuer, court.moment) if court.revocations else None
        if held is None or held.standing in {Standing.STALE, Standing.UNKNOWN}:
            brought = enclosed(court.facts, certificate, issuer, signed, court.policy.proof_age)
            return held if brought.standing is Standing.UNKNOWN else brought
        return held

    def _standing(self, known: Revocation | None) -> str:
        if known is None:
            return "revocation-not-checked"
        if known.standing is Standing.REVOKED:
            return self._when_revoked(known)
        return {
            Standing.SUSPENDED: "suspended",
            Standing.STALE: "revocation-stale",
            Standing.UNKNOWN: "revocation-unknown",
        }.get(known.standing, "")

    def _when_revoked(self, known: Revocation) -> str:
        """What was proved to be older stands, unless the key itself was in other hands (EN 319 102-1 §5.2.6)."""
        at = known.revoked_at
        if at is None or known.reason in COMPROMISED:
            return "revoked"
        if self.proved.at is not None:
            return "revoked-later" if at > self.proved.at else "revoked"
        claimed = self.fact.claimed_time
        return "revoked-unproved" if claimed is not None and claimed < at else "revoked"

    def _form(self) -> Iterator[str]:
        fact = self.fact
        if fact.profile not in self.court.policy.profiles:
            yield "profile-unknown"
        if fact.profile != "ETSI.CAdES.detached":
            yield "not-pades"
        if fact.intact and not fact.binds_certificate:
            yield "no-certificate-reference"


def _concluded(
    facts: Facts, told: tuple[SignatureFacts, ...]
) -> tuple[Verdict, LegalValue, bool, tuple[str, str], tuple[Note, ...]]:
    if facts.readable == NOT_A_PDF:
        return Verdict.CANNOT_TELL, LegalValue.INFORMATION, True, NOT_PDF, ()
    if facts.readable:
        return Verdict.CANNOT_TELL, LegalValue.UNSETTLED, False, UNREADABLE, ()
    if not told:
        return Verdict.CANNOT_TELL, LegalValue.INFORMATION, True, UNSIGNED, ()
    verdicts = {item.verdict for item in told}
    worst = next(verdict for verdict in (Verdict.INVALID, Verdict.CANNOT_TELL, Verdict.VALID) if verdict in verdicts)
    notes = _order_notes(told)
    return (
        worst,
        _value(told) if worst is Verdict.VALID and not notes else LegalValue.UNSETTLED,
        False,
        CONCLUSIONS[worst],
        notes,
    )


def _value(told: tuple[SignatureFacts, ...]) -> LegalValue:
    """A paper that the agency brought into electronic form stays a copy of it (Decree 30/2020, Art. 25 and 26)."""
    copied = {Role.COPY, Role.INCOMING} & {item.role for item in told}
    return LegalValue.COPY if copied else LegalValue.ORIGINAL


def _order_notes(told: tuple[SignatureFacts, ...]) -> tuple[Note, ...]:
    """Decree 30/2020 Art. 32: first the leader, then the agency; a separate annex only the agency."""
    roles = [item.role for item in told if item.role is not Role.INITIALS]
    if len(roles) == 1 and roles[0] in ALONE:
        return ()
    if Role.LEADER not in roles:
        return (NOTES["no-leader"],)
    if Role.SEAL not in roles:
        return (NOTES["no-seal"],)
    return (NOTES["seal-before-leader"],) if roles.index(Role.SEAL) < roles.index(Role.LEADER) else ()
