"""The twin of what a hop knows of files: dictionaries."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from lienthong.signature.facts.model import Facts
from lienthong.signature.known import Stand


class MemoryKnown:
    """The `Known` port."""

    def __init__(self) -> None:
        self._facts: dict[str, Facts] = {}
        self._brought: dict[tuple[str, str], datetime] = {}
        self._stands: list[Stand] = []

    async def keep(self, facts: Facts, now: datetime, tenant: str = "") -> None:
        await asyncio.sleep(0)
        self._facts.setdefault(facts.sha256, replace(facts, looks=None))
        if tenant:
            self._brought[tenant, facts.sha256] = now

    async def facts(self, sha256: str) -> Facts | None:
        await asyncio.sleep(0)
        return self._facts.get(sha256)

    async def brought(self, tenant: str, sha256: str) -> bool:
        await asyncio.sleep(0)
        return (tenant, sha256) in self._brought

    async def stands(self, sha256: str, limit: int) -> Sequence[Stand]:
        await asyncio.sleep(0)
        return [each for each in reversed(self._stands) if each.sha256 == sha256][:limit]

    async def stand(self, stands: Sequence[Stand]) -> None:
        await asyncio.sleep(0)
        self._stands += [each for each in stands if each not in self._stands]

    async def forget(self, before: datetime, limit: int) -> int:
        await asyncio.sleep(0)
        old = [key for key, at in self._brought.items() if at < before][:limit]
        for key in old:
            del self._brought[key]
        held = {each.sha256 for each in self._stands} | {sha256 for _, sha256 in self._brought}
        for _, sha256 in old:
            if sha256 not in held:
                self._facts.pop(sha256, None)
        return len(old)
