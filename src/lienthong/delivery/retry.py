"""When to try again: exponential back-off with jitter, and a breaker per destination kept in the store."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import msgspec

from lienthong.delivery.hop import Terms
from lienthong.delivery.ports import Transaction, View
from lienthong.errors import Busy, LienThongError


@dataclass(frozen=True, slots=True)
class Breaker:
    """Failures in a row towards one destination, and until when it is left alone."""

    failures: int = 0
    open_until: datetime | None = None
    since: datetime | None = None  # of the first failure in this row

    def closed(self, now: datetime) -> bool:
        """Whether the destination may be tried; after the pause one try probes it."""
        return self.open_until is None or self.open_until <= now


def pause(terms: Terms, attempts: int, jitter: float) -> timedelta:
    """How long to wait after so many attempts: doubles up to a limit, then 50–100 % of that by chance."""
    doubled: timedelta = terms.first_retry * (1 << min(attempts, 20))
    return min(doubled, terms.longest_retry) * (0.5 + jitter / 2)


def breaker(view: View, destination: str) -> Breaker:
    """What is remembered of a destination."""
    text = view.mark(f"breaker:{destination}")
    return msgspec.json.decode(text, type=Breaker) if text else Breaker()


def failed(tx: Transaction, destination: str, terms: Terms, now: datetime, jitter: float) -> None:
    """Count a failure; beyond the limit the destination rests.

    Calls that were under way together when it was sent to rest tell what the first of them told: they count as one,
    or one bad moment would make a pause of many minutes.
    """
    before = breaker(tx, destination)
    if not before.closed(now):
        return
    failures = before.failures + 1
    rest = failures >= terms.breaker_after
    until = now + pause(terms, failures - terms.breaker_after, jitter) if rest else None
    tx.set_mark(f"breaker:{destination}", msgspec.json.encode(Breaker(failures, until, before.since or now)).decode())


def rested(tx: Transaction, destination: str, until: datetime) -> None:
    """The destination asked to be left alone until then. That is no failure: it is alive and says when."""
    kept = breaker(tx, destination)
    if kept.closed(until):
        tx.set_mark(f"breaker:{destination}", msgspec.json.encode(replace(kept, open_until=until)).decode())


def asked_pause(error: LienThongError) -> timedelta:
    """How long a busy peer asks to be left alone (RFC 9110 §10.2.3): a second to an hour; zero for any other error."""
    if not isinstance(error, Busy):
        return timedelta()
    told = error.facts.get("retry_after", "")
    return timedelta(seconds=min(max(int(told), 1), 3600) if told.isascii() and told.isdigit() else 1)


def succeeded(tx: Transaction, destination: str) -> None:
    """Forget the failures."""
    if tx.mark(f"breaker:{destination}"):
        tx.set_mark(f"breaker:{destination}", "")
