"""What a hop testifies to: one event, one leaf of its log. Named after ETSI EN 319 522-1 §6.2."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from lienthong.errors import EvidenceBroken, InvalidValue
from lienthong.evidence.canonical import canonical, read_object
from lienthong.evidence.manifest import ManifestPart, is_digest

FORMAT = "lienthong-event/1"
MAX_LEAF = (1 << 16) - 1  # tlog-tiles, "Log entries": a 16-bit length


class EventKind(StrEnum):
    """What happened. The value never changes once released: it stands in logs."""

    SUBMISSION_ACCEPTED = "submission-accepted"
    SUBMISSION_REJECTED = "submission-rejected"
    RELAYED = "relayed"
    RELAY_REJECTED = "relay-rejected"
    RELAY_FAILED = "relay-failed"
    CONSIGNED = "consigned"
    CONSIGNMENT_FAILED = "consignment-failed"
    HANDED_OVER = "handed-over"
    REFUSED = "refused"
    EXPIRED = "expired"
    STATUS = "status-reported"
    REDIRECTED = "redirected"
    RECALLED = "recalled"
    UPDATED = "updated"
    REPLACED = "replaced"
    CANCELLED = "cancelled"
    ORDERED = "ordered"
    CONTINUED = "log-continued"  # after a restoration; `digest` is of the last checkpoint before it

    @property
    def vi(self) -> str:
        """What the hop did, to stand after its name."""
        return _WORDS[self].vi

    @property
    def en(self) -> str:
        return _WORDS[self].en

    @property
    def etsi(self) -> str | None:
        """The event's name in EN 319 522-1 §6.2, None for our own kinds."""
        return _WORDS[self].etsi


class _Words(NamedTuple):
    vi: str
    en: str
    etsi: str | None = None


