"""What an agency may hand in at a shared gateway within a day in Vietnam, counted where its documents are recorded.

The count and the document are one transaction: what was refused or repeated never counts, what counts is durable.
Statuses and recalls are free, so that whoever has used everything up can still answer and take back.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import msgspec

from lienthong.delivery.model import Content, Package
from lienthong.delivery.ports import Transaction, View
from lienthong.document import VIETNAM
from lienthong.envelope import BusinessType
from lienthong.errors import PackageTooLarge, QuotaReached

MARK = "quota:"


@dataclass(frozen=True, slots=True)
class Quota:
    """At most so many documents and bytes a day, and bytes of one package; 0: no bound."""

    documents: int = 0
    size: int = 0
    largest: int = 0


class Used(msgspec.Struct, frozen=True):
    """What was handed in on a day."""

    day: date
    documents: int = 0
    size: int = 0


@dataclass(frozen=True, slots=True)
class Share:
    """One of the things that are counted: how many there may be (0: any number), and how many there were."""

    name: str
    limit: int
    used: int

    @property
    def left(self) -> int:
        """What remains; 0 where there is no limit, too."""
        return max(self.limit - self.used, 0)


def used(view: View, tenant: str, now: datetime) -> Used:
    """What the agency has handed in today."""
    today, told = now.astimezone(VIETNAM).date(), view.mark(f"{MARK}{tenant}")
    found = msgspec.json.decode(told, type=Used) if told else Used(today)
    return found if found.day == today else Used(today)


def shares(quota: Quota, spent: Used) -> tuple[Share, Share]:
    """Documents and bytes."""
    return Share("documents", quota.documents, spent.documents), Share("bytes", quota.size, spent.size)


def renewed(now: datetime) -> datetime:
    """When everything may be used again: midnight in Vietnam."""
    return datetime.combine(now.astimezone(VIETNAM).date() + timedelta(days=1), time(), VIETNAM)


def spend(tx: Transaction, quota: Quota, package: Package, now: datetime) -> None:
    """Count a package that is being recorded. As `counted`."""
    if (after := counted(tx, quota, package, now)) is not None:
        tx.set_mark(f"{MARK}{package.sender}", msgspec.json.encode(after).decode())


def counted(view: View, quota: Quota, package: Package, now: datetime) -> Used | None:
    """What will have been used with this package; None for what is free. QuotaReached, PackageTooLarge."""
    if package.head.content is not Content.EDOC or package.head.business == BusinessType.RECALL:
        return None
    if 0 < quota.largest < package.size:
        raise PackageTooLarge(f"{package.size:,} B > {quota.largest:,} B")
    before = used(view, package.sender, now)
    after = Used(before.day, before.documents + 1, before.size + package.size)
    for share in shares(quota, after):
        if 0 < share.limit < share.used:
            raise _reached(share, before, now)
    return after


def _reached(share: Share, before: Used, now: datetime) -> QuotaReached:
    had = {"documents": before.documents, "bytes": before.size}[share.name]
    until = renewed(now)
    unit = {"documents": "văn bản / documents", "bytes": "B"}[share.name]
    left = max(share.limit - had, 0)
    told = f"{had:,}/{share.limit:,} {unit}, còn / left {left:,}, đến / until {until:%H:%M %d/%m/%Y}"
    seconds = str(int((until - now).total_seconds()) + 1)
    facts = {"limit": str(share.limit), "used": str(had), "left": str(left), "until": until.isoformat()}
    return QuotaReached(told, retry_after=seconds, policy=share.name, **facts)
