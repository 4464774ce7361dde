"""What is taken out of the audit: entries with their paths to one signed checkpoint, for `lienthong log audit`."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from typing import Any

from apps.audit.key import key
from apps.audit.models import Entry, Head, Tile
from lienthong.evidence import proof

FORMAT = "lienthong-audit/1"


class Tiles:
    """The log's hashes out of the tables (a `TileReader`)."""

    def hashes(self, level: int, start: int, count: int) -> list[bytes]:
        """hashes[start : start + count] of one level."""
        rows = Tile.objects.filter(level=level) if level else Entry.objects.all()
        found = rows.filter(index__gte=start, index__lt=start + count).order_by("index").values_list("hash", flat=True)
        return [bytes(each) for each in found]


def bundle(entries: Iterable[Entry]) -> dict[str, Any]:
    """The entries with their proofs, the checkpoint they lead to, and the key that signed it (`vkey`)."""
    head, tiles = Head.objects.filter(pk=1).first(), Tiles()
    size = head.size if head else 0
    return {
        "format": FORMAT,
        "checkpoint": head.note if head else "",
        "vkey": str(key().verifier),
        "entries": [
            {"leaf": each.leaf, "index": each.index, "proof": [_b64(step) for step in proof(tiles, each.index, size)]}
            for each in entries
            if each.index < size
        ],
    }


def _b64(data: bytes) -> str:
    return b64encode(data).decode()
