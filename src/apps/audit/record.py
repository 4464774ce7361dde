"""Appending to the audit: entry, log and signed checkpoint, together with the change they tell of or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from apps.audit.key import key
from apps.audit.models import Entry, Head, Tile
from apps.ui.address import address_of
from lienthong.evidence import Checkpoint, Frontier, TileHash, leaf_hash, sign_checkpoint
from lienthong.evidence.canonical import canonical

FORMAT = "lienthong-audit-entry/1"
SYSTEM = "system"
"""Who acts when no person does: the command line, a job."""
HASH = 32


def record(request: HttpRequest, act: str, subject: str = "", *, outcome: str = "done", **detail: str) -> None:
    """Keep that the person of this request did this, to or for whom, from where; in the transaction of the change.

    `act` is a stable word, `outcome` one of done, refused, failed. Nothing secret and no content belongs in `detail`.
    """
    actor, role = str(getattr(request.user, "username", "")), str(getattr(request.user, "role", ""))
    keep(actor, role, address_of(request), act, subject, outcome, detail)


def record_system(act: str, subject: str = "", *, outcome: str = "done", **detail: str) -> None:
    """The same for what no request did."""
    keep(SYSTEM, "", "", act, subject, outcome, detail)


def keep(actor: str, role: str, address: str, act: str, subject: str, outcome: str, detail: dict[str, str]) -> None:
    """Append one entry; whoever appends waits for the one row `Head`."""
    with transaction.atomic():
        Head.objects.get_or_create(pk=1)
        head = Head.objects.select_for_update().get(pk=1)
        entry = _entry(head.size, timezone.now(), actor, role, address, act, subject, outcome, detail)
        _append(head, entry)


def _entry(
    index: int,
    at: datetime,
    actor: str,
    role: str,
    address: str,
    act: str,
    subject: str,
    outcome: str,
    detail: dict[str, str],
) -> Entry:
    told = {
        "format": FORMAT,
        "index": index,
        "at": at.isoformat(timespec="microseconds"),
        "actor": actor[:100],
        "role": role,
        "address": address[:45],
        "act": act[:60],
        "subject": subject[:200],
        "outcome": outcome,
        "detail": {name: str(value)[:1000] for name, value in detail.items()},
    }
    leaf = canonical(told)
    columns = {name: told[name] for name in ("actor", "role", "address", "act", "subject", "outcome")}
    return Entry(index=index, at=at, leaf=leaf.decode(), hash=leaf_hash(leaf), **columns)


def _append(head: Head, entry: Entry) -> None:
    before = Frontier(head.size, _split(bytes(head.frontier)))
    after, full = before.append([bytes(entry.hash)])
    entry.save(force_insert=True)
    _keep_tiles(full)
    signer = key()
    head.size, head.frontier = after.size, b"".join(after.hashes)
    head.note = sign_checkpoint(Checkpoint(signer.name, after.size, after.root()), signer)
    head.save()


def _keep_tiles(full: Iterable[TileHash]) -> None:
    Tile.objects.bulk_create(Tile(level=tile.level, index=tile.index, hash=tile.hash) for tile in full)


def _split(hashes: bytes) -> tuple[bytes, ...]:
    return tuple(hashes[place : place + HASH] for place in range(0, len(hashes), HASH))
