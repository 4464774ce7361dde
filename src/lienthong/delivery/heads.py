"""From an edXML message to the head a hop remembers: as it is written, then with the registry's own codes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from lienthong.delivery.model import Content, Head
from lienthong.document import OrganisationCode, iso_vietnam
from lienthong.envelope import Edoc, Party, Reading, StatusMessage
from lienthong.errors import EnvelopeUnreadable, SecretNotAllowed
from lienthong.registry import Directory


def canonical(directory: Directory, code: OrganisationCode | str | None) -> str:
    """The registry's code for a code of either generation; unknown codes stay as written."""
    return directory.spelling(OrganisationCode.parse(str(code))) or str(code) if code else ""


def written_head(reading: Reading) -> tuple[Head, tuple[str, ...]]:
    """The head and the addressees, with codes as the sender wrote them. `EnvelopeUnreadable` without an addressee."""
    message = reading.message
    warnings = tuple(warning.vi for warning in reading.warnings)
    if isinstance(message, StatusMessage):
        head = _status_head(message, warnings)
        return head, (head.about,)
    addressees = tuple(str(party.code) for party in message.recipients if party.code)
    if not addressees:
        raise EnvelopeUnreadable("không có cơ quan nhận / no recipient")
    return _edoc_head(message, warnings), addressees


def registered(head: Head, addressees: Sequence[str], directory: Directory) -> tuple[Head, tuple[str, ...]]:
    """The same with the registry's own codes; each addressee once, in order."""
    found = tuple(dict.fromkeys(canonical(directory, code) for code in addressees))
    if head.content is Content.STATUS:
        return replace(head, about=found[0]), found
    if not (head.added or head.removed):
        return head, found
    added, removed = (tuple(canonical(directory, code) for code in codes) for codes in (head.added, head.removed))
    return replace(head, added=added, removed=removed), found


def refuse_secrets(reading: Reading) -> None:
    """Decision 28/2018/QĐ-TTg, Article 1: classified documents never enter."""
    if isinstance(reading.message, Edoc) and reading.message.secrecy:
        raise SecretNotAllowed(reading.message.secrecy)


def _edoc_head(message: Edoc, warnings: tuple[str, ...]) -> Head:
    business = message.business
    return Head(
        content=Content.EDOC,
        document_id=str(message.document_id),
        number=message.number.number,
        notation=message.number.notation,
        subject=message.subject,
        kind=message.kind_name,
        issued=_day(message.issued),
        organisation=_name(message.sender),
        signer=message.signer.full_name,
        urgency=int(message.other.urgency),
        due=_day(message.due),
        business=int(business.type),
        affects=str(business.document_id or ""),
        reason=business.reason,
        added=tuple(_code(change.code) for change in business.receivers if change.added),
        removed=tuple(_code(change.code) for change in business.receivers if not change.added),
        replaces=tuple(dict.fromkeys(str(replaced.document_id) for replaced in business.replaces)),
        warnings=warnings,
    )


def _status_head(message: StatusMessage, warnings: tuple[str, ...]) -> Head:
    response = message.response
    return Head(
        content=Content.STATUS,
        document_id=str(response.document_id),
        number=response.number.number if response.number else "",
        notation=response.number.notation if response.number else "",
        issued=_day(response.issued),
        organisation=_name(message.sender),
        reason=message.description,
        status=str(message.code),
        about=_code(response.organisation),
        at=iso_vietnam(message.at) if message.at else "",
        staff=message.staff.name,
        warnings=warnings,
    )


def _code(code: OrganisationCode | None) -> str:
    return str(code or "")


def _name(party: Party) -> str:
    return party.name or ""


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""
