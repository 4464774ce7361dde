"""Verifying a receipt offline, with root certificates alone: each check is one finding in plain words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509

from lienthong.errors import EvidenceBroken, InvalidValue
from lienthong.evidence import words
from lienthong.evidence.certificates import LogKey, holder_of, log_key, path_to_root, read_certificates, valid_at
from lienthong.evidence.checkpoint import Checkpoint, cosignatures, open_checkpoint
from lienthong.evidence.event import Event
from lienthong.evidence.files import compare, digest_of, listing_of, unseen
from lienthong.evidence.merkle import leaf_hash, verify_inclusion
from lienthong.evidence.note import Note, VerifierKey
from lienthong.evidence.proof import Finding, Proof
from lienthong.evidence.receipt import Receipt
from lienthong.evidence.stamp import StampFacts, check, checkpoint_digest

CLOCK_SKEW = timedelta(minutes=5)


def verify_receipt(
    receipt: Receipt,
    files: Mapping[str, str | bytes] | None = None,
    roots: Sequence[bytes] = (),
    moment: datetime | None = None,
    witnesses: Sequence[VerifierKey] = (),
    quorum: int = 1,
) -> Proof:
    """Check everything a receipt claims; never raises for a hostile one (InvalidValue for a root that is none).

    `files` maps names to contents, or to hex SHA-256 digests of contents; `roots` are DER; `moment`, when given, is
    the verifier's own time, and an event of its future is not believed; `witnesses` are cosigning keys to look for, of
    which `quorum` must have signed.

    Finding codes: event, event-hop, event-time, inclusion, checkpoint-signature, log-origin, log-certificate,
    manifest, file, stamp, witness.
    """
    trusted = _trusted(roots)
    try:
        event, checkpoint = receipt.event, Checkpoint.parse(Note.parse(receipt.checkpoint).text)
        chain = read_certificates(receipt.chain)
        key = log_key(chain[0]) if chain else _no_chain()
    except EvidenceBroken as error:
        return Proof((_unreadable(error),))
    case = _Case(receipt, event, checkpoint, key, chain, trusted, tuple(roots))
    given, listed = {name: digest_of(content) for name, content in (files or {}).items()}, listing_of(receipt, event)
    core = [*case.log(), *case.time(moment)]
    proven = Proof(tuple(core)).certain
    beside = [*case.stamp(), *case.cosigned(witnesses, quorum), *compare(listed, given, proven=proven is True)]
    told = words.event_told(event, proven=proven)
    return Proof(
        (told, *core, *beside), words.limits(event, unseen(listed, given), has_stamp=receipt.stamp is not None)
    )


def hop_of(origin: str) -> str:
    """The hop a log belongs to: `lienthong.vn/log/axis` is the axis's."""
    return origin.rpartition("/log/")[2].partition("/")[0]


def _trusted(roots: Sequence[bytes]) -> tuple[x509.Certificate, ...]:
    try:
        return read_certificates(roots)
    except EvidenceBroken as error:
        raise InvalidValue("a root is not a DER certificate") from error


def _no_chain() -> LogKey:
    raise EvidenceBroken("the receipt has no certificate")


def _not_before(facts: StampFacts, event: Event) -> None:
    if facts.time + CLOCK_SKEW < event.at:
        raise EvidenceBroken("the stamp is older than the event it covers")


def _unreadable(error: EvidenceBroken) -> Finding:
    return words.broken("event", "Biên nhận bị hỏng", "The receipt is damaged", error)


