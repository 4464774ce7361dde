"""Large parts on their way in: begun with size and digest, grown piece by piece, then claimed by a package.

An upload belongs to who began it (a gateway at the axis, an agency at its gateway) and to nobody else: knowing a digest
gives nobody the content. Rows are marks of the store, bytes are staged in the object store; both survive a crash.
"""

from collections.abc import AsyncIterable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

import msgspec

from lienthong.delivery.evidence import rejection
from lienthong.delivery.hop import Hop
from lienthong.delivery.model import PartRef
from lienthong.delivery.ports import Transaction, View
from lienthong.errors import (
    Busy,
    InvalidValue,
    LienThongError,
    NotFound,
    PackageTooLarge,
    PartChanged,
    PartMissing,
    StorageFull,
    UploadGone,
    UploadOffset,
)
from lienthong.evidence.manifest import is_digest

_OWNERS = "uploaders"


@dataclass(frozen=True, slots=True)
class Upload:
    """One part on its way in. `sha256` is what its owner says it will have, hex."""

    id: str
    owner: str
    size: int
    sha256: str
    expires_at: datetime
    whole: bool = False


async def begin(hop: Hop, owner: str, size: int, sha256: str) -> tuple[Upload, int]:
    """A new upload, or the one this owner has of the same content; and how much of it is here.

    Raises InvalidValue (digest, size), PackageTooLarge, Busy (too much unfinished), StorageFull.
    """
    if not is_digest(sha256) or size < 0:
        raise InvalidValue(f"sha256, size: {sha256[:80]!r} {size}")
    if size > hop.limits.large_bytes:
        raise PackageTooLarge(f"{size} > {hop.limits.large_bytes}")
    now = hop.clock.now()
    known = await hop.store.read(lambda view: _same(uploads_of(view, owner), size, sha256, now))
    if known is not None and known.expires_at - now < hop.freight.life / 2:
        known = await hop.store.write(partial(_renewed, known, now + hop.freight.life))
    if known is None:
        await _check_room(hop, size)
        fresh = Upload(hop.lots.token(), owner, size, sha256, now + hop.freight.life)
        known = await hop.store.write(partial(_begin, hop, fresh, now))
    return await find(hop, owner, known.id)


async def find(hop: Hop, owner: str, upload_id: str) -> tuple[Upload, int]:
    """An upload and how much of it is here. NotFound (foreign ones too), UploadGone.

    One whose bytes are all here is whole by the time it is answered, or refused as in `receive`: a crash may have
    come between the last piece and its proof.
    """
    now = hop.clock.now()
    found = await hop.store.read(lambda view: _own(view, owner, upload_id))
    if found.expires_at <= now:
        raise UploadGone(upload_id)
    offset = await hop.objects.staged(upload_id)
    if not found.size and not found.whole:
        await hop.objects.append(upload_id, 0, _nothing())
    return (found if found.whole or offset < found.size else await _proved(hop, found)), offset


async def receive(
    hop: Hop, owner: str, upload_id: str, offset: int, pieces: AsyncIterable[bytes]
) -> tuple[Upload, int]:
    """Take the next piece, all or nothing; durable on return. The last one proves the whole, or ends the upload.

    Raises NotFound, UploadGone, UploadOffset, PackageTooLarge (more than was said), PartChanged (other content than
    was said, with a trace in the log), Busy, StorageFull, Unavailable, and what `pieces` raise.
    """
    upload, here = await find(hop, owner, upload_id)
    if offset != here:
        raise UploadOffset(f"{offset} ≠ {here}", offset=str(here))
    if upload.whole:
        async for _ in _bounded(pieces, 0):  # nothing may follow
            pass
        return upload, here
    size = await hop.objects.append(upload_id, offset, _bounded(pieces, upload.size - offset))
    return (upload if size < upload.size else await _proved(hop, upload)), size


async def _proved(hop: Hop, upload: Upload) -> Upload:
    if (digest := await hop.objects.digest(upload.id)) != upload.sha256:
        await _refuse(hop, upload, digest)
    return await hop.store.write(partial(_whole, upload))


async def drop(hop: Hop, owner: str, upload_id: str) -> None:
    """Its owner does not want it any more. NotFound."""
    await hop.store.read(lambda view: _own(view, owner, upload_id))
    await _forget(hop, owner, [upload_id])


async def claim(hop: Hop, owner: str, parts: Sequence[PartRef]) -> Mapping[str, str]:
    """For each part that goes apart the name its bytes are staged under, by digest. PartMissing names what is not."""
    if not parts:
        return {}
    now = hop.clock.now()
    mine = await hop.store.read(partial(_mine, owner))
    names = {(each.sha256, each.size): each.id for each in mine if each.whole and each.expires_at > now}
    if missing := [part.name for part in parts if (part.sha256, part.size) not in names]:
        raise PartMissing(", ".join(missing))
    return {part.sha256: names[part.sha256, part.size] for part in parts}


