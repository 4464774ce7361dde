"""Certificates, cases and places to keep them, for tests of the authority's memory."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from msgspec import structs

from lienthong.adapters.sql import SqlStore
from lienthong.adapters.sql.ca import SqlRegisters
from lienthong.ca.life.forms import PersonForm
from lienthong.ca.life.kinds import CaseKind
from lienthong.ca.life.states import CaseState
from lienthong.ca.registers import Case, Held
from lienthong.testing.clock import START, FakeClock
from lienthong.testing.pki import pki

CA = "CA mẫu"
Opened = Callable[[], AbstractAsyncContextManager[SqlRegisters]]


def in_tables(place: Path | str) -> Opened:
    @asynccontextmanager
    async def opened() -> AsyncIterator[SqlRegisters]:
        async with SqlStore.open(place, pki().log(), FakeClock()) as store:
            yield SqlRegisters(store, CA)

    return opened


def held(serial: int = 1, name: str = "Nguyễn Văn Mẫu", path: str = "/H29/H29.12/", **changes: Any) -> Held:
    made = Held(
        issuer="persons",
        serial=serial,
        certificate=b"DER",
        profile="person",
        name=name,
        organisation=path.strip("/").rpartition("/")[2],
        path=path,
        uid="",
        key=f"{serial:064x}",
        begins=START,
        ends=START + timedelta(days=365),
        partition=0,
    )
    return replace(made, **changes)


def case(id: str = "c1", state: CaseState = CaseState.RECEIVED, path: str = "/H29/H29.12/", **changes: Any) -> Case:
    made = Case(
        id=id,
        kind=CaseKind.PERSON,
        form=PersonForm(organisation=path.strip("/").rpartition("/")[2], full_name="Trần Thị Ví Dụ"),
        path=path,
        authority="ra-h29",
        state=state,
        opened=START,
        since=START,
        due=START + timedelta(days=1),
        requester="lan",
    )
    return structs.replace(made, **changes)
