"""What differs between two states of the directory, and which version of it a row last changed in."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import msgspec

from lienthong.document.codes import OrganisationCode
from lienthong.registry.model import Organisation, Status
from lienthong.registry.rows import OrganisationRow
from lienthong.registry.snapshot import Snapshot


class DifferenceKind(StrEnum):
    """What happened to a code, the weightiest of it."""

    OPENED = "opened"
    CLOSED = "closed"
    RENAMED = "renamed"
    MOVED = "moved"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One code before and after."""

    before: Organisation | None
    after: Organisation | None

    @property
    def code(self) -> OrganisationCode:
        """The code that differs."""
        return self._either.code

    @property
    def _either(self) -> Organisation:
        told = self.after or self.before
        if told is None:
            raise ValueError
        return told

    @property
    def kind(self) -> DifferenceKind:
        """The weightiest of what happened."""
        if self.before is None:
            return DifferenceKind.OPENED
        if self.after is None:
            return DifferenceKind.REMOVED
        if self.after.status is Status.CLOSED or self.after.valid_to != self.before.valid_to:
            return DifferenceKind.CLOSED
        if self.after.name != self.before.name:
            return DifferenceKind.RENAMED
        return DifferenceKind.MOVED if self.after.parent != self.before.parent else DifferenceKind.CHANGED

    def fields(self) -> dict[str, tuple[Any, Any]]:
        """The members (as in the snapshot's JSON) that differ: old and new value, None where there is none."""
        old, new = _members(self.before), _members(self.after)
        return {name: (old.get(name), new.get(name)) for name in OrganisationRow.__struct_fields__
                if old.get(name) != new.get(name)}  # fmt: skip


def differences(before: Iterable[Organisation], after: Iterable[Organisation]) -> Iterator[Difference]:
    """The codes that are not alike, in the order of `after`, then those only `before` has. Revisions do not count."""
    known = {each.code: each for each in before}
    for each in after:
        old = known.pop(each.code, None)
        if old is None or not _alike(old, each):
            yield Difference(old, each)
    yield from (Difference(each, None) for each in known.values())


def stamped(previous: Snapshot | None, snapshot: Snapshot) -> Snapshot:
    """The snapshot with the revision of each organisation: as before where nothing changed, else this version."""
    known: Mapping[OrganisationCode, Organisation] = {
        each.code: each for each in (previous.organisations if previous else ())
    }
    return replace(
        snapshot,
        organisations=tuple(_stamped(known.get(each.code), each, snapshot.version) for each in snapshot.organisations),
    )


def digest_of(values: Iterable[Organisation | None]) -> str:
    """Hex SHA-256 of organisations in order: what was shown is what is carried out, or it is refused."""
    hashed = hashlib.sha256()
    for each in values:
        hashed.update(b"-" if each is None else msgspec.json.encode(OrganisationRow.of(each), order="sorted"))
        hashed.update(b"\n")
    return hashed.hexdigest()


def _stamped(old: Organisation | None, new: Organisation, version: int) -> Organisation:
    return replace(new, revision=old.revision if old is not None and _alike(old, new) else version)


def _alike(first: Organisation, second: Organisation) -> bool:
    return first == (second if second.revision == first.revision else replace(second, revision=first.revision))


def _members(organisation: Organisation | None) -> dict[str, Any]:
    if organisation is None:
        return {}
    found: dict[str, Any] = msgspec.to_builtins(OrganisationRow.of(replace(organisation, revision=0)))
    return found