async def sweep_uploads(hop: Hop) -> int:
    """Drop what expired, finished or not; returns how many. Objects that were made of them stay."""
    now, dropped = hop.clock.now(), 0
    for owner in await hop.store.read(_owners):
        mine = await hop.store.read(partial(_mine, owner))
        if expired := [each.id for each in mine if each.expires_at <= now]:
            await _forget(hop, owner, expired)
            dropped += len(expired)
    return dropped


def uploads_of(view: View, owner: str) -> tuple[Upload, ...]:
    """All uploads of an owner, oldest first."""
    text = view.mark(_mark(owner))
    return msgspec.json.decode(text, type=tuple[Upload, ...]) if text else ()


# ---------------------------------------------------------------- rows


def _mark(owner: str) -> str:
    return f"uploads:{owner}"


def _mine(owner: str, view: View) -> tuple[Upload, ...]:
    return uploads_of(view, owner)


def _owners(view: View) -> tuple[str, ...]:
    text = view.mark(_OWNERS)
    return msgspec.json.decode(text, type=tuple[str, ...]) if text else ()


def _unfinished(view: View) -> list[Upload]:
    return [each for owner in _owners(view) for each in uploads_of(view, owner) if not each.whole]


def _put(tx: Transaction, owner: str, uploads: Iterable[Upload]) -> None:
    rows = tuple(uploads)
    tx.set_mark(_mark(owner), msgspec.json.encode(rows).decode() if rows else "")
    others = [other for other in _owners(tx) if other != owner]
    owners = [*others, owner] if rows else others
    tx.set_mark(_OWNERS, msgspec.json.encode(sorted(owners)).decode())


def _same(uploads: Iterable[Upload], size: int, sha256: str, now: datetime) -> Upload | None:
    live = (each for each in uploads if (each.size, each.sha256) == (size, sha256) and each.expires_at > now)
    return next(live, None)


def _own(view: View, owner: str, upload_id: str) -> Upload:
    for each in uploads_of(view, owner):
        if each.id == upload_id:
            return each
    raise NotFound(upload_id[:80])


def _begin(hop: Hop, fresh: Upload, now: datetime, tx: Transaction) -> Upload:
    mine = uploads_of(tx, fresh.owner)
    if (known := _same(mine, fresh.size, fresh.sha256, now)) is not None:
        return known
    live = [each for each in mine if each.expires_at > now]
    _check_quota(hop, [each for each in live if not each.whole], fresh.size)
    if len(live) >= hop.freight.kept:
        raise Busy(f"{len(live)} tệp tải lên / uploads")
    _put(tx, fresh.owner, [*mine, fresh])
    return fresh


def _check_quota(hop: Hop, unfinished: Sequence[Upload], size: int) -> None:
    if len(unfinished) >= hop.freight.unfinished:
        raise Busy(f"{len(unfinished)} tệp tải lên dở / unfinished uploads")
    total = sum(each.size for each in unfinished) + size
    if unfinished and total > hop.freight.unfinished_bytes:
        raise Busy(f"{total} > {hop.freight.unfinished_bytes}: tải lên dở / unfinished uploads")


def _whole(upload: Upload, tx: Transaction) -> Upload:
    return _changed(replace(upload, whole=True), tx)


def _renewed(upload: Upload, expires_at: datetime, tx: Transaction) -> Upload:
    return _changed(replace(upload, expires_at=expires_at), tx)


def _changed(upload: Upload, tx: Transaction) -> Upload:
    _put(tx, upload.owner, [upload if each.id == upload.id else each for each in uploads_of(tx, upload.owner)])
    return upload


def _without(owner: str, ids: Sequence[str], tx: Transaction) -> None:
    _put(tx, owner, [each for each in uploads_of(tx, owner) if each.id not in ids])


# ---------------------------------------------------------------- bytes


async def _check_room(hop: Hop, size: int) -> None:
    """Refuse before the first byte what would not fit beside what others were promised."""
    promised = 0
    for each in await hop.store.read(_unfinished):
        promised += each.size - await hop.objects.staged(each.id)
    room = await hop.objects.room()
    if size + promised + hop.freight.reserve > room:
        raise StorageFull(f"{size} + {promised} + {hop.freight.reserve} > {room}")


async def _bounded(pieces: AsyncIterable[bytes], left: int) -> AsyncIterable[bytes]:
    async for piece in pieces:
        left -= len(piece)
        if left < 0:
            raise PackageTooLarge("nhiều hơn đã báo / more than Upload-Length")
        yield piece


async def _nothing() -> AsyncIterable[bytes]:
    for piece in tuple[bytes, ...](()):
        yield piece


async def _refuse(hop: Hop, upload: Upload, digest: str) -> None:
    """Other content than was said, perhaps put together of two files: gone, with a trace."""
    error: LienThongError = PartChanged(f"{upload.sha256} ≠ {digest}")
    event = rejection(hop.name, hop.clock.now(), digest, upload.owner, error.code)
    await hop.store.write(lambda tx: tx.record(event))
    await _forget(hop, upload.owner, [upload.id])
    raise error


async def _forget(hop: Hop, owner: str, ids: Sequence[str]) -> None:
    """The row first: bytes without a row are never promised to anybody."""
    await hop.store.write(partial(_without, owner, ids))
    for upload_id in ids:
        await hop.objects.discard(upload_id)
