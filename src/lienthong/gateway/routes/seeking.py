"""What a list may be asked for: the same words for what was sent, what was received, and both."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Annotated

import msgspec
from litestar.di import Provide
from litestar.params import Parameter, QueryParameter

from lienthong.delivery import Content, Having, JourneyState, Lane, Search, Standing
from lienthong.document import VIETNAM, OrganisationCode
from lienthong.errors import InvalidValue
from lienthong.gateway.boxes import BoxName, inside
from lienthong.gateway.routes.asking import Cursor, Limit, Words
from lienthong.registry import Directory

Short = Annotated[str, Parameter(max_length=128)]
Statuses = Annotated[
    list[Annotated[str, msgspec.Meta(pattern=r"^(\d{2}|none)$(?!\n)")]],
    Parameter(description="Business statuses, `none` for no status yet"),
]
Agency = Annotated[
    str, Parameter(max_length=200, description="At the other end: a code of either generation, or words of its name")
]
Day = Annotated[date | None, Parameter(description="yyyy-mm-dd, in Vietnam")]
NAMED = 50
"""Agencies that words of a name may mean."""


@dataclass(frozen=True, slots=True)
class Sought:
    """A list as it is asked for; days are inclusive."""

    text: str
    number: str
    notation: str
    document_id: str
    message_id: str
    kind: str
    agency: str
    issued: tuple[date | None, date | None]
    recorded: tuple[date | None, date | None]
    having: Having
    box: BoxName | None
    content: Content
    after: str
    limit: int
    count: bool

    def search(self, directory: Directory, lane: Lane | None) -> Search:
        """The same as the store takes it. InvalidValue for a box of the other lane."""
        first, last = self.issued
        wanted = Search(
            lane,
            content=self.content,
            text=self.text,
            after=self.after,
            limit=self.limit,
            number=self.number,
            notation=self.notation,
            document_id=self.document_id,
            message_id=self.message_id,
            kind=self.kind,
            agencies=_agencies(directory, self.agency),
            issued=(first.isoformat() if first else "", last.isoformat() if last else ""),
            recorded=(_begin(self.recorded[0]), _begin(self.recorded[1], 1)),
        )
        return _both(inside(self.box, wanted), self.having)


def _both(search: Search, having: Having) -> Search:
    """A box says where a document stands; whoever asks for that in other words asks for one or the other."""
    if having == Having():
        return search
    if search.having:
        raise InvalidValue("box, state, status, standing, asked")
    return replace(search, having=(having,))


def _begin(day: date | None, later: int = 0) -> datetime | None:
    return datetime.combine(day, datetime.min.time(), VIETNAM) + timedelta(days=later) if day else None


def _agencies(directory: Directory, asked: str) -> frozenset[str]:
    """The code as written and as the registry has it now, or the agencies with such a name; nobody else's."""
    if not asked.strip():
        return frozenset()
    try:
        code = OrganisationCode.parse(asked)
    except InvalidValue:
        found = {str(each.code) for each in directory.search(asked, NAMED)}
        return frozenset(found or {asked})
    known = directory.organisation(code)
    return frozenset({str(code), *([str(known.code)] if known else [])})


def _sought(
    text: Words = "",
    number: Short = "",
    notation: Short = "",
    document_id: Short = "",
    message_id: Short = "",
    kind: Short = "",
    agency: Agency = "",
    issued_from: Day = None,
    issued_to: Day = None,
    recorded_from: Day = None,
    recorded_to: Day = None,
    reached: Annotated[list[JourneyState] | None, QueryParameter(name="state")] = None,
    status: Statuses | None = None,
    standing: list[Standing] | None = None,
    asked: bool | None = None,  # noqa: FBT001  a query parameter
    box: BoxName | None = None,
    content: Content = Content.EDOC,
    after: Cursor = "",
    limit: Limit = 50,
    count: Annotated[bool, Parameter(description="`total`: how many all pages hold, exactly")] = False,  # noqa: FBT002  as above
) -> Sought:
    statuses = frozenset("" if each == "none" else each for each in status or ())
    having = Having(frozenset(reached or ()), statuses, frozenset(standing or ()), asked)
    return Sought(
        text, number, notation, document_id, message_id, kind, agency, (issued_from, issued_to),
        (recorded_from, recorded_to), having, box, content, after, limit, count,
    )  # fmt: skip


SOUGHT = {"sought": Provide(_sought, sync_to_thread=False)}
"""The dependency of a handler that lists."""
