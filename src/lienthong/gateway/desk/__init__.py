"""What the desk API does: the use cases of delivery, spoken in the desk's terms. One tenant at a time."""

from lienthong.gateway.desk.directory import capabilities, organisations
from lienthong.gateway.desk.gateway import Gateway
from lienthong.gateway.desk.handing import cancel, form_check, recall, report, send, send_edxml, update
from lienthong.gateway.desk.looking import Asked, counts, document, edoc_of, files_of, listing, part, recipients
from lienthong.gateway.desk.proving import evidence, proof, receipt
from lienthong.gateway.desk.receiving import done, lock, put_back, waiting

__all__ = [
    "Asked",
    "Gateway",
    "cancel",
    "capabilities",
    "counts",
    "document",
    "done",
    "edoc_of",
    "evidence",
    "files_of",
    "form_check",
    "listing",
    "lock",
    "organisations",
    "part",
    "proof",
    "put_back",
    "recall",
    "receipt",
    "recipients",
    "report",
    "send",
    "send_edxml",
    "update",
    "waiting",
]
