"""python receive.py FOLDER [--once]: take in what waits, store it durably, acknowledge, report 01."""

import os
import sys
from pathlib import Path

from place import place

from lienthong.client import Desk, Entry, take_in

folder, once = Path(sys.argv[1]), "--once" in sys.argv
with Desk(**place()) as desk:

    def store(entry: Entry) -> None:
        """Durable when it returns; called again after a crash, so it goes on behind what is there."""
        here = folder / entry.id
        here.mkdir(parents=True, exist_ok=True)
        for part in desk.document(entry.id).parts:
            desk.save(entry.id, part, here / part.name)
        os.sync()
        print(entry.id, entry.sender, entry.subject)

    while True:
        take_in(desk, store, wait=20)
        if once:
            break
