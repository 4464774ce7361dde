"""Rows to frozen values and back."""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from lienthong.adapters.searching import search_text
from lienthong.delivery.journey import JourneyState
from lienthong.delivery.model import Content, Head, Lane, Leg, Notice, Package, PartRef, Standing, StatusReport, Step
from lienthong.delivery.trouble import Trouble, Work

Row = Sequence[Any]
Values = dict[str, Any]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_encode = msgspec.json.encode
_head = msgspec.json.Decoder(Head).decode
_parts = msgspec.json.Decoder(tuple[PartRef, ...]).decode


def to_json(value: Any) -> str:
    """How a JSON column is written."""
    return _encode(value).decode()


def from_json(text: str | bytes) -> str | bytes:
    """JSON columns come back as text: only their reader knows the type."""
    return text


def ticks(moment: datetime) -> int:
    """Microseconds since 1970."""
    return (moment - _EPOCH) // _TICK


def moment(value: int) -> datetime:
    """Back from microseconds: aware, UTC."""
    return _EPOCH + timedelta(microseconds=value)


def _ticks(value: datetime | None) -> int | None:
    return None if value is None else ticks(value)


def _moment(value: int | None) -> datetime | None:
    return None if value is None else moment(value)


def package_values(package: Package) -> Values:
    """Columns of a package."""
    head = package.head
    return {
        "id": package.id,
        "sender": package.sender,
        "message_id": package.message_id,
        "head": to_json(head),
        "digest": package.digest,
        "parts": to_json(package.parts),
        "seal": package.seal,
        "came_from": package.came_from,
        "recorded_at": ticks(package.recorded_at),
        "expires_at": ticks(package.expires_at),
        "request": package.request,
        "index": package.index,
        "content": head.content.value,
        "document_id": head.document_id,
        "folded": search_text(package),
    }


def package_of(row: Row) -> Package:
    """From the columns of `Package`, in its order."""
    return Package(
        row[0],
        row[1],
        row[2],
        _head(row[3]),
        row[4],
        _parts(row[5]),
        row[6],
        row[7],
        moment(row[8]),
        moment(row[9]),
        row[10],
        row[11],
    )


def leg_values(leg: Leg, package_seq: int | None) -> Values:
    """Columns of a leg; None: its package has no number yet, and gives it its own when it is kept."""
    return {
        "package": leg.package,
        "lane": leg.lane.value,
        "addressee": leg.addressee,
        "recipient": leg.recipient,
        "next_hop": leg.next_hop,
        "state": leg.state.value,
        "since": ticks(leg.since),
        "due": ticks(leg.due),
        "expires_at": ticks(leg.expires_at),
        "urgency": leg.urgency,
        "precedence": -leg.urgency,
        "attempts": leg.attempts,
        "lock": leg.lock,
        "locked_until": _ticks(leg.locked_until),
        "refusal": leg.refusal,
        "detail": leg.detail,
        "standing": leg.standing.value,
        "asked": leg.asked,
        "asked_by": leg.asked_by,
        "status": leg.status,
        "status_at": _ticks(leg.status_at),
        "content": leg.content.value,
        "package_seq": package_seq,
    }


def leg_of(row: Row) -> Leg:
    """From the columns of `Leg`, in its order."""
    package, lane, addressee, recipient, next_hop, state, since, due, expires_at, urgency, attempts = row[:11]
    lock, locked_until, refusal, detail, standing, asked, asked_by, status, status_at, content = row[11:]
    return Leg(
        package,
        Lane(lane),
        addressee,
        recipient,
        next_hop,
        JourneyState(state),
        moment(since),
        moment(due),
        moment(expires_at),
        urgency,
        attempts,
        lock,
        _moment(locked_until),
        refusal,
        detail,
        Standing(standing),
        asked,
        asked_by,
        status,
        _moment(status_at),
        Content(content),
    )


def step_values(step: Step) -> Values:
    """Columns of a step; `seq` is the store's to give."""
    return {
        "package": step.package,
        "at": ticks(step.at),
        "hop": step.hop,
        "kind": str(step.kind),
        "addressee": step.addressee,
        "code": str(step.code),
        "text": str(step.text),
        "receipt": step.receipt,
        "index": step.index,
        "lane": str(step.lane),
    }


def step_of(row: Row) -> Step:
    """From the columns of `Step`, in its order."""
    package, at, hop, kind, addressee, code, text, receipt, index, lane, seq = row
    return Step(package, moment(at), hop, kind, addressee, code, text, receipt, index, Lane(lane), seq)


def status_values(report: StatusReport) -> Values:
    """Columns of a status report."""
    return {
        "carrier": report.carrier,
        "package": report.package,
        "addressee": report.addressee,
        "recipient": report.recipient,
        "code": str(report.code),
        "at": ticks(report.at),
        "description": report.description,
        "staff": report.staff,
        "recorded_at": _ticks(report.recorded_at),
        "lane": str(report.lane),
    }


def status_of(row: Row) -> StatusReport:
    """From the columns of `StatusReport`, in its order."""
    carrier, package, addressee, recipient, code, at, description, staff, recorded_at, lane = row
    return StatusReport(
        carrier, package, addressee, recipient, code, moment(at), description, staff, _moment(recorded_at), Lane(lane)
    )


def notice_values(notice: Notice) -> Values:
    """Columns of a notice."""
    return {"to": notice.to, "package": notice.package, "body": notice.body}


def trouble_values(trouble: Trouble) -> Values:
    """Columns of a trouble; `seq` is the store's to give."""
    return {
        "key": trouble.key,
        "work": trouble.work.value,
        "package": trouble.package,
        "lane": str(trouble.lane),
        "addressee": trouble.addressee,
        "code": trouble.code,
        "detail": trouble.detail,
        "body": trouble.body,
        "since": ticks(trouble.since),
        "at": ticks(trouble.at),
        "due": ticks(trouble.due),
        "attempts": trouble.attempts,
        "dead": int(trouble.dead),
    }


def trouble_of(row: Row) -> Trouble:
    """From the columns of `Trouble`, in its order."""
    key, work, code, since, at, due, attempts, dead, *rest = row
    return Trouble(key, Work(work), code, moment(since), moment(at), moment(due), attempts, bool(dead), *rest)


def chain_json(certificates: Sequence[bytes]) -> list[str]:
    """Certificates as a JSON column keeps them."""
    return [b64encode(der).decode() for der in certificates]


def chain_of(text: str) -> tuple[bytes, ...]:
    """DER certificates from their JSON column."""
    return tuple(b64decode(item) for item in msgspec.json.decode(text, type=list[str]))
