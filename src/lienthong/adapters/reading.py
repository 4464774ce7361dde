"""Text of strangers' PDF files, for searching: read line by line in the confined child."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from lienthong.adapters.confined import Examiner, Limits

LIMITS = Limits(seconds=20.0, children=1)
"""One file at a time: searching can wait, people cannot."""


class Reader:
    """Reads while it is open; safe from hostile files as `Examiner` is."""

    def __init__(self) -> None:
        self._examiner = Examiner(LIMITS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._examiner.close()

    def text(self, pdf: bytes) -> str:
        """The words on its first pages (`looks.MOST_PAGES`); empty for a scan, an encrypted or an unreadable file."""
        looks = self._examiner.examine(pdf, looks=True).looks
        return "\n".join(line.text for line in looks.lines) if looks else ""
