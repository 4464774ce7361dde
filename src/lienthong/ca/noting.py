"""What officers try: it is done, or refused with a line in the history and in the log."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TypeVar

from lienthong.ca.house import House
from lienthong.ca.life.forms import Form
from lienthong.ca.life.subjects import chain_of
from lienthong.ca.registers import Change, Deed, Registers, View
from lienthong.errors import InvalidValue, LetterRefused, LienThongError, QuotaUsedUp

T = TypeVar("T")
LARGEST_LETTER = 10 << 20
LETTER_MISSING = "letter: chưa có tệp / the file is missing"


@dataclass(frozen=True, slots=True)
class Attempt:
    """Who tries what, about which case or certificate, by which order; `about` another thing."""

    who: str
    act: str
    case: str = ""
    certificate: str = ""
    order: str = ""
    about: str = ""


class Noting:
    """The one way in for everything that officers do."""

    def __init__(self, house: House, registers: Registers) -> None:
        self._house, self._registers = house, registers

    async def done(self, attempt: Attempt, work: Callable[[Change], T]) -> T:
        """Do it in one transaction. Whatever `work` raises, once that was noted."""
        try:
            return await self._registers.write(work)
        except LienThongError as error:
            await self.refused(attempt, error)
            raise

    async def judged(self, attempt: Attempt, form: Form, letter: bytes) -> str:
        """What is found in the letter. LetterRefused, InvalidValue for another letter than the form names."""
        try:
            return await self._found(form, letter)
        except LienThongError as error:
            await self.refused(attempt, error)
            raise

    async def _found(self, form: Form, letter: bytes) -> str:
        if not letter:
            if form.letter:
                raise InvalidValue(LETTER_MISSING)
            return ""
        if len(letter) > LARGEST_LETTER or sha256(letter).hexdigest() != form.letter:
            raise InvalidValue("letter: SHA-256")
        if self._house.letters is None:
            raise LetterRefused("không kiểm tra được thư / letters cannot be checked here")
        chain = chain_of(self._house.directory(), form.organisation)
        return await self._house.letters.judged(letter, [each.name for each in chain])

    async def refused(self, of: Attempt, error: LienThongError) -> None:
        """A line that it was. Only what is refused for the caller's sake: a fault of ours is tried again."""
        if error.permanent or isinstance(error, QuotaUsedUp):
            text, act = " ".join(filter(None, (of.about, f"{error.code}: {error.detail}"))), f"refused:{of.act}"[:60]
            deed = Deed(self._house.now(), of.who[:200], act, of.case[:80], of.certificate[:80], of.order, text)
            await self._registers.write(lambda tx: tx.note(_not_before(deed, tx)))


def _not_before(deed: Deed, view: View) -> Deed:
    """A clock that was set back must not make the log look younger than it is."""
    newest = view.latest()
    return deed if newest is None or deed.at >= newest else replace(deed, at=newest)
