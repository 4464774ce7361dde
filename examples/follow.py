"""python follow.py CURSOR_FILE [COUNT]: print events as they come, going on where the last run ended."""

import sys
from itertools import islice
from pathlib import Path

from place import place

from lienthong.client import Desk

kept = Path(sys.argv[1])
count = int(sys.argv[2]) if len(sys.argv) > 2 else None
with Desk(**place()) as desk:
    for event in islice(desk.listen(kept.read_text("utf-8") if kept.exists() else "0"), count):
        print(event.at, event.type, event.document, event.addressee, event.code)
        kept.write_text(event.id, "utf-8")  # once your side has done what it does about the event
