"""A log as it is served: checkpoint, entries, proofs and stamp, over HTTP."""

from base64 import b64decode
from collections.abc import Iterator
from types import TracebackType
from typing import Self

import httpx

from lienthong.errors import EvidenceBroken, Unavailable
from lienthong.evidence import entries_path
from lienthong.evidence.entries import read_entry_bundle
from lienthong.evidence.tree import TILE_WIDTH

PATIENCE = 30.0
MAX_PROOF = 63


class ServedLog:
    """One log under its prefix, such as `http://axis.example:8444/log`."""

    def __init__(self, url: str, transport: httpx.BaseTransport | None = None) -> None:
        self.url = url.rstrip("/")
        self._http = httpx.Client(timeout=PATIENCE, transport=transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def checkpoint(self) -> str:
        """The newest note; empty while nothing is logged. Unavailable."""
        answer = self._ask("checkpoint")
        return "" if answer is None else answer.decode("utf-8", "replace")

    def stamp(self) -> bytes | None:
        """The newest stamped checkpoint as JSON, or None. Unavailable."""
        return self._ask("stamp")

    def entries(self, start: int, stop: int) -> Iterator[list[bytes]]:
        """Entries [start, stop) bundle by bundle. Unavailable; EvidenceBroken for a bundle that is not whole."""
        for tile in range(start // TILE_WIDTH, -(-stop // TILE_WIDTH)):
            first = tile * TILE_WIDTH
            width = min(TILE_WIDTH, stop - first)
            found = read_entry_bundle(self._must(entries_path(tile, width)))
            if len(found) != width:
                raise EvidenceBroken(f"entries {tile}: {len(found)} ≠ {width}")
            yield found[max(start - first, 0) :]

    def consistency(self, old: int, new: int) -> list[bytes]:
        """The proof between two sizes. Unavailable; EvidenceBroken for what is none."""
        lines = self._must(f"consistency/{old}/{new}").split()
        try:
            return [b64decode(line, validate=True) for line in lines[: MAX_PROOF + 1]]
        except ValueError as error:
            raise EvidenceBroken("a proof that is not base64") from error

    def _must(self, path: str) -> bytes:
        found = self._ask(path)
        if found is None:
            raise Unavailable(f"{self.url}/{path}: HTTP 404")
        return found

    def _ask(self, path: str) -> bytes | None:
        try:
            answer = self._http.get(f"{self.url}/{path}")
        except (httpx.HTTPError, OSError) as error:
            raise Unavailable(f"{self.url}: {type(error).__name__}") from error
        if answer.status_code == 404:
            return None
        if answer.status_code != 200:
            raise Unavailable(f"{self.url}/{path}: HTTP {answer.status_code}")
        return answer.content
