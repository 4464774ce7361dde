"""From one version of the registry to the next by what changed alone: signed, expiring, leading to exactly one digest.

Each list is said as runs of the old list and new rows between them, so order is kept and the result is the very same
canonical JSON that the full snapshot has:

    {"organisations": [{"keep": [0, 5120]}, {"rows": […]}, {"keep": [5121, 105879]}], …}
"""

import gzip
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec

from lienthong.errors import InvalidValue, SnapshotUntrusted
from lienthong.registry.packed import Packed, packed
from lienthong.registry.rows import Moment, RulesRow, in_utc
from lienthong.registry.signing import DELTA, SnapshotSigner, open_body, sign_body
from lienthong.registry.snapshot import LISTS, MAX_BYTES, Snapshot, rows_of, unpack
from lienthong.registry.stream import Bytes
from lienthong.registry.succession import Succession


class Run(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """`keep`: start and count of rows of the old list; or `rows`: new ones."""

    keep: tuple[int, int] | None = None
    rows: tuple[msgspec.Raw, ...] = ()


class DeltaRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file's JSON. The new version's own frame is said whole; `digest` is what applying must lead to."""

    format: Literal["lienthong-registry-delta/1"] = "lienthong-registry-delta/1"
    base: int
    base_digest: str
    version: int
    digest: str
    issued_at: Moment
    expires_at: Moment
    previous_digest: str | None
    rules: RulesRow
    lists: dict[str, tuple[Run, ...]]


def delta(base: Snapshot, target: Snapshot) -> bytes:
    """What changed between two versions, in gzip, unsigned. Raises InvalidValue unless the target is newer."""
    if target.version <= base.version:
        raise InvalidValue(f"{base.version} → {target.version}")
    row = DeltaRow(
        base=base.version,
        base_digest=base.digest(),
        version=target.version,
        digest=target.digest(),
        issued_at=in_utc(target.issued_at),
        expires_at=in_utc(target.expires_at),
        previous_digest=target.previous_digest,
        rules=RulesRow.of(target.rules),
        lists={name: _runs(name, getattr(base, name), getattr(target, name)) for name in LISTS},
    )
    return gzip.compress(msgspec.json.encode(row, order="sorted"), mtime=0)


def sign_delta(base: Snapshot, target: Snapshot, signer: SnapshotSigner, succession: Succession = ()) -> bytes:
    """The signed file. Raises InvalidValue as `delta` and `sign_body` do."""
    return sign_body(delta(base, target), DELTA, signer, succession)


def open_delta(
    data: bytes, trusted: Sequence[bytes], moment: datetime, base: Snapshot, succession: Succession = ()
) -> Snapshot:
    """The newer snapshot that a signed delta leads to from the one in force.

    Raises SnapshotUntrusted for a bad signature, another base than the one in force (by version and content), a
    version that is not newer, an expired delta, and a result that is not what was signed for.
    """
    told = _read(open_body(data, DELTA, trusted, moment, succession))
    if (told.base, told.base_digest) != (base.version, base.digest()):
        raise SnapshotUntrusted(f"a delta from {told.base}, not from what is in force ({base.version})")
    if told.version <= base.version:
        raise SnapshotUntrusted(f"rollback: {base.version} → {told.version}")
    if moment >= told.expires_at:
        raise SnapshotUntrusted(f"the delta expired at {told.expires_at.isoformat()}")
    if told.version == base.version + 1 and told.previous_digest != told.base_digest:
        raise SnapshotUntrusted(f"fork: version {told.version} does not continue {base.version}")
    made = _applied(base, told)
    if made.digest() != told.digest:
        raise SnapshotUntrusted(f"the delta does not lead to version {told.version} as signed")
    return made


def _read(body: Bytes) -> DeltaRow:
    try:
        return msgspec.json.decode(unpack(body, MAX_BYTES), type=DeltaRow)
    except (msgspec.MsgspecError, ValueError) as error:
        raise SnapshotUntrusted(str(error)) from error


def _applied(base: Snapshot, told: DeltaRow) -> Snapshot:
    if told.lists.keys() != LISTS.keys():
        raise SnapshotUntrusted("a delta says every list")
    try:
        lists: dict[str, Any] = {name: _rebuilt(name, getattr(base, name), told.lists[name]) for name in LISTS}
        rules = told.rules.value()
    except (msgspec.MsgspecError, ValueError) as error:
        raise SnapshotUntrusted(str(error)) from error
    return Snapshot(told.version, told.issued_at, told.expires_at, told.previous_digest, **lists, rules=rules)


def _rebuilt(name: str, old: Sequence[Any], runs: Sequence[Run]) -> Packed[Any]:
    """New rows are read here; rows that were kept had been read when the base came in."""
    before = old if isinstance(old, Packed) else Packed(LISTS[name], rows_of(name, old))
    if list(runs) == [Run(keep=(0, len(before)))]:
        return before  # nothing changed: both versions share it while readers go over from one to the other
    return Packed(LISTS[name], _spelt(name, before, runs))


def _spelt(name: str, before: Packed[Any], runs: Sequence[Run]) -> Iterator[bytes]:
    for run in runs:
        if run.keep is not None:
            start, count = run.keep
            if not 0 <= start <= start + count <= len(before) or run.rows:
                raise SnapshotUntrusted(f"a delta beyond the list {name}")
            yield from before.rows(start, start + count)
        else:
            yield from packed(LISTS[name], run.rows).rows()


def _runs(name: str, old: Sequence[Any], new: Sequence[Any]) -> tuple[Run, ...]:
    places = {row: place for place, row in enumerate(rows_of(name, old))}
    found: list[tuple[int, int] | list[msgspec.Raw]] = []
    for row in rows_of(name, new):
        place, last = places.get(row), found[-1] if found else None
        if place is None and isinstance(last, list):
            last.append(msgspec.Raw(row))
        elif place is None:
            found.append([msgspec.Raw(row)])
        elif isinstance(last, tuple) and sum(last) == place:
            found[-1] = (last[0], last[1] + 1)
        else:
            found.append((place, 1))
    return tuple(Run(keep=each) if isinstance(each, tuple) else Run(rows=tuple(each)) for each in found)
