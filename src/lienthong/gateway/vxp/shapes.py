"""Replies as SDK 2.0.x reads them: always `status`, `ErrorCode`, `ErrorDesc`; never null; `DocId` also in a refusal.

The SDK asks for `DocId` of `sendEdoc` before it looks at the status, and for `data` of a list that is not refused; a
missing or null value ends its call in a fault of its own.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from lienthong.delivery import Leg, Package
from lienthong.delivery.journey import HELD
from lienthong.document import edxml_time
from lienthong.envelope import Warning  # noqa: A004  the room's own word
from lienthong.errors import by_code
from lienthong.gateway.vxp.states import Transport, doc_id, receiving, sending

SERVICE = "eDoc"
GOOD: Mapping[str, str] = {"status": "OK", "ErrorCode": "0", "ErrorDesc": "Thành công / success"}
TOLD = 5
"""Warnings told in words; of all their codes are told."""
MORE_WHEN_REFUSED: Mapping[str, Mapping[str, str]] = {"/sendEdoc": {"DocId": ""}}


def good(**more: Any) -> bytes:
    """A reply of what went well."""
    return msgspec.json.encode({**GOOD, **more})


def noted(warnings: Sequence[Warning]) -> Mapping[str, str]:
    """What `ErrorDesc` of a good answer tells a sender: what was repaired or missing in its file."""
    if not warnings:
        return {}
    words = "; ".join(f"{each.vi[:-1]} ({each.where})" if each.where else each.vi[:-1] for each in warnings[:TOLD])
    codes = ", ".join(dict.fromkeys(each.code for each in warnings))
    return {"ErrorDesc": f"Thành công; cần chú ý: {words} / success; noted: {codes}"}


def refused(path: str, problem: Mapping[str, Any]) -> bytes:
    """The reply of a refusal: `ErrorCode` is its kind as an HTTP number, `ErrorDesc` begins with its stable code."""
    detail = f" ({problem['detail']})" if problem["detail"] else ""
    told = f"{problem['code']}: {problem['tieu_de']}{detail} / {problem['title']}"
    more = MORE_WHEN_REFUSED.get(path, {})
    return msgspec.json.encode({"status": "FAIL", "ErrorCode": str(problem["status"]), "ErrorDesc": told, **more})


def received_item(package: Package, leg: Leg) -> dict[str, str]:
    """A row of `getReceivedEdocList`. Times are Vietnam's, `yyyy/MM/dd HH:mm:ss`."""
    return {
        "docId": doc_id(package.id, leg.addressee),
        "serviceType": SERVICE,
        "messageType": package.head.content,
        "created_time": edxml_time(package.recorded_at),
        "updated_time": edxml_time(leg.since),
        "from": package.sender,
        "to": leg.recipient,
        "status": Transport.INITIAL,
        "status_desc": Transport.INITIAL.words,
    }


def sent_item(package: Package, leg: Leg) -> dict[str, str]:
    """A row of `getSentEdocList`: one for each addressee."""
    head, sent, received = package.head, sending(leg), receiving(leg)
    why = f"{by_code(leg.refusal).vi} {leg.detail}".strip() if leg.refusal else ""
    return {
        "serviceType": SERVICE,
        "messageType": head.content,
        "senderDocId": package.id,
        "fromCode": package.sender,
        "sentTime": edxml_time(package.recorded_at),
        "sendStatus": sent,
        "sendStatusDesc": why or sent.words,
        "receiverDocId": doc_id(package.id, leg.addressee) if leg.state in HELD else "",
        "toCode": leg.recipient,
        "receivedTime": edxml_time(leg.since) if leg.state in HELD else "",
        "receiveStatus": received,
        "receiveStatusDesc": why or received.words,
        "title": head.subject,
        "notation": f"{head.number}/{head.notation}" if head.number else head.notation,
    }
