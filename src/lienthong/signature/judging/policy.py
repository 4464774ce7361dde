"""What a verdict asks, and how much each answer weighs: a policy is a file with a name and a version."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import cache
from importlib.resources import files

import msgspec

from lienthong.errors import ConfigurationInvalid
from lienthong.signature.sentences import NOTES, ORDER, REASONS


class Weight(Enum):
    """What a check that fails does: decides the verdict, stands beside it as a note, or nothing."""

    FAIL = "fail"
    WARN = "warn"
    INFO = "info"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of the rules.

    `checks`: a weight for every code of `sentences.ORDER`. `digests`: what may be verified, and until which day a
    signature proved to be older still counts (none: no end is known). `keys`: the least size in bits by kind.
    `proof_age_hours`: how long before the signature an answer about revocation may have been made.
    """

    name: str
    version: str
    vi: str
    en: str
    checks: Mapping[str, Weight]
    digests: Mapping[str, date | None]
    keys: Mapping[str, int]
    profiles: tuple[str, ...]
    skew_seconds: int = 300
    stamp_gap_seconds: int = 300
    proof_age_hours: int = 24

    @property
    def id(self) -> str:
        """As reports name it."""
        return f"{self.name}/{self.version}"

    @property
    def skew(self) -> timedelta:
        """How far clocks may differ."""
        return timedelta(seconds=self.skew_seconds)

    @property
    def proof_age(self) -> timedelta:
        """How long before the signature an answer about revocation may have been made."""
        return timedelta(hours=self.proof_age_hours)

    def strong(self, digest: str, kind: str, bits: int, proved: datetime | None) -> bool:
        """Whether the algorithm may be relied on, for a signature proved to be of that moment."""
        return bits >= self.keys.get(kind, 1 << 30) and self._lasts(digest, proved)

    def _lasts(self, digest: str, proved: datetime | None) -> bool:
        if digest not in self.digests:
            return False
        until = self.digests[digest]
        return until is None or (proved is not None and proved.astimezone(UTC).date() < until)


def read_policy(data: bytes) -> Policy:
    """A policy from its file. ConfigurationInvalid says what is missing, unknown or cannot weigh that much."""
    try:
        policy = msgspec.json.decode(data, type=Policy)
    except msgspec.DecodeError as problem:
        raise ConfigurationInvalid(f"policy: {problem}") from problem
    if wrong := sorted(set(ORDER) ^ policy.checks.keys()):
        raise ConfigurationInvalid(f"policy {policy.id}: checks: {', '.join(wrong)}")
    for code, weight in policy.checks.items():
        words = {Weight.FAIL: REASONS, Weight.WARN: NOTES, Weight.INFO: NOTES}.get(weight)
        if words is not None and code not in words:
            raise ConfigurationInvalid(f"policy {policy.id}: {code}: {weight.value}")
    return policy


SHIPPED = ("vn", "strict")


@cache
def shipped(name: str = "vn") -> Policy:
    """A policy of this package. ConfigurationInvalid for other names."""
    if name not in SHIPPED:
        raise ConfigurationInvalid(f"policy: {name} ({', '.join(SHIPPED)})")
    return read_policy((files("lienthong.signature.judging") / "policies" / f"{name}.json").read_bytes())
