"""The directory in the three shapes of the national axis, row by row: 111,000 organisations in little memory."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from itertools import islice

import msgspec

from lienthong.document import VIETNAM, edxml_date, edxml_time
from lienthong.gateway.vxp.shapes import GOOD
from lienthong.registry import Directory, Organisation, OrganisationKind

Row = Callable[[Organisation], dict[str, str]]
AT_ONCE = 256
"""Rows written before others have their turn."""


def agency(organisation: Organisation) -> dict[str, str]:
    """A row of `getAgenciesList`. `code` is of Decision 20/2020 where there is one, `oldCode` of QCVN 102:2016."""
    return {
        "id": str(organisation.code),
        "pid": str(organisation.parent or ""),
        "code": str(organisation.code),
        "name": organisation.name,
        "mail": _mail(organisation),
        "oldCode": str(organisation.legacy_code or ""),
    }


def agency_qd20(organisation: Organisation) -> dict[str, str]:
    """A row of `getAgenciesListQD20`; `code102` as `oldCode` above."""
    return {
        "id": str(organisation.code),
        "code": str(organisation.code),
        "name": organisation.name,
        "mail": _mail(organisation),
        "code102": str(organisation.legacy_code or ""),
    }


def unit(directory: Directory, now: datetime) -> Row:
    """A row of `getSynchronizeUnit`; `centerCode` is who runs the gateway of the unit.

    The call takes no parameters: who keeps a copy in step compares rows. `version` is the registry's in which the row
    last changed, the newest where nobody counted; `modifyDate` the day from which what it says is so.
    """
    day = now.astimezone(VIETNAM).date()
    issued = edxml_time(directory.snapshot.issued_at)

    def row(organisation: Organisation) -> dict[str, str]:
        gateway = directory.gateway_of(organisation.code, now)
        ended = organisation.closed_on(day)
        changed = (organisation.valid_to if ended else None) or organisation.valid_from
        return {
            "id": str(organisation.code),
            "pid": str(organisation.parent or ""),
            "code": str(organisation.code),
            "name": organisation.name,
            "mail": _mail(organisation),
            "version": str(organisation.revision or directory.snapshot.version),
            "centerCode": str(gateway.operator) if gateway else "",
            "deleted": _truth(ended),
            "modifyDate": f"{edxml_date(changed)} 00:00:00" if changed else issued,
            "isAgency": _truth(organisation.kind is OrganisationKind.AGENCY),
        }

    return row


def in_force(now: datetime, level: str = "") -> Callable[[Organisation], bool]:
    """Which rows the lists of agencies show: those in force; of one level if one is said (`1`: one group of signs)."""
    day = now.astimezone(VIETNAM).date()
    depth = int(level) if level.isdecimal() and len(level) < 3 else 0

    def shown(organisation: Organisation) -> bool:
        of_level = not depth or str(organisation.code).count(".") + 1 == depth
        return of_level and organisation.begun_by(day) and not organisation.closed_on(day)

    return shown


def everything(_: Organisation) -> bool:
    """The ended ones too."""
    return True


async def listed(directory: Directory, row: Row, shown: Callable[[Organisation], bool]) -> AsyncIterator[bytes]:
    """The body of a reply, as it is made."""
    head = ",".join(f'"{name}":"{value}"' for name, value in GOOD.items())
    yield f'{{{head},"data":['.encode()
    rows = (msgspec.json.encode(row(each)) for each in directory.snapshot.organisations if shown(each))
    before = b""
    while portion := list(islice(rows, AT_ONCE)):
        yield before + b",".join(portion)
        before = b","
        await asyncio.sleep(0)
    yield b"]}"


def _mail(organisation: Organisation) -> str:
    return organisation.contact.email if organisation.contact else ""


def _truth(value: bool) -> str:  # noqa: FBT001  it is the value
    return "true" if value else "false"
