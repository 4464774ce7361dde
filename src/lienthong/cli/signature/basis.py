"""What signatures are judged on at a terminal, from files: a policy, trusted roots, revocation lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from lienthong.adapters.revocation import RevocationIndex
from lienthong.adapters.trust import read_trust
from lienthong.signature.facts.model import Facts
from lienthong.signature.judging import Policy, Trust, judge, read_policy, shipped
from lienthong.signature.judging.policy import SHIPPED
from lienthong.signature.model import Report


@dataclass(frozen=True, slots=True)
class Basis:
    """The three together. Without `revocations` the report says that nobody was asked."""

    policy: Policy
    trust: Trust
    revocations: RevocationIndex | None

    @classmethod
    def read(cls, policy: str, trust: Sequence[Path], revoked: Sequence[Path], moment: datetime) -> Self:
        """From a policy's name or file, files or folders of certificates, and lists. ConfigurationInvalid, OSError."""
        named = policy in SHIPPED or not Path(policy).is_file()
        rules = shipped(policy) if named else read_policy(Path(policy).read_bytes())
        anchors = read_trust(trust) if trust else Trust("", ())
        return cls(rules, anchors, _lists(revoked, anchors, moment))

    def judge(self, facts: Facts, moment: datetime) -> Report:
        """The report on a file. Never raises."""
        return judge(facts, self.policy, self.trust, self.revocations, moment)


def _lists(lists: Sequence[Path], anchors: Trust, moment: datetime) -> RevocationIndex | None:
    if not lists:
        return None
    index = RevocationIndex((*anchors.roots, *anchors.others))
    for path in lists:
        index.take(path.read_bytes(), moment)
    return index
