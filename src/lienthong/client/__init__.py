"""What applications import to work with a gateway. On asyncio: `lienthong.client.aio`."""

from lienthong.client.desk import Desk
from lienthong.client.files import CheckedFile, FileStand
from lienthong.client.intake import report_arrival, take_in
from lienthong.client.model import (
    Box,
    Document,
    Entry,
    File,
    Finding,
    Me,
    Metadata,
    Org,
    Page,
    Part,
    Pending,
    Recipient,
    Repair,
    StatusReport,
    Step,
    Taken,
)
from lienthong.client.papers import Paper, SignaturePlace, SigningKeyView, SigningSession
from lienthong.client.resuming import LARGE

__all__ = [
    "LARGE",
    "Box",
    "CheckedFile",
    "Desk",
    "Document",
    "Entry",
    "File",
    "FileStand",
    "Finding",
    "Me",
    "Metadata",
    "Org",
    "Page",
    "Paper",
    "Part",
    "Pending",
    "Recipient",
    "Repair",
    "SignaturePlace",
    "SigningKeyView",
    "SigningSession",
    "StatusReport",
    "Step",
    "Taken",
    "report_arrival",
    "take_in",
]
