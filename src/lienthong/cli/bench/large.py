"""A very large attachment from desk to desk, every byte of it fetched; also one after another while others measure."""

import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from lienthong.cli.bench.packages import RECIPIENT_GATEWAY, SENDER, SENDER_GATEWAY
from lienthong.cli.demo.build import Place
from lienthong.client import Desk, File, Metadata
from lienthong.errors import Unavailable

PATIENCE = 900.0
"""Seconds a large attachment may take from desk to desk."""
RECIPIENT = "G06"
"""At the same gateway as the small documents' recipient, with a desk of its own: neither looks through the other's."""


@contextmanager
def carrying(place: Place, size: int, name: str) -> Iterator[None]:
    """One after another for as long as the block lasts; the last one arrives, too. Raises what `carried` raises."""
    over = threading.Event()

    def again() -> None:
        for turn in count():
            carried(place, size, f"{name}-{turn}")
            if over.is_set():
                return

    with ThreadPoolExecutor(1) as pool:
        all_of_them = pool.submit(again)
        try:
            yield
        finally:
            over.set()
        all_of_them.result()


def carried(place: Place, size: int, name: str) -> None:
    """Raises Unavailable when it does not arrive. The file is sparse here, and random in its first block alone."""
    with _desk(place, SENDER, SENDER_GATEWAY) as sender, _desk(place, RECIPIENT, RECIPIENT_GATEWAY) as receiver:
        path = place.folder / f"{name}.bin"
        with path.open("wb") as file:
            file.write(os.urandom(1 << 16))
            file.truncate(size)
        said = Metadata("1", "UBND-MẪU", f"V/v đo tệp lớn {name} (văn bản mẫu)", (RECIPIENT,), document_id=name)
        sender.send(said, [File("lon.bin", "application/octet-stream", path)], name)
        _taken(receiver, name, size, path.with_suffix(".back"))
        path.unlink()


def _taken(receiver: Desk, name: str, size: int, into: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        for entry in receiver.inbox(wait=10):
            if entry.document_id != name:
                continue
            taken = receiver.take(entry.id, entry.recipients[0].addressee)
            part = max(receiver.document(entry.id).parts, key=lambda each: each.size)
            receiver.save(entry.id, part, into)
            if into.stat().st_size != size:
                raise Unavailable(f"{name}: {into.stat().st_size} of {size}")
            into.unlink()
            receiver.acknowledge(entry.id, entry.recipients[0].addressee, taken.lock)
            return
    raise Unavailable(f"{name}: {PATIENCE:g} s")


def _desk(place: Place, code: str, gateway: str) -> Desk:
    return Desk(place.url(gateway), (place.folder / "tokens" / code).read_text("utf-8"), ca=place.root)
