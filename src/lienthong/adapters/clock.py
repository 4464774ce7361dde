"""The machine's time and chance."""

import asyncio
import random
import secrets
from datetime import UTC, datetime


class SystemClock:
    """The `Clock` port over the system's time."""

    def now(self) -> datetime:
        """This moment, aware, UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Wait so many seconds."""
        await asyncio.sleep(seconds)


class SystemLots:
    """The `Lots` port over the system's randomness."""

    def token(self) -> str:
        """32 hex digits nobody can guess."""
        return secrets.token_hex(16)

    def jitter(self) -> float:
        """A number in [0, 1)."""
        return random.random()
