"""python send.py RECIPIENT FILE.pdf: ask before sending, hand in, see how far it got."""

import sys
from pathlib import Path

from place import place

from lienthong.client import Desk, File, Metadata
from lienthong.errors import LienThongError

recipient, path = sys.argv[1], Path(sys.argv[2])
with Desk(**place()) as desk:
    [found] = desk.capabilities(recipient)
    if not found.sendable:
        sys.exit(f"{found.text_vi} {', '.join(f'{heir.code} {heir.name}' for heir in found.successors)}")
    said = Metadata("15", "CV-MẪU", "V/v thử kết nối", (recipient,))
    # your own id of the document, kept with the draft before sending: repeat with it until there is an answer
    message_id = f"vi-du-{path.stem}"
    try:
        sent = desk.send(said, [File(path.name, "application/pdf", path)], message_id)
    except LienThongError as refused:
        sys.exit(refused.sentence())
    for each in sent.entry.recipients:
        print(sent.entry.id, each.addressee, each.name, each.state)
