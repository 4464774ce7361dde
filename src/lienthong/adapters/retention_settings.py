"""The `[retention]` table of a hop's settings."""

from dataclasses import dataclass, field

from lienthong.adapters.object_settings import ObjectSettings

MISSING = "objects:missing"
"""The mark that says how many contents are named and not there."""


@dataclass(frozen=True, slots=True)
class Retention:
    """How long contents stay. `days` after a package's last leg was over; 0: for ever, the sweep runs all the same.

    `grace` hours protect what is just being written, and what was put aside; `every` hours a round begins; `archive` is
    where contents go before they go here: nowhere unless its folder or bucket is named.
    """

    days: float = 0.0
    grace: float = 48.0
    every: float = 24.0
    archive: ObjectSettings = field(default_factory=ObjectSettings)
