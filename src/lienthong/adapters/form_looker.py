"""Looking at files for the form check: facts and looks from a confined child, then the report."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from lienthong.adapters.confined import Examiner
from lienthong.signature import Report, conclude
from lienthong.signature.facts.model import Facts


class FormLooker:
    """A `Looker` of the gateway's. The examiner belongs to who made it."""

    def __init__(self, examiner: Examiner, roots: Sequence[bytes]) -> None:
        self._examiner, self._roots = examiner, roots

    async def look(self, pdf: bytes, moment: datetime) -> tuple[Facts, Report]:
        """What is in the file, with its looks, and what its signatures are worth at `moment`."""
        facts = await self._examiner.examining(pdf, looks=True)
        return facts, await asyncio.to_thread(conclude, facts, self._roots, moment)
