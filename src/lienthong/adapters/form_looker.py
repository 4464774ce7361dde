"""Looking at files: facts and looks from a confined child, then the report on whatever the gateway judges on."""

from collections.abc import Awaitable, Callable

from lienthong.adapters.confined import Examiner
from lienthong.signature import Report
from lienthong.signature.facts.model import Facts

Judged = Callable[[Facts], Awaitable[Report]]
Kept = Callable[[Facts], Awaitable[None]]


class FormLooker:
    """A `Looker` of the gateway's. The examiner belongs to who made it; `judged` is how the gateway judges facts.

    `kept` keeps them, so that they can be judged again without the file.
    """

    def __init__(self, examiner: Examiner, judged: Judged, kept: Kept) -> None:
        self._examiner, self._judged, self._kept = examiner, judged, kept

    async def look(self, pdf: bytes) -> tuple[Facts, Report]:
        """What is in the file, with its looks, and what its signatures are worth."""
        facts = await self._examiner.examining(pdf, looks=True)
        await self._kept(facts)
        return facts, await self._judged(facts)

    async def report(self, pdf: bytes) -> Report:
        """What the signatures of a file are worth, without its looks."""
        facts = await self._examiner.examining(pdf)
        await self._kept(facts)
        return await self._judged(facts)
