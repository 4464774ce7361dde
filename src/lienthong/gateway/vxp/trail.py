"""What was refused at this face and what operators did, counted by the minute: ten thousand refusals are one row."""

from datetime import datetime

from lienthong.gateway.vxp.ports import Systems
from lienthong.gateway.vxp.systems import TrailRow

_Key = tuple[datetime, str, str, str]
MOST = 10_000
"""Rows held between two writes, more than systems, calls and codes can make. Beyond it the log alone tells."""


class Trail:
    """Gathers in memory and writes in the background; the process's own log has each line at once."""

    def __init__(self, kept: Systems) -> None:
        self._kept = kept
        self._counts: dict[_Key, tuple[int, str]] = {}

    def note(self, at: datetime, system: str, call: str, code: str, detail: str = "") -> None:
        """One more. `system` is a proved one, or empty."""
        key = (at.replace(second=0, microsecond=0), system, call[:64], code)
        count, first = self._counts.get(key, (0, _plain(detail[:200])))
        if count or len(self._counts) < MOST:
            self._counts[key] = (count + 1, first)

    async def keep(self) -> None:
        """Write what was gathered; what could not be written is written the next time."""
        taken, self._counts = self._counts, {}
        if not taken:
            return
        try:
            await self._kept.note([TrailRow(*key, count, first) for key, (count, first) in taken.items()])
        except BaseException:
            for key, (count, first) in taken.items():
                self._counts[key] = (count + self._counts.get(key, (0, ""))[0], first)
            raise


def _plain(text: str) -> str:
    """Words of callers may hold what a database cannot (a zero byte), and would then hold up every row."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)