@dataclass(frozen=True, slots=True)
class _Case:
    """A receipt whose pieces could be read."""

    receipt: Receipt
    event: Event
    checkpoint: Checkpoint
    key: LogKey
    chain: Sequence[x509.Certificate]
    trusted: Sequence[x509.Certificate]
    roots: tuple[bytes, ...]

    def log(self) -> list[Finding]:
        """What the event's truth rests on."""
        checks = [self._hop, self._inclusion, self._origin, self._signature, self._certificate]
        return [finding for check_ in checks for finding in check_()]

    def _hop(self) -> list[Finding]:
        """A hop testifies to its own doings only: else a gateway could speak for the axis."""
        own = hop_of(self.checkpoint.origin)
        if own == self.event.hop:
            return []
        return [
            Finding(
                "event-hop",
                ok=False,
                vi=f"Nhật ký của {own} không có quyền xác nhận việc của {self.event.hop}.",
                en=f"The log of {own} may not testify for {self.event.hop}.",
            )
        ]

    def _inclusion(self) -> list[Finding]:
        receipt, checkpoint = self.receipt, self.checkpoint
        leaf = leaf_hash(receipt.leaf)
        holds = verify_inclusion(leaf, receipt.index, receipt.size, receipt.proof, checkpoint.root)
        if holds and receipt.size == checkpoint.size:
            return [words.included(receipt, checkpoint)]
        return [
            Finding(
                "inclusion",
                ok=False,
                vi="Biên nhận KHÔNG nằm trong nhật ký: nội dung hoặc đường dẫn băm đã bị đổi.",
                en="The receipt is NOT in the log: its content or its proof was changed.",
            )
        ]

    def _origin(self) -> list[Finding]:
        if self.key.origin == self.checkpoint.origin:
            return []
        return [
            Finding(
                "log-origin",
                ok=False,
                vi=f"Chứng thư dành cho nhật ký {self.key.origin}, không phải {self.checkpoint.origin}.",
                en=f"The certificate is for log {self.key.origin}, not for {self.checkpoint.origin}.",
            )
        ]

    def _signature(self) -> list[Finding]:
        try:
            open_checkpoint(self.receipt.checkpoint, [self.key.key])
        except EvidenceBroken as error:
            vi, en = "Chữ ký trên mốc kiểm tra KHÔNG đúng", "The signature on the checkpoint does NOT hold"
            return [words.broken("checkpoint-signature", vi, en, error)]
        return [words.signed(self.checkpoint)]

    def _certificate(self) -> list[Finding]:
        if not self.trusted:
            return [words.without_root(self.key)]
        try:
            path = path_to_root(self.key.certificate, self.chain[1:], self.trusted)
        except EvidenceBroken as error:
            vi = f"Không chứng thư gốc nào bảo đảm cho khóa của {self.key.holder}"
            return [words.broken("log-certificate", vi, f"No root vouches for the key of {self.key.holder}", error)]
        if valid_at(path, self.event.at):
            return [words.vouched(self.key, holder_of(path[-1]))]
        return [
            Finding(
                "log-certificate",
                ok=False,
                vi=f"Chứng thư của {self.key.holder} không có hiệu lực lúc {words.moment_vi(self.event.at)}.",
                en=f"The certificate of {self.key.holder} was not valid at {words.moment_en(self.event.at)}.",
            )
        ]

    def time(self, moment: datetime | None) -> list[Finding]:
        if moment is None or self.event.at <= moment + CLOCK_SKEW:
            return []
        return [
            Finding(
                "event-time",
                ok=False,
                vi="Biên nhận ghi một thời điểm ở tương lai.",
                en="The receipt tells of a time in the future.",
            )
        ]

    def stamp(self) -> list[Finding]:
        """A stamp is not asked for, but one that is there must hold."""
        token = self.receipt.stamp
        if token is None:
            return []
        if not self.roots:
            return [words.stamp_without_root()]
        try:
            facts = check(token, checkpoint_digest(self.receipt.checkpoint), self.roots, self.receipt.chain[1:])
            _not_before(facts, self.event)
        except EvidenceBroken as error:
            return [words.broken("stamp", "Dấu thời gian kèm theo KHÔNG đúng", "The time stamp does NOT hold", error)]
        return [words.stamped(facts)]

    def cosigned(self, witnesses: Sequence[VerifierKey], quorum: int) -> list[Finding]:
        """Asked-for witnesses; a false cosignature of theirs is a forgery, a missing one a doubt."""
        try:
            seen = cosignatures(self.receipt.checkpoint, witnesses)
        except EvidenceBroken as error:
            vi, en = "Chữ ký của nhân chứng KHÔNG đúng", "A witness's signature does NOT hold"
            return [words.broken("witness", vi, en, error)]
        if not witnesses:
            return []
        enough = len({each.witness for each in seen}) >= quorum
        return [words.witnessed(seen) if enough else words.unwitnessed(seen, quorum)]
