"""One gateway's part of `bench registry`, in a process of its own so that its memory is its own.

`python -m lienthong.cli.bench.registry_apply FOLDER` takes `full` into force, then `delta`, then answers look-ups;
prints one JSON object. The gateway's whole program is loaded first, so that the process is as large as a gateway that
has just started; what its first signature or PDF loads is not in it.
"""

import json
import os
import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import msgspec

from lienthong.adapters.bootstrap import root_certificates
from lienthong.cli.bench.resident import peak, watch
from lienthong.document import OrganisationCode
from lienthong.registry import Book
from lienthong.registry.snapshot import MAX_BYTES, unpack

GATEWAY = "lienthong.gateway.__main__"
QUESTIONS = 5_000
WORKING_SET = 1_000


def applied(folder: Path) -> dict[str, float]:
    """Seconds of processor time, bytes of the process before, at most and grown by, files included; µs a look-up."""
    us = [os.getpid()]
    import_module(GATEWAY)
    empty = watch(us)
    book, now = Book(root_certificates(folder / "root.pem"), serving=False), datetime.now(UTC)
    first = _seconds(lambda: book.offer((folder / "full").read_bytes(), now))  # let go at once, as a gateway does
    most = peak(us)
    watch(us)
    second = _seconds(lambda: book.offer((folder / "delta").read_bytes(), now))
    more = peak(us)
    told = {"full": first, "delta": second, "full_bytes": float(most - empty), "delta_bytes": float(more - empty)}
    told |= {"empty": float(empty), "whole": float(max(most, more)), "look": _looked(book)}
    return told | {"floor": _floor((folder / "full").read_bytes())}  # last: it fills the memory


def _floor(full: bytes) -> float:
    return _seconds(lambda: msgspec.json.decode(unpack(full[full.index(b"\n") + 1 :], MAX_BYTES)))


def _looked(book: Book) -> float:
    """A working set, as a day has it: who bears the code, and which gateway speaks for it."""
    directory, now, lots = book.directory(), datetime.now(UTC), random.Random(1)
    rows = directory.snapshot.organisations
    known = [rows[place].code for place in lots.sample(range(len(rows)), min(WORKING_SET, len(rows)))]
    asked: list[OrganisationCode] = lots.choices(known, k=QUESTIONS)
    for code in known:
        directory.resolve(code, now)
        directory.gateway_of(code, now)
    begun = time.process_time()
    for code in asked:
        directory.resolve(code, now)
        directory.gateway_of(code, now)
    return 1e6 * (time.process_time() - begun) / QUESTIONS


def _seconds(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


if __name__ == "__main__":
    sys.stdout.write(json.dumps(applied(Path(sys.argv[1]))))
