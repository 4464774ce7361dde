"""Strangers' files in the confined child: text of PDF for searching, a scan's by recognition; pictures made PDF."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from types import TracebackType
from typing import Self

from lienthong.adapters import recognising
from lienthong.adapters.confined import Examiner, Limits
from lienthong.adapters.recognising import Failing, Recognised
from lienthong.signature.facts.model import Looks

LIMITS = Limits(seconds=20.0, children=1, largest=64 << 20)
"""One file at a time: searching can wait, people cannot."""
BINDING = Limits(cpu_seconds=40, seconds=45.0, children=1, largest=64 << 20, answer=64 << 20)
"""Many pages in colour at once, for a person who waits."""
FEW = 40
"""Letters of a page: one with fewer is a scan, be it with a stamp, a number or a signature's words over it."""


@dataclass(frozen=True, slots=True)
class Read:
    """A file's own words, and which of its first pages (`looks.MOST_PAGES`) have next to none.

    `why` (`recognising.Failing`) when nothing could be read at all.
    """

    text: str = ""
    wordless: tuple[int, ...] = ()
    why: str = ""


class Reader:
    """Reads while it is open; safe from hostile files as `Examiner` is."""

    def __init__(self) -> None:
        self._examiner, self._binder = Examiner(LIMITS), Examiner(BINDING)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._examiner.close()
        self._binder.close()

    @cached_property
    def recognises(self) -> bool:
        """Whether this machine can recognise Vietnamese in scans."""
        return bool(self._program)

    @cached_property
    def _program(self) -> str:
        return recognising.found()

    def read(self, pdf: bytes) -> Read:
        """What the file says by itself; nothing for an encrypted or an unreadable one."""
        if len(pdf) > LIMITS.largest:
            return Read(why=Failing.LARGE)
        facts = self._examiner.examine(pdf, looks=True)
        if facts.encrypted:
            return Read(why=Failing.LOCKED)
        if facts.looks is None or not facts.looks.pages:
            return Read(why=Failing.UNREADABLE)
        return Read("\n".join(line.text for line in facts.looks.lines), _wordless(facts.looks))

    def recognise(self, pdf: bytes, page: int) -> Recognised:
        """What one page says to whoever looks at it."""
        if not self._program:
            return Recognised(why=Failing.ABSENT)
        picture = self._examiner.picture(pdf, page)
        return recognising.recognise(self._program, picture) if picture.points else Recognised(why=Failing.UNREADABLE)

    def bound(self, picture: bytes) -> bytes:
        """A picture of paper as a PDF (`Examiner.bound`); empty when it cannot be made one."""
        return self._binder.bound(picture)


def _wordless(looks: Looks) -> tuple[int, ...]:
    letters = Counter[int]()
    for line in looks.lines:
        letters[line.box.page] += sum(letter.isalnum() for letter in line.text)
    return tuple(page for page in range(len(looks.pages)) if letters[page] < FEW)
