"""The `[lasting]` table of a gateway's settings: proofs that outlive the certificates they rest on."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path


@dataclass(frozen=True, slots=True)
class LastingSettings:
    """`authorities` are addresses of RFC 3161 authorities; none: nothing is secured. Each stamps every tree.

    A tree is made every `every_seconds`. For `patience_hours` a document waits for what a certificate authority still
    has to say. Stamps are renewed `margin_days` before they end; `algorithms` is a table of dates in place of ours.
    `raise_own`: documents sent from here get a copy at level B-LTA beside them.
    """

    authorities: tuple[str, ...] = field(default=())
    every_seconds: float = 3600.0
    patience_hours: float = 12.0
    margin_days: float = 180.0
    algorithms: Path | None = None
    raise_own: bool = True

    @property
    def every(self) -> timedelta:
        """Between two trees."""
        return timedelta(seconds=self.every_seconds)

    @property
    def patience(self) -> timedelta:
        """How long an authority's silence holds a document up."""
        return timedelta(hours=self.patience_hours)

    @property
    def margin(self) -> timedelta:
        """How long before its end a stamp is renewed."""
        return timedelta(days=self.margin_days)
