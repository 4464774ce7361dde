"""The round: take what is to be sent, hand it in, take in what came, tell how the sent ones fare."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from lienthong.adapters.files import write_whole
from lienthong.cli.folder.incoming import take_all
from lienthong.cli.folder.outgoing import Watching, claim, journal, send_all
from lienthong.cli.folder.place import DropFolder
from lienthong.cli.printing import files_here
from lienthong.client import Desk
from lienthong.errors import NotFound

FOLLOWED = 20
"""So many sent documents are looked at in a round."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What a round did."""

    sent: int = 0
    failed: int = 0
    came: int = 0

    def __bool__(self) -> bool:
        return any((self.sent, self.failed, self.came))


@dataclass
class Worker:
    """Minds one folder."""

    desk: Desk
    folder: DropFolder
    watching: Watching = field(default_factory=Watching)
    follow_every: float = 30.0
    now: Callable[[], float] = time.monotonic
    _followed_at: float = field(default=-1e9, init=False)
    _next: int = field(default=0, init=False)

    def round(self, wait: float = 0.0) -> Tally:
        """One round; waits so many seconds for something to come. Raises what is no fault of a document."""
        with files_here():
            claim(self.folder, self.watching)
            sent, failed = send_all(self.desk, self.folder)
        came = take_all(self.desk, self.folder, wait)
        if self.now() - self._followed_at >= self.follow_every:
            with files_here():
                self._follow()
            self._followed_at = self.now()
        return Tally(sent, failed, came)

    def _follow(self) -> None:
        """Write anew what `sent/NAME.json` says, of some, the others in later rounds."""
        open_ones = list(_unfinished(self.folder.sent))
        start = self._next if self._next < len(open_ones) else 0
        for path, told in open_ones[start : start + FOLLOWED]:
            self._follow_one(path, told)
        self._next = start + FOLLOWED

    def _follow_one(self, path: Path, told: dict[str, Any]) -> None:
        try:
            document = self.desk.document(told["package"])
        except NotFound:
            return
        fresh = msgspec.to_builtins(journal(document, told["name"]))
        if fresh != told and path.exists():
            write_whole(path, msgspec.json.format(msgspec.json.encode(fresh), indent=1))


def _unfinished(sent: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Journals of ours that are not finished; what does not read as one is somebody's own."""
    for path in sorted(sent.glob("*.json")):
        try:
            told = msgspec.json.decode(path.read_bytes())
        except (OSError, msgspec.DecodeError):
            continue
        if isinstance(told, dict) and told.get("finished") is False and {"package", "name"} <= told.keys():
            yield path, told