_WORDS: Mapping[EventKind, _Words] = {
    EventKind.SUBMISSION_ACCEPTED: _Words("đã nhận gói tin", "accepted the package", "SubmissionAcceptance"),
    EventKind.SUBMISSION_REJECTED: _Words("đã từ chối nhận gói tin", "rejected the package", "SubmissionRejection"),
    EventKind.RELAYED: _Words(
        "đã chuyển gói tin cho hệ thống kế tiếp", "relayed the package to the next hop", "RelayAcceptance"
    ),
    EventKind.RELAY_REJECTED: _Words(
        "bị hệ thống kế tiếp từ chối gói tin", "was refused by the next hop", "RelayRejection"
    ),
    EventKind.RELAY_FAILED: _Words(
        "không chuyển được gói tin cho hệ thống kế tiếp", "could not relay the package", "RelayFailure"
    ),
    EventKind.CONSIGNED: _Words(
        "đã giao gói tin vào hộp đến của nơi nhận", "placed the package in the recipient's inbox", "ContentConsignment"
    ),
    EventKind.CONSIGNMENT_FAILED: _Words(
        "không giao được gói tin vào hộp đến của nơi nhận",
        "could not place the package in the recipient's inbox",
        "ContentConsignmentFailure",
    ),
    EventKind.HANDED_OVER: _Words(
        "đã bàn giao gói tin cho phần mềm của nơi nhận",
        "handed the package over to the recipient's software",
        "ContentHandover",
    ),
    EventKind.REFUSED: _Words(
        "ghi nhận nơi nhận từ chối gói tin", "recorded that the recipient refused the package", "ConsignmentRejection"
    ),
    EventKind.EXPIRED: _Words(
        "ghi nhận gói tin hết thời hạn mà chưa giao được",
        "recorded that the time ran out before delivery",
        "AcceptanceRejectionExpiry",
    ),
    EventKind.STATUS: _Words("đã nhận báo cáo trạng thái xử lý", "took a report of business status"),
    EventKind.REDIRECTED: _Words(
        "đã chuyển hướng gói tin đến cơ quan kế thừa", "redirected the package to a successor"
    ),
    EventKind.RECALLED: _Words("đã nhận yêu cầu thu hồi văn bản", "took a recall of the document"),
    EventKind.UPDATED: _Words("đã nhận yêu cầu cập nhật văn bản", "took an update of the document"),
    EventKind.REPLACED: _Words("đã nhận văn bản thay thế", "took a replacement of the document"),
    EventKind.CANCELLED: _Words("đã hủy việc gửi gói tin", "cancelled the delivery of the package"),
    EventKind.ORDERED: _Words("đã ghi lệnh của người vận hành", "recorded an operator's order"),
    EventKind.CONTINUED: _Words("đã tiếp nối nhật ký sau phục hồi", "continued its log after a restoration"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One fact.

    `package` is the exchange's id of the package, `message` the sender's own; organisations stand as their codes.
    `digest` is the package's content digest (see `manifest_digest`). `recipient` is the leg the fact is about,
    `addressee` the code the sender wrote when it differs; `code` a refusal's or a status's code; `text` words for
    people. `parts` is carried by acceptance alone: other receipts bring the manifest beside the leaf.
    """

    kind: EventKind
    hop: str
    at: datetime
    package: str
    sender: str
    message: str
    document: str
    digest: str
    recipient: str | None = None
    addressee: str | None = None
    code: str | None = None
    parts: tuple[ManifestPart, ...] | None = None
    text: str | None = None

    def __post_init__(self) -> None:
        if self.at.tzinfo is None or not is_digest(self.digest):
            raise InvalidValue("an event has an aware moment and a hex SHA-256")

    def to_leaf(self) -> bytes:
        """The bytes that enter the log: canonical JSON, absent fields left out.

        InvalidValue if a field is not text, or the leaf would not fit an entry of the log (64 KiB).
        """
        told = {name: value for name in _FIELDS if (value := getattr(self, name)) is not None}
        if self.parts is not None:
            told["parts"] = [part.as_dict() for part in self.parts]
        told |= {"format": FORMAT, "at": self.at.astimezone(UTC).isoformat().replace("+00:00", "Z")}
        try:
            leaf = canonical(told)
        except ValueError as error:
            raise InvalidValue("an event holds only text") from error
        if len(leaf) > MAX_LEAF:
            raise InvalidValue("an event must fit an entry of the log")
        return leaf

    @staticmethod
    def from_leaf(leaf: bytes) -> "Event":
        """Back from the log. EvidenceBroken unless the leaf is exactly what `to_leaf` makes."""
        if len(leaf) > MAX_LEAF:
            raise EvidenceBroken("the leaf does not fit an entry of the log")
        return _read(leaf)


@lru_cache(512)
def _read(leaf: bytes) -> Event:
    """Whoever judges a receipt asks for its event several times; it is the same for the same bytes."""
    told = read_object(leaf)
    try:
        event = Event(**_values(told))
    except (InvalidValue, KeyError, TypeError, ValueError) as error:
        raise EvidenceBroken("the leaf is not an event") from error
    if event.to_leaf() != leaf:
        raise EvidenceBroken("the leaf is not in its canonical form")
    return event


_FIELDS = tuple(field.name for field in fields(Event))
_TEXTS = {field.name for field in fields(Event)} - {"kind", "at", "parts"}


def _values(told: dict[str, Any]) -> dict[str, Any]:
    if told.pop("format") != FORMAT:
        raise EvidenceBroken("the leaf is of a newer format")
    texts = {name: told.pop(name) for name in _TEXTS & told.keys()}
    if not all(isinstance(text, str) for text in texts.values()):
        raise EvidenceBroken("a field of the event is no text")
    parts = tuple(ManifestPart(**part) for part in told.pop("parts")) if "parts" in told else None
    return {**texts, "kind": EventKind(told.pop("kind")), "at": _moment(told.pop("at")), "parts": parts, **told}


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
