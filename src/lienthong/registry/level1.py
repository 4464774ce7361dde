"""The level-1 codes as data: Decision 20/2020/QĐ-TTg, its changes of 2025, and the provinces merged in 2025.

Each row names its source and how certain it is: "checked" was read on the decision, "general" is general knowledge
(a name's wording, a merger), "unverified" is a code whose bearer is not known.
"""

from dataclasses import replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

from lienthong.registry.history import Histories, History, lay
from lienthong.registry.model import Level, Organisation, Status
from lienthong.registry.rows import LevelRow, OrganisationRow


class Level1Row(OrganisationRow, frozen=True, kw_only=True):
    """A row of the data file: the organisation, and where it is known from."""

    source: str
    certainty: Literal["checked", "general", "unverified"]
    former_name: str | None = None
    renamed_on: date | None = None


@cache
def level1_rows() -> tuple[Level1Row, ...]:
    """The data file as it is, with sources."""
    return msgspec.json.decode(_read("level1.json"), type=tuple[Level1Row, ...])


@cache
def level1_organisations() -> tuple[Organisation, ...]:
    """All known level-1 organisations, the closed ones too, in the order of their codes."""
    return tuple(row.value() for row in level1_rows())


@cache
def level1_histories() -> Histories:
    """The same as histories: who had the code under which name from when on."""
    return {row.value().code: _history(row) for row in level1_rows()}


def _history(row: Level1Row) -> History:
    now = replace(row.value(), status=Status.ACTIVE)
    if row.former_name is None:
        return (now,)
    return lay(lay((), replace(now, name=row.former_name, name_en=None)), replace(now, valid_from=row.renamed_on))


@cache
def levels() -> tuple[Level, ...]:
    """The levels of government; the district level ended on 30 June 2025."""
    return tuple(row.value() for row in msgspec.json.decode(_read("levels.json"), type=tuple[LevelRow, ...]))


def _read(name: str) -> bytes:
    return files("lienthong.registry").joinpath("data", name).read_bytes()
